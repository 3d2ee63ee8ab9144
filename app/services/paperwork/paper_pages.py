"""What is told of papers (证明与表单): lists of them, the page of one, and the word to a stranger who checks one (核验)."""

from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from ... import sealing
from ...errors import NotFound
from ...extensions import ask, db
from ...identity import masks, paper_codes
from ...models import Paper
from ...permissions import by_seat, paper_scope, visible_papers
from ..people import throttle
from ..pupils import records
from .papers import KINDS, facts_of, state_of

STATES = {"valid": ("有效", "done"), "voided": ("已作废", "bad"), "reissued": ("已补发", ""), "expired": ("已过期", "soon")}


@dataclass(frozen=True)
class Line:
    """A paper as a list shows it."""

    id: int
    title: str
    number: str
    student_id: int | None
    name: str
    issued_on: object
    issued_by: str
    expires_on: object
    state: str
    words: str
    look: str
    printed_times: int
    batch_id: int | None

    @property
    def holds(self):
        return self.state in ("valid", "expired")


def of_student(person, student_id, *, today, merged=False) -> list[Line]:
    """The papers of one pupil that this person may see, newest first; with those of a duplicate where one was `merged` into her record."""
    return [_line(row, today) for row in ask(_of_pupil(person, bool(merged)), pupil=student_id)]


@by_seat
def _of_pupil(person, merged):
    pupil = bindparam("pupil")
    return (
        visible_papers(person).where(records.hers(Paper.student_id, pupil) if merged else Paper.student_id == pupil).with_only_columns(*Paper.__table__.columns).order_by(Paper.id.desc()).limit(100)
    )


def of_case(person, case_id, *, today) -> list[Line]:
    return _lines(visible_papers(person).where(Paper.case_id == case_id).limit(20), today)


def listed(person, *, today, kind="", state="", batch_id=None, after=None, limit=100) -> list[Line]:
    query = visible_papers(person)
    if kind:
        query = query.where(Paper.kind == kind)
    if state in ("voided", "reissued"):
        query = query.where(Paper.state == state)
    elif state == "expired":
        query = query.where(Paper.state == "valid", Paper.expires_on < today)
    elif state == "valid":
        query = query.where(Paper.state == "valid", or_(Paper.expires_on.is_(None), Paper.expires_on >= today))
    if batch_id is not None:
        query = query.where(Paper.batch_id == batch_id)
    if after is not None:
        query = query.where(Paper.id < after)
    return _lines(query.limit(limit), today)


def _lines(query, today):
    return [_line(row, today) for row in ask(query.with_only_columns(*Paper.__table__.columns).order_by(Paper.id.desc()))]


def _line(row, today):
    state = state_of(row, today)
    return Line(row.id, KINDS[row.kind].title, row.number, row.student_id, facts_of(row)["name"], row.issued_on, row.issued_by, row.expires_on, state,
                *STATES[state], row.printed_times, row.batch_id)


def shown(person, paper_id, *, today):
    """(row, line, whether it is this office's own) for the page of one paper."""
    row = db.session.execute(visible_papers(person).with_only_columns(*Paper.__table__.columns).where(Paper.id == paper_id)).one_or_none()
    if row is None:
        raise NotFound
    own = db.session.execute(select(Paper.id).where(paper_scope(person), Paper.id == paper_id)).first() is not None
    return row, _line(row, today), own


# ---------------------------------------------------------------- the public check

@dataclass(frozen=True)
class Verdict:
    """What a stranger is told of a paper, and nothing else."""

    title: str
    number: str
    name: str
    school: str
    issued_on: object
    state: str
    words: str
    look: str


def verify(text, *, address, today, now) -> Verdict | None:
    """What may be told of the paper with this code, typed or scanned. Whatever is not one of ours is answered alike, after the same look-up, and counted."""
    throttle.refuse_waiting("verify", address, "请核对证明上的验证码；确实无法核验的，请联系开具的学校。", now=now)
    index = sealing.blind_index("paper_code", paper_codes.clean(text)[: paper_codes.LONG + 1] or "-")
    row = db.session.execute(
        select(Paper.id, Paper.kind, Paper.number, Paper.facts, Paper.issued_on, Paper.expires_on, Paper.state)
        .where(or_(Paper.code_index == index, Paper.short_index == index))
    ).one_or_none()
    if row is None:
        throttle.fail("verify", address, now=now)
        return None
    facts, state = facts_of(row), state_of(row, today)
    name = facts["name"] if facts.get("pupils") else masks.name(facts["name"])  # of a list: how many
    return Verdict(KINDS[row.kind].title, row.number, name, facts["issuer"], row.issued_on, state, *STATES[state])
