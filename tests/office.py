"""School a1 and its county at work on one day: the desk-to-desk stories of cases are told with it."""

import threading

import pytest
from sqlalchemy import func, select

from app.errors import Refusal
from app.extensions import db
from app.models import Case
from app.services.casework import cases
from app.services.casework.cases import Words
from app.services.intake import enrolments


@pytest.fixture
def a(county, today, now):
    return Office(county, today, now)


class Office:
    """School a1 and its county at work on one day."""

    def __init__(self, county, today, now):
        self.county, self.today, self.now = county, today, now
        self.registrar, self.head, self.officer = (county.actor(name) for name in ("registrar.a1", "head.a1", "officer.a"))
        self.class_id = county.class_("a1", number=2)

    def apply(self, record, class_id=None, **rest):
        return enrolments.apply(record, class_id or self.class_id, actor=self.registrar, today=self.today, now=self.now, **rest)

    def act(self, case_id, action, actor, words=Words(), **rest):
        version = rest.pop("version", None) or case(case_id).version
        return cases.act(case_id, action, actor=actor, version=version, today=rest.pop("today", self.today), now=rest.pop("now", self.now), words=words, **rest)

    def approve(self, case_id, words=Words()):
        self.act(case_id, "approve", self.head)
        return self.act(case_id, "approve", self.officer, words)


def case(case_id):
    return row(Case, Case.id == case_id)


def row(model, *conditions):
    return db.session.execute(select(model).where(*conditions).execution_options(populate_existing=True)).scalar_one()


def count(model, *conditions):
    return db.session.execute(select(func.count()).select_from(model).where(*conditions)).scalar_one()


def at_once(app, works):
    """What each of these acts answers with when they start together: the result, or the refusal."""
    start, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        with app.app_context():
            start.wait()
            try:
                answers[place] = work()
            except Refusal as refusal:
                answers[place] = refusal
            finally:
                db.session.remove()
                db.engine.dispose() if db.engine.dialect.name == "sqlite" else None

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
