"""转学: the child found by two facts, the form kept as a draft with its scans, the check before it is handed in; and mended when it comes back."""

import contextlib
import secrets
from dataclasses import dataclass, field

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from .. import clock
from ..codes import divisions, table
from ..errors import MovedOn, NotAllowed, NotFound, Refusal
from ..extensions import db
from ..forms.base import Plain
from ..forms.cases import mendable
from ..forms.fields import as_number
from ..forms.record import members_in, record_form
from ..forms.transfers import Arriving, Coming, ComingBack, Find, Going, HandIn
from ..identity import masks
from ..identity.dates import chinese
from ..identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, show
from ..services import application_forms, applications, case_pages, drafts, evidence, files, pupil_lookup, records, transfer_pages
from ..services.transactions import refuse_second
from ..services.transfer_plans import SCOPES, Asked, Outside, Request, preview
from ..workflow.checks import blocks
from ..workflow.flows import TRANSFER, reasons
from ..workflow.transfer_checks import GROUNDS, NEEDED, evidence_for
from .enrolments import SPECIAL, USUAL
from .shared import asked_id, download, needs, once, page, wants_fragment

bp = Blueprint("transfers", __name__, url_prefix="/cases")

AWAY, OUT = "away.", "out."  # drafts about a child from elsewhere, and a pupil of ours who goes
FORMS = {"coming": Coming, "back": ComingBack, "going": Going, "arriving": Arriving}
NOT_TYPED = {"file", "material", "drop"}
NOT_ASKED = ("class_code", "class_no")  # of a record that comes along: the transfer has its own
GONE = "这份草稿已经提交或删除。要申请的，请重新打开“转学”；已经提交的，在工作台“我发起的”里。"


# ---------------------------------------------------------------- finding the child

@bp.route("/new/transfer", methods=["GET", "POST"])
@needs("case.start")
def new():
    form, missed = Find(), False
    if form.validate_on_submit():
        facts = form.asked()
        try:
            found = facts and pupil_lookup.look_up(actor=current_user, now=clock.now(), **facts)
        except Refusal as refusal:
            if refusal.status == 429:
                raise
            form.refuse(refusal)
        else:
            if found:
                return redirect(url_for(".fill", subject=_begun(found)), 303)
            missed = facts is not None
    wrong = form.errors or form.form_errors
    return page("transfers/find.html", form=form, missed=missed, nobody=pupil_lookup.NOBODY, drafts=_drafts(), plain=Plain(formdata=None), status=422 if wrong else 200)


def _begun(found):
    """The draft that goes on from a child who was found."""
    student_id, subject = pupil_lookup.student_of(found.token, current_user), secrets.token_urlsafe(9)
    _, left = transfer_pages.cohort_of(student_id)
    about = {"mode": "back" if left else "coming", "token": found.token, "name": found.name, "school": found.school, "grade": found.grade, "scans": []}
    drafts.keep(applications.ABOUT, subject, about, actor=current_user, now=clock.now())
    return subject


def _drafts():
    """[(subject, name, when)] of what was begun and not handed in."""
    names = {subject: (content.get("name", ""), at) for subject, content, at in drafts.of_kind(applications.ABOUT, actor=current_user)}
    for subject, content, at in drafts.of_kind(TRANSFER.kind, actor=current_user):
        names[subject] = (content.get("name") or names.get(subject, ("",))[0], at)
    return [(subject, name or "未填姓名", at) for subject, (name, at) in names.items() if not subject.startswith("case.")]


@bp.get("/new/transfer/outside")
@needs("case.start")
def outside():
    """The old school is not in this house."""
    return redirect(url_for(".fill", subject=AWAY + secrets.token_urlsafe(9)), 303)


@bp.get("/new/transfer-out")
@needs("case.start")
def going():
    """A pupil of ours goes: `?student=` her id."""
    student_id = asked_id("student")
    if student_id is None or transfer_pages.own_pupil(current_user, student_id) is None:
        raise NotFound
    return redirect(url_for(".fill", subject=f"{OUT}{student_id}"), 303)


# ---------------------------------------------------------------- the sheet

