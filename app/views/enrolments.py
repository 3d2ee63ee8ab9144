"""招生入学, and 补录 at its own door (supplementary.py): a new record by form. Typed, kept as a draft, checked, handed in."""

import secrets

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..codes import divisions
from ..errors import Refusal
from ..extensions import db
from ..forms.base import Plain
from ..forms.enrolments import CardForm, CheckForm
from ..identity.id_card import read_line
from ..services.administration import policies
from ..services.casework import drafts
from ..services.intake import enrolments
from ..services.transactions import refuse_second
from ..workflow.flows import NEW_RECORDS, SEATS, days_of
from .cases import found
from .drafts import begun, delete, gone, keep, save
from .enrolment_sheets import ADDED, DOORS, USUAL, added, fresh, judge, of_draft, places_on_offer, seat, sent, show
from .shared import asked_id, needs, once, page

bp = Blueprint("enrolments", __name__, url_prefix="/enrolments")


def _places():
    """What is on offer at this door, which says of what kind the record is."""
    return places_on_offer(flow=next(NEW_RECORDS[kind] for kind, door in DOORS.items() if door == request.blueprint))


@bp.route("/new", methods=["GET", "POST"])
@needs("case.start")
def new():
    places = _places()
    flow = places.flow
    if request.method != "POST":
        return _opened(places)
    form = sent(places)
    subject = form.draft.data
    if request.form.get("save") == "draft":
        return save(flow.kind, subject, url_for(".new", draft=subject), fragment="enrolments/_saved.html", form=form)
    if request.form.get("add") in ADDED:
        return added(form, places)
    if judge(form, places):
        try:
            keep(flow.kind, subject, class_no=form.class_no.data or seat(form, places))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".check", draft=subject), 303)
    return show(form, places, status=422)


def _opened(places):
    """A fresh form; the draft that was left; or, of several drafts, the choice."""
    subject, after = request.args.get("draft"), asked_id("after")
    kept = begun(places.flow.kind)
    if subject is None and after is None and "fresh" not in request.args:
        if len(kept) > 1:
            return page("enrolments/drafts.html", drafts=[(one, content.get("name") or "未填姓名", at) for one, content, at in kept], form=Plain(), places=places, flow=places.flow)
        if kept:
            subject = kept[0][0]
    if subject is not None:
        draft = next((one for one in kept if one[0] == subject), None)
        if draft is None:
            raise gone("登记", places.flow.title, url_for(".new", fresh=1))
        return show(of_draft(subject, draft[1], places), places, saved_at=draft[2])
    return show(fresh(places, after), places, after=found(after) if after else None, others=len(kept), focus="id_doc_no")


@bp.post("/drafts/<subject>/discard")
@needs("case.start")
def discard(subject):
    return delete(lambda: drafts.discard(_places().flow.kind, subject, actor=current_user), url_for(".new"))


@bp.get("/divisions")
@needs("draft.write")
def suggest():
    """Places of the whole country whose name or code begins so, for a field that is being typed."""
    return [f"{code} {name}" for code, name in divisions.find(request.args.get("q", "")[:40])]


@bp.post("/card")
@needs("case.start")
def card():
    """The form again, filled from the card reader's line; what was typed or kept before stays where the card says nothing."""
    places = _places()
    reader = CardForm()
    if "name" in request.form or "id_doc_no" in request.form:  # htmx sends the whole form along
        content = drafts.typed(request.form)
    else:
        kept = drafts.find(places.flow.kind, reader.draft.data or "", actor=current_user)
        content = kept[0] if kept else USUAL
    read = read_line(reader.card.data or "") if reader.validate_on_submit() else None
    form = of_draft(reader.draft.data or secrets.token_urlsafe(9), content | (read or {}), places)
    if read is None:
        form.form_errors.append("没有读到一行完整的证件信息，请把证件重新放在阅读器上，或手工填写")
        return show(form, places, status=422)
    for name in read:
        form[name].render_kw = (form[name].render_kw or {}) | {"says": "由证件读出，请核对"}
    if not form.current_address.data and read.get("hukou_address"):
        form.current_address.data = read["hukou_address"]
    return show(form, places, focus="phone")


# ---------------------------------------------------------------- check and hand in

@bp.route("/check", methods=["GET", "POST"])
@needs("case.start")
def check():
    """Between the form and the office: every answer, what the rules say of them, and the one button."""
    places = _places()
    form, flow = CheckForm(), places.flow
    if request.method != "POST":
        form.draft.data = request.args.get("draft")
    on = request.form.get("save") == "next"
    handing_in = once(form, f"{flow.kind}.apply", lambda case_id: url_for(".new", after=case_id) if on else url_for(".accepted", case_id=case_id))
    if form.is_submitted():
        refuse_second(handing_in)
    kept = drafts.find(flow.kind, form.draft.data or "", actor=current_user)
    if kept is None:
        raise gone("登记", flow.title, url_for(".new", fresh=1))
    filled = of_draft(form.draft.data, kept[0], places)
    try:
        if not filled.validate_kept():
            raise Refusal("有的内容需要更正，请改好后再核对")
        record, class_id = filled.record(), places.id_of(filled.class_code.data)
        goal, findings = enrolments.preview(record, class_id, actor=current_user, today=clock.today(), now=clock.now(), flow=flow)
        enrolments.refuse_blocks(findings)
        if form.validate_on_submit():
            case_id = enrolments.apply(record, class_id, actor=current_user, today=clock.today(), now=clock.now(), draft=form.draft.data, flow=flow, once=handing_in)
            return redirect(handing_in.locate(case_id), 303)
    except Refusal as refusal:
        filled.refuse(refusal)
        return show(filled, places, status=422, saved_at=kept[1])
    return page("enrolments/check.html", form=form, answers=filled.answers(goal.title), findings=findings, goal=goal, flow=flow, after=_road(flow, goal),
                status=422 if form.errors or form.form_errors else 200)


def _road(flow, goal):
    """What comes after: (step, how long each office has)."""
    policy = policies.policy_for(db.session, goal.county_id, clock.today())
    steps = [flow.steps[name] for name in flow.line if not flow.steps[name].terminal and name != flow.start]
    return [(f"{SEATS[step.seat]}核办", policy.text(days_of(step, ""))) for step in steps]


@bp.route("/<int:case_id>/accepted")
@needs("case.start")
def accepted(case_id):
    flow = _places().flow
    return page("enrolments/accepted.html", case=found(case_id, flow.kind), flow=flow)
