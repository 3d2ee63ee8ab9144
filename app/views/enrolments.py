"""招生入学: a new pupil by form. Typed, kept as a draft, checked, handed in; and mended when it comes back."""

import contextlib
import secrets

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from .. import clock
from ..codes import divisions
from ..errors import MovedOn, NotAllowed, NotFound, Refusal
from ..extensions import db
from ..forms.base import Plain
from ..forms.enrolments import CardForm, CheckForm, EnrolmentForm
from ..forms.fields import as_number
from ..forms.record import SAME_AS_PUPIL, SAME_PLACE, members_in, record_form
from ..identity import grades
from ..identity.id_card import read_line
from ..identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, show
from ..services import case_pages, drafts, enrolments, policies, records
from ..services.enrolments import Held
from ..services.transactions import refuse_second
from ..workflow.checks import limit_setting
from ..workflow.flows import ENROLMENT, SEATS, days_of, reasons
from .shared import asked_id, needs, once, page, refuse_unwritable, wants_fragment

bp = Blueprint("enrolments", __name__, url_prefix="/enrolments")

STAYS = (  # 登记下一名
    "class_code", "entry_month", "admission_mode", "attendance_mode", "student_source", "postcode", "birth_place_code", "native_place", "hukou_place_code",
)
USUAL = {  # what nearly every child has (data-items.md 1: 默认)
    "id_doc_type": "1", "nationality": "中国", "overseas_status": "00", "health_status": "10", "political_status": "13", "student_source": "1",
    "student_kind": "普通", "attendance_mode": "1", "inclusive_class": "0", "disability_type": "0", "mail_address": SAME_PLACE, "home_address": SAME_PLACE,
}
SPECIAL = ("left_behind", "is_migrant_child", "is_orphan", "is_martyr_child", "wants_aid", "has_boarding_subsidy")  # 其余选否


@bp.route("/new", methods=["GET", "POST"])
@needs("case.start")
def new():
    places = _places()
    if request.method != "POST":
        return _opened(places)
    form = _form(places)
    if request.form.get("save") == "draft":
        return _kept(form, url_for(".new", draft=form.draft.data))
    if request.form.get("add") in ADDED:
        return _added(form, places)
    valid = form.validate_on_submit()
    _judge(form, places)
    if valid and not form.errors:
        try:
            _keep(form, class_no=form.class_no.data or _seat(places.id_of(form.class_code.data)))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".check", draft=form.draft.data), 303)
    return _page(form, places, status=422)


def _opened(places):
    """A fresh form; the draft that was left; or, of several drafts, the choice."""
    subject, after = request.args.get("draft"), asked_id("after")
    kept = [one for one in drafts.of_kind(ENROLMENT.kind, actor=current_user) if not one[0].startswith("case.")]
    if subject is None and after is None and "fresh" not in request.args:
        if len(kept) > 1:
            return page("enrolments/drafts.html", drafts=[(one, content.get("name") or "未填姓名", at) for one, content, at in kept], form=Plain(), places=places)
        if kept:
            subject = kept[0][0]
    if subject is not None:
        found = next((one for one in kept if one[0] == subject), None)
        if found is None:
            raise MovedOn("这份草稿已经提交或删除。要登记的，请重新打开“招生入学”；已经提交的，在工作台“我发起的”里。")
        return _page(_of_draft(subject, found[1], places), places, saved_at=found[2])
    form = record_form(members=2, base=EnrolmentForm)(formdata=None, classes=places.options())
    form.draft.data = secrets.token_urlsafe(9)
    _start_with(form, places, _before(after, places))
    return _page(form, places, after=_accepted(after) if after else None, others=len(kept), focus="id_doc_no")


def _judge(form, places, held=None):
    """What the rules refuse, beside the fields that are not refused already: everything that is wrong is told at once (一次性告知)."""
    chosen = places.id_of(form.class_code.data)
    some = chosen or (places.rows[0].id if places.rows else None)
    if some is None:
        return
    _, findings = enrolments.preview(form.record(), some, actor=current_user, today=clock.today(), held=held)
    told = {field.name for field in form if field.errors} | (set() if chosen else {"class_code", "grade"})
    try:
        enrolments.refuse_blocks([one for one in findings if one.field not in told])
    except Refusal as refusal:
        form.refuse(refusal)


def _form(places, record=None):
    """The form as it was sent."""
    form = record_form(members=members_in(request.form), base=EnrolmentForm)(classes=places.options())
    form.draft.data = (form.draft.data or secrets.token_urlsafe(9))[:40]
    return form.keep(record) if record else form


