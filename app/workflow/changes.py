"""异动: all the kinds of case by which a pupil's standing changes at the school where she is, in the order in which pages offer them.

A kind is an entry in one of the modules named here, a form (app/forms/changes.py), an effect (app/services/effects.py) and a template per event.
"""

from . import departures, dropouts, problems, suspensions, withdrawals

CLOSED = ("07", "08", "09")  # 毕业, 结业, 肄业
STATUS_CHANGES = {change.flow.kind: change for change in (*suspensions.ENTRIES, *dropouts.ENTRIES, *departures.ENTRIES, *problems.ENTRIES, *withdrawals.ENTRIES)}
CHANGES = tuple(change.flow for change in STATUS_CHANGES.values())
