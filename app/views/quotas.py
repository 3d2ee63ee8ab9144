"""招生计划: every school's plan of a year with what is used of it; the county sets it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import aliased

from .. import clock
from ..errors import MovedOn, NotFound, Refusal
from ..extensions import db
from ..forms.quotas import Plan
from ..identity.grades import STAGES
from ..models import Body, Quota
from ..permissions import schools_of, visible_bodies
from ..services.administration import policies
from ..services.schools import quotas
from .shared import needs, once, page

bp = Blueprint("quotas", __name__, url_prefix="/quotas")

WIDE = ("city_officer", "province_officer")  # who look into several counties, one at a time


def _year():
    """The year asked for; else that of the new pupils who come next or have just come."""
    today = clock.today()
    last = today.year if today.month >= 5 else today.year - 1
    asked = request.args.get("year", "")
    return (int(asked) if asked in {str(year) for year in range(last - 3, last + 2)} else last), range(last + 1, last - 4, -1)


def _schools():
    schools = visible_bodies(current_user).where(Body.tier == "school")
    return schools if current_user.duty in WIDE else schools.where(Body.id.in_(schools_of(current_user)))


@bp.get("")
@needs("quota.see")
def index():
    year, years = _year()
    counties, chosen = [], current_user.county_id
    if current_user.duty in WIDE:
        counties = db.session.execute(
            visible_bodies(current_user).where(Body.tier == "county", Body.state == "open").with_only_columns(Body.id, Body.short_name).order_by(Body.division_code)
        ).all()
        asked = request.args.get("county", "")
        chosen = next((row.id for row in counties if str(row.id) == asked), counties[0].id if counties else None)
    schools = db.session.execute(
        _schools().where(Body.county_id == chosen, Body.state == "open").with_only_columns(Body.id, Body.short_name, Body.stages)
        .order_by(Body.stages, Body.division_code, Body.local_code, Body.key)
    ).all()
    plans = {
        (row.school_id, row.stage): row
        for row in db.session.execute(select(Quota.school_id, Quota.stage, Quota.planned, Quota.used).where(
            Quota.county_id == chosen, Quota.year == year, Quota.school_id.in_([row.id for row in schools])))
    }
    lines = [
        (row.id, row.short_name, stage, plans.get((row.id, stage)))
        for row in schools for stage in row.stages
    ]
    totals = [
        (STAGES[stage], sum(plan.planned for _, _, of, plan in lines if plan and of == stage), sum(plan.used for _, _, of, plan in lines if plan and of == stage))
        for stage in STAGES if any(of == stage for _, _, of, _ in lines)
    ]
    policy = policies.policy_for(db.session, chosen, clock.today()) if chosen else None
    return page("quotas/index.html", year=year, years=years, counties=counties, chosen=chosen, lines=lines, totals=totals, stages=STAGES, policy=policy)


@bp.route("/<int:school_id>/<stage>/<int:year>", methods=["GET", "POST"])
@needs("quota.write")
def edit(school_id, stage, year):
    county = aliased(Body)
    school = db.session.execute(
        _schools().join(county, county.id == Body.county_id).where(Body.id == school_id).with_only_columns(Body.id, Body.name, Body.short_name, Body.stages)
    ).one_or_none()
    if school is None or stage not in school.stages or year not in _year()[1]:
        raise NotFound
    now = quotas.of(db.session, school_id, stage, year)
    form = Plan(data={"planned": now.planned if now else None, "version": now.version if now else 0})
    theirs, status = [], 422
    if form.validate_on_submit():
        try:
            quotas.plan(school_id, stage, year, form.planned.data, reason=form.reason.data, version=form.version.data, actor=current_user,
                        once=once(form, "quota.set", lambda _: url_for(".index", year=year)))
        except MovedOn as moved:
            status, form.version.data = form.refuse(moved), now.version
            theirs = [("计划数", now.planned, form.planned.data)]
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"{school.short_name}{year}年{STAGES[stage]}招生计划为 {form.planned.data} 人。", "done")
            return redirect(url_for(".index", year=year), 303)
    return page("quotas/edit.html", form=form, school=school, stage=STAGES[stage], place=(school_id, stage, year), plan=now, theirs=theirs,
                status=status if form.errors else 200)
