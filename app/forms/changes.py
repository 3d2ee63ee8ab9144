"""异动: the form of every kind (workflows.md 8–17)."""

from . import suspensions

FORMS = {**suspensions.FORMS}
