"""Drafts (草稿): what a clerk typed and has not handed in, sealed, one row for each form begun. Nobody but the clerk reads them, and only in the same post:
what was typed of the pupils of one school is not seen at another.
"""

import json

from sqlalchemy import bindparam, delete, func, insert, select, update

from ... import sealing
from ...errors import Refusal
from ...extensions import db
from ...models import Draft, new_id
from ..transactions import writes

MOST = 50  # of one kind
LARGEST = 64 * 1024  # characters; the longest form has some ten thousand
FORM_ONLY = {"csrf_token", "idempotency_key", "save", "add", "drop", "card", "file", "material", "draft"}


def typed(values) -> dict:
    """{name: value} of a sent form, without what belongs to the sending."""
    return {name: value for name, value in values.items() if name not in FORM_ONLY}


@writes(traced=False)
def keep(s, kind, subject, content, *, actor, now):
    """Write the draft, or write over it. `subject` tells one form of a kind from another."""
    if len(json.dumps(content, ensure_ascii=False)) > LARGEST:
        raise Refusal("填写的内容太长，草稿没有存下。请缩短后再存。")
    row = s.execute(_mine(select(Draft.id), actor, kind, subject).with_for_update()).scalar_one_or_none()
    if row is None:
        if s.execute(_mine(select(func.count()).select_from(Draft), actor, kind)).scalar_one() >= MOST:
            raise Refusal(f"您已有 {MOST} 份没有提交的草稿，请先提交或删除一些，再存新的。")
        row = new_id()
        s.execute(insert(Draft).values(id=row, account_id=actor.account_id, post_id=actor.post_id, kind=kind, subject=subject, saved_at=now,
                                       content=sealing.seal_json(content, "drafts", row, "content")))
    else:
        s.execute(update(Draft).where(Draft.id == row).values(content=sealing.seal_json(content, "drafts", row, "content"), saved_at=now))
    return row


@writes(traced=False)
def discard(s, kind, subject, *, actor):
    drop(s, kind, subject, actor=actor)


DRAFTS = Draft.__table__
DROP = delete(DRAFTS).where(*(DRAFTS.c[name] == bindparam(value) for name, value in (("post_id", "post"), ("account_id", "account"), ("kind", "of"), ("subject", "what"))))


def drop(s, kind, subject, *, actor):
    """Within the act that hands it in."""
    s.execute(DROP, {"post": actor.post_id, "account": actor.account_id, "of": kind, "what": subject})


def forget(s, post_id):
    """Within the act that ends a post: nobody will sit at this desk again."""
    s.execute(delete(Draft).where(Draft.post_id == post_id))


def find(kind, subject, *, actor):
    """(content, saved_at), or None."""
    row = db.session.execute(_mine(select(Draft.id, Draft.content, Draft.saved_at), actor, kind, subject)).one_or_none()
    return row and (sealing.unseal_json(row.content, "drafts", row.id, "content"), row.saved_at)


def of_kind(kind, *, actor):
    """[(subject, content, saved_at)], the newest first."""
    rows = db.session.execute(_mine(select(Draft.id, Draft.subject, Draft.content, Draft.saved_at), actor, kind).order_by(Draft.saved_at.desc(), Draft.id.desc())
                              .limit(MOST))
    return [(row.subject, sealing.unseal_json(row.content, "drafts", row.id, "content"), row.saved_at) for row in rows]


def _mine(query, actor, kind, subject=None):
    query = query.where(Draft.post_id == actor.post_id, Draft.account_id == actor.account_id, Draft.kind == kind)
    return query if subject is None else query.where(Draft.subject == subject)
