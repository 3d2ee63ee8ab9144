"""问题学籍处理 as it takes effect (workflows.md 19): proved, corrected, or the record removed; and as it is undone."""

from sqlalchemy import delete, insert, select

from ... import codes
from ...errors import MovedOn
from ...models import Absence, NearNumber, PersonNumber, ProblemRecord, Student
from ...workflow.problem_checks import REMOVAL
from ..casework import case_files
from ..casework.footprints import Footprint, refuse_changed
from ..pupils import records
from ..standing import balance, suspensions

REMOVED = "95"  # student_current_status and student_change, own: 问题学籍已删除


def more(s, student, asked, actor, today):
    """The kinds under which the record stands open, and whether it was changed since."""
    rows = s.execute(select(ProblemRecord.kind, ProblemRecord.marked_at).where(ProblemRecord.student_id == student.id, ProblemRecord.state == "open")
                     .order_by(ProblemRecord.kind)).all()
    since = next((row.marked_at for row in rows if row.kind == asked.answers.get("problem_kind")), None)
    changed = s.execute(select(Student.updated_at).where(Student.id == student.id)).scalar_one()
    return {"listed": [row.kind for row in rows], "corrected": since is not None and changed > since}


def settle(s, cases, *, actor, today, now):
    """The problem is closed; by removal every one of the record, which is cancelled and stays to be seen by school and county."""
    told = {}
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02", "06"))
        way, rows = asked["resolution"], _open(s, case.student_id)
        if asked["problem_kind"] not in rows:
            raise MovedOn(f"{case.title}的这件问题学籍已经办结，这次没有写入。请打开问题学籍核对，再撤销或退回本件。")
        closing = rows.values() if way == REMOVAL else [rows[asked["problem_kind"]]]
        for problem_id in closing:
            step.change(ProblemRecord, problem_id, state="closed", resolution=way, outcome=asked["explanation"], case_id=case.id, closed_at=now,
                        closed_by_id=actor.account_id, closed_by=actor.name)
        if way == REMOVAL:
            _remove(s, case, step, today=today, now=now)
        step.keep()
        told["outcome"] = codes.table("problem_resolution").label(way)
    return told


def _open(s, student_id):
    """{kind: id}, locked."""
    return dict(s.execute(select(ProblemRecord.kind, ProblemRecord.id).where(ProblemRecord.student_id == student_id, ProblemRecord.state == "open")
                          .order_by(ProblemRecord.id).with_for_update()).all())


def _remove(s, case, step, *, today, now):
    """Her numbers are free for the record that stays; names are found as before."""
    before = step.place
    step.close_spell(left_by=REMOVED, day=today)
    if (away := suspensions.open_absence(s, case, needed=False)) is not None:
        step.change(Absence, away.id, state="ended", ended_on=today, ended_case_id=case.id)
    step.pupil(status=REMOVED, lifecycle="cancelled")
    for table in (PersonNumber, NearNumber):
        s.execute(delete(table).where(table.student_id == case.student_id))
    balance.book(s, case, before, step.place, day=today, now=now, outcome="removed")


def restore(s, case) -> list[str]:
    """Before it is undone: her numbers are hers again, unless another record has them by now; no problem of the kind was found anew."""
    found, asked = [], case_files.answers_of(case)
    if set(_open(s, case.student_id)) & {kind for (kind,) in s.execute(select(ProblemRecord.kind).where(ProblemRecord.case_id == case.id))}:
        found.append("以后这份学籍又列为同一类问题学籍")
    if asked["resolution"] == REMOVAL:
        record = records.load(s, case.student_id)
        rows = records.number_rows(case.student_id, record["county_id"], record)
        taken = [row for row in rows if s.execute(select(PersonNumber.student_id).where(PersonNumber.kind == row["kind"], PersonNumber.index == row["index"])).first()]
        if taken:
            return [*found, "以后她的证件号或学籍号已由另一份学籍使用"]
        if rows and not found:
            s.execute(insert(PersonNumber), rows)
            if near := records.near_rows(case.student_id, records.near_of(record)):
                s.execute(insert(NearNumber), near)
    return found


