"""The houses that are measured: the demo county filled to some 1,000 and 100,000 pupils, with the same sixty children planted in both.

A house is settled once and kept under instance/bench as long as the code that settles it stays the same. All share one set of keys, so that two can
stand open in one process.
"""

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from sqlalchemy import func, insert, select

from app import clock, config, create_app
from app.demo import cast
from app.demo import county as demo
from app.demo.families import Generator
from app.extensions import db
from app.models import Body, Class, Grade, Student, new_id
from app.sealing import FILE, make_keys
from app.services.casework import case_files
from app.services.pupils import records
from app.services.transactions import writes

from .desk import add_empty_page

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "instance" / "bench"
TODAY = date(2026, 9, 11)
CAST = 2_930  # pupils of the cast alone; a county that is to be smaller has smaller classes
MARK = "砚秋"  # in the name of every planted child and of nobody else: a search finds as many in a small county as in a large one
PLANTED = ((9, 45), (10, 15))  # classes of a1 and how many stand in them
SETTLED_BY = ("app/demo/*.py", "app/models/*.py", "app/identity/*.py", "app/services/pupils/records.py", "migrations/versions/*.py", "bench/counties.py")


@dataclass
class House:
    """A settled house, open in this process. The ids are those of the planted children."""

    size: int
    app: object
    folder: Path
    url: str
    seconds: float | None = None  # that settling took, when it was settled now
    school: int = 0
    grade: int = 0
    class_: int = 0
    pupil: int = 0
    number: str = ""


@contextlib.contextmanager
def houses(*sizes, engine="sqlite"):
    """The houses of these sizes, on a server of their own where the engine is PostgreSQL."""
    os.environ["DEMO_TODAY"] = TODAY.isoformat()
    if not (HOME / "keys" / FILE).exists():
        make_keys(HOME / "keys")
    if engine == "sqlite":
        yield [_kept(size) for size in sizes]
        return
    from tests import postgres

    with postgres.server() as server:
        yield [_settled(HOME / "postgresql" / str(size), size, _database(server, f"xueji_{size}")) for size in sizes]


def opened(folder, url):
    """The app on this data folder, with the bench's keys."""
    environment = {"DATA_DIR": str(folder), "KEYS_DIR": str(HOME / "keys"), "DATABASE_URL": url, "APP_ENV": "demo"}
    app = create_app(config.read(environment))
    add_empty_page(app)
    return app


@contextlib.contextmanager
def forked(house):
    """A copy of the house to be written into, gone after the block."""
    with house.app.app_context():
        postgresql = db.engine.dialect.name == "postgresql"
        if not postgresql:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()
    folder = Path(tempfile.mkdtemp(prefix="fork-", dir=HOME))
    shutil.copytree(house.folder, folder, ignore=shutil.ignore_patterns("slots", "xueji.db?*", "fork-*"), dirs_exist_ok=True)
    url = f"sqlite:///{folder / 'xueji.db'}"
    if postgresql:
        server, _, name = house.url.rpartition("/")
        url = _database(f"{server}/postgres", f"{name}_{folder.name.removeprefix('fork-')}", template=name)
    app = opened(folder, url)
    try:
        yield replace(house, app=app, folder=folder, url=url)
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        app.extensions["node"][1].close()
        if postgresql:
            _drop(url)
        shutil.rmtree(folder)


def _database(server, name, template=None):
    _tell(server, f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    return f"{server.rpartition('/')[0]}/{name}"


def _drop(url):
    server, _, name = url.rpartition("/")
    _tell(f"{server}/postgres", f'DROP DATABASE "{name}" WITH (FORCE)')


def _tell(server, sentence):
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(sentence))
    engine.dispose()


def _kept(size):
    folder = HOME / f"{size}-{_print_of_the_code()}"
    if not (folder / "settled").exists():
        for old in HOME.glob(f"{size}-*"):
            shutil.rmtree(old)
        house = _settled(folder, size, f"sqlite:///{folder / 'xueji.db'}")
        (folder / "settled").touch()
        return house
    url = f"sqlite:///{folder / 'xueji.db'}"
    return _with_facts(House(size, opened(folder, url), folder, url))


def _print_of_the_code():
    code = hashlib.sha256()
    for pattern in SETTLED_BY:
        for path in sorted(ROOT.glob(pattern)):
            code.update(path.read_bytes())
    return code.hexdigest()[:12]


def _settled(folder, size, url):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"Settling {size:,} pupils …", file=sys.stderr, flush=True)
    app = opened(folder, url)
    grown = size - sum(many for _, many in PLANTED)
    with app.app_context(), contextlib.redirect_stderr(None):
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        begun = time.perf_counter()
        demo.settle(today=TODAY, now=clock.now(), students=grown, per_class=max(1, grown * 30 // CAST - 1) if grown < CAST else None)
        seconds = time.perf_counter() - begun
        _plant(now=clock.now())
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
    return _with_facts(House(size, app, folder, url, seconds))


@writes(traced=False)
def _plant(s, *, now):
    """Two classes in grade one of a1 with the same children in every house: what a page shows of them is alike to the byte, but for ids."""
    school = s.execute(select(Body.id, Body.county_id, Body.division_code).where(Body.key == "a1")).one()
    grade = s.execute(select(Grade.id).where(Grade.school_id == school.id, Grade.advanced_to == 1, Grade.state == "open")).scalar_one()
    generator = Generator("bench")
    surnames = list("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳")
    first = case_files.take_numbers(s, f"student_code/{school.county_id}", len(surnames))
    many = []
    for number, size in PLANTED:
        class_id = new_id()
        s.execute(insert(Class).values(
            id=class_id, county_id=school.county_id, school_id=school.id, grade_id=grade, code=f"261100101{number:03}", number=number, name="", kind="ordinary",
            headcount=size, established_on=date(2026, 9, 1), state="open", version=1,
        ))
        place = records.Place(school.county_id, school.id, grade, class_id, date(2026, 9, 1))
        for seat in range(1, size + 1):
            code = f"{school.division_code}{first + len(many):07}"
            record = generator.pupil(2026, "1", cast.COUNTIES["a"], name=surnames[len(many)] + MARK, rural=0.5) | {"class_no": str(seat)}
            if record["id_doc_type"] == "1":
                record["national_no"] = "G" + record["id_doc_no"]
            many.append(records.rows(record, place, lifecycle="live", status="01", spell="open", student_code=code, now=now, actor_id=None))
    records.write(s, many)


def _with_facts(house):
    with house.app.app_context():
        row = db.session.execute(
            select(Student).join(Class, Class.id == Student.class_id).where(Class.number == PLANTED[0][0], Student.name.like(f"_{MARK}"), Student.class_no == "7")
        ).scalar_one()
        house.school, house.grade, house.class_, house.pupil = row.school_id, row.grade_id, row.class_id, row.id
        house.number = records.open_student(row)["id_doc_no"]
        there = db.session.execute(select(func.count()).select_from(Student)).scalar_one()
        if not house.size <= there <= house.size + 100:
            raise RuntimeError(f"{there} pupils where {house.size} were to be")
        db.session.remove()
    return house
