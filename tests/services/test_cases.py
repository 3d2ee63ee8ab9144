"""Deciding cases: who may, who was first, what a return says, what happens when the time is over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, NotFound, Refusal
from app.extensions import db
from app.models import Case, CaseStep, Grade, Student
from app.services.administration import calendars, policies
from app.services.casework import case_pages, cases, inbox, tasks
from app.services.casework.cases import Words
from app.services.intake import enrolments
from tests.bureau import last_facts
from tests.cast import new_pupil
from tests.office import a, case, row
from tests.pages import form_with
from tests.transfer_office import change

__all__ = ["a"]

RETURN = Words(reason="02", note="户口簿看不清，请重新扫描", mend=("evidence",))


@pytest.fixture
def waiting(a):
    """An application at the head's desk."""
    return a.apply(new_pupil(1))


def steps(case_id):
    return [tuple(row) for row in db.session.execute(
        select(CaseStep.step, CaseStep.actor_name, CaseStep.action, CaseStep.in_place_of).where(CaseStep.case_id == case_id).order_by(CaseStep.seq))]


def test_registrar_head_county_and_it_takes_effect(a, waiting):
    a.approve(waiting)
    assert steps(waiting) == [
        ("applying", "庹明慧", "submit", False), ("school_audit", "余正德", "approve", False), ("county", "单维桢", "approve", False),
    ]
    assert last_facts("case.acted") == {
        "kind": "enrolment", "number": case(waiting).number, "step": "county", "action": "approve", "reason": "", "note": "", "in_place_of": False,
        "effects": {"students": 1, "numbers": 1},
    }


def test_each_desk_has_its_own_ten_days(a, waiting):
    later = a.today + timedelta(days=5)
    a.act(waiting, "approve", a.head, today=later, now=a.now + timedelta(days=5))
    at_county = case(waiting)
    calendar = calendars.calendar(db.session)
    assert (at_county.seat_body_id, at_county.seat_duty, at_county.arrived_on) == (a.county.body("a"), "county_officer", later)
    assert at_county.due_on == calendar.after(later, 10)


def test_the_maker_is_never_the_checker(a, waiting):
    both = a.county.actor("head.a1")
    same = both.__class__(**{**both.__dict__, "account_id": a.registrar.account_id, "name": a.registrar.name})
    with pytest.raises(NotAllowed, match="经办与审核分离"):
        a.act(waiting, "approve", same)


def test_who_agreed_for_the_school_does_not_agree_for_the_county_too(a, waiting):
    a.act(waiting, "approve", a.head)
    same = a.officer.__class__(**{**a.officer.__dict__, "account_id": a.head.account_id, "name": a.head.name})
    with pytest.raises(NotAllowed, match="这一步须由另一人办理"):
        a.act(waiting, "approve", same)


def test_only_whoever_holds_it_decides_and_the_refusal_says_who_that_is(a, waiting):
    with pytest.raises(NotAllowed, match="现在由竹山县堵河路小学的学校审核人办理，您的岗位是竹山县教育局 县学籍管理员"):
        a.act(waiting, "approve", a.officer)


def test_a_stranger_does_not_learn_that_it_exists(a, waiting):
    assert case(waiting).state == "open"
    with pytest.raises(NotFound):
        a.act(waiting, "approve", a.county.actor("officer.b"))
    assert case_pages.find(a.county.actor("head.b1"), waiting) is None


def test_a_return_says_what_to_mend_and_why(a, waiting):
    with pytest.raises(Refusal, match="须从列表中选择理由"):
        a.act(waiting, "return", a.head, Words(note="不清楚"))
    with pytest.raises(Refusal, match="一次写全"):
        a.act(waiting, "return", a.head, Words(reason="02"))
    a.act(waiting, "return", a.head, RETURN)

    assert case_pages.mend_of(case_pages.find(a.registrar, waiting)) == {"items": ["evidence"], "note": "户口簿看不清，请重新扫描", "reason": "02"}
    assert [row.id for row in inbox.todo(a.registrar)] == [waiting]


