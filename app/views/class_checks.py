"""学籍核查 of a class: what the register has, what is counted in the room."""

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user

from .. import clock
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms.classes import Check
from ..identity import grades
from ..models import Class, Grade
from ..permissions import visible_classes
from ..services.schools import class_checks
from .shared import needs, once, page

bp = Blueprint("class_checks", __name__, url_prefix="/classes")


@bp.route("/<int:class_id>/check", methods=["GET", "POST"])
@needs("class.check")
def check(class_id):
    row = db.session.execute(
        visible_classes(current_user).join(Grade, Grade.id == Class.grade_id).where(Class.id == class_id)
        .with_only_columns(Class.id, Class.county_id, Class.number, Class.name, Grade.stage, Grade.advanced_to, Grade.length)
    ).one_or_none()
    if row is None:
        raise NotFound
    form, today, status = Check(), clock.today(), 422
    if form.validate_on_submit():
        try:
            class_checks.check(class_id, form.present.data, form.note.data or "", actor=current_user, today=today, now=clock.now(),
                               once=once(form, "class.check", lambda _: url_for("classes.show", class_id=class_id)))
            flash(f"已登记{grades.title_of(row)}的学籍核查", "done")
            return redirect(url_for("classes.show", class_id=class_id), 303)
        except Refusal as refusal:
            status = form.refuse(refusal)
    return page("classes/check.html", row=row, title=grades.title_of(row), form=form, here=class_checks.registered(db.session, class_id),
                term=class_checks.term_of(db.session, row.county_id, today), article=class_checks.ARTICLE, status=status if form.errors or form.form_errors else 200)
