"""问题学籍 (workflows 19): marked by the county, each side for itself, and closed by the county of that side with its reason, or by a case (problem_cases). An open one bars transfer.

    problems.mark(student_id, Found("05", found_on=…, other_no="…", explanation="…"), actor=shan, today=today, now=now)
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from ... import codes, sealing
from ...errors import MovedOn, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity.dates import chinese
from ...identity.width import no_blanks
from ...models import Body, Case, Class, Grade, PersonNumber, ProblemRecord, Student, new_id
from ...permissions import require, student_scope, visible_problems, visible_students
from .. import trace
from ..administration import policies
from ..pupils import students
from ..pupils.listing import PLACE, class_of
from ..transactions import writes

NO_RECORD = "13"  # 有人无籍: has no record to mark, a supplementary one is made
PAIRED = ("01", "05")  # kinds that have another side
REMOVAL, MERGING = "3", "92"  # 删除, 合并 take a case of their own
FOUND_BY = {"list": "全国系统下发的名单", "check": "本系统查重", "report": "学校或家长反映"}
STATES = {"open": ("待处理", "soon"), "closed": ("已处理", "done")}
UNSEEN = "另一方的学籍不在您的管理范围内，由其主管教育行政部门处理"
PAGE = 200


@dataclass(frozen=True)
class Found:
    """What is in question. The other side: `other_no` of a record in this house, or `other_side` in words."""

    kind: str
    found_on: date | None
    found_by: str = "list"
    explanation: str = ""
    other_no: str = ""
    other_side: str = ""


def kinds():
    return [(code, label) for code, label in codes.table("problem_status").choices() if code != NO_RECORD]


def resolutions():
    return [(code, label) for code, label in codes.table("problem_resolution").choices() if code not in (REMOVAL, MERGING)]


# ---------------------------------------------------------------- reading

PROBLEMS = ProblemRecord.__table__.c
OPEN = select(PROBLEMS.id).where(PROBLEMS.student_id == bindparam("student"), PROBLEMS.state == "open").limit(1)  # asked in every transfer, so made once


def is_open(s, student_id) -> bool:
    return s.execute(OPEN, {"student": student_id}).first() is not None


def open_ones(person):
    """A column: how many wait at this person's schools, to be asked along with other figures."""
    return visible_problems(person).with_only_columns(func.count()).where(ProblemRecord.state == "open").scalar_subquery().label("problems")


def nearest(person):
    """A column: the first of the days by which they are to be settled."""
    return visible_problems(person).with_only_columns(func.min(ProblemRecord.due_on)).where(ProblemRecord.state == "open").scalar_subquery().label("problems_due")


ROW = (
    ProblemRecord.id, ProblemRecord.student_id, ProblemRecord.kind, ProblemRecord.state, ProblemRecord.found_on, ProblemRecord.due_on, ProblemRecord.pair_id,
    ProblemRecord.other_side, Student.name, Body.short_name.label("school"), *PLACE,
)
HERE = Student.school_id == ProblemRecord.school_id  # of who has left since, the school whose row it is is told no class


def listed(person, state="open", *, after=None, limit=PAGE):
    """(rows, whether there are more), the oldest first while they wait, the latest first once they are closed."""
    query = (
        visible_problems(person).with_only_columns(*ROW).join(Student, Student.id == ProblemRecord.student_id).join(Body, Body.id == ProblemRecord.school_id)
        .outerjoin(Grade, (Grade.id == Student.grade_id) & HERE).outerjoin(Class, (Class.id == Student.class_id) & HERE).where(ProblemRecord.state == state)
    )
    down = state != "open"
    if after is not None and db.session.execute(visible_problems(person).with_only_columns(ProblemRecord.id).where(ProblemRecord.id == after)).first():
        query = query.where(ProblemRecord.id < after if down else ProblemRecord.id > after)
    rows = db.session.execute(query.order_by(ProblemRecord.id.desc() if down else ProblemRecord.id).limit(limit + 1)).all()
    return rows[:limit], len(rows) > limit


def place_of(row):
    return class_of(row)


def kind_of(code):
    return codes.table("problem_status").label(code)


@dataclass(frozen=True)
class Page:
    row: object
    others: list  # (what is said of the other side, its pupil's id or None, its state)


