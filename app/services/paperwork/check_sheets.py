"""信息核对表 of a pupil who is applied for: the facts of the sheet that the guardian checks and signs. Each printing is counted and traced."""

from sqlalchemy import select

from ...documents import check_sheet
from ...documents.fonts import CannotPrint
from ...errors import NotFound, Refusal
from ...identity import grades
from ...identity.dates import chinese
from ...identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, show
from ...models import Body, Case, Class, Grade, Student
from ...permissions import require, student_scope, visible_cases
from ...workflow.flows import NEW_RECORDS
from .. import trace
from ..pupils import records
from ..transactions import writes
from . import papers

KIND = "check_sheet"
TITLE = "信息核对表"


def sheet(case_id, *, actor, now) -> tuple[str, bytes]:
    """(number of the case, PDF): drawn after the act, so that no lock waits for it."""
    told = take(case_id, actor=actor, now=now)
    try:
        return told["case_no"], check_sheet.draw(told)
    except CannotPrint as problem:
        raise Refusal(str(problem)) from None


@writes
def take(s, case_id, *, actor, now):
    """The facts as documents.check_sheet draws them; with them one printing is on record. Of one's own pupil alone: a case shows a child to others too, her record it does not."""
    require(actor, "student.print")
    case = s.execute(
        visible_cases(actor).with_only_columns(Case.student_id, Case.county_id, Case.number, Case.school_id).join(Student, Student.id == Case.student_id)
        .where(Case.id == case_id, Case.kind.in_(NEW_RECORDS), student_scope(actor))
    ).one_or_none()
    if case is None:
        raise NotFound
    record = records.load(s, case.student_id)
    if record["lifecycle"] == "cleared":
        raise Refusal("这件登记已经终结，不能再打印核对表")
    times = papers.count_printing(s, case.student_id, KIND, now)
    trace.record(s, "student.printed", actor=actor, chain=case.county_id, subjects=[case.student_id], paper=TITLE, times=times)
    return facts(record, place_of(s, record["class_id"]), case.number) | {"print_no": times, "printed_on": f"{now:%Y-%m-%d}", "printed_by": actor.name}


def place_of(s, class_id):
    return s.execute(
        select(Body.name.label("school"), Body.school_code, Class.number, Class.name, Grade.stage, Grade.advanced_to, Grade.length)
        .join(Grade, Grade.id == Class.grade_id).join(Body, Body.id == Class.school_id).where(Class.id == class_id)
    ).one()


def facts(record, place, case_no) -> dict:
    told = {field: show(item, record.get(field)) for field, item in PUPIL_ITEMS.items() if item.no and item.kind != "ref"}
    # Two members have their place on the sheet; the guardians among them come first.
    members = sorted(record["guardians"], key=lambda one: not one["is_guardian"])[:2]
    return told | {
        "school_name": place.school, "school_code": place.school_code or "", "grade": grades.grade_title(place.stage, place.advanced_to, place.length),
        "class_code": place.name or f"{place.number}班",
        "class_title": grades.class_title(place.stage, place.advanced_to, place.length, place.number, place.name),
        "commute_mode": told["commute_mode"].partition("（")[0],  # its cell is narrow, and the bracket only says what else counts as such
        "photo": "已采集" if record.get("photo_id") else "未采集", "birth_date": chinese(record["birth_date"]), "case_no": case_no,
        "guardians": [{field: show(item, one.get(field)) for field, item in GUARDIAN_ITEMS.items() if item.no} for one in members],
    }
