"""奖惩 of a pupil: recorded by the school's registrar, a punishment lifted, a wrong entry taken out of count."""

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user

from .. import clock
from ..errors import NotFound, Refusal
from ..forms import conduct as forms
from ..services.pupils import conduct, student_pages
from .shared import needs, once, page

bp = Blueprint("conduct", __name__)


def _back(student_id):
    return url_for("students.show", student_id=student_id, _anchor="conduct")


@bp.route("/students/<int:student_id>/conduct/<kind>", methods=["GET", "POST"])
@needs("student.write")
def give(student_id, kind):
    if kind not in forms.FORMS:
        raise NotFound
    pupil, title = student_pages.headed(current_user, student_id), conduct.TITLES[kind]
    form = forms.FORMS[kind]().offer(*conduct.choices(kind))
    if form.validate_on_submit():
        try:
            conduct.give(student_id, conduct.Given(kind, **form.given()), actor=current_user, today=clock.today(), now=clock.now(), once=once(form, f"{kind}.record", _back))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"已登记{pupil.name}的{title}。", "done")
            return redirect(_back(student_id), 303)
    return page("conduct/give.html", form=form, pupil=pupil, kind=kind, title=title, status=422 if form.errors or form.form_errors else 200)


@bp.route("/conduct/<int:conduct_id>/lift", methods=["GET", "POST"])
@needs("student.write")
def lift(conduct_id):
    one, form = conduct.find(current_user, conduct_id), forms.Lift()
    if one["kind"] != "punishment":
        raise NotFound
    if form.validate_on_submit():
        try:
            conduct.lift(conduct_id, form.lifted_on.value, forms.words(form.lift_document), note=forms.words(form.note), actor=current_user, today=clock.today(),
                         now=clock.now(), once=once(form, "punishment.lift", _back))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash(f"已撤销{one['pupil']}的处分。", "done")
            return redirect(_back(one["student_id"]), 303)
    return _end(one, form, "撤销处分", "撤销以后，处分仍在记录里，注明撤销日期，不再限制转学。")


@bp.route("/conduct/<int:conduct_id>/void", methods=["GET", "POST"])
@needs("student.write")
def void(conduct_id):
    one, form = conduct.find(current_user, conduct_id), forms.Void()
    if form.validate_on_submit():
        try:
            conduct.void(conduct_id, forms.words(form.reason), actor=current_user, now=clock.now(), once=once(form, "conduct.void", _back))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash(f"已作废{one['pupil']}的这条{one['title']}记录。", "done")
            return redirect(_back(one["student_id"]), 303)
    return _end(one, form, "作废这条记录", f"登记有误的才作废：不算作{one['title']}，不印上学籍卡，记录和原因留着备查。", look="stop")


def _end(one, form, act, says, look="main"):
    here = url_for(".lift" if act == "撤销处分" else ".void", conduct_id=one["id"])
    return page("conduct/end.html", form=form, one=one, act=act, says=says, here=here, look=look, status=422 if form.errors or form.form_errors else 200)
