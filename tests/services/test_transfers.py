"""转学 across counties: four offices decide in turn; what the last act does to the register, to the trace, to the papers."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotFound
from app.extensions import db
from app.models import Enrolment, Event, EventSubject, Guardian, Paper, PersonNumber, SearchKey, Student, Task
from app.services.casework import tasks
from app.services.paperwork import papers
from app.services.pupils import finding, records
from tests.bureau import last_facts, wrong
from tests.office import case, count, row
from tests.transfer_office import (
    counts_agree,
    heads,
    pupil,
    road,
    spells,
    waiting,
)

__all__ = ["road"]


def test_four_offices_decide_in_turn_and_the_pupil_moves(road):
    a, b = road.county.body("a"), road.county.body("b")
    old_class, new_class = road.county.class_("a1", year=2), road.county.class_("b1", year=2)
    before, child, numbers = heads(old_class, new_class), pupil(road), records.open_student(pupil(road))
    case_id = road.apply("b1")
    road.go(case_id)

    assert road.way(case_id) == [(step, name, action) for (step, action), name in zip(
        [("applying", "submit"), *((step, "approve") for step in ("to_audit", "to_county", "from_registrar", "from_audit", "from_county"))],
        road.names("registrar.b1", "head.b1", "officer.b", "registrar.a1", "head.a1", "officer.a"), strict=True)]
    ended = case(case_id)
    assert (ended.state, ended.effective_on, ended.seat_body_id, ended.county_id) == ("effective", road.today, None, b)
    moved = pupil(road, child.id)
    assert (moved.county_id, moved.school_id, moved.class_id, moved.status, moved.lifecycle, moved.class_no) == (b, road.county.body("b1"), new_class, "01", "live", "")
    assert records.open_student(moved) == numbers and moved.student_code == child.student_code
    assert spells(child.id) == [("a1", "closed", "11", "27", date(2025, 9, 1), road.today), ("b1", "open", "13", "", road.today, None)]
    assert heads(old_class, new_class) == [before[0] - 1, before[1] + 1]
    assert {one.county_id for one in db.session.scalars(select(PersonNumber).where(PersonNumber.student_id == child.id))} == {b}
    assert {one.county_id for one in db.session.scalars(select(Guardian).where(Guardian.student_id == child.id))} == {b}
    assert set(db.session.execute(select(SearchKey.county_id, SearchKey.school_id, SearchKey.present).where(SearchKey.student_id == child.id)).all()) == {
        (a, road.county.body("a1"), False), (b, road.county.body("b1"), True)}
    counts_agree()


def test_the_spells_know_of_each_other(road):
    case_id = road.apply("b1")
    road.go(case_id)
    old, new = db.session.scalars(select(Enrolment).where(Enrolment.student_id == case(case_id).student_id).order_by(Enrolment.id)).all()
    assert (old.went_to_id, old.closing_case_id) == (road.county.body("b1"), case_id)
    assert (new.previous_id, new.came_from_id, new.case_id) == (old.id, road.county.body("a1"), case_id)


def test_every_chain_concerned_has_its_event_of_every_act(road):
    case_id = road.apply("b1")
    road.go(case_id)
    told = db.session.execute(select(Event.chain_id, Event.act_id, Event.facts).where(Event.name == "case.acted").order_by(Event.id)).all()
    chains = {}
    for chain, act, facts in told:
        chains.setdefault(act, {})[chain] = json.loads(facts)
    assert len(chains) == 5
    assert all(set(one) == {road.county.body("a"), road.county.body("b")} for one in chains.values())
    number = row(Paper, Paper.case_id == case_id).number
    effects = {"from": "竹山县堵河路小学 二年级1班", "to": "房县北城小学 二年级1班", "paper": number}
    assert [facts["effects"] for facts in list(chains.values())[-1].values()] == [effects, effects]
    assert count(EventSubject, EventSubject.student_id == case(case_id).student_id) == 2 * 6 + 1  # two chains; she was looked for once


def test_a_name_is_found_where_she_is_now(road):
    case_id = road.apply("b1")
    found = {key: [row.id for row in finding.find(road.county.actor(key), "庹思远", ("school",)).rows] for key in ("registrar.a1", "officer.a", "registrar.b1", "officer.b")}
    road.go(case_id)
    after = {key: finding.find(road.county.actor(key), "庹思远", ("school",)) for key in found}
    child = case(case_id).student_id
    assert found == {"registrar.a1": [child], "officer.a": [child], "registrar.b1": [], "officer.b": []}
    assert {key: ([row.id for row in one.rows], one.count) for key, one in after.items()} == {
        "registrar.a1": ([], 0), "officer.a": ([], 0), "registrar.b1": ([child], 1), "officer.b": ([child], 1)}


def test_the_certificate_is_of_the_old_school_and_its_receipt_the_old_schools_task(road):
    case_id = road.apply("b1")
    road.go(case_id)
    paper, task = row(Paper, Paper.case_id == case_id), row(Task, Task.case_id == case_id)
    facts = papers.facts_of(paper)
    assert (paper.kind, paper.school_id, paper.issued_on, paper.expires_on, paper.number) == (
        "transfer_certificate", road.county.body("a1"), road.today, date(2026, 12, 11), "竹转字〔2026〕第00001号")
    assert (facts["name"], facts["from_class"], facts["to_grade"], facts["reason"], facts["valid_for"], facts["case_no"]) == (
        "庹思远", "二年级1班", "二年级", "家庭住址迁移", "三个月", case(case_id).number)
    assert (facts["to_school_full"], facts["first"]) == ("湖北省十堰市房县北城小学", "receiving")
    assert {side: (facts[side]["name"], facts[side]["officer"]) for side in ("from_school", "from_office", "to_school", "to_office")} == {
        "from_school": ("竹山县堵河路小学", "余正德"), "from_office": ("竹山县教育局", "单维桢"), "to_school": ("房县北城小学", "童绍文"), "to_office": ("房县教育局", "苗春霖")}
    clerk = road.county.actor("registrar.a1")
    assert [(one.title, one.due_on) for one in waiting(clerk)] == [("庹思远的转学证明回执（竹转字〔2026〕第00001号）", date(2026, 12, 11))]
    assert waiting(road.county.actor("registrar.b1")) == []

    with pytest.raises(NotFound):
        tasks.receive_slip(task.id, road.today, actor=road.county.actor("registrar.b1"), today=road.today, now=road.now)
    assert set(wrong(tasks.receive_slip, task.id, None, actor=clerk, today=road.today, now=road.now)) == {"arrived_on"}
    assert set(wrong(tasks.receive_slip, task.id, road.today + timedelta(days=1), actor=clerk, today=road.today, now=road.now)) == {"arrived_on"}
    assert tasks.receive_slip(task.id, road.today, actor=clerk, today=road.today, now=road.now) == case_id
    assert waiting(clerk) == []
    with pytest.raises(MovedOn, match="已由庹明慧在"):
        tasks.receive_slip(task.id, road.today, actor=clerk, today=road.today, now=road.now)


def test_without_a_receipt_a_statement_is_filed(road):
    case_id = road.apply("b1")
    road.go(case_id)
    task = row(Task, Task.case_id == case_id)
    tasks.receive_slip(task.id, None, instead="城关镇派出所 2026年9月11日证明", actor=road.county.actor("registrar.a1"), today=road.today, now=road.now)
    assert last_facts("task.done", road.county.body("a")) == {"task": task.title, "happened": None, "note": "城关镇派出所 2026年9月11日证明"}


def test_a_pupil_who_comes_back_is_found_again_in_her_first_county(road):
    road.go(road.apply("b1"))
    child = row(Student, Student.name == "庹思远").id
    back = road.apply("a1", child)
    road.go(back)
    assert [spell[:2] for spell in spells(child)] == [("a1", "closed"), ("b1", "closed"), ("a1", "open")]
    assert set(db.session.execute(select(SearchKey.county_id, SearchKey.present).where(SearchKey.student_id == child)).all()) == {
        (road.county.body("a"), True), (road.county.body("b"), False)}
    counts_agree()
