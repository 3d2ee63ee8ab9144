"""Section 6: suspension and resumption (休学、复学)."""

from datetime import date, timedelta

import pytest

from app.policies.values import Length
from app.services.casework import reminders
from app.workflow.change_checks import Span
from app.workflow.flows import FLOWS
from app.workflow.suspensions import RENEWAL, RESUMPTION, SUSPENSION
from tests.regulation.facts import EIGHTH, NATIONAL, NINTH, SENIOR, SEVENTH, SIXTH, THIRD, Cohort, article, change, cure, goal, level, profile

ZHUSHAN = profile("zhushan")
ILL = {"reason": "10", "from_on": date(2026, 9, 7), "until_on": date(2027, 3, 7), "hospital": "竹山县人民医院", "diagnosis": "肺炎"}
FROM, UNTIL = date(2026, 9, 7), date(2027, 9, 7)
AWAY = Span("suspension", FROM, UNTIL)


def suspend(rules=NATIONAL, cohort=THIRD, today=date(2026, 9, 11), spans=(), **answers):
    return change("suspension", ILL | answers, rules, today, cohort, spans=spans)


def renew(until_on, rules=NATIONAL, today=date(2027, 9, 1), cohort=THIRD, away=AWAY, spans=None, **answers):
    return change("suspension-renewal", {"reason": "10", "hospital": "竹山县人民医院", "diagnosis": "肺炎", "until_on": until_on} | answers, rules, today, cohort, "02",
                  away=away, spans=(away,) if spans is None else spans)


def resume(back, to, rules=NATIONAL, today=None, away=AWAY, headcount=40):
    return change("resumption", {"effective_on": back, "to_class": 1}, rules, today or back, THIRD, "02", away=away, spans=(away,), goal=goal(to, headcount))


# ---------------------------------------------------------------- who asks, who decides, with what

def test_the_guardian_asks_in_writing_the_school_examines_the_authority_approves():
    assert [FLOWS["suspension"].steps[name].seat for name in FLOWS["suspension"].line] == ["applicant", "audit", "county", ""]
    assert all("application" in kind.needed[""] for kind in (SUSPENSION, RENEWAL, RESUMPTION))
    assert level(change("suspension", ILL | {"guardian": ""}, today=date(2026, 9, 11)), "guardian") == "block"


def test_illness_needs_a_county_hospital_force_majeure_the_police_abroad_a_passport():
    assert set(SUSPENSION.evidence_for("10")) == {"application", "diagnosis", "history", "receipts"}
    assert "official" in SUSPENSION.evidence_for("35") and "passport" in SUSPENSION.evidence_for("36")
    found = suspend(hospital="", diagnosis="")
    assert (level(found, "hospital"), level(found, "diagnosis")) == ("block", "block")


# ---------------------------------------------------------------- when and how long

@pytest.mark.parametrize(("until", "told"), [(date(2026, 12, 6), "warn"), (date(2026, 12, 7), "pass")])
def test_absent_for_three_months_or_more(until, told):
    assert level(suspend(until_on=until), "until_on") == told


@pytest.mark.parametrize(("rules", "until", "told"), [
    (NATIONAL, date(2027, 9, 7), "pass"), (NATIONAL, date(2027, 9, 8), "block"),
    (ZHUSHAN, date(2026, 12, 7), "pass"), (ZHUSHAN, date(2026, 12, 8), "block"),
])
def test_at_most_one_year_and_in_zhushan_three_months_and_not_a_day_more(rules, until, told):
    found = suspend(rules, until_on=until)
    assert level(found, "until_on") == told
    assert article(found, "until_on") == rules.article("suspension_longest")


def test_counted_from_the_first_lesson_missed_which_may_be_past():
    assert level(suspend(from_on=date(2026, 9, 1), until_on=date(2027, 9, 1)), "until_on") == "pass"
    assert level(suspend(from_on=date(2026, 9, 1), until_on=date(2027, 9, 2)), "until_on") == "block"


@pytest.mark.parametrize(("today", "told"), [
    (date(2027, 8, 7), "block"), (date(2027, 8, 8), "pass"), (date(2027, 10, 7), "pass"), (date(2027, 10, 8), "block"),
])
def test_renewal_is_asked_from_thirty_days_before_the_end_to_thirty_days_after(today, told):
    assert level(renew(date(2028, 3, 7), today=today), "renewal") == told


@pytest.mark.parametrize(("until", "told"), [(date(2028, 9, 7), None), (date(2028, 9, 8), "block")])
def test_renewed_for_one_more_year_with_a_fresh_certificate(until, told):
    assert level(renew(until), "until_on") == told
    assert "diagnosis" in RENEWAL.evidence_for("10")


@pytest.mark.parametrize(("cohort", "told"), [(THIRD, "warn"), (SENIOR, "block")])
def test_renewed_once_and_a_second_time_only_as_an_exception_in_compulsory_stages(cohort, told):
    again = Span("suspension", FROM, UNTIL, renewals=1)
    assert level(renew(date(2028, 3, 7), cohort=cohort, away=again), "renewals") == told
    assert level(renew(date(2028, 3, 7), profile(suspension_renewals="2"), cohort=cohort, away=again), "renewals") is None


