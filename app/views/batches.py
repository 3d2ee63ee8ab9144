"""Like cases of one class at one desk, decided together."""

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import MovedOn, NotAllowed, NotFound, Refusal
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
    """Like cases of one class at one desk: tick, decide once. Look-alikes are left out until each was looked at."""
    asked = request.form if request.method == "POST" else request.args
    kind, step, class_id = asked.get("kind", ""), asked.get("step", ""), as_number(asked.get("class_id")) or as_number(asked.get("class"))
    flow = FLOWS.get(kind)
    if flow is None or step not in flow.steps or (class_id is None) != flow.one_by_one:
        raise NotFound
    form = Batch(kind=kind, step=step, class_id=class_id, seen_at=step)
    rows = inbox.like(current_user, kind, step, class_id)
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
            return moved_on(moved, "所选业务", url_for(".decide", kind=kind, step=step, class_id=class_id))
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            told = {"kind": kind, "step": step, "class_id": class_id, "action": form.action.data, "lines": result}
            drafts.keep(KEPT, "last", told, actor=current_user, now=clock.now())
            return redirect(url_for(".done"), 303)
    elif request.method in ("GET", "HEAD") and not rows:
        raise NotFound
    ticked = set(request.form.getlist("id")) if request.method == "POST" else {str(row.id) for row in rows if not row.alike}
    return page("cases/batch.html", form=form, rows=rows, flow=flow, step=flow.steps[step], ticked=ticked, place=_place(class_id), due_of=case_pages.due_of(clock.today()),
                alike=alike, status=422 if form.errors or form.form_errors else 200)


@bp.get("/done")
@needs("case.see")
def done():
    """What became of each of the last that were decided together."""
    kept = drafts.find(KEPT, "last", actor=current_user)
    if kept is None:
        raise NotFound
    told, at = kept
    flow = FLOWS[told["kind"]]
    return page("cases/done.html", lines=told["lines"], at=at, flow=flow, step=flow.steps[told["step"]], move=flow.steps[told["step"]].moves[told["action"]],
                again=url_for(".decide", kind=told["kind"], step=told["step"], class_id=told["class_id"]))


def _place(class_id):
    if class_id is None:
        return ""
    return next((f"{row.school} {grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.class_name)}"
                 for row in inbox.groups(current_user) if row.class_id == class_id), "")
