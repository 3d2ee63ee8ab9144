"""What the pages of 缺课与劝返 read: the list, one absence with its visits, whom one may be noted for; and what is due of each on a day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy import case as case_of

from ... import codes
from ...errors import NotFound
from ...extensions import db
from ...identity.dates import chinese
from ...models import AbsenceNote, Body, Case, Class, Grade, Student, Visit
from ...permissions import may, visible_absence_notes, visible_classes, visible_students
from ...workflow import school_days
from ..administration import calendars, policies
from ..pupils.listing import PLACE, class_of
from . import absences

PAGE = 100
MOST = 1000  # absences that a desk looks through: exact up to here (DECIDED 24)
GOING = ("dropout", "withdrawal", "expulsion")
SENIOR = "3"
DUTIES = {"report": ("class_teacher", "school_registrar"), "visit": ("class_teacher", "school_registrar"), "dropout": ("school_registrar",), "withdrawal": ("school_registrar",)}


@dataclass(frozen=True)
class Line:
    """An absence as a list shows it: `kind` is what is to be done next (report, visit, dropout, withdrawal, or nothing yet), since `day`."""

    row: object
    class_title: str
    days: int
    kind: str
    day: date | None
    look: str
    words: str

    @property
    def duties(self):
        return DUTIES.get(self.kind, ())


COLUMNS = (
    AbsenceNote.id, AbsenceNote.student_id, AbsenceNote.school_id, AbsenceNote.county_id, AbsenceNote.from_on, AbsenceNote.state, AbsenceNote.note, AbsenceNote.noted_by,
    AbsenceNote.noted_at, AbsenceNote.reported_at, AbsenceNote.reported_by, AbsenceNote.reason, AbsenceNote.whereabouts, AbsenceNote.situation, AbsenceNote.ended_on,
    AbsenceNote.ended_at, AbsenceNote.ended_by, AbsenceNote.end_note, AbsenceNote.case_id, Student.name, Student.status, Body.short_name.label("school"), *PLACE,
    select(func.count()).select_from(Visit).where(Visit.note_id == AbsenceNote.id).scalar_subquery().label("visits"),
    exists().where(Case.student_id == AbsenceNote.student_id, Case.state == "open", Case.kind.in_(GOING)).label("going"),
)


def _rows(person):
    return (
        visible_absence_notes(person).join(Student, Student.id == AbsenceNote.student_id).join(Body, Body.id == AbsenceNote.school_id)
        .outerjoin(Class, Class.id == AbsenceNote.class_id).outerjoin(Grade, Grade.id == GRADE).with_only_columns(*COLUMNS)
    )


# That of the class on that day; without one her own, unless she has left since.
GRADE = func.coalesce(Class.grade_id, case_of((Student.school_id == AbsenceNote.school_id, Student.grade_id), else_=None))
OPEN = (AbsenceNote.state == "open", AbsenceNote.school_id == Student.school_id)


def listed(person, today, *, ended=False, after=None) -> list[Line]:
    """Those that go on, the longest away first; or those that ended, the latest first. One more than a page when there are more; `after` is the last one's id."""
    query = _rows(person)
    if ended:
        query = query.where(AbsenceNote.state != "open").order_by(AbsenceNote.id.desc())
        query = query.where(AbsenceNote.id < after) if after else query
    else:
        query = query.where(*OPEN).order_by(AbsenceNote.from_on, AbsenceNote.id)
        if after and (since := db.session.scalar(visible_absence_notes(person).with_only_columns(AbsenceNote.from_on).where(AbsenceNote.id == after))):
            query = query.where(or_(AbsenceNote.from_on > since, and_(AbsenceNote.from_on == since, AbsenceNote.id > after)))
    return _lines(db.session.execute(query.limit(PAGE + 1)).all(), policies.policy_for(db.session, person.county_id, today), person.county_id, today)


def going_on(person):
    """A column: how many absences go on in this person's sight, to be asked along with other figures."""
    return visible_absence_notes(person).with_only_columns(func.count()).where(AbsenceNote.state == "open").scalar_subquery().label("absent")


def due(person, policy, calendar, today) -> list[Line]:
    """All that this person has to do today about absences, the oldest first."""
    rows = db.session.execute(_rows(person).where(*OPEN).order_by(AbsenceNote.from_on, AbsenceNote.id).limit(MOST + 1)).all()
    return [line for line in _lines(rows, policy, person.county_id, today, calendar) if person.duty in line.duties]


