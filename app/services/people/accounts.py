"""Accounts (账号): people sign in. Made, changed, reset, closed, opened by the 系统管理员; sealed (封存) when unused for half a year (N25 24).

What a person may do comes from posts (services.people.posts), never from the account. A password is hashed before the act, never inside it.
"""

import contextlib
import re

from sqlalchemy import func, select, update

from ...errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity import names
from ...identity.width import no_blanks
from ...models import Account, Body, Event, Post, new_id
from ...permissions import ADMINISTRATORS, DUTIES, SYSTEM, Actor
from .. import trace
from ..administration import policies
from ..transactions import writes
from ..versions import keep_order
from . import passwords, posts, sessions, throttle

STATES = {"open": "启用", "sealed": "封存", "closed": "停用"}
TITLES = {"name": "姓名", "body_id": "所在单位"}
USERNAME = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*")
NOBODY = Actor(account_id=None, name="未登录")
UNKNOWN = "账号或密码不对，请核对后再试。"
ABOUT = (
    "account.created", "account.changed", "account.reset", "account.sealed", "account.opened", "account.closed", "password.changed", "signin.killed",
    "post.proposed", "post.confirmed", "post.declined", "post.ended",
)


# ---------------------------------------------------------------- sign in, change one's password

def sign_in(username, password, *, now, address, agent) -> str:
    """The token of a new session. One sentence for whoever is unknown and whoever types a wrong password, after the same time."""
    username = cleaned(username)
    throttle.attempt(username, address, now=now)
    account = db.session.execute(
        select(Account.id, Account.state, Account.password_hash, Account.password_set_at, Account.demo, Account.body_id).where(Account.username == username)
    ).one_or_none()
    if not passwords.fits(password, account and account.password_hash):
        _failed(username if account else "（没有这个账号）", address)
        raise Refusal(UNKNOWN)
    if account.state != "open":
        _failed(username, address)
        raise Refusal({"sealed": "这个账号半年没有使用，已经封存。请联系系统管理员启用。"}.get(account.state, "这个账号已经停用。请联系系统管理员。"))
    if passwords.outdated(account.password_hash):
        _hash_again(account.id, account.password_hash, passwords.hashed(password))
    return sessions.open_session(account.id, now=now, address=address, agent=agent, must_change=_too_old(account, now.date()))


def _too_old(account, today):
    """N25 24: passwords are changed at set times (`password_age` of the person's county)."""
    age = policies.policy_for(db.session, account.body_id, today).password_age
    return not account.demo and age.after(account.password_set_at.date()) < today


@writes
def _failed(s, username, address):
    """What was typed as a user name is kept only where it is one: it may have been the password."""
    trace.record(s, "signin.failed", actor=NOBODY, username=username, address=address)


@writes(traced=False)
def _hash_again(s, account_id, old, new):
    s.execute(update(Account).where(Account.id == account_id, Account.password_hash == old).values(password_hash=new))


def change_password(current, new, *, actor, now, once=None) -> str:
    """Change one's own; every other session ends and this one goes on under the token that is returned."""
    throttle.attempt(actor.username, actor.address, now=now)
    kept = db.session.execute(select(Account.password_hash).where(Account.id == actor.account_id)).scalar_one()
    if not passwords.fits(current, kept):
        raise Refusal("现在的密码不对，请重新填写。", field="current")
    if problem := passwords.problem(new, actor.username):
        raise Refusal(problem, field="password")
    if current == new:
        raise Refusal("新密码与现在的相同，请换一个。", field="password")
    return _change_password(kept, passwords.hashed(new), actor=actor, now=now, once=once)


@writes
def _change_password(s, old_hash, new_hash, *, actor, now):
    account = _locked(s, actor.account_id)
    if account.password_hash != old_hash:
        raise Refusal("密码刚在别处改过，请重新登录。")
    account.password_hash, account.password_set_at, account.must_change = new_hash, now, False
    throttle.give_back(s, account.username, actor.address)
    sessions.end_all(s, account.id, "password", now=now, but=actor.sign_in)
    trace.record(s, "password.changed", actor=actor, username=account.username)
    return sessions.renew(s, actor, actor.post_id, now=now)


# ---------------------------------------------------------------- made and changed by the 系统管理员

def create(username, name, *, body_id, actor, now, once=None):
    """(account id, one-time password): the password is told here and nowhere else."""
    password = passwords.one_time()
    return _create(cleaned(username), names.clean(name), body_id, passwords.hashed(password), actor=actor, now=now, once=once), password


