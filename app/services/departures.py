"""出国（境）, 回国, 死亡, 丧失学习能力 as they take effect (workflows.md 12, 13)."""

from ..models import Absence
from . import balance, case_files, suspensions
from .footprints import Footprint, refuse_changed


def go_abroad(s, cases, *, actor, today, now):
    """Status 91: the spell is closed, the record stays readable here; the time abroad is marked until she is back."""
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02"))
        _close(s, case, step, status="91", lifecycle="left", left_by="91", day=asked["effective_on"], today=today, now=now)
        step.make(Absence, county_id=case.county_id, student_id=case.student_id, school_id=case.school_id, kind="abroad", reason=asked["country"], state="open",
                  from_on=asked["effective_on"], until_on=None, renewals=0, case_id=case.id)
        step.keep()
    return {"status": "91"}


def come_home(s, cases, *, actor, today, now):
    """The same record, open again."""
    for case in cases:
        step = Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("91",))
        suspensions.come_back(s, case, step, today=today, now=now)
    return {"status": "01"}


def die(s, cases, *, actor, today, now):
    """Status 11, the record cancelled (注销): closed and kept, nothing more is applied for."""
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02", "06", "07", "08", "09", "91"))
        _close(s, case, step, status="11", lifecycle="cancelled", left_by="26", day=asked["effective_on"], reason=asked["reason"], today=today, now=now)
        step.keep()
    return {"status": "11"}


def lose_ability(s, cases, *, actor, today, now):
    """As after a death, by a status of its own."""
    for case in cases:
        asked, step = case_files.answers_of(case), Footprint(s, case, actor=actor, now=now)
        refuse_changed(s, case, step.student, ("01", "02", "06"))
        _close(s, case, step, status="92", lifecycle="cancelled", left_by="92", day=asked["effective_on"], today=today, now=now)
        step.keep()
    return {"status": "92"}


def _close(s, case, step, *, status, lifecycle, left_by, day, today, now, reason=""):
    """The spell, where one is open, and a time away end on that day; her class counts her no more."""
    before = step.place
    step.close_spell(left_by=left_by, day=day)
    if (away := suspensions.open_absence(s, case, needed=False)) is not None:
        step.change(Absence, away.id, state="ended", ended_on=day, ended_case_id=case.id)
    step.pupil(status=status, lifecycle=lifecycle)
    balance.book(s, case, before, step.place, reason=reason, day=today, now=now)
