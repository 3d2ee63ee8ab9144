"""转学 where one side is not in this house (DECIDED 1): from another province, to one, or to a county that has a house of its own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.models import Body, CaseStep, Paper, PersonNumber, Student
from app.services.casework.cases import Words
from app.services.paperwork import papers
from app.services.pupils import records
from app.services.transfer import transfers
from app.services.transfer.transfers import Request
from tests.bureau import wrong
from tests.cast import new_pupil
from tests.office import case, count, row
from tests.transfer_office import (
    ANSWER,
    ASKED,
    DEQING,
    RETURN,
    YUNXI,
    change,
    counts_agree,
    from_elsewhere,
    heads,
    limit,
    pupil,
    road,
    route,
    set_rule,
    spells,
    waiting,
)

__all__ = ["road"]


def test_a_child_from_elsewhere_keeps_the_number_she_was_given(road):
    record, class_id = from_elsewhere(), road.county.class_("a1", year=2)
    before = heads(class_id)[0]
    case_id = road.hand_in("a1", Request(asked=ASKED, record=record, class_id=class_id, outside=DEQING))
    child = row(Student, Student.id == case(case_id).student_id)
    assert (route(case_id), child.lifecycle, heads(class_id)) == (["to_audit", "to_county", "far"], "pending", [before + 1])
    road.go(case_id, until="far")
    waiting = case(case_id)
    assert (waiting.seat_body_id, waiting.seat_duty) == (road.county.body("a"), "county_officer")  # the last seat of ours records the answer
    assert set(wrong(road.act, case_id, "agree", words=Words(answered_on=road.today + timedelta(days=1)))) == {"answered_on", "paper"}
    road.act(case_id, "agree")

    child = row(Student, Student.id == child.id)
    assert (case(case_id).state, child.lifecycle, child.status, records.open_student(child)["national_no"], child.national_no_local) == (
        "effective", "live", "01", record["national_no"], False)
    assert (spells(child.id), heads(class_id), count(Paper, Paper.case_id == case_id)) == ([("a1", "open", "13", "", road.today, None)], [before + 1], 0)
    answer = row(CaseStep, CaseStep.case_id == case_id, CaseStep.step == "far")
    assert (answer.answered_on, answer.paper) == (ANSWER["answered_on"], ANSWER["paper"])
    counts_agree()


@pytest.mark.parametrize(("action", "who", "state"), [("disagree", "officer.a", "rejected"), ("withdraw", "registrar.a1", "withdrawn"), ("clear", "officer.a", "cleared")])
def test_a_child_from_elsewhere_who_does_not_come_gives_back_what_was_held(road, action, who, state):
    record, class_id = from_elsewhere(), road.county.class_("a1", year=2)
    before = heads(class_id)
    case_id = road.hand_in("a1", Request(asked=ASKED, record=record, class_id=class_id, outside=DEQING))
    road.go(case_id, until="far")
    road.act(case_id, action, road.county.actor(who), Words(reason="03", note="原学校不同意", **ANSWER))
    child = row(Student, Student.id == case(case_id).student_id)
    assert (case(case_id).state, child.lifecycle, child.status, heads(class_id), count(PersonNumber, PersonNumber.student_id == child.id)) == (state, "cleared", "94", before, 0)
    counts_agree()


def test_a_child_from_elsewhere_without_her_number_is_not_taken(road):
    asked = Request(asked=ASKED, record=new_pupil(1), class_id=road.county.class_("a1", year=2), outside=DEQING)
    assert wrong(road.hand_in, "a1", asked) == {"national_no": "请填写原学校的学籍号：转学不另给号"}
    known = pupil(road)
    taken = from_elsewhere(national_no=records.open_student(known)["national_no"])
    assert wrong(road.hand_in, "a1", replace(asked, record=taken)) == {"national_no": "系统中已有这个学籍号。请先查找学生，再申请转学"}
    assert set(wrong(road.hand_in, "a1", replace(asked, record=from_elsewhere(), outside=replace(DEQING, advanced_to=3)))) == {"to_class"}


def test_mending_a_child_from_elsewhere_changes_her_record_and_her_class(road):
    record, one, two = from_elsewhere(), road.county.class_("a1", year=3), road.county.class_("a1", year=3, number=2)
    outside = replace(DEQING, advanced_to=3)
    case_id = road.hand_in("a1", Request(asked=ASKED, record=record, class_id=one, outside=outside))
    road.act(case_id, "return", words=RETURN)
    before = heads(one, two)
    limit(one, before[0])
    mended = record | {"current_address": "湖北省十堰市竹山县城关镇滨河路22号"}
    for class_id in (one, two):  # her own full class still has her place
        transfers.resubmit(case_id, Request(asked=ASKED, record=mended, class_id=class_id, outside=outside), actor=road.county.actor("registrar.a1"),
                           version=case(case_id).version, today=road.today, now=road.now)
        road.act(case_id, "return", words=RETURN)
    assert (heads(one, two), row(Student, Student.id == case(case_id).student_id).current_address) == ([before[0] - 1, before[1] + 1], mended["current_address"])
    counts_agree()


def test_a_pupil_who_goes_to_a_county_that_is_not_here_is_answered_for_before_ours_decide(road):
    """郧西 lies in the same province: 省内跨县, and its bureau answers by letter (DECIDED 1)."""
    child, class_id = pupil(road), road.county.class_("a1", year=2)
    before = heads(class_id)[0]
    case_id = road.hand_in("a1", Request(asked=ASKED, student_id=child.id, outside=YUNXI))
    assert (case(case_id).kind, route(case_id)) == ("transfer", ["to_outside", "from_audit", "from_county"])
    assert road.holder(case_id).username == "registrar.a1"
    road.go(case_id)
    gone = row(Student, Student.id == child.id)
    assert (gone.lifecycle, gone.status, gone.school_id, gone.county_id, heads(class_id)) == ("left", "10", child.school_id, child.county_id, [before - 1])
    assert spells(child.id) == [("a1", "closed", "11", "27", date(2025, 9, 1), road.today)]
    facts = papers.facts_of(row(Paper, Paper.case_id == case_id))
    assert (facts["to_school_full"], facts["to_office"]["name"], facts["to_office"]["officer"]) == ("湖北省十堰市郧西县城关镇第一小学", "郧西县教育局", None)
    assert [one.title for one in waiting(road.county.actor("registrar.a1"))] == [f"庹思远的转学证明回执（{facts['number']}）"]
    counts_agree()


def test_she_comes_back_to_her_own_record(road):
    child = pupil(road)
    road.go(road.hand_in("a1", Request(asked=ASKED, student_id=child.id, outside=DEQING)))
    request = road.request("b1", child.id, outside=DEQING)
    assert set(wrong(road.hand_in, "b1", replace(request, outside=None))) == {"outside_school"}
    case_id = road.hand_in("b1", request)
    assert route(case_id) == ["to_audit", "to_county", "far"]
    road.go(case_id)
    back = row(Student, Student.id == child.id)
    assert (back.lifecycle, back.status, back.county_id, back.national_no_index) == ("live", "01", road.county.body("b"), child.national_no_index)
    assert [spell[:4] for spell in spells(child.id)] == [("a1", "closed", "11", "27"), ("b1", "open", "13", "")]
    counts_agree()


@pytest.mark.parametrize(("day", "told"), [
    (date(2027, 1, 20), {"student": "一年级第一学期（到2027年1月20日）不能转学。请在第一学期结束以后申请"}), (date(2027, 1, 21), None)])
def test_a_first_grader_from_elsewhere_comes_after_her_first_term(road, day, told):
    """Her grade was entered when that of her new class was, of which the terms are known."""
    record = from_elsewhere()
    asked = Request(asked=ASKED, record=record, class_id=road.county.class_("a1", year=1), outside=replace(DEQING, advanced_to=1))
    if told:
        assert wrong(road.hand_in, "a1", asked, today=day) == told
    else:
        assert case(road.hand_in("a1", asked, today=day)).step == "to_audit"


def test_a_bureau_that_is_not_in_this_house_is_an_outside_seat_even_where_its_school_is_known(road):
    """An office with one county alone does cross-county transfers (DECIDED 1)."""
    for key in ("b", "b1", "b2", "b3", "b4"):
        change(Body, road.county.body(key), here=False)
    case_id = road.hand_in("a1", Request(asked=ASKED, student_id=pupil(road).id, to_school_id=road.county.body("b1")))
    assert (route(case_id), case(case_id).to_school_id) == (["to_outside", "from_audit", "from_county"], None)
    road.go(case_id)
    assert pupil(road, case(case_id).student_id).lifecycle == "left"


def test_a_city_that_is_not_in_this_house_is_answered_for_by_the_county_before_it(road):
    set_rule(road.county.body("d"), '{"province_steps": "是"}')
    change(Body, road.county.body("province"), here=False)
    case_id = road.apply("d1")
    assert route(case_id) == ["to_audit", "to_county", "to_province", "from_registrar", "from_audit", "from_county", "far"]
    road.go(case_id, until="far")
    assert road.holder(case_id).username == "officer.a"
    road.act(case_id, "agree")
    assert case(case_id).state == "effective"
