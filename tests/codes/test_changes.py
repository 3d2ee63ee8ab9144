import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import codes
from app.codes.changes import CHANGES, COUNTED, DECREASES, INCREASES, change

KINDS = [
    *("enrolment", "supplementary", "transfer", "transfer-out", "whole-class-transfer"),
    *("suspension", "suspension-renewal", "resumption", "dropout", "back-to-school", "abroad", "back-from-abroad"),
    *("death", "loss-of-ability", "withdrawal", "expulsion", "grade-skip", "grade-repeat", "class-change"),
    *("key-change", "kind-change", "poverty", "poverty-end", "quota", "recruit-consent", "problem", "merge", "clear", "reversal"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_business_says_what_it_does(kind):
    assert change(kind).kind == kind


def test_every_code_in_the_table_exists_and_every_row_says_whence():
    tables = {
        "status": "student_current_status",
        "status_at_old_school": "student_current_status",
        "category": "status_change_category",
        "category_leaving": "status_change_category",
        "entering": "student_change",
        "leaving": "student_change",
    }
    for row in CHANGES:
        for field, table in tables.items():
            assert getattr(row, field) is None or getattr(row, field) in codes.table(table), (row.kind, field)
        if row.reason:
            assert row.reason in codes.table(row.reasons or "status_change_reason"), row.kind
        assert row.whence
        assert row.entering is None or row.entering in INCREASES
        assert row.leaving is None or row.leaving in DECREASES


def test_leaving_the_area_is_not_dropping_out():
    out, lost = change("transfer-out"), change("dropout")

    assert (out.status, out.leaving) == ("10", "27")
    assert (lost.status, lost.leaving) == ("06", "28")


def test_a_transfer_takes_off_at_one_school_and_adds_at_the_other():
    assert change("transfer").booked("01") == ("13", "27")


def test_who_dies_while_suspended_is_not_taken_off_twice():
    assert change("suspension").booked("01") == (None, "23")
    assert change("death").booked("02") == (None, None)
    assert change("death").booked("01") == (None, "26")


def test_a_cleared_enrolment_was_never_counted():
    assert change("enrolment", "cleared").booked(None) == (None, None)
    assert change("enrolment").booked(None) == ("11", None)


def test_undoing_books_the_mirror_of_what_was_booked():
    undo = change("reversal")

    assert undo.booked("01", restored="01", undone=change("transfer")) == ("98", "99")
    assert undo.booked("01", restored="01", undone=change("key-change")) == (None, None)
    assert undo.booked("11", restored="01", undone=change("death")) == ("98", None)
    assert undo.booked("11", restored="02", undone=change("death")) == (None, None)
    assert undo.booked("01", restored="94", undone=change("enrolment")) == (None, "99")


@settings(max_examples=300)
@given(st.lists(st.sampled_from(CHANGES), max_size=40))
def test_whatever_happens_to_a_pupil_the_roll_balances(story):
    status, roll, trail = None, 0, []
    for row in story:
        if row.outcome == "cleared" and status:
            continue  # only one who is not yet a pupil can lose the application
        if row.kind == "reversal":
            if not trail:
                continue
            undone, restored = trail.pop()
            lines = row.booked(status, restored=restored or "94", undone=undone)
            status = restored
        else:
            lines = row.booked(status)
            trail.append((row, status))
            status = row.status or status
        roll += sum(1 if line in INCREASES else -1 for line in lines if line)
        assert roll == (1 if status in COUNTED else 0)
