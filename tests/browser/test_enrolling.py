"""新生登记 in the browser: by the keyboard alone, without script, with a session that ends, with two clicks where one was meant."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, update

from app import clock
from app.extensions import db
from app.identity.id_number import check_character
from app.models import SignIn, Student

from .conftest import sign_in
from .hand import fill_by_tab, tab_to

NUMBER = "42032320200315024"
NUMBER += check_character(NUMBER)  # a girl born on 15 March 2020
NAME = "叶𠮷禾"
PUPIL = {
    "id_doc_no": NUMBER, "name": NAME, "ethnicity": "汉族", "birth_place_code": "竹山县", "native_place": "湖北省十堰市竹山县", "hukou_place_code": "420323 竹山县",
    "hukou_nature": "农业户口", "health_status": "健康或良好",
}
PLACE = {"attendance_mode": "走读"}
CONTACT = {"current_address": "竹山县城关镇明清路8号", "mail_address": "同现住址", "home_address": "同上", "phone": "13871990815", "postcode": "442200"}
NO = ("is_only_child", "is_migrant_child", "is_orphan", "is_martyr_child", "wants_aid", "has_boarding_subsidy")
MORE = dict.fromkeys(NO, "否") | {"had_preschool": "是", "left_behind": "非留守儿童", "inclusive_class": "非随班就读", "disability_type": "无残疾"}
MOTHER = {
    "member1_name": "庹云", "member1_relation": "母亲", "member1_phone": "13871990815", "member1_is_guardian": "是", "member1_hukou_place_code": "竹山县",
    "member1_current_address": "同现住址",
}


def class_choice(page):
    """The words of the first class in the menu."""
    return page.locator("select[name=class_code] option").nth(1).text_content()


def fill(page, answers):
    """The same answers with the mouse; works without script."""
    for name, wanted in answers.items():
        control = page.locator(f"[name={name}]").first
        kind = control.evaluate("one => one.type")
        if kind == "select-one":
            control.select_option(label=wanted)
        elif kind == "radio":
            page.locator(f"label:has([name={name}])").filter(has_text=re.compile(f"^\\s*{wanted}\\s*$")).click()
        else:
            control.fill(wanted)


def everything(page):
    return PUPIL | PLACE | {"class_code": class_choice(page)} | CONTACT | MORE | MOTHER


def come_to_check(page):
    page.goto("/enrolments/new")
    fill(page, everything(page))
    page.get_by_role("button", name="核对并提交").click()
    page.get_by_label("已与户口簿等原件核对").check()


def decide(person, opinion):
    person.goto("/")
    person.locator("[data-hook=inbox-todo]").get_by_role("link", name=NAME).click()
    person.get_by_label(opinion).check()
    person.get_by_role("button", name="提交核办意见").click()
    expect(person.locator("[data-hook=flash]")).to_have_text(f"办成：{NAME}，新生登记：{opinion}")


OPINIONS = {"head.a1": "同意，送主管教育行政部门核办", "officer.a": "同意，立即生效"}
ROAD = ["新生登记，主管教育行政部门核办", "新生登记，学校审核", "新生登记"]


def came_along(page):
    return [line.split("：")[0] for line in page.locator("[data-hook=timeline-item] b").all_text_contents()][:3]


def pupils(name=NAME):
    db.session.expire_all()
    return db.session.execute(select(func.count()).select_from(Student).where(Student.name == name)).scalar_one()


def test_a_pupil_is_enrolled_by_the_keyboard_alone(app, at, shot):
    page = at("registrar.a1")
    page.goto("/enrolments/new")

    assert fill_by_tab(page, PUPIL, "再加一人") == {}
    assert page.input_value("[name=birth_date]") == "2020年3月15日"
    assert page.locator("[name=sex]:checked").evaluate("one => one.labels[0].textContent.trim()") == "女"
    expect(page.locator("#saved")).to_contain_text("草稿已存")
    shot(page, "half-typed")

    again = page.context.new_page()
    page.close()
    page = again
    page.goto("/enrolments/new")
    assert "存的草稿" in page.locator(".note").first.text_content()
    assert page.input_value("[name=name]") == NAME

    left = fill_by_tab(page, PLACE | {"class_code": class_choice(page)} | CONTACT | MORE | MOTHER, "核对并提交")
    assert left == {}
    shot(page, "typed")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enrolments/check**")
    shot(page, "check")
    assert page.locator(".answers").first.text_content().count(NAME) == 1

    tab_to(page, name="truthful")
    page.keyboard.press("Space")
    tab_to(page, text="提交新生登记")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accepted")
    assert page.locator("h1").text_content() == f"{NAME}的新生登记已受理"
    shot(page, "accepted")

    for username, opinion in OPINIONS.items():
        decide(at(username), opinion)

    page.keyboard.press("/")
    page.keyboard.type(NAME)
    page.keyboard.press("Enter")
    page.wait_for_url("**/students?found=*")
    tab_to(page, text=NAME)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/students/\d+$"))
    shot(page, "pupil")
    assert page.locator(".person [data-hook=state]").text_content() == "在读"
    assert page.locator("dl.numbers dd").first.text_content().startswith("L42")
    assert came_along(page) == ROAD


def test_the_same_without_script(at, shot):
    page = at("registrar.a1", script=False)
    page.goto("/enrolments/new")
    fill(page, PUPIL)
    page.get_by_role("button", name="存草稿").click()
    assert page.locator("[data-hook=flash]").text_content().startswith("办成：草稿已存")
    fill(page, {name: value for name, value in everything(page).items() if name not in PUPIL})
    page.get_by_role("button", name="核对并提交").click()
    page.get_by_label("已与户口簿等原件核对").check()
    page.get_by_role("button", name="提交新生登记").click()
    assert page.locator("h1").text_content() == f"{NAME}的新生登记已受理"

    for username, opinion in OPINIONS.items():
        decide(at(username, script=False), opinion)

    page.get_by_label("查找学生").fill(NUMBER)
    page.get_by_role("button", name="查找").click()
    shot(page, "pupil")
    assert page.locator(".person h1").text_content().split() == [NAME, "在读"]
    assert page.locator("dl.numbers dd").first.text_content().startswith("L42")
    assert came_along(page) == ROAD


@pytest.mark.parametrize("script", [True, False])
def test_two_clicks_make_one_pupil_and_going_back_makes_none(script, app, at):
    page = at("registrar.a1", script=script)
    come_to_check(page)
    page.get_by_role("button", name="提交新生登记").dblclick()
    page.wait_for_url("**/accepted")
    assert pupils() == 1

    page.go_back()
    assert page.locator("main p:not(.quiet)").text_content().startswith("这份草稿已经提交或删除。")
    page.goto("/enrolments/new")
    assert page.input_value("[name=name]") == ""
    assert pupils() == 1


def let_the_session_run_out():
    db.session.execute(update(SignIn).values(seen_at=clock.now() - timedelta(minutes=31)))
    db.session.commit()


SENT_BACK = "您离开较久，系统已自动退出。已存的草稿还在，请重新登录。刚才送来的内容没有办理，但已留下，用同一账号登录后接着填。"


def test_a_session_that_ends_while_one_types_leads_to_sign_in_and_back_and_nothing_is_lost(app, at):
    page = at("registrar.a1")
    page.goto("/enrolments/new")
    fill(page, {"name": NAME})
    expect(page.locator("#saved")).to_contain_text("草稿已存")
    let_the_session_run_out()

    fill(page, {"current_address": CONTACT["current_address"]})  # the draft that keeps itself is the first to hear of it
    page.wait_for_url(re.compile("/login"))
    assert page.locator(".note").first.text_content() == SENT_BACK
    sign_in(page, "registrar.a1")

    assert "/drafts/" in page.url
    assert (page.input_value("[name=name]"), page.input_value("[name=current_address]")) == (NAME, CONTACT["current_address"])


def test_without_script_what_was_handed_in_too_late_waits_too(app, at):
    page = at("registrar.a1", script=False)
    page.goto("/enrolments/new")
    fill(page, PUPIL)
    let_the_session_run_out()

    page.get_by_role("button", name="核对并提交").click()
    assert page.locator(".note").first.text_content() == SENT_BACK
    sign_in(page, "registrar.a1")

    assert "/drafts/" in page.url
    assert {name: page.input_value(f"[name={name}]") for name in ("name", "id_doc_no", "native_place")} == {
        name: PUPIL[name] for name in ("name", "id_doc_no", "native_place")
    }
