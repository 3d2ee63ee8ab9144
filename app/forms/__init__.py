"""Forms clean and check what was typed and say in a full sentence what to do."""
