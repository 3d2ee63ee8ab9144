"""Full numbers and passwords stand nowhere but where they were asked for: not on a page, not in the trace, not in a log, not on the disk."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from app.demo.cast import PASSWORD
from app.extensions import db
from app.models import Account, Event, Student
from app.services.pupils import records
from tests.pages import form_with

from .house import DUTIES, furnished, places, pupils

NUMBERS = ("id_doc_no", "national_no", "main_number", "phone")
WITHOUT_PUPILS = ("sysadmin", "security", "auditor", "officer.city1", "officer.province")


def known():
    """(every number of a pupil or guardian, every pupil's name that is nobody's of the staff)"""
    people = [records.load(db.session, student_id) for student_id in db.session.scalars(select(Student.id))]
    numbers = {one.get(field) for person in people for one in (person, *person["guardians"]) for field in NUMBERS}
    return numbers - {None, ""}, {person["name"] for person in people} - set(db.session.scalars(select(Account.name)))


def any_of(words):
    return re.compile("|".join(map(re.escape, sorted(words))))


@pytest.mark.parametrize("username", DUTIES)
def test_no_page_shows_a_full_number_and_no_administrators_a_pupil(username, app, county, sign_in):
    furnished(county)
    numbers, names = known()
    number, name = any_of(numbers), any_of(names)
    person, told, pages = sign_in(username), {}, 0
    for place in places(app, county):
        if "GET" not in place.methods:
            continue
        answer = person.get(place.path, status="*")
        pages += answer.status_int == 200
        if answer.content_type != "text/html":
            continue
        found = set(number.findall(answer.text)) | ({PASSWORD} if PASSWORD in answer.text else set())
        if username in WITHOUT_PUPILS:
            found |= set(name.findall(answer.text))
        if found:
            told[place.path] = found
    assert told == {} and pages > 5


def test_neither_trace_nor_log_nor_disk_tells_a_number(app, county, sign_in, caplog):
    furnished(county)
    numbers, _ = known()
    (pupil, _) = pupils(county)
    whole = records.load(db.session, pupil)["id_doc_no"]
    registrar = sign_in("registrar.a1")
    form = form_with(registrar.get("/students"), "q")
    form["q"] = whole
    assert form.submit().location == f"/students/{pupil}"
    assert whole in registrar.fill_in(f"/students/{pupil}", what="id_doc_no", reason="核对户口簿").text

    secrets = numbers | {PASSWORD}
    said = [*db.session.scalars(select(Event.facts)), *(record.getMessage() for record in caplog.records)]
    assert [text for text in said if any_of(secrets).search(text)] == []
    files = {path.name: path.read_bytes() for path in Path(app.config["DATA_DIR"]).rglob("*") if path.is_file()}
    assert [(name, secret) for name, content in files.items() for secret in secrets if secret.encode() in content] == []
