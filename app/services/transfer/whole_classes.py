"""整班转学 (workflows.md 7): a township's school is closed or redrawn, and whole classes go to another school of the county in one act, with one list for all.

Who cannot go along stays behind in the list with the reason: a case under way, a status other than 在读, a record in question. The list is made when it is
handed in, and asked again when it takes effect: whoever cannot go by then stays behind too.
"""

from collections import Counter as Count
from dataclasses import dataclass, field

from sqlalchemy import exists, func, select, update

from ... import codes
from ...errors import MovedOn, NotFound, Refusal, Refusals
from ...identity import grades
from ...models import Body, Case, Class, Grade, ProblemRecord, Student
from ...permissions import require, schools_of
from ...policies.sources import N25
from ...policies.values import in_season
from ...workflow import transfer_checks
from ...workflow.checks import Finding
from ...workflow.school_cases import WHOLE_CLASS, WHOLE_CLASS_ASKS, unsaid
from ..administration import organisations, policies
from ..casework import case_files
from ..intake import enrolments
from ..paperwork import class_lists
from ..pupils import records
from ..standing import balance
from ..transactions import writes
from . import moving


@dataclass(frozen=True)
class Asked:
    """`moves` is ((class, class that it joins), …)."""

    from_school_id: int
    to_school_id: int
    moves: tuple
    explanation: str
    document: str


@dataclass
class One:
    """One class of the list: its pupils who go, and those who stay behind with their reason."""

    old: moving.Place
    new: moving.Place
    go: list  # rows of PUPILS
    stay: list  # (row, why)


@dataclass
class Plan:
    title: str
    from_school: str
    to_school: str
    classes: list
    findings: list = field(default_factory=list)


# ---------------------------------------------------------------- the list

OTHER_CASE = select(Case.number).where(Case.holds(Student.id), Case.state == "open").order_by(Case.id).limit(1).scalar_subquery()
IN_QUESTION = exists().where(ProblemRecord.student_id == Student.id, ProblemRecord.state == "open")
PUPILS = (
    Student.id, Student.name, Student.sex, Student.birth_date, Student.status, Student.lifecycle, Student.class_no, Student.national_no_sealed, Student.school_id, Student.county_id,
    Student.grade_id, Student.class_id, Student.version, OTHER_CASE.label("other_case"), IN_QUESTION.label("in_question"),
)


def of_class(s, class_id, *, lock=False) -> tuple[list, list]:
    """(who can go, [(who stays behind, why)]) of those who are held in a class, by seat."""
    query = select(*PUPILS).where(Student.class_id == class_id, Student.lifecycle.in_(("pending", "live"))).order_by(func.length(Student.class_no), Student.class_no, Student.id)
    go, stay = [], []
    for row in s.execute(query.with_for_update(of=Student) if lock else query):
        why = _why_not(row)
        if why:
            stay.append((row, why))
        else:
            go.append(row)
    return go, stay


def _why_not(row) -> str:
    if row.other_case:
        return f"有在办业务 {row.other_case}"
    if row.status != "01":
        return f"学籍状态是“{codes.table('student_current_status').label(row.status) if row.status else '正在登记'}”"
    return "学籍列为问题学籍，还没有处理" if row.in_question else ""


def draw_up(s, asked: Asked, *, actor, today, lock=False, policy=None) -> Plan:
    """What a request comes to, with every check; all that is wrong in the form is told at once. `today` and `policy` are those of the first application, where it is
    handed in again."""
    require(actor, "class.transfer")
    old, new = _schools(s, asked, actor)
    policy = policy or policies.policy_for(s, old.county_id, today)
    _check_form(asked)
    if lock:
        records.hold_classes(s, {class_id for move in asked.moves for class_id in move})
    places = {class_id: moving.place(s, class_id, policy) for move in asked.moves for class_id in move}
    _check_classes(asked, places)
    classes = [One(places[one], places[other], *of_class(s, one)) for one, other in asked.moves]
    going = sum(len(one.go) for one in classes)
    if not going:
        raise Refusal("所选的班级里没有可以转学的学生，请核对留在原班的原因", field="explanation")
    title = f"{old.short_name}{len(classes)}个班"
    return Plan(title, old.name, new.name, classes, _findings(classes, policy, today))


