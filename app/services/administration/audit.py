"""核验留痕: is the trace whole? Every chain is read in order, some thousand events at a time, and the first bad position is named.

What it proves: no event was altered, taken out, put in or moved; what lies beside the events (pupils, sealed values) is what they say; nothing that the
anchor outside the database has seen is gone, but for what a restored backup openly left behind. An anchor that lacks the last events of a chain is told
and no break: it is written after the act, and a copy of it is as old as it is. An anchor that has seen more than the chain holds is one.
"""

import json
import logging
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select

from ... import sealing
from ...extensions import db
from ...models import Body, Chain, Event, EventSubject, SealedValue, guards
from .. import anchor, jobs, trace
from ..transactions import writes

AT_ONCE = 2000  # events, or lines of the anchor, in memory
log = logging.getLogger("xueji.audit")
COLUMNS = [getattr(Event, column) for column in (*trace.HASHED, "id", "before", "hash")]


@dataclass(frozen=True)
class Verdict:
    holds: bool
    said: str  # a sentence
    events: int = 0
    chain: int | None = None  # where it breaks first
    seq: int | None = None
    what: str = ""


class Broken(Exception):
    """The first bad position; `seq` and `chain` are None where it is no event's."""

    def __init__(self, what, chain=None, seq=None):
        super().__init__(what)
        self.what, self.chain, self.seq = what, chain, seq


def verify(anchor_path=None, progress=None) -> Verdict:
    """Of this house. `anchor_path` is a copy of anchor.log that was kept elsewhere; `progress(done)` is told how many events were read."""
    with db.engine.connect() as connection:
        return examine(connection, anchor_path, progress)


def examine(connection, anchor_path=None, progress=None) -> Verdict:
    """Of any database of ours. Events that are added meanwhile are left to the next time."""
    counted, behind = {"events": 0, "chains": 0, "anchored": 0, "left behind": 0, "unopened": 0}, {}
    try:
        if gone := guards.missing(connection):
            raise Broken(f"数据库中保护留痕的触发器不见了：{'、'.join(sorted(gone))}")
        last = dict(connection.execute(select(Event.chain_id, func.max(Event.seq)).group_by(Event.chain_id)).all())
        chains = connection.execute(select(Chain.id, Chain.length, Chain.head).order_by(Chain.id)).all()
        for chain_id in sorted(set(last) - {chain.id for chain in chains}):
            raise Broken("这条链没有链头", chain_id, 1)
        restored = []
        for chain_id, length, head in chains:
            for _ in _walk(connection, chain_id, length, bytes(head), counted, restored):
                if progress:
                    progress(counted["events"])
            if last.get(chain_id, 0) > length:
                raise Broken(f"链头只记到第 {length} 号，后面还有事件", chain_id, length + 1)
            counted["chains"] += 1
        _strays(connection)
        if anchor_path is not None:
            behind = _compare(connection, Path(anchor_path), {chain.id: chain.length for chain in chains}, restored, counted)
    except Broken as broken:
        place = f"{_name(connection, broken.chain)}第 {broken.seq:,} 号事件：" if broken.chain is not None else ""
        return Verdict(False, f"留痕不完整。{place}{broken.what}。", counted["events"], broken.chain, broken.seq, broken.what)
    return Verdict(True, _well(counted, anchor_path) + _lag(connection, behind), counted["events"])


def own_anchor() -> Path | None:
    """The anchor beside the database: it has to be there as soon as anything was done."""
    return anchor.path() if size() else None


@writes
def note(s, verdict, *, actor):
    """Who verified, and what was found, is an act itself."""
    trace.record(s, "audit.verified", actor=actor, holds=verdict.holds, said=verdict.said)


def size() -> int:
    """How many events there are, as the heads of the chains say."""
    return db.session.execute(select(func.coalesce(func.sum(Chain.length), 0))).scalar_one()


# ---------------------------------------------------------------- as a job, where the auditor would wait too long

@writes(traced=False)
def ask(s, *, actor, now) -> int:
    return jobs.start(s, "audit.verify", 0, actor=actor, title="核验留痕", now=now, total=size())


def work(job):
    total = size()
    verdict = verify(own_anchor(), progress=lambda done: job.progress(done, max(total, done)))
    note(verdict, actor=jobs.person(db.session, job.owner_id, job.post_id, today=job.now().date(), address=job.arguments["address"]))
    return verdict.said


