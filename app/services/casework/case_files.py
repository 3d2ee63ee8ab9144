"""Opening cases and moving them from desk to desk: numbers, seats, steps, due dates. What may be done stands in services.casework.cases."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import bindparam, exc, exists, insert, select, update

from ... import sealing
from ...errors import MovedOn, NotAllowed, NotFound, Refusal
from ...extensions import insert_many
from ...identity import student_numbers
from ...identity.items import PUPIL_ITEMS
from ...models import Body, Case, CaseFinding, CaseParty, CaseStep, Counter, new_id
from ...permissions import DUTIES, visible_cases
from ...workflow import deadlines
from ...workflow.change import OFFICE
from ...workflow.changes import STATUS_CHANGES
from ...workflow.flows import FLOWS, days_of, side_of
from ..administration import calendars, organisations, policies
from .telling import tell


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
    into_student_id: int | None = None  # of a merge
    beside: bool = False


@dataclass(frozen=True)
class Said:
    """What goes with a step taken: the reason and the words of whoever took it, and the answer of an office elsewhere."""

    reason: str = ""
    note: str = ""
    answered_on: date | None = None
    paper: str = ""


# what every step of every case says to the database, made once: making a statement takes longer than sending it
CASES, STEPS, PARTIES, COUNTERS, BODIES = (model.__table__ for model in (Case, CaseStep, CaseParty, Counter, Body))
THESE = bindparam("cases", expanding=True)
BEGUN = select(*(CASES.c[name] for name in ("id", "kind", "number", "county_id", "student_id", "into_student_id", "from_school_id", "to_school_id", "undoes_id", "content"))).where(
    CASES.c.id == bindparam("case"))
COUNT_ON = update(COUNTERS).where(COUNTERS.c.key == bindparam("counter")).values(last=COUNTERS.c.last + bindparam("count")).returning(COUNTERS.c.last)
END_STEP = update(STEPS).where(STEPS.c.case_id.in_(THESE), STEPS.c.ended_at.is_(None)).returning(STEPS.c.case_id, STEPS.c.seq)
MOVE = update(CASES).where(CASES.c.id.in_(THESE)).values(version=CASES.c.version + 1)
JOIN = insert(PARTIES).from_select(["case_id", "body_id"], select(CASES.c.id, bindparam("body", type_=PARTIES.c.body_id.type)).where(
    CASES.c.id.in_(THESE), ~exists().where(PARTIES.c.case_id == CASES.c.id, PARTIES.c.body_id == bindparam("body"))))
COUNTY = BODIES.alias()
SCHOOLS = (
    select(BODIES.c.id, BODIES.c.county_id, BODIES.c.short_name, BODIES.c.state, COUNTY.c.abbreviation, COUNTY.c.name.label("county"))
    .join(COUNTY, COUNTY.c.id == BODIES.c.county_id).where(BODIES.c.id.in_(bindparam("schools", expanding=True))).order_by(BODIES.c.id)
    .with_for_update(of=BODIES, read=True, key_share=True)
)
ABOVE = select(BODIES.c.city_id, BODIES.c.province_id).where(BODIES.c.id == bindparam("body"))


def take_numbers(s, key, count=1) -> int:
    """The first of `count` numbers in a row that nobody else gets; the counter's row is held until the act is over."""
    last = s.execute(COUNT_ON, {"counter": key, "count": count}).scalar()
    if last is None:
        try:
            with s.begin_nested():
                s.execute(insert(COUNTERS), {"key": key, "last": count})
            last = count
        except exc.IntegrityError:  # somebody else began this counter just now
            last = s.execute(COUNT_ON, {"counter": key, "count": count}).scalar_one()
    return last - count + 1


def school_of(flow, case, name):
    """The id of the school at which, or above which, the desk of a step stands."""
    if flow.steps[name].seat == "applicant" or not (case.to_school_id or case.from_school_id):
        return case.school_id
    return {"to": case.to_school_id, "from": case.from_school_id, "": case.to_school_id or case.from_school_id}[side_of(name)]


def began(case, person) -> bool:
    """Whether this person sits where the case was begun, or, of one that an office began, began it."""
    if _of_office(case):
        return person.account_id == case.starter_id
    return (person.body_id, person.duty) == (case.school_id, FLOWS[case.kind].begun_by)


def desk_of_beginning(s, case):
    """(body, duty) of the desk at which the case was begun."""
    return organisations.deciding_seat(s, case.school_id) if _of_office(case) else (case.school_id, FLOWS[case.kind].begun_by)


def _of_office(case):
    change = STATUS_CHANGES.get(case.kind)
    return bool(change and change.of_office(case)) or FLOWS[case.kind].begun_by == OFFICE


