"""Long pieces of work (作业): rows of a queue that one process takes up, oldest first, and that show how far they are.

`run_next` is called in a loop by the job process. A process that died stops beating; its job is taken up again, at most three times. What a job does to
the register is an act like any other; waiting, beating and ending leave no trace.
"""

import contextlib
import json
import logging
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module

from flask import current_app
from sqlalchemy import and_, delete, insert, or_, select, update

from ..errors import NotFound, Refusal
from ..extensions import db
from ..models import Account, Body, Job, Post, new_id
from ..permissions import SEATED, Actor, seated, visible_jobs
from .transactions import writes

STALE = timedelta(seconds=60)
BEAT = 15  # seconds
TRIES = 3
KEPT = timedelta(days=7)
log = logging.getLogger("xueji.jobs")


@dataclass(frozen=True)
class Kind:
    """`run(job)` does the work, outside any transaction, and returns a sentence; `ended(s, subject_id, state, message)` tells the subject that it came to nothing."""

    title: str
    module: str
    run: str
    ended: str

    def function(self, name):
        return getattr(import_module(f".{self.module}", __package__), name)


KINDS = {
    "import.check": Kind("预检", "intake.import_jobs", "check", "check_ended"),
    "import.apply": Kind("写入", "intake.import_jobs", "apply", "apply_ended"),
    "audit.verify": Kind("核验留痕", "administration.audit", "work", "work_ended"),
    "import.mark": Kind("标注出错的原表", "intake.import_jobs", "mark", "mark_ended"),
    "photos.put": Kind("换照片", "pupils.photo_uploads", "put", "put_ended"),
}
STATES = {"waiting": ("排队中", ""), "running": ("进行中", "run"), "done": ("已办完", "done"), "failed": ("没有办成", "bad"), "cancelled": ("已停止", "")}


class Stopped(Exception):
    """The work ends here: it was asked to stop, or (`lost`) another process has it now."""

    def __init__(self, lost=False):
        super().__init__("lost" if lost else "cancelled")
        self.lost = lost


@dataclass
class Running:
    """A job in the hands of this process."""

    id: int
    kind: str
    subject_id: int
    owner_id: int
    post_id: int | None
    arguments: dict
    tries: int
    taken_at: datetime
    taken: float = field(default_factory=time.monotonic)

    def now(self):
        return self.taken_at + timedelta(seconds=int(time.monotonic() - self.taken))

    def progress(self, done, total):
        """How far it is. Raises Stopped when it was asked to stop."""
        _progress(self, done, total)

    def keep(self, s, done, total):
        """The same inside a transaction, so that what was done and how far it is are written together."""
        mine = (Job.id == self.id, Job.tries == self.tries, Job.state == "running")
        if s.execute(update(Job).where(*mine).values(done=done, total=total, beat_at=self.now())).rowcount == 0:
            raise Stopped(lost=True)
        if s.execute(select(Job.cancel).where(Job.id == self.id)).scalar_one():
            raise Stopped


@writes(traced=False)
def _progress(s, job, done, total):
    job.keep(s, done, total)


# ---------------------------------------------------------------- asked for, asked to stop

def start(s, kind, subject_id, *, actor, title, now, total=0, **arguments) -> int:
    """Within an act: put a piece of work at the end of the queue."""
    job_id = new_id()
    s.execute(insert(Job).values(
        id=job_id, kind=kind, county_id=actor.county_id, subject_id=subject_id, owner_id=actor.account_id, post_id=actor.post_id, title=title, state="waiting",
        arguments=json.dumps({"address": actor.address} | arguments), created_at=now, total=total, done=0, message="", cancel=False, tries=0,
    ))
    return job_id


@writes(traced=False)
def cancel(s, job_id, *, actor, now):
    """One that waits ends at once, one that runs at its next step."""
    job = s.scalars(visible_jobs(actor).where(Job.id == job_id).with_for_update()).one_or_none()
    if job is None:
        raise NotFound
    if job.state == "waiting":
        job.state, job.ended_at, job.message = "cancelled", now, "排队时停止，没有开始。"
        s.flush()
        _tell(s, job.kind, job.subject_id, "cancelled", job.message)
    elif job.state == "running":
        job.cancel = True
    else:
        raise Refusal(f"这项工作{STATES[job.state][0]}，不用停止。请刷新看结果。")
    return job.id


# ---------------------------------------------------------------- taken up

