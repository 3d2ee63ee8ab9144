"""Every kind of case, in any order, by anybody, on any day: a small model of what may happen (matrix.py, model.py) beside the register that it happens in.

Chance chooses: 5,000 steps, in `make trust` 100,000 on SQLite and 25,000 more on PostgreSQL, in runs of their own seeds. After each step all that `invariants.py` says is looked at.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from app.workflow.flows import FLOWS
from tests.conftest import ENGINE

from .days import Days
from .desks import OUTCOMES, Desks
from .house import House
from .invariants import Invariants
from .matrix import KINDS
from .rules_pupils import Pupils
from .rules_schools import Schools
from .rules_transfers import Transfers

HEAVY = os.environ.get("PROOFS") == "whole"
STEPS, RUNS = 5000, {"sqlite": 20, "postgresql": 5}[ENGINE] if HEAVY else 1
ALWAYS = {"approve", "return", "refuse", "withdraw", "clear", "again", "reversal", "agree", "draw", "class-change", "mark", "plan"}
SELDOM = {"disagree", "take_back", "lapse", "instruct", "punish", "lift", "ask to clear"} | KINDS  # each has its own stories and its race; chance may leave out so many of them in one run
LEFT_OUT = 4


class Machine(Invariants, Days, Schools, Transfers, Pupils, Desks):
    """All the rules of its rooms, in any order; what always holds is asked after each."""


@pytest.mark.parametrize("run", range(1, RUNS + 1))
def test_whatever_is_done_in_whatever_order(run, standing_county, record_property):
    OUTCOMES.clear()
    house, luck = House(standing_county), 1000 * run + (500 if ENGINE == "postgresql" else 0)
    try:
        while OUTCOMES["step", "done"] < STEPS:
            luck += 1
            machine = seed(luck)(type(f"Machine{luck}", (Machine,), {"house": house}))
            run_state_machine_as_test(machine, settings=settings(
                max_examples=10, stateful_step_count=50, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]))
    finally:
        house.close()
        record_property("steps", OUTCOMES["step", "done"])
        record_property("acts", sum(many for (name, how), many in OUTCOMES.items() if name != "step" and how == "done"))
    acts = {name for (name, how), many in OUTCOMES.items() if many and how == ("effective" if name in KINDS - {"reversal"} else "done")}
    assert acts >= ALWAYS and len(SELDOM - acts) <= LEFT_OUT, (ALWAYS - acts, SELDOM - acts)  # else chance chose too little


def test_the_matrix_knows_every_kind():
    assert set(FLOWS) == KINDS
