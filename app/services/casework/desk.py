"""What a desk shows beside its inboxes: figures of its scope, plans of new pupils, days to remember. Each function is one query, whatever the scope holds."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, func, select

from ...codes.changes import COUNTED
from ...extensions import db
from ...identity import grades
from ...models import Account, Body, Class, Event, Grade, Import, Post, Quota, Tally
from ...permissions import may, schools_of, visible_classes, visible_imports
from ...policies.settings import SETTINGS
from ...workflow import deadlines
from ..problem_records import problems
from ..pupils import suggestions
from ..schools import class_checks, crowding, instructions
from ..standing import absence_pages, dropout_lists, record_changes
from ..transfer import transfer_pages
from . import case_figures, due_lists

DAYS_BEFORE_LIST = 7
AHEAD = 75  # days: what lies further off is not yet told
COUNTY_DAYS = ("undrawn_by",)  # 小升初 pupils whom no junior school has drawn: the county lists them (workflows 24)
DAYS = ("school_audit_by", "lock_on", "duplicates_by", "graduating_stop", "graduation_by", "promotion_on")


@dataclass(frozen=True)
class Figures:
    """Pupils by status, and those who read here by grade: {title: {sex: number}} in the order of the grades."""

    reading: int
    suspended: int
    pending: int
    by_grade: dict
    came: int  # by transfer, since the term began
    went: int
    problems: int  # 问题学籍 that wait
    problems_due: date | None  # the first of their days
    suggested: int  # 修改建议 that wait
    absent: int  # absences without leave that go on
    to_draw: int  # 允许外招指令 that this school may draw
    unchecked: int  # classes that nobody has checked this term
    term_ends: date | None  # until when they should be
    crowded: int  # classes over their limit
    to_review: int  # 贫困生 to be certified anew in this school year's review
    workbooks: int  # uploaded lists that wait for who takes them in
    late: int  # at this very desk, past their day
    ended: list  # (Monday, cases ended in that week) of a county's last weeks


def _mine(person, school_id, county_id):
    """The condition that says which schools' figures are this person's."""
    if person.tier == "school":
        return school_id == person.school_id
    if person.tier == "county":
        return county_id == person.county_id
    if person.duty == "township_registrar":
        return school_id.in_(schools_of(person))
    column = Body.city_id if person.tier == "city" else Body.province_id
    return school_id.in_(select(Body.id).where(Body.tier == "school", column == person.body_id))


def figures(person, policy, today) -> Figures:
    """One query; a second one where nobody is on the roll yet, as at a school before its first day."""
    ended = case_figures.ended(person, today)
    beside = (
        *transfer_pages.moves(person, today), problems.open_ones(person), problems.nearest(person), suggestions.waiting(person), absence_pages.going_on(person), instructions.to_draw(person),
        class_checks.unchecked(person, today), class_checks.term_ends(person, today), crowding.crowded(person, policy), record_changes.to_review(person, policy, today),
        _lists(person).with_only_columns(func.count()).scalar_subquery().label("workbooks"), due_lists.late_here(person, today), *ended,
    )
    rows = db.session.execute(
        select(Tally.status, Tally.sex, Grade.stage, Grade.advanced_to, Grade.length, func.sum(Tally.number).label("number"), *beside)
        .join(Grade, Grade.id == Tally.grade_id).where(_mine(person, Tally.school_id, Tally.county_id), Tally.number != 0)
        .group_by(Tally.status, Tally.sex, Grade.stage, Grade.advanced_to, Grade.length)
    ).all()
    told = rows[0] if rows else db.session.execute(select(*beside)).one()
    status, by_year = Counter(), {}
    for row in rows:
        status[row.status] += int(row.number)
        if row.status in COUNTED:
            year = grades.year_of_schooling(row.stage, row.advanced_to, row.length)
            by_year.setdefault((year, grades.grade_title(row.stage, row.advanced_to, row.length)), Counter())[row.sex] += int(row.number)
    return Figures(
        reading=sum(number for code, number in status.items() if code in COUNTED), suspended=status["02"], pending=status["pending"],
        by_grade={title: by_year[year, title] for year, title in sorted(by_year)}, came=told.came, went=told.went, problems=told.problems, problems_due=told.problems_due,
        suggested=told.suggested, absent=told.absent, to_draw=told.to_draw, unchecked=told.unchecked, term_ends=told.term_ends, crowded=told.crowded, to_review=told.to_review,
        workbooks=told.workbooks, late=told.late, ended=[(monday, getattr(told, week.name)) for monday, week in zip(case_figures.weeks(today), ended, strict=True)] if ended else [],
    )


def plans(person, year, *, limit=40):
    """(school, stage, planned, used) of this year's new pupils, those that are furthest behind first."""
    return db.session.execute(
        select(Body.short_name.label("school"), Quota.stage, Quota.planned, Quota.used).join(Body, Body.id == Quota.school_id)
        .where(Quota.year == year, _mine(person, Quota.school_id, Quota.county_id)).order_by(Quota.used - Quota.planned, Body.short_name, Quota.stage).limit(limit)
    ).all()


