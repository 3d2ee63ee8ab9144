"""异动 (workflows.md 8–17): applying for a change of a pupil's standing, and handing it in again. Every kind goes this way; what one asks is in its form and its
checks (app/workflow/changes.py), what it does in its effect.

    plan = changes.preview("suspension", student_id, Asked({"reason": "10", "from_on": date(2026, 9, 1), …}), actor=wang, today=today)
    case_id = changes.apply("suspension", student_id, asked, actor=wang, today=today, now=now)
"""

from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from ... import codes
from ...errors import NotAllowed, NotFound
from ...extensions import db
from ...identity.dates import chinese
from ...identity.items import PUPIL_ITEMS
from ...models import Absence, Body, Case, Enrolment, Grade, ProblemRecord, Student, Term
from ...permissions import DUTIES, require, visible_students
from ...workflow import change_checks, problem_checks, transfer_checks
from ...workflow.change import OFFICE
from ...workflow.change_checks import ChangeFacts, Span
from ...workflow.changes import STATUS_CHANGES
from ...workflow.flows import FLOWS
from ..administration import calendars, organisations, policies
from ..casework import case_files, drafts, effects, evidence
from ..intake import enrolments
from ..trace import Secret
from ..transactions import writes
from ..transfer import moving, pupil_lookup


@dataclass(frozen=True)
class Asked:
    """What the form says: `answers` by field, cleaned (dates, codes, numbers, words); the kinds of evidence that are at hand. `token` of a look-up, for a pupil of another
    school who comes to this one by the kind (回国)."""

    answers: dict
    evidence: tuple = ()
    token: str = ""


@dataclass
class Plan:
    """What an application comes to before it is handed in."""

    change: object
    student: object
    school_id: int  # that applies
    findings: list = field(default_factory=list)
    goal: object = None
    before: dict = field(default_factory=dict)  # what the record says of the items that are to change

    @property
    def name(self):
        return self.student.name

    @property
    def comes(self):
        """From another school."""
        return self.school_id != self.student.school_id


COLUMNS = (
    Student.id, Student.name, Student.sex, Student.birth_date, Student.status, Student.lifecycle, Student.school_id, Student.county_id, Student.grade_id, Student.class_id,
    Student.class_no, Student.student_kind, Student.student_category, Student.poverty_status, Student.version, Grade.stage, Grade.advanced_to, Grade.length, Grade.entry_year,
    exists().where(ProblemRecord.student_id == Student.id, ProblemRecord.state == "open", ProblemRecord.kind.in_(problem_checks.KINDS)).label("in_question"),
)


def pupil(s, actor, student_id, *, lock=False):
    """The pupil as a row with her grade, among those of the actor's own school, or of the schools that the actor's office decides for; whoever left one last from there
    too. NotFound for others."""
    query = (
        visible_students(actor).with_only_columns(*COLUMNS).outerjoin(Grade, Grade.id == Student.grade_id)
        .where(Student.id == student_id, *([Student.school_id == actor.school_id] if actor.school_id else []), Student.lifecycle != "cleared")
    )
    row = s.execute(query.with_for_update(of=Student) if lock else query).one_or_none()
    if row is None or (not actor.school_id and organisations.deciding_office(s, row.school_id) != actor.body_id):
        raise NotFound
    return row


def pupil_for(s, actor, kind, student_id, *, token="", lock=False):
    """The pupil for whom a kind is begun; by the `token` of a look-up one of another school too, where the kind brings her from there."""
    change = STATUS_CHANGES[kind]
    if not (change.anywhere and token):
        return pupil(s, actor, student_id, lock=lock)
    query = select(*COLUMNS).outerjoin(Grade, Grade.id == Student.grade_id).where(Student.id == pupil_lookup.student_of(token, actor), Student.status.in_(change.statuses))
    row = s.execute(query.with_for_update(of=Student) if lock else query).one_or_none()
    if row is None or row.id != student_id:
        raise NotFound
    return row


def preview(kind, student_id, asked: Asked, *, actor, today) -> Plan:
    """What stands in the way and what is to be minded; nothing is held by it."""
    return draw_up(db.session, kind, student_id, asked, actor=actor, today=today)


def draw_up(s, kind, student_id, asked, *, actor, today, lock=False, apart_from=None, policy=None, asked_on=None) -> Plan:
    """`asked_on` and `policy`: the day of the first application and the rules of that day, where it is handed in again."""
    change = STATUS_CHANGES[kind]
    student = pupil_for(s, actor, kind, student_id, token=asked.token, lock=lock)
    school_id = actor.school_id if change.anywhere else student.school_id
    rules = policy or policies.policy_for(s, actor.county_id, today)
    class_id = asked.answers.get("to_class")
    goal = moving.place(s, class_id, rules) if class_id else None
    if goal and (goal.school_id != school_id or goal.state != "open"):
        goal = None
    spans = spans_of(s, student_id)
    open_case, beside = _open_case(s, student_id, apart_from)
    more = effects.EFFECTS[kind].more(s, student, asked, actor, today)
    facts = ChangeFacts(
        change=change, answers=asked.answers, today=today, rules=rules, calendar=calendars.calendar(s), terms=terms_of(s, actor.county_id),
        cohort=transfer_checks.Cohort(student.stage, student.advanced_to, student.length, student.entry_year), status=student.status or "",
        status_title=codes.table("student_current_status").label(student.status) if student.status else "正在登记", birth_date=student.birth_date,
        open_case=open_case, open_beside=beside, away=next((span for span in spans if span.ended_on is None), None), spans=spans,
        goal=goal and goal.goal, came_on=s.execute(select(Enrolment.from_on).where(Enrolment.student_id == student_id, Enrolment.state == "open")).scalar(),
        missing=missing(change, asked), more=more, office=actor.duty == OFFICE, asked_on=asked_on,
    )
    before = {name: more["record"].get(name) for name in change.items if asked.answers.get(name)}
    return Plan(change, student, school_id, change_checks.check(facts), goal, before)


