"""Every form of every duty, sent after the session ran out: signing in again shows it as it was typed. Nothing is done by it, and nobody else sees it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.demo.cast import PASSWORD
from app.extensions import db
from app.models import Draft, Event, SignIn
from app.services.people import passwords
from tests.pages import Person, form_with

from .house import DUTIES, places

ENTERED = ("Text", "Textarea", "Field")
ELSEWHERE = re.compile(r"/(search|login|password|card)$")  # asks for a list; is no work; is read by a card reader


@pytest.mark.parametrize("username", DUTIES)
def test_nothing_typed_is_lost(username, app, county, furnished, monkeypatch):
    monkeypatch.setattr(passwords, "fits", lambda typed, _: typed == PASSWORD)  # a hundred sign-ins, and none of them is the story
    person, lost, seen, known = Person(app, username), {}, set(), set()
    for place in places(app, county):
        if "GET" not in place.methods or place.path.endswith((".pdf", ".xlsx")):
            continue
        page = _opened(person, place.path)
        if not page or not (new := set(_outlines(page.text)) - known):  # a page is taken apart only where it has a form that was not met yet
            continue
        known |= new
        for number, there in enumerate(_forms(page)):
            typed = _typed(there)
            shape = (re.sub(r"\d{6,}", "#", there.action or ""), *sorted(typed))
            if there.method.upper() != "POST" or not typed or shape in seen or ELSEWHERE.search(there.action):
                continue
            seen.add(shape)
            form, before = _forms(_opened(person, place.path))[number], _acts()  # opened in the session that is to run out
            found = _sent_late(username, form, typed)
            text = found.text.replace("\n", "").replace("\r", "")
            if missing := sorted(name for name, word in typed.items() if f'value="{word}"' not in text and f">{word}<" not in text):
                lost[f"{place.path} → {form.action}"] = (found.status_int, missing)
            elif "送来的内容，当时没有办理。请看一遍再提交。" not in text:
                lost[f"{place.path} → {form.action}"] = "not told"
            assert [event for event in _acts()[len(before):] if not event.startswith("signin.")] == []
    assert not lost, "\n".join(f"{where}: {what}" for where, what in lost.items())
    assert len(seen) >= {"registrar.a1": 25, "officer.a": 10, "auditor": 0}.get(username, 1), seen


def _opened(person, path):
    page = person.get(path, status="*")
    return page if page.status_int == 200 and page.content_type == "text/html" else None


def _outlines(text):
    """Of each form in a page where it is sent, what its fields are called and how many of them are to be read only."""
    for form in re.findall(r"<form\b.*?</form>", text, re.S):
        yield re.sub(r"\d{6,}", "#", form.split(">")[0]), form.count("readonly"), *sorted(set(re.findall(r'\bname="([^"]*)"', form)))


def _forms(page):
    return [form for key, form in page.forms.items() if isinstance(key, int)]


def _typed(form):
    names = [name for name, fields in form.fields.items() if name and fields[0].__class__.__name__ in ENTERED and "readonly" not in fields[0].attrs]
    return {name: f"留{number}" for number, name in enumerate(names)}


def _sent_late(username, form, typed):
    for name, word in typed.items():
        form[name] = word
    _run_out()
    answer = form.submit(status="*")
    assert (answer.status_int, db.session.scalars(select(func.count()).select_from(Draft).where(Draft.kind == "late")).one()) != (303, 0), form.action
    door = form_with(answer.follow(), "username", "password")
    door["username"], door["password"] = username, PASSWORD
    return door.submit().follow(status="*")


def _run_out():
    db.session.execute(update(SignIn).values(seen_at=clock.now() - timedelta(minutes=31)))
    db.session.commit()


def _acts():
    return db.session.scalars(select(Event.name).order_by(Event.id)).all()
