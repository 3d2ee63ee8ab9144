"""Section 7: dropout (辍学 / 流失), death, abroad."""

from datetime import date

import pytest

from app.policies.values import Length
from app.workflow import dropout_checks, school_days, withdrawal_checks
from app.workflow.changes import STATUS_CHANGES
from app.workflow.dropout_checks import Missed
from tests.regulation.facts import CALENDAR, NATIONAL, SENIOR, TERMS, THIRD, article, change, cure, level, profile

LOST = {"reason": "01", "whereabouts": "在家", "explanation": "家访三次"}


def dropout(today, note, rules=NATIONAL, cohort=THIRD, **answers):
    return change("dropout", LOST | answers, rules, today, cohort, more={"note": note})


@pytest.mark.parametrize(("today", "told"), [(date(2026, 9, 24), "block"), (date(2026, 9, 27), "block"), (date(2026, 9, 28), "pass")])
def test_twenty_school_days_missed_are_a_dropout_nineteen_are_not(today, told):
    """From 1 September on, with the make-up Sunday of the 20th, without 中秋 on the 25th: the nineteenth is the 24th, the twentieth the 28th."""
    found = dropout(today, Missed(date(2026, 9, 1), 1))
    assert (level(found, "absence"), level(found, "visits")) == (told, "pass")


def test_school_days_are_working_days_of_the_term_over_the_national_holiday():
    assert school_days.missed(date(2026, 9, 28), date(2026, 10, 10), CALENDAR, TERMS) == 6  # 28 29 30 | 8 9 10
    assert school_days.missed(date(2027, 1, 21), date(2027, 2, 23), CALENDAR, TERMS) == 4  # 21 22 | 22 23


def test_at_least_one_visit_before_the_report():
    found = dropout(date(2026, 10, 30), Missed(date(2026, 9, 1), 0))
    assert (level(found, "visits"), "劝返" in cure(found, "visits")) == ("block", True)


def test_reported_after_five_days_in_guangdong_dropout_after_four_weeks_in_liaoning():
    assert (NATIONAL.absence_report, NATIONAL.article("absence_report")) == (5, "粤教基〔2009〕3号")
    assert (profile("yuhong").absence_dropout, profile("yuhong").sure("absence_dropout")) == (20, "excerpt")


def test_whoever_goes_to_school_elsewhere_is_a_transfer_and_no_dropout():
    assert level(dropout(date(2026, 10, 30), Missed(date(2026, 9, 1), 1), reason="10"), "elsewhere") == "block"


@pytest.mark.parametrize(("born", "until"), [(date(2012, 8, 31), date(2028, 8, 31)), (date(2012, 9, 1), date(2029, 8, 31))])
def test_the_record_is_kept_to_the_end_of_the_school_year_in_which_she_turns_sixteen(born, until):
    assert dropout_checks.kept_until(born, NATIONAL) == until
    assert NATIONAL.sure("record_kept_until_age") == "unverified"


def test_no_withdrawal_and_no_expulsion_in_compulsory_stages():
    for kind in ("withdrawal", "expulsion"):
        assert STATUS_CHANGES[kind].stages == "3"
        assert level(change(kind, {"reason": "1", "ground": "application"}, more={"note": None, "in_term": 0}), "stage") == "block"


@pytest.mark.parametrize(("today", "told"), [(date(2026, 9, 21), "block"), (date(2026, 9, 22), "pass")])
def test_fifteen_days_on_end_without_leave_are_a_senior_withdrawal(today, told):
    found = change("withdrawal", {"ground": "absence", "reason": "9"}, today=today, cohort=SENIOR, more={"note": Missed(date(2026, 9, 8), 0), "in_term": 0})
    assert (level(found, "ground"), article(found, "ground")) == (told, "《湖南省中小学生学籍管理实施细则》")


@pytest.mark.parametrize(("in_term", "told"), [(44, "block"), (45, "pass")])
def test_or_forty_five_days_of_one_term(in_term, told):
    assert level(change("withdrawal", {"ground": "absence", "reason": "9"}, cohort=SENIOR, more={"note": None, "in_term": in_term}), "ground") == told


def test_in_shandong_one_month():
    rules = profile(senior_absence_on_end="1 个月")
    told = [level(change("withdrawal", {"ground": "absence", "reason": "9"}, rules, day, SENIOR, more={"note": Missed(date(2026, 9, 8), 0), "in_term": 0}), "ground")
            for day in (date(2026, 10, 6), date(2026, 10, 7))]
    assert told == ["block", "pass"]


def test_days_of_a_term_are_counted_in_that_term_alone():
    spans = [(date(2026, 12, 1), date(2027, 3, 1))]
    assert withdrawal_checks.in_term(spans, date(2027, 1, 22), CALENDAR, TERMS) == 39
    assert withdrawal_checks.in_term(spans, date(2027, 2, 28), CALENDAR, TERMS) == 5


def test_senior_school_county_and_city_decide():
    assert STATUS_CHANGES["withdrawal"].flow.line[:4] == ["applying", "school_audit", "county", "city"]
    assert NATIONAL.withdrawal_city is True


def test_the_list_of_dropouts_goes_up_by_the_28th():
    assert NATIONAL.dropout_list_day == 28


@pytest.mark.parametrize(("today", "told"), [(date(2026, 10, 13), "pass"), (date(2026, 10, 14), "warn")])
def test_article_21_a_death_is_reported_within_ten_working_days(today, told):
    found = change("death", {"reason": "40", "effective_on": date(2026, 9, 22)}, today=today)
    assert NATIONAL.death_report == Length(10, "工作日")
    assert (level(found, "death"), article(found, "death")) == (told, "《中小学生学籍管理办法》（教基一〔2013〕7号）第二十一条")


def test_article_21_a_death_is_taken_for_every_status_and_at_any_time():
    assert STATUS_CHANGES["death"].any_time and STATUS_CHANGES["death"].beside
    assert {"01", "02", "06"} <= set(STATUS_CHANGES["death"].statuses)


def test_loss_of_ability_goes_the_way_of_a_death_and_teaching_at_home_is_offered_first():
    found = change("loss-of-ability", {"reason": "99", "effective_on": date(2026, 10, 9), "hospital": "竹山县人民医院", "diagnosis": "重度脑瘫"})
    assert level(found, "home") == "warn"


def test_article_20_going_abroad_hands_in_valid_papers_and_a_short_stay_is_a_suspension():
    assert set(STATUS_CHANGES["abroad"].evidence_for("")) == {"application", "passport", "settlement"}
    found = change("abroad", {"effective_on": date(2026, 10, 9), "country": "", "abroad_kind": "visit"})
    assert (level(found, "abroad_kind"), "休学" in cure(found, "abroad_kind")) == ("block", True)
