"""What the pages of cases show: one case with its way, its record and its findings. Reads only."""

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy import case as case_of

from ... import sealing
from ...codes import table
from ...extensions import db
from ...identity import grades, masks
from ...identity.dates import chinese
from ...identity.items import PUPIL_ITEMS, show
from ...models import Body, Case, CaseFinding, CaseStep, Class, Grade, PolicyVersion, Post, Student
from ...permissions import DUTIES, OFFICERS, may, student_scope, visible_cases, visible_students
from ...workflow import checks, deadlines
from ...workflow.changes import STATUS_CHANGES
from ...workflow.flow import unit_of
from ...workflow.flows import FLOWS, REVERSAL, STATES, TRANSFER, TRANSFERS, days_of, reasons, releasing_step, side_of
from ...workflow.merges import MERGE
from ..administration import calendars, policies
from ..administration.organisations import OFFICER
from ..paperwork import paper_pages
from ..problem_records import merge_pages
from ..pupils import records, twins
from ..schools import instructions, school_pages
from ..standing import change_pages, key_changes
from ..transfer import transfer_pages
from . import case_files, cases, evidence, tasks
from .cases import TWINS

SHOWN = ("name", "sex", "birth_date", "ethnicity", "id_doc_no", "hukou_place_code", "health_status", "attendance_mode", "left_behind", "is_migrant_child")


MENDED = (  # what a return most often asks to be mended
    "name", "sex", "birth_date", "id_doc_no", "ethnicity", "birth_place_code", "native_place", "hukou_place_code", "current_address", "phone", "class_code",
    "entry_month", "health_status", "inclusive_class",
)
MEMBERS = {"member1_name": "家庭成员", "evidence": "佐证材料"}
OF_TRANSFER = {
    "to_class": "拟入班级", "reason": "转学原因", "explanation": "情况说明", "special": "特殊情况", "guardian": "申请的监护人", "guardian_relation": "与学生关系",
    "guardian_phone": "联系电话", "effective_on": "希望生效日期", "evidence": "佐证材料",
}


def mendable(kind) -> list:
    """[(field of the form, title)] that a return may mark."""
    if kind in TRANSFERS:
        return list(OF_TRANSFER.items())
    if kind == MERGE.kind:
        return []
    if kind in school_pages.MENDABLE:
        return school_pages.MENDABLE[kind]
    if kind in STATUS_CHANGES:
        return [*STATUS_CHANGES[kind].asks.items(), ("evidence", "佐证材料")]
    return [(field, PUPIL_ITEMS[field].title) for field in MENDED] + list(MEMBERS.items())


@dataclass(frozen=True)
class Passed:
    """One item of the timeline."""

    what: str
    actor: str
    body: str
    at: object
    words: str
    look: str = ""


def _office(body):
    """As a desk is called: a school by its short name, a bureau by its whole one, since the short one is the county's."""
    return case_of((body.c.tier == "school", body.c.short_name), else_=body.c.name)


