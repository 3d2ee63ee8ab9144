"""退学, 开除 as table entries (workflows.md 11, regulation.md 7, 8): offered in general senior secondary alone."""

from ..policies.sources import HUNAN
from . import withdrawal_checks
from .change import StatusChange
from .flow import Flow, elsewhere, examined, school_then_county

SENIOR = "3"
_ORDINARY = school_then_county("退学申请")

WITHDRAWAL = StatusChange(
    Flow(
        kind="withdrawal", title="退学", sign="退", start="applying", article=f"{HUNAN}；{withdrawal_checks.SHANDONG}第二十一条",
        steps=_ORDINARY | {
            "county": examined("主管教育行政部门核办", "county", "step_days_county", second="second_person_county"),
            "city": examined("市级教育行政部门核办", "city", "step_days_city", "同意，立即生效"),
            "outside": elsewhere("等待市级（系统外）核办"),
        },
        ordinary=("applying", "school_audit", "county", "city", "effective"),
        evidence={"ground": "监护人签字的退学申请书，或旷课、催返的记录", "notice": "通知监护人的凭据", "other": "其他材料"},
    ),
    asks={"ground": "退学依据", "reason": "退学原因", "explanation": "情况说明", "guardian": "申请或接受通知的监护人"},
    choices={"ground": withdrawal_checks.GROUNDS}, set_by={"city": "withdrawal_city"},
    statuses=("01", "02", "06"), checks=withdrawal_checks.WITHDRAWAL, reasons="withdraw_reason", stages=SENIOR, needed={"": ("ground",)},
)
EXPULSION = StatusChange(
    Flow(
        kind="expulsion", title="开除", sign="除", start="applying", steps=school_then_county("开除学籍报告"), article=withdrawal_checks.EXPELS,
        evidence={"decision": "学校处分决定", "notice": "告知监护人的送达凭据", "facts": "事实材料", "other": "其他材料"},
    ),
    asks={"reason": "违纪类别", "document": "处分文号", "decided_on": "处分决定日期", "notified_on": "告知监护人日期", "guardian": "告知的监护人", "explanation": "事实和依据"},
    statuses=("01", "02", "06"), checks=withdrawal_checks.EXPULSION, reasons="offence_category", stages=SENIOR, needed={"": ("decision", "notice", "facts")},
)

ENTRIES = (WITHDRAWAL, EXPULSION)
