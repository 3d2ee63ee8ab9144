"""Scans of an application that is not handed in yet: added and taken off by buttons of its sheet, looked at by whoever typed it.

A sheet has `flow`, `subject`, `scans`, `here`, and `keep()`.
"""

from flask import Response, flash, redirect, request
from flask_login import current_user

from .. import clock
from ..errors import NotFound, Refusal
from ..forms.base import Plain
from ..services import files
from ..services.casework import evidence
from .drafts import save
from .shared import download


def beside(form, sheet, show):
    """What the buttons beside 核对并提交 do: keep the draft, add a scan or take one off. Nothing when none of them was pressed; `show` draws the sheet with what was refused."""
    if request.form.get("save") == "draft":
        return save(sheet.flow.kind, sheet.subject, sheet.here)
    if request.form.get("add") != "scan" and "drop" not in request.form:
        return None
    try:
        return _change(sheet)
    except Refusal as refusal:
        form.refuse(refusal)
        return show()


def _change(sheet):
    """Do what the button says, and go back to the sheet."""
    if not Plain().validate_on_submit():
        raise Refusal("这一页放得太久或已换过登录，内容都还在，请再提交一次。")
    told = _add(sheet) if request.form.get("add") == "scan" else _drop(sheet)
    sheet.keep()
    for sentence in told:
        flash(sentence, "soon")
    return redirect(f"{sheet.here}#evidence", 303)


def _add(sheet):
    upload = request.files.get("file")
    scan, told = evidence.keep(sheet.flow.evidence, request.form.get("material", ""), upload.filename if upload else "", upload.read() if upload else b"",
                               actor=current_user, today=clock.today(), now=clock.now())
    sheet.scans.append(scan)
    flash("材料已上传", "done")
    return told


def _drop(sheet):
    gone = next((scan for scan in sheet.scans if str(scan["file_id"]) == request.form["drop"]), None)
    if gone is None:
        raise Refusal("这份材料已经移去")
    evidence.drop(gone["file_id"], actor=current_user)
    sheet.scans.remove(gone)
    flash("材料已移去", "done")
    return ()


def look(scans, file_id):
    """A scan of one's own draft, before it is handed in."""
    if not any(one["file_id"] == file_id for one in scans):
        raise NotFound
    row = evidence.drafted(file_id, actor=current_user)
    data = files.read(row)
    if row.media_type.startswith("image/"):
        return Response(evidence.preview(data, row.media_type), mimetype="image/jpeg", headers={"Content-Disposition": "inline"})
    return download(data, row.name, row.media_type)
