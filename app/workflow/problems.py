"""问题学籍处理 as a table entry (workflows.md 19)."""

from ..policies.sources import NATIONAL_SYSTEM
from . import problem_checks
from .change import StatusChange
from .flow import Flow, school_then_county

PROBLEM = StatusChange(
    Flow(
        kind="problem", title="问题学籍处理", sign="问", start="applying", steps=school_then_county("问题学籍处理申请"), article=NATIONAL_SYSTEM,
        evidence={"statement": "情况说明（学校盖章）", "household": "户口簿", "police": "公安机关证明", "attending": "在校就读证明", "other": "其他材料"},
    ),
    asks={"problem_kind": "问题类型", "resolution": "处理方式", "explanation": "核实情况"},
    choices={"problem_kind": problem_checks.KINDS, "resolution": problem_checks.RESOLUTIONS},
    statuses=("01", "02", "06"), checks=problem_checks.PROBLEM, needed={"": ("statement",)},
)

ENTRIES = (PROBLEM,)
