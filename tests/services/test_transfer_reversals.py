"""撤销已生效的转学 (DECIDED 16): by who decided last, as long as nothing stands on it."""

from datetime import date

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, Refusals
from app.extensions import db
from app.models import CaseFinding, Class, Enrolment, Grade, Paper, SearchKey, Student, Task
from app.services.casework import case_pages, reversals, tasks
from app.services.pupils import former_pupils
from app.services.transfer.transfers import Request
from tests.bureau import last_facts, wrong
from tests.office import case, row
from tests.transfer_office import ASKED, DEQING, change, counts_agree, from_elsewhere, heads, limit, pupil, road, spells, waiting

__all__ = ["road"]


def reverse(road, case_id, who="officer.a", reason="转错学生：两名学生同名"):
    return reversals.reverse(case_id, reason, actor=road.county.actor(who), today=road.today, now=road.now)


def test_a_wrong_transfer_is_undone_by_who_decided_last(road):
    child, old_class = pupil(road), road.county.class_("a1", year=2)
    before = heads(old_class, road.county.class_("b1", year=2))
    case_id = road.apply("b1")
    road.go(case_id)
    for stranger in ("officer.b", "head.a1"):
        with pytest.raises(NotAllowed, match="最后核办的主管教育行政部门"):
            reverse(road, case_id, stranger)
    assert set(wrong(reverse, road, case_id, reason=" ")) == {"reason"}
    undone = case(reverse(road, case_id, "officer2.a"))

    back = row(Student, Student.id == child.id)
    same = ("county_id", "school_id", "grade_id", "class_id", "class_no", "status", "lifecycle", "national_no_index")
    assert [getattr(back, name) for name in same] == [getattr(child, name) for name in same]
    assert spells(child.id) == [("a1", "open", "11", "", date(2025, 9, 1), None), ("b1", "cleared", "13", "99", road.today, road.today)]
    assert (undone.kind, undone.state, undone.undoes_id, undone.starter_name, case(case_id).state) == ("reversal", "effective", case_id, "瞿安澜", "voided")
    assert (row(Paper, Paper.case_id == case_id).state, row(Task, Task.case_id == case_id).state) == ("voided", "void")
    assert heads(old_class, road.county.class_("b1", year=2)) == before
    assert set(db.session.execute(select(SearchKey.county_id, SearchKey.school_id, SearchKey.present).where(SearchKey.student_id == child.id)).all()) == {
        (road.county.body("a"), road.county.body("a1"), True)}
    assert former_pupils.former_pupils(road.county.actor("registrar.a1")) == []
    facts = last_facts("case.reversed", road.county.body("b"))
    assert (facts["undone"], facts["reason"], facts["effects"]["over"]) == (case(case_id).number, "转错学生：两名学生同名", [])
    with pytest.raises(MovedOn):
        reverse(road, case_id)
    counts_agree()
    road.apply("b1")  # and she may go again


def test_both_schools_read_on_their_desks_that_it_was_undone(road):
    case_id = road.apply("b1")
    road.go(case_id)
    undone = reverse(road, case_id)
    clerks = [road.county.actor(f"registrar.{school}") for school in ("a1", "b1")]
    how = f"庹思远的转学（{case(case_id).number}）已撤销"
    for clerk, then in zip(clerks, ("学生回到本校", "学生不再在本校"), strict=True):
        (news,) = waiting(clerk)
        assert (news.kind, news.title, news.case_id, news.number) == ("news", f"{how}，{then}：转错学生：两名学生同名", undone, case(undone).number)
        assert case_pages.find(clerk, news.case_id) is not None  # what the news leads to can be opened
    for other in ("registrar.b4", "officer.a", "officer.b"):
        assert [one for one in waiting(road.county.actor(other)) if one.case_id == undone] == []
    assert tasks.seen(waiting(clerks[0])[0].id, actor=clerks[0], now=road.now) == undone
    assert [len(waiting(clerk)) for clerk in clerks] == [0, 1]


def test_inside_a_county_too(road):
    child = pupil(road)
    before = heads(child.class_id, road.county.class_("a3", year=2))
    case_id = road.apply("a3")
    road.go(case_id)
    with pytest.raises(NotAllowed):
        reverse(road, case_id, "head.a1")
    reverse(road, case_id)
    assert (case(case_id).state, row(Paper, Paper.case_id == case_id).state, row(Task, Task.case_id == case_id).state) == ("voided", "voided", "void")
    assert (pupil(road).class_id, spells(child.id)) == (child.class_id, [("a1", "open", "11", "", date(2025, 9, 1), None), ("a3", "cleared", "13", "99", road.today, road.today)])
    assert heads(child.class_id, road.county.class_("a3", year=2)) == before
    counts_agree()


