"""休学, 续休, 复学 as they take effect (workflows.md 8–10)."""

from sqlalchemy import select

from ...errors import MovedOn
from ...models import Absence
from ..administration import policies
from ..casework import case_files
from ..casework.footprints import Footprint, refuse_changed
from ..paperwork import suspension_papers
from ..transfer import moving
from . import balance

MOVED, BACK = "97", "12"  # student_change: 校内调出 (own), 复学
ABROAD = "36"  # suspend_reason 出国（境）: counted from the day of approval


def suspend(s, cases, *, actor, today, now):
    """Status 02; she keeps her class for reference, and no longer counts in it. The 休学证明 goes on record."""
    numbers = []
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01",))
        before = step.student._mapping
        from_on = today if asked["reason"] == ABROAD else asked["from_on"]
        step.pupil(status="02")
        away = step.make(Absence, county_id=case.county_id, student_id=case.student_id, school_id=case.school_id, kind="suspension", reason=asked["reason"], state="open",
                         from_on=from_on, until_on=asked["until_on"], renewals=0, case_id=case.id)
        step.keep()
        balance.book(s, case, before, step.place, reason=asked["reason"], day=today, now=now)
        numbers.append(suspension_papers.suspended(s, case, away, actor=actor, today=today, now=now))
    return {"status": "02", "paper": "、".join(numbers)}


def renew(s, cases, *, actor, today, now):
    """A new end, and a 休学证明 until then; the status stays."""
    numbers = []
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("02",))
        away = open_absence(s, case)
        step.change(Absence, away.id, until_on=asked["until_on"], renewals=away.renewals + 1)
        step.keep()
        balance.book(s, case, step.place, step.place, reason=asked["reason"], day=today, now=now)
        numbers.append(suspension_papers.suspended(s, case, away.id, actor=actor, today=today, now=now))
    return {"until": max(case_files.answers_of(case)["until_on"] for case in cases), "paper": "、".join(numbers)}


def resume(s, cases, *, actor, today, now):
    """Status 01 in the class that was chosen: her own, another of her year-mates, or one of the next lower year. The 复学证明 goes on record."""
    numbers = []
    for case in cases:
        step = Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("02",))
        away = open_absence(s, case)
        come_back(s, case, step, today=today, now=now)
        numbers.append(suspension_papers.resumed(s, case, away.id, actor=actor, today=today, now=now))
    return {"status": "01", "paper": "、".join(numbers)}


def come_back(s, case, step, *, today, now):
    """Of every return (复学, 返校, 回国): status 01, the absence over, the class chosen; of who comes back to another school, the county with her (DECIDED 2)."""
    asked, before = case_files.answers_of(case), step.student._mapping
    back_on = asked.get("effective_on") or today
    if (away := open_absence(s, case, needed=False)) is not None:
        step.change(Absence, away.id, state="ended", ended_on=back_on, ended_case_id=case.id)
    there = moving.place(s, asked["to_class"], policies.pinned(s, case.policy_id), lock=True)
    if there.state != "open":
        raise MovedOn(f"{there.title}已经不在用，这次没有写入，请退回后改选班级。")
    if there.class_id != step.student.class_id or step.student.lifecycle != "live":
        step.close_spell(left_by=MOVED, day=today)
        step.open_spell(school_id=there.school_id, county_id=there.county_id, grade_id=there.grade_id, class_id=there.class_id, class_no="", came_by=BACK, day=today)
    moves = there.school_id != step.student.school_id
    step.pupil(status="01", lifecycle="live", **_place_of(s, there, step.student, back_on) if moves else {})
    step.keep()
    if moves:
        moving.rekey(s, step.student.id, step.student.county_id, there.county_id, there.school_id)
    balance.book(s, case, before, step.place, day=today, now=now)


def _place_of(s, there, student, back_on) -> dict:
    """The columns of a pupil who comes to another school; in another stage her 入学年月 is the month in which she comes to it."""
    old = moving.cohort_of(s, student.grade_id)
    entered = {} if old and old.stage == there.goal.cohort.stage else {"entry_month": f"{back_on:%Y%m}"}
    return {"school_id": there.school_id, "county_id": there.county_id} | entered


def open_absence(s, case, *, needed=True):
    """The time away that is not over; one who is not away any more has moved on since the application."""
    row = s.execute(select(Absence.id, Absence.kind, Absence.from_on, Absence.until_on, Absence.renewals, Absence.reason).where(
        Absence.student_id == case.student_id, Absence.state == "open").with_for_update()).one_or_none()
    if row is None and needed:
        raise MovedOn(f"{case.title}已经不在休学，这次没有写入，请核对后清理或撤销本件。")
    return row