@dataclass
class Sheet:
    """A form with what stands beside it: whom it is about, which scans it has, when it was kept."""

    subject: str
    mode: str
    about: dict
    typed: dict | None = None
    saved_at: object = None
    case: object = None
    attached: list = field(default_factory=list)

    @property
    def scans(self):
        return self.about.setdefault("scans", [])

    @property
    def here(self):
        return url_for(".edit", case_id=self.case.id) if self.case else url_for(".fill", subject=self.subject)

    def cohort(self):
        """The grade that she is to stay in; nothing while it is only typed."""
        return self.about.get("cohort")

    def form(self, data=None):
        values = data if data is not None else MultiDict(self.typed) if self.typed else None
        if self.mode == "arriving":
            members = members_in(values) if values else self.about.get("members", 2)
            form = record_form(members=members, leave_out=NOT_ASKED, base=Arriving)(values)
            if self.about.get("record"):
                form.keep(self.about["record"])
        else:
            form = FORMS[self.mode](values)
        form.offer([(code, label) for code, label in table("transfer_reason").choices() if code in GROUNDS], TRANSFER.evidence)
        if "to_class" in form:
            form.offer_classes(transfer_pages.classes(current_user, self.cohort(), today=clock.today(), chosen=self.case and self.case.class_id))
        if "from_grade" in form:
            form.offer_grades()
        form.draft.data = self.subject
        return form


def _sheet(subject) -> Sheet:
    kept = drafts.find(TRANSFER.kind, subject, actor=current_user)
    about = drafts.find(applications.ABOUT, subject, actor=current_user)
    told = about[0] if about else {}
    if not told:
        if subject.startswith(AWAY):
            told = {"mode": "arriving", "name": "", "scans": []}
        elif subject.startswith(OUT) and subject[len(OUT):].isdecimal():
            pupil = transfer_pages.own_pupil(current_user, int(subject[len(OUT):]))
            if pupil is None:
                raise NotFound
            told = {"mode": "going", "student_id": pupil[0], "name": pupil[1], "school": pupil[2], "grade": pupil[3].title if pupil[3] else "", "scans": []}
        else:
            raise MovedOn(GONE)
    sheet = Sheet(subject, told["mode"], told, kept and kept[0], kept and kept[1])
    if sheet.mode == "coming":
        sheet.about["cohort"], _ = transfer_pages.cohort_of(pupil_lookup.student_of(told["token"], current_user))
    return sheet


@bp.before_request
def keep_what_came_late():
    """The session ran out while a clerk typed: what is sent then waits in the draft for the next sign-in."""
    late = request.method == "POST" and request.endpoint in ("transfers.fill", "transfers.edit") and not current_user.is_authenticated and "_user_id" in session
    if late and Plain().validate() and (subject := request.form.get("draft", "")[:40]):
        with contextlib.suppress(Refusal):
            drafts.late(session["_user_id"], TRANSFER.kind, subject, _typed(), now=clock.now())


def _typed():
    return {name: value for name, value in drafts.typed(request.form).items() if name not in NOT_TYPED}


def _keep(sheet):
    drafts.keep(TRANSFER.kind, sheet.subject, _typed(), actor=current_user, now=clock.now())


def _keep_about(sheet):
    about = {name: value for name, value in sheet.about.items() if name not in ("cohort", "record")}
    drafts.keep(applications.ABOUT, sheet.subject, about, actor=current_user, now=clock.now())


# ---------------------------------------------------------------- the form

@bp.route("/new/transfer/<subject>", methods=["GET", "POST"])
@needs("case.start")
def fill(subject):
    sheet = _sheet(subject)
    if request.method != "POST":
        form = sheet.form()
        if sheet.typed is None and sheet.mode == "arriving":
            _preset(form)
        return _page(form, sheet)
    form = sheet.form(request.form)
    if answer := _beside(form, sheet):
        return answer
    valid = _judge(form, sheet)
    try:
        if valid or sheet.mode != "arriving":
            preview(_request(form, sheet), actor=current_user, today=clock.today())
        if valid:
            _keep(sheet)
            return redirect(url_for(".check", subject=subject), 303)
    except Refusal as refusal:
        _tell(form, refusal)
    return _page(form, sheet, status=422)


