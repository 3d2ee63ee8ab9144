"""The 系统管理员 keeps accounts; the others see what is theirs to see."""

import base64
import json
import re
import zlib

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Account
from tests.bureau import row, statements
from tests.pages import Person, errors, form_with, hooks, summary


@pytest.fixture
def wen(sign_in):
    return sign_in("sysadmin")


def listed(page):
    return [tuple(cell.get_text(" ", strip=True) for cell in line.select("th, td")) for line in page.html.select("#rows tr")]


def usernames(page):
    return [line[0] for line in listed(page)]


def flashed(page):
    return [element.get_text(strip=True) for element in hooks(page, "flash")]


def test_the_list_says_who_works_where_in_which_posts(wen):
    page = wen.get("/accounts?body=a1")
    assert [line[:5] for line in listed(page)] == [
        ("head.a1", "余正德", "竹山县堵河路小学", "竹山县堵河路小学 学校审核人", "没有登录过"),
        ("registrar.a1", "庹明慧", "竹山县堵河路小学", "竹山县堵河路小学 学籍管理员", "没有登录过"),
        ("teacher.a1", "柯文静", "竹山县堵河路小学", "竹山县堵河路小学 班主任（一年级1班）", "没有登录过"),
    ]
    assert page.html.select_one(".toolbar h2").get_text() == "3 个账号"


def test_the_list_is_narrowed_by_body_duty_and_state(wen):
    assert usernames(wen.get("/accounts?duty=auditor")) == ["auditor"]
    assert usernames(wen.get("/accounts", {"body": "竹山县教育局 a", "duty": "county_officer"})) == ["officer.a", "officer2.a"]
    assert set(usernames(wen.get("/accounts?body=a"))) > {"registrar.a1", "township.a.t1", "officer.a"}
    assert wen.get("/accounts?state=closed").html.select_one("td.empty").get_text() == "没有符合条件的账号。可以去掉一个筛选条件再查。"
    assert "没有找到机构“无此校”。请填写机构全称、简称或代码。" in wen.get("/accounts", {"body": "无此校"}).text


def test_a_name_is_found_without_standing_in_the_address(wen):
    answer = wen.fill_in("/accounts", q="明慧")
    assert answer.location == "/accounts?found=1"
    assert usernames(answer.follow()) == ["registrar.a1"]
    assert usernames(wen.fill_in("/accounts", q="OFFICER2.a").follow()) == ["officer2.a"]
    assert usernames(wen.fill_in("/accounts", q="%").follow()) == ["没有符合条件的账号。可以去掉一个筛选条件再查。"]


def test_a_long_list_goes_on_from_its_last_name(wen, monkeypatch):
    monkeypatch.setattr("app.views.accounts.PAGE", 2)
    first = wen.get("/accounts?body=a1")
    assert usernames(first) == ["head.a1", "registrar.a1"]
    more = hooks(first, "next-page")[0]["href"]
    assert usernames(wen.get(more)) == ["teacher.a1"]
    fragment = wen.get(more, headers={"HX-Request": "true", "HX-Target": "rows"})
    assert "<html" not in fragment.text
    assert (usernames(fragment), hooks(fragment, "next-page")) == (["teacher.a1"], [])


def test_a_new_account_shows_its_password_once_and_to_nobody_else(app, wen, county):
    answer = wen.fill_in("/accounts/new", username="ji.wei", name="季薇", body="竹山县堵河路小学 a1")
    account = row(Account, Account.username == "ji.wei")
    assert (answer.status_int, answer.location) == (303, f"/accounts/{account.id}")

    page = answer.follow()
    password = hooks(page, "one-time-password")[0].select_one(".num").get_text()
    assert flashed(page) == ["办成：账号已建立。"]
    assert hooks(wen.get(f"/accounts/{account.id}"), "one-time-password") == []
    ji = Person(app)
    assert ji.fill_in("/login", username="ji.wei", password=password).status_int == 303


def test_the_password_on_its_way_is_not_read_from_the_cookie_nor_shown_on_another_page(wen, county):
    answer = reset_form(wen, county, "registrar.a1").submit()
    cookie = wen.cookies["xueji"].strip('"').split(".")
    packed = cookie[0] == ""
    payload = base64.urlsafe_b64decode(cookie[packed] + "==")
    told = json.loads(zlib.decompress(payload) if packed else payload)
    assert "one_time" in told
    assert not any(re.fullmatch(r"\w{4}-\w{4}-\w{4}", str(value)) for value in told.values())
    assert hooks(wen.get(f"/accounts/{county.account('head.a1')}"), "one-time-password") == []
    assert hooks(answer.follow(), "one-time-password") == []  # whoever looks elsewhere first has to reset again


def reset_form(person, county, username):
    page = person.get(f"/accounts/{county.account(username)}")
    return next(form for form in page.forms.values() if form.action.endswith("/reset"))


