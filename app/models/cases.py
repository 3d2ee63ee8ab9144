"""Cases (业务单): one row a case, one row a step taken. The kinds stand in app/workflow/flows.py."""

from datetime import date, datetime

from sqlalchemy import Index, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .base import BIG, Big, Id, to


class Case(Base):
    __tablename__ = "cases"
    id: Mapped[Id]
    county_id: Mapped[Big]  # where it was begun; it stays there
    kind: Mapped[str]
    number: Mapped[str]  # 竹教招〔2026〕第00127号
    subject: Mapped[str] = mapped_column(default="student")  # student | class | school | list
    student_id: Mapped[int | None] = to("students")
    into_student_id: Mapped[int | None] = to("students")  # of a merge: the record that survives
    school_id: Mapped[int] = to("bodies")  # that began it
    class_id: Mapped[int | None] = to("classes")
    grade_id: Mapped[int | None] = to("grades")
    # of a transfer: the two schools, none where one is not in this house, and the way it goes (names of steps), chosen on the first day
    from_school_id: Mapped[int | None] = to("bodies")
    to_school_id: Mapped[int | None] = to("bodies")
    route: Mapped[str] = mapped_column(default="")
    beside: Mapped[bool] = mapped_column(default=False)  # it may be open beside another of the same pupil: a death, a correction by the county (DECIDED 15)
    undoes_id: Mapped[int | None] = to("cases")  # of a reversal: what it undid
    import_id: Mapped[int | None] = mapped_column(BIG)
    title: Mapped[str]  # the pupil's name, or the class: what a list shows
    state: Mapped[str]  # open | effective | rejected | withdrawn | lapsed | cleared | voided
    step: Mapped[str]
    # who holds it; nobody once it ended
    seat_body_id: Mapped[int | None] = to("bodies")
    seat_duty: Mapped[str] = mapped_column(default="")
    arrived_on: Mapped[date]
    due_on: Mapped[date | None]
    calendar_version: Mapped[int] = mapped_column(default=1)
    policy_id: Mapped[int | None] = mapped_column(BIG)  # the rules of the day it began; of a transfer those of the side that holds it (DECIDED 3)
    to_policy_id: Mapped[int | None] = mapped_column(BIG)
    from_policy_id: Mapped[int | None] = mapped_column(BIG)
    effective_on: Mapped[date | None]
    content: Mapped[bytes | None]  # sealed JSON: what this kind asks for beyond the record
    mend: Mapped[bytes | None]  # sealed JSON: what a return asks to be mended, field by field
    footprint: Mapped[bytes | None]  # sealed JSON: what it changed in the register, so that it can be undone
    agreed_by_id: Mapped[int | None] = to("accounts")  # who has agreed first where a step asks for two persons, and a second is waited for
    starter_id: Mapped[int] = to("accounts")
    starter_name: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        Index("ix_cases_seat", "seat_body_id", "seat_duty", "state", "due_on", "id", "agreed_by_id"), Index("ix_cases_starter", "starter_id", "started_at"),
        Index("ix_cases_student", "student_id"), Index("ix_cases_county", "county_id", "kind", "state", "id"), Index("ix_cases_school", "school_id", "state", "id"),
        Index("ix_cases_into", "into_student_id", sqlite_where=text("into_student_id IS NOT NULL"), postgresql_where=text("into_student_id IS NOT NULL")),
        Index("ix_cases_import", "import_id"), Index("ix_cases_undoes", "undoes_id"), Index("ix_cases_number", "number", unique=True), Index("ix_cases_due", "state", "due_on"),
        Index("ix_cases_ended", "county_id", "ended_at"),
        Index("uq_cases_one_open", "student_id", "beside", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )

    @classmethod
    def holds(cls, student_id):
        """It is about this pupil, or hers is the record that survives it: no other goes on beside it."""
        return or_(cls.student_id == student_id, cls.into_student_id == student_id)


class CaseParty(Base):
    """A body that a case concerns: who may see it."""

    __tablename__ = "case_parties"
    case_id: Mapped[int] = to("cases", primary_key=True)
    body_id: Mapped[int] = to("bodies", primary_key=True)
    __table_args__ = (Index("ix_case_parties_body", "body_id", "case_id"),)


class CaseStep(Base):
    """What was done at a step, by whom, from which post. Nothing here changes once written but the open one's ending."""

    __tablename__ = "case_steps"
    id: Mapped[Id]
    case_id: Mapped[int] = to("cases")
    seq: Mapped[int]
    step: Mapped[str]
    seat_body_id: Mapped[int | None] = to("bodies")
    seat_duty: Mapped[str] = mapped_column(default="")
    arrived_at: Mapped[datetime]
    due_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    actor_id: Mapped[int | None] = to("accounts")
    actor_name: Mapped[str] = mapped_column(default="")
    actor_body: Mapped[str] = mapped_column(default="")
    in_place_of: Mapped[bool] = mapped_column(default=False)  # 代办: the tier above, after the time was over
    action: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None]  # of an office elsewhere: when it answered, and by which paper
    paper: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")  # from where
    __table_args__ = (Index("ix_case_steps_case", "case_id", "seq", unique=True), Index("ix_case_steps_actor", "actor_id", "ended_at", "action"))


class Task(Base):
    """What an office still owes after a case took effect: the 回执 of a 转学证明 to get, a file to send on, a request to answer, news to read."""

    __tablename__ = "tasks"
    id: Mapped[Id]
    county_id: Mapped[Big]
    body_id: Mapped[int] = to("bodies")
    duty: Mapped[str]
    kind: Mapped[str]  # receipt | clear | news | home_file
    case_id: Mapped[int] = to("cases", index=True)
    student_id: Mapped[int | None] = to("students")  # none where the case is about a list or a plan
    title: Mapped[str]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="open")  # open | done | void
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = to("accounts")
    ended_by: Mapped[str] = mapped_column(default="")
    happened_on: Mapped[date | None]  # when the pupil arrived there
    note: Mapped[str] = mapped_column(default="")
    __table_args__ = (Index("ix_tasks_desk", "body_id", "duty", "state", "due_on"),)


class CaseFinding(Base):
    """A check at the start or before the effect: pass, warn or block, with its sentence and article."""

    __tablename__ = "case_findings"
    id: Mapped[Id]
    case_id: Mapped[int] = to("cases", index=True)
    check: Mapped[str]
    title: Mapped[str]
    level: Mapped[str]  # pass | warn | block
    sentence: Mapped[str]
    article: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class CaseAttachment(Base):
    """Evidence (佐证材料)."""

    __tablename__ = "case_attachments"
    id: Mapped[Id]
    case_id: Mapped[int | None] = to("cases", index=True)
    draft_id: Mapped[int | None] = mapped_column(BIG, index=True)
    kind: Mapped[str]  # what it proves: household | signed_sheet | …
    file_id: Mapped[int] = to("files")
    added_by_id: Mapped[int] = to("accounts")
    added_by_name: Mapped[str]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