def work_ended(s, subject_id, state, message):
    """Nothing hangs on a verification that was stopped."""


# ---------------------------------------------------------------- one chain

def _walk(connection, chain_id, length, head, counted, restored):
    """Yields after each piece."""
    before, seq = trace.GENESIS, 0
    while seq < length:
        rows = _rows(connection, chain_id, seq, min(length, seq + AT_ONCE))
        beside = Event.chain_id == chain_id, Event.seq > seq, Event.seq <= seq + AT_ONCE
        subjects = defaultdict(list)
        about = select(EventSubject.event_id, EventSubject.student_id).join(Event, Event.id == EventSubject.event_id).where(*beside)
        for event_id, student_id in connection.execute(about):
            subjects[event_id].append(student_id)
        sealed = defaultdict(list)
        kept = select(SealedValue.event_id, SealedValue.id, SealedValue.label, SealedValue.commitment, SealedValue.value)
        for event_id, *value in connection.execute(kept.join(Event, Event.id == SealedValue.event_id).where(*beside)):
            sealed[event_id].append(value)
        for row in rows:
            if row["seq"] != seq + 1:
                raise Broken("这一号事件不见了", chain_id, seq + 1)
            seq += 1
            if bytes(row["before"]) != before:
                raise Broken("与前一号事件接不上", chain_id, seq)
            if trace.digest(row) != bytes(row["hash"]):
                raise Broken("内容与当时的哈希不符，被改动过", chain_id, seq)
            if trace.canonical(sorted(subjects[row["id"]])) != row["subjects"]:
                raise Broken("所涉学生的登记被改动过", chain_id, seq)
            counted["unopened"] += _open(row, sealed[row["id"]], chain_id, seq)
            if row["name"] == "house.restored":
                restored.append((row["at"].isoformat(), json.loads(row["facts"])["heads"]))
            before = bytes(row["hash"])
            counted["events"] += 1
        if not rows:
            raise Broken("这一号事件不见了", chain_id, seq + 1)
        yield
    if before != head:
        raise Broken("与链头不符", chain_id, max(length, 1))


def _rows(connection, chain_id, seq, until):
    query = select(*COLUMNS).where(Event.chain_id == chain_id, Event.seq > seq, Event.seq <= until).order_by(Event.seq)
    try:
        return connection.execute(query).mappings().all()
    except (ValueError, TypeError):  # a moment that is none: whoever altered it left something that cannot be read
        for number in range(seq + 1, until + 1):
            try:
                connection.execute(query.where(Event.seq == number)).all()
            except (ValueError, TypeError):
                raise Broken("内容读不出来，被改动过", chain_id, number) from None
        raise


def _open(row, sealed, chain_id, seq) -> int:
    """The sealed values of an event are those that it commits to. Returns how many could not be opened for want of an old key."""
    promised = sorted(_commitments(json.loads(row["facts"]))) if '"commitment"' in row["facts"] else []
    if promised != sorted(bytes(commitment).hex() for _, _, commitment, _ in sealed):
        raise Broken("密封保存的号码与事件不符", chain_id, seq)
    unopened = 0
    for number, label, commitment, value in sealed:
        if bytes(value)[0] not in sealing.ring().field_keys:
            unopened += 1
            continue
        try:
            opened = sealing.unseal(value, "sealed_values", number, "value")
        except InvalidTag:
            raise Broken("密封保存的号码被改动过，或密钥不是原来的", chain_id, seq) from None
        if trace.Secret(label, opened).commitment != bytes(commitment):
            raise Broken("密封保存的号码与事件不符", chain_id, seq)
    return unopened


def _commitments(facts):
    match facts:
        case {"masked": _, "commitment": commitment}:
            yield commitment
        case dict():
            for value in facts.values():
                yield from _commitments(value)
        case list():
            for value in facts:
                yield from _commitments(value)


def _strays(connection):
    """What lies beside no event at all."""
    for table, what in ((EventSubject, "学生登记"), (SealedValue, "密封值")):
        stray = select(table.event_id).outerjoin(Event, Event.id == table.event_id).where(Event.id.is_(None)).limit(1)
        if connection.execute(stray).first():
            raise Broken(f"有{what}不属于任何事件")


# ---------------------------------------------------------------- the anchor