def test_what_was_looked_at_may_be_said_by_the_step_alone(a, waiting):
    cases.act(waiting, "approve", actor=a.head, seen_at="school_audit", today=a.today, now=a.now)
    with pytest.raises(MovedOn):
        cases.act(waiting, "approve", actor=a.head, seen_at="school_audit", today=a.today, now=a.now)
    with pytest.raises(Refusal, match="请先打开这件业务"):
        cases.act(waiting, "approve", actor=a.officer, today=a.today, now=a.now)


def test_what_is_not_offered_here_is_not_done(a, waiting):
    a.act(waiting, "return", a.head, RETURN)
    for action in ("approve", "submit", "nonsense"):
        with pytest.raises(Refusal, match="请从列出的意见中选择"):
            a.act(waiting, action, a.registrar)


def test_withdrawing_is_the_schools(a, waiting):
    with pytest.raises(NotAllowed, match="撤销只能由申请学校的学籍管理员办理"):
        a.act(waiting, "withdraw", a.head)
    a.act(waiting, "withdraw", a.registrar)
    assert case(waiting).state == "withdrawn"


def test_clearing_is_the_countys(a, waiting):
    with pytest.raises(NotAllowed, match="主管教育行政部门"):
        a.act(waiting, "clear", a.head, Words(note="学生不来了"))
    with pytest.raises(Refusal, match="请写明为什么清理"):
        a.act(waiting, "clear", a.officer)
    assert case(waiting).state == "open"


def test_the_form_of_a_decision_is_no_way_round_it(a, waiting, sign_in):
    """清理 has a page of its own; sent by the form of the step it is asked the same."""
    form = form_with(sign_in("head.a1").get(f"/cases/{waiting}"), "action")
    form["action"] = "approve"
    form.submit()
    officer = sign_in("officer.a")
    form = form_with(officer.get(f"/cases/{waiting}"), "action")
    form["action"].force_value("clear")
    answer = form.submit(status="*")
    assert (answer.status_int, case(waiting).state) == (422, "open") and "请写明为什么清理" in answer.text



def test_when_the_time_is_over_the_tier_above_may_act_in_its_place(a, waiting):
    due = case(waiting).due_on
    with pytest.raises(NotAllowed):
        a.act(waiting, "approve", a.officer, today=due)  # the last day is the school's own
    assert inbox.overdue(a.officer, due) == []
    late = due + timedelta(days=1)
    assert waiting in [row.id for row in inbox.overdue(a.officer, late)]
    with pytest.raises(Refusal, match="代办须说明理由"):
        a.act(waiting, "approve", a.officer, today=late)
    a.act(waiting, "approve", a.officer, Words(note="学校逾期未办，经电话核实"), today=late)

    assert steps(waiting)[1] == ("school_audit", "单维桢", "approve", True)
    with pytest.raises(NotAllowed, match="须由另一人办理"):
        a.act(waiting, "approve", a.officer, today=late)
    a.act(waiting, "approve", a.county.actor("officer2.a"), today=late)
    assert case(waiting).state == "effective"


def test_another_county_does_not_act_in_its_place(a, waiting):
    late = case(waiting).due_on + timedelta(days=9)
    assert inbox.overdue(a.county.actor("officer.b"), late) == []


def test_many_like_cases_are_one_act(a):
    mine = [a.apply(new_pupil(place)) for place in (1, 2, 3)]
    result = cases.act_many(mine, "approve", actor=a.head, seen_at="school_audit", today=a.today, now=a.now)

    assert [(case_id, sentence) for case_id, _, sentence in result] == [(case_id, None) for case_id in sorted(mine)]
    assert {case(case_id).step for case_id in mine} == {"county"}
    facts = last_facts("cases.acted")
    assert (facts["number"], facts["cases"]) == (3, [case(case_id).number for case_id in sorted(mine)])
    cases.act_many(mine, "approve", actor=a.officer, seen_at="county", today=a.today, now=a.now)
    assert {case(case_id).state for case_id in mine} == {"effective"}


