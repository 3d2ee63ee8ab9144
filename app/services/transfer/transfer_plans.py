"""What a transfer comes to before it is handed in: the two sides, the way it goes, the rules of each side, the findings, the evidence.

    plan = transfer_plans.preview(Request(token=found.token, class_id=7, asked=Asked(reason="02", guardian="…")), actor=wang, today=today)
"""

from dataclasses import dataclass, field

from sqlalchemy import bindparam, select

from ... import codes, sealing
from ...errors import NotAllowed, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity import student_numbers
from ...identity.dates import chinese
from ...models import Body, Case, PersonNumber, Student, Term
from ...permissions import require
from ...workflow import checks, transfer_checks
from ...workflow.flows import FLOWS, TRANSFER, TRANSFER_OUT, leaving_route, transfer_route
from ..administration import calendars, organisations, policies
from ..paperwork import papers
from ..problem_records import problems
from ..pupils import conduct, twins
from . import moving, pupil_lookup

SCOPES = {"county": "县内", "province": "省内跨县", "away": "跨省"}
VOCATIONAL = "36"  # 办学类型 361–369
EXPLANATION_MOST = 60  # as many as the box of a 转学证明 holds


@dataclass(frozen=True)
class Outside:
    """A school that is not in this house (DECIDED 1), with its bureau; of a child who comes from there also the grade she reads in."""

    school: str
    office: str
    division_code: str  # of its county
    school_code: str = ""
    stage: str = ""
    advanced_to: int = 0
    length: int = 0

    def cohort(self, goal):
        """The grade that she reads in; it was entered when her new class-mates would have entered it."""
        if not self.stage:
            return None
        return transfer_checks.Cohort(self.stage, self.advanced_to, self.length, goal.entry_year + goal.advanced_to - self.advanced_to)


@dataclass(frozen=True)
class Asked:
    """What the form asks beyond the two schools."""

    reason: str
    explanation: str = ""
    guardian: str = ""
    guardian_relation: str = ""  # a code
    guardian_phone: str = ""
    effective_on: str = ""  # the day that is wished for, in ISO form
    special: bool = False
    evidence: tuple = ()  # what is handed in


@dataclass(frozen=True)
class Request:
    """The child: `token` of a look-up, `student_id` of one's own pupil, or the `record` of one who has none here. The other school: `to_school_id`, or `outside`."""

    asked: Asked
    token: str = ""
    student_id: int | None = None
    record: dict | None = None
    class_id: int | None = None
    to_school_id: int | None = None
    outside: Outside | None = None


@dataclass
class Plan:
    """What a request comes to: the two sides, the way, the rules, the findings."""

    name: str
    from_school_id: int | None
    to_school_id: int | None
    county_id: int  # where it is begun
    cohort: transfer_checks.Cohort
    place: moving.Place | None
    scope: str
    route: tuple
    evidence: tuple  # the kinds that its ground asks for
    from_policy_id: int | None
    to_policy_id: int | None
    findings: list = field(default_factory=list)
    student: object = None
    outside: Outside | None = None

    @property
    def flow(self):
        """系统外转出 is one to another province, to a school that is not in this house (workflows.md 6)."""
        return TRANSFER_OUT if self.to_school_id is None and self.scope == "away" else TRANSFER


def preview(request: Request, *, actor, today) -> Plan:
    """For the page that is read before handing in. Nothing is held by it."""
    return draw_up(db.session, request, actor=actor, today=today)


# asked by every application, so made once
STUDENTS, BODIES, CASES, TERMS = Student.__table__.c, Body.__table__.c, Case.__table__.c, Term.__table__.c
STUDENT = select(
    STUDENTS.id, STUDENTS.name, STUDENTS.county_id, STUDENTS.school_id, STUDENTS.grade_id, STUDENTS.class_id, STUDENTS.lifecycle, STUDENTS.status, STUDENTS.version,
).where(STUDENTS.id == bindparam("student"), STUDENTS.lifecycle.in_(("live", "left")))
HELD_STUDENT = STUDENT.with_for_update()
SCHOOLS = (
    select(BODIES.id, BODIES.name, BODIES.here, BODIES.county_id, BODIES.city_id, BODIES.province_id, BODIES.division_code, BODIES.school_type, BODIES.school_code)
    .where(BODIES.id.in_(bindparam("schools", expanding=True)), BODIES.tier == "school", BODIES.state == "open")
)
HERE = select(BODIES.id).where(BODIES.id.in_(bindparam("bodies", expanding=True)), BODIES.here)
OPEN_CASE = (
    select(CASES.id, CASES.number, CASES.kind, CASES.starter_name, CASES.started_at, BODIES.name.label("school"))
    .join_from(Case.__table__, Body.__table__, BODIES.id == CASES.school_id)
    .where(Case.holds(bindparam("student")), CASES.state == "open", CASES.id != bindparam("apart_from")).order_by(CASES.id).limit(1)
)
TERM_ENDS = select(TERMS.ends_on).where(TERMS.county_id == bindparam("county"), TERMS.year == bindparam("year"), TERMS.number == 1)


