"""What the desk of a school is reminded of beside its cases: suspensions that end, and those whose end has passed (workflows.md 8–11).

A reminder is a question asked of the register on its day, not a row that waits: what has been done reminds nobody any more.
"""

from dataclasses import dataclass

from sqlalchemy import literal, select

from ..identity import grades
from ..identity.dates import chinese
from ..models import Absence, Body, Grade, Student
from ..permissions import schools_of

COMPULSORY = ("1", "2")


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
        Absence.id, Student.name.label("title"), literal("suspension").label("kind"), Absence.until_on.label("due_on"), Absence.case_id, Student.updated_at.label("made_at"),
        Absence.student_id, Body.short_name.label("number"), Grade.stage, Grade.advanced_to, Grade.length,
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
