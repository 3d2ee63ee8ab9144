"""升学调档 (workflows.md 20): the record of a pupil recruited in another region is drawn by exactly the school that her 允许外招指令 names, once, until the day of the rules.

Handing in draws the instruction and takes a place of the plan; what ends without effect, or is undone, gives both back.
"""

from datetime import date

from sqlalchemy import select, update

from ... import codes, sealing
from ...errors import MovedOn, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity import grades, masks
from ...identity.grades import STAGES
from ...models import Body, Class, Grade, RecruitInstruction, Student
from ...permissions import SYSTEM, require
from ...workflow import deadlines, moving_up
from ...workflow.checks import limit_setting
from ...workflow.moving_up import GRADUATED, MOVING_UP
from .. import trace
from ..administration import policies
from ..casework import case_files, footprints
from ..casework.footprints import Footprint
from ..intake import enrolments
from ..problem_records import problems
from ..standing import balance
from ..transactions import writes
from ..transfer import moving, moving_back, transfer_plans
from . import quotas

CAME = "11"  # student_change: 招生


def _given(*conditions):
    """Instructions with their pupils: what the pages and the acts read of them."""
    return (
        select(RecruitInstruction.id, RecruitInstruction.case_id, Student.id.label("student_id"), RecruitInstruction.school_id, RecruitInstruction.year, RecruitInstruction.state,
               RecruitInstruction.county_id, RecruitInstruction.given_at, Student.name, Student.status, Student.national_no_sealed, Student.school_id.label("old_school_id"),
               Body.name.label("old_school"), Grade.stage)
        .join(Student, Student.id == RecruitInstruction.student_id).join(Body, Body.id == Student.school_id).join(Grade, Grade.id == Student.grade_id)
        .where(*conditions).order_by(RecruitInstruction.id)
    )


def waiting(person, today) -> list:
    """[(id, name, 学籍号 masked, school, stage that she moves up to, year, last day, why not yet)] of those that this school may draw."""
    told = []
    for row in db.session.execute(_given(RecruitInstruction.school_id == person.school_id, RecruitInstruction.state == "given")):
        number = sealing.unseal(row.national_no_sealed, "students", row.student_id, "national_no_sealed")
        why = "" if row.status == GRADUATED else f"{codes.table('student_current_status').label(row.status)}，等原学校办理毕业"
        told.append((row.id, row.name, masks.number(number) if number else "", row.old_school, STAGES[_next(row.stage)], row.year, last_day(db.session, row, today), why))
    return told


def find(person, instruction_id):
    """One that this school may draw; NotFound else."""
    row = db.session.execute(_given(RecruitInstruction.id == instruction_id, RecruitInstruction.school_id == person.school_id, RecruitInstruction.state == "given")).one_or_none()
    if row is None:
        raise NotFound
    return row


def of_case(case):
    """The instruction that a case has drawn."""
    return db.session.execute(_given(RecruitInstruction.id == case_files.content_of(case)["instruction"])).one()


def _next(stage):
    return str(int(stage) + 1)


def last_day(s, row, today) -> date:
    """The day until which an instruction may be drawn, by the rules of the county that gave it."""
    return policies.policy_for(s, row.county_id, today).undrawn_by.in_year(row.year)


def draw_by(person, calendar, today):
    """(day, look, words) of the instruction that this school has to draw first; None where none waits."""
    rows = db.session.execute(select(RecruitInstruction.county_id, RecruitInstruction.year).where(
        RecruitInstruction.school_id == person.school_id, RecruitInstruction.state == "given").distinct()).all()
    if not rows:
        return None
    day = min(last_day(db.session, row, today) for row in rows)
    return day, *deadlines.describe(calendar, today, day, "日")


def classes_on_offer(person, row, *, today) -> list:
    """[(id, words)] of the classes that begin in the year of the instruction."""
    rules = policies.policy_for(db.session, person.county_id, today)
    rows = db.session.execute(
        select(Class.id, Class.headcount, Class.size_limit, Class.number, Class.name, Class.kind, Grade.stage, Grade.advanced_to, Grade.length).join(Grade, Grade.id == Class.grade_id)
        .where(Class.school_id == person.school_id, Class.state == "open", Grade.state == "open", Grade.stage == _next(row.stage), Grade.advanced_to == 1, Grade.entry_year == row.year)
        .order_by(Class.number)
    )
    return [(str(one.id), f"{grades.title_of(one)}（{one.headcount} 人，班额 {one.size_limit or rules[limit_setting(one.stage, one.kind)]} 人）") for one in rows]


