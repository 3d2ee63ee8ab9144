"""异动: the form of every kind (workflows.md 8–17)."""

from . import departures, suspensions

FORMS = {**suspensions.FORMS, **departures.FORMS}
