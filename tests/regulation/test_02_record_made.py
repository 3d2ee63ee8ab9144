"""Section 2: when a record is made."""

from datetime import date, datetime

import pytest

from app.policies.values import Length, YearDay
from app.services.casework import reminders
from app.workflow.checks import Twin
from app.workflow.dropout_checks import Missed
from app.workflow.transfer_checks import Cohort
from tests.regulation.facts import CALENDAR, NATIONAL, SENIOR, article, change, cure, enrolment, level, profile


@pytest.mark.parametrize(("born", "told"), [(date(2020, 8, 31), "pass"), (date(2020, 9, 1), "block")])
def test_six_full_years_by_31_august_and_a_day_short_waits_a_year(born, told):
    found = enrolment(record={"id_doc_type": "Z", "id_doc_no": None, "birth_date": born})
    assert (level(found, "age"), article(found, "age")) == (told, "《义务教育法》第十一条")


@pytest.mark.parametrize(("born", "told"), [(date(2018, 9, 1), "pass"), (date(2018, 8, 31), "warn")])
def test_seven_where_the_local_law_lets_it_and_beyond_that_a_delay_has_to_be_approved(born, told):
    found = enrolment(record={"id_doc_type": "Z", "id_doc_no": None, "birth_date": born})
    assert level(found, "age") == told
    assert told == "pass" or "推迟入学的须经批准" in found[[one.check for one in found].index("age")].sentence


class Case:
    """Of a row of the desk what is read here: when the application was begun."""

    def __init__(self, begun):
        self.made_at = begun


@pytest.mark.parametrize(("rules", "today", "said"), [
    (NATIONAL, date(2026, 9, 30), None),
    (NATIONAL, date(2026, 10, 1), (date(2026, 11, 1), "")),
    (NATIONAL, date(2026, 11, 1), (date(2026, 11, 1), "soon")),
    (NATIONAL, date(2026, 11, 2), (date(2026, 11, 1), "late")),
    (profile("shaanxi"), date(2026, 9, 21), (date(2026, 10, 1), "")), (profile("shaanxi"), date(2026, 10, 1), (date(2026, 10, 1), "soon")),
    (profile("shaanxi"), date(2026, 10, 2), (date(2026, 10, 1), "late")),
    (profile("national2025", record_within="10个工作日", record_reminder="1日"), date(2026, 9, 15), (date(2026, 9, 15), "soon")),
    (profile("national2025", record_within="10个工作日", record_reminder="1日"), date(2026, 9, 16), (date(2026, 9, 15), "late")),
], ids=["a month less a day", "a month", "two months", "two months and a day", "陕西: twenty days", "陕西: a month", "陕西: a month and a day", "北京: tenth working day", "北京: eleventh"])
def test_the_record_is_made_within_two_months_and_after_one_the_school_is_reminded(rules, today, said):
    told = reminders.late_record(Case(datetime(2026, 9, 1, 9)), rules, CALENDAR, today)
    assert (told and told[:2]) == said


def test_first_registration_is_against_a_valid_identity_document():
    assert level(enrolment(record={"id_doc_no": None}), "document") == "block"
    without = enrolment(record={"id_doc_type": "Z", "id_doc_no": None})
    assert (level(without, "document"), "在校就读证明" in cure(without, "document")) == ("warn", True)


def test_an_identity_number_already_entered_is_refused_and_a_look_alike_is_looked_at():
    found = enrolment(twins=[Twin("number")])
    assert (level(found, "twin_number"), "转入学校申请转学" in cure(found, "twin_number")) == ("block", True)
    assert level(enrolment(twins=[Twin("person")]), "twin_person") == "warn"
    assert level(enrolment(twins=[Twin("near")]), "twin_near") == "warn"


def test_sex_and_birth_date_are_those_of_the_identity_number():
    given = enrolment()
    assert (level(given, "birth"), level(given, "sex")) == ("pass", "pass")
    assert level(enrolment(record={"birth_date": date(2019, 1, 1)}), "birth") == "block"


def test_the_yearly_days_are_30_september_for_the_audit_and_the_lock_and_30_october_for_duplicates():
    assert (NATIONAL.school_audit_by, NATIONAL.lock_on, NATIONAL.duplicates_by) == (YearDay(9, 30), YearDay(9, 30), YearDay(10, 30))


@pytest.mark.parametrize(("planned", "used", "rules", "told"), [
    (225, 224, NATIONAL, "pass"), (225, 225, NATIONAL, "block"), (225, 225, profile(quota_enforcement="提醒，可以继续"), "warn"), (None, 0, NATIONAL, "block"),
])
def test_new_records_do_not_exceed_the_plan(planned, used, rules, told):
    assert level(enrolment(rules, planned=planned, used=used), "quota") == told


def test_a_new_pupil_is_renamed_within_one_month_in_zhushan_and_at_any_time_elsewhere():
    assert profile("zhushan").name_change_within == Length(1, "月")
    assert NATIONAL.name_change_within.number == 0


@pytest.mark.parametrize(("missed_from", "today", "told"), [
    (date(2026, 9, 1), date(2026, 9, 15), "block"),
    (date(2026, 9, 1), date(2026, 9, 16), "pass"),
    (date(2026, 9, 2), date(2026, 9, 30), "block"),  # came on the first day
])
def test_a_senior_pupil_who_does_not_report_within_two_weeks_loses_the_place(missed_from, today, told):
    found = change("withdrawal", {"ground": "no_show", "reason": "9"}, today=today, cohort=SENIOR, more={"note": Missed(missed_from, 0), "in_term": 0})
    assert (level(found, "ground"), article(found, "ground")) == (told, "山东省中小学学籍管理规定（旧）第六条")
    second_grade = change("withdrawal", {"ground": "no_show", "reason": "9"}, today=today, cohort=Cohort("3", 2, 3, 2025), more={"note": Missed(missed_from, 0), "in_term": 0})
    assert level(second_grade, "ground") == "block"
