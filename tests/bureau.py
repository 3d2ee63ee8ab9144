"""A bureau from nothing: province, city, county, township centre, for stories about how a house is set up."""

import contextlib
import json
from datetime import date, datetime

import pytest
from sqlalchemy import event, select

from app.errors import Refusal
from app.extensions import db
from app.models import Account, Body, Event, House, Post, new_id
from app.permissions import Actor
from app.services.administration import calendars, organisations
from app.services.transactions import writes

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 9, 0)
LIU = Actor(account_id=None, name="柳青", duty="sysadmin")
PROVINCE = {"tier": "province", "name": "湖北省教育厅", "division_code": "420000"}
CITY = {"tier": "city", "name": "十堰市教育局", "division_code": "420300"}
COUNTY = {"tier": "county", "name": "竹山县教育局", "short_name": "竹山县", "abbreviation": "竹", "division_code": "420323"}
SCHOOL = {
    "tier": "school", "name": "竹山县堵河路小学", "school_code": "2142900101", "local_code": "100101", "school_type": "211", "stages": "1", "years_system": "63",
}


@writes(traced=False)
def settle(s):
    s.add(House(id=new_id(), kind="production", title="竹山县教育局", settled_at=NOW))
    s.flush()
    calendars.seed(s, range(2025, 2027), now=NOW)


@pytest.fixture
def bureau(empty_app):
    """Ids by tier."""
    settle()
    ids = {"province": organisations.create(PROVINCE, actor=LIU)}
    for tier, facts, above in (("city", CITY, "province"), ("county", COUNTY, "city")):
        ids[tier] = organisations.create(facts | under(ids[above]), actor=LIU)
    ids["township"] = organisations.create({"tier": "township", "name": "柳垭镇中心学校"} | under(ids["county"]), actor=LIU)
    return ids


@pytest.fixture
def school(bureau):
    return organisations.create(SCHOOL | under(bureau["county"]), actor=LIU)


def under(managed_by, located_in=None):
    return {"managed_by_id": managed_by, "located_in_id": located_in or managed_by}


def wrong(act, *args, **kwargs):
    """{field: sentence} of what an act refuses."""
    with pytest.raises(Refusal) as told:
        act(*args, **kwargs)
    return {one.field: one.sentence for one in getattr(told.value, "refusals", [told.value])}


def row(model, *conditions):
    return db.session.execute(select(model).where(*conditions).execution_options(populate_existing=True)).scalar_one()


def body(body_id):
    return row(Body, Body.id == body_id)


def last_facts(name, chain=None):
    """What the trace says of the last event of this name."""
    query = select(Event.facts).where(Event.name == name).order_by(Event.seq.desc())
    return json.loads(db.session.scalars(query if chain is None else query.where(Event.chain_id == chain)).first())


@writes(traced=False)
def put(s, *rows):
    for one in rows:
        s.add(one)
        s.flush()


def hires(body_id, duty, name, class_id=None):
    """Give somebody a post; returns the account's id."""
    account = new_id()
    put(
        Account(id=account, username=f"{duty}.{account}", name=name, password_hash="", password_set_at=NOW, created_at=NOW),
        Post(id=new_id(), account_id=account, duty=duty, body_id=body_id, class_id=class_id, state="active", from_on=TODAY, proposed_at=NOW),
    )
    return account


@contextlib.contextmanager
def statements():
    """What the database is asked meanwhile, in order."""
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
