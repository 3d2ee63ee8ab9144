"""The tables of cases hold together: every way leads somewhere, every desk is known, what ends has no exit."""

import pytest

from app.permissions import DUTIES
from app.policies.settings import SETTINGS
from app.workflow.flows import FLOWS, SEATS, STATES, Step, days_of, reasons

KINDS = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)


@KINDS
def test_every_move_leads_to_a_step(flow):
    assert {move.to for step in flow.steps.values() for move in step.moves.values()} <= set(flow.steps)


@KINDS
def test_every_step_is_reached(flow):
    reached, waiting = {flow.start}, [flow.start]
    while waiting:
        for move in flow.steps[waiting.pop()].moves.values():
            if move.to not in reached:
                reached.add(move.to)
                waiting.append(move.to)
    assert reached == set(flow.steps)


@KINDS
def test_what_ends_has_an_outcome_and_no_exit(flow):
    for step in flow.steps.values():
        assert step.terminal == bool(step.outcome) == (not step.moves)
        assert not step.terminal or step.outcome in STATES


@KINDS
def test_every_open_step_has_a_desk_and_a_time(flow):
    for step in flow.steps.values():
        if not step.terminal:
            assert step.seat in SEATS
            assert all(SETTINGS[days_of(step, duty)].kind == "length" for duty in DUTIES)


@KINDS
def test_the_ordinary_way_begins_with_the_applicant_and_ends_in_effect(flow):
    assert flow.line[0] == flow.start
    assert flow.steps[flow.line[-1]].outcome == "effective"
    assert flow.begun_by in DUTIES


@KINDS
def test_nobody_is_offered_to_hand_in_or_to_withdraw_for_another(flow):
    for name in flow.steps:
        assert not {"submit", "withdraw", "clear", "lapse"} & set(flow.offered(name))


@KINDS
def test_sending_back_or_refusing_needs_a_reason(flow):
    assert reasons(flow.kind)
    for step in flow.steps.values():
        assert all(move.blame for action, move in step.moves.items() if action in ("return", "refuse"))


def test_each_office_has_its_own_clock_and_mending_has_one():
    audit, mending = Step("学校审核", "audit", "step_days_school"), Step("登记信息", "applicant", "mend_days")
    assert [days_of(audit, duty) for duty in ("school_head", "township_registrar", "county_officer", "city_officer")] == [
        "step_days_school", "step_days_township", "step_days_county", "step_days_city",
    ]
    assert days_of(mending, "school_registrar") == "mend_days"
