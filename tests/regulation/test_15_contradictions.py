"""Section 15: where the sources pull apart, and how it was settled."""

from datetime import date

from app.extensions import db
from app.services.administration import policies
from app.services.standing import dropout_lists
from tests.office import case
from tests.regulation.facts import NATIONAL, profile
from tests.transfer_office import ASKED, DEQING, Request, road

__all__ = ["road"]


def test_1_the_record_takes_two_months_and_one_where_the_province_kept_the_older_rule():
    assert (NATIONAL.text("record_within"), profile("shaanxi").text("record_within")) == ("2 个月", "1 个月")


def test_2_three_months_of_suspension_stand_in_the_profile_of_zhushan_only():
    longest = {key: profile(key).text("suspension_longest") for key in ("national2025", "hebei", "zhejiang", "shaanxi", "zhushan", "yuhong")}
    assert [key for key, text in longest.items() if text == "3 个月"] == ["zhushan"]
    assert set(longest.values()) == {"12 个月", "3 个月"}


def test_3_the_releasing_school_starts_only_where_a_profile_says_so():
    assert [key for key in ("national2025", "hebei", "zhejiang", "shaanxi", "zhushan", "yuhong") if profile(key).start_by == "from_school"] == ["zhushan", "yuhong"]


def test_4_leaving_the_city_is_a_line_of_the_old_report_and_never_a_dropout(road):
    """A pupil of a1 goes to a school outside the system: not on the list of dropouts, on a line of its own where the county keeps the line."""
    case_id = road.hand_in("a1", Request(asked=ASKED, student_id=road.county.pupil("twin.1"), outside=DEQING))
    road.go(case_id)
    clerk, county = road.county.actor("registrar.a1"), road.county.body("a")
    rules = policies.policy_for(db.session, county, road.today)
    when = dropout_lists.period(rules, road.today)
    assert (dropout_lists.listed(clerk, when), dropout_lists.left_elsewhere(clerk, when, rules)) == ([], [])

    policies.set_policy(county, "yuhong", {}, from_on=road.today, actor=road.county.actor("officer.a"), today=road.today, now=road.now)
    rules = policies.policy_for(db.session, county, road.today)
    assert dropout_lists.listed(clerk, when) == []
    assert [(one["name"], one["class_title"], one["state"], one["remark"], one["effective_on"], one["number"]) for one in dropout_lists.left_elsewhere(clerk, when, rules)] == [
        ("庹思远", "二年级1班", "转至市外", "转出至德清县舞阳小学", road.today, case(case_id).number)]
    assert dropout_lists.left_elsewhere(road.county.actor("registrar.b1"), when, rules) == []
    assert dropout_lists.left_elsewhere(clerk, dropout_lists.period(rules, date(2026, 10, 20)), rules) == []


def test_8_the_county_approves_a_graduation_because_of_the_stamp():
    assert (NATIONAL.graduation_approval_compulsory, NATIONAL.certificate_stamp) == (True, True)
