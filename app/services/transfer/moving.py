"""What a transfer (转学) does to the register: the pupil moves from school to school, from elsewhere to here, or from here to elsewhere. All in one act.

The spell at the old school is closed with a sealed copy of the record as of that day, the one at the new school opened; class, counts, names to be found
by and the county follow; the number stays; the certificate (转学证明) goes on record with its number, its receipt (回执) is the old school's to get.
"""

from collections import Counter as Count
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import aliased

from ... import codes, sealing
from ...errors import MovedOn, Refusal
from ...extensions import insert_many
from ...identity import grades
from ...identity.dates import chinese
from ...models import Absence, Body, Case, CaseFinding, CaseStep, Class, Enrolment, FormerName, Grade, Guardian, PersonNumber, SearchKey, Student, Task, new_id
from ...workflow import transfer_checks
from ...workflow.checks import limit_setting
from ...workflow.flows import FLOWS, releasing_step
from ..administration import policies
from ..casework import case_files
from ..paperwork import papers, pupil_papers, transfer_certificates
from ..problem_records import problems
from ..pupils import conduct, records
from ..standing import balance

CAME, LEFT = "13", "27"  # student_change: 转入, 转出
GONE = "10"  # student_current_status: 转学（转出）
NAMED_AT = (("approve", "to_registrar"), ("draw", "draw"))  # where the receiving school may name the class: as it accepts, and as it draws what waited for weeks
TICKED_AT = ("to_county", "county", "from_county")  # who may find that a case is special: the receiving bureau, or ours where it is elsewhere


# ---------------------------------------------------------------- places

@dataclass(frozen=True)
class Place:
    """A class with its school, as the effect needs it."""

    class_id: int
    grade_id: int
    school_id: int
    county_id: int
    school: str
    state: str
    goal: transfer_checks.Goal

    @property
    def title(self):
        return f"{self.school} {self.goal.title}"


# asked in every transfer, so made once
CLASSES, GRADES, BODIES, STUDENTS, SPELLS = (model.__table__ for model in (Class, Grade, Body, Student, Enrolment))
PLACE = (
    select(CLASSES.c.id, CLASSES.c.headcount, CLASSES.c.size_limit, CLASSES.c.school_id, CLASSES.c.county_id, CLASSES.c.number, CLASSES.c.name, CLASSES.c.state,
           CLASSES.c.kind, GRADES.c.id.label("grade_id"), GRADES.c.stage, GRADES.c.entry_year, GRADES.c.advanced_to, GRADES.c.length, BODIES.c.name.label("school"))
    .join(GRADES, GRADES.c.id == CLASSES.c.grade_id).join(BODIES, BODIES.c.id == CLASSES.c.school_id).where(CLASSES.c.id == bindparam("class"))
)
HELD_PLACE = PLACE.with_for_update(of=CLASSES, key_share=True)  # a case or a spell that names the class need not wait
COHORT = select(GRADES.c.stage, GRADES.c.advanced_to, GRADES.c.length, GRADES.c.entry_year).where(GRADES.c.id == bindparam("grade"))
PUPIL = select(
    STUDENTS.c.id, STUDENTS.c.county_id, STUDENTS.c.school_id, STUDENTS.c.grade_id, STUDENTS.c.class_id, STUDENTS.c.class_no, STUDENTS.c.lifecycle, STUDENTS.c.status,
    STUDENTS.c.sex, STUDENTS.c.name, STUDENTS.c.version,
).where(STUDENTS.c.id == bindparam("student")).with_for_update()
OPEN_SPELL = select(SPELLS.c.id).where(SPELLS.c.student_id == bindparam("student"), SPELLS.c.state == "open").with_for_update()
THIS_SPELL = update(SPELLS).where(SPELLS.c.id == bindparam("spell"))
THIS_PUPIL = update(STUDENTS).where(STUDENTS.c.id == bindparam("student")).values(version=STUDENTS.c.version + 1)


def place(s, class_id, policy, *, lock=False) -> Place:
    """The class that a pupil is to join; locked, so that whoever comes second counts again."""
    row = s.execute(HELD_PLACE if lock else PLACE, {"class": class_id}).one_or_none()
    if row is None:
        raise Refusal("请选择转入学校在用的班级", field="to_class")
    cohort = transfer_checks.Cohort(row.stage, row.advanced_to, row.length, row.entry_year)
    title = grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.name)
    limit = row.size_limit or policy[limit_setting(row.stage, row.kind)]
    return Place(row.id, row.grade_id, row.school_id, row.county_id, row.school, row.state, transfer_checks.Goal(title, cohort, row.headcount, limit, row.kind))


