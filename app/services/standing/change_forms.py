"""学籍信息变更申请表, 跳级、留级审批表, 贫困生认定申请表, 休（复）学申请表 and their like, for the guardian to sign before the application is handed in and while it goes its way.

They are no papers under a number; each printing is told to the trace. A kind has a form where app/documents/application.py lays one out, and says here what its own rows hold.
"""

from dataclasses import dataclass

from sqlalchemy import select

from ...documents import application, suspension_application
from ...documents.fonts import CannotPrint
from ...errors import NotFound, Refusal
from ...identity.dates import chinese
from ...identity.items import PUPIL_ITEMS, show
from ...models import Case, CaseAttachment, Student
from ...permissions import require, student_scope, visible_cases
from ...workflow.changes import STATUS_CHANGES
from ..casework import case_files
from ..paperwork import application_forms, papers, pupil_papers, suspension_papers
from ..pupils import records
from ..transactions import writes
from . import change_pages, changes

TITLES = {kind: form.title for kind, form in application.FORMS.items()} | dict.fromkeys(suspension_application.FORMS, suspension_application.NAME)


@dataclass(frozen=True)
class Told:
    """What was asked for, and what the record said of it before."""

    kind: str
    answers: dict
    before: dict


def _changed(told):
    """Every item that is to change, numbers in full: it is an application that the guardian signs."""
    rows = [{"item": PUPIL_ITEMS[name].title, "old": show(PUPIL_ITEMS[name], value) or "空", "new": show(PUPIL_ITEMS[name], told.answers[name])}
            for name, value in told.before.items()]
    return {"changes": rows}


def _kind(told):
    return {"now": told.before.get("student_kind", ""), "new": told.answers.get("student_kind", "")}


def _class(told):
    words = {field: words for field, _, words in change_pages.told(told.kind, told.answers)}
    return {"to_class": words["to_class"].partition("，")[0]}


def _poverty(told):
    change, answers = STATUS_CHANGES[told.kind], told.answers
    since = answers.get("poverty_from")
    return {"level": change.word("poverty_status", answers.get("poverty_status", "")), "basis": change.word("basis", answers.get("basis", "")),
            "from": chinese(since) if since else ""}


OWN = {"key-change": _changed, "kind-change": _kind, "grade-skip": _class, "grade-repeat": _class, "poverty": _poverty}  # the fields of the form's own rows


def of_draft(kind, student_id, asked, *, actor, now) -> bytes:
    """Of an application that is not handed in yet, for a pupil of one's own."""
    return _drawn(_of_draft(kind, student_id, asked, actor=actor, now=now))


def of_case(case_id, *, actor, now) -> tuple[str, str, bytes]:
    """(title of the form, number of the case, PDF), for whose pupil it is: the form tells her record."""
    facts = _of_case(case_id, actor=actor, now=now)
    return TITLES[facts["form"]], facts["case_no"], _drawn(facts)


def _drawn(facts):
    form = suspension_application if facts["form"] in suspension_application.FORMS else application
    try:
        return form.draw(papers.with_photo(facts))
    except CannotPrint as problem:
        raise Refusal(str(problem)) from None


@writes
def _of_draft(s, kind, student_id, asked, *, actor, now):
    require(actor, "student.print")
    changes.pupil(s, actor, student_id)
    record = records.load(s, student_id)
    before = {name: record.get(name) for name in STATUS_CHANGES[kind].items if asked.answers.get(name)}
    return _facts(s, Told(kind, asked.answers, before), record, asked.evidence, actor, now)


@writes
def _of_case(s, case_id, *, actor, now):
    require(actor, "student.print")
    case = s.execute(
        visible_cases(actor).with_only_columns(Case.id, Case.kind, Case.number, Case.student_id, Case.content).join(Student, Student.id == Case.student_id)
        .where(Case.id == case_id, Case.kind.in_(TITLES), student_scope(actor))
    ).one_or_none()
    if case is None:
        raise NotFound
    told = Told(case.kind, case_files.answers_of(case), case_files.before_of(case))
    record = records.load(s, case.student_id) | told.before  # as it was when it was applied for
    return _facts(s, told, record, _attached(s, case.id), actor, now) | {"case_no": case.number}


def _attached(s, case_id):
    return set(s.scalars(select(CaseAttachment.kind).where(CaseAttachment.case_id == case_id, CaseAttachment.removed_at.is_(None))))


def _facts(s, told, record, evidence, actor, now):
    words, place, flow = pupil_papers.words_of(record), pupil_papers.place_of(s, record), STATUS_CHANGES[told.kind].flow
    application_forms.tell(s, record["id"], f"{told.kind}_form", TITLES[told.kind], actor, now)
    blank = {"opinion": None, "officer": None, "decided_on": None}
    attached = "　".join(("■" if kind in evidence else "□") + title for kind, title in flow.evidence.items() if kind != "application")
    own = suspension_papers.application_words(s, record, told.kind, told.answers, attached) if told.kind in suspension_application.FORMS else OWN[told.kind](told)
    return {name: words[name] for name in pupil_papers.APPLICATION if name not in ("entry_month", "attendance_mode", "hukou_place")} | {
        "form": told.kind, "title": f"{place['province']}中小学生{TITLES[told.kind]}", "number": "", "school": place["school"], "class_title": place["grade"] + place["class_name"],
        "explanation": told.answers.get("explanation") or "", "guardian": _guardian(record, told.answers.get("guardian") or ""),
        "attached": attached, "school_opinion": blank | {"name": place["school"]}, "office_opinion": blank | {"name": place["office"]}, "printed_on": f"{now:%Y-%m-%d}", "printed_by": actor.name,
    } | own


def _guardian(record, chosen):
    """Who applies: name and relation as the form offered them, and the phone on record."""
    for member in pupil_papers.family_of(record):
        if chosen in ("", f"{member['name']}（{member['relation']}）"):
            return {name: member[name] for name in ("name", "relation", "phone")}
    name, _, relation = chosen.partition("（")
    return {"name": name, "relation": relation.rstrip("）"), "phone": ""}
