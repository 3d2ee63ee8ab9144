"""整班转学 undone: all who went are where they were, in one act, as far as nothing stands on it for any of them (DECIDED 16)."""

from sqlalchemy import select, update

from ...errors import Refusal, Refusals
from ...models import Class, Student
from ..casework import case_files
from ..standing import balance
from . import moving, moving_back
from .whole_classes import Part

TOLD = 10  # pupils who hold it up are named, so many of them


def undo(s, case, *, actor, today, now):
    content = case_files.content_of(case)
    names = dict(s.execute(select(Student.id, Student.name).where(Student.id.in_([one["student"] for one in content["moved"]]))).all())
    parts = [(Part(case.id, case.number, one["student"], case.from_school_id, case.to_school_id, one["grade_id"], case.policy_id), one) for one in content["moved"]]
    students = {part.student_id: s.execute(moving.PUPIL, {"student": part.student_id}).one() for part, _ in parts}
    held_up = [(names[part.student_id], found) for part, one in parts if (found := moving_back.standing(s, part, students[part.student_id], one))]
    if held_up:
        more = [Refusal(f"另有 {len(held_up) - TOLD} 人也有以后的变动")] if len(held_up) > TOLD else []
        raise Refusals([Refusal(f"{name}：{'；'.join(found)}") for name, found in held_up[:TOLD]] + more)
    s.execute(update(Class).where(Class.id.in_(content["closed"]), Class.state == "dissolved").values(state="open", version=Class.version + 1))
    findings = []
    for part, one in parts:
        before = students[part.student_id]
        findings += [warned for warned in moving_back.put_back(s, part, before, one, actor=actor, today=today, now=now) if warned not in findings]
        after = s.execute(moving.PUPIL, {"student": part.student_id}).one()
        balance.book_reversal(s, case, case.kind, before._mapping, after._mapping, day=today, now=now)
    return findings
