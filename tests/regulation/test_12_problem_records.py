"""Section 12: duplicates and problem records (查重、问题学籍)."""

import pytest

from app.workflow.problem_checks import CORRECTION, PROOF, REMOVAL
from tests.regulation.facts import change, level

WAYS = {"01": {PROOF, CORRECTION, REMOVAL}, "02": {CORRECTION, REMOVAL}, "03": {PROOF, CORRECTION}, "04": {PROOF, CORRECTION}, "05": {PROOF, CORRECTION, REMOVAL},
        "11": {CORRECTION, REMOVAL}, "12": {CORRECTION, REMOVAL}}


@pytest.mark.parametrize("way", [PROOF, CORRECTION, REMOVAL])
@pytest.mark.parametrize("kind", WAYS)
def test_which_way_is_open_to_which_type(kind, way):
    found = change("problem", {"problem_kind": kind, "resolution": way}, more={"listed": [kind], "corrected": True})
    assert level(found, "way") == (None if way in WAYS[kind] else "block")


def test_only_a_record_that_was_put_in_question_is_settled():
    assert level(change("problem", {"problem_kind": "01", "resolution": PROOF}, more={"listed": [], "corrected": False}), "listed") == "block"


def test_corrected_without_a_correction_is_minded():
    assert level(change("problem", {"problem_kind": "03", "resolution": CORRECTION}, more={"listed": ["03"], "corrected": False}), "corrected") == "warn"
