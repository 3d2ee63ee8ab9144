"""Opening cases and moving them from desk to desk: numbers, seats, steps, due dates. What may be done stands in services.cases."""

from dataclasses import dataclass, field

from sqlalchemy import exc, insert, select, update

from .. import sealing
from ..identity import student_numbers
from ..models import Body, Case, CaseFinding, CaseParty, CaseStep, Counter, new_id
from ..workflow import deadlines
from ..workflow.flows import days_of
from . import calendars, organisations, policies


@dataclass
class Opening:
    """A case to be opened for one pupil (or class, or list)."""

    title: str
    student_id: int | None = None
    class_id: int | None = None
    grade_id: int | None = None
    findings: list = field(default_factory=list)
    content: dict | None = None
    case_id: int = field(default_factory=new_id)


def take_numbers(s, key, count=1) -> int:
    """The first of `count` numbers in a row that nobody else gets; the counter's row is held until the act is over."""
    taken = update(Counter).where(Counter.key == key).values(last=Counter.last + count)
    if s.execute(taken).rowcount == 0:
        try:
            with s.begin_nested():
                s.execute(insert(Counter).values(key=key, last=count))
        except exc.IntegrityError:  # somebody else began this counter just now
            s.execute(taken)
    return s.execute(select(Counter.last).where(Counter.key == key)).scalar_one() - count + 1


def seat_of(s, flow, name, school_id, maker_id):
    """(body, duty) of a seat for a case that this school began by the hand of this account."""
    if name == "applicant":
        return school_id, flow.begun_by
    if name == "audit":
        return organisations.checker_seat(s, school_id, maker_id)
    office = organisations.deciding_office(s, school_id)
    tier = s.execute(select(Body.tier).where(Body.id == office)).scalar_one()
    return office, f"{tier}_officer"


def due_of(s, step, duty, policy, arrived_on):
    return deadlines.due(calendars.calendar(s), arrived_on, policy[days_of(step, duty)]) if step.days else None


def begin(s, flow, openings: list[Opening], *, school_id, actor, today, now, import_id=None, note="") -> None:
    """Open a case for each, submitted: it stands on the desk after the applicant's. One statement per table."""
    school = s.execute(select(Body.county_id, Body.id).where(Body.id == school_id)).one()
    county = s.execute(select(Body.abbreviation, Body.name).where(Body.id == school.county_id)).one()
    policy = policies.policy_for(s, school.county_id, today)
    policy_id = policies.version_id(s, school.county_id, today)
    first = flow.steps[flow.start].moves["submit"].to
    step = flow.steps[first]
    seat_body, seat_duty = seat_of(s, flow, step.seat, school_id, actor.account_id)
    due_on = due_of(s, step, seat_duty, policy, today)
    office = organisations.deciding_office(s, school_id)
    serial = take_numbers(s, f"case/{school.county_id}/{flow.kind}/{today.year}", len(openings))
    calendar_version = calendars.version(s)
    cases, steps, parties, findings = [], [], [], []
    for number, opening in enumerate(openings, serial):
        cases.append({
            "id": opening.case_id, "county_id": school.county_id, "kind": flow.kind, "subject": flow.subject,
            "number": student_numbers.render(policy.case_number_template, county=county.abbreviation or county.name[:1], kind=flow.sign,
                                             year=today.year, serial=number),
            "student_id": opening.student_id, "school_id": school_id, "class_id": opening.class_id, "grade_id": opening.grade_id, "import_id": import_id,
            "title": opening.title, "state": "open", "step": first, "seat_body_id": seat_body, "seat_duty": seat_duty, "arrived_on": today,
            "due_on": due_on, "calendar_version": calendar_version, "policy_id": policy_id, "starter_id": actor.account_id, "starter_name": actor.name,
            "content": sealing.seal_json(opening.content, "cases", opening.case_id, "content"), "started_at": now, "version": 1,
        })
        steps.append(_done(opening.case_id, 1, flow.start, school_id, actor, now, "submit", note=note))
        steps.append(_waiting(opening.case_id, 2, first, seat_body, seat_duty, now, due_on))
        parties += [{"case_id": opening.case_id, "body_id": body} for body in {school_id, seat_body, office}]
        findings += [
            {"id": new_id(), "case_id": opening.case_id, "check": found.check, "title": found.title, "level": found.level, "sentence": found.sentence,
             "article": found.article, "at": now}
            for found in opening.findings
        ]
    s.execute(insert(Case.__table__), cases)
    s.execute(insert(CaseStep.__table__), steps)
    s.execute(insert(CaseParty.__table__), parties)
    if findings:
        s.execute(insert(CaseFinding.__table__), findings)


def move(s, cases, flow, action, *, actor, today, now, reason="", note="", in_place_of=False) -> None:
    """Take the step for every case (same kind, same step, same school): end the open row, open the next, or end the case."""
    target = flow.steps[cases[0].step].moves[action].to
    step = flow.steps[target]
    ids = [case.id for case in cases]
    s.execute(
        update(CaseStep).where(CaseStep.case_id.in_(ids), CaseStep.ended_at.is_(None)).values(
            ended_at=now, actor_id=actor.account_id, actor_name=actor.name, actor_body=actor.body_name, in_place_of=in_place_of, action=action,
            reason=reason, note=note, address=actor.address,
        )
    )
    values = {"step": target, "version": Case.version + 1, "arrived_on": today}
    if step.terminal:
        values |= {"state": step.outcome, "seat_body_id": None, "seat_duty": "", "due_on": None, "ended_at": now}
        if step.outcome == "effective":
            values["effective_on"] = today
    else:
        policy = policies.pinned(s, cases[0].policy_id)
        seat_body, seat_duty = seat_of(s, flow, step.seat, cases[0].school_id, cases[0].starter_id)
        due_on = due_of(s, step, seat_duty, policy, today)
        values |= {"seat_body_id": seat_body, "seat_duty": seat_duty, "due_on": due_on, "calendar_version": calendars.version(s)}
        last = dict(s.execute(select(CaseStep.case_id, CaseStep.seq).where(CaseStep.case_id.in_(ids)).order_by(CaseStep.seq)).all())
        s.execute(insert(CaseStep), [_waiting(case_id, last[case_id] + 1, target, seat_body, seat_duty, now, due_on) for case_id in ids])
        there = set(s.execute(select(CaseParty.case_id).where(CaseParty.case_id.in_(ids), CaseParty.body_id == seat_body)).scalars())
        if missing := [{"case_id": case_id, "body_id": seat_body} for case_id in ids if case_id not in there]:
            s.execute(insert(CaseParty), missing)
    s.execute(update(Case).where(Case.id.in_(ids)).values(values))


def _done(case_id, seq, step, body_id, actor, now, action, note=""):
    return _row(case_id, seq, step, body_id, actor.duty, now) | {
        "ended_at": now, "actor_id": actor.account_id, "actor_name": actor.name, "actor_body": actor.body_name, "action": action, "note": note,
        "address": actor.address,
    }


def _waiting(case_id, seq, step, body_id, duty, now, due_on):
    return _row(case_id, seq, step, body_id, duty, now) | {"due_on": due_on}


def _row(case_id, seq, step, body_id, duty, now):
    return {
        "id": new_id(), "case_id": case_id, "seq": seq, "step": step, "seat_body_id": body_id, "seat_duty": duty, "arrived_at": now, "due_on": None,
        "ended_at": None, "actor_id": None, "actor_name": "", "actor_body": "", "in_place_of": False, "action": "", "reason": "", "note": "", "address": "",
    }
