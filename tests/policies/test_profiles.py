import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest

from app.policies import edits
from app.policies.edits import as_text
from app.policies.profiles import PROFILES, check_edit, contradictions, make_policy
from app.policies.settings import SETTINGS
from app.policies.sources import SURE
from app.policies.values import Length, Window, YearDay

NATIONAL = make_policy()
HOUSE = Path(edits.__file__).parents[1]


def difference(key):
    """What a profile's values change over 国家2025."""
    policy = make_policy(key)
    return {name: policy[name] for name in SETTINGS if policy[name] != NATIONAL[name]}


def test_national_2025_gives_each_office_ten_working_days_and_the_start_to_the_receiving_school():
    offices = ("school", "township", "county", "city", "province")
    assert {NATIONAL[f"step_days_{office}"] for office in offices} == {Length(10, "工作日")}
    assert NATIONAL.start_by == "to_school"
    assert NATIONAL.article("start_by") == "《中小学生学籍管理办法》（教基〔2025〕1号）第十五条"


def test_national_2025_has_no_transfer_window_but_the_pause_and_the_days_of_the_graduating_grades():
    assert NATIONAL.transfer_windows == ()
    assert (NATIONAL.pause_from, NATIONAL.pause_to) == (YearDay(7, 15), YearDay(8, 14))
    assert (NATIONAL.graduating_stop, NATIONAL.graduating_clear) == (YearDay(7, 1), YearDay(7, 15))


def test_national_2025_keeps_papers_three_months_instructions_ninety_days_and_accounts_half_a_year():
    assert NATIONAL.transfer_papers_valid == Length(3, "月")
    assert NATIONAL.instruction_days == Length(90, "日")
    assert NATIONAL.unused_account == Length(180, "日")


def test_national_2025_wants_a_record_within_two_months_and_reminds_after_one():
    assert (NATIONAL.record_within, NATIONAL.record_reminder) == (Length(2, "月"), Length(1, "月"))


def test_a_child_of_31_august_is_six_in_time_and_one_of_1_september_is_not():
    cutoff = NATIONAL.entry_cutoff.in_year(2026 - NATIONAL.entry_age)
    assert [date(2020, 8, 31) <= cutoff, date(2020, 9, 1) <= cutoff] == [True, False]


def test_yearly_dates_of_national_2025():
    keys = ("school_audit_by", "duplicates_by", "lock_on", "graduation_by", "promotion_on")
    assert [str(NATIONAL[key]) for key in keys] == ["9月30日", "10月30日", "9月30日", "7月30日", "8月10日"]


def test_hebei_holds_the_same_values_as_the_nation_and_cites_its_own_rules():
    assert difference("hebei") == {}
    hebei = make_policy("hebei")
    assert (hebei.class_limit_primary, hebei.class_limit_junior) == (45, 50)
    assert hebei.article("entry_age") == "《河北省义务教育阶段学生学籍管理办法实施细则（试行）》"
    assert NATIONAL.article("entry_age") == "《义务教育法》第十一条"


def test_zhejiang_wants_a_release_instruction_and_keeps_the_compulsory_card():
    assert difference("zhejiang") == {"release_instruction": True, "compulsory_card": True}


def test_shaanxi_makes_records_in_one_month_transfers_in_the_holidays_and_counts_eighteen_digits():
    assert difference("shaanxi") == {
        "record_within": Length(1, "月"),
        "record_reminder": Length(20, "日"),
        "transfer_windows": (Window.read("放假—开学"),),
        "aux_number_digits": 18,
    }


def test_zhushan_suspends_for_three_months_and_transfers_around_the_ends_of_a_term():
    assert difference("zhushan") == {
        "start_by": "from_school",
        "transfer_windows": (Window.read("开学前7日—开学后7日"), Window.read("放假前7日—放假后7日")),
        "suspension_longest": Length(3, "月"),
        "name_change_within": Length(1, "月"),
    }


