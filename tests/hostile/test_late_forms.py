"""Every form of every duty, sent after the session ran out: signing in again shows it as it was typed. Nothing is done by it, and nobody else sees it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.extensions import db
from app.models import Draft, Event, SignIn
from tests.pages import Person, form_with

from .house import DUTIES, furnished, places

ENTERED = ("Text", "Textarea", "Field")
ELSEWHERE = re.compile(r"/(search|login|password|card)$")  # asks for a list; is no work; is read by a card reader


@pytest.mark.parametrize("username", DUTIES)
def test_nothing_typed_is_lost(username, app, county):
    furnished(county)
    person, lost, seen = Person(app, username), {}, set()
    for place in places(app, county):
        if "GET" not in place.methods or place.path.endswith((".pdf", ".xlsx")):
            continue
        for number in range(_forms(person, place.path)):
            form = person.get(place.path).forms[number]
            typed = _typed(form)
            shape = (re.sub(r"\d{6,}", "#", form.action or ""), *sorted(typed))
            if form.method.upper() != "POST" or not typed or shape in seen or ELSEWHERE.search(form.action):
                continue
            seen.add(shape)
            before = _acts()
            found = _sent_late(username, form, typed)
            if missing := sorted(name for name, word in typed.items() if f'value="{word}"' not in found.text and f">{word}<" not in found.text.replace("\n", "").replace("\r", "")):
                lost[f"{place.path} → {form.action}"] = (found.status_int, missing)
            elif "送来的内容，当时没有办理。请看一遍再提交。" not in found.text:
                lost[f"{place.path} → {form.action}"] = "not told"
            assert [event for event in _acts()[len(before):] if not event.startswith("signin.")] == []
    assert not lost, "\n".join(f"{where}: {what}" for where, what in lost.items())
    assert len(seen) >= {"registrar.a1": 25, "officer.a": 10, "auditor": 0}.get(username, 1), seen


def _forms(person, path):
    page = person.get(path, status="*")
    return len([key for key in page.forms if isinstance(key, int)]) if page.status_int == 200 and page.content_type == "text/html" else 0


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
    door["username"], door["password"] = username, "Xueji-demo-2026"
    return door.submit().follow(status="*")


def _run_out():
    db.session.execute(update(SignIn).values(seen_at=clock.now() - timedelta(minutes=31)))
    db.session.commit()


def _acts():
    return db.session.scalars(select(Event.name).order_by(Event.id)).all()
