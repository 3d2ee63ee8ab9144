"""跨区域招生, 允许外招指令 and 升学调档: a school asks, the source authority gives and takes back, the school draws."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import MovedOn, NotAllowed, NotFound, Refusal
from ..extensions import db
from ..forms.fields import as_number
from ..forms.recruiting import Draw, Instruct, Recruit, TakeBack
from ..identity.grades import STAGES
from ..services.casework import case_files
from ..services.schools import drawing, instructions, recruiting
from ..services.transactions import refuse_second
from ..workflow.checks import blocks
from ..workflow.moving_up import MOVING_UP
from ..workflow.school_cases import RECRUIT
from .cases import found
from .shared import moved_on, needs, once, page

bp = Blueprint("recruiting", __name__, url_prefix="/cases")


@bp.route("/new/recruit-consent", methods=["GET", "POST"])
@needs("case.start")
def new():
    today, stages = clock.today(), recruiting.stages_of(current_user)
    form = Recruit().offer([(stage, STAGES[stage]) for stage in stages], [(str(year), f"{year}年") for year in (today.year, today.year + 1)],
                           [(str(county), name) for county, name in recruiting.counties_on_offer(current_user)])
    if form.validate_on_submit():
        asked = recruiting.Asked(form.stage.data or "", as_number(form.year.data) or 0, as_number(form.from_county.data), form.number.data, form.reason.data or "",
                                 form.document.data or "")
        try:
            case_id = recruiting.apply(asked, actor=current_user, today=today, now=clock.now(), note=(form.note.data or "").strip(),
                                       once=once(form, "recruit-consent.apply", lambda done: url_for("cases.show", case_id=done)))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash("跨区域招生的申请已提交，请在这一件里上传招生计划的扫描件", "done")
            return redirect(url_for("cases.show", case_id=case_id), 303)
    elif request.method == "GET" and stages:
        form.stage.data, form.year.data = stages[0], str(today.year)
    return page("recruiting/form.html", form=form, flow=RECRUIT, case=None, stages=stages, status=422 if form.errors or form.form_errors else 200)


def again(case):
    """(form, what was handed in, how it is handed in again, its page) of a case that came back."""
    form = Recruit().same_area()

    def resubmit(**act):
        recruiting.resubmit(case.id, recruiting.Asked("", 0, None, form.number.data, form.reason.data or "", form.document.data or ""), **act)

    return form, case_files.answers_of(case), resubmit, lambda **values: page("recruiting/form.html", form=form, flow=RECRUIT, case=case, stages="23", **values)


# ---------------------------------------------------------------- 允许外招指令

@bp.route("/<int:case_id>/instructions", methods=["GET", "POST"])
@needs("instruction.give")
def give(case_id):
    case, form = _consent(case_id), Instruct()
    if form.validate_on_submit():
        try:
            instructions.give(case_id, form.number.data, actor=current_user, now=clock.now(), once=once(form, "instruction.give", lambda _: url_for(".give", case_id=case_id)))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash("已签发允许外招指令", "done")
            return redirect(url_for(".give", case_id=case_id), 303)
    return page("recruiting/instructions.html", case=case, form=form, flow=RECRUIT, instructions=instructions.of_case(case), giving=True,
                status=422 if form.errors or form.form_errors else 200)


@bp.route("/<int:case_id>/instructions/<int:instruction_id>/take-back", methods=["GET", "POST"])
@needs("instruction.give")
def take_back(case_id, instruction_id):
    case, form = _consent(case_id), TakeBack()
    row = next((one for one in instructions.of_case(case) if one[0] == instruction_id), None)
    if row is None:
        raise NotFound
    if form.validate_on_submit():
        try:
            instructions.take_back(case_id, instruction_id, form.reason.data or "", actor=current_user, now=clock.now(),
                                 once=once(form, "instruction.take_back", lambda _: url_for(".give", case_id=case_id)))
        except MovedOn as moved:
            return moved_on(moved, "这份指令", url_for(".give", case_id=case_id))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash(f"已收回{row[1]}的允许外招指令", "done")
            return redirect(url_for(".give", case_id=case_id), 303)
    return page("recruiting/take_back.html", case=case, form=form, name=row[1], instruction_id=instruction_id, status=422 if form.errors or form.form_errors else 200)


# ---------------------------------------------------------------- 升学调档

@bp.get("/new/moving-up")
@needs("case.start")
def drawable():
    """The instructions that name one's own school."""
    return page("recruiting/drawable.html", rows=drawing.waiting(current_user, clock.today()), flow=MOVING_UP)


@bp.route("/new/moving-up/<int:instruction_id>", methods=["GET", "POST"])
@needs("case.start")
def draw(instruction_id):
    form = Draw()
    handing_in = once(form, "moving-up.apply", lambda case_id: url_for("cases.show", case_id=case_id))
    if form.is_submitted():
        refuse_second(handing_in)
    row = drawing.find(current_user, instruction_id)
    form.offer(drawing.classes_on_offer(current_user, row, today=clock.today()))
    if form.validate_on_submit():
        try:
            case_id = drawing.apply(instruction_id, as_number(form.to_class.data), actor=current_user, today=clock.today(), now=clock.now(), note=(form.note.data or "").strip(),
                                    once=handing_in)
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash(f"{row.name}的升学调档申请已提交，请在这一件里上传录取名册的扫描件", "done")
            return redirect(handing_in.locate(case_id), 303)
    _, findings = drawing.preview(instruction_id, as_number(form.to_class.data), actor=current_user, today=clock.today())
    return page("recruiting/draw.html", form=form, name=row.name, from_school=row.old_school, flow=MOVING_UP, case=None, mend=None, marked=False,
                blocked=[one for one in blocks(findings) if one.field == "instruction"], status=422 if form.errors or form.form_errors else 200)


def draw_again(case):
    """As `again`, of a 升学调档."""
    row = drawing.of_case(case)
    form = Draw().offer(drawing.classes_on_offer(current_user, row, today=clock.today()))

    def resubmit(**act):
        drawing.resubmit(case.id, as_number(form.to_class.data), **act)

    return form, {"to_class": str(case.class_id or "")}, resubmit, lambda **values: page(
        "recruiting/draw.html", form=form, name=row.name, from_school=row.old_school, flow=MOVING_UP, case=case, blocked=[], **values)


def _consent(case_id):
    case = found(case_id, RECRUIT.kind)
    if not instructions.may_give(db.session, current_user, case):
        raise NotAllowed("允许外招指令由生源地主管教育行政部门在跨区域招生办结以后签发和收回。")
    return case
