"""The database and the few Flask extensions, made once and bound in create_app.

Reads run in autocommit on `db.session`; a page that reads much asks with `ask`. Writes go through `services.transactions` on `writer()`, which begins at once (BEGIN IMMEDIATE).
"""

from collections import namedtuple
from functools import lru_cache

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from htmx_flask import Htmx
from sqlalchemy import Date, DateTime, MetaData, event
from sqlalchemy.orm import DeclarativeBase

try:
    import pysqlite3.dbapi2 as sqlite
except ImportError:  # no wheel for this platform: create_app refuses the stock library where it is unsafe
    import sqlite3 as sqlite

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": False})
migrate = Migrate()
login = LoginManager()
login.session_protection = None  # a session is a token in our own table (services.people.sessions); the cookie proves nothing else
htmx = Htmx()


def engine_options(url: str) -> dict:
    """An error of the engine is logged without the values of its statement, which are people's."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "module": sqlite, "connect_args": {"timeout": 30, "check_same_thread": False, "cached_statements": 512}}
    return {"hide_parameters": True, "isolation_level": "AUTOCOMMIT", "pool_pre_ping": True, "pool_size": 5, "max_overflow": 5}


def prepare(engine) -> None:
    """SQLite as DESIGN 4 asks: WAL, synchronous FULL, foreign keys, and BEGIN IMMEDIATE for whoever writes."""
    if engine.dialect.name != "sqlite" or event.contains(engine, "connect", _on_connect):
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection, record):
    connection.isolation_level = None  # the driver begins nothing by itself
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "cache_size=-65536", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection):
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def writer():
    """The engine for acts: begins a transaction that holds the write lock from its first moment."""
    if db.engine.dialect.name == "sqlite":
        return db.engine.execution_options(writes=True)
    return db.engine.execution_options(writes=True, isolation_level="READ COMMITTED")


def ask(statement, **parameters) -> list:
    """What a select of columns finds, as named tuples: half the time of `db.session.execute`, which looks for entities, and a fifth to find a name in a row."""
    result = db.session.connection().execute(statement, parameters)
    return list(map(_row(tuple(result.keys()))._make, result.all()))


@lru_cache(maxsize=200)
def _row(names):
    return namedtuple("Row", names)


def insert_many(s, model, many) -> None:
    """Rows of one shape, with a value for every column that must have one, handed to the driver almost as they are.

    SQLAlchemy goes through every value of every row; here only those are touched that the driver would not take as they stand (dates, on SQLite).
    """
    if not many:
        return
    connection = s.connection()
    sentence, made = _insertion(connection.dialect, model, tuple(many[0]))
    if made:
        many = [row | {name: making(row[name]) for name, making in made.items()} for row in many]
    connection.exec_driver_sql(sentence, many)


@lru_cache(maxsize=200)
def _insertion(dialect, model, names):
    """(the driver's sentence, {column: what its values go through first})"""
    quote = dialect.identifier_preparer.quote
    columns = [model.__table__.c[name] for name in names]
    made = {column.name: making for column in columns if isinstance(column.type, Date | DateTime)
            and (making := column.type.dialect_impl(dialect).bind_processor(dialect))}
    mark = ":{}" if dialect.name == "sqlite" else "%({})s"
    quoted, marks = ", ".join(quote(name) for name in names), ", ".join(mark.format(name) for name in names)
    return f"INSERT INTO {quote(model.__tablename__)} ({quoted}) VALUES ({marks})", made  # noqa: S608 - names of our own columns