def _compare(connection, path, lengths, restored, counted) -> dict[int, int]:
    """Each anchored head stands in its chain still. `restored`: what a backup brought back left behind acts that the anchor saw (DECIDED 27).

    Returns {chain: the last number that it has seen} of the chains that go on further.
    """
    reached = dict.fromkeys(lengths, 0)
    if not path.exists():
        raise Broken(f"没有找到链外锚文件 {path}")
    with open(path, encoding="ascii", errors="replace") as file:
        while lines := list(islice(file, AT_ONCE)):
            wanted = [_line(line) for line in lines if line.endswith("\n") and not line.endswith(" interrupted\n")]  # the last may have been cut off just now
            found = {}
            for chain_id in {line[1] for line in wanted}:
                seqs = [seq for _, chain, seq, _ in wanted if chain == chain_id]
                rows = connection.execute(select(Event.seq, Event.hash).where(Event.chain_id == chain_id, Event.seq.in_(seqs)))
                found |= {(chain_id, seq): bytes(digest).hex() for seq, digest in rows}
            for moment, chain_id, seq, digest in wanted:
                counted["anchored"] += 1
                if found.get((chain_id, seq)) == digest:
                    reached[chain_id] = max(reached.get(chain_id, 0), seq)
                    continue
                if any(moment <= at and heads.get(str(chain_id), 0) < seq for at, heads in restored):
                    counted["left behind"] += 1
                elif seq > lengths.get(chain_id, 0):
                    raise Broken(f"链外锚记着这一号，链却只到第 {lengths.get(chain_id, 0)} 号，后面的被截去了", chain_id, seq)
                else:
                    raise Broken("与链外锚不符，被改写过", chain_id, seq)
    return {chain_id: seq for chain_id, seq in reached.items() if seq < lengths.get(chain_id, 0)}


def catch_up():
    """For the daily tick: heads that were not written when their acts were done are written now. Where the anchor and the chains disagree nothing is."""
    path = own_anchor()
    if path is None:
        return
    with db.engine.connect() as connection:
        chains = connection.execute(select(Chain.id, Chain.length, Chain.head).order_by(Chain.id)).all()
        openly = connection.execute(select(Event.at, Event.facts).where(Event.name == "house.restored").order_by(Event.id))
        restored = [(at.isoformat(), json.loads(facts)["heads"]) for at, facts in openly]
        try:
            behind = _compare(connection, path, {chain.id: chain.length for chain in chains}, restored, {"anchored": 0, "left behind": 0})
        except Broken as broken:
            log.error("the anchor was not brought up to date, run flask audit verify: chain %s, event %s: %s", broken.chain, broken.seq, broken.what)
            return
        if behind:
            log.warning("the anchor lagged behind:%s", _lag(connection, behind))
    if heads := [(chain.id, chain.length, bytes(chain.head).hex()) for chain in chains if chain.id in behind]:
        anchor.write(heads)


def _line(line):
    try:
        moment, chain_id, seq, digest = line.split()
        return moment, int(chain_id), int(seq), digest
    except ValueError:
        raise Broken(f"链外锚中有看不懂的一行：{line.strip()[:60]}") from None


# ---------------------------------------------------------------- in words

def _name(connection, chain_id):
    if chain_id == trace.HOUSE:
        return "系统链"
    return f"{connection.execute(select(Body.name).where(Body.id == chain_id)).scalar() or chain_id}的链"


def _lag(connection, behind):
    """Normal, and told: how far this anchor is behind, and since when."""
    if not behind:
        return ""
    told = []
    for chain_id, seq in sorted(behind.items()):
        number, since = connection.execute(select(func.count(), func.min(Event.at)).where(Event.chain_id == chain_id, Event.seq > seq)).one()
        told.append(f"{_name(connection, chain_id)}有 {number:,} 个事件（{since:%Y-%m-%d %H:%M} 起）")
    return f"这份链外锚落后：{'，'.join(told)}还没有记进去，不是被改动。本机的锚在下次办理或夜间检查时补记，另存的锚只到另存的时候。"


def _well(counted, anchor_path):
    said = f"留痕完好：{counted['chains']} 条链、{counted['events']:,} 个事件，哈希相连，编号不断，所涉学生和密封的号码都相符"
    if anchor_path is not None:
        said += f"，与链外锚的 {counted['anchored']:,} 行一致"
    if counted["left behind"]:
        said += f"（其中 {counted['left behind']:,} 行是恢复备份以前的，备份里没有，恢复时已留痕）"
    if counted["unopened"]:
        said += f"；有 {counted['unopened']:,} 个密封值的旧密钥不在手边，只核对了承诺值"
    return said + "。"
