"""What the nightly check puts in question, and what it lets be."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Body, Event, ProblemRecord, Student
from app.services.administration import nightly
from app.services.problem_records import problem_finds, problems
from app.services.standing import absences, changes
from tests.office import row
from tests.services.test_merges import Two, bare
from tests.services.test_status_changes import ILL, NOW
from tests.transfer_office import change

LATER = datetime(2026, 10, 20, 3, 0)


@pytest.fixture
def two(county, today):
    return Two(county, today)


def look(now=NOW):
    return problem_finds.look(now=now)


def found():
    """[(whose, kind, how, state, whether it has another side)]"""
    return [(one.student_id, one.kind, one.found_by, one.state, one.pair_id is not None) for one in db.session.scalars(
        select(ProblemRecord).order_by(ProblemRecord.kind, ProblemRecord.student_id).execution_options(populate_existing=True))]


def test_a_register_in_order_shows_nothing(county):
    assert (look(), look(LATER), found()) == (0, 0, [])


@pytest.mark.parametrize("school", ["a3", "b1"])
def test_one_child_twice_without_a_number_is_found_once(two, school):
    two.at(school)
    both = sorted((two.kept, two.other))
    assert (look(), look()) == (1, 0)
    assert found() == [(one, "05", "check", "open", True) for one in both]
    marked = db.session.execute(select(Event.chain_id, Event.actor_name).where(Event.name == "problem.marked")).all()
    assert {tuple(one) for one in marked} == {(row(Student, Student.id == one).county_id, "系统") for one in both}
    officer = two.county.actor("officer.a")
    mine = row(ProblemRecord, ProblemRecord.student_id == two.kept)
    problems.close(mine.id, "91", "是堂兄弟，不是同一人", version=1, actor=officer, now=NOW)
    assert look() == 0  # the other side still stands open
    theirs = row(ProblemRecord, ProblemRecord.student_id == two.other)
    problems.close(theirs.id, "91", "是堂兄弟，不是同一人", version=1, actor=two.county.actor("officer.b" if school == "b1" else "officer.a"), now=NOW)
    assert look(LATER) == 0  # settled is settled


def test_two_with_numbers_of_their_own_are_two_persons(two):
    two.at(numbered=True)
    assert look() == 0


def test_who_left_is_no_second_record(two):
    two.at()
    change(Student, two.other, lifecycle="left", status="10")
    assert look() == 0


def test_a_number_that_is_registered_as_anothers_is_found(two):
    two.at(numbered=True)
    kept = row(Student, Student.id == two.kept)
    change(Student, two.other, name="余思远", id_doc_no_index=kept.id_doc_no_index)
    assert (look(), look()) == (1, 0)
    assert found() == [(one, "01", "check", "open", True) for one in sorted((two.kept, two.other))]


def test_three_are_found_two_at_a_time(two):
    two.at()
    second = two.other
    two.at("a1")
    bare(two.kept)
    assert two.other != second and look() == 1 and len(found()) == 2 and look() == 0


@pytest.fixture
def away(county, today):
    pupil = db.session.scalars(select(Student.id).where(Student.class_id == county.class_("a1"), Student.status == "01").order_by(Student.id)).first()
    absences.note(pupil, date(2026, 9, 7), "", actor=county.actor("teacher.a1"), today=today, now=NOW)
    return pupil


def nights(first, last):
    """{day: how many were found in its night}, where any were."""
    day, told = first, {}
    while day <= last:
        if number := look(datetime(day.year, day.month, day.day, 3)):
            told[day] = number
        day += timedelta(days=1)
    return told


def test_a_pupil_on_the_roll_who_stays_away_is_found_after_the_twentieth_school_day(away):
    told = nights(date(2026, 9, 25), date(2026, 10, 25))
    assert list(told.values()) == [1] and found() == [(away, "11", "check", "open", False)]
    (day,) = told
    assert day == date(2026, 10, 10)  # the twentieth was 9 October, the holiday left out and one Sunday made up
    one = row(ProblemRecord, ProblemRecord.student_id == away)
    assert one.explanation == "本系统核对：从2026年9月7日起缺课，已满 20 个上课日，仍在册，没有办理辍学、转学等业务"


def test_settled_it_is_not_found_again_for_the_same_absence(county, away):
    assert look(LATER) == 1
    one = row(ProblemRecord, ProblemRecord.student_id == away)
    problems.close(one.id, "2", "已送返学校", version=1, actor=county.actor("officer.a"), now=LATER)
    assert look(LATER + timedelta(days=1)) == 0


def test_for_whom_something_is_under_way_nothing_is_found(county, away, today):
    changes.apply("suspension", away, changes.Asked(ILL, ("application",)), actor=county.actor("registrar.a1"), today=today, now=NOW)
    assert look(LATER) == 0


def test_it_is_one_of_the_chores_of_the_night(two):
    two.at()
    assert nightly.run(now=NOW) == []
    assert len(found()) == 2 and db.session.scalars(select(Body.key).join(ProblemRecord, ProblemRecord.school_id == Body.id).order_by(Body.key)).all() == ["a1", "a3"]
