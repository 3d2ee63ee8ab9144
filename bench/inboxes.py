"""The desk with its inboxes (待办, 已办, 我发起的), the list of cases and one case, where 50 wait on each desk and where 5,000 do: queries and growth."""

import random
from contextlib import ExitStack
from datetime import datetime, timedelta
from time import perf_counter, process_time

from sqlalchemy import insert, select

from app.extensions import db
from app.models import Account, Body, Case, CaseParty, CaseStep, Class, new_id
from app.workflow.flows import ENROLMENT, TRANSFER

from . import report, transfers
from .counties import TODAY, forked
from .desk import Desk, statements
from .timing import take_turns

FEW, MANY = 50, 5_000  # open cases on each of the desks
QUERIES, GROWTH = 10, 1.3  # at most
DESKS = {"officer.a": (ENROLMENT, "county"), "registrar.a1": (TRANSFER, "from_registrar"), "head.a1": (ENROLMENT, "school_audit")}  # who, and what waits there
LISTS = {"desk": "/", "cases": "/cases?state=open"}
WAIT = timedelta(days=30)  # the last of them came that long ago


def measure(small, _, wanted, *, few=FEW, many=MANY, **turns):
    """Yields the figures of the wanted pages, each page in one run with the same page of the quieter house."""
    names = [f"{page}/{who.partition('.')[0]}" for who in DESKS for page in (*LISTS, "case")]
    names = {name for name in names if wanted(f"{name}/queries") or wanted(f"{name}/growth")}
    if not names:
        return
    turns = {"clock": process_time if small.url.startswith("sqlite") else perf_counter} | turns
    with ExitStack() as open_:
        houses = [_filled(open_.enter_context(forked(small)), number) for number in (few, many)]
        for who in DESKS:
            desks = [(Desk(house, who), LISTS | {"case": case}) for house, case in houses]
            for page in (*LISTS, "case"):
                name = f"{page}/{who.partition('.')[0]}"
                if name in names:
                    yield from _page(name, [desk.ask(addresses[page]) for desk, addresses in desks], [house.app for house, _ in houses], turns)


def _page(name, asks, apps, turns):
    at_few, at_many = asks
    taken = {which: seconds * 1000 for which, seconds in take_turns({"few": at_few, "many": at_many}, **turns).items()}
    asked = [len(statements(app, ask)) for app, ask in zip(apps, asks, strict=True)]
    yield report.same_and_within(f"{name}/queries", asked[1], "queries", asked[0], QUERIES)
    yield report.at_most(f"{name}/growth", taken["many"], "ms", taken["few"], GROWTH)


def _filled(house, number):
    """The house with so many cases on each of the desks, and a transfer on its way there: (house, address of the transfer)."""
    with house.app.app_context():
        bodies = dict(db.session.execute(select(Body.key, Body.id)).all())
        people = {row.username: row for row in db.session.execute(select(Account.id, Account.name, Account.username).where(Account.username.in_(DESKS)))}
        classes = db.session.execute(select(Class.id, Class.grade_id).where(Class.school_id == bodies["a1"], Class.state == "open").order_by(Class.id)).all()
        rng, rows = random.Random(number), ([], [], [])
        for who, (flow, step) in DESKS.items():
            for place in range(number):
                _lay_down(rows, flow, step, who, place, number, bodies, people, rng.choice(classes))
        with db.engine.begin() as connection:
            for model, many in zip((Case, CaseStep, CaseParty), rows, strict=True):
                connection.execute(insert(model.__table__), many)
            connection.exec_driver_sql("ANALYZE")
        db.session.remove()
    (child,) = transfers.children(house, 1)
    case_id = None
    with house.app.app_context():
        for seat in range(transfers.ACTS - 1):
            case_id = transfers.act(child, case_id, seat)()
        db.session.remove()
    return house, f"/cases/{case_id}"


def _lay_down(rows, flow, step, who, place, number, bodies, people, room):
    """A case of one of a1's pupils that has come to this desk; the registrar began it, the head has looked at it where he did before."""
    cases, steps, parties = rows
    duty = {"officer": "county_officer", "registrar": "school_registrar", "head": "school_head"}[who.partition(".")[0]]
    body = bodies["a" if duty == "county_officer" else "a1"]
    came = datetime.combine(TODAY, datetime.min.time()) - WAIT * ((number - place) / number)
    registrar, case_id = people["registrar.a1"], new_id()
    moved = flow is TRANSFER
    cases.append({
        "id": case_id, "county_id": bodies["a"], "kind": flow.kind, "number": f"{who}〔2026〕第{place:05}号", "subject": "student", "student_id": None,
        "school_id": bodies["b1" if moved else "a1"], "class_id": room.id, "grade_id": room.grade_id, "from_school_id": bodies["a1"] if moved else None,
        "to_school_id": bodies["b1"] if moved else None, "route": "applying to_audit to_county from_registrar from_audit from_county effective" if moved else "",
        "title": "庹砚秋", "state": "open", "step": step, "seat_body_id": body, "seat_duty": duty, "arrived_on": came.date(), "due_on": TODAY + timedelta(days=1 + place % 10),
        "calendar_version": 1, "starter_id": registrar.id, "starter_name": registrar.name, "started_at": came, "version": 2,
    })
    before = [(flow.start, registrar, "school_registrar", "submit")]
    if step == "county":
        before.append(("school_audit", people["head.a1"], "school_head", "approve"))
    blank = {"in_place_of": False, "reason": "", "note": "", "paper": "", "address": ""}
    for seq, (name, person, seat, action) in enumerate(before, 1):
        steps.append(blank | {"id": new_id(), "case_id": case_id, "seq": seq, "step": name, "seat_body_id": bodies["a1"], "seat_duty": seat, "arrived_at": came, "ended_at": came,
                              "actor_id": person.id, "actor_name": person.name, "actor_body": "", "action": action})
    steps.append(blank | {"id": new_id(), "case_id": case_id, "seq": len(before) + 1, "step": step, "seat_body_id": body, "seat_duty": duty, "arrived_at": came, "ended_at": None,
                          "actor_id": None, "actor_name": "", "actor_body": "", "action": ""})
    parties.extend({"case_id": case_id, "body_id": one} for one in {body, bodies["a"], bodies["a1"]})
