"""异动: the form of every kind (workflows.md 8–17)."""

from . import departures, dropouts, grade_moves, problem_cases, record_changes, suspensions, withdrawals

FORMS = {
    **suspensions.FORMS, **dropouts.FORMS, **departures.FORMS, **grade_moves.FORMS, **record_changes.FORMS, **problem_cases.FORMS, **withdrawals.FORMS,
}
COMING = {**departures.COMING}  # of a pupil of another school, whose family this one does not know
