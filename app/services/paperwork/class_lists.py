"""整班转学名册: the list of a whole-class transfer on paper, with stub and receipt in place of single certificates (workflows.md 7)."""

from sqlalchemy import select

from ... import sealing
from ...codes import table
from ...documents import class_transfer_list
from ...documents.fonts import CannotPrint
from ...errors import NotFound, Refusal
from ...models import Case, CaseStep, Student
from ...permissions import require, visible_cases
from ...workflow.school_cases import WHOLE_CLASS
from .. import trace
from ..administration import organisations
from ..transactions import writes
from ..transfer import whole_classes

TITLE = "整班转学名册"


def draw(case_id, *, actor, now) -> tuple[str, bytes]:
    """(number of the case, PDF): drawn after the act, so that no lock waits for it."""
    told = _take(case_id, actor=actor, now=now)
    try:
        return told["number"], class_transfer_list.draw(told)
    except CannotPrint as problem:
        raise Refusal(str(problem)) from None


@writes
def _take(s, case_id, *, actor, now):
    """Its facts; the printing is told to the trace. An official paper is printed of what took effect, and of nothing that was undone (workflows.md 0, rule 7)."""
    require(actor, "document.print")
    case = s.execute(visible_cases(actor).with_only_columns(
        Case.id, Case.number, Case.kind, Case.state, Case.content, Case.county_id, Case.effective_on, Case.from_school_id, Case.starter_name).where(Case.id == case_id)).one_or_none()
    if case is None or case.kind != WHOLE_CLASS.kind:
        raise NotFound
    if case.state != "effective":
        raise Refusal("整班转学生效以后才能打印名册；已经撤销的不能再打印")
    content = whole_classes.content_of(case)
    rows = _rows(s, content)
    trace.record(s, "documents.printed", actor=actor, chain=case.county_id, subjects=whole_classes.pupils_of(s, case), paper=TITLE, count=len(rows))
    agreed = dict(s.execute(select(CaseStep.step, CaseStep.actor_name).where(CaseStep.case_id == case.id, CaseStep.action == "approve")).all())
    office = organisations.bureau(s, case.from_school_id).name
    day = case.effective_on.isoformat()
    return {
        "number": case.number, "from_school": {"name": content["from_school"], "decided_on": None}, "to_school": {"name": content["to_school"], "decided_on": None},
        "office": {"name": office, "decided_on": day}, "reason": "学校撤并、布局调整", "document": content["document"], "issued_on": day, "rows": rows,
        "classes": "、".join(f"{one['from_title']}→{one['to_title']}（{len(one['go'])}人）" for one in content["classes"]), "officer": agreed.get("county", ""),
        "filled_by": case.starter_name, "printed_on": f"{now:%Y-%m-%d}", "printed_by": actor.name,
    }


def _rows(s, content):
    """Those who went, in the order of the list; full numbers, as on the certificates that it stands for (DECIDED 21)."""
    ids = [pupil for one in content["classes"] for pupil in one["go"]]
    pupils = {row.id: row for row in s.execute(select(Student.id, Student.name, Student.sex, Student.birth_date, Student.national_no_sealed).where(Student.id.in_(ids)))}
    return [
        {"name": pupils[pupil].name, "sex": table("sex").label(pupils[pupil].sex), "birth_date": pupils[pupil].birth_date.isoformat(),
         "national_no": sealing.unseal(pupils[pupil].national_no_sealed, "students", pupil, "national_no_sealed") or "", "from_class": one["from_title"],
         "to_class": one["to_title"], "remark": ""}
        for one in content["classes"] for pupil in one["go"]
    ]
