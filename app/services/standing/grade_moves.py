"""跳级, 留级 as they take effect (workflows.md 14, 15): another grade and class of the same school; the entry month of the stage stays."""

from sqlalchemy import func, select

from ...errors import MovedOn, Refusal
from ...models import Case, Class, Enrolment, Grade
from ...policies.values import in_season
from ...workflow.changes import STATUS_CHANGES
from ...workflow.grade_move_checks import Way
from ..administration import policies
from ..casework import case_files
from ..casework.footprints import Footprint, refuse_changed
from ..pupils import records
from ..transfer import moving
from . import balance

LEFT, CAME = "97", "96"  # student_change, own: 校内调出, 校内调入
GRADUATED, JUNIOR = "21", "2"


def more(s, student, asked, actor, today):
    """What of her way so far the checks ask."""
    kind = s.execute(select(Class.kind).where(Class.id == student.class_id)).scalar()
    repeated = s.execute(select(func.count()).where(Case.student_id == student.id, Case.kind == "grade-repeat", Case.state == "effective")).scalar_one()
    spells = select(Enrolment.id).where(Enrolment.student_id == student.id, Enrolment.state.in_(("open", "closed")))
    graduated = s.execute(spells.join(Grade, Grade.id == Enrolment.grade_id).where(Enrolment.left_by == GRADUATED, Grade.stage == JUNIOR).limit(1)).first() is not None
    joined_on = s.execute(spells.with_only_columns(func.max(Enrolment.from_on)).where(Enrolment.came_by.in_(("12", "13")))).scalar()
    return {"way": Way(kind == "special", repeated, graduated, joined_on)}


def move(s, cases, *, actor, today, now):
    """She reads on in the class that was chosen."""
    told = []
    for case in cases:
        step, rules = Footprint(s, case, actor=actor, now=now), policies.pinned(s, case.policy_id)
        refuse_changed(s, case, step.student, ("01",))
        there = _free_place(s, case, step.student, rules, today)
        before = step.place
        step.close_spell(left_by=LEFT, day=today)
        step.open_spell(school_id=there.school_id, county_id=there.county_id, grade_id=there.grade_id, class_id=there.class_id, class_no="", came_by=CAME, day=today)
        step.keep()
        balance.book(s, case, before, step.place, day=today, now=now)
        told.append(there.goal.title)
    return {"to": told}


def _free_place(s, case, student, rules, today):
    """Asked again on the day of the effect: the start of a school year, one grade up or down, a place in the class."""
    change = STATUS_CHANGES[case.kind]
    title = change.flow.title
    if not in_season(today, rules.promotion_on, rules.grade_move_by):
        raise MovedOn(f"{title}在学年开始时（{rules.promotion_on}至{rules.grade_move_by}）生效，现在不能同意。请退回，或在{rules.promotion_on}以后办理。")
    to_class = case_files.answers_of(case)["to_class"]
    records.hold_classes(s, {student.class_id, to_class})
    there, now = moving.place(s, to_class, rules), moving.cohort_of(s, student.grade_id)
    if there.state != "open":
        raise MovedOn(f"{there.title}已经不在用，这次没有写入，请退回后改选班级。")
    if (there.goal.cohort.stage, there.goal.cohort.year) != (now.stage, now.year + change.years[0]):
        raise MovedOn(f"{case.title}现在在{now.title}，{there.goal.title}不是{'高' if change.years[0] > 0 else '低'}一个年级。这次没有写入，请退回后改选班级。")
    if there.goal.headcount >= there.goal.limit:
        raise Refusal(f"{there.title}已有 {there.goal.headcount} 人，班额 {there.goal.limit} 人，没有学位。请退回后改选同年级的其他班。")
    return there
