"""奖惩: awards and punishments (处分) of a pupil, part of the growth record (成长记录). They go with her from school to school; nothing is deleted."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import Big, Id, to


class Conduct(Base):
    __tablename__ = "conduct"
    id: Mapped[Id]
    county_id: Mapped[Big]  # of the pupil's present school
    student_id: Mapped[int] = to("students")
    school_id: Mapped[int] = to("bodies")  # that recorded it
    kind: Mapped[str]  # award | punishment
    code: Mapped[str]  # of an award its level (award_level_k12), of a punishment which (punishment)
    about: Mapped[str] = mapped_column(default="")  # what for: award_kind_student, offence_category
    name: Mapped[str] = mapped_column(default="")  # of an award
    given_on: Mapped[date]
    given_by: Mapped[str] = mapped_column(default="")
    document: Mapped[str] = mapped_column(default="")  # 文号
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str]  # standing | lifted (处分撤销) | void (entered by mistake)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = to("accounts")
    recorded_by: Mapped[str]
    lifted_on: Mapped[date | None]
    lift_document: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")  # on lifting, or why it is void
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = to("accounts")
    ended_by: Mapped[str] = mapped_column(default="")
    __table_args__ = (Index("ix_conduct_student", "student_id", "given_on"), Index("ix_conduct_county", "county_id", "kind", "state"))
