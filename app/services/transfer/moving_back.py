"""A transfer undone (撤销已生效的转学, DECIDED 16): the pupil is again where she was, as far as nothing stands on it."""

from sqlalchemy import delete, select, update

from ... import codes
from ...models import Class, Enrolment, Grade, SearchKey, Student
from ...workflow.checks import Finding
from ...workflow.flows import REVERSAL
from ..administration import policies
from ..casework.footprints import CLASS_GONE, UNDONE, class_move, later_cases
from ..pupils import records
from . import moving


def standing(s, case, student, moved) -> list[str]:
    """What was built on the transfer since, each named: it would have to be undone first."""
    found, later = [], later_cases(s, case)
    found += [f"转学以后又有{one}，请先撤销它" for one in later]
    gone = case.to_school_id is None
    expected = ("left", moving.GONE, case.from_school_id) if gone else ("live", "01", case.to_school_id)
    if (student.lifecycle, student.status, student.school_id) != expected and not later:
        status = codes.table("student_current_status").label(student.status)
        found.append(f"转学以后学籍状态变为“{status}”，不能撤销转学")
    elif not gone and not later and _spell_of(s, student) != case.id:
        found.append(f"转学以后{class_move(s, case, student.id) or '学生已经调过班'}，不能撤销转学；需要回原学校的，请办理转学")
    if not gone and (grade := _advanced(s, case.grade_id)) and grade != ("open", moved["new_advanced_to"]):
        found.append("转学以后转入学校的年级已经升级或毕业，不能撤销转学")
    old = moved["old"]
    if old and (grade := _advanced(s, old["grade_id"])) and grade != ("open", old["advanced_to"]):
        found.append("转学以后原学校的年级已经升级或毕业，不能撤销转学")
    return found


def _spell_of(s, student):
    """The case that opened the spell she is in."""
    return s.execute(select(Enrolment.case_id).where(Enrolment.student_id == student.id, Enrolment.state == "open")).scalar()


def _advanced(s, grade_id):
    row = s.execute(select(Grade.state, Grade.advanced_to).where(Grade.id == grade_id)).one_or_none()
    return tuple(row) if row else None


def put_back(s, case, student, moved, *, actor, today, now):
    """The wrong spell is cleared, the one before it open again; counts, county and names follow. Returns what the school should know."""
    old, findings = moved["old"], []
    records.hold_classes(s, {case.to_school_id and student.class_id, old and old["class_id"]})
    if case.to_school_id:
        s.execute(update(Enrolment).where(Enrolment.student_id == student.id, Enrolment.state == "open").values(
            state="cleared", left_by=UNDONE, until_on=today, closed_at=now, closing_case_id=case.id))
        records.count_places(s, {student.class_id: -1})
    if old is None:
        _send_back(s, case, student, actor=actor, now=now)
        return findings
    spell = s.execute(select(Enrolment.school_id, Enrolment.county_id).where(Enrolment.id == old["spell"])).one()
    class_id, class_no = _old_class(s, case, old, findings)
    s.execute(update(Enrolment).where(Enrolment.id == old["spell"]).values(
        state="open", class_id=class_id, class_no=class_no, left_by="", until_on=None, closed_at=None, went_to_id=None, closing_case_id=None, snapshot=None))
    records.count_places(s, {class_id: 1})
    records.tally(s, {(student.school_id, student.grade_id, student.status, student.sex, student.county_id): -1,
                      (spell.school_id, old["grade_id"], "01", student.sex, spell.county_id): 1})
    s.execute(update(Student).where(Student.id == student.id).values(
        county_id=spell.county_id, school_id=spell.school_id, grade_id=old["grade_id"], class_id=class_id, class_no=class_no, lifecycle="live", status="01",
        version=student.version + 1, updated_at=now, updated_by_id=actor.account_id,
    ))
    moving.rekey(s, student.id, student.county_id, spell.county_id, spell.school_id)
    forget_county(s, student.id, student.county_id)
    return findings


def _old_class(s, case, old, findings):
    """Her class again, over its limit if need be: she has a right to it (DECIDED 16: a warning)."""
    row = s.execute(select(Class.id, Class.state).where(Class.id == old["class_id"])).one_or_none()
    if row is None or row.state != "open":
        findings.append(CLASS_GONE)
        return None, ""
    goal = moving.place(s, row.id, policies.pinned(s, case.from_policy_id), lock=True).goal
    if goal.headcount >= goal.limit:
        findings.append(Finding("class_limit", "班额", "warn", f"{goal.title}回来以后有 {goal.headcount + 1} 人，超过班额 {goal.limit} 人", REVERSAL.article, "class_id"))
    taken = old["class_no"] and s.execute(select(Student.id).where(Student.class_id == row.id, Student.class_no == old["class_no"], Student.lifecycle.in_(("pending", "live"))).limit(1)).first()
    return row.id, "" if taken else old["class_no"]


def _send_back(s, case, student, *, actor, now):
    """She came from elsewhere: again gone, where she had been here before; else her record ends as one that should not have been made."""
    before = s.execute(
        select(Enrolment.school_id, Enrolment.county_id, Enrolment.grade_id, Enrolment.class_id).where(Enrolment.student_id == student.id, Enrolment.state == "closed")
        .order_by(Enrolment.from_on.desc(), Enrolment.id.desc()).limit(1)
    ).one_or_none()
    records.tally(s, {(student.school_id, student.grade_id, student.status, student.sex, student.county_id): -1})
    values = {"version": student.version + 1, "updated_at": now, "updated_by_id": actor.account_id}
    if before is None:
        records.forget(s, [student.id])
        values |= {"lifecycle": "cleared", "status": "94"}
    else:
        records.tally(s, {(before.school_id, before.grade_id, moving.GONE, student.sex, before.county_id): 1})
        values |= {"lifecycle": "left", "status": moving.GONE, "school_id": before.school_id, "grade_id": before.grade_id, "class_id": before.class_id, "county_id": before.county_id}
        moving.rekey(s, student.id, student.county_id, before.county_id, before.school_id)
    s.execute(update(Student).where(Student.id == student.id).values(values))


def follow_back(s, before, after):
    """After a footprint is undone: family, numbers and names are where the pupil is again. Both as mappings, as footprints.undo tells them."""
    moving.rekey(s, before["id"], before["county_id"], after["county_id"], after["school_id"])
    forget_county(s, before["id"], before["county_id"])


def forget_county(s, student_id, county_id):
    """The county that she never should have come to finds her no more, unless she had been there before."""
    there = s.execute(select(Enrolment.id).where(Enrolment.student_id == student_id, Enrolment.county_id == county_id, Enrolment.state.in_(("open", "closed"))).limit(1))
    if there.first() is None:
        s.execute(delete(SearchKey).where(SearchKey.student_id == student_id, SearchKey.county_id == county_id))
