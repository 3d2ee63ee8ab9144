"""Dates and months in every common way of typing them, and as a Chinese reader expects to see them."""

import re
from datetime import date

from .width import half_width

SEPARATOR = r"\s*[-/.,年月、–—~]\s*"
FULL = re.compile(rf"(\d{{4}}){SEPARATOR}(\d{{1,2}}){SEPARATOR}(\d{{1,2}})\s*[日号.]?")
SPACED = re.compile(r"(\d{4})\s+(\d{1,2})\s+(\d{1,2})")
SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
MIDNIGHT = re.compile(r"[T\s]\s*0{1,2}:00(:00(\.0+)?)?$")  # a date cell that a spreadsheet has written out as text
MONTH = re.compile(rf"(\d{{4}}){SEPARATOR}(\d{{1,2}})\s*月?")
SOLID_MONTH = re.compile(r"(\d{4})(\d{2})")


def parse_date(text):
    """20200903, 2020-9-3, 2020/9/3, 2020.9.3, 2020年9月3日, full width too; None for anything else.

    Day-first and month-first forms and two-figure years are not guessed at.
    """
    typed = MIDNIGHT.sub("", half_width(text).strip())
    if not typed.isascii() and not re.search("[年月日号、–—]", typed):
        return None
    match = FULL.fullmatch(typed) or SPACED.fullmatch(typed) or SOLID.fullmatch("".join(typed.split()))
    if match is None:
        return None
    try:
        found = date(*map(int, match.groups()))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


def parse_month(text):
    """202609, 2026-9, 2026年9月, or a whole date → "202609"; None for anything else."""
    if whole := parse_date(text):
        return f"{whole:%Y%m}"
    typed = half_width(text).strip()
    match = MONTH.fullmatch(typed) or SOLID_MONTH.fullmatch("".join(typed.split()))
    if match is None:
        return None
    year, month = map(int, match.groups())
    return f"{year}{month:02}" if 1900 <= year <= 2199 and 1 <= month <= 12 else None


def chinese(day):
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_month(month):
    """ "202609" → 2026年9月"""
    return f"{int(month[:4])}年{int(month[4:])}月"