def missing(change, asked) -> tuple:
    """Titles of the evidence that the reason asks for and nobody has attached."""
    return tuple(change.flow.evidence[kind] for kind in change.evidence_for(asked.answers.get(change.evidence_by, "")) if kind not in asked.evidence)


def spans_of(s, student_id) -> tuple:
    return tuple(
        Span(row.kind, row.from_on, row.until_on, row.ended_on if row.state == "ended" else None, row.renewals, row.reason)
        for row in s.execute(select(Absence.kind, Absence.from_on, Absence.until_on, Absence.ended_on, Absence.state, Absence.renewals, Absence.reason)
                             .where(Absence.student_id == student_id, Absence.state != "void").order_by(Absence.from_on, Absence.id))
    )


def terms_of(s, county_id) -> tuple:
    return tuple(tuple(row) for row in s.execute(select(Term.starts_on, Term.ends_on).where(Term.county_id == county_id).order_by(Term.starts_on)))


def _open_case(s, student_id, apart_from):
    """(what is under way, whether it stands beside another)"""
    row = s.execute(select(Case.kind, Case.number, Case.starter_name, Case.started_at, Case.beside).where(
        Case.holds(student_id), Case.state == "open", Case.id != (apart_from or 0)).order_by(Case.beside.desc()).limit(1)).one_or_none()
    return (f"{FLOWS[row.kind].title}（{row.number}，{row.starter_name} {chinese(row.started_at.date())}申请）", row.beside) if row else ("", False)


# ---------------------------------------------------------------- the acts

@writes
def apply(s, kind, student_id, asked: Asked, *, actor, today, now, note="", draft="", scans=()):
    """Hand the application in, with the scans of the draft it was typed in. Returns the case's id."""
    require(actor, "change.apply")
    flow = STATUS_CHANGES[kind].flow
    if not STATUS_CHANGES[kind].begun_by(actor.duty):
        raise NotAllowed(f"{flow.title}由{DUTIES[flow.begun_by]}申请。")
    plan = draw_up(s, kind, student_id, asked, actor=actor, today=today, lock=True)
    enrolments.refuse_blocks(plan.findings)
    opening = case_files.Opening(
        title=plan.name, student_id=student_id, class_id=asked.answers.get("to_class") or plan.student.class_id,
        grade_id=plan.goal.grade_id if plan.comes else plan.student.grade_id, findings=plan.findings,
        from_school_id=plan.student.school_id if plan.comes else None, to_school_id=plan.school_id if plan.comes else None,
        content=case_files.answered(asked.answers, plan.before), beside=plan.change.beside or actor.duty == OFFICE,
        route=route_of(s, plan.change, plan.school_id, policies.policy_for(s, actor.county_id, today), office=actor.duty == OFFICE),
    )
    case_id = case_files.begin_one(s, flow, opening, school_id=plan.school_id, actor=actor, today=today, now=now, note=note)
    evidence.adopt(s, case_id, scans, actor=actor, now=now)
    drafts.drop(s, kind, draft, actor=actor)
    return case_id


def route_of(s, change, school_id, policy, *, office=False) -> tuple:
    """The way of a kind whose steps depend on the rules, each office once, one that is not in this house as `outside` (DECIDED 1); empty for one that always goes the same way."""
    if not change.set_by:
        return change.office_line if office else ()
    _, decides = organisations.deciding_seat(s, school_id)
    way = [name for name in (change.office_line if office else change.flow.line) if name not in change.set_by or (policy[change.set_by[name]] and f"{name}_officer" != decides)]
    return tuple(name if name not in change.set_by or _is_here(s, school_id, name) else "outside" for name in way)


def _is_here(s, school_id, tier):
    over = aliased(Body)
    return s.execute(select(over.here).join(Body, getattr(Body, f"{tier}_id") == over.id).where(Body.id == school_id)).scalar()


@writes
def resubmit(s, case_id, asked: Asked, *, actor, version, today, now, note="", draft="", scans=()):
    """Hand in again what was returned (退回补正), under the rules of the day it began. Returns the case's id."""
    case = case_files.to_mend(s, case_id, STATUS_CHANGES, actor=actor, version=version)
    plan = draw_up(s, case.kind, case.student_id, asked, actor=actor, today=today, lock=True, apart_from=case.id, policy=policies.pinned(s, case.policy_id),
                   asked_on=case.started_at.date())
    enrolments.refuse_blocks(plan.findings)
    before = case_files.answers_of(case)
    case_files.find_again(s, case.id, plan.findings, now=now)
    case.class_id = asked.answers.get("to_class") or plan.student.class_id
    evidence.adopt(s, case.id, scans, actor=actor, now=now)
    drafts.drop(s, case.kind, draft, actor=actor)
    told = {name: [_told(name, before.get(name)), _told(name, value)] for name, value in asked.answers.items() if before.get(name) != value}
    return case_files.submit_again(s, case, case_files.answered(asked.answers, plan.before), changes=told, actor=actor, today=today, now=now, note=note)


def _told(name, value):
    """An answer as the trace keeps it."""
    return Secret(PUPIL_ITEMS[name].title, value) if value and name in PUPIL_ITEMS and PUPIL_ITEMS[name].sealed else case_files.plain(value)
