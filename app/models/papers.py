"""Papers (证明与表单) that were issued: what each says, under which number, and how it stands."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Big, Id, to


class Paper(Base):
    """`facts` is what it says, its codes and the address of its square among them, as on the day of issue: it is drawn from them for good.

    `body_id` is the bureau in whose book the serial stands, since its abbreviation stands in the number; `school_id` the school that issued it.
    A reissue (补发) is a row of its own with the same serial and the next `issue` (DECIDED 19).
    """

    __tablename__ = "papers"
    id: Mapped[Id]
    county_id: Mapped[Big]  # of the school; a paper stays where it was issued
    body_id: Mapped[int] = to("bodies")
    school_id: Mapped[int] = to("bodies")
    kind: Mapped[str]
    year: Mapped[int]
    serial: Mapped[int]
    issue: Mapped[int] = mapped_column(default=1)
    number: Mapped[str]  # as it is printed
    student_id: Mapped[int | None] = to("students")  # none of a list of many, whose facts name them (`pupils`)
    case_id: Mapped[int | None] = to("cases")
    batch_id: Mapped[int | None] = mapped_column(BIG)  # issued together, for one file
    facts: Mapped[bytes]  # sealed JSON
    code_index: Mapped[bytes] = mapped_column(unique=True)  # of the sixteen characters in the square
    short_index: Mapped[bytes] = mapped_column(unique=True)  # of the twelve that people type
    state: Mapped[str]  # valid | voided | reissued; expired is told from expires_on
    issued_on: Mapped[date]  # as it is printed: a reissue keeps the day of the first
    expires_on: Mapped[date | None]  # the last day on which it holds
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = to("accounts")
    issued_by: Mapped[str]
    printed_times: Mapped[int] = mapped_column(default=0)
    printed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = to("accounts")
    ended_by: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str] = mapped_column(default="")  # why it was voided or reissued
    __table_args__ = (
        UniqueConstraint("body_id", "kind", "year", "serial", "issue"), Index("ix_papers_student", "student_id", "id"),
        Index("ix_papers_school", "school_id", "id"), Index("ix_papers_county", "county_id", "id"), Index("ix_papers_case", "case_id"),
        Index("ix_papers_batch", "batch_id"),
    )
