"""缺课登记 and 劝返记录: an absence without leave as the class teacher notes it, and every visit (call, letter) that asked the pupil back."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Big, Id, to


class AbsenceNote(Base):
    __tablename__ = "absence_notes"
    id: Mapped[Id]
    county_id: Mapped[Big]  # of the school
    school_id: Mapped[int] = to("bodies")
    class_id: Mapped[int | None] = to("classes")  # hers, on that day
    student_id: Mapped[int] = to("students", index=True)
    from_on: Mapped[date]  # the first school day that she missed
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str]  # open | back | gone (a case took effect: 休学, 辍学, 退学 …) | void (noted by mistake)
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = to("accounts")
    noted_by: Mapped[str]
    # 辍学学生情况报告: the class teacher to the school
    reported_at: Mapped[datetime | None]
    reported_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # dropout_reason
    whereabouts: Mapped[str] = mapped_column(default="")
    situation: Mapped[str] = mapped_column(default="")
    ended_on: Mapped[date | None]  # the day on which she is back
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = to("accounts")
    ended_by: Mapped[str] = mapped_column(default="")
    end_note: Mapped[str] = mapped_column(default="")
    case_id: Mapped[int | None] = mapped_column(BIG, index=True)  # by which she is gone
    __table_args__ = (
        Index("ix_absence_notes_school", "school_id", "state", "from_on"), Index("ix_absence_notes_county", "county_id", "state", "from_on"),
        Index("uq_absence_notes_open", "student_id", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )


class Visit(Base):
    """劝返记录: who asked her back, when, how, and what came of it. Nothing here changes once written."""

    __tablename__ = "visits"
    id: Mapped[Id]
    county_id: Mapped[Big]
    note_id: Mapped[int] = to("absence_notes", index=True)
    visited_on: Mapped[date]
    visitors: Mapped[str]
    manner: Mapped[str]  # home | phone | letter | office
    result: Mapped[str]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = to("accounts")
    noted_by: Mapped[str]
