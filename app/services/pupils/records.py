"""From a cleaned record to rows: the pupil, her guardians, the numbers and names she is found by. One pupil or fifty thousand, the same way.

A record is {item field: value} as app/identity/items.py cleans it, with `guardians`, a list of such dicts. Ids are made here, so that values can be sealed for
their rows before anything is written.
"""

from collections import Counter as Count
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import bindparam, delete, insert, or_, select, update

from ... import sealing
from ...extensions import insert_many
from ...identity import id_number, names
from ...models import Class, Enrolment, Guardian, NearNumber, PersonNumber, SearchKey, Student, Tally, new_id

SEALED = ("id_doc_no", "national_no", "main_number", "phone")  # of the pupil
INDEXED = {"id_doc_no": "id_doc", "national_no": "national_no", "phone": "phone"}
GUARDIAN_SEALED = ("id_doc_no", "phone")
STUDENT_COLUMNS = {column.name for column in Student.__table__.columns}
GUARDIAN_COLUMNS = {column.name for column in Guardian.__table__.columns}


@dataclass(frozen=True)
class Place:
    """Where a pupil is put, and from which day."""

    county_id: int
    school_id: int
    grade_id: int
    class_id: int | None
    from_on: object
    came_by: str = "11"  # student_change: 招生


def sealed(table, row_id, values, fields):
    """The sealed columns of `fields`, with the blind index where one stands beside it."""
    columns = {}
    for name in fields:
        value = values.get(name) or None
        columns[f"{name}_sealed"] = sealing.seal(value, table, row_id, f"{name}_sealed")
        if name in INDEXED:
            columns[f"{name}_index"] = sealing.blind_index(INDEXED[name], value)
    return columns


def student_columns(student_id, record):
    """The columns of Student that a record says; sealed and derived ones among them."""
    columns = {name: value for name, value in record.items() if name in STUDENT_COLUMNS and value is not None}
    columns |= sealed("students", student_id, record, [name for name in SEALED if name in record])
    if "name" in record:
        columns["name_pinyin"] = record.get("name_pinyin") or names.pinyin(record["name"])
        columns["name_sort"] = sort_key(record["name"], columns["name_pinyin"])
    return columns


def sort_key(name, pinyin):
    """Lists stand in the order of the pinyin, equal ones by character: 丁 before 万 before 王."""
    return f"{pinyin} {name}"


def guardian_columns(guardian_id, member):
    columns = {name: value for name, value in member.items() if name in GUARDIAN_COLUMNS and value is not None}
    return columns | sealed("guardians", guardian_id, member, GUARDIAN_SEALED)


def near_keys(number) -> set[bytes]:
    index = sealing.ring().index
    return {index("near", shortened)[:8] for shortened in id_number.left_out(number)}


@dataclass
class Rows:
    """What one pupil adds to each table; the many short rows of `near` and `keys` are made when they are written."""

    student: dict
    guardians: list
    enrolment: dict
    numbers: list
    near: list  # of the keys of NearNumber
    keys: list  # of the keys of SearchKey


def rows(record, place: Place, *, lifecycle, status, spell, student_code, now, actor_id, case_id=None, student_id=None) -> Rows:
    """`lifecycle` pending with `spell` applied, or live with open. `class_no` and the like come from the record."""
    student_id = student_id or new_id()
    numbers = record | {"main_number": record.get("main_number") or (record.get("id_doc_no") if record.get("id_doc_type") == "1" else None)}
    student = student_columns(student_id, numbers) | {
        "id": student_id, "county_id": place.county_id, "school_id": place.school_id, "grade_id": place.grade_id, "class_id": place.class_id,
        "lifecycle": lifecycle, "status": status, "student_code": student_code, "version": 1,
        "created_at": now, "created_by_id": actor_id, "updated_at": now, "updated_by_id": actor_id,
    }
    guardians = []
    for position, member in enumerate(record.get("guardians", ()), 1):
        guardian_id = new_id()
        guardians.append(guardian_columns(guardian_id, member) | {
            "id": guardian_id, "county_id": place.county_id, "student_id": student_id, "position": position, "state": "live",
        })
    enrolment = {
        "id": new_id(), "county_id": place.county_id, "student_id": student_id, "school_id": place.school_id, "grade_id": place.grade_id,
        "class_id": place.class_id, "class_no": record.get("class_no") or "", "state": spell, "from_on": place.from_on, "entered_at": now,
        "came_by": place.came_by, "left_by": "", "note": "", "case_id": case_id,
    }
    return Rows(student, guardians, enrolment, number_rows(student_id, place.county_id, record), near_of(record), keys_of(record))


