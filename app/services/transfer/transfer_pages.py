"""What the pages of transfers read: the classes that a child may join, what a case says of itself, where she came from. Reads only."""

from datetime import date

from sqlalchemy import func, select

from ... import permissions, sealing
from ...codes import divisions, table
from ...extensions import db
from ...identity import grades, masks
from ...identity.dates import chinese
from ...identity.items import PUPIL_ITEMS, show
from ...models import Body, Case, Class, Enrolment, Grade, Student, Term
from ...permissions import visible_classes, visible_students
from ...workflow import transfer_checks
from ...workflow.checks import limit_setting
from ...workflow.flows import TRANSFER, TRANSFERS, days_of, side_of
from ..administration import policies
from ..casework import case_files
from . import moving
from .transfer_plans import SCOPES

# ---------------------------------------------------------------- before there is a case

def cohort_of(student_id):
    """(grade, whether she went from here to a school elsewhere) of a child that was looked up; the word for her has been opened by whoever asks."""
    row = db.session.execute(select(Student.grade_id, Student.status).where(Student.id == student_id)).one()
    return moving.cohort_of(db.session, row.grade_id), row.status == moving.GONE


def classes(person, cohort, *, today, chosen=None):
    """[(id, words)] of one's own open classes of a grade, special ones of lower grades too; the `chosen` one stays on offer."""
    rules = policies.policy_for(db.session, person.county_id, today)
    rows = db.session.execute(
        visible_classes(person).with_only_columns(Class.id, Class.headcount, Class.size_limit, Class.number, Class.name, Class.kind, Class.state, Grade.stage,
                                                  Grade.advanced_to, Grade.length)
        .join(Grade, Grade.id == Class.grade_id).where(Class.school_id == person.school_id, Grade.state == "open").order_by(Grade.stage, Grade.advanced_to, Class.number)
    )
    offered = []
    for row in rows:
        year = grades.year_of_schooling(row.stage, row.advanced_to, row.length)
        same = cohort is None or year == cohort.year or (row.kind in transfer_checks.SPECIAL_KINDS and year < cohort.year)
        if (row.state == "open" and same) or row.id == chosen:
            limit = row.size_limit or rules[limit_setting(row.stage, row.kind)]
            full = "，已满" if row.headcount >= limit else ""
            title = grades.title_of(row)
            offered.append((row.id, f"{title}（{row.headcount} 人，班额 {limit} 人{full}）"))
    return offered


def own_pupil(person, student_id):
    """(id, name, school, grade) of a pupil of one's own school who may be applied for to go; None else."""
    row = db.session.execute(
        visible_students(person).with_only_columns(Student.id, Student.name, Student.grade_id, Body.name.label("school")).join(Body, Body.id == Student.school_id)
        .where(Student.id == student_id, Student.lifecycle == "live", Student.school_id == person.school_id)
    ).one_or_none()
    return row and (row.id, row.name, row.school, moving.cohort_of(db.session, row.grade_id))


WORKING_HERE = (Body.tier == "school", Body.here, Body.state == "open")


NEAR = 300  # names that a field offers; any other is typed whole


def schools_near(person) -> list:
    """The names of the schools that work in this house, those of the person's county first."""
    return db.session.scalars(select(Body.name).where(*WORKING_HERE, Body.id != person.school_id).order_by(Body.county_id != person.county_id, Body.name).limit(NEAR)).all()


def school_named(name):
    """The id of the school of that name that works in this house; None where there is none."""
    return db.session.scalars(select(Body.id).where(*WORKING_HERE, Body.name == name).order_by(Body.id).limit(1)).one_or_none()


def begins_going(person, today) -> bool:
    """Whether by this county's rules the releasing school applies for a transfer to a school that is here."""
    return policies.policy_for(db.session, person.county_id, today).start_by == "from_school"


DUTY_OF_SEAT = {"county": "county_officer", "city": "city_officer", "province": "province_officer"}


def road(plan):
    """[(step's title, how long it has)] of what comes after handing in."""
    told = []
    for name in plan.route[1:-1]:
        step, side = plan.flow.steps[name], side_of(name)
        policy_id = (plan.to_policy_id if side == "to" else plan.from_policy_id if side == "from" else None) or plan.to_policy_id or plan.from_policy_id
        told.append((step.title, policies.pinned(db.session, policy_id).text(days_of(step, DUTY_OF_SEAT.get(step.seat, "")))))
    return told


# ---------------------------------------------------------------- a case

def schools_of(case):
    """{side: name} of the two schools."""
    elsewhere = (case_files.content_of(case).get("outside") or {}).get("school", "")
    return {"from": case.from_school or elsewhere, "to": case.to_school or elsewhere}


def scope_of(case) -> str:
    """县内, 省内跨县 or 跨省, as the case's title has it."""
    return SCOPES.get(case_files.content_of(case)["scope"], "")


