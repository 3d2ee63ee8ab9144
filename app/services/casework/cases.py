"""Deciding cases: one `act` for all kinds, and `act_many` for like cases at one desk. Two people at once: one wins, the other reads who and when."""

import logging
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, or_, select

from ... import sealing
from ...errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity import grades
from ...identity.dates import chinese
from ...models import Body, Case, CaseFinding, CaseStep, Grade, Student
from ...permissions import DUTIES, OFFICERS, SYSTEM, by_seat, visible_cases
from ...policies.values import in_season
from ...workflow.changes import STATUS_CHANGES
from ...workflow.flow import second_of
from ...workflow.flows import FLOWS, reasons, releasing_step
from ..administration import organisations, policies
from ..transactions import writes
from . import case_files, effects, tasks
from .telling import tell

TWINS = ("twin_person", "twin_near")
DECISIONS = ("approve", "return", "refuse")
ANSWERS = ("agree", "disagree")  # of an office elsewhere, recorded here
log = logging.getLogger("xueji.cases")

# asked at every step of every case, so made once
STEPS, FINDINGS = CaseStep.__table__.c, CaseFinding.__table__.c
APPROVED_BY = select(STEPS.step).where(
    STEPS.case_id == bindparam("case"), STEPS.actor_id == bindparam("account"), STEPS.action == "approve", STEPS.step != bindparam("step")).limit(1)
APPROVED_ITSELF = APPROVED_BY.where(STEPS.in_place_of.is_(False))
ALIKE = select(FINDINGS.sentence).where(FINDINGS.case_id == bindparam("case"), FINDINGS.check.in_(TWINS), FINDINGS.level == "warn")


@dataclass(frozen=True)
class Words:
    """What a decision says: a reason from the list, a note, the items to be mended, that look-alikes are different persons.

    Of a transfer also: the class that the receiving school gives, the county's tick that the case is special, the answer of an office elsewhere.
    """

    reason: str = ""
    note: str = ""
    mend: tuple = ()
    different: bool = False
    class_id: int | None = None
    special: bool = False
    answered_on: date | None = None
    paper: str = ""

    @property
    def said(self):
        return case_files.Said(self.reason, self.note, self.answered_on, self.paper.strip())


