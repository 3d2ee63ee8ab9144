"""What the rules say of a transfer, each with its article; every edge on its day (regulation.md 5)."""

from dataclasses import replace
from datetime import date

import pytest

from app.policies.calendar import WorkCalendar
from app.policies.profiles import make_policy
from app.workflow import transfer_checks
from app.workflow.flows import TRANSFER
from app.workflow.transfer_checks import Cohort, Goal, TransferFacts, evidence_for, transfer

NATIONAL = make_policy()
ZHUSHAN = make_policy("zhushan")
CALENDAR = WorkCalendar({}, date(2030, 12, 31), 1)
TERMS = ((date(2026, 2, 20), date(2026, 7, 5)), (date(2026, 9, 1), date(2027, 1, 20)), (date(2027, 2, 20), date(2027, 7, 5)))
THIRD = Cohort("1", 3, 6, 2024)


def facts(**changes):
    given = {
        "today": date(2026, 10, 12), "rules": NATIONAL, "own": NATIONAL, "calendar": CALENDAR, "terms": TERMS, "cohort": THIRD,
        "goal": Goal("三年级2班", Cohort("1", 3, 6, 2024), 44, 45),
    }
    return TransferFacts(**given | changes)


def told(found, check=None):
    """[(level, sentence, article)] of what does not simply pass, or of one check."""
    return [(one.level, one.sentence, one.article) for one in found if (one.check == check if check else one.level != "pass")]


def level(check, **changes):
    return [one.level for one in transfer(facts(**changes)) if one.check == check]


def test_what_is_right_passes_with_what_was_looked_at():
    found = transfer(facts())
    assert {one.level for one in found} == {"pass"}
    assert [one.title for one in found] == ["学籍状态", "在办业务", "处分", "问题学籍", "起始年级", "毕业年级", "暂停期", "就读年级", "班额"]
    assert all(one.article for one in found)


@pytest.mark.parametrize(("code", "title", "cure"), [
    ("02", "休学", "休学的请先办理复学，再转学"), ("06", "流失", "流失的请先办理返校，再转学"), ("07", "毕业", "已经毕业的由升入的学校办理调档，不办转学"),
    ("91", "出国（境）定居或就读", "回国的不办转学，请由接收学校办理回国"), ("15", "下落不明", "请核对学籍；状态有误的，由主管教育行政部门更正")])
def test_only_who_reads_here_may_go(code, title, cure):
    (one,) = [one for one in transfer(facts(status=code, status_title=title)) if one.level != "pass"]
    assert (one.level, one.sentence, one.cure) == ("block", f"学籍状态是“{title}”，只有在读学生可以转学", cure)


def test_business_under_way_punishment_and_problem_stop_it_by_name():
    found = transfer(facts(open_case="竹教转〔2026〕第00012号（转学）", punished=True, problem=True))
    assert told(found) == [
        ("block", "已有未办结的业务：竹教转〔2026〕第00012号（转学）", "全国中小学生学籍信息管理系统操作手册"),
        ("block", "学生在受处分期间，不能转学", NATIONAL.article("punished_bar")),
        ("block", "学籍列为问题学籍，还没有处理", "全国中小学生学籍信息管理系统操作手册"),
    ]
    lenient = make_policy("national2025", {"punished_bar": "否"})
    assert level("punishment", punished=True, own=lenient) == []


def test_to_her_own_school_nobody_goes():
    assert told(transfer(facts(same_school=True)))[0][:2] == ("block", "学生现在就在这所学校，不用转学")


# ---------------------------------------------------------------- first term, graduating grade

FIRST = {"cohort": Cohort("1", 1, 6, 2026), "goal": Goal("一年级1班", Cohort("1", 1, 6, 2026), 30, 45), "first_term_ends": date(2027, 1, 20)}


@pytest.mark.parametrize(("today", "said"), [(date(2026, 9, 1), "block"), (date(2027, 1, 20), "block"), (date(2027, 1, 21), "pass")])
def test_first_grades_first_term_to_its_last_day(today, said):
    assert level("first_term", today=today, **FIRST) == [said]


def test_first_term_of_each_stage_and_as_the_county_rules():
    junior = {"cohort": Cohort("2", 1, 3, 2026), "goal": None, "first_term_ends": date(2027, 1, 20)}
    assert told(transfer(facts(**junior)), "first_term") == [("block", "七年级第一学期（到2027年1月20日）不能转学", NATIONAL.article("first_term_bar"))]
    assert level("first_term", **junior, own=make_policy("national2025", {"first_term_bar": "否"})) == []
    assert told(transfer(facts()), "first_term") == [("pass", "三年级不是起始年级", NATIONAL.article("first_term_bar"))]


def test_without_a_term_nobody_can_tell():
    (one,) = [one for one in transfer(facts(**FIRST | {"first_term_ends": None})) if one.check == "first_term"]
    assert (one.level, one.cure) == ("block", "请教育局先设置学期")


FINAL = {"cohort": Cohort("1", 6, 6, 2021), "goal": Goal("六年级1班", Cohort("1", 6, 6, 2021), 30, 45)}


def test_the_graduating_grade_stays():
    assert told(transfer(facts(**FINAL)), "graduating") == [("block", "六年级是毕业年级，不能转学", NATIONAL.article("graduating_bar"))]
    assert level("graduating", cohort=Cohort("1", 5, 5, 2022), goal=None) == ["block"]  # 五四
    assert level("graduating", cohort=Cohort("1", 5, 6, 2022), goal=None) == ["pass"]


@pytest.mark.parametrize(("today", "said"), [
    (date(2027, 6, 30), "pass"), (date(2027, 7, 1), "block"), (date(2027, 8, 10), "block"), (date(2027, 8, 11), "pass")])
