"""Files kept sealed on disk (photos, scans, workbooks), and what was printed."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Id, to


class File(Base):
    """`path` is relative to DATA_DIR/files; the bytes there are sealed for this row."""

    __tablename__ = "files"
    id: Mapped[Id]
    county_id: Mapped[int | None] = mapped_column(BIG)
    kind: Mapped[str]  # photo | album | evidence | workbook | errors | paper
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    path: Mapped[str]
    added_by_id: Mapped[int | None] = mapped_column(BIG)
    added_at: Mapped[datetime]


class Printing(Base):
    """How often a form of a pupil was printed: 第 n 次打印. Counted apart from reveals (DECIDED 21)."""

    __tablename__ = "printings"
    student_id: Mapped[int] = to("students", primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    __table_args__ = (Index("ix_printings_kind", "kind"),)