def _schools(s, asked, actor):
    """The two schools; the old one is the township's own, and one bureau decides for both."""
    rows = {row.id: row for row in s.execute(select(Body.id, Body.name, Body.short_name, Body.county_id, Body.here).where(
        Body.id.in_((asked.from_school_id, asked.to_school_id)), Body.tier == "school", Body.state == "open"))}
    if asked.from_school_id not in rows or not s.execute(schools_of(actor).where(Body.id == asked.from_school_id)).first():
        raise NotFound
    if asked.to_school_id not in rows or asked.to_school_id == asked.from_school_id:
        raise Refusal("请选择转入学校，不能与转出学校相同", field="to_school")
    offices = organisations.deciding_offices(s, set(rows))
    if offices[asked.from_school_id] != offices[asked.to_school_id] or not rows[asked.to_school_id].here:
        raise Refusal("两所学校不归同一个教育局管，不能整班转学。请逐人办理转学", field="to_school")
    return rows[asked.from_school_id], rows[asked.to_school_id]


def _check_form(asked):
    wrong = [] if asked.moves else [Refusal("请至少为一个班选择转入班级", field="moves")]
    wrong += unsaid(asked, WHOLE_CLASS_ASKS, {"explanation": "请写明为什么整班转学，例如“学校撤并，三年级并入城关小学”", "document": "请填写批准文件的名称和文号"})
    if wrong:
        raise Refusals(wrong)


def _check_classes(asked, places):
    wrong = []
    for one, other in asked.moves:
        old, new = places[one], places[other]
        if old.school_id != asked.from_school_id or old.state != "open":
            raise NotFound
        if new.school_id != asked.to_school_id or new.state != "open":
            wrong.append(Refusal(f"{old.goal.title}：请选择转入学校在用的班级", field=f"class_{one}"))
    if wrong:
        raise Refusals(wrong)


def _findings(classes, policy, today):
    """Grade and size of each class, by the rules of a transfer; the season. Neither the window of applications nor the first term binds what the authority redraws."""
    found = []
    if in_season(today, policy.pause_from, policy.pause_to):
        found.append(Finding("pause", "暂停期", "block", f"{policy.pause_from}至{policy.pause_to}全国暂停受理转学", policy.article("pause_from"), "", f"请在{policy.pause_to}以后申请"))
    for one in classes:
        facts = transfer_checks.TransferFacts(today=today, rules=policy, own=policy, calendar=None, terms=(), cohort=one.old.goal.cohort, goal=one.new.goal)
        if one.old.goal.cohort.final and in_season(today, policy.graduating_stop, policy.promotion_on):
            found.append(Finding("graduating", "毕业年级", "block", f"{one.old.goal.title}是毕业年级，自{policy.graduating_stop}起停止受理新业务", policy.article("graduating_stop"),
                                 f"class_{one.old.class_id}", "毕业以后由升入的学校办理调档"))
        found += [_at(finding, one) for finding in transfer_checks.check_grade(facts)]
    return found + _sizes(classes, policy)


def _at(finding, one):
    return Finding(finding.check, finding.title, finding.level, f"{one.old.goal.title}：{finding.sentence}", finding.article, f"class_{one.old.class_id}", finding.cure)


def _sizes(classes, policy):
    """Classes that go into one are counted together."""
    found, joining = [], Count()
    for one in classes:
        joining[one.new.class_id] += len(one.go)
    for one in {one.new.class_id: one for one in classes}.values():
        goal, coming = one.new.goal, joining[one.new.class_id]
        article = policy.article(transfer_checks.limit_setting(goal.cohort.stage, goal.kind))
        after = goal.headcount + coming
        if after > goal.limit:
            found.append(Finding("class_limit", "班额", "block", f"{goal.title}已有 {goal.headcount} 人，转入 {coming} 人后超过班额 {goal.limit} 人", article,
                                 f"class_{one.old.class_id}", "请改编入其他班，或由教育局调整班额"))
        else:
            found.append(Finding("class_limit", "班额", "pass", f"{goal.title}转入后 {after} 人，班额 {goal.limit} 人", article))
    stay = [f"{row.name}（{why}）" for one in classes for row, why in one.stay]
    if stay:
        found.append(Finding("stay", "留在原班", "warn", f"{len(stay)} 人不随班转学：{'、'.join(stay[:8])}{'等' if len(stay) > 8 else ''}", f"{N25}第十五条"))
    return found


# ---------------------------------------------------------------- applying

@writes
def apply(s, asked: Asked, *, actor, today, now, note=""):
    """Returns the case's id."""
    plan = draw_up(s, asked, actor=actor, today=today, lock=True)
    enrolments.refuse_blocks(plan.findings)
    _refuse_second(s, asked)
    opening = case_files.Opening(title=plan.title, content=_content(asked, plan), findings=plan.findings, from_school_id=asked.from_school_id, to_school_id=asked.to_school_id)
    return case_files.begin_one(s, WHOLE_CLASS, opening, school_id=actor.body_id, actor=actor, today=today, now=now, note=note)


