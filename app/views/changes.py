"""异动: 休学, 复学 and their like. The pupil chosen, the sheet filled and checked, the application handed in."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms.transfers import HandIn
from ..services.administration import policies
from ..services.casework import drafts, evidence
from ..services.standing import change_forms, change_pages, changes
from ..services.transactions import refuse_second
from ..workflow.changes import STATUS_CHANGES
from ..workflow.checks import blocks
from . import scans
from .change_sheets import ABOUT, asked, beside, of_pupil, opened, show
from .drafts import begun, delete, gone
from .shared import asked_id, download, needs, once, page

bp = Blueprint("changes", __name__, url_prefix="/cases")


def choose_pupil(kind):
    """/cases/new/<kind>: whom it is for. `?class=` names one's own class, `?student=` goes on at once."""
    if (student_id := asked_id("student")) is not None:
        return redirect(url_for("changes.fill", kind=kind, student_id=student_id), 303)
    change_pages.refuse_duty(kind, current_user)
    if not current_user.school_id:
        flash("请先找到学生，再从学籍页办理", "warning")
        return redirect(url_for("students.index"), 303)
    change_pages.refuse_stages(kind, change_pages.stages_at(current_user))
    change = STATUS_CHANGES[kind]
    return pupils_of(change.flow, change.statuses, lambda pupil: url_for("changes.fill", kind=kind, student_id=pupil),
                     [(subject, drafts_name(kind, subject), at) for subject, _, at in begun(kind)], stages=change.stages, anywhere=change.anywhere)


def pupils_of(flow, statuses, fill_at, kept, *, stages="123", anywhere=False):
    """The page on which a pupil of one's own school is chosen: `fill_at(id)` is where the form is, `kept` are the drafts [(subject, name, when)]. `anywhere`: those of other
    schools are looked up."""
    class_id = asked_id("class")
    return page(
        "changes/pupils.html", flow=flow, rows=change_pages.pupils(current_user, statuses, stages, class_id), classes=change_pages.own_classes(current_user), class_id=class_id,
        by_class="01" in statuses, most=change_pages.MOST, class_title=change_pages.class_title, fill_at=fill_at, drafts=kept, anywhere=anywhere,
    )


def drafts_name(kind, subject):
    told = drafts.find(ABOUT, f"{kind}.{subject}", actor=current_user)
    return told[0].get("name", "") if told else "未命名"


@bp.route("/new/<kind>/<int:student_id>", methods=["GET", "POST"])
@needs("change.apply")
def fill(kind, student_id):
    sheet = _sheet(kind, student_id)
    if request.method != "POST":
        return show(opened(sheet), sheet)
    form = sheet.form(request.form)
    if answer := beside(form, sheet):
        return answer
    if form.validate_on_submit():
        sheet.keep()
        return redirect(url_for(".check", kind=kind, student_id=student_id), 303)
    return show(form, sheet, status=422)


def _sheet(kind, student_id):
    if kind not in STATUS_CHANGES:
        raise NotFound
    return of_pupil(kind, student_id)


@bp.route("/new/<kind>/<int:student_id>/check", methods=["GET", "POST"])
@needs("change.apply")
def check(kind, student_id):
    """Between the form and the office: every answer, every rule with what it says, and the one button."""
    form = HandIn()
    if kind in STATUS_CHANGES and "application" not in STATUS_CHANGES[kind].flow.evidence:
        form.truthful.label.text = "已与原件核对，材料真实"  # a report of the school's own: no guardian signs
    handing_in = once(form, f"{kind}.apply", lambda case_id: url_for("cases.show", case_id=case_id))
    if form.is_submitted():
        refuse_second(handing_in)
    sheet = _sheet(kind, student_id)
    if sheet.typed is None:
        raise gone("申请", sheet.flow.title, url_for("cases.new", kind=kind))
    filled = sheet.form()
    filled.validate_kept()
    try:
        if filled.errors:
            raise Refusal("有的内容需要更正，请改好后再核对")
        wanted = asked(filled, sheet)
        plan = changes.preview(kind, student_id, wanted, actor=current_user, today=clock.today())
        if form.validate_on_submit():
            case_id = changes.apply(kind, student_id, wanted, actor=current_user, today=clock.today(), now=clock.now(), note=(filled.note.data or "").strip(),
                                    draft=sheet.subject, scans=sheet.scans, once=handing_in)
            flash(f"{sheet.student.name}的{sheet.flow.steps[sheet.flow.start].title}已提交", "done")
            return redirect(handing_in.locate(case_id), 303)
    except Refusal as refusal:
        filled.refuse_mistake(refusal)
        return show(filled, sheet, status=422)
    policy = policies.policy_for(db.session, current_user.county_id, clock.today())
    return page(
        "cases/check.html", form=form, sheet=sheet, flow=sheet.flow, title=sheet.title, lead=sheet.title, found="选择学生", answers=_answers(sheet, wanted, plan),
        findings=plan.findings, blocked=blocks(plan.findings), road=change_pages.road(current_user, kind, policy, sheet.student.school_id),
        application=kind in change_forms.TITLES and (change_forms.TITLES[kind], url_for(".draft_form", kind=kind, student_id=student_id)),
        status=422 if form.errors or form.form_errors else 200,
    )


def _answers(sheet, wanted, plan):
    """[(section, [(label, value, anchor)])]"""
    asked = [(label, value, name) for name, label, value in change_pages.told(sheet.kind, wanted.answers, plan.before)]
    materials = "、".join(one["name"] for one in sheet.scans) or "还没有上传"
    return [("申请内容", [("学生", f"{sheet.student.name}，{sheet.place}", ""), *asked, ("材料", materials, "evidence")])]


@bp.get("/new/<kind>/<int:student_id>/scans/<int:file_id>")
@needs("change.apply")
def scan(kind, student_id, file_id):
    """A scan of one's own draft, looked at before it is handed in."""
    return scans.look(_sheet(kind, student_id).scans, file_id)


@bp.get("/new/<kind>/<int:student_id>/form.pdf")
@needs("change.apply")
def draft_form(kind, student_id):
    """The application to be signed, filled in as far as the draft goes."""
    sheet = _sheet(kind, student_id)
    filled = sheet.form()
    if kind not in change_forms.TITLES or sheet.typed is None:
        raise NotFound
    filled.validate_kept()
    if filled.errors:
        return redirect(url_for(".check", kind=kind, student_id=student_id), 303)  # there it is told what is wrong
    pdf = change_forms.of_draft(kind, student_id, asked(filled, sheet), actor=current_user, now=clock.now())
    return download(pdf, f"{change_forms.TITLES[kind]}.pdf", "application/pdf", inline=True)


@bp.get("/<int:case_id>/form.pdf")
@needs("student.print")
def form_of_case(case_id):
    title, number, pdf = change_forms.of_case(case_id, actor=current_user, now=clock.now())
    return download(pdf, f"{title}-{number}.pdf", "application/pdf", inline=True)


@bp.post("/new/<kind>/<int:student_id>/discard")
@needs("change.apply")
def discard(kind, student_id):
    sheet = _sheet(kind, student_id)
    return delete(lambda: _drop(sheet), url_for("cases.new", kind=kind))


def _drop(sheet):
    for one in sheet.scans:
        evidence.drop(one["file_id"], actor=current_user)
    drafts.discard(sheet.kind, sheet.subject, actor=current_user)
    drafts.discard(ABOUT, f"{sheet.kind}.{sheet.subject}", actor=current_user)