def seat_of(s, flow, case, name, *, maker_id):
    """(body, duty) of the desk of step `name` for a case, or an Opening with its `school_id`. `maker_id` made what a school's audit looks at."""
    route = list(flow.line_of(case))
    seat = flow.steps[name].seat
    while seat == "before":
        name = route[route.index(name) - 1]
        seat = flow.steps[name].seat
    school_id = school_of(flow, case, name)
    if seat == "applicant":
        return school_id, flow.begun_by
    if seat == "registrar":
        return school_id, "school_registrar"
    if seat == "source":
        return case.from_school_id, "county_officer"
    if seat == "audit":
        return organisations.checker_seat(s, school_id, maker_id)
    if seat in ("city", "province"):
        return getattr(s.execute(ABOVE, {"body": school_id}).one(), f"{seat}_id"), f"{seat}_officer"
    return organisations.deciding_seat(s, school_id)


def rules_of(case, name):
    """The version of the rules that a step of this case goes by: those of the seat's own side (DECIDED 3)."""
    if not case.route or not (case.to_school_id or case.from_school_id):
        return case.policy_id
    side = side_of(name) or ("to" if case.to_school_id else "from")
    return case.to_policy_id if side == "to" else case.from_policy_id


def due_of(calendar, step, duty, policy, arrived_on):
    return deadlines.due(calendar, arrived_on, policy[days_of(step, duty)]) if step.days else None


def is_over(step, due_on, today) -> bool:
    """Whether a step that lapses has come to the end of its time, even if the clock has yet to end the case."""
    return "lapse" in step.moves and today > due_on


def begin(s, flow, openings: list[Opening], *, school_id, actor, today, now, import_id=None, note="") -> None:
    """Open a case for each, submitted: it stands on the desk after the applicant's, or takes effect where there is none. One statement per table.

    Openings of a transfer are begun one at a time.
    """
    school = _still_open(s, {school_id, openings[0].to_school_id} - {None})[school_id]
    rules = policies.in_force(s, school.county_id, today)
    policy = policies.policy_of(rules)
    like = _Begun(school_id, rules and rules.id, openings[0])
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
            "number": student_numbers.render(policy.case_number_template, grows=True, county=school.abbreviation or school.county[:1], kind=flow.sign,
                                             year=today.year, serial=number),
            "student_id": opening.student_id, "school_id": school_id, "class_id": opening.class_id, "grade_id": opening.grade_id, "import_id": import_id,
            "title": opening.title, "state": step.outcome or "open", "step": first, "seat_body_id": seat_body, "seat_duty": seat_duty, "arrived_on": today,
            "due_on": due_on, "calendar_version": calendar.version, "policy_id": policy_id, "starter_id": actor.account_id, "starter_name": actor.name,
            "content": sealing.seal_json(opening.content, "cases", opening.case_id, "content"), "started_at": now, "version": 1,
            "ended_at": now if step.terminal else None, "effective_on": today if step.terminal else None, "route": " ".join(opening.route), "from_school_id": opening.from_school_id, "to_school_id": opening.to_school_id,
            "from_policy_id": opening.from_policy_id, "to_policy_id": opening.to_policy_id, "undoes_id": opening.undoes_id, "beside": opening.beside,
            "into_student_id": opening.into_student_id,
        })
        steps.append(_done(opening.case_id, 1, flow.start, school_id, actor, now, "submit", note=note))
        if not step.terminal:
            steps.append(_waiting(opening.case_id, 2, first, seat_body, seat_duty, now, due_on))
        parties += [{"case_id": opening.case_id, "body_id": body} for body in sorted(concerned)]
        findings += _findings(opening.case_id, opening.findings, now)
    s.execute(insert(CASES), cases)
    insert_many(s, CaseStep, steps)
    insert_many(s, CaseParty, parties)
    insert_many(s, CaseFinding, findings)


def begin_one(s, flow, opening, **rest) -> int:
    """`begin` for one case, told on the trace. Returns its id."""
    begin(s, flow, [opening], **rest)
    case = s.execute(BEGUN, {"case": opening.case_id}).one()
    tell(s, "case.started", [case], rest["actor"], kind=case.kind, number=case.number)
    return case.id


def to_mend(s, case_id, kinds, *, actor, version):
    """The case of one of these kinds that came back to the actor's desk (退回补正), locked, as the actor was looking at it: its `version`."""
    case = s.scalars(visible_cases(actor).where(Case.id == case_id, Case.kind.in_(kinds)).with_for_update(of=Case)).one_or_none()
    if case is None:
        raise NotFound
    flow = FLOWS[case.kind]
    if case.state != "open" or case.step != flow.start or case.version != version:
        raise MovedOn(f"这件{flow.title}已经提交或终结，您这次填的没有写入，请打开它看最新的情况。")
    if (actor.body_id, actor.duty) != (case.seat_body_id, case.seat_duty):
        raise NotAllowed(f"退回的{flow.title}由申请单位的{DUTIES[case.seat_duty]}补正。")
    return case


