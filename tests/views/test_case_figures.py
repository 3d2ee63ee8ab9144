"""业务统计: every kind of the table with how many were begun and how they stand, as each body counts them."""

from datetime import datetime

import pytest

from app.models import Case
from app.workflow.flows import FLOWS, STATES
from tests.office import case
from tests.pages import hooks
from tests.services.test_status_changes import ILL, School
from tests.transfer_office import change


@pytest.fixture
def school(county, today):
    return School(county, today)


def told(person, address="/cases/figures", **wanted):
    """{kind: [提交, 办理中, 其中超期, 已生效, …]} of the kinds that have any, but for the new pupils whom the county was settled with; the last row is the sum."""
    rows = {row["data-kind"]: [int(cell.get_text().split()[0]) for cell in row.select("td")] for row in hooks(person.get(address), "kind-row")}
    assert list(rows) == [*FLOWS, ""]
    assert rows[""] == [sum(column) for column in zip(*(numbers for kind, numbers in rows.items() if kind), strict=True)]
    return {kind: numbers for kind, numbers in rows.items() if any(numbers) and kind not in ("", "enrolment")}


def test_what_was_begun_is_counted_by_kind_and_state_for_each_body(sign_in, county, school):
    assert told(sign_in("officer.a")) == {}
    school.through("suspension", ILL)
    open_case = school.ask("suspension", ILL | {"guardian": "庹建国"}, pupil="twin.2")
    two = [2, 1, 0, 1, *[0] * (len(STATES) - 2)]
    for who in ("registrar.a1", "head.a1", "officer.a", "officer.city1", "officer.province"):
        assert told(sign_in(who)) == {"suspension": two}, who
    for who in ("registrar.a2", "officer.b", "officer.city2", "township.a.t1"):
        assert told(sign_in(who)) == {}, who
    assert case(open_case).state == "open"


def test_the_numbers_lead_to_the_cases_where_they_may_be_seen(sign_in, county, school):
    school.through("suspension", ILL)
    page = sign_in("officer.a").get("/cases").click("业务统计")
    done = page.click("件，休学<")
    assert [one.get_text() for one in hooks(done, "state")] == ["已生效"]
    assert not sign_in("officer.city1").get("/cases/figures").html.select('[data-hook="kind-row"] a')


def test_the_list_behind_a_number_holds_as_many(sign_in, county, school):
    now, before = school.through("suspension", ILL), school.through("suspension", ILL | {"guardian": "庹建国"}, pupil="twin.2")
    change(Case, before, started_at=datetime(2026, 8, 20, 9))
    for who in ("registrar.a1", "officer.a"):
        for month, cases in (("2026-09", [now]), ("2026-08", [before]), ("2025", [before]), ("2026", [now])):
            shown = sign_in(who).get(f"/cases/figures?period={month}")
            assert told(sign_in(who), f"/cases/figures?period={month}")["suspension"][3] == len(cases)
            listed = shown.click("件，休学<")
            assert [int(row["data-id"]) for row in hooks(listed, "case-row")] == cases, (who, month)
            assert [chip.get_text(strip=True) for chip in listed.html.select(".chips a")][-1].endswith("提交")


def test_by_school_and_by_period_and_overdue(sign_in, county, school, monkeypatch):
    school.ask("suspension", ILL)
    officer = sign_in("officer.a")
    assert told(officer, f"/cases/figures?school={county.body('a2')}") == {}
    assert set(told(officer, f"/cases/figures?school={county.body('a1')}")) == {"suspension"}
    assert set(told(officer, "/cases/figures?period=2026-09")) == {"suspension"} and told(officer, "/cases/figures?period=2025") == {}
    officer.get(f"/cases/figures?school={county.body('b1')}", status=404)
    monkeypatch.setenv("DEMO_TODAY", "2026-10-30")
    assert told(sign_in("officer.a"))["suspension"][:3] == [1, 1, 1]
