"""What a desk is reminded of beside its cases: suspensions that end (workflows.md 8–11), records still to be made (1), files to be handed over and slips to come
back (3), problem records by their day (19).

A reminder is a question asked of the register on its day, not a row that waits: what has been done reminds nobody any more.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Date, Integer, String, literal, select

from ...identity import grades
from ...identity.dates import chinese
from ...models import Absence, Body, Case, Grade, Student
from ...permissions import schools_of
from ...workflow import deadlines

COMPULSORY = ("1", "2")
ENDING, UNMADE = "suspension", "record"  # the kinds that share the query of tasks.waiting
NEW = ("enrolment", "supplementary")  # kinds of case that make a record
MONTHS_DIFFER = timedelta(days=4)  # a month counted back from a day may reach so much less far than one counted on to it


@dataclass(frozen=True)
class Reminder:
    """`kind` is what is to be begun; `look` late, soon or nothing."""

    student_id: int
    name: str
    school: str
    grade: str
    day: object
    look: str
    words: str
    kind: str


def ending(person, policy, today):
    """Select of the suspensions of the person's schools from the first reminder before their end on, in the columns of tasks.waiting: they share its query."""
    return select(
        Absence.id, Student.name.label("title"), literal(ENDING).label("kind"), Absence.until_on.label("due_on"), Absence.case_id, Student.updated_at.label("made_at"),
        Absence.student_id, Body.short_name.label("number"), Grade.stage, Grade.advanced_to, Grade.length, literal(None, Date).label("since"),
    ).join(Student, Student.id == Absence.student_id).join(Body, Body.id == Absence.school_id).outerjoin(Grade, Grade.id == Student.grade_id).where(
        Absence.school_id.in_(schools_of(person)), Absence.state == "open", Absence.kind == "suspension", Absence.until_on <= policy.suspension_remind_first.after(today))


def read(row, policy, today) -> Reminder:
    look, words, kind = _words(row.due_on, row.stage, policy, today)
    grade = grades.grade_title(row.stage, row.advanced_to, row.length) if row.stage else ""
    return Reminder(row.student_id, row.title, row.number, grade, row.due_on, look, words, kind)


def _words(until, stage, policy, today):
    left = (until - today).days
    if left > 0:
        look = "soon" if until <= policy.suspension_remind_last.after(today) else ""
        return look, f"{chinese(until)}期满，还有 {left} 天：请通知监护人办理复学或续休", "resumption"
    if stage in COMPULSORY:
        if today > policy.not_back_compulsory.after(until):
            return "late", f"{chinese(until)}期满已过 {-left} 天未复学：请劝返，劝返无效的报告辍学（{policy.article('not_back_compulsory')}）", "dropout"
    elif today > policy.not_back_senior.after(until):
        return "late", f"{chinese(until)}期满已过 {-left} 天未复学：请办理退学（{policy.article('not_back_senior')}）", "withdrawal"
    return "late" if left else "soon", f"{chinese(until)}期满{f'已过 {-left} 天' if left else ''}：请通知监护人复学", "resumption"


# ---------------------------------------------------------------- records of new pupils (record_reminder, record_within)

def unmade(person, policy, today):
    """Select of the school's applications for a record that wait longer than the reminder's time, in the columns of tasks.waiting; `late_record` reads them."""
    last = policy.record_reminder.before(today) + MONTHS_DIFFER
    while not _reminds(policy, last, today):
        last -= timedelta(days=1)
    return select(
        Case.id, Case.title, literal(UNMADE).label("kind"), literal(None, Date).label("due_on"), Case.id.label("case_id"), Case.started_at.label("made_at"), Case.student_id,
        Case.number, literal(None, String).label("stage"), literal(None, Integer).label("advanced_to"), literal(None, Integer).label("length"), literal(None, Date).label("since"),
    ).where(Case.school_id == person.school_id, Case.state == "open", Case.kind.in_(NEW), Case.started_at < datetime.combine(last + timedelta(days=1), time()))


def _reminds(policy, begun, today):
    return policy.record_reminder.after(begun) <= today


def late_record(row, policy, calendar, today):
    """(day, look, words) of the record that an application is to end in; None before the reminder's day."""
    begun = row.made_at.date()
    if not _reminds(policy, begun, today):
        return None
    day, article = policy.record_within.after(begun, calendar), policy.article("record_within")
    if today > day:
        return day, "late", f"应在{chinese(day)}以前建立学籍，已超过 {(today - day).days} 天，请催办（{article}）"
    look, _ = deadlines.describe(calendar, today, day, "日")
    left = f"还有 {(day - today).days} 天" if day > today else "今天到期"
    return day, look, f"{chinese(begun)}登记，应在{chinese(day)}以前建立学籍，{left}（{article}）"


# ---------------------------------------------------------------- after a transfer (transfer_papers_valid, file_handover)

def of_receipt(task, policy, calendar, today) -> list:
    """[(look, words)] of a 回执 that is owed: the certificate that runs out, the paper file that goes with it (办法第十五条)."""
    told = []
    if task.due_on:
        look, words = deadlines.describe(calendar, today, task.due_on, "日")
        told += [("late", "证明已过期")] if look == "late" else [(look, f"证明{words}")] if look else []
    if task.since:
        day = policy.file_handover.after(task.since)
        look, words = deadlines.describe(calendar, today, day, "日")
        told.append((look, f"档案应在{chinese(day)}以前移交{f'，{words}' if look else ''}（{policy.article('file_handover')}）"))
    return told


# ---------------------------------------------------------------- problem records (duplicates_by)

def of_problems(due_on: date | None, policy, calendar, today) -> tuple:
    """(look, sentence) of the day by which the nearest of the year's new pupils in question is to be settled."""
    if due_on is None:
        return "", ""
    look, words = deadlines.describe(calendar, today, due_on, "日")
    return look, f"新生的应在{chinese(due_on)}以前处理完，{words}（{policy.article('duplicates_by')}）。"