def test_from_the_first_of_july_no_new_business_for_graduating_grades_even_where_they_may_go(today, said):
    lenient = make_policy("national2025", {"graduating_bar": "否"})
    assert level("graduating", today=today, own=lenient, **FINAL) == [said]


# ---------------------------------------------------------------- when

@pytest.mark.parametrize(("today", "said"), [
    (date(2027, 7, 14), "pass"), (date(2027, 7, 15), "block"), (date(2027, 8, 14), "block"), (date(2027, 8, 15), "pass")])
def test_the_national_pause_and_its_edges(today, said):
    assert level("pause", today=today) == [said]


def test_the_pause_is_told_with_its_paper():
    assert told(transfer(facts(today=date(2027, 7, 20)))) == [("block", "7月15日至8月14日全国暂停受理转学", "教育部 教基司厅函〔2017〕23号")]


@pytest.mark.parametrize(("today", "said"), [
    (date(2026, 8, 24), "block"), (date(2026, 8, 25), "pass"), (date(2026, 9, 8), "pass"), (date(2026, 9, 9), "block"),  # seven days around the start of term
    (date(2027, 1, 12), "block"), (date(2027, 1, 13), "pass"), (date(2027, 1, 27), "pass"), (date(2027, 1, 28), "block"),  # and around its end
])
def test_a_window_of_terms_and_its_edges(today, said):
    assert level("window", today=today, rules=ZHUSHAN) == [said]


def test_outside_the_window_a_special_case_waits_for_the_bureau():
    found = transfer(facts(rules=ZHUSHAN))
    assert told(found) == [("block", "现在不在受理时间内：开学前 7 日—开学后 7 日；放假前 7 日—放假后 7 日", ZHUSHAN.article("transfer_windows"))]
    assert level("window", rules=ZHUSHAN, special=True) == ["warn"]
    assert level("window", special=True) == []  # without windows every day is open


def test_a_window_of_terms_without_terms_is_no_window():
    (one,) = [one for one in transfer(facts(rules=ZHUSHAN, terms=())) if one.level != "pass"]
    assert (one.check, one.level, one.cure) == ("window", "block", "请教育局先设置学期")
    assert level("window", rules=make_policy("national2025", {"transfer_windows": "10月1日—10月31日"}), terms=()) == ["pass"]


# ---------------------------------------------------------------- where to

@pytest.mark.parametrize(("old", "new", "said"), [
    (Cohort("1", 3, 6), Cohort("1", 3, 5), "pass"),  # 六三 and 五四 meet
    (Cohort("1", 6, 6), Cohort("2", 1, 4), "pass"),  # the sixth year of schooling is primary here and junior there
    (Cohort("2", 1, 3), Cohort("2", 2, 4), "pass"),
    (Cohort("2", 1, 3), Cohort("2", 1, 4), "block"),
    (Cohort("1", 3, 6), Cohort("1", 2, 6), "block"),
    (Cohort("1", 3, 6), Cohort("1", 4, 6), "block"),
])
def test_grades_are_compared_by_year_of_schooling(old, new, said):
    assert level("grade", cohort=old, goal=Goal("某班", new, 10, 45)) == [said]


def test_a_change_of_grade_is_told_with_both():
    found = transfer(facts(goal=Goal("二年级1班", Cohort("1", 2, 6), 10, 45)))
    assert told(found)[0][:2] == ("block", "现读三年级，拟入二年级：转学不得改变年级")


def test_a_special_class_may_take_a_lower_grade_and_no_higher_one():
    goal = Goal("启智班", Cohort("1", 2, 6), 5, 12, "special")
    assert told(transfer(facts(goal=goal))) == [
        ("warn", "现读三年级，拟入二年级：特殊教育学生可以编入低年级", "《中小学生学籍管理办法》（教基〔2025〕1号）第十四条")]
    assert level("grade", goal=replace(goal, cohort=Cohort("1", 4, 6))) == ["block"]


def test_a_full_class_has_no_place():
    assert level("class_limit") == ["pass"]
    found = transfer(facts(goal=Goal("三年级2班", THIRD, 45, 45)))
    assert told(found) == [("block", "三年级2班已有 45 人，班额 45 人，没有学位", NATIONAL.article("class_limit_primary"))]


def test_between_general_and_vocational_schools_only_where_the_rules_open_it():
    senior = {"cohort": Cohort("3", 2, 3), "goal": None, "vocational": (False, True)}
    assert level("vocational", **senior) == ["block"]
    assert level("vocational", **senior | {"vocational": (True, True)}) == []
    assert level("vocational", **senior, rules=make_policy("national2025", {"vocational_transfer": "是"})) == []


def test_a_child_without_a_record_here_is_not_asked_for_its_standing():
    assert [one.check for one in transfer(facts(status=None))] == ["open_case", "first_term", "graduating", "pause", "grade", "class_limit"]


# ---------------------------------------------------------------- evidence

def test_every_ground_names_its_proofs():
    for reason in transfer_checks.GROUNDS:
        for elsewhere in ("", "to", "from"):
            assert set(evidence_for(reason, elsewhere=elsewhere)) <= set(TRANSFER.evidence)
    assert evidence_for("04") == ("application", "household", "residence", "work")
    assert evidence_for("01", elsewhere="from") == ("application", "household", "record_card", "certificate")
    assert evidence_for("01", elsewhere="to") == ("application", "household", "acceptance")


def test_what_is_missing_is_said_and_does_not_stop_it():
    assert told(transfer(facts(missing=("户口簿", "工作证明"))))[0][:2] == ("warn", "还须附：户口簿、工作证明")
