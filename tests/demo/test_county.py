"""The demo county as it stands in the database."""

from collections import Counter as Count
from dataclasses import replace

from sqlalchemy import select

from app.demo import county as demo
from app.extensions import db
from app.models import Class, Counter, Student
from app.services.casework import case_files
from app.services.pupils import records
from app.services.transactions import writes


@writes(traced=False)
def settle_more(s, pupils, classes, now):
    writer = demo._Pupils(s, now, 2026)
    writer.taken = Count(dict(s.execute(select(Counter.key, Counter.last)).all()))
    writer.given = writer.taken.copy()
    writer.take(pupils, {}, classes)
    writer.flush()


@writes(traced=False)
def next_number(s, key):
    return case_files.take_numbers(s, key)


def test_children_without_an_identity_number_who_were_born_one_day_get_local_numbers_in_a_row(app, county, now):
    known = county.known("unnumbered")
    born = known.item["birth_date"]
    place = db.session.execute(
        select(Class.id, Class.grade_id, Class.county_id, Class.school_id).where(Class.id == county.class_("a1", year=1, number=2))
    ).one()
    sisters = [replace(known, item=known.item | {"name": name}) for name in ("向晚晴", "向晚霞")]

    settle_more(sisters, {(known.school, known.stage, known.entry_year, known.number): place}, now)

    students = db.session.scalars(select(Student).where(Student.birth_date == born, Student.id_doc_type == "Z").order_by(Student.id)).all()
    assert [(student.name, records.open_student(student)["national_no"][:18], student.national_no_local) for student in students] == [
        ("向晚舟", f"L420323{born:%Y%m%d}002", True), ("向晚晴", f"L420323{born:%Y%m%d}004", True), ("向晚霞", f"L420323{born:%Y%m%d}006", True),
    ]
    assert next_number(f"local_number/{county.body('a')}/{born:%Y%m%d}/2") == 4