def _tell(form, refusal):
    """Everything that is wrong at once (一次性告知), each thing once."""
    told = {one.name for one in form if one.errors}
    for one in getattr(refusal, "refusals", [refusal]):
        if one.field not in told:
            form.refuse(one)


def _preset(form):
    """What nearly every child has."""
    for name, value in USUAL.items():
        form[name].data = value
    form.admission_mode.data = "21"
    for name in SPECIAL:
        if name in form:
            form[name].data = form[name].data or ""
    for number in range(1, form.members + 1):
        form.preset(number)


def _beside(form, sheet):
    """What the other buttons do: keep the draft, add a scan or take one off."""
    if request.form.get("save") == "draft":
        return _kept(sheet)
    if request.form.get("add") == "member" and sheet.mode == "arriving":
        grown = record_form(members=form.members + 1, leave_out=NOT_ASKED, base=Arriving)(request.form)
        grown.offer([(one.value, one.label) for one in form.reason.choices if one.value], TRANSFER.evidence)
        grown.to_class.choices, grown.from_grade.choices = form.to_class.choices, form.from_grade.choices
        grown.preset(grown.members)
        return _page(grown, sheet, focus=f"member{grown.members}_name")
    if request.form.get("add") != "scan" and "drop" not in request.form:
        return None
    try:
        if not Plain().validate_on_submit():
            raise Refusal("这一页放得太久或已换过登录，内容都还在，请再提交一次。")
        told = _add_scan(sheet) if request.form.get("add") == "scan" else _drop_scan(sheet)
        _keep(sheet)
        _keep_about(sheet)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, sheet, status=422)
    for sentence in told:
        flash(sentence, "soon")
    return redirect(f"{sheet.here}#evidence", 303)


def _add_scan(sheet):
    upload = request.files.get("file")
    scan, told = evidence.keep(TRANSFER.evidence, request.form.get("material", ""), upload.filename if upload else "", upload.read() if upload else b"",
                               actor=current_user, today=clock.today(), now=clock.now())
    sheet.scans.append(scan)
    flash("材料已上传", "done")
    return told


def _drop_scan(sheet):
    gone = next((scan for scan in sheet.scans if str(scan["file_id"]) == request.form["drop"]), None)
    if gone is None:
        raise Refusal("这份材料已经移去")
    evidence.drop(gone["file_id"], actor=current_user)
    sheet.scans.remove(gone)
    flash("材料已移去", "done")
    return ()


def _kept(sheet):
    """存草稿, by the button or of itself: htmx is told when, without script the form comes back."""
    try:
        if not Plain().validate_on_submit():
            raise Refusal("这一页放得太久或已换过登录，草稿没有存下，内容都还在，请再存一次。")
        _keep(sheet)
    except Refusal as refusal:
        if wants_fragment():
            return page("enrolments/_saved.html", words=str(refusal), at=None, status=422)
        flash(str(refusal), "warning")
        return redirect(sheet.here, 303)
    if wants_fragment():
        return page("enrolments/_saved.html", words="", at=clock.now())
    flash(f"草稿已存，{clock.now():%H:%M}", "done")
    return redirect(sheet.here, 303)


@bp.get("/new/transfer/<subject>/scans/<int:file_id>")
@needs("case.start")
def scan(subject, file_id):
    """A scan of one's own draft, looked at before it is handed in."""
    told = drafts.find(applications.ABOUT, subject, actor=current_user)
    if told is None or not any(one["file_id"] == file_id for one in told[0].get("scans", ())):
        raise NotFound
    row = evidence.drafted(file_id, actor=current_user)
    data = files.read(row)
    if row.media_type.startswith("image/"):
        return Response(evidence.preview(data, row.media_type), mimetype="image/jpeg", headers={"Content-Disposition": "inline"})
    return download(data, row.name, row.media_type)


@bp.post("/new/transfer/<subject>/discard")
@needs("case.start")
def discard(subject):
    if Plain().validate_on_submit():
        told = drafts.find(applications.ABOUT, subject, actor=current_user)
        for one in told[0].get("scans", ()) if told else ():
            with contextlib.suppress(NotFound):
                evidence.drop(one["file_id"], actor=current_user)
        for kind in (TRANSFER.kind, applications.ABOUT):
            drafts.discard(kind, subject, actor=current_user)
        flash("草稿已删除", "done")
    else:
        flash("草稿没有删除：这一页放得太久，请再点一次。", "warning")
    return redirect(url_for(".new"), 303)


