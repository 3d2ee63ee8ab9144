"""School years (学年), terms (学期), and the days that are not as their weekday says."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from ..extensions import Base
from .base import Big, Id, to


class Term(Base):
    """A term of a county's school year; `year` 2026 is 2026—2027."""

    __tablename__ = "terms"
    id: Mapped[Id]
    county_id: Mapped[Big]
    year: Mapped[int]
    number: Mapped[int]  # 1 | 2
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    __table_args__ = (UniqueConstraint("county_id", "year", "number"),)


class CalendarDay(Base):
    """A holiday or a make-up day. Days without a row follow their weekday."""

    __tablename__ = "calendar_days"
    id: Mapped[Id]
    day: Mapped[date]
    working: Mapped[bool]
    name: Mapped[str]
    source: Mapped[str]  # published | edited
    changed_by_id: Mapped[int | None] = to("accounts")
    changed_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("day"),)
