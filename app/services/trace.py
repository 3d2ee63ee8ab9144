"""The trace (留痕): what was done, by whom, chained by hash so that nothing can be altered unseen.

`record` notes an event during an act; `append` (called by services.transactions just before the commit, heads locked last and in order) writes it.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select, update

from .. import clock, sealing
from ..extensions import insert_many
from ..identity import masks
from ..models import Chain, Event, EventSubject, SealedValue, new_id
from .events import EVENTS

HOUSE = 0  # the chain of the house: sign-ins, grants, province and city acts (DECIDED 10)
GENESIS = bytes(32)


@dataclass(frozen=True)
class Secret:
    """A value that an event may show only masked. The chain holds mask and commitment; the whole lies sealed beside it."""

    label: str
    value: str

    @property
    def masked(self):
        return masks.phone(self.value) if "电话" in self.label else masks.number(self.value)

    @property
    def commitment(self):
        return sealing.blind_index("commitment", f"{self.label}:{self.value}")


@dataclass
class Noted:
    name: str
    actor: object
    chain_id: int
    facts: dict
    subjects: list
    secrets: list = field(default_factory=list)


def record(s, name, /, *, actor, chain=HOUSE, subjects=(), **facts):
    """Note an event of this act. `chain` is a county's id or HOUSE; `subjects` the pupils whose timelines show it.

    One event per act and chain: a second one for the same chain is an error, for an act is one thing (DECIDED 10).
    """
    declared = set(EVENTS[name].facts)
    if set(facts) != declared:
        raise ValueError(f"{name}: facts {sorted(facts)} where {sorted(declared)} are declared")
    noted = s.info.setdefault("events", {})
    if chain in noted:
        raise ValueError(f"{name}: this act has its event on chain {chain} already: {noted[chain].name}")
    secrets = []
    noted[chain] = Noted(name, actor, chain, _plain(facts, secrets), sorted(set(subjects)), secrets)


CHAINS = Chain.__table__
HEADS = (
    select(CHAINS.c.id, CHAINS.c.length, CHAINS.c.head).where(CHAINS.c.id.in_(bindparam("chains", expanding=True))).order_by(CHAINS.c.id).with_for_update()
)
GROW = update(CHAINS).where(CHAINS.c.id == bindparam("chain"))


def append(s) -> list[tuple[int, int, str]]:
    """Write what was noted: lock the heads in chain order, chain, return (chain, seq, hash) for the anchor."""
    noted = s.info.pop("events", {})
    if not noted:
        return []
    act_id, at = new_id(), clock.now().replace(microsecond=0)
    heads = {row.id: (row.length, row.head) for row in s.execute(HEADS, {"chains": sorted(noted)})}
    if begun := sorted(noted.keys() - heads):
        s.execute(insert(CHAINS), [{"id": chain_id, "length": 0, "head": GENESIS} for chain_id in begun])
    rows = []
    for chain_id, event in sorted(noted.items()):
        length, before = heads.get(chain_id, (0, GENESIS))
        row = {
            "id": new_id(), "chain_id": chain_id, "seq": length + 1, "act_id": act_id, "at": at, "name": event.name,
            "actor_id": event.actor.account_id, "actor_name": event.actor.name, "actor_post": event.actor.post_title, "body_id": event.actor.body_id,
            "facts": canonical(event.facts), "subjects": canonical(event.subjects), "before": bytes(before),
        }
        rows.append(row | {"hash": digest(row)})
    events = [(row["id"], noted[row["chain_id"]]) for row in rows]
    s.execute(insert(Event.__table__), rows)
    insert_many(s, EventSubject, [{"student_id": student, "event_id": event_id} for event_id, event in events for student in event.subjects])
    insert_many(s, SealedValue, [_sealed(secret, event_id) for event_id, event in events for secret in event.secrets])
    s.execute(GROW, [{"chain": row["chain_id"], "length": row["seq"], "head": row["hash"]} for row in rows])
    return [(row["chain_id"], row["seq"], row["hash"].hex()) for row in rows]


HASHED = ("chain_id", "seq", "act_id", "at", "name", "actor_id", "actor_name", "actor_post", "body_id", "facts", "subjects")


def digest(row) -> bytes:
    """SHA-256 over the event before it and every column of this one."""
    content = canonical([row[column].isoformat() if column == "at" else row[column] for column in HASHED])
    return hashlib.sha256(bytes(row["before"]) + content.encode()).digest()


def canonical(value) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value, secrets):
    match value:
        case Secret():
            secrets.append(value)
            return {"masked": value.masked, "commitment": value.commitment.hex()}
        case dict():
            return {str(key): _plain(item, secrets) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item, secrets) for item in value]
        case datetime() | date():
            return value.isoformat()
        case _:
            return value


def _sealed(secret, event_id):
    row = new_id()
    return {
        "id": row, "event_id": event_id, "label": secret.label, "commitment": secret.commitment,
        "value": sealing.seal(secret.value, "sealed_values", row, "value"),
    }
