from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity import dates


@pytest.mark.parametrize(
    "typed",
    [
        "20200903",
        "2020-09-03",
        "2020-9-3",
        "2020/9/3",
        "2020.9.3",
        "2020. 9. 3.",
        "2020年9月3日",
        "2020年9月3号",
        "2020年09月03",
        "2020 年 9 月 3 日",
        "2020 9 3",
        "2020、9、3",
        "2020—9—3",
        "２０２０年９月３日",
        "２０２０－９－３",
        "２０２０／０９／０３",
        "　2020.09.03 ",
        "2020-09-03 00:00:00",
        "2020-09-03T00:00:00",
        "2020 0903",
    ],
)
def test_every_common_way_of_typing_a_date(typed):
    assert dates.parse_date(typed) == date(2020, 9, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        None,
        "2020",
        "202009",
        "2020-13-1",
        "2019-02-29",
        "9/3/2020",
        "20-9-3",
        "202093",
        "44077",
        "2020-9-3-1",
        "0020-9-3",
        "明天",
        "²⁰²⁰-9-3",
    ],
)
def test_what_is_no_date_or_could_be_two_is_none(typed):
    assert dates.parse_date(typed) is None


def test_months_too():
    assert {
        dates.parse_month(typed) for typed in ("202609", "2026-9", "2026-09", "2026/9", "2026.9", "2026年9月", "２０２６年９月", "20260901")
    } == {"202609"}
    assert [dates.parse_month(typed) for typed in ("", None, "2026", "202613", "202600", "9月", "2026-9-31")] == [None] * 7


def test_dates_are_shown_as_people_read_them():
    assert dates.chinese(date(2026, 9, 1)) == "2026年9月1日"
    assert dates.chinese_month("202609") == "2026年9月"


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_what_is_shown_is_read_back(day):
    assert dates.parse_date(dates.chinese(day)) == dates.parse_date(f"{day:%Y%m%d}") == dates.parse_date(day.isoformat()) == day
    assert dates.parse_month(dates.chinese_month(f"{day:%Y%m}")) == f"{day:%Y%m}"


@given(st.text(max_size=20))
def test_no_text_makes_it_fail(text):
    assert dates.parse_date(text) is None or isinstance(dates.parse_date(text), date)
    assert dates.parse_month(text) is None or len(dates.parse_month(text)) == 6
