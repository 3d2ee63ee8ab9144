"""Everything that leaves the house as a file, for every duty: whole numbers stand only where DECIDED 21 has them, and the trace has each before its first byte.

A new paper or export has to be told in one of the tables below, or these tests fail.
"""

import io
import re

import openpyxl
import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Case, Event, Paper
from app.services.paperwork import papers
from app.services.standing import changes
from app.services.standing.changes import Asked
from tests.services.test_status_changes import ILL, NOW
from tests.services.test_whole_classes import Village
from tests.views.test_documents import tool, words

from .house import DUTIES, places, pupils
from .test_secrets import known

__all__ = ["tool"]

WHOLE = {  # 学籍卡, 核对表, forms, certificates, 新生花名册 (DECIDED 21), and what somebody handed in himself
    "documents.pdf", "documents.batch_pdf", "rolls.sheets", "rolls.sheet", "cases.sheet", "transfers.application", "transfers.draft_application", "changes.form_of_case",
    "changes.draft_form", "whole_classes.paper", "rolls.new_roster", "cases.attachment", "imports.errors",
}
MASKED = {"rolls.roster", "rolls.export", "reports.register_pdf", "reports.register_workbook", "reports.balance_workbook", "absences.workbook", "photos.report"}
EMPTY = {"imports.template", "organisations.template"}  # forms to be filled in: they tell nothing, and no trace is asked
PICTURES = {"students.photo", "former_pupils.photo"}
OWN = {"transfers.scan", "changes.scan"}  # of a draft, to who has just handed it in
PAPERS = {  # each stands for one pupil, or in place of the certificates of those who went together
    "enrolment_certificate", "record_card", "transfer_application", "dropout_report", "withdrawal_notice", "transfer_certificate", "suspension_certificate",
    "resumption_certificate", "cancellation", "abroad_record", "class_transfer_list",
}


def text_of(answer, tool):
    """All that a file says, without its spaces: numbers may stand in boxes, digit by digit."""
    if answer.content_type == "application/pdf":
        return words(answer.body, tool)
    if "spreadsheet" in answer.content_type:
        book = openpyxl.load_workbook(io.BytesIO(answer.body))
        said = [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
        said += [cell.comment.text for sheet in book for line in sheet.iter_rows() for cell in line if cell.comment]
        return re.sub(r"\s", "", "\n".join(said))
    return ""


def events():
    return db.session.execute(select(func.count()).select_from(Event)).scalar_one()


def is_file(answer):
    return answer.status_int == 200 and answer.content_type != "text/html" and not answer.content_type.startswith("application/json")


@pytest.fixture
def house(app, county, today, now, furnished):
    """Furnished, with a whole class that moved and a suspension that waits, so that their papers are there."""
    village = Village(county, today, now)
    moving = db.session.scalars(select(Case.id).where(Case.kind == "transfer", Case.state == "open")).all()
    return {"case_id": [*moving, village.go(), changes.apply("suspension", pupils(county)[1], Asked(ILL, ("application", "diagnosis")), actor=county.actor("registrar.a1"), today=today, now=NOW)]}


def asked(app, county, house):
    """(endpoint, address) of all that can be got, with what else the addresses may say."""
    found = [(place.endpoint, place.path) for place in places(app, county) if "GET" in place.methods]
    rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    for endpoint in ("whole_classes.paper", "changes.form_of_case", "transfers.application", "cases.sheet"):
        found += [(endpoint, re.sub(r"<.*?>", str(case_id), rules[endpoint])) for case_id in house["case_id"]]
    found += [("documents.pdf", f"/documents/{paper}.pdf") for paper in db.session.scalars(select(Paper.id))]
    found += [("rolls.roster", f"/classes/{county.class_('a1')}/roster.pdf?kind=public"), ("reports.balance_workbook", "/balances.xlsx?period=2026")]
    return found


def test_numbers_are_masked_on_all_that_leaves_but_on_what_shows_them_by_the_rules(app, county, house, sign_in, tool):
    numbers, _ = known()
    told, untraced, seen = {}, set(), {}
    for username in DUTIES:
        person = sign_in(username)
        for endpoint, address in asked(app, county, house):
            before = events()
            answer = person.get(address, status="*")
            if not is_file(answer) or endpoint in OWN | PICTURES:
                continue
            seen.setdefault(endpoint, set()).add(username)
            if events() == before and endpoint not in EMPTY:
                untraced.add((username, endpoint))
            said = text_of(answer, tool)
            if endpoint not in WHOLE and (shown := sorted(number for number in numbers if number in said)):
                told[username, address] = shown
    assert told == {}
    assert untraced == set()
    assert set(seen) <= WHOLE | MASKED | EMPTY
    got = (WHOLE | MASKED | EMPTY) - {"rolls.new_roster", "rolls.export", "transfers.draft_application", "changes.draft_form"}  # these are asked for by a form, or of a draft
    assert got - set(seen) == set()
    assert {username for users in seen.values() for username in users} & {"sysadmin", "security", "auditor", "officer.province", "teacher.a1"} <= {"sysadmin", "security", "auditor", "officer.province"}


@pytest.mark.parametrize("username", ["registrar.a1", "head.a1", "township.a.t1", "officer.a"])
def test_a_list_as_a_workbook_is_masked_in_every_column_and_the_list_of_new_pupils_is_an_export(username, app, county, sign_in, tool):
    numbers, _ = known()
    person, school = sign_in(username), county.body("a5" if username.startswith("township") else "a1")
    page = person.get(f"/students?school={school}")
    columns = "&".join(f"col={box['value']}" for box in page.html.select("input[name=col]"))
    assert columns.count("col=") > 10
    book = person.fill_in(f"/students/export?school={school}&{columns}", purpose="统计")
    said = text_of(book, tool)
    assert book.content_type.endswith("sheet") and [number for number in numbers if number in said] == []
    assert last() == "students.exported"

    if not username.startswith("township"):
        answer = person.fill_in(f"/classes/{county.class_('a1')}/new-roster", purpose="报县教育局建籍")
        assert last() == "students.exported" and (answer.content_type == "application/pdf")
        said = text_of(answer, tool)
        assert {len(number) for number in numbers if number in said} == {18, 19}  # 身份证件号 and 学籍号; no phone


def last():
    return db.session.scalars(select(Event.name).order_by(Event.at.desc(), Event.id.desc())).first()


def test_every_kind_of_paper_is_one_that_may_show_numbers():
    assert set(papers.KINDS) == PAPERS


def test_every_address_that_sends_a_file_is_in_a_table(app):
    files = {rule.endpoint for rule in app.url_map.iter_rules() if re.search(r"\.(pdf|xlsx|csv|zip)$", rule.rule)}
    assert files <= WHOLE | MASKED | EMPTY
