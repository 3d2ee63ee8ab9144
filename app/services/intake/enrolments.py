"""New records (新生登记, workflows.md 1; 补录, 2): applied for by the school's registrar, audited, approved, numbered.

Submitting makes the student (`pending`), holds number, quota and class place, and opens one case; what ends without effect lets them go (DECIDED 7).
A supplementary record goes into any grade and takes no place of the plan (workflows.md 18: that is of new pupils).
"""

from collections import Counter as Count
from dataclasses import dataclass

from sqlalchemy import and_, insert, or_, select, update

from ...errors import Refusal, Refusals
from ...extensions import db
from ...identity import grades
from ...models import Body, Case, Class, Enrolment, Grade, Guardian, PersonNumber, Quota, SearchKey, Student, new_id
from ...permissions import visible_classes, visible_students
from ...workflow import checks
from ...workflow.flows import ENROLMENT, NEW_RECORDS, SUPPLEMENTARY
from .. import trace
from ..administration import policies
from ..casework import case_files, drafts
from ..pupils import numbers, records, twins
from ..schools import quotas
from ..standing import balance
from ..transactions import writes


@dataclass(frozen=True)
class Target:
    """The class that a pupil is to join, with what the checks ask of it."""

    class_id: int
    grade_id: int
    school_id: int
    county_id: int
    stage: str
    year: int
    title: str
    headcount: int
    limit: int
    planned: int | None
    used: int
    kind: str = "ordinary"
    advanced_to: int = 1
    final: bool = False


@dataclass(frozen=True)
class Held:
    """The place that a pupil holds already, when she is entered again: it is not counted against her."""

    student_id: int
    class_id: int
    cohort: tuple  # stage, entry year


def target(s, class_id, *, actor, policy, lock=True) -> Target:
    """The class among those this person may write to, locked: whoever comes second waits, and counts again."""
    query = (
        visible_classes(actor).with_only_columns(Class.id, Class.headcount, Class.size_limit, Class.school_id, Class.county_id, Class.number, Class.name,
                                                 Class.state, Class.kind, Grade.id.label("grade_id"), Grade.stage, Grade.entry_year, Grade.advanced_to, Grade.length)
        .join(Grade, Grade.id == Class.grade_id).where(Class.id == class_id)
    )
    row = s.execute(query.with_for_update(of=Class, key_share=True) if lock else query).one_or_none()
    if row is None or row.state != "open":
        raise Refusal("请选择本校在用的班级", field="class_code")
    quota = quotas.of(s, row.school_id, row.stage, row.entry_year)
    title = grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.name)
    limit = row.size_limit or policy[checks.limit_setting(row.stage, row.kind)]
    return Target(row.id, row.grade_id, row.school_id, row.county_id, row.stage, row.entry_year, title, row.headcount, limit,
                  quota.planned if quota else None, quota.used if quota else 0, row.kind, row.advanced_to, grades.is_final(row.advanced_to, row.length))


CHECKS = {ENROLMENT.kind: checks.enrolment, SUPPLEMENTARY.kind: checks.supplementary}


def findings(s, record, goal: Target, *, actor, policy, today, held: Held | None = None, flow=ENROLMENT):
    """Everything the rules say of this record in this class."""
    in_class = bool(held) and held.class_id == goal.class_id
    in_quota = bool(held) and held.cohort == (goal.stage, goal.year)
    seated = _who_sits(s, record.get("class_no"), goal, held)
    return [*([seated] if seated else []), *CHECKS[flow.kind](checks.EnrolmentFacts(
        record=record, guardians=record.get("guardians", []), policy=policy, stage=goal.stage, year=goal.year, today=today, class_title=goal.title,
        class_kind=goal.kind, headcount=goal.headcount - in_class, limit=goal.limit, planned=goal.planned, used=goal.used - in_quota,
        twins=twins.find(s, record, actor=actor, apart_from=held.student_id if held else None), advanced_to=goal.advanced_to, final=goal.final,
    ))]


def _who_sits(s, class_no, goal, held):
    """班内学号 is unique in its class (data items 21)."""
    same = class_no and s.execute(
        select(Student.name).where(Student.class_id == goal.class_id, Student.class_no == class_no, Student.lifecycle.in_(("pending", "live")),
                                   Student.id != (held.student_id if held else 0)).limit(1)
    ).scalar()
    return checks.seat_taken(class_no, f"本班{same}的") if same else None


