"""An act begins while another is under way that takes its ground away: the calendar is changed, the school is closed. Each is held at its last step
until the other has begun."""

import threading
from dataclasses import replace
from datetime import date

import pytest

from app.errors import Refusal, Refusals
from app.models import Body, Case, Student
from app.services.administration import calendars, organisations
from app.services.administration.calendars import DayEdit
from app.services.casework import drafts
from app.services.schools import classes, quotas
from tests.cast import new_pupil
from tests.office import Office, a, at_once, case, count, row

__all__ = ["a"]
A_WHILE = 0.7  # seconds: what does not wait for the other is long over


@pytest.fixture
def held_up(monkeypatch):
    """`held_up(module, name)`: whoever comes to this function stays there a while; returns what others wait for before they begin."""
    def hold(module, name):
        there, go_on = threading.Event(), getattr(module, name)

        def slowly(*args, **kwargs):
            there.set()
            threading.Event().wait(A_WHILE)
            return go_on(*args, **kwargs)

        monkeypatch.setattr(module, name, slowly)
        return lambda act: lambda: there.wait(20) and act()

    return hold


def test_a_case_begun_while_the_calendar_is_changed_moves_with_the_others(app, a, held_up):
    sysadmin = a.county.actor("sysadmin")
    edit = [DayEdit(date(2026, 9, 15), False, "校庆")]
    afterwards = held_up(drafts, "drop")  # the last step of handing in

    case_id, moved = at_once(app, [
        lambda: a.apply(new_pupil(1)), afterwards(lambda: calendars.change_days(edit, version=1, actor=sysadmin, now=a.now)),
    ])

    assert moved == 1 + count(Case, Case.state == "open", Case.id != case_id, Case.calendar_version == 2)
    assert (case(case_id).due_on, case(case_id).calendar_version) == (date(2026, 9, 28), 2)


def test_a_case_begun_after_the_calendar_was_changed_counts_with_the_new_one(app, a, held_up):
    sysadmin = a.county.actor("sysadmin")
    afterwards = held_up(calendars, "_tell")

    _, case_id = at_once(app, [
        lambda: calendars.change_days([DayEdit(date(2026, 9, 15), False, "校庆")], version=1, actor=sysadmin, now=a.now), afterwards(lambda: a.apply(new_pupil(1))),
    ])

    assert (case(case_id).due_on, case(case_id).calendar_version) == (date(2026, 9, 28), 2)


@pytest.fixture
def empty_school(a):
    """A school that has just been founded, a first grade of one class and nobody in it; (its office, how it is closed)."""
    county, sysadmin = a.county.body("a"), a.county.actor("sysadmin")
    school = organisations.create({
        "tier": "school", "name": "竹山县新桥小学", "school_code": "2142900199", "local_code": "100199", "school_type": "211", "stages": "1", "years_system": "63",
        "managed_by_id": county, "located_in_id": county,
    }, actor=sysadmin)
    office = Office(a.county, a.today, a.now)
    office.registrar = replace(a.registrar, body_id=school, school_id=school, body_name="竹山县新桥小学")
    grade = classes.open_grade(school, "1", 2026, school_year=2026, actor=office.registrar)
    office.class_id = classes.create(grade, established_on=a.today, actor=office.registrar, today=a.today)
    quotas.plan(school, "1", 2026, 40, reason="新建", version=0, actor=a.officer)
    return office, lambda: organisations.close(school, reason="撤并", version=row(Body, Body.id == school).version, actor=sysadmin)


def school_of(office):
    school = office.registrar.school_id
    return row(Body, Body.id == school).state, count(Student, Student.school_id == school), count(Case, Case.school_id == school)


def test_a_school_at_which_a_pupil_is_being_entered_is_not_closed(app, empty_school, held_up):
    office, close = empty_school
    afterwards = held_up(drafts, "drop")
    case_id, refused = at_once(app, [lambda: office.apply(new_pupil(1)), afterwards(close)])
    assert isinstance(case_id, int)
    assert isinstance(refused, Refusals) and str(refused).startswith("竹山县新桥小学还有 1 名学生在籍或正在登记，不能撤销。")
    assert school_of(office) == ("open", 1, 1)


def test_nobody_is_entered_at_a_school_that_is_being_closed(app, empty_school, held_up):
    office, close = empty_school
    afterwards = held_up(organisations, "_set_state")
    _, refused = at_once(app, [close, afterwards(lambda: office.apply(new_pupil(1)))])
    assert isinstance(refused, Refusal) and str(refused) == "竹山县新桥小学刚被撤销，不能再为它办理业务，这次没有写入。请向主管教育局核实。"
    assert school_of(office) == ("closed", 0, 0)
