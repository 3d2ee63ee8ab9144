"""A pupil who has gone is her new school's: whatever still names her at the old one tells nothing of what became of her since (DECIDED 2). Nor does a case that asks for a
child open her record to the school that asks."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Case, Class, Student
from app.services.problem_records import problems
from app.services.pupils import records
from app.services.standing import absences, changes
from tests.office import Office, row
from tests.services.test_supplementary import add, born
from tests.transfer_office import change, road

__all__ = ["road"]

OLD = ("registrar.a1", "head.a1", "township.a.t1", "officer.a")
SINCE = ("柯改名", "房县城关镇新居", "三年级9班", "9班")


@pytest.fixture
def gone(road):
    """{what: id} of what names a child at a1, who was enrolled there, noted as absent and marked, and went on to b1, where her record has changed since."""
    office = Office(road.county, road.today, road.now)
    things = {"enrolment": add(office, born(2024))}
    office.approve(things["enrolment"])
    pupil = row(Case, Case.id == things["enrolment"]).student_id
    asked = changes.Asked({"student_kind": "借读生", "explanation": "入籍", "guardian": "父亲"}, ("application", "household"))
    things["kind-change"] = changes.apply("kind-change", pupil, asked, actor=office.registrar, today=road.today, now=road.now)
    road.go(things["kind-change"])
    things["absence"] = absences.note(pupil, road.today, "家长来电请假", actor=office.registrar, today=road.today, now=road.now)
    things["problem"] = problems.mark(pupil, problems.Found("03", road.today, "list", "比对不符"), actor=office.officer, today=road.today, now=road.now)
    problems.close(things["problem"], "1", "已核对户口簿", version=1, actor=office.officer, now=road.now)
    things["transfer"] = road.apply("b1", pupil, year=3)
    road.go(things["transfer"])
    change(Student, pupil, name="柯改名", current_address="房县城关镇新居")
    change(Class, row(Student, Student.id == pupil).class_id, number=9)
    return things | {"pupil": pupil}


@pytest.mark.parametrize("username", OLD)
def test_the_old_school_reads_nothing_of_what_became_of_her(username, gone, sign_in):
    person = sign_in(username)
    cases = [f"/cases/{gone[kind]}" for kind in ("enrolment", "kind-change", "transfer")]
    for address in (*cases, f"/absences/{gone['absence']}", "/absences", f"/problems/{gone['problem']}", "/problems?state=closed", "/cases", "/students/left"):
        answer = person.get(address, status="*")
        assert answer.status_int == 200 or (answer.status_int, username) == (404, "township.a.t1"), address
        told = {word for word in SINCE if word in answer.html.main.get_text(" ", strip=True)}
        known = {"三年级9班", "9班"} if address == cases[2] else {"柯改名"} if address[:4] in ("/abs", "/pro") else set()  # the class that the transfer put her into; who it is about
        assert told <= known, address
    for address in (*(f"{one}/{paper}" for one in cases[:2] for paper in ("check-sheet.pdf", "form.pdf")), f"{cases[2]}/check-sheet.pdf",
                    f"/students/{gone['pupil']}/check-sheet.pdf", f"/students/{gone['pupil']}/history"):
        assert person.get(address, status="*").status_int == 404, address


def test_her_enrolment_leads_to_the_copy_that_is_kept_of_her(gone, sign_in):
    page = sign_in("registrar.a1").get(f"/cases/{gone['enrolment']}")
    copy = page.click(href=f"/students/{gone['pupil']}$").follow()
    assert born(2024)["name"] in page.html.main.get_text() and born(2024)["name"] in copy.html.h1.get_text() and "新居" not in copy.text


def test_to_ask_for_a_child_opens_nothing_of_her_record(road, sign_in):
    """The school that asks prints no check sheet of her: she is another's until the transfer takes effect."""
    case_id = road.apply("b1")
    child = records.load(db.session, road.county.pupil("twin.1"))
    for username in ("registrar.b1", "head.b1", "officer.b"):
        person = sign_in(username)
        page = person.get(f"/cases/{case_id}").html.main.get_text(" ", strip=True)
        assert child["name"] in page
        assert [word for word in (child["current_address"], child["id_doc_no"], child["phone"]) if word and word in page] == []
        for paper in ("check-sheet.pdf", "form.pdf", "transfer-list.pdf"):
            assert person.get(f"/cases/{case_id}/{paper}", status="*").status_int in (403, 404), (username, paper)
    assert db.session.execute(select(Student.lifecycle).where(Student.id == child["id"])).scalar_one() == "live"


def test_a_holder_that_has_no_case_in_sight_has_no_name(county, sign_in):
    assert "堵河路小学" not in sign_in("officer.b").get(f"/cases?holder={county.body('a1')}").text
