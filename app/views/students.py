"""学生: finding, lists, and the page of one pupil."""

from functools import cache, lru_cache
from html import escape
from types import SimpleNamespace

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_login import current_user
from markupsafe import Markup

from .. import clock
from ..errors import KeySpent, MovedOn, NotFound, Refusal
from ..extensions import db
from ..forms.base import Plain, fresh_key
from ..forms.record import MOST_MEMBERS, PUPIL_FIELDS, members_in
from ..forms.students import PhotoForm, RevealForm, arranged, edit_form, sides
from ..identity import masks
from ..identity.items import PUPIL_ITEMS
from ..identity.items import show as show_item
from ..services.pupils import finding, former_pupils, listing, photos, student_pages, students, timelines
from . import lists
from .shared import asked_id, needs, once, page

bp = Blueprint("students", __name__, url_prefix="/students")

RESULT_COLUMNS = ("class", "sex", "birth_date", "ethnicity", "id_doc_no", "attendance_mode", "guardian", "phone")
HISTORY = 50
KEY_ITEMS = tuple(item.field for item in PUPIL_ITEMS.values() if item.key)
NOT_HERE = frozenset({"class_code", *PUPIL_FIELDS} - students.EDITABLE)  # of the form: what other acts change


# ---------------------------------------------------------------- finding

@bp.route("/search", methods=["POST"])
@needs("student.see")
def search():
    """A search is a POST, so that no name and no number stands in an address or a log; it answers with a sealed word for what was typed."""
    form, text = Plain(), request.form.get("q", "")[: finding.LONGEST]
    if not form.validate_on_submit():
        return page("students/found.html", form=form, found=finding.Found(finding.Query(""), []), sought=text, status=422)
    pupil = finding.only_one(current_user, text)
    if pupil:
        return redirect(url_for(".show", student_id=pupil), 303)
    return redirect(url_for(".index", found=finding.keep(text, current_user)), 303)


def _me():
    """The person herself: a list asks her post a hundred times, and the proxy looks for her each time."""
    return current_user._get_current_object()


def _found(word):
    me = _me()
    columns = ("school", *RESULT_COLUMNS) if me.duty in lists.WIDE else RESULT_COLUMNS
    after = asked_id("after")
    found = finding.find(me, finding.kept(word, me), columns, after=after)
    following = url_for(".index", found=word, after=found.rows[-1].id) if found.more else ""
    shown = _lines(found.rows, columns)
    many = f"{found.count:,} 人" if found.count is not None else f"{listing.MOST:,} 人以上"
    return page(
        "students/found.html", fragment={"rows": "students/_more.html"}, found=found, rows=shown, columns=[listing.COLUMNS[name] for name in columns],
        titles=_titles(columns), next=following, many=many, after=after, bar="" if found.more else "已全部显示",
    )


# ---------------------------------------------------------------- lists

@bp.route("")
@needs("student.see")
def index():
    if "found" in request.args:
        return _found(request.args["found"])
    me = _me()
    roll = lists.asked(me)
    if roll.choose_school:
        counts = listing.counts(me)
        lines = [(row.id, row.name, counts.get(row.id, {})) for row in roll.schools]
        return page("students/schools.html", roll=roll, lines=lines, reading=listing.reading, chips=[], **lists.choices(roll))
    rows, more = listing.list_students(me, roll.filters, roll.columns)
    one_class = roll.filters.class_id is not None
    return page(
        "students/index.html", fragment={"list": "students/_list_swap.html", "rows": "students/_more.html"}, roll=roll,
        rows=_lines(rows, roll.columns), columns=[listing.COLUMNS[name] for name in roll.columns], titles=_titles(roll.columns),
        heading=roll.title, many=f"{listing.MOST:,} 人以上" if more or roll.filters.after else f"{len(rows)} 人",
        figures=listing.figures(rows) if rows and not more and not roll.filters.after else "",
        teachers=listing.teachers(roll.filters.class_id) if one_class else [],
        counts=listing.counts(me, roll.filters.school).get(roll.filters.school, {}) if roll.filters.school and me.duty != "class_teacher" else {},
        reading=listing.reading, next=lists.here(after=rows[-1].id) if more else "", bar=f"已显示 {len(rows)} 人" if more else "已全部显示" if rows else "",
        chips=lists.chips(me, roll), sort=("-" if roll.filters.down else "") + roll.filters.by, here=lists.here(sort=None, after=None), **lists.choices(roll),
    )


