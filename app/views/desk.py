"""工作台: what waits for the person in the post in use, what goes on, and the few figures of that desk. At most ten queries, two more where pupils stay
away without leave, one where classes are over their limit, one where a list waits to be taken in, two where an instruction waits to be drawn."""

from flask import Blueprint, g
from flask_login import current_user

from .. import clock
from ..extensions import db
from ..forms.base import Plain
from ..identity import grades
from ..permissions import ADMINISTRATORS, DUTIES, may
from ..services.administration import calendars, policies
from ..services.casework import case_pages, desk, inbox, reminders, tasks
from ..services.pupils import suggestions
from ..services.pupils.listing import class_of
from ..services.schools import class_checks, crowding, drawing
from ..services.standing import absence_pages
from ..workflow.flows import FLOWS
from .shared import needs, page

bp = Blueprint("desk", __name__)

SHOWN = 30  # rows of 待办 and of 缺课待办 on the desk; the rest stands on the pages after
WEEKDAYS = "一二三四五六日"


@bp.get("/")
@needs("desk.see")
def home():
    if current_user.duty in ADMINISTRATORS or not current_user.duty:
        return page("desk/administrator.html", waiting=_of_administrator())
    return _of_cases() if may(current_user, "case.see") else _of_class_teacher()


def _of_cases():
    """The desk of who applies or decides, a value for each of its panels in their order."""
    today, calendar = clock.today(), calendars.calendar(db.session)
    todo, waiting = _todo()
    policy = policies.policy_at(db.session, current_user, today)
    year = clock.school_year(today)
    starts = may(current_user, "case.start")
    decides = may(current_user, "case.decide") and not starts  # who applies decides only of what other schools ask; the desk is the applicant's
    figures, plans = desk.figures(current_user, policy, today), desk.plans(current_user, year)
    return page(
        "desk/desk.html",
        weekday=_weekday(), school_year=f"{year}—{year + 1} 学年", starts=starts, decides=decides,
        figures=figures, planned=sum(plan.planned for plan in plans), used=sum(plan.used for plan in plans),
        of_problems=reminders.of_problems(figures.problems_due, policy, calendar, today),
        todo=todo, waiting=waiting, more=waiting > len(todo),
        absent=absence_pages.due(current_user, policy, calendar, today) if figures.absent and may(current_user, "absence.write") else [], shown=SHOWN,
        panels=tasks.panels(current_user, policy, calendar, today), start=0, plain=Plain(formdata=None),
        groups=inbox.groups(current_user) if waiting > 1 else [], class_of=class_of,
        overdue=inbox.overdue(current_user, today),
        mine=inbox.mine(current_user) if starts else [],
        done=inbox.done(current_user),
        workbooks=desk.workbooks(current_user) if figures.workbooks else [],
        reminders=_days(policy, calendar, today, figures),
        crowded=crowding.most_crowded(current_user, policy) if figures.crowded else [],
        draw_by=drawing.draw_by(current_user, calendar, today) if figures.to_draw and starts else None,
        plans=plans, stages=grades.STAGES,
        flows=FLOWS, duties=DUTIES, state_of=case_pages.state_of, due_of=case_pages.due_of(today, calendar),
    )


def _of_class_teacher():
    today = clock.today()
    return page(
        "desk/teacher.html", weekday=_weekday(), own=desk.own_class(current_user), check=_own_check(today), absent=_absent_from_class(today), shown=SHOWN,
        suggested=suggestions.latest(current_user), suggestion_states=suggestions.STATES, suggestion_title=suggestions.title,
    )


def _todo():
    """The rows, and how many wait in all; the menu's count is the same one."""
    rows = inbox.todo(current_user, limit=SHOWN)
    g.waiting = rows[0].waiting if rows else 0
    return rows, g.waiting


def _days(policy, calendar, today, figures):
    """日程与提醒, the nearest day first."""
    return sorted([
        *desk.days_to_remember(policy, calendar, today, year=today.year, tier=current_user.tier),
        *desk.poverty_review(policy, calendar, today, figures.to_review),
        *desk.classes_to_check(figures, calendar, today),
        *(desk.monthly_list(policy, calendar, today) if may(current_user, "absence.list") else []),
    ])


def _absent_from_class(today):
    """What a class teacher has to do about absences without leave."""
    return absence_pages.due(current_user, policies.policy_for(db.session, current_user.county_id, today), calendars.calendar(db.session), today)


def _own_check(today):
    """(the term's last day, the last check of her own class in it or None); None in the holidays or without a class."""
    term = class_checks.term_of(db.session, current_user.county_id, today) if current_user.class_id else None
    return term and (term.ends_on, class_checks.latest([current_user.class_id], term).get(current_user.class_id))


def _weekday():
    return f"星期{WEEKDAYS[clock.today().weekday()]}"


def _of_administrator():
    """(label, number, address): what waits for one of the three, and what they keep."""
    match current_user.duty:
        case "sysadmin":
            accounts = desk.accounts_by_state()
            return [("启用的账号", accounts["open"], "/accounts"), ("其中没有登录过", accounts["unused"], ""), ("半年未用、已封存", accounts["sealed"], "/accounts?state=sealed")]
        case "security_admin":
            return [("岗位待确认", desk.posts_to_confirm(), "/posts")]
        case "auditor":
            return [("今天的留痕", desk.events_since(clock.now().replace(hour=0, minute=0, second=0, microsecond=0)), "/audit")]
    return []
