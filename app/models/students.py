"""The pupil (学生), guardians, enrolment spells (学籍经历), and the rows by which a pupil is found.

The columns are the items of the national form under their English names (app/identity/items.py). Sealed values stand in `…_sealed` and, where they
must be found, `…_index`. A pupil's place is her open spell; school, grade and class are repeated on the pupil so that a list reads one table.
"""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Big, Id, to


class Student(Base):
    __tablename__ = "students"
    id: Mapped[Id]
    county_id: Mapped[Big]
    lifecycle: Mapped[str]  # pending (applied for) | live | left | cancelled (注销) | cleared (application ended) | merged
    status: Mapped[str | None]  # student_current_status; none while pending
    version: Mapped[int] = mapped_column(default=1)
    # where she is
    school_id: Mapped[int] = to("bodies")
    grade_id: Mapped[int | None] = to("grades")
    class_id: Mapped[int | None] = to("classes")
    class_no: Mapped[str] = mapped_column(default="")
    merged_into_id: Mapped[int | None] = to("students")  # of a duplicate (重复学籍): the record that survives
    # numbers
    student_code: Mapped[str] = mapped_column(unique=True)  # 学生编码, never changes
    national_no_sealed: Mapped[bytes | None]
    national_no_index: Mapped[bytes | None]
    national_no_local: Mapped[bool] = mapped_column(default=False)  # an L number given here, until the national system's comes
    main_number_sealed: Mapped[bytes | None]
    aux_number: Mapped[str] = mapped_column(default="")
    compulsory_card_no: Mapped[str] = mapped_column(default="")
    # 基础信息
    name: Mapped[str]
    name_sort: Mapped[str] = mapped_column(default="")  # pinyin, for the order of lists
    sex: Mapped[str]
    birth_date: Mapped[date]
    birth_place_code: Mapped[str] = mapped_column(default="")
    native_place: Mapped[str] = mapped_column(default="")
    ethnicity: Mapped[str] = mapped_column(default="")
    nationality: Mapped[str] = mapped_column(default="156")
    id_doc_type: Mapped[str]
    id_doc_no_sealed: Mapped[bytes | None]
    id_doc_no_index: Mapped[bytes | None]
    overseas_status: Mapped[str] = mapped_column(default="00")
    political_status: Mapped[str] = mapped_column(default="")
    is_young_pioneer: Mapped[bool] = mapped_column(default=False)
    health_status: Mapped[str] = mapped_column(default="")
    photo_id: Mapped[int | None] = to("files")
    # 辅助信息
    name_pinyin: Mapped[str] = mapped_column(default="")
    former_name: Mapped[str] = mapped_column(default="")
    id_valid_period: Mapped[str] = mapped_column(default="")
    hukou_place_code: Mapped[str] = mapped_column(default="")
    hukou_address: Mapped[str] = mapped_column(default="")
    hukou_nature: Mapped[str] = mapped_column(default="")
    talent: Mapped[str] = mapped_column(default="")
    # 学籍信息
    entry_month: Mapped[str] = mapped_column(default="")
    admission_mode: Mapped[str] = mapped_column(default="")
    attendance_mode: Mapped[str] = mapped_column(default="")
    student_source: Mapped[str] = mapped_column(default="")
    student_category: Mapped[str] = mapped_column(default="")
    student_kind: Mapped[str] = mapped_column(default="普通")  # 普通 | 随班就读 | 借读生 | 残障生
    in_register: Mapped[bool] = mapped_column(default=True)
    in_school: Mapped[bool] = mapped_column(default=True)
    # 联系信息
    current_address: Mapped[str] = mapped_column(default="")
    mail_address: Mapped[str] = mapped_column(default="")
    home_address: Mapped[str] = mapped_column(default="")
    phone_sealed: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    postcode: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    homepage: Mapped[str] = mapped_column(default="")
    # 扩展信息
    is_only_child: Mapped[bool | None]
    had_preschool: Mapped[bool | None]
    left_behind: Mapped[str] = mapped_column(default="")
    is_migrant_child: Mapped[bool | None]
    is_orphan: Mapped[bool | None]
    is_martyr_child: Mapped[bool | None]
    inclusive_class: Mapped[str] = mapped_column(default="0")
    disability_type: Mapped[str] = mapped_column(default="0")
    gov_bought_place: Mapped[bool | None]
    wants_aid: Mapped[bool | None]
    has_boarding_subsidy: Mapped[bool | None]
    commute_km: Mapped[str] = mapped_column(default="")
    commute_mode: Mapped[str] = mapped_column(default="")
    needs_school_bus: Mapped[bool | None]
    poverty_status: Mapped[str] = mapped_column(default="")  # hardship_level, by the latest 贫困生认定
    poverty_basis: Mapped[str] = mapped_column(default="")
    poverty_from: Mapped[date | None]
    poverty_until: Mapped[date | None]  # when it was ended
    remark: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = to("accounts")
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = to("accounts")

    __table_args__ = (
        Index("ix_students_place", "county_id", "school_id", "grade_id", "class_id"), Index("ix_students_school", "school_id", "class_id"),
        Index("ix_students_class", "class_id"), Index("ix_students_grade", "grade_id"), Index("ix_students_twin", "birth_date", "name"),
        Index("ix_students_list", "school_id", "name_sort", "id"), Index("ix_students_aux", "aux_number"), Index("ix_students_phone", "phone_index"),
        Index("ix_students_status", "county_id", "status", "name_sort", "id"),
        Index("ix_students_merged", "merged_into_id", sqlite_where=text("merged_into_id IS NOT NULL"), postgresql_where=text("merged_into_id IS NOT NULL")),
    )


