"""Verbs of the office: each owns its transaction, takes people, dates and plain values, refuses with a sentence."""
