"""The table of lines names tests that there are, and each test of this folder keeps some line."""

import ast
from pathlib import Path

from tests.regulation.lines import LINES, Not

TESTS = Path(__file__).parents[1]
HERE = {"test_every_line.py", "test_rules_of_the_day.py"}


def names(path):
    return [node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


NAMED = {name for lines in LINES.values() for _, kept in lines if not isinstance(kept, Not) for name in kept}


def test_every_test_that_a_line_names_is_there():
    there = {name for path in TESTS.rglob("test_*.py") for name in names(path)}
    assert sorted(NAMED - there) == []


def test_every_line_is_kept_by_a_test_or_says_why_not():
    assert [line for lines in LINES.values() for line, kept in lines if not kept] == []
    assert list(LINES) == ["0 N25", "0 N13", *map(str, range(1, 16))]


def test_every_test_of_a_section_is_named_by_a_line():
    ours = {name for path in Path(__file__).parent.glob("test_*.py") if path.name not in HERE for name in names(path)}
    assert sorted(ours - NAMED) == []
