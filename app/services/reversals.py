"""撤销已生效业务: a transfer that should not have been is undone by the bureau that decided it last, as long as nothing stands on it (DECIDED 16)."""

from sqlalchemy import delete, select, update

from .. import codes
from ..errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from ..identity.dates import chinese
from ..models import Body, Case, CaseStep, Class, Enrolment, Grade, SearchKey, Student, Task
from ..permissions import OFFICERS, visible_cases
from ..workflow.checks import Finding
from ..workflow.flows import FLOWS, REVERSAL, TRANSFER
from . import case_files, cases, moving, papers, policies, records
from .transactions import writes

UNDONE = "99"  # student_change, own: 撤销更正（减）


def may_reverse(s, person, case) -> bool:
    """Whether this person sits where the case was decided last."""
    return case.kind == TRANSFER.kind and case.state == "effective" and (person.body_id, person.duty) == _decided_last(s, case.id)


def _decided_last(s, case_id):
    row = s.execute(
        select(CaseStep.seat_body_id, CaseStep.seat_duty).where(CaseStep.case_id == case_id, CaseStep.action == "approve", CaseStep.seat_duty.in_(OFFICERS))
        .order_by(CaseStep.seq.desc()).limit(1)
    ).one_or_none()
    return tuple(row) if row else None


@writes
def reverse(s, case_id, reason, *, actor, today, now):
    """Everything is as before the transfer; the transfer is void, its certificate too. Returns the id of the reversal's own case."""
    case = s.scalars(visible_cases(actor).where(Case.id == case_id, Case.kind == TRANSFER.kind).with_for_update(of=Case)).one_or_none()
    if case is None:
        raise NotFound
    if case.state != "effective":
        raise MovedOn(f"{case.number} 不是已生效的业务，或者已经撤销，这次没有写入。")
    if not may_reverse(s, actor, case):
        raise NotAllowed("已生效的转学只能由最后核办的主管教育行政部门撤销。")
    if not reason.strip():
        raise Refusal("请写明撤销的原因，例如“转错学生：两名学生同名”", field="reason")
    if len(reason) > 200:
        raise Refusal("撤销的原因最多 200 个字，请写短一些", field="reason")
    student = s.execute(select(*moving.PUPIL).where(Student.id == case.student_id).with_for_update()).one()
    told = moving.content_of(case)
    if standing := stands_on_it(s, case, student, told["moved"]):
        raise Refusals([Refusal(sentence) for sentence in standing])
    findings = _put_back(s, case, student, told["moved"], actor=actor, today=today, now=now)
    voided = papers.void_of_case(s, case.id, moving.CERTIFICATE, f"撤销转学：{reason.strip()}"[:200], actor=actor, now=now)
    s.execute(update(Task).where(Task.case_id == case.id, Task.state == "open").values(state="void", ended_at=now, ended_by_id=actor.account_id, ended_by=actor.name))
    s.execute(update(Case).where(Case.id == case.id).values(state="voided", version=Case.version + 1))
    opening = case_files.Opening(
        title=case.title, student_id=student.id, class_id=case.class_id, grade_id=case.grade_id, findings=findings, content={"reason": reason.strip()},
        from_school_id=case.from_school_id, to_school_id=case.to_school_id, undoes_id=case.id,
    )
    case_files.begin(s, REVERSAL, [opening], school_id=case.school_id, actor=actor, today=today, now=now, note=reason.strip())
    made = s.get_one(Case, opening.case_id)
    cases.tell(s, "case.reversed", [made], actor, kind=case.kind, number=made.number, undone=case.number, reason=reason.strip(),
               effects={"paper_void": voided, "over": [one.sentence for one in findings]})
    return made.id


