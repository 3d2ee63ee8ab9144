"""Deciding cases: one `act` for all kinds, and `act_many` for like cases at one desk. Two people at once: one wins, the other reads who and when."""

from dataclasses import dataclass

from sqlalchemy import select

from .. import sealing
from ..errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from ..identity.dates import chinese
from ..models import Body, Case, CaseFinding, CaseStep
from ..permissions import DUTIES, OFFICERS, visible_cases
from ..workflow.flows import FLOWS, reasons
from . import case_files, effects, organisations, trace
from .transactions import writes

TWINS = ("twin_person", "twin_near")
DECISIONS = ("approve", "return", "refuse")


@dataclass(frozen=True)
class Words:
    """What a decision says: a reason from the list, a note, the items to be mended, and that look-alikes are different persons."""

    reason: str = ""
    note: str = ""
    mend: tuple = ()
    different: bool = False


@writes
def act(s, case_id, action, *, actor, today, now, version=None, seen_at=None, words=Words()):
    """Carry out `action` on the case as the actor was looking at it: its `version`, or at least the step (`seen_at`). Returns the case's id."""
    case = _held(s, case_id, actor)
    flow = FLOWS[case.kind]
    if version is None and seen_at is None:
        raise Refusal("请先打开这件业务，看过最新的情况再办理")
    _check_unmoved(s, flow, case, version, seen_at)
    _check_offered(flow, case, action)
    in_place_of = _check_person(s, flow, case, action, actor, today)
    _check_words(s, flow, case, action, words, in_place_of)
    step = case.step
    facts = _carry(s, flow, [case], action, actor=actor, today=today, now=now, words=words, in_place_of=in_place_of)
    _trace(s, "case.acted", [case], actor, kind=case.kind, number=case.number, step=step, action=action, reason=words.reason, note=words.note,
           in_place_of=in_place_of, effects=facts)
    return case.id


@writes
def act_many(s, case_ids, action, *, actor, today, now, seen_at=None, words=Words()):
    """The same decision for like cases at the actor's desk: one act, n effects. Returns [(case id, title, sentence or None)], a sentence where it was not done.

    `seen_at` is the step that they were listed at. What is not like the first of those that still stand there is left for another time.
    """
    cases = s.scalars(visible_cases(actor).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update(of=Case)).all()
    if not cases:
        raise NotFound("没有选中可以办理的业务，请刷新列表后再选")
    first = next((case for case in cases if case.state == "open" and case.step == (seen_at or case.step)), cases[0])
    flow = FLOWS[first.kind]
    result, todo = [], []
    for case in cases:
        try:
            _check_unmoved(s, FLOWS[case.kind], case, None, seen_at)
            if (case.kind, case.step, case.school_id, case.policy_id) != (first.kind, first.step, first.school_id, first.policy_id):
                raise Refusal("与其他所选的不是同一学校、同一业务、同一环节，请分开办理")
            _check_offered(flow, case, action)
            if _check_person(s, flow, case, action, actor, today):
                raise Refusal("已超期的代办须逐件办理")
            _check_words(s, flow, case, action, words, in_place_of=False)
        except Refusal as refusal:
            result.append((case.id, case.title, str(refusal)))
        else:
            todo.append(case)
            result.append((case.id, case.title, None))
    if not todo:
        raise _none_done(result)
    step = first.step
    facts = _carry(s, flow, todo, action, actor=actor, today=today, now=now, words=words)
    _trace(s, "cases.acted", todo, actor, kind=first.kind, step=step, action=action, number=len(todo), cases=[case.number for case in todo], effects=facts)
    return result


def _none_done(result):
    """Nothing was done: every reason once, with whom it concerns."""
    reasons_of = {}
    for _, title, sentence in result:
        reasons_of.setdefault(sentence, []).append(title)
    return Refusals([Refusal(f"{'、'.join(titles[:5])}{f'等 {len(titles)} 件' if len(titles) > 5 else ''}没有办理：{sentence}") for sentence, titles in reasons_of.items()])


def _held(s, case_id, actor):
    case = s.scalars(visible_cases(actor).where(Case.id == case_id).with_for_update(of=Case)).one_or_none()
    if case is None:
        raise NotFound
    return case


