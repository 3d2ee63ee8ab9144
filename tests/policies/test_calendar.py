"""Working days on the announced calendar of 2025 and 2026."""

from datetime import date

import pytest

from app.policies.calendar import WorkCalendar, seed, seeded_until

CALENDAR = WorkCalendar({day: working for day, working, _ in seed({2025, 2026})}, last_certain=seeded_until(), version=1)


def test_the_tenth_working_day_after_an_ordinary_arrival_does_not_count_the_day_of_arrival():
    assert CALENDAR.after(date(2026, 9, 4), 10) == date(2026, 9, 18)


def test_a_make_up_sunday_before_the_national_holiday_counts_as_a_working_day():
    assert CALENDAR.is_working(date(2026, 9, 20))
    assert CALENDAR.after(date(2026, 9, 8), 9) == date(2026, 9, 20)
    assert CALENDAR.after(date(2026, 9, 8), 10) == date(2026, 9, 21)


def test_the_tenth_and_eleventh_working_day_in_2026_pass_the_national_holiday_and_its_make_up_saturday():
    arrived = date(2026, 9, 22)  # 23 24 | 28 29 30 | 8 9 10 (Saturday, make-up) 12 13 14
    assert CALENDAR.after(arrived, 8) == date(2026, 10, 10)
    assert CALENDAR.after(arrived, 10) == date(2026, 10, 13)
    assert CALENDAR.after(arrived, 11) == date(2026, 10, 14)


def test_the_tenth_and_eleventh_working_day_in_2025_pass_the_national_holiday_and_two_make_up_days():
    arrived = date(2025, 9, 25)  # 26 28 (Sunday, make-up) 29 30 | 9 10 11 (Saturday, make-up) 13 14 15 16
    assert CALENDAR.after(arrived, 2) == date(2025, 9, 28)
    assert CALENDAR.after(arrived, 7) == date(2025, 10, 11)
    assert CALENDAR.after(arrived, 10) == date(2025, 10, 15)
    assert CALENDAR.after(arrived, 11) == date(2025, 10, 16)


def test_what_arrives_in_the_holiday_has_its_first_day_on_the_first_day_of_work():
    assert CALENDAR.after(date(2026, 10, 3), 1) == date(2026, 10, 8)


def test_days_left_leave_out_today_and_count_the_due_day():
    today = date(2026, 9, 11)
    due = [date(2026, 9, 11), date(2026, 9, 14), date(2026, 9, 18), date(2026, 9, 21), date(2026, 9, 30), date(2026, 10, 30)]
    assert [CALENDAR.left(today, day) for day in due] == [0, 1, 5, 7, 13, 31]


def test_days_overdue_are_working_days_gone_since_the_due_day():
    assert CALENDAR.left(date(2026, 9, 11), date(2026, 9, 7)) == -4
    assert CALENDAR.left(date(2026, 10, 9), date(2026, 9, 30)) == -2
    assert CALENDAR.left(date(2026, 9, 12), date(2026, 9, 11)) == 0


def test_past_the_announced_years_days_follow_the_weekday_and_are_provisional():
    assert seeded_until() == date(2026, 12, 31)
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2027, 1, 1))
    assert CALENDAR.is_working(date(2027, 1, 1))
    assert not CALENDAR.is_working(date(2027, 1, 2))


def test_a_day_that_the_administrator_enters_stands_above_the_weekday():
    flood = WorkCalendar({date(2027, 7, 1): False}, last_certain=date(2026, 12, 31), version=2)
    assert flood.after(date(2027, 6, 30), 1) == date(2027, 7, 2)


def test_the_seed_names_holidays_and_make_up_days_in_chinese():
    assert [row for row in seed({2026}) if row[0].month in (9, 10)] == [
        (date(2026, 9, 20), True, "国庆节调休上班"),
        (date(2026, 9, 25), False, "中秋"),
        (date(2026, 9, 26), False, "中秋"),
        (date(2026, 9, 27), False, "中秋"),
        *[(date(2026, 10, day), False, "国庆节") for day in range(1, 8)],
        (date(2026, 10, 10), True, "国庆节调休上班"),
    ]
    assert seed({2027}) == []


def test_working_days_cannot_be_counted_backward():
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.after(date(2026, 9, 11), -1)
