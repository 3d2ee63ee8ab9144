"""Who may do what: one table for the page (`may`), the view (`require`), the list (`visible_…`).

A person signs in, a post (岗位) grants: what counts is the duty of the post that is in use and the body it stands at. Every list, page, file, count,
search and export begins at a `visible_…(person)` select; what it does not hold answers as what does not exist.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from .errors import NotAllowed
from .models import AbsenceNote, Account, Body, Case, CaseParty, Class, Event, Import, Job, Paper, PhotoUpload, Post, ProblemRecord, Student, Suggestion

DUTIES = {
    "province_officer": "省级管理员", "city_officer": "市级管理员", "county_officer": "县学籍管理员", "township_registrar": "乡镇学籍管理员",
    "school_registrar": "学籍管理员", "school_head": "学校审核人", "class_teacher": "班主任",
    "sysadmin": "系统管理员", "security_admin": "安全管理员", "auditor": "审计员",
}
TIER_OF_DUTY = {
    "province_officer": "province", "city_officer": "city", "county_officer": "county", "township_registrar": "township",
    "school_registrar": "school", "school_head": "school", "class_teacher": "school",
}
ADMINISTRATORS = ("sysadmin", "security_admin", "auditor")  # 三员: apart, no pupil data, none held together
OFFICERS = ("county_officer", "city_officer", "province_officer")

# duty → noun → what may be done (DECIDED 5). `change` is a change of standing (异动), of which the county's own is the correction of key items; `numbers` is the reveal of a full number, with a reason and a trace row.
RULES = {
    "school_registrar": {
        "student": "see numbers write print export", "case": "see start withdraw decide", "change": "apply", "import": "see write", "class": "see write check", "document": "print issue",
        "organisation": "see", "calendar": "see", "quota": "see", "job": "see", "suggestion": "see decide", "photo": "see write",
        "problem": "see", "absence": "see write list",
    },
    "school_head": {
        "student": "see numbers print export", "case": "see decide", "import": "see", "class": "see", "document": "print void", "organisation": "see",
        "calendar": "see", "quota": "see", "job": "see", "problem": "see", "absence": "see list",
    },
    "class_teacher": {"student": "see", "class": "see check", "calendar": "see", "suggestion": "see make", "absence": "see write"},
    "township_registrar": {
        "student": "see numbers print export", "case": "see withdraw decide", "class": "see transfer", "import": "see", "document": "print void", "organisation": "see",
        "calendar": "see", "quota": "see", "job": "see", "problem": "see", "absence": "see list",
    },
    "county_officer": {
        "student": "see numbers print export", "case": "see withdraw decide", "change": "apply", "class": "see write", "import": "see", "document": "print void",
        "organisation": "see", "calendar": "see", "quota": "see write", "instruction": "give", "term": "write", "policy": "see write", "job": "see",
        "problem": "see write", "absence": "see list",
    },
    "city_officer": {"case": "see decide", "organisation": "see", "calendar": "see", "quota": "see", "instruction": "give", "policy": "see write"},
    "province_officer": {"case": "see decide", "organisation": "see", "calendar": "see", "quota": "see", "policy": "see write"},
    "sysadmin": {"organisation": "see write", "account": "see write", "calendar": "see write", "policy": "see", "job": "see"},
    "security_admin": {"account": "see", "post": "see grant", "organisation": "see"},
    "auditor": {"audit": "see", "account": "see", "post": "see", "organisation": "see", "calendar": "see", "policy": "see", "job": "see"},
}
_GRANTED = {duty: {f"{noun}.{verb}" for noun, verbs in nouns.items() for verb in verbs.split()} for duty, nouns in RULES.items()}
PERMISSIONS = set().union(*_GRANTED.values()) | {"desk.see", "post.switch", "password.change", "draft.write"}
EVERYONE = {"desk.see", "post.switch", "password.change", "draft.write"}  # whoever is signed in


@dataclass(frozen=True)
class Actor:
    """The person at the desk, in the post in use. Plain values, so that it may cross into a service, a job or a command."""

    account_id: int | None
    name: str
    username: str = ""
    duty: str = ""
    post_id: int | None = None
    body_id: int | None = None
    body_name: str = ""
    tier: str = ""
    province_id: int | None = None
    city_id: int | None = None
    county_id: int | None = None
    township_id: int | None = None
    school_id: int | None = None
    class_id: int | None = None
    posts_count: int = 1
    must_change: bool = False
    sign_in: bytes = b""
    address: str = ""
    today: date | None = None  # the day on which they sit there

    is_authenticated = is_active = True
    is_anonymous = False

    @property
    def duty_title(self):
        return DUTIES.get(self.duty, "未任岗位")

    @property
    def post_title(self):
        return f"{self.body_name} {self.duty_title}".strip()


SYSTEM = Actor(account_id=None, name="系统")  # the standing job and the command line
SEATED = (
    Account.id, Account.name, Account.username, Post.id.label("post_id"), Post.duty, Post.class_id, Body.id.label("body_id"), Body.name.label("body_name"),
    Body.tier, Body.province_id, Body.city_id, Body.county_id, Body.township_id,
)


def seated(row, **rest) -> Actor:
    """The person of a row with the columns SEATED, in that post."""
    return Actor(
        account_id=row.id, name=row.name, username=row.username, duty=row.duty, post_id=row.post_id, body_id=row.body_id, body_name=row.body_name or "",
        tier=row.tier or "", province_id=row.province_id, city_id=row.city_id, county_id=row.county_id, township_id=row.township_id,
        school_id=row.body_id if row.tier == "school" else None, class_id=row.class_id, **rest,
    )


def may(person, permission: str) -> bool:
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    if not person.is_authenticated:
        return False
    return permission in EVERYONE or permission in _GRANTED.get(person.duty, ())


def require(person, permission: str) -> None:
    if not may(person, permission):
        raise NotAllowed(f"您现在的岗位是{person.post_title}，不能办这件事。如果您兼有能办的岗位，请先换岗位。")


# ---------------------------------------------------------------- whose bodies, pupils, cases

class Seat(NamedTuple):
    """All of a person that a select below may ask."""

    is_authenticated: bool
    duty: str
    tier: str
    body_id: int | None
    county_id: int | None
    school_id: int | None
    class_id: int | None
    today: date | None


_seat = attrgetter(*Seat._fields)


def by_seat(make):
    """A select made once for all who sit there, and for what else it is made from: making one takes longer than the engine needs to answer it."""
    made = lru_cache(maxsize=2000)(make)
    return wraps(make)(lambda person, *more: made(Seat(*_seat(person)), *more))


def schools_of(person):
    """Select of the ids of the schools whose pupils this person may see."""
    ids = select(Body.id).where(Body.tier == "school")
    if person.tier == "school":
        return ids.where(Body.id == person.school_id)
    if person.duty == "township_registrar":
        return ids.where(or_(Body.managed_by_id == person.body_id, Body.township_id == person.body_id))
    if person.duty == "county_officer":
        return ids.where(Body.county_id == person.county_id)
    return ids.where(false())


def student_scope(person, pupil=Student):
    """The condition on Student, or on an alias of it, that says which pupils are this person's to see."""
    if not may(person, "student.see"):
        return false()
    if person.duty == "class_teacher":
        return (pupil.school_id == person.school_id) & (pupil.class_id == person.class_id)
    if person.tier == "school":
        return (pupil.county_id == person.county_id) & (pupil.school_id == person.school_id)
    if person.duty == "township_registrar":
        return (pupil.county_id == person.county_id) & pupil.school_id.in_(schools_of(person))
    if person.duty == "county_officer":
        return pupil.county_id == person.county_id
    return false()


