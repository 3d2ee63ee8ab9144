"""What the page of one pupil shows, in six queries: the record, the family, the spells (and awards and punishments), the cases, the papers, what happened."""

from collections import namedtuple
from dataclasses import dataclass

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from ... import codes
from ...errors import NotFound
from ...extensions import ask, db
from ...identity import masks
from ...identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, show
from ...models import Account, Body, Case, Class, Conduct, Enrolment, Grade, Guardian, Post, ProblemRecord, Student
from ...permissions import by_seat, may, student_scope, visible_cases, visible_students
from ...workflow.flows import FLOWS, STATES
from ..paperwork import paper_pages
from . import conduct, records, timelines
from .listing import PLACE, class_of, state_of

LATEST = 8  # of the timeline; the whole of it has a page of its own
SECTIONS = {
    "基本信息": (
        "name", "name_pinyin", "former_name", "sex", "birth_date", "ethnicity", "birth_place_code", "native_place", "nationality", "id_doc_type",
        "id_valid_period", "overseas_status", "health_status", "political_status", "is_young_pioneer", "hukou_place_code", "hukou_nature", "hukou_address", "talent",
    ),
    "学籍信息": (
        "entry_month", "admission_mode", "attendance_mode", "student_source", "student_category", "student_kind", "in_register", "in_school", "student_code",
        "main_number", "compulsory_card_no",
    ),
    "联系方式": ("phone", "postcode", "email", "homepage", "current_address", "home_address", "mail_address"),
    "扩展信息": (
        "is_only_child", "had_preschool", "left_behind", "is_migrant_child", "is_orphan", "is_martyr_child", "inclusive_class", "disability_type",
        "gov_bought_place", "wants_aid", "has_boarding_subsidy", "poverty_status", "poverty_from", "poverty_until", "commute_km", "commute_mode", "needs_school_bus", "remark",
    ),
}
ACROSS = {"current_address", "home_address", "mail_address", "hukou_address", "talent", "remark", "homepage"}


# The statements are made once: making one takes longer than the engine needs to answer it. Whose pupils and cases are meant is added below, once for each seat.
PUPIL = bindparam("pupil")
TEACHER = (
    select(Account.name).join(Post, Post.account_id == Account.id)
    .where(Post.class_id == Student.class_id, Post.duty == "class_teacher", Post.state == "active").order_by(Post.from_on, Post.id).limit(1)
    .correlate(Student).scalar_subquery().label("teacher")
)
PROBLEM = (
    select(ProblemRecord.id).where(ProblemRecord.student_id == Student.id, ProblemRecord.state == "open").order_by(ProblemRecord.id).limit(1)
    .correlate(Student).scalar_subquery().label("problem_id")
)
KEPT, KEPT_AT, MERGED = aliased(Student), aliased(Body), aliased(Student)
HAS_CONDUCT = exists().where(Conduct.student_id == Student.id).correlate(Student).label("has_conduct")  # most have none, and are not asked for it
HAS_MERGED = exists().where(MERGED.merged_into_id == Student.id).correlate(Student).label("has_merged")
RECORD = (
    select(*(column for column in Student.__table__.columns if not column.name.endswith("_index")), Body.name.label("school"), *PLACE, Grade.entry_year, TEACHER, PROBLEM, HAS_CONDUCT,
           HAS_MERGED).select_from(Student)
    .join(Body, Body.id == Student.school_id).outerjoin(Grade, Grade.id == Student.grade_id).outerjoin(Class, Class.id == Student.class_id)
    .where(Student.id == PUPIL)
)
FAMILY = (
    select(*(column for column in Guardian.__table__.columns if not column.name.endswith("_index")))
    .where(Guardian.student_id == PUPIL, Guardian.state == "live").order_by(Guardian.position, Guardian.id)
)
SPELLS = (
    select(Enrolment.id, Enrolment.student_id, Enrolment.state, Enrolment.note, Enrolment.from_on, Enrolment.until_on, Enrolment.came_by, Enrolment.left_by, Enrolment.case_id,
           Body.name.label("school"), Grade.entry_year, Class.number, Class.name.label("class_name"), Case.number.label("case_number"))
    .join(Body, Body.id == Enrolment.school_id).outerjoin(Grade, Grade.id == Enrolment.grade_id).outerjoin(Class, Class.id == Enrolment.class_id)
    .outerjoin(Case, Case.id == Enrolment.case_id).order_by(Enrolment.from_on.desc(), Enrolment.id.desc())
)
ENTRY = namedtuple("Entry", [column.key for column in conduct.COLUMNS])
ENTRIES = [column.label(f"conduct_{column.key}") for column in conduct.COLUMNS]
MORE = (  # what few records have comes with the spells, each spell with each entry of 奖惩: those of a duplicate, and into which record this one was merged
    SPELLS.add_columns(KEPT_AT.name.label("kept_at"), *ENTRIES).outerjoin(Student, Student.id == PUPIL).outerjoin(KEPT, KEPT.id == Student.merged_into_id)
    .outerjoin(KEPT_AT, KEPT_AT.id == KEPT.school_id).outerjoin(Conduct, records.hers(Conduct.student_id, PUPIL)).where(records.hers(Enrolment.student_id, PUPIL))
)
SPELLS = SPELLS.where(Enrolment.student_id == PUPIL)
SEAT = aliased(Body)
CASES = (
    select(Case.id, Case.number, Case.kind, Case.state, Case.step, Case.started_at, Case.due_on, SEAT.name.label("holder"))
    .outerjoin(SEAT, SEAT.id == Case.seat_body_id).order_by(Case.started_at.desc(), Case.id.desc()).limit(50)
)


