"""机构: the tree of bodies, each on its page; made, changed, closed, and taken in from a workbook."""

from collections import Counter

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import func, or_
from sqlalchemy.orm import aliased

from ..codes import table
from ..errors import MovedOn, NotFound, Refusal
from ..extensions import db
from ..forms import organisations as forms
from ..forms.fields import menu
from ..identity.grades import SCHOOL_STAGES
from ..models import TIERS, Body
from ..permissions import visible_bodies
from ..services.administration import organisation_imports, organisations
from .shared import XLSX, asked_id, download, needs, once, page

bp = Blueprint("organisations", __name__, url_prefix="/organisations")

MOST = 500
TOLD = 20  # faults of a file in the summary; the table below it holds them all
STATES = {"open": "在用", "closed": "已撤销", "merged": "已并入"}


# ---------------------------------------------------------------- the tree

@bp.get("")
@needs("organisation.see")
def index():
    closed = bool(request.args.get("closed"))
    offices = _offices(closed)
    chosen = asked_id("in")
    if chosen not in {row.id for row in offices}:
        mine = {current_user.township_id, current_user.county_id, current_user.city_id, current_user.province_id}
        chosen = next((row.id for row in reversed(offices) if row.id in mine), None)  # who sits at no office sees the whole house
    office = next((row for row in offices if row.id == chosen), None)
    schools = _schools(office, request.args.get("q", "").strip(), closed)
    return page("organisations/index.html", offices=_tree(offices, closed), office=office, here=_at(office, closed), schools=schools[:MOST], more=len(schools) > MOST, closed=closed,
                q=request.args.get("q", ""), tiers=TIERS, states=STATES, stages=SCHOOL_STAGES, types=table("school_type"))


def _offices(closed):
    """Everything above the schools, in the order of the tree."""
    query = visible_bodies(current_user).where(Body.tier != "school")
    if not closed:
        query = query.where(Body.state == "open")
    rows = db.session.execute(
        query.with_only_columns(Body.id, Body.tier, Body.name, Body.short_name, Body.state, Body.located_in_id).order_by(Body.division_code, Body.key)
    ).all()
    below = {}
    for row in rows:
        below.setdefault(row.located_in_id, []).append(row)
    return list(_walk(below, {row.id for row in rows}))


def _walk(below, known):
    """Depth first; a body whose place is not among those shown stands at the root."""
    stack = [row for place, rows in below.items() if place not in known for row in rows][::-1]
    while stack:
        row = stack.pop()
        yield row
        stack += below.get(row.id, [])[::-1]


def _tree(offices, closed):
    """For the list at the side: (address, words, number of schools, look)."""
    places = (Body.province_id, Body.city_id, Body.county_id, Body.township_id)
    schools = Counter()
    counted = visible_bodies(current_user).where(Body.tier == "school", Body.state == "open").with_only_columns(*places, func.count()).group_by(*places)
    for *above, number in db.session.execute(counted):
        schools.update(dict.fromkeys([0, *filter(None, above)], number))  # 0: the whole house
    depth = {}
    for row in offices:
        depth[row.id] = depth.get(row.located_in_id, -1) + 1
    root = [] if current_user.body_id else [(_at(None, closed), "全部", f"{schools[0]} 所", "")]
    return root + [
        (_at(row, closed), "　" * depth[row.id] + row.short_name,
         f"{schools[row.id]} 所" if row.state == "open" else STATES[row.state], "" if row.state == "open" else "bad")
        for row in offices
    ]


def _at(office, closed):
    return url_for(".index", **{"in": office.id if office else None, "closed": 1 if closed else None})