def places(person, held=None, flow=ENROLMENT):
    """The classes that new pupils may join, with how many are there and may be: first grades of this school, all its grades for a supplementary record; and the one
    that is `held`."""
    offered = and_(Class.state == "open", Grade.state == "open", *([Grade.advanced_to == 1] if flow is ENROLMENT else []))
    return db.session.execute(
        visible_classes(person).with_only_columns(
            Class.id, Class.code, Class.number, Class.name, Class.headcount, Class.size_limit, Class.kind, Grade.stage, Grade.advanced_to, Grade.length,
            Grade.entry_year, Quota.planned, Quota.used, Body.division_code,
        )
        .join(Body, Body.id == Class.school_id)
        .join(Grade, Grade.id == Class.grade_id)
        .outerjoin(Quota, (Quota.school_id == Class.school_id) & (Quota.stage == Grade.stage) & (Quota.year == Grade.entry_year))
        .where(Class.school_id == person.school_id, or_(offered, Class.id == held) if held else offered)
        .order_by(Grade.stage, Grade.entry_year.desc(), Class.number)
    ).all()


def next_seat(person, class_id) -> str:
    """The 班内学号 after the highest of the class."""
    taken = db.session.execute(
        visible_students(person).with_only_columns(Student.class_no).where(Student.class_id == class_id, Student.lifecycle.in_(("pending", "live")))
    ).scalars()
    return str(max((int(seat) for seat in taken if seat.isascii() and seat.isdecimal() and len(seat) < 4), default=0) + 1)


def preview(record, class_id, *, actor, today, now, held: Held | None = None, flow=ENROLMENT, policy_id=None):
    """(target, findings) for the page that is read before handing in. Nothing is held by it. `today` and `policy_id` are those of the first application, where it came back."""
    twins.ask([record], flow.title, actor=actor, now=now)
    policy = policies.pinned(db.session, policy_id) if policy_id else policies.policy_for(db.session, actor.county_id, today)
    goal = target(db.session, class_id, actor=actor, policy=policy, lock=False)
    return goal, findings(db.session, record, goal, actor=actor, policy=policy, today=today, held=held, flow=flow)


def refuse_blocks(found):
    if blocked := checks.blocks(found):
        raise Refusals([Refusal(_with_cure(finding), field=finding.field or None, article=finding.article or None) for finding in blocked])


def _with_cure(finding):
    """What to do is said where the sentence does not say it; that a child is too young has no cure."""
    return finding.sentence if "请" in finding.sentence or finding.check == "age" else f"{finding.sentence}。{finding.cure}"


@writes
def apply(s, record, class_id, *, actor, today, now, note="", draft="", flow=ENROLMENT):
    """Submit one new pupil; the draft that it was typed in goes with it. Returns the case's id."""
    policy = policies.policy_for(s, actor.county_id, today)
    goal = target(s, class_id, actor=actor, policy=policy)
    found = findings(s, record, goal, actor=actor, policy=policy, today=today, flow=flow)
    refuse_blocks(found)
    opening = case_files.Opening(title=record["name"], class_id=goal.class_id, grade_id=goal.grade_id, findings=found)
    admit(s, [(record, goal, opening)], actor=actor, today=today, now=now, note=note, flow=flow)
    trace.record(s, "case.started", actor=actor, chain=goal.county_id, subjects=[opening.student_id], kind=flow.kind,
                 number=s.execute(select(Case.number).where(Case.id == opening.case_id)).scalar_one())
    drafts.drop(s, flow.kind, draft, actor=actor)
    return opening.case_id


def prepare(many, *, actor, today, now) -> list:
    """The rows of `many`, their values sealed: made before the write lock is asked for, where there are thousands."""
    rows = []
    for record, goal, opening in many:
        opening.student_id = new_id()
        place = records.Place(goal.county_id, goal.school_id, goal.grade_id, goal.class_id, today)
        rows.append(records.rows(
            record, place, lifecycle="pending", status=None, spell="applied", student_code="", now=now, actor_id=actor.account_id, case_id=opening.case_id,
            student_id=opening.student_id,
        ))
    return rows


