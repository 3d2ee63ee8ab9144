"""Lists of pupils: a class or a school in the order of seats or of names, with the columns that are wanted and nothing else.

Rows are Core rows; sealed columns are opened for the rows shown and come out masked. Beyond 1,000 rows a list goes on from the last pupil shown (keyset).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, exists, func, or_, select, tuple_

from ... import codes, sealing
from ...codes.changes import COUNTED
from ...extensions import ask, db
from ...identity import grades, masks
from ...identity.items import PUPIL_ITEMS, show
from ...models import Account, Body, Case, CaseAttachment, Class, Grade, Guardian, Post, Student, Tally
from ...permissions import by_seat, schools_of, visible_classes, visible_students

MOST = 1000  # rows on one page; exact counts go as far (DECIDED 24)
HERE = ("pending", "live")  # whose record stands at the school now
GAPS = {"photo": "缺照片", "phone": "缺监护人电话", "number": "缺学籍号或证件号", "sheet": "核对表未签字"}
STATUS_LOOKS = {"01": "plain", "02": "soon", "06": "late", "93": "bad", "95": "bad"}


@dataclass(frozen=True)
class Filters:
    """What the address of a list asks for; `grade` is a year of schooling (1–12), `status` a code, pending, all, or "" for who is here."""

    school: int | None = None
    grade: int | None = None
    class_id: int | None = None
    status: str = ""
    attendance_mode: str = ""
    gaps: str = ""
    by: str = "seat"  # seat | name
    down: bool = False
    after: int | None = None


class Column(NamedTuple):
    title: str
    look: str
    needs: tuple
    tell: Callable


# ---------------------------------------------------------------- columns

def _item(field, title="", look=""):
    item, value = PUPIL_ITEMS[field], attrgetter(field)
    told = partial(show, item)
    if item.kind in ("code", "division", "date", "yes_no"):  # the same few words for a thousand rows
        told = lru_cache(maxsize=10_000)(told)
    return Column(title or item.title, look, (getattr(Student, field),), lambda row: told(value(row)))


def _number(field):
    sealed = f"{field}_sealed"
    return Column(PUPIL_ITEMS[field].title, "num", (getattr(Student, sealed),),
                  lambda row: masks.number(sealing.unseal(getattr(row, sealed), "students", row.id, sealed)))


def _guardian_phone(row):
    return masks.phone(sealing.unseal(row.guardian_phone_sealed, "guardians", row.guardian_id, "phone_sealed"))


def class_of(row):
    """三年级2班, of a row with the columns PLACE."""
    return _class_title(row.stage, row.advanced_to, row.length, row.number, row.class_name)


@lru_cache(maxsize=5000)
def _class_title(stage, advanced_to, length, number, name):
    if stage is None:
        return ""
    if number is None:
        return grades.grade_title(stage, advanced_to, length)
    return grades.class_title(stage, advanced_to, length, number, name)


def state_of(row):
    """(words, look) of where a pupil stands."""
    return _state(row.lifecycle, row.status)


@cache
def _state(lifecycle, status):
    if lifecycle == "pending":
        return "待审核", "soon"
    return codes.table("student_current_status").label(status), STATUS_LOOKS.get(status, "")


def _gaps(row):
    if row.lifecycle not in HERE:
        return ""
    return _lacking(row.photo_id is not None, row.has_phone, row.lifecycle == "pending" or row.has_number)


@cache
def _lacking(photo, phone, numbers):
    return "、".join(word for there, word in ((photo, "照片"), (phone, "监护人电话"), (numbers, "学籍号")) if not there)


PHONE = exists().where(Guardian.student_id == Student.id, Guardian.state == "live", Guardian.phone_index.is_not(None)).correlate(Student)
HAS_PHONE = or_(Guardian.phone_index.is_not(None), PHONE).label("has_phone")  # the first guardian's is at hand, and then nobody else's is looked for
PLACE = (Grade.stage, Grade.advanced_to, Grade.length, Class.number, Class.name.label("class_name"))

COLUMNS = {
    "school": Column("学校", "", (Body.short_name.label("school"),), lambda row: row.school),
    "class": Column("班级", "nowrap", PLACE, class_of),
    "sex": _item("sex", look="c"),
    "birth_date": _item("birth_date", look="nowrap"),
    "ethnicity": _item("ethnicity", look="nowrap"),
    "id_doc_no": _number("id_doc_no"),
    "national_no": _number("national_no"),
    "aux_number": _item("aux_number", look="num"),
    "student_code": _item("student_code", look="num"),
    "attendance_mode": _item("attendance_mode"),
    "is_only_child": _item("is_only_child", "独生", "c"),
    "left_behind": Column("留守", "c", (Student.left_behind,), lambda row: {"": "", "0": "否"}.get(row.left_behind, "是")),
    "is_migrant_child": _item("is_migrant_child", "随迁", "c"),
    "hukou_place_code": _item("hukou_place_code"),
    "current_address": _item("current_address"),
    "guardian": Column("监护人", "nowrap", (Guardian.name.label("guardian"),), lambda row: row.guardian or ""),
    "phone": Column("联系电话", "num", (Guardian.id.label("guardian_id"), Guardian.phone_sealed.label("guardian_phone_sealed")), _guardian_phone),
    "gaps": Column("待补", "", (Student.photo_id, Student.national_no_index.is_not(None).label("has_number"), HAS_PHONE), _gaps),
}
LEFT_OUT = {"class": {"gaps"}, "school": {"gaps", "is_only_child", "left_behind", "is_migrant_child"}}  # where that column stands too: a desk is 1366 pixels wide
USUAL = ("sex", "birth_date", "ethnicity", "id_doc_no", "attendance_mode", "is_only_child", "left_behind", "is_migrant_child", "guardian", "phone", "gaps")


EACH = (  # of whatever list: who it is, where it stands in the order, and what the figures count
    Student.id, Student.name, Student.name_sort, Student.class_no, Student.lifecycle, Student.status, Student.sex, Student.attendance_mode, Student.left_behind,
)


@by_seat
def rows_query(person, columns):
    """Visible pupils with what these columns need and where they are, whatever else is asked of them."""
    wanted = dict.fromkeys((*EACH, *(need for name in columns for need in COLUMNS[name].needs)))
    query = visible_students(person).with_only_columns(*wanted).select_from(Student)
    if "school" in columns:
        query = query.join(Body, Body.id == Student.school_id)
    if {"guardian", "phone", "gaps"} & set(columns):
        query = query.outerjoin(Guardian, and_(Guardian.student_id == Student.id, Guardian.position == 1, Guardian.state == "live"))
    return with_class(query)


def with_class(query):
    return query.outerjoin(Grade, Grade.id == Student.grade_id).outerjoin(Class, Class.id == Student.class_id)


def lines(rows, columns):
    """Rows for the table: (id, (班内学号, name, what each column tells), (state in words, its look))."""
    tells = [COLUMNS[name].tell for name in columns]
    return [(row.id, (row.class_no, row.name, *[tell(row) for tell in tells]), state_of(row)) for row in rows]


# ---------------------------------------------------------------- the list

def list_students(person, filters: Filters, columns, *, most=MOST):
    """(rows, whether there are more)."""
    query = _asked_for(person, tuple(columns), replace(filters, school=bool(filters.school), class_id=bool(filters.class_id), after=None))
    order = ORDERS[filters.by]
    if filters.after is not None:
        last = db.session.execute(with_class(visible_students(person).with_only_columns(*order).select_from(Student)).where(Student.id == filters.after)).one_or_none()
        if last is not None:
            beyond = tuple_(*order) < tuple_(*last) if filters.down else tuple_(*order) > tuple_(*last)
            query = query.where(beyond)
    rows = ask(query, school=filters.school, class_id=filters.class_id, most=most + 1)
    return rows[:most], len(rows) > most


ORDERS = {
    "name": (Student.name_sort, Student.id),
    "seat": (  # from the first grade to the last; a cohort that graduated before the one that is in that grade now
        func.coalesce(Grade.stage, "9"), func.coalesce(Grade.advanced_to, 99), func.coalesce(Grade.entry_year, 0), func.coalesce(Class.number, 9999),
        func.coalesce(func.nullif(func.length(Student.class_no), 0), 99), Student.class_no, Student.id,  # who has no number yet comes last, as on the page of the class
    ),
}


IS_HERE = or_(*(Student.lifecycle == word for word in HERE))  # `in_` is written out anew whenever it is asked


@by_seat
def _asked_for(person, columns, filters):
    """The statement of a list; which school and class it is, and how many rows, is said when it is asked."""
    order = (key.desc() if filters.down else key for key in ORDERS[filters.by])
    return _filtered(rows_query(person, columns), filters).order_by(*order).limit(bindparam("most"))


def _filtered(query, filters):
    if filters.school:
        query = query.where(Student.school_id == bindparam("school"))
    if filters.class_id:
        query = query.where(Student.class_id == bindparam("class_id"))
    elif filters.grade:
        query = query.where(Student.grade_id.in_(_grades_of(filters)))
    if filters.status == "pending":
        query = query.where(Student.status.is_(None), Student.lifecycle == "pending")
    elif filters.status == "":
        query = query.where(IS_HERE)
    elif filters.status != "all":
        query = query.where(Student.status == filters.status)
    if filters.attendance_mode:
        query = query.where(Student.attendance_mode == filters.attendance_mode)
    if filters.gaps:
        query = query.where(IS_HERE, _gap(filters.gaps))
    return query


def _grades_of(filters):
    year = case((Grade.stage == "1", Grade.advanced_to), (Grade.stage == "2", grades.COMPULSORY_YEARS - Grade.length + Grade.advanced_to),
                else_=grades.COMPULSORY_YEARS + Grade.advanced_to)
    found = select(Grade.id).where(Grade.state == "open", year == filters.grade)
    return found.where(Grade.school_id == bindparam("school")) if filters.school else found


def _gap(kind):
    if kind == "photo":
        return Student.photo_id.is_(None)
    if kind == "phone":
        return ~PHONE
    if kind == "number":
        return or_(Student.id_doc_no_index.is_(None), and_(Student.lifecycle == "live", Student.national_no_index.is_(None)))
    signed = select(CaseAttachment.id).join(Case, Case.id == CaseAttachment.case_id).where(
        Case.student_id == Student.id, CaseAttachment.kind == "signed_sheet", CaseAttachment.removed_at.is_(None))
    return ~signed.correlate(Student).exists()


# ---------------------------------------------------------------- what the filters offer, and figures

def school_choices(person):
    """The schools this person looks after."""
    return ask(_schools(person))


@by_seat
def _schools(person):
    return select(Body.id, Body.name, Body.state).where(Body.id.in_(schools_of(person))).order_by(Body.name, Body.id)


def class_choices(person, school_id):
    """Open classes in the order of grades: (id, title, year of schooling, title of the grade)."""
    return [(row.id, class_of(row), *_grade_title(row.stage, row.advanced_to, row.length)) for row in ask(_open_classes(person), school=school_id)]


@by_seat
def _open_classes(person):
    return (
        visible_classes(person).with_only_columns(Class.id, *PLACE).join(Grade, Grade.id == Class.grade_id)
        .where(Class.school_id == bindparam("school"), Class.state == "open").order_by(Grade.stage, Grade.advanced_to, Class.number, Class.id)
    )


@lru_cache(maxsize=100)
def _grade_title(stage, advanced_to, length):
    return grades.year_of_schooling(stage, advanced_to, length), grades.grade_title(stage, advanced_to, length)


TALLIES = select(Tally.school_id, Tally.status, func.sum(Tally.number)).group_by(Tally.school_id, Tally.status)
TALLY_OF_SCHOOL = TALLIES.where(Tally.school_id == bindparam("school"))


def counts(person, school_id=None):
    """{school: {status: number}} by tally, for the schools of this person or one of them."""
    query = TALLY_OF_SCHOOL if school_id else TALLIES.where(Tally.school_id.in_(schools_of(person)))
    found = {}
    for school, status, number in ask(query, school=school_id):
        found.setdefault(school, {})[status] = int(number)
    return found


def reading(counted):
    return sum(number for status, number in counted.items() if status in COUNTED)


TEACHERS = (
    select(Account.name).join(Post, Post.account_id == Account.id)
    .where(Post.class_id == bindparam("class_id"), Post.duty == "class_teacher", Post.state == "active").order_by(Post.from_on, Post.id).limit(3)
)


def teachers(class_id):
    return [row.name for row in ask(TEACHERS, class_id=class_id)]


def figures(rows):
    """男 24，女 21；住校 6；留守 4: of the rows shown."""
    boys = sum(row.sex == "1" for row in rows)
    boarding = sum(row.attendance_mode in ("2", "3") for row in rows)
    behind = sum(row.left_behind not in ("", "0") for row in rows)
    return f"男 {boys}，女 {len(rows) - boys}；住校 {boarding}；留守 {behind}"
