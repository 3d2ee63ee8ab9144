"""Photos handed in many at once (批量上传照片): the upload, and what became of each file in it."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Big, Id, to


class PhotoUpload(Base):
    """working → done, or cancelled or failed with what was put until then. The files that came are forgotten with the end of the work."""

    __tablename__ = "photo_uploads"
    id: Mapped[Id]
    county_id: Mapped[Big]
    school_id: Mapped[int] = to("bodies")
    class_id: Mapped[int | None] = to("classes")  # where files are named by number of seat or by name
    state: Mapped[str]  # working | done | cancelled | failed
    file_id: Mapped[int | None] = to("files")  # the archive, until the work has ended
    filename: Mapped[str]  # masked
    files: Mapped[int]
    put: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    bad: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    job_id: Mapped[int | None] = mapped_column(BIG)
    uploaded_by_id: Mapped[int] = to("accounts")
    uploaded_by_name: Mapped[str]
    uploaded_at: Mapped[datetime]
    __table_args__ = (Index("ix_photo_uploads_school", "school_id", "id"),)


class PhotoFile(Base):
    """One file of an upload. Its name is masked: a file is often named by the ID number (DECIDED 21)."""

    __tablename__ = "photo_files"
    id: Mapped[Id]
    upload_id: Mapped[int] = to("photo_uploads")
    place: Mapped[int]  # in the archive, from 1
    name: Mapped[str]
    state: Mapped[str]  # waiting | put | same | bad
    student_id: Mapped[int | None] = mapped_column(BIG)
    sentence: Mapped[str] = mapped_column(default="")  # why it was not put, and what to do
    __table_args__ = (Index("ix_photo_files_upload", "upload_id", "place", unique=True),)
