"""The only place that asks what time it is. Everything here is Asia/Shanghai; `DEMO_TODAY` sets the date of a demo house."""

import os
from datetime import date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991


def now() -> datetime:
    """Shanghai wall-clock time, without tzinfo as the database keeps it; the date is `DEMO_TODAY` where that is set."""
    moment = datetime.now(SHANGHAI).replace(tzinfo=None)
    pretended = os.environ.get("DEMO_TODAY")
    return datetime.combine(date.fromisoformat(pretended), moment.time()) if pretended else moment


def today() -> date:
    return now().date()


def school_year(day: date) -> int:
    """The year in which the school year of `day` began: 2026 for 2026—2027, from 1 September (开学)."""
    return day.year if day.month >= 9 else day.year - 1
