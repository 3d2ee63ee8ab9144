"""超期与到期: by body, what lies at its desks and how its time stands. A question asked on its day: two queries, whatever the county's size."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case as case_of
from sqlalchemy import func, select

from ...extensions import db
from ...models import Body, Case
from ...permissions import case_scope
from ...workflow import deadlines

MOST = 200  # bodies on the page, those with most overdue first
COUNTED = 1000  # exact up to here (DECIDED 24)


@dataclass(frozen=True)
class Standing:
    """The open cases that bodies hold: how many, how many are due within three working days, how many past their day."""

    open: int
    soon: int
    overdue: int
    bodies: int


@dataclass(frozen=True)
class Line:
    body_id: int
    body: str
    tier: str
    open: int
    soon: int
    overdue: int
    since: date  # the longest of them has lain there from this day on
    due_on: date | None  # the nearest day, or the longest past


def overdue(today, calendar=None):
    return Case.due_on < today


def soon(today, calendar):
    return Case.due_on.between(today, deadlines.soon_until(calendar, today))


def late_here(person, today):
    """A column: how many lie at this very desk past their day."""
    here = select(Case.id).where(Case.state == "open", Case.seat_body_id == person.body_id, Case.seat_duty == person.duty, overdue(today)).limit(COUNTED + 1)
    return select(func.count()).select_from(here.subquery()).scalar_subquery().label("late")


# word in an address → (title, condition on Case of a day)
WITHIN = {"overdue": ("已超期", overdue), "soon": (f"{deadlines.SOON} 个工作日内到期", soon)}


def _counted(person, today, calendar):
    """The columns that count, and what they count."""
    def number(condition):
        return func.coalesce(func.sum(case_of((condition, 1), else_=0)), 0)

    columns = func.count().label("open"), number(soon(today, calendar)).label("soon"), number(overdue(today)).label("overdue")
    return columns, (case_scope(person), Case.state == "open", Case.seat_body_id.is_not(None))


def standing(person, today, calendar) -> Standing:
    columns, conditions = _counted(person, today, calendar)
    row = db.session.execute(select(*columns, func.count(Case.seat_body_id.distinct()).label("bodies")).where(*conditions)).one()
    return Standing(row.open, int(row.soon), int(row.overdue), row.bodies)


def by_body(person, today, calendar) -> list[Line]:
    """Of the cases in this person's sight, who holds how many, the most overdue first."""
    columns, conditions = _counted(person, today, calendar)
    _, near, late = columns
    rows = db.session.execute(
        select(Body.id, Body.name, Body.tier, *columns, func.min(Case.arrived_on).label("since"), func.min(Case.due_on).label("due_on"))
        .join(Body, Body.id == Case.seat_body_id).where(*conditions).group_by(Body.id, Body.name, Body.tier)
        .order_by(late.desc(), near.desc(), func.min(Case.due_on), Body.id).limit(MOST)
    ).all()
    return [Line(row.id, row.name, row.tier, row.open, int(row.soon), int(row.overdue), row.since, row.due_on) for row in rows]
