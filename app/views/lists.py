"""A list of pupils as its address asks for it: what is to be shown, what the filters offer, and the addresses with one of them changed."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import urlencode

from flask import request
from markupsafe import Markup

from .. import codes
from ..services.pupils import listing
from .shared import asked_id

WIDE = ("county_officer", "township_registrar")  # who look after more than one school
STATUS_WORDS = {"": "在籍和待审核", "pending": "待审核", "all": "全部，含已离校的"}
ALL = ("", "全部")
SHOWN_STATUSES = ("01", "02", "06", "07", "10", "11", "91")


@dataclass(frozen=True)
class Roll:
    """A list as its address asks for it, with what the filters can offer."""

    filters: listing.Filters
    columns: tuple
    schools: list
    classes: list  # of the school: (id, title, year, title of the grade)
    title: str
    school_name: str
    choose_school: bool = False


def asked(me) -> Roll:
    args = request.args
    schools = listing.school_choices(me) if me.duty in WIDE else []
    names = {row.id: row.name for row in schools} if me.duty in WIDE else {me.school_id: me.body_name}
    school = asked_id("school") if me.duty in WIDE else me.school_id
    school = school if school in names else None
    classes = listing.class_choices(me, school) if school else []
    years = {year: title for _, _, year, title in classes}
    grade = asked_id("grade") if asked_id("grade") in years else None
    titles = {number: title for number, title, year, _ in classes if not grade or year == grade}
    class_id = me.class_id if me.duty == "class_teacher" else asked_id("class")
    class_id = class_id if class_id in titles else None
    status = args.get("status", "")
    status = status if status in STATUS_WORDS or status in codes.table("student_current_status") else ""
    mode = args.get("attendance_mode", "")
    gaps = args.get("gaps", "")
    sort = args.get("sort", "")
    by = "name" if school is None or sort.lstrip("-") == "name" else "seat"
    filters = listing.Filters(
        school=school, grade=grade, class_id=class_id, status=status, attendance_mode=mode if mode in codes.table("attendance_mode") else "",
        gaps=gaps if gaps in listing.GAPS else "", by=by, down=sort.startswith("-"), after=asked_id("after"),
    )
    wide = (("school",) if school is None else ()) + (("class",) if class_id is None else ())
    spare = set().union(*(listing.LEFT_OUT[name] for name in wide))
    chosen = tuple(name for name in listing.COLUMNS if name in args.getlist("col")) or tuple(name for name in listing.USUAL if name not in spare)
    title = titles.get(class_id) or years.get(grade) or ("全校" if school else "各校")
    return Roll(filters, wide + tuple(name for name in chosen if name not in wide), schools, classes, title, names.get(school, ""),
                choose_school=school is None and status in ("", "all"))


def choices(roll):
    """What the selects of the filter form offer, and the columns that can be shown."""
    filters, statuses = roll.filters, codes.table("student_current_status")
    years = dict.fromkeys((year, title) for _, _, year, title in roll.classes)
    of_grade = tuple((number, title) for number, title, year, _ in roll.classes if not filters.grade or year == filters.grade)
    words = (*((word, STATUS_WORDS[word]) for word in ("", "pending")), *((code, statuses.label(code)) for code in SHOWN_STATUSES), ("all", STATUS_WORDS["all"]))
    return {
        "schools": _options((ALL, *((row.id, row.name) for row in roll.schools)), filters.school),
        "grades": _options((ALL, *years), filters.grade) if years else "", "classes": _options((ALL, *of_grade), filters.class_id), "statuses": _options(words, filters.status),
        "modes": _options((ALL, *codes.table("attendance_mode").choices()), filters.attendance_mode), "gaps": _options((ALL, *listing.GAPS.items()), filters.gaps),
        "ticks": _ticks(roll.columns), "kept_columns": request.args.getlist("col"), "kept_sort": request.args.get("sort", ""),
    }


# A list offers a hundred choices, the same to nearly everybody: they are written once for all who are offered the same.

@lru_cache(maxsize=1000)
def _options(choices, chosen):
    written = (f'<option value="{escape(str(value))}"{" selected" if value == chosen else ""}>{escape(words)}</option>' for value, words in choices)
    return Markup("".join(written))  # noqa: S704 - escaped just here


@lru_cache(maxsize=1000)
def _ticks(columns):
    written = (
        f'<label class="pick"><input type="checkbox" name="col" value="{name}"{" checked" if name in columns else ""}> {escape(column.title)}</label>\n'
        for name, column in listing.COLUMNS.items() if name not in ("school", "class")
    )
    return Markup("".join(written))  # noqa: S704 - escaped just here


def chips(me, roll):
    filters, applied = roll.filters, []
    if filters.school and me.duty in WIDE:
        applied.append((roll.school_name, here(school=None, grade=None, after=None, **{"class": None})))
    if filters.grade:
        applied.append((next(title for _, _, year, title in roll.classes if year == filters.grade), here(grade=None, after=None)))
    if filters.class_id and me.duty != "class_teacher":
        applied.append((roll.title, here(after=None, **{"class": None})))
    if filters.status:
        applied.append((STATUS_WORDS.get(filters.status) or codes.table("student_current_status").label(filters.status), here(status=None, after=None)))
    if filters.attendance_mode:
        applied.append((codes.table("attendance_mode").label(filters.attendance_mode), here(attendance_mode=None, after=None)))
    if filters.gaps:
        applied.append((listing.GAPS[filters.gaps], here(gaps=None, after=None)))
    return applied


def here(**changes):
    """The address of this list with some of it changed; None takes a part away."""
    args = {name: request.args.getlist(name) for name in request.args if request.args[name] != ""} | changes
    query = urlencode({name: value for name, value in args.items() if value is not None}, doseq=True)
    return f"/students?{query}" if query else "/students"
