"""Pupils who went to another school: what their old school keeps is the copy of the day they left (DECIDED 2), read only. Nothing here looks at the present record.

A full number is told for a reason, and the 学籍卡 is printed, both from that copy.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ... import sealing
from ...errors import NotFound, Refusal
from ...extensions import db
from ...identity import masks
from ...identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, show
from ...models import Enrolment
from ...permissions import may, require, schools_of
from .. import trace
from ..paperwork import papers, pupil_papers
from ..transactions import writes
from . import conduct, pupil_history, records, students
from .student_pages import ACROSS, SECTIONS

PAGE = 50
NUMBERS = ("id_doc_no", "national_no", "phone")  # what may be told in full


@dataclass(frozen=True)
class Line:
    """One who left, as a list shows her."""

    id: int  # of the spell
    name: str
    sex: str
    birth_date: date
    school: str
    class_title: str
    until_on: date
    went_to: str
    case: str


@dataclass(frozen=True)
class Copy:
    """The record as of the day she left, as a page shows it: numbers masked."""

    line: Line
    numbers: dict
    school_id: int
    sections: list  # (title, [(label, text, look, across)])
    family: list  # dicts as student_pages has them
    conduct: list  # 奖惩, in words


def _spells(person):
    """Closed spells with a copy, at the schools whose pupils this person sees whole."""
    query = select(Enrolment.id, Enrolment.snapshot, Enrolment.until_on, Enrolment.student_id, Enrolment.school_id, Enrolment.county_id).where(Enrolment.state == "closed", Enrolment.snapshot.is_not(None))
    if not may(person, "student.see") or person.duty == "class_teacher":
        return query.where(Enrolment.id.is_(None))
    return query.where(Enrolment.school_id.in_(schools_of(person)))


def copy(s, student_id, *, until_on, went_to, case) -> dict:
    """What the school that she leaves keeps of her: the record as it stands, where she was, her 奖惩."""
    record = records.load(s, student_id)
    place = pupil_papers.place_of(s, record)
    return {"record": record, "school": place["school"], "class_title": place["grade"] + place["class_name"], "until_on": until_on, "went_to": went_to, "case": case,
            "conduct": conduct.of_student(s, student_id), "place": place}


def former_pupils(person, *, before=None, limit=PAGE) -> list[Line]:
    """Those who left last come first, one more than `limit` when there are more; `before` is (until_on, id) of the last one shown."""
    query = _spells(person)
    if before:
        query = query.where((Enrolment.until_on < before[0]) | ((Enrolment.until_on == before[0]) & (Enrolment.id < before[1])))
    rows = db.session.execute(query.order_by(Enrolment.until_on.desc(), Enrolment.id.desc()).limit(limit + 1)).all()
    return [_line(row, _opened(row)) for row in rows]


def last_copy(person, student_id) -> int | None:
    """The id of the spell under which this person keeps a copy of a pupil; the last one."""
    return db.session.execute(
        _spells(person).with_only_columns(Enrolment.id).where(Enrolment.student_id == student_id).order_by(Enrolment.until_on.desc(), Enrolment.id.desc()).limit(1)
    ).scalar()


def copy_of(person, spell_id) -> Copy:
    row = db.session.execute(_spells(person).where(Enrolment.id == spell_id)).one_or_none()
    if row is None:
        raise NotFound
    copy = _opened(row)
    record = copy["record"] | {"birth_date": date.fromisoformat(copy["record"]["birth_date"])}
    return Copy(
        _line(row, copy), {field: _masked(field, record.get(field)) for field in NUMBERS}, row.school_id,
        [(title, [_cell(record, field) for field in fields]) for title, fields in SECTIONS.items()], [_member(one) for one in record["guardians"]],
        [_entry(one) for one in copy["conduct"]],
    )


def _opened(row):
    return sealing.unseal_json(row.snapshot, "enrolments", row.id, "snapshot")


def _line(row, copy):
    record = copy["record"]
    return Line(row.id, record["name"], show(PUPIL_ITEMS["sex"], record["sex"]), date.fromisoformat(record["birth_date"]), copy["school"], copy["class_title"], row.until_on,
                copy["went_to"], copy["case"])


def _cell(record, field):
    value = record.get(field)
    if field in records.SEALED:
        return PUPIL_ITEMS[field].title, _masked(field, value), "num", False
    return PUPIL_ITEMS[field].title, show(PUPIL_ITEMS[field], value), "", field in ACROSS


def _masked(field, value):
    return masks.phone(value) if field == "phone" else masks.number(value)


def _entry(one):
    return one | {name: date.fromisoformat(one[name]) for name in ("given_on", "lifted_on") if one[name]}


def _member(one):
    shown = {field: show(item, date.fromisoformat(one[field]) if field == "birth_date" and one.get(field) else one.get(field)) for field, item in GUARDIAN_ITEMS.items()
             if field not in records.GUARDIAN_SEALED}
    return shown | {field: _masked(field, one.get(field)) for field in records.GUARDIAN_SEALED} | {"id": one["id"]}


# ---------------------------------------------------------------- full numbers, the card

@writes
def reveal(s, spell_id, what, reason, *, actor):
    """One full number as of the day she left, for a reason that stays in the trace. `what` is a field, or "<guardian's id>.phone". Returns (title, number)."""
    reason = students.reason_to_see(actor, reason)
    row = s.execute(_spells(actor).where(Enrolment.id == spell_id)).one_or_none()
    if row is None:
        raise NotFound
    title, value = _whole(_opened(row)["record"], what)
    if not value:
        raise Refusal(f"副本上没有登记{title}，没有可看的号码。", field="what")
    trace.record(s, "student.revealed", actor=actor, chain=row.county_id, subjects=[row.student_id], what=f"{title}（转出当日的副本）", reason=reason)
    return title, value


def _whole(record, what):
    if what in NUMBERS:
        return PUPIL_ITEMS[what].title, record.get(what)
    guardian_id, _, field = what.partition(".")
    guardian = next((one for one in record["guardians"] if str(one["id"]) == guardian_id), None)
    if guardian is None or field not in records.GUARDIAN_SEALED:
        raise Refusal("请选择要看的号码。", field="what")
    return f"{guardian['name']}的{GUARDIAN_ITEMS[field].title}", guardian.get(field)


@writes
def issue_card(s, spell_id, *, actor, today, now):
    """The 学籍卡 as of the day she left, for the file that goes on to her new school (2013年办法第十五条). Returns the paper's id."""
    require(actor, "document.issue")
    row = s.execute(_spells(actor).where(Enrolment.id == spell_id, Enrolment.school_id == actor.school_id)).one_or_none()
    if row is None:
        raise NotFound
    copy = _opened(row)
    record = copy["record"] | {"birth_date": date.fromisoformat(copy["record"]["birth_date"]), "created_at": datetime.fromisoformat(copy["record"]["created_at"])}
    facts = pupil_papers.card_words(record, copy["place"], pupil_history.of(s, record, row.id), [_entry(one) for one in copy["conduct"]], actor=actor, today=today)
    card = papers.issue(s, "record_card", facts, student_id=row.student_id, school_id=row.school_id, actor=actor, today=today, now=now)
    trace.record(s, "document.issued", actor=actor, chain=row.county_id, subjects=[row.student_id], paper=papers.KINDS["record_card"].title, number=card.number,
                 purpose="转出当日的副本")
    return card.id