def _of_draft(subject, content, places, record=None):
    form = record_form(members=members_in(content), base=EnrolmentForm)(MultiDict(content), classes=places.options())
    form.draft.data = subject
    return form.keep(record) if record else form


ADDED = ("member", "no")


def _added(form, places, record=None, **values):
    """The form with one more member, or with 否 wherever a special situation was not answered; the hand goes on from there."""
    if request.form["add"] == "no":
        for name in SPECIAL:
            if name in form and not form[name].data:
                form[name].data = "0"
        return _page(form, places, focus="member1_name", **values)
    form = record_form(members=members_in(request.form) + 1, base=EnrolmentForm)(classes=places.options())
    form.preset(form.members)
    if record:
        form.keep(record)
    return _page(form, places, focus=f"member{form.members}_name", **values)


def _start_with(form, places, kept):
    """What nearly every child of the first grade has; then what the child before had in common with this one."""
    usual = dict(USUAL)
    if places.rows:
        first = places.rows[0]
        usual |= {"entry_month": f"{first.entry_year}年9月", "admission_mode": "11" if first.stage in "12" else "21"}
    if len(places.rows) == 1:
        usual["class_code"] = places.rows[0].code
    for name, value in (usual | kept).items():
        form[name].data = value
    for number in range(1, form.members + 1):
        form.preset(number)
    form.member1_phone.data = SAME_AS_PUPIL
    form.class_no.data = _seat(places.id_of(form.class_code.data))


def _seat(class_id):
    """The next 班内学号 of the class, for who leaves it blank."""
    return enrolments.next_seat(current_user, class_id) if class_id else ""


def _before(case_id, places):
    """What stays for the next child (提交并登记下一名)."""
    case = case_id and case_pages.find(current_user, case_id)
    if not case or case.student_id is None:
        return {}
    record = records.load(db.session, case.student_id)
    form = record_form()(formdata=None).fill(record)
    return {name: form[name].data for name in STAYS if name != "class_code"} | {"class_code": places.code_of(case.class_id)}


def _accepted(case_id):
    case = case_pages.find(current_user, case_id)
    if case is None:
        raise NotFound
    return case


class _Places:
    """The classes on offer: options of the menu, ids by their codes, the line above the form."""

    def __init__(self, rows, policy):
        self.rows, self.policy = rows, policy

    def options(self):
        found = {}
        for row in self.rows:
            limit = row.size_limit or self.policy[limit_setting(row.stage, row.kind)]
            full = "，已满" if row.headcount >= limit else ""
            found.setdefault(grades.cohort_title(row.stage, row.advanced_to, row.length, row.entry_year), []).append(
                (row.code, f"{row.name or f'{row.number}班'}（{row.headcount} 人，班额 {limit} 人{full}）"))
        return found

    def id_of(self, code):
        return next((row.id for row in self.rows if row.code == code), None)

    def code_of(self, class_id):
        return next((row.code for row in self.rows if row.id == class_id), "")

    def near(self):
        """Suggestions of 行政区划: the counties of one's own province, one's own city first. Others are typed by name or code."""
        home = self.rows[0].division_code if self.rows else ""
        near = [(one.code, one.full_name) for one in divisions.live() if home and one.lowest and one.code[:2] == home[:2]]
        return sorted(near, key=lambda one: (one[0][:4] != home[:4], one[0]))

    def lines(self):
        """2026级小学，计划 225 人，已登记 218 人"""
        cohorts = {(row.stage, row.entry_year): row for row in self.rows}
        return [
            f"{year}级{grades.STAGES[stage]}，" + (f"计划 {row.planned} 人，已登记 {row.used} 人" if row.planned is not None else "还没有核定招生计划")
            for (stage, year), row in cohorts.items()
        ]


def _places(held=None):
    """`held`: the class that a returned pupil stands in, whether it is on offer or not."""
    rows = enrolments.places(current_user, held)
    return _Places(rows, policies.policy_for(db.session, current_user.county_id, clock.today()))


def _page(form, places, *, status=200, **values):
    return page(
        "enrolments/new.html", status=status, form=form, places=places, card=CardForm(formdata=None), title=values.pop("title", "新生登记"), **values,
    )


# ---------------------------------------------------------------- drafts