def find(person, case_id):
    """The case as a row, among those that this person may see; None when there is none."""
    seat, school, left, joined = (Body.__table__.alias() for _ in range(4))
    class_, pupil, mine = Class.__table__.alias(), Student.__table__.alias(), exists().where(student_scope(person), Student.id == Case.student_id)
    return db.session.execute(
        visible_cases(person).with_only_columns(
            Case.id, Case.county_id, Case.kind, Case.number, Case.student_id, Case.school_id, Case.class_id, Case.title, Case.state, Case.step, Case.seat_body_id,
            Case.seat_duty, Case.arrived_on, Case.due_on, Case.policy_id, Case.mend, Case.starter_id, Case.starter_name, Case.started_at, Case.ended_at,
            Case.effective_on, Case.version, Case.route, Case.content, Case.from_school_id, Case.to_school_id, Case.from_policy_id, Case.to_policy_id,
            Case.undoes_id, Case.into_student_id, Case.import_id, Case.agreed_by_id, Case.beside, _office(seat).label("seat_name"), seat.c.managed_by_id.label("above_seat"), school.c.short_name.label("school"),
            class_.c.number.label("class_number"), class_.c.name.label("class_name"), class_.c.headcount, Grade.stage, Grade.advanced_to, Grade.length,
            Grade.entry_year, left.c.name.label("from_school"), joined.c.name.label("to_school"), case_of((or_(Case.state == "open", mine), pupil.c.name), else_=Case.title).label("pupil_name"), pupil.c.sex, pupil.c.birth_date,
            pupil.c.id.label("pupil_id"), pupil.c.national_no_sealed, exists(visible_students(person).where(Student.id == Case.student_id)).label("record_seen"),
            or_(mine, pupil.c.school_id == Case.school_id).label("still_there"),
            transfer_pages.copy_of_case(person).label("copy_id"),
        )
        .join(school, school.c.id == Case.school_id).outerjoin(seat, seat.c.id == Case.seat_body_id).outerjoin(class_, class_.c.id == Case.class_id)
        .outerjoin(Grade, Grade.id == class_.c.grade_id).outerjoin(left, left.c.id == Case.from_school_id).outerjoin(joined, joined.c.id == Case.to_school_id)
        .outerjoin(pupil, pupil.c.id == Case.student_id).where(Case.id == case_id)
    ).one_or_none()


def state_of(row):
    """(words, look) for the mark: where an open case stands, how an ended one ended."""
    if row.state != "open":
        return STATES[row.state]
    flow = FLOWS[row.kind]
    title = flow.steps[row.step].title
    return ("待补正", "soon") if row.step == flow.start else (title if title.startswith("等待") else f"待{title}", "run")


def due_of(today, calendar=None):
    """A function that says of a row how its time stands, as (look, words); the calendar is asked for once."""
    calendar = calendar or calendars.calendar(db.session)
    return lambda row: deadlines.describe(calendar, today, row.due_on, unit_of(FLOWS[row.kind].steps[row.step])) if row.state == "open" else ("", "")


def told(case, *, person, today) -> dict:
    """Everything that the page of one case says of it. The record is opened for an enrolment, which it is, and where a look-alike is to be settled; not for the school
    and the county that the pupil has left since: what became of her there is not theirs (DECIDED 2)."""
    flow = FLOWS[case.kind]
    passed = db.session.execute(
        select(CaseStep.seq, CaseStep.step, CaseStep.seat_duty, CaseStep.arrived_at, CaseStep.due_on, CaseStep.ended_at, CaseStep.actor_name, CaseStep.actor_body,
               CaseStep.in_place_of, CaseStep.action, CaseStep.reason, CaseStep.note, CaseStep.answered_on, CaseStep.paper).where(CaseStep.case_id == case.id).order_by(CaseStep.seq)
    ).all()
    found = findings_of(case.id)
    alike = [one for one in found if one.check in TWINS and one.level == "warn"]
    scans, moves, changes, desks = evidence.of_case(case.id), case.kind in TRANSFERS, case.kind in STATUS_CHANGES, desks_of(case)
    record = records.load(db.session, case.student_id) if case.student_id and (alike or flow.makes_record) and (case.state == "open" or case.still_there) else None
    facts, guardians = _of_kind(case, record)
    return {
        "flow": flow, "state": state_of(case), "due": due_of(today)(case) if case.state == "open" else ("", ""), "way": _way(flow, case, passed, desks),
        "offices": {_office_of(school)[0] for school in desks.values()}, "timeline": _timeline(flow, case, passed), "findings": found,
        "alike": _alike(case, record, person) if (alike and record) or (case.kind, case.state) == ("key-change", "open") else [], "facts": facts, "guardians": guardians, "listed": school_pages.listed(case), "instructions": instructions.of_case(case), "scans": scans, "class_title": class_title(case), "mend": mend_of(case),
        "scope": transfer_pages.scope_of(case) if case.kind == TRANSFER.kind else "",
        "missing": [] if case.state != "open" else transfer_pages.missing(case, scans) if moves else change_pages.missing(case, scans, found) if changes else [],
        "papers": paper_pages.of_case(person, case.id, today=today) if (moves or changes or flow.subject == "list") and (case.state != "open" or case.step == "draw") and may(person, "document.print") else [],
        "tasks": [task for task in tasks.of_case(case.id) if task.kind in ("receipt", "home_file")] if (moves or case.kind == "dropout") and case.state == "effective" else [],
    }


