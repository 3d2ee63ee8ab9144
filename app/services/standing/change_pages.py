"""What the pages of changes (异动) read: whom a kind can be applied for, the classes and guardians that are on offer, what a case says of itself. Reads only."""

from datetime import date

from sqlalchemy import select

from ... import sealing
from ...codes import table
from ...errors import NotAllowed
from ...extensions import db
from ...identity import grades, masks
from ...identity.dates import chinese
from ...identity.items import PUPIL_ITEMS, show
from ...models import Body, Class, Grade, Guardian, Student
from ...permissions import DUTIES, visible_classes, visible_students
from ...workflow import change_checks
from ...workflow.changes import STATUS_CHANGES
from ...workflow.checks import limit_setting
from ...workflow.flow import days_of
from ...workflow.standings import what_first
from ..administration import policies
from ..casework import case_files
from ..pupils import records
from . import absences, changes

COMPULSORY = "12"  # 小学, 初中: whose stage is not known is guarded like these
MOST = 400  # pupils on the page that asks whom it is for


def pupils(person, statuses, stages, class_id=None) -> list:
    """Pupils of one's own school for whom a kind can be begun, by class and seat; those who are in class only of the class that was chosen."""
    if "01" in statuses and class_id is None:
        return []
    query = visible_students(person).with_only_columns(
        Student.id, Student.name, Student.sex, Student.class_no, Student.status, Grade.stage, Grade.advanced_to, Grade.length, Class.number, Class.name.label("class_name"),
    ).outerjoin(Class, Class.id == Student.class_id).outerjoin(Grade, Grade.id == Student.grade_id).where(
        Student.school_id == person.school_id, Student.status.in_(statuses), Student.lifecycle.not_in(("pending", "cleared", "merged")))
    if class_id:
        query = query.where(Student.class_id == class_id)
    return db.session.execute(query.where(Grade.stage.in_(tuple(stages))).order_by(Grade.stage, Grade.advanced_to, Class.number, Student.name_sort, Student.id).limit(MOST)).all()


def class_title(row) -> str:
    return grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.class_name) if row.number else ""


def own_classes(person) -> list:
    """[(id, title)] of the school's classes in use."""
    rows = db.session.execute(
        visible_classes(person).with_only_columns(Class.id, Class.number, Class.name, Grade.stage, Grade.advanced_to, Grade.length).join(Grade, Grade.id == Class.grade_id)
        .where(Class.school_id == person.school_id, Class.state == "open").order_by(Grade.stage, Grade.advanced_to, Class.number)
    )
    return [(row.id, grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.name)) for row in rows]


def classes_on_offer(person, kind, student, *, today) -> list:
    """[(id, words)] of the classes that the pupil may join by this kind, the grade of her year-mates first."""
    change = STATUS_CHANGES[kind]
    if not change.years or student.stage is None:
        return []
    own = grades.year_of_schooling(student.stage, student.advanced_to, student.length)
    rules = policies.policy_for(db.session, person.county_id, today)
    rows = db.session.execute(
        visible_classes(person).with_only_columns(Class.id, Class.headcount, Class.size_limit, Class.number, Class.name, Class.kind, Grade.stage, Grade.advanced_to, Grade.length)
        .join(Grade, Grade.id == Class.grade_id)
        .where(Class.school_id == person.school_id, Class.state == "open", Grade.state == "open").order_by(Grade.stage.desc(), Grade.advanced_to.desc(), Class.number)
    )
    offered = []
    for row in rows:
        if "any" in change.years or (row.stage == student.stage and grades.year_of_schooling(row.stage, row.advanced_to, row.length) - own in change.years):
            limit = row.size_limit or rules[limit_setting(row.stage, row.kind)]
            title = grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.name)
            offered.append((row.id, f"{title}（{row.headcount} 人，班额 {limit} 人{'，已满' if row.headcount >= limit else ''}）"))
    return offered


def guardians_of(student_id) -> list:
    """[(words, words)] of who may apply for the pupil: name and relation, as the case keeps them."""
    relations = table("guardian_relation")
    rows = db.session.execute(select(Guardian.name, Guardian.relation).where(Guardian.student_id == student_id, Guardian.state == "live", Guardian.is_guardian).order_by(Guardian.position))
    told = [f"{row.name}（{relations.label(row.relation)}）" for row in rows]
    return [(one, one) for one in dict.fromkeys(told)]


def standing(kind, student_id) -> dict:
    """{item: what the record says of it now} of the items that a kind changes, numbers masked."""
    items = STATUS_CHANGES[kind].items
    record = records.load(db.session, student_id) if items else {}
    return {item: shown(item, record.get(item)) for item in items}


def shown(item, value) -> str:
    """An item of the record as a page shows it: a number masked."""
    return masks.number(value) if value and PUPIL_ITEMS[item].sealed else show(PUPIL_ITEMS[item], value)


KNOWN = {"dropout": absences.reported}