@bp.before_request
def keep_what_came_late():
    """The session ran out while a clerk typed: what is sent then waits in the draft for the next sign-in."""
    if request.method == "POST" and request.endpoint in ("enrolments.new", "enrolments.edit") and not current_user.is_authenticated and "_user_id" in session:
        refuse_unwritable()
        form = Plain()
        if form.validate() and (subject := request.form.get("draft", "")[:40]):
            with contextlib.suppress(Refusal):
                drafts.late(session["_user_id"], ENROLMENT.kind, subject, drafts.typed(request.form), now=clock.now())


def _keep(form, **more):
    content = drafts.typed(request.form) | more
    drafts.keep(ENROLMENT.kind, form.draft.data, content, actor=current_user, now=clock.now())


def _kept(form, again):
    """存草稿, by the button or of itself: htmx is told when, without script the form comes back."""
    try:
        if not Plain().validate_on_submit():
            raise Refusal("这一页放得太久或已换过登录，草稿没有存下，内容都还在，请再存一次。")
        _keep(form)
    except Refusal as refusal:
        if wants_fragment():
            return page("enrolments/_saved.html", words=str(refusal), at=None, status=422)
        flash(str(refusal), "warning")
        return redirect(again, 303)
    if wants_fragment():
        return page("enrolments/_saved.html", words="", at=clock.now())
    flash(f"草稿已存，{clock.now():%H:%M}", "done")
    return redirect(again, 303)


@bp.post("/drafts/<subject>/discard")
@needs("case.start")
def discard(subject):
    if Plain().validate_on_submit():
        drafts.discard(ENROLMENT.kind, subject, actor=current_user)
        flash("草稿已删除", "done")
    else:
        flash("草稿没有删除：这一页放得太久，请再点一次。", "warning")
    return redirect(url_for(".new"), 303)


@bp.get("/divisions")
@needs("draft.write")
def suggest():
    """Places of the whole country whose name or code begins so, for a field that is being typed."""
    return [f"{code} {name}" for code, name in divisions.find(request.args.get("q", "")[:40])]


# ---------------------------------------------------------------- the card reader

@bp.post("/card")
@needs("case.start")
def card():
    """The form again, filled from the reader's line; what was typed or kept before stays where the card says nothing."""
    places = _places()
    reader = CardForm()
    if "name" in request.form or "id_doc_no" in request.form:  # htmx sends the whole form along
        content = drafts.typed(request.form)
    else:
        kept = drafts.find(ENROLMENT.kind, reader.draft.data or "", actor=current_user)
        content = kept[0] if kept else USUAL
    read = read_line(reader.card.data or "") if reader.validate_on_submit() else None
    form = _of_draft(reader.draft.data or secrets.token_urlsafe(9), content | (read or {}), places)
    if read is None:
        form.form_errors.append("没有读到一行完整的证件信息，请把证件重新放在阅读器上，或手工填写")
        return _page(form, places, status=422)
    for name in read:
        form[name].render_kw = (form[name].render_kw or {}) | {"says": "由证件读出，请核对"}
    if not form.current_address.data and read.get("hukou_address"):
        form.current_address.data = read["hukou_address"]
    return _page(form, places, focus="phone")


# ---------------------------------------------------------------- check and hand in

@bp.route("/check", methods=["GET", "POST"])
@needs("case.start")
def check():
    """Between the form and the office: every answer, what the rules say of them, and the one button."""
    places = _places()
    form = CheckForm()
    if request.method != "POST":
        form.draft.data = request.args.get("draft")
    on = request.form.get("save") == "next"
    handing_in = once(form, "enrolment.apply", lambda case_id: url_for(".new", after=case_id) if on else url_for(".accepted", case_id=case_id))
    if form.is_submitted():
        refuse_second(handing_in)
    kept = drafts.find(ENROLMENT.kind, form.draft.data or "", actor=current_user)
    if kept is None:
        raise MovedOn("这份草稿已经提交或删除。要登记的，请重新打开“招生入学”；已经提交的，在工作台“我发起的”里。")
    filled = _of_draft(form.draft.data, kept[0], places)
    filled.validate()
    try:
        if any(field.errors for field in filled if field.name != "csrf_token"):
            raise Refusal("有的内容需要更正，请改好后再核对")
        record, class_id = filled.record(), places.id_of(filled.class_code.data)
        goal, findings = enrolments.preview(record, class_id, actor=current_user, today=clock.today())
        enrolments.refuse_blocks(findings)
        if form.validate_on_submit():
            case_id = enrolments.apply(record, class_id, actor=current_user, today=clock.today(), now=clock.now(), draft=form.draft.data, once=handing_in)
            return redirect(handing_in.locate(case_id), 303)
    except Refusal as refusal:
        filled.form_errors.clear()
        filled.refuse(refusal)
        return _page(filled, places, status=422, saved_at=kept[1])
    return page("enrolments/check.html", form=form, answers=_answers(filled, record, goal), findings=findings, goal=goal, after=_road(goal),
                status=422 if form.errors or form.form_errors else 200)