def number_rows(student_id, county_id, record):
    return [
        {"kind": kind, "index": sealing.blind_index(kind, record[name]), "county_id": county_id, "student_id": student_id}
        for name, kind in (("id_doc_no", "id_doc"), ("national_no", "national_no")) if record.get(name)
    ]


def near_of(record) -> list[bytes]:
    number = record.get("id_doc_no")
    return list(near_keys(number)) if record.get("id_doc_type") == "1" and number and len(number) == 18 else []


def near_rows(student_id, keys):
    return [{"key": key, "student_id": student_id} for key in keys]


def keys_of(record) -> list[str]:
    found = set(names.search_keys(record["name"]))
    if record.get("former_name"):
        found |= names.search_keys(record["former_name"])
    return sorted(found)


def key_rows(student_id, county_id, school_id, keys):
    return [{"county_id": county_id, "key": key, "student_id": student_id, "school_id": school_id, "present": True} for key in keys]


STUDENT_DEFAULTS = {column.name: column.default.arg for column in Student.__table__.columns if column.default is not None and column.default.is_scalar}
GUARDIAN_DEFAULTS = {column.name: column.default.arg for column in Guardian.__table__.columns if column.default is not None and column.default.is_scalar}
BLANK_STUDENT = dict.fromkeys(Student.__table__.columns.keys()) | STUDENT_DEFAULTS  # so that all rows have one shape
BLANK_GUARDIAN = dict.fromkeys(Guardian.__table__.columns.keys()) | GUARDIAN_DEFAULTS


PART = 1000  # pupils whose rows stand in one statement


def write(s, many: list[Rows]) -> None:
    """Insert the rows of many pupils, a thousand with a statement per table; the tallies of their grades with them."""
    for start in range(0, len(many), PART):
        part = many[start : start + PART]
        insert_many(s, Student, [BLANK_STUDENT | one.student for one in part])
        insert_many(s, Guardian, [BLANK_GUARDIAN | row for one in part for row in one.guardians])
        insert_many(s, Enrolment, [one.enrolment for one in part])
        insert_many(s, PersonNumber, [row for one in part for row in one.numbers])
        insert_many(s, NearNumber, sorted((row for one in part for row in near_rows(one.student["id"], one.near)), key=itemgetter("key")))
        insert_many(s, SearchKey, [row for one in part for row in key_rows(*(one.student[name] for name in ("id", "county_id", "school_id")), one.keys)])
    tally(s, Count((one.student["school_id"], one.student["grade_id"], one.student["status"] or "pending", one.student["sex"], one.student["county_id"])
                   for one in many))


TALLIES, CLASSES = Tally.__table__, Class.__table__
COUNT = (
    update(TALLIES).where(*(TALLIES.c[name] == bindparam(f"at_{name}") for name in ("school_id", "grade_id", "status", "sex")))
    .values(number=TALLIES.c.number + bindparam("more"))
)
HELD = select(CLASSES.c.id).where(CLASSES.c.id.in_(bindparam("classes", expanding=True))).order_by(CLASSES.c.id).with_for_update(key_share=True)
SEAT = update(CLASSES).where(CLASSES.c.id == bindparam("class")).values(headcount=CLASSES.c.headcount + bindparam("more"))


def tally(s, changes) -> None:
    """`changes`: {(school, grade, status, sex, county): +n or -n}."""
    for (school_id, grade_id, status, sex, county_id), number in sorted(changes.items()):
        if number == 0 or grade_id is None:
            continue
        place = {"school_id": school_id, "grade_id": grade_id, "status": status, "sex": sex}
        if s.execute(COUNT, {f"at_{name}": value for name, value in place.items()} | {"more": number}).rowcount == 0:
            s.execute(insert(TALLIES), place | {"county_id": county_id, "number": number})


