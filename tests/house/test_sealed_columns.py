"""Every select of a sealed column reads the id of its row too (DECIDED 11); tests/sealed.py watches over all that the tests carry out."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Case, Guardian, Student
from tests import sealed


def test_every_column_of_bytes_is_either_sealed_or_known_not_to_be():
    assert sorted(str(column) for column in sealed.SEALED) == [
        "cases.content", "cases.footprint", "cases.mend", "drafts.content", "enrolments.snapshot", "guardians.id_doc_no_sealed", "guardians.phone_sealed",
        "import_rows.findings", "import_rows.record", "imports.summary", "papers.facts", "sealed_values.value", "students.id_doc_no_sealed",
        "students.main_number_sealed", "students.national_no_sealed", "students.phone_sealed", "suggestions.content",
    ]


@pytest.mark.parametrize(("query", "lacking"), [
    (select(Student.id, Student.phone_sealed), set()),
    (select(Student.id.label("student"), Student.phone_sealed.label("phone")), set()),
    (select(Student), set()),
    (select(Student.name, Student.phone_sealed), {"students.phone_sealed"}),
    (select(Student.id, Guardian.phone_sealed).join(Guardian, Guardian.student_id == Student.id), {"guardians.phone_sealed"}),
    (select(Case.content, Case.id, Case.mend), set()),
])
def test_the_watch_sees_who_reads_a_sealed_value_alone(query, lacking):
    assert sealed.alone(query) == lacking


def test_such_a_select_does_not_reach_the_database(app):
    with pytest.raises(AssertionError, match=r"students\.phone_sealed"):
        db.session.execute(select(Student.phone_sealed)).all()
