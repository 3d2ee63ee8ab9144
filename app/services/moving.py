"""What a transfer (转学) does to the register: the pupil moves from school to school, from elsewhere to here, or from here to elsewhere. All in one act.

The spell at the old school is closed with a sealed copy of the record as of that day, the one at the new school opened; class, counts, names to be found
by and the county follow; the number stays; the certificate (转学证明) goes on record with its number, its receipt (回执) is the old school's to get.
"""

from collections import Counter as Count
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import aliased

from .. import codes, sealing
from ..errors import MovedOn, Refusal
from ..identity import grades
from ..identity.dates import chinese
from ..models import Body, Case, CaseFinding, CaseStep, Class, Enrolment, FormerName, Grade, Guardian, Paper, PersonNumber, SearchKey, Student, Task, new_id
from ..workflow import transfer_checks
from ..workflow.checks import limit_setting
from ..workflow.flows import FLOWS, TRANSFER, first_side, releasing_step
from . import organisations, papers, policies, pupil_papers, records

CERTIFICATE = "transfer_certificate"
CAME, LEFT = "13", "27"  # student_change: 转入, 转出
GONE = "10"  # student_current_status: 转学（转出）
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


def place(s, class_id, policy, *, lock=False) -> Place:
    """The class that a pupil is to join; locked, so that whoever comes second counts again."""
    query = (
        select(Class.id, Class.headcount, Class.size_limit, Class.school_id, Class.county_id, Class.number, Class.name, Class.state, Class.kind,
               Grade.id.label("grade_id"), Grade.stage, Grade.entry_year, Grade.advanced_to, Grade.length, Body.name.label("school"))
        .join(Grade, Grade.id == Class.grade_id).join(Body, Body.id == Class.school_id).where(Class.id == class_id)
    )
    row = s.execute(query.with_for_update(of=Class) if lock else query).one_or_none()
    if row is None:
        raise Refusal("请选择转入学校在用的班级", field="to_class")
    cohort = transfer_checks.Cohort(row.stage, row.advanced_to, row.length, row.entry_year)
    title = grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.name)
    limit = row.size_limit or policy[limit_setting(row.stage, row.kind)]
    return Place(row.id, row.grade_id, row.school_id, row.county_id, row.school, row.state, transfer_checks.Goal(title, cohort, row.headcount, limit, row.kind))


def cohort_of(s, grade_id) -> transfer_checks.Cohort | None:
    row = s.execute(select(Grade.stage, Grade.advanced_to, Grade.length, Grade.entry_year).where(Grade.id == grade_id)).one_or_none()
    return row and transfer_checks.Cohort(*row)


def content_of(case) -> dict:
    return sealing.unseal_json(case.content, "cases", case.id, "content") or {}


# ---------------------------------------------------------------- on the way

def pass_on(s, cases, action, words, *, actor, today, now):
    """What a step does besides passing the case on: the class named, the special case found, the certificate at the release."""
    facts = {}
    for case in cases:
        if action == "approve" and case.step == "to_registrar":
            _name_class(s, case, words)
        if action == "approve" and case.step in TICKED_AT:
            _check_special(s, case, words)
        route = TRANSFER.line_of(case)
        if action == "approve" and "draw" in route and case.step == releasing_step(route):
            _pupil(s, case)
            facts["paper"] = certify(s, case, actor=actor, today=today, now=now)
    return facts


def _name_class(s, case, words):
    """The releasing school began it: the class is the receiving school's to name."""
    if words.class_id is None:
        if case.class_id is None:
            raise Refusal("请选择学生编入的班级", field="class_id")
        return
    policy = policies.pinned(s, case.to_policy_id)
    there = place(s, words.class_id, policy, lock=True)
    if there.school_id != case.to_school_id or there.state != "open":
        raise Refusal("请选择本校在用的班级", field="class_id")
    cohort = transfer_checks.Cohort(*content_of(case)["cohort"])
    facts = transfer_checks.TransferFacts(today=None, rules=policy, own=policy, calendar=None, terms=(), cohort=cohort, goal=there.goal)
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
    there = _free_place(s, case, student)
    paper = certify(s, case, actor=actor, today=today, now=now)  # while the record still says where she was
    old = _close(s, case, student, there.school, today=today, now=now)
    _open(s, case, student, there, came_from=student.school_id, previous_id=old.id, actor=actor, today=today, now=now)
    _keep_for_reversal(case, old, there)
    return {"from": old.title, "to": there.title, "paper": paper}


