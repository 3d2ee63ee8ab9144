"""Working days (工作日). Monday to Friday, but for the holidays and make-up days (调休) that the State Council announces each year."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from chinese_calendar import constants

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """`days` holds the days that are not as their weekday says; after `last_certain` nothing has been announced yet."""

    days: Mapping[date, bool] = field(hash=False)
    last_certain: date
    version: int

    def is_working(self, day):
        return self.days.get(day, day.weekday() < 5)

    def is_provisional(self, day):
        return day > self.last_certain

    def after(self, arrived, n):
        """The n-th working day, the day of arrival not counted (workflows 0, rule 4)."""
        if n < 0:
            raise ValueError("working days are counted forward")
        day = arrived
        while n:
            day += DAY
            n -= self.is_working(day)
        return day

    def left(self, today, due):
        """Working days left, today not counted and the due day counted; below zero by the working days gone since."""
        if due < today:
            return -self.left(due, today)
        return sum(self.is_working(today + DAY * step) for step in range(1, (due - today).days + 1))


def seed(years):
    """(day, working, name) for every announced holiday and make-up day of these years; nothing for a year not announced."""
    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    days = [(day, False, names[holiday]) for day, holiday in constants.holidays.items() if day.year in years]
    days += [(day, True, f"{names[holiday]}调休上班") for day, holiday in constants.workdays.items() if day.year in years]
    return sorted(days)


def seeded_until():
    """The last day for which `seed` knows what was announced."""
    return date(max(constants.holidays).year, 12, 31)
