"""The desk is reminded of suspensions that end, each on its day."""

from datetime import date

import pytest
from sqlalchemy import update

from app.extensions import db
from app.models import Absence
from app.services import policies, reminders, tasks
from tests.services.test_status_changes import ILL, School

UNTIL = date(2026, 12, 10)


@pytest.fixture
def school(county, today):
    school = School(county, today)
    school.through("suspension", ILL | {"until_on": UNTIL})
    return school


def told(school, today, who="registrar.a1"):
    rules = policies.policy_for(db.session, school.county.body("a"), today)
    rows = [row for row in tasks.waiting(school.county.actor(who), rules, today) if row.kind == "suspension" and row.due_on == UNTIL]
    return [(one.look, one.words, one.kind) for one in (reminders.read(row, rules, today) for row in rows)]


@pytest.mark.parametrize(("today", "reminder"), [
    (date(2026, 11, 9), None),
    (date(2026, 11, 10), ("", "2026年12月10日期满，还有 30 天：请通知监护人办理复学或续休", "resumption")),
    (date(2026, 12, 2), ("", "2026年12月10日期满，还有 8 天：请通知监护人办理复学或续休", "resumption")),
    (date(2026, 12, 3), ("soon", "2026年12月10日期满，还有 7 天：请通知监护人办理复学或续休", "resumption")),
    (UNTIL, ("soon", "2026年12月10日期满：请通知监护人复学", "resumption")),
    (date(2026, 12, 24), ("late", "2026年12月10日期满已过 14 天：请通知监护人复学", "resumption")),
    (date(2026, 12, 25), ("late", "2026年12月10日期满已过 15 天未复学：请劝返，劝返无效的报告辍学（《江苏省中小学生学籍管理规定》（2023年））", "dropout")),
])
def test_a_suspension_reminds_on_its_days(school, today, reminder):
    assert told(school, today) == ([reminder] if reminder else [])


def test_who_came_back_reminds_nobody(school):
    db.session.execute(update(Absence).values(state="ended", ended_on=date(2026, 11, 1)))
    assert told(school, date(2026, 12, 1)) == []


def test_another_school_reads_nothing(school):
    assert told(school, date(2026, 12, 1), "registrar.b1") == []
