"""省内跨县转学 in the browser as six people: once by the keyboard alone, once without script; at its end the certificate in hand is checked."""

import re
import subprocess

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.demo.cast import PASSWORD
from app.extensions import db
from app.models import Student

from .hand import fill_by_tab, tab_to
from .house import SCAN

ASKED = {"reason": "02 家庭住址迁移", "guardian": "庹建国", "guardian_relation": "父亲", "guardian_phone": "13871990815"}
SIX = {
    "head.b1": "同意", "officer.b": "同意", "registrar.a1": "情况属实，同意转出", "head.a1": "同意", "officer.a": "同意",
}


@pytest.fixture
def child(county):
    return db.session.execute(select(Student.id, Student.name, Student.birth_date).where(Student.id == county.pupil("twin.1"))).one()


def by_keys(at, username):
    """Signed in without a mouse."""
    page = at()
    page.goto("/login")
    assert fill_by_tab(page, {"username": username, "password": PASSWORD}, "登录") == {}
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def class_choice(page):
    return page.locator("select[name=to_class] option").nth(1).text_content()


def certificate(page, tmp_path, link):
    """What the printed paper says: its text as a reader copies it."""
    with page.expect_download() as coming:
        link()
    path = tmp_path / "转学证明.pdf"
    coming.value.save_as(path)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


def verified(page, text, name, number, type_code):
    """The code on the paper, typed by a stranger."""
    type_code(re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text).group())
    told = page.locator("[data-hook=verify-result]").text_content()
    assert number in told and "有效" in told and name not in told and name[0] in told


def test_six_people_by_the_keyboard_alone(app, at, child, tmp_path, shot):
    page = by_keys(at, "registrar.b1")
    tab_to(page, text="转学申请")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/new/transfer")
    assert fill_by_tab(page, {"name": child.name, "birth_date": f"{child.birth_date:%Y-%m-%d}"}, "查找学生") == {}
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/cases/new/transfer/[^/]+$"))
    shot(page, "form")
    assert fill_by_tab(page, ASKED | {"to_class": class_choice(page)}, "上传材料") == {}
    tab_to(page, text="核对并提交")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")
    shot(page, "check")
    tab_to(page, name="truthful")
    page.keyboard.press("Space")
    tab_to(page, text="提交转学申请")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accepted")
    assert page.locator("h1").text_content() == f"{child.name}的转学申请已受理"
    shot(page, "accepted")

    for username, opinion in SIX.items():
        person = by_keys(at, username)
        tab_to(person, text=child.name)
        shot(person, f"desk-{username}")
        person.keyboard.press("Enter")
        person.wait_for_url(re.compile(r"/cases/\d+$"))
        tab_to(person, name="action")
        person.keyboard.press("Space")
        assert person.locator("[name=action]:checked").evaluate("one => one.labels[0].textContent.trim()") == opinion
        shot(person, f"case-{username}")
        tab_to(person, text="提交核办意见")
        person.keyboard.press("Enter")
        expect(person.locator("[data-hook=flash]")).to_have_text(f"办成：{child.name}，转学：{opinion}")
    expect(person.locator("[data-hook=state]")).to_have_text("已生效")
    shot(person, "effective")

    number = person.locator("[data-hook=certificate-no]").text_content()

    def press():
        tab_to(person, text="打印转学证明")
        person.keyboard.press("Enter")

    text = certificate(person, tmp_path, press)
    assert number in text and child.name in text
    stranger = at()
    stranger.goto("/login")
    tab_to(stranger, text="证明核验")
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/verify")

    def type_code(code):
        assert fill_by_tab(stranger, {"code": code}, "核验") == {}
        stranger.keyboard.press("Enter")
        stranger.wait_for_selector("[data-hook=verify-result]")

    verified(stranger, text, child.name, number, type_code)
    shot(stranger, "verified")


def test_six_people_without_script_and_what_the_old_school_keeps(app, at, child, tmp_path, shot):
    page = at("registrar.b1", script=False)
    page.goto("/cases/new/transfer")
    page.get_by_label("姓名").fill(child.name)
    page.get_by_label("出生日期").fill(f"{child.birth_date:%Y-%m-%d}")
    page.get_by_role("button", name="查找学生").click()
    page.get_by_label("材料", exact=True).select_option(label="户口簿")
    page.locator("[name=file]").set_input_files({"name": "户口簿.jpg", "mimeType": "image/jpeg", "buffer": SCAN})
    page.get_by_role("button", name="上传材料").click()
    expect(page.locator("#evidence-h")).to_have_text("佐证材料 1 件")
    for name in ("reason", "guardian_relation"):
        page.locator(f"[name={name}]").select_option(label=ASKED[name])
    for name in ("guardian", "guardian_phone"):
        page.locator(f"[name={name}]").fill(ASKED[name])
    page.locator("[name=to_class]").select_option(index=1)
    page.get_by_role("button", name="核对并提交").last.click()
    page.get_by_label("已与原件核对").check()
    page.get_by_role("button", name="提交转学申请").click()
    assert page.locator("h1").text_content() == f"{child.name}的转学申请已受理"

    for username, opinion in SIX.items():
        person = at(username, script=False)
        person.locator("[data-hook=inbox-todo]").get_by_role("link", name=child.name).click()
        person.get_by_label(opinion, exact=True).check()
        person.get_by_role("button", name="提交核办意见").click()
        expect(person.locator("[data-hook=flash]")).to_have_text(f"办成：{child.name}，转学：{opinion}")

    old = at("registrar.a1", script=False)
    old.goto("/")
    shot(old, "desk-old-school")
    old.locator("#tasks").get_by_role("link", name="转").first.click()
    number = old.locator("[data-hook=certificate-no]").text_content()
    text = certificate(old, tmp_path, lambda: old.locator("#papers a[download]").click())
    old.get_by_role("link", name="转出当日的副本").click()
    expect(old.locator("[data-hook=state]")).to_have_text("已转出")
    shot(old, "copy")
    old.goto("/")
    old.locator("#tasks").get_by_role("link", name="登记回执").click()
    old.get_by_label("到校就读日期").fill("2026年9月11日")
    old.get_by_role("button", name="登记回执").click()
    expect(old.locator("[data-hook=flash]")).to_have_text("办成：已登记回执")

    stranger = at(script=False)
    stranger.goto("/login")
    stranger.get_by_role("link", name="证明核验").click()

    def type_code(code):
        stranger.get_by_label("验证码").fill(code)
        stranger.get_by_role("button", name="核验").click()

    verified(stranger, text, child.name, number, type_code)
