"""The house's working calendar (工作日历), and each county's school years and terms (学年学期)."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import bindparam, delete, func, insert, select, update

from ...errors import MovedOn, NotFound, Refusal, Refusals
from ...identity.dates import chinese, parse_date
from ...identity.width import half_width
from ...models import Body, CalendarDay, Case, CaseStep, House, Term, new_id
from ...policies import calendar as published
from ...policies.calendar import WorkCalendar
from ...spreadsheets import reader
from ...spreadsheets.bounds import BadWorkbook, Limits
from ...workflow.flows import FLOWS, days_of
from .. import trace
from ..transactions import writes
from . import policies

DAY = timedelta(days=1)
LONGEST_TERM = 200  # days


# ---------------------------------------------------------------- read

VERSION = select(House.__table__.c.calendar_version)  # asked at every step of a case, so made once
HELD = VERSION.with_for_update(read=True)


def version(s) -> int:
    return s.execute(VERSION).scalar() or 1


def calendar(s) -> WorkCalendar:
    """The calendar as it stands."""
    return _kept(s, version(s))


def held(s) -> WorkCalendar:
    """The calendar for an act that sets due days: nobody changes it before the act is over, and whoever then does finds the case among those that move."""
    return _kept(s, s.execute(HELD).scalar() or 1)


def _kept(s, number):
    """By its version: a day is edited a few times a year and asked for at every step of a case."""
    kept = current_app.extensions.get("work_calendar")
    if kept is None or kept.version != number:
        kept = current_app.extensions["work_calendar"] = _read(s, number)
    return kept


def _read(s, number):
    days = dict(s.execute(select(CalendarDay.day, CalendarDay.working)).all())
    return WorkCalendar(days, s.execute(select(House.certain_until)).scalar() or date.min, number)


TERMS = select(Term.__table__.c.starts_on, Term.__table__.c.ends_on).where(Term.__table__.c.county_id == bindparam("county")).order_by(Term.__table__.c.starts_on)


def terms(s, county_id):
    """(first day, last day) of every term of a county in order: what the windows of the rules are counted from."""
    return s.execute(TERMS, {"county": county_id}).all()


# ---------------------------------------------------------------- the days of the house

def seed(s, years, *, now):
    """Lay down what the State Council announced for these years, inside the act that settles a house."""
    rows = [
        {"id": new_id(), "day": day, "working": working, "name": name, "source": "published", "changed_by_id": None, "changed_at": now}
        for day, working, name in published.seed(years)
    ]
    if rows:
        s.execute(insert(CalendarDay), rows)
    s.execute(update(House).values(certain_until=published.seeded_until()))


@dataclass(frozen=True)
class DayEdit:
    """A day to be set: `working` False for a holiday, True for a make-up day, None for what its weekday says."""

    day: date
    working: bool | None
    name: str = ""


@dataclass(frozen=True)
class Shift:
    """Open cases whose due day moves with an edit: all of one kind, step, day of arrival and rules."""

    county_id: int
    kind: str
    step: str
    seat_duty: str
    arrived_on: date
    policy_id: int | None
    old: date
    new: date
    number: int


SHIFTED = (Case.county_id, Case.kind, Case.step, Case.seat_duty, Case.arrived_on, Case.policy_id, Case.due_on)


def shifts(s, edits) -> list[Shift]:
    """What these edits would do to open cases; `change_days` does just this (DECIDED 18)."""
    after = _edited(s, edits)
    rules, found = {}, []
    for county_id, kind, step, seat_duty, arrived_on, policy_id, due_on, number in s.execute(
        select(*SHIFTED, func.count()).where(Case.state == "open", Case.due_on.is_not(None)).group_by(*SHIFTED).order_by(Case.due_on, Case.arrived_on, Case.kind)
    ):
        if policy_id not in rules:
            rules[policy_id] = policies.pinned(s, policy_id)
        length = rules[policy_id][days_of(FLOWS[kind].steps[step], seat_duty)]
        if length.unit == "工作日" and (new := length.after(arrived_on, after)) != due_on:
            found.append(Shift(county_id, kind, step, seat_duty, arrived_on, policy_id, due_on, new, number))
    return found


def shifted_cases(s, found, limit=200):
    """The cases themselves, for the page: (number, kind, step, school, old due day, new due day). Who they are about is not the administrator's to see."""
    listed = []
    for shift in found:
        if len(listed) >= limit:
            break
        rows = s.execute(
            select(Case.number, Body.short_name).join(Body, Body.id == Case.school_id).where(*_these(shift)).order_by(Case.id).limit(limit - len(listed))
        )
        flow = FLOWS[shift.kind]
        listed += [(number, flow.title, flow.steps[shift.step].title, school, shift.old, shift.new) for number, school in rows]
    return listed


