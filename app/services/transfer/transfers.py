"""Transfer (转学, workflows 3–6 and 21): applying, and handing in again. What a request comes to is in transfer_plans, how it takes effect in moving.

    found = pupil_lookup.look_up(number="G4203…", actor=wang, now=now)          # name, school, grade, and a word that stands for the child
    case_id = transfers.apply(Request(token=found.token, class_id=7, asked=Asked(reason="02", guardian="…")), actor=wang, today=today, now=now)
"""

from dataclasses import asdict, replace

from sqlalchemy import select

from ... import codes
from ...models import Body, new_id
from ...workflow.flows import TRANSFER, TRANSFERS
from ..administration import policies
from ..casework import case_files, drafts
from ..intake import enrolments
from ..pupils import records
from ..transactions import writes
from . import moving, pupil_lookup
from .transfer_plans import Asked, Outside, Plan, Request, draw_up, preview

__all__ = ["Asked", "Outside", "Plan", "Request", "apply", "preview", "resubmit"]


@writes
def apply(s, request: Request, *, actor, today, now, note="", draft=""):
    """Submit a transfer; the draft that it was typed in goes with it. Returns the case's id."""
    plan = draw_up(s, request, actor=actor, today=today, lock=True)
    enrolments.refuse_blocks(plan.findings)
    opening = case_files.Opening(
        title=plan.name, student_id=plan.student.id if plan.student else None, class_id=plan.place and plan.place.class_id, grade_id=plan.place and plan.place.grade_id,
        findings=plan.findings, content=_content(plan, request), route=plan.route, from_school_id=plan.from_school_id, to_school_id=plan.to_school_id,
        from_policy_id=plan.from_policy_id, to_policy_id=plan.to_policy_id,
    )
    if request.record is not None:
        opening.student_id = _admit(s, plan, request.record, opening.case_id, actor=actor, today=today, now=now)
    drafts.drop(s, TRANSFER.kind, draft, actor=actor)
    return case_files.begin_one(s, plan.flow, opening, school_id=actor.school_id, actor=actor, today=today, now=now, note=note)


def _content(plan, request):
    asked = request.asked
    told = asdict(asked) | {"evidence": list(asked.evidence), "scope": plan.scope, "cohort": list(asdict(plan.cohort).values()), "outside": None}
    if outside := plan.outside:
        told["outside"] = asdict(outside) | {"place": codes.divisions.full_name(outside.division_code)}
    return told


def _admit(s, plan, record, case_id, *, actor, today, now):
    """A child who has no record here: pending, her number and her place held, until the answer of the other side is in (DECIDED 7)."""
    place, student_id = plan.place, new_id()
    division = s.execute(select(Body.division_code).where(Body.id == place.county_id)).scalar_one()
    code = f"{division}{case_files.take_numbers(s, f'student_code/{place.county_id}'):07}"
    where = records.Place(place.county_id, place.school_id, place.grade_id, place.class_id, today, moving.CAME)
    records.write(s, [records.rows(record, where, lifecycle="pending", status=None, spell="applied", student_code=code, now=now, actor_id=actor.account_id,
                                   case_id=case_id, student_id=student_id)])
    records.count_places(s, {place.class_id: 1})
    return student_id


@writes
def resubmit(s, case_id, request: Request, *, actor, version, today, now, note="", draft=""):
    """Hand in again what was returned (退回补正). The child and the two schools stay: they make the case. It goes the whole way again, since what was mended
    may be what the first desks agreed to. Returns the case's id."""
    case = case_files.to_mend(s, case_id, TRANSFERS, actor=actor, version=version)
    old = case_files.content_of(case)
    plan = draw_up(s, _same_child(case, old, request, actor), actor=actor, today=today, lock=True, apart_from=case.id, on=case.started_at.date())
    plan.findings = _without_own_place(case, plan)
    enrolments.refuse_blocks(plan.findings)
    changes = _changes(s, case, old, plan, request)
    if case.from_school_id is None and request.record is not None:
        changes |= _mend_record(s, case, plan, request.record, actor=actor, now=now)
    case_files.find_again(s, case.id, plan.findings, now=now)
    case.title, case.class_id, case.grade_id = plan.name, plan.place and plan.place.class_id, plan.place and plan.place.grade_id
    drafts.drop(s, TRANSFER.kind, draft, actor=actor)
    return case_files.submit_again(s, case, _content(plan, request), changes=changes, actor=actor, today=today, now=now, note=note)


def _same_child(case, old, request, actor):
    outside = request.outside
    if old["outside"]:
        outside = Outside(**{name: value for name, value in old["outside"].items() if name != "place"})
        if request.outside and (request.outside.stage, request.outside.advanced_to, request.outside.length) != (outside.stage, outside.advanced_to, outside.length):
            outside = replace(outside, stage=request.outside.stage, advanced_to=request.outside.advanced_to, length=request.outside.length)
    if case.from_school_id is None and request.record is not None:
        return replace(request, outside=outside, to_school_id=None)
    return replace(request, token=pupil_lookup.token(case.student_id, actor), record=None, outside=outside,
                   to_school_id=case.to_school_id if case.school_id == case.from_school_id else None)


def _without_own_place(case, plan):
    """A pending child has her place already: the class is full with her in it."""
    if case.from_school_id is None and plan.place and plan.place.class_id == case.class_id:
        return [one for one in plan.findings if not (one.check == "class_limit" and one.level == "block")]
    return plan.findings


def _changes(s, case, old, plan, request):
    """What was mended, for the trace: {item: [old, new]}."""
    asked, changes = asdict(request.asked), {}
    titles = {"reason": "转学原因", "explanation": "具体情况", "guardian": "申请的监护人", "special": "特殊情况"}
    for name, title in titles.items():
        was, now = old.get(name), asked[name]
        if name == "reason":
            was, now = (codes.table("transfer_reason").label(one) for one in (was, now))
        if was != now:
            changes[title] = [was, now]
    if plan.place and plan.place.class_id != case.class_id:
        before = moving.place(s, case.class_id, policies.pinned(s, case.to_policy_id)).goal.title if case.class_id else ""
        changes["拟入班级"] = [before, plan.place.goal.title]
    return changes


def _mend_record(s, case, plan, record, *, actor, now):
    place = plan.place
    goal = enrolments.Target(place.class_id, place.grade_id, place.school_id, place.county_id, place.goal.cohort.stage, place.goal.cohort.entry_year, place.goal.title,
                             place.goal.headcount, place.goal.limit, None, 0, place.goal.kind)
    return enrolments.replace(s, case.student_id, records.load(s, case.student_id), record, goal, actor=actor, now=now, planned=False)
