"""The harness: a settled demo county for every test, on the engine that TEST_ENGINE names (sqlite, else postgresql).

    def test_story(app, sign_in, county): …

`app` is the product on a fresh copy of a small demo county (three pupils a class, today 2026-09-11); an app context is pushed, so services can be
called. `sign_in("registrar.a1")` is a browser without script (tests/pages.py). `county` finds the cast by its keys (tests/cast.py). `today` and `now`
are the story's. Tests that use `app` run once on each engine; the others once.
"""

import contextlib
import os
import shutil
from datetime import date, datetime
from pathlib import Path

import flask_migrate
import jinja2
import pytest
import sqlalchemy as sa

from app import clock, config, create_app, sealing
from app.demo import county as demo
from app.extensions import db
from app.models import ids

from . import postgres, sealed
from .cast import Cast
from .pages import Person

TODAY = date(2026, 9, 11)
ENGINE = os.environ.get("TEST_ENGINE", "sqlite")
ROOT = Path(__file__).resolve().parent.parent


class Compiled(jinja2.BytecodeCache):
    """Templates are compiled once a session, not once an app: each test has an app of its own."""

    def __init__(self):
        self.known = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket):
        self.known[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def pytest_collection_modifyitems(items):
    """`-m database`: what touches a database, for the second engine's run."""
    for item in items:
        if {"app", "small_county", "empty_house"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


def missing(what):
    """A test cannot run for want of something on this machine: skipped by name, with REQUIRE_ALL=1 a failure."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is not installed and REQUIRE_ALL=1")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def database_server():
    """The maintenance URL of PostgreSQL; None on SQLite."""
    if ENGINE == "sqlite":
        yield None
        return
    if postgres.binaries() is None:
        missing("PostgreSQL")
    with postgres.server(in_memory=True) as url:
        yield url


@pytest.fixture(scope="session")
def keys_dir(tmp_path_factory):
    from app.sealing import make_keys

    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _the_day():
    """The stories' day: a Friday in the second week of term."""
    os.environ["DEMO_TODAY"] = TODAY.isoformat()


def make_app(data_dir, url, keys_dir, **extra):
    environment = {"DATA_DIR": str(data_dir), "KEYS_DIR": str(keys_dir), "DATABASE_URL": url, "APP_ENV": "demo"}
    settings = config.read(environment) | {"TESTING": True, "PROPAGATE_EXCEPTIONS": True} | extra
    app = create_app(settings)
    app.jinja_env.bytecode_cache = COMPILED
    return app


def _create(server, name, template=None):
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")))
    engine.dispose()
    return server.rsplit("/", 1)[0] + f"/{name}"


def _drop(server, name):
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    engine.dispose()


class Template:
    """A database made once a session and copied for each test."""

    def __init__(self, name, folder, server, keys_dir, fill):
        self.name, self.folder, self.server, self.copies = name, folder, server, 0
        url = f"sqlite:///{folder / 'xueji.db'}" if server is None else _create(server, self._full(name))
        app = make_app(folder, url, keys_dir)
        with app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
            fill()
            if server is None:
                with db.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.session.remove()  # PostgreSQL copies no database that somebody is connected to
            db.engine.dispose()
        app.extensions["node"][1].close()

    def _full(self, name):
        return f"xueji_{os.getpid()}_{name}"

    def copy(self, folder):
        """(url, function that drops it)"""
        self.copies += 1
        self._beside(folder)
        if self.server is None:
            shutil.copy(self.folder / "xueji.db", folder / "xueji.db")
            return f"sqlite:///{folder / 'xueji.db'}", lambda: None
        name = self._full(f"{self.name}_{self.copies}")
        return _create(self.server, name, self._full(self.name)), lambda: _drop(self.server, name)

    def _beside(self, folder):
        """What lies beside the database."""
        if (self.folder / "anchor.log").exists():
            shutil.copy(self.folder / "anchor.log", folder)
        if (self.folder / "files").exists():
            shutil.copytree(self.folder / "files", folder / "files", dirs_exist_ok=True)

    def again(self, folder, name):
        """Another copy in that folder, emptied, or under that name."""
        self._beside(folder)
        if self.server is None:
            shutil.copy(self.folder / "xueji.db", folder / "xueji.db")
        else:
            _drop(self.server, name)
            _create(self.server, name, self._full(self.name))


@pytest.fixture(scope="session")
def small_county(tmp_path_factory, database_server, keys_dir, _the_day):
    def fill():
        demo.settle(today=TODAY, now=clock.now(), per_class=3)

    return Template("county", tmp_path_factory.mktemp("county"), database_server, keys_dir, fill)


@pytest.fixture(scope="session")
def empty_house(tmp_path_factory, database_server, keys_dir, _the_day):
    return Template("empty", tmp_path_factory.mktemp("empty"), database_server, keys_dir, lambda: None)


class Standing:
    """An app on a copy of a template, which `renew` makes as it was at first: database, files, settings. It keeps what it learned of pages and statements."""

    def __init__(self, template, folder, keys_dir):
        self.template, self.folder = template, folder
        folder.mkdir(exist_ok=True)
        url, self.drop = template.copy(folder)
        self.name = url.rsplit("/", 1)[1]
        self.app = make_app(folder, url, keys_dir)
        self.settings, self.extensions = dict(self.app.config), dict(self.app.extensions)
        with self.app.app_context():
            sealed.watch(db.engine)
            if template.server is None:
                sa.event.listen(db.engine, "connect", _carelessly)  # nobody pulls the plug here: tests/crash does

    def renew(self):
        with self.app.app_context():
            db.engine.dispose()
        for path in self.folder.iterdir():
            if path.is_file():
                path.unlink()
            elif path.name != "slots":
                shutil.rmtree(path)
        self.template.again(self.folder, self.name)
        for kept, first in ((self.app.config, self.settings), (self.app.extensions, self.extensions)):
            kept.clear()
            kept.update(first)
        sealing.use(self.app.config["KEY_RING"])  # a process has one ring and one node: another app may have come since
        ids.use_node(self.app.extensions["node"][0])

    @contextlib.contextmanager
    def afresh(self):
        """The app, renewed, its context pushed."""
        self.renew()
        with self.app.app_context():
            try:
                yield self.app
            finally:
                db.session.remove()
                db.engine.dispose()

    def close(self):
        with self.app.app_context():
            db.engine.dispose()
        self.app.extensions["node"][1].close()
        self.drop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _carelessly(connection, record):
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


@pytest.fixture(scope="session")
def standing_county(small_county, tmp_path_factory, keys_dir):
    with contextlib.closing(Standing(small_county, tmp_path_factory.mktemp("standing_county"), keys_dir)) as house:
        yield house


@pytest.fixture(scope="session")
def standing_house(empty_house, tmp_path_factory, keys_dir):
    with contextlib.closing(Standing(empty_house, tmp_path_factory.mktemp("standing_house"), keys_dir)) as house:
        yield house


@pytest.fixture
def app(standing_county):
    with standing_county.afresh() as app:
        yield app


@pytest.fixture
def own_app(small_county, tmp_path, keys_dir):
    """As `app`, one that has answered nobody yet and is nobody else's: to be made ready to serve, or to be stopped."""
    with contextlib.closing(Standing(small_county, tmp_path / "house", keys_dir)) as house, house.afresh() as app:
        yield app


@pytest.fixture
def empty_app(standing_house):
    """A database with its tables and nothing in them."""
    with standing_house.afresh() as app:
        yield app


@pytest.fixture
def counted(record_property):
    """`for number in counted("rounds", 20, whole=500)():` — so many, in `make trust` the whole; how many were done is told to tools/proofs.py."""
    def prepare(name, few, whole=None):
        def numbers():
            done = 0
            for number in range(1, (whole if whole and os.environ.get("PROOFS") == "whole" else few) + 1):
                yield number
                done = number
            record_property(name, done)

        return numbers

    return prepare


@pytest.fixture
def today():
    return TODAY


@pytest.fixture
def now():
    return datetime(2026, 9, 11, 15, 20)


@pytest.fixture
def county(app):
    return Cast()


@pytest.fixture
def sign_in(app):
    """A person of the demo county at a browser without script, signed in by the sign-in page."""
    return lambda username: Person(app, username)
