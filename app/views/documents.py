"""证明与表单: issued from a pupil's record, printed, reissued, voided."""

from datetime import date
from types import SimpleNamespace

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import func

from .. import clock
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms.documents import ASKED, Reason
from ..identity import masks
from ..identity.dates import chinese
from ..models import Student
from ..permissions import may, visible_students
from ..services.paperwork import paper_pages, papers, pupil_papers
from .shared import asked_id, download, needs, once, page

bp = Blueprint("documents", __name__, url_prefix="/documents")

LIST = 100
CHECKED = {  # what is read before a paper is issued: (label, its fact)
    "enrolment_certificate": (
        ("姓名", "name"), ("性别", "sex"), ("出生日期", "birth_date"), ("身份证件号", "id_doc_no"), ("学籍号", "national_no"), ("年级班级", "class_title"),
        ("状态", "standing"), ("用途", "purpose"),
    ),
    "record_card": (
        ("姓名", "name"), ("性别", "sex"), ("出生日期", "birth_date"), ("身份证件号", "id_doc_no"), ("学籍号", "national_no"), ("年级", "grade"), ("班级", "class_name"),
        ("照片", "photo"), ("家庭成员", "guardians"), ("学习简历", "schooling"), ("学籍变动", "changes"),
    ),
    "transfer_application": (
        ("姓名", "name"), ("性别", "sex"), ("出生日期", "birth_date"), ("身份证件号", "id_doc_no"), ("学籍号", "national_no"), ("转出学校", "from_school"),
        ("年级班级", "from_class"), ("转入学校", "to_school"), ("拟入年级", "to_grade"), ("转学范围", "scope"), ("转学原因", "reason"), ("监护人", "guardian"),
    ),
}


# ---------------------------------------------------------------- issuing

@bp.route("/new/<kind>", methods=["GET", "POST"])
@needs("document.issue")
def new(kind):
    """Fill in, read it over (核对), issue: `step` says which of the three buttons was pressed. For one pupil (?student=) or some of a class (?class=)."""
    if kind not in ASKED:
        raise NotFound
    pupils, one_class = _pupils()
    form = ASKED[kind]()
    step = request.form.get("step", "edit") if request.method == "POST" else ""
    chosen = _chosen(pupils, one_class, step)
    status = 200
    if step in ("check", "issue") and form.validate_on_submit():
        try:
            if not chosen:
                raise Refusal("请先勾选学生。")
            asked = {field.name: field.data or "" for field in _asked(form)}
            made = pupil_papers.check(kind, chosen, asked, actor=current_user, today=clock.today())
            if step == "check":
                return _page("check", kind, form, pupils, one_class, chosen, lines=_lines(kind, made), made=made)
            paper_id, batch_id = pupil_papers.issue(
                kind, chosen, asked, actor=current_user, today=clock.today(), now=clock.now(),
                once=once(form, "document.issue", lambda done: _issued_at(*done)),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"已开具{papers.KINDS[kind].title}{f'，共 {len(chosen)} 份' if batch_id else ''}，请打印。", "done")
            return redirect(_issued_at(paper_id, batch_id), 303)
    elif step in ("check", "issue"):
        status = 422
    return _page("new", kind, form, pupils, one_class, chosen, status=status)


def _page(name, kind, form, pupils, one_class, chosen, status=200, **values):
    return page(f"documents/{name}.html", kind=kind, title=papers.KINDS[kind].title, form=form, asked=_asked(form), pupils=pupils, one_class=one_class, chosen=chosen,
                status=status, **values)


def _asked(form):
    return [field for field in form if getattr(field.widget, "input_type", "") != "hidden"]


def _issued_at(paper_id, batch_id):
    return url_for(".show", paper_id=paper_id) if paper_id else url_for(".index", batch=batch_id)


def _pupils():
    """([(id, seat, name)], class id or None) that the address asks for, among those this person may see."""
    student_id, class_id = asked_id("student"), asked_id("class")
    query = visible_students(current_user).with_only_columns(Student.id, Student.class_no, Student.name)
    if student_id:
        rows = db.session.execute(query.where(Student.id == student_id)).all()
    elif class_id:
        rows = db.session.execute(
            query.where(Student.class_id == class_id, Student.lifecycle == "live", Student.status.in_(pupil_papers.STANDING))
            .order_by(func.length(Student.class_no), Student.class_no, Student.id).limit(papers.BATCH_MOST + 1)
        ).all()
    else:
        rows = []
    if not rows:
        raise NotFound
    return rows, None if student_id else class_id