def _lines(rows, policy, county_id, today, calendar=None):
    if not rows:
        return []
    calendar, terms = calendar or calendars.calendar(db.session), calendars.terms(db.session, county_id)
    return [_line(row, policy, calendar, terms, today) for row in rows]


def _line(row, policy, calendar, terms, today):
    last = today if row.state == "open" else row.ended_on
    days = school_days.missed(row.from_on, last, calendar, terms) - (row.state == "back" and school_days.is_school_day(last, calendar, terms))
    if row.state != "open":
        return Line(row, class_of(row), days, "", None, "", "")
    kind, number, look, words = _next(row, days, policy, calendar, today)
    day = school_days.day_of(row.from_on, number, calendar, terms) if number else None
    if not kind and number and day:
        words = f"{chinese(day)}满 {number} 个上课日{words}"
    return Line(row, class_of(row), days, kind, day, look, words if kind or day else "")


def _next(row, days, policy, calendar, today):
    """(what is to be done, school days that make it due, look, words)"""
    if row.going:
        return "", 0, "run", ""
    if row.stage == SENIOR and row.status == "01":
        if today >= policy.senior_absence_on_end.after(row.from_on - school_days.DAY, calendar):
            return "withdrawal", 0, "late", f"连续旷课满 {policy.senior_absence_on_end}：仍不返校的，可以办理退学（{policy.article('senior_absence_on_end')}）"
    elif row.status == "01" and days >= policy.absence_dropout:
        if row.visits < policy.dropout_visits:
            return "visit", policy.absence_dropout, "late", f"缺课满 {policy.absence_dropout} 个上课日，劝返 {row.visits} 次：请劝返并登记，再报告辍学（{policy.article('dropout_visits')}）"
        return "dropout", policy.absence_dropout, "late", f"缺课满 {policy.absence_dropout} 个上课日：请报告辍学（{policy.article('absence_dropout')}）"
    if days < policy.absence_report:
        return "", policy.absence_report, "", "，届时填写情况报告"
    if row.reported_at is None:
        return "report", policy.absence_report, "soon", f"缺课满 {policy.absence_report} 个上课日：请填写辍学学生情况报告（{policy.article('absence_report')}）"
    if row.visits < policy.dropout_visits:
        return "visit", policy.absence_report, "soon", "请劝返并登记"
    return "", policy.absence_dropout if row.stage != SENIOR else 0, "", "，仍不返校的报告辍学"


# ---------------------------------------------------------------- one of them

def page_of(person, note_id, today):
    """(Line, visits, reason in words)"""
    row = db.session.execute(_rows(person).where(AbsenceNote.id == note_id)).one_or_none()
    if row is None:
        raise NotFound
    (line,) = _lines([row], policies.policy_for(db.session, person.county_id, today), row.county_id, today)
    return line, absences.visits_of(db.session, note_id), codes.table("dropout_reason").label(row.reason) if row.reason else ""


def may_write(person, row) -> bool:
    return may(person, "absence.write") and row.state == "open" and row.school_id == person.school_id


def classes(person) -> list:
    """[(id, title)] of the classes whose pupils this person may note: a class teacher's own, all of the registrar's school."""
    rows = db.session.execute(
        visible_classes(person).with_only_columns(Class.id, *PLACE).join(Grade, Grade.id == Class.grade_id)
        .where(Class.school_id == person.school_id, Class.state == "open").order_by(Grade.stage, Grade.advanced_to, Class.number)
    )
    return [(row.id, class_of(row)) for row in rows]


def pupils(person, class_id) -> list:
    """[(id, words)] of those of a class who are in class or whose suspension is over."""
    rows = db.session.execute(
        visible_students(person).with_only_columns(Student.id, Student.name, Student.class_no)
        .where(Student.school_id == person.school_id, Student.class_id == class_id, Student.lifecycle == "live", Student.status.in_(("01", "02")))
        .order_by(Student.class_no == "", func.length(Student.class_no), Student.class_no, Student.name_sort, Student.id)
    )
    return [(row.id, f"{row.class_no} {row.name}".strip()) for row in rows]


def class_of_pupil(person, student_id):
    """The class of a pupil in sight; NotFound for others."""
    row = db.session.execute(visible_students(person).with_only_columns(Student.class_id).where(Student.id == student_id, Student.school_id == person.school_id)).one_or_none()
    if row is None:
        raise NotFound
    return row.class_id
