"""系统外转出 (workflows.md 6): a pupil of a1 goes to a school of Zhejiang that is not in this house. Our school, our county; by policy our province too."""

from dataclasses import replace
from datetime import date

import pytest

from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.identity.dates import chinese
from app.models import Absence, Body, CaseStep, Movement, Paper, Task
from app.services.casework import reversals, tasks
from app.services.casework.cases import Words
from app.services.paperwork import papers
from app.services.standing import balance, balance_lists, dropout_lists
from app.services.transfer import transfers
from app.services.transfer.transfers import Request
from app.workflow.flows import TRANSFER_OUT
from tests.bureau import wrong
from tests.office import case, count, row
from tests.transfer_office import ASKED, DEQING, REFUSE, RETURN, change, counts_agree, heads, pupil, road, route, set_rule, spells, waiting

__all__ = ["road"]
GOING = replace(ASKED, evidence=(*ASKED.evidence, "acceptance"))


def begin(road, child="twin.1", asked=GOING, **rest):
    return road.hand_in("a1", Request(asked=asked, student_id=pupil(road, child).id, outside=DEQING), **rest)


def test_school_and_county_let_her_go_to_another_province_and_she_is_no_dropout(road):
    child, class_id = pupil(road), road.county.class_("a1", year=2)
    before = heads(class_id)[0]
    case_id = begin(road)
    assert (case(case_id).kind, case(case_id).number, route(case_id)) == ("transfer-out", "竹教离〔2026〕第00001号", ["from_audit", "from_county"])
    road.go(case_id)
    assert road.way(case_id) == [(step, name, action) for (step, action), name in zip(
        [("applying", "submit"), ("from_audit", "approve"), ("from_county", "approve")], road.names("registrar.a1", "head.a1", "officer.a"), strict=True)]
    gone = pupil(road, child.id)
    assert (gone.lifecycle, gone.status, gone.school_id, heads(class_id)) == ("left", "10", child.school_id, [before - 1])
    assert spells(child.id) == [("a1", "closed", "11", "27", date(2025, 9, 1), road.today)]
    assert balance.of_case(db.session, case_id) == [("27", -1, road.county.body("a1"))]
    moved = row(Movement, Movement.case_id == case_id)
    assert (moved.kind, moved.category, moved.reason) == ("transfer-out", "21", "02")
    officer = road.county.actor("officer.a")
    sheet = balance_lists.sheet(officer, balance_lists.month(road.today))
    assert (dict(sheet.total.moves), sheet.total.dropouts) == ({"27": -1}, 0)
    assert (count(Absence, Absence.student_id == child.id), dropout_lists.listed(officer, dropout_lists.Period(date(2026, 8, 28), date(2026, 9, 28)))) == (0, [])
    counts_agree()


def test_her_certificate_names_the_other_province_and_the_receipt_or_a_statement_is_filed(road):
    case_id = begin(road)
    road.go(case_id)
    paper = row(Paper, Paper.case_id == case_id)
    facts = papers.facts_of(paper)
    assert (paper.kind, paper.number, paper.school_id, paper.expires_on) == ("transfer_certificate", "竹转字〔2026〕第00001号", road.county.body("a1"), date(2026, 12, 11))
    assert (facts["to_school_full"], facts["to_office"]["name"], facts["to_office"]["officer"], facts["reason"]) == (
        "浙江省湖州市德清县舞阳小学", "德清县教育局", None, "家庭住址迁移")
    assert {side: facts[side]["officer"] for side in ("from_school", "from_office")} == {"from_school": "余正德", "from_office": "单维桢"}
    clerk, task = road.county.actor("registrar.a1"), row(Task, Task.case_id == case_id)
    assert [(one.title, one.due_on) for one in waiting(clerk)] == [(f"庹思远的转学证明回执（{paper.number}）", date(2026, 12, 11))]
    assert tasks.receive_slip(task.id, None, instead="枫树坪村委会、柳垭镇人民政府、柳垭派出所证明", actor=clerk, today=road.today, now=road.now) == case_id
    assert (row(Task, Task.id == task.id).state, row(Task, Task.id == task.id).note, waiting(clerk)) == ("done", "枫树坪村委会、柳垭镇人民政府、柳垭派出所证明", [])


def test_the_consent_of_the_receiving_school_is_asked_for(road):
    assert [one.sentence for one in transfers.preview(Request(asked=ASKED, student_id=pupil(road).id, outside=DEQING), actor=road.county.actor("registrar.a1"), today=road.today)
            .findings if one.check == "evidence"] == ["还须附：接收证明"]
    assert [one.check for one in transfers.preview(Request(asked=GOING, student_id=pupil(road).id, outside=DEQING), actor=road.county.actor("registrar.a1"), today=road.today)
            .findings if one.check == "evidence"] == []


def test_with_province_seats_ours_decides_after_the_county(road):
    set_rule(road.county.body("a"), '{"province_steps": "是"}')
    case_id = begin(road)
    assert route(case_id) == ["from_audit", "from_county", "from_province"]
    road.go(case_id, until="from_province")
    assert (road.holder(case_id).username, pupil(road, case(case_id).student_id).status) == ("officer.province", "01")
    road.act(case_id)
    assert (case(case_id).state, pupil(road, case(case_id).student_id).status) == ("effective", "10")