def admit(s, many, *, actor, today, now, import_id=None, note="", rows=None, flow=ENROLMENT):
    """Pending pupils with their cases, held places and quota: `many` is [(record, target, opening)], all of one school; `rows` as `prepare` made them.

    The caller has checked them; two that came at once meet at the registry of numbers: the second runs again, and finds the first one there.
    """
    first = many[0][1]
    records.count_places(s, Count(goal.class_id for _, goal, _ in many))
    for (stage, year), number in sorted(Count((goal.stage, goal.year) for _, goal, _ in many).items()) if flow is ENROLMENT else ():
        quotas.reserve(s, first.school_id, stage, year, number, today=today)
    rows = prepare(many, actor=actor, today=today, now=now) if rows is None else rows
    division = s.execute(select(Body.division_code).where(Body.id == first.county_id)).scalar_one()
    code = case_files.take_numbers(s, f"student_code/{first.county_id}", len(many))
    for place, row in enumerate(rows, code):
        row.student["student_code"] = f"{division}{place:07}"
    _refuse_taken(s, rows)
    records.write(s, rows)
    for start in range(0, len(many), records.PART):
        openings = [opening for _, _, opening in many[start : start + records.PART]]
        case_files.begin(s, flow, openings, school_id=first.school_id, actor=actor, today=today, now=now, import_id=import_id, note=note)


def _refuse_taken(s, rows):
    """A number that someone registered since the check: the registry's key would stop it, this says it in a sentence."""
    wanted = [row["index"] for one in rows for row in one.numbers]
    for start in range(0, len(wanted), 500):
        if s.execute(select(PersonNumber.student_id).where(PersonNumber.index.in_(wanted[start : start + 500])).limit(1)).first():
            raise Refusal(checks.NEUTRAL, field="id_doc_no", article="2013年办法第六条（一人一籍）")


@writes
def resubmit(s, case_id, record, class_id, *, actor, version, today, now, note="", draft=""):
    """Hand in again what was returned (退回补正): the pending record is replaced by what now stands in the form. Returns the case's id."""
    case = case_files.to_mend(s, case_id, NEW_RECORDS, actor=actor, version=version)
    flow = NEW_RECORDS[case.kind]
    policy = policies.pinned(s, case.policy_id)
    old = records.load(s, case.student_id)
    records.hold_classes(s, {old["class_id"], class_id})
    goal = target(s, class_id, actor=actor, policy=policy)
    cohort = s.execute(select(Grade.stage, Grade.entry_year).where(Grade.id == old["grade_id"])).one()
    found = findings(s, record, goal, actor=actor, policy=policy, today=case.started_at.date(), held=Held(case.student_id, old["class_id"], tuple(cohort)), flow=flow)
    refuse_blocks(found)
    changes = replace(s, case.student_id, old, record, goal, actor=actor, now=now, planned=flow is ENROLMENT)
    case_files.find_again(s, case.id, found, now=now)
    case.title, case.class_id, case.grade_id = record["name"], goal.class_id, goal.grade_id
    drafts.drop(s, flow.kind, draft, actor=actor)
    return case_files.submit_again(s, case, changes=changes, actor=actor, today=today, now=now, note=note)


def replace(s, student_id, old, record, goal, *, actor, now, planned=True):
    """Write the whole pending record anew, its numbers and names with it. Returns the changed items for the trace. `planned`: she counts against the plan."""
    from ..pupils.students import compare, told

    student = s.get_one(Student, student_id)
    if (old["class_id"], old["grade_id"], old["sex"]) != (goal.class_id, goal.grade_id, record["sex"]):
        if old["class_id"] != goal.class_id:
            records.count_places(s, {old["class_id"]: -1, goal.class_id: 1})
        if planned:
            _move_quota(s, old, goal, now.date())
        records.tally(s, {(old["school_id"], old["grade_id"], "pending", old["sex"], goal.county_id): -1})
        records.tally(s, {(goal.school_id, goal.grade_id, "pending", record["sex"], goal.county_id): 1})
    values = {name: records.STUDENT_DEFAULTS.get(name) for name in record if name in records.STUDENT_COLUMNS}  # what was cleared is empty again
    values |= records.student_columns(student_id, record | {"main_number": record.get("id_doc_no") if record.get("id_doc_type") == "1" else None})
    values |= {"school_id": goal.school_id, "grade_id": goal.grade_id, "class_id": goal.class_id, "updated_at": now, "updated_by_id": actor.account_id}
    for name, value in values.items():
        if name not in ("id", "version", "lifecycle", "status", "created_at", "created_by_id", "student_code"):
            setattr(student, name, value)
    student.version += 1
    s.flush()
    s.execute(update(Guardian).where(Guardian.student_id == student_id).values(state="removed"))
    members = []
    for position, member in enumerate(record.get("guardians", ()), 1):
        guardian_id = new_id()
        members.append(records.GUARDIAN_DEFAULTS | records.guardian_columns(guardian_id, member) | {
            "id": guardian_id, "county_id": goal.county_id, "student_id": student_id, "position": position, "state": "live"})
    for member in members:
        s.execute(insert(Guardian).values(member))
    s.execute(update(Enrolment).where(Enrolment.student_id == student_id, Enrolment.state == "applied").values(
        grade_id=goal.grade_id, class_id=goal.class_id, class_no=record.get("class_no") or ""))
    records.forget(s, [student_id])
    for table, many in ((PersonNumber, records.number_rows(student_id, goal.county_id, record)), (records.NearNumber, records.near_rows(student_id, records.near_of(record))),
                        (SearchKey, records.key_rows(student_id, goal.county_id, goal.school_id, records.keys_of(record)))):
        if many:
            s.execute(insert(table), many)
    return told(compare(old, record))


