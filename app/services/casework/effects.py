"""What a kind does to the register when its case takes effect, and when it ends without one. One table; services.casework.cases asks it and nobody else."""

from dataclasses import dataclass
from typing import Any

from ..intake import enrolments, unmaking
from ..problem_records import merges, problem_cases
from ..schools import drawing, quota_cases, recruiting
from ..standing import departures, dropouts, grade_moves, key_changes, record_changes, suspensions, withdrawals
from ..transfer import moving, whole_classes, whole_classes_back


def _nothing(s, cases, *, actor, today, now):
    return {}


def _nothing_more(s, student, asked, actor, today):
    return {}


def _nothing_to_restore(s, case):
    return []


def _no_more(s, cases, action, words, *, actor, today, now):
    return {}


@dataclass(frozen=True)
class Effects:
    """Functions `(s, cases, *, actor, today, now) -> facts for the trace`, for cases of one school at once.

    `passing` is asked at each step that does not end the case, and before `effective`: `(s, cases, action, words, *, actor, today, now) -> facts`.
    `more` gathers what the checks of this kind alone ask of the register: `(s, student, asked, actor, today) -> ChangeFacts.more`.
    `restore` puts back, before a case is undone, what its footprint does not tell: `(s, case) -> sentences` why it cannot.
    `undo` undoes a case that leaves no footprint: `(s, case, *, actor, today, now) -> findings` to mind afterwards.
    """

    effective: Any
    ended: Any = _nothing  # rejected, withdrawn, lapsed, cleared
    passing: Any = _no_more
    more: Any = _nothing_more
    restore: Any = _nothing_to_restore
    undo: Any = None


EFFECTS = {
    "enrolment": Effects(enrolments.take_effect, enrolments.release, undo=unmaking.undo), "supplementary": Effects(enrolments.take_effect, enrolments.release, undo=unmaking.undo),
    **dict.fromkeys(("transfer", "transfer-out"), Effects(moving.take_effect, moving.release, moving.pass_on)),
    "suspension": Effects(suspensions.suspend), "suspension-renewal": Effects(suspensions.renew), "resumption": Effects(suspensions.resume),
    "dropout": Effects(dropouts.report, more=dropouts.more), "back-to-school": Effects(dropouts.come_back),
    "withdrawal": Effects(withdrawals.withdraw, more=withdrawals.more), "expulsion": Effects(withdrawals.expel),
    "abroad": Effects(departures.go_abroad), "back-from-abroad": Effects(departures.come_home), "death": Effects(departures.die), "loss-of-ability": Effects(departures.lose_ability),
    "grade-skip": Effects(grade_moves.move, more=grade_moves.more), "grade-repeat": Effects(grade_moves.move, more=grade_moves.more),
    "key-change": Effects(key_changes.correct, passing=key_changes.pass_on, more=key_changes.more, restore=key_changes.restore),
    "kind-change": Effects(record_changes.change_kind, more=record_changes.more),
    "poverty": Effects(record_changes.certify, more=record_changes.more), "poverty-end": Effects(record_changes.end, more=record_changes.more),
    "whole-class-transfer": Effects(whole_classes.take_effect, undo=whole_classes_back.undo),
    "merge": Effects(merges.take_effect, undo=merges.undo),
    "recruit-consent": Effects(recruiting.take_effect, undo=recruiting.undo), "moving-up": Effects(drawing.take_effect, drawing.release, undo=drawing.undo),
    "quota": Effects(quota_cases.take_effect, undo=quota_cases.undo),
    "problem": Effects(problem_cases.settle, more=problem_cases.more, restore=problem_cases.restore),
}


def run(s, flow, cases, action, outcome, *, words, actor, today, now) -> dict:
    kind, who = EFFECTS[flow.kind], {"actor": actor, "today": today, "now": now}
    if outcome not in ("", "effective"):
        return kind.ended(s, cases, **who)
    facts = kind.passing(s, cases, action, words, **who)
    return facts | kind.effective(s, cases, **who) if outcome else facts