def findings_of(case_id):
    return db.session.execute(
        select(CaseFinding.check, CaseFinding.title, CaseFinding.level, CaseFinding.sentence, CaseFinding.article)
        .where(CaseFinding.case_id == case_id, CaseFinding.level != "past").order_by(CaseFinding.id)
    ).all()


def _of_kind(case, record):
    """(facts, lines of the family) of the application: of a transfer no more of the record than the receiving school is to know."""
    if case.kind in TRANSFERS:
        return transfer_pages.facts(case, class_title(case)), []
    if case.kind in STATUS_CHANGES:
        return change_pages.facts(case), []
    if case.kind == MERGE.kind:
        return merge_pages.facts(case), []
    if case.kind in school_pages.FACTS:
        return school_pages.FACTS[case.kind](case), []
    if case.kind == REVERSAL.kind:
        return transfer_pages.facts_of_reversal(case), []
    return _facts(case, record), _guardians(record)


def mend_of(case):
    """{"items": fields, "note", "reason"} of a return that is being mended; None else."""
    return sealing.unseal_json(case.mend, "cases", case.id, "mend")


def class_title(row):
    if row.stage is None:
        return ""
    return grades.class_title(row.stage, row.advanced_to, row.length, row.class_number, row.class_name)


def _alike(case, record, person):
    """Who looks like this child, as far as this person may see it: what the county must settle."""
    if case.kind == "key-change":
        return [finding.sentence for finding in key_changes.alike(db.session, case, person)]
    pupil = twins.find(db.session, record, actor=person, apart_from=record["id"])
    return [finding.sentence for finding in checks.check_twins(checks.EnrolmentFacts(record, [], None, "", 0, None, twins=pupil)) if finding.level != "pass"]


def _facts(case, record):
    """(title, value, look) of the application: numbers masked. Of a pupil who has left, what the case itself keeps."""
    place = class_title(case)
    about = [("申请人", case.starter_name, ""), ("拟入班级" if case.state == "open" else "班级", f"{place}，现有 {case.headcount} 人" if place else "", ""), ("申请学校", case.school, "all")]
    if record is None:
        return [(PUPIL_ITEMS["name"].title, case.title, ""), *about]
    rows = []
    for field in SHOWN:
        value = record.get(field)
        rows.append((PUPIL_ITEMS[field].title, masks.number(value) if field == "id_doc_no" and value else show(PUPIL_ITEMS[field], value),
                     "idno" if field == "id_doc_no" else ""))
    if record.get("national_no"):
        rows.append((PUPIL_ITEMS["national_no"].title, masks.number(record["national_no"]), "num"))
    return [*rows, *about, (PUPIL_ITEMS["current_address"].title, show(PUPIL_ITEMS["current_address"], record.get("current_address")), "all")]


def _guardians(record):
    relations = table("guardian_relation")
    return [
        f"{one['name']}（{relations.label(one['relation'])}{'，监护人' if one['is_guardian'] else ''}）{masks.phone(one['phone'])}"
        for one in (record or {}).get("guardians", ())
    ]


