"""The regulation, line by line. A file per section of `regulation.md` (test_05_transfer.py is its section 5), in each a test per line, named after it and asked on the
edge. What is told as a story elsewhere is not told twice: `lines.py` lists every line of the regulation with the tests that keep it, or with why no program can.
"""
