"""Guessing is made slow: failures are counted per account and per address, and each further one waits longer.

The attempt is counted before the password is looked at, so that many at once get no more guesses than one after another; a success gives it back.
At the public check of papers only failures are counted: whoever checks the papers in hand waits for nothing, and writes nothing.

What tells of children of the whole register (查重, the look-ups) is counted by the child, a day long: a clerk asks again and again about the one she is typing, but no clerk types
hundreds. The bound is met by who searches.
"""

import ipaddress
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from ...errors import TooMany
from ...extensions import db
from ...models import Throttle
from ...sealing import blind_index
from .. import trace
from ..transactions import writes

FREE = {"account": 5, "address": 30, "verify": 20, "lookup": 10, "asked": 400}  # a whole school comes from one address
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
FORGET = timedelta(hours=1)  # so long after the last wait, or the first failure, the count begins anew
DAY = timedelta(days=1)  # the same for children asked about


def names(username: str, address: str) -> dict[str, bytes]:
    """The keyed names under which a sign-in is counted: the table tells neither accounts nor addresses."""
    return {"account": _name("account", username), "address": _name("address", _network(address))}


def _name(kind, value):
    return blind_index("account", f"{kind}:{value}")


def _network(address):
    """Of IPv6 the first 64 bits: whoever holds one address there holds them all."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address or "-"
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address


def wait_after(kind: str, failures: int) -> timedelta | None:
    over = failures - FREE[kind]
    return min(FIRST * 2 ** min(over, 10), LONGEST) if over >= 0 else None


@writes(traced=False)
def attempt(s, username, address, *, now):
    """Count one attempt, or raise TooMany while there is still to wait."""
    keys = names(username, address)
    kept = {bytes(row.key): row for row in s.scalars(select(Throttle).where(Throttle.key.in_(keys.values())).order_by(Throttle.key).with_for_update())}
    waits = [row.until for row in kept.values() if row.until and row.until > now]
    if waits:
        raise too_many(max(waits) - now)
    for kind, key in sorted(keys.items(), key=lambda item: item[1]):
        _count(s, kind, key, kept.get(key), now)


def _count(s, kind, key, row, now, number=1):
    if row is None:
        row = Throttle(key=key, failures=0, first_at=now, until=None)
        s.add(row)
    elif now - (row.until or row.first_at) > (DAY if kind == "asked" else FORGET):
        row.failures, row.first_at, row.until = 0, now, None
    row.failures += number
    wait = wait_after(kind, row.failures)
    row.until = now + wait if wait else None
    return row


def too_many(wait: timedelta, cure="忘记密码的，请联系系统管理员重置。", why="试错的次数太多") -> TooMany:
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    words = f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
    return TooMany(f"{why}，请等 {words}再试。{cure}", seconds=seconds)


def refuse_waiting(kind, address, cure, *, now):
    """Raise TooMany while this address has to wait for its failures of a kind."""
    until = db.session.execute(select(Throttle.until).where(Throttle.key == _name(kind, _network(address)))).scalar()
    if until and until > now:
        raise too_many(until - now, cure)


@writes(traced=False)
def fail(s, kind, address, *, now):
    """Count one failure of an address."""
    key = _name(kind, _network(address))
    _count(s, kind, key, s.scalars(select(Throttle).where(Throttle.key == key).with_for_update()).one_or_none(), now)


ONE_BY_ONE = "已经查过的学生可以照常办理；成批的新生请用名册导入；确实还要查的，请联系主管教育行政部门。", "一天里查重、查找的学生太多"
OF_A_WORKBOOK = "请先核对是不是拿错了名册；确实从别处来的学生，请申请转学或整班转学。", "名册中在其他学校已有学籍的学生太多，没有给出结果"


def ask(actor, act, children, *, now):
    """Count the children about whom this person asks the whole register, before the answer is told: each once a day. Raises TooMany; several at once that go beyond the bound are
    told nothing."""
    keys = {_name("child", f"{actor.account_id}:{child}") for child in children}
    known = {bytes(key) for key in db.session.execute(select(Throttle.key).where(Throttle.key.in_(keys), Throttle.first_at > now - DAY)).scalars()} if keys else keys
    wait = _ask(sorted(keys - known), act, actor=actor, now=now) if keys - known else None
    if wait:
        raise too_many(wait, *(OF_A_WORKBOOK if len(keys) > 1 else ONE_BY_ONE))


@writes(traced=False)
def _ask(s, children, act, *, actor, now):
    key = _name("asked", str(actor.account_id))
    row = s.scalars(select(Throttle).where(Throttle.key == key).with_for_update()).one_or_none()
    if row and row.until and row.until > now:
        return row.until - now
    row = _count(s, "asked", key, row, now, len(children))
    if row.until:
        trace.record(s, "asked.bounded", actor=actor, chain=actor.county_id or trace.HOUSE, act=act, number=row.failures)
        if len(children) > 1:
            return row.until - now
    s.execute(delete(Throttle).where(Throttle.key.in_(children)))
    s.add_all(Throttle(key=child, failures=0, first_at=now, until=None) for child in children)
    return None


def give_back(s, username, address):
    """After a success, within its act: the account starts anew; the address gets back this one attempt, not the failures of others."""
    keys = names(username, address)
    s.execute(delete(Throttle).where(Throttle.key == keys["account"]))
    s.execute(update(Throttle).where(Throttle.key == keys["address"], Throttle.failures > 0).values(failures=Throttle.failures - 1, until=None))


def clear(s, username):
    """After a reset, within its act: whoever has a new password need not wait for the old one's mistakes."""
    s.execute(delete(Throttle).where(Throttle.key == names(username, "")["account"]))


@writes(traced=False)
def sweep(s, *, now):
    """For the daily job: what is forgotten need not be kept."""
    s.execute(delete(Throttle).where(func.coalesce(Throttle.until, Throttle.first_at) < now - DAY))