def test_of_many_what_cannot_be_done_is_told_and_the_rest_is_done(a):
    moved, plain, other = a.apply(new_pupil(1)), a.apply(new_pupil(2)), a.apply(new_pupil(3))
    a.act(moved, "approve", a.head)
    twin = new_pupil(4, name=case(plain).title, id_doc_type="Z", id_doc_no=None)
    first = new_pupil(2)
    alike = a.apply(twin | {"birth_date": first["birth_date"], "sex": first["sex"]})

    result = {case_id: sentence for case_id, _, sentence in cases.act_many(
        [moved, plain, other, alike], "approve", actor=a.head, seen_at="school_audit", today=a.today, now=a.now)}
    assert result[moved].startswith("这件业务已经变了：余正德")
    assert {case_id for case_id, sentence in result.items() if sentence is None} == {plain, other, alike}
    result = {case_id: sentence for case_id, _, sentence in cases.act_many(
        [moved, plain, other, alike], "approve", actor=a.officer, seen_at="county", today=a.today, now=a.now)}
    assert "请勾选" in result[alike]
    assert (case(alike).state, case(plain).state) == ("open", "effective")


def test_of_many_when_none_can_be_done_nothing_is(a, waiting):
    with pytest.raises(Refusal, match="没有办理：这件业务现在由"):
        cases.act_many([waiting], "approve", actor=a.officer, seen_at="school_audit", today=a.today, now=a.now)


def test_numbers_of_cases_run_on_without_gaps(a):
    first = case(a.apply(new_pupil(1))).number
    with pytest.raises(Refusal):
        a.apply(new_pupil(2) | {"guardians": []})
    second = case(a.apply(new_pupil(3))).number
    assert int(second[-6:-1]) == int(first[-6:-1]) + 1


def test_inboxes_hold_what_waits_what_was_begun_what_was_done(a, waiting):
    assert waiting in [row.id for row in inbox.todo(a.head)]
    assert inbox.todo(a.head)[0].waiting == inbox.count(a.head) == len(inbox.todo(a.head))
    assert inbox.mine(a.registrar)[0].id == waiting
    a.act(waiting, "approve", a.head)
    assert [(row.id, row.action) for row in inbox.done(a.head)] == [(waiting, "approve")]
    assert waiting in [row.id for row in inbox.todo(a.officer)]
    assert waiting not in [row.id for row in inbox.todo(a.head)]


def test_a_case_lives_on_with_the_rules_of_its_day(a, waiting):
    assert db.session.execute(select(Case.policy_id).where(Case.id == waiting)).scalar_one() is not None
    assert enrolments.policies.pinned(db.session, case(waiting).policy_id).class_limit_primary == 45


# ---------------------------------------------------------------- 15 July

@pytest.mark.parametrize(("day", "state", "lifecycle"), [(date(2027, 7, 14), "open", "pending"), (date(2027, 7, 15), "cleared", "cleared")])
def test_a_new_pupil_of_a_graduating_grade_who_is_not_settled_by_15_july_is_cleared(a, waiting, day, state, lifecycle):
    """在办业务清理 (教基司厅函〔2017〕23号): number, plan and place are free again, the school reads why."""
    grade = row(Student, Student.id == case(waiting).student_id).grade_id
    change(Grade, grade, advanced_to=6)
    cases.clear_graduating(today=day, now=a.now)
    assert (case(waiting).state, row(Student, Student.id == case(waiting).student_id).lifecycle) == (state, lifecycle)
    news = [one.title for one in tasks.waiting(a.registrar, policies.policy_for(db.session, a.county.body("a"), a.today), a.today) if one.case_id == waiting]
    assert news == ([] if state == "open" else [
        f"{case(waiting).title}的新生登记已清理：六年级是毕业年级，自7月15日起在办业务一律清理（教育部 教基司厅函〔2017〕23号）；毕业以后由升入的学校办理"])
