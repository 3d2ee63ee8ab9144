"""问题学籍: the list of those that wait, one of them, putting a record in question and settling it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock, codes
from ..errors import Refusal
from ..extensions import db
from ..forms.conduct import words
from ..forms.problems import Close, Mark
from ..permissions import may, require
from ..services.administration import calendars
from ..services.people import throttle
from ..services.problem_records import problems
from ..workflow import deadlines
from .shared import asked_id, needs, once, page

bp = Blueprint("problems", __name__, url_prefix="/problems")


@bp.get("")
@needs("problem.see")
def index():
    state = request.args.get("state")
    state = state if state in problems.STATES else "open"
    rows, more = problems.listed(current_user, state, after=asked_id("after"))
    following = url_for(".index", state=state, after=rows[-1].id) if more else ""
    return page("problems/index.html", rows=rows, state=state, states=problems.STATES, kind_of=problems.kind_of, place_of=problems.place_of, due_of=_due_of(), next=following)


@bp.route("/new", methods=["GET", "POST"])
@needs("problem.write")
def new():
    pupil = problems.pupil_to_mark(current_user, asked_id("student"))
    form = Mark().offer(problems.kinds(), problems.FOUND_BY.items())
    if form.validate_on_submit():
        try:
            found = problems.Found(**form.found())
            throttle.ask(current_user, "问题学籍", filter(None, [found.other_no]), now=clock.now())
            made = problems.mark(pupil.id, found, actor=current_user, today=clock.today(), now=clock.now(),
                                 once=once(form, "problem.mark", lambda made: url_for(".show", problem_id=made)))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"已把{pupil.name}的学籍列为问题学籍。", "done")
            return redirect(url_for(".show", problem_id=made), 303)
    return page("problems/new.html", form=form, pupil=pupil, place=problems.place_of(pupil), status=422 if form.errors or form.form_errors else 200)


@bp.route("/<int:problem_id>", methods=["GET", "POST"])
@needs("problem.see")
def show(problem_id):
    shown, form = problems.page_of(current_user, problem_id), None
    if request.method == "POST":
        require(current_user, "problem.write")
    if may(current_user, "problem.write"):
        form = Close(version=shown.row.version).offer(problems.resolutions())
    if form and form.validate_on_submit():
        try:
            problems.close(problem_id, form.resolution.data or "", words(form.outcome), version=form.version.data, actor=current_user, now=clock.now(),
                           once=once(form, "problem.close", lambda _: url_for(".show", problem_id=problem_id)))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash(f"{shown.row.name}的问题学籍已经办结。", "done")
            return redirect(url_for(".show", problem_id=problem_id), 303)
    return page(
        "problems/show.html", it=shown, form=form, kind=problems.kind_of(shown.row.kind), place=problems.place_of(shown.row), found_by=problems.FOUND_BY[shown.row.found_by],
        states=problems.STATES, due=_due_of()(shown.row), resolution=codes.table("problem_resolution").label(shown.row.resolution) if shown.row.resolution else "",
        status=422 if form and (form.errors or form.form_errors) else 200,
    )


def _due_of():
    """(look, words) of the day by which a row is to be settled."""
    calendar, today = calendars.calendar(db.session), clock.today()
    return lambda row: deadlines.describe(calendar, today, row.due_on) if row.state == "open" else ("", "")
