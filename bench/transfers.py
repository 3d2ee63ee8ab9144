"""The four-seat transfer through the service layer, from application to effect: acts a second, beside the bare driver that writes the same rows."""

import json
import subprocess
import sys
from contextlib import ExitStack
from datetime import datetime
from statistics import median
from time import perf_counter

from sqlalchemy import select

from app.extensions import db
from app.models import Case, Class, Grade, Student
from app.services import cases, pupil_lookup, transfers
from app.services.cases import Words
from app.services.transfers import Asked, Request
from tests import postgres
from tests.cast import Cast

from . import report
from .counties import ROOT, TODAY, forked, houses, opened
from .desk import listening

SEATS = (None, "head.b1", "officer.b", "registrar.a1", "head.a1", "officer.a")  # who acts after the applicant, registrar.b1
ACTS = len(SEATS)
CHILDREN, WRITERS, EACH = 20, 8, 4  # of the one writer; and how many writers with how many children each
SHARE, WAIT = 0.5, 10  # of the bare driver's rate, at least; eight times the one writer's median, at most
NOW = datetime(2026, 9, 11, 15, 20)
ASKED = Asked(reason="02", guardian="庹建国", evidence=("application", "household", "residence"))
WRITTEN = ("INSERT", "UPDATE", "DELETE")


def measure(small, _, wanted):
    """Yields the figures of the engine that is measured; of PostgreSQL besides, where it is installed and the house is on SQLite."""
    if not wanted("transfer/acts"):
        return
    yield from _engine(small, "")
    if small.url.startswith("sqlite") and postgres.binaries():
        with houses(small.size, engine="postgresql") as (other,):
            yield from _engine(other, "_postgresql")


def _engine(house, name):
    with ExitStack() as open_:
        served, bare = (open_.enter_context(forked(house)) for _ in range(2))
        ours, theirs = _one_writer(served, bare)
    with forked(house) as crowded:
        waits, seconds = _writers(crowded)
    rate, beside = 1 / median(ours), 1 / median(theirs)
    share = report.at_least if not name else lambda *told: report.told(*told[:4])
    yield share(f"transfer/acts{name}", rate, "acts/s", beside, SHARE)
    yield report.told(f"transfer/acts{name}_8_writers", len(waits) / seconds, "acts/s", rate)
    yield report.at_most(f"transfer/acts{name}_worst_wait", max(waits) * 1000, "ms", median(ours) * WRITERS * 1000, WAIT)


# ---------------------------------------------------------------- one writer, and the bare driver in turns with it

def _one_writer(served, bare):
    """Seconds of each act by the services, and of the transaction that writes its rows into a house alike."""
    ours, theirs = [], []
    with bare.app.app_context():
        connection = db.engine.raw_connection()
    for child in _children(served, CHILDREN + 2):
        case_id = None
        for seat in range(ACTS):
            with listening(served.app) as sent, served.app.app_context():
                act = _act(child, case_id, seat)
                begun = perf_counter()
                case_id = act()
                ours.append(perf_counter() - begun)
                db.session.remove()
            theirs.append(_write(connection, [one for one in sent if one[0].split()[0] in WRITTEN]))
    connection.invalidate()
    return ours[2 * ACTS:], theirs[2 * ACTS:]  # the first two children warm up


def _write(connection, rows):
    """Each statement as the services send it, in one transaction, with nothing between the values and the driver."""
    cursor = connection.cursor()
    begun = perf_counter()
    cursor.execute("BEGIN" if "psycopg" in type(connection.driver_connection).__module__ else "BEGIN IMMEDIATE")
    for sql, parameters, many in rows:
        (cursor.executemany if many else cursor.execute)(sql, parameters)
    cursor.execute("COMMIT")
    return perf_counter() - begun


def _children(house, number):
    """Pupils of a1 who may go to b1: (child, class there)."""
    with house.app.app_context():
        county = Cast()
        there = dict(db.session.execute(
            select(Grade.advanced_to, Class.id).join(Class, Class.grade_id == Grade.id)
            .where(Class.school_id == county.body("b1"), Grade.stage == "1", Class.state == "open", Class.kind == "ordinary").order_by(Class.number.desc())).all())
        busy = select(Case.student_id).where(Case.state == "open", Case.student_id.is_not(None))
        rows = db.session.execute(
            select(Student.id, Grade.advanced_to).join(Grade, Grade.id == Student.grade_id)
            .where(Student.school_id == county.body("a1"), Student.lifecycle == "live", Student.status == "01", Grade.stage == "1", Grade.advanced_to.between(2, 5), Student.id.not_in(busy))
            .order_by(Student.id).limit(number)
        ).all()
        db.session.remove()
    if len(rows) < number:
        raise RuntimeError(f"{len(rows)} children where {number} are to move")
    return [(student_id, there[year]) for student_id, year in rows]


def _act(child, case_id, seat):
    """A function that takes the step of this seat, its person found before the clock runs."""
    student_id, class_id = child
    if seat == 0:
        clerk = Cast().actor("registrar.b1")
        request = Request(asked=ASKED, token=pupil_lookup.token(student_id, clerk), class_id=class_id)
        return lambda: transfers.apply(request, actor=clerk, today=TODAY, now=NOW)
    person = Cast().actor(SEATS[seat])
    version = db.session.execute(select(Case.version).where(Case.id == case_id)).scalar_one()
    return lambda: cases.act(case_id, "approve", actor=person, version=version, today=TODAY, now=NOW, words=Words())


# ---------------------------------------------------------------- eight writers, each a process of its own

def _writers(house):
    """(seconds of every act, seconds that all of them took)"""
    children = _children(house, WRITERS * EACH)
    told = [json.dumps([str(house.folder), house.url, children[number::WRITERS]]) for number in range(WRITERS)]
    writers = [subprocess.Popen([sys.executable, "-m", "bench.transfers", one], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for one in told]
    try:
        for writer in writers:
            if writer.stdout.readline() != "ready\n":
                raise RuntimeError("a writer did not begin")
        begun = perf_counter()
        for writer in writers:
            writer.stdin.write("go\n")
            writer.stdin.flush()
        waits = [wait for writer in writers for wait in json.loads(writer.stdout.readline())]
        return waits, perf_counter() - begun
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()


def _work(folder, url, children):
    """One writer: says when it is ready, begins when it is told to, and tells how long each act took."""
    from pathlib import Path

    app, waits = opened(Path(folder), url), []
    with app.app_context():
        ready = [_act(child, None, 0) for child in children]
        print("ready", flush=True)
        sys.stdin.readline()
        for child, first in zip(children, ready, strict=True):
            case_id, act = None, first
            for seat in range(ACTS):
                act = act or _act(child, case_id, seat)
                begun = perf_counter()
                case_id = act()
                waits.append(perf_counter() - begun)
                act = None
            db.session.remove()
    print(json.dumps(waits), flush=True)


if __name__ == "__main__":
    _work(*json.loads(sys.argv[1]))
