"""What the pages of a merge (合并重复学籍) read: the two records side by side, and the pairs that wait. Reads only."""

from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased

from ... import sealing
from ...codes import table
from ...errors import NotFound, Refusal
from ...extensions import db
from ...identity import masks
from ...identity.items import PUPIL_ITEMS, show
from ...identity.width import no_blanks
from ...models import Body, Class, Conduct, Enrolment, Grade, Guardian, Paper, ProblemRecord, Student
from ...permissions import may, require, student_scope, visible_problems, visible_students
from .. import trace
from ..casework import case_files
from ..people import throttle
from ..pupils import numbers
from ..pupils.listing import PLACE, class_of, state_of
from ..transactions import writes
from . import merges, problems

MOST = 50
NOBODY = "系统中没有这个号码的另一份学籍，请核对号码"


def _how_many(model, *conditions):
    return select(func.count()).select_from(model).where(model.student_id == Student.id, *conditions).correlate(Student).scalar_subquery()


SIDE = (
    Student.id, Student.name, Student.sex, Student.birth_date, Student.ethnicity, Student.lifecycle, Student.status, Student.entry_month, Student.county_id, Student.school_id,
    Student.id_doc_no_sealed, Student.national_no_sealed, Student.main_number_sealed, Student.phone_sealed, Student.grade_id, Body.name.label("school"), *PLACE,
    _how_many(Enrolment, Enrolment.state != "cleared").label("spells"), _how_many(Conduct, Conduct.state != "void").label("conduct"), _how_many(Paper).label("papers"),
)


def sides(s, ids):
    return s.execute(
        select(*SIDE).join(Body, Body.id == Student.school_id).outerjoin(Grade, Grade.id == Student.grade_id).outerjoin(Class, Class.id == Student.class_id)
        .where(Student.id.in_(ids)).order_by(Student.id)
    ).all()


def line(row) -> str:
    """柯文静，女，2018年3月21日出生；堵河路小学 三年级2班，在读；学籍号 L420…"""
    number = sealing.unseal(row.national_no_sealed, "students", row.id, "national_no_sealed")
    place = " ".join(filter(None, (row.school, class_of(row))))
    return "；".join((f"{row.name}，{show(PUPIL_ITEMS['sex'], row.sex)}，{show(PUPIL_ITEMS['birth_date'], row.birth_date)}出生", f"{place}，{state_of(row)[0]}",
                     f"学籍号 {masks.number(number)}" if number else "没有学籍号"))


def facts(case) -> list:
    """[(title, value, look)] of a case, as its page shows them to both sides."""
    told = {row.id: line(row) for row in sides(db.session, (case.student_id, case.into_student_id))}
    return [
        ("保留的学籍", told[case.into_student_id], "all"), ("并入的学籍", told[case.student_id], "all"),
        ("核实情况", case_files.answers_of(case)["explanation"], "all"), ("申请人", case.starter_name, ""),
    ]


# ---------------------------------------------------------------- which two

@dataclass(frozen=True)
class Pair:
    """Two records side by side; of one in another county no more is told than what says whether it is the same child."""

    sides: list
    rows: list  # (title, [the item of each side], whether they differ)

    def findings(self, kept_id, explanation):
        kept, other = sorted(self.sides, key=lambda side: side.id != kept_id)
        return merges.check(db.session, kept, other, explanation)


def pair_of(person, first_id, second_id) -> Pair:
    """Of which this person sees one at least."""
    require(person, "problem.write")
    two = sides(db.session, (first_id, second_id))
    mine = set(db.session.scalars(visible_students(person).with_only_columns(Student.id).where(Student.id.in_((first_id, second_id)))))
    if len(two) != 2 or not mine:
        raise NotFound
    two = sorted(two, key=lambda side: side.id != first_id)
    guardians = _guardians(mine)
    items = [
        ("姓名", [side.name for side in two]), ("性别", [show(PUPIL_ITEMS["sex"], side.sex) for side in two]),
        ("出生日期", [show(PUPIL_ITEMS["birth_date"], side.birth_date) for side in two]), ("民族", [show(PUPIL_ITEMS["ethnicity"], side.ethnicity) for side in two]),
        ("身份证件号", [_masked(side, "id_doc_no") for side in two]), ("学籍号", [_masked(side, "national_no") for side in two]),
        ("学校", [side.school for side in two]), ("班级", [class_of(side) for side in two]), ("学籍状态", [state_of(side)[0] for side in two]),
        ("入学年月", [show(PUPIL_ITEMS["entry_month"], side.entry_month) for side in two]),
        ("监护人", [guardians.get(side.id, "没有登记") if side.id in mine else "由其主管教育行政部门核对" for side in two]),
        ("学籍经历", [f"{side.spells} 段" for side in two]), ("奖惩", [f"{side.conduct} 条" for side in two]), ("证明与表单", [f"{side.papers} 份" for side in two]),
    ]
    unlike = {title for title, field in (("身份证件号", "id_doc_no"), ("学籍号", "national_no")) if _number(two[0], field) != _number(two[1], field)}  # masked they may look alike
    return Pair(two, [(title, values, title in unlike or values[0] != values[1]) for title, values in items])


