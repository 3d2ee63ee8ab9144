"""跨区域招生 (workflows.md 20): a school asks to take new pupils from another county; both areas agree, the office above is told. Then 允许外招指令, pupil by pupil.

What an instruction unlocks, the drawing of the record by exactly that school, is 升学调档 (drawing.py).
"""

from dataclasses import dataclass

from sqlalchemy import func, insert, or_, select, update

from ... import sealing
from ...errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity import grades, masks
from ...identity.grades import STAGES
from ...identity.width import no_blanks
from ...models import Body, Case, Grade, PersonNumber, RecruitInstruction, Student, new_id
from ...permissions import require, visible_cases
from ...workflow.moving_up import GRADUATED
from ...workflow.school_cases import RECRUIT, RECRUIT_ASKS, recruit_route
from .. import trace
from ..administration import policies
from ..casework import case_files
from ..casework.telling import tell
from ..transactions import writes
from . import quotas

WORDS_MOST = 200
HOLD = ("given", "drawn")  # what counts against the number that was agreed
STATES = {"given": ("已签发", "done"), "taken_back": ("已收回", ""), "drawn": ("已调档", "done"), "lapsed": ("已失效", "")}


@dataclass(frozen=True)
class Asked:
    stage: str
    year: int
    from_county: int | None
    number: int | None
    reason: str
    document: str


# ---------------------------------------------------------------- the consent

@writes
def apply(s, asked: Asked, *, actor, today, now, note=""):
    """Returns the case's id."""
    require(actor, "case.start")
    school, source = _checked(s, asked, actor.school_id, today)
    _refuse_second(s, actor.school_id, asked, source)
    theirs, ours = (policies.in_force(s, county, today) for county in (school.county_id, source.id))
    opening = case_files.Opening(
        title=_title(school, source, asked), content=case_files.answered(vars(asked)) | {"source": source.name}, to_school_id=school.id, from_school_id=source.id,
        route=recruit_route(same_city=school.city_id == source.city_id, source_here=source.here), to_policy_id=theirs and theirs.id, from_policy_id=ours and ours.id)
    case_files.begin(s, RECRUIT, [opening], school_id=school.id, actor=actor, today=today, now=now, note=note)
    case = s.get_one(Case, opening.case_id)
    tell(s, "case.started", [case], actor, kind=RECRUIT.kind, number=case.number)
    return case.id


@writes
def resubmit(s, case_id, asked: Asked, *, actor, version, today, now, note=""):
    """After a return (退回补正); stage, year and area make the case, and stay. It goes the whole way again. Returns the case's id."""
    case = case_files.to_mend(s, case_id, [RECRUIT.kind], actor=actor, version=version)
    before = case_files.answers_of(case)
    asked = Asked(before["stage"], before["year"], before["from_county"], asked.number, asked.reason, asked.document)
    _, source = _checked(s, asked, case.school_id, today)
    case.content, case.mend = sealing.seal_json(case_files.answered(vars(asked)) | {"source": source.name}, "cases", case.id, "content"), None
    s.flush()
    case_files.move(s, [case], RECRUIT, "submit", actor=actor, today=today, now=now, said=case_files.Said(note=note))
    after = case_files.answers_of(case)
    tell(s, "case.resubmitted", [case], actor, kind=case.kind, number=case.number,
               changes={RECRUIT_ASKS[name]: [before[name], after[name]] for name in RECRUIT_ASKS if before[name] != after[name]})
    return case.id


def _title(school, source, asked):
    return f"{school.short_name}{asked.year}年{STAGES[asked.stage]}招{source.short_name}"