def _answers(form, record, goal):
    """[(section, [(label, value, anchor)])] of what was filled in, and of what must be."""
    told = []
    for _, title, fields in form.sections():
        rows = []
        for field in fields:
            value = goal.title if field.name == "class_code" else show(PUPIL_ITEMS[field.name], record.get(field.name))
            if value or field.flags.required:
                rows.append((field.label.text, value, field.name))
        told.append((title, rows))
    for number, one in enumerate(record["guardians"], 1):
        rows = [(item.title, show(item, one.get(name)), f"member{number}_{name}") for name, item in GUARDIAN_ITEMS.items() if show(item, one.get(name))]
        told.append((f"成员{number}", rows))
    return told


def _road(goal):
    """What comes after: (step, how long each office has)."""
    policy = policies.policy_for(db.session, goal.county_id, clock.today())
    steps = [ENROLMENT.steps[name] for name in ENROLMENT.line if not ENROLMENT.steps[name].terminal and name != ENROLMENT.start]
    return [(SEATS[step.seat], policy.text(days_of(step, ""))) for step in steps]


@bp.route("/<int:case_id>/accepted")
@needs("case.start")
def accepted(case_id):
    return page("enrolments/accepted.html", case=_accepted(case_id))


# ---------------------------------------------------------------- what came back

@bp.route("/<int:case_id>/edit", methods=["GET", "POST"])
@needs("case.start")
def edit(case_id):
    """退回补正: the same form with the record that waits, and what is to be mended marked in it."""
    case = case_pages.find(current_user, case_id)
    if case is None or case.kind != ENROLMENT.kind:
        raise NotFound
    if not case_pages.holds(current_user, case) or case.step != ENROLMENT.start:
        if case.state == "open" and (current_user.body_id, current_user.duty) != (case.school_id, ENROLMENT.begun_by):
            raise NotAllowed("退回的登记由申请学校的学籍管理员补正。")
        raise MovedOn("这件登记不在补正中，请打开它看最新的情况。")
    places, subject, record = _places(case.class_id), f"case.{case_id}", records.load(db.session, case.student_id)
    values = {"title": f"补正登记：{case.title}", "case": case, "mend": _mend(case)}
    if request.method != "POST":
        kept = drafts.find(ENROLMENT.kind, subject, actor=current_user)
        if kept:
            form = _of_draft(subject, kept[0], places, record)
        else:
            form = record_form(members=len(record["guardians"]), base=EnrolmentForm)(formdata=None, classes=places.options()).fill(record)
            form.class_code.data, form.draft.data = places.code_of(case.class_id), subject
        form.version.data = str(case.version)
        _mark(form, values["mend"])
        return _page(form, places, saved_at=kept[1] if kept else None, marked=True, **values)
    form = _form(places, record)
    form.draft.data = subject
    if request.form.get("save") == "draft":
        return _kept(form, request.path)
    if request.form.get("add") in ADDED:
        return _added(form, places, record, **values)
    valid = form.validate_on_submit()
    _judge(form, places, Held(case.student_id, case.class_id, (case.stage, case.entry_year)))
    if valid and not form.errors:
        try:
            enrolments.resubmit(
                case_id, form.record(), places.id_of(form.class_code.data), actor=current_user, version=as_number(form.version.data) or 0, today=clock.today(),
                now=clock.now(), draft=subject, once=once(form, "enrolment.resubmit", lambda done: url_for("cases.show", case_id=done)),
            )
        except (MovedOn, NotAllowed):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("已补正并重新提交", "done")
            return redirect(url_for("cases.show", case_id=case_id), 303)
    return _page(form, places, status=422, **values)


def _mend(case):
    asked = case_pages.mend_of(case)
    return asked and asked | {"why": reasons(case.kind).get(asked["reason"], "")}


def _mark(form, asked):
    for name in (asked or {}).get("items", ()):
        if name in form:
            form[name].errors = [f"退回时要求补正：{form[name].label.text}"]