def later_case(road, child):
    road.apply("b4", child.id, year=2)


@pytest.mark.parametrize(("since", "told"), [
    (later_case, "转学以后又有.*的转学（房教转〔2026〕第00002号，2026年9月11日申请，在办），请先撤销它"),
    (lambda road, child: change(Student, child.id, status="07", lifecycle="left"), "学籍状态变为“毕业”"),
    (lambda road, child: change(Enrolment, db.session.execute(select(Enrolment.id).where(Enrolment.student_id == child.id, Enrolment.state == "open")).scalar_one(), case_id=None),
     "转学以后.*在 2026年9月11日 给学生调过班"),
    (lambda road, child: change(Grade, child.grade_id, advanced_to=3), "转入学校的年级已经升级"),
    (lambda road, child: change(Grade, row(Class, Class.id == road.county.class_("a1", year=2)).grade_id, state="graduated"), "原学校的年级已经升级或毕业"),
], ids=["a later case", "graduated", "another class", "rolled over there", "graduated here"])
def test_what_stands_on_a_transfer_keeps_it_and_is_named(road, since, told):
    case_id = road.apply("b1")
    road.go(case_id)
    since(road, row(Student, Student.id == case(case_id).student_id))
    with pytest.raises(Refusals, match=told):
        reverse(road, case_id)
    assert case(case_id).state == "effective"


def test_her_old_class_takes_her_back_over_its_limit_with_a_warning(road):
    case_id = road.apply("b1")
    old_class = pupil(road).class_id
    road.go(case_id)
    limit(old_class, heads(old_class)[0])
    made = reverse(road, case_id)
    assert last_facts("case.reversed", road.county.body("a"))["effects"]["over"] == [f"二年级1班回来以后有 {heads(old_class)[0]} 人，超过班额 {heads(old_class)[0] - 1} 人"]
    assert [one.level for one in case_pages.told(case_pages.find(road.county.actor("officer.a"), made), person=road.county.actor("officer.a"), today=road.today)["findings"]] == ["warn"]


@pytest.mark.parametrize("here_before", [True, False])
def test_who_came_from_elsewhere_by_mistake_is_as_before(road, here_before):
    child = pupil(road)
    if here_before:
        road.go(road.hand_in("a1", Request(asked=ASKED, student_id=child.id, outside=DEQING)))
        case_id = road.hand_in("b1", road.request("b1", child.id, outside=DEQING))
    else:
        case_id = road.hand_in("b1", Request(asked=ASKED, record=from_elsewhere(), class_id=road.county.class_("b1", year=2), outside=DEQING))
    road.go(case_id)
    reverse(road, case_id, "officer.b")
    back = row(Student, Student.id == case(case_id).student_id)
    assert (back.lifecycle, back.status, back.county_id) == (("left", "10", road.county.body("a")) if here_before else ("cleared", "94", road.county.body("b")))
    counts_agree()


def test_who_went_elsewhere_by_mistake_is_here_again(road):
    child = pupil(road)
    case_id = road.hand_in("a1", Request(asked=ASKED, student_id=child.id, outside=DEQING))
    road.go(case_id)
    reverse(road, case_id)
    back = row(Student, Student.id == child.id)
    assert (back.lifecycle, back.status, back.class_id, spells(child.id)) == ("live", "01", child.class_id, [("a1", "open", "11", "", date(2025, 9, 1), None)])
    counts_agree()


def test_she_comes_back_to_a_class_that_is_gone_into_no_class_and_her_spell_says_so(road):
    child, old_class = pupil(road), road.county.class_("a1", year=2)
    case_id = road.apply("b1")
    road.go(case_id)
    change(Class, old_class, state="dissolved")
    undone = reverse(road, case_id)
    back = row(Student, Student.id == child.id)
    spell = row(Enrolment, Enrolment.student_id == child.id, Enrolment.state == "open")
    assert (back.school_id, back.class_id, spell.school_id, spell.class_id, spell.class_no) == (road.county.body("a1"), None, road.county.body("a1"), None, "")
    assert list(db.session.scalars(select(CaseFinding.sentence).where(CaseFinding.case_id == undone))) == ["原来的班已经不在用，请原学校给学生编班"]