def known(kind, student_id) -> dict:
    """Answers that the school has given elsewhere before the form is opened."""
    return KNOWN[kind](db.session, student_id) if kind in KNOWN else {}


def road(person, kind, policy, school_id) -> list:
    """[(step's title, how long it has)] of what comes after handing in."""
    change = STATUS_CHANGES[kind]
    flow, way = change.flow, changes.route_of(db.session, change, school_id, policy, office=not person.school_id) or change.flow.line
    return [(flow.steps[name].title, policy.text(days_of(flow.steps[name], ""))) for name in way if not flow.steps[name].terminal and name != flow.start]


def told(kind, answers, before=()) -> list:
    """[(field, title, words)] of what the form asked, as it reads on the check page and on the case: an item that changes with what it was `before`."""
    change = STATUS_CHANGES[kind]
    rows = []
    for field, title in change.asks.items():
        value = answers.get(field)
        if before and field in change.items and not value:
            continue  # an item that stays as it is
        if value in (None, ""):
            words = ""
        elif isinstance(value, date):
            words = chinese(value)
        elif isinstance(value, bool):
            words = "是" if value else "否"
        elif field in before:
            words = f"{shown(field, before[field]) or '空'} → {shown(field, value)}"
        elif field == "to_class":
            words = _class_words(value)
        elif field in PUPIL_ITEMS and field not in change.choices:
            words = show(PUPIL_ITEMS[field], value)
        else:
            words = str(change.word(field, value))
        rows.append((field, title, words))
    return rows


def _class_words(class_id):
    row = db.session.execute(select(Class.number, Class.name, Class.headcount, Grade.stage, Grade.advanced_to, Grade.length).join(Grade, Grade.id == Class.grade_id)
                             .where(Class.id == class_id)).one_or_none()
    return f"{grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.name)}，现有 {row.headcount} 人" if row else ""


def facts(case) -> list:
    """[(title, value, look)] of a case: who it is, and what was asked for."""
    number = case.national_no_sealed and sealing.unseal(case.national_no_sealed, "students", case.pupil_id, "national_no_sealed")
    rows = [(PUPIL_ITEMS[name].title, show(PUPIL_ITEMS[name], value), "") for name, value in (("name", case.pupil_name), ("sex", case.sex), ("birth_date", case.birth_date))]
    rows.append((PUPIL_ITEMS["national_no"].title, masks.number(number) if number else "还没有学籍号", "num"))
    before = case_files.before_of(case)
    rows += [(f"{title}变更" if field in before else title, words, "all" if len(words) > 24 else "")
             for field, title, words in told(case.kind, case_files.answers_of(case), before) if words]
    return [*rows, ("申请学校", f"{case.school} {case.starter_name}", "all")]


def missing(case, scans, found) -> list:
    """Titles of the evidence that the case's reason, or a warning among what was found, asks for and nobody has attached."""
    asked = changes.Asked(case_files.answers_of(case), tuple(scan.kind for scan in scans))
    change = STATUS_CHANGES[case.kind]
    warned = [change.warned[one.check] for one in found if one.level == "warn" and one.check in change.warned]
    return [*changes.missing(change, asked), *(change.flow.evidence[kind] for kind in warned if kind not in asked.evidence)]


def stages_at(person) -> str:
    """Of this person's school: "1", "12", "3"."""
    return db.session.execute(select(Body.stages).where(Body.id == person.school_id)).scalar() or ""


def kinds_at(person) -> list:
    """The kinds that this person's school, or office, can apply for at all."""
    stages = stages_at(person) if person.school_id else "123"
    return [kind for kind, change in STATUS_CHANGES.items() if change.begun_by(person.duty) and set(stages) & set(change.stages)]


def refuse_duty(kind, person) -> None:
    """A county begins what it corrects, and no more."""
    change = STATUS_CHANGES[kind]
    if not change.begun_by(person.duty):
        raise NotAllowed(f"{change.flow.title}由{DUTIES[change.flow.begun_by]}申请。")


def refuse_stages(kind, stages) -> None:
    """退学, 开除 are not to be reached in compulsory stages at all (义务教育法第二十七条)."""
    change = STATUS_CHANGES[kind]
    if not set(stages or COMPULSORY) & set(change.stages):
        raise NotAllowed(f"{change_checks.not_in_compulsory(change)}（{change_checks.COMPULSORY_LAW}），{change_checks.INSTEAD}。")


def kinds_for(person, student) -> list:
    """[(kind, why not)] of what could be begun for a pupil, in the order of the table: why not is empty for what may."""
    found = []
    for kind, change in STATUS_CHANGES.items():
        if change.begun_by(person.duty) and (student.stage or COMPULSORY[0]) in change.stages:
            statuses = change.statuses + (change.office_statuses if person.duty != change.flow.begun_by else ())
            why = change.bars(student) if student.status in statuses else what_first(student.status, change.instead)
            found.append((kind, why))
    return found
