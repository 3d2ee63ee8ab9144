"""Like cases of one school at one desk, decided together."""

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import MovedOn, NotFound, Refusal
from ..forms.cases import Batch
from ..forms.fields import as_number
from ..identity import grades
from ..services.casework import case_pages, cases, drafts, inbox
from ..workflow.flows import FLOWS, reasons
from .cases import words_of
from .shared import moved_on, needs, once, page

bp = Blueprint("batches", __name__, url_prefix="/cases/batch")

KEPT = "cases.batch"  # the draft that holds the result of the last one


@bp.route("", methods=["GET", "POST"])
@needs("case.see")
def decide():
    """Tick, decide once: enrolments of one class, other kinds of one school. Look-alikes are left out until each was looked at."""
    asked = request.form if request.method == "POST" else request.args
    kind, step = asked.get("kind", ""), asked.get("step", "")
    flow = FLOWS.get(kind)
    if flow is None or step not in flow.steps:
        raise NotFound
    whose = "school_id" if flow.one_by_one else "class_id"
    group = {"kind": kind, "step": step, whose: as_number(asked.get(whose))}
    if group[whose] is None:
        raise NotFound
    form = Batch(**group, seen_at=step)
    rows = inbox.like(current_user, **group)
    alike = any(row.alike for row in rows)
    form.offer(flow.offered(step), reasons(kind), alike=alike, mend=case_pages.mendable(kind))
    if form.validate_on_submit():
        ids = [one for one in map(as_number, request.form.getlist("id")[:200]) if one]
        try:
            if not ids:
                raise Refusal("请先勾选要办理的学生")
            result = cases.act_many(ids, form.action.data, actor=current_user, seen_at=step, today=clock.today(), now=clock.now(), words=words_of(form),
                                    once=once(form, "cases.decide", lambda _: url_for(".done")))
        except MovedOn as moved:
            return moved_on(moved, "所选业务", url_for(".decide", **group))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            drafts.keep(KEPT, "last", {"group": group, "action": form.action.data, "lines": result}, actor=current_user, now=clock.now())
            return redirect(url_for(".done"), 303)
    elif request.method in ("GET", "HEAD") and not rows:
        raise NotFound
    ticked = set(request.form.getlist("id")) if request.method == "POST" else {str(row.id) for row in rows if not row.alike}
    return page("cases/batch.html", form=form, rows=rows, flow=flow, step=flow.steps[step], ticked=ticked, place=_place(rows, whose), due_of=case_pages.due_of(clock.today()),
                alike=alike, status=422 if form.errors or form.form_errors else 200)


@bp.get("/done")
@needs("case.see")
def done():
    """What became of each of the last that were decided together."""
    kept = drafts.find(KEPT, "last", actor=current_user)
    if kept is None:
        raise NotFound
    told, at = kept
    group = told["group"]
    flow = FLOWS[group["kind"]]
    step = flow.steps[group["step"]]
    return page("cases/done.html", lines=told["lines"], at=at, flow=flow, step=step, move=step.moves[told["action"]], again=url_for(".decide", **group))


def _place(rows, whose):
    """堵河路小学, 堵河路小学 一年级2班: where these cases are from; nothing when none is left."""
    if not rows:
        return ""
    first = rows[0]
    return f"{first.school} {grades.class_title(first.stage, first.advanced_to, first.length, first.class_number, first.class_name)}" if whose == "class_id" else first.school