def _lines(rows, columns):
    """The rows as HTML: a class has five hundred cells, over which a template takes five times as long."""
    line, told = _line(columns), []
    for number, texts, state in listing.lines(rows, columns):
        seat, name, *cells = _escaped(texts)
        told.append(line % (number, seat, number, name, *cells, _tag(*state)))
    return Markup("".join(told))  # noqa: S704 - every text went through `_escaped`


@lru_cache(maxsize=1000)
def _line(columns):
    """A row of the table with a place for the id and each text."""
    cells = "".join(f'<td class="{listing.COLUMNS[name].look}">%s</td>' if listing.COLUMNS[name].look else "<td>%s</td>" for name in columns)
    return (
        '<tr data-hook="student-row" data-id="%s"><td class="n">%s</td><th scope="row" class="nowrap"><a href="/students/%s">%s</a></th>'
        f"{cells}<td>%s</td></tr>\n"
    )


def _escaped(texts):
    """Nearly always there is nothing to escape, and one look at all of them tells."""
    row = "".join(texts)
    return texts if escape(row) == row else [escape(text) for text in texts]


@cache
def _tag(words, look):
    frame = "" if look == "plain" else f' class="tag {look}"' if look else ' class="tag"'
    return f'<span{frame} data-hook="state">{escape(words)}</span>'


def _titles(columns):
    return [(listing.COLUMNS[name].title, listing.COLUMNS[name].look if listing.COLUMNS[name].look == "c" else "") for name in columns]


# ---------------------------------------------------------------- one pupil

@bp.route("/<int:student_id>")
@needs("student.see")
def show(student_id):
    """The record; for the school that a pupil has left, its copy of the day she went."""
    try:
        return _pupil(student_id)
    except NotFound:
        spell_id = former_pupils.last_copy(_me(), student_id)
        if spell_id is None:
            raise
        return redirect(url_for("former_pupils.show", spell_id=spell_id), 303)


def _pupil(student_id, form=None, status=200, **told):
    """`form` is a request for a full number that was refused."""
    shown = student_pages.page_of(_me(), student_id, today=clock.today())
    return page(
        "students/show.html", fragment={"numbers": "students/_numbers.html"}, it=shown, numbers=numbers_of(shown), form=form, key=fresh_key(), status=status,
        case_words=student_pages.case_words, **told,
    )


def numbers_of(shown):
    mine = [(field, PUPIL_ITEMS[field].title) for field in former_pupils.NUMBERS if shown.numbers[field]]
    theirs = [(f"{one['id']}.{field}", f"{one['name']}的{title}") for one in shown.family for field, title in (("phone", "联系电话"), ("id_doc_no", "身份证件号")) if one[field]]
    return mine + theirs


@bp.route("/<int:student_id>/reveal", methods=["POST"])
@needs("student.numbers")
def reveal(student_id):
    return revealed(students.reveal, student_id, _pupil)


def revealed(tell, subject_id, show):
    """The full number stands once in this answer, on the page of the record or of its copy; asked again, it is another row in the trace."""
    form = RevealForm()
    if not form.validate_on_submit():
        return show(subject_id, form, status=422)
    what = form.what.data or "id_doc_no"
    try:
        title, number = tell(subject_id, what, form.reason.data or "", actor=current_user)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        return show(subject_id, form, status=form.refuse(refusal))
    return show(subject_id, revealed=(what, title, number))