def draw_up(s, request, *, actor, today, lock=False, apart_from=None, on=None) -> Plan:
    """The plan of a request. `on` is the day of the first application, where it is handed in again: time once kept stays kept."""
    require(actor, "case.start")
    _check_asked(request)
    student = _student(s, request, actor, lock)
    if student is None or student.status == moving.GONE:
        sides = (None, actor.school_id)  # from elsewhere
    elif student.school_id == actor.school_id and (request.to_school_id or request.outside):
        sides = (actor.school_id, request.to_school_id)  # a pupil of ours who goes
    else:
        sides = (student.school_id, actor.school_id)
    schools = _schools(s, sides)
    outside = request.outside or _outside_body(s, schools, sides)
    sides = tuple(school if school in schools and schools[school].here else None for school in sides)
    _check_sides(sides, outside, student, request)
    day = on or today
    theirs, ours = (policies.in_force(s, schools[school].county_id, day) if school else None for school in (sides[1], sides[0]))
    rules, own = (policies.policy_of(row) for row in (theirs if sides[1] else ours, ours if sides[0] else theirs))
    place = moving.place(s, request.class_id, rules, lock=lock and not sides[0]) if request.class_id else None  # only who comes from elsewhere holds a place from now on
    _check_place(place, sides, actor)
    cohort = moving.cohort_of(s, student.grade_id) if sides[0] else outside.cohort(place.goal.cohort)
    if cohort is None:
        raise Refusal("请填写学生在原学校就读的年级", field="from_grade")
    starter = "to" if actor.school_id == sides[1] else "from"
    away_side = "to" if sides[1] is None else "from" if sides[0] is None else ""
    scope = _scope(schools, sides, outside)
    plan = Plan(
        student.name if student is not None else request.record["name"], *sides, actor.county_id, cohort, place, scope,
        _way(s, schools, sides, outside, cohort, starter, scope, rules, own, day), transfer_checks.evidence_for(request.asked.reason, elsewhere=away_side),
        ours and ours.id, theirs and theirs.id, student=student, outside=outside,
    )
    plan.findings = _findings(s, plan, request, rules, own, schools, actor=actor, day=day, apart_from=apart_from)
    return plan


def _check_asked(request):
    asked, wrong = request.asked, []
    if asked.reason not in transfer_checks.GROUNDS:
        wrong.append(Refusal("请选择转学原因；整班转学由乡镇中心学校另行办理", field="reason"))
    if (asked.reason == "99" or asked.special) and not asked.explanation.strip():
        wrong.append(Refusal("其他特殊原因和特殊情况须写明具体情况", field="explanation"))
    if len(asked.explanation) > EXPLANATION_MOST:
        wrong.append(Refusal(f"情况说明最多 {EXPLANATION_MOST} 个字，请写短一些", field="explanation"))
    if not asked.guardian.strip():
        wrong.append(Refusal("请填写提出申请的监护人姓名", field="guardian"))
    if outside := request.outside:
        if not outside.school.strip():
            wrong.append(Refusal("请填写系统外学校的全称", field="outside_school"))
        if not outside.office.strip():
            wrong.append(Refusal("请填写系统外学校的主管教育行政部门", field="outside_office"))
        if not codes.divisions.is_county(outside.division_code):
            wrong.append(Refusal("请选择系统外学校所在的县（市、区）", field="outside_county"))
    typed = {"explanation": asked.explanation, "guardian": asked.guardian} | ({"outside_school": outside.school, "outside_office": outside.office} if outside else {})
    wrong += [Refusal(sentence, field=name) for name, text in typed.items() if (sentence := papers.cannot_print(text))]  # what the last desk would be refused
    if wrong:
        raise Refusals(wrong)


