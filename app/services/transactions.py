"""An act: one service call, one transaction, check → change → effects → trace.

    @writes
    def rename(s, class_id, name, *, actor): …

    classes.rename(7, "实验班", actor=wang)

The function gets a fresh session `s` as its first argument; callers leave it out. It may be run again from the start when the database asks for it, so it
takes ids and plain values and does nothing outside `s`. `rename.inside(s, …)` makes it part of another act. An act without a trace event is refused, but for
what is no act of the register (`@writes(traced=False)`: drafts, sessions, progress).
"""

import contextlib
import functools
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exc, insert, select, update
from sqlalchemy.orm import Session

from .. import clock, locks, sealing
from ..errors import AlreadyDone, KeySpent
from ..extensions import db, writer
from ..models import Answer
from . import anchor, trace

TRIES = 6
RETRY = ("40001", "40P01", "23505")  # out of turn, deadlock, and a key that somebody else wrote first: run again, the act finds it there and says so


@dataclass(frozen=True)
class Once:
    """A form that may be carried out once: `locate(result)` is the address it answers with (DECIDED 14)."""

    account_id: int
    key: str
    act: str
    fields: bytes
    locate: Any


def writes(work=None, *, traced=True):
    if work is None:
        return functools.partial(writes, traced=traced)

    @functools.wraps(work)
    def act(*args, once: Once | None = None, **kwargs):
        for attempt in range(TRIES):
            try:
                return _carry_out(work, args, kwargs, once, traced)
            except exc.DBAPIError as error:
                if attempt == TRIES - 1 or not _worth_another_try(error):
                    raise
        raise AssertionError  # the loop returns or raises

    act.inside = work
    return act


def _carry_out(work, args, kwargs, once, traced):
    with write_lock(), Session(writer(), expire_on_commit=False, autoflush=False) as s:
        with s.begin():
            if once is not None:
                _refuse_second(s, once)
                _claim(s, once)
            result = work(s, *args, **kwargs)
            s.flush()
            if traced and not s.info.get("events"):
                raise RuntimeError(f"{work.__module__}.{work.__name__} left no trace")
            if once is not None:
                _keep_answer(s, once, result)
            heads = trace.append(s)
        if heads:
            anchor.write(heads)
    return result


@contextlib.contextmanager
def write_lock():
    """SQLite has one writer: they queue at a lock between processes, which keeps the longest wait short (DESIGN 4)."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    with locks.held(f"{db.engine.url.database}.lock"):
        yield


def writer_busy() -> bool:
    """Whether an act is under way that others would wait for: of SQLite's one writer. PostgreSQL has many."""
    return db.engine.dialect.name == "sqlite" and locks.busy(f"{db.engine.url.database}.lock")


def _worth_another_try(error) -> bool:
    return getattr(error.orig, "sqlstate", None) in RETRY or "database is locked" in str(error.orig)


def refuse_second(once) -> None:
    """Raise AlreadyDone for a form that was carried out, before what it was made of is looked for."""
    _refuse_second(db.session, once)


def _refuse_second(s, once):
    kept = s.execute(select(Answer.act, Answer.fields, Answer.location).where(Answer.account_id == once.account_id, Answer.key == once.key)).one_or_none()
    if kept is None:
        return
    location = sealing.unseal(kept.location, "answers", once.account_id, once.key)
    if kept.act == once.act and bytes(kept.fields) == once.fields:
        raise AlreadyDone(location)
    raise KeySpent("这张表单已经提交过，内容与现在的不同。请核对后再提交一次。", location)


def _claim(s, once):
    """The key is taken before anything else, so that the second of a double click waits here, and then reads the first one's answer."""
    s.execute(insert(Answer).values(account_id=once.account_id, key=once.key, act=once.act, fields=once.fields, location=b"", at=clock.now()))


def _keep_answer(s, once, result):
    location = sealing.seal(once.locate(result), "answers", once.account_id, once.key)
    s.execute(update(Answer).where(Answer.account_id == once.account_id, Answer.key == once.key).values(location=location))


def forget_answers(s, before) -> None:
    """Kept answers serve double clicks and reloads, not memory."""
    s.execute(delete(Answer).where(Answer.at < before))