def cohort_of(s, grade_id) -> transfer_checks.Cohort | None:
    row = s.execute(COHORT, {"grade": grade_id}).one_or_none()
    return row and transfer_checks.Cohort(*row)


# ---------------------------------------------------------------- on the way

def pass_on(s, cases, action, words, *, actor, today, now):
    """What a step does besides passing the case on: the class named, the special case found, the certificate at the release."""
    facts = {}
    for case in cases:
        if (action, case.step) in NAMED_AT:
            _name_class(s, case, words)
        if action == "approve" and case.step in TICKED_AT:
            _check_special(s, case, words)
        route = FLOWS[case.kind].line_of(case)
        if action == "approve" and "draw" in route and case.step == releasing_step(route):
            facts["paper"] = transfer_certificates.issue(s, case, Leaving.of(s, _pupil(s, case)), actor=actor, today=today, now=now)
    return facts


def _name_class(s, case, words):
    """The releasing school began it, and the class is the receiving school's to name; or the class of the application is full by the day of the draw."""
    if words.class_id in (None, case.class_id):
        if case.class_id is None:
            raise Refusal("请选择学生编入的班级", field="class_id")
        return
    student = _pupil(s, case)
    records.hold_classes(s, {student.class_id, words.class_id})
    policy = policies.pinned(s, case.to_policy_id)
    there = place(s, words.class_id, policy, lock=True)
    if there.school_id != case.to_school_id or there.state != "open":
        raise Refusal("请选择本校在用的班级", field="class_id")
    facts = transfer_checks.TransferFacts(today=None, rules=policy, own=policy, calendar=None, terms=(), cohort=cohort_of(s, student.grade_id), goal=there.goal)
    for one in (*transfer_checks.check_grade(facts), *transfer_checks.check_class(facts)):
        if one.level == "block":
            raise Refusal(f"{one.sentence}。{one.cure}", field="class_id", article=one.article)
    case.class_id, case.grade_id = there.class_id, there.grade_id


def _check_special(s, case, words):
    if case.step == "from_county" and case.to_school_id:
        return
    told = s.execute(select(CaseFinding.sentence).where(CaseFinding.case_id == case.id, CaseFinding.check == "window", CaseFinding.level == "warn")).scalar()
    if told and not words.special:
        raise Refusal(f"{told}。核定为特殊情况的，请勾选“特殊情况，准予受理”再同意；不属于特殊情况的请退回或不予办理", field="special")


# ---------------------------------------------------------------- the effect

def take_effect(s, cases, *, actor, today, now):
    facts = {}
    for case in cases:
        if case.from_school_id is None:
            facts |= _arrive(s, case, actor=actor, today=today, now=now)
        elif case.to_school_id is None:
            facts |= _leave(s, case, actor=actor, today=today, now=now)
        else:
            facts |= move_pupil(s, case, actor=actor, today=today, now=now)
    return facts


def move_pupil(s, case, *, actor, today, now):
    student = _pupil(s, case)
    leaving = Leaving.of(s, student)
    paper = transfer_certificates.issue(s, case, leaving, actor=actor, today=today, now=now)
    records.hold_classes(s, {student.class_id, case.class_id})  # as late as may be, and after the serial as where she goes elsewhere: everybody who comes or goes by these classes waits
    there = _free_place(s, case, student)
    old = close_spell(s, case, student, leaving, there.school, today=today, now=now)
    open_spell(s, case, student, there, came_from=student.school_id, previous_id=old.id, actor=actor, today=today, now=now)
    _keep_for_reversal(case, old, there)
    balance.book(s, case, student._mapping, _in(student, there), reason=case_files.content_of(case)["reason"], day=today, now=now)
    return {"from": old.title, "to": there.title, "paper": paper}


