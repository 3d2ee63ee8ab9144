"""What the page of a case that a school begins for its intake or its classes (app/workflow/school_cases.py, moving_up.py) says of it, and what a return may ask to be mended."""

from sqlalchemy import select

from ... import sealing
from ...extensions import db
from ...identity import masks
from ...models import Student
from ...workflow.moving_up import MOVING_UP
from ...workflow.school_cases import QUOTA, QUOTA_ASKS, RECRUIT, RECRUIT_ASKS, WHOLE_CLASS, WHOLE_CLASS_ASKS
from ..casework import case_files
from . import drawing, quota_cases, recruiting


def _of_classes(case) -> list:
    told = case_files.content_of(case)
    rows = [("转出学校", told["from_school"], "all"), ("转入学校", told["to_school"], "all")]
    for one in told["classes"]:
        stay = f"，{len(one['stay'])} 人留在原班" if one["stay"] else ""
        rows.append((one["from_title"], f"转入{one['to_title']}，{len(one['go'])} 人{stay}", "all"))
    return [*rows, ("转学原因", "08 学校撤并、布局调整", ""), ("批准文件", told["document"], "all"), ("情况说明", told["explanation"], "all"),
            ("申请单位", f"{case.school} {case.starter_name}", "all")]


def listed(case) -> list:
    """名册 of a whole-class transfer: (name, sex, 学籍号 masked, from, to, why she stays behind); of the record no more than the receiving school is to know."""
    if case.kind != WHOLE_CLASS.kind:
        return []
    told, rows = case_files.content_of(case), []
    pupils = {row.id: row for row in db.session.execute(select(Student.id, Student.name, Student.sex, Student.national_no_sealed).where(
        Student.id.in_([pupil for one in told["classes"] for pupil in [*one["go"], *(row[0] for row in one["stay"])]])))}
    for one in told["classes"]:
        for pupil_id, why in [*((pupil, "") for pupil in one["go"]), *((pupil, why) for pupil, _, why in one["stay"])]:
            row = pupils[pupil_id]
            number = sealing.unseal(row.national_no_sealed, "students", row.id, "national_no_sealed")
            rows.append((row.name, {"1": "男", "2": "女"}.get(row.sex, ""), masks.number(number) if number else "", one["from_title"], one["to_title"], why))
    return rows


FACTS = {QUOTA.kind: quota_cases.facts, RECRUIT.kind: recruiting.facts, WHOLE_CLASS.kind: _of_classes, MOVING_UP.kind: drawing.facts}  # case → [(title, value, look)]
MENDABLE = {QUOTA.kind: [(name, QUOTA_ASKS[name]) for name in ("number", "reason", "document")],
    RECRUIT.kind: [(name, RECRUIT_ASKS[name]) for name in ("number", "reason", "document")], WHOLE_CLASS.kind: list(WHOLE_CLASS_ASKS.items()),
    MOVING_UP.kind: [("to_class", "编入班级"), ("evidence", "佐证材料")]}
