"""转学: the ways a transfer goes, what it does to the register, and how it ends otherwise."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals, TooMany
from app.extensions import db
from app.identity import masks
from app.models import Body, Case, CaseStep, Class, Enrolment, Event, EventSubject, Grade, Guardian, Paper, PersonNumber, SearchKey, Student, Task, Term
from app.permissions import visible_students
from app.services.administration import calendars, policies
from app.services.casework import case_pages, cases, inbox, reversals, tasks
from app.services.casework.cases import Words
from app.services.paperwork import papers
from app.services.pupils import finding, former_pupils, records
from app.services.transfer import pupil_lookup, transfers
from app.services.transfer.transfers import Asked, Request
from tests.bureau import last_facts, wrong
from tests.cast import new_pupil
from tests.office import case, count, row
from tests.services.test_register_agrees import agrees
from tests.transfer_office import ANSWER, ASKED, DEQING, change, limit, road, route, set_rule

__all__ = ["road"]

RETURN = Words(reason="02", note="居住证明看不清，请重新扫描", mend=("evidence",))
REFUSE = Words(reason="04", note="本校二年级各班已满")


def waiting(person):
    return tasks.waiting(person, policies.policy_for(db.session, person.county_id, date(2026, 9, 11)), date(2026, 9, 11))


def pupil(road, key="twin.1"):
    return row(Student, Student.id == road.county.pupil(key) if isinstance(key, str) else Student.id == key)


def spells(student_id):
    """[(school, state, came by, left by, from, until)] in the order of time."""
    return [tuple(one) for one in db.session.execute(
        select(Body.key, Enrolment.state, Enrolment.came_by, Enrolment.left_by, Enrolment.from_on, Enrolment.until_on).join(Body, Body.id == Enrolment.school_id)
        .where(Enrolment.student_id == student_id).order_by(Enrolment.from_on, Enrolment.id))]


def counts_agree():
    told = agrees()
    for name in ("classes", "tallies", "spells", "desks", "numbers"):
        assert told[name][0] == told[name][1], name


def heads(*class_ids):
    return [row(Class, Class.id == class_id).headcount for class_id in class_ids]


# ---------------------------------------------------------------- finding the child

def test_a_child_is_found_by_two_facts_and_told_as_name_school_and_grade(road):
    child, clerk = pupil(road), road.county.actor("registrar.b1")
    numbers = records.open_student(child)
    for facts in ({"number": numbers["national_no"]}, {"number": f" {numbers['id_doc_no']} "}, {"name": child.name, "birth_date": child.birth_date}):
        found = pupil_lookup.look_up(actor=clerk, now=road.now, **facts)
        assert (found.name, found.school, found.grade) == ("庹思远", "竹山县堵河路小学", "二年级")
        assert pupil_lookup.student_of(found.token, clerk) == child.id
    assert last_facts("student.looked_up", road.county.body("b")) == {"by": "姓名和出生日期"}


def test_whatever_was_wrong_the_answer_is_the_same(road):
    child, clerk = pupil(road), road.county.actor("registrar.b1")
    number, other = (records.open_student(pupil(road, key))["national_no"] for key in ("twin.1", "common.1"))
    for facts in ({"number": "G" + "1" * 18}, {"name": child.name, "birth_date": child.birth_date + timedelta(days=1)}, {"number": other, "name": child.name},
                  {"number": number, "birth_date": date(2001, 1, 1)}):
        assert pupil_lookup.look_up(actor=clerk, now=road.now, **facts) is None
    assert "请填写学籍号或身份证件号" in wrong(pupil_lookup.look_up, name=child.name, actor=clerk, now=road.now)["number"]


def test_guessing_is_made_slow(road):
    clerk, child = road.county.actor("registrar.b1"), pupil(road)
    for day in range(10):
        pupil_lookup.look_up(name=child.name, birth_date=date(2010, 1, 1 + day), actor=clerk, now=road.now)
    with pytest.raises(TooMany, match="试错的次数太多"):
        pupil_lookup.look_up(name=child.name, birth_date=child.birth_date, actor=clerk, now=road.now)
    assert pupil_lookup.look_up(name=child.name, birth_date=child.birth_date, actor=road.county.actor("registrar.b4"), now=road.now).name == child.name


def test_the_word_for_a_child_serves_nobody_else(road):
    request = road.request("b1")
    with pytest.raises(NotFound, match="请重新查找"):
        transfers.apply(request, actor=road.county.actor("registrar.b4"), today=road.today, now=road.now)
    with pytest.raises(NotFound):
        transfers.apply(replace(request, token="", student_id=pupil(road).id), actor=road.county.actor("registrar.b1"), today=road.today, now=road.now)


# ---------------------------------------------------------------- across counties

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


# ---------------------------------------------------------------- the other ways

def test_inside_a_county_three_offices_and_no_search_row_of_another(road):
    case_id = road.apply("a3")
    road.go(case_id)
    assert [step for step, _, _ in road.way(case_id)] == ["applying", "to_audit", "from_registrar", "from_audit", "county"]
    assert set(db.session.execute(select(SearchKey.county_id, SearchKey.school_id, SearchKey.present).where(
        SearchKey.student_id == case(case_id).student_id)).all()) == {(road.county.body("a"), road.county.body("a3"), True)}
    counts_agree()


def test_a_school_of_the_city_has_the_citys_desk(road):
    case_id = road.apply("m1", _junior(road), stage="2", year=2)
    road.go(case_id)
    assert [(step, name) for step, name, _ in road.way(case_id)][2] == ("to_county", *road.names("officer.city1"))
    assert case(case_id).state == "effective"


def _junior(road, school="a2", year=2):
    """A junior pupil nobody tells stories of."""
    return db.session.execute(select(Student.id).where(Student.class_id == road.county.class_(school, stage="2", year=year), Student.status == "01").order_by(Student.id)).scalars().first()


def test_releasing_school_first_where_the_rules_say_so(road):
    set_rule(road.county.body("a"), '{"start_by": "转出学校"}')
    with pytest.raises(NotAllowed, match="由转出学校发起"):
        road.apply("a3")
    child = pupil(road)
    asked = Request(asked=ASKED, student_id=child.id, to_school_id=road.county.body("a3"))
    case_id = road.hand_in("a1", asked)
    assert route(case_id) == ["from_audit", "to_registrar", "to_audit", "county"]
    road.act(case_id)
    with pytest.raises(Refusal, match="请选择学生编入的班级"):
        road.act(case_id)
    wrong_grade = road.county.class_("a3", year=3)
    assert "转学不得改变年级" in wrong(road.act, case_id, words=Words(class_id=wrong_grade))["class_id"]
    road.act(case_id, words=Words(class_id=road.county.class_("a3", year=2)))
    road.go(case_id)
    assert pupil(road, child.id).class_id == road.county.class_("a3", year=2)
    assert papers.facts_of(row(Paper, Paper.case_id == case_id))["first"] == "releasing"  # whose opinions stand in the upper row


def test_receiving_school_first_is_the_rule_else(road):
    with pytest.raises(NotAllowed, match="由转入学校发起"):
        road.hand_in("a1", Request(asked=ASKED, student_id=pupil(road).id, to_school_id=road.county.body("a3")))


def test_senior_pupils_go_through_the_city_once_where_both_lie_in_it(road):
    from app.services.administration import policies

    for city in ("city1", "city2"):
        policies.set_policy(road.county.body(city), "national2025", {"city_steps_senior": "是"}, from_on=road.today, actor=road.county.actor("sysadmin"),
                            today=road.today, now=road.now)
    child = db.session.execute(select(Student.id).where(Student.class_id == road.county.class_("a4", stage="3", year=2))).scalars().first()
    case_id = road.apply("b3", child, stage="3", year=2)
    assert route(case_id) == ["to_audit", "to_county", "from_registrar", "from_audit", "from_county", "city"]
    road.go(case_id)
    assert road.way(case_id)[-1][:2] == ("city", *road.names("officer.city1"))
    assert len(db.session.scalars(select(Event.id).where(Event.name == "case.acted", Event.chain_id == 0)).all()) == 1  # the city's act is on the house's chain too


def test_across_provinces_the_provinces_by_policy(road):
    set_rule(road.county.body("d"), '{"province_steps": "是"}')
    case_id = road.apply("d1")
    assert route(case_id) == ["to_audit", "to_county", "to_province", "from_registrar", "from_audit", "from_county", "from_province"]
    road.go(case_id)
    assert pupil(road, case(case_id).student_id).county_id == road.county.body("d")


# ---------------------------------------------------------------- 允许转学指令

@pytest.fixture
def instructed(road):
    """A transfer whose instruction waits to be drawn."""
    set_rule(road.county.body("a"), '{"release_instruction": "是"}')
    case_id = road.apply("b1")
    road.go(case_id, until="draw")
    return case_id


def test_the_instruction_has_its_certificate_and_the_draw_finishes(road, instructed):
    waiting = case(instructed)
    paper = row(Paper, Paper.case_id == instructed)
    assert (waiting.step, waiting.seat_body_id, waiting.seat_duty, waiting.due_on) == ("draw", road.county.body("b1"), "school_registrar", date(2026, 12, 10))
    assert (paper.state, pupil(road).school_id) == ("valid", road.county.body("a1"))
    assert last_facts("case.acted", road.county.body("a"))["effects"] == {"paper": paper.number}
    road.act(instructed, "draw", today=date(2026, 12, 10))  # the ninetieth day
    assert (case(instructed).state, count(Paper, Paper.case_id == instructed)) == ("effective", 1)
    assert row(Student, Student.id == waiting.student_id).school_id == road.county.body("b1")


def test_a_certificate_that_ran_out_before_the_draw_is_issued_anew_by_the_old_school(road):
    """With an instruction the paper comes before the draw (DECIDED 17): 3 months may be shorter than the instruction's time."""
    set_rule(road.county.body("a"), '{"release_instruction": "是", "transfer_papers_valid": "1个月"}')
    case_id = road.apply("b1")
    road.go(case_id, until="draw")
    paper, clerk = row(Paper, Paper.case_id == case_id), road.county.actor("registrar.a1")
    last, late = date(2026, 10, 11), datetime(2026, 10, 12, 9, 0)
    assert paper.expires_on == last
    with pytest.raises(Refusal, match="转学证明竹转字〔2026〕第00001号已在2026年10月11日过期，不能再凭它调档。请原学校补发转学证明"):
        road.act(case_id, "draw", today=late.date())
    assert case(case_id).step == "draw"
    new = papers.reissue(paper.id, "逾期未调档", actor=clerk, now=late)
    again = row(Paper, Paper.id == new)
    assert (again.number, again.issued_on, again.expires_on, papers.facts_of(again)["issued_on"]) == ("补　竹转字〔2026〕第00001号", late.date(), date(2026, 11, 12), "2026-10-12")
    assert row(Task, Task.case_id == case_id).due_on == again.expires_on
    road.act(case_id, "draw", today=again.expires_on)
    assert (case(case_id).state, count(Paper, Paper.case_id == case_id)) == ("effective", 2)
    with pytest.raises(Refusal, match="到期，不再补发"):  # once she is there it is her receipt alone that is owed
        papers.reissue(new, "遗失", actor=clerk, now=datetime(2026, 11, 13, 9, 0))


