"""跳级, 留级 as table entries (workflows.md 14, 15; regulation.md 8)."""

from ..policies.sources import N13
from . import grade_move_checks
from .change import StatusChange
from .flow import Flow, school_then_county

_ASKS = {"explanation": "申请理由", "guardian": "申请的监护人"}
_CLOSED = {"02": "休学的请先办理复学", "06": "流失的请先办理返校"}

SKIP = StatusChange(
    Flow(
        kind="grade-skip", title="跳级", sign="跳", start="applying", steps=school_then_county("跳级申请"), article=f"{N13}第十一条",
        evidence={"application": "跳级申请书（监护人签字）", "exam": "学业考核记录", "opinion": "学校意见", "other": "其他材料"},
    ),
    asks={"to_class": "编入班级", **_ASKS}, statuses=("01",), checks=grade_move_checks.SKIP, years=(1,), needed={"": ("application", "exam", "opinion")}, instead=_CLOSED,
)
REPEAT = StatusChange(
    Flow(
        kind="grade-repeat", title="留级", sign="留", start="applying", steps=school_then_county("留级申请"), article=f"{N13}第十一条",
        evidence={"application": "留级申请书（监护人签字）", "exam": "学业考核记录", "opinion": "学校意见", "other": "其他材料"},
    ),
    asks={"to_class": "编入班级", **_ASKS}, statuses=("01",), checks=grade_move_checks.REPEAT, years=(-1,), needed={"": ("application", "exam", "opinion")},
    instead=_CLOSED | {"07": "已取得毕业证书的不得复读"},
)

ENTRIES = (SKIP, REPEAT)