@by_seat
def visible_students(person):
    """Pupils of the person's scope, those who left it last from there included; not those whose application ended."""
    return select(Student).where(student_scope(person), Student.lifecycle != "cleared")


@by_seat
def visible_classes(person):
    query = select(Class)
    if person.duty == "class_teacher":
        return query.where(Class.id == person.class_id)
    if person.tier == "school":
        return query.where(Class.school_id == person.school_id)
    if person.duty == "county_officer":
        return query.where(Class.county_id == person.county_id)
    if person.duty == "township_registrar":
        return query.where(Class.school_id.in_(schools_of(person)))
    return query.where(false())


def case_scope(person):
    """Cases that name the person's body as a party; a township's and a county's also those of their schools."""
    if not may(person, "case.see"):
        return false()
    party = exists().where(CaseParty.case_id == Case.id, CaseParty.body_id == person.body_id)  # asked of each case: a list of all would grow with the office
    if person.duty == "county_officer":
        return or_(Case.county_id == person.county_id, party)
    if person.duty == "township_registrar":
        return or_(Case.school_id.in_(schools_of(person)), party)
    if person.duty in OFFICERS and person.today:  # a city, a province: what lies past its day on a desk below (DECIDED 15)
        below = select(Body.id).where(Body.managed_by_id == person.body_id)
        return or_(party, and_(Case.state == "open", Case.due_on < person.today, Case.seat_body_id.in_(below)))
    return party