def test_on_its_last_day_a_certificate_still_serves_the_draw(road):
    set_rule(road.county.body("a"), '{"release_instruction": "是", "transfer_papers_valid": "1个月"}')
    case_id = road.apply("b1")
    road.go(case_id, until="draw")
    road.act(case_id, "draw", today=date(2026, 10, 11))
    assert case(case_id).state == "effective"


def test_an_instruction_that_nobody_draws_lapses_after_its_ninetieth_day(road, instructed):
    assert cases.lapse_due(today=date(2026, 12, 10), now=road.now) == 0
    assert cases.lapse_due(today=date(2026, 12, 11), now=road.now) == 1
    assert (case(instructed).state, row(Paper, Paper.case_id == instructed).state, row(Task, Task.case_id == instructed, Task.kind == "receipt").state) == ("lapsed", "voided", "void")
    assert [one.title for one in waiting(road.county.actor("registrar.b1"))] == ["庹思远的转学已失效：期限到2026年12月10日为止，没有办理"]
    assert road.way(instructed)[-1] == ("draw", "系统", "lapse")
    assert pupil(road).school_id == road.county.body("a1")
    assert cases.lapse_due(today=date(2026, 12, 12), now=road.now) == 0
    counts_agree()


def test_on_the_ninety_first_day_it_is_not_drawn_even_before_the_clock_has_ended_it(road, instructed):
    late, clerk = date(2026, 12, 11), road.county.actor("registrar.b1")
    with pytest.raises(Refusal, match="期限到2026年12月10日为止，已经过期，不能再办。学生仍在原学校；还要转学的，请重新申请"):
        road.act(instructed, "draw", today=late)
    seen = case_pages.find(clerk, instructed)
    assert (list(case_pages.offered(clerk, seen, date(2026, 12, 10))), case_pages.offered(clerk, seen, late)) == (["draw"], {})
    assert (case(instructed).state, pupil(road).school_id) == ("open", road.county.body("a1"))


