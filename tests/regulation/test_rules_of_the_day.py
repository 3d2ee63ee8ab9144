"""A county picks another profile: what begins from that day on goes by it, what was begun before keeps the rules of its day (DECIDED 3)."""

import pytest

from app.extensions import db
from app.models import Student
from tests.office import case, row
from tests.pages import form_with
from tests.views.test_changes import ILL, fill

YEAR = ILL | {"until_on": "2027-09-07"}  # twelve months from 7 September


def hand_in(clerk, pupil, **answers):
    form = form_with(fill(clerk, "suspension", pupil, **answers).follow(), "truthful")
    form["truthful"] = True
    return form.submit().location


def decide(person, address, action, **words):
    form = form_with(person.get(address), "action")
    form["action"] = action
    for name, value in words.items():
        form[name] = value
    return form.submit().follow()


def take(officer, profile):
    form = form_with(officer.get("/policies/edit"), "class_limit_primary")
    form["profile"] = profile
    check = form_with(form.submit("take", value="profile"), "class_limit_primary").submit()
    return form_with(check, "class_limit_primary").submit().follow()


@pytest.fixture
def two(county):
    first = row(Student, Student.id == county.pupil("twin.1"))
    return first.id, county.pupil("twin.2")


def test_a_case_begun_before_keeps_its_rules_and_one_begun_today_has_the_new_ones(sign_in, two):
    before, today = two
    address = hand_in(sign_in("registrar.a1"), before, **YEAR)
    assert "已定下第 2 版规则" in take(sign_in("officer.a"), "zhushan").text

    clerk = sign_in("registrar.a1")
    check = fill(clerk, "suspension", today, **YEAR).follow()
    assert "从2026年9月7日起一次休学最长 3 个月，到2026年12月7日为止" in check.text and "竹山县义务教育阶段电子学籍管理规定" in check.text
    assert "truthful" not in check.text

    decide(sign_in("head.a1"), address, "return", reason="02", note="请附收费票据")
    clerk = sign_in("registrar.a1")
    shown = clerk.get(f"{address}/edit").forms["change"].submit().follow()
    assert "已补正并重新提交" in shown.text
    for who in ("head.a1", "officer.a"):
        shown = decide(sign_in(who), address, "approve")
    assert "已生效" in shown.html.select_one('[data-hook="state"]').text
    db.session.expire_all()
    assert (case(int(address.rsplit("/", 1)[1])).state, db.session.get_one(Student, before).status) == ("effective", "02")
