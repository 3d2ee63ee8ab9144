"""帮助: what the foot of every page links to."""

from flask import Blueprint
from flask_login import current_user

from .. import clock
from ..extensions import db
from ..services.administration import policies
from ..services.casework import help_pages
from .shared import needs, page

bp = Blueprint("help", __name__, url_prefix="/help")


@bp.route("/keys")
@needs(None)
def keys():
    return page("help/keys.html")


@bp.route("/kinds")
@needs("case.see")
def kinds():
    """Every kind of case as the tables have it."""
    policy = policies.policy_for(db.session, current_user.county_id or current_user.body_id, clock.today())
    return page("help/kinds.html", kinds=help_pages.kinds(policy), rules=policies.title_of(policy))