def _judge(form, sheet):
    """Everything that the form itself can tell, beside each field."""
    valid = form.validate_on_submit() if request.form else form.validate()
    form.read()
    if "outside_school" in form and not (sheet.mode == "going" and (form.to_school.data or "").strip()):
        form.read_school()
    if "from_grade" in form:
        form.read_grade()
    return valid and not form.errors


def _request(form, sheet) -> Request:
    """What the service is asked for."""
    kinds = {one["kind"] for one in sheet.scans} | {one.kind for one in sheet.attached}
    asked = Asked(
        reason=form.reason.data or "", explanation=(form.explanation.data or "").strip(), guardian=(form.guardian.data or "").strip(),
        guardian_relation=form.guardian_relation.data or "", guardian_phone=form.phone_read or "", effective_on=form.wished_on.isoformat() if form.wished_on else "",
        special=bool(form.special.data), evidence=tuple(sorted(kinds)),
    )
    class_id = as_number(form.to_class.data) if "to_class" in form else None
    match sheet.mode:
        case "coming":
            return Request(asked, token=sheet.about.get("token", ""), class_id=class_id)
        case "back":
            return Request(asked, token=sheet.about.get("token", ""), class_id=class_id, outside=_outside(form))
        case "going":
            to_school = _school_here(form) if (form.to_school.data or "").strip() else None
            return Request(asked, student_id=sheet.about.get("student_id"), to_school_id=to_school, outside=None if to_school else _outside(form))
    return Request(asked, record=form.record(), class_id=class_id, outside=_outside(form))


def _outside(form):
    name, office, division, code = form.read_school()
    stage, year, length = form.read_grade() if "from_grade" in form else ("", 0, 0)
    return Outside(name, office, division, code, stage, year, length)


def _school_here(form):
    typed = form.to_school.data.strip()
    found = next((school_id for school_id, name in transfer_pages.schools_here() if name == typed), None)
    if found is None:
        raise Refusal("本系统没有这所学校，请从列表中选择；不在本系统的，这一项留空，填写下面的学校", field="to_school")
    return found


def _page(form, sheet, *, status=200, **values):
    needed = {code: [TRANSFER.evidence[kind] for kind in evidence_for(code, elsewhere=_elsewhere(sheet))] for code in NEEDED}
    return page(
        "transfers/form.html", status=status, form=form, sheet=sheet, needed=needed, reasons=table("transfer_reason").labels, evidence_titles=TRANSFER.evidence,
        schools=transfer_pages.schools_here() if sheet.mode == "going" else [], title=values.pop("title", _title(sheet)), **values,
    )


def _elsewhere(sheet):
    return {"going": "to", "arriving": "from", "back": "from"}.get(sheet.mode, "")


def _title(sheet):
    return {"arriving": "转学申请（原学校不在本系统）", "going": f"{sheet.about.get('name', '')} 转出申请"}.get(sheet.mode, f"{sheet.about.get('name', '')} 转学申请")


# ---------------------------------------------------------------- check and hand in

@bp.route("/new/transfer/<subject>/check", methods=["GET", "POST"])
@needs("case.start")
def check(subject):
    """Between the form and the office: every answer, every rule with what it says, and the one button."""
    form = HandIn()
    handing_in = once(form, "transfer.apply", lambda case_id: url_for(".accepted", case_id=case_id))
    if form.is_submitted():
        refuse_second(handing_in)
    sheet = _sheet(subject)
    if sheet.typed is None:
        raise MovedOn(GONE)
    filled = sheet.form()
    filled.validate()
    filled.form_errors.clear()
    try:
        filled.read()
        if any(one.errors for one in filled if one.name != "csrf_token"):
            raise Refusal("有的内容需要更正，请改好后再核对")
        asked = _request(filled, sheet)
        plan = preview(asked, actor=current_user, today=clock.today())
        if form.validate_on_submit():
            case_id = applications.hand_in(asked, sheet.scans, actor=current_user, today=clock.today(), now=clock.now(), note=(filled.note.data or "").strip(),
                                           draft=subject, once=handing_in)
            return redirect(handing_in.locate(case_id), 303)
    except (MovedOn, NotAllowed):
        raise
    except Refusal as refusal:
        filled.refuse(refusal)
        return _page(filled, sheet, status=422)
    return page(
        "transfers/check.html", form=form, sheet=sheet, plan=plan, answers=_answers(filled, sheet, plan), blocked=blocks(plan.findings), road=transfer_pages.road(plan),
        scope=SCOPES[plan.scope], status=422 if form.errors or form.form_errors else 200,
    )