class Guardian(Base):
    """家庭成员或监护人, in the order of the form."""

    __tablename__ = "guardians"
    id: Mapped[Id]
    county_id: Mapped[Big]
    student_id: Mapped[int] = to("students", index=True)
    position: Mapped[int]
    state: Mapped[str] = mapped_column(default="live")  # live | removed
    name: Mapped[str]
    relation: Mapped[str]
    relation_note: Mapped[str] = mapped_column(default="")
    ethnicity: Mapped[str] = mapped_column(default="")
    employer: Mapped[str] = mapped_column(default="")
    current_address: Mapped[str] = mapped_column(default="")
    hukou_place_code: Mapped[str] = mapped_column(default="")
    phone_sealed: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    is_guardian: Mapped[bool] = mapped_column(default=True)
    id_doc_type: Mapped[str] = mapped_column(default="")
    id_doc_no_sealed: Mapped[bytes | None]
    id_doc_no_index: Mapped[bytes | None]
    job_title: Mapped[str] = mapped_column(default="")
    education_level: Mapped[str] = mapped_column(default="")
    birth_date: Mapped[date | None]
    __table_args__ = (Index("ix_guardians_phone", "phone_index"),)


class FormerName(Base):
    """曾用名, kept for good."""

    __tablename__ = "former_names"
    id: Mapped[Id]
    county_id: Mapped[Big]
    student_id: Mapped[int] = to("students", index=True)
    name: Mapped[str]
    until_on: Mapped[date]
    case_id: Mapped[int | None] = to("cases")
    state: Mapped[str] = mapped_column(default="live")  # live | void (the case was undone)


class Enrolment(Base):
    """One spell at one school. `snapshot` is the old school's sealed copy of the record on the closing day."""

    __tablename__ = "enrolments"
    id: Mapped[Id]
    county_id: Mapped[Big]  # of the school: a spell stays where it happened
    student_id: Mapped[int] = to("students")
    school_id: Mapped[int] = to("bodies")
    grade_id: Mapped[int | None] = to("grades")
    class_id: Mapped[int | None] = to("classes")
    class_no: Mapped[str] = mapped_column(default="")
    state: Mapped[str]  # applied | open | closed | cleared
    from_on: Mapped[date]  # effective date of the coming
    entered_at: Mapped[datetime]
    until_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    came_by: Mapped[str]  # student_change: 11 招生, 12 复学, 13 转入
    left_by: Mapped[str] = mapped_column(default="")
    came_from_id: Mapped[int | None] = to("bodies")
    went_to_id: Mapped[int | None] = to("bodies")
    case_id: Mapped[int | None] = mapped_column(BIG)
    closing_case_id: Mapped[int | None] = mapped_column(BIG)
    previous_id: Mapped[int | None] = to("enrolments")
    snapshot: Mapped[bytes | None]
    note: Mapped[str] = mapped_column(default="")  # what the county corrected after it was closed
    __table_args__ = (
        Index("ix_enrolments_student", "student_id", "from_on"), Index("ix_enrolments_school", "school_id", "state"),
        Index("uq_enrolments_open", "student_id", unique=True, sqlite_where=text("state IN ('open','applied')"),
              postgresql_where=text("state IN ('open','applied')")),
    )


