"""缺课 and 劝返 (workflows.md 11): a class teacher notes that a pupil of her class stays away without leave, each visit that asks her back, and the 辍学学生情况报告; a return ends it.

    note_id = absences.note(student_id, date(2026, 9, 7), "", actor=teacher, today=today, now=now)
    absences.visit(note_id, Visited(date(2026, 9, 14), "李老师、王校长", "home", "家长答应下周送回"), actor=teacher, today=today, now=now)
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select

from ... import codes
from ...errors import MovedOn, NotFound, Refusal, Refusals
from ...identity.dates import chinese
from ...models import Absence, AbsenceNote, Enrolment, Student, Visit, new_id
from ...permissions import require, visible_absence_notes, visible_students
from ...workflow import school_days
from ...workflow.dropout_checks import Missed
from .. import trace
from ..administration import calendars
from ..transactions import writes

MANNERS = {"home": "入户家访", "phone": "电话", "letter": "信函、短信", "office": "会同乡镇、村（社区）劝返"}
STATES = {"open": ("缺课中", "soon"), "back": ("已返校", "done"), "gone": ("已转办业务", ""), "void": ("已作废", "")}
WORDS, NAMES, RESULT = 200, 40, 120  # characters: what the 辍学学生报告单 has room for
WHEREABOUTS = 60


@dataclass(frozen=True)
class Visited:
    visited_on: date | None
    visitors: str
    manner: str
    result: str


@dataclass(frozen=True)
class Report:
    """辍学学生情况报告: `reason` is a code of dropout_reason."""

    reason: str
    whereabouts: str
    situation: str = ""


# ---------------------------------------------------------------- what changes of standing ask

def open_note(s, student_id, *, lock=False):
    """The absence that goes on at the school where she is; None where there is none."""
    query = (
        select(AbsenceNote).join(Student, Student.id == AbsenceNote.student_id)
        .where(AbsenceNote.student_id == student_id, AbsenceNote.state == "open", AbsenceNote.school_id == Student.school_id)
    )
    return s.scalars(query.with_for_update(of=AbsenceNote) if lock else query).one_or_none()


def visits_of(s, note_id) -> list:
    """In the order of their days."""
    return s.execute(
        select(Visit.visited_on, Visit.visitors, Visit.manner, Visit.result, Visit.noted_by).where(Visit.note_id == note_id).order_by(Visit.visited_on, Visit.id)
    ).all()


def missed(s, student_id) -> Missed | None:
    row = open_note(s, student_id)
    return row and Missed(row.from_on, s.execute(select(func.count()).select_from(Visit).where(Visit.note_id == row.id)).scalar_one())


def reported(s, student_id) -> dict:
    """What the class teacher has told the school, for the form of the 辍学报告."""
    row = open_note(s, student_id)
    return {"reason": row.reason, "whereabouts": row.whereabouts, "explanation": row.situation} if row and row.reported_at else {}


def spans_of(s, student_id) -> list:
    """[(first day, day of return or None)] of all her absences without leave."""
    return s.execute(
        select(AbsenceNote.from_on, AbsenceNote.ended_on).where(AbsenceNote.student_id == student_id, AbsenceNote.state.in_(("open", "back"))).order_by(AbsenceNote.from_on)
    ).all()


# ---------------------------------------------------------------- the acts

@writes
def note(s, student_id, from_on, words, *, actor, today, now):
    """Note that a pupil stays away, from the first school day missed. Returns the note's id."""
    require(actor, "absence.write")
    pupil = s.execute(
        visible_students(actor).with_only_columns(Student.id, Student.name, Student.county_id, Student.school_id, Student.class_id, Student.status, Student.lifecycle)
        .where(Student.id == student_id, Student.school_id == actor.school_id).with_for_update(of=Student)
    ).one_or_none()
    if pupil is None:
        raise NotFound
    end = _end_of_suspension(s, pupil, today)
    before = s.scalars(select(AbsenceNote).where(AbsenceNote.student_id == student_id, AbsenceNote.state == "open").with_for_update()).one_or_none()
    if before and before.school_id == actor.school_id:
        raise Refusal(f"{pupil.name}的缺课已由{before.noted_by}登记（从{chinese(before.from_on)}起），请在那里登记劝返", field="student")
    if before:  # it began at the school that she left
        before.state, before.ended_on, before.ended_at, before.ended_by_id, before.ended_by, before.end_note = "gone", today, now, actor.account_id, actor.name, "已转学"
        s.flush()
    wrong = _faults(s, pupil, end, from_on, today)
    if len(words) > WORDS:
        wrong.append(Refusal(f"说明最多 {WORDS} 个字，请写短一些", field="note"))
    if wrong:
        raise Refusals(wrong)
    row = {"id": new_id(), "county_id": pupil.county_id, "school_id": pupil.school_id, "class_id": pupil.class_id, "student_id": pupil.id, "from_on": from_on, "note": words,
           "state": "open", "noted_at": now, "noted_by_id": actor.account_id, "noted_by": actor.name}
    s.execute(insert(AbsenceNote).values(row))
    trace.record(s, "absence.noted", actor=actor, chain=pupil.county_id, subjects=[pupil.id], absent_from=chinese(from_on), note=words)
    return row["id"]


