"""出国（境）, 回国, 死亡, 丧失学习能力 as they take effect (workflows.md 12, 13)."""

from sqlalchemy import select

from ... import codes, sealing
from ...models import Absence, Body, Enrolment
from ...workflow.departures import ABROAD
from ...workflow.flows import FLOWS
from ..casework import case_files, tasks
from ..casework.footprints import Footprint, refuse_changed
from ..paperwork import case_papers, papers
from ..pupils import former_pupils
from . import balance, suspensions

CANCELLED, AWAY = "cancellation", "abroad_record"


def go_abroad(s, cases, *, actor, today, now):
    """Status 91: the spell is closed, the record stays readable here; the time abroad is marked until she is back. The 出国（境）就读备案表 goes on record."""
    numbers = []
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02"))
        numbers.append(_paper(s, AWAY, case, {
            "variant": "abroad", "country": ABROAD.word("country", asked["country"]), "abroad_kind": ABROAD.word("abroad_kind", asked["abroad_kind"]),
        }, actor=actor, today=today, now=now))
        copy = former_pupils.copy(s, case.student_id, until_on=asked["effective_on"], went_to=ABROAD.word("country", asked["country"]), case=case.number)
        _close(s, case, step, status="91", lifecycle="left", left_by="91", day=asked["effective_on"], today=today, now=now, copy=copy)
        step.make(Absence, county_id=case.county_id, student_id=case.student_id, school_id=case.school_id, kind="abroad", reason=asked["country"], state="open",
                  from_on=asked["effective_on"], until_on=None, renewals=0, case_id=case.id)
        step.keep()
    return {"status": "91", "paper": "、".join(numbers)}


def come_home(s, cases, *, actor, today, now):
    """The same record, open again: at her old school, or at the one that receives her now, and the old one reads it at its desk."""
    for case in cases:
        step = Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("91",))
        suspensions.come_back(s, case, step, today=today, now=now)
        if case.from_school_id:
            there = s.execute(select(Body.name).where(Body.id == case.school_id)).scalar_one()
            tasks.tell_school(s, case, case.from_school_id, f"{case.title}已回国，在{there}就读，请将档案移交该校", actor=actor, now=now)
    return {"status": "01"}


def die(s, cases, *, actor, today, now):
    """Status 11, the record cancelled (注销): closed and kept, nothing more is applied for. The 学籍注销单 goes on record."""
    numbers = []
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02", "06", "07", "08", "09", "91"))
        numbers.append(_cancelled(s, case, codes.table("death_cause").label(asked["reason"]), actor=actor, today=today, now=now))
        _close(s, case, step, status="11", lifecycle="cancelled", left_by="26", day=asked["effective_on"], reason=asked["reason"], today=today, now=now)
        step.keep()
    return {"status": "11", "paper": "、".join(numbers)}


def lose_ability(s, cases, *, actor, today, now):
    """As after a death, by a status of its own."""
    numbers = []
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02", "06"))
        numbers.append(_cancelled(s, case, "：".join(filter(None, (asked["hospital"], asked["diagnosis"]))), actor=actor, today=today, now=now))
        _close(s, case, step, status="92", lifecycle="cancelled", left_by="92", day=asked["effective_on"], today=today, now=now)
        step.keep()
    return {"status": "92", "paper": "、".join(numbers)}


def _close(s, case, step, *, status, lifecycle, left_by, day, today, now, reason="", copy=None):
    """The spell, where one is open, and a time away end on that day; her class counts her no more. `copy` of the record is what the school keeps, should she not come back to it."""
    before = step.place
    spell = step.close_spell(left_by=left_by, day=day)
    if spell is not None and copy:
        step.change(Enrolment, spell, grade_id=step.student.grade_id, class_id=step.student.class_id, class_no=step.student.class_no,
                    snapshot=sealing.seal_json(copy, "enrolments", spell, "snapshot"))
    if (away := suspensions.open_absence(s, case, needed=False)) is not None:
        step.change(Absence, away.id, state="ended", ended_on=day, ended_case_id=case.id)
    step.pupil(status=status, lifecycle=lifecycle)
    balance.book(s, case, before, step.place, reason=reason, day=today, now=now)


# ---------------------------------------------------------------- papers

def _cancelled(s, case, reason, *, actor, today, now) -> str:
    return _paper(s, CANCELLED, case, {"variant": "cancelled", "why": FLOWS[case.kind].title, "reason": reason}, actor=actor, today=today, now=now)


def _paper(s, kind, case, told, *, actor, today, now) -> str:
    """While the record still says where she was. Returns the number."""
    asked, pupil = case_files.answers_of(case), case_papers.pupil(s, case)
    facts = case_papers.pupil_words(pupil, "id_doc_no", "entry_month") | case_papers.signed(s, case, pupil, actor, today) | case_papers.dates(case, today) | told | {
        "guardian": case_papers.guardian_words(pupil), "effective_on": asked["effective_on"].isoformat(), "evidence": case_papers.evidence(s, case),
        "explanation": asked.get("explanation") or "",
    }
    return papers.issue(s, kind, facts, student_id=case.student_id, school_id=case.school_id, actor=actor, today=today, now=now, case_id=case.id).number
