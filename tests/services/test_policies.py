"""Whose rules a county has on a day."""

from datetime import date

from app.extensions import db
from app.services.administration import policies
from tests.bureau import LIU, NOW, TODAY, bureau, last_facts, wrong

__all__ = ["bureau"]


def set_policy(body_id, profile="national2025", edits=(), from_on=TODAY):
    return policies.set_policy(body_id, profile, dict(edits), from_on=from_on, actor=LIU, today=TODAY, now=NOW)


def test_who_has_set_nothing_has_the_national_rules(bureau):
    policy = policies.policy_for(db.session, bureau["county"], TODAY)
    assert (policy.profile, policy.class_limit_primary, policies.version_id(db.session, bureau["county"], TODAY)) == ("national2025", 45, None)


def test_a_county_has_its_own_rules_before_its_city_s_and_its_province_s(bureau):
    set_policy(bureau["province"], "zhejiang")
    set_policy(bureau["city"], edits={"class_limit_primary": "50"})
    assert policies.policy_for(db.session, bureau["county"], TODAY).class_limit_primary == 50

    set_policy(bureau["county"], edits={"class_limit_primary": "40 人"})

    found = policies.policy_for(db.session, bureau["county"], TODAY)
    assert (found.class_limit_primary, found.article("class_limit_primary")) == (40, "本地规则（第 1 版）")
    assert policies.policy_for(db.session, bureau["province"], TODAY).profile == "zhejiang"
    assert last_facts("policy.set", bureau["county"]) == {"profile": "国家（2025年版）", "changes": {"小学班额上限": ["50", "40"]}, "from": "2026-09-01"}


def test_a_case_keeps_the_rules_of_the_day_it_began(bureau):
    set_policy(bureau["county"], edits={"step_days_county": "5 个工作日"})
    pinned = policies.version_id(db.session, bureau["county"], TODAY)
    set_policy(bureau["county"], edits={"step_days_county": "15 个工作日"}, from_on=date(2026, 10, 1))

    assert str(policies.policy_for(db.session, bureau["county"], date(2026, 9, 30)).step_days_county) == "5 个工作日"
    assert str(policies.policy_for(db.session, bureau["county"], date(2026, 10, 1)).step_days_county) == "15 个工作日"
    assert str(policies.pinned(db.session, pinned).step_days_county) == "5 个工作日"
    assert [row.number for row in policies.versions(db.session, bureau["county"])] == [2, 1]


def test_a_version_tells_what_it_took_the_place_of_also_where_a_later_one_was_made_before_it(bureau):
    set_policy(bureau["county"], edits={"class_limit_primary": "40"})
    set_policy(bureau["county"], "zhushan", from_on=date(2026, 12, 10))
    set_policy(bureau["county"], edits={"class_limit_primary": "42"}, from_on=date(2026, 10, 1))
    told = {one.number: {setting.key: (before, after) for setting, before, after in one.changes} for one in policies.versions(db.session, bureau["county"])}
    assert told[1] == {"class_limit_primary": ("45", "40")}
    assert told[2]["suspension_longest"] == ("12 个月", "3 个月") and told[2]["class_limit_primary"] == ("40", "45")
    assert told[3] == {"class_limit_primary": ("40", "42")}
    assert policies.coming(db.session, bureau["county"], date(2026, 9, 30)).number == 3
    assert policies.coming(db.session, bureau["county"], date(2026, 10, 1)).number == 2
    assert policies.coming(db.session, bureau["county"], date(2026, 12, 10)) is None


def test_what_contradicts_itself_or_begins_in_the_past_is_refused(bureau):
    assert wrong(set_policy, bureau["county"], edits={"entry_age": "三岁", "class_limit_primary": "0"}) == {
        "entry_age": "“小学入学年龄”请填写 5 至 8 之间的整数（周岁）。", "class_limit_primary": "“小学班额上限”请填写 1 至 200 之间的整数（人）。",
    }
    assert wrong(set_policy, bureau["county"], edits={"absence_report": "30"}) == {None: "缺课报告的天数应少于按辍学报告的天数，请改正天数。"}
    assert wrong(set_policy, bureau["county"], from_on=date(2026, 8, 31)) == {"from_on": "规则不能从过去的日期起改变，请填写今天或以后的日期。"}
    assert wrong(set_policy, bureau["county"]) == {None: "没有改动任何规则。"}
