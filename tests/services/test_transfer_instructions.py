"""允许转学指令 (workflows 21): drawn, taken back, lapsed; its certificate comes before the draw."""

from datetime import date, datetime, timedelta

import pytest

from app.errors import MovedOn, NotAllowed, Refusal
from app.models import Paper, Student, Task
from app.services.casework import case_pages, cases
from app.services.casework.cases import Words
from app.services.paperwork import papers
from tests.bureau import last_facts, wrong
from tests.office import case, count, row
from tests.transfer_office import REFUSE, counts_agree, heads, instructed, junior, limit, pupil, road, route, set_rule, waiting

__all__ = ["instructed", "road"]


def test_the_instruction_has_its_certificate_and_the_draw_finishes(road, instructed):
    waiting = case(instructed)
    paper = row(Paper, Paper.case_id == instructed)
    assert (waiting.step, waiting.seat_body_id, waiting.seat_duty, waiting.due_on) == ("draw", road.county.body("b1"), "school_registrar", date(2026, 12, 10))
    assert (paper.state, pupil(road).school_id) == ("valid", road.county.body("a1"))
    assert last_facts("case.acted", road.county.body("a"))["effects"] == {"paper": paper.number}
    road.act(instructed, "draw", today=date(2026, 12, 10))  # the ninetieth day
    assert (case(instructed).state, count(Paper, Paper.case_id == instructed)) == ("effective", 1)
    assert row(Student, Student.id == waiting.student_id).school_id == road.county.body("b1")


def test_a_certificate_that_ran_out_before_the_draw_is_issued_anew_by_the_old_school(road):
    """With an instruction the paper comes before the draw (DECIDED 17): 3 months may be shorter than the instruction's time."""
    set_rule(road.county.body("a"), '{"release_instruction": "是", "transfer_papers_valid": "1个月"}')
    case_id = road.apply("b1")
    road.go(case_id, until="draw")
    paper, clerk = row(Paper, Paper.case_id == case_id), road.county.actor("registrar.a1")
    last, late = date(2026, 10, 11), datetime(2026, 10, 12, 9, 0)
    assert paper.expires_on == last
    with pytest.raises(Refusal, match="转学证明竹转字〔2026〕第00001号已在2026年10月11日过期，不能再凭它调档。请原学校补发转学证明"):
        road.act(case_id, "draw", today=late.date())
    assert case(case_id).step == "draw"
    new = papers.reissue(paper.id, "逾期未调档", actor=clerk, now=late)
    again = row(Paper, Paper.id == new)
    assert (again.number, again.issued_on, again.expires_on, papers.facts_of(again)["issued_on"]) == ("补　竹转字〔2026〕第00001号", late.date(), date(2026, 11, 12), "2026-10-12")
    assert row(Task, Task.case_id == case_id).due_on == again.expires_on
    road.act(case_id, "draw", today=again.expires_on)
    assert (case(case_id).state, count(Paper, Paper.case_id == case_id)) == ("effective", 2)
    with pytest.raises(Refusal, match="到期，不再补发，学生已经转入，所欠的只是回执，请登记回执"):  # once she is there it is her receipt alone that is owed
        papers.reissue(new, "遗失", actor=clerk, now=datetime(2026, 11, 13, 9, 0))


def test_a_class_that_filled_up_before_the_draw_is_changed_for_another_of_the_grade(road):
    """The whole way has been gone: it is not gone again for a class."""
    set_rule(road.county.body("a"), '{"release_instruction": "是"}')
    case_id = road.apply("b1", "rare.ext-e", year=3)
    road.go(case_id, until="draw")
    child, first, other = case(case_id).student_id, road.county.class_("b1", year=3), road.county.class_("b1", year=3, number=2)
    limit(first, heads(first)[0])
    assert wrong(road.act, case_id, "draw")["to_class"].endswith("没有学位。请改选其他班，或由教育局调整班额")
    assert wrong(road.act, case_id, "draw", words=Words(class_id=road.county.class_("b1", year=4)))["class_id"].startswith("现读三年级，拟入四年级：转学不得改变年级")
    assert wrong(road.act, case_id, "draw", words=Words(class_id=road.county.class_("b4", year=3))) == {"class_id": "请选择本校在用的班级"}
    assert case(case_id).class_id == first
    road.act(case_id, "draw", words=Words(class_id=other))
    assert (case(case_id).state, pupil(road, child).class_id, case(case_id).class_id) == ("effective", other, other)
    assert last_facts("case.acted", road.county.body("b"))["effects"]["to"] == "房县北城小学 三年级2班"
    counts_agree()


