"""修改建议: a class teacher proposes new values for ordinary items of a pupil of her class; the school's registrar takes them over or declines them.

What she is not shown she does not propose: key items change by a case, and numbers and phones are the registrar's (DECIDED 5). An item is named by its field,
one of a family member by "<guardian's id>.<field>". What is taken over goes through students.edit, with its checks and its trace.
"""

import json
from dataclasses import dataclass

from sqlalchemy import false, func, select, true

from ... import sealing
from ...errors import MovedOn, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity.dates import chinese
from ...identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, member, show
from ...models import Account, Class, Event, EventSubject, Grade, Student, Suggestion, new_id
from ...permissions import may, require, visible_suggestions
from .. import trace
from ..transactions import writes
from . import listing, records, student_pages, students

MOST = 20  # open at once, a pupil
LONGEST = 200
SHOWN = {field for fields in student_pages.SECTIONS.values() for field in fields} | {"class_no"}
OF_PUPIL = frozenset(field for field in students.EDITABLE & SHOWN if not PUPIL_ITEMS[field].sealed) - {"aux_number", "compulsory_card_no"}
OF_MEMBER = ("name", "relation", "relation_note", "is_guardian", "employer", "job_title", "current_address")
STATES = {"open": ("待处理", "run"), "accepted": ("已采纳", "done"), "declined": ("未采纳", "bad"), "withdrawn": ("已撤回", "")}


# ---------------------------------------------------------------- proposed

def opened(person, student_id) -> dict:
    """The record as far as this person may propose changes to it, with its version; no numbers are in it."""
    require(person, "suggestion.make")
    student = students.seen(db.session, person, student_id)
    if student is None:
        raise NotFound
    students.check_here(student)
    record = records.load(db.session, student_id)
    family = [{field: one[field] for field in ("id", *OF_MEMBER)} for one in record["guardians"]]
    return {field: record[field] for field in ("id", "version", *OF_PUPIL)} | {"guardians": family}


@writes
def suggest(s, student_id, wanted, reason, *, actor, version, today, now):
    """Propose {item: value}, judged as an edit of the record would be. Returns the pupil's id."""
    require(actor, "suggestion.make")
    student = students.seen(s, actor, student_id, lock=True)
    if student is None:
        raise NotFound
    students.check_here(student)
    students.check_unmoved(s, student, version)
    record = records.load(s, student_id)
    changes = _changes(record, wanted)
    reason = " ".join(reason.split())
    wrong = [Refusal("请写明建议修改的理由，如“家长来电，已搬家”。", field="reason")] if not reason else []
    if len(reason) > LONGEST:
        wrong.append(Refusal(f"理由最多 {LONGEST} 个字，请写短一些。", field="reason"))
    if not changes:
        raise Refusals([Refusal("没有改动任何内容。请把要改的项目改成建议的内容再提交。"), *wrong])
    if wrong := wrong + _waiting_already(s, student, changes) + _made_worse(s, student, record, wanted, today):
        raise Refusals(wrong)
    for item, (_, seen, value) in changes.items():
        row = new_id()
        s.add(Suggestion(
            id=row, county_id=student.county_id, school_id=student.school_id, class_id=student.class_id, student_id=student.id, item=item, reason=reason,
            content=sealing.seal_json([seen, value], "suggestions", row, "content"), state="open", by_id=actor.account_id, by_name=actor.name, made_at=now,
        ))
    told = {of.title: [show(of, seen), show(of, value)] for of, seen, value in changes.values()}
    trace.record(s, "suggestion.made", actor=actor, chain=student.county_id, subjects=[student.id], changes=told, reason=reason)
    return student.id


def _changes(record, wanted):
    """{item: (its Item, the value now, the value wanted)} of what would change. An item that is not open to suggestions is a page of somebody else's making."""
    found = {}
    for item, value in wanted.items():
        place = _place(record, item)
        field = item.rpartition(".")[2]
        if place is None or field not in (OF_MEMBER if "." in item else OF_PUPIL):
            raise MovedOn("这份学籍刚被改过，您填的内容没有写入。请重新打开这一页，再填一次。")
        of, now = place
        if show(of, now) != show(of, value):
            found[item] = (of, now, value)
    return found


def _place(record, item):
    """(the Item as the form names it, its value in the record); None where that family member is no longer there."""
    guardian, _, field = item.rpartition(".")
    if not guardian:
        return (PUPIL_ITEMS[item], record[item]) if item in OF_PUPIL else None
    return next(((member(min(number, students.MEMBERS), field), one[field]) for number, one in enumerate(record["guardians"], 1)
                 if str(one["id"]) == guardian and field in OF_MEMBER), None)


