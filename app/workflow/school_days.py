"""上课日: the working days of a county's terms, by which an absence without leave is counted."""

from datetime import timedelta

DAY = timedelta(days=1)
FARTHEST = 400  # days: what does not come within a year is not told


def is_school_day(day, calendar, terms) -> bool:
    """A county that has not entered its terms counts every working day, so that no absence goes unseen."""
    return calendar.is_working(day) and (not terms or any(first <= day <= last for first, last in terms))


def missed(first, last, calendar, terms) -> int:
    """School days from the first one missed to this day, both counted."""
    return sum(is_school_day(first + DAY * step, calendar, terms) for step in range((last - first).days + 1))


def day_of(first, number, calendar, terms):
    """The day on which that many school days have been missed; None where the terms that are entered do not reach so far."""
    counted = 0
    for step in range(FARTHEST):
        counted += is_school_day(first + DAY * step, calendar, terms)
        if counted == number:
            return first + DAY * step
    return None


def term_of(day, terms):
    """(first day, last day) of the term in which a day lies; None in the holidays."""
    return next(((first, last) for first, last in terms if first <= day <= last), None)
