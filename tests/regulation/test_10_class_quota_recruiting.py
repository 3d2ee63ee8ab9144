"""Section 10: class size, quota, cross-region recruiting, borrowing."""

import pytest

from app.services.schools import classes
from app.workflow.checks import limit_setting
from tests.regulation.facts import NATIONAL, article, change, enrolment, level, profile


@pytest.mark.parametrize(("stage", "headcount", "told"), [("1", 44, "pass"), ("1", 45, "block"), ("2", 49, "pass"), ("2", 50, "block"), ("3", 49, "pass"), ("3", 50, "block")])
def test_a_class_holds_45_in_primary_50_in_junior_and_senior_schools(stage, headcount, told):
    found = enrolment(stage=stage, headcount=headcount, limit=NATIONAL[limit_setting(stage)])
    assert level(found, "class_limit") == told
    assert article(found, "class_limit") == NATIONAL.article(limit_setting(stage))


def test_hebei_limits_by_its_own_rules():
    hebei = profile("hebei")
    assert (hebei.class_limit_primary, hebei.class_limit_junior, hebei.sure("class_limit_junior")) == (45, 50, "full")


@pytest.mark.parametrize(("headcount", "band"), [(55, ""), (56, "大班额"), (65, "大班额"), (66, "超大班额")])
def test_from_56_it_is_large_from_66_huge(headcount, band):
    assert classes.band(NATIONAL, headcount) == band


def test_a_long_borrower_should_be_transferred():
    found = change("kind-change", {"student_kind": "借读生"}, more={"record": {"student_kind": "普通", "inclusive_class": "0"}})
    assert (level(found, "kind"), level(found, "borrowing")) == ("pass", "warn")
