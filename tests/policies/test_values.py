from datetime import date, timedelta

import pytest

from app.policies.calendar import WorkCalendar, seed
from app.policies.values import Length, Window, YearDay, in_season, is_open

CALENDAR = WorkCalendar({day: working for day, working, _ in seed({2026})}, last_certain=date(2026, 12, 31), version=1)
TERMS = [(date(2026, 3, 2), date(2026, 7, 3)), (date(2026, 9, 1), date(2027, 1, 22))]
ZHUSHAN = [Window.read("开学前7日—开学后7日"), Window.read("放假前7日—放假后7日")]


def test_papers_of_three_months_hold_on_the_last_day_and_not_a_day_longer():
    last = Length(3, "月").after(date(2026, 9, 4))
    assert last == date(2026, 12, 4)
    assert date(2026, 12, 4) + timedelta(days=1) > last


def test_three_months_from_the_end_of_november_end_on_the_last_day_of_february():
    assert Length(3, "月").after(date(2026, 11, 30)) == date(2027, 2, 28)
    assert Length(3, "月").after(date(2027, 11, 30)) == date(2028, 2, 29)


def test_the_ninetieth_day_is_not_three_months():
    assert Length(90, "日").after(date(2026, 9, 4)) == date(2026, 12, 3)


def test_twelve_months_and_one_year_are_the_same_also_from_a_leap_day():
    assert Length(12, "月").after(date(2028, 2, 29)) == Length(1, "年").after(date(2028, 2, 29)) == date(2029, 2, 28)


def test_working_days_are_counted_on_the_calendar_and_on_nothing_else():
    assert Length(10, "工作日").after(date(2026, 9, 22), CALENDAR) == date(2026, 10, 13)
    with pytest.raises(TypeError):
        Length(10, "工作日").after(date(2026, 9, 22))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("10 个工作日", Length(10, "工作日")),
        ("３个月", Length(3, "月")),
        ("90天", Length(90, "日")),
        ("2周", Length(14, "日")),
        ("1年", Length(1, "年")),
    ],
)
def test_a_length_is_read_as_clerks_write_it_and_back(text, length):
    assert Length.read(text) == length
    assert Length.read(str(length)) == length


@pytest.mark.parametrize("text", ["", "10", "个月", "十天", "-3日", "3.5日", "99999日"])
def test_a_length_without_number_and_unit_is_refused(text):
    with pytest.raises(ValueError, match="数字和单位"):
        Length.read(text)


def test_a_day_of_the_year_is_one_that_every_year_has():
    assert YearDay.read("08-31") == YearDay.read("8月31日") == YearDay.read("８／31") == YearDay(8, 31)
    assert YearDay(8, 31).in_year(2026) == date(2026, 8, 31)
    for text in ("2月29日", "13-01", "9月", ""):
        with pytest.raises(ValueError, match="每年都有的月和日"):
            YearDay.read(text)


def test_the_season_of_the_national_pause_holds_both_its_days():
    pause = YearDay(7, 15), YearDay(8, 14)
    days = [date(2026, 7, 14), date(2026, 7, 15), date(2026, 8, 14), date(2026, 8, 15)]
    assert [in_season(day, *pause) for day in days] == [False, True, True, False]
    assert in_season(date(2027, 1, 1), YearDay(12, 1), YearDay(2, 1))


def test_no_window_set_means_every_day():
    assert is_open((), date(2026, 5, 1), [], CALENDAR)


def test_seven_days_around_each_end_of_a_term_are_open_in_zhushan():
    start = [date(2026, 8, 24), date(2026, 8, 25), date(2026, 9, 8), date(2026, 9, 9)]
    end = [date(2027, 1, 14), date(2027, 1, 15), date(2027, 1, 29), date(2027, 1, 30)]
    assert [is_open(ZHUSHAN, day, TERMS, CALENDAR) for day in start] == [False, True, True, False]
    assert [is_open(ZHUSHAN, day, TERMS, CALENDAR) for day in end] == [False, True, True, False]


def test_a_holiday_window_lasts_from_the_end_of_a_term_to_the_start_of_the_next():
    holidays = [Window.read("放假—开学")]
    days = [date(2026, 7, 2), date(2026, 7, 3), date(2026, 9, 1), date(2026, 9, 2), date(2027, 2, 1)]
    assert [is_open(holidays, day, TERMS, CALENDAR) for day in days] == [False, True, True, False, True]
    assert not is_open(holidays, date(2026, 7, 10), [], CALENDAR)


def test_a_window_of_the_first_ten_working_days_follows_the_calendar():
    first_days = [Window.read("开学至开学后10个工作日")]
    days = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 15), date(2026, 9, 16)]
    assert [is_open(first_days, day, TERMS, CALENDAR) for day in days] == [False, True, True, False]


def test_a_window_reads_back_as_it_is_written():
    for text in ("开学前 7 日—开学后 2 个月", "放假—开学", "8月15日—12月14日"):
        assert str(Window.read(text)) == text


@pytest.mark.parametrize("text", ["开学", "8月15日—放假", "开学—", "寒假—开学", "开学前5个工作日—开学"])
def test_a_window_with_a_doubtful_edge_is_refused(text):
    with pytest.raises(ValueError, match="请"):
        Window.read(text)
