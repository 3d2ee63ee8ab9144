"""规则: what a bureau's rules are today, where each comes from and how sure we are of it; and a new version of them, from a day on."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import func

from .. import clock
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms.policies import Rules
from ..identity.dates import chinese
from ..models import TIERS, Body
from ..permissions import visible_bodies
from ..policies.edits import as_text
from ..policies.profiles import PROFILES, make_policy
from ..policies.settings import GROUPS, SETTINGS
from ..policies.sources import SURE
from ..services.administration import policies
from .shared import needs, once, page

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
    differs = {key for key, setting in SETTINGS.items() if policy[key] != setting.default}
    only = "differs" in request.args
    lines = {
        title: [(setting, policy.text(setting.key), as_text(setting, setting.default)) for setting in settings if not only or setting.key in differs]
        for title, settings in GROUPS.items()
    }
    return page("policies/index.html", bodies=bodies, body=body, policy=policy, lines={title: told for title, told in lines.items() if told}, differs=len(differs), only=only, sure=SURE, profiles=PROFILES, tiers=TIERS,
                row=policies.in_force(db.session, body.id, today) if body else None, versions=policies.versions(db.session, body.id) if body else [], today=today,
                coming=policies.coming(db.session, body.id, today) if body else None)


@bp.route("/edit", methods=["GET", "POST"])
@needs("policy.write")
def edit():
    """One's own bureau's: a profile, and what is otherwise here. First the differences are shown, then the version is made."""
    body_id, today = current_user.body_id, clock.today()
    name = db.session.execute(visible_bodies(current_user).where(Body.id == body_id).with_only_columns(Body.name)).scalar()
    if name is None:
        raise NotFound
    now = policies.policy_for(db.session, body_id, today)
    chosen = request.values.get("profile", now.profile)
    of_profile = make_policy(chosen if chosen in PROFILES else now.profile)
    form = Rules()
    if not form.is_submitted():
        form.fill(now if of_profile.profile == now.profile else of_profile)
        form.profile.data, form.from_on.data = of_profile.profile, today.isoformat()
        return _form(form, name, of_profile)
    if request.form.get("take") == "profile":
        form.fill(of_profile)
        return _form(form, name, of_profile)
    if request.form.get("take") == "back":
        return _form(form, name, of_profile)
    if not form.validate_on_submit():
        return _form(form, name, of_profile, status=422)
    try:
        told = {"profile": form.profile.data, "edits": form.edits(of_profile), "from_on": form.from_on.value}
        before, after = policies.preview(body_id, actor=current_user, today=today, **told)
        if form.step.data == "make":
            number = policies.set_policy(body_id, actor=current_user, today=today, now=clock.now(), once=once(form, "policy.set", lambda _: url_for(".index")), **told)
            flash(f"已定下第 {number} 版规则，{chinese(form.from_on.value)}起用", "done")
            return redirect(url_for(".index"), 303)
    except Refusal as refusal:
        form.refuse(refusal)
        return _form(form, name, of_profile, status=422)
    changes = [(setting, before.text(key), after.text(key), of_profile.text(key)) for key, setting in SETTINGS.items() if before[key] != after[key]]
    form.step.data = "make"
    return page("policies/check.html", form=form, bureau=name, changes=changes, after=after, profile=PROFILES[after.profile].title, from_on=form.from_on.value, sure=SURE,
                coming=policies.coming(db.session, body_id, form.from_on.value))


def _form(form, name, of_profile, status=200):
    form.step.data = ""
    return page("policies/edit.html", status=status, form=form, bureau=name, of_profile=of_profile, sure=SURE,
                coming=policies.coming(db.session, current_user.body_id, clock.today()))
