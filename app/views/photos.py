"""批量上传照片: handed in, put one after another while the page shows how far it is, and told file by file."""

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select

from .. import albums, clock
from ..errors import Refusal
from ..extensions import db
from ..forms.fields import menu
from ..forms.photos import PhotosForm
from ..models import Job, PhotoUpload
from ..permissions import visible_photo_uploads
from ..services.administration import policies
from ..services.pupils import listing, photo_uploads
from . import jobs
from .shared import XLSX, asked_id, download, needs, once, page, wants_fragment

bp = Blueprint("photos", __name__, url_prefix="/photos")

PAGE = 50
ROWS = 200
LARGEST = albums.MOST_BYTES + 2 * albums.MB  # an archive and the form around it
COLUMNS = (
    PhotoUpload.id, PhotoUpload.state, PhotoUpload.filename, PhotoUpload.files, PhotoUpload.put, PhotoUpload.same, PhotoUpload.bad, PhotoUpload.problem,
    PhotoUpload.job_id, PhotoUpload.uploaded_by_name, PhotoUpload.uploaded_at,
)


@bp.before_request
def let_in_photos():
    """What is handed in elsewhere is smaller."""
    request.max_content_length = LARGEST


@bp.get("")
@needs("photo.see")
def index():
    return _index(PhotosForm(formdata=None, data={"class_id": asked_id("class")}))


@bp.route("/new", methods=["GET", "POST"])
@needs("photo.write")
def new():
    form = PhotosForm()
    if request.method != "POST":
        return _index(form)
    status = 422
    if form.validate_on_submit():
        sent = [(file.filename or "", file.read()) for file in form.photo.data or () if file]
        try:
            upload_id = photo_uploads.upload(sent, form.class_id.data, actor=current_user, now=clock.now(), once=once(form, "photos.upload", _address))
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            return redirect(_address(upload_id), 303)
    return _index(form, status)


def _address(upload_id):
    return url_for("photos.show", upload_id=upload_id)


def _index(form, status=200):
    query = visible_photo_uploads(current_user).with_only_columns(*COLUMNS)
    if after := asked_id("after"):
        query = query.where(PhotoUpload.id < after)
    rows = db.session.execute(query.order_by(PhotoUpload.id.desc()).limit(PAGE + 1)).all()
    form.class_id.choices = menu(((number, title) for number, title, _, _ in listing.class_choices(current_user._get_current_object(), current_user.school_id)), ask="全校")
    policy = policies.policy_for(db.session, current_user.county_id, clock.today())
    return page(
        "photos/index.html", fragment={"rows": "photos/_more.html"}, status=status, form=form, policy=policy, bounds=albums,
        rows=[(row, *photo_uploads.STATES[row.state]) for row in rows[:PAGE]], next=url_for(".index", after=rows[PAGE - 1].id) if len(rows) > PAGE else "",
    )


@bp.get("/<int:upload_id>")
@needs("photo.see")
def show(upload_id):
    row = db.session.execute(visible_photo_uploads(current_user).with_only_columns(*COLUMNS).where(PhotoUpload.id == upload_id)).one_or_none()
    if row is None:
        abort(404)
    found = db.session.execute(select(*jobs.COLUMNS).where(Job.id == row.job_id)).one_or_none()
    common = {"row": row, "state": photo_uploads.STATES[row.state], "job": jobs.line(found, _address(row.id)) if found else None}
    if row.state == "working":
        return page("photos/running.html", fragment={"job": "jobs/_progress.html"}, **common)
    bad, more_bad = _rows(row, ("bad", "waiting"), "after")
    put, more_put = _rows(row, ("put", "same"), "told")
    answer = page(
        "photos/show.html", fragment={"rows": "photos/_more_bad.html", "job": "jobs/_progress.html"}, bad=bad, next=more_bad, put=put, put_next=more_put,
        outcomes=photo_uploads.OUTCOMES, title_of=listing.class_of, kept=bool(bad or put or asked_id("after") or asked_id("told")), **common,
    )
    if wants_fragment() and request.headers.get("HX-Target") == "job":
        answer.headers["HX-Refresh"] = "true"  # the page that waited becomes the page of the result
    return answer


def _rows(row, states, argument):
    rows = photo_uploads.results(current_user, row.id, states, after=min(asked_id(argument) or 0, row.files), limit=ROWS + 1)
    return rows[:ROWS], url_for(".show", upload_id=row.id, **{argument: rows[ROWS - 1].place}) if len(rows) > ROWS else ""


@bp.get("/<int:upload_id>/report.xlsx")
@needs("photo.see")
def report(upload_id):
    name, book = photo_uploads.report(upload_id, actor=current_user)
    return download(book, name, XLSX)
