"""两人办理 (workflows 0, 7b): in a school the audit after the registrar, in a county a second officer where its rules ask for one; one office, one clock."""

from datetime import date

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed
from app.extensions import db
from app.models import CaseStep, Paper, Post, Student
from app.services.administration import calendars
from app.services.casework import case_pages, cases, inbox
from app.services.casework.cases import Words
from app.services.paperwork import papers
from app.workflow.flows import FLOWS
from tests.bureau import last_facts
from tests.cast import new_pupil
from tests.office import a, case, count, row
from tests.services.test_merges import two
from tests.services.test_status_changes import ILL, school
from tests.services.test_withdrawals import LEAVES, senior
from tests.transfer_office import RETURN, change, junior, pupil, road, route, set_rule

__all__ = ["a", "road", "school", "senior", "two"]

TWO = '{"second_person_county": "是"}'


def desk(person):
    return [one.id for one in inbox.todo(person)]


@pytest.fixture
def agreed(road):
    """County A's rules ask for two; 单维桢 has agreed to let the pupil go, on the last of the county's ten days."""
    set_rule(road.county.body("a"), TWO)
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    road.act(case_id, today=date(2026, 9, 24))
    return case_id


# ---------------------------------------------------------------- a county's second person

def test_the_first_agreement_leaves_the_case_on_its_desk_and_its_clock_running(road, agreed):
    here = case(agreed)
    assert (here.step, here.state, here.arrived_on, here.due_on, count(Paper)) == ("from_county", "open", road.today, date(2026, 9, 24), 0)
    assert pupil(road).school_id == road.county.body("a1")
    assert last_facts("case.acted", road.county.body("a"))["effects"] == {"second": "同意，待第二人复核"}
    assert [step for step, _, _ in road.way(agreed)][-1] == "from_county"


def test_whoever_agreed_first_waits_and_another_decides(road, agreed):
    first, second = road.county.actor("officer.a"), road.county.actor("officer2.a")
    assert (agreed in desk(first), agreed in desk(second)) == (False, True)
    assert case_pages.offered(first, case_pages.find(first, agreed), road.today) == {}
    assert {"approve", "return", "refuse"} <= set(case_pages.offered(second, case_pages.find(second, agreed), road.today))
    for action in ("approve", "return"):
        with pytest.raises(NotAllowed, match=r"您已同意，这一步须由本单位另一人复核（本地规则（第 1 版））"):
            road.act(agreed, action, first, RETURN if action == "return" else None)
    road.act(agreed, "approve", second)
    assert (case(agreed).state, case(agreed).agreed_by_id, count(Paper)) == ("effective", None, 1)
    steps = db.session.execute(select(CaseStep.step, CaseStep.actor_name, CaseStep.action, CaseStep.due_on).where(CaseStep.case_id == agreed, CaseStep.step == "from_county")
                               .order_by(CaseStep.seq)).all()
    assert [tuple(one) for one in steps] == [("from_county", "单维桢", "approve", date(2026, 9, 24)), ("from_county", "瞿安澜", "approve", date(2026, 9, 24))]
    facts = papers.facts_of(row(Paper, Paper.case_id == agreed))
    assert facts["from_office"]["officer"] == "瞿安澜"  # who decided


def test_the_page_tells_who_has_agreed_and_for_whom_it_waits(road, agreed):
    second = road.county.actor("officer2.a")
    told = case_pages.told(case_pages.find(second, agreed), person=second, today=road.today)
    assert [(title, lines) for title, lines, look in told["way"] if look == "now"] == [
        ("转出主管部门核办", ["竹山县教育局 县学籍管理员", "单维桢已同意，待另一人复核", "应于9月24日前"])]
    assert (told["timeline"][0].what, told["timeline"][0].words, told["timeline"][0].look) == ("转出主管部门核办：同意", "待本单位另一人复核", "")


