"""Facts for the checks, right in everything; a test says what is otherwise. Pure: no house is opened for them."""

from datetime import date

from app.policies.calendar import WorkCalendar, seed, seeded_until
from app.policies.profiles import make_policy
from app.workflow import change_checks, checks, transfer_checks
from app.workflow.change_checks import ChangeFacts
from app.workflow.changes import STATUS_CHANGES
from app.workflow.transfer_checks import Cohort, Goal
from tests.cast import new_pupil

NATIONAL = make_policy()
CALENDAR = WorkCalendar({day: working for day, working, _ in seed({2025, 2026})}, last_certain=seeded_until(), version=1)
TERMS = ((date(2026, 2, 24), date(2026, 7, 3)), (date(2026, 9, 1), date(2027, 1, 22)), (date(2027, 2, 22), date(2027, 7, 2)))
FIRST, THIRD, SIXTH = Cohort("1", 1, 6, 2026), Cohort("1", 3, 6, 2024), Cohort("1", 6, 6, 2021)
SEVENTH, EIGHTH, NINTH = Cohort("2", 1, 3, 2026), Cohort("2", 2, 3, 2025), Cohort("2", 3, 3, 2024)
SENIOR = Cohort("3", 1, 3, 2026)


def profile(key="national2025", **edits):
    return make_policy(key, edits)


def goal(cohort=THIRD, headcount=40, limit=45, kind="ordinary"):
    return Goal(f"{cohort.title}2班", cohort, headcount, limit, kind)


def enrolment(rules=NATIONAL, record=(), **changes):
    record = new_pupil(1) | dict(record)
    given = {
        "record": record, "guardians": record["guardians"], "policy": rules, "stage": "1", "year": 2026, "today": date(2026, 9, 11), "class_title": "一年级2班",
        "headcount": 40, "limit": 45, "planned": 225, "used": 200,
    }
    return checks.enrolment(checks.EnrolmentFacts(**given | changes))


def transfer(rules=NATIONAL, today=date(2026, 10, 12), cohort=THIRD, **changes):
    given = {"own": rules, "calendar": CALENDAR, "terms": TERMS, "goal": goal(cohort), "first_term_ends": date(2027, 1, 22)}
    return transfer_checks.transfer(transfer_checks.TransferFacts(today=today, rules=rules, cohort=cohort, **given | changes))


def change(kind, answers=(), rules=NATIONAL, today=date(2026, 10, 12), cohort=THIRD, status="01", **more):
    given = {"calendar": CALENDAR, "terms": TERMS, "status_title": "在读", "birth_date": date(2018, 3, 1), "came_on": date(2024, 9, 1)}
    return change_checks.check(ChangeFacts(
        change=STATUS_CHANGES[kind], answers={"guardian": "父亲", "explanation": "情况说明"} | dict(answers), today=today, rules=rules, cohort=cohort, status=status, **given | more))


def level(found, check):
    """pass, warn or block of one check, the hardest where it says several things; nothing where it says nothing."""
    return max((one.level for one in found if one.check == check), key=("pass", "warn", "block").index, default=None)


def article(found, check):
    return next(one.article for one in found if one.check == check)


def cure(found, check):
    return next(one.cure for one in found if one.check == check and one.level != "pass")
