"""The record of a pupil who is here: ordinary items edited with every old and new value in the trace, full numbers shown for a reason.

Key items (关键信息) change by a case, numbers and places by the acts that give them; `EDITABLE` is what is left to the school's registrar.
"""

from ..identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, member, show
from .trace import Secret

MEMBERS = 9  # as many as have a title of their own (成员1 … 成员9)


def compare(old, new) -> list[dict]:
    """What changes when `new` comes in the place of `old`: [{"item": title, "old": …, "new": …}], sealed values as trace.Secret.

    Only items that `new` speaks of count. Guardians are matched by their `id`, those without one by their place in the list.
    """
    changes = []
    for item in PUPIL_ITEMS.values():
        if item.field in new and item.field in old:
            changes += _changed(item.title, item, old[item.field], new[item.field])
    return changes + (_members(old.get("guardians", ()), new["guardians"]) if "guardians" in new else [])


def _members(old, new):
    pairs = _pairs(list(old), list(new))
    changes = []
    for number, (before, after) in enumerate(pairs, 1):
        for field in GUARDIAN_ITEMS:
            item = member(min(number, MEMBERS), field)
            changes += _changed(item.title, item, before.get(field), after.get(field))
    return changes


def _pairs(old, new):
    """(before, after) of each member in the old order, newcomers last; {} stands for nobody."""
    if not any(one.get("id") for one in new):
        return [(old[i] if i < len(old) else {}, new[i] if i < len(new) else {}) for i in range(max(len(old), len(new)))]
    coming = {one.get("id"): one for one in new if one.get("id")}
    return [(one, coming.get(one["id"], {})) for one in old] + [({}, one) for one in new if not one.get("id")]


def _changed(title, item, old, new):
    before, after = show(item, old), show(item, new)
    if before == after:
        return []
    if item.sealed:
        before, after = (value and Secret(title, value) for value in (before, after))
    return [{"item": title, "old": before, "new": after}]