def _move_quota(s, old, goal, today):
    before = s.execute(select(Grade.stage, Grade.entry_year).where(Grade.id == old["grade_id"])).one()
    if (before.stage, before.entry_year) != (goal.stage, goal.year):
        quotas.release(s, old["school_id"], before.stage, before.entry_year, 1)
        quotas.reserve(s, goal.school_id, goal.stage, goal.year, 1, today=today)


# ---------------------------------------------------------------- how it ends

def take_effect(s, cases, *, actor, today, now):
    """Approved: the pupil is in (01 在读), her spell open, her number given: the one she brought, else a local L number (regulation.md 3)."""
    students = _students(s, cases)
    policy = policies.pinned(s, cases[0].policy_id)
    given = numbers.give_local(s, [student for student in students if student.national_no_index is None]) if policy.local_numbers else {}
    template = policy.aux_number_template
    aux = numbers.give_aux(s, [student for student in students if not student.aux_number], template) if template else {}
    for student in students:
        values = {"lifecycle": "live", "status": "01", "version": student.version + 1, "updated_at": now, "updated_by_id": actor.account_id}
        if student.id in given:
            values |= records.sealed("students", student.id, {"national_no": given[student.id]}, ["national_no"]) | {"national_no_local": True}
        if student.id in aux:
            values["aux_number"] = aux[student.id]
        s.execute(update(Student).where(Student.id == student.id).values(values))
    ids = [student.id for student in students]
    s.execute(update(Enrolment).where(Enrolment.student_id.in_(ids), Enrolment.state == "applied").values(state="open", from_on=today, entered_at=now))
    _retally(s, students, "pending", "01")
    case_of = {case.student_id: case.id for case in cases}
    balance.book_many(s, cases[0].kind, [(case_of[student.id], {"status": None}, student._mapping) for student in students], day=today, now=now)
    return {"students": len(students), "numbers": len(given)}


def release(s, cases, *, actor, today, now):
    """Refused, withdrawn or cleared: number, quota and class place are free again; the record stays, marked cleared (own status 94)."""
    students = _students(s, cases)
    ids = [student.id for student in students]
    s.execute(update(Student).where(Student.id.in_(ids)).values(lifecycle="cleared", status="94", version=Student.version + 1, updated_at=now, updated_by_id=actor.account_id))
    s.execute(update(Enrolment).where(Enrolment.student_id.in_(ids), Enrolment.state == "applied").values(state="cleared", closed_at=now, until_on=today))
    records.forget(s, ids)
    records.count_places(s, {class_id: -number for class_id, number in Count(student.class_id for student in students).items()})
    give_back(s, cases[0].kind, students)
    _retally(s, students, "pending", None)
    return {"students": len(students), "released": True}


def give_back(s, kind, students):
    """Their places of the plan."""
    if kind != ENROLMENT.kind:
        return
    stages = {grade.id: grade for grade in s.execute(select(Grade.id, Grade.stage, Grade.entry_year).where(
        Grade.id.in_({student.grade_id for student in students})))}
    for (school_id, grade_id), number in Count((student.school_id, student.grade_id) for student in students).items():
        quotas.release(s, school_id, stages[grade_id].stage, stages[grade_id].entry_year, number)


def _students(s, cases):
    ids = [case.student_id for case in cases]
    return s.execute(
        select(Student.id, Student.county_id, Student.school_id, Student.grade_id, Student.class_id, Student.birth_date, Student.sex, Student.version,
               Student.national_no_index, Student.aux_number).where(Student.id.in_(ids)).order_by(Student.id).with_for_update()
    ).all()


def _retally(s, students, old, new):
    changes = Count()
    for student in students:
        place = (student.school_id, student.grade_id)
        changes[(*place, old, student.sex, student.county_id)] -= 1
        if new:
            changes[(*place, new, student.sex, student.county_id)] += 1
    records.tally(s, changes)