@bp.route("/<int:student_id>/history")
@needs("student.see")
def history(student_id):
    pupil = student_pages.headed(current_user, student_id)
    items = timelines.of_student(student_id, HISTORY + 1, asked_id("after"))
    following = url_for(".history", student_id=student_id, after=items[HISTORY - 1].id) if len(items) > HISTORY else ""
    return page("students/history.html", pupil=pupil, items=items[:HISTORY], next=following)


# ---------------------------------------------------------------- editing

@bp.route("/<int:student_id>/edit", methods=["GET", "POST"])
@needs("student.write")
def edit(student_id):
    record = students.opened(current_user, student_id)
    shown = student_pages.headed(current_user, student_id)
    if request.method != "POST":
        return _edit_page(record, shown, _form(len(record["guardians"]) + 1)(formdata=None).show(record))
    form = _form(members_in(request.form))().keep(arranged(record, request.form))
    if "again" in request.form:  # what was typed, on top of what stands now: nothing is written yet
        return _edit_page(record, shown, form)
    status = 422
    if form.validate_on_submit():
        try:
            students.edit(
                student_id, form.record(), actor=current_user, version=form.seen_version(), today=clock.today(), now=clock.now(),
                once=once(form, "student.edit", lambda done: url_for(".show", student_id=done)),
            )
        except (MovedOn, KeySpent) as refusal:
            now = students.opened(current_user, student_id)
            if isinstance(refusal, MovedOn) or form.seen_version() != now["version"]:
                return _moved_on(now, form)
            status = form.refuse(refusal)
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"已保存{shown.name}的信息。", "done")
            return redirect(url_for(".show", student_id=student_id), 303)
    elif form.seen_version() != record["version"]:
        return _moved_on(record, form)  # a mask of a number that was changed meanwhile is no mistake of whoever sends it
    return _edit_page(record, shown, form, status)


def _form(members):
    return edit_form(min(MOST_MEMBERS, members), NOT_HERE)


def _edit_page(record, shown, form, status=200):
    key_items = [(PUPIL_ITEMS[field].title, show_item(PUPIL_ITEMS[field], record[field]) if field != "id_doc_no" else masks.number(record[field]), field == "id_doc_no")
                 for field in KEY_ITEMS]
    return page(
        "students/edit.html", form=form, it=shown, record=record, key_items=key_items, photo_form=PhotoForm(formdata=None), status=status,
    )


def _moved_on(record, form):
    refusal = None
    try:
        students.check_unmoved(db.session, SimpleNamespace(**record), form.seen_version())
    except MovedOn as moved:
        refusal = moved
    now = _form(form.members)(formdata=None).show(arranged(record, request.form))
    rows, going_on = sides(now, form)
    here = url_for(".edit", student_id=record["id"])
    return page(
        "students/moved_on.html", what="这份学籍", refusal=refusal, rows=rows, going_on=going_on | {"version": now.version.data, "seen": now.seen.data},
        here=here, drop=url_for(".show", student_id=record["id"]), status=409,
    )


# ---------------------------------------------------------------- photo

@bp.route("/<int:student_id>/photo")
@needs("student.see")
def photo(student_id):
    response = make_response(photos.of_student(current_user, student_id))
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Content-Disposition"] = "inline"
    return response


@bp.route("/<int:student_id>/photo", methods=["POST"])
@needs("student.write")
def put_photo(student_id):
    pupil = student_pages.headed(current_user, student_id)
    form = PhotoForm()
    status = 422
    if form.validate_on_submit():
        sent = form.photo.data
        try:
            photos.put(student_id, sent.read() if sent else b"", (sent.filename or "") if sent else "", actor=current_user, today=clock.today(), now=clock.now(),
                       once=once(form, "student.photo", lambda done: url_for(".show", student_id=done)))
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"已更换{pupil.name}的照片。", "done")
            return redirect(url_for(".show", student_id=student_id), 303)
    return page("students/photo.html", form=form, it=pupil, status=status)