# ---------------------------------------------------------------- applying

def preview(instruction_id, class_id, *, actor, today):
    """(instruction, findings) for the page that is read before handing in. Nothing is held by it."""
    row = find(actor, instruction_id)
    return row, _findings(db.session, row, class_id, actor=actor, today=today)


def _findings(s, row, class_id, *, actor, today, rules=None, apart_from=None, lock=False):
    policy = rules or policies.policy_for(s, actor.county_id, today)
    there = moving.place(s, class_id, policy, lock=lock) if class_id else None
    plan = quotas.of(s, actor.school_id, _next(row.stage), row.year)
    return moving_up.check(moving_up.Facts(
        today=today, policy=policy, stage=_next(row.stage), year=row.year, last=last_day(s, row, today), status=row.status,
        status_title=codes.table("student_current_status").label(row.status), open_case=transfer_plans.open_case(s, row.student_id, apart_from),
        problem=problems.is_open(s, row.student_id), goal=there.goal if there and there.school_id == actor.school_id and there.state == "open" else None,
        planned=plan and plan.planned, used=(plan.used if plan else 0) - (1 if apart_from else 0),
    ))


@writes
def apply(s, instruction_id, class_id, *, actor, today, now, note=""):
    """Returns the case's id."""
    require(actor, "case.start")
    if s.scalars(select(RecruitInstruction).where(RecruitInstruction.id == instruction_id, RecruitInstruction.school_id == actor.school_id).with_for_update()).one_or_none() is None:
        raise NotFound
    row = s.execute(_given(RecruitInstruction.id == instruction_id)).one()
    if row.state != "given":
        raise MovedOn("这份允许外招指令已经调档、收回或失效，您这次没有写入，请看最新的情况。")
    found = _findings(s, row, class_id, actor=actor, today=today, lock=True)
    enrolments.refuse_blocks(found)
    quotas.reserve(s, actor.school_id, _next(row.stage), row.year, 1, today=today)
    ours, theirs = (policies.in_force(s, county, today) for county in (actor.county_id, row.county_id))
    grade_id = s.execute(select(Class.grade_id).where(Class.id == class_id)).scalar_one()
    opening = case_files.Opening(
        title=row.name, student_id=row.student_id, class_id=class_id, grade_id=grade_id, findings=found, route=MOVING_UP.ordinary, from_school_id=row.old_school_id,
        to_school_id=actor.school_id, from_policy_id=theirs and theirs.id, to_policy_id=ours and ours.id,
        content=case_files.answered({"to_class": class_id}) | {"instruction": row.id, "year": row.year, "stage": _next(row.stage), "from": row.old_school},
    )
    _mark(s, row.id, "drawn", by=actor.name, now=now)
    return case_files.begin_one(s, MOVING_UP, opening, school_id=actor.school_id, actor=actor, today=today, now=now, note=note)


@writes
def resubmit(s, case_id, class_id, *, actor, version, today, now, note=""):
    """After a return (退回补正): another class, or the same with what was asked for attached. Returns the case's id."""
    case = case_files.to_mend(s, case_id, [MOVING_UP.kind], actor=actor, version=version)
    row = of_case(case)
    found = _findings(s, row, class_id, actor=actor, today=case.started_at.date(), rules=policies.pinned(s, case.to_policy_id), apart_from=case.id, lock=True)
    enrolments.refuse_blocks(found)
    before = case.class_id
    case_files.find_again(s, case.id, found, now=now)
    case.class_id = class_id
    case.grade_id = s.execute(select(Class.grade_id).where(Class.id == class_id)).scalar_one()
    content = case_files.content_of(case) | case_files.answered({"to_class": class_id})
    changes = {"编入班级": [moving.place(s, one, policies.pinned(s, case.to_policy_id)).goal.title for one in (before, class_id)]} if before != class_id else {}
    return case_files.submit_again(s, case, content, changes=changes, actor=actor, today=today, now=now, note=note)


def facts(case) -> list:
    told = case_files.content_of(case)
    number = case.national_no_sealed and sealing.unseal(case.national_no_sealed, "students", case.pupil_id, "national_no_sealed")
    place = grades.class_title(case.stage, case.advanced_to, case.length, case.class_number, case.class_name) if case.stage else ""
    return [
        ("姓名", case.pupil_name, ""), ("学籍号", masks.number(number) if number else "还没有学籍号", "num"), ("毕业学校", told["from"], ""),
        ("允许外招指令", f"{told['year']}年，升入{STAGES[told['stage']]}", ""), ("编入班级", f"{place}，现有 {case.headcount} 人" if place else "", ""),
        ("申请学校", f"{case.school} {case.starter_name}", "all"),
    ]


