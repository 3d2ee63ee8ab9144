"""学生变动平衡表: 期初 + 增 - 减 = 期末 of a month or a school year, by the codes of student_change (app/codes/changes.py); 辍学率 of the year.

The roll of today is in the tallies; what was booked since takes it back to any day. A school reads its grades, an office its schools.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select

from ...codes import table
from ...codes.changes import COUNTED, DECREASES, INCREASES
from ...extensions import db
from ...identity import grades
from ...models import Body, Case, Grade, Movement, Tally
from ...permissions import require, schools_of
from ...spreadsheets import writer
from .. import trace
from ..transactions import writes

ALWAYS = ("11", "12", "13", "23", "26", "27", "28")  # shown though nobody came or went by them; the others where somebody did
DROPOUT = "28"
MONTHS, YEARS = 24, 5  # to choose from
FIRST_MONTH = 9  # of a school year


@dataclass(frozen=True)
class Period:
    key: str  # 2026-09, or 2026 for the school year
    title: str
    first: date
    last: date

    @property
    def whole_year(self):
        return "-" not in self.key


@dataclass(frozen=True)
class Line:
    title: str
    before: int
    moves: Counter
    after: int
    dropouts: int = 0

    @property
    def more(self):
        return sum(number for code, number in self.moves.items() if code in INCREASES)

    @property
    def less(self):
        return -sum(number for code, number in self.moves.items() if code in DECREASES)

    @property
    def rate(self):
        """辍学率: who dropped out in the year, of those who read here when it began."""
        return f"{self.dropouts / self.before:.2%}" if self.before else ""


@dataclass(frozen=True)
class Sheet:
    period: Period
    lines: list
    total: Line
    codes: tuple

    @property
    def increases(self):
        return [code for code in self.codes if code in INCREASES]

    @property
    def decreases(self):
        return [code for code in self.codes if code in DECREASES]


def month(today, back=0) -> Period:
    year, number = divmod(today.year * 12 + today.month - 1 - back, 12)
    first = date(year, number + 1, 1)
    return Period(f"{first:%Y-%m}", f"{year}年{number + 1}月", first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def school_year(today, back=0) -> Period:
    year = today.year - (today.month < FIRST_MONTH) - back
    return Period(str(year), f"{year}—{year + 1}学年", date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1) - timedelta(days=1))


def periods(today) -> list[Period]:
    return [*(month(today, back) for back in range(MONTHS)), *(school_year(today, back) for back in range(YEARS))]


def find(key, today) -> Period:
    """The period that the address asks for; else the present month."""
    return next((one for one in periods(today) if one.key == key), month(today))


def sheet(person, period, school_id=None) -> Sheet:
    """Of a school by grade, of an office by school. Four queries, whatever the scope holds."""
    schools = schools_of(person).where(Body.id == school_id) if school_id else schools_of(person)
    by_grade = bool(person.school_id or school_id)
    group, titles = (Grade.id, _grades(schools)) if by_grade else (Body.id, _schools(schools))
    roll = dict(db.session.execute(_grouped(select(group, func.sum(Tally.number)).select_from(Tally).where(Tally.status.in_(COUNTED)), Tally, schools).group_by(group)).all())
    within, since = (func.sum(case((condition, Movement.number), else_=0)) for condition in (Movement.day <= period.last, Movement.day > period.last))
    booked = db.session.execute(
        _grouped(select(group, Movement.code, within, since).select_from(Movement).where(Movement.day >= period.first), Movement, schools).group_by(group, Movement.code)
    ).all()
    dropouts = dict(db.session.execute(
        _grouped(select(group, func.count()).select_from(Movement).join(Case, Case.id == Movement.case_id), Movement, schools)
        .where(Movement.code == DROPOUT, Movement.day.between(period.first, period.last), Case.state == "effective").group_by(group)
    ).all()) if period.whole_year else {}
    later, moves = Counter(), {}
    for key, code, number, later_on in booked:
        later[key] += int(later_on)
        if number:
            moves.setdefault(key, Counter())[code] += int(number)
    lines = []
    for key, title in titles.items():
        after = int(roll.get(key) or 0) - later[key]
        mine = moves.get(key, Counter())
        before = after - sum(mine.values())
        if before or after or mine:
            lines.append(Line(title, before, mine, after, dropouts.get(key, 0)))
    return Sheet(period, lines, _total(lines), tuple(code for code in table("student_change").labels if code in ALWAYS or any(code in one.moves for one in lines)))


def _total(lines) -> Line:
    moves = Counter()
    for one in lines:
        moves.update(one.moves)
    return Line("合计", sum(one.before for one in lines), moves, sum(one.after for one in lines), sum(one.dropouts for one in lines))


def _grouped(query, model, schools):
    return query.join(Body, Body.id == model.school_id).outerjoin(Grade, Grade.id == model.grade_id).where(model.school_id.in_(schools))


def _schools(schools):
    return dict(db.session.execute(select(Body.id, Body.name).where(Body.id.in_(schools)).order_by(Body.key)).all())


def _grades(schools):
    rows = db.session.execute(select(Grade.id, Grade.stage, Grade.advanced_to, Grade.length, Grade.entry_year).where(Grade.school_id.in_(schools))
                              .order_by(Grade.stage, Grade.entry_year.desc(), Grade.length))
    return {row.id: grades.cohort_title(row.stage, row.advanced_to, row.length, row.entry_year) for row in rows}


# ---------------------------------------------------------------- as a workbook

def export(period, school_id=None, *, actor) -> bytes:
    require(actor, "student.export")
    told, words = sheet(actor, period, school_id), table("student_change")
    _exported(f"{period.title}学生变动平衡表", actor=actor)
    heads = ["年级" if actor.school_id or school_id else "学校", "期初", *(f"增：{words.label(code)}" for code in told.increases), "增加合计",
             *(f"减：{words.label(code)}" for code in told.decreases), "减少合计", "期末", *(["辍学人数", "辍学率"] if period.whole_year else [])]
    lines = [
        [one.title, one.before, *(one.moves[code] for code in told.increases), one.more, *(-one.moves[code] for code in told.decreases), one.less, one.after,
         *([one.dropouts, one.rate] if period.whole_year else [])]
        for one in (*told.lines, told.total)
    ]
    return writer.table(heads, lines, f"{period.title}平衡表")


@writes
def _exported(s, purpose, *, actor):
    trace.record(s, "figures.exported", actor=actor, chain=actor.county_id, purpose=purpose)