def test_yuhong_lets_the_releasing_school_begin_keeps_the_old_report_line_and_follows_liaoning_on_suspension():
    assert difference("yuhong") == {"start_by": "from_school", "leaving_as_loss_line": True, "suspension_graduating": "last_term"}
    assert make_policy("yuhong").article("absence_dropout") == "《辽宁省义务教育阶段学生学籍管理办法实施细则》（2017年）"
    assert make_policy("yuhong").class_code_template == "{entry_year2}{stage1}{school6}{serial:3}"


def test_every_setting_and_every_change_says_where_it_comes_from_and_how_sure_that_is():
    origins = [*SETTINGS.values(), *(change for profile in PROFILES.values() for change in profile.changes.values())]
    assert [origin for origin in origins if not (origin.article and origin.source and origin.sure in SURE)] == []
    assert {key for profile in PROFILES.values() for key in profile.changes} <= set(SETTINGS)


@pytest.mark.parametrize("profile", PROFILES)
def test_no_profile_contradicts_itself_and_every_value_reads_back_from_its_own_words(profile):
    policy = make_policy(profile)
    assert contradictions(policy) == []
    assert {key: check_edit(setting, policy.text(key)) for key, setting in SETTINGS.items()} == dict(policy.values)


def test_a_county_that_edits_a_value_is_its_own_source_from_then_on():
    policy = make_policy("zhushan", {"class_limit_primary": "40人", "suspension_longest": "6个月"}, version=4)
    assert (policy.class_limit_primary, policy["suspension_longest"], policy.version) == (40, Length(6, "月"), 4)
    assert policy.article("class_limit_primary") == "本地规则（第 4 版）"
    assert policy.article("resume_ahead") == "竹山县义务教育阶段电子学籍管理规定"
    assert (policy.sure("class_limit_primary"), policy.sure("password_age")) == ("local", "own")


def test_a_policy_cannot_be_changed():
    with pytest.raises(TypeError):
        NATIONAL.values["entry_age"] = 7
    with pytest.raises(dataclasses.FrozenInstanceError):
        NATIONAL.entry_age = 7
    with pytest.raises(AttributeError):
        _ = NATIONAL.no_such_rule


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("entry_age", "７", 7),
        ("entry_cutoff", "09-01", YearDay(9, 1)),
        ("step_days_county", "5 个工作日", Length(5, "工作日")),
        ("second_person_county", "是", True),
        ("start_by", "转出学校", "from_school"),
        ("quota_enforcement", "warn", "warn"),
        ("score_levels", "A、B，C;D", ("A", "B", "C", "D")),
        ("transfer_windows", "开学—开学后2个月；放假—开学", (Window.read("开学—开学后2个月"), Window.read("放假—开学"))),
        ("transfer_windows", "", ()),
        ("aux_number_template", "{stage1}{entry_year2}{serial:4}", "{stage1}{entry_year2}{serial:4}"),
        ("not_back_senior", "0日", Length(0, "日")),
    ],
)
def test_an_edit_is_read_by_the_kind_of_its_setting(key, text, value):
    assert check_edit(SETTINGS[key], text) == value
    assert check_edit(SETTINGS[key], as_text(SETTINGS[key], value)) == value


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("class_limit_primary", "四十五", "“小学班额上限”请填写 1 至 200 之间的整数（人）。"),
        ("class_limit_primary", "4500", "“小学班额上限”请填写 1 至 200 之间的整数（人）。"),
        ("entry_cutoff", "2月29日", "“满周岁的截止日期”没有看懂：请填写每年都有的月和日，例如 8月31日。"),
        ("step_days_school", "10", "“学校核办期限”没有看懂：请填写数字和单位，例如 10 个工作日、90 日、3 个月。"),
        ("step_days_school", "1 个月", "“学校核办期限”请用工作日、日计算。"),
        ("suspension_longest", "60 个工作日", "“一次休学最长”请用日、月、年计算。"),
        ("step_days_school", "0 个工作日", "“学校核办期限”请填写不少于 1 个工作日、不超过 10 年的时间，例如 10 个工作日。"),
        ("suspension_total", "9999 年", "“休学累计最长”请填写不少于 1 年、不超过 10 年的时间，例如 24 个月。"),
        ("release_instruction", "也许", "“须有允许转学指令方可调档”请选择是或否。"),
        ("start_by", "家长", "“转学由谁发起”请从这几项中选择：转入学校、转出学校。"),
        ("score_levels", "优、优", "“成绩等级”请用顿号分开各项，一至二十项，不要重复。"),
        ("class_code_template", "{school6", "“班级编码规则”的花括号不成对，请写成 {serial:5} 这样。"),
        ("class_code_template", "{school6}01", "“班级编码规则”要有流水号，请加上 {serial:5}，否则编号会重复。"),
        (
            "class_code_template",
            "{school6.__class__}{serial:3}",
            "“班级编码规则”不认识“{school6.__class__}”这一项，可以用的有：entry_year2、stage1、school6、serial，后面可加冒号和位数。",
        ),
        ("document_number_template", "", "“证明编号规则”要有流水号，请加上 {serial:5}，否则编号会重复。"),
    ],
)
def test_an_edit_that_cannot_stand_is_refused_with_what_to_write_instead(key, text, sentence):
    with pytest.raises(ValueError) as refused:
        check_edit(SETTINGS[key], text)
    assert str(refused.value) == sentence


