"""转出学生: those who went to another school, as their old school keeps them: the copy of the day they left, read only."""

from datetime import date

from flask import Blueprint, request, url_for
from flask_login import current_user

from ..services import former_pupils
from .shared import needs, page

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
    return page("students/copy.html", it=former_pupils.copy_of(current_user, spell_id))