def hold_classes(s, class_ids) -> None:
    """Lock the classes that pupils leave and join, after the pupils and in the order of their ids: nobody waits for another crosswise. What names a class need not wait."""
    s.execute(HELD, {"classes": sorted(class_ids - {None})})


def count_places(s, changes) -> None:
    """`changes`: {class, or None: +n or -n}, counted in the order of their ids."""
    if many := [{"class": class_id, "more": number} for class_id, number in sorted(one for one in changes.items() if one[0]) if number]:
        s.execute(SEAT, many)


def find_by(s, student, known) -> None:
    """The names that a pupil is found by in her county, instead of those before. `student` has id, county and school."""
    hers = SearchKey.student_id == student.id, SearchKey.county_id == student.county_id
    present = s.execute(select(SearchKey.present).where(*hers).limit(1)).scalar()
    s.execute(delete(SearchKey).where(*hers))
    rows = key_rows(student.id, student.county_id, student.school_id, sorted(set().union(*(names.search_keys(name) for name in known if name))))
    s.execute(insert(SearchKey), [row | {"present": present is not False} for row in rows])


def number_anew(s, student_id, county_id, record) -> None:
    """The registry and the near numbers of a document number, instead of those before."""
    merged = select(Student.id_doc_no_index).where(Student.merged_into_id == student_id, Student.id_doc_no_index.is_not(None))  # those of a duplicate go on leading to her
    s.execute(delete(PersonNumber).where(PersonNumber.student_id == student_id, PersonNumber.kind == "id_doc", PersonNumber.index.not_in(merged)))
    s.execute(delete(NearNumber).where(NearNumber.student_id == student_id))
    if rows := [row for row in number_rows(student_id, county_id, record) if row["kind"] == "id_doc"]:
        s.execute(insert(PersonNumber), rows)
    if near := near_rows(student_id, near_of(record)):
        s.execute(insert(NearNumber), near)


def forget(s, student_ids) -> None:
    """The numbers and names of applications that came to nothing are free again; the record itself stays, cleared."""
    for table in (PersonNumber, NearNumber, SearchKey):
        s.execute(delete(table).where(table.student_id.in_(student_ids)))


# ---------------------------------------------------------------- the record, opened

def open_student(row) -> dict:
    """The sealed values of a row of Student (entity or Core row with id): {field: value}."""
    return {name: sealing.unseal(getattr(row, f"{name}_sealed"), "students", row.id, f"{name}_sealed") for name in SEALED}


def open_guardian(row) -> dict:
    return {name: sealing.unseal(getattr(row, f"{name}_sealed"), "guardians", row.id, f"{name}_sealed") for name in GUARDIAN_SEALED}


MERGED = Student.__table__.alias()


def hers(column, pupil):
    """The condition that a row is a pupil's, or of a duplicate (重复学籍) that was merged into her record: what that one has stays where it is, and is shown with hers."""
    return or_(column == pupil, column.in_(select(MERGED.c.id).where(MERGED.c.merged_into_id == pupil)))


PUPILS = select(Student.__table__).where(Student.__table__.c.id.in_(bindparam("students", expanding=True)))
FAMILIES = (
    select(Guardian.__table__).where(Guardian.__table__.c.student_id.in_(bindparam("students", expanding=True)), Guardian.__table__.c.state == "live")
    .order_by(Guardian.__table__.c.position)
)


def load(s, student_id) -> dict:
    """The whole record as `rows` takes it, numbers opened: for a form, a paper, an act. Two queries."""
    return load_all(s, [student_id])[student_id]


def load_all(s, student_ids) -> dict:
    """{id: whole record} of a class, in two queries too."""
    found = {row.id: _in_clear(row) | open_student(row) | {"guardians": []} for row in s.execute(PUPILS, {"students": student_ids})}
    for member in s.execute(FAMILIES, {"students": student_ids}):
        found[member.student_id]["guardians"].append(_in_clear(member) | open_guardian(member))
    return found


def _in_clear(row):
    return {name: value for name, value in row._mapping.items() if not name.endswith(("_sealed", "_index"))}