def _check_unmoved(s, flow, case, version, seen_at):
    if case.state == "open" and version in (None, case.version) and seen_at in (None, case.step):
        return
    last = s.execute(
        select(CaseStep.actor_name, CaseStep.actor_body, CaseStep.ended_at, CaseStep.step, CaseStep.action)
        .where(CaseStep.case_id == case.id, CaseStep.ended_at.is_not(None)).order_by(CaseStep.seq.desc()).limit(1)
    ).one()
    done = flow.steps[last.step]
    verb = done.moves[last.action].title.split("，")[0] if last.action in done.moves else "办理"
    raise MovedOn(
        f"这件业务已经变了：{last.actor_name}（{last.actor_body}）在 {chinese(last.ended_at.date())} {last.ended_at:%H:%M} 办理了“{done.title}”：{verb}。"
        "您这次没有写入，请看最新的情况。"
    )


def _check_offered(flow, case, action):
    """What the applicant hands in goes through the service of its kind, which looks at the record again."""
    if action == "submit" or action not in flow.steps[case.step].moves:
        raise Refusal("这一步没有这种意见，请从列出的意见中选择", field="action")


def _check_person(s, flow, case, action, actor, today) -> bool:
    """May this person do this here? True when the tier above acts in an overdue seat's place (代办, DECIDED 15)."""
    if action == "withdraw":
        if (actor.body_id, actor.duty) != (case.school_id, flow.begun_by):
            raise NotAllowed(f"撤销只能由申请学校的{DUTIES[flow.begun_by]}办理。")
        return False
    if action == "clear":
        if actor.duty not in OFFICERS or organisations.deciding_office(s, case.school_id) != actor.body_id:
            raise NotAllowed("清理在办业务只能由学校的主管教育行政部门办理。")
        return False
    in_place_of = False
    if (actor.body_id, actor.duty) != (case.seat_body_id, case.seat_duty):
        above = s.execute(select(Body.managed_by_id).where(Body.id == case.seat_body_id)).scalar()
        overdue = case.due_on is not None and today > case.due_on
        if not (overdue and above == actor.body_id and actor.duty in (*OFFICERS, "township_registrar") and action in DECISIONS):
            holder = s.execute(select(Body.name).where(Body.id == case.seat_body_id)).scalar_one()
            raise NotAllowed(f"这件业务现在由{holder}的{DUTIES[case.seat_duty]}办理，您的岗位是{actor.post_title}。")
        in_place_of = True
    if action in DECISIONS:
        if actor.account_id == case.starter_id:
            raise NotAllowed("申请人不能审核自己的申请，请由另一位审核人办理（经办与审核分离）。")
        before = s.execute(
            select(CaseStep.step).where(CaseStep.case_id == case.id, CaseStep.actor_id == actor.account_id, CaseStep.action == "approve",
                                        CaseStep.step != case.step).limit(1)
        ).scalar()
        if before:
            raise NotAllowed(f"您已在本件的“{flow.steps[before].title}”办理过，这一步须由另一人办理。")
    return in_place_of


def _check_words(s, flow, case, action, words, in_place_of):
    move = flow.steps[case.step].moves[action]
    if move.blame:
        if words.reason not in reasons(flow.kind):
            raise Refusal("退回或不予办理须从列表中选择理由", field="reason")
        if not words.note.strip():
            raise Refusal("请写明要补正的事项或不予办理的原因，一次写全", field="note")
    if in_place_of and not words.note.strip():
        raise Refusal("代办须说明理由：原办理单位已超期", field="note")
    if flow.steps[move.to].outcome == "effective" and not words.different:
        twin = s.execute(select(CaseFinding.sentence).where(CaseFinding.case_id == case.id, CaseFinding.check.in_(TWINS), CaseFinding.level == "warn")).first()
        if twin:
            raise Refusal(f"{twin.sentence}。核对后确认不是同一人的，请勾选“已核对，不是同一人”再同意", field="different")


def _carry(s, flow, cases, action, *, actor, today, now, words, in_place_of=False):
    """Effects first, while the case still says what it is; then the step. Returns the facts for the trace."""
    target = flow.steps[flow.steps[cases[0].step].moves[action].to]
    facts = effects.run(s, flow, cases, target.outcome, actor=actor, today=today, now=now)
    if action == "return":
        for case in cases:
            case.mend = sealing.seal_json({"items": list(words.mend), "note": words.note, "reason": words.reason}, "cases", case.id, "mend")
        s.flush()
    case_files.move(s, cases, flow, action, actor=actor, today=today, now=now, reason=words.reason, note=words.note, in_place_of=in_place_of)
    return facts


def _trace(s, name, cases, actor, /, **facts):
    subjects = [case.student_id for case in cases if case.student_id]
    for county_id in sorted({case.county_id for case in cases}):
        trace.record(s, name, actor=actor, chain=county_id, subjects=subjects, **facts)
    if actor.tier in ("city", "province"):
        trace.record(s, name, actor=actor, subjects=subjects, **facts)