def _mark(s, instruction_id, state, *, by="", now=None, reason=""):
    s.execute(update(RecruitInstruction).where(RecruitInstruction.id == instruction_id).values(state=state, ended_at=now, ended_by=by, reason=reason))


# ---------------------------------------------------------------- the effect, and what ends otherwise

def take_effect(s, all_cases, *, actor, today, now):
    """A new spell at the school, status 01; the number stays, the county moves with her (DECIDED 2)."""
    told = {}
    for case in all_cases:
        step = Footprint(s, case, actor=actor, now=now)
        student = step.student
        if (student.lifecycle, student.status) != ("left", GRADUATED):
            status = codes.table("student_current_status").label(student.status)
            raise MovedOn(f"{case.title}的学籍在申请以后变了：状态“{status}”。这次没有写入，请核对后清理或撤销本件。")
        there = moving.place(s, case.class_id, policies.pinned(s, case.to_policy_id), lock=True)
        if there.state != "open" or there.goal.headcount >= there.goal.limit:
            why = f"已有 {there.goal.headcount} 人，班额 {there.goal.limit} 人，没有学位" if there.state == "open" else "已经不在用"
            raise Refusal(f"{there.goal.title}{why}。请退回后改编入其他班", field="to_class")
        before = student._mapping
        step.pupil(status="01", lifecycle="live", school_id=there.school_id, county_id=there.county_id, grade_id=there.grade_id, class_id=there.class_id, class_no="",
                   entry_month=f"{case_files.content_of(case)['year']}09")
        step.open_spell(school_id=there.school_id, county_id=there.county_id, grade_id=there.grade_id, class_id=there.class_id, class_no="", came_by=CAME, day=today)
        step.keep()
        moving.rekey(s, student.id, student.county_id, there.county_id, there.school_id)
        balance.book(s, case, before, step.place, day=today, now=now)
        told = {"from": case_files.content_of(case)["from"], "to": there.title}
    return told


def release(s, all_cases, *, actor, today, now):
    """Refused, withdrawn, cleared: the instruction stands as before, and the place of the plan is free."""
    for case in all_cases:
        _give_back(s, case)
    return {}


def _give_back(s, case):
    told = case_files.content_of(case)
    quotas.release(s, case.school_id, told["stage"], told["year"], 1)
    _mark(s, told["instruction"], "given")


def undo(s, case, *, actor, today, now):
    """She is again a graduate of her old school."""
    found = [f"升学调档以后又有{one}，请先撤销它" for one in footprints.later_cases(s, case)]
    found = found or [f"{sentence}，不能撤销升学调档" for sentence in footprints.standing(s, case)]
    if found:
        raise Refusals([Refusal(sentence) for sentence in found])
    before, after, findings = footprints.undo(s, case, actor=actor, today=today, now=now)
    moving_back.follow_back(s, before, after)
    balance.book_reversal(s, case, case.kind, before, after, day=today, now=now)
    _give_back(s, case)
    return findings


# ---------------------------------------------------------------- the clock

def lapse_due(*, today, now) -> int:
    """Instructions that nobody drew by their day: each an act of its own. Returns how many."""
    rows = db.session.execute(_given(RecruitInstruction.state == "given", RecruitInstruction.year <= today.year)).all()
    return sum(_lapse(row.id, now=now) for row in rows if last_day(db.session, row, today) < today)


@writes(traced=False)
def _lapse(s, instruction_id, *, now) -> bool:
    s.scalars(select(RecruitInstruction).where(RecruitInstruction.id == instruction_id).with_for_update()).one()
    row = s.execute(_given(RecruitInstruction.id == instruction_id)).one()
    if row.state != "given":
        return False  # somebody was faster than the clock
    _mark(s, row.id, "lapsed", by=SYSTEM.name, now=now)
    school, county = s.execute(select(Body.name, Body.county_id).where(Body.id == row.school_id)).one()
    for chain in sorted({county, row.county_id}):
        trace.record(s, "instruction.lapsed", actor=SYSTEM, chain=chain, subjects=[row.student_id], school=school, year=row.year)
    return True
