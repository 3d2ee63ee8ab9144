"""转出学生: the old school keeps a copy as of the day she left (办法第十五条), and nobody else reads it."""


import pytest

from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.models import Enrolment, Paper, Student
from app.permissions import visible_students
from app.services.paperwork import papers
from app.services.pupils import former_pupils
from tests.bureau import last_facts, wrong
from tests.office import case, row
from tests.transfer_office import change, road

__all__ = ["road"]


def test_access_moves_and_the_old_school_keeps_its_copy_of_that_day(road):
    case_id = road.apply("b1")
    old, new = road.county.actor("registrar.a1"), road.county.actor("registrar.b1")
    road.go(case_id)
    child = case(case_id).student_id
    assert [db.session.scalars(visible_students(one).where(Student.id == child)).all() != [] for one in (old, new)] == [False, True]
    change(Student, child, name="庹改名", current_address="房县城关镇新居")

    (line,) = former_pupils.former_pupils(old)
    assert (line.name, line.school, line.class_title, line.until_on, line.went_to, line.case) == (
        "庹思远", "竹山县堵河路小学", "二年级1班", road.today, "房县北城小学", case(case_id).number)
    copy = former_pupils.copy_of(old, line.id)
    told = {label: text for _, cells in copy.sections for label, text, _, _ in cells}
    assert told["姓名"] == "庹思远" and "新居" not in told["现住址"] and told["出生日期"].startswith("2018年") and told["联系电话"].count("*")
    assert [one["name"] for one in copy.family] == [one["name"] for one in road.county.known("twin.1").item["guardians"]]
    assert [one.id for one in former_pupils.former_pupils(road.county.actor("officer.a"))] == [line.id]
    for stranger in ("registrar.b1", "officer.b", "teacher.a1", "officer.city1", "sysadmin"):
        assert former_pupils.former_pupils(road.county.actor(stranger)) == []
        with pytest.raises(NotFound):
            former_pupils.copy_of(road.county.actor(stranger), line.id)


@pytest.fixture
def gone(road):
    """庹思远 has gone from a1 to b1, where they have corrected her name since; the spell under which a1 keeps its copy."""
    road.go(road.apply("b1"))
    child = row(Student, Student.name == "庹思远").id
    change(Student, child, name="庹改名", current_address="房县城关镇新居")
    return row(Enrolment, Enrolment.student_id == child, Enrolment.state == "closed").id


def test_the_old_school_reads_a_full_number_of_its_copy_for_a_reason(road, gone):
    clerk, record = road.county.actor("registrar.a1"), road.county.known("twin.1").item
    told = former_pupils.reveal(gone, "id_doc_no", " 核对纸质档案 ", actor=clerk)
    assert told == ("身份证件号", record["id_doc_no"])
    assert last_facts("student.revealed", road.county.body("a")) == {"what": "身份证件号（转出当日的副本）", "reason": "核对纸质档案"}
    member = former_pupils.copy_of(clerk, gone).family[0]
    assert former_pupils.reveal(gone, f"{member['id']}.phone", "通知领取档案", actor=clerk) == (f"{member['name']}的联系电话", record["guardians"][0]["phone"])
    assert set(wrong(former_pupils.reveal, gone, "id_doc_no", " ", actor=clerk)) == {"reason"}
    assert set(wrong(former_pupils.reveal, gone, "1.phone", "核对", actor=clerk)) == {"what"}
    for stranger in ("registrar.b1", "registrar.a2"):
        with pytest.raises(NotFound):
            former_pupils.reveal(gone, "id_doc_no", "核对", actor=road.county.actor(stranger))
    with pytest.raises(NotAllowed):
        former_pupils.reveal(gone, "id_doc_no", "核对", actor=road.county.actor("teacher.a1"))


def test_the_card_of_who_left_is_that_of_the_day_she_left(road, gone):
    clerk = road.county.actor("registrar.a1")
    road.go(road.apply("a1", row(Student, Student.name == "庹改名").id))  # and back again: none of this school's first copy
    issued = former_pupils.issue_card(gone, actor=clerk, today=road.today, now=road.now)
    paper = row(Paper, Paper.id == issued)
    facts = papers.facts_of(paper)
    assert (paper.kind, paper.school_id, facts["name"], facts["grade"], facts["class_name"], facts["school"]["name"]) == (
        "record_card", road.county.body("a1"), "庹思远", "二年级", "1班", "竹山县堵河路小学")
    assert "新居" not in facts["current_address"]
    assert [(one["period"], one["school"]) for one in facts["schooling"]] == [("2025年9月—2026年9月", "竹山县堵河路小学")]
    assert [(one["kind"], one["origin"].split("\n")[0], one["destination"].split("\n")[0]) for one in facts["changes"]] == [
        ("入学", "", "竹山县堵河路小学"), ("转学", "竹山县堵河路小学", "房县北城小学")]
    assert (facts["closed_on"], facts["closed_for"]) == ("2026-09-11", "转出")
    assert papers.draw(issued, actor=clerk, now=road.now) == papers.draw(issued, actor=clerk, now=road.now)
    for stranger in ("registrar.b1", "registrar.a2"):
        with pytest.raises(NotFound):
            former_pupils.issue_card(gone, actor=road.county.actor(stranger), today=road.today, now=road.now)
    with pytest.raises(NotAllowed):
        former_pupils.issue_card(gone, actor=road.county.actor("officer.a"), today=road.today, now=road.now)