def _end_of_suspension(s, pupil, today):
    """The day on which her suspension ended, of a pupil who is not back from it; None of one who is in class. Others cannot be absent without leave."""
    if pupil.lifecycle == "live" and pupil.status == "01":
        return None
    if pupil.lifecycle == "live" and pupil.status == "02":
        end = s.execute(select(Absence.until_on).where(Absence.student_id == pupil.id, Absence.state == "open")).scalar()
        if end is not None and end < today:
            return end
        raise Refusal(f"{pupil.name}在休学{f'，到{chinese(end)}期满' if end else ''}，期满没有复学的才登记缺课", field="student")
    status = codes.table("student_current_status").label(pupil.status) if pupil.status else "正在登记"
    raise Refusal(f"{pupil.name}的状态是“{status}”，不登记缺课", field="student")


def _faults(s, pupil, end, from_on, today):
    if from_on is None:
        return [Refusal("请填写第一个没有到校的上课日，如 2026年9月1日", field="from_on")]
    if from_on > today:
        return [Refusal("缺课日期不能晚于今天", field="from_on")]
    if end is not None and from_on <= end:
        return [Refusal(f"休学到{chinese(end)}期满，缺课从期满以后算起", field="from_on")]
    came_on = s.execute(select(Enrolment.from_on).where(Enrolment.student_id == pupil.id, Enrolment.state == "open")).scalar()
    if came_on and from_on < came_on:
        return [Refusal(f"{pupil.name}在{chinese(came_on)}才到本校，缺课日期不能早于这一天", field="from_on")]
    if not school_days.is_school_day(from_on, calendars.calendar(s), calendars.terms(s, pupil.county_id)):
        return [Refusal(f"{chinese(from_on)}不是上课日（休息日、节假日，或不在学期内），请填写第一个没有到校的上课日", field="from_on")]
    back = s.execute(select(func.max(AbsenceNote.ended_on)).where(AbsenceNote.student_id == pupil.id, AbsenceNote.state == "back")).scalar()
    if back and from_on < back:
        return [Refusal(f"{pupil.name}上一次缺课在{chinese(back)}返校，缺课日期不能早于这一天", field="from_on")]
    return []


