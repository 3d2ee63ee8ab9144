"""补录: a child who reads at a1 without a record is entered into a higher grade; never a second record of one child; undone as long as nothing stands on it."""

import pytest
from sqlalchemy import select

from app.errors import Refusal, Refusals
from app.extensions import db
from app.models import CaseFinding, Class, Enrolment, PersonNumber, Quota, Student, Tally
from app.services.casework import reversals
from app.services.casework.cases import Words
from app.services.intake import enrolments
from app.services.paperwork import papers
from app.services.pupils import records
from app.services.standing import balance
from app.workflow.flows import ENROLMENT, SUPPLEMENTARY
from tests.bureau import wrong
from tests.cast import new_pupil
from tests.office import a, case, count, row

__all__ = ["a"]


def third(a):
    return a.county.class_("a1", year=3, number=1)


def born(year, number=1, **more):
    """A child who could read in a grade that was entered so many years ago."""
    from app.demo import cast
    from app.demo.families import Generator

    return Generator(9500 + number).pupil(year, "1", cast.COUNTIES["a"]) | more


def add(a, record, class_id=None, **rest):
    return a.apply(record, class_id or third(a), flow=SUPPLEMENTARY, **rest)


def counted(a, class_id):
    """(heads of the class, plan used this year, children of the grade by the tally)"""
    place = row(Class, Class.id == class_id)
    told = db.session.execute(select(Tally.status, Tally.number).where(Tally.grade_id == place.grade_id)).all()
    statuses = {status: sum(number for one, number in told if one == status) for status in ("pending", "01")}
    used = row(Quota, Quota.school_id == a.county.body("a1"), Quota.stage == "1", Quota.year == 2026).used
    return place.headcount, used, statuses["pending"], statuses["01"]


def undo(a, case_id):
    return reversals.reverse(case_id, "学生在外省已有学籍", actor=a.officer, today=a.today, now=a.now)


def test_entered_into_a_higher_grade_she_takes_a_place_of_the_class_and_none_of_the_plan(a):
    heads, used, pending, here = counted(a, third(a))
    case_id = add(a, born(2024))
    made = case(case_id)
    assert (made.kind, made.number, made.step) == ("supplementary", "竹教补〔2026〕第00001号", "school_audit")
    assert counted(a, third(a)) == (heads + 1, used, pending + 1, here)
    a.approve(case_id)
    pupil = row(Student, Student.id == made.student_id)
    assert (pupil.lifecycle, pupil.status, pupil.class_id, records.open_student(pupil)["national_no"][:7]) == ("live", "01", third(a), "L420323")
    assert counted(a, third(a)) == (heads + 1, used, pending, here + 1)
    assert [tuple(one)[:2] for one in balance.of_case(db.session, case_id)] == [("11", 1)]


@pytest.mark.parametrize(("action", "who", "state"), [("refuse", "head", "rejected"), ("withdraw", "registrar", "withdrawn"), ("clear", "officer", "cleared")])
def test_what_comes_to_nothing_lets_number_and_place_go_and_leaves_the_plan(a, action, who, state):
    before, record = counted(a, third(a)), born(2024)
    case_id = add(a, record)
    a.act(case_id, action, getattr(a, who), Words(reason="03", note="查到外省学籍"))
    assert (case(case_id).state, counted(a, third(a))) == (state, before)
    assert case(add(a, record)).state == "open"


def test_the_same_number_is_never_entered_twice(a):
    other = a.county.known("one-word").item  # a pupil of another county
    again = born(2024, id_doc_no=other["id_doc_no"], birth_date=other["birth_date"], sex=other["sex"])
    assert wrong(add, a, again) == {"id_doc_no": "系统中已有使用这个证件号的学籍。号码有误则改正；确属本人的不能新建，请由转入学校申请转学"}


def test_a_look_alike_is_settled_by_the_county(a):
    first = born(2024)
    add(a, first)
    case_id = add(a, born(2024, 2, name=first["name"], birth_date=first["birth_date"], sex=first["sex"], id_doc_type="Z", id_doc_no=None))
    a.act(case_id, "approve", a.head)
    with pytest.raises(Refusal, match="请勾选“已核对，不是同一人”"):
        a.act(case_id, "approve", a.officer)
    a.act(case_id, "approve", a.officer, Words(different=True))
    assert case(case_id).state == "effective"


