"""Deadlines of a step: when it is due and how the page says so. Each office has its own clock (办法第十五条: 应当分别在10个工作日内)."""

from datetime import timedelta

SOON = 3  # working days


def due(calendar, arrived_on, length):
    return length.after(arrived_on, calendar)


def soon_until(calendar, today):
    """The last day that `describe` calls soon: what falls due over a weekend after the third working day is so too."""
    return calendar.after(today, SOON + 1) - timedelta(days=1)


def describe(calendar, today, due_on, unit="工作日"):
    """(state, words) for the mark `.due`: state is late, soon or nothing. A length in days, months or years is told in days."""
    if due_on is None:
        return "", ""
    left = calendar.left(today, due_on)
    if today == due_on:
        return "soon", "今天到期"
    shown = f"{abs(left)} 个工作日" if unit == "工作日" else f"{abs((due_on - today).days)} 天"
    if today > due_on:
        # On the weekend after the due day it is late although no working day has gone by.
        return "late", f"超期 {shown}" if left or unit != "工作日" else "已超期"
    return "soon" if left <= SOON else "", f"还剩 {shown}"
