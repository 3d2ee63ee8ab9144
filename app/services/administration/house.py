"""A production house from nothing (DECIDED 26): its bureaus, calendar and rules, and the four people who can then let in everybody else."""

from datetime import date
from pathlib import Path

from sqlalchemy import insert, inspect, select

from ... import clock
from ...codes.divisions import divisions
from ...config import CannotStart
from ...errors import Refusal, Refusals
from ...extensions import db
from ...models import Account, Body, House, PolicyVersion, new_id
from ...permissions import DUTIES, SYSTEM
from .. import trace
from ..people import accounts, passwords, posts
from ..transactions import writes
from . import calendars, organisations, policies

FIRST = (("sysadmin", "sysadmin", "系统管理员"), ("security", "security_admin", "安全管理员一"), ("security2", "security_admin", "安全管理员二"), ("auditor", "auditor", "审计员"))
MUNICIPALITIES = ("110000", "120000", "310000", "500000")  # 直辖市: 教育委员会, and no city between them and their counties


def settle(province, county, *, city=None, name=None, sign=None, now) -> list[tuple[str, str, str]]:
    """(account, duty, one-time password) of the first administrators: told here and nowhere else. `sign` is the 文号简称 of the county."""
    told = [(username, duty, passwords.one_time()) for username, duty, _ in FIRST]
    hashed = [passwords.hashed(password) for *_, password in told]  # before the write lock: hashing is slow on purpose
    _settle(_bureaus(province, city, county, name, sign), hashed, now=now)
    return [(username, DUTIES[duty], password) for username, duty, password in told]


def contact(s, county_id):
    """(the house's title, whom to call, phone, office hours): one calls the county of who reads it, else the one that the house is named after."""
    whose = Body.id == county_id if county_id else (Body.name == House.title) & (Body.tier == "county")
    return s.execute(select(House.title, Body.name, Body.phone, Body.office_hours).select_from(House).outerjoin(Body, whose)).first() or ("", "", "", "")


def refuse_demo() -> None:
    """Production never starts on a database with a demo account in it (SURFACE 1): their password is known to everybody."""
    place = db.engine.url.database
    if db.engine.dialect.name == "sqlite" and not Path(place).exists():
        return  # asking would make it
    if inspect(db.engine).has_table("accounts"):
        username = db.session.execute(select(Account.username).where(Account.demo).order_by(Account.id).limit(1)).scalar()
        if username:
            raise CannotStart(f"数据库中有演示账号（{username} 等），密码人人知道，正式环境不能使用这个数据库。请换一个空的数据目录（DATA_DIR）和数据库。")
    db.session.remove()
    db.engine.dispose()  # the processes that serve open connections of their own


@writes
def _settle(s, bureaus, hashed, *, now):
    if s.execute(select(House.id)).first() or s.execute(select(Body.id).limit(1)).first():
        raise Refusal("这个数据库已经建立过系统，没有改动。要另建一个，请换一个空的数据目录（DATA_DIR）和数据库（DATABASE_URL）。")
    s.execute(insert(House).values(id=1, kind="production", title=bureaus[-1]["name"], settled_at=now, calendar_version=1))
    above = None
    for facts in bureaus:
        values, wrong = organisations.judge(s, facts | {"located_in_id": above, "managed_by_id": above})
        if wrong:
            raise Refusals(wrong)
        above = organisations.add(s, values).id
    calendars.seed(s, range(now.year - 1, now.year + 3), now=now)
    s.execute(insert(PolicyVersion).values(
        id=new_id(), body_id=above, county_id=above, profile=policies.DEFAULT, from_on=date(clock.school_year(now.date()), 9, 1), number=1, changed_at=now,
    ))
    for (username, duty, title), password_hash in zip(FIRST, hashed, strict=True):
        posts.enter(s, accounts.enter(s, username, title, password_hash, now=now), duty, now=now)
    trace.record(s, "house.settled", actor=SYSTEM, kind="production")


def _bureaus(province, city, county, name, sign):
    """The facts of the bureaus from the province down. Those above the county do not work here, until the 系统管理员 says so."""
    wrong = [
        Refusal(f"行政区划代码“{code}”不是{tier}级的代码（GB/T 2260，6 位数字），请核对 {option}。", field=option)
        for option, tier, code, level in (("--province", "省", province, 1), ("--city", "市", city, 2), ("--county", "县", county, 3))
        if code is not None and (code not in divisions() or divisions()[code].level != level or divisions()[code].retired)
    ]
    if not wrong:
        wrong = [
            Refusal(f"{divisions()[below].full_name}（{below}）不在{divisions()[above].label}（{above}），请核对代码。")
            for above, below in ((province, city), (province, county)) if below and below[:2] != above[:2]
        ]
    if wrong:
        raise Refusals(wrong)
    city = city or (county[:4] + "00" if county[:4] + "00" in divisions() else None)
    bureau = "教育委员会" if province in MUNICIPALITIES else "教育厅"
    label = divisions()[county].label
    return [
        _facts("province", province, divisions()[province].label + bureau),
        *([_facts("city", city, divisions()[city].label + "教育局")] if city else []),
        _facts("county", county, name or label + "教育局") | {"abbreviation": sign or label[0], "here": True},
    ]


def _facts(tier, code, name):
    return {"tier": tier, "name": name, "short_name": divisions()[code].label, "division_code": code, "here": False}