@writes
def visit(s, note_id, visited: Visited, *, actor, today, now):
    """劝返记录. Returns the note's id."""
    row = _going_on(s, note_id, actor)
    wrong = []
    if visited.visited_on is None or not row.from_on <= visited.visited_on <= today:
        wrong.append(Refusal(f"请填写劝返的日期，在缺课的{chinese(row.from_on)}和今天之间", field="visited_on"))
    wrong += _words(visited.visitors, "visitors", "请填写劝返人，如“班主任李文静、副校长王强”", NAMES)
    if visited.manner not in MANNERS:
        wrong.append(Refusal("请选择劝返的方式", field="manner"))
    wrong += _words(visited.result, "result", "请写明劝返的结果，如“家长答应下周一送孩子返校”", RESULT)
    if wrong:
        raise Refusals(wrong)
    s.execute(insert(Visit).values(
        id=new_id(), county_id=row.county_id, note_id=row.id, visited_on=visited.visited_on, visitors=visited.visitors, manner=visited.manner, result=visited.result,
        noted_at=now, noted_by_id=actor.account_id, noted_by=actor.name,
    ))
    trace.record(s, "absence.visited", actor=actor, chain=row.county_id, subjects=[row.student_id], visited_on=chinese(visited.visited_on), visitors=visited.visitors,
                 manner=MANNERS[visited.manner], result=visited.result)
    return row.id


@writes
def report(s, note_id, told: Report, *, actor, now):
    """辍学学生情况报告 to the school (粤教基〔2009〕3号); a later one replaces it. Returns the note's id."""
    row = _going_on(s, note_id, actor)
    wrong = [] if told.reason in codes.table("dropout_reason") else [Refusal("请选择缺课的原因", field="reason")]
    wrong += _words(told.whereabouts, "whereabouts", "请写明学生现在的去向，不知道的写明下落不明和最后一次联系的日期", WHEREABOUTS)
    if len(told.situation) > WORDS:
        wrong.append(Refusal(f"情况说明最多 {WORDS} 个字，请写短一些", field="situation"))
    if wrong:
        raise Refusals(wrong)
    row.reported_at, row.reported_by, row.reason, row.whereabouts, row.situation = now, actor.name, told.reason, told.whereabouts, told.situation
    trace.record(s, "absence.reported", actor=actor, chain=row.county_id, subjects=[row.student_id], reason=codes.table("dropout_reason").label(told.reason), whereabouts=told.whereabouts)
    return row.id


@writes
def come_back(s, note_id, back_on, words, *, actor, today, now):
    """She is back in class from that day. Returns the note's id."""
    row = _going_on(s, note_id, actor)
    if back_on is None or not row.from_on < back_on <= today:
        raise Refusal(f"请填写返校上课的日期，在缺课的{chinese(row.from_on)}以后、今天以前", field="back_on")
    _end(row, "back", words, back_on, actor, now)
    trace.record(s, "absence.ended", actor=actor, chain=row.county_id, subjects=[row.student_id], back_on=chinese(back_on), note=words)
    return row.id


@writes
def void(s, note_id, reason, *, actor, today, now):
    """It was noted by mistake. Returns the note's id."""
    row = _going_on(s, note_id, actor)
    if wrong := _words(reason, "reason", "请写明作废的原因，如“家长已经请假”"):
        raise wrong[0]
    _end(row, "void", reason, today, actor, now)
    trace.record(s, "absence.voided", actor=actor, chain=row.county_id, subjects=[row.student_id], absent_from=chinese(row.from_on), reason=reason)
    return row.id


def _end(row, state, words, day, actor, now):
    if len(words) > WORDS:
        raise Refusal(f"最多 {WORDS} 个字，请写短一些", field="note")
    row.state, row.end_note, row.ended_on, row.ended_at, row.ended_by_id, row.ended_by = state, words, day, now, actor.account_id, actor.name


def _words(text, field, ask, most=WORDS):
    if not text:
        return [Refusal(ask, field=field)]
    return [Refusal(f"最多 {most} 个字，请写短一些", field=field)] if len(text) > most else []


def _going_on(s, note_id, actor):
    """The note, locked, while the absence goes on; NotFound for who may not see it."""
    require(actor, "absence.write")
    row = s.scalars(visible_absence_notes(actor).where(AbsenceNote.id == note_id, AbsenceNote.school_id == actor.school_id).with_for_update(of=AbsenceNote)).one_or_none()
    if row is None:
        raise NotFound
    if row.state != "open":
        raise MovedOn(f"这次缺课{STATES[row.state][0]}（{row.ended_by}，{chinese(row.ended_at.date())} {row.ended_at:%H:%M}），您这次没有写入。")
    return row