def _way(flow, case, passed, desks):
    """(title, lines, look) of every step of the case's way; of each the last time that the case was there."""
    last = {row.step: row for row in passed}
    line = flow.line_of(case)
    here = line.index(case.step) if case.step in line else None
    ahead = desks_ahead(flow, case, line[here + 1:], desks) if case.state == "open" and here is not None else {}
    way = []
    for place, name in enumerate(line):
        step, row = flow.steps[name], last.get(name)
        if step.terminal:
            if case.state == "open":
                way.append((step.title, [], ""))
            elif step.outcome == case.state:
                way.append((step.title, [chinese(case.ended_at.date())], "done"))
            else:  # it ended otherwise
                title = STATES["voided"][0] if case.state == "voided" else flow.steps[case.step].title
                way.append((title, [chinese(case.ended_at.date())], "bad" if case.state in ("rejected", "voided") else "done"))
        elif case.state == "open" and name == case.step:
            agreed = next((one.actor_name for one in reversed(passed) if one.ended_at and one.step == name), "") if case.agreed_by_id else ""
            way.append((step.title, [f"{case.seat_name} {DUTIES[case.seat_duty]}", *([f"{agreed}已同意，待另一人复核"] if agreed else []),
                                     f"应于{_short(case.due_on)}前" if case.due_on else ""], "now"))
        elif row is not None and row.ended_at and (here is None or place < here):
            move = step.moves[row.action]
            look = "bad" if move.blame else "done" if row.action in ("submit", "approve", "agree", "draw") else ""
            way.append((step.title, [f"{row.actor_body} {row.actor_name}", f"{_verb(move)}，{_short(row.ended_at)}"], look))
        else:
            way.append((step.title, ahead.get(name, []), ""))
    return way


OVER, ABOVE, CITY, PROVINCE, TOWNSHIP = (Body.__table__.alias() for _ in range(5))
RULES = case_of((Body.id == Case.to_school_id, Case.to_policy_id), (Body.id == Case.from_school_id, Case.from_policy_id), else_=Case.policy_id)


def _held(duty, body_id):
    return exists().where(Post.body_id == body_id, Post.duty == duty, Post.state == "active")


DESKS = (  # the schools of a case, each with every office that may decide for it and with its rules
    select(Body.id, Body.short_name.label("school"), OVER.c.id.label("over_id"), OVER.c.tier.label("over_tier"), OVER.c.name.label("over"), ABOVE.c.id.label("above_id"),
           ABOVE.c.tier.label("above_tier"), ABOVE.c.name.label("above"), CITY.c.name.label("city"), PROVINCE.c.name.label("province"), TOWNSHIP.c.name.label("township"),
           _held("school_head", Body.id).label("has_head"), _held("township_registrar", Body.township_id).label("has_township"),
           PolicyVersion.profile, PolicyVersion.edits, PolicyVersion.number)
    .select_from(Case).join(Body, Body.id.in_((Case.school_id, Case.from_school_id, Case.to_school_id))).outerjoin(PolicyVersion, PolicyVersion.id == RULES)
    .outerjoin(OVER, OVER.c.id == Body.managed_by_id).outerjoin(ABOVE, ABOVE.c.id == OVER.c.managed_by_id).outerjoin(CITY, CITY.c.id == Body.city_id)
    .outerjoin(PROVINCE, PROVINCE.c.id == Body.province_id).outerjoin(TOWNSHIP, TOWNSHIP.c.id == Body.township_id).where(Case.id == bindparam("case"))
)


def desks_of(case) -> dict:
    """{school: its row of DESKS} of a case that is open, in one question."""
    return {row.id: row for row in db.session.execute(DESKS, {"case": case.id})} if case.state == "open" else {}


def desks_ahead(flow, case, names, desks) -> dict:
    """{step: [desk, time]} of the steps that are still to come: whose desk the case will lie on as posts stand today (case_files.seat_of), and for how long."""
    told, before = {}, (case.seat_name, case.seat_duty)
    for name in names:
        step = flow.steps[name]
        if step.terminal:
            continue
        desk, duty = before = before if step.seat == "before" else _desk(step.seat, desks[case_files.school_of(flow, case, name)])
        by = {"to": case.to_school_id, "from": case.from_school_id}.get(side_of(name)) or case.to_school_id or case.school_id
        time = policies.policy_of(desks[by]).text(days_of(step, duty)) if step.days else ""
        told[name] = [f"{desk} {DUTIES[duty]}", f"到达后 {time}" if time else ""]
    return told