def test_an_instruction_is_taken_back_by_who_gave_it_until_it_is_drawn(road, instructed):
    for stranger in ("officer.b", "head.a1"):
        with pytest.raises(NotAllowed, match="只能由签发它的"):
            road.act(instructed, "take_back", road.county.actor(stranger), REFUSE)
    with pytest.raises(Refusal, match="理由"):
        road.act(instructed, "take_back", road.county.actor("officer.a"))
    road.act(instructed, "take_back", road.county.actor("officer2.a"), REFUSE)
    assert (case(instructed).state, row(Paper, Paper.case_id == instructed).state) == ("rejected", "voided")
    with pytest.raises(MovedOn):
        road.act(instructed, "draw", road.county.actor("registrar.b1"))


def test_nobody_lapses_a_case_by_hand(road, instructed):
    with pytest.raises(NotAllowed, match="由系统办理"):
        road.act(instructed, "lapse", road.county.actor("officer.a"), Words(note="到期"))


# ---------------------------------------------------------------- one side is elsewhere (DECIDED 1)

def from_elsewhere(number=1, **changes):
    """A child of grade two with a 学籍号 of elsewhere."""
    record = new_pupil(number)
    return record | {"national_no": "G" + record["id_doc_no"]} | changes


def test_a_child_from_elsewhere_keeps_the_number_she_was_given(road):
    record, class_id = from_elsewhere(), road.county.class_("a1", year=2)
    before = heads(class_id)[0]
    case_id = road.hand_in("a1", Request(asked=ASKED, record=record, class_id=class_id, outside=DEQING))
    child = row(Student, Student.id == case(case_id).student_id)
    assert (route(case_id), child.lifecycle, heads(class_id)) == (["to_audit", "to_county", "from_outside"], "pending", [before + 1])
    road.go(case_id, until="from_outside")
    waiting = case(case_id)
    assert (waiting.seat_body_id, waiting.seat_duty) == (road.county.body("a"), "county_officer")  # the last seat of ours records the answer
    assert set(wrong(road.act, case_id, "agree", words=Words(answered_on=road.today + timedelta(days=1)))) == {"answered_on", "paper"}
    road.act(case_id, "agree")

    child = row(Student, Student.id == child.id)
    assert (case(case_id).state, child.lifecycle, child.status, records.open_student(child)["national_no"], child.national_no_local) == (
        "effective", "live", "01", record["national_no"], False)
    assert (spells(child.id), heads(class_id), count(Paper, Paper.case_id == case_id)) == ([("a1", "open", "13", "", road.today, None)], [before + 1], 0)
    answer = row(CaseStep, CaseStep.case_id == case_id, CaseStep.step == "from_outside")
    assert (answer.answered_on, answer.paper) == (ANSWER["answered_on"], ANSWER["paper"])
    counts_agree()


@pytest.mark.parametrize(("action", "who", "state"), [("disagree", "officer.a", "rejected"), ("withdraw", "registrar.a1", "withdrawn"), ("clear", "officer.a", "cleared")])
def test_a_child_from_elsewhere_who_does_not_come_gives_back_what_was_held(road, action, who, state):
    record, class_id = from_elsewhere(), road.county.class_("a1", year=2)
    before = heads(class_id)
    case_id = road.hand_in("a1", Request(asked=ASKED, record=record, class_id=class_id, outside=DEQING))
    road.go(case_id, until="from_outside")
    road.act(case_id, action, road.county.actor(who), Words(reason="03", note="原学校不同意", **ANSWER))
    child = row(Student, Student.id == case(case_id).student_id)
    assert (case(case_id).state, child.lifecycle, child.status, heads(class_id), count(PersonNumber, PersonNumber.student_id == child.id)) == (state, "cleared", "94", before, 0)
    counts_agree()


def test_a_child_from_elsewhere_without_her_number_is_not_taken(road):
    asked = Request(asked=ASKED, record=new_pupil(1), class_id=road.county.class_("a1", year=2), outside=DEQING)
    assert wrong(road.hand_in, "a1", asked) == {"national_no": "请填写原学校的学籍号：转学不另给号"}
    known = pupil(road)
    taken = from_elsewhere(national_no=records.open_student(known)["national_no"])
    assert wrong(road.hand_in, "a1", replace(asked, record=taken)) == {"national_no": "系统中已有这个学籍号。请先查找学生，再申请转学"}
    assert set(wrong(road.hand_in, "a1", replace(asked, record=from_elsewhere(), outside=replace(DEQING, advanced_to=3)))) == {"to_class"}


