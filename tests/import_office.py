"""School a1 hands in workbooks of new pupils and has them written: what the stories of imports share."""

import pytest
from sqlalchemy import func, select, update

from app.extensions import db
from app.models import (
    Case,
    Class,
    Enrolment,
    Event,
    EventSubject,
    Guardian,
    Import,
    Job,
    PersonNumber,
    Quota,
    SearchKey,
    Student,
)
from app.services import jobs
from app.services.intake import imports
from app.services.schools import quotas
from app.services.transactions import writes

REGISTER = (Student, Guardian, Enrolment, PersonNumber, SearchKey, Case, Event, EventSubject)


@pytest.fixture
def registrar(county):
    return county.actor("registrar.a1")


@pytest.fixture
def hand_in(registrar, today, now):
    """Upload a workbook and have it checked; returns the import's id."""

    def hand_in(data, name="新生.xlsx", actor=registrar):
        import_id = imports.upload(data, name, actor=actor, today=today, now=now)
        assert jobs.run_next(now)
        return import_id

    return hand_in


@pytest.fixture
def write(registrar, now):
    """Have the rows written; returns the job's message."""

    def write(import_id, mode="all", understood=False):
        imports.apply(import_id, mode, understood=understood, actor=registrar, now=now)
        return work_off(now)

    return write


def work_off(now):
    """Everything that waits, and what the writing said that was asked for last."""
    while jobs.run_next(now):
        pass
    return db.session.scalars(select(Job.message).where(Job.kind == "import.apply").order_by(Job.id.desc())).first()


def row(import_id):
    return db.session.execute(select(Import).where(Import.id == import_id).execution_options(populate_existing=True)).scalar_one()


def counts(import_id):
    one = row(import_id)
    return one.state, one.rows, one.good, one.warned, one.bad, one.known


def faults(import_id, states=("bad",), level="block"):
    """{(row, letter): sentence} of what is found."""
    found, _ = imports.findings(db.session, import_id, states, level=level, most=10_000)
    return {(one.row, one.letter): one.sentence for _, one in found}


def register():
    return [db.session.execute(select(func.count()).select_from(table)).scalar() for table in REGISTER]


def room(county):
    """(heads in class 1, heads in class 2, used places of the plan)"""
    classes = [county.class_("a1", number=number) for number in (1, 2)]
    heads = [db.session.execute(select(Class.headcount).where(Class.id == one)).scalar() for one in classes]
    return (*heads, db.session.execute(select(Quota.used).where(Quota.school_id == county.body("a1"), Quota.year == 2026)).scalar())


def plan(county, planned):
    old = quotas.of(db.session, county.body("a1"), "1", 2026)
    quotas.plan(county.body("a1"), "1", 2026, planned, reason="招生文件", version=old.version, actor=county.actor("officer.a"))


@writes(traced=False)
def limit(s, class_id, heads):
    s.execute(update(Class).where(Class.id == class_id).values(size_limit=heads))
