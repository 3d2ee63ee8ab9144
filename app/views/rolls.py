"""名册: a class on paper, a list as a workbook, pupils moved to another class of their grade (调班)."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import func

from .. import clock
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms import rolls as forms
from ..forms.fields import menu
from ..identity.grades import title_of
from ..models import Body, Class, Grade, Student
from ..permissions import visible_classes, visible_students
from ..services.paperwork import rolls
from ..services.pupils import listing
from ..services.schools import class_moves
from . import lists
from .shared import XLSX, download, needs, once, page

bp = Blueprint("rolls", __name__)

PDF = "application/pdf"


# ---------------------------------------------------------------- a class on paper

@bp.get("/classes/<int:class_id>/roster.pdf")
@needs("student.print")
def roster(class_id):
    variant = "public" if request.args.get("kind") == "public" else "class"
    title, pdf = rolls.print_roster(class_id, variant, actor=current_user, today=clock.today(), now=clock.now())
    return download(pdf, f"{rolls.VARIANTS[variant]} {title}.pdf", PDF)


@bp.get("/classes/<int:class_id>/check-sheets.pdf")
@needs("student.print")
def sheets(class_id):
    title, pdf = rolls.print_sheets(class_id, actor=current_user, now=clock.now())
    return download(pdf, f"信息核对表 {title}.pdf", PDF)


@bp.get("/students/<int:student_id>/check-sheet.pdf")
@needs("student.print")
def sheet(student_id):
    return download(rolls.print_sheet(student_id, actor=current_user, now=clock.now()), "信息核对表.pdf", PDF, inline=True)


@bp.route("/classes/<int:class_id>/new-roster", methods=["GET", "POST"])
@needs("student.export")
def new_roster(class_id):
    """新生花名册 for the county: whole ID numbers, so it is asked for with a purpose."""
    row = _found(class_id)
    form = forms.NewRoster()
    status = 422
    if form.validate_on_submit():
        try:
            title, pdf = rolls.print_roster(class_id, "new", actor=current_user, today=clock.today(), now=clock.now(), purpose=form.purpose.data)
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            return download(pdf, f"新生花名册 {title}.pdf", PDF)
    return page("rolls/new_roster.html", form=form, row=row, title=title_of(row), status=status if form.errors or form.form_errors else 200)


# ---------------------------------------------------------------- a list as a workbook

@bp.route("/students/export", methods=["GET", "POST"])
@needs("student.export")
def export():
    me = current_user._get_current_object()
    roll = lists.asked(me)
    form = forms.Export()
    title = " ".join(filter(None, (roll.school_name, roll.title)))
    status = 422
    if form.validate_on_submit():
        try:
            _, book = rolls.export(roll.filters, roll.columns, roll.title, form.purpose.data, actor=me)
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            return download(book, f"学生名单 {title}.xlsx", XLSX)
    return page("rolls/export.html", form=form, title=title, titles=[listing.COLUMNS[name].title for name in roll.columns], back=url_for("students.index", **_asked()),
                status=status if form.errors or form.form_errors else 200)


def _asked():
    return {name: request.args.getlist(name) for name in request.args}


# ---------------------------------------------------------------- 调班

@bp.route("/classes/<int:class_id>/move", methods=["GET", "POST"])
@needs("student.write")
def move(class_id):
    row = _found(class_id)
    form = forms.Move()
    others = class_moves.choices(db.session, current_user, class_id)
    form.to_class.choices = menu((number, f"{title}（{many} 人）") for number, title, many in others)
    ticked = {int(one) for one in request.form.getlist("id") if one.isdecimal() and len(one) < 19}
    status = 422
    if form.validate_on_submit():
        try:
            many = class_moves.move(class_id, sorted(ticked), form.to_class.data, actor=current_user, today=clock.today(), now=clock.now(),
                                    once=once(form, "class.move", lambda _: url_for("classes.show", class_id=form.to_class.data)))
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"已从{title_of(row)}调入 {many} 人，班内学号接着本班最后一个编。", "done")
            return redirect(url_for("classes.show", class_id=form.to_class.data), 303)
    return page("rolls/move.html", form=form, row=row, title=title_of(row), others=others, pupils=_pupils(class_id), ticked=ticked,
                status=status if form.errors or form.form_errors else 200)


def _pupils(class_id):
    rows = db.session.execute(
        visible_students(current_user).where(Student.class_id == class_id, Student.lifecycle == "live")
        .with_only_columns(Student.id, Student.class_no, Student.name, Student.sex, Student.lifecycle, Student.status)
        .order_by(Student.class_no == "", func.length(Student.class_no), Student.class_no, Student.name_sort, Student.id)
    )
    return [(row, *listing.state_of(row)) for row in rows]


def _found(class_id):
    row = db.session.execute(
        visible_classes(current_user).join(Grade, Grade.id == Class.grade_id).join(Body, Body.id == Class.school_id).where(Class.id == class_id)
        .with_only_columns(Class.id, Class.number, Class.name, Class.headcount, Class.school_id, Grade.stage, Grade.advanced_to, Grade.length, Body.name.label("school"))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row
