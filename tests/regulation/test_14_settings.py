"""Section 14: what provinces differ in. A row of the table, its default, how sure it is, and the others that are known: each can be set, and reads back."""

import pytest

from app.policies.edits import as_text, check_edit
from app.policies.settings import SETTINGS
from tests.regulation.facts import NATIONAL, profile

ROWS = {  # the table of section 14 from top to bottom: setting → (default, known others)
    "record_within": ("2 个月", ("1 个月", "10 个工作日")), "record_reminder": ("1 个月", ()),
    "step_days_school": ("10 个工作日", ("5 个工作日",)), "step_days_county": ("10 个工作日", ("5 个工作日", "15 个工作日")),
    "second_person_school": ("是", ("否",)), "second_person_county": ("否", ("是",)), "province_steps": ("否", ("是",)),
    "transfer_windows": ("", ("开学前 7 日—开学后 7 日；放假前 7 日—放假后 7 日", "开学—开学后 2 个月", "放假—开学", "开学—开学后 7 日", "开学—开学后 10 个工作日")),
    "pause_from": ("7月15日", ("7月21日", "7月8日")), "pause_to": ("8月14日", ()), "graduating_stop": ("7月1日", ()),
    "transfer_papers_valid": ("3 个月", ("90 日",)), "instruction_days": ("90 日", ()), "first_term_bar": ("是", ("否",)), "graduating_bar": ("是", ("否",)),
    "suspension_longest": ("12 个月", ("3 个月",)), "suspension_renewals": ("1", ()), "suspension_total": ("24 个月", ()), "suspension_absence": ("3 个月", ("42 日",)),
    "not_back_compulsory": ("14 日", ()), "not_back_senior": ("30 日", ("0 日",)), "senior_absence_on_end": ("15 日", ("1 个月",)), "senior_absence_term": ("45", ()),
    "repeat_primary": ("否", ("是",)), "repeat_junior": ("否", ("是",)), "repeat_senior": ("否", ("是",)), "repeat_special_most": ("1", ()),
    "suspension_graduating": ("须校长、班主任签字并经县同意", ("最后一学期不予办理",)), "graduation_approval_compulsory": ("是", ("否",)), "certificate_stamp": ("是", ("否",)),
    "unused_account": ("180 日", ()), "password_age": ("180 日", ("90 日",)),
    "class_limit_primary": ("45", ()), "class_limit_junior": ("50", ()), "class_limit_senior": ("50", ()), "quota_enforcement": ("不予办理", ("提醒，可以继续",)),
    "lock_on": ("9月30日", ()), "school_audit_by": ("9月30日", ()), "duplicates_by": ("10月30日", ()), "graduation_by": ("7月30日", ()), "promotion_on": ("8月10日", ("7月20日",)),
    "years_system": ("六三制", ("五四制",)), "absence_report": ("5", ()), "absence_dropout": ("20", ()), "score_levels": ("优秀、良好、合格、待合格", ("A、B、C、D", "优、良、中、差")),
}


@pytest.mark.parametrize("key", ROWS)
def test_a_row_of_the_table_with_its_default_and_the_known_others(key):
    default, others = ROWS[key]
    assert NATIONAL.text(key) == default
    for other in others:
        assert as_text(SETTINGS[key], check_edit(SETTINGS[key], other)) == other
        assert profile(**{key: other}).text(key) == other


def test_what_nobody_has_checked_says_so():
    assert {key for key in SETTINGS if NATIONAL.sure(key) == "unverified"} == {
        "years_system", "class_limit_special", "record_kept_until_age", "photo_least_kb", "photo_most_kb", "photo_least_width", "photo_least_height", "photo_ratio_least", "photo_ratio_most"}