@writes
def _create(s, username, name, body_id, password_hash, *, actor, now):
    wrong = [*_wrong_username(s, username), *_wrong_name(name), *_wrong_body(s, body_id)]
    if wrong:
        raise Refusals(wrong)
    account_id = enter(s, username, name, password_hash, body_id=body_id, now=now)
    trace.record(s, "account.created", actor=actor, username=username, name=name)
    return account_id


def enter(s, username, name, password_hash, *, body_id=None, now, must_change=True, demo=False):
    """A new account within an act that has its own event: the demo, a house that is settled."""
    account = Account(
        id=new_id(), username=username, name=name, password_hash=password_hash, must_change=must_change, password_set_at=now, demo=demo, created_at=now,
        body_id=body_id,
    )
    s.add(account)
    s.flush()
    return account.id


@writes
def change(s, account_id, *, name, body_id, version, actor):
    account = _locked(s, account_id)
    _same_version(s, account, version)
    new = {"name": names.clean(name), "body_id": body_id}
    if wrong := [*_wrong_name(new["name"]), *(_wrong_body(s, body_id) if body_id != account.body_id else ())]:
        raise Refusals(wrong)
    old = {column: getattr(account, column) for column in new}
    changed = [column for column in new if new[column] != old[column]]
    if not changed:
        raise Refusal("没有改动任何内容。要放弃修改，请返回账号页。")
    for column in changed:
        setattr(account, column, new[column])
    account.version += 1
    told = {TITLES[column]: [_shown(s, column, old[column]), _shown(s, column, new[column])] for column in changed}
    trace.record(s, "account.changed", actor=actor, username=account.username, changes=told)
    return account_id


def reset(account_id, *, version, actor, now, once=None):
    """A new one-time password; every session of the account ends. Returns (account id, password)."""
    password = passwords.one_time()
    return _give_password(account_id, "open", passwords.hashed(password), version=version, actor=actor, now=now, once=once), password


def open_again(account_id, *, version, actor, now, once=None):
    """启用 a sealed or closed account: as on the first day, with a one-time password. Returns (account id, password)."""
    password = passwords.one_time()
    return _give_password(account_id, "shut", passwords.hashed(password), version=version, actor=actor, now=now, once=once), password


def reset_from_server(username, *, actor, now) -> str:
    """A one-time password for any account, opened if it was shut: by whoever has the server at hand (the three administrators have no other way)."""
    account = db.session.execute(select(Account.id, Account.state, Account.version).where(Account.username == cleaned(username))).one_or_none()
    if account is None:
        raise NotFound(f"没有账号“{username}”，请核对账号名。")
    verb = reset if account.state == "open" else open_again
    return verb(account.id, version=account.version, actor=actor, now=now)[1]


@writes
def _give_password(s, account_id, state, password_hash, *, version, actor, now):
    account = _locked(s, account_id)
    _same_version(s, account, version)
    _not_oneself(account, actor, "修改自己的密码，请用页面右上方的“我的账号”。")
    if (account.state == "open") != (state == "open"):
        raise Refusal("这个账号已经启用，要换密码请用“重置密码”。" if account.state == "open" else "这个账号没有启用，请用“启用账号”。")
    _not_by_one_alone(s, account, actor)
    account.password_hash, account.password_set_at, account.must_change = password_hash, now, True
    account.state = "open"
    account.version += 1
    sessions.end_all(s, account.id, "reset", now=now)
    throttle.clear(s, account.username)
    trace.record(s, "account.reset" if state == "open" else "account.opened", actor=actor, username=account.username)
    return account.id


def _not_by_one_alone(s, account, actor):
    """Whoever could take over the other two administrators' accounts, or those of who is about to be one, would hold all three duties (三员分立)."""
    held = s.execute(select(Post.duty, Post.state).where(Post.account_id == account.id, Post.state.in_(("active", "proposed")), Post.duty.in_(ADMINISTRATORS))).first()
    if held and actor is not SYSTEM:
        raise NotAllowed(
            f"{account.name}{'是' if held.state == 'active' else '正待复核为'}{DUTIES[held.duty]}，密码不能由系统管理员在页面上重置，否则一人就能顶替三员。请在服务器上用命令 flask accounts reset 办理。"
        )


