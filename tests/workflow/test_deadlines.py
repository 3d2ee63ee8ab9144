"""The words beside a case, as the desk of 11 September 2026 shows them."""

from datetime import date

from app.policies.calendar import WorkCalendar, seed
from app.policies.values import Length
from app.workflow.deadlines import describe, due

CALENDAR = WorkCalendar({day: working for day, working, _ in seed({2026})}, last_certain=date(2026, 12, 31), version=1)
FRIDAY = date(2026, 9, 11)


def test_a_step_is_due_on_the_tenth_working_day_after_arrival():
    assert due(CALENDAR, date(2026, 9, 4), Length(10, "工作日")) == date(2026, 9, 18)
    assert due(CALENDAR, date(2026, 9, 22), Length(10, "工作日")) == date(2026, 10, 13)


def test_a_receipt_is_due_after_three_months_and_an_instruction_on_the_ninetieth_day():
    assert due(CALENDAR, date(2026, 9, 4), Length(3, "月")) == date(2026, 12, 4)
    assert due(CALENDAR, date(2026, 9, 4), Length(90, "日")) == date(2026, 12, 3)


def test_three_working_days_left_are_soon_and_four_are_not():
    assert describe(CALENDAR, FRIDAY, date(2026, 9, 18)) == ("", "还剩 5 个工作日")
    assert describe(CALENDAR, FRIDAY, date(2026, 9, 17)) == ("", "还剩 4 个工作日")
    assert describe(CALENDAR, FRIDAY, date(2026, 9, 16)) == ("soon", "还剩 3 个工作日")
    assert describe(CALENDAR, FRIDAY, date(2026, 9, 14)) == ("soon", "还剩 1 个工作日")


def test_the_due_day_itself_is_not_late():
    assert describe(CALENDAR, FRIDAY, FRIDAY) == ("soon", "今天到期")


def test_late_is_told_in_working_days_over_a_weekend_and_over_the_holiday():
    assert describe(CALENDAR, FRIDAY, date(2026, 9, 9)) == ("late", "超期 2 个工作日")
    assert describe(CALENDAR, date(2026, 9, 14), date(2026, 9, 11)) == ("late", "超期 1 个工作日")
    assert describe(CALENDAR, date(2026, 10, 8), date(2026, 9, 30)) == ("late", "超期 1 个工作日")


def test_on_the_weekend_after_the_due_day_it_is_late_though_no_working_day_has_gone():
    saturday = date(2026, 9, 12)
    assert describe(CALENDAR, saturday, FRIDAY) == ("late", "已超期")


def test_a_length_that_is_not_in_working_days_is_told_in_days():
    assert describe(CALENDAR, FRIDAY, date(2026, 12, 4), unit="月") == ("", "还剩 84 天")
    assert describe(CALENDAR, date(2026, 12, 2), date(2026, 12, 4), unit="日") == ("soon", "还剩 2 天")
    assert describe(CALENDAR, date(2026, 12, 5), date(2026, 12, 4), unit="日") == ("late", "超期 1 天")


def test_a_step_without_a_deadline_says_nothing():
    assert describe(CALENDAR, FRIDAY, None) == ("", "")
