"""What a 学籍卡 tells of the way so far: schooling (学习简历), changes of status (学籍变动), graduation, and when the card was opened and closed."""

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from ... import codes
from ...codes import changes
from ...identity.dates import chinese_month
from ...models import Body, Case, CaseStep, Class, Enrolment, Grade
from ...workflow.flows import NEW_RECORDS
from ..casework import case_files

CAME = {"11": "入学"}  # 招生 is the office's word, the pupil enters
NAMES = {"enrolment": "入学", "supplementary": "补录"}
GRADUATED = "21"


def of(s, record, spell_id=None) -> dict:
    """The lists and dates of the card's back, as app/documents/record_card.py takes them. `spell_id` is the spell at whose end the card's school let her go:
    what came after is not its own to tell, but for where she went."""
    every = _spells(s, record["id"])
    spells = every[: [spell.id for spell in every].index(spell_id) + 1] if spell_id else every
    first, last = (spells[0], spells[-1]) if spells else (None, None)
    gone = last if last and last.state == "closed" else None
    graduated = gone and gone.left_by == GRADUATED
    return {
        "schooling": [_schooling(spell) for spell in spells], "changes": _changes(s, record["id"], spells, every, spells[-1].closing_case_id if spell_id else None),
        "graduated_on": gone.until_on.isoformat() if graduated else "", "certificate_no": "",
        "opened_on": record["created_at"].date().isoformat(), "opened_for": _came(first) if first else "",
        "closed_on": gone.until_on.isoformat() if gone and gone.until_on else "", "closed_for": codes.table("student_change").label(gone.left_by) if gone else "",
    }


def _spells(s, student_id):
    return s.execute(
        select(Enrolment.id, Enrolment.state, Enrolment.from_on, Enrolment.until_on, Enrolment.came_by, Enrolment.left_by, Enrolment.case_id,
               Enrolment.closing_case_id, Body.name.label("school"), Grade.entry_year, Class.number, Class.name.label("class_name"))
        .join(Body, Body.id == Enrolment.school_id).outerjoin(Grade, Grade.id == Enrolment.grade_id).outerjoin(Class, Class.id == Enrolment.class_id)
        .where(Enrolment.student_id == student_id, Enrolment.state.in_(("open", "closed"))).order_by(Enrolment.from_on, Enrolment.id)
    ).all()


def _schooling(spell):
    until = f"—{_month(spell.until_on)}" if spell.until_on else "至今"
    return {"period": _month(spell.from_on) + until, "school": spell.school, "class_name": _class(spell), "witness": ""}


def _month(day):
    return chinese_month(f"{day:%Y%m}")


def _class(row):
    """2024级2班: a class keeps its cohort, its grade goes on with the years."""
    if not row.entry_year:
        return ""
    return f"{row.entry_year}级" + (row.class_name or (f"{row.number}班" if row.number else ""))


def _where(row):
    return f"{row.school}\n{_class(row)}".rstrip()


def _came(spell):
    return CAME.get(spell.came_by) or codes.table("student_change").label(spell.came_by)


def _changes(s, student_id, spells, every, up_to):
    """By the day they took effect: what cases did, and the comings and goings that no case of this house tells of."""
    entered = {spell.case_id: spell for spell in every if spell.case_id}
    left = {spell.closing_case_id: spell for spell in spells if spell.closing_case_id}
    rows = []
    for case in _cases(s, student_id, {*entered, *left}, up_to):
        kind = changes.BY_KIND.get((case.kind, "effective"))
        if kind is None or not (kind.entering or kind.leaving or kind.category):
            continue  # of the record's items, not of the pupil's way
        origin = left.get(case.id) or (case if kind.leaving and not kind.entering else None)
        destination = entered.get(case.id) or (case if kind.entering and not kind.leaving else None)
        rows.append(_row(case.effective_on, NAMES.get(case.kind, kind.name), _reason(case, kind), origin, destination, f"{case.office or ''}\n{case.case_number}".strip()))
    for spell in spells:
        if spell.case_id is None:
            rows.append(_row(spell.from_on, _came(spell), "", None, spell))
        if spell.closing_case_id is None and spell.state == "closed" and spell.until_on:
            rows.append(_row(spell.until_on, codes.table("student_change").label(spell.left_by), "", spell, None))
    return sorted(rows, key=lambda row: row["on"])


def _row(day, kind, reason, origin, destination, approval=""):
    return {"on": day.isoformat(), "kind": kind, "reason": reason, "origin": _where(origin) if origin else "", "destination": _where(destination) if destination else "",
            "approval": approval}


def _cases(s, student_id, of_spells, up_to):
    """Those that took effect, with the bureau that decided last; up to one of them, since a pupil has one case at a time. A list (整班转学) names no pupil: her spells name it."""
    latest = aliased(CaseStep)
    office = (
        select(latest.actor_body).where(latest.case_id == Case.id, latest.action == "approve").order_by(latest.seq.desc()).limit(1).correlate(Case).scalar_subquery()
    )
    return s.execute(
        select(Case.id, Case.kind, Case.number.label("case_number"), Case.effective_on, Case.content, Body.name.label("school"), Grade.entry_year, Class.number,
               Class.name.label("class_name"), office.label("office"))
        .join(Body, Body.id == Case.school_id).outerjoin(Grade, Grade.id == Case.grade_id).outerjoin(Class, Class.id == Case.class_id)
        .where(or_(Case.student_id == student_id, Case.id.in_(of_spells)), Case.state == "effective", Case.effective_on.is_not(None), *([Case.id <= up_to] if up_to else [])).order_by(Case.effective_on, Case.id)
    ).all()


def _reason(case, kind):
    if case.kind in NEW_RECORDS:
        return "新生入学" if case.kind == "enrolment" else "补录学籍"
    content = case_files.content_of(case)
    reason = kind.reason or content.get("answers", content).get("reason") or ""
    return codes.table(kind.reasons).label(reason) if kind.reasons else ""