def _schools(office, words, closed):
    """The schools that lie in an office, or that it runs elsewhere; without an office, of the whole house."""
    manager = aliased(Body)
    query = visible_bodies(current_user).outerjoin(manager, manager.id == Body.managed_by_id).where(Body.tier == "school")
    if office:
        query = query.where(or_(getattr(Body, f"{office.tier}_id") == office.id, Body.managed_by_id == office.id))
    if not closed:
        query = query.where(Body.state == "open")
    if words:
        query = query.where(or_(Body.name.contains(words, autoescape=True), Body.school_code == words, Body.key == words.lower()))
    return db.session.execute(query.with_only_columns(
        Body.id, Body.name, Body.school_code, Body.local_code, Body.school_type, Body.stages, manager.short_name.label("manager"), Body.state, Body.belongs_to_id,
    ).order_by(Body.division_code, Body.local_code, Body.key).limit(MOST + 1)).all()


# ---------------------------------------------------------------- one body

def _found(body_id):
    """A row of every column of a body that this person may see."""
    row = db.session.execute(visible_bodies(current_user).where(Body.id == body_id).with_only_columns(*Body.__table__.c)).one_or_none()
    if row is None:
        raise NotFound
    return row


@bp.get("/<int:body_id>")
@needs("organisation.see")
def show(body_id):
    return _show(body_id, forms.State())


def _show(body_id, form, status=200):
    body = _found(body_id)
    form.version.data = body.version
    around = {body.managed_by_id, body.located_in_id, body.belongs_to_id, body.province_id, body.city_id, body.county_id, body.township_id} - {None}
    names = dict(db.session.execute(visible_bodies(current_user).where(Body.id.in_(around)).with_only_columns(Body.id, Body.short_name)).all())
    above = [(place, names[place]) for place in (body.province_id, body.city_id, body.county_id, body.township_id) if place in names and place != body.id]
    below = db.session.execute(
        visible_bodies(current_user).where(or_(Body.located_in_id == body_id, Body.belongs_to_id == body_id, Body.managed_by_id == body_id))
        .with_only_columns(Body.id, Body.tier, Body.name, Body.school_type, Body.state).order_by(Body.tier, Body.division_code, Body.key).limit(MOST)
    ).all()
    coded = {column: table(name).label(getattr(body, column)) if getattr(body, column) else "" for column, name in organisations.CODED.items()}
    return page("organisations/show.html", status=status, body=body, names=names, above=above, below=below, coded=coded, tiers=TIERS, states=STATES,
                stages=SCHOOL_STAGES, form=form)


@bp.route("/new", methods=["GET", "POST"])
@needs("organisation.write")
def new():
    tier = request.args.get("tier", "")
    if tier not in TIERS:
        return page("organisations/new_tier.html", tiers=TIERS)
    form = _form(tier)
    status = 422
    if form.validate_on_submit():
        try:
            body_id = organisations.create(_facts(form, tier), actor=current_user, once=once(form, "organisation.create", lambda made: url_for(".show", body_id=made)))
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"已新建{form.name.data}。", "done")
            return redirect(url_for(".show", body_id=body_id), 303)
    return page("organisations/new.html", form=form, tier=tier, tiers=TIERS, status=status if form.errors else 200)


@bp.route("/<int:body_id>/edit", methods=["GET", "POST"])
@needs("organisation.write")
def edit(body_id):
    body = _found(body_id)
    main = db.session.execute(visible_bodies(current_user).where(Body.id == body.belongs_to_id).with_only_columns(Body.school_code)).scalar()
    shown = body._asdict() | {"years_system": "54" if body.primary_years == 5 else "63", "belongs_to_id": main or ""}
    form = _form(body.tier, shown, apart_from=body_id)
    theirs, status = [], 422
    if form.validate_on_submit():
        try:
            organisations.change(body_id, _facts(form, body.tier), version=form.version.data, actor=current_user,
                                 once=once(form, "organisation.change", lambda _: url_for(".show", body_id=body_id)))
        except MovedOn as moved:
            status, theirs = form.refuse(moved), _differences(form, shown)
            form.version.data = body.version
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"已保存{form.name.data}的修改。", "done")
            return redirect(url_for(".show", body_id=body_id), 303)
    return page("organisations/edit.html", form=form, body=body, tiers=TIERS, theirs=theirs, status=status if form.errors else 200)


