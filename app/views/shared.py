"""What every view uses: `needs` names its permission, `page` answers with a whole page or a fragment, `download` with a file, `once` keeps a form to one effect."""

import functools
import io
import re

from flask import abort, make_response, render_template, request, send_file
from flask_login import current_user

from .. import permissions
from ..forms.fields import as_number
from ..services.transactions import Once

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def needs(permission):
    """The permission of a view. `None` says on purpose that anyone may open it; a view without either fails the build."""
    if permission is not None and permission not in permissions.PERMISSIONS:
        raise KeyError(permission)

    def declare(view):
        @functools.wraps(view)
        def guarded(*args, **kwargs):
            if permission is not None:
                if not current_user.is_authenticated:
                    return ask_to_sign_in()
                permissions.require(current_user, permission)
            refuse_unwritable()
            return view(*args, **kwargs)

        guarded.permission = permission
        return guarded

    declare.permission = permission
    return declare


def refuse_unwritable():
    """Nobody types the character NUL, and PostgreSQL stores none: told here for every form, address and file name; the name of a file has no line breaks either, which no header
    could carry when it is downloaded. Nor has any form so many words."""
    if request.mimetype == "application/x-www-form-urlencoded" and (request.content_length or 0) > request.max_form_memory_size:
        abort(413)  # Werkzeug holds the fields of multipart forms alone to it
    names = [file.filename or "" for _, file in request.files.items(multi=True)]
    texts = [request.path, *(text for part in (request.args, request.form) for pair in part.items(multi=True) for text in pair)]
    if any("\x00" in text for text in texts) or any(CONTROL.search(name) for name in names):
        abort(400, "提交的内容中有不能保存的控制字符，没有受理。请删去后再提交，从别处复制的请改为手工填写。")


def ask_to_sign_in():
    from flask import current_app

    return current_app.login_manager.unauthorized()


def wants_fragment() -> bool:
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true" and headers.get("HX-Boosted") != "true"


def asked_id(name):
    """An id that the address names; None for what could be none."""
    return as_number(request.args.get(name))


def page(template, *, fragment=None, status=200, **values):
    """The page, or for htmx the fragment alone: `fragment` is a file, or {HX-Target: file} where one address serves several. A form that was asked too often says when again."""
    chosen = template
    if fragment and wants_fragment():
        chosen = fragment if isinstance(fragment, str) else fragment.get(request.headers.get("HX-Target"), template)
    wait = getattr(values.get("form"), "wait", 0)
    response = make_response(render_template(chosen, **values), 429 if wait else status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    response.vary.add("HX-Request")
    if fragment and not isinstance(fragment, str):
        response.vary.add("HX-Target")
    return response


def moved_on(refusal, what, again):
    """Someone else was first: the sentence that says who and when, and the way back to it."""
    return page("errors/409.html", status=409, refusal=refusal, what=what, again=again)


def download(data, name, media_type, *, inline=False):
    """A file to keep, or with `inline` one that the browser shows. Its name may be Chinese; no cache keeps it."""
    response = send_file(io.BytesIO(data), media_type, as_attachment=not inline, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def once(form, act, locate) -> Once:
    """`locate(result)` is the address that this act answers with; a second POST of the same form gets it again."""
    return Once(current_user.account_id, form.idempotency_key.data or "", act, form.typed(), locate)
