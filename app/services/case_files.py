"""Opening cases and moving them from desk to desk: numbers, seats, steps, due dates. What may be done stands in services.cases."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import exc, insert, select, update

from .. import sealing
from ..errors import Refusal
from ..extensions import insert_many
from ..identity import student_numbers
from ..models import Body, Case, CaseFinding, CaseParty, CaseStep, Counter, new_id
from ..workflow import deadlines
from ..workflow.flows import days_of, side_of
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
    # of a transfer
    route: tuple = ()
    from_school_id: int | None = None
    to_school_id: int | None = None
    from_policy_id: int | None = None
    to_policy_id: int | None = None
    undoes_id: int | None = None


@dataclass(frozen=True)
class Said:
    """What goes with a step taken: the reason and the words of whoever took it, and the answer of an office elsewhere."""

    reason: str = ""
    note: str = ""
    answered_on: date | None = None
    paper: str = ""


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


def seat_of(s, flow, case, name, *, maker_id):
    """(body, duty) of the desk of step `name` for a case, or an Opening with its `school_id`. `maker_id` made what a school's audit looks at."""
    route = list(flow.line_of(case))
    seat = flow.steps[name].seat
    while seat == "before":
        name = route[route.index(name) - 1]
        seat = flow.steps[name].seat
    side = side_of(name)
    school_id = case.school_id if seat == "applicant" or flow.kind != "transfer" else {
        "to": case.to_school_id, "from": case.from_school_id, "": case.from_school_id or case.to_school_id}[side]
    if seat == "applicant":
        return school_id, flow.begun_by
    if seat == "registrar":
        return school_id, "school_registrar"
    if seat == "audit":
        return organisations.checker_seat(s, school_id, maker_id)
    if seat in ("city", "province"):
        return s.execute(select(getattr(Body, f"{seat}_id")).where(Body.id == school_id)).scalar_one(), f"{seat}_officer"
    office = organisations.deciding_office(s, school_id)
    tier = s.execute(select(Body.tier).where(Body.id == office)).scalar_one()
    return office, f"{tier}_officer"


def rules_of(case, name):
    """The version of the rules that a step of this case goes by: those of the seat's own side (DECIDED 3)."""
    if not case.route:
        return case.policy_id
    side = side_of(name) or ("to" if case.to_school_id else "from")
    return case.to_policy_id if side == "to" else case.from_policy_id


def due_of(calendar, step, duty, policy, arrived_on):
    return deadlines.due(calendar, arrived_on, policy[days_of(step, duty)]) if step.days else None


def begin(s, flow, openings: list[Opening], *, school_id, actor, today, now, import_id=None, note="") -> None:
    """Open a case for each, submitted: it stands on the desk after the applicant's, or takes effect where there is none. One statement per table.

    Openings of a transfer are begun one at a time.
    """
    school = _still_open(s, {school_id, openings[0].to_school_id} - {None})[school_id]
    county = s.execute(select(Body.abbreviation, Body.name).where(Body.id == school.county_id)).one()
    policy = policies.policy_for(s, school.county_id, today)
    like = _Begun(school_id, policies.version_id(s, school.county_id, today), openings[0])
    first = flow.target(flow.line_of(like), flow.start, "submit")
    step = flow.steps[first]
    policy_id = rules_of(like, first)
    seat_body, seat_duty = (None, "") if step.terminal else seat_of(s, flow, like, first, maker_id=actor.account_id)
    calendar = calendars.held(s)
    due_on = due_of(calendar, step, seat_duty, policies.pinned(s, policy_id), today)
    concerned = {school for school in (school_id, like.from_school_id, like.to_school_id) if school}
    concerned |= {seat_body or school_id, *organisations.deciding_offices(s, concerned).values()}
    serial = take_numbers(s, f"case/{school.county_id}/{flow.kind}/{today.year}", len(openings))
    cases, steps, parties, findings = [], [], [], []
    for number, opening in enumerate(openings, serial):
        cases.append({
            "id": opening.case_id, "county_id": school.county_id, "kind": flow.kind, "subject": flow.subject,
            "number": student_numbers.render(policy.case_number_template, county=county.abbreviation or county.name[:1], kind=flow.sign,
                                             year=today.year, serial=number),
            "student_id": opening.student_id, "school_id": school_id, "class_id": opening.class_id, "grade_id": opening.grade_id, "import_id": import_id,
            "title": opening.title, "state": step.outcome or "open", "step": first, "seat_body_id": seat_body, "seat_duty": seat_duty, "arrived_on": today,
            "due_on": due_on, "calendar_version": calendar.version, "policy_id": policy_id, "starter_id": actor.account_id, "starter_name": actor.name,
            "content": sealing.seal_json(opening.content, "cases", opening.case_id, "content"), "started_at": now, "version": 1,
            "ended_at": now if step.terminal else None, "effective_on": today if step.terminal else None, "route": " ".join(opening.route), "from_school_id": opening.from_school_id, "to_school_id": opening.to_school_id,
            "from_policy_id": opening.from_policy_id, "to_policy_id": opening.to_policy_id, "undoes_id": opening.undoes_id,
        })
        steps.append(_done(opening.case_id, 1, flow.start, school_id, actor, now, "submit", note=note))
        if not step.terminal:
            steps.append(_waiting(opening.case_id, 2, first, seat_body, seat_duty, now, due_on))
        parties += [{"case_id": opening.case_id, "body_id": body} for body in sorted(concerned)]
        findings += [
            {"id": new_id(), "case_id": opening.case_id, "check": found.check, "title": found.title, "level": found.level, "sentence": found.sentence,
             "article": found.article, "at": now}
            for found in opening.findings
        ]
    s.execute(insert(Case.__table__), cases)
    insert_many(s, CaseStep, steps)
    insert_many(s, CaseParty, parties)
    if findings:
        s.execute(insert(CaseFinding.__table__), findings)