def run_next(now) -> bool:
    """Take up the oldest piece of work and do it. False when there is nothing to do."""
    job_id = db.session.execute(select(Job.id).where(_free(now)).order_by(Job.id).limit(1)).scalar()
    if job_id is None:
        return False
    run(job_id, now)
    return True


def run(job_id, now) -> bool:
    """Do this piece of work here. False when another process has it, or it ended."""
    job = _take(job_id, now=now)
    if job is None:
        return False
    kind = KINDS[job.kind]
    try:
        with _beating(job):
            message = kind.function(kind.run)(job) or ""
    except Stopped as stopped:
        if not stopped.lost:
            _end(job, "cancelled", "已按要求停止。")
    except Refusal as refusal:
        _end(job, "failed", str(refusal))
    except Exception:
        number = f"E-{now:%Y%m%d}-{secrets.token_hex(2).upper()}"
        log.exception("%s job %s %s", number, job.id, job.kind)
        _end(job, "failed", f"{kind.title}时系统出错，没有办成。请再试一次；仍然不成的，把编号 {number} 告诉系统管理员。")
    else:
        _end(job, "done", message)
    return True


def finish(job_id, now) -> tuple[str, str]:
    """For a command: do this piece of work here, or wait for the process that has it. Returns how it ended: (state, message)."""
    while True:
        done_here = run(job_id, now)
        row = db.session.execute(select(Job.state, Job.message).where(Job.id == job_id)).one()
        if row.state not in ("waiting", "running"):
            return row.state, row.message
        if not done_here:
            time.sleep(0.5)


def _free(now):
    return or_(Job.state == "waiting", and_(Job.state == "running", Job.beat_at < now - STALE))


@writes(traced=False)
def _take(s, job_id, *, now):
    """Of two that see it free one gets it: the number of tries says which."""
    row = s.execute(
        select(Job.id, Job.kind, Job.subject_id, Job.owner_id, Job.post_id, Job.arguments, Job.tries).where(Job.id == job_id, _free(now))
    ).one_or_none()
    if row is None:
        return None
    values = {"state": "running", "started_at": now, "beat_at": now, "done": 0, "tries": row.tries + 1}
    spent = row.tries >= TRIES
    if spent:
        values = {"state": "failed", "ended_at": now, "message": f"处理这项工作的进程中断了 {TRIES} 次，没有办成。请联系系统管理员。"}
    if s.execute(update(Job).where(Job.id == job_id, Job.tries == row.tries, _free(now)).values(values)).rowcount == 0:
        return None
    if spent:
        _tell(s, row.kind, row.subject_id, "failed", values["message"])
        return None
    return Running(row.id, row.kind, row.subject_id, row.owner_id, row.post_id, json.loads(row.arguments), row.tries + 1, now)


@contextlib.contextmanager
def _beating(job):
    """Beat in a thread beside the work: reading a large workbook has no steps to beat at."""
    app, over = current_app._get_current_object(), threading.Event()

    def beat():
        while not over.wait(BEAT):
            with app.app_context(), contextlib.suppress(Exception):  # the next beat tries again
                _beat(job)

    thread = threading.Thread(target=beat, daemon=True, name=f"job {job.id}")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@writes(traced=False)
def _beat(s, job):
    s.execute(update(Job).where(Job.id == job.id, Job.tries == job.tries, Job.state == "running").values(beat_at=job.now()))


@writes(traced=False)
def _end(s, job, state, message):
    mine = (Job.id == job.id, Job.tries == job.tries, Job.state == "running")
    if s.execute(update(Job).where(*mine).values(state=state, message=message[:500], ended_at=job.now())).rowcount and state != "done":
        _tell(s, job.kind, job.subject_id, state, message)


def _tell(s, kind, subject_id, state, message):
    KINDS[kind].function(KINDS[kind].ended)(s, subject_id, state, message)


@writes(traced=False)
def sweep(s, *, now):
    """For the daily tick: results are kept a week."""
    s.execute(delete(Job).where(Job.ended_at < now - KEPT))


# ---------------------------------------------------------------- for whom

def person(s, account_id, post_id, *, today, address="") -> Actor:
    """Who asked for the work, in the post in which it was asked for: it is done in that person's name, as long as both still stand."""
    row = s.execute(
        select(*SEATED).join(Post, Post.account_id == Account.id).outerjoin(Body, Body.id == Post.body_id)
        .where(Account.id == account_id, Post.id == post_id, Post.state == "active", Account.state == "open")
    ).one_or_none()
    if row is None:
        raise Refusal("要办这件事的人已经停用账号或免去岗位，没有继续办理。")
    return seated(row, address=address, today=today)
