"""休（转、复）学登记表 of a term: what was done of suspensions, returns and transfers, by school, for the county's 学籍会审 (竹山 篇9).

A term's list begins on the day after the term before it ended, so that no case of the holidays falls between two lists.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, select

from ... import sealing
from ...codes import table
from ...documents import term_register
from ...documents.fonts import CannotPrint
from ...errors import Refusal
from ...extensions import db
from ...identity import grades, masks
from ...identity.dates import chinese
from ...models import Body, Case, Class, Enrolment, Grade, Paper, Student, Term
from ...permissions import require, schools_of, visible_cases
from ...spreadsheets import writer
from .. import trace
from ..casework import case_files
from ..transactions import writes

TITLE = term_register.TITLE
MOST = 5000
OUT, IN = "转出", "转入"
WHAT = {"suspension": "休学", "suspension-renewal": "续休", "resumption": "复学"}  # kind of case → 类别; a transfer is 转出 at one school and 转入 at the other
ORDER = (*WHAT.values(), OUT, IN)
REASONS = {"transfer": "transfer_reason", "transfer-out": "transfer_reason", "suspension": "suspend_reason", "suspension-renewal": "suspend_reason"}
OTHER = "99"
CERTIFIED = ("suspension_certificate", "resumption_certificate", "transfer_certificate")
HEADS = ("学校", "姓名", "性别", "出生年月", "学籍号", "年级班级", "类别", "原因", "起止或办理日期", "来源、去向学校", "证明编号", "批准日期", "备注", "受理编号")


@dataclass(frozen=True)
class Period:
    """A term with the holidays before it."""

    year: int
    number: int
    first: date
    last: date

    @property
    def key(self):
        return f"{self.year}-{self.number}"

    @property
    def title(self):
        return f"{self.year}—{self.year + 1}学年第{'一二'[self.number - 1]}学期"


def periods(county_id, today) -> list[Period]:
    """The terms that have begun, with the holidays before each; the newest first."""
    rows = db.session.execute(select(Term.year, Term.number, Term.starts_on, Term.ends_on).where(Term.county_id == county_id).order_by(Term.starts_on)).all()
    found, first = [], None
    for row in rows:
        period = Period(row.year, row.number, first or row.starts_on, row.ends_on)
        first = row.ends_on + timedelta(days=1)
        if period.first <= today:
            found.append(period)
    return found[::-1]


def listed(person, period, school_id=None) -> list[dict]:
    """By school, grade and class, then by what it is. Three queries, whatever the scope holds."""
    there, from_, to = (Body.__table__.alias(name) for name in ("there", "left", "joined"))
    spell = Enrolment.__table__.alias()
    hers = spell.c.student_id == Case.student_id
    columns = (
        Case.id, Case.kind, Case.number, Case.content, Case.effective_on, Student.id.label("student_id"), Student.name, Student.sex, Student.birth_date, Student.national_no_sealed,
        there.c.key, there.c.id.label("school_id"), there.c.name.label("school"), from_.c.name.label("from_school"), to.c.name.label("to_school"),
        Grade.stage, Grade.advanced_to, Grade.length, Grade.entry_year, Class.number.label("class_number"), Class.name.label("class_name"), Paper.number.label("paper"),
    )

    def rows(kinds, school, joined=None):
        place = spell.c if joined is not None else Case
        query = (
            visible_cases(person).where(Case.kind.in_(kinds), Case.state == "effective", Case.effective_on.between(period.first, period.last), there.c.id.in_(schools_of(person)))
            .with_only_columns(*columns).join(Student, Student.id == Case.student_id).join(there, there.c.id == school)
            .outerjoin(from_, from_.c.id == Case.from_school_id).outerjoin(to, to.c.id == Case.to_school_id)
        )
        query = query.join(spell, and_(hers, joined)) if joined is not None else query
        query = query.outerjoin(Class, Class.id == place.class_id).outerjoin(Grade, Grade.id == func.coalesce(Class.grade_id, place.grade_id))
        query = query.outerjoin(Paper, and_(Paper.case_id == Case.id, Paper.state == "valid", Paper.kind.in_(CERTIFIED)))
        return db.session.execute((query.where(there.c.id == school_id) if school_id else query).order_by(Case.id).limit(MOST)).all()

    told = [_told(row, WHAT[row.kind], period) for row in rows(tuple(WHAT), Case.school_id)]
    told += [_told(row, OUT, period) for row in rows(("transfer", "transfer-out"), Case.from_school_id, spell.c.closing_case_id == Case.id)]
    told += [_told(row, IN, period) for row in rows(("transfer",), Case.to_school_id, spell.c.case_id == Case.id)]
    return sorted(told, key=lambda row: row["order"])


def _told(row, what, period):
    content = case_files.content_of(row)
    asked = content.get("answers", content)
    outside = (content.get("outside") or {}).get("school", "")
    number = row.national_no_sealed and sealing.unseal(row.national_no_sealed, "students", row.student_id, "national_no_sealed")
    stood = row.stage and max(1, min(row.advanced_to, period.year - row.entry_year + 1))  # the year in which the grade stood in that term
    title = grades.grade_title(row.stage, stood, row.length) + (row.class_name or (f"{row.class_number}班" if row.class_number else "")) if row.stage else ""
    year = grades.year_of_schooling(row.stage, stood, row.length) if row.stage else 0
    return {
        "order": (row.key, year, row.class_number or 0, ORDER.index(what), row.effective_on, row.id), "case_id": row.id, "student_id": row.student_id, "number": row.number,
        "school_id": row.school_id, "school": row.school, "name": row.name, "sex": table("sex").label(row.sex), "birth_month": f"{row.birth_date:%Y-%m}",
        "national_no": masks.number(number) if number else "", "class_title": title, "what": what, "reason": _reason(row.kind, asked), "period": _days(what, asked, row.effective_on),
        "other_school": {OUT: row.to_school or outside, IN: row.from_school or outside}.get(what, ""), "certificate_no": row.paper or "",
        "approved_on": row.effective_on.isoformat(), "remark": "",
    }


def _reason(kind, asked):
    code, explanation = asked.get("reason") or "", (asked.get("explanation") or "").strip()
    if kind not in REASONS or not code:
        return ""
    return explanation if code == OTHER and explanation else table(REASONS[kind]).label(code)


def _days(what, asked, effective_on):
    """2026.09.07—2027.03.07 of a time away, else the day."""
    def short(day):
        return day.replace("-", ".") if isinstance(day, str) else f"{day:%Y.%m.%d}"

    if what == "休学":
        from_on = effective_on if asked["reason"] == "36" else asked["from_on"]  # 出国（境）: from the day of approval
        return f"{short(from_on)}—{short(asked['until_on'])}"
    return f"续至 {short(asked['until_on'])}" if what == "续休" else short(asked.get("effective_on") or effective_on) if what == "复学" else short(effective_on)


def sums(rows) -> str:
    counts = {what: sum(row["what"] == what for row in rows) for what in ORDER}
    return "　".join(f"{what} {number} 人次" for what, number in counts.items() if number) or "无（零报告）"


# ---------------------------------------------------------------- what leaves the house

def print_out(period, school_id=None, *, actor, today, now) -> bytes:
    """One list for each school that has anything to tell; of a school alone also one that has nothing."""
    require(actor, "student.print")
    rows = listed(actor, period, school_id)
    schools = dict.fromkeys((row["school_id"], row["school"]) for row in rows)
    if not schools:
        alone = school_id or actor.school_id
        name = alone and db.session.execute(select(Body.name).where(Body.id == alone, Body.id.in_(schools_of(actor)))).scalar()
        if not name:
            raise Refusal(f"{period.title}没有休学、续休、复学、转学，没有可打印的登记表。")
        schools = {(alone, name): None}
    papers = [_facts(name, period, [row for row in rows if row["school_id"] == one], actor, today, now) for one, name in schools]
    _printed(_pupils(rows), f"{period.title}{TITLE}", actor=actor)
    try:
        return term_register.draw_all(papers)
    except CannotPrint as problem:
        raise Refusal(str(problem)) from None


def _facts(school, period, rows, actor, today, now):
    return {
        "name": school, "school_name": school, "term": period.title, "rows": rows, "sums": sums(rows), "filled_by": actor.name if actor.school_id else "",
        "seal": {"name": school, "decided_on": today.isoformat()}, "printed_on": f"{now:%Y-%m-%d}", "printed_by": actor.name,
    }


def _pupils(rows) -> list:
    """Each once, though one who was suspended and came back stands on the list twice."""
    return list(dict.fromkeys(row["student_id"] for row in rows))


@writes
def _printed(s, student_ids, paper, *, actor):
    trace.record(s, "students.printed", actor=actor, chain=actor.county_id, subjects=student_ids, paper=paper, number=len(student_ids))


def export(period, school_id=None, *, actor) -> bytes:
    require(actor, "student.export")
    rows = listed(actor, period, school_id)
    _exported(_pupils(rows), f"{period.title}{TITLE}", actor=actor)
    lines = [
        [row["school"], row["name"], row["sex"], row["birth_month"], row["national_no"], row["class_title"], row["what"], row["reason"], row["period"], row["other_school"],
         row["certificate_no"], chinese(date.fromisoformat(row["approved_on"])), row["remark"], row["number"]]
        for row in rows
    ]
    return writer.table(HEADS, [*lines, ["合计", *sums(rows).split("　")]], TITLE)  # a cell each: a whole line would make the names as wide


@writes
def _exported(s, student_ids, purpose, *, actor):
    trace.record(s, "students.exported", actor=actor, chain=actor.county_id, subjects=student_ids, number=len(student_ids), columns=list(HEADS), purpose=purpose)
