"""Section 9: what holds for graduating grades before graduation itself."""

from datetime import date

import pytest

from app.policies.values import YearDay, in_season, is_open
from app.workflow import change_checks, checks
from app.workflow.change_checks import ChangeFacts
from app.workflow.changes import STATUS_CHANGES
from tests.regulation.facts import CALENDAR, NATIONAL, NINTH, TERMS, THIRD, change, level


def test_graduation_is_done_by_30_july_and_promotion_on_10_august():
    assert (NATIONAL.graduation_by, NATIONAL.promotion_on) == (YearDay(7, 30), YearDay(8, 10))


@pytest.mark.parametrize(("today", "told"), [(date(2027, 6, 30), None), (date(2027, 7, 1), "block")])
@pytest.mark.parametrize("kind", [kind for kind, one in STATUS_CHANGES.items() if not one.any_time and "2" in one.stages and kind not in ("suspension",)])
def test_no_new_business_of_any_kind_for_graduating_grades_from_1_july(kind, today, told):
    """A suspension has a rule of its own beside it."""
    status = STATUS_CHANGES[kind].statuses[0]
    found = [one for one in _checked(kind, today, NINTH, status) if one.check == "graduating"]
    assert (found[0].level if found else None) == told
    assert not [one for one in _checked(kind, today, THIRD, status) if one.check == "graduating"]


def _checked(kind, today, cohort, status):
    return change_checks.check_graduating_stop(ChangeFacts(change=STATUS_CHANGES[kind], answers={}, today=today, rules=NATIONAL, calendar=CALENDAR, terms=TERMS, cohort=cohort,
                                                           status=status, status_title=""))


@pytest.mark.parametrize(("today", "final", "told"), [(date(2027, 6, 30), True, None), (date(2027, 7, 1), True, "block"), (date(2027, 7, 1), False, None)])
def test_nor_a_record_made_later_for_one(today, final, told):
    facts = checks.EnrolmentFacts({}, [], NATIONAL, "1", 2021, today, "六年级1班", advanced_to=6, final=final)
    assert level(checks.check_graduating(facts), "graduating") == told


def test_but_death():
    assert level(change("death", {"reason": "40", "effective_on": date(2027, 7, 3)}, today=date(2027, 7, 4), cohort=NINTH), "graduating") is None


@pytest.mark.parametrize(("today", "told"), [(date(2027, 7, 14), False), (date(2027, 7, 15), True), (date(2027, 8, 10), True), (date(2027, 8, 11), False)])
def test_what_is_open_of_graduating_grades_on_15_july_is_cleared(today, told):
    assert in_season(today, NATIONAL.graduating_clear, NATIONAL.promotion_on) is told


@pytest.mark.parametrize(("today", "told"), [
    (date(2026, 8, 14), False), (date(2026, 8, 15), True), (date(2026, 12, 14), True), (date(2026, 12, 15), False),
    (date(2027, 2, 28), False), (date(2027, 3, 1), True), (date(2027, 5, 31), True), (date(2027, 6, 1), False),
])
def test_moving_up_to_another_province_is_open_from_15_august_to_14_december_and_from_1_march_to_31_may(today, told):
    assert is_open(NATIONAL.moving_up_windows, today, TERMS, CALENDAR) is told
