"""校历: the year's holidays and make-up days, changed by one act that lists the cases it moves; the terms of each county."""

from calendar import monthrange
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select

from .. import clock
from ..errors import MovedOn, NotFound, Refusal
from ..extensions import db
from ..forms.calendar import Days
from ..forms.calendar import Term as TermForm
from ..identity.dates import parse_date
from ..models import Body, CalendarDay, Term
from ..permissions import may, visible_bodies
from ..services.administration import calendars
from .shared import needs, once, page

bp = Blueprint("calendar", __name__, url_prefix="/calendar")

MOST_CASES = 200
WORDS = {True: "上班", False: "放假", None: "按星期"}


# ---------------------------------------------------------------- to look at

@bp.get("")
@needs("calendar.see")
def index():
    today = clock.today()
    years = range(today.year - 2, today.year + 3)
    asked = request.args.get("year", "")
    year = int(asked) if asked in {str(one) for one in years} else today.year
    found = calendars.calendar(db.session)
    rows = db.session.execute(
        select(CalendarDay.day, CalendarDay.working, CalendarDay.name).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))).order_by(CalendarDay.day)
    ).all()
    marked = {row.day: row for row in rows}
    months = [(month, [_cell(date(year, month, number), marked) for number in range(1, monthrange(year, month)[1] + 1)]) for month in range(1, 13)]
    work = [sum(found.is_working(date(year, month, number)) for number in range(1, monthrange(year, month)[1] + 1)) for month in range(1, 13)]
    return page("calendar/index.html", year=year, years=years, months=months, work=work, spans=_spans(rows), provisional=found.is_provisional(date(year, 12, 31)),
                certain=found.last_certain, **_terms(clock.school_year(today)))


def _cell(day, marked):
    """(day, word, look, name): 休, 班, or what the weekday says."""
    if day in marked:
        row = marked[day]
        return day, "班" if row.working else "休", "soon" if row.working else "bad", row.name
    return day, "", "weekend" if day.weekday() > 4 else "", ""


def _spans(rows):
    """Days on end of one kind and name as one line: (first, last, working, name)."""
    found = []
    for row in rows:
        if found and found[-1][1] + timedelta(days=1) == row.day and found[-1][2:] == (row.working, row.name):
            found[-1] = (found[-1][0], row.day, row.working, row.name)
        else:
            found.append((row.day, row.day, row.working, row.name))
    return found


def _terms(year):
    """The terms of last, this and next school year of every county this person sees; for who sets them, those not set too."""
    rows = db.session.execute(
        visible_bodies(current_user).join(Term, Term.county_id == Body.id).where(Body.tier == "county", Term.year.between(year - 1, year + 1))
        .with_only_columns(Body.id, Body.short_name, Term.year, Term.number, Term.starts_on, Term.ends_on).order_by(Body.division_code, Term.year.desc(), Term.number)
    ).all()
    terms = [(row.short_name, row.year, row.number, row.starts_on, row.ends_on) for row in rows]
    if may(current_user, "term.write"):
        there = {(row.year, row.number): row for row in rows}
        wanted = [(one, number) for one in (year + 1, year, year - 1) for number in (1, 2)]
        terms = [("", *place, *(there[place][4:] if place in there else (None, None))) for place in wanted]
    return {"terms": terms, "several": len({row.id for row in rows}) > 1}


# ---------------------------------------------------------------- days

@bp.route("/edit", methods=["GET", "POST"])
@needs("calendar.write")
def edit():
    """First 核对, which shows what would change and for which cases; then 确认, which does just that."""
    certain = calendars.calendar(db.session).last_certain
    form = Days(data={"version": calendars.version(db.session), "certain_until": f"{certain:%Y-%m-%d}" if certain > date.min else ""})
    preview, status = None, 422
    if form.validate_on_submit():
        try:
            form.days.data = _typed(form)
            until = parse_date(form.certain_until.data or "")
            edits = [] if not form.days.data.strip() and until and until > certain else calendars.read_days(form.days.data)
            if "confirm" in request.form:
                there = url_for(".index", year=edits[0].day.year if edits else None)
                number = calendars.change_days(edits, certain_until=until, version=form.version.data, expected=form.expected.data or 0,
                                               actor=current_user, now=clock.now(), once=once(form, "calendar.change", lambda _: there))
                flash(f"工作日历已修改，{number:,} 件在办业务的到期日随之改变。" if number else "工作日历已修改，没有在办业务受影响。", "done")
                return redirect(there, 303)
            preview = _preview(edits)
        except MovedOn as moved:
            status, preview = form.refuse(moved), _preview(edits)
            form.version.data = calendars.version(db.session)
        except Refusal as refusal:
            status = form.refuse(refusal)
    return page("calendar/edit.html", form=form, preview=preview, words=WORDS, status=status if form.errors else 200)


def _typed(form):
    """What was typed, and after it what the uploaded list says."""
    typed, file = form.days.data or "", form.file.data
    if not file or not file.filename:
        return typed
    data = file.read(calendars.LIST.file_bytes + 1)
    file.seek(0)
    if len(data) > calendars.LIST.file_bytes:
        raise Refusal("上传的名单超过 500 KB，请只保留日期、性质、名称三列。", field="file")
    return f"{typed}\n{calendars.read_file(data, file.filename)}".strip()


def _preview(edits):
    now = calendars.calendar(db.session)
    found = calendars.shifts(db.session, edits)
    return {
        "days": [(edit.day, WORDS[now.days.get(edit.day)], WORDS[edit.working], edit.name) for edit in edits],
        "number": sum(shift.number for shift in found), "cases": calendars.shifted_cases(db.session, found, MOST_CASES),
    }


# ---------------------------------------------------------------- terms

@bp.route("/terms/<int:year>/<int:number>", methods=["GET", "POST"])
@needs("term.write")
def term(year, number):
    this = clock.school_year(clock.today())
    if year not in range(this - 1, this + 2) or number not in (1, 2):
        raise NotFound
    now = db.session.execute(
        select(Term.starts_on, Term.ends_on).where(Term.county_id == current_user.county_id, Term.year == year, Term.number == number)
    ).one_or_none()
    first, last = (f"{day:%Y-%m-%d}" for day in now) if now else ("", "")
    form = TermForm(data={"starts_on": first, "ends_on": last, "seen": f"{first} {last}".strip()})
    theirs, status = [], 422
    if form.validate_on_submit():
        seen = tuple(parse_date(day) for day in (form.seen.data or "").split()) or None
        try:
            calendars.set_term(current_user.county_id, year, number, parse_date(form.starts_on.data), parse_date(form.ends_on.data), seen=seen, actor=current_user,
                               once=once(form, "term.set", lambda _: url_for(".index")))
        except MovedOn as moved:
            status, form.seen.data = form.refuse(moved), f"{first} {last}".strip()
            theirs = [("开学日期", first, form.starts_on.data), ("放假日期", last, form.ends_on.data)]
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(f"已设置 {year}—{year + 1} 学年第{'一' if number == 1 else '二'}学期。", "done")
            return redirect(url_for(".index"), 303)
    return page("calendar/term.html", form=form, year=year, number=number, theirs=theirs, status=status if form.errors else 200)
