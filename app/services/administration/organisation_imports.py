"""Bodies from a workbook: all of them, or none with every fault named by row, column, value and cure."""

from collections import Counter

from sqlalchemy import select

from ...errors import Refusal, Refusals
from ...models import TIERS, Body
from ...spreadsheets import bodies
from ...spreadsheets.bodies import COLUMNS, Fault
from ...spreadsheets.bounds import BadWorkbook
from ...spreadsheets.reader import read_bounded
from .. import trace
from ..transactions import writes
from . import organisations

__all__ = ["COLUMNS", "NotImported", "blank", "load"]

ABOVE = ("located_in_id", "managed_by_id", "belongs_to_id")


class NotImported(Refusals):
    """Nothing was taken in; `faults` are those of the file's cells."""

    def __init__(self, faults):
        self.faults = sorted(faults, key=lambda fault: (fault.row, len(fault.letter), fault.letter))
        super().__init__([Refusal(str(fault)) for fault in self.faults])


def blank() -> bytes:
    """The workbook to fill in."""
    return bodies.template()


def load(data, filename, *, actor, once=None):
    """Returns how many bodies were made. The file is read before anything is locked."""
    try:
        rows, faults = bodies.understand(read_bounded(data, filename))
    except BadWorkbook as bad:
        raise Refusal(str(bad), field="file") from None
    if faults:
        raise NotImported(faults)
    return _take_in(rows, actor=actor, once=once)


@writes
def _take_in(s, rows, *, actor):
    known = _Known(s)
    faults, made, failed = [], Counter(), set()
    for row in sorted(rows, key=_order):
        facts, wrong = known.resolve(row, failed)
        if facts is None:  # what stands above it is itself at fault: that is told once, there
            failed |= _names(row)
            continue
        values, refusals = organisations.judge(s, facts)
        wrong = {refusal.field: refusal.sentence for refusal in refusals} | wrong
        if wrong:
            faults += [_fault(row, field, sentence) for field, sentence in wrong.items() if sentence]
            failed |= _names(row)
            continue
        body = organisations.add(s, values)
        made[body.county_id or trace.HOUSE] += 1
        known.add(body)
    if faults:
        raise NotImported(faults)
    for chain, number in made.items():
        trace.record(s, "bodies.imported", actor=actor, chain=chain, number=number)
    return sum(made.values())


def _order(row):
    """From the province down, schools before their teaching points, so that the file may stand in any order."""
    tiers = list(TIERS)
    tier = row.facts.get("tier")
    return (tiers.index(tier) if tier in tiers else len(tiers), bool(row.facts.get("belongs_to_id")), row.number)


def _names(row):
    return {row.facts[field] for field in ("key", "name", "school_code") if row.facts.get(field)}


def _fault(row, field, sentence):
    field = field if field in bodies.TITLES else "name"
    return Fault(row.number, row.letters.get(field, ""), bodies.TITLES[field], row.cells.get(field, ""), sentence)


class _Known:
    """Whom a cell can name: by key, 学校标识码 or full name; of two with one name, neither."""

    def __init__(self, s):
        self.ids = {}
        for body in s.execute(select(Body.id, Body.key, Body.school_code, Body.name)):
            self.add(body)

    def add(self, body):
        for name in {body.key, body.school_code, body.name} - {None, ""}:
            self.ids.setdefault(name, set()).add(body.id)

    def resolve(self, row, failed):
        """(facts with ids, {field: sentence}); no facts when a body that stands above it has failed."""
        facts, wrong = dict(row.facts), {}
        for field in ABOVE:
            name = facts.get(field)
            found = self.ids.get(name, ())
            if name and not found and name in failed:
                return None, {}
            facts[field] = next(iter(found)) if len(found) == 1 else None
            if name and not found:
                wrong[field] = "没有找到这个机构，请填写已有的或本表中的机构名称、机构代码或学校标识码。"
            elif len(found) > 1:
                wrong[field] = "有几个机构都叫这个名称，请改填机构代码或学校标识码。"
        if not row.facts.get("managed_by_id"):  # whoever lies there is managed from there
            facts["managed_by_id"] = facts["located_in_id"]
            if "located_in_id" in wrong:
                wrong["managed_by_id"] = ""  # told where it stands
        return facts, wrong
