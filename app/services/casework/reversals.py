"""撤销已生效业务: a case that should not have taken effect is undone by the bureau that decided it last, as long as nothing stands on it (DECIDED 16)."""

from sqlalchemy import select, update

from ...errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from ...identity.dates import chinese
from ...models import Case, CaseStep, Task
from ...permissions import OFFICERS, visible_cases
from ...workflow.changes import STATUS_CHANGES
from ...workflow.flows import FLOWS, REVERSAL, TRANSFERS
from ..paperwork import papers
from ..standing import balance
from ..transactions import writes
from ..transfer import moving, moving_back
from . import case_files, effects, footprints, tasks
from .telling import tell

REVERSIBLE = (*TRANSFERS, *STATUS_CHANGES, *(kind for kind, does in effects.EFFECTS.items() if does.undo))


def may_reverse(s, person, case) -> bool:
    """Whether this person sits where the case was decided last."""
    return case.kind in REVERSIBLE and case.state == "effective" and (person.body_id, person.duty) == _decided_last(s, case.id)


def _decided_last(s, case_id):
    row = s.execute(
        select(CaseStep.seat_body_id, CaseStep.seat_duty).where(CaseStep.case_id == case_id, CaseStep.action == "approve", CaseStep.seat_duty.in_(OFFICERS))
        .order_by(CaseStep.seq.desc()).limit(1)
    ).one_or_none()
    return tuple(row) if row else None


@writes
def reverse(s, case_id, reason, *, actor, today, now):
    """Everything is as before the case; it is void, its papers too. Returns the id of the reversal's own case."""
    case = s.scalars(visible_cases(actor).where(Case.id == case_id, Case.kind.in_(REVERSIBLE)).with_for_update(of=Case)).one_or_none()
    if case is None:
        raise NotFound
    title = FLOWS[case.kind].title
    if case.state != "effective":
        raise MovedOn(f"{case.number} 不是已生效的业务，或者已经撤销，这次没有写入。")
    if not may_reverse(s, actor, case):
        raise NotAllowed(f"已生效的{title}只能由最后核办的主管教育行政部门撤销。")
    if not reason.strip():
        raise Refusal("请写明撤销的原因，例如“转错学生：两名学生同名”", field="reason")
    if len(reason) > 200:
        raise Refusal("撤销的原因最多 200 个字，请写短一些", field="reason")
    undo = effects.EFFECTS[case.kind].undo or (_undo_transfer if case.kind in TRANSFERS else _undo_change)
    findings = undo(s, case, actor=actor, today=today, now=now)
    voided = papers.void_of_case(s, case.id, f"撤销{title}：{reason.strip()}"[:200], actor=actor, now=now)
    s.execute(update(Task).where(Task.case_id == case.id, Task.state == "open").values(state="void", ended_at=now, ended_by_id=actor.account_id, ended_by=actor.name))
    s.execute(update(Case).where(Case.id == case.id).values(state="voided", version=Case.version + 1))
    opening = case_files.Opening(
        title=case.title, student_id=case.student_id, class_id=case.class_id, grade_id=case.grade_id, findings=findings, content={"reason": reason.strip()},
        from_school_id=case.from_school_id, to_school_id=case.to_school_id, undoes_id=case.id, into_student_id=case.into_student_id,
    )
    case_files.begin(s, REVERSAL, [opening], school_id=case.school_id, actor=actor, today=today, now=now, note=reason.strip())
    made = s.get_one(Case, opening.case_id)
    tasks.tell_of_reversal(s, case, made, reason.strip(), actor=actor, now=now)
    tell(s, "case.reversed", [made], actor, kind=case.kind, number=made.number, undone=case.number, reason=reason.strip(),
               effects={"paper_void": voided, "over": [one.sentence for one in findings]})
    return made.id


def _undo_transfer(s, case, *, actor, today, now):
    student = s.execute(moving.PUPIL, {"student": case.student_id}).one()
    moved = case_files.content_of(case)["moved"]
    if found := moving_back.standing(s, case, student, moved):
        raise Refusals([Refusal(sentence) for sentence in found])
    findings = moving_back.put_back(s, case, student, moved, actor=actor, today=today, now=now)
    after = s.execute(moving.PUPIL, {"student": student.id}).one()
    balance.book_reversal(s, case, case.kind if case.to_school_id else "transfer-out", student._mapping, after._mapping, day=today, now=now)
    return findings


def _undo_change(s, case, *, actor, today, now):
    """What the case changed, by its footprint."""
    title = FLOWS[case.kind].title
    found = [f"{title}以后又有{one}，请先撤销它" for one in footprints.later_cases(s, case)]
    found = found or [f"{sentence}，不能撤销{title}" for sentence in footprints.standing(s, case) or effects.EFFECTS[case.kind].restore(s, case)]
    if found:
        raise Refusals([Refusal(sentence) for sentence in found])
    before, after, findings = footprints.undo(s, case, actor=actor, today=today, now=now)
    if before["school_id"] != after["school_id"]:
        moving_back.follow_back(s, before, after)
    balance.book_reversal(s, case, case.kind, before, after, day=today, now=now)
    return findings


def of(s, case_id):
    """By whom, when and by which case this one was undone, in words; None where none did."""
    row = s.execute(select(Case.number, Case.effective_on, Case.starter_name).where(Case.undoes_id == case_id)).one_or_none()
    return row and f"{row.starter_name}在 {chinese(row.effective_on)} 撤销（{row.number}）"
