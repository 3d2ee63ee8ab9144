"""规则: what a bureau's rules are today, where each comes from and how sure we are of it. To read; a county changes them elsewhere."""

from flask import Blueprint, request
from flask_login import current_user
from sqlalchemy import func

from .. import clock
from ..extensions import db
from ..models import TIERS, Body
from ..permissions import visible_bodies
from ..policies.edits import as_text
from ..policies.profiles import PROFILES
from ..policies.settings import GROUPS
from ..policies.sources import SURE
from ..services import policies
from .shared import needs, page

bp = Blueprint("policies", __name__, url_prefix="/policies")


@bp.get("")
@needs("policy.see")
def index():
    bodies = db.session.execute(
        visible_bodies(current_user).where(Body.tier.in_(policies.NEAREST), Body.state == "open").with_only_columns(Body.id, Body.name, Body.tier)
        .order_by(func.length(Body.tier), Body.division_code)
    ).all()
    asked = request.args.get("body", "")
    body = next((row for row in bodies if str(row.id) == asked), None) or next((row for row in bodies if row.id == current_user.body_id), None)
    body = body or next((row for row in bodies if row.tier == "county"), bodies[0] if bodies else None)
    today = clock.today()
    policy = policies.policy_for(db.session, body.id if body else None, today)
    lines = {
        title: [(setting, policy.text(setting.key), as_text(setting, setting.default), policy.article(setting.key), policy.sure(setting.key)) for setting in settings]
        for title, settings in GROUPS.items()
    }
    return page("policies/index.html", bodies=bodies, body=body, policy=policy, lines=lines, sure=SURE, profiles=PROFILES, tiers=TIERS,
                row=policies.in_force(db.session, body.id, today) if body else None, versions=policies.versions(db.session, body.id) if body else [])