def test_the_second_may_send_it_back_and_after_mending_two_are_asked_anew(road, agreed):
    road.act(agreed, "return", road.county.actor("officer2.a"), RETURN)
    assert (case(agreed).step, case(agreed).agreed_by_id) == ("applying", None)


def test_what_the_first_agreed_to_reads_as_moved_for_who_looked_before(road):
    set_rule(road.county.body("a"), TWO)
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    seen = case(case_id).version
    road.act(case_id, version=seen)
    with pytest.raises(MovedOn, match="单维桢（竹山县教育局）在 2026年9月11日 15:20 办理了“转出主管部门核办”：同意"):
        road.act(case_id, "approve", road.county.actor("officer2.a"), version=seen)


def test_where_only_one_holds_the_post_one_is_enough(road):
    set_rule(road.county.body("a"), TWO)
    change(Post, db.session.execute(select(Post.id).where(Post.account_id == road.county.account("officer2.a"))).scalar_one(), state="ended")
    case_id = road.apply("b1")
    road.go(case_id)
    assert case(case_id).state == "effective"


def test_overdue_the_tier_above_decides_alone_in_its_place(road, agreed, monkeypatch):
    monkeypatch.setenv("DEMO_TODAY", "2026-09-28")
    road.act(agreed, "approve", road.county.actor("officer.city1"), Words(note="县局逾期未办"), today=date(2026, 9, 28))
    assert case(agreed).state == "effective"


def test_like_cases_are_agreed_to_together_and_then_by_another(a):
    set_rule(a.county.body("a"), TWO)
    mine = [a.apply(new_pupil(number)) for number in (1, 2)]
    for one in mine:
        a.act(one, "approve", a.head)
    when = {"today": a.today, "now": a.now, "words": Words(different=True)}
    assert {sentence for *_, sentence in cases.act_many(mine, "approve", actor=a.officer, seen_at="county", **when)} == {None}
    assert [(case(one).step, case(one).state) for one in mine] == [("county", "open")] * 2
    cases.act_many(mine, "approve", actor=a.county.actor("officer2.a"), seen_at="county", **when)
    assert [case(one).state for one in mine] == ["effective"] * 2
    assert {row(Student, Student.id == case(one).student_id).lifecycle for one in mine} == {"live"}


def test_every_desk_of_a_county_asks_for_its_second_person_where_the_rules_do():
    """But where another person of the same office has begun it: he is the first of the two."""
    by_one = {(flow.kind, name) for flow in FLOWS.values() for name, step in flow.steps.items() if step.seat in ("county", "source") and "approve" in step.moves and not step.second}
    assert by_one == {("key-change", "county_check"), ("problem", "county_check"), ("merge", "county")}


def test_two_of_the_county_agree_to_a_withdrawal_before_the_city(senior):
    set_rule(senior.county.body("a"), TWO)
    case_id = senior.ask("withdrawal", LEAVES)
    senior.act(case_id)
    senior.act(case_id, who="officer.a")
    assert (case(case_id).step, case(case_id).state) == ("county", "open")
    senior.act(case_id, who="officer2.a")
    assert case(case_id).step == "city"


def test_a_death_to_which_one_has_agreed_clears_nothing_yet(school):
    set_rule(school.county.body("a"), TWO)
    suspending = school.ask("suspension", ILL)
    dead = school.through("death", {"effective_on": school.today, "reason": "41"}, evidence=("proof",))
    assert [case(one).state for one in (dead, suspending)] == ["open", "open"]
    school.act(dead, who="officer2.a")
    assert [case(one).state for one in (dead, suspending)] == ["effective", "cleared"]


def test_two_of_the_other_county_agree_to_a_merge(two):
    set_rule(two.county.body("b"), TWO)
    two.at("b1")
    case_id = two.apply()
    two.decide(case_id, "officer.b")
    assert (case(case_id).step, case(case_id).state) == ("from_county", "open")
    two.decide(case_id, "officer2.b")
    assert case(case_id).state == "effective"


