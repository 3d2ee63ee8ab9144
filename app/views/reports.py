"""Lists and figures for the county: 休（转、复）学登记表 of a term, 学生变动平衡表 of a month or a school year; each as a page and as a file."""

from flask import Blueprint, request, url_for
from flask_login import current_user
from sqlalchemy import select

from .. import clock
from ..codes import table
from ..errors import NotFound
from ..extensions import db
from ..models import Body
from ..permissions import schools_of
from ..services.casework import case_figures
from ..services.paperwork import term_registers
from ..services.standing import balance_lists
from ..workflow.flows import STATES
from .shared import XLSX, asked_id, download, needs, page

bp = Blueprint("reports", __name__)


def _me():
    return current_user._get_current_object()


def _schools():
    """[(id, name)] that an office chooses from; none at a school, which has its own alone."""
    if current_user.tier == "school":
        return []
    return db.session.execute(select(Body.id, Body.short_name).where(Body.id.in_(schools_of(current_user)), Body.state == "open").order_by(Body.key)).all()


def _school():
    school_id = asked_id("school")
    if school_id and db.session.execute(schools_of(current_user).where(Body.id == school_id)).first() is None:
        raise NotFound
    return school_id


# ---------------------------------------------------------------- 休（转、复）学登记表

@bp.get("/registers")
@needs("student.print")
def register():
    school_id, terms = _school(), term_registers.periods(current_user.county_id, clock.today())
    period = _period(terms)
    rows = term_registers.listed(current_user, period, school_id) if period else []
    return page("reports/register.html", title=term_registers.TITLE, rows=rows, period=period, terms=terms, schools=_schools(), school=school_id, sums=term_registers.sums(rows),
                asked={"term": period.key if period else "", "school": school_id})


def _period(terms):
    """That the address asks for, else the newest; none where the county has set no terms."""
    return next((term for term in terms if term.key == request.args.get("term")), terms[0] if terms else None)


def _asked_period():
    period = _period(term_registers.periods(current_user.county_id, clock.today()))
    if period is None:
        raise NotFound
    return period


@bp.get("/registers.pdf")
@needs("student.print")
def register_pdf():
    period = _asked_period()
    pdf = term_registers.print_out(period, _school(), actor=_me(), today=clock.today(), now=clock.now())
    return download(pdf, f"{period.title}{term_registers.TITLE}.pdf", "application/pdf")


@bp.get("/registers.xlsx")
@needs("student.export")
def register_workbook():
    period = _asked_period()
    return download(term_registers.export(period, _school(), actor=_me()), f"{period.title}{term_registers.TITLE}.xlsx", XLSX)


# ---------------------------------------------------------------- 学生变动平衡表

@bp.get("/balances")
@needs("student.print")
def balance():
    school_id, period = _school(), balance_lists.find(request.args.get("period", ""), clock.today())
    return page("reports/balance.html", sheet=balance_lists.sheet(_me(), period, school_id), words=table("student_change").labels, periods=balance_lists.periods(clock.today()),
                schools=_schools(), school=school_id, by_grade=bool(current_user.school_id or school_id), file=url_for(".balance_workbook", period=period.key, school=school_id))


@bp.get("/balances.xlsx")
@needs("student.export")
def balance_workbook():
    period = balance_lists.find(request.args.get("period", ""), clock.today())
    return download(balance_lists.export(period, _school(), actor=_me()), f"{period.title}学生变动平衡表.xlsx", XLSX)


# ---------------------------------------------------------------- 业务统计

@bp.get("/cases/figures")
@needs("case.see")
def figures():
    """Of every kind, how many were begun and how they stand; the numbers lead to the cases where this person may see them all."""
    today, school_id = clock.today(), _school()
    period = balance_lists.find(request.args.get("period") or balance_lists.school_year(today).key, today)
    lines, total = case_figures.by_kind(_me(), period, today, school_id)
    return page("reports/figures.html", lines=lines, total=total, states=STATES, period=period, periods=balance_lists.periods(today), school=school_id,
                schools=_schools() if current_user.tier in ("county", "township") else [], lists=current_user.tier in ("school", "county", "township"))
