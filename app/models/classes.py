"""Grades (年级), classes (班级), teaching groups (复式班) and quotas (招生计划)."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import Big, Id, to


class Grade(Base):
    """A cohort of a school: stage + entry year + length of schooling. Roll-over advances `advanced_to`, its year in the stage."""

    __tablename__ = "grades"
    id: Mapped[Id]
    county_id: Mapped[Big]
    school_id: Mapped[int] = to("bodies")
    stage: Mapped[str]  # 1 小学, 2 初中, 3 高中
    entry_year: Mapped[int]
    length: Mapped[int]  # years of the stage: 6 or 5, 3 or 4
    advanced_to: Mapped[int]
    state: Mapped[str] = mapped_column(default="open")  # open | graduated
    __table_args__ = (UniqueConstraint("school_id", "stage", "entry_year", "length"), Index("ix_grades_county", "county_id"))


class Class(Base):
    """`headcount` counts who takes a place: reading and applying for one; suspended pupils do not."""

    __tablename__ = "classes"
    id: Mapped[Id]
    county_id: Mapped[Big]
    school_id: Mapped[int] = to("bodies")
    grade_id: Mapped[int] = to("grades")
    code: Mapped[str]  # 12 digits: grade 3 + school 6 + sequence 3
    number: Mapped[int]
    name: Mapped[str] = mapped_column(default="")  # a name of its own; else {number}班
    kind: Mapped[str] = mapped_column(default="ordinary")  # ordinary | special | multigrade | bilingual
    size_limit: Mapped[int | None]  # its own limit; else the county's for the stage
    headcount: Mapped[int] = mapped_column(default=0)
    established_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")  # open | graduated | dissolved | merged
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (UniqueConstraint("school_id", "code"), UniqueConstraint("grade_id", "number"), Index("ix_classes_county", "county_id"))


class TeachingGroup(Base):
    """复式班: pupils of several grades taught as one."""

    __tablename__ = "teaching_groups"
    id: Mapped[Id]
    county_id: Mapped[Big]
    school_id: Mapped[int] = to("bodies", index=True)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")


class TeachingGroupClass(Base):
    __tablename__ = "teaching_group_classes"
    group_id: Mapped[int] = to("teaching_groups", primary_key=True)
    class_id: Mapped[int] = to("classes", primary_key=True)


class ClassCheck(Base):
    """学籍核查 of a class in a term: how many read in it by the register, how many sat in the room."""

    __tablename__ = "class_checks"
    id: Mapped[Id]
    county_id: Mapped[Big]
    school_id: Mapped[int] = to("bodies")
    class_id: Mapped[int] = to("classes")
    year: Mapped[int]  # of the term
    number: Mapped[int]
    registered: Mapped[int]
    present: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    checked_by_id: Mapped[int | None] = to("accounts")
    checked_by: Mapped[str]
    checked_at: Mapped[datetime]
    __table_args__ = (Index("ix_class_checks_class", "class_id", "year", "number"), Index("ix_class_checks_county", "county_id", "year", "number"))


class Quota(Base):
    """招生计划 of a school, stage and year; `used` holds those applied for and those enrolled."""

    __tablename__ = "quotas"
    id: Mapped[Id]
    county_id: Mapped[Big]
    school_id: Mapped[int] = to("bodies")
    stage: Mapped[str]
    year: Mapped[int]
    planned: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (UniqueConstraint("school_id", "stage", "year"), Index("ix_quotas_county", "county_id", "year"))


class Tally(Base):
    """How many pupils of a grade have a status: kept by +1 and -1 in the acts themselves, rebuilt nightly."""

    __tablename__ = "tallies"
    school_id: Mapped[int] = to("bodies", primary_key=True)
    grade_id: Mapped[int] = to("grades", primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)  # student_current_status, or `pending`
    sex: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[Big]
    number: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index("ix_tallies_county", "county_id"),)


class Counter(Base):
    """Numbers without gaps: the last one given under a key."""

    __tablename__ = "counters"
    key: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
