"""招生计划调整: a school asks for more new pupils than its plan has."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from .. import clock
from ..errors import Refusal
from ..forms.fields import as_number
from ..forms.quotas import MorePlaces
from ..identity.grades import STAGES
from ..services.casework import case_files
from ..services.schools import quota_cases
from ..workflow.school_cases import QUOTA
from .shared import needs, once, page

bp = Blueprint("quota_cases", __name__, url_prefix="/cases")


@bp.route("/new/quota", methods=["GET", "POST"])
@needs("case.start")
def new():
    plans = quota_cases.offered(current_user)
    stages, years = sorted({plan.stage for plan in plans}), sorted({plan.year for plan in plans}, reverse=True)
    form = MorePlaces().offer([(stage, STAGES[stage]) for stage in stages], [(str(year), f"{year}年") for year in years])
    if form.validate_on_submit():
        try:
            case_id = quota_cases.apply(_asked(form), actor=current_user, today=clock.today(), now=clock.now(), note=(form.note.data or "").strip(),
                                        once=once(form, "quota.apply", lambda done: url_for("cases.show", case_id=done)))
        except Refusal as refusal:
            form.refuse_mistake(refusal)
        else:
            flash("招生计划调整的申请已提交，请在这一件里上传依据文件的扫描件", "done")
            return redirect(url_for("cases.show", case_id=case_id), 303)
    elif request.method == "GET" and plans:
        form.stage.data, form.year.data = plans[0].stage, str(plans[0].year)
    return page("quotas/more.html", form=form, plans=plans, stages=STAGES, flow=QUOTA, case=None, status=422 if form.errors or form.form_errors else 200)


def _asked(form):
    return quota_cases.Asked(form.stage.data or "", as_number(form.year.data) or 0, form.number.data, form.reason.data or "", form.document.data or "")


def again(case):
    """(form, what was handed in, how it is handed in again, its page) of a case that came back."""
    plans, form = quota_cases.offered(current_user), MorePlaces().same_plan()

    def resubmit(**act):
        quota_cases.resubmit(case.id, quota_cases.Asked("", 0, form.number.data, form.reason.data or "", form.document.data or ""), **act)

    return form, case_files.answers_of(case), resubmit, lambda **values: page("quotas/more.html", form=form, plans=plans, stages=STAGES, flow=QUOTA, case=case, **values)
