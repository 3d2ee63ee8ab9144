"""退回补正: what came back to the school that applied. The same form with what was asked for, and what is to be mended marked in it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import MovedOn, NotAllowed, NotFound, Refusal
from ..extensions import db
from ..forms.fields import as_number
from ..permissions import DUTIES
from ..services.casework import applications, case_pages, drafts
from ..services.intake import enrolments
from ..services.intake.enrolments import Held
from ..services.pupils import records
from ..services.standing import changes
from ..workflow.changes import STATUS_CHANGES
from ..workflow.flows import FLOWS, NEW_RECORDS, reasons
from ..workflow.school_cases import WHOLE_CLASS
from . import change_sheets, enrolment_sheets, quota_cases, recruiting, transfer_sheets, whole_classes
from .cases import found, held
from .drafts import save
from .shared import needs, once

bp = Blueprint("returned", __name__)

OF_ONE_PAGE = {"quota": quota_cases.again, "recruit-consent": recruiting.again, "moving-up": recruiting.draw_again}  # cases without a sheet and a draft


@bp.route("/enrolments/<int:case_id>/edit", methods=["GET", "POST"])
@needs("case.start")
def enrolment(case_id):
    flow = NEW_RECORDS.get(found(case_id).kind)
    if flow is None:
        raise NotFound
    case = _returned(case_id, flow)
    places, subject, record = enrolment_sheets.places_on_offer(case.class_id, flow), f"case.{case_id}", records.load(db.session, case.student_id)
    values = {"title": f"补正登记：{case.title}", "case": case, "mend": _mend(case)}
    if request.method != "POST":
        kept = drafts.find(flow.kind, subject, actor=current_user)
        form = enrolment_sheets.of_draft(subject, kept[0], places, record) if kept else enrolment_sheets.of_case(case, record, places)
        form.draft.data = subject
        _mark(form, case, values["mend"])
        return enrolment_sheets.show(form, places, saved_at=kept[1] if kept else None, marked=True, **values)
    form = enrolment_sheets.sent(places, record)
    form.draft.data = subject
    if request.form.get("save") == "draft":
        return save(flow.kind, subject, request.path, fragment="enrolments/_saved.html", form=form)
    if request.form.get("add") in enrolment_sheets.ADDED:
        return enrolment_sheets.added(form, places, record, **values)
    if enrolment_sheets.judge(form, places, Held(case.student_id, case.class_id, (case.stage, case.entry_year)), case):
        try:
            enrolments.resubmit(
                case_id, form.record(), places.id_of(form.class_code.data), actor=current_user, version=as_number(form.version.data) or 0, today=clock.today(),
                now=clock.now(), draft=subject, once=once(form, f"{flow.kind}.resubmit", lambda done: url_for("cases.show", case_id=done)),
            )
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            return _handed_in(case_id)
    return enrolment_sheets.show(form, places, status=422, **values)


@bp.route("/cases/<int:case_id>/edit", methods=["GET", "POST"])
@needs("case.decide")
def transfer(case_id):
    kind = found(case_id).kind
    case = _returned(case_id, FLOWS[kind])
    if kind in STATUS_CHANGES:
        return _of_sheet(case, change_sheets, changes.resubmit)
    if kind in OF_ONE_PAGE:
        return _of_one_page(case, *OF_ONE_PAGE[kind](case))
    if kind == WHOLE_CLASS.kind:
        return whole_classes.again(case, _mark, _mend(case))
    return _of_sheet(case, transfer_sheets, applications.hand_in_again)


def _of_sheet(case, sheets, hand_in):
    """The sheet of a case that came back, and how it is handed in again: `sheets` are the pages of its kind."""
    sheet, mend = sheets.of_case(case), _mend(case)
    if request.method != "POST":
        form = sheets.opened(sheet)
        _mark(form, case, mend)
        return sheets.show(form, sheet, marked=True, mend=mend)
    form = sheet.form(request.form)
    if answer := sheets.beside(form, sheet, mend=mend):
        return answer
    if sheets.judge(form, sheet):
        try:
            hand_in(case.id, sheets.asked(form, sheet), scans=sheet.scans, actor=current_user, version=as_number(form.version.data) or 0, today=clock.today(), now=clock.now(),
                    note=(form.note.data or "").strip(), draft=sheet.subject, once=once(form, f"{sheet.flow.kind}.resubmit", lambda done: url_for("cases.show", case_id=done)))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            return _handed_in(case.id)
    return sheets.show(form, sheet, status=422, mend=mend)


def _of_one_page(case, form, answers, resubmit, show):
    mend, opened = _mend(case), request.method == "GET"
    if form.validate_on_submit():
        try:
            resubmit(actor=current_user, version=as_number(form.version.data) or 0, today=clock.today(), now=clock.now(), note=(form.note.data or "").strip(),
                     once=once(form, f"{case.kind}.resubmit", lambda done: url_for("cases.show", case_id=done)))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            return _handed_in(case.id)
    elif opened:
        for name in answers.keys() & form._fields.keys():
            form[name].data = answers[name]
        _mark(form, case, mend)
    return show(mend=mend, marked=opened, status=422 if (form.errors or form.form_errors) and not opened else 200)


def _returned(case_id, flow):
    case = found(case_id, flow.kind)
    if case_pages.holds(current_user, case) and case.step == flow.start:
        return case
    if case.state == "open" and (current_user.body_id, current_user.duty) != (case.school_id, flow.begun_by):
        raise NotAllowed(f"退回的{flow.title}由申请单位的{DUTIES[flow.begun_by]}补正。")
    raise MovedOn(f"这件{flow.title}不在补正中，请打开它看最新的情况。")


def _mend(case):
    """What the office asked for when it returned the case."""
    asked, titles = case_pages.mend_of(case), dict(case_pages.mendable(case.kind))
    return asked and asked | {"why": reasons(case.kind).get(asked["reason"], ""), "titles": [titles.get(item, item) for item in asked["items"]]} | held(case)


MARKED_AT = {"evidence": "material"}  # an item to be mended that is not a field itself


def _mark(form, case, mend):
    form.version.data = str(case.version)
    for name, title in zip(mend["items"], mend["titles"], strict=True) if mend else ():
        field = MARKED_AT.get(name, name)
        if field in form:
            form[field].errors = [f"退回时要求补正：{title}"]


def _handed_in(case_id):
    flash("已补正并重新提交", "done")
    return redirect(url_for("cases.show", case_id=case_id), 303)