def _leave(s, case, *, actor, today, now):
    """To a school elsewhere: the record stays readable here (系统外转出, workflows 6)."""
    student = _pupil(s, case)
    paper = certify(s, case, actor=actor, today=today, now=now)
    name = content_of(case)["outside"]["school"]
    old = _close(s, case, student, name, today=today, now=now)
    records.tally(s, Count({(*_at(student), student.status, student.sex, student.county_id): -1, (*_at(student), GONE, student.sex, student.county_id): 1}))
    s.execute(update(Student).where(Student.id == student.id).values(
        lifecycle="left", status=GONE, version=student.version + 1, updated_at=now, updated_by_id=actor.account_id))
    _keep_for_reversal(case, old, None)
    return {"from": old.title, "to": name, "paper": paper}


def _arrive(s, case, *, actor, today, now):
    """From a school elsewhere: a child with the number that she was given there; or one who left from here, and comes back to her record."""
    student = s.execute(select(*PUPIL).where(Student.id == case.student_id).with_for_update()).one()
    policy = policies.pinned(s, case.to_policy_id)
    there = place(s, case.class_id, policy, lock=True)
    if student.lifecycle == "pending":  # her place was held from the day of the application
        s.execute(update(Student).where(Student.id == student.id).values(
            lifecycle="live", status="01", version=student.version + 1, updated_at=now, updated_by_id=actor.account_id))
        s.execute(update(Enrolment).where(Enrolment.student_id == student.id, Enrolment.state == "applied").values(state="open", from_on=today, entered_at=now))
        records.tally(s, Count({(*_at(student), "pending", student.sex, student.county_id): -1, (*_at(student), "01", student.sex, student.county_id): 1}))
    else:
        if student.lifecycle != "left":
            raise MovedOn(f"{case.title}的学籍在申请以后变了：{_standing(s, student)}。这次没有写入，请核对后撤销本件或重新申请。")
        there = _free_place(s, case, student)
        last = s.execute(select(Enrolment.id).where(Enrolment.student_id == student.id, Enrolment.state == "closed").order_by(Enrolment.from_on.desc(), Enrolment.id.desc())
                         .limit(1)).scalar()
        _open(s, case, student, there, came_from=None, previous_id=last, actor=actor, today=today, now=now)
    _keep_for_reversal(case, None, there)
    return {"from": content_of(case)["outside"]["school"], "to": there.title}


PUPIL = (
    Student.id, Student.county_id, Student.school_id, Student.grade_id, Student.class_id, Student.class_no, Student.lifecycle, Student.status, Student.sex, Student.name,
    Student.version,
)


def _at(student):
    return student.school_id, student.grade_id


