"""Sessions in our own table: opened at sign-in, idle 30 minutes, at most 10 hours, listed and ended."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import bindparam, func, insert, or_, select, update

from ...errors import NotFound, Refusal
from ...extensions import db
from ...models import Account, Body, Post, SignIn
from ...permissions import DUTIES, SEATED, Actor, seated
from .. import trace
from ..transactions import writer_busy, writes
from . import throttle

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
TOUCH = timedelta(seconds=60)  # a session's last sight is written once a minute, not at every click


def key_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


OTHER = Post.__table__.alias()
SIGNED_IN = (  # made once: every request asks it
    select(
        *SEATED, SignIn.key, SignIn.started_at, SignIn.seen_at, SignIn.ended_at, Account.state, Account.must_change, Post.state.label("post_state"),
        select(func.count()).select_from(OTHER).where(OTHER.c.account_id == Account.id, OTHER.c.state == "active").scalar_subquery().label("posts"),
    )
    .select_from(SignIn)
    .join(Account, Account.id == SignIn.account_id).outerjoin(Post, Post.id == SignIn.post_id).outerjoin(Body, Body.id == Post.body_id)
    .where(SignIn.key == bindparam("sign_in"))
)


def find(token: str, *, now, address="") -> Actor | None:
    """The person whose cookie this is, in the post in use; None when the session ended, ran out or the account was closed. One query."""
    row = db.session.execute(SIGNED_IN, {"sign_in": key_of(token)}).one_or_none()
    if row is None or row.ended_at or row.state != "open" or now - row.seen_at > IDLE or now - row.started_at > ABSOLUTE:
        return None
    unseen = now - row.seen_at
    if unseen > TOUCH and (unseen > IDLE / 2 or not writer_busy()):  # who only reads waits for no large import
        touch(row.key, now=now)
    here = {"posts_count": row.posts, "must_change": row.must_change, "sign_in": bytes(row.key), "address": address, "today": now.date()}
    if row.post_state == "active":
        return seated(row, **here)
    return Actor(row.id, row.name, row.username, **here)


@writes(traced=False)
def touch(s, key, *, now):
    s.execute(update(SignIn).where(SignIn.key == key, SignIn.ended_at.is_(None)).values(seen_at=now))


def first_post(s, account_id):
    """The post that a sign-in begins with: the one used last, else the oldest."""
    last = s.execute(
        select(SignIn.post_id).join(Post, Post.id == SignIn.post_id).where(SignIn.account_id == account_id, Post.state == "active")
        .order_by(SignIn.started_at.desc(), SignIn.seen_at.desc()).limit(1)
    ).scalar()
    return last or s.execute(select(Post.id).where(Post.account_id == account_id, Post.state == "active").order_by(Post.id).limit(1)).scalar()


@writes
def open_session(s, account_id, *, now, address, agent, must_change=False):
    """Returns the token for the cookie; only its hash is kept. `must_change`: the password has grown old."""
    account = s.get_one(Account, account_id, with_for_update=True)
    if account.state != "open":
        raise Refusal("这个账号刚被停用，请联系系统管理员。")
    account.last_sign_in_at = now
    account.must_change = account.must_change or must_change
    throttle.give_back(s, account.username, address)
    trace.record(s, "signin.succeeded", actor=Actor(account_id, account.name, account.username), address=address)
    return _begin(s, account_id, first_post(s, account_id), now=now, address=address, agent=agent)


def _begin(s, account_id, post_id, *, now, address, agent, started_at=None):
    token = secrets.token_urlsafe(32)
    s.execute(insert(SignIn).values(
        key=key_of(token), account_id=account_id, post_id=post_id, started_at=started_at or now, seen_at=now, address=address[:60], agent=agent[:200],
    ))
    return token


@writes
def switch(s, post_id, *, actor, now):
    """Take another of one's own posts: a new session with a new token in place of this one, and no longer than this one would have lasted."""
    post = s.execute(
        select(Post.id, Post.duty, Body.name).outerjoin(Body, Body.id == Post.body_id)
        .where(Post.id == post_id, Post.account_id == actor.account_id, Post.state == "active")
    ).one_or_none()
    if post is None:
        raise Refusal("您没有这个岗位，或它刚被免去。请从下面的岗位中选择。", field="post_id")
    trace.record(s, "signin.switched", actor=actor, post=f"{post.name or ''} {DUTIES[post.duty]}".strip())
    return renew(s, actor, post.id, now=now)