def submit_again(s, case, content=None, *, changes, actor, today, now, note="") -> int:
    """Hand in what `to_mend` gave, with what it keeps now where its form is kept in the case. `changes` is what the trace tells: {title: [before, now]}. Returns its id."""
    if content:
        keep(case, content)
    case.mend = None
    s.flush()
    move(s, [case], FLOWS[case.kind], "submit", actor=actor, today=today, now=now, said=Said(note=note))
    tell(s, "case.resubmitted", [case], actor, kind=case.kind, number=case.number, changes=changes)
    return case.id


def find_again(s, case_id, found, *, now) -> None:
    """What the rules say of a case that was handed in again; what they said before is past."""
    s.execute(update(CaseFinding).where(CaseFinding.case_id == case_id).values(level="past"))
    insert_many(s, CaseFinding, _findings(case_id, found, now))


def _still_open(s, school_ids):
    """{id: school}. None of them is closed before this act is over: whoever closes one waits, and then finds the case (services.administration.organisations)."""
    rows = s.execute(SCHOOLS, {"schools": sorted(school_ids)}).all()
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
    these = {"cases": [case.id for case in cases]}
    ended = _end_step(s, these, action, actor=actor, now=now, said=said, in_place_of=in_place_of)
    values = {"step": target, "arrived_on": today, "agreed_by_id": None}
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
        if _same_office(flow, first, step, seat_body, seat_duty):
            due_on, values["arrived_on"] = first.due_on, first.arrived_on
        values |= {"seat_body_id": seat_body, "seat_duty": seat_duty, "due_on": due_on, "calendar_version": calendar.version, "policy_id": policy_id}
        insert_many(s, CaseStep, [_waiting(row.case_id, row.seq + 1, target, seat_body, seat_duty, now, due_on) for row in ended])
        s.execute(JOIN, these | {"body": seat_body})
    if in_place_of:
        s.execute(JOIN, these | {"body": actor.body_id})
    s.execute(MOVE, these | values)


def _same_office(flow, case, step, body_id, duty) -> bool:
    """A school's registrar and its audit are one office with one clock (办法第十五条: 应当分别在10个工作日内): the second has what the first has left."""
    here = flow.steps[case.step]
    return body_id == case.seat_body_id and step.seat != "before" and days_of(step, duty) == days_of(here, case.seat_duty)


def hold(s, cases, *, actor, now, said) -> None:
    """The first of two persons has agreed: the case stays on its desk, its clock runs on, and a second looks at it."""
    these, here = {"cases": [case.id for case in cases]}, {case.id: case for case in cases}
    ended = _end_step(s, these, "approve", actor=actor, now=now, said=said)
    insert_many(s, CaseStep, [
        _waiting(row.case_id, row.seq + 1, here[row.case_id].step, here[row.case_id].seat_body_id, here[row.case_id].seat_duty, now, here[row.case_id].due_on) for row in ended])
    s.execute(MOVE, these | {"agreed_by_id": actor.account_id})


def _end_step(s, these, action, *, actor, now, said, in_place_of=False):
    return s.execute(END_STEP, these | {
        "ended_at": now, "actor_id": actor.account_id, "actor_name": actor.name, "actor_body": actor.body_name, "in_place_of": in_place_of, "action": action,
        "reason": said.reason, "note": said.note, "answered_on": said.answered_on, "paper": said.paper, "address": actor.address,
    }).all()


def _findings(case_id, found, now):
    return [
        {"id": new_id(), "case_id": case_id, "check": one.check, "title": one.title, "level": one.level, "sentence": one.sentence, "article": one.article, "at": now}
        for one in found
    ]


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


# ---------------------------------------------------------------- what a case keeps of its form

def content_of(case) -> dict:
    return sealing.unseal_json(case.content, "cases", case.id, "content") or {}


def keep(case, content) -> None:
    case.content = sealing.seal_json(content, "cases", case.id, "content")


def answered(answers, before=()) -> dict:
    """The content of a case that was made of a form: its answers by field; `before` is what the record said of the items that it changes."""
    told = {"answers": {name: plain(value) for name, value in answers.items()}}
    return told | {"before": {name: plain(value) for name, value in before.items()}} if before else told


def changed(titles, before, after) -> dict:
    """{title: [before, now]} of the answers that are others now, as `submit_again` tells them."""
    return {title: [before[name], after[name]] for name, title in titles.items() if before[name] != after[name]}


def plain(value):
    return value.isoformat() if isinstance(value, date) else value


def answers_of(case) -> dict:
    """The answers of the form that a case was made of; dates are dates again."""
    return _kept(case, "answers")


def before_of(case) -> dict:
    """What the record said, when it was applied for, of the items that the case changes."""
    return _kept(case, "before")


def _kept(case, part):
    told = content_of(case).get(part, {})
    return {name: date.fromisoformat(value) if value and _is_date(name) else value for name, value in told.items()}


def _is_date(name):
    return name.endswith("_on") or (name in PUPIL_ITEMS and PUPIL_ITEMS[name].kind == "date")