@dataclass(frozen=True)
class Kept:
    """The record that a duplicate was merged into: its school, and whether this person sees it."""

    id: int
    school: str
    seen: bool


@dataclass(frozen=True)
class Page:
    pupil: object  # a Core row
    state: tuple  # (words, look)
    class_title: str
    line: str  # who she is, in one sentence
    numbers: dict  # field → masked
    sections: list  # (title, [(label, text, look, across)])
    family: list
    spells: list
    conduct: list  # 奖惩
    cases: list
    open_case: object
    papers: list
    timeline: list
    kept: Kept | None = None


def page_of(person, student_id, *, today) -> Page:
    found = ask(_record(person), pupil=student_id)
    if not found:
        raise NotFound
    [pupil] = found
    numbers = _masked(records.open_student(pupil))
    cases, more = _cases(person, pupil), pupil.has_conduct or pupil.has_merged or pupil.merged_into_id is not None
    spells = ask(_more(person) if more else SPELLS, pupil=student_id)
    return Page(
        pupil, state_of(pupil), class_of(pupil), _line(pupil), numbers, _sections(pupil, numbers), _family(student_id), _spells(spells), _conduct(spells) if more else [], cases,
        next((case for case in cases if case.state == "open"), None), paper_pages.of_student(person, student_id, today=today, merged=pupil.has_merged) if may(person, "document.print") else [],
        timelines.of_student(student_id, LATEST), Kept(pupil.merged_into_id, spells[0].kept_at, bool(spells[0].kept_seen)) if pupil.merged_into_id else None,
    )


@by_seat
def _record(person):
    return RECORD.where(visible_students(person).whereclause)


@by_seat
def _more(person):
    return MORE.add_columns(student_scope(person, KEPT).label("kept_seen"))


@by_seat
def _cases_of(person, merged):
    return CASES.where(visible_cases(person).whereclause, records.hers(Case.student_id, PUPIL) if merged else Case.student_id == PUPIL)


def _conduct(spells):
    """Every entry of 奖惩 in words, the latest first."""
    entries = {row.conduct_id: ENTRY._make(getattr(row, column.name) for column in ENTRIES) for row in spells if row.conduct_id is not None}
    return [conduct.in_words(entry) for entry in sorted(entries.values(), key=lambda entry: (entry.given_on, entry.id), reverse=True)]


def headed(person, student_id):
    """Name and school alone, for the pages beside the page of the pupil."""
    row = db.session.execute(visible_students(person).with_only_columns(Student.id, Student.name, Student.class_id, Student.lifecycle).where(
        Student.id == student_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _line(pupil):
    """男，2018年3月21日出生，汉族；堵河路小学 三年级2班 23号，走读；班主任 李文静"""
    told = {field: show(PUPIL_ITEMS[field], getattr(pupil, field)) for field in ("sex", "birth_date", "ethnicity", "attendance_mode")}
    place = " ".join(filter(None, (pupil.school, class_of(pupil), pupil.class_no and f"{pupil.class_no}号")))
    parts = (
        "，".join(filter(None, (told["sex"], f"{told['birth_date']}出生", told["ethnicity"]))), "，".join(filter(None, (place, told["attendance_mode"]))),
        pupil.teacher and f"班主任 {pupil.teacher}",
    )
    return "；".join(filter(None, parts))


def _masked(opened):
    return {field: masks.phone(value) if field == "phone" else masks.number(value) for field, value in opened.items()}


def _sections(pupil, numbers):
    sections = []
    for title, fields in SECTIONS.items():
        cells = []
        for field in fields:
            text = numbers[field] if field in numbers else show(PUPIL_ITEMS[field], getattr(pupil, field))
            cells.append((PUPIL_ITEMS[field].title, text, "num" if field in numbers else "", field in ACROSS))
        sections.append((title, cells))
    return sections


def _family(student_id):
    family = []
    for row in ask(FAMILY, pupil=student_id):
        shown = {field: show(item, getattr(row, field)) for field, item in GUARDIAN_ITEMS.items() if field not in records.GUARDIAN_SEALED}
        family.append({"id": row.id} | shown | _masked(records.open_guardian(row)))
    return family


def _spells(rows):
    change = codes.table("student_change")
    return [
        {"student_id": row.student_id, "from_on": row.from_on, "until_on": row.until_on, "state": row.state, "school": row.school, "case_id": row.case_id, "case_number": row.case_number or "",
         "class": f"{row.entry_year}级{row.class_name or (f'{row.number}班' if row.number else '')}" if row.entry_year else "",
         "came": change.label(row.came_by), "left": "；".join(filter(None, (change.label(row.left_by) if row.left_by else "", row.note)))}
        for row in {row.id: row for row in rows}.values()
    ]


def _cases(person, pupil):
    return ask(_cases_of(person, bool(pupil.has_merged)), pupil=pupil.id) if may(person, "case.see") else []


def case_words(case):
    """(what, where it is now, state in words, its look) of a case's row."""
    flow = FLOWS.get(case.kind)
    words, look = STATES.get(case.state, (case.state, ""))
    return flow.title if flow else case.kind, case.holder or "已办结", words, look