@by_seat
def visible_cases(person):
    return select(Case).where(case_scope(person))


def paper_scope(person):
    """Papers stay with the school and the county that issued them; a pupil who leaves takes none of them along."""
    if not may(person, "document.print"):
        return false()
    if person.tier == "school":
        return Paper.school_id == person.school_id
    if person.duty == "township_registrar":
        return Paper.school_id.in_(schools_of(person))
    return Paper.county_id == person.county_id


@by_seat
def visible_papers(person):
    """One's own, those that belong to a case that names the person's body as a party, and those of a duplicate that was merged into the record of one's pupil."""
    if not may(person, "document.print"):
        return select(Paper).where(false())
    mine, merged = select(CaseParty.case_id).where(CaseParty.body_id == person.body_id), aliased(Student)
    theirs = select(merged.id).join(Student, Student.id == merged.merged_into_id).where(merged.merged_into_id.is_not(None), student_scope(person))
    return select(Paper).where(or_(paper_scope(person), Paper.case_id.in_(mine), Paper.student_id.in_(theirs)))


def visible_imports(person):
    if not may(person, "import.see"):
        return select(Import).where(false())
    return select(Import).where(Import.school_id.in_(schools_of(person)))


@by_seat
def visible_problems(person):
    """问题学籍 of one's own schools, or county: each side sees its own."""
    if not may(person, "problem.see"):
        return select(ProblemRecord).where(false())
    if person.duty == "county_officer":
        return select(ProblemRecord).where(ProblemRecord.county_id == person.county_id)
    return select(ProblemRecord).where(ProblemRecord.school_id.in_(schools_of(person)))


def visible_suggestions(person):
    """修改建议 for pupils who are in sight: the registrar's, all of the school; a class teacher's, her own."""
    if not may(person, "suggestion.see"):
        return select(Suggestion).where(false())
    query = select(Suggestion).join(Student, Student.id == Suggestion.student_id)
    query = query.where(student_scope(person), Student.lifecycle != "cleared", Suggestion.school_id == person.school_id)
    return query if may(person, "suggestion.decide") else query.where(Suggestion.by_id == person.account_id)


def visible_absence_notes(person):
    """缺课登记: a class teacher's of her own class, a school's, a township's, a county's."""
    if not may(person, "absence.see"):
        return select(AbsenceNote).where(false())
    if person.duty == "class_teacher":
        return select(AbsenceNote).where(AbsenceNote.school_id == person.school_id, AbsenceNote.class_id == person.class_id)
    if person.duty == "county_officer":
        return select(AbsenceNote).where(AbsenceNote.county_id == person.county_id)
    return select(AbsenceNote).where(AbsenceNote.school_id.in_(schools_of(person)))


def visible_photo_uploads(person):
    if not may(person, "photo.see"):
        return select(PhotoUpload).where(false())
    return select(PhotoUpload).where(PhotoUpload.school_id == person.school_id)


def visible_jobs(person):
    return select(Job).where(Job.owner_id == person.account_id)


def visible_bodies(person):
    """The tree is no secret among those who work in it: up to the province, and down to whatever stands below."""
    query = select(Body)
    if person.duty in ADMINISTRATORS:
        return query
    if person.tier == "province":
        return query.where(Body.province_id == person.province_id)
    if person.tier == "city":
        return query.where(or_(Body.city_id == person.city_id, Body.id == person.province_id))
    return query.where(or_(Body.county_id == person.county_id, Body.id.in_([person.city_id, person.province_id])))


def visible_accounts(person):
    return select(Account).where(true() if may(person, "account.see") else false())


def visible_posts(person):
    """Everybody sees their own; whoever keeps or audits accounts sees all."""
    return select(Post).where(true() if may(person, "account.see") else Post.account_id == person.account_id)


def visible_events(person):
    return select(Event).where(true() if may(person, "audit.see") else false())