def _leave(s, case, *, actor, today, now):
    """To a school elsewhere: the record stays readable here (系统外转出, workflows 6)."""
    student = _pupil(s, case)
    leaving, name = Leaving.of(s, student), case_files.content_of(case)["outside"]["school"]
    paper = transfer_certificates.issue(s, case, leaving, actor=actor, today=today, now=now)
    old = close_spell(s, case, student, leaving, name, today=today, now=now)
    records.tally(s, Count({(*_at(student), student.status, student.sex, student.county_id): -1, (*_at(student), GONE, student.sex, student.county_id): 1}))
    s.execute(THIS_PUPIL, {"student": student.id, "lifecycle": "left", "status": GONE, "updated_at": now, "updated_by_id": actor.account_id})
    _keep_for_reversal(case, old, None)
    balance.book(s, case, student._mapping, student._mapping, kind="transfer-out", reason=case_files.content_of(case)["reason"], day=today, now=now)
    return {"from": old.title, "to": name, "paper": paper}


def _arrive(s, case, *, actor, today, now):
    """From a school elsewhere: a child with the number that she was given there; or one who left from here, and comes back to her record."""
    student = s.execute(PUPIL, {"student": case.student_id}).one()
    policy = policies.pinned(s, case.to_policy_id)
    there = place(s, case.class_id, policy, lock=True)
    if student.lifecycle == "pending":  # her place was held from the day of the application
        s.execute(THIS_PUPIL, {"student": student.id, "lifecycle": "live", "status": "01", "updated_at": now, "updated_by_id": actor.account_id})
        s.execute(update(Enrolment).where(Enrolment.student_id == student.id, Enrolment.state == "applied").values(state="open", from_on=today, entered_at=now))
        records.tally(s, Count({(*_at(student), "pending", student.sex, student.county_id): -1, (*_at(student), "01", student.sex, student.county_id): 1}))
    else:
        if (student.lifecycle, student.status) != ("left", GONE):
            raise MovedOn(f"{case.title}的学籍在申请以后变了：{_standing(s, student)}。这次没有写入，请核对后撤销本件或重新申请。")
        there = _free_place(s, case, student)
        last = s.execute(select(Enrolment.id).where(Enrolment.student_id == student.id, Enrolment.state == "closed").order_by(Enrolment.from_on.desc(), Enrolment.id.desc())
                         .limit(1)).scalar()
        open_spell(s, case, student, there, came_from=None, previous_id=last, actor=actor, today=today, now=now)
    s.execute(update(Absence).where(Absence.student_id == student.id, Absence.state == "open").values(state="ended", ended_on=today, ended_case_id=case.id))
    _keep_for_reversal(case, None, there)
    balance.book(s, case, student._mapping, _in(student, there), reason=case_files.content_of(case)["reason"], day=today, now=now)
    return {"from": case_files.content_of(case)["outside"]["school"], "to": there.title}


def _in(student, there) -> dict:
    """The pupil as she stands at the new school, for the month's balance."""
    return {"id": student.id, "sex": student.sex, "status": "01", "school_id": there.school_id, "county_id": there.county_id, "grade_id": there.grade_id, "class_id": there.class_id}


def _at(student):
    return student.school_id, student.grade_id


def _pupil(s, case):
    """The child, locked, if she still stands where the case found her."""
    student = s.execute(PUPIL, {"student": case.student_id}).one()
    if (student.lifecycle, student.status, student.school_id) != ("live", "01", case.from_school_id):
        raise MovedOn(f"{case.title}的学籍在申请以后变了：{_standing(s, student)}。这次没有写入，请核对后清理或撤销本件。")
    if problems.is_open(s, student.id):
        raise MovedOn(f"{case.title}的学籍在申请以后列为问题学籍，还没有处理。这次没有写入，请在处理以后办理，或清理、撤销本件。")
    if policies.pinned(s, case.from_policy_id).punished_bar and conduct.punished(s, student.id):
        raise MovedOn(f"{case.title}在申请以后受到处分，受处分期间不能转学。这次没有写入，请在原学校撤销处分以后办理，或清理、撤销本件。")
    return student


def _standing(s, student) -> str:
    """What happened since, as far as the record tells it."""
    status = codes.table("student_current_status").label(student.status) if student.status else "正在登记"
    last = s.execute(
        select(Case.number, Case.kind, Case.effective_on).where(Case.student_id == student.id, Case.state == "effective").order_by(Case.ended_at.desc(), Case.id.desc()).limit(1)
    ).one_or_none()
    school = s.execute(select(Body.name).where(Body.id == student.school_id)).scalar_one()
    by = f"（{FLOWS[last.kind].title}，{last.number}，{chinese(last.effective_on)}生效）" if last and last.kind in FLOWS else ""
    return f"现在是{school}的学生，状态“{status}”{by}"


