"""Section 5: transfer (转学)."""

from datetime import date

import pytest

from app.policies.values import Length
from app.workflow import deadlines
from app.workflow.flows import TRANSFER, reasons, transfer_route
from app.workflow.transfer_checks import GROUNDS, Cohort, evidence_for
from tests.regulation.facts import (
    CALENDAR,
    EIGHTH,
    FIRST,
    NATIONAL,
    NINTH,
    SENIOR,
    SEVENTH,
    SIXTH,
    THIRD,
    article,
    cure,
    goal,
    level,
    profile,
    transfer,
)

ZHUSHAN, SHAANXI, ZHEJIANG = profile("zhushan"), profile("shaanxi"), profile("zhejiang")


# ---------------------------------------------------------------- N25 15: who, in which order, how long

def test_article_15_the_receiving_school_starts_then_both_sides_examine():
    assert transfer_route() == ("applying", "to_audit", "to_county", "from_registrar", "from_audit", "from_county", "effective")
    assert (NATIONAL.start_by, NATIONAL.article("start_by")) == ("to_school", "《中小学生学籍管理办法》（教基〔2025〕1号）第十五条")


def test_under_one_authority_the_receiving_school_the_releasing_school_and_the_common_authority():
    assert transfer_route(same_office=True, audited=()) == ("applying", "from_registrar", "county", "effective")


def test_the_old_order_lets_the_releasing_school_start_and_the_target_accept():
    assert (ZHUSHAN.start_by, profile("yuhong").start_by) == ("from_school", "from_school")
    assert transfer_route(first="from", starter="from", same_office=True, audited=()) == ("applying", "to_registrar", "county", "effective")


def test_province_steps_are_a_switch_and_off():
    assert NATIONAL.province_steps is False
    way = transfer_route(provinces=True, audited=())
    assert way == ("applying", "to_county", "to_province", "from_registrar", "from_county", "from_province", "effective")


def test_zhejiang_gives_an_instruction_and_only_then_the_school_draws():
    assert (NATIONAL.release_instruction, ZHEJIANG.release_instruction) == (False, True)
    assert transfer_route(instruction=True)[-2:] == ("draw", "effective")


@pytest.mark.parametrize(("arrived", "tenth", "eleventh"), [
    (date(2026, 9, 22), date(2026, 10, 13), date(2026, 10, 14)),  # over 国庆, 10 October is a make-up Saturday
    (date(2026, 9, 30), date(2026, 10, 20), date(2026, 10, 21)),  # arrives on the eve
    (date(2026, 10, 4), date(2026, 10, 20), date(2026, 10, 21)),  # arrives in the holiday
    (date(2025, 9, 25), date(2025, 10, 15), date(2025, 10, 16)),  # 2025: 28 September and 11 October are worked
])
def test_article_15_each_office_has_ten_working_days_from_the_day_after_arrival(arrived, tenth, eleventh):
    offices = {step.days for step in TRANSFER.steps.values() if step.days.startswith("step_days")}
    assert {NATIONAL[days] for days in offices} == {Length(10, "工作日")}
    due = deadlines.due(CALENDAR, arrived, NATIONAL.step_days_county)
    assert (due, CALENDAR.after(due, 1)) == (tenth, eleventh)
    assert [deadlines.describe(CALENDAR, day, due)[0] for day in (tenth, eleventh)] == ["soon", "late"]


def test_a_county_of_five_days_has_five():
    assert deadlines.due(CALENDAR, date(2026, 9, 22), profile(step_days_county="5个工作日").step_days_county) == date(2026, 9, 30)


# ---------------------------------------------------------------- when

@pytest.mark.parametrize(("today", "told"), [
    (date(2027, 7, 14), "pass"), (date(2027, 7, 15), "block"), (date(2027, 8, 14), "block"), (date(2027, 8, 15), "pass"),
])
def test_no_new_transfer_from_15_july_to_14_august(today, told):
    assert level(transfer(today=today), "pause") == told


@pytest.mark.parametrize(("today", "told"), [(date(2027, 6, 30), "pass"), (date(2027, 7, 1), "block"), (date(2027, 8, 10), "block"), (date(2027, 8, 11), "pass")])
def test_no_new_business_for_graduating_grades_from_1_july(today, told):
    open_to_them = profile(graduating_bar="否")
    assert level(transfer(open_to_them, today=today, cohort=SIXTH), "graduating") == told


@pytest.mark.parametrize(("rules", "today", "told"), [
    (ZHUSHAN, date(2026, 8, 24), "block"), (ZHUSHAN, date(2026, 8, 25), "pass"), (ZHUSHAN, date(2026, 9, 8), "pass"), (ZHUSHAN, date(2026, 9, 9), "block"),
    (ZHUSHAN, date(2027, 1, 14), "block"), (ZHUSHAN, date(2027, 1, 15), "pass"), (ZHUSHAN, date(2027, 1, 29), "pass"), (ZHUSHAN, date(2027, 1, 30), "block"),
    (SHAANXI, date(2027, 1, 21), "block"), (SHAANXI, date(2027, 1, 22), "pass"), (SHAANXI, date(2027, 2, 22), "pass"), (SHAANXI, date(2027, 2, 23), "block"),
    (profile(transfer_windows="开学—开学后2个月"), date(2026, 11, 1), "pass"), (profile(transfer_windows="开学—开学后2个月"), date(2026, 11, 2), "block"),
    (profile(transfer_windows="开学—开学后10个工作日"), date(2026, 9, 15), "pass"), (profile(transfer_windows="开学—开学后10个工作日"), date(2026, 9, 16), "block"),
    (NATIONAL, date(2026, 11, 2), None),
])
def test_windows_a_week_around_each_end_of_a_term_the_holidays_two_months_ten_working_days_or_none(rules, today, told):
    assert level(transfer(rules, today=today), "window") == told


