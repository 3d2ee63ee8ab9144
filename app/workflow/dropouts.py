"""辍学报告, 返校 as table entries (workflows.md 11)."""

from ..policies.sources import N13
from . import dropout_checks
from .change import StatusChange
from .flow import Flow, school_then_county

DROPOUT = StatusChange(
    Flow(
        kind="dropout", title="辍学报告", sign="辍", start="applying", steps=school_then_county("辍学报告"), article=f"{N13}第二十二条",
        evidence={"report": "辍学学生情况报告（班主任、学校签字）", "visits": "劝返记录（家长签字的回执、信函、照片）", "guardian": "监护人的书面说明", "other": "其他材料"},
    ),
    asks={"reason": "辍学原因", "whereabouts": "去向", "measures": "已采取的措施", "explanation": "情况说明"},
    statuses=("01", "02"), checks=dropout_checks.DROPOUT, reasons="dropout_reason", needed={"": ("report", "visits")}, instead={"06": "已经报告，学生回来的请办理返校"},
)
BACK = StatusChange(
    Flow(
        kind="back-to-school", title="返校", sign="返", start="applying", steps=school_then_county("返校申请"), article=f"{N13}第十九条、第二十二条",
        evidence={"application": "返校申请书（监护人签字）", "other": "其他材料"},
    ),
    asks={"effective_on": "返校日期", "to_class": "返校班级", "explanation": "情况说明", "guardian": "申请的监护人"},
    statuses=("06",), checks=dropout_checks.BACK, years=(0, -1), needed={"": ("application",)}, instead={"01": "学生在读，不用返校", "02": "休学的请办理复学"},
)

ENTRIES = (DROPOUT, BACK)