def _with(record, wanted):
    """The record as it would be."""
    family = [one | {item.rpartition(".")[2]: value for item, value in wanted.items() if item.startswith(f"{one['id']}.")} for one in record["guardians"]]
    return record | {item: value for item, value in wanted.items() if "." not in item} | {"guardians": family}


def _waiting_already(s, student, changes):
    rows = s.execute(
        select(Suggestion.item, Suggestion.by_name).where(Suggestion.school_id == student.school_id, Suggestion.student_id == student.id, Suggestion.state == "open")
    ).all()
    whose = {row.item: row.by_name for row in rows}
    wrong = [Refusal(f"{of.title}已有{whose[item]}提的建议，在等学籍管理员处理，不用再提", field=of.field) for item, (of, *_) in changes.items() if item in whose]
    if not wrong and len(rows) + len(changes) > MOST:
        wrong = [Refusal(f"一名学生最多同时有 {MOST} 项建议待处理，现在已有 {len(rows)} 项。请等学籍管理员处理后再提，或者撤回几项。")]
    return wrong


def _made_worse(s, student, record, wanted, today):
    """What an edit would refuse because of these values, and not because of what was wrong before."""
    before = {str(one) for one in students.faults(s, student, record, today)}
    return [one for one in students.faults(s, student, _with(record, wanted), today) if str(one) not in before]


# ---------------------------------------------------------------- decided

@writes
def accept(s, student_id, ids, *, actor, today, now):
    """Take these over into the record, all or none: an edit like any other. Refused when one of the values has changed since. Returns the pupil's id."""
    require(actor, "suggestion.decide")
    student, rows = _asked(s, actor, student_id, ids)
    record = records.load(s, student_id)
    wanted = {}
    for row in rows:
        seen, wanted[row.item] = content(row)
        _refuse_changed(s, student, record, row.item, seen)
    students.edit.inside(s, student_id, _with(record, wanted), actor=actor, version=student.version, today=today, now=now, suggested_by=_names(rows))
    _end(rows, "accepted", actor, now)
    return student_id


@writes
def decline(s, student_id, ids, note, *, actor, now):
    """`note` is the word to the teacher. Returns the pupil's id."""
    require(actor, "suggestion.decide")
    note = " ".join(note.split())
    if not note:
        raise Refusal("请给班主任写明不采纳的原因，如“与户口簿不一致”。", field="note")
    if len(note) > LONGEST:
        raise Refusal(f"原因最多 {LONGEST} 个字，请写短一些。", field="note")
    student, rows = _asked(s, actor, student_id, ids)
    _end(rows, "declined", actor, now, note)
    trace.record(s, "suggestion.declined", actor=actor, chain=student.county_id, subjects=[student_id], items=_titles(rows), suggested_by=_names(rows), note=note)
    return student_id


@writes
def withdraw(s, student_id, ids, *, actor, now):
    """By her who made them. Returns the pupil's id."""
    require(actor, "suggestion.make")
    student, rows = _asked(s, actor, student_id, ids)
    _end(rows, "withdrawn", actor, now)
    trace.record(s, "suggestion.withdrawn", actor=actor, chain=student.county_id, subjects=[student_id], items=_titles(rows))
    return student_id


def _asked(s, actor, student_id, ids):
    """(the pupil, the suggestions), locked in this order; all of them still open."""
    student = students.seen(s, actor, student_id, lock=True)
    if student is None:
        raise NotFound
    if not ids:
        raise Refusal("请先勾选要办理的建议。")
    ids = sorted(set(ids))[: MOST + 1]
    query = visible_suggestions(actor).where(Suggestion.student_id == student_id, Suggestion.id.in_(ids)).order_by(Suggestion.id)
    rows = s.scalars(query.with_for_update(of=Suggestion)).all()
    if len(rows) < len(ids):
        raise NotFound
    if ended := next((row for row in rows if row.state != "open"), None):
        raise MovedOn(f"{title(ended.item)}的建议已由{ended.ended_by}在 {_moment(ended.ended_at)} 办理：{STATES[ended.state][0]}。这次没有写入，请看最新的情况。")
    return student, rows


def _refuse_changed(s, student, record, item, seen):
    place = _place(record, item)
    if place is None:
        raise MovedOn("这位家庭成员已经不在登记之中，没有采纳。请不采纳这条建议，写明原因。", field="id")
    of, now = place
    if show(of, now) != show(of, seen):
        who, when = _changed_by(s, student, of.title)
        raise MovedOn(
            f"{of.title}在提出建议以后已由{who}在 {_moment(when)} 改为“{show(of, now) or '空'}”，没有采纳。请不采纳这条建议，或请班主任在新的内容上重新提出。", field="id")


