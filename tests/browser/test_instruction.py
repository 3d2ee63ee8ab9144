"""允许转学指令 and 代办 in the browser: an instruction drawn on a phone, one taken back, an overdue desk decided for by the tier above, an office elsewhere answered for."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.extensions import db
from app.models import Student
from app.services.transfer.transfers import Request
from tests.office import case
from tests.transfer_office import ASKED, DEQING, from_elsewhere, road, set_rule

from .hand import tab_to
from .pages import PHONE, faults

__all__ = ["road"]


@pytest.fixture
def child(county):
    return db.session.execute(select(Student.id, Student.name).where(Student.id == county.pupil("twin.1"))).one()


@pytest.fixture
def instructed(road):
    """The pupil's county has let her go by an instruction; the new school may draw her."""
    set_rule(road.county.body("a"), '{"release_instruction": "是"}')
    case_id = road.apply("b1")
    road.go(case_id, until="draw")
    return case_id


def test_an_instruction_is_drawn_on_a_phone_by_the_keyboard_alone(app, at, instructed, child):
    page = at("registrar.b1", **PHONE)
    page.goto("/")
    tab_to(page, text=child.name)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    expect(page.locator("[data-hook=state]")).to_have_text("待转入学校调档")
    expect(page.locator(".lead")).to_contain_text("还剩 90 天")
    assert faults(page) == []
    tab_to(page, name="action")  # the one thing to do is chosen already
    tab_to(page, text="提交核办意见")
    page.keyboard.press("Enter")
    expect(page.locator("[data-hook=flash]")).to_have_text(f"办成：{child.name}，转学：转入（调档），立即生效")
    expect(page.locator("[data-hook=state]")).to_have_text("已生效")


def test_an_instruction_is_taken_back_without_script(app, at, instructed, child):
    page = at("officer.a", script=False)
    page.goto(f"/cases/{instructed}")
    page.get_by_role("link", name="收回允许转学指令").click()
    page.get_by_label("理由").select_option(index=1)
    page.get_by_label("说明").fill("家长来函，不再转学")
    page.get_by_role("button", name="收回指令").click()
    expect(page.locator("[data-hook=state]")).to_have_text("不予办理")
    expect(page.locator("#papers")).to_contain_text("已作废")
    assert case(instructed).state == "rejected"


def test_an_overdue_desk_is_decided_for_by_the_tier_above(app, at, road, child, monkeypatch):
    case_id = road.apply("b1")
    monkeypatch.setenv("DEMO_TODAY", "2026-09-28")  # the eleventh working day
    page = at("officer.b")
    page.goto("/")
    page.locator("#late").get_by_role("link", name=child.name).click()
    expect(page.locator("#decision-h")).to_have_text("代办意见")
    assert faults(page) == []
    page.get_by_label("同意", exact=True).check()
    page.get_by_role("button", name="提交核办意见").click()
    expect(page.locator("[data-hook=error-summary]")).to_contain_text("代办须说明理由：原办理单位已超期")
    page.locator("[name=note]").fill("学校逾期未办，家长来访")
    page.get_by_role("button", name="提交核办意见").click()
    expect(page.locator("[data-hook=timeline-item]").first).to_contain_text("原办理单位超期，由上级代办")
    assert case(case_id).step == "to_county"


def test_what_an_office_elsewhere_has_answered_is_recorded(app, at, road):
    case_id = road.hand_in("a1", Request(asked=ASKED, record=from_elsewhere(), class_id=road.county.class_("a1", year=2), outside=DEQING))
    road.go(case_id, until="far")
    page = at("officer.a")
    page.goto(f"/cases/{case_id}")
    page.get_by_label("对方同意", exact=True).check()
    page.get_by_label("对方答复日期").fill("2026年9月11日")
    page.get_by_label("答复文书").fill("德清县教育局复函 德教函〔2026〕12号")
    assert faults(page) == []
    page.get_by_role("button", name="提交核办意见").click()
    expect(page.locator("[data-hook=timeline-item]").first).to_contain_text("2026年9月11日答复：德清县教育局复函 德教函〔2026〕12号")
    assert case(case_id).state == "effective"
