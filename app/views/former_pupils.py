"""转出学生: those who went to another school, as their old school keeps them: the copy of the day they left, read only."""

from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import Refusal
from ..forms.base import Plain, fresh_key
from ..services.pupils import former_pupils
from .shared import needs, once, page
from .students import numbers_of, revealed

bp = Blueprint("former_pupils", __name__, url_prefix="/students/left")


@bp.get("")
@needs("student.see")
def index():
    lines = former_pupils.former_pupils(current_user, before=_before())
    more, lines = len(lines) > former_pupils.PAGE, lines[: former_pupils.PAGE]
    following = url_for(".index", before=f"{lines[-1].until_on:%Y-%m-%d}.{lines[-1].id}") if more else ""
    return page("students/left.html", lines=lines, next=following)


def _before():
    """(day, id) of the last one shown."""
    day, _, number = request.args.get("before", "").partition(".")
    try:
        return date.fromisoformat(day), int(number[:19])
    except ValueError:
        return None


@bp.get("/<int:spell_id>")
@needs("student.see")
def show(spell_id):
    return _copy(spell_id)


def _copy(spell_id, form=None, status=200, **told):
    """`form` is a request for a full number that was refused."""
    copy = former_pupils.copy_of(current_user, spell_id)
    return page("students/copy.html", fragment={"numbers": "students/_numbers.html"}, it=copy, numbers=numbers_of(copy), form=form, key=fresh_key(), status=status,
                plain=Plain(formdata=None), reveal_at=url_for(".reveal", spell_id=spell_id), own=copy.school_id == current_user.school_id, **told)


@bp.post("/<int:spell_id>/reveal")
@needs("student.numbers")
def reveal(spell_id):
    return revealed(former_pupils.reveal, spell_id, _copy)


@bp.post("/<int:spell_id>/card")
@needs("document.issue")
def card(spell_id):
    former_pupils.copy_of(current_user, spell_id)
    form = Plain()
    if form.validate_on_submit():
        try:
            paper_id = former_pupils.issue_card(spell_id, actor=current_user, today=clock.today(), now=clock.now(),
                                                once=once(form, "former_pupils.card", lambda done: url_for("documents.show", paper_id=done)))
        except Refusal as refusal:
            if refusal.status != 422:
                raise
            flash(str(refusal), "warning")
        else:
            flash("已开具转出当日的学籍卡，请打印。", "done")
            return redirect(url_for("documents.show", paper_id=paper_id), 303)
    else:
        flash("没有开具：这一页放得太久，请再点一次。", "warning")
    return redirect(url_for(".show", spell_id=spell_id), 303)
