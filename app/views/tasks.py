"""What waits at a desk beside its cases: what the desk has no room for; the 回执, registered when it is back; news that has been read."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms.base import Plain
from ..forms.home_files import HomeFile
from ..forms.transfers import Slip
from ..permissions import may
from ..services.administration import calendars, policies
from ..services.casework import tasks
from ..services.standing import home_files
from .shared import asked_id, needs, once, page

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("")
@needs("case.see")
def index():
    """What waits of one kind, from where the desk broke off."""
    today, start = clock.today(), min(asked_id("start") or 0, tasks.MOST)
    policy = policies.policy_at(db.session, current_user, today)
    panels = tasks.panels(current_user, policy, calendars.calendar(db.session), today, kind=request.args.get("kind", ""), start=start, each=tasks.PAGE)
    return page("tasks/index.html", panels=panels, start=start, starts=may(current_user, "case.start"), plain=Plain(formdata=None))


@bp.route("/<int:task_id>", methods=["GET", "POST"])
@needs("case.start")
def receive(task_id):
    form = Slip()
    if form.validate_on_submit():
        try:
            case_id = tasks.receive_slip(
                task_id, form.arrived_on.value, instead=(form.instead.data or "").strip(), actor=current_user, today=clock.today(), now=clock.now(),
                once=once(form, "task.receive", lambda case_id: url_for("cases.show", case_id=case_id)),
            )
            flash("已登记回执", "done")
            return redirect(url_for("cases.show", case_id=case_id), 303)
        except Refusal as refusal:
            form.refuse_mistake(refusal)
    task = tasks.find(current_user, task_id, "receipt")
    if task is None:
        raise NotFound
    return page("tasks/receive.html", task=task, form=form, status=422 if form.errors or form.form_errors else 200)


@bp.post("/<int:task_id>/seen")
@needs("case.see")
def seen(task_id):
    form = Plain()
    if form.validate_on_submit():
        tasks.seen(task_id, actor=current_user, now=clock.now(), once=once(form, "task.seen", lambda case_id: url_for("desk.home")))
        flash("已记下：这一条已经看过", "done")
    else:
        flash("没有记下：这一页放得太久，请再点一次。", "warning")
    return redirect(url_for("desk.home"), 303)


@bp.route("/home-files/<int:case_id>", methods=["GET", "POST"])
@needs("absence.list")
def home_file(case_id):
    form, today = HomeFile(), clock.today()
    if form.validate_on_submit():
        try:
            home_files.send(case_id, form.sent_on.value, form.receipt.data, actor=current_user, today=today, now=clock.now(),
                            once=once(form, "task.home_file", lambda case_id: url_for("cases.show", case_id=case_id)))
            flash("已登记档案转交", "done")
            return redirect(url_for("cases.show", case_id=case_id), 303)
        except Refusal as refusal:
            form.refuse_mistake(refusal)
    row = home_files.find(current_user, case_id, today)
    if row is None:
        raise NotFound
    _, words = home_files.told(row, policies.policy_for(db.session, current_user.county_id, today), today)
    return page("tasks/home_file.html", row=row, words=words, form=form, status=422 if form.errors or form.form_errors else 200)
