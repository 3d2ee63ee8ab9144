"""调班 (workflows 26): pupils of one class go to another class of their grade. An act of the school, not a case; each pupil's spells tell the way."""

from sqlalchemy import func, insert, select, update

from ...codes.changes import COUNTED, change
from ...errors import NotFound, Refusal, Refusals
from ...identity.grades import title_of
from ...models import Body, Case, Class, Enrolment, Grade, Student, new_id
from ...permissions import require, visible_classes, visible_students
from ...workflow.checks import limit_setting
from .. import trace
from ..administration import policies
from ..standing import balance
from ..transactions import writes

MOVE = change("class-change")


def choices(s, actor, class_id):
    """The other classes in use of the same grade: (id, title, headcount)."""
    here = visible_classes(actor).with_only_columns(Class.grade_id).where(Class.id == class_id).scalar_subquery()
    rows = s.execute(
        visible_classes(actor).join(Grade, Grade.id == Class.grade_id).where(Class.grade_id == here, Class.id != class_id, Class.state == "open")
        .with_only_columns(Class.id, Class.number, Class.name, Class.headcount, Grade.stage, Grade.advanced_to, Grade.length).order_by(Class.number, Class.id)
    )
    return [(row.id, title_of(row), row.headcount) for row in rows]


@writes
def move(s, class_id, student_ids, to_class_id, *, actor, today, now) -> int:
    """All of them or none. Returns how many moved."""
    require(actor, "student.write")
    if not student_ids:
        raise Refusal("请先勾选要调班的学生", field="id")
    pupils = s.execute(
        visible_students(actor).with_only_columns(Student.id, Student.name, Student.status, Student.version, Student.sex, Student.county_id, Student.school_id,
                                                  Student.grade_id, Student.class_id)
        .where(Student.id.in_(student_ids), Student.class_id == class_id, Student.lifecycle == "live")
        .order_by(func.length(Student.class_no), Student.class_no, Student.id).with_for_update(of=Student)
    ).all()
    old, new = _classes(s, actor, class_id, to_class_id)
    if len(pupils) != len(set(student_ids)):
        raise Refusal("所选的学生里有人已经不在这个班，请刷新名单再选", field="id")
    counted = sum(pupil.status in COUNTED for pupil in pupils)
    _refuse(s, old, new, pupils, counted, today=today)
    seat = _last_seat(s, to_class_id)
    for place, pupil in enumerate(pupils, seat + 1):
        s.execute(update(Student).where(Student.id == pupil.id).values(
            class_id=to_class_id, class_no=str(place), version=Student.version + 1, updated_at=now, updated_by_id=actor.account_id))
        _next_spell(s, pupil.id, to_class_id, str(place), today=today, now=now)
    s.execute(update(Class).where(Class.id == class_id).values(headcount=Class.headcount - counted))
    s.execute(update(Class).where(Class.id == to_class_id).values(headcount=Class.headcount + counted))
    balance.book_many(s, MOVE.kind, [(None, pupil._mapping, {**pupil._mapping, "class_id": to_class_id}) for pupil in pupils], day=today, now=now)
    trace.record(s, "class.moved", actor=actor, chain=old.county_id, subjects=[pupil.id for pupil in pupils],
                 **{"from": _told(s, old), "to": _told(s, new)})
    return len(pupils)


def _classes(s, actor, class_id, to_class_id):
    """Both, locked after the pupils and in one order."""
    rows = {
        row.id: row for row in s.execute(
            visible_classes(actor).join(Grade, Grade.id == Class.grade_id).where(Class.id.in_([class_id, to_class_id or 0]))
            .with_only_columns(Class.id, Class.grade_id, Class.school_id, Class.county_id, Class.number, Class.name, Class.kind, Class.state, Class.size_limit,
                               Class.headcount, Grade.stage, Grade.advanced_to, Grade.length).order_by(Class.id).with_for_update(of=Class, key_share=True)
        )
    }
    if class_id not in rows:
        raise NotFound
    if to_class_id not in rows or to_class_id == class_id or rows[to_class_id].state != "open" or rows[to_class_id].grade_id != rows[class_id].grade_id:
        raise Refusal("请选择同一年级另一个在用的班。跨年级的请办理跳级或留级", field="to_class")
    return rows[class_id], rows[to_class_id]


def _refuse(s, old, new, pupils, counted, *, today):
    wrong = []
    policy = policies.policy_for(s, old.county_id, today)
    setting = limit_setting(new.stage, new.kind)
    limit = new.size_limit or policy[setting]
    if counted and new.headcount + counted > limit:
        wrong.append(Refusal(f"{title_of(new)}现有 {new.headcount} 人，班额 {limit} 人，放不下这 {counted} 人。请少调几人或换一个班", field="to_class",
                             article=policy.article(setting)))
    ids = [pupil.id for pupil in pupils]
    held = s.execute(select(Student.name, Case.number).join(Case, Case.holds(Student.id)).where(Student.id.in_(ids), Case.state == "open").order_by(Case.id)).all()
    wrong += [Refusal(f"{row.name}有在办业务（{row.number}），请办结后再调班", field="id") for row in held]
    if wrong:
        raise Refusals(wrong)


def _last_seat(s, class_id):
    seats = s.execute(select(Student.class_no).where(Student.class_id == class_id, Student.lifecycle.in_(("pending", "live")))).scalars()
    return max((int(seat) for seat in seats if seat.isascii() and seat.isdecimal() and len(seat) < 4), default=0)


def _next_spell(s, student_id, class_id, class_no, *, today, now):
    """The spell in the old class ends on the day on which the one in the new class begins."""
    spell = s.execute(select(Enrolment).where(Enrolment.student_id == student_id, Enrolment.state == "open").with_for_update()).scalar_one()
    spell.state, spell.until_on, spell.closed_at, spell.left_by = "closed", today, now, MOVE.leaving
    s.flush()
    s.execute(insert(Enrolment).values(
        id=new_id(), county_id=spell.county_id, student_id=student_id, school_id=spell.school_id, grade_id=spell.grade_id, class_id=class_id, class_no=class_no,
        state="open", from_on=today, entered_at=now, came_by=MOVE.entering, previous_id=spell.id,
    ))


def _told(s, row):
    return f"{s.execute(select(Body.short_name).where(Body.id == row.school_id)).scalar_one()} {title_of(row)}"
