"""How a transfer ends otherwise: returned and handed in again, refused, withdrawn, cleared by a bureau or on 15 July (M17)."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from app.errors import MovedOn, NotAllowed, NotFound, Refusal
from app.models import Case, Paper, Student, Task
from app.services.casework import case_lists, case_pages, cases, tasks
from app.services.casework.cases import Words
from app.services.transfer import transfers
from app.services.transfer.transfers import Request
from tests.bureau import last_facts
from tests.office import case, count, row
from tests.transfer_office import (
    ASKED,
    DEQING,
    REFUSE,
    RETURN,
    change,
    counts_agree,
    final,
    from_elsewhere,
    heads,
    junior,
    pupil,
    road,
    set_rule,
    waiting,
)

__all__ = ["road"]


WAYS = {"a3": ("to_audit", "from_registrar", "from_audit", "county"), "b1": ("to_audit", "to_county", "from_registrar", "from_audit", "from_county")}
EVERY_DESK = [(school, step) for school, steps in WAYS.items() for step in steps]  # 县内, 省内跨县


@pytest.mark.parametrize(("school", "step"), [("a3", "county"), ("b1", "from_registrar")], ids=["inside the county", "across counties"])
def test_a_return_goes_to_the_applicant_who_hands_in_again_from_the_start(road, school, step):
    case_id = road.apply(school)
    road.go(case_id, until=step)
    road.act(case_id, "return", words=RETURN)
    returned = case(case_id)
    assert (returned.step, returned.seat_body_id, returned.seat_duty) == ("applying", road.county.body(school), "school_registrar")
    assert case_pages.mend_of(case_pages.find(road.county.actor(f"registrar.{school}"), case_id)) == {"items": ["evidence"], "note": RETURN.note, "reason": "02"}

    mended = replace(ASKED, reason="01", explanation="户口已迁入")
    transfers.resubmit(case_id, Request(asked=mended, class_id=returned.class_id), actor=road.county.actor(f"registrar.{school}"), version=returned.version, today=road.today,
                       now=road.now)
    assert (case(case_id).step, case(case_id).mend) == ("to_audit", None)
    assert last_facts("case.resubmitted", road.county.body("a"))["changes"] == {"转学原因": ["家庭住址迁移", "户籍迁移"], "具体情况": ["", "户口已迁入"]}
    road.go(case_id)
    assert case(case_id).state == "effective"


def test_time_that_was_kept_once_stays_kept(road):
    set_rule(road.county.body("b"), '{"transfer_windows": "9月1日—9月15日"}')
    case_id = road.apply("b1", today=date(2026, 9, 15))
    road.act(case_id, "return", words=RETURN, today=date(2026, 9, 16))
    change(Case, case_id, started_at=datetime(2026, 9, 15, 10, 0))
    transfers.resubmit(case_id, Request(asked=ASKED, class_id=case(case_id).class_id), actor=road.county.actor("registrar.b1"), version=case(case_id).version,
                       today=date(2026, 9, 16), now=road.now)
    assert case(case_id).step == "to_audit"


@pytest.mark.parametrize(("school", "step"), EVERY_DESK)
def test_every_desk_may_refuse_with_a_listed_reason_and_all_is_as_before(road, school, step):
    case_id = road.apply(school)
    road.go(case_id, until=step)
    with pytest.raises(Refusal, match="须从列表中选择理由"):
        road.act(case_id, "refuse", words=Words(note="不同意"))
    road.act(case_id, "refuse", words=REFUSE)
    assert (case(case_id).state, pupil(road).school_id, count(Paper), count(Task)) == ("rejected", road.county.body("a1"), 0, 0)
    road.apply("b4", year=2)  # she is free for another


@pytest.mark.parametrize(("school", "step"), EVERY_DESK)
def test_the_applicant_withdraws_until_the_last_step(road, school, step):
    case_id = road.apply(school)
    road.go(case_id, until=step)
    with pytest.raises(NotAllowed, match="申请学校"):
        road.act(case_id, "withdraw", road.county.actor("registrar.a1"))
    holder = road.holder(case_id)
    road.act(case_id, "withdraw", road.county.actor(f"registrar.{school}"))
    assert (case(case_id).state, pupil(road).school_id, count(Paper), count(Task)) == ("withdrawn", road.county.body("a1"), 0, 0)
    with pytest.raises(MovedOn, match="撤销"):
        road.act(case_id, "approve", holder)


@pytest.mark.parametrize(("school", "officer"), [("a3", "officer.a"), ("b1", "officer.a")])
def test_what_has_taken_effect_is_not_withdrawn(road, school, officer):
    case_id = road.apply(school)
    road.go(case_id)
    for action, actor in (("withdraw", f"registrar.{school}"), ("clear", officer)):
        with pytest.raises(MovedOn, match="单维桢（竹山县教育局）在 2026年9月11日 15:20 办理了"):
            road.act(case_id, action, road.county.actor(actor), Words(note="家长来函"))


def test_the_home_schools_county_may_clear_what_holds_its_child(road):
    case_id = road.apply("b1")
    assert case_id in [one.id for one in case_lists.listed(road.county.actor("registrar.a1"))]  # the home school sees who holds her
    with pytest.raises(NotFound):
        road.act(case_id, "clear", road.county.actor("officer.c"))
    road.act(case_id, "clear", road.county.actor("officer.a"), Words(note="原学校请求清理"))
    assert case(case_id).state == "cleared"
    assert [(one.kind, one.title, one.case_id) for one in waiting(road.county.actor("registrar.b1"))] == [("news", "庹思远的转学已清理：原学校请求清理", case_id)]
    assert waiting(road.county.actor("registrar.a1")) == []


@pytest.mark.parametrize(("day", "cleared"), [(date(2027, 7, 14), 0), (date(2027, 7, 15), 1), (date(2027, 8, 10), 1), (date(2027, 8, 11), 0)])
def test_on_15_july_the_open_cases_of_graduating_grades_are_cleared(road, day, cleared):
    case_id, other = road.apply("b1"), road.apply("m1", junior(road), stage="2", year=2)
    road.go(case_id, until="from_registrar")
    final(road)
    assert cases.clear_graduating(today=day, now=road.now) == cleared
    assert (case(case_id).state, case(other).state, pupil(road).school_id) == ("cleared" if cleared else "open", "open", road.county.body("a1"))
    assert cases.clear_graduating(today=day, now=road.now) == 0
    counts_agree()


def test_one_event_tells_of_it_and_the_applicants_desk(road):
    set_rule(road.county.body("a"), '{"release_instruction": "是"}')
    case_id = road.apply("b1")
    road.go(case_id, until="draw")
    final(road)
    day = datetime(2027, 7, 15, 0, 10)
    cases.clear_graduating(today=day.date(), now=day)
    note = "六年级是毕业年级，自7月15日起在办业务一律清理（教育部 教基司厅函〔2017〕23号）；毕业以后由升入的学校办理"
    for key in ("a", "b"):
        told = last_facts("case.acted", road.county.body(key))
        assert (told["action"], told["note"], told["effects"]) == ("clear", note, {"paper": "竹转字〔2026〕第00001号"})
    assert (row(Paper, Paper.case_id == case_id).state, row(Task, Task.case_id == case_id, Task.kind == "receipt").state) == ("voided", "void")
    clerk = road.county.actor("registrar.b1")
    (news,) = waiting(clerk)
    assert (news.title, news.case_id, waiting(road.county.actor("registrar.a1"))) == (f"庹思远的转学已清理：{note}", case_id, [])
    with pytest.raises(NotFound):
        tasks.seen(news.id, actor=road.county.actor("registrar.b4"), now=day)
    assert tasks.seen(news.id, actor=clerk, now=day) == case_id and waiting(clerk) == []


def test_a_child_from_elsewhere_who_was_to_join_a_graduating_grade_gives_back_what_was_held(road):
    set_rule(road.county.body("a"), '{"graduating_bar": "否", "first_term_bar": "否"}')
    class_id = road.county.class_("a1", year=6)
    before = heads(class_id)
    case_id = road.hand_in("a1", Request(asked=ASKED, record=from_elsewhere(), class_id=class_id, outside=replace(DEQING, advanced_to=6)))
    assert cases.clear_graduating(today=date(2027, 7, 15), now=road.now) == 1
    child = row(Student, Student.id == case(case_id).student_id)
    assert (case(case_id).state, child.lifecycle, heads(class_id)) == ("cleared", "cleared", before)
    counts_agree()