def _student(s, request, actor, lock):
    if request.record is not None:
        return None
    student_id = pupil_lookup.student_of(request.token, actor) if request.token else request.student_id
    row = s.execute(HELD_STUDENT if lock else STUDENT, {"student": student_id}).one_or_none()
    if row is None or (not request.token and row.school_id != actor.school_id):
        raise NotFound
    return row


def _schools(s, sides):
    return {row.id: row for row in s.execute(SCHOOLS, {"schools": [school for school in sides if school]})}


def _outside_body(s, schools, sides):
    """A school that the house knows by name only."""
    away = next((schools[school] for school in sides if school in schools and not schools[school].here), None)
    if away is None:
        return None
    office = s.execute(select(Body.name).where(Body.id == away.county_id)).scalar() or ""
    return Outside(away.name, office, away.division_code, away.school_code or "")


def _check_sides(sides, outside, student, request):
    if None in sides and outside is None:
        field = "outside_school" if sides[0] is None else "to_school"
        raise Refusal("请选择转入学校；学校不在本系统的，填写系统外学校" if sides[0] else "学生的学籍不在本系统，请填写系统外的原学校", field=field)
    if sides == (None, None):
        raise NotFound
    if sides[0] is None and request.class_id is None:
        raise Refusal("请选择学生编入的班级", field="to_class")
    if student is not None and student.status == moving.GONE and request.outside is None:
        raise Refusal("学生已经转出到系统外，请填写现在就读的学校", field="outside_school")


def _check_place(place, sides, actor):
    if place is not None and (place.school_id != sides[1] or place.state != "open"):
        raise Refusal("请选择转入学校在用的班级", field="to_class")
    if place is None and sides[1] == actor.school_id:
        raise Refusal("请选择学生编入的班级", field="to_class")


def _scope(schools, sides, outside):
    one, other = (schools[school].division_code if school else outside.division_code for school in sides)
    return "county" if one == other else "province" if one[:2] == other[:2] else "away"


def _way(s, schools, sides, outside, cohort, starter, scope, rules, own, day):
    """The way by the rules of the lowest authority over both schools, else of the receiving county; without one here, of ours (DECIDED 3)."""
    two = [schools.get(school) for school in sides]
    both = all(two)
    common = next((getattr(two[0], tier) for tier in ("county_id", "city_id", "province_id") if getattr(two[0], tier) == getattr(two[1], tier)), None) if both else None
    order = policies.policy_for(s, common or (two[1] or two[0]).county_id, day)
    if both and order.start_by != f"{starter}_school":
        whose = "转入" if order.start_by == "to_school" else "转出"
        raise NotAllowed(f"按本地规则，转学由{whose}学校发起申请（{order.article('start_by')}）。")
    above = organisations.deciding_offices(s, {school.id for school in two if school})
    offices = {side: school and above[school.id] for side, school in zip(("from", "to"), two, strict=True)}
    seats = _seats(s, two, offices)
    same_office = both and offices["from"] == offices["to"]
    provinces = order.province_steps and (two[0].province_id != two[1].province_id if both else outside.division_code[:2] != (two[1] or two[0]).division_code[:2])
    here = set(s.execute(HERE, {"bodies": sorted({body for body in seats.values() if body})}).scalars())
    cities = _cities(seats, offices, both) if cohort.stage == "3" and order.city_steps_senior else ()
    first, facts = order.start_by.removesuffix("_school"), {
        "cities": cities, "provinces": provinces, "away": frozenset(name for name, body in seats.items() if body not in here),
        "audited": [side for side, of_side in (("to", rules), ("from", own)) if of_side.second_person_school],
    }
    if two[1] is None and scope == "away":
        return leaving_route(first=first, **facts)
    return transfer_route(first=first, starter=starter, same_office=same_office, instruction=bool(both and not same_office and own.release_instruction), far=scope == "away", **facts)


def _seats(s, two, offices):
    """{step: the body it would stand at}"""
    seats = {}
    for side, school in zip(("from", "to"), two, strict=True):
        at = {"registrar": "id", "audit": "id", "city": "city_id", "province": "province_id"}
        seats |= {f"{side}_{name}": getattr(school, column) if school else None for name, column in at.items()}
        seats[f"{side}_county"] = offices[side]
    return seats | {"county": offices["from"] or offices["to"], "city": seats["from_city"] or seats["to_city"]}


