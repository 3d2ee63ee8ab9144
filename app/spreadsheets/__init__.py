"""Workbooks in and out, from plain values. Nothing here knows a request, a session or a table of the database."""
