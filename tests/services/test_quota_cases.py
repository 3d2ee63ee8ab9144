"""招生计划调整: school a1 asks for more new pupils; its county, and by the county's rules its city, agree, and the plan grows in the same act."""

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, Refusal, Refusals
from app.extensions import db
from app.models import Body, Event
from app.services.casework import case_pages, reversals, tasks
from app.services.casework.cases import Words
from app.services.schools import quota_cases, quotas
from app.services.schools.quota_cases import Asked
from app.workflow.flows import FLOWS
from tests.office import Office, case
from tests.transfer_office import set_rule, waiting

ASKED = Asked("1", 2026, 15, "小区交付，学区内适龄儿童增加", "县教育局会议纪要〔2026〕12号")


@pytest.fixture
def a(county, today, now):
    return Office(county, today, now)


def ask(a, asked=ASKED):
    return quota_cases.apply(asked, actor=a.registrar, today=a.today, now=a.now)


def plan(a):
    return tuple(quotas.of(db.session, a.county.body("a1"), "1", 2026)[:2])


def undo(a, case_id, **rest):
    return reversals.reverse(case_id, "批复文件撤回", actor=rest.get("actor", a.officer), today=a.today, now=a.now)


def wrong(act, *args):
    with pytest.raises(Refusal) as told:
        act(*args)
    return {one.field: one.sentence for one in getattr(told.value, "refusals", [told.value])}


def test_the_county_agrees_and_the_plan_grows_in_one_act(a):
    planned, used = plan(a)
    case_id = ask(a)
    assert (case(case_id).title, case(case_id).number, case(case_id).step) == ("堵河路小学2026年小学", "竹教计〔2026〕第00001号", "county")
    assert plan(a) == (planned, used)
    before = len(db.session.execute(select(Event.id)).all())
    a.act(case_id, "approve", a.officer)
    assert (case(case_id).state, plan(a)) == ("effective", (planned + 15, used))
    assert len(db.session.execute(select(Event.id)).all()) == before + 1
    shown = {title: value for title, value, _ in quota_cases.facts(case_pages.find(a.officer, case_id))}
    assert (shown["申请时的计划"], shown["增加人数"], shown["调整后的计划"]) == (f"{planned} 人", "15 人", f"{planned + 15} 人")


def test_by_its_rules_the_city_agrees_too(a):
    set_rule(a.county.body("a"), '{"quota_city": "是"}')
    planned, used = plan(a)
    case_id = ask(a)
    a.act(case_id, "approve", a.officer)
    assert (case(case_id).step, case(case_id).seat_duty, plan(a)) == ("city", "city_officer", (planned, used))
    a.act(case_id, "approve", a.county.actor("officer.city1"))
    assert (case(case_id).state, plan(a)) == ("effective", (planned + 15, used))
    with pytest.raises(NotAllowed, match="最后核办的主管教育行政部门"):
        undo(a, case_id)
    made = undo(a, case_id, actor=a.county.actor("officer.city1"))
    assert plan(a) == (planned, used)
    (news,) = waiting(a.registrar)  # about no pupil, and read all the same
    assert (news.title, news.case_id) == (f"堵河路小学2026年小学的{FLOWS['quota'].title}（{case(case_id).number}）已撤销：批复文件撤回", made)
    assert (tasks.seen(news.id, actor=a.registrar, now=a.now), waiting(a.registrar)) == (made, [])


def test_what_is_missing_is_told_at_once_with_what_to_do(a):
    assert wrong(ask, a, Asked("1", 2031, None, " ", "")) == {
        "stage": "这个学段和年份还没有核定招生计划，没有可以调整的。请教育局先核定", "number": "请填写要增加的人数，至少 1 人",
        "reason": "请写明为什么要增加，例如“小区交付，学区内适龄儿童增加”", "document": "请填写依据文件的名称和文号",
    }
    assert wrong(ask, a, Asked("1", 2026, 9999, "长" * 201, "文")) == {"number": "计划数最多 9999 人，请核对增加人数", "reason": "调整理由最多 200 个字，请写短一些"}


