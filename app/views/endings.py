"""How a case ends other than by a decision of whoever holds it: withdrawn, cleared, an instruction taken back, undone after it took effect."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import MovedOn, NotFound, Refusal
from ..extensions import db
from ..forms.cases import AskToClear, End, Reverse
from ..services.casework import case_pages, cases, reversals, tasks
from ..services.casework.cases import Words
from ..workflow.flows import FLOWS, reasons
from .cases import found, held, is_home_of
from .shared import moved_on, needs, once, page

bp = Blueprint("endings", __name__, url_prefix="/cases")


@bp.route("/<int:case_id>/withdraw", methods=["GET", "POST"])
@needs("case.withdraw")
def withdraw(case_id):
    return _end(case_id, "withdraw")


@bp.route("/<int:case_id>/clear", methods=["GET", "POST"])
@needs("case.decide")
def clear(case_id):
    return _end(case_id, "clear")


@bp.route("/<int:case_id>/take-back", methods=["GET", "POST"])
@needs("case.decide")
def take_back(case_id):
    return _end(case_id, "take_back")


DONE = {"withdraw": "已撤销 {}，为它占用的号码、计划和学位已放开", "clear": "已清理 {}，学生可以重新申请业务", "take_back": "已收回允许转学指令，{} 终结，学生仍在原学校"}


def _end(case_id, action):
    """The ways to end a case that are not a decision of whoever holds it; asked once more before it is done."""
    case = found(case_id)
    flow = FLOWS[case.kind]
    move = flow.steps[case.step].moves.get(action) or next((step.moves[action] for step in flow.steps.values() if action in step.moves), None)
    if move is None:
        raise NotFound
    form = End(seen_at=case.step, version=case.version).offer(move, reasons(case.kind))
    if form.validate_on_submit():
        words = Words(reason=form.reason.data if "reason" in form else "", note=(form.note.data or "").strip())
        try:
            cases.act(case_id, action, actor=current_user, version=form.version.data, seen_at=form.seen_at.data or None, today=clock.today(), now=clock.now(),
                      words=words, once=once(form, f"case.{action}", lambda same: url_for("cases.show", case_id=same)))
        except MovedOn as moved:
            return moved_on(moved, "这件业务", url_for("cases.show", case_id=case_id))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash(DONE[action].format(case.number), "done")
            return redirect(url_for("cases.show", case_id=case_id), 303)
    elif request.method in ("GET", "HEAD") and action not in case_pages.endings(current_user, case):
        raise MovedOn(f"{case.number} 已经办结，或不由您{move.title}，请打开它看最新的情况。")
    return page("cases/end.html", **held(case), flow=flow, form=form, action=action, move=move, endpoint=f".{action}", status=422 if form.errors or form.form_errors else 200)


@bp.route("/<int:case_id>/ask-to-clear", methods=["GET", "POST"])
@needs("case.start")
def ask_to_clear(case_id):
    """The home school asks its bureau to clear a case that holds its child."""
    case = found(case_id)
    form = AskToClear()
    if form.validate_on_submit():
        try:
            tasks.ask_to_clear(case_id, form.note.data or "", actor=current_user, now=clock.now(), once=once(form, "case.ask_to_clear", lambda same: url_for("cases.show", case_id=same)))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash(f"已请求主管教育行政部门清理 {case.number}", "done")
            return redirect(url_for("cases.show", case_id=case_id), 303)
    elif request.method in ("GET", "HEAD") and not is_home_of(case):
        raise MovedOn(f"{case.number} 已经办结，或者学生不是从本校转出，请打开它看最新的情况。")
    return page("cases/ask_to_clear.html", **held(case), flow=FLOWS[case.kind], form=form, status=422 if form.errors or form.form_errors else 200)


@bp.route("/<int:case_id>/reverse", methods=["GET", "POST"])
@needs("case.decide")
def reverse(case_id):
    """撤销已生效业务: by the bureau that decided it last, with a reason; what stands on it is named."""
    case = found(case_id)
    form = Reverse()
    if form.validate_on_submit():
        try:
            done = reversals.reverse(case_id, form.reason.data or "", actor=current_user, today=clock.today(), now=clock.now(),
                                     once=once(form, "case.reverse", lambda same: url_for("cases.show", case_id=same)))
        except MovedOn as moved:
            return moved_on(moved, "这件业务", url_for("cases.show", case_id=case_id))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash(f"已撤销 {case.number}，学籍回到办理{FLOWS[case.kind].title}以前，由它开具的证明已作废", "done")
            return redirect(url_for("cases.show", case_id=done), 303)
    elif request.method in ("GET", "HEAD") and not reversals.may_reverse(db.session, current_user, case):
        raise MovedOn(f"{case.number} 不是已生效的业务，或不由您撤销，请打开它看最新的情况。")
    return page("cases/reverse.html", **held(case), flow=FLOWS[case.kind], form=form, status=422 if form.errors or form.form_errors else 200)
