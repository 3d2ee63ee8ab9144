"""New pupils: one by form, a grade by workbook, and what becomes of them when a case ends without effect."""