def stands_on_it(s, case, student, moved) -> list[str]:
    """What was built on the transfer since, each named: it would have to be undone first."""
    found = []
    later = s.execute(
        select(Case.number, Case.kind, Case.state).where(Case.student_id == student.id, Case.id != case.id, Case.state.in_(("open", "effective")), Case.id > case.id).order_by(Case.id)
    ).all()
    for row in later:
        found.append(f"转学以后又有业务{row.number}（{FLOWS[row.kind].title if row.kind in FLOWS else row.kind}，{'在办' if row.state == 'open' else '已生效'}），请先撤销它")
    gone = case.to_school_id is None
    expected = ("left", moving.GONE, case.from_school_id) if gone else ("live", "01", case.to_school_id)
    if (student.lifecycle, student.status, student.school_id) != expected and not later:
        status = codes.table("student_current_status").label(student.status)
        found.append(f"转学以后学籍状态变为“{status}”，不能撤销转学")
    elif not gone and not later and _spell_of(s, student) != case.id:
        found.append("转学以后学生已经调过班，不能撤销转学；需要回原学校的，请办理转学")
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


def _put_back(s, case, student, moved, *, actor, today, now):
    """The wrong spell is cleared, the one before it open again; counts, county and names follow. Returns what the school should know."""
    old, findings = moved["old"], []
    if case.to_school_id:
        s.execute(update(Enrolment).where(Enrolment.student_id == student.id, Enrolment.state == "open").values(
            state="cleared", left_by=UNDONE, until_on=today, closed_at=now, closing_case_id=case.id))
        moving.count_place(s, student.class_id, -1)
    if old is None:
        _send_back(s, case, student, actor=actor, now=now)
        return findings
    spell = s.execute(select(Enrolment.school_id, Enrolment.county_id).where(Enrolment.id == old["spell"])).one()
    s.execute(update(Enrolment).where(Enrolment.id == old["spell"]).values(
        state="open", left_by="", until_on=None, closed_at=None, went_to_id=None, closing_case_id=None, snapshot=None))
    class_id, class_no = _old_class(s, case, old, findings)
    moving.count_place(s, class_id, 1)
    records.tally(s, {(student.school_id, student.grade_id, student.status, student.sex, student.county_id): -1})
    records.tally(s, {(spell.school_id, old["grade_id"], "01", student.sex, spell.county_id): 1})
    s.execute(update(Student).where(Student.id == student.id).values(
        county_id=spell.county_id, school_id=spell.school_id, grade_id=old["grade_id"], class_id=class_id, class_no=class_no, lifecycle="live", status="01",
        version=student.version + 1, updated_at=now, updated_by_id=actor.account_id,
    ))
    moving.rekey(s, student.id, student.county_id, spell.county_id, spell.school_id)
    _forget_county(s, student)
    return findings


def _old_class(s, case, old, findings):
    """Her class again, over its limit if need be: she has a right to it (DECIDED 16: a warning)."""
    row = s.execute(select(Class.id, Class.state).where(Class.id == old["class_id"])).one_or_none()
    if row is None or row.state != "open":
        findings.append(Finding("class", "班级", "warn", "原来的班已经不在用，请原学校给学生编班", REVERSAL.article, "class_id"))
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


def _forget_county(s, student):
    """The county that she never should have come to finds her no more, unless she had been there before."""
    there = s.execute(select(Enrolment.id).where(Enrolment.student_id == student.id, Enrolment.county_id == student.county_id, Enrolment.state.in_(("open", "closed"))).limit(1))
    if there.first() is None:
        s.execute(delete(SearchKey).where(SearchKey.student_id == student.id, SearchKey.county_id == student.county_id))


def of(s, case_id):
    """(number, id, reason's day) of the reversal that undid a case; None where none did."""
    row = s.execute(select(Case.id, Case.number, Case.effective_on, Case.starter_name, Body.name.label("school")).join(Body, Body.id == Case.school_id)
                    .where(Case.undoes_id == case_id)).one_or_none()
    return row and f"{row.starter_name}在 {chinese(row.effective_on)} 撤销（{row.number}）"