def _pupil(s, case):
    """The child, locked, if she still stands where the case found her."""
    student = s.execute(select(*PUPIL).where(Student.id == case.student_id).with_for_update()).one()
    if (student.lifecycle, student.status, student.school_id) != ("live", "01", case.from_school_id):
        raise MovedOn(f"{case.title}的学籍在申请以后变了：{_standing(s, student)}。这次没有写入，请核对后清理或撤销本件。")
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
        raise Refusal(f"{there.title}已经不在用，请转入学校改编入其他班：退回申请后补正", field="to_class")
    now = cohort_of(s, student.grade_id) if case.from_school_id else transfer_checks.Cohort(*content_of(case)["cohort"])
    if now.year != there.goal.cohort.year and there.goal.kind not in transfer_checks.SPECIAL_KINDS:
        then = transfer_checks.Cohort(*content_of(case)["cohort"])
        since = f"{case.title}申请时在{then.title}，" if then.year != now.year else ""
        raise MovedOn(f"{since}{case.title}现在在{now.title}，{there.title}不是同一年级（转学不得改变年级）。这次没有写入，请退回后改选班级。")
    if there.goal.headcount >= there.goal.limit:
        raise Refusal(f"{there.title}已有 {there.goal.headcount} 人，班额 {there.goal.limit} 人，没有学位{_last_into(s, there.class_id)}。请退回后改编入其他班，或由教育局调整班额",
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
class Closed:
    id: int
    title: str  # school and class
    class_id: int | None
    class_no: str
    grade_id: int
    advanced_to: int


def _close(s, case, student, destination, *, today, now) -> Closed:
    """The old spell ends; its copy of the record is what the old school keeps (办法第十五条: 备份)."""
    record = records.load(s, student.id)
    where = pupil_papers.place_of(s, record)
    spell = s.execute(select(Enrolment.id).where(Enrolment.student_id == student.id, Enrolment.state == "open").with_for_update()).scalar_one()
    copy = {"record": record, "school": where["school"], "class_title": where["grade"] + where["class_name"], "until_on": today, "went_to": destination, "case": case.number}
    s.execute(update(Enrolment).where(Enrolment.id == spell).values(
        state="closed", left_by=LEFT, until_on=today, closed_at=now, went_to_id=case.to_school_id, closing_case_id=case.id, grade_id=student.grade_id,
        class_id=student.class_id, class_no=student.class_no, snapshot=sealing.seal_json(copy, "enrolments", spell, "snapshot"),
    ))
    count_place(s, student.class_id, -1)
    return Closed(spell, f"{where['school']} {copy['class_title']}", student.class_id, student.class_no, student.grade_id, cohort_of(s, student.grade_id).advanced_to)


def _open(s, case, student, there, *, came_from, previous_id, actor, today, now):
    s.execute(insert(Enrolment).values(
        id=new_id(), county_id=there.county_id, student_id=student.id, school_id=there.school_id, grade_id=there.grade_id, class_id=there.class_id, class_no="",
        state="open", from_on=today, entered_at=now, came_by=CAME, left_by="", came_from_id=came_from, case_id=case.id, previous_id=previous_id,
    ))
    count_place(s, there.class_id, 1)
    records.tally(s, Count({(*_at(student), student.status, student.sex, student.county_id): -1, (there.school_id, there.grade_id, "01", student.sex, there.county_id): 1}))
    s.execute(update(Student).where(Student.id == student.id).values(
        county_id=there.county_id, school_id=there.school_id, grade_id=there.grade_id, class_id=there.class_id, class_no="", lifecycle="live", status="01",
        version=student.version + 1, updated_at=now, updated_by_id=actor.account_id,
    ))
    rekey(s, student.id, student.county_id, there.county_id, there.school_id)


def count_place(s, class_id, number):
    if class_id is not None:
        s.execute(update(Class).where(Class.id == class_id).values(headcount=Class.headcount + number))


def rekey(s, student_id, old_county, new_county, school_id):
    """The county moves with the pupil (DECIDED 2): family, numbers and names; the old county keeps its rows of the index, marked as past."""
    if old_county == new_county:
        s.execute(update(SearchKey).where(SearchKey.student_id == student_id, SearchKey.county_id == new_county).values(school_id=school_id, present=True))
        return
    for table in (Guardian, FormerName, PersonNumber):
        s.execute(update(table).where(table.student_id == student_id).values(county_id=new_county))
    keys = s.execute(select(SearchKey.key).where(SearchKey.student_id == student_id, SearchKey.county_id == old_county)).scalars().all()
    s.execute(update(SearchKey).where(SearchKey.student_id == student_id).values(present=False))
    s.execute(delete(SearchKey).where(SearchKey.student_id == student_id, SearchKey.county_id == new_county))
    s.execute(insert(SearchKey), [
        {"county_id": new_county, "key": key, "student_id": student_id, "school_id": school_id, "present": True} for key in sorted(keys)
    ])


def _keep_for_reversal(case, old, there):
    """What a reversal asks of: where she was, and in which year both grades stood."""
    told = content_of(case) | {"moved": {
        "old": old and {"spell": old.id, "class_id": old.class_id, "class_no": old.class_no, "grade_id": old.grade_id, "advanced_to": old.advanced_to},
        "new_advanced_to": there and there.goal.cohort.advanced_to,
    }}
    case.content = sealing.seal_json(told, "cases", case.id, "content")


# ---------------------------------------------------------------- the certificate and its receipt

def certify(s, case, *, actor, today, now) -> str:
    """Issue the 转学证明 as facts, once a case, and put its receipt on the old school's desk. Returns its number."""
    rules = policies.pinned(s, case.from_policy_id)
    issued = s.execute(select(Paper.number, Paper.expires_on).where(Paper.case_id == case.id, Paper.kind == CERTIFICATE, Paper.state == "valid")).one_or_none()
    if issued:  # under an instruction: before the draw
        if today > issued.expires_on:
            raise Refusal(f"转学证明{issued.number}已在{chinese(issued.expires_on)}过期，不能再凭它调档。请原学校补发转学证明，补发以后再调档",
                          article=rules.article("transfer_papers_valid"))
        return issued.number
    record, told = records.load(s, case.student_id), content_of(case)
    valid_for = rules.transfer_papers_valid
    to_school, to_full, to_office = _destination(s, case, told)
    there = place(s, case.class_id, policies.pinned(s, case.to_policy_id)) if case.to_school_id else None
    facts = pupil_papers.certificate_words(
        pupil_papers.words_of(record), pupil_papers.place_of(s, record), number_of_case=case.number, to_school=to_school, to_school_full=to_full, to_office=to_office,
        to_grade=there.goal.cohort.title if there else transfer_checks.Cohort(*told["cohort"]).title, reason=_reason(told), remark="", valid_for=valid_for,
        issued_on=today, first=SIDE_ON_PAPER[first_side(TRANSFER.line_of(case))], signed=_signed(s, case, actor, today),
    )
    expires_on = valid_for.after(today)
    paper = papers.issue(s, CERTIFICATE, facts, student_id=case.student_id, school_id=case.from_school_id, actor=actor, today=today, now=now, case_id=case.id,
                         expires_on=expires_on)
    county_id = s.execute(select(Body.county_id).where(Body.id == case.from_school_id)).scalar_one()
    s.execute(insert(Task).values(
        id=new_id(), county_id=county_id, body_id=case.from_school_id, duty="school_registrar", kind="receipt", case_id=case.id, student_id=case.student_id,
        title=f"{record['name']}的转学证明回执（{paper.number}）", due_on=expires_on, state="open", made_at=now,
    ))
    return paper.number


def _reason(told):
    words = codes.table("transfer_reason").label(told["reason"])
    return told["explanation"] if told["reason"] == "99" and told.get("explanation") else words


def _destination(s, case, told):
    """(school, school with province, city and county, its bureau)"""
    if case.to_school_id is None:
        outside = told["outside"]
        return outside["school"], f"{outside['place']}{outside['school']}", outside["office"]
    school = s.execute(select(Body.name, Body.division_code).where(Body.id == case.to_school_id)).one()
    office = s.execute(select(Body.name).where(Body.id == organisations.deciding_office(s, case.to_school_id))).scalar_one()
    return school.name, full_name(school.name, school.division_code), office


def full_name(school, division_code) -> str:
    """湖北省十堰市竹山县堵河路小学: what the name of the school says already is not said again."""
    where = codes.divisions.full_name(division_code)
    overlap = next((length for length in range(len(where), 0, -1) if school.startswith(where[-length:])), 0)
    return where[: len(where) - overlap] + school


SIDE_ON_PAPER = {"to": "receiving", "from": "releasing"}
SIGNED = {  # the last of these that agreed speaks for the office
    "releasing": ("from_registrar", "from_audit"), "releasing_office": ("from_county", "county"),
    "receiving": ("to_registrar", "to_audit"), "receiving_office": ("to_county", "county"),
}


def _signed(s, case, actor, today):
    """Who has agreed in the system, this act among them: {place on the paper: (opinion, officer, day)}."""
    agreed = {row.step: (row.actor_name, row.ended_at.date()) for row in s.execute(
        select(CaseStep.step, CaseStep.actor_name, CaseStep.ended_at).where(CaseStep.case_id == case.id, CaseStep.action == "approve").order_by(CaseStep.seq))}
    agreed[case.step] = (actor.name, today)
    agreed.setdefault("to_registrar" if case.school_id == case.to_school_id else "from_registrar", (case.starter_name, case.started_at.date()))  # who applied has agreed
    return {where: ("同意", *agreed[step]) for where, steps in SIGNED.items() for step in steps if step in agreed}


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
    student = s.execute(select(*PUPIL).where(Student.id == case.student_id).with_for_update()).one()
    if student.lifecycle != "pending":
        return  # she left from here once; her record is as before
    s.execute(update(Student).where(Student.id == student.id).values(lifecycle="cleared", status="94", updated_at=now, updated_by_id=actor.account_id))
    s.execute(update(Enrolment).where(Enrolment.student_id == student.id, Enrolment.state == "applied").values(state="cleared", closed_at=now, until_on=today))
    records.forget(s, [student.id])
    count_place(s, student.class_id, -1)
    records.tally(s, {(*_at(student), "pending", student.sex, student.county_id): -1})