def _answers(form, sheet, plan):
    """[(section, [(label, value, anchor)])]"""
    outside_, school = plan.outside, current_user.body_name
    there = f"{outside_.school}，{divisions.full_name(outside_.division_code)}，{outside_.office}" if outside_ else ""
    asked = _request(form, sheet).asked
    relation = table("guardian_relation").label(asked.guardian_relation)
    pupil = [("姓名", plan.name, "name" if sheet.mode == "arriving" else ""), ("原年级", plan.cohort.title, "from_grade" if "from_grade" in form else "")]
    if sheet.mode == "going":
        pupil.append(("转出学校", school, ""))
        goal = [("转入学校", (form.to_school.data or "").strip() or there, "to_school")]
    else:
        pupil.append(("转出学校", there or sheet.about.get("school", ""), "outside_school" if there else ""))
        place = plan.place
        goal = [("转入学校", school, ""), ("拟入班级", f"{place.goal.title}，现有 {place.goal.headcount} 人，班额 {place.goal.limit} 人" if place else "", "to_class")]
    goal += [
        ("转学原因", f"{asked.reason} {table('transfer_reason').label(asked.reason)}", "reason"), ("情况说明", asked.explanation, "explanation"),
        ("特殊情况", "按特殊情况申请" if asked.special else "否", "special"),
        ("希望生效日期", chinese(form.wished_on) if form.wished_on else "", "effective_on"),
    ]
    family = [("姓名、关系", f"{asked.guardian}，{relation}", "guardian"), ("联系电话", masks.phone(asked.guardian_phone), "guardian_phone")]
    materials = [
        (TRANSFER.evidence[kind], "、".join(scan["name"] for scan in sheet.scans if scan["kind"] == kind) or "还没有上传", "evidence")
        for kind in dict.fromkeys([*plan.evidence, *(scan["kind"] for scan in sheet.scans)])
    ]
    told = [("学生", pupil), ("转出" if sheet.mode == "going" else "转入", goal), ("监护人", family), ("材料", materials)]
    return told + (_record_answers(form) if sheet.mode == "arriving" else [])


def _record_answers(form):
    record, told = form.record(), []
    for _, title, fields in form.sections():
        rows = [(one.label.text, show(PUPIL_ITEMS[one.name], record.get(one.name)), one.name) for one in fields]
        told.append((title, [row for row in rows if row[1]]))
    for number, one in enumerate(record["guardians"], 1):
        rows = [(item.title, show(item, one.get(name)), f"member{number}_{name}") for name, item in GUARDIAN_ITEMS.items()]
        told.append((f"成员{number}", [row for row in rows if row[1]]))
    return told


@bp.get("/new/transfer/<subject>/application.pdf")
@needs("case.start")
def draft_application(subject):
    """转学申请表 to be signed, filled in as far as the draft and the asker may know."""
    sheet = _sheet(subject)
    if sheet.typed is None:
        raise MovedOn(GONE)
    form = sheet.form()
    form.validate()
    form.form_errors.clear()
    form.read()
    if any(one.errors for one in form if one.name != "csrf_token"):
        return redirect(url_for(".check", subject=subject), 303)  # there it is told what is wrong
    asked = _request(form, sheet)
    pdf = application_forms.of_request(asked, preview(asked, actor=current_user, today=clock.today()), name=sheet.about.get("name", ""), actor=current_user, now=clock.now())
    return download(pdf, "转学申请表.pdf", "application/pdf", inline=True)


