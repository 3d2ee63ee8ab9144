"""Which rules a bureau has on a day: its own version, else its city's, else its province's, else 国家2025."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask import current_app
from sqlalchemy import bindparam, func, insert, or_, select

from ...errors import NotFound, Refusal, Refusals
from ...extensions import db
from ...models import Account, Body, PolicyVersion, new_id
from ...permissions import require
from ...policies.edits import as_text
from ...policies.profiles import PROFILES, contradictions, make_policy
from ...policies.settings import SETTINGS
from .. import trace
from ..transactions import writes

DEFAULT = "national2025"
NEAREST = ("county", "city", "province")
made = lru_cache(maxsize=256)(lambda profile, edits, number: make_policy(profile, json.loads(edits), number))


def policy_for(s, body_id, day):
    """The Policy of a county (city, province) on `day`."""
    return policy_of(in_force(s, body_id, day))


def policy_at(s, person, day):
    """The Policy by which a person's desk reads its days: a city's and a province's by their own, the others by their county's."""
    return policy_for(s, person.body_id if person.tier in ("city", "province") else person.county_id, day)


def policy_of(row):
    """The Policy of a row of `in_force`, or of one that was asked for along with something else."""
    return made(row.profile, row.edits, row.number) if row and row.profile else made(DEFAULT, "{}", 1)


def title_of(policy) -> str:
    """国家（2025年版）, 第 2 版: what the rules are called."""
    return f"{PROFILES[policy.profile].title}，第 {policy.version} 版"


def version_id(s, body_id, day):
    """What a case pins (DECIDED 3); None for the national defaults."""
    row = in_force(s, body_id, day)
    return row.id if row else None


def pinned(s, policy_id):
    """The Policy that a case was begun under. A version is never altered, so each is read once and kept with the app."""
    kept = current_app.extensions.setdefault("pinned_policies", {})
    if policy_id not in kept:
        kept[policy_id] = policy_of(s.execute(PINNED, {"version": policy_id}).one() if policy_id else None)
    return kept[policy_id]


# asked for at every step of a case, so made once
VERSIONS, BODIES = PolicyVersion.__table__.c, Body.__table__.c
COLUMNS = (VERSIONS.id, VERSIONS.body_id, VERSIONS.profile, VERSIONS.edits, VERSIONS.number, VERSIONS.from_on)
PINNED = select(*COLUMNS).where(VERSIONS.id == bindparam("version"))
IN_FORCE = (
    select(*COLUMNS, BODIES.county_id, BODIES.city_id, BODIES.province_id)
    .join_from(Body.__table__, PolicyVersion.__table__, or_(*(VERSIONS.body_id == bureau for bureau in (BODIES.county_id, BODIES.city_id, BODIES.province_id))))
    .where(BODIES.id == bindparam("body"), VERSIONS.from_on <= bindparam("day")).order_by(VERSIONS.from_on.desc(), VERSIONS.number.desc())
)


def in_force(s, body_id, day):
    """The row that counts: the nearest bureau's, and of its versions the last that has begun."""
    rows = s.execute(IN_FORCE, {"body": body_id, "day": day}).all()
    return min(rows, key=lambda row: (row.county_id, row.city_id, row.province_id).index(row.body_id), default=None)


@dataclass(frozen=True)
class Version:
    """One version of a bureau's rules as it was made: what it changed over the one that it took the place of, [(setting, before, after)]."""

    number: int
    profile: str
    from_on: date
    made_on: date
    made_by: str
    changes: list


def versions(s, body_id) -> list[Version]:
    """Every version of a bureau, the newest first."""
    rows = s.execute(
        select(*COLUMNS, PolicyVersion.changed_at, Account.name).outerjoin(Account, Account.id == PolicyVersion.changed_by_id)
        .where(PolicyVersion.body_id == body_id).order_by(PolicyVersion.number)
    ).all()
    told = []
    for place, row in enumerate(rows):
        before = policy_of(max((one for one in rows[:place] if one.from_on <= row.from_on), key=lambda one: (one.from_on, one.number), default=None))
        after = policy_of(row)
        changes = [(setting, before.text(key), after.text(key)) for key, setting in SETTINGS.items() if before[key] != after[key]]
        told.append(Version(row.number, PROFILES[row.profile].title, row.from_on, row.changed_at.date(), row.name or "", changes))
    return told[::-1]


def coming(s, body_id, today):
    """The next version that a bureau has made for a later day: what is made now for a day before that one holds until then."""
    return s.execute(
        select(VERSIONS.number, VERSIONS.from_on).where(VERSIONS.body_id == body_id, VERSIONS.from_on > today).order_by(VERSIONS.from_on, VERSIONS.number).limit(1)
    ).one_or_none()


@writes
def set_policy(s, body_id, profile, edits, *, from_on, actor, today, now):
    """A new version from `from_on` on: `edits` are the texts over the profile, by key. Running cases keep the rules they began with."""
    body = s.execute(select(Body.id, Body.tier, Body.county_id).where(Body.id == body_id).with_for_update(key_share=True)).one_or_none()
    if body is None or body.tier not in NEAREST:
        raise NotFound
    _check_day(from_on, today)
    number = _next_number(s, body_id)
    before = policy_for(s, body_id, from_on)
    after = _judged(profile, edits, number)
    changes = {
        SETTINGS[key].title: [before.text(key), after.text(key)] for key in SETTINGS if before[key] != after[key]
    }
    if not changes and before.profile == profile:
        raise Refusal("没有改动任何规则。")
    texts = {key: as_text(SETTINGS[key], after[key]) for key in edits}
    s.execute(insert(PolicyVersion).values(
        id=new_id(), body_id=body_id, profile=profile, edits=json.dumps(texts, ensure_ascii=False, sort_keys=True), from_on=from_on, number=number,
        changed_by_id=actor.account_id, changed_at=now, county_id=body.county_id or body.id,
    ))
    trace.record(s, "policy.set", actor=actor, chain=body.county_id or trace.HOUSE, profile=PROFILES[profile].title, changes=changes, **{"from": from_on})
    return number


def preview(body_id, profile, edits, *, from_on, actor, today):
    """(the Policy of that day as it stands, the one that a new version would make); nothing is written."""
    require(actor, "policy.write")
    _check_day(from_on, today)
    before, after = policy_for(db.session, body_id, from_on), _judged(profile, edits, _next_number(db.session, body_id))
    if before.profile == profile and all(before[key] == after[key] for key in SETTINGS):
        raise Refusal("没有改动任何规则。要放弃修改，请返回规则页。")
    return before, after


def _next_number(s, body_id):
    return (s.execute(select(func.max(PolicyVersion.number)).where(PolicyVersion.body_id == body_id)).scalar() or 0) + 1


def _check_day(from_on, today):
    if from_on is None:
        raise Refusal("请填写起用日期，例如 2026年9月1日", field="from_on")
    if from_on < today:
        raise Refusal("规则不能从过去的日期起改变，请填写今天或以后的日期。", field="from_on")


def _judged(profile, edits, number):
    wrong = []
    for key, text in edits.items():
        try:
            make_policy(profile, {key: text}, number)
        except ValueError as sentence:
            wrong.append(Refusal(str(sentence), field=key))
    if wrong:
        raise Refusals(wrong)
    try:
        policy = make_policy(profile, edits, number)
    except ValueError as sentence:
        raise Refusal(str(sentence), field="profile") from None
    if clashes := contradictions(policy):
        raise Refusals([Refusal(sentence) for sentence in clashes])
    return policy
