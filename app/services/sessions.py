"""Sessions in our own table: opened at sign-in, idle 30 minutes, at most 10 hours, listed and ended."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from .. import clock
from ..extensions import db
from ..models import Account, Body, Post, SignIn
from ..permissions import Actor
from . import trace
from .transactions import writes

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
TOUCH = timedelta(seconds=60)  # a session's last sight is written once a minute, not at every click


def key_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def find(token: str, *, now, address="") -> Actor | None:
    """The person whose cookie this is, in the post in use; None when the session ended, ran out or the account was closed. One query."""
    other = Post.__table__.alias()
    posts = select(func.count()).select_from(other).where(other.c.account_id == Account.id, other.c.state == "active").scalar_subquery()
    row = db.session.execute(
        select(
            SignIn.key, SignIn.started_at, SignIn.seen_at, SignIn.ended_at, Account.id, Account.name, Account.username, Account.state, Account.must_change,
            Post.id.label("post_id"), Post.duty, Post.class_id, Post.state.label("post_state"), Body.id.label("body_id"), Body.name.label("body_name"),
            Body.tier, Body.province_id, Body.city_id, Body.county_id, Body.township_id, posts.label("posts"),
        )
        .join(Account, Account.id == SignIn.account_id).outerjoin(Post, Post.id == SignIn.post_id).outerjoin(Body, Body.id == Post.body_id)
        .where(SignIn.key == key_of(token))
    ).one_or_none()
    if row is None or row.ended_at or row.state != "open" or now - row.seen_at > IDLE or now - row.started_at > ABSOLUTE:
        return None
    if now - row.seen_at > TOUCH:
        touch(row.key, now=now)
    in_post = row.post_state == "active"
    return Actor(
        account_id=row.id, name=row.name, username=row.username, duty=row.duty if in_post else "", post_id=row.post_id if in_post else None,
        body_id=row.body_id, body_name=row.body_name or "", tier=(row.tier or "") if in_post else "", province_id=row.province_id, city_id=row.city_id,
        county_id=row.county_id, township_id=row.township_id, school_id=row.body_id if row.tier == "school" else None, class_id=row.class_id,
        posts=row.posts, must_change=row.must_change, sign_in=bytes(row.key), address=address,
    )


@writes(traced=False)
def touch(s, key, *, now):
    s.execute(update(SignIn).where(SignIn.key == key, SignIn.ended_at.is_(None)).values(seen_at=now))


def first_post(s, account_id):
    """The post that a sign-in begins with: the one used last, else the oldest."""
    last = s.execute(
        select(SignIn.post_id).join(Post, Post.id == SignIn.post_id).where(SignIn.account_id == account_id, Post.state == "active")
        .order_by(SignIn.started_at.desc()).limit(1)
    ).scalar()
    return last or s.execute(select(Post.id).where(Post.account_id == account_id, Post.state == "active").order_by(Post.id).limit(1)).scalar()


@writes
def open_session(s, account_id, *, now, address, agent):
    """Returns the token for the cookie; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    account = s.get_one(Account, account_id)
    account.last_sign_in_at = now
    s.execute(insert(SignIn).values(
        key=key_of(token), account_id=account_id, post_id=first_post(s, account_id), started_at=now, seen_at=now, address=address[:60], agent=agent[:200],
    ))
    trace.record(s, "signin.succeeded", actor=Actor(account_id, account.name, account.username), address=address)
    return token


@writes
def end(s, key, why, *, actor, now):
    s.execute(update(SignIn).where(SignIn.key == key, SignIn.ended_at.is_(None)).values(ended_at=now, ended_why=why))
    trace.record(s, "signin.ended", actor=actor, why=why)