class Absence(Base):
    """离校时段: a time in which a pupil of ours is away: suspended (休学), dropped out (流失) or abroad (出国境)."""

    __tablename__ = "absences"
    id: Mapped[Id]
    county_id: Mapped[Big]  # where it began
    student_id: Mapped[int] = to("students", index=True)
    school_id: Mapped[int] = to("bodies")
    kind: Mapped[str]  # suspension | dropout | abroad
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str]  # open | ended | void (undone)
    from_on: Mapped[date]
    until_on: Mapped[date | None]  # granted
    ended_on: Mapped[date | None]  # back, or gone for good
    renewals: Mapped[int] = mapped_column(default=0)
    case_id: Mapped[int] = to("cases")
    ended_case_id: Mapped[int | None] = to("cases")
    __table_args__ = (
        Index("ix_absences_due", "school_id", "state", "until_on"), Index("ix_absences_county", "county_id", "kind", "state", "until_on"),
        Index("uq_absences_open", "student_id", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )


class Movement(Base):
    """学生变动: one line of the month's balance (期初 + 增 - 减 = 期末), by the codes of student_change; a case that is undone has lines of its own."""

    __tablename__ = "movements"
    id: Mapped[Id]
    county_id: Mapped[Big]  # of the school
    school_id: Mapped[int] = to("bodies")
    grade_id: Mapped[int | None] = to("grades")
    class_id: Mapped[int | None] = to("classes")
    student_id: Mapped[int] = to("students", index=True)
    case_id: Mapped[int | None] = mapped_column(BIG, index=True)
    kind: Mapped[str]  # of the case, or class-change
    code: Mapped[str]  # student_change
    number: Mapped[int]  # +1 or -1
    category: Mapped[str] = mapped_column(default="")  # status_change_category
    reason: Mapped[str] = mapped_column(default="")
    sex: Mapped[str]
    day: Mapped[date]
    entered_at: Mapped[datetime]
    __table_args__ = (Index("ix_movements_county", "county_id", "day", "school_id"), Index("ix_movements_school", "school_id", "day"))


class PersonNumber(Base):
    """The registry of numbers: one person a number in the whole house (DESIGN 4). Rows of ended applications are freed."""

    __tablename__ = "person_numbers"
    kind: Mapped[str] = mapped_column(primary_key=True)  # id_doc | national_no
    index: Mapped[bytes] = mapped_column(primary_key=True)
    county_id: Mapped[Big]
    student_id: Mapped[int] = to("students", index=True)


class NearNumber(Base):
    """Keyed hashes of an ID number with each position left out: two numbers one digit apart share one (查重)."""

    __tablename__ = "near_numbers"
    key: Mapped[bytes] = mapped_column(primary_key=True)  # the first 8 bytes of the hash
    student_id: Mapped[int] = to("students", primary_key=True, index=True)


class SearchKey(Base):
    """What a name is found by: its suffixes, its pinyin and initials; former names too. One row per county with a spell."""

    __tablename__ = "search_keys"
    county_id: Mapped[int] = mapped_column(BIG, primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    student_id: Mapped[int] = to("students", primary_key=True)
    school_id: Mapped[int] = mapped_column(BIG)
    present: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (
        Index("ix_search_keys_school", "school_id", "key", "student_id"), Index("ix_search_keys_student", "student_id"),
        {"sqlite_with_rowid": False},
    )
