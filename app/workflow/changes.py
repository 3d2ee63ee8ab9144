"""异动: the kinds of case by which a pupil's standing changes at the school where she is (workflows.md 8–17, 22 and the matrix at its end).

A kind is an entry here: the flow, who may be applied for, what proves it, what is checked. Its form is in app/forms/changes.py, its effect in app/services/effects.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..codes import table
from ..policies.sources import N13, N25
from . import suspension_checks
from .flow import Flow, school_then_county

CLOSED = ("07", "08", "09")  # 毕业, 结业, 肄业


@dataclass(frozen=True)
class StatusChange:
    """`statuses` is this kind's column of the matrix: the student_current_status of whom it may be applied for. `stages`: 1 小学, 2 初中, 3 高中.

    `years` are the grades of the classes that are offered, counted from her own year of schooling: 0 her year-mates', -1 the next lower one; none for a kind
    that moves nobody. `checks` are functions of ChangeFacts; `needed` says which evidence a reason asks for, under "" for every reason. `instead` says what to do first for a
    pupil whose status bars it. `any_time` is taken for graduating grades after 1 July too; `beside` goes beside an open case.
    """

    flow: Flow
    asks: Mapping[str, str]  # what the form asks, in its order: field → title
    statuses: tuple
    checks: tuple
    needed: Mapping[str, tuple] = field(default_factory=dict)
    reasons: str = ""  # a code table; none where no reason is asked
    stages: str = "123"
    instead: Mapping[str, str] = field(default_factory=dict)
    years: tuple = ()
    any_time: bool = False
    beside: bool = False

    def evidence_for(self, reason) -> tuple:
        return (*self.needed.get("", ()), *self.needed.get(reason, ()))

    def reason_choices(self):
        return table(self.reasons).choices() if self.reasons else []


_RETURN_FIRST = {"02": "休学期间请先办理复学", "06": "流失的请先办理返校"}
_ILL = ("diagnosis", "history", "receipts")

SUSPENSION = StatusChange(
    Flow(
        kind="suspension", title="休学", sign="休", start="applying", steps=school_then_county("休学申请"), article=f"{N13}第十九条；{N25}",
        evidence={
            "application": "休学申请书（监护人签字）", "diagnosis": "县级以上医院诊断证明", "history": "病历", "receipts": "收费票据", "official": "公安、民政或劳动部门证明",
            "passport": "护照、签证", "graduating": "校长、班主任签字的意见", "other": "其他材料",
        },
    ),
    asks={"reason": "休学原因", "from_on": "休学开始日期", "until_on": "休学结束日期", "hospital": "诊断医院", "diagnosis": "诊断", "explanation": "情况说明", "guardian": "申请的监护人"},
    statuses=("01",), checks=suspension_checks.SUSPENSION, reasons="suspend_reason",
    needed={"": ("application",), "10": _ILL, "11": _ILL, "12": _ILL, "13": _ILL, "19": _ILL, "26": ("diagnosis",), "27": ("official",), "35": ("official",),
            "36": ("passport",), "99": ("other",)},
    instead={"02": "已在休学，请办理续休", "06": "流失的请先办理返校"},
)
RENEWAL = StatusChange(
    Flow(
        kind="suspension-renewal", title="续休", sign="续", start="applying", steps=school_then_county("续休申请"), article=f"{N13}第十九条",
        evidence={"application": "续休申请书（监护人签字）", "diagnosis": "县级以上医院新的诊断证明", "official": "公安、民政或劳动部门证明", "passport": "护照、签证", "other": "其他材料"},
    ),
    asks={"reason": "续休原因", "until_on": "续休至", "hospital": "诊断医院", "diagnosis": "诊断", "explanation": "情况说明", "guardian": "申请的监护人"},
    statuses=("02",), checks=suspension_checks.RENEWAL, reasons="suspend_reason",
    needed={"": ("application",), **dict.fromkeys(("10", "11", "12", "13", "19", "26"), ("diagnosis",)), "27": ("official",), "35": ("official",), "36": ("passport",), "99": ("other",)},
    instead={"01": "学生没有休学，请办理休学", "06": "流失的请先办理返校"},
)
RESUMPTION = StatusChange(
    Flow(
        kind="resumption", title="复学", sign="复", start="applying", steps=school_then_county("复学申请"), article=f"{N13}第十九条；{N25}",
        evidence={"application": "复学申请书（监护人签字）", "recovery": "县级以上医院康复证明", "history": "治疗材料", "other": "其他材料"},
    ),
    asks={"effective_on": "复学日期", "to_class": "复学班级", "hospital": "出具康复证明的医院", "explanation": "情况说明", "guardian": "申请的监护人"},
    statuses=("02",), checks=suspension_checks.RESUMPTION, years=(0, -1), needed={"": ("application", "recovery")},
    instead={"01": "学生在读，不用复学", "06": "流失的请办理返校"},
)

STATUS_CHANGES = {change.flow.kind: change for change in (SUSPENSION, RENEWAL, RESUMPTION)}
CHANGES = tuple(change.flow for change in STATUS_CHANGES.values())
