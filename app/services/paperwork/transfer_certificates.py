"""The certificate of a transfer (转学证明): issued as facts in the act that lets the pupil go, with the 回执 that the old school then waits for."""

from sqlalchemy import bindparam, select

from ... import codes
from ...errors import Refusal
from ...extensions import insert_many
from ...identity import grades
from ...identity.dates import chinese
from ...models import Body, CaseStep, Class, Grade, Paper, Task, new_id
from ...workflow import transfer_checks
from ...workflow.flows import FLOWS, first_side
from ..administration import organisations, policies
from ..casework import case_files
from . import papers, pupil_papers

CERTIFICATE = "transfer_certificate"
PAPERS, STEPS, BODIES, CLASSES, GRADES = (model.__table__ for model in (Paper, CaseStep, Body, Class, Grade))
ISSUED = select(PAPERS.c.number, PAPERS.c.expires_on).where(PAPERS.c.case_id == bindparam("case"), PAPERS.c.kind == CERTIFICATE, PAPERS.c.state == "valid")
AGREED = select(STEPS.c.step, STEPS.c.actor_name, STEPS.c.ended_at).where(STEPS.c.case_id == bindparam("case"), STEPS.c.action == "approve").order_by(STEPS.c.seq)
DESTINATION = (
    select(BODIES.c.name, BODIES.c.division_code, GRADES.c.stage, GRADES.c.advanced_to, GRADES.c.length)
    .select_from(BODIES).outerjoin(CLASSES, CLASSES.c.id == bindparam("class")).outerjoin(GRADES, GRADES.c.id == CLASSES.c.grade_id).where(BODIES.c.id == bindparam("school"))
)


def issue(s, case, leaving, *, actor, today, now) -> str:
    """Once a case, while the record still says where she was (`leaving`); the receipt goes to the old school's desk. Returns the number of the certificate."""
    rules = policies.pinned(s, case.from_policy_id)
    issued = s.execute(ISSUED, {"case": case.id}).one_or_none()
    if issued:  # under an instruction: before the draw
        if today > issued.expires_on:
            raise Refusal(f"转学证明{issued.number}已在{chinese(issued.expires_on)}过期，不能再凭它调档。请原学校补发转学证明，补发以后再调档",
                          article=rules.article("transfer_papers_valid"))
        return issued.number
    told = case_files.content_of(case)
    valid_for = rules.transfer_papers_valid
    to_school, to_full, to_office, to_grade = _destination(s, case, told)
    facts = pupil_papers.certificate_words(
        pupil_papers.words_of(leaving.record), leaving.where, number_of_case=case.number, to_school=to_school, to_school_full=to_full, to_office=to_office,
        to_grade=to_grade, reason=_reason(told), remark="", valid_for=valid_for,
        issued_on=today, first=SIDE_ON_PAPER[first_side(FLOWS[case.kind].line_of(case))], signed=_signed(s, case, actor, today),
    )
    expires_on = valid_for.after(today)
    paper = papers.issue(s, CERTIFICATE, facts, student_id=case.student_id, school_id=case.from_school_id, actor=actor, today=today, now=now, case_id=case.id,
                         expires_on=expires_on)
    insert_many(s, Task, [{
        "id": new_id(), "county_id": leaving.record["county_id"], "body_id": case.from_school_id, "duty": "school_registrar", "kind": "receipt", "case_id": case.id,
        "student_id": case.student_id, "title": f"{leaving.record['name']}的转学证明回执（{paper.number}）", "due_on": expires_on, "state": "open", "made_at": now,
        "ended_by": "", "note": "",
    }])
    return paper.number


def _reason(told):
    words = codes.table("transfer_reason").label(told["reason"])
    return told["explanation"] if told["reason"] == "99" and told.get("explanation") else words


def _destination(s, case, told):
    """(school, school with province, city and county, its bureau, grade)"""
    same_grade = transfer_checks.Cohort(*told["cohort"]).title
    if case.to_school_id is None:
        outside = told["outside"]
        return outside["school"], full_name(outside["school"], outside["division_code"]), outside["office"], same_grade
    there = s.execute(DESTINATION, {"school": case.to_school_id, "class": case.class_id}).one()
    grade = grades.grade_title(there.stage, there.advanced_to, there.length) if there.stage else same_grade
    return there.name, full_name(there.name, there.division_code), organisations.bureau(s, case.to_school_id).name, grade


def full_name(school, division_code) -> str:
    """湖北省十堰市竹山县堵河路小学: what the name of the school says already is not said again."""
    where = codes.divisions.full_name(division_code)
    overlap = next((length for length in range(len(where), 0, -1) if school.startswith(where[-length:])), 0)
    return where[: len(where) - overlap] + school


SIDE_ON_PAPER = {"to": "receiving", "from": "releasing"}
SIGNED = {  # the last of these that agreed speaks for the office
    "releasing": ("from_registrar", "from_audit"), "releasing_office": ("from_county", "county"),
    "receiving": ("to_registrar", "to_audit"), "receiving_office": ("to_county", "county"),
}


def _signed(s, case, actor, today):
    """Who has agreed in the system, this act among them: {place on the paper: (opinion, officer, day)}."""
    agreed = {row.step: (row.actor_name, row.ended_at.date()) for row in s.execute(AGREED, {"case": case.id})}
    agreed[case.step] = (actor.name, today)
    agreed.setdefault("to_registrar" if case.school_id == case.to_school_id else "from_registrar", (case.starter_name, case.started_at.date()))  # who applied has agreed
    return {where: ("同意", *agreed[step]) for where, steps in SIGNED.items() for step in steps if step in agreed}
