"""Acts through the service layer, a story at a time from application to effect: acts a second, beside bare transactions that write the same rows.

A story is a module of this room: ACTS, how many acts it has; `children(house, number)`, whom they are about; `act(child, case_id, seat)`, a function that takes
the step of that seat. A bare transaction goes through the same door (write lock, session, BEGIN IMMEDIATE, commit, anchor) and sends the same writes as plain
statements, with nothing read and nothing decided: docs/decisions/0009. The bare driver is told beside it.
"""

import gc
import json
import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from importlib import import_module
from itertools import chain, count
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.extensions import db, writer
from app.services import anchor, transactions
from tests import postgres

from . import report
from .counties import ROOT, forked, houses, opened

WARM, CHILDREN = 4, 20  # of the one writer: so many stories before the clock counts, and so many that count
WRITERS, EACH = 8, 3  # and how many writers with how many children each, beside one that each warms up with
WAIT = 10  # eight times the one writer's median, at most
WRITTEN = ("INSERT ", "UPDATE ", "DELETE ")


def measure(story, title, small, share=None):
    """Yields the figures of the engine that is measured; of PostgreSQL besides, where it is installed and the house is on SQLite. `share` of the bare rate is the goal."""
    yield from _engine(story, title, small, "", share)
    if small.url.startswith("sqlite") and postgres.binaries():
        with houses(small.size, engine="postgresql") as (other,):
            yield from _engine(story, title, other, "_postgresql", None)


def _engine(story, title, house, name, share):
    with ExitStack() as open_:
        served, plain, bare = (open_.enter_context(forked(house)) for _ in range(3))
        ours, alike, driven = _one_writer(story, served, plain, bare)
    with forked(house) as crowded:
        waits, seconds = _writers(story, crowded)
    rate = f"{title}/acts{name}", _rate(ours), "acts/s", _rate(alike)
    yield report.at_least(*rate, share) if share else report.told(*rate)
    yield report.told(f"{title}/acts{name}_beside_driver", _rate(ours), "acts/s", _rate(driven))
    yield report.told(f"{title}/acts{name}_8_writers", len(waits) / seconds, "acts/s", _rate(ours))
    yield report.at_most(f"{title}/acts{name}_worst_wait", max(waits) * 1000, "ms", median(chain(*ours)) * WRITERS * 1000, WAIT)


def _rate(seats):
    """Acts a second of whole stories, each seat at its median: the last act weighs what it takes."""
    return len(seats) / sum(map(median, seats))


# ---------------------------------------------------------------- one writer, and what writes its rows in turns with it

def _one_writer(story, served, plain, bare):
    """Of every seat the seconds of each act by the services, of the bare transaction, and of the bare driver, that write its rows into houses alike."""
    ours, alike, driven = ([[] for _ in range(story.ACTS)] for _ in range(3))
    with bare.app.app_context():
        driver = db.engine.raw_connection()
    for number, child in enumerate(story.children(served, WARM + CHILDREN)):
        case_id = None
        if number == WARM:  # as the server does after its first requests
            gc.collect()
            gc.freeze()
        for seat in range(story.ACTS):
            with served.app.app_context(), _written() as sent:
                act = story.act(child, case_id, seat)
                sent.clear()
                begun = perf_counter()
                case_id = act()
                taken = perf_counter() - begun
                db.session.remove()
            with plain.app.app_context():
                beside = _transact(sent)
            least = _drive(driver, sent)
            if number >= WARM:
                for seats, seconds in ((ours, taken), (alike, beside), (driven, least)):
                    seats[seat].append(seconds)
    driver.invalidate()
    gc.unfreeze()
    return ours, alike, driven


@contextmanager
def _written():
    """What the app writes while the block runs: [(the driver's sentence, its values, whether to many)]."""
    sent = []

    def note(connection, cursor, sentence, values, context, many):
        if sentence.startswith(WRITTEN):
            sent.append((sentence, values, many))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _transact(sent):
    """One bare transaction: the way that every act is committed, and the writes as plain statements."""
    plain = [(_plainly(sentence), [_by_name(one) for one in values] if many else _by_name(values)) for sentence, values, many in sent]
    begun = perf_counter()
    with transactions.write_lock(), Session(writer(), expire_on_commit=False, autoflush=False) as s:
        with s.begin():
            for sentence, values in plain:
                s.execute(text(sentence), values)
        anchor.write([(number, 1, bytes(32).hex()) for number in range(sum("INTO events " in sentence for sentence, _ in plain))])
    return perf_counter() - begun


def _plainly(sentence):
    """With every value marked as SQLAlchemy marks it: neither :name nor ::TYPE of a driver is one to it already."""
    marks = count()
    return re.sub(r"%\((\w+)\)s(?:::\w+(?: WITHOUT TIME ZONE)?)?", r":\1", re.sub(r"\?", lambda mark: f":value{next(marks)}", sentence))


def _by_name(values):
    return values if isinstance(values, dict) else {f"value{place}": value for place, value in enumerate(values)}


def _drive(connection, sent):
    """Each sentence as the driver got it, in one transaction, with nothing between the values and the driver."""
    cursor = connection.cursor()
    begun = perf_counter()
    cursor.execute("BEGIN" if "psycopg" in type(connection.driver_connection).__module__ else "BEGIN IMMEDIATE")
    for sentence, values, many in sent:
        (cursor.executemany if many else cursor.execute)(sentence, values)
    cursor.execute("COMMIT")
    return perf_counter() - begun


# ---------------------------------------------------------------- eight writers, each a process of its own

def _writers(story, house):
    """(seconds of every act, seconds that all of them took)"""
    children = story.children(house, WRITERS * (EACH + 1))
    told = [json.dumps([story.__name__, str(house.folder), house.url, children[number::WRITERS]]) for number in range(WRITERS)]
    writers = [subprocess.Popen([sys.executable, "-m", "bench.acts", one], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for one in told]
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


def _work(name, folder, url, children):
    """One writer: warms up on a story of its own, says when it is ready, begins when it is told to, and tells how long each act took."""
    story, app, waits = import_module(name), opened(Path(folder), url), []
    with app.app_context():
        for number, child in enumerate(children):
            if number == 1:
                gc.collect()
                gc.freeze()
                waits.clear()
                print("ready", flush=True)
                sys.stdin.readline()
            case_id = None
            for seat in range(story.ACTS):
                act = story.act(child, case_id, seat)
                begun = perf_counter()
                case_id = act()
                waits.append(perf_counter() - begun)
            db.session.remove()
    print(json.dumps(waits), flush=True)


if __name__ == "__main__":
    _work(*json.loads(sys.argv[1]))
