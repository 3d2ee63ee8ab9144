"""转学: the child found by two facts, the sheet filled and checked, the application handed in."""

import secrets

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..codes import divisions, table
from ..errors import NotFound, Refusal
from ..forms.base import Plain
from ..forms.transfers import Find, HandIn
from ..identity import masks
from ..identity.dates import chinese
from ..services.casework import applications, drafts, evidence
from ..services.paperwork import application_forms
from ..services.transactions import refuse_second
from ..services.transfer import pupil_lookup, transfer_pages
from ..services.transfer.transfer_plans import SCOPES, preview
from ..workflow.checks import blocks
from ..workflow.departures import BACK
from ..workflow.flows import FLOWS, TRANSFER, TRANSFER_OUT, TRANSFERS
from . import scans
from .cases import found, held
from .change_sheets import begun_for
from .changes import pupils_of
from .drafts import begun, delete, gone
from .shared import asked_id, download, needs, once, page
from .transfer_sheets import AWAY, OUT, asked, beside, judge, of_draft, opened, show

bp = Blueprint("transfers", __name__, url_prefix="/cases")


# ---------------------------------------------------------------- finding the child

@bp.route("/new/transfer", methods=["GET", "POST"])
@needs("case.start")
def new():
    form, missed = Find(), False
    if form.validate_on_submit():
        try:
            pupil = pupil_lookup.look_up(actor=current_user, now=clock.now(), **form.asked())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if pupil:
                back = BACK.flow.kind if pupil.status in BACK.statuses else ""
                return redirect(begun_for(back, pupil) if back else url_for(".fill", subject=_begun(pupil)), 303)
            missed = True
    wrong = form.errors or form.form_errors
    return page("transfers/find.html", form=form, missed=missed, nobody=pupil_lookup.NOBODY, drafts=_drafts(), plain=Plain(formdata=None), status=422 if wrong else 200)


def _begun(pupil):
    """The draft that goes on from a child who was found."""
    student_id, subject = pupil_lookup.student_of(pupil.token, current_user), secrets.token_urlsafe(9)
    _, left = transfer_pages.cohort_of(student_id)
    about = {"mode": "back" if left else "coming", "token": pupil.token, "name": pupil.name, "school": pupil.school, "grade": pupil.grade, "scans": []}
    drafts.keep(applications.ABOUT, subject, about, actor=current_user, now=clock.now())
    return subject


def _drafts():
    """[(subject, name, when)] of what was begun and not handed in."""
    names = {subject: (content.get("name", ""), at) for subject, content, at in begun(applications.ABOUT)}
    for subject, content, at in begun(TRANSFER.kind):
        names[subject] = (content.get("name") or names.get(subject, ("",))[0], at)
    return [(subject, name or "未填姓名", at) for subject, (name, at) in names.items()]


@bp.get("/new/transfer/outside")
@needs("case.start")
def outside():
    """The old school is not in this house."""
    return redirect(url_for(".fill", subject=AWAY + secrets.token_urlsafe(9)), 303)


@bp.get("/new/transfer-out")
@needs("case.start")
def going():
    """A pupil of ours goes: `?student=` her id, else she is chosen from one's own classes."""
    student_id = asked_id("student")
    if student_id is None:
        return pupils_of(TRANSFER_OUT, ("01",), lambda pupil: url_for(".fill", subject=f"{OUT}{pupil}"), [draft for draft in _drafts() if draft[0].startswith(OUT)])
    if transfer_pages.own_pupil(current_user, student_id) is None:
        raise NotFound
    return redirect(url_for(".fill", subject=f"{OUT}{student_id}"), 303)


# ---------------------------------------------------------------- the sheet

@bp.route("/new/transfer/<subject>", methods=["GET", "POST"])
@needs("case.start")
def fill(subject):
    sheet = of_draft(subject)
    if request.method != "POST":
        return show(opened(sheet), sheet)
    form = sheet.form(request.form)
    if answer := beside(form, sheet):
        return answer
    valid = judge(form, sheet)
    try:
        if valid or sheet.mode != "arriving":
            preview(asked(form, sheet), actor=current_user, today=clock.today())
        if valid:
            sheet.keep()
            return redirect(url_for(".check", subject=subject), 303)
    except Refusal as refusal:
        _tell(form, refusal)
    return show(form, sheet, status=422)


def _tell(form, refusal):
    """Everything that is wrong at once (一次性告知), each thing once."""
    told = {one.name for one in form if one.errors}
    for one in getattr(refusal, "refusals", [refusal]):
        if one.field not in told:
            form.refuse(one)


@bp.get("/new/transfer/<subject>/scans/<int:file_id>")
@needs("case.start")
def scan(subject, file_id):
    """A scan of one's own draft, looked at before it is handed in."""
    told = drafts.find(applications.ABOUT, subject, actor=current_user)
    return scans.look(told[0].get("scans", ()) if told else (), file_id)


@bp.post("/new/transfer/<subject>/discard")
@needs("case.start")
def discard(subject):
    return delete(lambda: applications.discard(subject, actor=current_user), url_for(".new"))


# ---------------------------------------------------------------- check and hand in