def _office_of(school):
    """(id, tier, name) of the bureau that decides for a school."""
    return (school.over_id, school.over_tier, school.over) if school.over_tier in OFFICER else (school.above_id, school.above_tier, school.above)


def _desk(seat, school):
    """(name of the body, duty) of a seat at a school or above it."""
    _, tier, over = _office_of(school)
    if seat == "audit" and not school.has_head:
        return (school.township, "township_registrar") if school.has_township else (over, OFFICER[tier])
    return {
        "source": (school.school, "county_officer"), "applicant": (school.school, "school_registrar"), "registrar": (school.school, "school_registrar"), "audit": (school.school, "school_head"),
        "city": (school.city, "city_officer"), "province": (school.province, "province_officer"),
    }.get(seat) or (over, OFFICER[tier])


def _timeline(flow, case, passed):
    items, following = [], {row.seq - 1: row.step for row in passed}
    for row in passed:
        if row.ended_at is None:
            continue
        step = flow.steps[row.step]
        move = step.moves[row.action]
        again = row.action == "submit" and row.seq > 1
        what = f"{flow.title}：{'补正后重新提交' if again else '提交申请'}" if row.action == "submit" else f"{step.title}：{_verb(move)}"  # as the trace says it
        words = "；".join(filter(None, (
            "原办理单位超期，由上级代办" if row.in_place_of else "", "待本单位另一人复核" if following.get(row.seq) == row.step else "", reasons(flow.kind).get(row.reason, row.reason),
            f"{chinese(row.answered_on)}答复：{row.paper}" if row.answered_on else "", row.note)))
        look = "bad" if move.blame else "done" if following.get(row.seq) != row.step and flow.steps[flow.target(flow.line_of(case), row.step, row.action)].outcome == "effective" else ""
        items.append(Passed(what, row.actor_name, row.actor_body, row.ended_at, words, look))
    return items[::-1]


def _verb(move):
    return move.title.split("，")[0]


def _short(day):
    return f"{day.month}月{day.day}日"


# ---------------------------------------------------------------- what this person may do here

def stands_in(person, case, today):
    """The tier above may decide in the place of a seat whose time is over (代办)."""
    return (
        case.state == "open" and case.due_on is not None and today > case.due_on and case.above_seat == person.body_id
        and person.duty in (*OFFICERS, "township_registrar")
    )


def holds(person, case):
    return case.state == "open" and (person.body_id, person.duty) == (case.seat_body_id, case.seat_duty)


def may_withdraw(person, case):
    flow = FLOWS[case.kind]
    return case.state == "open" and "withdraw" in flow.steps[case.step].moves and case_files.began(case, person)


def endings(person, case, offices=None) -> dict:
    """{action: move} by which this person may end the case, whoever holds it: 撤销, 清理, 收回指令. `offices` are the bureaus concerned, where they are known."""
    if case.state != "open":
        return {}
    flow = FLOWS[case.kind]
    may_end = {
        "began": lambda: may_withdraw(person, case), "office": lambda: person.duty in OFFICERS and person.body_id in (offices if offices is not None else cases.offices_of(db.session, case)),
        "released": lambda: (person.body_id, person.duty) == case_files.seat_of(db.session, flow, case, releasing_step(flow.line_of(case)), maker_id=None),
    }
    return {action: move for action, move in flow.steps[case.step].moves.items() if move.by in may_end and may_end[move.by]()}


def offered(person, case, today) -> dict:
    """{action: move} of this person's form: those of the seat; whoever stands in for it decides, and no more."""
    moves = FLOWS[case.kind].offered(case.step) if case.state == "open" else {}
    if moves and case_files.is_over(FLOWS[case.kind].steps[case.step], case.due_on, today):
        return {}
    if holds(person, case):
        own = case.starter_id == person.account_id  # who applied does not decide
        return {action: move for action, move in moves.items() if not own or action not in cases.DECISIONS} if case.agreed_by_id != person.account_id else {}
    if stands_in(person, case, today):
        return {action: move for action, move in moves.items() if action in (*cases.DECISIONS, *cases.ANSWERS)}
    return {}
