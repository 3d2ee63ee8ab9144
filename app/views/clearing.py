"""请求清理在办业务: whom of one's own pupils another school's case holds, and asking one's bureau to clear it (the form is of views.endings)."""

from flask import Blueprint
from flask_login import current_user

from .. import clock
from ..services.casework import case_pages, tasks
from ..workflow.clearing import CLEAR
from ..workflow.flows import FLOWS
from .shared import needs, page

bp = Blueprint("clearing", __name__, url_prefix="/cases/new")


@bp.get("/clear")
@needs("case.start")
def new():
    return page("cases/clearing.html", flow=CLEAR, rows=tasks.holding(current_user), kinds=FLOWS, state_of=case_pages.state_of, due_of=case_pages.due_of(clock.today()))