def _checked(s, asked, school_id, today):
    """(school, source county), the school locked, so that of two applications the second finds the first; everything that is wrong is told at once."""
    wrong = []
    columns = (Body.id, Body.name, Body.short_name, Body.county_id, Body.city_id, Body.province_id, Body.stages, Body.here)
    school = s.execute(select(*columns).where(Body.id == school_id).with_for_update(key_share=True)).one()
    source = asked.from_county and s.execute(select(*columns).where(Body.id == asked.from_county, Body.tier == "county")).one_or_none()
    if asked.stage not in STAGES or asked.stage not in school.stages or asked.stage == "1":
        wrong.append(Refusal("请选择本校招生的学段；小学新生没有可以调取的学籍，不用办理", field="stage"))
    if asked.year not in (today.year, today.year + 1):
        wrong.append(Refusal(f"招生年份请选 {today.year} 年或 {today.year + 1} 年", field="year"))
    if not source:
        wrong.append(Refusal("请选择生源地", field="from_county"))
    elif source.id == school.county_id:
        wrong.append(Refusal("生源地就是本县，不用办理跨区域招生", field="from_county"))
    elif source.province_id != school.province_id:
        wrong.append(Refusal("生源地在外省，不属于跨区域招生备案的范围。请向省级教育行政部门请示", field="from_county"))
    if not isinstance(asked.number, int) or not 1 <= asked.number <= quotas.MOST:
        wrong.append(Refusal(f"请填写招生人数，在 1 和 {quotas.MOST} 之间", field="number"))
    for name, ask in (("reason", "请写明为什么跨区域招生"), ("document", "请填写招生计划文件的名称和文号")):
        words = getattr(asked, name).strip()
        if not words:
            wrong.append(Refusal(ask, field=name))
        elif len(words) > WORDS_MOST:
            wrong.append(Refusal(f"{RECRUIT_ASKS[name]}最多 {WORDS_MOST} 个字，请写短一些", field=name))
    if wrong:
        raise Refusals(wrong)
    return school, source


def _refuse_second(s, school_id, asked, source):
    title = _title(s.execute(select(Body.short_name).where(Body.id == school_id)).one(), source, asked)
    other = s.execute(select(Case.number).where(Case.school_id == school_id, Case.kind == RECRUIT.kind, Case.state.in_(("open", "effective")), Case.title == title)).scalar()
    if other:
        raise Refusal(f"{title}已经申请过（{other}）。要改人数的，请先由核办单位退回或撤销那一件", field="from_county")


def counties_on_offer(person) -> list:
    """[(id, name)] of the other counties of the school's province."""
    rows = db.session.execute(select(Body.id, Body.name).where(Body.tier == "county", Body.province_id == person.province_id, Body.id != person.county_id, Body.state == "open")
                              .order_by(Body.division_code))
    return [tuple(row) for row in rows]


def stages_of(person) -> str:
    """The stages of one's own school into which pupils move up: 初中, 高中."""
    return (db.session.execute(select(Body.stages).where(Body.id == person.school_id)).scalar() or "").replace("1", "")


def facts(case) -> list:
    asked = case_files.answers_of(case)
    return [
        ("学段", STAGES[asked["stage"]], ""), ("招生年份", f"{asked['year']}年", ""), ("生源地", source_of(case), ""), ("招生人数", f"{asked['number']} 人", ""),
        ("招生理由", asked["reason"], "all"), ("招生计划文件", asked["document"], "all"), ("申请学校", f"{case.school} {case.starter_name}", "all"),
    ]


def source_of(case) -> str:
    return sealing.unseal_json(case.content, "cases", case.id, "content")["source"]


def take_effect(s, cases, *, actor, today, now):
    """Nothing of the register changes: instructions may be given from now on."""
    return {}


def undo(s, case, *, actor, today, now):
    """The consent is void, as long as no instruction rests on it."""
    given = s.execute(select(func.count()).select_from(RecruitInstruction).where(RecruitInstruction.case_id == case.id, RecruitInstruction.state.in_(HOLD))).scalar_one()
    if given:
        raise Refusal(f"已签发 {given} 份允许外招指令，不能撤销。请生源地主管部门先收回")
    return []


# ---------------------------------------------------------------- 允许外招指令

def office_of(s, case):
    """(body, duty) of the source authority: who agreed for it, and gives the instructions. None where it is not in this house."""
    name = next(name for name in case.route.split() if name.startswith("from_"))
    return None if name == "from_outside" else case_files.seat_of(s, RECRUIT, case, name, maker_id=None)


def may_give(s, person, case) -> bool:
    return case.kind == RECRUIT.kind and case.state == "effective" and (person.body_id, person.duty) == office_of(s, case)


@writes
def give(s, case_id, number, *, actor, now):
    """For one pupil, by 学籍号 or ID number. Returns the case's id."""
    case = _consent(s, case_id, actor)
    student = _pupil(s, number, case)
    asked = case_files.answers_of(case)
    _check_pupil(s, student, asked)
    used = s.execute(select(func.count()).select_from(RecruitInstruction).where(RecruitInstruction.case_id == case.id, RecruitInstruction.state.in_(HOLD))).scalar_one()
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
    if len(reason) > WORDS_MOST:
        raise Refusal(f"收回的原因最多 {WORDS_MOST} 个字，请写短一些", field="reason")
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


def instructions(case) -> list:
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
