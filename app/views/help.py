"""帮助: what the foot of every page links to."""

from flask import Blueprint

from .shared import needs, page

bp = Blueprint("help", __name__, url_prefix="/help")


@bp.route("/keys")
@needs(None)
def keys():
    return page("help/keys.html")