@bp.route("/new/transfer/<subject>/check", methods=["GET", "POST"])
@needs("case.start")
def check(subject):
    """Between the form and the office: every answer, every rule with what it says, and the one button."""
    form = HandIn()
    handing_in = once(form, "transfer.apply", lambda case_id: url_for(".accepted", case_id=case_id))
    if form.is_submitted():
        refuse_second(handing_in)
    sheet, filled = _filled(subject)
    try:
        if filled.errors:
            raise Refusal("有的内容需要更正，请改好后再核对")
        wanted = asked(filled, sheet)
        plan = preview(wanted, actor=current_user, today=clock.today())
        if form.validate_on_submit():
            case_id = applications.hand_in(wanted, sheet.scans, actor=current_user, today=clock.today(), now=clock.now(), note=(filled.note.data or "").strip(),
                                           draft=subject, once=handing_in)
            return redirect(handing_in.locate(case_id), 303)
    except Refusal as refusal:
        filled.refuse_mistake(refusal)
        return show(filled, sheet, status=422)
    flow = plan.flow
    return page(
        "cases/check.html", form=form, sheet=sheet, flow=flow, title=flow.steps[flow.start].title, found="找到学生",
        lead=f"{plan.name}，{SCOPES[plan.scope]}转学" if flow is TRANSFER else f"{plan.name}，{flow.title}", answers=_answers(filled, sheet, wanted, plan),
        findings=plan.findings, blocked=blocks(plan.findings), road=transfer_pages.road(plan),
        application=("转学申请表", url_for(".draft_application", subject=subject)), status=422 if form.errors or form.form_errors else 200,
    )


def _filled(subject):
    """(sheet, its form as it was kept, judged)"""
    sheet = of_draft(subject)
    if sheet.typed is None:
        raise gone("申请", "转学", url_for(".new"))
    form = sheet.form()
    form.validate_kept()
    form.read()
    return sheet, form


def _answers(form, sheet, wanted, plan):
    """[(section, [(label, value, anchor)])]"""
    away, school, move = plan.outside, current_user.body_name, wanted.asked
    there = f"{away.school}，{divisions.full_name(away.division_code)}，{away.office}" if away else ""
    pupil = [("姓名", plan.name, "name" if sheet.mode == "arriving" else ""), ("原年级", plan.cohort.title, "from_grade" if "from_grade" in form else "")]
    if sheet.mode == "going":
        pupil.append(("转出学校", school, ""))
        here = (form.to_school.data or "").strip() if "to_school" in form else ""
        goal = [("转入学校", here or there, "to_school" if here else "outside_school")]
    else:
        pupil.append(("转出学校", there or sheet.about.get("school", ""), "outside_school" if there else ""))
        place = plan.place
        goal = [("转入学校", school, ""), ("拟入班级", f"{place.goal.title}，现有 {place.goal.headcount} 人，班额 {place.goal.limit} 人" if place else "", "to_class")]
    goal += [
        ("转学原因", f"{move.reason} {table('transfer_reason').label(move.reason)}", "reason"), ("情况说明", move.explanation, "explanation"),
        ("特殊情况", "按特殊情况申请" if move.special else "否", "special"),
        ("希望生效日期", chinese(form.wished_on) if form.wished_on else "", "effective_on"),
    ]
    relation = table("guardian_relation").label(move.guardian_relation)
    family = [("姓名、关系", f"{move.guardian}，{relation}", "guardian"), ("联系电话", masks.phone(move.guardian_phone), "guardian_phone")]
    materials = [
        (TRANSFER.evidence[kind], "、".join(scan["name"] for scan in sheet.scans if scan["kind"] == kind) or "还没有上传", "evidence")
        for kind in dict.fromkeys([*plan.evidence, *(scan["kind"] for scan in sheet.scans)])
    ]
    told = [("学生", pupil), ("转出" if sheet.mode == "going" else "转入", goal), ("监护人", family), ("材料", materials)]
    return told + (form.answers() if sheet.mode == "arriving" else [])


@bp.get("/new/transfer/<subject>/application.pdf")
@needs("case.start")
def draft_application(subject):
    """转学申请表 to be signed, filled in as far as the draft and the asker may know."""
    sheet, form = _filled(subject)
    if form.errors:
        return redirect(url_for(".check", subject=subject), 303)  # there it is told what is wrong
    wanted = asked(form, sheet)
    pdf = application_forms.of_request(wanted, preview(wanted, actor=current_user, today=clock.today()), name=sheet.about.get("name", ""), actor=current_user, now=clock.now())
    return download(pdf, "转学申请表.pdf", "application/pdf", inline=True)


@bp.get("/<int:case_id>/application.pdf")
@needs("student.print")
def application(case_id):
    number, pdf = application_forms.of_case(case_id, actor=current_user, now=clock.now())
    return download(pdf, f"转学申请表-{number}.pdf", "application/pdf", inline=True)


@bp.get("/<int:case_id>/accepted")
@needs("case.start")
def accepted(case_id):
    case = found(case_id)
    if case.kind not in TRANSFERS:
        raise NotFound
    return page("transfers/accepted.html", **held(case), flow=FLOWS[case.kind], missing=transfer_pages.missing(case, evidence.of_case(case_id)))