def workbooks(person):
    """Uploaded lists that wait for who takes them in: (id, filename, state, rows, bad)."""
    columns = (Import.id, Import.filename, Import.state, Import.rows, Import.bad)
    return db.session.execute(_lists(person).with_only_columns(*columns).order_by(Import.id.desc()).limit(5)).all()


def _lists(person):
    wait = visible_imports(person).where(Import.state.in_(("checking", "checked", "applying")))
    return wait if may(person, "import.write") else wait.where(false())


def days_to_remember(policy, calendar, today, *, year, tier=""):
    """(day, title, look, words): the yearly days of the rules that come within some weeks. No query: the caller has rules and calendar."""
    coming = []
    for key in (*DAYS, *(COUNTY_DAYS if tier == "county" else ())):
        day = policy[key].in_year(year)
        if day < today:
            day = policy[key].in_year(year + 1)
        if (day - today).days <= AHEAD:
            look, words = deadlines.describe(calendar, today, day)
            coming.append((day, SETTINGS[key].title, look, words, policy.article(key)))
    return sorted(coming)


def monthly_list(policy, calendar, today):
    """(day, title, look, words, article) of the next 辍学名单, in the days before it is handed up; no query."""
    day = dropout_lists.period(policy, today).last
    if (day - today).days > DAYS_BEFORE_LIST:
        return []
    look, words = deadlines.describe(calendar, today, day)
    return [(day, "报送本月辍学名单", look, words, policy.article("dropout_list_day"))]


def poverty_review(policy, calendar, today, number):
    """(day, title, look, words, article) while pupils wait to be certified anew; no query."""
    if not number:
        return []
    day = policy.poverty_review_by.in_year(today.year)
    look, words = deadlines.describe(calendar, today, day)
    return [(day, f"复核 {number} 名贫困生的认定", look, words, policy.article("poverty_review_by"))]


def classes_to_check(figures, calendar, today):
    """(day, title, look, words, article) while classes wait for this term's 学籍核查; no query."""
    if not figures.unchecked or (figures.term_ends - today).days > AHEAD:
        return []
    look, words = deadlines.describe(calendar, today, figures.term_ends)
    return [(figures.term_ends, f"还有 {figures.unchecked} 个班本学期没有核查学籍", look, words, class_checks.ARTICLE)]


def own_class(person):
    """(id, title, headcount) of a class teacher's class; None when he has none."""
    row = db.session.execute(
        visible_classes(person).with_only_columns(Class.id, Class.number, Class.name, Class.headcount, Grade.stage, Grade.advanced_to, Grade.length)
        .join(Grade, Grade.id == Class.grade_id).order_by(Class.id).limit(1)
    ).one_or_none()
    return row and (row.id, grades.class_title(row.stage, row.advanced_to, row.length, row.number, row.name), row.headcount)


def accounts_by_state() -> Counter:
    """How many accounts are open, sealed for want of use (N25 24), and how many of the open ones nobody has signed in with."""
    rows = db.session.execute(select(Account.state, Account.last_sign_in_at.is_(None).label("unused"), func.count().label("number"))
                              .group_by(Account.state, Account.last_sign_in_at.is_(None))).all()
    counted = Counter()
    for row in rows:
        counted[row.state] += row.number
        counted["unused"] += row.number if row.unused and row.state == "open" else 0
    return counted


def posts_to_confirm() -> int:
    return db.session.execute(select(func.count()).select_from(Post).where(Post.state == "proposed")).scalar_one()


def events_since(moment) -> int:
    """Acts of today, for the auditor; counted to 1,000."""
    recent = select(Event.id).where(Event.at >= moment).limit(1001).subquery()
    return db.session.execute(select(func.count()).select_from(recent)).scalar_one()
