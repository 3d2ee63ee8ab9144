"""Guessing is made slow: failures are counted per account and per address, and each further one waits longer.

The attempt is counted before the password is looked at, so that many at once get no more guesses than one after another; a success gives it back.
At the public check of papers only failures are counted: whoever checks the papers in hand waits for nothing, and writes nothing.
"""

import ipaddress
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from ...errors import TooMany
from ...extensions import db
from ...models import Throttle
from ...sealing import blind_index
from ..transactions import writes

FREE = {"account": 5, "address": 30, "verify": 20, "lookup": 10}  # a whole school comes from one address
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
FORGET = timedelta(hours=1)  # so long after the last wait, or the first failure, the count begins anew


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


def _count(s, kind, key, row, now):
    if row is None:
        row = Throttle(key=key, failures=0, first_at=now, until=None)
        s.add(row)
    elif now - (row.until or row.first_at) > FORGET:
        row.failures, row.first_at, row.until = 0, now, None
    row.failures += 1
    wait = wait_after(kind, row.failures)
    row.until = now + wait if wait else None


def too_many(wait: timedelta, cure="忘记密码的，请联系系统管理员重置。") -> TooMany:
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    words = f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"
    return TooMany(f"试错的次数太多，请等 {words}再试。{cure}", seconds=seconds)


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
    s.execute(delete(Throttle).where(func.coalesce(Throttle.until, Throttle.first_at) < now - FORGET))
