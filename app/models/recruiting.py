"""允许外招指令 (workflows.md 20): names one pupil, one school, one year; given by the office of the area where the pupil reads, taken back until the record is drawn."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import Big, Id, to


class RecruitInstruction(Base):
    __tablename__ = "recruit_instructions"
    id: Mapped[Id]
    county_id: Mapped[Big]  # where the pupil reads
    case_id: Mapped[int] = to("cases", index=True)  # the consent that it rests on
    student_id: Mapped[int] = to("students")
    school_id: Mapped[int] = to("bodies")  # that may draw her record
    year: Mapped[int]
    state: Mapped[str]  # given | taken_back | drawn | lapsed
    given_at: Mapped[datetime]
    given_by_id: Mapped[int] = to("accounts")
    given_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # of taking it back
    __table_args__ = (
        Index("ix_recruit_instructions_school", "school_id", "year", "state"),
        Index("uq_recruit_instructions_given", "student_id", unique=True, sqlite_where=text("state = 'given'"), postgresql_where=text("state = 'given'")),
    )
