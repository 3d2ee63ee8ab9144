"""The record of a pupil who is here: ordinary items edited with every old and new value in the trace, full numbers shown for a reason.

Key items (关键信息) change by a case, numbers and places by the acts that give them; `EDITABLE` is what is left to the school's registrar.
"""

from sqlalchemy import insert, select, update

from ... import sealing
from ...errors import MovedOn, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity.dates import chinese
from ...identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, member, show
from ...models import Account, Enrolment, FormerName, Guardian, Student, new_id
from ...permissions import require, visible_students
from ...workflow import checks
from .. import trace
from ..administration import policies
from ..trace import Secret
from ..transactions import writes
from . import records

MEMBERS = 9  # as many as have a title of their own (成员1 … 成员9)
BY_CASE = {item.field for item in PUPIL_ITEMS.values() if item.key} | {"student_kind", "status", "poverty_status", "poverty_from", "poverty_until"}
GIVEN = {"national_no", "student_code", "main_number", "in_register", "in_school"}  # by acts of the register, not by hand
EDITABLE = {field for field in PUPIL_ITEMS if field in records.STUDENT_COLUMNS | {"phone"}} - BY_CASE - GIVEN
REVEALED = ("id_doc_no", "national_no", "main_number", "phone")


# ---------------------------------------------------------------- what changed

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


def told(changes) -> dict:
    """Changes as the trace keeps them: {item: [old, new]}."""
    return {one["item"]: [one["old"], one["new"]] for one in changes}


# ---------------------------------------------------------------- editing

def opened(person, student_id) -> dict:
    """The whole record with its numbers, for the form of whoever may write it."""
    require(person, "student.write")
    if seen(db.session, person, student_id) is None:
        raise NotFound
    return records.load(db.session, student_id)


def seen(s, person, student_id, *, lock=False):
    query = visible_students(person).where(Student.id == student_id)
    return s.scalars(query.with_for_update(of=Student) if lock else query.execution_options(populate_existing=True)).one_or_none()


@writes
def edit(s, student_id, record, *, actor, version, today, now, suggested_by=""):
    """Change ordinary items and the family. Guardians with an `id` are changed, those without come new, those left out are kept as removed. Returns the id.

    `suggested_by` names the class teachers whose suggestions are carried out with it.
    """
    require(actor, "student.write")
    student = seen(s, actor, student_id, lock=True)
    if student is None:
        raise NotFound
    check_here(student)
    check_unmoved(s, student, version)
    old = records.load(s, student_id)
    new = {field: value for field, value in record.items() if field in EDITABLE} | {"guardians": record["guardians"]}
    changes = compare(old, new)
    if not changes:
        raise Refusal("没有改动任何内容，不用保存。")
    if wrong := faults(s, student, old | new, today):
        raise Refusals(wrong)
    _write_items(s, student, old, new)
    _write_family(s, student, old["guardians"], new["guardians"])
    student.version, student.updated_at, student.updated_by_id = student.version + 1, now, actor.account_id
    what, whose = ("suggestion.accepted", {"suggested_by": suggested_by}) if suggested_by else ("student.edited", {})
    trace.record(s, what, actor=actor, chain=student.county_id, subjects=[student_id], changes=told(changes), **whose)
    return student_id


def check_here(student):
    if student.lifecycle == "pending":
        raise Refusal("新生登记还没有办结，现在不能修改。要改正的，请审核人退回，在登记表上补正后重新提交。")
    if student.lifecycle != "live":
        raise Refusal("这名学生的学籍已经不在本校，信息不再修改。确有错误的，请向主管教育行政部门反映。")


def check_unmoved(s, student, version):
    """A record that someone else saved since it was opened is not written over."""
    if student.version == version:
        return
    who = s.execute(select(Account.name).where(Account.id == student.updated_by_id)).scalar() or "系统"
    raise MovedOn(
        f"{who}在 {chinese(student.updated_at.date())} {student.updated_at:%H:%M} 保存了修改，在您打开这份学籍之后。您填的内容没有写入，也没有丢失。"
    )


