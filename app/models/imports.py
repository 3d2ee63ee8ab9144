"""Imports of workbooks, and jobs: long pieces of work that show their progress."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Big, Id, to


class Job(Base):
    __tablename__ = "jobs"
    id: Mapped[Id]
    kind: Mapped[str]  # import.check | import.apply | import.mark | …
    county_id: Mapped[int | None] = mapped_column(BIG)
    subject_id: Mapped[Big]
    owner_id: Mapped[int] = to("accounts")
    post_id: Mapped[int | None] = mapped_column(BIG)
    title: Mapped[str]
    state: Mapped[str]  # waiting | running | done | failed | cancelled
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")
    arguments: Mapped[str] = mapped_column(default="{}")
    cancel: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)  # how often a process took it up; also which of them has it
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]  # a running job that stopped beating is taken up again
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_jobs_state", "state", "id"), Index("ix_jobs_owner", "owner_id", "id"), Index("ix_jobs_subject", "subject_id"))


class Import(Base):
    """A workbook handed in: checking → checked → applying → applied, or withdrawn. What came to nothing is forgotten after a week (expired)."""

    __tablename__ = "imports"
    id: Mapped[Id]
    county_id: Mapped[Big]
    school_id: Mapped[int] = to("bodies")
    kind: Mapped[str]  # new
    state: Mapped[str]  # checking | checked | unreadable | applying | applied | withdrawn | cancelled | expired
    file_id: Mapped[int | None] = to("files")  # gone with what could not be read, and after a week
    filename: Mapped[str]
    content_hash: Mapped[bytes]  # keyed: the same workbook for the same school is applied once
    year: Mapped[int]  # entry year
    rows: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    warned: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)  # rows that an earlier workbook of the school has written
    problem: Mapped[str] = mapped_column(default="")  # why the workbook could not be read, or was not written
    summary: Mapped[bytes | None]  # sealed JSON: titles passed over, totals of the faults, rows whose number is taken
    errors_file_id: Mapped[int | None] = to("files")
    job_id: Mapped[int | None] = mapped_column(BIG)
    uploaded_by_id: Mapped[int] = to("accounts")
    uploaded_by_name: Mapped[str]
    uploaded_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (Index("ix_imports_school", "school_id", "id"), Index("ix_imports_content", "school_id", "content_hash"))


class ImportRow(Base):
    """A row of a checked workbook: what it would write, and what is wrong with it."""

    __tablename__ = "import_rows"
    id: Mapped[Id]
    import_id: Mapped[int] = to("imports")
    row: Mapped[int]
    state: Mapped[str]  # good | warned | bad | known | written
    name: Mapped[str]
    record: Mapped[bytes | None]  # sealed JSON
    findings: Mapped[bytes | None]  # sealed JSON
    student_id: Mapped[int | None] = mapped_column(BIG)
    case_id: Mapped[int | None] = mapped_column(BIG)
    __table_args__ = (Index("ix_import_rows_import", "import_id", "row", unique=True), Index("ix_import_rows_state", "import_id", "state", "row"))
