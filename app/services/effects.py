"""What a kind does to the register when its case takes effect, and when it ends without one. One table; services.cases asks it and nobody else."""

from dataclasses import dataclass
from typing import Any

from . import enrolments


@dataclass(frozen=True)
class Effects:
    """Functions `(s, cases, *, actor, today, now) -> facts for the trace`, for cases of one school at once."""

    effective: Any
    ended: Any  # rejected, withdrawn, lapsed, cleared


EFFECTS = {"enrolment": Effects(enrolments.take_effect, enrolments.release)}


def run(s, flow, cases, outcome, *, actor, today, now) -> dict:
    if not outcome:
        return {}
    effect = EFFECTS[flow.kind].effective if outcome == "effective" else EFFECTS[flow.kind].ended
    return effect(s, cases, actor=actor, today=today, now=now)