@writes
def act(s, case_id, action, *, actor, today, now, version=None, seen_at=None, words=Words()):
    """Carry out `action` on the case as the actor was looking at it: its `version`, or at least the step (`seen_at`). Returns the case's id."""
    case = _held(s, case_id, actor)
    flow = FLOWS[case.kind]
    if version is None and seen_at is None:
        raise Refusal("请先打开这件业务，看过最新的情况再办理")
    _check_unmoved(s, flow, case, version, seen_at)
    _check_offered(flow, case, action, today)
    in_place_of = _check_person(s, flow, case, action, actor, today)
    _check_words(s, flow, case, action, words, in_place_of, today)
    step = case.step
    facts, cleared = _carry_one(s, flow, case, action, actor=actor, today=today, now=now, words=words, in_place_of=in_place_of)
    tell(s, "case.acted", [case, *cleared], actor, kind=case.kind, number=case.number, step=step, action=action, reason=words.reason, note=words.note,
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
            if _likeness(case) != _likeness(first):
                raise Refusal("与其他所选的不是同一学校、同一业务、同一环节，请分开办理")
            _check_offered(flow, case, action, today)
            if _check_person(s, flow, case, action, actor, today):
                raise Refusal("已超期的代办须逐件办理")
            _check_words(s, flow, case, action, words, in_place_of=False, today=today)
        except Refusal as refusal:
            result.append((case.id, case.title, str(refusal)))
        else:
            todo.append(case)
            result.append((case.id, case.title, None))
    step, cleared = first.step, []
    if flow.one_by_one:
        facts, refused, cleared = _carry_each(s, flow, todo, action, actor=actor, today=today, now=now, words=words)
        todo = [case for case in todo if case.id not in refused]
        result = [(case_id, title, refused.get(case_id, sentence)) for case_id, title, sentence in result]
    elif todo:
        facts = _carry(s, flow, todo, action, actor=actor, today=today, now=now, words=words)
    if not todo:
        raise _none_done(result)
    tell(s, "cases.acted", [*todo, *cleared], actor, kind=first.kind, step=step, action=action, effects=facts)
    return result


def _likeness(case):
    """What cases have alike that are decided by one act. Each transfer goes its own way, and is like another of its school at the same desk."""
    own = (case.seat_body_id, case.seat_duty) if FLOWS[case.kind].one_by_one else (case.policy_id,)
    return case.agreed_by_id is None, case.kind, case.step, case.school_id, *own


def _carry_each(s, flow, cases, action, **rest):
    """Each by itself: ({fact: its values}, {case: why not}, what was ended with them)."""
    facts, refused, cleared = {}, {}, []
    for case_id in [case.id for case in cases]:
        try:
            with s.begin_nested():
                told, others = _carry_one(s, flow, s.get_one(Case, case_id), action, **rest)
        except Refusal as refusal:
            refused[case_id] = str(refusal)
        else:
            cleared += others
            for name, value in told.items():
                facts.setdefault(name, []).append(value)
    return facts, refused, cleared


def _none_done(result):
    """Nothing was done: every reason once, with whom it concerns."""
    reasons_of = {}
    for _, title, sentence in result:
        reasons_of.setdefault(sentence, []).append(title)
    return Refusals([Refusal(f"{'、'.join(titles[:5])}{f'等 {len(titles)} 件' if len(titles) > 5 else ''}没有办理：{sentence}") for sentence, titles in reasons_of.items()])


@by_seat
def _one_visible(person):
    return visible_cases(person).where(Case.id == bindparam("case")).with_for_update(of=Case)


def _held(s, case_id, actor):
    case = s.scalars(_one_visible(actor), {"case": case_id}).one_or_none()
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


def _check_offered(flow, case, action, today):
    """What the applicant hands in goes through the service of its kind, which looks at the record again."""
    if action == "submit" or action not in flow.steps[case.step].moves:
        raise Refusal("这一步没有这种意见，请从列出的意见中选择", field="action")
    if case_files.is_over(flow.steps[case.step], case.due_on, today) and not flow.steps[case.step].moves[action].by:
        raise Refusal(f"期限到{chinese(case.due_on)}为止，已经过期，不能再办。学生仍在原学校；还要转学的，请重新申请", field="action")


def _check_person(s, flow, case, action, actor, today) -> bool:
    """May this person do this here? True when the tier above acts in an overdue seat's place (代办, DECIDED 15)."""
    by = flow.steps[case.step].moves[action].by
    if by:
        _check_other(s, flow, case, by, actor)
        return False
    in_place_of = False
    if (actor.body_id, actor.duty) != (case.seat_body_id, case.seat_duty):
        above = s.execute(select(Body.managed_by_id).where(Body.id == case.seat_body_id)).scalar()
        overdue = case.due_on is not None and today > case.due_on
        if not (overdue and above == actor.body_id and actor.duty in (*OFFICERS, "township_registrar") and action in (*DECISIONS, *ANSWERS)):
            holder = s.execute(select(Body.name).where(Body.id == case.seat_body_id)).scalar_one()
            raise NotAllowed(f"这件业务现在由{holder}的{DUTIES[case.seat_duty]}办理，您的岗位是{actor.post_title}。")
        in_place_of = True
    if action in DECISIONS:
        if actor.account_id == case.starter_id:
            raise NotAllowed("申请人不能审核自己的申请，请由另一位审核人办理（经办与审核分离）。")
        if case.agreed_by_id == actor.account_id:
            article = policies.pinned(s, case.policy_id).article(second_of(flow.steps[case.step], case.seat_duty))
            raise NotAllowed(f"您已同意，这一步须由本单位另一人复核（{article}）。")
        # who stands in for a silent office may do so for one desk after the other: nobody else is left to (DECIDED 15)
        asked = APPROVED_ITSELF if in_place_of else APPROVED_BY
        before = s.execute(asked, {"case": case.id, "account": actor.account_id, "step": case.step}).scalar()
        if before:
            raise NotAllowed(f"您已在本件的“{flow.steps[before].title}”办理过，这一步须由另一人办理。")
    return in_place_of


def _check_other(s, flow, case, by, actor):
    """Moves that are not of whoever holds the seat."""
    if by == "began" and not case_files.began(case, actor):
        raise NotAllowed(f"撤销只能由申请学校的{DUTIES[flow.begun_by]}办理。")
    if by == "office" and not (actor.duty in OFFICERS and actor.body_id in offices_of(s, case)):
        raise NotAllowed("清理在办业务只能由学校的主管教育行政部门办理。")
    if by == "released" and (actor.body_id, actor.duty) != case_files.seat_of(s, flow, case, releasing_step(flow.line_of(case)), maker_id=None):
        raise NotAllowed("允许转学指令只能由签发它的主管教育行政部门收回。")
    if by == "clock" and actor is not SYSTEM:
        raise NotAllowed("到期失效由系统办理，不能手工办理。")


def offices_of(s, case):
    """The bureaus above the schools that a case concerns: the home school asks its own to clear a case that holds its child (DECIDED 15)."""
    return set(organisations.deciding_offices(s, {school for school in (case.school_id, case.from_school_id, case.to_school_id) if school}).values())


def _check_words(s, flow, case, action, words, in_place_of, today):
    """Everything that the decision still has to say, at once."""
    move, wrong = flow.steps[case.step].moves[action], []
    if move.answer:
        wrong += _wrong_answer(case, words, today)
    if move.blame and words.reason not in reasons(flow.kind):
        wrong.append(Refusal("退回或不予办理须从列表中选择理由", field="reason"))
    if move.blame and not words.note.strip():
        wrong.append(Refusal("请写明要补正的事项或不予办理的原因，一次写全", field="note"))
    elif move.by == "office" and not words.note.strip():
        wrong.append(Refusal("请写明为什么清理，例如“原学校来函，学生不再转学”", field="note"))
    elif in_place_of and not words.note.strip():
        wrong.append(Refusal("代办须说明理由：原办理单位已超期", field="note"))
    if wrong:
        raise Refusals(wrong)
    ends = flow.steps[flow.target(flow.line_of(case), case.step, action)].outcome
    if ends == "effective" and not words.different:
        twin = s.execute(ALIKE, {"case": case.id}).first()
        if twin:
            raise Refusal(f"{twin.sentence}。核对后确认不是同一人的，请勾选“已核对，不是同一人”再同意", field="different")


def _first_of_two(s, flow, cases, action, actor, in_place_of):
    """The cases, all on one desk, to which the actor is the first of two persons who agree."""
    first = [case for case in cases if case.agreed_by_id is None] if action == "approve" and not in_place_of else []
    return first if first and _asks_two(s, flow, first[0], actor) else []


def _asks_two(s, flow, case, actor):
    setting = second_of(flow.steps[case.step], case.seat_duty)
    return bool(setting) and policies.pinned(s, case.policy_id)[setting] and organisations.another(s, case.seat_duty, case.seat_body_id, actor.account_id)


def _wrong_answer(case, words, today):
    """What is wrong with the answer of an office elsewhere, which has its day and its paper (DECIDED 1)."""
    wrong = []
    if words.answered_on is None or not case.started_at.date() <= words.answered_on <= today:
        wrong.append(Refusal(f"请填写对方答复的日期，在{chinese(case.started_at.date())}（申请日）和今天之间", field="answered_on"))
    if not words.paper.strip():
        wrong.append(Refusal("请填写答复的文书名称和文号，例如“衢州市龙游县教育局复函 龙教函〔2026〕12号”", field="paper"))
    return wrong


def _carry(s, flow, cases, action, *, actor, today, now, words, in_place_of=False):
    """Effects first, while the case still says what it is; then the step. Where a step asks for two persons, the first who agrees leaves it on its desk, and
    nothing else happens. Returns the facts for the trace."""
    if first := _first_of_two(s, flow, cases, action, actor, in_place_of):
        case_files.hold(s, first, actor=actor, now=now, said=words.said)
        cases = [case for case in cases if case not in first]
        if not cases:
            return {"second": "同意，待第二人复核"}
    target = flow.steps[flow.target(flow.line_of(cases[0]), cases[0].step, action)]
    facts = effects.run(s, flow, cases, action, target.outcome, words=words, actor=actor, today=today, now=now)
    if action == "return":
        for case in cases:
            case.mend = sealing.seal_json({"items": list(words.mend), "note": words.note, "reason": words.reason}, "cases", case.id, "mend")
    s.flush()
    step = cases[0].step
    case_files.move(s, cases, flow, action, actor=actor, today=today, now=now, said=words.said, in_place_of=in_place_of)
    if flow.steps[step].moves[action].by in ("office", "released", "clock"):  # ended over the heads of those who asked
        for case in cases:
            tasks.tell_applicant(s, case, f"{case.title}的{flow.title}{flow.outcome_title(step, action)}：{words.note}", actor=actor, now=now)
    return facts


def _carry_one(s, flow, case, action, *, in_place_of=False, actor, **rest):
    """As `_carry`; a death that takes effect ends what else is open of the pupil in the same act (DECIDED 15). Returns (facts, what it ended)."""
    ends_others = case.kind in STATUS_CHANGES and STATUS_CHANGES[case.kind].beside and flow.outcome(case.step, action) == "effective"
    others = []
    if ends_others and not _first_of_two(s, flow, [case], action, actor, in_place_of):
        others = _clear_others(s, case, actor=actor, today=rest["today"], now=rest["now"])
    facts = _carry(s, flow, [case], action, actor=actor, in_place_of=in_place_of, **rest)
    return facts | ({"cleared": [other.number for other in others]} if others else {}), others


def _clear_others(s, case, *, actor, today, now):
    others = s.scalars(select(Case).where(Case.holds(case.student_id), Case.state == "open", Case.id != case.id).order_by(Case.id).with_for_update()).all()
    for other in others:
        flow, note = FLOWS[other.kind], f"{FLOWS[case.kind].title}（{case.number}）生效，一并清理"
        _carry(s, flow, [other], "clear", actor=actor, today=today, now=now, words=Words(note=note))
    return others


# ---------------------------------------------------------------- the clock

def tick(*, today, now):
    """What the clock does to cases once a day, and no second time: (指令失效, 毕业年级清理) how many. One that cannot be ended stops no other, and is named."""
    stuck = []
    ended = lapse_due(today=today, now=now, stuck=stuck), clear_graduating(today=today, now=now, stuck=stuck)
    if stuck:
        raise Refusal(f"有 {len(stuck)} 件到期的业务没有办成，原因见运行日志，明天再办：{'、'.join(stuck[:20])}")
    return ended


def lapse_due(*, today, now, stuck=None) -> int:
    """Cases whose step ends by itself when its time is over (允许转学指令 that nobody drew): each an act of its own. Returns how many there were."""
    steps = [(flow.kind, name) for flow in FLOWS.values() for name, step in flow.steps.items() if "lapse" in step.moves]
    due = db.session.execute(
        select(Case.id, Case.number, Case.step, Case.due_on)
        .where(Case.state == "open", Case.due_on < today, or_(*(and_(Case.kind == kind, Case.step == name) for kind, name in steps))).order_by(Case.id)
    ).all()
    return sum(_ended(row, "lapse", f"期限到{chinese(row.due_on)}为止，没有办理", stuck, today=today, now=now) for row in due)


def clear_graduating(*, today, now, stuck=None) -> int:
    """在办业务清理: what is still open for a pupil of a graduating grade on 15 July is cleared, she is as before (教基司厅函〔2017〕23号). What the county begins after that
    day, to correct or to merge a record, goes on. Returns how many there were."""
    rules, cleared = {}, 0
    for row in db.session.execute(
        select(Case.id, Case.number, Case.kind, Case.step, Case.due_on, Case.started_at, Case.from_policy_id, Case.policy_id, Grade.stage, Grade.advanced_to, Grade.length)
        .join(Student, Student.id == Case.student_id).join(Grade, Grade.id == Student.grade_id)
        .where(Case.state == "open", Grade.state == "open", Grade.advanced_to == Grade.length).order_by(Case.id)
    ).all():
        version = row.from_policy_id or row.policy_id
        own = rules[version] if version in rules else rules.setdefault(version, policies.pinned(db.session, version))
        always = row.kind in STATUS_CHANGES and STATUS_CHANGES[row.kind].any_time  # 死亡除外
        due = in_season(today, own.graduating_clear, own.promotion_on) and row.started_at.date() < own.graduating_clear.in_year(today.year)
        if due and not always and "clear" in FLOWS[row.kind].steps[row.step].moves:
            title = grades.grade_title(row.stage, row.advanced_to, row.length)
            note = f"{title}是毕业年级，自{own.graduating_clear}起在办业务一律清理（{own.article('graduating_clear')}）；毕业以后由升入的学校办理"
            cleared += _ended(row, "clear", note, stuck, today=today, now=now)
    return cleared


def _ended(row, action, note, stuck, *, today, now) -> bool:
    try:
        return _end_by_clock(row.id, action, (row.step, row.due_on), note, today=today, now=now)
    except Exception:
        if stuck is None:
            raise
        log.exception("%s %s", action, row.number)
        stuck.append(row.number)
        return False


@writes(traced=False)
def _end_by_clock(s, case_id, action, seen, note, *, today, now) -> bool:
    """`seen`: the step and the due day for which it was to end; a case that went on meanwhile, or has got more time, is left alone."""
    case = s.scalars(select(Case).where(Case.id == case_id).with_for_update()).one()
    if case.state != "open" or (case.step, case.due_on) != seen:
        return False  # somebody was faster than the clock
    flow, step = FLOWS[case.kind], case.step
    facts = _carry(s, flow, [case], action, actor=SYSTEM, today=today, now=now, words=Words(note=note))
    tell(s, "case.acted", [case], SYSTEM, kind=case.kind, number=case.number, step=step, action=action, reason="", note=note, in_place_of=False, effects=facts)
    return True