def found(case_id):
    return dict(db.session.execute(select(CaseFinding.check, CaseFinding.level).where(CaseFinding.case_id == case_id, CaseFinding.level == "warn")).all())


def test_a_first_grade_says_that_new_pupils_are_registered_as_such_and_keeps_the_age(a):
    case_id = add(a, new_pupil(1), a.class_id)
    assert found(case_id) == {"quota": "warn"}
    young = new_pupil(2, id_doc_type="Z", id_doc_no=None, birth_date=born(2027)["birth_date"])
    assert "未满入学年龄" in wrong(add, a, young, a.class_id)["birth_date"]


def test_in_a_higher_grade_a_birthday_counted_otherwise_elsewhere_is_a_warning(a):
    young = born(2024, id_doc_type="Z", id_doc_no=None, birth_date=born(2025)["birth_date"])
    assert found(add(a, young)) == {"age": "warn", "document": "warn"}


def test_a_full_class_takes_nobody(a):
    from tests.transfer_office import limit

    limit(third(a), row(Class, Class.id == third(a)).headcount)
    assert "没有学位" in wrong(add, a, born(2024))["class_code"]


def test_returned_she_is_put_into_another_class_and_the_plan_stays(a):
    record = born(2024)
    case_id = add(a, record)
    used = counted(a, third(a))[1]
    a.act(case_id, "return", a.head, Words(reason="05", note="应编入2班", mend=("class_code",)))
    other = a.county.class_("a1", year=3, number=2)
    enrolments.resubmit(case_id, record, other, actor=a.registrar, version=case(case_id).version, today=a.today, now=a.now)
    a.approve(case_id)
    assert row(Student, Student.id == case(case_id).student_id).class_id == other
    assert counted(a, other)[1] == used


@pytest.mark.parametrize("flow", [ENROLMENT, SUPPLEMENTARY], ids=lambda flow: flow.kind)
def test_undone_everything_is_as_before_her_number_is_free_and_hers_is_not_given_again(a, flow):
    class_id = a.class_id if flow is ENROLMENT else third(a)
    record = new_pupil(1) if flow is ENROLMENT else born(2024)
    before = counted(a, class_id)
    case_id = a.apply(record, class_id, flow=flow)
    a.approve(case_id)
    pupil = row(Student, Student.id == case(case_id).student_id)
    given = records.open_student(pupil)["national_no"]
    undo(a, case_id)
    pupil = row(Student, Student.id == pupil.id)
    assert (case(case_id).state, pupil.lifecycle, pupil.status, counted(a, class_id)) == ("voided", "cleared", "94", before)
    assert (count(PersonNumber, PersonNumber.student_id == pupil.id), row(Enrolment, Enrolment.student_id == pupil.id).state) == (0, "cleared")
    assert [tuple(one)[:2] for one in balance.of_case(db.session, case_id)] == [("11", 1), ("99", -1)]
    again = a.apply(record, class_id, flow=flow)
    a.approve(again)
    new = records.open_student(row(Student, Student.id == case(again).student_id))["national_no"]
    assert (new[:15], new != given) == (given[:15], True)


def test_what_stands_on_the_record_holds_the_undoing_up(a, now):
    from app.services.schools import class_moves

    case_id = add(a, born(2024))
    a.approve(case_id)
    pupil = row(Student, Student.id == case(case_id).student_id)
    number = issue(a, pupil)
    with pytest.raises(Refusals) as told:
        undo(a, case_id)
    assert [one.sentence for one in told.value.refusals] == [f"已经开具证明{number}，请先作废"]
    class_moves.move(pupil.class_id, [pupil.id], a.county.class_("a1", year=3, number=2), actor=a.registrar, today=a.today, now=a.now)
    with pytest.raises(Refusals) as told:
        undo(a, case_id)
    assert told.value.refusals[0].sentence == "登记以后竹山县堵河路小学在 2026年9月11日 给学生调过班，不能撤销登记"


def issue(a, pupil):
    from app.services.paperwork import pupil_papers

    pupil_papers.issue("enrolment_certificate", [pupil.id], {"purpose": "办理社保"}, actor=a.registrar, today=a.today, now=a.now)
    return db.session.execute(select(papers.Paper.number).where(papers.Paper.student_id == pupil.id)).scalar_one()
