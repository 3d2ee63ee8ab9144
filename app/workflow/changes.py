"""异动: all the kinds of case by which a pupil's standing changes at the school where she is, in the order in which pages offer them.

A kind is an entry in one of the modules named here, a form (app/forms/changes.py), an effect (app/services/casework/effects.py) and a template per event.
"""

from dataclasses import replace

from . import departures, dropouts, grade_moves, problems, record_changes, suspensions, withdrawals

GROUPS = (suspensions, dropouts, departures, grade_moves, record_changes, problems, withdrawals)
# many decided together take effect each by itself: one whose pupil has moved on does not hold up the others
STATUS_CHANGES = {change.flow.kind: replace(change, flow=replace(change.flow, one_by_one=True)) for group in GROUPS for change in group.ENTRIES}
CHANGES = tuple(change.flow for change in STATUS_CHANGES.values())