def _these(shift):
    return (
        Case.state == "open", Case.county_id == shift.county_id, Case.kind == shift.kind, Case.step == shift.step, Case.seat_duty == shift.seat_duty, Case.arrived_on == shift.arrived_on,
        Case.due_on == shift.old, Case.policy_id.is_(None) if shift.policy_id is None else Case.policy_id == shift.policy_id,
    )


def _edited(s, edits):
    now = calendar(s)
    days = dict(now.days) | {edit.day: edit.working for edit in edits if edit.working is not None}
    for edit in edits:
        if edit.working is None:
            days.pop(edit.day, None)
    return WorkCalendar(days, now.last_certain, now.version + 1)


@writes
def change_days(s, edits, *, certain_until=None, version, expected=None, actor, now):
    """Set days and move the due days of the open cases that hang on them, in one act that lists both. Returns how many cases moved.

    `expected` is how many the administrator was shown; where others have come since, she looks again.
    """
    house = s.execute(select(House.id, House.calendar_version, House.certain_until).with_for_update()).one_or_none()
    if house is None:
        raise NotFound
    if house.calendar_version != version:
        raise MovedOn("工作日历刚被另一位管理员改过，这次没有改动。请重新核对受影响的业务，再提交一次。")
    old = dict(s.execute(select(CalendarDay.day, CalendarDay.working).where(CalendarDay.day.in_([edit.day for edit in edits]))).all())
    names = dict(s.execute(select(CalendarDay.day, CalendarDay.name).where(CalendarDay.day.in_(old))).all())
    edits = [edit for edit in edits if (old.get(edit.day), names.get(edit.day, "")) != (edit.working, edit.name if edit.working is not None else "")]
    certain_until = max(filter(None, (certain_until, house.certain_until)), default=None)
    if not edits and certain_until == house.certain_until:
        raise Refusal("没有改动任何一天。")
    found = shifts(s, edits)
    if expected is not None and expected != sum(shift.number for shift in found):
        raise MovedOn("您核对之后，受影响的在办业务又有变化，这次没有改动。请看新的名单，再确认一次。")
    s.execute(delete(CalendarDay).where(CalendarDay.day.in_([edit.day for edit in edits])))
    if rows := [
        {"id": new_id(), "day": edit.day, "working": edit.working, "name": edit.name, "source": "edited", "changed_by_id": actor.account_id, "changed_at": now}
        for edit in edits if edit.working is not None
    ]:
        s.execute(insert(CalendarDay), rows)
    s.execute(update(House).values(calendar_version=version + 1, certain_until=certain_until))
    for shift in found:
        s.execute(select(Case.id).where(*_these(shift)).order_by(Case.id).with_for_update())  # the case before its steps, as in every act
        ids = select(Case.id).where(*_these(shift)).scalar_subquery()
        s.execute(update(CaseStep).where(CaseStep.case_id.in_(ids), CaseStep.ended_at.is_(None)).values(due_on=shift.new))
        s.execute(update(Case).where(*_these(shift)).values(due_on=shift.new, calendar_version=version + 1))
    _tell(s, edits, old, found, actor)
    return sum(shift.number for shift in found)


def _tell(s, edits, old, found, actor):
    words = {True: "上班", False: "放假", None: "按星期"}
    days = [[edit.day, words[old.get(edit.day)], words[edit.working], edit.name] for edit in edits]
    counties = defaultdict(list)
    for shift in found:
        counties[shift.county_id].append([FLOWS[shift.kind].title, FLOWS[shift.kind].steps[shift.step].title, shift.arrived_on, shift.old, shift.new, shift.number])
    trace.record(s, "calendar.changed", actor=actor, changes={"日期": days, "受影响业务": sum(shift.number for shift in found)})
    for county_id, moved in counties.items():
        trace.record(s, "calendar.changed", actor=actor, chain=county_id, changes={"日期": days, "到期日改变": moved})


# ---------------------------------------------------------------- a list of days, as an office receives it

WORDS = {
    "放假": False, "休": False, "休息": False, "假": False, "上班": True, "班": True, "调休上班": True, "补班": True, "按星期": None, "取消": None,
}
_WORD = f"(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))})"
LINE = re.compile(rf"^(?P<first>.+?)(?:\s*(?:—|–|~|～|至|到)\s*(?P<last>.+?))?[\s,，]+{_WORD}(?:[\s,，]+(?P<name>.*))?$")
NAMED = re.compile(rf"^(?P<first>\S+?)(?:\s*(?:—|–|~|～|至|到)\s*(?P<last>\S+?))?[\s,，]+(?P<name>[^\s,，]+)[\s,，]+{_WORD}$")  # 日期,名称,性质
TITLES = re.compile(r"^(日期|时间)[\s,，]")
MOST_DAYS = 400
LIST = Limits(file_bytes=500_000, rows=2 * MOST_DAYS, columns=20, cell_chars=200, seconds=20)


