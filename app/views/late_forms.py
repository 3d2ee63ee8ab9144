"""A form that came after the session had run out: kept on the way to the sign-in page, and shown again to whoever typed it.

Every form of the house comes this way. It is sent to its own page once more, without its token and marked as late (forms.base): the page shows what was typed, and can do nothing.
"""

from flask import Blueprint, Response, current_app, flash, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from .. import clock
from ..errors import NotFound
from ..forms.base import LATE, Plain
from ..services.casework import late_forms
from .shared import needs, refuse_unwritable

bp = Blueprint("late_forms", __name__, url_prefix="/drafts")

BUTTONS = {"csrf_token", "save", "add", "drop", "card"}  # of the sending, not of what was typed
NOT_KEPT = {"sign_in"}  # passwords


def keep():
    """For whoever asks to sign in: (address of what was kept or None, whether anything typed is lost)."""
    if request.method != "POST" or "_user_id" not in session or request.blueprint in NOT_KEPT or "idempotency_key" not in request.form:
        return None, False
    refuse_unwritable()
    files = [file.filename for file in request.files.values() if file.filename]
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in BUTTONS]
    if not files and all(name in ("idempotency_key", "version") for name, _ in fields):
        return None, False  # a button that asks nothing
    if not Plain().validate():
        return None, True
    told = {"path": request.full_path.rstrip("?"), "fields": fields, "files": bool(files), "key": request.form["idempotency_key"][:64]}
    draft_id = late_forms.keep(session["_user_id"], told, now=clock.now())
    return (url_for("late_forms.show", draft_id=draft_id), False) if draft_id else (None, True)


@bp.get("/<int:draft_id>")
@needs("draft.write")
def show(draft_id):
    content, saved_at = _own(draft_id)
    words = f"登录已过期，下面是您 {saved_at.month}月{saved_at.day}日 {saved_at:%H:%M} 送来的内容，当时没有办理。请看一遍再提交。"
    if content["files"]:
        words += "当时选的文件没有留下，请重新选择。"
    sent = EnvironBuilder(
        content["path"], request.host_url, method="POST", data=MultiDict([tuple(pair) for pair in content["fields"]]),
        headers={"Cookie": request.headers.get("Cookie", "")}, environ_overrides={"REMOTE_ADDR": request.remote_addr or "", LATE: words},
    )
    answer = Response.from_app(current_app.wsgi_app, sent.get_environ(), buffered=True)
    if answer.status_code == 422:
        answer.status_code = 200
    return answer


@bp.post("/<int:draft_id>/discard")
@needs("draft.write")
def discard(draft_id):
    if Plain().validate_on_submit():
        late_forms.discard(draft_id, actor=current_user)
        flash("已删除", "done")
    else:
        flash("没有删除：这一页放得太久，请再点一次。", "warning")
    return redirect("/", 303)


def _own(draft_id):
    kept = late_forms.find(draft_id, actor=current_user)
    if kept is None:
        raise NotFound
    return kept
