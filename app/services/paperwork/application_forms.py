"""转学申请表 for the guardian to sign, before and while a transfer goes its way: filled in as far as whoever prints it may know, blanks for the pen.

It is no paper under a number (that one the releasing school issues, services.paperwork.pupil_papers); each printing is told to the trace.
"""

from dataclasses import dataclass
from types import SimpleNamespace

from sqlalchemy import func, select

from ...codes import divisions, table
from ...documents import transfer_application
from ...documents.fonts import CannotPrint
from ...errors import NotFound, Refusal
from ...models import Body, Case, Student
from ...permissions import require, student_scope, visible_cases
from ...workflow import transfer_checks
from ...workflow.flows import FLOWS, TRANSFERS
from .. import trace
from ..administration import organisations
from ..casework import case_files
from ..pupils import records
from ..transactions import writes
from ..transfer.transfer_plans import SCOPES
from . import papers, pupil_papers

TITLE = papers.KINDS["transfer_application"].title
KIND = "transfer_application"
BOXES = {  # what is attached → its box on the form
    "household": "户口簿", "residence": "居住证明（房产证、居住证）", "work": "工作证明", "acceptance": "接收证明", "record_card": "学籍卡",
}


def of_request(request, plan, *, name, actor, now) -> bytes:
    """Of an application that is not handed in yet: of a child of another school no more than was found and typed."""
    student_id = plan.student.id if plan.student is not None else None
    return _drawn(_of_request(request, plan, name or plan.name, student_id, actor=actor, now=now))


def of_case(case_id, *, actor, now) -> tuple[str, bytes]:
    """(number of the case, PDF)"""
    number, facts = _of_case(case_id, actor=actor, now=now)
    return number, _drawn(facts)


def _drawn(facts):
    try:
        return transfer_application.draw(papers.with_photo(facts))
    except CannotPrint as problem:
        raise Refusal(str(problem)) from None


@writes(traced=False)
def _of_request(s, request, plan, name, student_id, *, actor, now):
    way = _Way(plan.from_school_id, plan.to_school_id, plan.outside, plan.route, plan.scope)
    facts = _facts(s, way, request.asked, plan.cohort, plan.place.goal.cohort.title if plan.place else plan.cohort.title, student_id, name, request.record, actor, now)
    if student_id is not None:
        tell(s, student_id, KIND, TITLE, actor, now)
    return facts


@writes
def _of_case(s, case_id, *, actor, now):
    require(actor, "student.print")
    case = s.execute(visible_cases(actor).with_only_columns(*Case.__table__.columns).where(Case.id == case_id, Case.kind.in_(TRANSFERS))).one_or_none()
    if case is None:
        raise NotFound
    told = case_files.content_of(case)
    outside = told.get("outside") and SimpleNamespace(**told["outside"])
    cohort = transfer_checks.Cohort(*told["cohort"])
    way = _Way(case.from_school_id, case.to_school_id, outside, FLOWS[case.kind].line_of(case), told["scope"])
    facts = _facts(s, way, SimpleNamespace(**told), cohort, cohort.title, case.student_id, case.title, None, actor, now)
    tell(s, case.student_id, KIND, TITLE, actor, now)
    return case.number, facts | {"case_no": case.number}


def tell(s, student_id, kind, title, actor, now):
    """Counted like other sheets, and told to the chain of whoever prints it."""
    times = papers.count_printing(s, student_id, kind, now)
    trace.record(s, "student.printed", actor=actor, chain=actor.county_id or trace.HOUSE, subjects=[student_id], paper=title, times=times)


@dataclass(frozen=True)
class _Way:
    from_school_id: int | None
    to_school_id: int | None
    outside: object
    route: tuple
    scope: str


def _facts(s, way, asked, cohort, to_grade, student_id, name, record, actor, now):
    own = s.execute(select(func.count()).where(Student.id == student_id, student_scope(actor))).scalar_one() if student_id else 0
    if own:
        record = records.load(s, student_id)
    told = pupil_papers.words_of(record) if own else dict.fromkeys(pupil_papers.APPLICATION, "") | _typed(record) | {"photo": None}
    releasing, receiving = (_school(s, school, way.outside) for school in (way.from_school_id, way.to_school_id))
    place = {"school": releasing.name, "school_code": releasing.code, "office": releasing.office, "grade": cohort.title, "class_name": "", "province": _province(s, actor)}
    if own and record["lifecycle"] == "live" and record["school_id"] == way.from_school_id:
        place |= {key: value for key, value in pupil_papers.place_of(s, record).items() if key in ("grade", "class_name")}
    guardian = {"name": asked.guardian, "relation": table("guardian_relation").label(asked.guardian_relation) if asked.guardian_relation else "",
                "phone": asked.guardian_phone, "id_doc_type": "", "id_doc_no": ""}
    first = next((name for name in way.route if name.startswith(("to_", "from_"))), "to_")
    begun_by = "receiving" if actor.school_id == way.to_school_id or first.startswith("to_") else "releasing"
    return pupil_papers.application_words(told | {"name": name}, guardian, place, {
        "reason": asked.reason, "explanation": asked.explanation, "to_school": receiving.name, "to_grade": to_grade, "to_office": receiving.office,
        "scope": SCOPES[way.scope], "attached": [BOXES.get(kind, "其他") for kind in sorted(asked.evidence) if kind != "application"],
    }) | {"first": begun_by, "number": "", "printed_on": f"{now:%Y-%m-%d}", "printed_by": actor.name}


def _typed(record):
    """Of a record that comes along: what the clerk has typed from its card."""
    return {name: value for name, value in pupil_papers.words_of(_whole(record)).items() if name in pupil_papers.APPLICATION} if record else {}


def _whole(record):
    """A typed record has no photo, and nothing where nothing was typed."""
    texts = ("entry_month", "hukou_address", "political_status")
    return dict.fromkeys(("photo_id", "is_young_pioneer")) | record | {name: record.get(name) or "" for name in texts}


def _school(s, school_id, outside):
    if school_id is None:
        return SimpleNamespace(name=outside.school, code=outside.school_code or "学校标识码未填", office=outside.office)
    row = s.execute(select(Body.name, Body.school_code).where(Body.id == school_id)).one()
    office = s.execute(select(Body.name).where(Body.id == organisations.deciding_office(s, school_id))).scalar_one()
    return SimpleNamespace(name=row.name, code=row.school_code or "", office=office)


def _province(s, actor):
    code = s.execute(select(Body.division_code).where(Body.id == actor.county_id)).scalar_one()
    return divisions.full_name(code[:2] + "0000")
