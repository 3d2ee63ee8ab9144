"""Verbs of the office: each owns its transaction, takes people, dates and plain values, refuses with a sentence.

`cases` comes first: it asks the table of effects, and the kinds in that table ask it in turn; begun at any other end, the circle does not close.
"""

from .casework import cases as cases