@writes
def close(s, account_id, *, version, reason, actor, now):
    """停用: nobody signs in with it any more; what was done under it stays under its name."""
    account = _locked(s, account_id)
    _same_version(s, account, version)
    _not_oneself(account, actor, "不能停用自己的账号。请由另一名系统管理员办理。")
    if account.state == "closed":
        raise Refusal("这个账号已经停用。")
    if not reason.strip():
        raise Refusal("请填写停用的理由，例如“调离本单位”。", field="reason")
    for duty in s.execute(select(Post.duty).where(Post.account_id == account.id, Post.state == "active").order_by(Post.duty)).scalars():
        posts.keep_enough(s, duty, leaving=account.id)
    account.state = "closed"
    account.version += 1
    sessions.end_all(s, account.id, "closed", now=now)
    trace.record(s, "account.closed", actor=actor, username=account.username, why=reason.strip()[:200])
    return account_id


# ---------------------------------------------------------------- the daily job

def seal_unused(*, now) -> list[str]:
    """封存 the accounts that nobody used for as long as their county's rules say (`unused_account`: half a year, N25 24); the demo's are left alone.
    Returns the user names."""
    rows = db.session.execute(
        select(Account.id, Account.username, Account.last_sign_in_at, Account.password_set_at, func.coalesce(Body.county_id, Body.id).label("office"))
        .outerjoin(Body, Body.id == Account.body_id).where(Account.state == "open", Account.demo.is_(False)).order_by(Account.username)
    ).all()
    lengths = {office: policies.policy_for(db.session, office, now.date()).unused_account for office in {row.office for row in rows}}
    unused = [row for row in rows if lengths[row.office].after(max(row.last_sign_in_at or row.password_set_at, row.password_set_at).date()) < now.date()]
    done = []
    for row in unused:
        with contextlib.suppress(MovedOn):  # closed, or used after all, since the list was made
            done.append(_seal(row.id, row.last_sign_in_at, f"超过 {lengths[row.office]}没有使用", now=now))
    return done


@writes
def _seal(s, account_id, last_sign_in_at, why, *, now):
    account = _locked(s, account_id)
    if (account.state, account.last_sign_in_at) != ("open", last_sign_in_at):
        raise MovedOn(f"账号 {account.username} 刚被停用或使用过，没有封存。")
    account.state = "sealed"
    account.version += 1
    sessions.end_all(s, account.id, "idle", now=now)
    trace.record(s, "account.sealed", actor=SYSTEM, username=account.username, why=why)
    return account.username


# ---------------------------------------------------------------- what happened

def acts_about(username, most=30, s=None):
    """The latest events on the house chain that are about this account."""
    told = Event.facts.contains(trace.canonical({"username": username})[1:-1], autoescape=True)
    return (s or db.session).execute(
        select(Event.id, Event.at, Event.name, Event.actor_name, Event.actor_post, Event.facts)
        .where(Event.chain_id == trace.HOUSE, Event.name.in_(ABOUT), told).order_by(Event.seq.desc()).limit(most)
    ).all()


def acts_by(account_id, most=30):
    """The latest acts of this person: what kind and when, nothing of the pupils that they were about."""
    return db.session.execute(
        select(Event.at, Event.name, Event.actor_post).where(Event.actor_id == account_id).order_by(Event.at.desc(), Event.id.desc()).limit(most)
    ).all()


# ---------------------------------------------------------------- rules

def cleaned(username):
    return no_blanks(username).lower()


def _wrong_username(s, username):
    if not 3 <= len(username) <= 40 or not USERNAME.fullmatch(username):
        return [Refusal("账号名用 3 至 40 个小写字母和数字，以字母开头，中间可以用点或短横线分开，例如 registrar.a1。", field="username")]
    if s.execute(select(Account.id).where(Account.username == username)).scalar():
        return [Refusal(f"账号名“{username}”已经有人使用，停用的账号名也不再用。请换一个。", field="username")]
    return []


def _wrong_name(name):
    problem = names.problem(name)
    return [Refusal(f"{problem}。", field="name")] if problem else []


def _wrong_body(s, body_id):
    body = s.get(Body, body_id) if body_id else None
    if body_id and (body is None or body.state != "open"):
        return [Refusal("这个单位已经撤销，请另选。", field="body")]
    return []


def _shown(s, column, value):
    return (s.execute(select(Body.name).where(Body.id == value)).scalar() or "") if column == "body_id" else value


def _locked(s, account_id):
    account = s.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    return account


def _same_version(s, account, version):
    if account.version == version:
        return
    last = next(iter(acts_about(account.username, 1, s)), None)
    keep_order(s, account, version, what=f"账号 {account.username} ", chain=trace.HOUSE, event=last.name if last else "", facts={"username": account.username})


def _not_oneself(account, actor, sentence):
    if account.id == actor.account_id:
        raise NotAllowed(sentence)
