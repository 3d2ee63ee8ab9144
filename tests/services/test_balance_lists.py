"""学生变动平衡表: the month of a school by grade and of a county by school, the year with its rate of dropouts."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Student
from app.services.casework import reversals
from app.services.standing import balance_lists
from app.services.standing.balance_lists import month, school_year
from tests.services import test_dropouts
from tests.services.test_status_changes import ILL, NOW, School

OCTOBER = date(2026, 10, 12)


@pytest.fixture
def school(county, today):
    return School(county, today)


def sheet(county, who, period, school=None):
    return balance_lists.sheet(county.actor(who), period, school)


def told(line):
    return line.before, dict(line.moves), line.after


def reading(county):
    return db.session.execute(select(func.count()).where(Student.school_id == county.body("a1"), Student.status == "01", Student.lifecycle == "live")).scalar_one()


def line_of(found, title):
    return next(one for one in found.lines if one.title == title)


@pytest.mark.parametrize(("day", "back", "key", "first", "last"), [
    (date(2026, 9, 11), 0, "2026-09", date(2026, 9, 1), date(2026, 9, 30)), (date(2026, 1, 31), 1, "2025-12", date(2025, 12, 1), date(2025, 12, 31)),
    (date(2028, 3, 31), 1, "2028-02", date(2028, 2, 1), date(2028, 2, 29)),
])
def test_a_month_has_all_its_days(day, back, key, first, last):
    assert (month(day, back).key, month(day, back).first, month(day, back).last) == (key, first, last)


@pytest.mark.parametrize(("day", "key"), [(date(2026, 8, 31), "2025"), (date(2026, 9, 1), "2026")])
def test_a_school_year_begins_in_september(day, key):
    assert (school_year(day).key, school_year(day).first, school_year(day).last) == (key, date(int(key), 9, 1), date(int(key) + 1, 8, 31))


def test_a_suspension_is_taken_off_in_its_month_and_the_next_begins_without_it(county, today, school):
    before = reading(county)
    school.through("suspension", ILL)

    found = sheet(county, "registrar.a1", month(today))
    assert told(found.total) == (before, {"23": -1}, before - 1)
    grade = next(one for one in found.lines if one.title.startswith("二年级"))
    assert (grade.moves, grade.before - grade.after) == ({"23": -1}, 1)
    assert told(sheet(county, "registrar.a1", month(OCTOBER)).total) == (before - 1, {}, before - 1)
    assert told(sheet(county, "registrar.a1", month(today, 1)).total) == (before, {}, before)


def test_what_is_undone_later_leaves_the_reported_month_as_it_was(county, today, school):
    before = reading(county)
    case_id = school.through("suspension", ILL)
    reversals.reverse(case_id, "录错学生", actor=county.actor("officer.a"), today=OCTOBER, now=NOW)

    assert told(sheet(county, "registrar.a1", month(today)).total) == (before, {"23": -1}, before - 1)
    assert told(sheet(county, "registrar.a1", month(OCTOBER)).total) == (before - 1, {"98": 1}, before)


def test_a_county_reads_its_schools_and_one_of_them_by_grade(county, today, school):
    school.through("suspension", ILL)

    found = sheet(county, "officer.a", month(today))
    mine = line_of(found, "竹山县堵河路小学")
    assert (mine.before, mine.less, mine.after) == (reading(county) + 1, 1, reading(county))
    assert [one.before + one.more - one.less - one.after for one in (*found.lines, found.total)] == [0] * (len(found.lines) + 1)
    assert told(sheet(county, "officer.a", month(today), county.body("a1")).total) == told(sheet(county, "registrar.a1", month(today)).total)
    assert sheet(county, "officer.b", month(today)).total.less == 0


def test_the_rate_of_a_year_counts_dropouts_that_stand_and_the_roll_it_began_with(county, today, school):
    before = reading(county)
    case_id = test_dropouts.reported(school)

    found = sheet(county, "registrar.a1", school_year(today))
    assert (found.total.before, found.total.dropouts, found.total.rate) == (before, 1, f"{1 / before:.2%}")
    reversals.reverse(case_id, "报错学生", actor=county.actor("officer.a"), today=test_dropouts.TWENTIETH, now=NOW)
    assert (sheet(county, "registrar.a1", school_year(today)).total.dropouts, sheet(county, "registrar.a1", school_year(today)).total.after) == (0, before)


def test_the_workbook_has_a_line_for_each_grade_and_the_sum(county, today, school):
    school.through("suspension", ILL)
    book = openpyxl.load_workbook(io.BytesIO(balance_lists.export(month(today), actor=county.actor("registrar.a1"))))
    lines = list(book.active.iter_rows(values_only=True))
    assert lines[0] == ("年级", "期初", "增：招生", "增：复学", "增：转入", "增加合计", "减：休学", "减：死亡", "减：转出", "减：辍学", "减少合计", "期末")
    total = lines[-1]
    assert (total[0], total[1], total[5], total[6], total[10], total[11]) == ("合计", reading(county) + 1, 0, 1, 1, reading(county))
