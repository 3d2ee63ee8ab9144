"""退学, 开除 as they take effect (workflows.md 11): the record closes at this school, and stays to be read."""

from ... import codes, sealing
from ...models import Absence, Enrolment
from ...workflow import withdrawal_checks
from ..administration import calendars
from ..casework import case_files
from ..casework.footprints import Footprint, refuse_changed
from ..paperwork import case_papers, papers
from ..pupils import former_pupils
from . import absences, balance, suspensions

PAPER = "withdrawal_notice"
FROM = ("01", "02", "06")


def more(s, student, asked, actor, today):
    """What the checks ask beside the form."""
    spans = [tuple(span) for span in absences.spans_of(s, student.id)]
    in_term = withdrawal_checks.in_term(spans, today, calendars.calendar(s), calendars.terms(s, student.county_id))
    return {"note": absences.missed(s, student.id), "in_term": in_term}


def withdraw(s, cases, *, actor, today, now):
    numbers = []
    for case in cases:
        asked = case_files.answers_of(case)
        step = _leaving(s, case, actor, now)
        numbers.append(_notice(s, case, asked, actor=actor, today=today, now=now))
        _leave(s, case, step, status="03", left_by="24", went_to="退学", reason=asked["reason"], today=today, now=now)
    return {"status": "03", "paper": "、".join(numbers)}


def expel(s, cases, *, actor, today, now):
    for case in cases:
        step = _leaving(s, case, actor, now)
        _leave(s, case, step, status="14", left_by="25", went_to="开除", reason=case_files.answers_of(case)["reason"], today=today, now=now)
    return {"status": "14"}


def _leaving(s, case, actor, now):
    step = Footprint(s, case, actor=actor, now=now)
    refuse_changed(s, case, step.student, FROM)
    return step


def _leave(s, case, step, *, status, left_by, went_to, reason, today, now):
    """The spell is closed with a copy of the record as of this day; a time away is over; her class counts her no more."""
    before, copy = step.place, former_pupils.copy(s, case.student_id, until_on=today, went_to=went_to, case=case.number)
    spell = step.close_spell(left_by=left_by, day=today)
    if spell is not None:
        step.change(Enrolment, spell, grade_id=step.student.grade_id, class_id=step.student.class_id, class_no=step.student.class_no,
                    snapshot=sealing.seal_json(copy, "enrolments", spell, "snapshot"))
    if (away := suspensions.open_absence(s, case, needed=False)) is not None:
        step.change(Absence, away.id, state="ended", ended_on=today, ended_case_id=case.id)
    step.pupil(status=status, lifecycle="left")
    step.keep()
    balance.book(s, case, before, step.place, reason=reason, day=today, now=now)


def _notice(s, case, asked, *, actor, today, now) -> str:
    """退学通知书, to be handed to the guardian."""
    pupil = case_papers.pupil(s, case)
    facts = case_papers.pupil_words(pupil) | case_papers.signed(s, case, pupil, actor, today) | {
        "guardian": asked["guardian"].partition("（")[0], "reason": codes.table("withdraw_reason").label(asked["reason"]),
        "ground": withdrawal_checks.GROUNDS[asked["ground"]], "issued_on": today.isoformat(), "case_no": case.number,
    }
    return papers.issue(s, PAPER, facts, student_id=case.student_id, school_id=case.school_id, actor=actor, today=today, now=now, case_id=case.id).number
