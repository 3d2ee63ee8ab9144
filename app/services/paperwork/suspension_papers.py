"""休学证明 and 复学证明 as suspensions, their renewals and returns take effect; what 休（复）学申请表 says of both halves of the way.

A renewal issues a certificate of its own, until the new day, which names the one it renews: the first stays true of its day, and holds again when the renewal is undone.
"""

from sqlalchemy import select

from ... import codes
from ...documents import suspension_application
from ...identity import grades
from ...models import Absence, Class, Grade, Paper
from ..casework import case_files
from . import case_papers, papers

OF_SUSPENSION, OF_RESUMPTION = "suspension_certificate", "resumption_certificate"
OTHER, REASON_MOST = "99", 60  # 其他; how much of its explanation stands on the certificate


def suspended(s, case, away_id, *, actor, today, now) -> str:
    """Once the time away is on record. Returns the number."""
    away = _absence(s, away_id)
    last = _last(s, case.student_id, away)
    facts = _words(s, case, away, _reason(case, away), actor, today) | {
        "variant": "leaving", "remark": f"续休第 {away.renewals} 次{f'，原休学证明 {last.number}' if last else ''}" if away.renewals else ""}
    return _issued(s, OF_SUSPENSION, facts, case, actor, today, now)


def resumed(s, case, away_id, *, actor, today, now) -> str:
    """Once the pupil sits in her class again. Returns the number."""
    away = _absence(s, away_id)
    last = _last(s, case.student_id, away)
    hospital = case_files.answers_of(case).get("hospital")
    reason = papers.facts_of(last)["reason"] if last else codes.table("suspend_reason").label(away.reason)
    facts = _words(s, case, away, reason, actor, today)
    return _issued(s, OF_RESUMPTION, facts | {
        "variant": "returning", "certificate_no": last.number if last else "", "effective_on": away.ended_on.isoformat(),
        "evidence": "：".join(filter(None, (hospital, facts["evidence"])))}, case, actor, today, now)


def _words(s, case, away, reason, actor, today):
    pupil = case_papers.pupil(s, case)
    told = case_papers.pupil_words(pupil) | case_papers.signed(s, case, pupil, actor, today) | case_papers.dates(case, today)
    return told | {"reason": reason, "from_on": away.from_on.isoformat(), "until_on": away.until_on.isoformat(), "evidence": case_papers.evidence(s, case)}


def _issued(s, kind, facts, case, actor, today, now):
    return papers.issue(s, kind, facts, student_id=case.student_id, school_id=case.school_id, actor=actor, today=today, now=now, case_id=case.id).number


def _absence(s, away_id):
    return s.execute(select(Absence.from_on, Absence.until_on, Absence.ended_on, Absence.renewals, Absence.reason, Absence.case_id).where(Absence.id == away_id)).one()


def _last(s, student_id, away):
    """The 休学证明 of this time away that the family holds."""
    return s.execute(select(Paper.id, Paper.number, Paper.facts).where(
        Paper.student_id == student_id, Paper.kind == OF_SUSPENSION, Paper.state == "valid", Paper.case_id >= away.case_id).order_by(Paper.id.desc()).limit(1)).one_or_none()


def _reason(case, away):
    """What the certificate calls the reason: 其他 says nothing, so its explanation does, where it is short enough."""
    explanation = (case_files.answers_of(case).get("explanation") or "").strip()
    if away.reason == OTHER and explanation and len(explanation) <= REASON_MOST:
        return explanation
    return codes.table("suspend_reason").label(away.reason)


# ---------------------------------------------------------------- the application

def application_words(s, record, kind, answers, attached) -> dict:
    """Both halves of 休（复）学申请表 from the record and what was asked: who comes back has the time away in the upper half as it was granted."""
    told = {name: _plain(value) for name, value in answers.items()}
    away = s.execute(select(Absence.reason, Absence.from_on, Absence.until_on, Absence.case_id)
                     .where(Absence.student_id == record["id"], Absence.kind == "suspension", Absence.state != "void").order_by(Absence.id.desc()).limit(1)).one_or_none()
    upper, lower = dict.fromkeys(suspension_application.LEAVING, ""), dict.fromkeys(suspension_application.RETURNING, "")
    if kind != "suspension" and away:
        upper |= {"reason": codes.table("suspend_reason").label(away.reason), "from_on": away.from_on.isoformat(), "until_on": away.until_on.isoformat() if away.until_on else ""}
    if kind == "resumption":
        last = away and _last(s, record["id"], away)
        lower |= {name: told.get(name, "") for name in ("effective_on", "hospital", "explanation")} | {"certificate_no": last.number if last else "", "attached": attached}
        lower |= _goal(s, record, answers.get("to_class"))
    else:
        upper |= {name: told[name] for name in ("from_on", "until_on", "hospital", "diagnosis", "explanation") if told.get(name)} | {"attached": attached}
        upper |= {"final_grade": _final(s, record), **({"reason": codes.table("suspend_reason").label(told["reason"])} if told.get("reason") else {})}
    return {"leaving": upper, "returning": lower}


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value or ""


def _grade(s, grade_id):
    return s.execute(select(Grade.stage, Grade.advanced_to, Grade.length).where(Grade.id == grade_id)).one_or_none()


def _final(s, record) -> str:
    grade = _grade(s, record["grade_id"])
    return "是" if grade and grades.is_final(grade.advanced_to, grade.length) else "否"


def _goal(s, record, class_id) -> dict:
    """The class that was chosen, and whether her year-mates are in it."""
    there = class_id and s.execute(select(Class.grade_id, Class.number, Class.name, Grade.stage, Grade.advanced_to, Grade.length).join(Grade, Grade.id == Class.grade_id)
                                   .where(Class.id == class_id)).one_or_none()
    own = there and _grade(s, record["grade_id"])
    same = own and grades.year_of_schooling(*there[3:]) == grades.year_of_schooling(*own)
    marks = "■□" if same else "□■" if own else "□□"
    return {"to_class": grades.title_of(there) if there else "", "cohort": f"{marks[0]}原年级　{marks[1]}下一届"}
