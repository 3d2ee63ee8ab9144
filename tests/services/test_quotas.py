"""The county gives a school its plan, and enrolment counts against it."""

import threading

import pytest

from app.errors import MovedOn, Refusal
from app.extensions import db
from app.services.administration import policies
from app.services.schools import quotas
from app.services.transactions import writes
from tests.bureau import LIU, NOW, TODAY, bureau, last_facts, school, wrong

__all__ = ["bureau", "school"]


@writes(traced=False)
def enrol(s, school_id, number):
    quotas.reserve(s, school_id, "1", 2026, number, today=TODAY)


@writes(traced=False)
def clear(s, school_id, number):
    quotas.release(s, school_id, "1", 2026, number)


def plan(school_id, planned, version=0, reason="竹教发〔2026〕3号", stage="1"):
    return quotas.plan(school_id, stage, 2026, planned, reason=reason, version=version, actor=LIU)


def counted(school_id):
    return tuple(quotas.of(db.session, school_id, "1", 2026)[:2])


def test_places_are_taken_up_to_the_plan_and_given_back(school, bureau):
    plan(school, 90)
    enrol(school, 89)
    assert wrong(enrol, school, 2) == {"grade": "2026年小学招生计划 90 人，已登记 89 人，还剩 1 人，这次要登记 2 人。请减少人数，或由教育局调整招生计划。"}
    enrol(school, 1)
    clear(school, 5)
    assert counted(school) == (90, 85)
    assert last_facts("quota.set", bureau["county"]) == {
        "school": "竹山县堵河路小学", "stage": "小学", "year": 2026, "old": None, "new": 90, "reason": "竹教发〔2026〕3号",
    }


def test_a_county_that_only_warns_lets_them_in(school, bureau):
    policies.set_policy(bureau["county"], "national2025", {"quota_enforcement": "提醒，可以继续"}, from_on=TODAY, actor=LIU, today=TODAY, now=NOW)
    plan(school, 1)
    enrol(school, 3)
    assert counted(school) == (1, 3)


def test_without_a_plan_nobody_is_enrolled_and_the_article_is_told(school):
    with pytest.raises(Refusal) as told:
        enrol(school, 1)
    assert (told.value.sentence, told.value.article[:3]) == ("还没有核定本校2026年小学的招生计划，不能登记新生。请教育局先核定。", "浙江省")


def test_a_plan_never_falls_below_what_is_used_and_needs_grounds(school):
    plan(school, 10)
    enrol(school, 8)
    assert wrong(plan, school, 7, version=1) == {"planned": "已登记 8 人，计划数不能少于 8。请先核对已登记的新生。"}
    assert wrong(plan, school, 12, version=1, reason=" ") == {"reason": "请填写核定或调整的依据，例如文件的名称和文号。"}
    assert wrong(plan, school, 10, version=1) == {"planned": "计划数已经是 10，没有改动。"}
    assert wrong(plan, school, 10, stage="2") == {None: "竹山县堵河路小学没有初中学段，或已撤销，不能核定招生计划。"}
    plan(school, 12, version=1)
    with pytest.raises(MovedOn, match="刚被柳青在"):
        plan(school, 15, version=1)
    assert counted(school) == (12, 8)


def test_two_who_come_at_once_do_not_share_the_last_place(empty_app, school):
    plan(school, 1)
    answers = []

    def come():
        with empty_app.app_context():
            try:
                enrol(school, 1)
                answers.append("in")
            except Refusal:
                answers.append("refused")

    both = [threading.Thread(target=come) for _ in range(2)]
    [one.start() for one in both]
    [one.join() for one in both]
    assert (sorted(answers), counted(school)) == (["in", "refused"], (1, 1))
