"""整班转学: the township chooses two schools and where each class goes, reads the list over, hands it in; the list on paper."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import Refusal
from ..extensions import db
from ..forms.fields import as_number
from ..forms.whole_classes import whole_classes_form
from ..services.casework import case_files
from ..services.paperwork import class_lists
from ..services.transfer import whole_classes
from ..workflow.checks import blocks
from ..workflow.school_cases import WHOLE_CLASS
from .shared import asked_id, download, needs, once, page

bp = Blueprint("whole_classes", __name__, url_prefix="/cases")


@bp.route("/new/whole-class-transfer", methods=["GET", "POST"])
@needs("class.transfer")
def new():
    mine, theirs = whole_classes.schools_on_offer(db.session, current_user)
    old, new = asked_id("from_school"), asked_id("to_school")
    if len(mine) == 1:
        old = old or mine[0][0]
    if old not in dict(mine) or new not in dict(theirs) or old == new:
        return page("whole_classes/schools.html", mine=mine, theirs=theirs, old=old, new=new, same=bool(old) and old == new, flow=WHOLE_CLASS)
    return _form(old, new, dict(mine)[old], dict(theirs)[new])


def again(case, mark, mend):
    """A case that came back (退回补正): the same form with what was handed in."""
    told = case_files.content_of(case)
    return _form(case.from_school_id, case.to_school_id, told["from_school"], told["to_school"], case=case, mark=mark, mend=mend, told=told)


def _form(old, new, old_name, new_name, *, case=None, mark=None, mend=None, told=None):
    """`step` says which button was pressed: check reads the list over (核对), submit hands it in."""
    form = whole_classes_form(whole_classes.classes_on_offer(db.session, old, new, today=clock.today()))()
    step = request.form.get("step", "check") if request.method == "POST" else ""
    back = url_for("cases.show", case_id=case.id) if case else url_for(".new")
    values = {"form": form, "old": (old, old_name), "new": (new, new_name), "flow": WHOLE_CLASS, "case": case, "mend": mend, "back": back, "here": request.full_path.rstrip("?")}
    if step in ("check", "submit") and form.validate_on_submit():
        asked = whole_classes.Asked(old, new, form.moves(), form.explanation.data or "", form.document.data or "")
        try:
            plan = whole_classes.draw_up(db.session, asked, actor=current_user, today=clock.today())
            blocked = blocks(plan.findings)
            if step == "submit" and not blocked:
                if not form.truthful.data:
                    form.truthful.errors = ["请先核对名册并告知监护人，再勾选"]
                else:
                    return _hand_in(form, asked, case)
            return page("whole_classes/check.html", plan=plan, blocked=blocked, status=422 if form.errors else 200, **values)
        except Refusal as refusal:
            form.refuse_mistake(refusal)
    elif request.method == "GET" and case:
        form.explanation.data, form.document.data = told["explanation"], told["document"]
        for one in told["classes"]:
            if f"class_{one['from']}" in form:
                form[f"class_{one['from']}"].data = str(one["to"])
        mark(form, case, mend)
    marked = request.method == "GET" and case is not None
    return page("whole_classes/form.html", marked=marked, status=422 if (form.errors or form.form_errors) and not marked else 200, **values)


def _hand_in(form, asked, case):
    rest = {"actor": current_user, "today": clock.today(), "now": clock.now(), "note": (form.note.data or "").strip()}
    if case:
        case_id = whole_classes.resubmit(case.id, asked, version=as_number(form.version.data) or 0,
                                         once=once(form, "whole-class-transfer.resubmit", lambda done: url_for("cases.show", case_id=done)), **rest)
    else:
        case_id = whole_classes.apply(asked, once=once(form, "whole-class-transfer.apply", lambda done: url_for("cases.show", case_id=done)), **rest)
    flash("整班转学已补正并重新提交" if case else "整班转学的申请已提交，请在这一件里上传批准文件的扫描件", "done")
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.get("/<int:case_id>/transfer-list.pdf")
@needs("document.print")
def paper(case_id):
    number, pdf = class_lists.draw(case_id, actor=current_user, now=clock.now())
    return download(pdf, f"整班转学名册-{number}.pdf", "application/pdf", inline=True)
