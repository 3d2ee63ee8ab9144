"""整班转学名册: the list of a whole-class transfer on paper, with stub and receipt in place of single certificates (workflows.md 7)."""

from sqlalchemy import select

from ... import sealing
from ...codes import table
from ...errors import NotFound, Refusal
from ...extensions import db
from ...models import Case, Paper, Student
from ...permissions import require, visible_cases
from ...workflow.school_cases import WHOLE_CLASS
from ..administration import organisations
from . import papers

LIST = "class_transfer_list"


def issue(s, case, content, *, actor, today, now) -> str:
    """On record within the act by which the list takes effect, under a number and a code of its own. Returns the number."""
    rows = _rows(s, content)
    office, day = organisations.bureau(s, case.from_school_id).name, today.isoformat()
    facts = {
        "name": f"{len(rows)} 人", "pupils": [pupil for one in content["classes"] for pupil in one["go"]], "case_no": case.number,
        "from_school": {"name": content["from_school"], "decided_on": None}, "to_school": {"name": content["to_school"], "decided_on": None},
        "office": {"name": office, "decided_on": day}, "reason": "学校撤并、布局调整", "document": content["document"], "issued_on": day, "rows": rows,
        "classes": "、".join(f"{one['from_title']}→{one['to_title']}（{len(one['go'])}人）" for one in content["classes"]), "officer": actor.name,
        "filled_by": case.starter_name,
    }
    return papers.issue(s, LIST, facts, student_id=None, school_id=case.from_school_id, actor=actor, today=today, now=now, case_id=case.id).number


def draw(case_id, *, actor, now) -> tuple[str, bytes]:
    """(number of the case, PDF). An official paper is printed of what took effect, and of nothing that was undone (workflows.md 0, rule 7)."""
    require(actor, "document.print")
    case = db.session.execute(visible_cases(actor).with_only_columns(Case.number, Case.state).where(Case.id == case_id, Case.kind == WHOLE_CLASS.kind)).one_or_none()
    if case is None:
        raise NotFound
    if case.state != "effective":
        raise Refusal("整班转学生效以后才能打印名册；已经撤销的不能再打印")
    paper = db.session.execute(select(Paper.id).where(Paper.case_id == case_id, Paper.kind == LIST).order_by(Paper.id.desc()).limit(1)).scalar_one()
    return case.number, papers.draw(paper, actor=actor, now=now)


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
