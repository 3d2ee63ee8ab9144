"""The days of a transfer, each on its edge: ten working days a desk, the desk above from the eleventh, the windows of the year."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.models import CaseStep, Term
from app.services.administration import calendars
from app.services.casework import case_pages, inbox
from app.services.casework.cases import Words
from app.services.transfer import transfers
from tests.bureau import wrong
from tests.office import case
from tests.transfer_office import (
    ASKED,
    pupil,
    road,
    set_rule,
)

__all__ = ["road"]


@pytest.mark.parametrize(("arrived", "tenth", "eleventh"), [
    (date(2026, 9, 11), date(2026, 9, 24), date(2026, 9, 28)),  # the make-up Sunday 20 September counts; the 25th is 中秋
    (date(2026, 9, 28), date(2026, 10, 16), date(2026, 10, 19)),  # 国庆 does not count, the make-up Saturday 10 October does
])
def test_tenth_and_eleventh_working_day(road, arrived, tenth, eleventh):
    case_id = road.apply("b1", today=arrived)
    calendar = calendars.calendar(db.session)
    assert case(case_id).due_on == calendar.after(arrived, 10) == tenth
    above = road.county.actor("officer.b")
    with pytest.raises(NotAllowed):
        road.act(case_id, "approve", above, Words(note="代办"), today=tenth)
    road.act(case_id, "approve", above, Words(note="学校逾期未办"), today=eleventh)
    assert (case(case_id).arrived_on, case(case_id).due_on) == (eleventh, calendar.after(eleventh, 10))


def test_a_silent_office_does_not_stop_it(road):
    case_id = road.apply("b1")
    road.go(case_id, until="from_registrar")
    due = case(case_id).due_on
    with pytest.raises(NotAllowed):
        road.act(case_id, "approve", road.county.actor("officer.a"), Words(note="代办"), today=due)
    late = due + timedelta(days=1)
    assert case_id in [one.id for one in inbox.overdue(road.county.actor("officer.a"), late)]
    road.act(case_id, "approve", road.county.actor("officer.a"), Words(note="原学校逾期未办"), today=late)
    road.act(case_id, "approve", today=late)
    due = case(case_id).due_on
    city, late = road.county.actor("officer.city1"), due + timedelta(days=1)
    assert case_pages.find(replace(city, today=due), case_id) is None
    city = replace(city, today=late)
    assert case_pages.find(city, case_id) is not None
    road.act(case_id, "approve", city, Words(note="县局逾期未办"), today=late)  # above the county: its city
    assert case(case_id).state == "effective" and case_pages.find(city, case_id) is not None
    in_place = select(CaseStep.step).where(CaseStep.case_id == case_id, CaseStep.in_place_of).order_by(CaseStep.seq)
    assert list(db.session.scalars(in_place)) == ["from_registrar", "from_county"]


def test_inside_a_county_the_bureau_decides_for_its_schools_and_the_city_for_the_bureau(road):
    """One officer stands in for both schools, desk after desk; what is then her own office's to decide, another of it decides, or the city."""
    case_id = road.apply("a3")
    for step, who in (("to_audit", "officer.a"), ("from_registrar", "officer.a"), ("from_audit", "officer.a"), ("county", "officer.city1")):
        due = case(case_id).due_on
        late, above = due + timedelta(days=1), road.county.actor(who)
        if step == "county":
            with pytest.raises(NotAllowed, match="您已在本件的“转入学校审核”办理过，这一步须由另一人办理"):
                road.act(case_id, "approve", road.county.actor("officer.a"), today=due)
        assert case(case_id).step == step
        with pytest.raises((NotAllowed, NotFound)):
            road.act(case_id, "approve", replace(above, today=due), Words(note="逾期未办"), today=due)
        assert wrong(road.act, case_id, "approve", replace(above, today=late), Words(), today=late) == {"note": "代办须说明理由：原办理单位已超期"}
        road.act(case_id, "approve", replace(above, today=late), Words(note="逾期未办"), today=late)
    assert (case(case_id).state, pupil(road, case(case_id).student_id).school_id) == ("effective", road.county.body("a3"))
    assert list(db.session.scalars(select(CaseStep.step).where(CaseStep.case_id == case_id, CaseStep.in_place_of).order_by(CaseStep.seq))) == [
        "to_audit", "from_registrar", "from_audit", "county"]


@pytest.mark.parametrize(("day", "held"), [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2026, 9, 15), True), (date(2026, 9, 16), False)])
def test_the_windows_first_and_last_day(road, day, held):
    set_rule(road.county.body("b"), '{"transfer_windows": "9月1日—9月15日"}')
    plan = transfers.preview(road.request("b1"), actor=road.county.actor("registrar.b1"), today=day)
    assert [one.level for one in plan.findings if one.check == "window"] == ["pass" if held else "block"]


def test_a_window_of_terms_without_terms_says_so(road):
    set_rule(road.county.body("b"), '{"transfer_windows": "开学前7日—开学后7日"}')
    plan = transfers.preview(road.request("b1"), actor=road.county.actor("registrar.b1"), today=date(2026, 9, 8))
    assert [one.level for one in plan.findings if one.check == "window"] == ["pass"]
    forget_terms(road.county.body("b"))
    assert wrong(road.apply, "b1", today=date(2026, 9, 8))["today"].endswith("请教育局先设置学期")


def forget_terms(county_id):
    from sqlalchemy import delete

    from app.services.transactions import writes

    @writes(traced=False)
    def forget(s):
        s.execute(delete(Term).where(Term.county_id == county_id))

    forget()


def test_outside_the_window_only_as_a_special_case_that_the_bureau_finds(road):
    set_rule(road.county.body("b"), '{"transfer_windows": "3月1日—3月15日"}')
    assert wrong(road.apply, "b1")["special"].startswith("现在不在受理时间内：3月1日—3月15日")
    case_id = road.apply("b1", asked=replace(ASKED, special=True, explanation="父亲调往房县，急需就学"))
    road.act(case_id)
    assert set(wrong(road.act, case_id)) == {"special"}
    road.act(case_id, words=Words(special=True))
    assert case(case_id).step == "from_registrar"
