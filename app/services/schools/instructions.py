"""允许外招指令 (workflows.md 20): where both areas have agreed (recruiting.py), the source authority lets its pupils go, one by one, and may take an instruction back.

What an instruction unlocks, the drawing of the record by exactly that school, is 升学调档 (drawing.py).
"""

from sqlalchemy import func, insert, or_, select, update

from ... import sealing
from ...errors import MovedOn, NotAllowed, NotFound, Refusal
from ...extensions import db
from ...identity import grades, masks
from ...identity.grades import STAGES
from ...identity.width import no_blanks
from ...models import Body, Case, Grade, PersonNumber, RecruitInstruction, Student, new_id
from ...permissions import require, visible_cases
from ...workflow.moving_up import GRADUATED
from ...workflow.school_cases import RECRUIT
from .. import trace
from ..casework import case_files
from ..transactions import writes

REASON_MOST = 200
STATES = {"given": ("已签发", "done"), "taken_back": ("已收回", ""), "drawn": ("已调档", "done"), "lapsed": ("已失效", "")}


def office_of(s, case):
    """(body, duty) of the source authority: who agreed for it, and gives the instructions. None where it is not in this house."""
    name = next(name for name in case.route.split() if name.startswith("from_"))
    return None if name == "from_outside" else case_files.seat_of(s, RECRUIT, case, name, maker_id=None)


def held(s, case_id) -> int:
    """How many count against the number that was agreed."""
    return s.execute(select(func.count()).select_from(RecruitInstruction).where(RecruitInstruction.case_id == case_id, RecruitInstruction.state.in_(("given", "drawn")))).scalar_one()


def may_give(s, person, case) -> bool:
    return case.kind == RECRUIT.kind and case.state == "effective" and (person.body_id, person.duty) == office_of(s, case)


@writes
def give(s, case_id, number, *, actor, now):
    """For one pupil, by 学籍号 or ID number. Returns the case's id."""
    case = _consent(s, case_id, actor)
    student = _pupil(s, number, case)
    asked = case_files.answers_of(case)
    _check_pupil(s, student, asked)
    used = held(s, case.id)
    if used >= asked["number"]:
        raise Refusal(f"同意招收 {asked['number']} 人，已签发 {used} 份，不能再签发。要多招的，请学校另行申请", field="number")
    s.execute(insert(RecruitInstruction).values(
        id=new_id(), county_id=student.county_id, case_id=case.id, student_id=student.id, school_id=case.to_school_id, year=asked["year"], state="given", given_at=now,
        given_by_id=actor.account_id, given_by=actor.name, ended_by="", reason=""))
    _tell(s, "instruction.given", case, student, actor, year=asked["year"])
    return case.id


@writes
def take_back(s, case_id, instruction_id, reason, *, actor, now):
    """Until the record is drawn. Returns the case's id."""
    case = _consent(s, case_id, actor)
    row = s.scalars(select(RecruitInstruction).where(RecruitInstruction.id == instruction_id, RecruitInstruction.case_id == case.id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    if row.state != "given":
        raise MovedOn(f"这份允许外招指令{STATES[row.state][0]}，您这次没有写入。")
    if not reason.strip():
        raise Refusal("请写明为什么收回", field="reason")
    if len(reason) > REASON_MOST:
        raise Refusal(f"收回的原因最多 {REASON_MOST} 个字，请写短一些", field="reason")
    s.execute(update(RecruitInstruction).where(RecruitInstruction.id == row.id).values(state="taken_back", ended_at=now, ended_by=actor.name, reason=reason.strip()))
    _tell(s, "instruction.taken_back", case, s.get_one(Student, row.student_id), actor, reason=reason.strip())
    return case.id


def _consent(s, case_id, actor):
    require(actor, "instruction.give")
    case = s.scalars(visible_cases(actor).where(Case.id == case_id, Case.kind == RECRUIT.kind).with_for_update(of=Case)).one_or_none()
    if case is None:
        raise NotFound
    if case.state != "effective":
        raise Refusal("跨区域招生办结以后才能签发指令；已撤销的不能再签发")
    if not may_give(s, actor, case):
        raise NotAllowed("允许外招指令只能由生源地主管教育行政部门签发和收回。")
    return case


def _pupil(s, number, case):
    """A pupil of the county that was asked for, or one who graduated there and was drawn by nobody yet."""
    number = no_blanks(number or "").upper()
    if not number:
        raise Refusal("请填写学生的学籍号或身份证件号", field="number")
    indexes = [sealing.blind_index(kind, number) for kind in ("id_doc", "national_no")]
    row = s.execute(select(Student.id, Student.name, Student.county_id, Student.grade_id).where(
        Student.id.in_(select(PersonNumber.student_id).where(PersonNumber.index.in_(indexes))), Student.county_id == case.from_school_id, or_(Student.lifecycle == "live", Student.status == GRADUATED))
        .with_for_update()).one_or_none()
    if row is None:
        raise Refusal("生源地没有这个号码的在籍学生和毕业生，请核对号码", field="number")
    return row


def _check_pupil(s, student, asked):
    cohort = s.execute(select(Grade.stage, Grade.advanced_to, Grade.length, Grade.entry_year).where(Grade.id == student.grade_id)).one_or_none()
    below = str(int(asked["stage"]) - 1)
    if cohort is None or cohort.stage != below or not grades.is_final(cohort.advanced_to, cohort.length):
        raise Refusal(f"{student.name}不是{STAGES[below]}毕业年级的学生，不能升入{STAGES[asked['stage']]}", field="number")
    if (leaves := cohort.entry_year + cohort.length) != asked["year"]:
        raise Refusal(f"{student.name}{leaves}年毕业，这是{asked['year']}年的招生，不能签发", field="number")
    other = s.execute(select(Body.short_name).join(RecruitInstruction, RecruitInstruction.school_id == Body.id).where(
        RecruitInstruction.student_id == student.id, RecruitInstruction.state == "given")).scalar()
    if other:
        raise Refusal(f"{student.name}已有一份允许外招指令，招生学校是{other}。一名学生只能有一份，请先收回那一份", field="number")


def _tell(s, name, case, student, actor, **facts):
    school, county = s.execute(select(Body.name, Body.county_id).where(Body.id == case.to_school_id)).one()
    for chain in sorted({county, student.county_id}):
        trace.record(s, name, actor=actor, chain=chain, subjects=[student.id], number=case.number, school=school, **facts)


def of_case(case) -> list:
    """[(id, name, 学籍号 masked, school, state, its (words, look), given by, given at, reason)] of a consent."""
    if case.kind != RECRUIT.kind:
        return []
    rows = db.session.execute(
        select(RecruitInstruction.id, RecruitInstruction.state, RecruitInstruction.given_by, RecruitInstruction.given_at, RecruitInstruction.reason, Student.id.label("student_id"),
               Student.name, Student.national_no_sealed, Body.short_name.label("school"))
        .join(Student, Student.id == RecruitInstruction.student_id).join(Body, Body.id == Student.school_id).where(RecruitInstruction.case_id == case.id).order_by(RecruitInstruction.id)
    )
    told = []
    for row in rows:
        number = sealing.unseal(row.national_no_sealed, "students", row.student_id, "national_no_sealed")
        told.append((row.id, row.name, masks.number(number) if number else "", row.school, row.state, STATES[row.state], row.given_by, row.given_at, row.reason))
    return told


def to_draw(person):
    """How many wait for this school to draw them, as a column of another select."""
    return select(func.count()).select_from(RecruitInstruction).where(RecruitInstruction.school_id == person.school_id, RecruitInstruction.state == "given").scalar_subquery().label("to_draw")
