"""修改建议: a class teacher proposes, the registrar decides; each sees what became of it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import MovedOn, Refusal
from ..forms.fields import as_number
from ..forms.record import MOST_MEMBERS, PUPIL_FIELDS, members_in
from ..forms.students import arranged, sides
from ..forms.suggestions import AnswerForm, suggest_form
from ..permissions import may
from ..services.pupils import listing, student_pages, suggestions
from .shared import asked_id, needs, once, page

bp = Blueprint("suggestions", __name__)

PAGE = 50
LEFT_OUT = frozenset({"class_code", *PUPIL_FIELDS} - suggestions.OF_PUPIL)
DONE = {"accept": "已采纳 {many} 项建议，写入学籍。", "decline": "已告知班主任不采纳 {many} 项建议。", "withdraw": "已撤回 {many} 项建议。"}


@bp.get("/suggestions")
@needs("suggestion.see")
def index():
    decides = may(current_user, "suggestion.decide")
    ended = request.args.get("state") == "ended"
    rows = suggestions.listed(current_user, ended=ended, after=asked_id("after"), limit=PAGE + 1)
    following = url_for(".index", state="ended" if ended else None, after=rows[PAGE - 1].id) if len(rows) > PAGE else ""
    lines = [(row, suggestions.title(row.item), listing.class_of(row), *suggestions.STATES[row.state]) for row in rows[:PAGE]]
    return page("suggestions/index.html", fragment={"rows": "suggestions/_more.html"}, lines=lines, ended=ended, decides=decides, next=following)


# ---------------------------------------------------------------- of one pupil

@bp.get("/students/<int:student_id>/suggestions")
@needs("suggestion.see")
def of_pupil(student_id):
    return _of_pupil(student_id, AnswerForm(formdata=None))


def _of_pupil(student_id, form, status=200, ticked=None):
    return page(
        "suggestions/of_pupil.html", it=student_pages.headed(current_user, student_id), lines=suggestions.of_pupil(current_user, student_id), form=form,
        decides=may(current_user, "suggestion.decide"), ticked=ticked, status=status,
    )


@bp.post("/students/<int:student_id>/suggestions")
@needs("suggestion.see")
def decide(student_id):
    student_pages.headed(current_user, student_id)
    form = AnswerForm()
    action = request.form.get("action", "")
    ticked = {as_number(one) for one in request.form.getlist("id")} - {None}
    status = 422
    if form.validate_on_submit():
        doing = {"actor": current_user, "now": clock.now(), "once": once(form, f"suggestion.{action}"[:40], lambda done: url_for(".of_pupil", student_id=done))}
        try:
            match action:
                case "accept":
                    suggestions.accept(student_id, ticked, today=clock.today(), **doing)
                case "decline":
                    suggestions.decline(student_id, ticked, form.note.data or "", **doing)
                case "withdraw":
                    suggestions.withdraw(student_id, ticked, **doing)
                case _:
                    raise Refusal("请选择采纳、不采纳或者撤回。")
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            status = form.refuse(refusal)
        else:
            flash(DONE[action].format(many=len(ticked)), "done")
            return redirect(url_for(".of_pupil", student_id=student_id), 303)
    return _of_pupil(student_id, form, status, ticked)


@bp.route("/students/<int:student_id>/suggestions/new", methods=["GET", "POST"])
@needs("suggestion.make")
def new(student_id):
    record = suggestions.opened(current_user, student_id)
    it = student_pages.headed(current_user, student_id)
    if request.method != "POST":
        return page("suggestions/new.html", form=_form(len(record["guardians"]))(formdata=None).show(record), it=it)
    form = _form(members_in(request.form))().keep(arranged(record, request.form))
    if "again" in request.form:  # what she typed, on top of what stands now: nothing is handed in yet
        return page("suggestions/new.html", form=form, it=it)
    status = 422
    if form.validate_on_submit():
        try:
            suggestions.suggest(
                student_id, form.wanted(), form.reason.data or "", actor=current_user, version=form.seen_version(), today=clock.today(), now=clock.now(),
                once=once(form, "suggestion.make", lambda done: url_for(".of_pupil", student_id=done)),
            )
        except MovedOn as moved:
            return _moved_on(suggestions.opened(current_user, student_id), form, moved)
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"已把对{it.name}的修改建议交给学籍管理员。", "done")
            return redirect(url_for(".of_pupil", student_id=student_id), 303)
    return page("suggestions/new.html", form=form, it=it, status=status)


def _moved_on(record, form, refusal):
    now = _form(form.members)(formdata=None).show(arranged(record, request.form))
    rows, going_on = sides(now, form)
    going_on |= {"version": now.version.data, "seen": now.seen.data, "reason": form.reason.data or ""}
    return page(
        "students/moved_on.html", what="这份学籍", refusal=refusal, rows=rows, going_on=going_on, here=url_for(".new", student_id=record["id"]),
        drop=url_for("students.show", student_id=record["id"]), status=409,
    )


def _form(members):
    return suggest_form(max(1, min(MOST_MEMBERS, members)), LEFT_OUT, suggestions.OF_MEMBER)
