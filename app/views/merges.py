"""合并重复学籍: the pairs that wait, two records side by side, the application. It goes on as any case does."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import NotFound, Refusal
from ..forms.conduct import words
from ..forms.merges import Merge, OtherRecord
from ..services.problem_records import merge_pages, merges
from ..services.pupils import student_pages
from ..services.transfer import pupil_lookup
from ..workflow.merges import MERGE
from .shared import asked_id, needs, once, page

bp = Blueprint("merges", __name__, url_prefix="/cases/new")


@bp.route("/merge", methods=["GET", "POST"])
@needs("problem.write")
def new():
    """`?problem=` names a record in question that has another side here; `?student=` a pupil, whose other record is asked for by its number."""
    if (problem_id := asked_id("problem")) is not None:
        return _side_by_side(*merge_pages.of_problem(current_user, problem_id), problem=problem_id)
    if (student_id := asked_id("student")) is None:
        return page("merges/index.html", flow=MERGE, rows=merge_pages.waiting(current_user))
    if "other" in request.args:
        return _side_by_side(student_id, pupil_lookup.student_of(request.args["other"], current_user), student=student_id, other=request.args["other"])
    return _other_record(student_id)


def _other_record(student_id):
    pupil, form = student_pages.headed(current_user, student_id), OtherRecord()
    if not merge_pages.may_merge(current_user, pupil):
        raise NotFound("这份学籍已经注销或合并，没有可以合并的。")
    if form.validate_on_submit():
        try:
            found = merge_pages.look_up(student_id, form.other_no.data or "", actor=current_user, now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".new", student=student_id, other=pupil_lookup.token(found, current_user)), 303)
    return page("merges/find.html", flow=MERGE, pupil=pupil, form=form, status=422 if form.errors or form.form_errors else 200)


def _side_by_side(first_id, second_id, **address):
    pair, form = merge_pages.pair_of(current_user, first_id, second_id), Merge()
    form.offer([(side.id, merge_pages.line(side)) for side in pair.sides])
    if form.validate_on_submit():
        other_id = second_id if form.kept_id == first_id else first_id
        try:
            if form.kept_id not in (first_id, second_id):
                raise Refusal("请选择保留哪一份学籍", field="survivor")
            made = merges.apply(form.kept_id, other_id, words(form.explanation), actor=current_user, today=clock.today(), now=clock.now(), note=words(form.note),
                                once=once(form, "merge.apply", lambda made: url_for("cases.show", case_id=made)))
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            form.refuse(refusal)
        else:
            flash(f"{pair.sides[0].name}的{MERGE.title}已提交", "done")
            return redirect(url_for("cases.show", case_id=made), 303)
    return page(
        "merges/new.html", flow=MERGE, pair=pair, form=form, here=url_for(".new", **address), status=422 if form.errors or form.form_errors else 200)
