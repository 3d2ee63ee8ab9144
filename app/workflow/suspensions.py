"""休学, 续休, 复学 as table entries (workflows.md 8–10)."""

from ..policies.sources import N13, N25
from . import suspension_checks
from .change import StatusChange
from .flow import Flow, school_then_county

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
    warned={"graduating": "graduating"},
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

ENTRIES = (SUSPENSION, RENEWAL, RESUMPTION)
