"""问题学籍处理 as a table entry (workflows.md 19): begun by the school, or by the county itself, where another person agrees."""

from ..policies.sources import NATIONAL_SYSTEM
from . import problem_checks
from .change import StatusChange
from .flow import ENDED, NEXT, Flow, Move, Step, school_then_county

PROBLEM = StatusChange(
    Flow(
        kind="problem", title="问题学籍处理", sign="问", start="applying", ordinary=("applying", "school_audit", "county", "effective"), article=NATIONAL_SYSTEM,
        steps=school_then_county("问题学籍处理申请") | {
            "applying": Step("问题学籍处理申请", "applicant", "mend_days", {"submit": Move(NEXT, "提交"), **ENDED}),
            "county_check": Step("主管教育行政部门复核", "county", "step_days_county", {
                "approve": Move("effective", "同意，立即生效"), "refuse": Move("rejected", "不予办理，本件终结", blame=True), **ENDED}),
        },
        evidence={"statement": "情况说明（学校盖章）", "household": "户口簿", "police": "公安机关证明", "attending": "在校就读证明", "other": "其他材料"},
    ),
    asks={"problem_kind": "问题类型", "resolution": "处理方式", "explanation": "核实情况"},
    choices={"problem_kind": problem_checks.KINDS, "resolution": problem_checks.RESOLUTIONS},
    statuses=("01", "02", "06"), checks=problem_checks.PROBLEM, needed={"": ("statement",)}, bars=problem_checks.not_listed,
    office_line=("applying", "county_check", "effective"),
)

ENTRIES = (PROBLEM,)