def test_mending_a_child_from_elsewhere_changes_her_record_and_her_class(road):
    record, one, two = from_elsewhere(), road.county.class_("a1", year=3), road.county.class_("a1", year=3, number=2)
    outside = replace(DEQING, advanced_to=3)
    case_id = road.hand_in("a1", Request(asked=ASKED, record=record, class_id=one, outside=outside))
    road.act(case_id, "return", words=RETURN)
    before = heads(one, two)
    limit(one, before[0])
    mended = record | {"current_address": "湖北省十堰市竹山县城关镇滨河路22号"}
    for class_id in (one, two):  # her own full class still has her place
        transfers.resubmit(case_id, Request(asked=ASKED, record=mended, class_id=class_id, outside=outside), actor=road.county.actor("registrar.a1"),
                           version=case(case_id).version, today=road.today, now=road.now)
        road.act(case_id, "return", words=RETURN)
    assert (heads(one, two), row(Student, Student.id == case(case_id).student_id).current_address) == ([before[0] - 1, before[1] + 1], mended["current_address"])
    counts_agree()


def test_a_pupil_who_goes_elsewhere_is_answered_for_before_ours_decide(road):
    child, class_id = pupil(road), road.county.class_("a1", year=2)
    before = heads(class_id)[0]
    case_id = road.hand_in("a1", Request(asked=ASKED, student_id=child.id, outside=DEQING))
    assert route(case_id) == ["to_outside", "from_audit", "from_county"]
    assert road.holder(case_id).username == "registrar.a1"
    road.go(case_id)
    gone = row(Student, Student.id == child.id)
    assert (gone.lifecycle, gone.status, gone.school_id, gone.county_id, heads(class_id)) == ("left", "10", child.school_id, child.county_id, [before - 1])
    assert spells(child.id) == [("a1", "closed", "11", "27", date(2025, 9, 1), road.today)]
    facts = papers.facts_of(row(Paper, Paper.case_id == case_id))
    assert (facts["to_school_full"], facts["to_office"]["name"], facts["to_office"]["officer"]) == ("浙江省湖州市德清县德清县舞阳小学", "德清县教育局", None)
    assert [one.title for one in waiting(road.county.actor("registrar.a1"))] == [f"庹思远的转学证明回执（{facts['number']}）"]
    counts_agree()


def test_she_comes_back_to_her_own_record(road):
    child = pupil(road)
    road.go(road.hand_in("a1", Request(asked=ASKED, student_id=child.id, outside=DEQING)))
    request = road.request("b1", child.id, outside=DEQING)
    assert set(wrong(road.hand_in, "b1", replace(request, outside=None))) == {"outside_school"}
    case_id = road.hand_in("b1", request)
    assert route(case_id) == ["to_audit", "to_county", "from_outside"]
    road.go(case_id)
    back = row(Student, Student.id == child.id)
    assert (back.lifecycle, back.status, back.county_id, back.national_no_index) == ("live", "01", road.county.body("b"), child.national_no_index)
    assert [spell[:4] for spell in spells(child.id)] == [("a1", "closed", "11", "27"), ("b1", "open", "13", "")]
    counts_agree()


@pytest.mark.parametrize(("day", "told"), [
    (date(2027, 1, 20), {"student": "一年级第一学期（到2027年1月20日）不能转学。请在第一学期结束以后申请"}), (date(2027, 1, 21), None)])
def test_a_first_grader_from_elsewhere_comes_after_her_first_term(road, day, told):
    """Her grade was entered when that of her new class was, of which the terms are known."""
    record = from_elsewhere()
    asked = Request(asked=ASKED, record=record, class_id=road.county.class_("a1", year=1), outside=replace(DEQING, advanced_to=1))
    if told:
        assert wrong(road.hand_in, "a1", asked, today=day) == told
    else:
        assert case(road.hand_in("a1", asked, today=day)).step == "to_audit"


def test_a_bureau_that_is_not_in_this_house_is_an_outside_seat_even_where_its_school_is_known(road):
    """An office with one county alone does cross-county transfers (DECIDED 1)."""
    for key in ("b", "b1", "b2", "b3", "b4"):
        change(Body, road.county.body(key), here=False)
    case_id = road.hand_in("a1", Request(asked=ASKED, student_id=pupil(road).id, to_school_id=road.county.body("b1")))
    assert (route(case_id), case(case_id).to_school_id) == (["to_outside", "from_audit", "from_county"], None)
    road.go(case_id)
    assert pupil(road, case(case_id).student_id).lifecycle == "left"


def test_a_city_that_is_not_in_this_house_is_answered_for_by_the_county_before_it(road):
    set_rule(road.county.body("d"), '{"province_steps": "是"}')
    change(Body, road.county.body("province"), here=False)
    case_id = road.apply("d1")
    assert route(case_id) == ["to_audit", "to_county", "to_province", "from_registrar", "from_audit", "from_county", "from_outside"]
    road.go(case_id, until="from_outside")
    assert road.holder(case_id).username == "officer.a"
    road.act(case_id, "agree")
    assert case(case_id).state == "effective"


# ---------------------------------------------------------------- how it ends otherwise

def test_a_return_goes_to_the_applicant_who_hands_in_again_from_the_start(road):
    case_id = road.apply("b1")
    road.go(case_id, until="from_registrar")
    road.act(case_id, "return", words=RETURN)
    returned = case(case_id)
    assert (returned.step, returned.seat_body_id, returned.seat_duty) == ("applying", road.county.body("b1"), "school_registrar")
    assert case_pages.mend_of(case_pages.find(road.county.actor("registrar.b1"), case_id)) == {"items": ["evidence"], "note": RETURN.note, "reason": "02"}

    mended = replace(ASKED, reason="01", explanation="户口已迁入")
    transfers.resubmit(case_id, Request(asked=mended, class_id=returned.class_id), actor=road.county.actor("registrar.b1"), version=returned.version, today=road.today, now=road.now)
    assert (case(case_id).step, case(case_id).mend) == ("to_audit", None)
    assert last_facts("case.resubmitted", road.county.body("a"))["changes"] == {"转学原因": ["家庭住址迁移", "户籍迁移"], "具体情况": ["", "户口已迁入"]}
    road.go(case_id)
    assert case(case_id).state == "effective"