def test_a_province_that_is_not_in_this_house_is_answered_for_by_the_county(road):
    set_rule(road.county.body("a"), '{"province_steps": "是"}')
    change(Body, road.county.body("province"), here=False)
    case_id = begin(road)
    assert route(case_id) == ["from_audit", "from_county", "from_outside"]
    road.go(case_id, until="from_outside")
    assert road.holder(case_id).username == "officer.a"
    road.go(case_id)
    assert (case(case_id).state, row(CaseStep, CaseStep.case_id == case_id, CaseStep.step == "from_outside").paper) == ("effective", "德清县教育局复函 德教函〔2026〕12号")


@pytest.mark.parametrize(("answer", "state", "status"), [("agree", "effective", "10"), ("disagree", "rejected", "01")])
def test_where_the_releasing_side_goes_first_the_other_province_is_waited_for(road, answer, state, status):
    set_rule(road.county.body("a"), '{"start_by": "转出学校"}')
    case_id = begin(road)
    assert route(case_id) == ["from_audit", "from_county", "far"]
    road.go(case_id, until="far")
    assert (TRANSFER_OUT.steps["far"].title, road.holder(case_id).username, pupil(road, case(case_id).student_id).status) == ("等待外省核办", "officer.a", "01")
    road.act(case_id, answer, words=Words("04", "对方学校没有学位", answered_on=road.today, paper="德清县教育局复函") if answer == "disagree" else None)
    assert (case(case_id).state, pupil(road, case(case_id).student_id).status) == (state, status)
    counts_agree()


def test_returned_it_is_mended_and_goes_the_whole_way_again(road):
    case_id = begin(road, asked=ASKED)
    road.act(case_id)
    road.act(case_id, "return", words=RETURN)
    assert (case(case_id).step, case(case_id).seat_body_id) == ("applying", road.county.body("a1"))
    transfers.resubmit(case_id, Request(asked=GOING, student_id=case(case_id).student_id, outside=DEQING), actor=road.county.actor("registrar.a1"),
                       version=case(case_id).version, today=road.today, now=road.now)
    road.go(case_id)
    assert (case(case_id).state, case(case_id).kind, [action for _, _, action in road.way(case_id)]) == (
        "effective", "transfer-out", ["submit", "approve", "return", "submit", "approve", "approve"])


@pytest.mark.parametrize(("action", "who", "words", "state"), [
    ("refuse", "officer.a", REFUSE, "rejected"), ("withdraw", "registrar.a1", Words(note="家长不转了"), "withdrawn"), ("clear", "officer.a", Words(note="重复申请"), "cleared")])
def test_ended_otherwise_she_stays_as_she_was(road, action, who, words, state):
    before = heads(road.county.class_("a1", year=2))
    case_id = begin(road)
    road.go(case_id, until="from_county")
    road.act(case_id, action, road.county.actor(who), words)
    child = pupil(road)
    assert (case(case_id).state, child.lifecycle, child.status, heads(child.class_id), count(Paper, Paper.case_id == case_id), count(Movement, Movement.case_id == case_id)) == (
        state, "live", "01", before, 0, 0)


def test_undone_by_our_county_she_is_in_her_class_again_and_the_certificate_is_void(road):
    child = pupil(road)
    case_id = begin(road)
    road.go(case_id)
    paper = row(Paper, Paper.case_id == case_id)
    for stranger, kind in (("officer.b", NotFound), ("head.a1", NotAllowed)):
        with pytest.raises(kind):
            reversals.reverse(case_id, "转错学生", actor=road.county.actor(stranger), today=road.today, now=road.now)
    made = reversals.reverse(case_id, "转错学生：两名学生同名", actor=road.county.actor("officer.a"), today=road.today, now=road.now)
    back = pupil(road, child.id)
    assert (back.lifecycle, back.status, back.class_id, spells(child.id)) == ("live", "01", child.class_id, [("a1", "open", "11", "", date(2025, 9, 1), None)])
    assert (case(case_id).state, balance.of_case(db.session, case_id)) == ("voided", [("27", -1, road.county.body("a1")), ("98", 1, road.county.body("a1"))])
    assert (case(made).kind, row(Paper, Paper.id == paper.id).state, row(Task, Task.case_id == case_id).state) == ("reversal", "voided", "void")
    assert [(task.title, task.kind) for task in waiting(road.county.actor("registrar.a1"))] == [
        (f"{child.name}的系统外转出（{case(case_id).number}）已撤销，学生回到本校：转错学生：两名学生同名", "news")]  # no receipt is owed any more
    counts_agree()


def test_what_stands_on_it_is_named(road):
    case_id = begin(road)
    road.go(case_id)
    again = road.hand_in("b1", road.request("b1", case(case_id).student_id, outside=DEQING))
    road.go(again)
    told = wrong(reversals.reverse, case_id, "转错学生", actor=road.county.actor("officer.a"), today=road.today, now=road.now)
    assert list(told.values()) == [f"转学以后又有房县北城小学的转学（{case(again).number}，{chinese(road.today)}生效），请先撤销它"]
