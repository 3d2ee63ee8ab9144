"""Hostile words in every field of every form of every duty: a sentence or a page, never a broken one, and nowhere markup afterwards."""

import re

import pytest
from webtest import AppError, Upload

from app.services.people import throttle
from tests.pages import Person

from .house import DUTIES, HOSTILE, UNESCAPED, WORST, places, token

KEPT = {"csrf_token", "idempotency_key"}
ENDS_IT = ("/logout",)
FOREIGN_WORDS = re.compile(r"\b(?:not|could|invalid|must|field|required|valid|value|this|error|too)\b", re.I)  # of a library's own sentences
TAGS = re.compile(r"<[^>]*>")
READERS = ("registrar.a1", "head.a1", "officer.a", "auditor", "sysadmin", "security")


@pytest.mark.parametrize("username", DUTIES)
def test_no_form_breaks_and_nothing_comes_out_as_markup(username, app, county, sign_in, monkeypatch, furnished):
    monkeypatch.setattr(throttle, "attempt", lambda *_, **__: None)  # a hundred wrong passwords are no story here
    person = sign_in(username)
    everywhere = places(app, county)
    wrong, seen = {}, set()
    for place in everywhere:
        if "GET" not in place.methods or place.path.endswith((".pdf", ".xlsx")):
            continue
        page = _open(person, place.path)
        for form in _forms(page):
            shape = (re.sub(r"\d{6,}", "#", form.action or place.path), *sorted(filter(None, form.fields)))
            if shape in seen or form.action.endswith(ENDS_IT) or form.action.endswith("/end"):
                continue
            seen.add(shape)
            for label, fields, files in _attacks(form):
                action = form.action or place.path
                try:
                    person, answer = _sent(person, action, fields, files, app, username)
                except Exception as error:  # every one is a finding
                    wrong[f"{action} {label}"] = repr(error)[:200]
                    continue
                if found := amiss(answer):
                    wrong[f"{action} {label}"] = found
    for reader in READERS:
        person = _signed_in(app, reader)
        for place in everywhere:
            if "GET" in place.methods and person and not place.path.endswith((".pdf", ".xlsx")):
                answer = person.get(place.path, status="*")
                if UNESCAPED.search(answer.body):
                    wrong[f"{reader} {place.path}"] = "markup"
    assert seen or username == "teacher.a1"
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())


def _open(person, path):
    page = person.get(path, status="*")
    return page if page.status_int == 200 and page.content_type == "text/html" else None


def _forms(page):
    return [form for form in page.forms.values() if form.method.upper() == "POST"] if page else []


def _attacks(form):
    """(label, fields, files): each hostile word in all that is typed, the worst ones in everything; nothing at all; everything three times."""
    sent = [(name, value) for name, value in form.submit_fields() if not isinstance(value, Upload)]
    typed = {name for name, fields in form.fields.items() for field in fields if field.__class__.__name__ in ("Text", "Textarea", "Field") and name}
    names = {name for name in form.fields if name} - KEPT
    for label, word in HOSTILE.items():
        yield label, [(name, word if name in typed - KEPT and not _hidden(form, name) else value) for name, value in sent] or sent, []
    for label in WORST:
        yield f"{label} everywhere", [(name, value) for name, value in sent if name in KEPT] + [(name, HOSTILE[label]) for name in sorted(names)], []
    yield "nothing", [(name, value) for name, value in sent if name in KEPT], []
    yield "no key", [(name, value) for name, value in sent if name != "idempotency_key"], []
    yield "a long key", [(name, "k" * 5000 if name == "idempotency_key" else value) for name, value in sent], []
    yield "a nul key", [(name, "k\x00" if name == "idempotency_key" else value) for name, value in sent], []
    yield "three times", [pair for pair in sent if pair[0] == "csrf_token"] + [pair for pair in sent if pair[0] != "csrf_token"] * 3, []
    files = [name for name, fields in form.fields.items() for field in fields if field.__class__.__name__ == "File"]
    for name in files:
        for label, filename, content in FILES:
            yield f"file {label}", [pair for pair in sent if pair[0] != name], [(name, filename, content)]


def _hidden(form, name):
    return form.fields[name][0].__class__.__name__ == "Hidden"


FILES = (
    ("empty", "a.xlsx", b""), ("not what it says", "a.xlsx", b"PK\x03\x04" + b"\0" * 400), ("a name upwards", "../../../etc/passwd", b"abc"),
    ("a name with markup", '<img src=x onerror=xj>.csv', "姓名\n张三".encode()), ("a long name", "长" * 4000 + ".jpg", b"\xff\xd8\xff\xe0" + b"\0" * 30_000),
    ("a name with nul", "a\x00.csv", b"a,b\n\x00,\x01"), ("a picture cut short", "a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 20_000), ("text", "a.csv", b"\xff\xfe\x00" * 900),
    ("drawing", "a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>" * 400), ("old workbook", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4000),
)


def amiss(answer):
    """What no answer may be, in a word; "" where all is well."""
    if answer.status_int >= 500:
        return f"answered {answer.status_int}"
    if UNESCAPED.search(answer.body):
        return "markup"
    if any("\n" in value for value in answer.headers.values()) or answer.headers.get("Set-Cookie", "").startswith("xj="):
        return "header"
    if answer.content_type == "text/html" and answer.status_int != 303 and FOREIGN_WORDS.search(TAGS.sub(" ", answer.text)):  # parsed only where there may be one
        texts = [element.get_text(" ", strip=True) for element in answer.html.select("[data-hook=error-summary], [data-hook=field-error], [data-hook=flash], h1, main > p")]
        foreign = [FOREIGN_WORDS.search(text) for text in texts if not any(word[:12] in text for word in HOSTILE.values())]
        return next((match[0] for match in foreign if match), "")
    return ""


def _sent(person, action, fields, files, app, username):
    """(person, answer): signed in again, and sent again, where a form before has ended the session."""
    send = lambda: person.post(action, [(name, token(person) if name == "csrf_token" else value) for name, value in fields], upload_files=files or None, status="*")  # noqa: E731
    answer = send()
    if answer.status_int == 303 and answer.location.startswith("/login"):
        person = _signed_in(app, username)
        answer = send()
    return person, answer


def _signed_in(app, username):
    try:
        return Person(app, username)
    except (AssertionError, AppError):  # closed, or given another password, by one of the forms
        return None
