"""A workbook of 5,000 new pupils: dry run and apply, beside a bare driver that writes the very rows that apply writes, their values sealed already (DECIDED 31)."""

import gc
import time
from datetime import date, datetime
from statistics import median

from sqlalchemy import insert, select, update

from app.demo import cast, roster
from app.demo.addresses import County
from app.demo.families import Generator
from app.extensions import db
from app.identity.id_number import left_out
from app.models import Class, Import, Job, Quota, new_id
from app.services import jobs
from app.services.intake import imports
from app.services.transactions import writes
from app.spreadsheets import writer
from app.spreadsheets.columns import NEW_PUPILS
from tests.cast import Cast

from . import report
from .counties import TODAY, forked
from .desk import listening

ROWS = 5_000
CLASS, FIRST_CLASS = 40, 20  # how many are in each, and the number of the first
TIMES = 5  # at most
NOW = datetime(2026, 9, 11, 9, 0)
NEIGHBOUR = County("420324", "竹溪县", "十堰市", "湖北省", "442300", "0719")  # of whose children none is in the register


def measure(small, large, wanted, *, rows=ROWS, rounds=3):
    """Yields the figures; in each round the dry run, apply and the bare driver write into copies of one county."""
    if not any(map(wanted, ("import", "import/dry_run", "import/apply"))):
        return
    taken = {"dry run": [], "apply": [], "driver": []}
    with forked(large) as ready:
        with ready.app.app_context():
            _make_room(rows)
            import_id = _upload(_workbook(rows))
        with forked(ready) as checked:
            _timed(checked, _check, import_id, rows)
            _work_off(checked)
            with forked(checked) as written, listening(written.app) as sent:
                _timed(written, _apply, import_id, rows)
            very_rows = [(sql, parameters, many) for sql, parameters, many in sent if sql.split()[0] in ("INSERT", "UPDATE", "DELETE") and " jobs " not in sql]
            for _ in range(rounds):
                for name, start, work in (("dry run", ready, _check), ("apply", checked, _apply), ("driver", checked, _write)):
                    with forked(start) as house:
                        taken[name].append(_timed(house, work, *(([very_rows]) if work is _write else (import_id, rows))))
    dry_run, apply, driver = (median(seconds) for seconds in taken.values())
    yield report.told("import/dry_run", dry_run, "s", driver)
    yield report.told("import/apply", apply, "s", driver)
    yield report.at_most("import", dry_run + apply, "s", driver, TIMES)


def _timed(house, work, *arguments):
    gc.collect()
    gc.freeze()
    with house.app.app_context():
        begun = time.perf_counter()
        work(*arguments)
        seconds = time.perf_counter() - begun
        db.session.remove()
    return seconds


# ---------------------------------------------------------------- the work

def _upload(data):
    return imports.upload(data, "新生.xlsx", actor=Cast().actor("registrar.a1"), today=TODAY, now=NOW)


def _check(import_id, rows):
    _run("checked", import_id)
    good, warned = db.session.execute(select(Import.good, Import.warned).where(Import.id == import_id)).one()
    if good + warned != rows:
        raise RuntimeError(f"{good + warned} of {rows} rows are right")


def _apply(import_id, rows):
    imports.apply(import_id, "all", understood=True, actor=Cast().actor("registrar.a1"), now=NOW)
    _run("applied", import_id)


def _work_off(house):
    """The workbook with its hints marked is another job, and outside the time."""
    with house.app.app_context():
        while jobs.run_next(NOW):
            pass


def _run(state, import_id):
    jobs.run_next(NOW)
    job, now = db.session.execute(select(Job.message, Import.state).join(Import, Import.job_id == Job.id).where(Import.id == import_id)).one()
    if now != state:
        raise RuntimeError(job)


def _write(very_rows):
    """Each statement as apply sends it, in one transaction, with nothing between the values and the driver."""
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    if db.engine.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
    else:
        connection.driver_connection.autocommit = False
    for sql, parameters, many in very_rows:
        (cursor.executemany if many else cursor.execute)(sql, parameters)
    connection.commit()
    connection.invalidate()


# ---------------------------------------------------------------- the workbook, and a school that has room for so many

def _workbook(rows):
    generator = Generator("import")
    lines, near = [], set()
    while len(lines) < rows:
        child = generator.pupil(TODAY.year, "1", NEIGHBOUR)
        alike = set(left_out(child["id_doc_no"] or ""))
        if child["id_doc_type"] == "1" and child["disability_type"] == "0" and not alike & near:  # so many in one file would all be one digit apart
            near |= alike
            number = str(FIRST_CLASS + len(lines) // CLASS)
            filled = roster.cells(child, cast.BODIES["a1"].school_code, "一年级", number)
            lines.append([filled[column.field] for column in NEW_PUPILS])
    return writer.table([column.title for column in NEW_PUPILS], lines, sheet="新生信息")


@writes(traced=False)
def _make_room(s, rows):
    """Classes for all of them in grade one of a1, and a plan that takes them."""
    like = s.execute(select(Class).where(Class.id == Cast().class_("a1"))).scalar_one()
    s.execute(insert(Class), [
        {"id": new_id(), "county_id": like.county_id, "school_id": like.school_id, "grade_id": like.grade_id, "code": f"261100101{number:03}", "number": number,
         "name": "", "kind": "ordinary", "headcount": 0, "established_on": date(TODAY.year, 9, 1), "state": "open", "version": 1}
        for number in range(FIRST_CLASS, FIRST_CLASS + -(-rows // CLASS))
    ])
    s.execute(update(Quota).where(Quota.school_id == like.school_id, Quota.year == TODAY.year).values(planned=Quota.planned + rows))