def test_a_second_press_makes_no_second_account_and_no_second_password(wen):
    form = form_with(wen.get("/accounts/new"), "username")
    form["username"], form["name"], form["body"] = "ji.wei", "季薇", "a1"
    first = form.submit()
    assert hooks(first.follow(), "one-time-password")
    second = form.submit()
    assert (second.status_int, second.location) == (303, first.location)
    assert hooks(second.follow(), "one-time-password") == []
    assert db.session.scalar(select(func.count()).select_from(Account).where(Account.username == "ji.wei")) == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(wen):
    page = wen.fill_in("/accounts/new", username="registrar.a1", name="王3", body="a1", status=422)
    assert errors(page) == {"username": "账号名“registrar.a1”已经有人使用，停用的账号名也不再用。请换一个。", "name": "姓名中不能有数字“3”，请按户口簿填写。"}
    form = form_with(page, "username")
    assert [form[name].value for name in ("username", "name", "body")] == ["registrar.a1", "王3", "a1"]
    assert errors(wen.fill_in("/accounts/new", username="ji.wei", name="季薇", body="无此校", status=422)) == {
        "body": "没有找到机构“无此校”。请填写机构全称、简称或代码。"
    }


def test_two_who_change_one_account(app, sign_in, county):
    path = f"/accounts/{county.account('registrar.a1')}/edit"
    wen, again = sign_in("sysadmin"), sign_in("sysadmin")
    stale = form_with(again.get(path), "name")
    assert wen.fill_in(path, name="庹明惠").status_int == 303
    stale["name"] = "庹明蕙"
    answer = stale.submit(status=409)
    assert answer.html.select_one(".lead").get_text() == "现在是：庹明惠，竹山县堵河路小学"
    assert "账号 registrar.a1 刚被闻启航在" in summary(answer)[0]
    assert form_with(answer, "name")["name"].value == "庹明蕙"
    assert form_with(answer, "name").submit().status_int == 303  # seen now, and done


def test_closing_needs_a_reason_and_opening_gives_a_password(wen, county):
    path = f"/accounts/{county.account('registrar.a1')}"
    assert errors(wen.fill_in(path, reason="", status=422)) == {"reason": "请填写理由"}
    assert flashed(wen.fill_in(path, reason="调离本单位").follow()) == ["办成：账号已停用，正在使用的登录都已退出。"]
    form = next(form for form in wen.get(path).forms.values() if form.action.endswith("/open"))
    page = form.submit().follow()
    assert (flashed(page), len(hooks(page, "one-time-password"))) == (["办成：账号已启用。"], 1)
    told = [(item.b.get_text(), item["data-actor"]) for item in hooks(page, "timeline-item")]
    assert told == [("启用账号", "闻启航"), ("停用账号", "闻启航")]


def test_what_may_not_be_done_is_refused_on_the_page_with_its_status(wen, county):
    answer = reset_form(wen, county, "security").submit(status=403)
    assert summary(answer) == [
        "严守拙是安全管理员，密码不能由系统管理员在页面上重置，否则一人就能顶替三员。请在服务器上用命令 flask accounts reset 办理。"
    ]
    assert [form.action for form in wen.get(f"/accounts/{county.account('sysadmin')}").forms.values() if form.action.startswith("/accounts/")] == []


def test_somebodys_session_is_ended_from_the_page_of_the_account(sign_in, wen, county):
    wang = sign_in("registrar.a1")
    page = wen.get(f"/accounts/{county.account('registrar.a1')}")
    kill = next(form for form in page.forms.values() if "/sessions/" in form.action)
    assert flashed(kill.submit().follow()) == ["办成：已强制退出那一次登录。"]
    assert wang.get("/sessions").status_int == 303


@pytest.mark.parametrize("username", ["registrar.a1", "head.a1", "teacher.a1", "officer.a", "township.a.t1", "officer.city1", "officer.province"])
def test_whoever_works_with_pupils_has_no_business_here(sign_in, county, username):
    person = sign_in(username)
    paths = ["/accounts", "/accounts/new", f"/accounts/{county.account('registrar.a1')}", f"/accounts/{county.account('registrar.a1')}/edit"]
    assert [person.get(path, status="*").status_int for path in paths] == [403] * 4


def test_the_security_administrator_and_the_auditor_look_and_do_not_touch(sign_in, county):
    target = f"/accounts/{county.account('registrar.a1')}"
    for username in ("security", "auditor"):
        person = sign_in(username)
        page = person.get(target)
        assert [form.action for form in page.forms.values() if form.action.startswith("/accounts")] == []
        token = page.forms[0]["csrf_token"].value
        for path in ("/accounts/new", f"{target}/edit", f"{target}/reset", f"{target}/open", f"{target}/close", f"{target}/sessions/00/end"):
            assert person.post(path, {"csrf_token": token}, status="*").status_int == 403


def test_an_account_that_is_not_there_is_not_found(wen):
    assert wen.get("/accounts/7", status=404)
    assert wen.get("/accounts/7/edit", status=404)


def test_a_list_costs_the_same_queries_however_long_it_is(wen):
    def queries(path):
        with statements() as asked:
            wen.get(path)
        return len(asked)

    queries("/accounts")
    assert queries("/accounts?body=a1") - 1 == queries("/accounts") <= 8