def test_one_application_at_a_time_for_one_plan(a):
    first = ask(a)
    assert wrong(ask, a) == {"stage": f"堵河路小学2026年小学的招生计划已有在办的调整（{case(first).number}），请等它办结，或撤销以后再申请"}
    a.act(first, "withdraw", a.registrar)
    assert case(ask(a)).state == "open"


def test_returned_for_its_document_it_comes_back_with_another_figure(a):
    planned, used = plan(a)
    case_id = ask(a)
    a.act(case_id, "return", a.officer, Words(reason="02", note="请补会议纪要", mend=("document",)))
    assert case_pages.mend_of(case_pages.find(a.registrar, case_id)) == {"items": ["document"], "note": "请补会议纪要", "reason": "02"}
    quota_cases.resubmit(case_id, Asked("", 0, 8, ASKED.reason, "竹教会〔2026〕3号"), actor=a.registrar, version=case(case_id).version, today=a.today, now=a.now)
    a.act(case_id, "approve", a.officer)
    assert (case(case_id).state, plan(a)) == ("effective", (planned + 8, used))


def test_refused_the_plan_stays(a):
    before, case_id = plan(a), ask(a)
    a.act(case_id, "refuse", a.officer, Words(reason="01", note="片区学位已满"))
    assert (case(case_id).state, plan(a)) == ("rejected", before)


def test_a_plan_that_was_changed_meanwhile_is_looked_at_again(a):
    planned, _ = plan(a)
    case_id = ask(a)
    version = quotas.of(db.session, a.county.body("a1"), "1", 2026).version
    quotas.plan(a.county.body("a1"), "1", 2026, planned + 3, reason="竹教发〔2026〕9号", version=version, actor=a.officer)
    with pytest.raises(MovedOn, match=f"已由 {planned} 人改为 {planned + 3} 人。这次没有写入，请退回申请学校核对"):
        a.act(case_id, "approve", a.officer)


def test_undone_the_plan_is_as_before_unless_its_places_are_used(a):
    planned, used = plan(a)
    case_id = ask(a)
    a.act(case_id, "approve", a.officer)
    done = undo(a, case_id)
    assert (case(case_id).state, case(done).kind, plan(a)) == ("voided", "reversal", (planned, used))


def test_places_in_use_or_a_later_plan_hold_the_undoing_up(a):
    planned, used = plan(a)
    school = a.county.body("a1")
    version = quotas.of(db.session, school, "1", 2026).version
    quotas.plan(school, "1", 2026, used, reason="竹教发〔2026〕9号", version=version, actor=a.officer)
    case_id = ask(a)
    a.act(case_id, "approve", a.officer)
    reserve(school, a.today)
    with pytest.raises((Refusal, Refusals), match=f"已登记 {used + 1} 人，增加的名额已经用了 1 个，不能撤销调整"):
        undo(a, case_id)
    version = quotas.of(db.session, school, "1", 2026).version
    quotas.plan(school, "1", 2026, planned + 30, reason="竹教发〔2026〕10号", version=version, actor=a.officer)
    with pytest.raises(Refusal, match=f"以后又改为 {planned + 30} 人，不能撤销这次调整"):
        undo(a, case_id)


def reserve(school_id, today):
    from app.services.transactions import writes

    @writes(traced=False)
    def one_more(s):
        quotas.reserve(s, school_id, "1", 2026, 1, today=today)

    one_more()


def test_a_stranger_finds_no_case(a):
    case_id = ask(a)
    assert case_pages.find(a.county.actor("registrar.b1"), case_id) is None
    assert case_pages.find(a.county.actor("officer.a"), case_id) is not None
    assert db.session.execute(select(Body.id).where(Body.key == "b1")).scalar_one()
