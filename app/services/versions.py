"""What two people may change at once carries a version: the second one reads who was first, and when."""

import json

from sqlalchemy import select

from ..errors import MovedOn
from ..models import Event


def keep_order(s, row, version, *, what, chain, event, facts):
    """Raise MovedOn unless `row` is still as it was seen. The trace says who changed it: the last `event` of the chain with these facts."""
    if row.version == version:
        return
    said = select(Event.actor_name, Event.at, Event.facts).where(Event.chain_id == chain, Event.name == event).order_by(Event.seq.desc()).limit(200)
    for name, at, told in s.execute(said):
        if facts.items() <= json.loads(told).items():
            raise MovedOn(f"{what}刚被{name}在{at.month}月{at.day}日 {at:%H:%M} 改过，您填的内容没有写入。请对照现在的内容，再提交一次。")
    raise MovedOn(f"{what}刚被改过，您填的内容没有写入。请对照现在的内容，再提交一次。")
