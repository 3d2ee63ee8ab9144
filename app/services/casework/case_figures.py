"""业务统计: how many cases of each kind were begun in a month or a school year, and how they stand. One query, whatever the scope holds; the rows are those of the table of kinds.
Beside it, for the county's desk, how many ended in each of the last weeks."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import case as case_of
from sqlalchemy import func, select

from ...extensions import db
from ...models import Body, Case
from ...permissions import schools_of
from ...workflow.flows import FLOWS, STATES

WEEKS = 8  # back from the present one, for the desk


@dataclass
class Line:
    kind: str
    title: str
    states: dict = field(default_factory=lambda: dict.fromkeys(STATES, 0))  # as STATES are ordered
    overdue: int = 0  # of those that are open

    @property
    def all(self):
        return sum(self.states.values())


def _scope(person):
    """Cases that this person's schools began, of a school or a county or all counties below a city or a province: figures alone, no case of theirs is shown."""
    if person.tier == "school":
        return Case.school_id == person.school_id
    if person.duty == "township_registrar":
        return Case.school_id.in_([*db.session.scalars(schools_of(person)), person.body_id])
    if person.tier == "county":
        return Case.county_id == person.county_id
    above = Body.city_id if person.tier == "city" else Body.province_id
    return Case.county_id.in_(select(Body.id).where(Body.tier == "county", above == person.body_id))


def begun(person, period, school_id=None) -> list:
    """The conditions on the cases that are counted; the list behind a number asks by the same."""
    return [_scope(person), *([Case.school_id == school_id] if school_id else []), Case.started_at >= datetime.combine(period.first, time()),
            Case.started_at < datetime.combine(period.last + timedelta(days=1), time())]


def by_kind(person, period, today, school_id=None) -> tuple[list[Line], Line]:
    """(a line for every kind, their sum) of what was begun in the period, as it stands today."""
    late = func.coalesce(func.sum(case_of((Case.due_on < today, 1), else_=0)), 0)
    rows = db.session.execute(
        select(Case.kind, Case.state, func.count().label("many"), late.label("late")).where(*begun(person, period, school_id)).group_by(Case.kind, Case.state)
    ).all()
    lines, total = {kind: Line(kind, flow.title) for kind, flow in FLOWS.items()}, Line("", "合计")
    for row in rows:
        for line in (lines[row.kind], total):
            line.states[row.state] += row.many
            line.overdue += int(row.late) if row.state == "open" else 0
    return list(lines.values()), total


def weeks(today) -> list[date]:
    """The Mondays of the last weeks, this one's last."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def ended(person, today) -> list:
    """Columns, one a week: how many of the county's cases ended in it, in whatever way. Each reads its stretch of an index, and nothing of other weeks."""
    if person.tier != "county":
        return []
    return [
        select(func.count()).select_from(Case).where(
            Case.county_id == person.county_id, Case.ended_at >= datetime.combine(monday, time()), Case.ended_at < datetime.combine(monday + timedelta(weeks=1), time()),
        ).scalar_subquery().label(f"ended_{monday:%m%d}")
        for monday in weeks(today)
    ]