def _form(tier, shown=None, apart_from=None):
    form = forms.OF_TIER[tier](data=shown or {"located_in_id": asked_id("in"), "managed_by_id": asked_id("in")})
    for field, allowed in ((form.located_in_id, organisations.ABOVE[tier]), (form.managed_by_id, organisations.MANAGED[tier])):
        if not allowed:
            del form[field.name]
            continue
        rows = db.session.execute(
            visible_bodies(current_user).where(Body.tier.in_(allowed), Body.state == "open", Body.id != (apart_from or 0))
            .with_only_columns(Body.id, Body.name).order_by(Body.division_code, Body.key)
        ).all()
        field.choices = menu(rows)
    if tier != "county" and "abbreviation" in form:
        del form.abbreviation
    return form


def _facts(form, tier):
    facts = {name: value for name, value in form.data.items() if name not in ("csrf_token", "idempotency_key", "version")}
    facts["belongs_to_id"] = None
    if words := (form.data.get("belongs_to_id") or "").strip():
        named = visible_bodies(current_user).where(Body.tier == "school", or_(Body.school_code == words, Body.name == words)).with_only_columns(Body.id)
        facts["belongs_to_id"] = db.session.execute(named.limit(1)).scalar() or -1  # typed, and nobody's: the service says what it has to be
    return facts | {"tier": tier}


def _differences(form, shown):
    """(label, now, typed) of what the clerk typed otherwise than it now stands."""
    found = []
    for field in form:
        if field.name in shown and getattr(field.widget, "input_type", "") != "hidden" and (field.data or "") != (shown[field.name] or ""):
            words = {choice.value: choice.label for choice in getattr(field, "choices", None) or ()}
            found.append((field.label.text, words.get(shown[field.name], shown[field.name] or ""), words.get(field.data, field.data or "")))
    return found


@bp.post("/<int:body_id>/close")
@needs("organisation.write")
def close(body_id):
    return _set_state(body_id, organisations.close, "已撤销")


@bp.post("/<int:body_id>/reopen")
@needs("organisation.write")
def reopen(body_id):
    return _set_state(body_id, organisations.reopen, "已恢复")


def _set_state(body_id, act, word):
    name = _found(body_id).name
    form = forms.State()
    status = 422
    if form.validate_on_submit():
        try:
            act(body_id, reason=form.reason.data, version=form.version.data, actor=current_user,
                once=once(form, f"organisation.{act.__name__}", lambda _: url_for(".show", body_id=body_id)))
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"{word}{name}。", "done")
            return redirect(url_for(".show", body_id=body_id), 303)
    return _show(body_id, form, status=status)


# ---------------------------------------------------------------- many at once

@bp.route("/import", methods=["GET", "POST"])
@needs("organisation.write")
def take_in():
    form = forms.Upload()
    faults, status = [], 422
    if form.validate_on_submit():
        file, carried = form.file.data, once(form, "organisation.import", lambda _: url_for(".index"))
        try:
            number = organisation_imports.load(file.read(), file.filename or "", actor=current_user, once=carried)
        except organisation_imports.NotImported as refusal:
            faults, status = refusal.faults, refusal.status
            form.form_errors += [str(fault) for fault in faults[:TOLD]] + ([f"另有 {len(faults) - TOLD:,} 处，见下表"] if len(faults) > TOLD else [])
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"导入了 {number:,} 个机构。", "done")
            return redirect(url_for(".index"), 303)
    return page("organisations/import.html", form=form, faults=faults[:MOST], more=len(faults) - MOST, columns=organisation_imports.COLUMNS, status=status if form.errors else 200)


@bp.get("/template.xlsx")
@needs("organisation.write")
def template():
    return download(organisation_imports.blank(), "机构模板.xlsx", XLSX)
