"""Addresses that no page of ours holds: a number too long for an id finds nothing, and breaks nothing."""

import pytest

LONG = "9" * 30
ADDRESSES = {
    "officer.a": (f"/cases/new/merge?problem={LONG}", f"/cases/new/merge?student={LONG}", f"/cases?school={LONG}", f"/cases?before={LONG}", f"/students?school={LONG}&grade={LONG}", f"/quotas?county={LONG}", f"/registers?school={LONG}&term={LONG}",
                  f"/balances?school={LONG}&period={LONG}"),
    "registrar.a1": (f"/enrolments/new?after={LONG}", f"/imports?after={LONG}", f"/students?after={LONG}&class={LONG}", f"/documents?after={LONG}", f"/classes?school={LONG}", f"/photos?after={LONG}&class={LONG}",
                     f"/suggestions?state=ended&after={LONG}", f"/absences?state=ended&after={LONG}", f"/absences/new?student={LONG}", f"/absences/new?class={LONG}", "/dropouts?month=9999-99"),
    "head.a1": (f"/cases/batch?kind=enrolment&step=school_audit&class_id={LONG}", f"/cases/batch?kind=suspension&step=school_audit&school_id={LONG}"),
    "security": (f"/posts?after={LONG}", f"/posts/new?account={LONG}&duty=class_teacher&body=a1&class_id={LONG}"),
    "sysadmin": (f"/organisations?in={LONG}", f"/organisations/new?tier=school&in={LONG}"),
    "auditor": (f"/audit?actor={LONG}", f"/audit?pupil={'9' * 5000}", f"/audit?after={LONG}"),
}


@pytest.mark.parametrize("username", ADDRESSES)
def test_a_number_too_long_for_an_id_is_nobodys(sign_in, username):
    person = sign_in(username)
    answers = {address[:60]: person.get(address, expect_errors=True).status_int for address in ADDRESSES[username]}
    assert set(answers.values()) <= {200, 404}, answers
