"""问题学籍 (workflows 19): a record that is in question. One row for each side: where two records of this house are meant, two rows share their `pair_id`."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Big, Id, to


class ProblemRecord(Base):
    __tablename__ = "problem_records"
    id: Mapped[Id]
    county_id: Mapped[Big]  # where the record lay when it was found; it stays there
    school_id: Mapped[int] = to("bodies")
    student_id: Mapped[int] = to("students")
    kind: Mapped[str]  # problem_status
    pair_id: Mapped[int | None] = mapped_column(BIG, index=True)
    other_side: Mapped[str] = mapped_column(default="")  # in words, of one that is not in this house
    explanation: Mapped[str] = mapped_column(default="")
    found_by: Mapped[str]  # list (the national system's) | check (ours) | report
    found_on: Mapped[date]
    due_on: Mapped[date | None]  # of the year's new pupils
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int | None] = to("accounts")
    marked_by: Mapped[str]
    marked_body: Mapped[str]
    state: Mapped[str]  # open | closed
    resolution: Mapped[str] = mapped_column(default="")  # problem_resolution
    outcome: Mapped[str] = mapped_column(default="")
    case_id: Mapped[int | None] = to("cases")  # that settled it
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = to("accounts")
    closed_by: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        Index("ix_problem_records_county", "county_id", "state", "id"), Index("ix_problem_records_school", "school_id", "state", "id"),
        Index("ix_problem_records_student", "student_id", "state"),
        Index("uq_problem_records_open", "student_id", "kind", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )
