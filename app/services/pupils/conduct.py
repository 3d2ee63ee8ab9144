"""奖惩: the school's registrar records awards and punishments (处分); a punishment is lifted (撤销) by an act of its own, a wrong entry is void with its reason.

    conduct.give(student_id, Given("punishment", code="3", about="03", given_on=…, document="…", reason="…"), actor=wang, today=today, now=now)
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, select, update

from ... import codes
from ...errors import MovedOn, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity.dates import chinese
from ...models import Conduct, Student, new_id
from ...permissions import require, visible_students
from .. import trace
from ..transactions import writes
from . import records, students

EXPELLED = "6"  # 开除学籍 ends a senior pupil's record by a case; in compulsory stages there is none
NO_EXPULSION = "《义务教育法》第二十七条"
TITLES = {"award": "奖励", "punishment": "处分"}
STATES = {"standing": ("", "plain"), "lifted": ("已撤销", ""), "void": ("已作废", "")}


@dataclass(frozen=True)
class Given:
    """`code` is an award's level or which punishment, `about` what it is for; `name` and `given_by` are an award's, `reason` a punishment's."""

    kind: str
    code: str
    given_on: date | None
    about: str = ""
    name: str = ""
    given_by: str = ""
    document: str = ""
    reason: str = ""


def tables(kind):
    """(table of `code`, table of `about`)"""
    return ("award_level_k12", "award_kind_student") if kind == "award" else ("punishment", "offence_category")


def choices(kind):
    """What the two menus offer."""
    first, second = (codes.table(name).choices() for name in tables(kind))
    return [one for one in first if kind == "award" or one[0] != EXPELLED], second


# ---------------------------------------------------------------- reading

COLUMNS = (
    Conduct.id, Conduct.student_id, Conduct.kind, Conduct.code, Conduct.about, Conduct.name, Conduct.given_on, Conduct.given_by, Conduct.document, Conduct.reason, Conduct.state,
    Conduct.recorded_by, Conduct.recorded_at, Conduct.lifted_on, Conduct.lift_document, Conduct.note, Conduct.ended_by, Conduct.ended_at,
)


# asked in every transfer, so made once
ENTRIES = Conduct.__table__
OF_STUDENT = (
    select(*(ENTRIES.c[column.key] for column in COLUMNS)).where(records.hers(ENTRIES.c.student_id, bindparam("student"))).order_by(ENTRIES.c.given_on.desc(), ENTRIES.c.id.desc())
)
PUNISHED = select(ENTRIES.c.id).where(records.hers(ENTRIES.c.student_id, bindparam("student")), ENTRIES.c.kind == "punishment", ENTRIES.c.state == "standing").limit(1)
FOLLOW = update(ENTRIES).where(ENTRIES.c.student_id == bindparam("student"))


def of_student(s, student_id) -> list[dict]:
    """Every entry, the latest first, in words; those that are void, and those of a duplicate that was merged into hers, too. The caller has asked whose pupil she is."""
    return [in_words(row) for row in s.execute(OF_STUDENT, {"student": student_id})]


def in_words(row) -> dict:
    first, second = tables(row.kind)
    which, what_for = codes.table(first).label(row.code), codes.table(second).label(row.about) if row.about else ""
    return {
        "id": row.id, "student_id": row.student_id, "kind": row.kind, "title": TITLES[row.kind], "what": row.name if row.kind == "award" else which, "level": which if row.kind == "award" else "",
        "about": what_for, "given_on": row.given_on, "given_by": row.given_by, "document": row.document, "reason": row.reason, "state": row.state,
        "lifted_on": row.lifted_on, "lift_document": row.lift_document, "note": row.note, "recorded_by": row.recorded_by, "recorded_on": row.recorded_at.date(),
        "ended_by": row.ended_by,
    }


def for_card(entries) -> list[dict]:
    """奖惩记录 of the 学籍卡 from the entries of a pupil, in the order of the days; what was entered by mistake is left out."""
    return [
        {"on": one["given_on"].isoformat(), "name": _on_card(one), "level": one["level"]}
        for one in reversed(entries) if one["state"] != "void"
    ]


def _on_card(one):
    if one["kind"] == "award":
        return one["what"]
    return f"处分：{one['what']}" + (f"（{chinese(one['lifted_on'])}撤销）" if one["state"] == "lifted" else "")


def find(person, conduct_id):
    """An entry with the pupil's name, for whoever may write her record."""
    row = db.session.execute(
        visible_students(person).with_only_columns(*COLUMNS, Student.id.label("pupil_id"), Student.name.label("pupil"))
        .join(Conduct, records.hers(Conduct.student_id, Student.id)).where(Conduct.id == conduct_id, Student.lifecycle != "merged")
    ).one_or_none()
    if row is None:
        raise NotFound
    return in_words(row) | {"student_id": row.pupil_id, "pupil": row.pupil}


def punished(s, student_id) -> bool:
    """受处分期间: a punishment stands that was not lifted."""
    return s.execute(PUNISHED, {"student": student_id}).first() is not None


def follow(s, student_id, county_id):
    """They go with the pupil to another county."""
    s.execute(FOLLOW, {"student": student_id, "county_id": county_id})


# ---------------------------------------------------------------- the acts

