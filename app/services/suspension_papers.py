"""休学证明 and 复学证明 as suspensions, their renewals and returns take effect.

A renewal issues a certificate of its own, until the new day, which names the one it renews: the first stays true of its day, and holds again when the renewal is undone.
"""

from sqlalchemy import select

from .. import codes
from ..models import Absence, Paper
from . import case_files, case_papers, papers

OF_SUSPENSION, OF_RESUMPTION = "suspension_certificate", "resumption_certificate"
OTHER, REASON_MOST = "99", 60  # 其他; how much of its explanation stands on the certificate


def suspended(s, case, away_id, *, actor, today, now) -> str:
    """Once the time away is on record. Returns the number."""
    away = _absence(s, away_id)
    last = _last(s, case, away)
    facts = _words(s, case, away, _reason(case, away), actor, today) | {
        "variant": "leaving", "remark": f"续休第 {away.renewals} 次{f'，原休学证明 {last.number}' if last else ''}" if away.renewals else ""}
    return _issued(s, OF_SUSPENSION, facts, case, actor, today, now)


def resumed(s, case, away_id, *, actor, today, now) -> str:
    """Once the pupil sits in her class again. Returns the number."""
    away = _absence(s, away_id)
    last = _last(s, case, away)
    hospital = case_files.answers_of(case).get("hospital")
    reason = papers.facts_of(last)["reason"] if last else codes.table("suspend_reason").label(away.reason)
    facts = _words(s, case, away, reason, actor, today)
    return _issued(s, OF_RESUMPTION, facts | {
        "variant": "returning", "certificate_no": last.number if last else "", "effective_on": away.ended_on.isoformat(),
        "evidence": f"{hospital}：{facts['evidence']}" if hospital else facts["evidence"]}, case, actor, today, now)


def _words(s, case, away, reason, actor, today):
    told = case_papers.pupil_words(s, case) | case_papers.signed(s, case, actor, today) | case_papers.dates(case, today)
    return told | {"reason": reason, "from_on": away.from_on.isoformat(), "until_on": away.until_on.isoformat(), "evidence": case_papers.evidence(s, case)}


def _issued(s, kind, facts, case, actor, today, now):
    return papers.issue(s, kind, facts, student_id=case.student_id, school_id=case.school_id, actor=actor, today=today, now=now, case_id=case.id).number


def _absence(s, away_id):
    return s.execute(select(Absence.from_on, Absence.until_on, Absence.ended_on, Absence.renewals, Absence.reason, Absence.case_id).where(Absence.id == away_id)).one()


def _last(s, case, away):
    """The 休学证明 of this time away that the family holds."""
    return s.execute(select(Paper.id, Paper.number, Paper.facts).where(
        Paper.student_id == case.student_id, Paper.kind == OF_SUSPENSION, Paper.state == "valid", Paper.case_id >= away.case_id).order_by(Paper.id.desc()).limit(1)).one_or_none()


def _reason(case, away):
    """What the certificate calls the reason: 其他 says nothing, so its explanation does, where it is short enough."""
    explanation = (case_files.answers_of(case).get("explanation") or "").strip()
    if away.reason == OTHER and explanation and len(explanation) <= REASON_MOST:
        return explanation
    return codes.table("suspend_reason").label(away.reason)
