"""A new record undone (撤销已生效的登记、补录, DECIDED 16): the record ends as one that should not have been made, as long as nothing stands on it.

Its numbers are free for whoever they belong to; a 学籍号 that was given is never given again, since its serial is counted on. Nothing is deleted.
"""

from sqlalchemy import select, update

from ...errors import Refusal, Refusals
from ...models import Conduct, Enrolment, Grade, Paper, Student
from ..casework import footprints
from ..pupils import records
from ..standing import balance
from .enrolments import give_back

PUPIL = (Student.id, Student.name, Student.version, *(getattr(Student, name) for name in footprints.COUNTED))


def undo(s, case, *, actor, today, now):
    student = s.execute(select(*PUPIL).where(Student.id == case.student_id).with_for_update()).one()
    if found := standing(s, case, student):
        raise Refusals([Refusal(sentence) for sentence in found])
    s.execute(update(Enrolment).where(Enrolment.student_id == student.id, Enrolment.state == "open").values(
        state="cleared", left_by=footprints.UNDONE, until_on=today, closed_at=now, closing_case_id=case.id))
    records.forget(s, [student.id])
    records.count_places(s, {student.class_id: -1})
    records.tally(s, {(student.school_id, student.grade_id, student.status, student.sex, student.county_id): -1})
    give_back(s, case.kind, [student])
    s.execute(update(Student).where(Student.id == student.id).values(
        lifecycle="cleared", status="94", version=student.version + 1, updated_at=now, updated_by_id=actor.account_id))
    balance.book_reversal(s, case, case.kind, student._mapping, {**student._mapping, "lifecycle": "cleared", "status": "94"}, day=today, now=now)
    return []


def standing(s, case, student) -> list[str]:
    """What was built on the record since, each named: it would have to be undone first."""
    later = footprints.later_cases(s, case)
    if later:
        return [f"登记以后又有{one}，请先撤销它" for one in later]
    found = []
    spell = s.execute(select(Enrolment.case_id).where(Enrolment.student_id == student.id, Enrolment.state == "open")).scalar()
    if (student.lifecycle, student.status, student.school_id) != ("live", "01", case.school_id) or spell != case.id or student.class_id != case.class_id:
        found.append(f"登记以后{footprints.class_move(s, case, student.id) or '学生的状态或班级又有变动'}，不能撤销登记")
    if s.execute(select(Grade.state).where(Grade.id == student.grade_id)).scalar_one() != "open":
        found.append("登记以后年级已经毕业，不能撤销登记")
    if s.execute(select(Conduct.id).where(Conduct.student_id == student.id, Conduct.state != "void").limit(1)).first():
        found.append("学籍里已经记有奖惩，请学校先注明作废")
    if numbers := s.execute(select(Paper.number).where(Paper.student_id == student.id, Paper.state == "valid").order_by(Paper.id).limit(5)).scalars().all():
        found.append(f"已经开具证明{'、'.join(numbers)}，请先作废")
    return found