@bp.get("/<int:case_id>/application.pdf")
@needs("student.print")
def application(case_id):
    number, pdf = application_forms.of_case(case_id, actor=current_user, now=clock.now())
    return download(pdf, f"转学申请表-{number}.pdf", "application/pdf", inline=True)


@bp.get("/<int:case_id>/accepted")
@needs("case.start")
def accepted(case_id):
    case = _case(case_id)
    return page("transfers/accepted.html", case=case, flow=TRANSFER, missing=transfer_pages.missing(case, evidence.of_case(case_id)))


def _case(case_id):
    case = case_pages.find(current_user, case_id)
    if case is None or case.kind != TRANSFER.kind:
        raise NotFound
    return case


# ---------------------------------------------------------------- what came back

@bp.route("/<int:case_id>/edit", methods=["GET", "POST"])
@needs("case.start")
def edit(case_id):
    """退回补正: the same form with what was asked for, and what is to be mended marked in it."""
    case = _case(case_id)
    if not case_pages.holds(current_user, case) or case.step != TRANSFER.start:
        if case.state == "open" and (current_user.body_id, current_user.duty) != (case.school_id, TRANSFER.begun_by):
            raise NotAllowed("退回的转学由申请学校的学籍管理员补正。")
        raise MovedOn("这件转学不在补正中，请打开它看最新的情况。")
    sheet = _sheet_of(case)
    values = {"title": f"补正：{case.title} {TRANSFER.title}", "case": case, "mend": _mend(case)}
    if request.method != "POST":
        form = sheet.form()
        if sheet.typed is None and sheet.about.get("record"):
            form.fill(sheet.about["record"])
            _fill(form, sheet)
        elif sheet.typed is None:
            _fill(form, sheet)
        form.version.data = str(case.version)
        for name in (values["mend"] or {}).get("items", ()):
            if name in form:
                form[name].errors = [f"退回时要求补正：{form[name].label.text}"]
        return _page(form, sheet, marked=True, **values)
    form = sheet.form(request.form)
    if answer := _beside(form, sheet):
        return answer
    if _judge(form, sheet):
        try:
            applications.hand_in_again(
                case_id, _request(form, sheet), sheet.scans, actor=current_user, version=as_number(form.version.data) or 0, today=clock.today(), now=clock.now(),
                note=(form.note.data or "").strip(), draft=sheet.subject, once=once(form, "transfer.resubmit", lambda done: url_for("cases.show", case_id=done)),
            )
        except (MovedOn, NotAllowed):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("已补正并重新提交", "done")
            return redirect(url_for("cases.show", case_id=case_id), 303)
    return _page(form, sheet, status=422, **values)


def _sheet_of(case) -> Sheet:
    subject = f"case.{case.id}"
    kept, about = (drafts.find(kind, subject, actor=current_user) for kind in (TRANSFER.kind, applications.ABOUT))
    told = {"name": case.title, "scans": about[0]["scans"] if about else []}
    cohort, left = transfer_pages.cohort_of(case.student_id)
    names = transfer_pages.schools_of(case)
    if case.from_school_id is None and not left:
        record = records.load(db.session, case.student_id)
        told |= {"mode": "arriving", "record": record, "members": len(record["guardians"])}
    elif case.from_school_id is None:
        told |= {"mode": "back", "school": names["from"], "grade": ""}
    elif case.from_school_id == case.school_id:
        told |= {"mode": "going", "student_id": case.student_id, "school": names["from"], "grade": cohort.title if cohort else ""}
    else:
        told |= {"mode": "coming", "token": pupil_lookup.token(case.student_id, current_user), "school": names["from"], "grade": cohort.title, "cohort": cohort}
    return Sheet(subject, told["mode"], told, kept and kept[0], kept and kept[1], case, evidence.of_case(case.id))


def _fill(form, sheet):
    """What was handed in before."""
    for name, value in transfer_pages.typed_before(sheet.case).items():
        if name in form:
            form[name].data = value


def _mend(case):
    asked = case_pages.mend_of(case)
    return asked and asked | {"why": reasons(case.kind).get(asked["reason"], ""), "titles": [dict(mendable(case.kind)).get(item, item) for item in asked["items"]]}