@writes
def give(s, student_id, given: Given, *, actor, today, now):
    """Record an award or a punishment. Returns the pupil's id."""
    student = _mine(s, actor, student_id)
    if wrong := _faults(given, student, today):
        raise Refusals(wrong)
    s.add(Conduct(
        id=new_id(), county_id=student.county_id, student_id=student.id, school_id=student.school_id, kind=given.kind, code=given.code, about=given.about,
        name=given.name, given_on=given.given_on, given_by=given.given_by, document=given.document, reason=given.reason, state="standing", recorded_at=now,
        recorded_by_id=actor.account_id, recorded_by=actor.name,
    ))
    first, second = tables(given.kind)
    told = _told(given.name, codes.table(first).label(given.code), codes.table(second).label(given.about), chinese(given.given_on), given.given_by, given.document, given.reason)
    trace.record(s, f"{given.kind}.recorded", actor=actor, chain=student.county_id, subjects=[student.id], changes={TITLES[given.kind]: told})
    return student.id


@writes
def lift(s, conduct_id, lifted_on, document, *, note="", actor, today, now):
    """撤销处分: from that day it stands no longer. Returns the pupil's id."""
    one, student = _entry(s, actor, conduct_id)
    if one.kind != "punishment":
        raise NotFound
    wrong = []
    if lifted_on is None:
        wrong.append(Refusal("请填写撤销处分的日期", field="lifted_on"))
    elif not one.given_on <= lifted_on <= today:
        wrong.append(Refusal(f"撤销日期应在处分的日期（{chinese(one.given_on)}）和今天之间", field="lifted_on"))
    if not document:
        wrong.append(Refusal("请填写撤销处分的文号；没有文号的，写明决定的名称", field="lift_document"))
    if wrong:
        raise Refusals(wrong)
    one.state, one.lifted_on, one.lift_document, one.note = "lifted", lifted_on, document, note
    one.ended_at, one.ended_by_id, one.ended_by = now, actor.account_id, actor.name
    told = _told(codes.table("punishment").label(one.code), f"{chinese(one.given_on)}给予", f"{chinese(lifted_on)}撤销", document, note)
    trace.record(s, "punishment.lifted", actor=actor, chain=student.county_id, subjects=[student.id], changes={TITLES[one.kind]: told})
    return student.id


@writes
def void(s, conduct_id, reason, *, actor, now):
    """What was entered by mistake counts no longer, and stays to be read. Returns the pupil's id."""
    one, student = _entry(s, actor, conduct_id)
    if not reason:
        raise Refusal("请写明作废的原因，如“登记到了同名的学生”", field="reason")
    one.state, one.note, one.ended_at, one.ended_by_id, one.ended_by = "void", reason, now, actor.account_id, actor.name
    told = _told(one.name or codes.table("punishment").label(one.code), chinese(one.given_on), reason)
    trace.record(s, "conduct.voided", actor=actor, chain=student.county_id, subjects=[student.id], changes={TITLES[one.kind]: told})
    return student.id


def _told(*parts):
    return "，".join(filter(None, parts))


def _mine(s, actor, student_id):
    require(actor, "student.write")
    student = students.seen(s, actor, student_id, lock=True)
    if student is None:
        raise NotFound
    students.check_here(student)
    return student


def _entry(s, actor, conduct_id):
    """The entry, locked behind its pupil, while it stands."""
    student_id = s.execute(select(func.coalesce(Student.merged_into_id, Student.id)).join(Conduct, Conduct.student_id == Student.id).where(Conduct.id == conduct_id)).scalar()
    if student_id is None:
        raise NotFound
    student = _mine(s, actor, student_id)
    one = s.scalars(select(Conduct).where(Conduct.id == conduct_id).with_for_update()).one()
    if one.state != "standing":
        done = STATES[one.state][0].removeprefix("已")
        raise MovedOn(f"这条{TITLES[one.kind]}已由{one.ended_by}在 {chinese(one.ended_at.date())} {one.ended_at:%H:%M} {done}，这次没有写入。")
    return one, student


def _faults(given, student, today):
    wrong, (first, second) = [], (dict(pairs) for pairs in choices(given.kind))
    if given.kind == "punishment" and given.code == EXPELLED:
        wrong.append(Refusal("开除学籍不作为处分登记：义务教育阶段不得开除学生，普通高中须另办开除业务", field="code", article=NO_EXPULSION))
    elif given.code not in first:
        wrong.append(Refusal("请选择级别" if given.kind == "award" else "请选择处分种类", field="code"))
    if given.about not in second:
        wrong.append(Refusal("请选择类别" if given.kind == "award" else "请选择违纪类别", field="about"))
    if given.given_on is None:
        wrong.append(Refusal(f"请填写{TITLES[given.kind]}的日期", field="given_on"))
    elif not student.birth_date < given.given_on <= today:
        wrong.append(Refusal(f"{TITLES[given.kind]}的日期应在学生出生以后、今天以前，请核对", field="given_on"))
    if given.kind == "award":
        if not given.name:
            wrong.append(Refusal("请填写奖励的名称，如“三好学生”", field="name"))
        if not given.given_by:
            wrong.append(Refusal("请填写颁发单位", field="given_by"))
    else:
        if not given.document:
            wrong.append(Refusal("请填写处分决定的文号；没有文号的，写明决定的名称", field="document"))
        if not given.reason:
            wrong.append(Refusal("请填写处分的原因", field="reason"))
    return wrong
