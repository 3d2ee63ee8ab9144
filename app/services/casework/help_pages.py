"""学籍业务说明: every kind of case as its table entry has it, with the days of the rules that the reader works by."""

from dataclasses import dataclass

from ...codes import table
from ...identity.grades import STAGES
from ...permissions import DUTIES
from ...workflow.changes import STATUS_CHANGES
from ...workflow.flows import FLOWS, REVERSAL, SEATS, days_of

DUTY_OF_SEAT = {"county": "county_officer", "city": "city_officer", "province": "province_officer"}


@dataclass(frozen=True)
class Kind:
    kind: str
    title: str
    article: str
    begun_by: str
    way: list  # (step's title, [whose desk, how long], look)
    statuses: list
    stages: str
    asks: list
    always: list  # evidence for every reason
    more: list  # (reasons, evidence that they ask for besides)
    evidence: list
    spared: list  # (evidence, when it may be left off)
    instead: list  # (status, what to do first)


def kinds(policy) -> list[Kind]:
    return [_kind(flow, policy) for flow in FLOWS.values() if flow.kind != REVERSAL.kind]


def _kind(flow, policy):
    change, statuses = STATUS_CHANGES.get(flow.kind), table("student_current_status")
    way = [
        (step.title, [SEATS.get(step.seat, ""), policy.text(days_of(step, DUTY_OF_SEAT.get(step.seat, ""))) if step.days and name != flow.start else ""], "")
        for name, step in ((name, flow.steps[name]) for name in flow.line)
    ]
    if change is None:
        return Kind(flow.kind, flow.title, flow.article, DUTIES[flow.begun_by], way, [], "", [], [], [], list(flow.evidence.values()), flow.sparing(), [])
    lists = change.evidence_lists()
    return Kind(
        flow.kind, flow.title, flow.article, DUTIES[flow.begun_by], way, [statuses.label(code) for code in change.statuses],
        "、".join(STAGES[stage] for stage in change.stages) if change.stages != "123" else "", list(change.asks.values()), [kind for words, kinds in lists if not words for kind in kinds],
        [(words, kinds) for words, kinds in lists if words], list(flow.evidence.values()), change.sparing(),
        [(f"状态是“{statuses.label(code)}”", cure) for code, cure in change.instead.items()],
    )
