"""异动: the form of every kind (workflows.md 8–17)."""

from . import departures, dropouts, suspensions, withdrawals

FORMS = {**suspensions.FORMS, **dropouts.FORMS, **departures.FORMS, **withdrawals.FORMS}
