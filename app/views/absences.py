"""缺课与劝返: a class teacher notes who stays away, visits, reports to the school; the monthly 辍学名单 for township and county."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..codes import table
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms import absences as forms
from ..permissions import may
from ..services.administration import policies
from ..services.standing import absence_pages, absences, dropout_lists
from ..workflow.dropout_checks import ELSEWHERE
from .shared import XLSX, asked_id, download, needs, once, page

bp = Blueprint("absences", __name__)


@bp.get("/absences")
@needs("absence.see")
def index():
    ended = request.args.get("state") == "ended"
    lines = absence_pages.listed(current_user, clock.today(), ended=ended, after=asked_id("after"))
    more, lines = len(lines) > absence_pages.PAGE, lines[: absence_pages.PAGE]
    following = url_for(".index", state="ended" if ended else None, after=lines[-1].row.id) if more else ""
    return page("absences/index.html", lines=lines, ended=ended, next=following, states=absences.STATES)


@bp.route("/absences/new", methods=["GET", "POST"])
@needs("absence.write")
def new():
    classes = absence_pages.classes(current_user)
    student_id = asked_id("student")
    class_id = absence_pages.class_of_pupil(current_user, student_id) if student_id else asked_id("class") or (classes[0][0] if len(classes) == 1 else None)
    form = forms.Note().offer(absence_pages.pupils(current_user, class_id) if class_id else [])
    if form.validate_on_submit():
        try:
            if form.student.value is None:
                raise Refusal("请选择学生", field="student")
            made = absences.note(form.student.value, form.from_on.value, _said(form.note), actor=current_user, today=clock.today(), now=clock.now(),
                                 once=once(form, "absence.note", _at))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("已登记缺课，劝返后请登记劝返记录。", "done")
            return redirect(_at(made), 303)
    elif student_id and not form.is_submitted():
        form.student.data = str(student_id)
    return page("absences/new.html", form=form, classes=classes, class_id=class_id, status=_status(form))


def _at(note_id):
    return url_for("absences.show", note_id=note_id)


def _said(field):
    return " ".join((field.data or "").split())


def _status(form):
    return 422 if form.errors or form.form_errors else 200


@bp.get("/absences/<int:note_id>")
@needs("absence.see")
def show(note_id):
    line, visits, reason = absence_pages.page_of(current_user, note_id, clock.today())
    return page("absences/show.html", it=line, row=line.row, visits=visits, reason=reason, states=absences.STATES, manners=absences.MANNERS,
                mine=absence_pages.may_write(current_user, line.row), case_at=_case_at(line.row))


def _case_at(row):
    return url_for("cases.show", case_id=row.case_id) if row.case_id and may(current_user, "case.see") else ""


# ---------------------------------------------------------------- what is done about one

def _visit(note_id, form, **rest):
    visited = absences.Visited(form.visited_on.value, _said(form.visitors), form.manner.data or "", _said(form.result))
    return absences.visit(note_id, visited, today=clock.today(), **rest)


def _report(note_id, form, **rest):
    return absences.report(note_id, absences.Report(form.reason.data or "", _said(form.whereabouts), _said(form.situation)), **rest)


def _back(note_id, form, **rest):
    return absences.come_back(note_id, form.back_on.value, _said(form.note), today=clock.today(), **rest)


def _void(note_id, form, **rest):
    return absences.void(note_id, _said(form.reason), today=clock.today(), **rest)


ACTS = {  # address → (form, act, title, what it does, done)
    "visit": (forms.Visit, _visit, "登记劝返", "劝返记录不能更改，随辍学报告报送；填错的，再登记一次并写明。", "已登记劝返。"),
    "report": (forms.Report, _report, "填写情况报告", "辍学学生情况报告由班主任交学校，存入学生档案；情况变了可以重新填写。", "已报告学校。"),
    "back": (forms.Back, _back, "登记返校", "登记以后这次缺课结束。", "已登记返校，缺课结束。"),
    "void": (forms.Void, _void, "作废缺课登记", "登记有误的才作废：不算作缺课，记录和原因留着备查。", "已作废这次缺课登记。"),
}


@bp.route("/absences/<int:note_id>/<act>", methods=["GET", "POST"])
@needs("absence.write")
def act(note_id, act):
    if act not in ACTS:
        raise NotFound
    line, *_ = absence_pages.page_of(current_user, note_id, clock.today())
    shape, carry_out, title, says, done = ACTS[act]
    form = shape()
    if act == "visit":
        form.offer(absences.MANNERS)
    if act == "report":
        form.offer([one for one in table("dropout_reason").choices() if one[0] != ELSEWHERE])
        if not form.is_submitted():
            form.reason.data, form.whereabouts.data, form.situation.data = line.row.reason, line.row.whereabouts, line.row.situation
    if form.validate_on_submit():
        try:
            carry_out(note_id, form, actor=current_user, now=clock.now(), once=once(form, f"absence.{act}", _at))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash(done, "done")
            return redirect(_at(note_id), 303)
    return page("absences/act.html", form=form, it=line, row=line.row, title=title, says=says, act=act, look="stop" if act == "void" else "main", status=_status(form))


# ---------------------------------------------------------------- the monthly list

@bp.get("/dropouts")
@needs("absence.list")
def dropouts():
    policy = policies.policy_for(db.session, current_user.county_id, clock.today())
    when = dropout_lists.period(policy, clock.today(), request.args.get("month", ""))
    rows = dropout_lists.listed(current_user, when)
    return page("absences/dropouts.html", rows=rows, gone=dropout_lists.left_elsewhere(current_user, when, policy), when=when, month=f"{when.last:%Y-%m}", months=dropout_lists.months(policy, clock.today()), most=dropout_lists.MOST,
                article=policy.article("dropout_list_day"), counts={state: sum(row["state"] == state for row in rows) for state in ("本月新增", "尚未返校", "已返校")})


@bp.get("/dropouts.xlsx")
@needs("absence.list")
def workbook():
    when, book = dropout_lists.export(current_user._get_current_object(), request.args.get("month", ""), today=clock.today())
    return download(book, f"{when.title}辍学名单.xlsx", XLSX)
