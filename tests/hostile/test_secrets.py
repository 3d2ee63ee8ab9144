"""Full numbers and passwords stand nowhere but where they were asked for: not on a page, not in the trace, not in a log, not on the disk."""

import logging
import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy import text as text_of_sql

from app.demo.cast import PASSWORD
from app.extensions import db
from app.identity import masks
from app.models import Account, Event, File, Import, Job, Student
from app.services.casework import evidence
from app.services.intake import enrolments, imports
from app.services.pupils import finding, records
from tests.browser.house import NOW, SCAN, TODAY
from tests.cast import new_pupil
from tests.pages import form_with
from tests.rosters import children, line, xlsx

from .house import DUTIES, places, pupils

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
def test_no_page_shows_a_full_number_and_no_administrators_a_pupil(username, app, county, sign_in, furnished):
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


def test_neither_trace_nor_log_nor_disk_tells_a_number(app, county, sign_in, caplog, furnished):
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


def test_a_number_in_the_name_of_a_file_is_kept_masked(app, county, sign_in):
    """Scans and workbooks are often named by the ID number: neither the table of files nor the trace has it in clear (DECIDED 11)."""
    number, registrar = records.load(db.session, pupils(county)[0])["id_doc_no"], county.actor("registrar.a1")
    when = {"today": TODAY, "now": NOW}
    case = enrolments.apply(new_pupil(880), county.class_("a1", number=2), actor=registrar, **when)
    evidence.attach(case, "signed_sheet", f"C:\\扫描\\{number} 核对表.jpg", SCAN, actor=registrar, **when)
    evidence.keep({"household"}, "household", f"{number}.jpg", SCAN, actor=registrar, **when)
    imports.upload(xlsx([line(child) for child in children(2, first=700)]), f"补{number}.xlsx", actor=registrar, **when)
    names = db.session.scalars(select(File.name).where(File.kind.in_(("evidence", "workbook")))).all()
    assert sorted(names) == sorted([f"{masks.number(number)} 核对表.jpg", f"{masks.number(number)}.jpg", f"补{masks.number(number)}.xlsx"])
    said = [*names, *db.session.scalars(select(Import.filename)), *db.session.scalars(select(Job.title)), *db.session.scalars(select(Event.facts))]
    assert [text for text in said if number in text] == []
    assert number not in sign_in("head.a1").get(f"/cases/{case}").text


def test_an_error_of_the_database_is_logged_without_what_was_to_be_written(app, county, monkeypatch, caplog, sign_in):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    registrar = sign_in("registrar.a1")
    monkeypatch.setattr(finding, "keep", lambda text, person: db.session.execute(text_of_sql("SELECT :name FROM nowhere"), {"name": text}))
    form = form_with(registrar.get("/students"), "q")
    form["q"] = "庹思远"
    assert form.submit(status=500).status_int == 500
    said = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert "nowhere" in said and "庹思远" not in said
