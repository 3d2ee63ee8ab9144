"""异动: the form of every kind (workflows.md 8–17)."""

from . import departures, dropouts, problem_cases, suspensions, withdrawals

FORMS = {**suspensions.FORMS, **dropouts.FORMS, **departures.FORMS, **problem_cases.FORMS, **withdrawals.FORMS}