def test_an_unknown_profile_or_setting_is_refused():
    with pytest.raises(ValueError, match="没有“hunan”这套规则"):
        make_policy("hunan")
    with pytest.raises(ValueError, match="没有“entry_agee”这项规则"):
        make_policy("hebei", {"entry_agee": "6"})


def test_edits_that_contradict_one_another_are_named():
    policy = make_policy(edits={"suspension_total": "6个月", "absence_report": "20", "absence_dropout": "10"})
    assert contradictions(policy) == [
        "休学累计最长应不短于一次休学最长，请改长累计的时间。",
        "缺课报告的天数应少于按辍学报告的天数，请改正天数。",
    ]


@pytest.mark.parametrize(("template", "digits", "said"), [
    ("{stage1}{entry_year2}{county2}{town2}{school2}{serial:4}", "13", []),  # Fujian, primary
    ("{stage1}{entry_year2}{county2}{town2}{school2}{serial:4}", "18", ["少于"]),
    ("{stage1}{entry_year2}{county2}{town2}{school2}{serial:4}", "11", ["多于"]),
    ("{county6}{serial}", "18", []),  # as long as the serial grows
    ("", "18", []),
])
def test_the_template_of_the_auxiliary_number_and_its_places_agree(template, digits, said):
    policy = make_policy(edits={"aux_number_template": template, "aux_number_digits": digits})
    assert contradictions(policy) == [f"学籍辅号编制规则编出的位数{word}“学籍辅号位数”，请改正其中一项。" for word in said]


@pytest.mark.parametrize("key", [key for key, setting in SETTINGS.items() if setting.kind == "length" and "工作日" in setting.choices])
def test_a_length_in_working_days_is_compared_with_the_others_and_counted_where_it_is_read(key):
    assert isinstance(contradictions(make_policy(edits={key: "10 个工作日"})), list)


def test_every_setting_is_read_by_a_rule_or_says_what_it_waits_for():
    """By its own name somewhere in the house, or by the names that a rule puts together (skip_primary …)."""
    made = {f"{kind}_{stage}" for kind in ("skip", "repeat") for stage in ("primary", "junior", "senior", "special")}
    source = "\n".join(path.read_text() for path in HOUSE.rglob("*.py") if path.parent.name != "policies")
    unread = {key for key in SETTINGS if not re.search(rf"\b{key}\b", source)}
    assert unread - made == {key for key, setting in SETTINGS.items() if setting.awaits}