def test_time_that_was_kept_once_stays_kept(road):
    set_rule(road.county.body("b"), '{"transfer_windows": "9月1日—9月15日"}')
    case_id = road.apply("b1", today=date(2026, 9, 15))
    road.act(case_id, "return", words=RETURN, today=date(2026, 9, 16))
    change(Case, case_id, started_at=datetime(2026, 9, 15, 10, 0))
    transfers.resubmit(case_id, Request(asked=ASKED, class_id=case(case_id).class_id), actor=road.county.actor("registrar.b1"), version=case(case_id).version,
                       today=date(2026, 9, 16), now=road.now)
    assert case(case_id).step == "to_audit"


@pytest.mark.parametrize("step", ["to_audit", "to_county", "from_registrar", "from_audit", "from_county"])
def test_every_desk_may_refuse_with_a_listed_reason_and_all_is_as_before(road, step):
    case_id = road.apply("b1")
    road.go(case_id, until=step)
    with pytest.raises(Refusal, match="须从列表中选择理由"):
        road.act(case_id, "refuse", words=Words(note="不同意"))
    road.act(case_id, "refuse", words=REFUSE)
    assert (case(case_id).state, pupil(road).school_id, count(Paper), count(Task)) == ("rejected", road.county.body("a1"), 0, 0)
    road.apply("b4", year=2)  # she is free for another


@pytest.mark.parametrize("step", ["to_audit", "from_county"])
def test_the_applicant_withdraws_until_the_last_step(road, step):
    case_id = road.apply("b1")
    road.go(case_id, until=step)
    with pytest.raises(NotAllowed, match="申请学校"):
        road.act(case_id, "withdraw", road.county.actor("registrar.a1"))
    road.act(case_id, "withdraw", road.county.actor("registrar.b1"))
    assert case(case_id).state == "withdrawn"
    with pytest.raises(MovedOn, match="撤销"):
        road.act(case_id, "approve", road.county.actor("officer.a"))


def test_the_home_schools_county_may_clear_what_holds_its_child(road):
    case_id = road.apply("b1")
    assert case_id in [one.id for one in case_pages.listed(road.county.actor("registrar.a1"))]  # the home school sees who holds her
    with pytest.raises(NotFound):
        road.act(case_id, "clear", road.county.actor("officer.c"))
    road.act(case_id, "clear", road.county.actor("officer.a"), Words(note="原学校请求清理"))
    assert case(case_id).state == "cleared"


def test_a_silent_office_does_not_stop_it(road):
    case_id = road.apply("b1")
    road.go(case_id, until="from_registrar")
    due = case(case_id).due_on
    with pytest.raises(NotAllowed):
        road.act(case_id, "approve", road.county.actor("officer.a"), Words(note="代办"), today=due)
    late = due + timedelta(days=1)
    assert case_id in [one.id for one in inbox.overdue(road.county.actor("officer.a"), late)]
    road.act(case_id, "approve", road.county.actor("officer.a"), Words(note="原学校逾期未办"), today=late)
    road.act(case_id, "approve", today=late)
    due = case(case_id).due_on
    city, late = road.county.actor("officer.city1"), due + timedelta(days=1)
    assert case_pages.find(replace(city, today=due), case_id) is None
    city = replace(city, today=late)
    assert case_pages.find(city, case_id) is not None
    road.act(case_id, "approve", city, Words(note="县局逾期未办"), today=late)  # above the county: its city
    assert case(case_id).state == "effective" and case_pages.find(city, case_id) is not None
    in_place = select(CaseStep.step).where(CaseStep.case_id == case_id, CaseStep.in_place_of).order_by(CaseStep.seq)
    assert list(db.session.scalars(in_place)) == ["from_registrar", "from_county"]


# ---------------------------------------------------------------- 15 July: graduating grades (M17)

def final(road, key="twin.1"):
    """Her grade is the last of her school from now on: the sixth in which she may still go, where the county lets her."""
    change(Grade, pupil(road, key).grade_id, advanced_to=6)


@pytest.mark.parametrize(("day", "cleared"), [(date(2027, 7, 14), 0), (date(2027, 7, 15), 1), (date(2027, 8, 10), 1), (date(2027, 8, 11), 0)])
def test_on_15_july_the_open_cases_of_graduating_grades_are_cleared(road, day, cleared):
    case_id, other = road.apply("b1"), road.apply("m1", _junior(road), stage="2", year=2)
    road.go(case_id, until="from_registrar")
    final(road)
    assert cases.clear_graduating(today=day, now=road.now) == cleared
    assert (case(case_id).state, case(other).state, pupil(road).school_id) == ("cleared" if cleared else "open", "open", road.county.body("a1"))
    assert cases.clear_graduating(today=day, now=road.now) == 0
    counts_agree()


def test_one_event_tells_of_it_and_the_applicants_desk(road):
    set_rule(road.county.body("a"), '{"release_instruction": "是"}')
    case_id = road.apply("b1")
    road.go(case_id, until="draw")
    final(road)
    day = datetime(2027, 7, 15, 0, 10)
    cases.clear_graduating(today=day.date(), now=day)
    note = "六年级是毕业年级，自7月15日起在办业务一律清理（教育部 教基司厅函〔2017〕23号）；毕业以后由升入的学校办理"
    for key in ("a", "b"):
        told = last_facts("case.acted", road.county.body(key))
        assert (told["action"], told["note"], told["effects"]) == ("clear", note, {"paper": "竹转字〔2026〕第00001号"})
    assert (row(Paper, Paper.case_id == case_id).state, row(Task, Task.case_id == case_id, Task.kind == "receipt").state) == ("voided", "void")
    clerk = road.county.actor("registrar.b1")
    (news,) = waiting(clerk)
    assert (news.title, news.case_id, waiting(road.county.actor("registrar.a1"))) == (f"庹思远的转学已清理：{note}", case_id, [])
    with pytest.raises(NotFound):
        tasks.seen(news.id, actor=road.county.actor("registrar.b4"), now=day)
    assert tasks.seen(news.id, actor=clerk, now=day) == case_id and waiting(clerk) == []


