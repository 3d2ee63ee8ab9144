"""修改建议: what a class teacher (班主任) proposes for a pupil of her class, one row an item. The registrar decides."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import Big, Id, to


class Suggestion(Base):
    __tablename__ = "suggestions"
    id: Mapped[Id]
    county_id: Mapped[Big]
    school_id: Mapped[int] = to("bodies")
    class_id: Mapped[int | None] = to("classes")  # hers, on that day
    student_id: Mapped[int] = to("students", index=True)
    item: Mapped[str]  # current_address; of a family member 7.employer, 7 being the guardian's id
    content: Mapped[bytes]  # sealed JSON: [the value that she saw, the one that she proposes]
    reason: Mapped[str]
    state: Mapped[str]  # open | accepted | declined | withdrawn
    by_id: Mapped[int] = to("accounts")
    by_name: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = to("accounts")
    ended_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")  # why it was declined
    __table_args__ = (
        Index("ix_suggestions_school", "school_id", "state", "id"), Index("ix_suggestions_by", "by_id", "id"),
        Index("uq_suggestions_open", "school_id", "student_id", "item", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )
