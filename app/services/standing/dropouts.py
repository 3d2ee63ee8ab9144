"""辍学报告, 返校 as they take effect (workflows.md 11)."""

from datetime import timedelta

from ... import codes
from ...errors import MovedOn
from ...models import Absence
from ...workflow import school_days
from ..administration import calendars
from ..casework import case_files
from ..casework.footprints import Footprint, refuse_changed
from ..paperwork import case_papers, papers
from . import absences, balance, suspensions

PAPER = "dropout_report"


def more(s, student, asked, actor, today):
    """What the checks ask beside the form."""
    return {"note": absences.missed(s, student.id)}


def report(s, cases, *, actor, today, now):
    """Status 06: the record is kept, the time away begins with the first day missed; the 辍学学生报告单 goes on record with the visits."""
    numbers = []
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02"))
        note, away = absences.open_note(s, case.student_id, lock=True), suspensions.open_absence(s, case, needed=False)
        if note is None and away is None:
            raise MovedOn(f"{case.title}的缺课在报告以后已经结束。这次没有写入，请核对后撤销或清理本件。")
        before, from_on = step.place, note.from_on if note else away.until_on + timedelta(days=1)
        numbers.append(_paper(s, case, asked, note, from_on, actor=actor, today=today, now=now))
        if away is not None:
            step.change(Absence, away.id, state="ended", ended_on=today, ended_case_id=case.id)
        step.make(Absence, county_id=case.county_id, student_id=case.student_id, school_id=case.school_id, kind="dropout", reason=asked["reason"], state="open",
                  from_on=from_on, until_on=None, renewals=0, case_id=case.id)
        step.pupil(status="06")
        step.keep()
        balance.book(s, case, before, step.place, reason=asked["reason"], day=today, now=now)
    return {"status": "06", "paper": "、".join(numbers)}


def come_back(s, cases, *, actor, today, now):
    """The same record, status 01, in the class that was chosen."""
    for case in cases:
        step = Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("06",))
        suspensions.come_back(s, case, step, today=today, now=now)
    return {"status": "01"}


def _paper(s, case, asked, note, from_on, *, actor, today, now) -> str:
    pupil = case_papers.pupil(s, case)
    days = school_days.missed(from_on, today, calendars.calendar(s), calendars.terms(s, case.county_id))
    visits = absences.visits_of(s, note.id) if note else []
    facts = case_papers.pupil_words(pupil) | {
        "guardian": case_papers.guardian_words(pupil), "absent_from": from_on.isoformat(), "days": str(days), "reason": codes.table("dropout_reason").label(asked["reason"]),
        "whereabouts": asked["whereabouts"], "measures": asked.get("measures") or "", "explanation": asked.get("explanation") or "", "case_no": case.number,
        "visits": [{"on": one.visited_on.isoformat(), "who": one.visitors, "how": absences.MANNERS[one.manner], "result": one.result} for one in visits],
        "noted_by": note.noted_by if note else "",
    } | case_papers.signed(s, case, pupil, actor, today)
    return papers.issue(s, PAPER, facts, student_id=case.student_id, school_id=case.school_id, actor=actor, today=today, now=now, case_id=case.id).number
