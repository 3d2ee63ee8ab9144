"""Values that a rule can hold beside numbers and words: a length of time, a day of the year, a window between two days."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

UNITS = ("日", "工作日", "月", "年")
UNIT_WORDS = {"天": ("日", 1), "周": ("日", 7), "星期": ("日", 7), "个月": ("月", 1), "个工作日": ("工作日", 1)}


def _cleaned(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Length:
    """So many days, working days (工作日), months or years. The day it is counted from is not counted (民法典 201)."""

    number: int
    unit: str

    def __post_init__(self):
        if self.unit not in UNITS:
            raise ValueError(f"没有“{self.unit}”这个时间单位，请用日、工作日、月或年")

    def __str__(self):
        return f"{self.number} {'个' if self.unit in ('月', '工作日') else ''}{self.unit}"

    @classmethod
    def read(cls, text):
        found = re.fullmatch(r"(\d{1,4})(个?工作日|个?月|年|日|天|周|星期)", _cleaned(text))
        if not found:
            raise ValueError("请填写数字和单位，例如 10 个工作日、90 日、3 个月")
        unit, times = UNIT_WORDS.get(found[2], (found[2], 1))
        return cls(int(found[1]) * times, unit)

    def after(self, day, calendar=None):
        """The last day of this length when it runs from `day`; working days ask the calendar."""
        if self.unit == "工作日":
            if calendar is None:
                raise TypeError("working days are counted on a WorkCalendar")
            return calendar.after(day, self.number)
        if self.unit == "日":
            return day + timedelta(days=self.number)
        return _months_after(day, self.number * (12 if self.unit == "年" else 1))

    def before(self, day):
        if self.unit == "工作日":
            raise ValueError("“前”不能按工作日计算，请改用日或月")
        return Length(-self.number, self.unit).after(day)


def _months_after(day, months):
    """The same day of a later month; its last day where it has no such day (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, order=True)
class YearDay:
    """A day that comes every year: 8月31日."""

    month: int
    day: int

    def __str__(self):
        return f"{self.month}月{self.day}日"

    @classmethod
    def read(cls, text):
        found = re.fullmatch(r"(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?", _cleaned(text))
        try:
            date(2001, int(found[1]), int(found[2]))  # no leap year: the day has to be there every year
        except (TypeError, ValueError):
            raise ValueError("请填写每年都有的月和日，例如 8月31日") from None
        return cls(int(found[1]), int(found[2]))

    def in_year(self, year):
        return date(year, self.month, self.day)


def in_season(day, first, last):
    """Whether `day` lies between two days of the year, both included; the season may run over the new year."""
    this = YearDay(day.month, day.day)
    return first <= this <= last if first <= last else this >= first or this <= last


@dataclass(frozen=True)
class Edge:
    """Where a window begins or ends: a day of the year, or a term's start (开学) or end (放假), or so long before or after it."""

    anchor: str | YearDay
    side: str = ""  # 前, 后 or neither
    length: Length = Length(0, "日")

    def __str__(self):
        return f"{self.anchor}{f'{self.side} {self.length}' if self.side else ''}"

    @classmethod
    def read(cls, text):
        found = re.fullmatch(r"(开学|放假)(?:(前|后)(.+))?", _cleaned(text))
        if not found:
            return cls(YearDay.read(text))
        if not found[2]:
            return cls(found[1])
        length = Length.read(found[3])
        if found[2] == "前" and length.unit == "工作日":
            raise ValueError("“前”不能按工作日计算，请改用日或月")
        return cls(found[1], found[2], length)

    def on(self, day, calendar):
        if self.side == "前":
            return self.length.before(day)
        return self.length.after(day, calendar) if self.side else day


@dataclass(frozen=True)
class Window:
    """Days on which something may be applied for, both edges included."""

    first: Edge
    last: Edge

    def __str__(self):
        return f"{self.first}—{self.last}"

    @classmethod
    def read(cls, text):
        edges = [Edge.read(part) for part in re.split("[—–~～至到]+", text)]
        if len(edges) != 2 or isinstance(edges[0].anchor, YearDay) != isinstance(edges[1].anchor, YearDay):
            raise ValueError("请把起止两端写完整，例如 开学前7日—开学后7日、放假—开学、8月15日—12月14日")
        return cls(*edges)

    def holds(self, day, terms, calendar):
        if isinstance(self.first.anchor, YearDay):
            return in_season(day, self.first.anchor, self.last.anchor)
        return any(
            self.first.on(start, calendar) <= day and (end is None or day <= self.last.on(end, calendar)) for start, end in self._spans(terms)
        )

    def _spans(self, terms):
        starts, ends = [start for start, _ in terms], [end for _, end in terms]
        anchors = (self.first.anchor, self.last.anchor)
        if anchors == ("放假", "开学"):
            # The holiday after the last known term lasts until somebody enters the next term.
            return zip(ends, [*starts[1:], None], strict=True) if terms else ()
        days = {"开学": starts, "放假": ends}
        return zip(days[anchors[0]], days[anchors[1]], strict=True)


def is_open(windows: Sequence[Window], day, terms, calendar):
    """No windows set means that every day is open. `terms` are (start, end) pairs in order of time."""
    return not windows or any(window.holds(day, terms, calendar) for window in windows)