def _number(side, field):
    return sealing.unseal(getattr(side, f"{field}_sealed"), "students", side.id, f"{field}_sealed")


def _masked(side, field):
    value = _number(side, field)
    return masks.number(value) if value else "没有登记"


def _guardians(ids):
    told, relations = {}, table("guardian_relation")
    for row in db.session.execute(select(Guardian.student_id, Guardian.name, Guardian.relation).where(Guardian.student_id.in_(ids), Guardian.state == "live").order_by(Guardian.position)):
        told.setdefault(row.student_id, []).append(f"{row.name}（{relations.label(row.relation)}）")
    return {student_id: "、".join(names) for student_id, names in told.items()}


def of_problem(person, problem_id):
    """(this side's pupil, the other's) of a record in question that has another side in this house."""
    row = db.session.execute(visible_problems(person).with_only_columns(ProblemRecord.student_id, ProblemRecord.pair_id).where(ProblemRecord.id == problem_id)).one_or_none()
    if row is None or row.pair_id is None:
        raise NotFound
    other = db.session.scalars(select(ProblemRecord.student_id).where(ProblemRecord.pair_id == row.pair_id, ProblemRecord.student_id != row.student_id)).first()
    return row.student_id, other


def waiting(person) -> list:
    """The pairs of one's county that stand open, the oldest first: (id of this side's problem, name, school, kind)."""
    first, again = ProblemRecord, aliased(ProblemRecord)
    rows = db.session.execute(
        visible_problems(person).with_only_columns(first.id, first.kind, first.pair_id, Student.name, Body.short_name.label("school"))
        .join(Student, Student.id == first.student_id).join(Body, Body.id == first.school_id)
        .where(first.state == "open", first.pair_id.is_not(None), exists().where(and_(again.pair_id == first.pair_id, again.id != first.id, again.state == "open")))
        .order_by(first.id).limit(2 * MOST)
    ).all()
    return [(row.id, row.name, row.school, problems.kind_of(row.kind)) for row in {row.pair_id: row for row in reversed(rows)}.values()][::-1][:MOST]


def look_up(student_id, number, *, actor, now) -> int:
    """The id of the other record, by its 学籍号 or ID number; told to the trace, where it can be another county's."""
    require(actor, "problem.write")
    throttle.refuse_waiting("lookup", str(actor.account_id), "请核对号码，或联系对方学校的主管教育行政部门。", now=now)
    number = no_blanks(number).upper()
    if not number:
        raise Refusal("请填写另一份学籍的学籍号或身份证件号", field="other_no")
    throttle.ask(actor, "合并重复学籍", [number], now=now)
    found = _look_up(student_id, number, actor=actor)
    if found is None:
        throttle.fail("lookup", str(actor.account_id), now=now)
        raise Refusal(NOBODY, field="other_no")
    return found


@writes(traced=False)
def _look_up(s, student_id, number, *, actor):
    found = numbers.owner(s, number)
    if found is None:
        return None
    if found == student_id:
        raise Refusal("这是这份学籍自己的号码，请填写另一份的", field="other_no")
    if s.execute(select(Student.id).where(Student.id == found, Student.lifecycle.in_(("live", "left")))).first() is None:
        return None
    if s.execute(select(Student.id).where(Student.id == found, student_scope(actor))).first() is None:
        trace.record(s, "merge.looked_up", actor=actor, chain=actor.county_id, subjects=[found], by="号码")
    return found


def may_merge(person, pupil) -> bool:
    return may(person, "problem.write") and pupil.lifecycle in ("live", "left")