@pytest.mark.parametrize(("days_before", "until", "senior", "compulsory"), [
    (0, date(2028, 9, 7), "pass", "pass"),
    (1, date(2028, 9, 7), "block", "warn"),  # a day of an earlier suspension is a day too many
    (1, date(2028, 9, 6), "pass", "pass"),
])
def test_two_years_in_all_beyond_it_a_senior_pupil_has_to_withdraw(days_before, until, senior, compulsory):
    earlier = Span("suspension", date(2025, 3, 3), date(2025, 6, 1), date(2025, 3, 3) + timedelta(days=days_before))
    spans = (earlier, AWAY) if days_before else (AWAY,)
    found = renew(until, cohort=SENIOR, spans=spans)
    assert level(found, "total") == senior
    assert senior == "pass" or "退学" in cure(found, "total")
    assert level(renew(until, cohort=THIRD, spans=spans), "total") == compulsory


def test_the_record_is_kept_she_is_out_of_the_class_count_and_does_not_transfer():
    assert SUSPENSION.statuses == ("01",)
    found = change("suspension", ILL, status="02", status_title="休学")
    assert (level(found, "status"), cure(found, "status")) == ("block", "已在休学，请办理续休")


# ---------------------------------------------------------------- graduating grades

@pytest.mark.parametrize("cohort", [SIXTH, NINTH, Cohort("3", 3, 3, 2024)])
def test_graduating_grades_generally_none_with_principal_class_teacher_and_authority(cohort):
    found = suspend(cohort=cohort)
    assert level(found, "graduating") == "warn" and "校长、班主任签字" in found[[one.check for one in found].index("graduating")].sentence
    assert level(suspend(profile(suspension_graduating="不予办理"), cohort), "graduating") == "block"
    assert level(suspend(profile(suspension_graduating="与其他年级相同"), cohort), "graduating") == "pass"


@pytest.mark.parametrize(("today", "told"), [(date(2027, 2, 21), "pass"), (date(2027, 2, 22), "block")])
def test_in_liaoning_none_in_the_last_term(today, told):
    found = suspend(profile("yuhong"), NINTH, today, from_on=today, until_on=today + timedelta(days=100))
    assert level(found, "graduating") == told


# ---------------------------------------------------------------- back

@pytest.mark.parametrize(("today", "told"), [(date(2027, 8, 31), None), (date(2027, 9, 1), "warn")])
def test_resumption_is_asked_one_week_before_the_end(today, told):
    assert NATIONAL.resume_ahead == Length(7, "日")
    assert level(resume(date(2027, 9, 7), THIRD, today=today), "ahead") == told


@pytest.mark.parametrize(("back", "to", "told"), [
    (date(2026, 12, 7), THIRD, "pass"), (date(2026, 12, 7), Cohort("1", 2, 6, 2025), "block"),  # three months to the day
    (date(2026, 12, 8), THIRD, "pass"), (date(2026, 12, 8), Cohort("1", 2, 6, 2025), "pass"),  # and a day
    (date(2026, 12, 8), Cohort("1", 4, 6, 2023), "block"), (date(2026, 12, 8), Cohort("1", 1, 6, 2026), "block"),
])
def test_up_to_three_months_the_same_grade_longer_the_next_lower_one_too_never_a_higher_one(back, to, told):
    assert level(resume(back, to), "grade") == told


def test_the_next_lower_one_of_her_own_stage_nobody_goes_back_from_junior_to_primary_school():
    """In a nine-year school the sixth grade is one year lower than the seventh."""
    away = Span("suspension", date(2026, 9, 7), date(2027, 9, 7))
    for cohort, to, told in ((SEVENTH, SIXTH, "block"), (EIGHTH, SEVENTH, "pass"), (SEVENTH, SEVENTH, "pass")):
        found = change("resumption", {"to_class": 1, "effective_on": date(2027, 3, 1)}, today=date(2027, 3, 1), status="02", cohort=cohort, goal=goal(to), away=away)
        assert level(found, "grade") == told


def test_a_full_class_takes_her_back_with_a_warning_she_has_a_right_to_return():
    assert level(resume(date(2026, 11, 2), THIRD, headcount=45), "class_limit") == "warn"


@pytest.mark.parametrize(("stage", "today", "kind"), [
    ("1", date(2027, 9, 7), "resumption"), ("1", date(2027, 9, 21), "resumption"), ("1", date(2027, 9, 22), "dropout"),
    ("3", date(2027, 10, 7), "resumption"), ("3", date(2027, 10, 8), "withdrawal"),
])
def test_not_back_the_school_asks_after_two_weeks_it_is_a_dropout_after_thirty_days_a_withdrawal(stage, today, kind):
    class Row:
        due_on, title, number, advanced_to, length, student_id = UNTIL, "庹思远", "堵河路小学", 3, 6, 1

    Row.stage = stage
    assert reminders.read(Row, NATIONAL, today).kind == kind


@pytest.mark.parametrize(("today", "told"), [(date(2027, 9, 8), "block"), (date(2027, 9, 7), "block")])
def test_in_sichuan_a_senior_pupil_withdraws_at_once(today, told):
    found = change("withdrawal", {"ground": "not_back", "reason": "9"}, profile(not_back_senior="0日"), today, SENIOR, "02", away=AWAY, spans=(AWAY,))
    assert level(found, "ground") == ("pass" if today > UNTIL else told)
