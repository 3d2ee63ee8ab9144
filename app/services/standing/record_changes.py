"""学生类型变更, 贫困生认定和取消 as they take effect: at once, in the record alone (regulation.md 10, workflows.md 22)."""

from sqlalchemy import func, literal, or_, select

from ... import codes
from ...models import Student
from ...permissions import student_scope
from ...workflow.record_checks import BORROWING, POOR, in_review, review_from
from ..casework import case_files
from ..casework.footprints import Footprint, refuse_changed
from ..pupils import records

BORROWED, ORDINARY = "2", "1"  # student_source: 借读, 正常入学
NOT_POOR = "3"  # hardship_level


def more(s, student, asked, actor, today):
    return {"record": records.load(s, student.id)}


def change_kind(s, cases, *, actor, today, now):
    """学生来源 follows: 借读 while she borrows."""
    told = []
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02"))
        kind, source = asked["student_kind"], s.execute(select(Student.student_source).where(Student.id == case.student_id)).scalar_one()
        follows = BORROWED if kind == BORROWING else ORDINARY if source == BORROWED else source
        step.pupil(student_kind=kind, student_source=follows)
        step.keep()
        told.append(kind)
    return {"to": told}


def certify(s, cases, *, actor, today, now):
    told = []
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02"))
        step.pupil(poverty_status=asked["poverty_status"], poverty_basis=asked["basis"], poverty_from=asked["poverty_from"], poverty_until=None)
        step.keep()
        told.append(codes.table("hardship_level").label(asked["poverty_status"]))
    return {"to": told}


def end(s, cases, *, actor, today, now):
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02", "06"))
        step.pupil(poverty_status=NOT_POOR, poverty_until=asked["poverty_until"])
        step.keep()
    return {"to": [codes.table("hardship_level").label(NOT_POOR)] * len(cases)}


def to_review(person, policy, today):
    """A column: how many of this school's pupils are to be certified anew, in the weeks of the yearly review; asked along with other figures."""
    if person.tier != "school" or not in_review(policy, today):
        return literal(0).label("to_review")
    since = review_from(policy, today)
    return select(func.count()).where(
        student_scope(person), Student.lifecycle == "live", Student.poverty_status.in_(POOR), or_(Student.poverty_from.is_(None), Student.poverty_from < since),
    ).scalar_subquery().label("to_review")
