"""学生变动平衡表: the roll of a school before, with what was added and taken off, is its roll after, whatever was done."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Movement, Student
from app.services.casework import reversals
from app.services.intake import enrolments
from app.services.schools import class_moves
from tests.cast import new_pupil
from tests.office import case, row
from tests.services.test_status_changes import ILL, NOW, School
from tests.transfer_office import Road


def roll():
    """{school: pupils who read there}"""
    return dict(db.session.execute(select(Student.school_id, func.count()).where(Student.status == "01", Student.lifecycle == "live").group_by(Student.school_id)).all())


def moved():
    return dict(db.session.execute(select(Movement.school_id, func.sum(Movement.number)).group_by(Movement.school_id)).all())


@pytest.fixture
def before(county):
    return roll()


def balances(before):
    after, lines = roll(), moved()
    assert {school: number + int(lines.get(school, 0)) for school, number in before.items()} == after


def test_what_comes_and_goes_adds_up(county, today, now, before):
    school, road = School(county, today), Road(county, today, now)
    one, other = county.class_("a1", year=3, number=1), county.class_("a1", year=3, number=2)
    pupil = db.session.execute(select(Student.id).where(Student.class_id == one, Student.status == "01").limit(1)).scalar_one()
    class_moves.move(one, [pupil], other, actor=county.actor("registrar.a1"), today=today, now=now)
    balances(before)
    enrolled = enrolments.apply(new_pupil(5), county.class_("a1", year=1, number=1), actor=county.actor("registrar.a1"), today=today, now=now)
    for _ in range(2):
        school.act(enrolled)
    balances(before)
    gone = road.apply("b1")
    road.go(gone)
    assert case(gone).state == "effective"
    balances(before)
    reversals.reverse(gone, "转错学生", actor=county.actor("officer.a"), today=today, now=now)
    balances(before)
    school.through("suspension", ILL)
    balances(before)
    back = school.through("resumption", {"to_class": row(Student, Student.id == county.pupil("twin.1")).class_id, "effective_on": date(2026, 9, 30)},
                          evidence=("application", "recovery"), today=date(2026, 9, 30))
    reversals.reverse(back, "误办", actor=county.actor("officer.a"), today=date(2026, 9, 30), now=NOW)
    school.through("death", {"effective_on": date(2026, 9, 30), "reason": "41"}, evidence=("proof",), today=date(2026, 9, 30))
    balances(before)