# ---------------------------------------------------------------- a school's second person is its audit

def test_a_schools_registrar_and_its_audit_have_one_clock(road):
    """办法第十五条: each of the four offices has ten working days, not each of its persons."""
    case_id = road.apply("b1")
    road.go(case_id, until="from_registrar")
    due = case(case_id).due_on
    road.act(case_id, today=date(2026, 9, 22))
    here = case(case_id)
    assert (here.step, here.arrived_on, here.due_on) == ("from_audit", road.today, due)
    road.act(case_id, today=due)
    assert (case(case_id).arrived_on, case(case_id).due_on) == (due, calendars.calendar(db.session).after(due, 10))  # the county's own begins


def test_an_answer_from_elsewhere_has_a_time_of_its_own(road):
    change_here(road)
    case_id = road.apply("d1")
    road.go(case_id, until="from_county")
    road.act(case_id, today=date(2026, 9, 22))
    assert (case(case_id).step, case(case_id).due_on) == ("far", calendars.calendar(db.session).after(date(2026, 9, 22), 10))


def change_here(road):
    from app.models import Body

    set_rule(road.county.body("d"), '{"province_steps": "是"}')
    change(Body, road.county.body("province"), here=False)


def test_where_the_rules_ask_for_one_person_in_a_school_its_registrar_speaks_for_it(road):
    set_rule(road.county.body("a"), '{"second_person_school": "否"}')
    case_id = road.apply("b1")
    assert route(case_id) == ["to_audit", "to_county", "from_registrar", "from_county"]
    road.go(case_id)
    facts = papers.facts_of(row(Paper, Paper.case_id == case_id))
    assert [facts[side]["officer"] for side in ("from_school", "to_school")] == ["庹明慧", "童绍文"]
    set_rule(road.county.body("b"), '{"second_person_school": "否"}')
    back = road.apply("a1", case(case_id).student_id)
    assert route(back) == ["to_county", "from_registrar", "from_county"]
    road.go(back)
    facts = papers.facts_of(row(Paper, Paper.case_id == back))
    assert [facts[side]["officer"] for side in ("from_school", "to_school")] == ["饶静娴", "庹明慧"]  # who applied has agreed by applying


# ---------------------------------------------------------------- who is to come

def test_the_steps_to_come_name_their_desk_and_its_time(road):
    set_rule(road.county.body("a"), '{"step_days_county": "5个工作日"}')
    case_id = road.apply("b1")
    person = road.county.actor("registrar.b1")
    told = case_pages.told(case_pages.find(person, case_id), person=person, today=road.today)
    assert [(title, lines) for title, lines, look in told["way"] if not look] == [
        ("转入主管部门核办", ["房县教育局 县学籍管理员", "到达后 10 个工作日"]), ("转出学校核对", ["堵河路小学 学籍管理员", "到达后 10 个工作日"]),
        ("转出学校审核", ["堵河路小学 学校审核人", "到达后 10 个工作日"]), ("转出主管部门核办", ["竹山县教育局 县学籍管理员", "到达后 5 个工作日"]), ("已生效", [])]


def test_the_desks_to_come_are_those_where_the_case_then_lies(road):
    """Whatever the way: a city's school, a city's step, an office elsewhere."""
    for case_id in (road.apply("a3"), road.apply("m1", junior(road), stage="2", year=2)):
        person = road.county.actor("registrar.a1")
        while case(case_id).state == "open":
            seen = case_pages.find(road.holder(case_id), case_id)
            flow = cases.FLOWS[seen.kind]
            line = flow.line_of(seen)
            coming = case_pages.desks_ahead(flow, seen, line[line.index(seen.step) + 1:], case_pages.desks_of(seen))
            road.act(case_id)
            if case(case_id).state == "open":
                then = case_pages.find(road.holder(case_id), case_id)
                assert coming[then.step][0] == f"{then.seat_name} {case_pages.DUTIES[then.seat_duty]}"
        assert person