def test_a_child_from_elsewhere_who_was_to_join_a_graduating_grade_gives_back_what_was_held(road):
    set_rule(road.county.body("a"), '{"graduating_bar": "否", "first_term_bar": "否"}')
    class_id = road.county.class_("a1", year=6)
    before = heads(class_id)
    case_id = road.hand_in("a1", Request(asked=ASKED, record=from_elsewhere(), class_id=class_id, outside=replace(DEQING, advanced_to=6)))
    assert cases.clear_graduating(today=date(2027, 7, 15), now=road.now) == 1
    child = row(Student, Student.id == case(case_id).student_id)
    assert (case(case_id).state, child.lifecycle, heads(class_id)) == ("cleared", "cleared", before)
    counts_agree()


def test_one_person_does_not_decide_for_two_desks(road):
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    officer_b, officer_a = road.county.actor("officer.b"), road.county.actor("officer.a")
    both = replace(officer_a, account_id=officer_b.account_id, name=officer_b.name)
    with pytest.raises(NotAllowed, match="您已在本件的“转入主管部门核办”办理过"):
        road.act(case_id, "approve", both)


# ---------------------------------------------------------------- ten working days, each its own

@pytest.mark.parametrize(("arrived", "tenth", "eleventh"), [
    (date(2026, 9, 11), date(2026, 9, 24), date(2026, 9, 28)),  # the make-up Sunday 20 September counts; the 25th is 中秋
    (date(2026, 9, 28), date(2026, 10, 16), date(2026, 10, 19)),  # 国庆 does not count, the make-up Saturday 10 October does
])
def test_tenth_and_eleventh_working_day(road, arrived, tenth, eleventh):
    case_id = road.apply("b1", today=arrived)
    calendar = calendars.calendar(db.session)
    assert case(case_id).due_on == calendar.after(arrived, 10) == tenth
    above = road.county.actor("officer.b")
    with pytest.raises(NotAllowed):
        road.act(case_id, "approve", above, Words(note="代办"), today=tenth)
    road.act(case_id, "approve", above, Words(note="学校逾期未办"), today=eleventh)
    assert (case(case_id).arrived_on, case(case_id).due_on) == (eleventh, calendar.after(eleventh, 10))


# ---------------------------------------------------------------- what changed meanwhile

def status(code, lifecycle="live"):
    return lambda road, child: change(Student, child.id, status=code, lifecycle=lifecycle)


@pytest.mark.parametrize(("meanwhile", "told"), [
    (status("02"), "状态“休学”"), (status("07", "left"), "状态“毕业”"), (status("11", "cancelled"), "状态“死亡”"),
    (lambda road, child: change(Student, child.id, school_id=road.county.body("a3")), "竹山县柳垭镇九年一贯制学校的学生"),
    (lambda road, child: change(Grade, child.grade_id, advanced_to=3), "申请时在二年级，庹思远现在在三年级，房县北城小学 二年级1班不是同一年级"),
], ids=["suspended", "graduated", "died", "moved", "promoted"])
def test_the_last_act_refuses_with_what_happened_since(road, meanwhile, told):
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    meanwhile(road, pupil(road))
    with pytest.raises(MovedOn) as refusal:
        road.act(case_id)
    assert told in str(refusal.value) and "没有写入" in str(refusal.value)
    assert (case(case_id).state, case(case_id).step, count(Paper)) == ("open", "from_county", 0)


def test_rolled_over_on_both_sides_she_goes_with_her_year_mates(road):
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    change(Grade, pupil(road).grade_id, advanced_to=3)
    change(Grade, case(case_id).grade_id, advanced_to=3)
    road.act(case_id)
    assert case(case_id).state == "effective"


def test_a_class_that_filled_up_meanwhile_is_told_with_who_took_the_last_place(road):
    first, second = road.apply("b1", "twin.1"), road.apply("b1", "twin.2")
    limit(case(first).class_id, heads(case(first).class_id)[0] + 1)
    for one in (first, second):
        road.go(one, until="from_county")
    road.act(first)
    with pytest.raises(Refusal, match="没有学位：最后一个由单维桢（竹山县教育局）在 2026年9月11日 15:20 办给了另一名学生"):
        road.act(second)


def test_like_transfers_at_one_desk_are_decided_together_with_a_result_for_each(road):
    first, second = road.apply("b1", "twin.1"), road.apply("b1", "twin.2")
    limit(case(first).class_id, heads(case(first).class_id)[0] + 1)
    for step in ("to_audit", "to_county", "from_registrar", "from_audit"):
        for one in (first, second):
            assert case(one).step == step
        cases.act_many([first, second], "approve", actor=road.holder(first), seen_at=step, today=road.today, now=road.now)
    result = {case_id: sentence for case_id, _, sentence in cases.act_many(
        [first, second], "approve", actor=road.holder(first), seen_at="from_county", today=road.today, now=road.now)}
    assert result[first] is None and "没有学位" in result[second]
    assert (case(first).state, case(second).step) == ("effective", "from_county")
    facts = last_facts("cases.acted", road.county.body("a"))
    assert (facts["number"], facts["cases"], len(facts["effects"]["paper"])) == (1, [case(first).number], 1)
    counts_agree()


# ---------------------------------------------------------------- preconditions, on the way in

def test_a_second_transfer_of_one_child_reads_who_began_the_first(road):
    case_id = road.apply("b1")
    told = wrong(road.apply, "b4", year=2)
    assert told == {"student": f"已有未办结的业务：{case(case_id).number}（转学），房县北城小学的饶静娴在 2026年9月11日 15:20 提交。请等它办结，或由申请学校撤销；原学校也可以请主管部门清理"}


