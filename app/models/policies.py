"""Which rules a county has from which day on (app/policies holds the rules themselves)."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import Big, Id, to


class PolicyVersion(Base):
    __tablename__ = "policy_versions"
    id: Mapped[Id]
    body_id: Mapped[int] = to("bodies")  # a county, city or province
    profile: Mapped[str]
    edits: Mapped[str] = mapped_column(default="{}")  # JSON: setting → value, over the profile
    from_on: Mapped[date]
    number: Mapped[int]
    changed_by_id: Mapped[int | None] = to("accounts")
    changed_at: Mapped[datetime]
    county_id: Mapped[Big]
    __table_args__ = (Index("ix_policy_versions_body", "body_id", "from_on"),)