def faults(s, student, record, today) -> list[Refusal]:
    """What is wrong with a record as a whole: the family, the number of the seat."""
    policy = policies.policy_for(s, student.county_id, today)
    facts = checks.EnrolmentFacts(record=record, guardians=record["guardians"], policy=policy, stage="", year=0, today=today)
    wrong = [Refusal(one.sentence, field=one.field or None, article=one.article or None) for one in checks.blocks(checks.check_guardians(facts) + checks.check_local_numbers(facts))]
    if record.get("class_no") and student.class_id and record["class_no"] != student.class_no:
        records.hold_classes(s, {student.class_id})  # two who give one number at once come one after the other
        same = s.execute(select(Student.name).where(Student.class_id == student.class_id, Student.class_no == record["class_no"], Student.id != student.id,
                                                    Student.lifecycle.in_(("pending", "live")))).scalar()
        if same:
            wrong.append(Refusal(f"班内学号“{record['class_no']}”已经是本班{same}的，请换一个", field="class_no"))
    return wrong


def _write_items(s, student, old, new):
    named = {field: value for field, value in new.items() if field in EDITABLE} | {"name": student.name}
    values = {field: records.STUDENT_DEFAULTS.get(field) for field in named if field in records.STUDENT_COLUMNS}
    for column, value in (values | records.student_columns(student.id, named)).items():
        setattr(student, column, value)
    s.flush()
    if (new.get("class_no") or "") != old["class_no"]:
        s.execute(update(Enrolment).where(Enrolment.student_id == student.id, Enrolment.state == "open").values(class_no=student.class_no))
    if (new.get("former_name") or "") != old["former_name"]:
        _find_anew(s, student)


def _find_anew(s, student):
    """The names that she is found by: the present one, the one of the form, and those that cases have kept."""
    kept = s.scalars(select(FormerName.name).where(FormerName.student_id == student.id, FormerName.state == "live"))
    records.find_by(s, student, {student.name, student.former_name, *kept})


def _write_family(s, student, old, new):
    there = {one["id"] for one in old}
    staying = [one["id"] for one in new if one.get("id")]
    if not set(staying) <= there or len(set(staying)) < len(staying):
        raise MovedOn("家庭成员刚被改过，您填的内容没有写入。请重新打开修改页，再填一次。")
    if gone := there - set(staying):
        s.execute(update(Guardian).where(Guardian.id.in_(gone)).values(state="removed"))
    for position, one in enumerate(new, 1):
        guardian_id = one.get("id") or new_id()
        blank = {field: records.GUARDIAN_DEFAULTS.get(field) for field in GUARDIAN_ITEMS if field in records.GUARDIAN_COLUMNS}
        values = blank | records.guardian_columns(guardian_id, one) | {"position": position}
        if one.get("id"):
            s.execute(update(Guardian).where(Guardian.id == guardian_id).values(values))
        else:
            place = {"id": guardian_id, "county_id": student.county_id, "student_id": student.id, "state": "live"}
            s.execute(insert(Guardian).values(records.GUARDIAN_DEFAULTS | values | place))


# ---------------------------------------------------------------- full numbers

@writes
def reveal(s, student_id, what, reason, *, actor):
    """One full number, for a reason that stays in the trace. `what` is a field, or "<guardian's id>.phone". Returns (title, number)."""
    reason = reason_to_see(actor, reason)
    student = seen(s, actor, student_id)
    if student is None:
        raise NotFound
    title, value = _whole(s, student, what)
    if not value:
        raise Refusal(f"这名学生没有登记{title}，没有可看的号码。", field="what")
    trace.record(s, "student.revealed", actor=actor, chain=student.county_id, subjects=[student_id], what=title, reason=reason)
    return title, value


def reason_to_see(actor, reason) -> str:
    """Why a full number is looked at, as the trace keeps it."""
    require(actor, "student.numbers")
    if not reason.strip():
        raise Refusal("请写明查看完整号码的原因，如“核对户口簿”。", field="reason")
    if len(reason) > 100:
        raise Refusal("原因不能超过 100 个字，请写短一些。", field="reason")
    return reason.strip()


def _whole(s, student, what):
    if what in REVEALED:
        return PUPIL_ITEMS[what].title, sealing.unseal(getattr(student, f"{what}_sealed"), "students", student.id, f"{what}_sealed")
    guardian_id, _, field = what.partition(".")
    if not guardian_id.isdecimal() or field not in records.GUARDIAN_SEALED:
        raise Refusal("请选择要看的号码。", field="what")
    guardian = s.scalars(select(Guardian).where(Guardian.id == int(guardian_id), Guardian.student_id == student.id, Guardian.state == "live")).one_or_none()
    if guardian is None:
        raise NotFound
    return f"{guardian.name}的{GUARDIAN_ITEMS[field].title}", records.open_guardian(guardian)[field]