def test_everything_that_stands_against_it_is_told_at_once(road):
    limit(road.county.class_("b1", year=4), 1)
    told = wrong(road.apply, "b1", "suspended", year=4)
    assert set(told) == {"student", "to_class"} and "请先办理复学" in told["student"]
    assert wrong(road.apply, "b1", "common.1", year=1)["student"].startswith("一年级第一学期（到2027年1月20日）不能转学")
    assert wrong(road.apply, "a1", "twin.1")["to_school"].startswith("学生现在就在这所学校")
    assert set(wrong(road.apply, "b1", "twin.1", asked=Asked(reason="08", special=True))) == {"reason", "explanation", "guardian"}


def test_five_and_six_years_of_primary_school_meet(road):
    case_id = road.apply("b4", "twin.1", year=2)  # 五四
    road.go(case_id)
    assert case(case_id).state == "effective"


def test_outside_the_window_only_as_a_special_case_that_the_bureau_finds(road):
    set_rule(road.county.body("b"), '{"transfer_windows": "3月1日—3月15日"}')
    assert wrong(road.apply, "b1")["special"].startswith("现在不在受理时间内：3月1日—3月15日")
    case_id = road.apply("b1", asked=replace(ASKED, special=True, explanation="父亲调往房县，急需就学"))
    road.act(case_id)
    assert set(wrong(road.act, case_id)) == {"special"}
    road.act(case_id, words=Words(special=True))
    assert case(case_id).step == "from_registrar"


@pytest.mark.parametrize(("day", "held"), [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2026, 9, 15), True), (date(2026, 9, 16), False)])
def test_the_windows_first_and_last_day(road, day, held):
    set_rule(road.county.body("b"), '{"transfer_windows": "9月1日—9月15日"}')
    plan = transfers.preview(road.request("b1"), actor=road.county.actor("registrar.b1"), today=day)
    assert [one.level for one in plan.findings if one.check == "window"] == ["pass" if held else "block"]


def test_a_window_of_terms_without_terms_says_so(road):
    set_rule(road.county.body("b"), '{"transfer_windows": "开学前7日—开学后7日"}')
    plan = transfers.preview(road.request("b1"), actor=road.county.actor("registrar.b1"), today=date(2026, 9, 8))
    assert [one.level for one in plan.findings if one.check == "window"] == ["pass"]
    forget_terms(road.county.body("b"))
    assert wrong(road.apply, "b1", today=date(2026, 9, 8))["today"].endswith("请教育局先设置学期")


def forget_terms(county_id):
    from sqlalchemy import delete

    from app.services.transactions import writes

    @writes(traced=False)
    def forget(s):
        s.execute(delete(Term).where(Term.county_id == county_id))

    forget()


def test_whose_rules_decide_what(road):
    """Days: the seat's own county; class: the receiving one; instruction: the releasing one (DECIDED 3)."""
    set_rule(road.county.body("a"), '{"step_days_school": "5个工作日", "class_limit_primary": "1"}')
    set_rule(road.county.body("b"), '{"step_days_county": "3个工作日", "release_instruction": "是"}')
    case_id = road.apply("b1")
    calendar, due = calendars.calendar(db.session), []
    while case(case_id).state == "open":
        due.append((case(case_id).step, case(case_id).due_on))
        road.act(case_id)
    assert due == [(step, calendar.after(road.today, days)) for step, days in (
        ("to_audit", 10), ("to_county", 3), ("from_registrar", 5), ("from_audit", 5), ("from_county", 10))]


def test_rules_are_those_of_the_day_it_began(road):
    case_id = road.apply("b1")
    made = case(case_id)
    assert (made.policy_id, made.to_policy_id is not None, made.from_policy_id is not None) == (made.to_policy_id, True, True)
    road.go(case_id, until="from_registrar")
    assert case(case_id).policy_id == made.from_policy_id


# ---------------------------------------------------------------- reversal (DECIDED 16)

def reverse(road, case_id, who="officer.a", reason="转错学生：两名学生同名"):
    return reversals.reverse(case_id, reason, actor=road.county.actor(who), today=road.today, now=road.now)


def test_a_wrong_transfer_is_undone_by_who_decided_last(road):
    child, old_class = pupil(road), road.county.class_("a1", year=2)
    before = heads(old_class, road.county.class_("b1", year=2))
    case_id = road.apply("b1")
    road.go(case_id)
    for stranger in ("officer.b", "head.a1"):
        with pytest.raises(NotAllowed, match="最后核办的主管教育行政部门"):
            reverse(road, case_id, stranger)
    assert set(wrong(reverse, road, case_id, reason=" ")) == {"reason"}
    undone = case(reverse(road, case_id, "officer2.a"))

    back = row(Student, Student.id == child.id)
    same = ("county_id", "school_id", "grade_id", "class_id", "class_no", "status", "lifecycle", "national_no_index")
    assert [getattr(back, name) for name in same] == [getattr(child, name) for name in same]
    assert spells(child.id) == [("a1", "open", "11", "", date(2025, 9, 1), None), ("b1", "cleared", "13", "99", road.today, road.today)]
    assert (undone.kind, undone.state, undone.undoes_id, undone.starter_name, case(case_id).state) == ("reversal", "effective", case_id, "瞿安澜", "voided")
    assert (row(Paper, Paper.case_id == case_id).state, row(Task, Task.case_id == case_id).state) == ("voided", "void")
    assert heads(old_class, road.county.class_("b1", year=2)) == before
    assert set(db.session.execute(select(SearchKey.county_id, SearchKey.school_id, SearchKey.present).where(SearchKey.student_id == child.id)).all()) == {
        (road.county.body("a"), road.county.body("a1"), True)}
    assert former_pupils.former_pupils(road.county.actor("registrar.a1")) == []
    facts = last_facts("case.reversed", road.county.body("b"))
    assert (facts["undone"], facts["reason"], facts["effects"]["over"]) == (case(case_id).number, "转错学生：两名学生同名", [])
    with pytest.raises(MovedOn):
        reverse(road, case_id)
    counts_agree()
    road.apply("b1")  # and she may go again


def later_case(road, child):
    road.apply("b4", child.id, year=2)