def test_on_its_last_day_a_certificate_still_serves_the_draw(road):
    set_rule(road.county.body("a"), '{"release_instruction": "是", "transfer_papers_valid": "1个月"}')
    case_id = road.apply("b1")
    road.go(case_id, until="draw")
    road.act(case_id, "draw", today=date(2026, 10, 11))
    assert case(case_id).state == "effective"


def test_an_instruction_that_nobody_draws_lapses_after_its_ninetieth_day(road, instructed):
    assert cases.lapse_due(today=date(2026, 12, 10), now=road.now) == 0
    assert cases.lapse_due(today=date(2026, 12, 11), now=road.now) == 1
    assert (case(instructed).state, row(Paper, Paper.case_id == instructed).state, row(Task, Task.case_id == instructed, Task.kind == "receipt").state) == ("lapsed", "voided", "void")
    assert [one.title for one in waiting(road.county.actor("registrar.b1"))] == ["庹思远的转学已失效：期限到2026年12月10日为止，没有办理"]
    assert road.way(instructed)[-1] == ("draw", "系统", "lapse")
    assert pupil(road).school_id == road.county.body("a1")
    assert cases.lapse_due(today=date(2026, 12, 12), now=road.now) == 0
    counts_agree()


@pytest.mark.parametrize(("action", "state", "school"), [("draw", "effective", "m1"), ("lapse", "lapsed", "a2"), ("take_back", "rejected", "a2")])
def test_inside_a_county_too_where_its_two_schools_have_two_bureaus(road, action, state, school):
    """m1 lies in the county and is the city's: the county lets its pupil go, and the city's school draws her record."""
    set_rule(road.county.body("a"), '{"release_instruction": "是"}')
    case_id = road.apply("m1", junior(road), stage="2", year=2)
    assert route(case_id) == ["to_audit", "to_county", "from_registrar", "from_audit", "from_county", "draw"]
    road.go(case_id, until="draw")
    match action:
        case "lapse":
            assert cases.lapse_due(today=case(case_id).due_on + timedelta(days=1), now=road.now) == 1
        case "take_back":
            road.act(case_id, action, road.county.actor("officer.a"), REFUSE)
        case _:
            road.act(case_id, action)
    assert (case(case_id).state, pupil(road, case(case_id).student_id).school_id) == (state, road.county.body(school))
    counts_agree()


def test_on_the_ninety_first_day_it_is_not_drawn_even_before_the_clock_has_ended_it(road, instructed):
    late, clerk = date(2026, 12, 11), road.county.actor("registrar.b1")
    with pytest.raises(Refusal, match="期限到2026年12月10日为止，已经过期，不能再办。学生仍在原学校；还要转学的，请重新申请"):
        road.act(instructed, "draw", today=late)
    seen = case_pages.find(clerk, instructed)
    assert (list(case_pages.offered(clerk, seen, date(2026, 12, 10))), case_pages.offered(clerk, seen, late)) == (["draw"], {})
    assert (case(instructed).state, pupil(road).school_id) == ("open", road.county.body("a1"))


def test_an_instruction_is_taken_back_by_who_gave_it_until_it_is_drawn(road, instructed):
    for stranger in ("officer.b", "head.a1"):
        with pytest.raises(NotAllowed, match="只能由签发它的"):
            road.act(instructed, "take_back", road.county.actor(stranger), REFUSE)
    with pytest.raises(Refusal, match="理由"):
        road.act(instructed, "take_back", road.county.actor("officer.a"))
    road.act(instructed, "take_back", road.county.actor("officer2.a"), REFUSE)
    assert (case(instructed).state, row(Paper, Paper.case_id == instructed).state) == ("rejected", "voided")
    assert [one.title for one in waiting(road.county.actor("registrar.b1"))] == [f"庹思远的转学不予办理：{REFUSE.note}"]
    with pytest.raises(MovedOn):
        road.act(instructed, "draw", road.county.actor("registrar.b1"))


def test_nobody_lapses_a_case_by_hand(road, instructed):
    with pytest.raises(NotAllowed, match="由系统办理"):
        road.act(instructed, "lapse", road.county.actor("officer.a"), Words(note="到期"))
