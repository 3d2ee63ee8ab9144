"""问题学籍 that the register itself shows (workflows 19), looked for each night: a number that another record has, one child twice without a number, a pupil on the roll who
stays away. What was found once is not found again: not while it stands open, and not after it was settled.

Two numbers one digit apart are no problem by themselves; whether a number and a name agree, only the police's list tells.
"""

from datetime import timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from ...extensions import db
from ...identity.dates import chinese
from ...models import AbsenceNote, Body, Case, PersonNumber, ProblemRecord, Student
from ...permissions import SYSTEM
from ...workflow import school_days
from ..administration import calendars, policies
from ..standing import changes
from . import problems

MOST = 500  # of a kind, a county and a night; the others are found the next
NUMBER_TWICE, SAME_PERSON, AWAY = "01", "05", "11"
SAYS = {
    NUMBER_TWICE: "本系统查重：身份证件号与另一份学籍相同，请核对是不是同一名学生",
    SAME_PERSON: "本系统查重：姓名、性别、出生日期与另一份学籍相同，其中有一份没有身份证件号，请核对是不是同一名学生",
}
ONE, OTHER = aliased(Student), aliased(Student)
HERE = ("live", "left")


def look(*, now) -> int:
    """All counties. Returns how many were found."""
    counties = db.session.scalars(select(Body.id).where(Body.tier == "county").order_by(Body.id)).all()
    return sum(look_in(county_id, today=now.date(), now=now) for county_id in counties)


def look_in(county_id, *, today, now) -> int:
    pairs = [(NUMBER_TWICE, pair) for pair in _pairs(_number_twice(county_id), NUMBER_TWICE)] + [(SAME_PERSON, pair) for pair in _pairs(_same_person(county_id), SAME_PERSON)]
    found = sum(problems.found_by_check(kind, pair, SAYS[kind], actor=SYSTEM, today=today, now=now) for kind, pair in pairs)
    return found + sum(problems.found_by_check(AWAY, (row.student_id,), words, actor=SYSTEM, today=today, now=now) for row, words in _away(county_id, today))


def _pairs(query, kind):
    """Each two once, who have never been the two sides of such a problem, and of whom none stands open for it."""
    mine, theirs = aliased(ProblemRecord), aliased(ProblemRecord)
    asked = exists().where(mine.student_id == ONE.id, theirs.student_id == OTHER.id, mine.kind == kind, theirs.pair_id == mine.pair_id)
    waiting = exists().where(mine.student_id.in_((ONE.id, OTHER.id)), mine.kind == kind, mine.state == "open")
    rows = db.session.execute(query.where(~asked, ~waiting).order_by(ONE.id, OTHER.id).limit(MOST)).all()
    return list(dict.fromkeys((min(row), max(row)) for row in rows))


def _number_twice(county_id):
    """Her document number is registered as another's: a look into the registry for each pupil."""
    return (
        select(ONE.id, OTHER.id.label("other")).join(PersonNumber, and_(PersonNumber.kind == "id_doc", PersonNumber.index == ONE.id_doc_no_index)).join(OTHER, OTHER.id == PersonNumber.student_id)
        .where(ONE.county_id == county_id, ONE.lifecycle == "live", PersonNumber.student_id != ONE.id, OTHER.lifecycle.in_(HERE))
    )


def _same_person(county_id):
    """Who has no document number is looked for by birth date and name; there are few."""
    return (
        select(ONE.id, OTHER.id.label("other")).join(OTHER, and_(OTHER.birth_date == ONE.birth_date, OTHER.name == ONE.name, OTHER.sex == ONE.sex, OTHER.id != ONE.id))
        .where(ONE.county_id == county_id, ONE.lifecycle == "live", ONE.id_doc_no_index.is_(None), OTHER.lifecycle == "live")
    )


def _away(county_id, today):
    """[(row, words)] of pupils on the roll (人籍分离) who have stayed away for longer than a dropout is reported after, and for whom nothing is under way."""
    policy = policies.policy_for(db.session, county_id, today)
    calendar, terms = calendars.calendar(db.session), changes.terms_of(db.session, county_id)
    rows = db.session.execute(
        select(AbsenceNote.student_id, AbsenceNote.from_on).join(Student, Student.id == AbsenceNote.student_id)
        .where(
            AbsenceNote.county_id == county_id, AbsenceNote.state == "open", AbsenceNote.from_on < today - timedelta(days=policy.absence_dropout),
            Student.lifecycle == "live", Student.status == "01", Student.school_id == AbsenceNote.school_id,
            ~exists().where(ProblemRecord.student_id == AbsenceNote.student_id, ProblemRecord.kind == AWAY, or_(ProblemRecord.state == "open", ProblemRecord.found_on >= AbsenceNote.from_on)),
            ~exists().where(Case.student_id == AbsenceNote.student_id, Case.state == "open"),
        ).order_by(AbsenceNote.from_on, AbsenceNote.id).limit(MOST)
    ).all()
    told = []
    for row in rows:
        last = school_days.day_of(row.from_on, policy.absence_dropout, calendar, terms)
        if last is not None and last < today:
            told.append((row, f"本系统核对：从{chinese(row.from_on)}起缺课，已满 {policy.absence_dropout} 个上课日，仍在册，没有办理辍学、转学等业务"))
    return told