def _cities(seats, offices, both):
    """The city bureaus that a senior transfer goes through: one where both lie in it; none where it is the deciding office already."""
    if both and seats["from_city"] == seats["to_city"]:
        return ("city",) if seats["city"] not in offices.values() else ()
    return tuple(f"{side}_city" for side in ("to", "from") if seats[f"{side}_city"] != offices[side] or seats[f"{side}_city"] is None)


# ---------------------------------------------------------------- findings

def _findings(s, plan, request, rules, own, schools, *, actor, day, apart_from):
    ours = plan.to_school_id or plan.from_school_id
    county_id = schools[ours].county_id
    releasing = schools[plan.from_school_id].county_id if plan.from_school_id else county_id
    types = tuple((schools[school].school_type or "").startswith(VOCATIONAL) if school else False for school in (plan.from_school_id, plan.to_school_id))
    student = plan.student
    status = None if plan.from_school_id is None else student.status
    goal = plan.place.goal if plan.place else None
    found = transfer_checks.transfer(transfer_checks.TransferFacts(
        today=day, rules=rules, own=own, calendar=calendars.calendar(s), terms=tuple(tuple(term) for term in calendars.terms(s, county_id)), cohort=plan.cohort,
        goal=goal, status=status, status_title=codes.table("student_current_status").label(status) if status else "",
        open_case=open_case(s, student.id, apart_from) if student is not None else "", punished=student is not None and conduct.punished(s, student.id),
        problem=student is not None and problems.is_open(s, student.id), first_term_ends=_first_term_ends(s, releasing, plan.cohort),
        same_school=plan.from_school_id == plan.to_school_id, vocational=types if all((plan.from_school_id, plan.to_school_id)) else (False, False),
        special=request.asked.special, missing=_missing(plan, request),
    ))
    if request.record is not None:
        found += record_findings(s, request.record, rules, actor=actor, day=day, apart_from=apart_from)
    elif plan.from_school_id and (told := papers.cannot_print(plan.name)):
        sentence, _, cure = told.rstrip("。").partition("。")
        found.append(checks.Finding("printing", "转学证明", "warn", sentence, "没有字库的字不能空着开具证明", "", cure))
    return found


def _missing(plan, request):
    return tuple(TRANSFER.evidence[kind] for kind in plan.evidence if kind not in request.asked.evidence)


def open_case(s, student_id, apart_from):
    """What is under way of hers, in words; "" for nothing. Two can be: a death, a correction by the county stands beside another (DECIDED 15)."""
    row = s.execute(OPEN_CASE, {"student": student_id, "apart_from": apart_from or 0}).one_or_none()
    if row is None:
        return ""
    title = FLOWS[row.kind].title if row.kind in FLOWS else row.kind
    return f"{row.number}（{title}），{row.school}的{row.starter_name}在 {chinese(row.started_at.date())} {row.started_at:%H:%M} 提交"


def _first_term_ends(s, county_id, cohort):
    return s.execute(TERM_ENDS, {"county": county_id, "year": cohort.entry_year}).scalar()


def record_findings(s, record, rules, *, actor, day, apart_from=None):
    """Of a child who comes with a record from elsewhere: what a new record is asked, but age and plan; and the 学籍号 that she was given (workflows 5)."""
    held = s.execute(select(Case.student_id).where(Case.id == apart_from)).scalar() if apart_from else None
    facts = checks.EnrolmentFacts(record=record, guardians=record.get("guardians", []), policy=rules, stage="", year=0, today=day,
                                  twins=twins.find(s, record, actor=actor, apart_from=held))
    found = []
    for check in (checks.check_number, checks.check_birth, checks.check_sex, checks.check_documents, checks.check_guardians, checks.check_children, checks.check_twins):
        found += check(facts)
    article = "2013年办法第五条、第六条（学籍号终身不变，一人一籍）"
    number = record.get("national_no") or ""
    problem = student_numbers.national_problem(number) if number else ("block", "请填写原学校的学籍号：转学不另给号")
    level, sentence = problem or ("pass", "按原学籍号登记")
    found.append(checks.Finding("national_no", "学籍号", level, sentence, article, "national_no", "照学籍卡填写"))
    taken = number and s.execute(select(PersonNumber.student_id).where(
        PersonNumber.kind == "national_no", PersonNumber.index == sealing.blind_index("national_no", number), PersonNumber.student_id != (held or 0))).scalar()
    if taken:
        found.append(checks.Finding("national_no", "学籍号", "block", "系统中已有这个学籍号", article, "national_no", "请先查找学生，再申请转学"))
    return found
