"""What came after a session had run out (登录过期后送来的内容): the whole of a form, kept sealed for the account and the post that typed it until it is handed in.

It is no act: nobody but the next sign-in of the same account reads it, and there it is a form filled in, no more.
"""

import json
import secrets
from datetime import timedelta

from sqlalchemy import and_, delete, exists, insert, select

from ... import sealing
from ...extensions import db
from ...models import Account, Answer, Draft, SignIn, new_id
from ..people import sessions
from ..transactions import writes
from . import drafts

KIND = "late"
STILL = timedelta(days=3)  # since a session was last seen: a form left open on Friday is sent on Monday
KEPT = timedelta(days=7)  # no longer than a form's answer is known (nightly.REMEMBERED), by which it is seen to be handed in
MOST = 10  # of one person in one post; the oldest gives way
RAN_OUT = ("", "idle", "too long")


def keep(token, content, *, now):
    """The id under which its own account finds it; None where the session was ended on purpose, is too long ago, or the form is too large. `content["key"]` is the form's own key:
    the same form sent again takes the place of what it said before."""
    found = db.session.execute(
        select(SignIn.account_id, SignIn.post_id, SignIn.ended_why).join(Account, Account.id == SignIn.account_id)
        .where(SignIn.key == sessions.key_of(token), SignIn.seen_at > now - STILL, Account.state == "open")
    ).one_or_none()
    if found is None or found.post_id is None or found.ended_why not in RAN_OUT or len(json.dumps(content, ensure_ascii=False)) > drafts.LARGEST:
        return None
    return _write(found.account_id, found.post_id, content, now=now)


@writes(traced=False)
def _write(s, account_id, post_id, content, *, now):
    mine = (Draft.post_id == post_id, Draft.account_id == account_id, Draft.kind == KIND)
    key = content.get("key") or secrets.token_urlsafe(9)
    s.execute(delete(Draft).where(*mine, Draft.subject == key))
    if too_many := s.execute(select(Draft.id).where(*mine).order_by(Draft.saved_at.desc(), Draft.id.desc()).offset(MOST - 1)).scalars().all():
        s.execute(delete(Draft).where(Draft.id.in_(too_many)))
    draft_id = new_id()
    s.execute(insert(Draft).values(id=draft_id, account_id=account_id, post_id=post_id, kind=KIND, subject=key, saved_at=now,
                                   content=sealing.seal_json(content, "drafts", draft_id, "content")))
    return draft_id


def _own(actor):
    """Those not handed in since: a form that was carried out has its key among the answers."""
    handed_in = exists().where(and_(Answer.account_id == Draft.account_id, Answer.key == Draft.subject, Answer.at >= Draft.saved_at))
    return (Draft.post_id == actor.post_id, Draft.account_id == actor.account_id, Draft.kind == KIND, ~handed_in)


def find(draft_id, *, actor):
    """(content, saved_at), or None."""
    row = db.session.execute(select(Draft.id, Draft.content, Draft.saved_at).where(Draft.id == draft_id, *_own(actor))).one_or_none()
    return row and (sealing.unseal_json(row.content, "drafts", row.id, "content"), row.saved_at)


def of(actor):
    """[(id, address that it was sent to, saved_at)], the newest first."""
    rows = db.session.execute(select(Draft.id, Draft.content, Draft.saved_at).where(*_own(actor)).order_by(Draft.saved_at.desc(), Draft.id.desc()).limit(MOST)).all()
    return [(row.id, sealing.unseal_json(row.content, "drafts", row.id, "content")["path"], row.saved_at) for row in rows]


@writes(traced=False)
def discard(s, draft_id, *, actor):
    s.execute(delete(Draft).where(Draft.id == draft_id, Draft.post_id == actor.post_id, Draft.account_id == actor.account_id, Draft.kind == KIND))


@writes(traced=False)
def sweep(s, *, now):
    s.execute(delete(Draft).where(Draft.kind == KIND, Draft.saved_at < now - KEPT))