def _free_place(s, case, student) -> Place:
    """The class at the target, locked and asked again: grade and size."""
    there = place(s, case.class_id, policies.pinned(s, case.to_policy_id), lock=True)
    if there.state != "open":
        raise Refusal(f"{there.title}已经不在用，请{'改选其他班' if case.step == 'draw' else '转入学校改编入其他班：退回申请后补正'}", field="to_class")
    now = cohort_of(s, student.grade_id) if case.from_school_id else transfer_checks.Cohort(*case_files.content_of(case)["cohort"])
    if now.year != there.goal.cohort.year and there.goal.kind not in transfer_checks.SPECIAL_KINDS:
        then = transfer_checks.Cohort(*case_files.content_of(case)["cohort"])
        since = f"{case.title}申请时在{then.title}，" if then.year != now.year else ""
        raise MovedOn(f"{since}{case.title}现在在{now.title}，{there.title}不是同一年级（转学不得改变年级）。这次没有写入，请退回后改选班级。")
    if there.goal.headcount >= there.goal.limit:
        raise Refusal(f"{there.title}已有 {there.goal.headcount} 人，班额 {there.goal.limit} 人，没有学位{_last_into(s, there.class_id)}。请{'改选其他班' if case.step == 'draw' else '退回后改编入其他班'}，或由教育局调整班额",
                      field="to_class")
    return there


def _last_into(s, class_id) -> str:
    """Who gave the last place away, and when."""
    step = aliased(CaseStep)
    row = s.execute(
        select(step.actor_name, step.actor_body, step.ended_at).join(Case, Case.id == step.case_id).join(Enrolment, Enrolment.case_id == Case.id)
        .where(Enrolment.class_id == class_id, Enrolment.state.in_(("open", "applied")), step.ended_at.is_not(None))
        .order_by(Enrolment.entered_at.desc(), Enrolment.id.desc(), step.seq.desc()).limit(1)
    ).one_or_none()
    return f"：最后一个由{row.actor_name}（{row.actor_body}）在 {chinese(row.ended_at.date())} {row.ended_at:%H:%M} 办给了另一名学生" if row else ""


@dataclass(frozen=True)
class Leaving:
    """What the old school keeps a copy of, and what the certificate says: the record, and where she was, as papers name it."""

    record: dict
    where: dict

    @classmethod
    def of(cls, s, student):
        record = records.load(s, student.id)
        return cls(record, pupil_papers.place_of(s, record))

    @property
    def class_title(self):
        return self.where["grade"] + self.where["class_name"]


@dataclass(frozen=True)
class Closed:
    id: int
    title: str  # school and class
    class_id: int | None
    class_no: str
    grade_id: int
    advanced_to: int


def close_spell(s, case, student, leaving, destination, *, today, now) -> Closed:
    """The old spell ends; its copy of the record is what the old school keeps (办法第十五条: 备份)."""
    spell, school = s.execute(OPEN_SPELL, {"student": student.id}).scalar_one(), leaving.where["school"]
    copy = {"record": leaving.record, "school": school, "class_title": leaving.class_title, "until_on": today, "went_to": destination, "case": case.number,
            "conduct": conduct.of_student(s, student.id), "place": leaving.where}
    s.execute(THIS_SPELL, {
        "spell": spell, "state": "closed", "left_by": LEFT, "until_on": today, "closed_at": now, "went_to_id": case.to_school_id, "closing_case_id": case.id,
        "grade_id": student.grade_id, "class_id": student.class_id, "class_no": student.class_no, "snapshot": sealing.seal_json(copy, "enrolments", spell, "snapshot"),
    })
    records.count_places(s, {student.class_id: -1})
    return Closed(spell, f"{school} {leaving.class_title}", student.class_id, student.class_no, student.grade_id, cohort_of(s, student.grade_id).advanced_to)