def _changed_by(s, student, item_title):
    """(who, when) of the last change of an item, by the trace; of the record where the trace does not name the item."""
    edits = s.execute(
        select(Event.actor_name, Event.at, Event.facts).join(EventSubject, EventSubject.event_id == Event.id)
        .where(EventSubject.student_id == student.id, Event.name.in_(("student.edited", "suggestion.accepted"))).order_by(Event.id.desc()).limit(50)
    )
    for who, when, facts in edits:
        if item_title in json.loads(facts)["changes"]:
            return who, when
    return s.execute(select(Account.name).where(Account.id == student.updated_by_id)).scalar() or "系统", student.updated_at


def _end(rows, state, actor, now, note=""):
    for row in rows:
        row.state, row.ended_at, row.ended_by_id, row.ended_by, row.note = state, now, actor.account_id, actor.name, note


def _names(rows):
    return "、".join(dict.fromkeys(row.by_name for row in rows))


def _titles(rows):
    return [title(row.item) for row in rows]


def _moment(when):
    return f"{chinese(when.date())} {when:%H:%M}"


# ---------------------------------------------------------------- looked at

def content(row):
    """[the value that was seen, the one proposed] of a row with `id` and `content`."""
    return sealing.unseal_json(row.content, "suggestions", row.id, "content")


def title(item):
    """An item by itself, without the record that says which member of the family it is of."""
    guardian, _, field = item.rpartition(".")
    return f"家庭成员{GUARDIAN_ITEMS[field].title}" if guardian else PUPIL_ITEMS[field].title


@dataclass(frozen=True)
class Line:
    """One suggestion as a page shows it."""

    id: int
    title: str
    seen: str
    now: str
    wanted: str
    moved: bool  # the record says something else than she saw
    row: object

    @property
    def state(self):
        return STATES[self.row.state]


ROW = (
    Suggestion.id, Suggestion.student_id, Suggestion.item, Suggestion.reason, Suggestion.state, Suggestion.by_name, Suggestion.made_at, Suggestion.ended_at,
    Suggestion.ended_by, Suggestion.note,
)


def of_pupil(person, student_id, limit=100) -> list[Line]:
    """The open ones first, then what became of the others, newest first."""
    rows = db.session.execute(
        visible_suggestions(person).with_only_columns(*ROW, Suggestion.content).where(Suggestion.student_id == student_id)
        .order_by(Suggestion.state != "open", Suggestion.id.desc()).limit(limit)
    ).all()
    record = records.load(db.session, student_id) if rows else {}
    return [_line(record, row) for row in rows]


def _line(record, row):
    seen, wanted = content(row)
    of, now = _place(record, row.item) or (GUARDIAN_ITEMS[row.item.rpartition(".")[2]], None)
    texts = [show(of, value) for value in (seen, now, wanted)]
    return Line(row.id, of.title, *texts, row.state == "open" and texts[0] != texts[1], row)


def listed(person, *, ended, after=None, limit=100):
    """Rows with pupil and class: those that wait, the oldest first; or what was decided, the newest first."""
    query = visible_suggestions(person).with_only_columns(*ROW, Student.name, *listing.PLACE)
    query = query.outerjoin(Grade, Grade.id == Student.grade_id).outerjoin(Class, Class.id == Student.class_id)
    if ended:
        query = query.where(Suggestion.state != "open").order_by(Suggestion.id.desc())
    else:
        query = query.where(Suggestion.state == "open").order_by(Suggestion.id)
    if after:
        query = query.where(Suggestion.id < after if ended else Suggestion.id > after)
    return db.session.execute(query.limit(limit)).all()


def latest(person, limit=8):
    """For the desk of her who made them: those that something happened to last."""
    query = visible_suggestions(person).with_only_columns(*ROW, Student.name)
    return db.session.execute(query.order_by(func.coalesce(Suggestion.ended_at, Suggestion.made_at).desc(), Suggestion.id.desc()).limit(limit)).all()


def waiting(person, most=1000):
    """How many wait for this registrar, as a column `suggested` of another select; counted to a thousand and one."""
    query = visible_suggestions(person).with_only_columns(Suggestion.id).where(Suggestion.state == "open", true() if may(person, "suggestion.decide") else false())
    return select(func.count()).select_from(query.limit(most + 1).subquery()).scalar_subquery().label("suggested")
