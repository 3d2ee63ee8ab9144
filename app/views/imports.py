"""导入: workbooks of new pupils: upload, dry run, result, error workbook, writing, undo."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select

from .. import clock, permissions
from ..errors import Refusal
from ..extensions import db
from ..forms.base import Plain
from ..forms.imports import Apply, Upload, Withdraw
from ..identity import grades
from ..models import Body, Import, Job
from ..permissions import visible_imports
from ..services.administration import policies
from ..services.intake import imports
from ..workflow.flows import ENROLMENT, STATES
from . import jobs
from .shared import asked_id, download, needs, once, page, wants_fragment

bp = Blueprint("imports", __name__, url_prefix="/imports")

PAGE = 50
LARGEST = 26 * 1024 * 1024  # a workbook of 24 MB and the form around it
COLUMNS = (
    Import.id, Import.school_id, Import.county_id, Import.state, Import.filename, Import.year, Import.rows, Import.good, Import.warned, Import.bad, Import.known,
    Import.written, Import.problem, Import.summary, Import.file_id, Import.errors_file_id, Import.job_id, Import.uploaded_by_name, Import.uploaded_at, Import.applied_at,
    Body.short_name.label("school"),
)


@bp.before_request
def let_in_workbooks():
    """What is handed in elsewhere is smaller."""
    request.max_content_length = LARGEST


@bp.get("")
@needs("import.see")
def index():
    return _index()


@bp.route("/new", methods=["GET", "POST"])
@needs("import.write")
def new():
    form = Upload()
    status = 200
    if form.validate_on_submit():
        file = form.file.data
        try:
            import_id = imports.upload(
                file.read(), file.filename, actor=current_user, today=clock.today(), now=clock.now(), once=once(form, "import.upload", _address),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            return redirect(_address(import_id), 303)
    return _index(form, status if status != 200 or not form.errors else 422)


def _address(import_id):
    return url_for("imports.show", import_id=import_id)


def _index(form=None, status=200):
    may_write = permissions.may(current_user, "import.write")
    query = visible_imports(current_user).with_only_columns(*COLUMNS).join(Body, Body.id == Import.school_id)
    if after := asked_id("after"):
        query = query.where(Import.id < after)
    rows = db.session.execute(query.order_by(Import.id.desc()).limit(PAGE + 1)).all()
    year, left = imports.coming(db.session, current_user.school_id) if may_write else (None, None)
    return page(
        "imports/index.html", fragment={"rows": "imports/_more.html"}, status=status, form=(form or Upload()) if may_write else None, year=year, left=left,
        rows=[(row, *_state(row)) for row in rows[:PAGE]], next=url_for(".index", after=rows[PAGE - 1].id) if len(rows) > PAGE else "",
        one_school=current_user.tier == "school",
    )


def _state(row):
    if row.state == "checked" and row.bad:
        return "待更正", "soon"
    return imports.STATES[row.state]


@bp.get("/template/new.xlsx")
@needs("import.write")
def template():
    policy = policies.policy_for(db.session, current_user.county_id, clock.today())
    data = imports.blank(db.session, current_user.school_id, policy)
    return download(data, "新生信息导入模板.xlsx", imports.MEDIA["xlsx"])


@bp.get("/<int:import_id>")
@needs("import.see")
def show(import_id):
    return _show(import_id)


@bp.post("/<int:import_id>/apply")
@needs("import.write")
def apply(import_id):
    form, status = Apply(), 422
    if form.validate_on_submit():
        try:
            imports.apply(
                import_id, form.mode.data or "all", understood=form.understood.data, actor=current_user, now=clock.now(),
                once=once(form, "import.apply", _address),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            return redirect(_address(import_id), 303)
    return _show(import_id, status, apply_form=form)


@bp.post("/<int:import_id>/check")
@needs("import.write")
def check_again(import_id):
    form, status = Plain(), 422
    if form.validate_on_submit():
        try:
            imports.check_again(import_id, actor=current_user, now=clock.now(), once=once(form, "import.check", _address))
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            return redirect(_address(import_id), 303)
    return _show(import_id, status, again_form=form)


@bp.post("/<int:import_id>/withdraw")
@needs("import.write")
def withdraw(import_id):
    form, status = Withdraw(), 422
    if form.validate_on_submit():
        try:
            imports.withdraw(
                import_id, reason=form.reason.data, actor=current_user, today=clock.today(), now=clock.now(), once=once(form, "import.withdraw", _address),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash("已整批撤销，学位和计划都已放回。", "done")
            return redirect(_address(import_id), 303)
    return _show(import_id, status, withdraw_form=form)


@bp.get("/<int:import_id>/errors.xlsx")
@needs("import.see")
def errors(import_id):
    data, name = imports.download(import_id, actor=current_user)
    return download(data, name, imports.MEDIA["xlsx"])


# ---------------------------------------------------------------- one import

def _show(import_id, status=200, apply_form=None, again_form=None, withdraw_form=None):
    row = db.session.execute(
        visible_imports(current_user).with_only_columns(*COLUMNS).join(Body, Body.id == Import.school_id).where(Import.id == import_id)
    ).one_or_none()
    if row is None:
        abort(404)
    words, _ = _state(row)
    mine = permissions.may(current_user, "import.write") and row.school_id == current_user.school_id
    job = _job(row)
    common = {
        "row": row, "state": words, "mine": mine, "steps": _steps(row, job), "job": job,
        "refused": [form for form in (apply_form, again_form, withdraw_form) if form],
    }
    if row.state in ("checking", "applying"):
        return page("imports/running.html", fragment={"job": "jobs/_progress.html"}, status=status, **common)
    found, more = _findings(row, ("bad",), None, "after")
    told, told_more = _findings(row, ("warned", "written"), "warn", "told")
    why_not = imports.not_to_be_withdrawn(db.session, row, clock.now()) if row.state == "applied" else ""
    apply_form = apply_form or Apply(mode="good" if row.bad else "all")
    apply_form.understood.label.text = f"我已看过 {row.warned:,} 行提示"
    answer = page(
        "imports/show.html", fragment={"rows": "imports/_more_findings.html", "job": "jobs/_progress.html"}, status=status, **common,
        summary=imports.summary(row), found=found, next=more, told=told, told_next=told_more,
        left=imports.plan_left(db.session, row.school_id, row.year), classes=_classes(row), upload=Upload() if mine else None, apply_form=apply_form,
        again_form=again_form or Plain(), withdraw_form=withdraw_form or Withdraw(), why_not=why_not,
    )
    if wants_fragment() and request.headers.get("HX-Target") == "job":
        answer.headers["HX-Refresh"] = "true"  # the page that waited becomes the page of the result
    return answer


def _findings(row, states, level, argument):
    if row.state not in ("checked", "applied"):
        return [], ""
    found, last = imports.findings(db.session, row.id, states, level=level, after=asked_id(argument) or 0)
    return found, url_for(".show", import_id=row.id, **{argument: last}) if last else ""


def _job(row):
    job = db.session.execute(select(*jobs.COLUMNS).where(Job.id == row.job_id)).one_or_none()
    return jobs.line(job, _address(row.id)) if job else None


def _steps(row, job):
    """上传, 预检, 更正或确认, 写入: how far this one is."""
    line = [("上传", "已完成" + (f"，{row.rows:,} 行" if row.rows else ""), "done"), ("预检", "未开始", ""), ("更正或确认", "未开始", ""), ("写入", "未开始", "")]
    faults = "，".join(words for words in (f"{row.bad:,} 行有错" if row.bad else "", f"{row.warned:,} 行要留意" if row.warned else "") if words) or "没有错"
    match row.state:
        case "checking":
            line[1] = ("预检", "进行中", "now")
        case "unreadable":
            line[1] = ("预检", "没有读出", "bad")
        case "cancelled":
            line[1] = ("预检", "已停止", "bad")
        case "checked" | "expired":
            took = f"，用时 {max(job['seconds'], 1)} 秒" if job and job["kind"] == "预检" and job["seconds"] is not None else ""
            line[1:3] = [("预检", f"已完成{took}", "done"), ("更正或确认", faults, "now" if row.state == "checked" else "")]
        case "applying":
            line[1:] = [("预检", "已完成", "done"), ("更正或确认", "已确认", "done"), ("写入", "进行中", "now")]
        case "applied" | "withdrawn":
            ending = f"已写入 {row.written:,} 人" if row.state == "applied" else "已整批撤销"
            line[1:] = [("预检", "已完成", "done"), ("更正或确认", "已确认", "done"), ("写入", ending, "done" if row.state == "applied" else "")]
    return [(title, [words], look) for title, words, look in line]


def _classes(row):
    """[(class title, how many, where their cases stand)]"""
    if row.state not in ("applied", "withdrawn"):
        return []
    found = {}
    for class_id, stage, year, length, number, name, state, step, many in imports.by_class(db.session, row.id):
        one = found.setdefault(class_id, (grades.class_title(stage, year, length, number, name), []))
        one[1].append((ENROLMENT.steps[step].title if state == "open" else STATES[state][0], many))
    return [(title, sum(many for _, many in stands), "，".join(f"{words} {many} 人" for words, many in stands)) for title, stands in found.values()]