def facts(case, title):
    """[(title, value, look)] of the application. Of the record only what the receiving school knows its pupil by; the rest comes with the pupil."""
    told, names = case_files.content_of(case), schools_of(case)
    cohort = transfer_checks.Cohort(*told["cohort"])
    outside = told.get("outside") or {}
    relations = table("guardian_relation")
    number = sealing.unseal(case.national_no_sealed, "students", case.pupil_id, "national_no_sealed")
    known = {"name": case.pupil_name, "sex": case.sex, "birth_date": case.birth_date}
    rows = [(PUPIL_ITEMS[field].title, show(PUPIL_ITEMS[field], value), "") for field, value in known.items()]
    rows.append((PUPIL_ITEMS["national_no"].title, masks.number(number) if number else "还没有学籍号", "num"))
    rows += [
        ("转出学校", names["from"], ""), ("转入学校", names["to"], ""), ("原年级", cohort.title, ""),
        *([("拟入班级" if case.state == "open" else "编入班级", f"{title}，现有 {case.headcount} 人" if title else "由转入学校确定", "")] if case.to_school_id else []),
        ("转学范围", SCOPES.get(told["scope"], ""), ""), ("转学原因", f"{told['reason']} {table('transfer_reason').label(told['reason'])}", ""),
    ]
    if told.get("special"):
        rows.append(("特殊情况", "按特殊情况申请", ""))
    if told.get("effective_on"):
        rows.append(("希望生效日期", chinese(date.fromisoformat(told["effective_on"])), ""))
    if outside:
        place = outside.get("place") or divisions.full_name(outside["division_code"])
        rows.append(("系统外学校", "，".join(filter(None, (outside["school"], place, outside["office"], outside.get("school_code") and f"学校标识码 {outside['school_code']}"))), "all"))
    relation = relations.label(told["guardian_relation"]) if told.get("guardian_relation") else ""
    guardian = f"{told['guardian']}{f'（{relation}）' if relation else ''}{masks.phone(told['guardian_phone']) if told.get('guardian_phone') else ''}"
    return [*rows, ("申请的监护人", guardian, "all"), ("情况说明", told.get("explanation", ""), "all"), ("申请学校", f"{case.school} {case.starter_name}", "all")]


def facts_of_reversal(case):
    undone = db.session.execute(select(Case.number, Case.effective_on).where(Case.id == case.undoes_id)).one()
    return [("撤销的业务", f"{undone.number}，{chinese(undone.effective_on)}生效", "all"), ("撤销的原因", case_files.content_of(case)["reason"], "all")]


def copy_of_case(person):
    """A column of cases: the spell that the case closed, for who keeps its copy."""
    return select(Enrolment.id).where(
        Enrolment.closing_case_id == Case.id, Enrolment.student_id == Case.student_id, Enrolment.snapshot.is_not(None), Enrolment.school_id.in_(permissions.schools_of(person))).correlate(Case).scalar_subquery()


MOVED = {"came": ("本学期转入", Case.to_school_id), "went": ("本学期转出", Case.from_school_id)}


def moved(person, today, way) -> list:
    """The conditions on the transfers by which pupils came to this person's schools, or went, since the term began; the list behind the number asks by the same."""
    begun = select(func.max(Term.starts_on)).where(Term.county_id == person.county_id, Term.starts_on <= today).scalar_subquery()
    return [Case.kind.in_(TRANSFERS), Case.state == "effective", Case.effective_on >= begun, MOVED[way][1].in_(permissions.schools_of(person))]


def moves(person, today):
    """Columns of how many came and how many went, to be asked along with other figures."""
    return [select(func.count()).select_from(Case).where(*moved(person, today, way)).scalar_subquery().label(way) for way in MOVED]


def missing(case, scans):
    """The titles of what its ground asks for and nobody has uploaded."""
    told = case_files.content_of(case)
    elsewhere = "to" if case.to_school_id is None else "from" if case.from_school_id is None else ""
    there = {scan.kind for scan in scans}
    return [TRANSFER.evidence[kind] for kind in transfer_checks.evidence_for(told["reason"], elsewhere=elsewhere) if kind not in there]


def asks(case, person, findings, *, today) -> dict:
    """What the form of a step asks beyond the opinion: {"classes": [(id, words)], "special": sentence}."""
    asked = {}
    if case.step in {step for _, step in moving.NAMED_AT} and person.school_id == case.to_school_id:
        asked["classes"] = classes(person, transfer_checks.Cohort(*case_files.content_of(case)["cohort"]), today=today, chosen=case.class_id)
    if case.step in moving.TICKED_AT and not (case.step == "from_county" and case.to_school_id):
        asked["special"] = next((one.sentence for one in findings if one.check == "window" and one.level == "warn"), "")
    return asked


def typed_before(case) -> dict:
    """The fields of the form as the case has them, for who mends it."""
    told = case_files.content_of(case)
    outside = told.get("outside") or {}
    typed = {name: told.get(name) for name in ("reason", "explanation", "special", "guardian", "guardian_relation", "guardian_phone")}
    typed |= {"effective_on": chinese(date.fromisoformat(told["effective_on"])) if told.get("effective_on") else "", "to_class": str(case.class_id or "")}
    if outside:
        typed |= {"outside_school": outside["school"], "outside_code": outside["school_code"], "outside_office": outside["office"],
                  "outside_county": f"{outside['division_code']} {divisions.label(outside['division_code'])}",
                  "from_grade": f"{outside['stage']}.{outside['advanced_to']}.{outside['length']}" if outside["stage"] else ""}
    elif case.to_school_id:
        typed["to_school"] = schools_of(case)["to"]
    return typed