def _still_open(s, school_ids):
    """{id: school}. None of them is closed before this act is over: whoever closes one waits, and then finds the case (services.organisations)."""
    rows = s.execute(
        select(Body.id, Body.county_id, Body.short_name, Body.state).where(Body.id.in_(school_ids)).order_by(Body.id).with_for_update(read=True, key_share=True)
    ).all()
    for row in rows:
        if row.state != "open":
            raise Refusal(f"{row.short_name}刚被撤销，不能再为它办理业务，这次没有写入。请向主管教育局核实。")
    return {row.id: row for row in rows}


@dataclass(frozen=True)
class _Begun:
    """A case that is being opened, as `seat_of` and `rules_of` look at one."""

    school_id: int
    policy_id: int | None
    opening: Opening

    @property
    def route(self):
        return " ".join(self.opening.route)

    def __getattr__(self, name):
        return getattr(self.opening, name)


def move(s, cases, flow, action, *, actor, today, now, said=Said(), in_place_of=False) -> None:
    """Take the step for every case (same kind, same step, same way, same schools): end the open row, open the next, or end the case."""
    first = cases[0]
    target = flow.target(flow.line_of(first), first.step, action)
    step = flow.steps[target]
    ids = [case.id for case in cases]
    s.execute(
        update(CaseStep).where(CaseStep.case_id.in_(ids), CaseStep.ended_at.is_(None)).values(
            ended_at=now, actor_id=actor.account_id, actor_name=actor.name, actor_body=actor.body_name, in_place_of=in_place_of, action=action,
            reason=said.reason, note=said.note, answered_on=said.answered_on, paper=said.paper, address=actor.address,
        )
    )
    values = {"step": target, "version": Case.version + 1, "arrived_on": today}
    if step.terminal:
        values |= {"state": step.outcome, "seat_body_id": None, "seat_duty": "", "due_on": None, "ended_at": now}
        if step.outcome == "effective":
            values["effective_on"] = today
    else:
        policy_id = rules_of(first, target)
        # at the other side's audit somebody of that school has just looked at it, and does not look twice
        maker_id = first.starter_id if first.step == flow.start or not first.route else actor.account_id
        seat_body, seat_duty = seat_of(s, flow, first, target, maker_id=maker_id)
        calendar = calendars.held(s)
        due_on = due_of(calendar, step, seat_duty, policies.pinned(s, policy_id), today)
        values |= {"seat_body_id": seat_body, "seat_duty": seat_duty, "due_on": due_on, "calendar_version": calendar.version, "policy_id": policy_id}
        last = dict(s.execute(select(CaseStep.case_id, CaseStep.seq).where(CaseStep.case_id.in_(ids)).order_by(CaseStep.seq)).all())
        s.execute(insert(CaseStep), [_waiting(case_id, last[case_id] + 1, target, seat_body, seat_duty, now, due_on) for case_id in ids])
        _join(s, ids, seat_body)
    if in_place_of:
        _join(s, ids, actor.body_id)
    s.execute(update(Case).where(Case.id.in_(ids)).values(values))


def _join(s, case_ids, body_id):
    """The body is a party from now on."""
    there = set(s.execute(select(CaseParty.case_id).where(CaseParty.case_id.in_(case_ids), CaseParty.body_id == body_id)).scalars())
    if missing := [{"case_id": case_id, "body_id": body_id} for case_id in case_ids if case_id not in there]:
        s.execute(insert(CaseParty), missing)


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
        "ended_at": None, "actor_id": None, "actor_name": "", "actor_body": "", "in_place_of": False, "action": "", "reason": "", "note": "", "answered_on": None, "paper": "",
        "address": "",
    }