@writes
def resubmit(s, case_id, asked: Asked, *, actor, version, today, now, note=""):
    """After a return (退回补正); the two schools make the case, and stay. Returns the case's id."""
    case = case_files.to_mend(s, case_id, [WHOLE_CLASS.kind], actor=actor, version=version)
    asked = Asked(case.from_school_id, case.to_school_id, asked.moves, asked.explanation, asked.document)
    plan = draw_up(s, asked, actor=actor, today=case.started_at.date(), lock=True, policy=policies.pinned(s, case.policy_id))
    enrolments.refuse_blocks(plan.findings)
    content, case.title = _content(asked, plan), plan.title
    case_files.find_again(s, case.id, plan.findings, now=now)
    changes = _changes(case_files.content_of(case), content)
    return case_files.submit_again(s, case, content, changes=changes, actor=actor, today=today, now=now, note=note)


def _content(asked, plan):
    return {"explanation": asked.explanation.strip(), "document": asked.document.strip(), "from_school": plan.from_school, "to_school": plan.to_school, "classes": [
        {"from": one.old.class_id, "to": one.new.class_id, "from_title": one.old.goal.title, "to_title": one.new.goal.title, "go": [row.id for row in one.go],
         "stay": [[row.id, row.name, why] for row, why in one.stay]} for one in plan.classes]}


def _changes(before, after):
    changes = case_files.changed({name: WHOLE_CLASS_ASKS[name] for name in ("explanation", "document")}, before, after)
    told = ["、".join(f"{one['from_title']}→{one['to_title']}（{len(one['go'])}人）" for one in content["classes"]) for content in (before, after)]
    return changes | ({"转学班级": told} if told[0] != told[1] else {})


def _refuse_second(s, asked):
    """A class is on one list at a time."""
    wanted = {one for one, _ in asked.moves}
    for other in s.scalars(select(Case).where(Case.from_school_id == asked.from_school_id, Case.kind == WHOLE_CLASS.kind, Case.state == "open").order_by(Case.id)):
        taken = [one for one in case_files.content_of(other)["classes"] if one["from"] in wanted]
        if taken:
            raise Refusals([Refusal(f"{one['from_title']}已在办理整班转学（{other.number}），请等它办结，或撤销以后再申请", field=f"class_{one['from']}") for one in taken])


# ---------------------------------------------------------------- the effect

@dataclass(frozen=True)
class Part:
    """The case as it looks for one of its pupils: what moving and moving_back ask of a transfer."""

    id: int
    number: str
    student_id: int
    from_school_id: int
    to_school_id: int
    grade_id: int
    from_policy_id: int | None


def take_effect(s, cases, *, actor, today, now):
    told = {}
    for case in cases:
        told = _move(s, case, actor=actor, today=today, now=now)
    return told


def _move(s, case, *, actor, today, now):
    content, policy = case_files.content_of(case), policies.pinned(s, case.policy_id)
    s.execute(select(Student.id).where(Student.class_id.in_([one["from"] for one in content["classes"]])).order_by(Student.id).with_for_update())  # pupils before classes
    records.hold_classes(s, {class_id for one in content["classes"] for class_id in (one["from"], one["to"])})
    classes = [_still(s, one, policy, case) for one in content["classes"]]
    _refuse_full(classes, policy)
    moved, booked, closed = [], [], []
    for one in classes:
        seats = set(s.execute(select(Student.class_no).where(Student.class_id == one.new.class_id, Student.lifecycle.in_(("pending", "live")))).scalars())
        for row in one.go:
            seat = row.class_no if row.class_no not in seats else ""
            seats.add(row.class_no)
            moved.append(_move_one(s, case, row, one.new, seat, actor=actor, today=today, now=now))
            booked.append((case.id, row._mapping, dict(row._mapping) | {"school_id": one.new.school_id, "grade_id": one.new.grade_id, "class_id": one.new.class_id}))
        if not s.execute(select(Student.id).where(Student.class_id == one.old.class_id, Student.lifecycle.in_(("pending", "live"))).limit(1)).first():
            s.execute(update(Class).where(Class.id == one.old.class_id).values(state="dissolved", version=Class.version + 1))
            closed.append(one.old)
    balance.book_many(s, WHOLE_CLASS.kind, booked, day=today, now=now)
    for kept, one in zip(content["classes"], classes, strict=True):
        kept |= {"go": [row.id for row in one.go], "stay": [[row.id, row.name, why] for row, why in one.stay]}
    case_files.keep(case, content | {"moved": moved, "closed": [one.class_id for one in closed]})
    paper = class_lists.issue(s, case, case_files.content_of(case), actor=actor, today=today, now=now)
    return {"paper": paper, "students": len(moved), "stayed": sum(len(one.stay) for one in classes), "closed": [one.title for one in closed]}


