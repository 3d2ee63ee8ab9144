"""学生变动: the lines by which every month's roll balances (期初 + 增 - 减 = 期末), booked in the acts themselves by the one table of app/codes/changes.py."""

from sqlalchemy import select

from ...codes.changes import change
from ...extensions import insert_many
from ...models import Movement, new_id


def book(s, case, before, after, *, day, now, kind="", outcome="effective", reason=""):
    """The lines of a case: `before` and `after` are the pupil's school, grade, class, status and county, as mappings. `kind` where the table has another word for it."""
    row = change(kind or case.kind, outcome)
    entering, leaving = row.booked(before["status"])
    _write(s, _lines(case.id, row, (leaving, before, -1), (entering, after, 1), category=row.category or row.category_leaving or "", reason=row.reason or reason, day=day, now=now))


def book_many(s, kind, pupils, *, day, now):
    """One line each for `pupils` who all came, or left, or changed places the same way: [(case's id, before, after)]."""
    row, rows = change(kind), []
    for case_id, before, after in pupils:
        entering, leaving = row.booked(before["status"])
        rows += _lines(case_id, row, (leaving, before, -1), (entering, after, 1), category=row.category or "", reason=row.reason or "", day=day, now=now)
    _write(s, rows)


def book_reversal(s, case, undone_kind, before, after, *, day, now):
    """The lines of an undoing: of its own (撤销更正), on the day of the undoing; the month before stays as it was reported."""
    row = change("reversal")
    entering, leaving = row.booked(before["status"], restored=after["status"], undone=change(undone_kind))
    _write(s, _lines(case.id, row, (leaving, before, -1), (entering, after, 1), category=row.category, reason="", day=day, now=now))


def _lines(case_id, row, *lines, category, reason, day, now):
    return [
        {"id": new_id(), "county_id": place["county_id"], "school_id": place["school_id"], "grade_id": place["grade_id"], "class_id": place["class_id"],
         "student_id": place["id"], "case_id": case_id, "kind": row.kind, "code": code, "number": number, "category": category, "reason": reason, "sex": place["sex"],
         "day": day, "entered_at": now}
        for code, place, number in lines if code
    ]


def _write(s, rows):
    insert_many(s, Movement, rows)


def of_case(s, case_id):
    """[(code, number)] in the order of booking: for tests and figures."""
    return s.execute(select(Movement.code, Movement.number, Movement.school_id).where(Movement.case_id == case_id).order_by(Movement.id)).all()