def test_outside_the_window_a_special_case_goes_on_with_the_bureaus_tick():
    assert level(transfer(ZHUSHAN, today=date(2026, 10, 12), special=True), "window") == "warn"


def test_papers_hold_for_three_months_and_an_instruction_for_ninety_days():
    issued = date(2026, 11, 30)
    assert NATIONAL.transfer_papers_valid.after(issued) == date(2027, 2, 28)
    assert NATIONAL.instruction_days.after(issued) == date(2027, 2, 28)
    issued = date(2026, 9, 11)
    assert (NATIONAL.transfer_papers_valid.after(issued), NATIONAL.instruction_days.after(issued)) == (date(2026, 12, 11), date(2026, 12, 10))


# ---------------------------------------------------------------- who may not

def test_not_while_suspended_or_lost_first_back_then_transfer():
    suspended = transfer(status="02", status_title="休学")
    assert (level(suspended, "status"), cure(suspended, "status")) == ("block", "休学的请先办理复学，再转学")
    assert cure(transfer(status="06", status_title="流失"), "status") == "流失的请先办理返校，再转学"


def test_not_while_under_punishment_unless_the_county_lets_it():
    assert level(transfer(punished=True), "punishment") == "block"
    assert level(transfer(profile(punished_bar="否"), punished=True), "punishment") is None


@pytest.mark.parametrize("cohort", [FIRST, SEVENTH, SENIOR], ids=["primary", "junior", "senior"])
@pytest.mark.parametrize(("today", "told"), [(date(2027, 1, 22), "block"), (date(2027, 1, 23), "pass")])
def test_not_in_the_first_term_of_the_first_grade(cohort, today, told):
    assert level(transfer(today=today, cohort=cohort, goal=goal(cohort)), "first_term") == told
    assert level(transfer(profile(first_term_bar="否"), today=today, cohort=cohort, goal=goal(cohort)), "first_term") is None


@pytest.mark.parametrize(("cohort", "told"), [(Cohort("1", 5, 6, 2022), "pass"), (SIXTH, "block"), (Cohort("1", 5, 5, 2022), "block"), (EIGHTH, "pass"), (NINTH, "block")])
def test_not_in_the_graduating_grade_of_a_primary_of_six_or_five_years_or_a_junior_school(cohort, told):
    assert level(transfer(cohort=cohort, goal=goal(cohort)), "graduating") == told


@pytest.mark.parametrize(("headcount", "limit", "told"), [(44, 45, "pass"), (45, 45, "block"), (49, 50, "pass"), (50, 50, "block")])
def test_not_where_no_place_is_left(headcount, limit, told):
    assert level(transfer(goal=goal(THIRD, headcount, limit)), "class_limit") == told


@pytest.mark.parametrize(("old", "new", "told"), [
    (THIRD, THIRD, "pass"), (THIRD, Cohort("1", 2, 6, 2025), "block"), (THIRD, Cohort("1", 4, 6, 2023), "block"),
    (Cohort("1", 4, 6, 2023), Cohort("1", 4, 5, 2023), "pass"),
    (Cohort("2", 1, 4, 2026), Cohort("1", 6, 6, 2021), "pass"),  # sixth year of schooling here and there
])
def test_no_change_of_grade_and_another_length_of_primary_school_counts_the_years(old, new, told):
    assert level(transfer(cohort=old, goal=goal(new), first_term_ends=date(2026, 1, 1)), "grade") == told


def test_special_education_may_place_in_a_lower_grade_by_article_14():
    found = transfer(goal=goal(Cohort("1", 2, 6, 2025), kind="special"))
    assert (level(found, "grade"), article(found, "grade")) == ("warn", "《中小学生学籍管理办法》（教基〔2025〕1号）第十四条")


def test_senior_and_vocational_do_not_change_places_where_the_province_has_not_opened_it():
    assert level(transfer(vocational=(False, True)), "vocational") == "block"
    assert level(transfer(profile(vocational_transfer="是"), vocational=(False, True)), "vocational") is None


def test_one_open_application_and_no_open_problem_record():
    assert level(transfer(open_case="竹教休〔2026〕第00001号"), "open_case") == "block"
    assert level(transfer(problem=True), "problem") == "block"


# ---------------------------------------------------------------- grounds, proofs, refusals

def test_grounds_have_their_proofs_and_another_province_brings_the_card():
    assert all("application" in evidence_for(ground) and "household" in evidence_for(ground) for ground in GROUNDS)
    assert {"record_card", "certificate"} <= set(evidence_for("02", elsewhere="from"))
    assert "acceptance" in evidence_for("02", elsewhere="to")


def test_a_refusal_needs_a_listed_reason_on_both_sides():
    assert len(reasons("transfer")) >= 5
    for name in ("to_audit", "to_county", "from_registrar", "from_audit", "from_county", "county"):
        moves = TRANSFER.steps[name].moves
        assert (moves["refuse"].blame, moves["return"].blame) == (True, True)
