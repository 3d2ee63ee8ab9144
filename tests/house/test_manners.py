"""What holds for the whole house: every view names its permission, views only read, foreign pages answer like missing ones."""

import ast
from pathlib import Path

import pytest

from app.permissions import ADMINISTRATORS, DUTIES, PERMISSIONS, RULES, TIER_OF_DUTY

ROOT = Path(__file__).resolve().parents[2] / "app"
OPEN = {"static", "sign_in.sign_in", "health.alive", "health.ready", "help.keys", "verify.form", "verify.show"}  # what anyone may open, on purpose


def test_every_view_declares_a_permission(app):
    undeclared = [endpoint for endpoint, view in app.view_functions.items() if endpoint != "static" and not hasattr(view, "permission")]
    assert undeclared == []


def test_only_these_pages_are_open_to_anyone(app):
    free = {endpoint for endpoint, view in app.view_functions.items() if getattr(view, "permission", None) is None}
    assert free <= OPEN


def test_every_permission_that_a_view_names_is_somebodys(app):
    named = {view.permission for view in app.view_functions.values() if getattr(view, "permission", None)}
    assert named <= PERMISSIONS


def _calls(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func), node.lineno


@pytest.mark.parametrize("path", sorted((ROOT / "views").glob("*.py")), ids=lambda path: path.stem)
def test_views_read_and_never_write_nor_fetch_by_bare_id(path):
    forbidden = {f"db.session.{verb}" for verb in ("add", "add_all", "delete", "commit", "flush", "get", "get_one", "merge")}
    assert [(name, line) for name, line in _calls(path) if name in forbidden] == []


@pytest.mark.parametrize("room", ["services", "models", "identity", "policies", "workflow", "documents", "spreadsheets", "codes", "demo"])
def test_no_room_below_the_views_knows_of_a_request(room):
    found = []
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "flask":
                found += [f"{path.name}: {alias.name}" for alias in node.names if alias.name in {"request", "session", "flash", "g"}]
    assert found == []


@pytest.mark.parametrize("room", ["services", "models", "identity", "policies", "workflow", "documents", "spreadsheets", "codes"])
def test_only_the_clock_asks_the_time(room):
    found = []
    for path in (ROOT / room).rglob("*.py"):
        found += [f"{path.name}:{line} {name}" for name, line in _calls(path) if name in {"datetime.now", "datetime.today", "date.today", "datetime.utcnow"}]
    assert found == []


def test_administrators_see_no_pupil_data():
    seen = {duty: {noun for noun in RULES[duty] if noun in {"student", "case", "import", "class", "document"}} for duty in ADMINISTRATORS}
    assert seen == {"sysadmin": set(), "security_admin": set(), "auditor": set()}


def test_every_duty_has_rules_and_a_tier_or_is_an_administrator():
    assert set(RULES) == set(DUTIES) == set(TIER_OF_DUTY) | set(ADMINISTRATORS)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(app):
    client = app.test_client()
    answers = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, "permission", None) is None or "GET" not in rule.methods:
            continue
        path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, 1), force_external=False)
        answers[rule.endpoint] = client.get(path).status_code
    assert {endpoint: status for endpoint, status in answers.items() if status != 303} == {}


def test_htmx_after_the_sessions_end_is_told_where_to_go(app):
    answer = app.test_client().get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"].split("?")[0]) == (401, "/login")
