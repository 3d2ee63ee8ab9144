"""Long pieces of work: how far they are, what came of them, and the button that stops them."""

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user

from .. import clock
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms.base import Plain
from ..models import Job
from ..permissions import visible_jobs
from ..services import jobs
from .shared import needs, page

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

COLUMNS = (Job.id, Job.kind, Job.subject_id, Job.owner_id, Job.title, Job.state, Job.done, Job.total, Job.message, Job.cancel, Job.started_at, Job.ended_at)
DOING = {"import.check": "已预检", "import.apply": "已准备写入", "import.mark": "正在标注", "audit.verify": "已核验", "photos.put": "已处理"}
UNITS = {"audit.verify": "条", "import.mark": "份", "photos.put": "个文件"}
RESULTS = {"import": ("imports.show", "import_id", "看结果"), "audit": ("audit.index", None, "看结论"), "photos": ("photos.show", "upload_id", "看结果")}  # first word of the kind → where the result stands


@bp.get("/<int:job_id>")
@needs("job.see")
def show(job_id):
    row = _found(job_id)
    return page("jobs/show.html", fragment="jobs/_progress.html", job=line(row, url_for(".show", job_id=row.id)))


def _found(job_id):
    row = db.session.execute(visible_jobs(current_user).with_only_columns(*COLUMNS).where(Job.id == job_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


@bp.post("/<int:job_id>/cancel")
@needs("job.see")
def cancel(job_id):
    row = _found(job_id)
    if not Plain().validate_on_submit():
        flash("没有停止：这一页放得太久，请再点一次。", "warning")
    else:
        try:
            jobs.cancel(job_id, actor=current_user, now=clock.now())
        except NotFound:
            raise
        except Refusal as refusal:
            flash(str(refusal), "warning")
        else:
            flash("已要求停止，做完手上的一步就停。", "done")
    # back to the page that the person came from: that of the thing which the work is about
    return redirect(_result(row.kind, row.subject_id) if row.kind.startswith(("import", "photos")) else url_for(".show", job_id=job_id), 303)


def _result(kind, subject_id):
    endpoint, argument, _ = RESULTS[kind.partition(".")[0]]
    return url_for(endpoint, **({argument: subject_id} if argument else {}))


def line(row, here):
    """A job as jobs/_progress.html shows it; `here` is the address that tells how it goes on."""
    words, look = jobs.STATES[row.state]
    running = row.state in ("waiting", "running")
    doing = words if row.state != "running" else DOING[row.kind] if row.total else "正在读取"
    return {
        "name": row.title, "state": words, "look": look, "running": running, "title": "正在停止，" if row.cancel and running else doing, "done": row.done, "total": row.total,
        "seconds": int((row.ended_at - row.started_at).total_seconds()) if row.started_at and row.ended_at else None,
        "unit": UNITS.get(row.kind, "行"), "here": here, "message": row.message, "kind": jobs.KINDS[row.kind].title,
        "cancel": url_for("jobs.cancel", job_id=row.id) if running and not row.cancel and row.owner_id == current_user.account_id else "",
        "result": _result(row.kind, row.subject_id), "result_words": RESULTS[row.kind.partition(".")[0]][2],
    }