def _chosen(pupils, one_class, step):
    """Their ids: the one pupil, the ticked ones, at first the whole class."""
    if not one_class or not step:
        return [row.id for row in pupils]
    ticked = set(request.form.getlist("id"))
    return [row.id for row in pupils if str(row.id) in ticked]


def _lines(kind, made):
    """[(label, text)] of one paper, as a clerk reads it over; numbers stay masked on the screen."""
    if len(made) > 1:
        return []
    return [(label, _told(field, made[0].facts[field])) for label, field in CHECKED[kind]]


def _told(field, fact):
    match field:
        case "id_doc_no" | "national_no":
            return masks.number(fact)
        case "birth_date":
            return chinese(date.fromisoformat(fact))
        case "photo":
            return "已采集" if fact else "未采集"
        case "guardians":
            return "、".join(f"{one['name']}（{one['relation']}）" for one in fact)
        case "guardian":
            return f"{fact['name']}（{fact['relation']}）"
        case "schooling":
            return "；".join(f"{one['period']} {one['school']}" for one in fact)
        case "changes":
            return "；".join(f"{chinese(date.fromisoformat(one['on']))} {one['kind']}" for one in fact)
    return fact


# ---------------------------------------------------------------- lists, one paper

@bp.route("")
@needs("document.print")
def index():
    kind = request.args.get("kind", "") if request.args.get("kind") in papers.KINDS else ""
    state = request.args.get("state", "") if request.args.get("state") in paper_pages.STATES else ""
    batch = asked_id("batch")
    lines = paper_pages.listed(current_user, today=clock.today(), kind=kind, state=state, batch_id=batch, after=asked_id("after"), limit=LIST + 1)
    more, lines = len(lines) > LIST, lines[:LIST]
    if batch and not lines:
        raise NotFound
    following = url_for(".index", kind=kind or None, state=state or None, batch=batch, after=lines[-1].id) if more else ""
    return page(
        "documents/index.html", fragment={"rows": "documents/_more.html"}, papers=lines, kind=kind, state=state, batch=batch, next=following,
        kinds=[(name, one.title) for name, one in papers.KINDS.items()], states=[(name, words) for name, (words, _) in paper_pages.STATES.items()],
    )


@bp.route("/<int:paper_id>")
@needs("document.print")
def show(paper_id):
    return _shown(paper_id)


def _shown(paper_id, status=200, **forms):
    row, line, own = paper_pages.shown(current_user, paper_id, today=clock.today())
    offered = SimpleNamespace(
        reissue=own and may(current_user, "document.issue") and (line.state == "valid" or (line.state == "expired" and papers.may_renew(db.session, row))),
        void=own and line.holds and may(current_user, "document.void"),
    )
    forms = {name: forms.get(name) or Reason(formdata=None) for name in ("reissue", "void")}
    return page("documents/show.html", it=row, line=line, offered=offered, forms=forms, status=status)


@bp.post("/<int:paper_id>/reissue")
@needs("document.issue")
def reissue(paper_id):
    return _ended("reissue", papers.reissue, paper_id, "已补发，原来的一份不再有效。请打印补发的这一份。")


@bp.post("/<int:paper_id>/void")
@needs("document.void")
def void(paper_id):
    return _ended("void", papers.void, paper_id, "已作废。核验时会显示“已作废”，编号不再使用。")


def _ended(name, end, paper_id, said):
    form = Reason()
    status = 422
    if form.validate_on_submit():
        try:
            done = end(paper_id, form.reason.data, actor=current_user, now=clock.now(), once=once(form, f"document.{name}", lambda done: url_for(".show", paper_id=done)))
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(said, "done")
            return redirect(url_for(".show", paper_id=done), 303)
    return _shown(paper_id, status=status, **{name: form})


# ---------------------------------------------------------------- printing

@bp.route("/<int:paper_id>.pdf")
@needs("document.print")
def pdf(paper_id):
    """Each time it is opened it is one more printing on record (DECIDED 13)."""
    return _file(papers.draw(paper_id, actor=current_user, now=clock.now()), paper_id)


@bp.route("/batches/<int:batch_id>.pdf")
@needs("document.print")
def batch_pdf(batch_id):
    return _file(papers.draw_batch(batch_id, actor=current_user, now=clock.now()), batch_id)


def _file(content, name):
    """The name tells neither pupil nor number to whoever looks over the shoulder."""
    return download(content, f"{name}.pdf", "application/pdf")
