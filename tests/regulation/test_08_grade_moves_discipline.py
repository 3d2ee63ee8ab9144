"""Section 8: skipping and repeating a grade, discipline."""

from datetime import date

import pytest

from app.workflow.grade_move_checks import Way
from tests.regulation.facts import EIGHTH, NATIONAL, NINTH, SENIOR, THIRD, Cohort, article, change, goal, level, profile

SECOND, FOURTH = Cohort("1", 2, 6, 2025), Cohort("1", 4, 6, 2023)
SEASON = date(2026, 9, 1)


def move(kind, rules=NATIONAL, today=SEASON, cohort=THIRD, to=None, way=None, headcount=40):
    return change(f"grade-{kind}", {"to_class": 1}, rules, today, cohort, goal=goal(to or (SECOND if kind == "repeat" else FOURTH), headcount), more={"way": way or Way()})


@pytest.mark.parametrize(("cohort", "special", "repeat", "skip"), [
    (THIRD, False, "block", "block"), (EIGHTH, False, "block", "block"), (SENIOR, False, "block", "block"), (THIRD, True, "pass", "block"),
], ids=["primary", "junior", "senior", "special education"])
def test_no_repeating_and_no_skipping_but_in_special_education(cohort, special, repeat, skip):
    assert level(move("repeat", cohort=cohort, way=Way(special=special)), "allowed") == repeat
    assert level(move("skip", cohort=cohort, way=Way(special=special)), "allowed") == skip


def test_hebei_cites_its_own_rules_and_another_province_may_open_it():
    assert article(move("repeat", profile("hebei")), "allowed") == "《河北省义务教育阶段学生学籍管理办法实施细则（试行）》"
    assert level(move("skip", profile(skip_primary="是")), "allowed") == "pass"


@pytest.mark.parametrize(("repeated", "told"), [(0, None), (1, "block")])
def test_special_education_repeats_at_most_one_grade(repeated, told):
    assert level(move("repeat", way=Way(special=True, repeated=repeated)), "repeated") == told


@pytest.mark.parametrize(("today", "told"), [(date(2026, 8, 9), "block"), (date(2026, 8, 10), "pass"), (date(2026, 9, 30), "pass"), (date(2026, 10, 1), "block")])
def test_it_takes_effect_at_the_start_of_a_school_year(today, told):
    assert level(move("repeat", today=today), "season") == told


@pytest.mark.parametrize(("joined", "told"), [(date(2026, 8, 9), None), (date(2026, 8, 10), "block"), (date(2026, 9, 1), "block")])
def test_transfer_and_resumption_are_not_used_to_repeat_in_disguise(joined, told):
    assert level(move("repeat", way=Way(joined_on=joined)), "disguise") == told


def test_whoever_has_the_junior_certificate_does_not_repeat():
    found = move("repeat", cohort=NINTH, to=EIGHTH, way=Way(graduated=True))
    assert (level(found, "certificate"), article(found, "certificate")) == ("block", "竹山县义务教育阶段电子学籍管理规定")


@pytest.mark.parametrize(("kind", "to", "told"), [
    ("repeat", SECOND, "pass"), ("repeat", Cohort("1", 1, 6, 2026), "block"), ("repeat", FOURTH, "block"), ("skip", FOURTH, "pass"), ("skip", Cohort("1", 5, 6, 2022), "block"),
])
def test_one_grade_and_inside_the_stage(kind, to, told):
    assert level(move(kind, to=to), "grade") == told


def test_a_full_class_takes_nobody_who_skips_or_repeats():
    assert level(move("repeat", headcount=45), "class_limit") == "block"