def _still(s, kept, policy, case):
    """The class as it stands now: of those who were listed, whoever can go; the others stay behind, and so does who came into it since."""
    old, new = moving.place(s, kept["from"], policy), moving.place(s, kept["to"], policy)
    if old.state != "open" or new.state != "open" or new.school_id != case.to_school_id:
        raise MovedOn(f"{old.goal.title}或{new.goal.title}在申请以后已经不在用。这次没有写入，请退回申请单位补正。")
    if old.goal.cohort.year != new.goal.cohort.year and new.goal.kind not in transfer_checks.SPECIAL_KINDS:
        raise MovedOn(f"{old.title}与{new.title}现在不是同一年级（转学不得改变年级）。这次没有写入，请退回申请单位补正。")
    go, stay = of_class(s, kept["from"], lock=True)
    listed = set(kept["go"])
    known = listed | {row_id for row_id, _, _ in kept["stay"]}
    stay += [(row, "提交时不能随班转学" if row.id in known else "申请以后才编入本班，不在名册上") for row in go if row.id not in listed]
    go = [row for row in go if row.id in listed]
    return One(old, new, go, stay)


def _refuse_full(classes, policy):
    full = [one for one in _sizes(classes, policy) if one.level == "block"]
    if full:
        raise Refusals([Refusal(f"{one.sentence}。请退回补正，或由教育局调整班额", article=one.article) for one in full])
    if not any(one.go for one in classes):
        raise MovedOn("名册上的学生在申请以后都不能随班转学了。这次没有写入，请退回申请单位核对。")


def _move_one(s, case, row, there, seat, *, actor, today, now):
    """One pupil as a transfer moves her (services.transfer.moving). Returns what a reversal asks for."""
    part = Part(case.id, case.number, row.id, case.from_school_id, case.to_school_id, there.grade_id, case.policy_id)
    leaving = moving.Leaving.of(s, row)
    old = moving.close_spell(s, part, row, leaving, there.school, today=today, now=now)
    moving.open_spell(s, part, row, there, came_from=row.school_id, previous_id=old.id, actor=actor, today=today, now=now, class_no=seat)
    return {"student": row.id, "grade_id": there.grade_id, "new_advanced_to": there.goal.cohort.advanced_to,
            "old": {"spell": old.id, "class_id": old.class_id, "class_no": old.class_no, "grade_id": old.grade_id, "advanced_to": old.advanced_to}}


# ---------------------------------------------------------------- what the forms offer

def schools_on_offer(s, person):
    """([(id, name)] of the township's schools, [(id, name)] of those of the county)."""
    mine = s.execute(select(Body.id, Body.name).where(Body.id.in_(schools_of(person)), Body.state == "open").order_by(Body.key)).all()
    theirs = s.execute(select(Body.id, Body.name).where(Body.tier == "school", Body.county_id == person.county_id, Body.here, Body.state == "open").order_by(Body.key)).all()
    return [tuple(row) for row in mine], [tuple(row) for row in theirs]


def classes_on_offer(s, from_school_id, to_school_id, *, today):
    """[(class id, title, heads, [(id, words)] of the classes of its grade at the other school)]."""
    rows = s.execute(
        select(Class.id, Class.school_id, Class.headcount, Class.size_limit, Class.number, Class.name, Class.kind, Class.county_id, Grade.stage, Grade.advanced_to, Grade.length)
        .join(Grade, Grade.id == Class.grade_id).where(Class.school_id.in_((from_school_id, to_school_id)), Class.state == "open", Grade.state == "open")
        .order_by(Grade.stage, Grade.advanced_to, Class.number)
    ).all()
    policy = policies.policy_for(s, rows[0].county_id, today) if rows else None
    there = {}
    for row in rows:
        if row.school_id == to_school_id:
            limit = row.size_limit or policy[transfer_checks.limit_setting(row.stage, row.kind)]
            there.setdefault(grades.year_of_schooling(row.stage, row.advanced_to, row.length), []).append(
                (str(row.id), f"{grades.title_of(row)}（{row.headcount} 人，班额 {limit} 人）"))
    return [(row.id, grades.title_of(row), row.headcount, there.get(grades.year_of_schooling(row.stage, row.advanced_to, row.length), []))
            for row in rows if row.school_id == from_school_id]
