"""学生变动: the lines by which every month's roll balances (期初 + 增 - 减 = 期末), booked in the acts themselves by the one table of app/codes/changes.py."""

from sqlalchemy import insert, select

from ..codes.changes import change
from ..models import Movement, new_id


def book(s, case, before, after, *, day, now, outcome="effective", reason=""):
    """The lines of a case: `before` and `after` are the pupil's school, grade, class, status and county, as mappings."""
    row = change(case.kind, outcome)
    entering, leaving = row.booked(before["status"])
    _write(s, case, row, (leaving, before, -1), (entering, after, 1), category=row.category or row.category_leaving or "", reason=row.reason or reason, day=day, now=now)


def book_reversal(s, case, undone_kind, before, after, *, day, now):
    """The lines of an undoing: of its own (撤销更正), on the day of the undoing; the month before stays as it was reported."""
    row = change("reversal")
    entering, leaving = row.booked(before["status"], restored=after["status"], undone=change(undone_kind))
    _write(s, case, row, (leaving, before, -1), (entering, after, 1), category=row.category, reason="", day=day, now=now)


def _write(s, case, row, *lines, category, reason, day, now):
    rows = [
        {"id": new_id(), "county_id": place["county_id"], "school_id": place["school_id"], "grade_id": place["grade_id"], "class_id": place["class_id"],
         "student_id": place["id"], "case_id": case.id, "kind": row.kind, "code": code, "number": number, "category": category, "reason": reason, "sex": place["sex"],
         "day": day, "entered_at": now}
        for code, place, number in lines if code
    ]
    if rows:
        s.execute(insert(Movement), rows)


def of_case(s, case_id):
    """[(code, number)] in the order of booking: for tests and figures."""
    return s.execute(select(Movement.code, Movement.number, Movement.school_id).where(Movement.case_id == case_id).order_by(Movement.id)).all()