def open_spell(s, case, student, there, *, came_from, previous_id, actor, today, now, class_no=""):
    s.execute(insert(SPELLS), {
        "id": new_id(), "county_id": there.county_id, "student_id": student.id, "school_id": there.school_id, "grade_id": there.grade_id, "class_id": there.class_id,
        "class_no": class_no, "state": "open", "from_on": today, "entered_at": now, "came_by": CAME, "left_by": "", "came_from_id": came_from, "case_id": case.id,
        "previous_id": previous_id,
    })
    records.count_places(s, {there.class_id: 1})
    records.tally(s, Count({(*_at(student), student.status, student.sex, student.county_id): -1, (there.school_id, there.grade_id, "01", student.sex, there.county_id): 1}))
    s.execute(THIS_PUPIL, {
        "student": student.id, "county_id": there.county_id, "school_id": there.school_id, "grade_id": there.grade_id, "class_id": there.class_id, "class_no": class_no,
        "lifecycle": "live", "status": "01", "updated_at": now, "updated_by_id": actor.account_id,
    })
    rekey(s, student.id, student.county_id, there.county_id, there.school_id)


KEYS = SearchKey.__table__
HER_KEYS = KEYS.c.student_id == bindparam("student"), KEYS.c.county_id == bindparam("county")
FOLLOW_HER = [update(table).where(table.c.student_id == bindparam("student")) for table in (Guardian.__table__, FormerName.__table__, PersonNumber.__table__)]
FOUND_ANYWHERE, FOUND_THERE = update(KEYS).where(HER_KEYS[0]), update(KEYS).where(*HER_KEYS)
NAMES_THERE, NO_MORE_THERE = select(KEYS.c.key).where(*HER_KEYS), delete(KEYS).where(*HER_KEYS)


def rekey(s, student_id, old_county, new_county, school_id):
    """The county moves with the pupil (DECIDED 2): family, numbers and names; the old county keeps its rows of the index, marked as past."""
    old, new = {"student": student_id, "county": old_county}, {"student": student_id, "county": new_county}
    if old_county == new_county:
        s.execute(FOUND_THERE, new | {"school_id": school_id, "present": True})
        return
    conduct.follow(s, student_id, new_county)
    for follows in FOLLOW_HER:
        s.execute(follows, {"student": student_id, "county_id": new_county})
    names = s.execute(NAMES_THERE, old).scalars().all()
    s.execute(NO_MORE_THERE, new)
    s.execute(FOUND_ANYWHERE, {"student": student_id, "present": False})
    insert_many(s, SearchKey, [{"county_id": new_county, "key": key, "student_id": student_id, "school_id": school_id, "present": True} for key in sorted(names)])


def _keep_for_reversal(case, old, there):
    """What a reversal asks of: where she was, and in which year both grades stood."""
    told = case_files.content_of(case) | {"moved": {
        "old": old and {"spell": old.id, "class_id": old.class_id, "class_no": old.class_no, "grade_id": old.grade_id, "advanced_to": old.advanced_to},
        "new_advanced_to": there and there.goal.cohort.advanced_to,
    }}
    case_files.keep(case, told)


# ---------------------------------------------------------------- how it ends otherwise

def release(s, cases, *, actor, today, now):
    """Refused, withdrawn, taken back, lapsed or cleared: the certificate of an instruction holds no longer; a child from elsewhere gives back what was held."""
    voided = []
    for case in cases:
        voided += papers.void_of_case(s, case.id, "转学业务没有办成", actor=actor, now=now)
        s.execute(update(Task).where(Task.case_id == case.id, Task.state == "open").values(state="void", ended_at=now, ended_by_id=actor.account_id, ended_by=actor.name))
        if case.from_school_id is None:
            _let_go(s, case, actor=actor, today=today, now=now)
    return {"paper": "、".join(voided)} if voided else {}


def _let_go(s, case, *, actor, today, now):
    student = s.execute(PUPIL, {"student": case.student_id}).one()
    if student.lifecycle != "pending":
        return  # she left from here once; her record is as before
    s.execute(update(Student).where(Student.id == student.id).values(lifecycle="cleared", status="94", version=Student.version + 1, updated_at=now, updated_by_id=actor.account_id))
    s.execute(update(Enrolment).where(Enrolment.student_id == student.id, Enrolment.state == "applied").values(state="cleared", closed_at=now, until_on=today))
    records.forget(s, [student.id])
    records.count_places(s, {student.class_id: -1})
    records.tally(s, {(*_at(student), "pending", student.sex, student.county_id): -1})