def renew(s, actor, post_id, *, now):
    """Within an act: this session ends and goes on under a new token."""
    old = s.execute(select(SignIn).where(SignIn.key == actor.sign_in, SignIn.ended_at.is_(None)).with_for_update()).scalar_one_or_none()
    if old is None:
        raise Refusal("您的登录已经结束，请重新登录。")
    old.ended_at, old.ended_why = now, "replaced"
    return _begin(s, actor.account_id, post_id, now=now, address=old.address, agent=old.agent, started_at=old.started_at)


@writes
def end(s, key, why, *, actor, now):
    s.execute(update(SignIn).where(SignIn.key == key, SignIn.ended_at.is_(None)).values(ended_at=now, ended_why=why))
    trace.record(s, "signin.ended", actor=actor, why=why)


@writes
def kill(s, key, account_id, *, actor, now):
    """End one session of an account: one's own elsewhere, or anybody's by the 系统管理员."""
    ended = s.execute(
        update(SignIn).where(SignIn.key == key, SignIn.account_id == account_id, SignIn.ended_at.is_(None)).values(ended_at=now, ended_why="killed")
    )
    if not ended.rowcount:
        raise NotFound("这次登录已经结束，不用再退出。")
    trace.record(s, "signin.killed", actor=actor, username=s.get_one(Account, account_id).username)


def end_all(s, account_id, why, *, now, but=None, post_id=None):
    """Within an act: every session of the account, or those in one post; `but` is the key of the one that stays."""
    query = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if but is not None:
        query = query.where(SignIn.key != but)
    if post_id is not None:
        query = query.where(SignIn.post_id == post_id)
    s.execute(query.values(ended_at=now, ended_why=why))


@writes(traced=False)
def sweep(s, *, now):
    """For the daily job: sessions that ran out are marked so."""
    s.execute(update(SignIn).where(SignIn.ended_at.is_(None), SignIn.started_at < now - ABSOLUTE).values(ended_at=now, ended_why="too long"))
    s.execute(update(SignIn).where(SignIn.ended_at.is_(None), SignIn.seen_at < now - IDLE).values(ended_at=now, ended_why="idle"))


ENDED = {
    "signed out": "您已退出登录。", "idle": "您离开较久，系统已自动退出。已存的草稿还在，请重新登录。", "too long": "登录已满 10 小时，请重新登录。已存的草稿还在。",
    "killed": "这次登录已被强制退出，请重新登录。", "replaced": "您已在别的窗口换过岗位或密码，请重新登录。", "password": "密码已在别处修改，请用新密码登录。",
    "reset": "密码已由系统管理员重置，请用新的一次性密码登录。", "closed": "账号已停用，请联系系统管理员。", "post ended": "您刚才所用的岗位已被免去，请重新登录。",
}


def why_ended(token, *, now) -> str:
    """A sentence for whoever comes back with a session that no longer counts."""
    row = db.session.execute(select(SignIn.started_at, SignIn.ended_why).where(SignIn.key == key_of(token))).one_or_none()
    why = (row.ended_why or ("too long" if now - row.started_at > ABSOLUTE else "idle")) if row else ""
    return ENDED.get(why, "请重新登录。")


def list_of(account_id, *, now, most=20):
    """The sessions of an account, those that go on first, then the latest."""
    goes_on = SignIn.ended_at.is_(None) & (SignIn.seen_at >= now - IDLE) & (SignIn.started_at >= now - ABSOLUTE)
    return db.session.execute(
        select(
            SignIn.key, SignIn.started_at, SignIn.seen_at, SignIn.ended_why, SignIn.address, SignIn.agent, goes_on.label("goes_on"), Post.duty,
            Body.name.label("body_name"),
        )
        .outerjoin(Post, Post.id == SignIn.post_id).outerjoin(Body, Body.id == Post.body_id)
        .where(SignIn.account_id == account_id, or_(SignIn.ended_why != "replaced", SignIn.ended_at.is_(None)))
        .order_by(goes_on.desc(), SignIn.seen_at.desc(), SignIn.key).limit(most)
    ).all()