def page_of(person, problem_id) -> Page:
    row = db.session.execute(
        visible_problems(person).with_only_columns(*ProblemRecord.__table__.columns, Student.name, Student.lifecycle, Body.name.label("school"), Case.number.label("case_number"), *PLACE)
        .join(Student, Student.id == ProblemRecord.student_id).outerjoin(Case, Case.id == ProblemRecord.case_id).join(Body, Body.id == ProblemRecord.school_id)
        .outerjoin(Grade, (Grade.id == Student.grade_id) & HERE).outerjoin(Class, (Class.id == Student.class_id) & HERE).where(ProblemRecord.id == problem_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Page(row, _others(person, row))


def _others(person, row):
    if row.pair_id is None:
        return []
    pupil = aliased(Student)
    scope = select(Student.id).where(student_scope(person), Student.id == pupil.id).exists()
    return [
        (f"{one.name}，{one.school}" if one.mine else UNSEEN, one.student_id if one.mine else None, one.state)
        for one in db.session.execute(
            select(ProblemRecord.student_id, ProblemRecord.state, pupil.name, Body.name.label("school"), scope.label("mine"))
            .join(pupil, pupil.id == ProblemRecord.student_id).join(Body, Body.id == ProblemRecord.school_id)
            .where(ProblemRecord.pair_id == row.pair_id, ProblemRecord.id != row.id).order_by(ProblemRecord.id)
        )
    ]


# ---------------------------------------------------------------- the acts

@writes
def mark(s, student_id, found: Found, *, actor, today, now):
    """Put a pupil's record in question, and the other side's where it is in this house. Returns the id of the row."""
    require(actor, "problem.write")
    student = students.seen(s, actor, student_id, lock=True)
    if student is None:
        raise NotFound
    if student.lifecycle != "live":
        raise Refusal("只有在籍学生的学籍可以列为问题学籍；正在登记的请退回登记，已离校的请向现在就读的学校查询")
    wrong = _faults(s, student, found, today)
    other = _other(s, student, found, wrong)
    if wrong:
        raise Refusals(wrong)
    pair = new_id() if other is not None else None
    made = [_row(s, one, found, pair, actor=actor, today=today, now=now) for one in (student, *filter(None, [other]))]
    _tell(s, made, found, actor)
    return made[0].id


@writes(traced=False)
def found_by_check(s, kind, student_ids, explanation, *, actor, today, now) -> bool:
    """What the nightly check has found, put in question, both sides where there are two; nothing where that was done, or one of them left, since it looked."""
    rows = s.scalars(select(Student).where(Student.id.in_(student_ids), Student.lifecycle.in_(("live", "left"))).order_by(Student.id).with_for_update()).all()
    if len(rows) != len(student_ids) or any(_is_open(s, one.id, kind) for one in rows):
        return False
    found, pair = Found(kind, today, "check", explanation), new_id() if len(rows) > 1 else None
    _tell(s, [_row(s, one, found, pair, actor=actor, today=today, now=now) for one in rows], found, actor)
    return True


def _tell(s, made, found, actor):
    for county_id in {one.county_id for one in made}:
        trace.record(s, "problem.marked", actor=actor, chain=county_id, subjects=[one.student_id for one in made if one.county_id == county_id],
                     problem=kind_of(found.kind), note=found.explanation)


def _row(s, student, found, pair, *, actor, today, now):
    one = ProblemRecord(
        id=new_id(), county_id=student.county_id, school_id=student.school_id, student_id=student.id, kind=found.kind, pair_id=pair, other_side=found.other_side,
        explanation=found.explanation, found_by=found.found_by, found_on=found.found_on, due_on=_due(s, student, today), marked_at=now, marked_by_id=actor.account_id,
        marked_by=actor.name, marked_body=actor.body_name, state="open", version=1,
    )
    s.add(one)
    return one


def _due(s, student, today):
    """30 October for the new pupils of the year; for others no day is set."""
    if s.execute(select(Grade.advanced_to).where(Grade.id == student.grade_id)).scalar() != 1:
        return None
    day = policies.policy_for(s, student.county_id, today).duplicates_by.in_year(today.year)
    return day if day >= today else None


def _faults(s, student, found, today):
    wrong = []
    if found.kind not in dict(kinds()):
        wrong.append(Refusal("请选择问题类型；有人无籍的，由学校办理补录", field="kind"))
    if found.found_by not in FOUND_BY:
        wrong.append(Refusal("请选择怎样发现的", field="found_by"))
    if found.found_on is None or found.found_on > today:
        wrong.append(Refusal("请填写发现的日期，不能晚于今天", field="found_on"))
    if not found.explanation:
        wrong.append(Refusal("请写明查到的情况，学校照此处理", field="explanation"))
    if found.kind in PAIRED and not (found.other_no or found.other_side):
        wrong.append(Refusal("请填写另一方：在本系统的填学籍号或身份证件号，不在本系统的写明学校", field="other_no"))
    if found.other_no and found.other_side:
        wrong.append(Refusal("另一方在本系统的只填号码，不在本系统的只写学校，请留其中一项", field="other_side"))
    if _is_open(s, student.id, found.kind):
        wrong.append(Refusal(f"{student.name}的学籍已经列为“{kind_of(found.kind)}”，还没有处理完", field="kind"))
    return wrong


def _is_open(s, student_id, kind):
    return s.execute(select(exists().where(ProblemRecord.student_id == student_id, ProblemRecord.kind == kind, ProblemRecord.state == "open"))).scalar_one()


def _other(s, student, found, wrong):
    """The record of the other side, locked; what is wrong with its number is added to `wrong`."""
    number = no_blanks(found.other_no).upper()
    if not number:
        return None
    indexes = [sealing.blind_index(kind, number) for kind in ("id_doc", "national_no")]
    other = s.scalars(
        select(Student).where(Student.id.in_(select(PersonNumber.student_id).where(or_(PersonNumber.index == indexes[0], PersonNumber.index == indexes[1]))),
                              Student.lifecycle.in_(("live", "left"))).order_by(Student.id).limit(1).with_for_update()
    ).one_or_none()
    if other is None:
        wrong.append(Refusal("系统中没有这个号码的学籍；另一方不在本系统的，请留空，在下一项写明学校", field="other_no"))
    elif other.id == student.id:
        wrong.append(Refusal("这是学生自己的号码，请填写另一方的", field="other_no"))
    elif _is_open(s, other.id, found.kind):
        wrong.append(Refusal("另一方的学籍已经列为这类问题学籍，还没有处理完，请联系其主管教育行政部门", field="other_no"))
    return other


@writes
def close(s, problem_id, resolution, outcome, *, version, actor, now):
    """The record of this side is in order again, for a reason. Returns the pupil's id."""
    require(actor, "problem.write")
    one = s.scalars(visible_problems(actor).where(ProblemRecord.id == problem_id).with_for_update(of=ProblemRecord)).one_or_none()
    if one is None:
        raise NotFound
    if one.state != "open":
        raise MovedOn(f"这件问题学籍已由{one.closed_by}在 {chinese(one.closed_at.date())} {one.closed_at:%H:%M} 办结，这次没有写入。")
    if one.version != version:
        raise MovedOn("这件问题学籍刚有变动，这次没有写入，请打开它看最新的情况。")
    wrong = []
    if resolution not in dict(resolutions()):
        wrong.append(Refusal("请选择处理方式；删除学籍由学校申请问题学籍处理", field="resolution"))
    if not outcome:
        wrong.append(Refusal("请写明处理的结果和依据", field="outcome"))
    if wrong:
        raise Refusals(wrong)
    one.state, one.resolution, one.outcome, one.version = "closed", resolution, outcome, one.version + 1
    one.closed_at, one.closed_by_id, one.closed_by = now, actor.account_id, actor.name
    trace.record(s, "problem.closed", actor=actor, chain=one.county_id, subjects=[one.student_id], problem=kind_of(one.kind),
                 outcome=codes.table("problem_resolution").label(resolution), note=outcome)
    return one.student_id


def pupil_to_mark(person, student_id):
    """Name, school and class of a pupil whose record may be put in question."""
    require(person, "problem.write")
    row = db.session.execute(
        visible_students(person).with_only_columns(Student.id, Student.name, Student.lifecycle, Body.name.label("school"), *PLACE).join(Body, Body.id == Student.school_id)
        .outerjoin(Grade, Grade.id == Student.grade_id).outerjoin(Class, Class.id == Student.class_id).where(Student.id == student_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row
