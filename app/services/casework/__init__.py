"""Cases of every kind: begun, decided, waited for, reminded of, undone. One start, one act."""
