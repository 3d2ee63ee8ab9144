"""Running the house: bodies, calendar, rules, the first administrators, backups, the night's work, the auditor's questions."""