def read_file(data, filename) -> str:
    """The lines of an uploaded list: text or .csv as it is, of a workbook (.xlsx, .xls) the first sheet, a line a row."""
    if filename.lower().endswith((".xlsx", ".xls")):
        try:
            book = reader.read_bounded(data, filename, LIST)
        except BadWorkbook as bad:
            raise Refusal(f"{bad.sentence}。{bad.cure}。", field="file") from None
        return "\n".join(" ".join(_written(cell) for cell in row).strip() for row in (book.header, *(cells for _, cells in book.rows)))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("上传的不是文本文件，也不是工作簿。请另存为 .xlsx、.csv 或文本文件后再传。", field="file")


def _written(cell):
    """A cell as a person types it: a date of Excel's own among them."""
    return cell.strip() if type(cell) is str else cell.text



def read_days(text) -> list[DayEdit]:
    """Lines such as “2027-02-05至2027-02-11 放假 春节”, or rows of a csv 日期,性质,名称, or 日期,名称,性质. Every faulty line is told."""
    edits, wrong = {}, []
    for number, line in enumerate((typed.strip(" ,") for typed in half_width(text).splitlines()), 1):
        if not line or TITLES.match(line):
            continue
        found = NAMED.match(line) or LINE.match(line)
        first = parse_date(found["first"]) if found else None
        last = parse_date(found["last"]) if found and found["last"] else first
        if first is None or last is None:
            wrong.append(Refusal(f"第 {number} 行“{line[:40]}”没有看懂，请写成“2027-02-05至2027-02-11 放假 春节”这样。", field="days"))
        elif not first <= last <= first + 31 * DAY:
            wrong.append(Refusal(f"第 {number} 行“{line[:40]}”的起止日期不对：止日应在起日之后，相差不超过一个月。", field="days"))
        else:
            name = (found["name"] or "").strip()[:20]
            for step in range((last - first).days + 1):
                day = first + step * DAY
                if day in edits:
                    wrong.append(Refusal(f"第 {number} 行：{chinese(day)}在前面已经写过一次，请只留一行。", field="days"))
                    break
                edits[day] = DayEdit(day, WORDS[found["word"]], name)
    if not edits and not wrong:
        wrong.append(Refusal("请填写要设置的日期，一行一天或一段，例如“2027-10-01至2027-10-07 放假 国庆节”。", field="days"))
    if len(edits) > MOST_DAYS:
        wrong.append(Refusal(f"一次最多设置 {MOST_DAYS} 天，这里有 {len(edits)} 天，请分几次办理。", field="days"))
    if wrong:
        raise Refusals(wrong)
    return sorted(edits.values(), key=lambda edit: edit.day)


# ---------------------------------------------------------------- terms

@writes
def set_term(s, county_id, year, number, starts_on, ends_on, *, seen=None, actor):
    """学期: the first or second of a county's school year; `year` 2026 is 2026—2027. `seen` are the days that stood there before, None for none."""
    wrong = []
    first, last = (date(year, 8, 1), date(year + 1, 2, 28)) if number == 1 else (date(year + 1, 1, 1), date(year + 1, 8, 31))
    title = f"{year}—{year + 1} 学年第{'一' if number == 1 else '二'}学期"
    if not first <= starts_on <= last:
        wrong.append(Refusal(f"{title}的开学日期应在{chinese(first)}至{chinese(last)}之间，请改正。", field="starts_on"))
    if not starts_on < ends_on <= starts_on + LONGEST_TERM * DAY:
        wrong.append(Refusal(f"放假日期应在开学日期之后，一个学期不超过 {LONGEST_TERM} 天，请改正。", field="ends_on"))
    others = s.execute(select(Term).where(Term.county_id == county_id).with_for_update()).scalars().all()
    same = next((term for term in others if (term.year, term.number) == (year, number)), None)
    if seen != ((same.starts_on, same.ends_on) if same else None):
        raise MovedOn(f"{title}刚被另一位管理员改过，您填的内容没有写入。请对照现在的日期，再提交一次。")
    for term in others:
        if term is not same and starts_on <= term.ends_on and term.starts_on <= ends_on:
            wrong.append(Refusal(f"与 {term.year}—{term.year + 1} 学年第{'一' if term.number == 1 else '二'}学期的日期重叠，请改正。", field="starts_on"))
    if same and (same.starts_on, same.ends_on) == (starts_on, ends_on):
        wrong.append(Refusal("没有改动。"))
    if wrong:
        raise Refusals(wrong)
    if same:
        same.starts_on, same.ends_on = starts_on, ends_on
    else:
        s.add(Term(id=new_id(), county_id=county_id, year=year, number=number, starts_on=starts_on, ends_on=ends_on))
    trace.record(s, "term.set", actor=actor, chain=county_id, year=year, number=number, until=ends_on, **{"from": starts_on})
