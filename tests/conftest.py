"""The harness: a settled demo county for every test, on the engine that TEST_ENGINE names (sqlite, else postgresql).

    def test_story(app, sign_in, county): …

`app` is the product on a fresh copy of a small demo county (three pupils a class, today 2026-09-11); an app context is pushed, so services can be
called. `sign_in("registrar.a1")` is a browser without script (tests/pages.py). `county` finds the cast by its keys (tests/cast.py). `today` and `now`
are the story's. Tests that use `app` run once on each engine; the others once.
"""

import os
import shutil
from datetime import date, datetime
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa

from app import clock, config, create_app
from app.demo import county as demo
from app.extensions import db

from . import postgres, sealed
from .cast import Cast
from .pages import Person

TODAY = date(2026, 9, 11)
ENGINE = os.environ.get("TEST_ENGINE", "sqlite")
ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items):
    """`-m database`: what touches a database, for the second engine's run."""
    for item in items:
        if "app" in getattr(item, "fixturenames", ()) or "empty_app" in getattr(item, "fixturenames", ()):
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
    with postgres.server() as url:
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
    return create_app(settings)


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
        """A copy that nobody is connected to, as it was at first: in that folder, under that name."""
        for path in (*folder.glob("xueji.db*"), *folder.glob("anchor.log")):
            path.unlink()
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


def app_on(template, tmp_path, keys_dir):
    folder = tmp_path / "data"
    folder.mkdir()
    url, drop = template.copy(folder)
    app = make_app(folder, url, keys_dir)
    with app.app_context():
        sealed.watch(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()
    app.extensions["node"][1].close()
    drop()


@pytest.fixture
def app(small_county, tmp_path, keys_dir):
    yield from app_on(small_county, tmp_path, keys_dir)


@pytest.fixture
def empty_app(empty_house, tmp_path, keys_dir):
    """A database with its tables and nothing in them."""
    yield from app_on(empty_house, tmp_path, keys_dir)


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
