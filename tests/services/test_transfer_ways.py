"""The ways of a transfer: inside a county, by a city's school, releasing school first, by city or province; whose rules decide what."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.errors import NotAllowed, Refusal
from app.extensions import db
from app.models import Event, Paper, SearchKey, Student
from app.services.administration import calendars, policies
from app.services.casework.cases import Words
from app.services.paperwork import papers
from app.services.transfer.transfers import Request
from tests.bureau import wrong
from tests.office import case, row
from tests.transfer_office import (
    ASKED,
    counts_agree,
    junior,
    pupil,
    road,
    route,
    set_rule,
)

__all__ = ["road"]


def test_inside_a_county_three_offices_and_no_search_row_of_another(road):
    case_id = road.apply("a3")
    road.go(case_id)
    assert [step for step, _, _ in road.way(case_id)] == ["applying", "to_audit", "from_registrar", "from_audit", "county"]
    assert set(db.session.execute(select(SearchKey.county_id, SearchKey.school_id, SearchKey.present).where(
        SearchKey.student_id == case(case_id).student_id)).all()) == {(road.county.body("a"), road.county.body("a3"), True)}
    counts_agree()


def test_a_school_of_the_city_has_the_citys_desk(road):
    case_id = road.apply("m1", junior(road), stage="2", year=2)
    road.go(case_id)
    assert [(step, name) for step, name, _ in road.way(case_id)][2] == ("to_county", *road.names("officer.city1"))
    assert case(case_id).state == "effective"


def test_releasing_school_first_where_the_rules_say_so(road):
    set_rule(road.county.body("a"), '{"start_by": "转出学校"}')
    with pytest.raises(NotAllowed, match="由转出学校发起"):
        road.apply("a3")
    child = pupil(road)
    asked = Request(asked=ASKED, student_id=child.id, to_school_id=road.county.body("a3"))
    case_id = road.hand_in("a1", asked)
    assert route(case_id) == ["from_audit", "to_registrar", "to_audit", "county"]
    road.act(case_id)
    with pytest.raises(Refusal, match="请选择学生编入的班级"):
        road.act(case_id)
    wrong_grade = road.county.class_("a3", year=3)
    assert "转学不得改变年级" in wrong(road.act, case_id, words=Words(class_id=wrong_grade))["class_id"]
    road.act(case_id, words=Words(class_id=road.county.class_("a3", year=2)))
    road.go(case_id)
    assert pupil(road, child.id).class_id == road.county.class_("a3", year=2)
    assert papers.facts_of(row(Paper, Paper.case_id == case_id))["first"] == "releasing"  # whose opinions stand in the upper row


def test_receiving_school_first_is_the_rule_else(road):
    with pytest.raises(NotAllowed, match="由转入学校发起"):
        road.hand_in("a1", Request(asked=ASKED, student_id=pupil(road).id, to_school_id=road.county.body("a3")))


def test_senior_pupils_go_through_the_city_once_where_both_lie_in_it(road):

    for city in ("city1", "city2"):
        policies.set_policy(road.county.body(city), "national2025", {"city_steps_senior": "是"}, from_on=road.today, actor=road.county.actor("sysadmin"),
                            today=road.today, now=road.now)
    child = db.session.execute(select(Student.id).where(Student.class_id == road.county.class_("a4", stage="3", year=2))).scalars().first()
    case_id = road.apply("b3", child, stage="3", year=2)
    assert route(case_id) == ["to_audit", "to_county", "from_registrar", "from_audit", "from_county", "city"]
    road.go(case_id)
    assert road.way(case_id)[-1][:2] == ("city", *road.names("officer.city1"))
    assert len(db.session.scalars(select(Event.id).where(Event.name == "case.acted", Event.chain_id == 0)).all()) == 1  # the city's act is on the house's chain too


def test_senior_pupils_between_two_cities_go_through_both_of_them(road):
    """The lowest bureau above both schools is the province: its rules say so."""
    policies.set_policy(road.county.body("province"), "national2025", {"city_steps_senior": "是"}, from_on=road.today, actor=road.county.actor("sysadmin"), today=road.today,
                        now=road.now)
    child = db.session.execute(select(Student.id).where(Student.class_id == road.county.class_("a4", stage="3", year=2))).scalars().first()
    case_id = road.apply("c3", child, stage="3", year=2)
    assert route(case_id) == ["to_audit", "to_county", "to_city", "from_registrar", "from_audit", "from_county", "from_city"]
    road.go(case_id)
    taken = {step: name for step, name, _ in road.way(case_id)}
    assert [taken["to_city"], taken["from_city"]] == road.names("officer.city2", "officer.city1")
    assert (case(case_id).state, pupil(road, child).school_id) == ("effective", road.county.body("c3"))
    assert route(road.apply("c1")) == ["to_audit", "to_county", "from_registrar", "from_audit", "from_county"]  # of primary pupils no city is asked


def test_across_provinces_the_provinces_by_policy(road):
    set_rule(road.county.body("d"), '{"province_steps": "是"}')
    case_id = road.apply("d1")
    assert route(case_id) == ["to_audit", "to_county", "to_province", "from_registrar", "from_audit", "from_county", "from_province"]
    road.go(case_id)
    assert pupil(road, case(case_id).student_id).county_id == road.county.body("d")


def test_whose_rules_decide_what(road):
    """Days: the seat's own county; class: the receiving one; instruction: the releasing one (DECIDED 3)."""
    set_rule(road.county.body("a"), '{"step_days_school": "5个工作日", "class_limit_primary": "1"}')
    set_rule(road.county.body("b"), '{"step_days_county": "3个工作日", "release_instruction": "是"}')
    case_id = road.apply("b1")
    calendar, due = calendars.calendar(db.session), []
    while case(case_id).state == "open":
        due.append((case(case_id).step, case(case_id).due_on))
        road.act(case_id)
    assert due == [(step, calendar.after(road.today, days)) for step, days in (
        ("to_audit", 10), ("to_county", 3), ("from_registrar", 5), ("from_audit", 5), ("from_county", 10))]


def test_rules_are_those_of_the_day_it_began(road):
    case_id = road.apply("b1")
    made = case(case_id)
    assert (made.policy_id, made.to_policy_id is not None, made.from_policy_id is not None) == (made.to_policy_id, True, True)
    road.go(case_id, until="from_registrar")
    assert case(case_id).policy_id == made.from_policy_id


def test_one_person_does_not_decide_for_two_desks(road):
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    officer_b, officer_a = road.county.actor("officer.b"), road.county.actor("officer.a")
    both = replace(officer_a, account_id=officer_b.account_id, name=officer_b.name)
    with pytest.raises(NotAllowed, match="您已在本件的“转入主管部门核办”办理过"):
        road.act(case_id, "approve", both)