@pytest.mark.parametrize(("since", "told"), [
    (later_case, "转学以后又有业务房教转〔2026〕第00002号（转学，在办），请先撤销它"),
    (lambda road, child: change(Student, child.id, status="07", lifecycle="left"), "学籍状态变为“毕业”"),
    (lambda road, child: change(Enrolment, db.session.execute(select(Enrolment.id).where(Enrolment.student_id == child.id, Enrolment.state == "open")).scalar_one(), case_id=None),
     "已经调过班"),
    (lambda road, child: change(Grade, child.grade_id, advanced_to=3), "转入学校的年级已经升级"),
    (lambda road, child: change(Grade, row(Class, Class.id == road.county.class_("a1", year=2)).grade_id, state="graduated"), "原学校的年级已经升级或毕业"),
], ids=["a later case", "graduated", "another class", "rolled over there", "graduated here"])
def test_what_stands_on_a_transfer_keeps_it_and_is_named(road, since, told):
    case_id = road.apply("b1")
    road.go(case_id)
    since(road, row(Student, Student.id == case(case_id).student_id))
    with pytest.raises(Refusals, match=told):
        reverse(road, case_id)
    assert case(case_id).state == "effective"


def test_her_old_class_takes_her_back_over_its_limit_with_a_warning(road):
    case_id = road.apply("b1")
    old_class = pupil(road).class_id
    road.go(case_id)
    limit(old_class, heads(old_class)[0])
    made = reverse(road, case_id)
    assert last_facts("case.reversed", road.county.body("a"))["effects"]["over"] == [f"二年级1班回来以后有 {heads(old_class)[0]} 人，超过班额 {heads(old_class)[0] - 1} 人"]
    assert [one.level for one in case_pages.told(case_pages.find(road.county.actor("officer.a"), made), person=road.county.actor("officer.a"), today=road.today)["findings"]] == ["warn"]


@pytest.mark.parametrize("here_before", [True, False])
def test_who_came_from_elsewhere_by_mistake_is_as_before(road, here_before):
    child = pupil(road)
    if here_before:
        road.go(road.hand_in("a1", Request(asked=ASKED, student_id=child.id, outside=DEQING)))
        case_id = road.hand_in("b1", road.request("b1", child.id, outside=DEQING))
    else:
        case_id = road.hand_in("b1", Request(asked=ASKED, record=from_elsewhere(), class_id=road.county.class_("b1", year=2), outside=DEQING))
    road.go(case_id)
    reverse(road, case_id, "officer.b")
    back = row(Student, Student.id == case(case_id).student_id)
    assert (back.lifecycle, back.status, back.county_id) == (("left", "10", road.county.body("a")) if here_before else ("cleared", "94", road.county.body("b")))
    counts_agree()


def test_who_went_elsewhere_by_mistake_is_here_again(road):
    child = pupil(road)
    case_id = road.hand_in("a1", Request(asked=ASKED, student_id=child.id, outside=DEQING))
    road.go(case_id)
    reverse(road, case_id)
    back = row(Student, Student.id == child.id)
    assert (back.lifecycle, back.status, back.class_id, spells(child.id)) == ("live", "01", child.class_id, [("a1", "open", "11", "", date(2025, 9, 1), None)])
    counts_agree()


# ---------------------------------------------------------------- pages

def test_the_page_of_a_case_shows_its_own_way(road):
    case_id = road.apply("a3")
    road.act(case_id)
    officer = road.county.actor("officer.a")
    told = case_pages.told(case_pages.find(officer, case_id), person=officer, today=road.today)
    assert [(title, look) for title, _, look in told["way"]] == [
        ("转学申请", "done"), ("转入学校审核", "done"), ("转出学校核对", "now"), ("转出学校审核", ""), ("主管教育行政部门核办", ""), ("已生效", "")]
    assert [one.what for one in told["timeline"]] == ["转入学校审核：同意", "转学：提交申请"]


def test_before_the_effect_the_receiving_side_reads_what_was_applied_with_and_no_more(road):
    case_id = road.apply("b1")
    record = records.load(db.session, case(case_id).student_id)
    road.go(case_id, until="from_county")
    assert road.county.actor("officer.b").county_id == road.county.body("b")
    for key in ("registrar.b1", "head.b1", "officer.b"):
        person = road.county.actor(key)
        row = case_pages.find(person, case_id)
        told = case_pages.told(row, person=person, today=road.today)
        assert {title: value for title, value, _ in told["facts"] if value} == {
            "姓名": "庹思远", "性别": "男", "出生日期": "2018年10月13日", "学籍号": masks.number(record["national_no"]), "转出学校": "竹山县堵河路小学", "转入学校": "房县北城小学",
            "原年级": "二年级", "拟入班级": "二年级1班，现有 3 人", "转学范围": "省内跨县", "转学原因": "02 家庭住址迁移", "申请的监护人": "庹建国",
            "申请学校": "北城小学 饶静娴"}
        assert (told["guardians"], told["alike"], told["papers"], row.record_seen) == ([], [], [], False)
    assert case_pages.find(road.county.actor("registrar.a1"), case_id).record_seen
    road.go(case_id)
    assert [bool(case_pages.find(road.county.actor(key), case_id).record_seen) for key in ("registrar.b1", "officer.b", "registrar.a1")] == [True, True, False]


def test_who_has_the_case_finds_it_at_the_desk_and_the_other_side_sees_it(road):
    case_id = road.apply("b1")
    for person in ("registrar.b1", "head.b1", "officer.b", "registrar.a1", "head.a1", "officer.a"):
        assert case_pages.find(road.county.actor(person), case_id) is not None
    for stranger in ("registrar.b4", "officer.c", "registrar.a3"):
        assert case_pages.find(road.county.actor(stranger), case_id) is None
    assert case_id in [one.id for one in inbox.todo(road.county.actor("head.b1"))]
    road.go(case_id, until="from_registrar")
    assert case_id in [one.id for one in inbox.todo(road.county.actor("registrar.a1"))]
