"""At the door: in, out, another password, another post, other sessions."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock
from app.extensions import db
from app.models import Account, SignIn
from app.services.people import accounts
from app.services.transactions import writes
from tests.bureau import row
from tests.pages import Person, errors, form_with, hooks, summary

OWN = "Duhe-liuya-7"


@writes(traced=False)
def put(s, username, **values):
    s.execute(update(Account).where(Account.username == username).values(**values))


@writes(traced=False)
def age(s, **values):
    s.execute(update(SignIn).values(**values))


@pytest.fixture
def stranger(app):
    return Person(app)


def button(page, action):
    """The form of the page that is sent to this address, or to one below it."""
    return next(form for form in page.forms.values() if form.action.startswith(action))


def flashed(page):
    return [element.get_text(strip=True) for element in hooks(page, "flash")]


def test_the_way_back_leads_to_the_page_that_was_asked_for(stranger):
    door = stranger.get("/sessions?x=1", status=303).follow()
    assert door.request.path_qs == "/login?back=/sessions?x%3D1&again=1"
    assert "请先登录，登录后会回到您要去的那一页。" in door.text

    form = form_with(door, "username")
    form["username"], form["password"] = "registrar.a1", "Xueji-demo-2026"
    assert form.submit().location == "/sessions?x=1"


@pytest.mark.parametrize("back", ["//evil.example/x", "https://evil.example", "/\\evil.example", "evil", "/login", "javascript:alert(1)", "/a\nb", ""])
def test_no_link_to_the_door_leads_out_of_the_house(stranger, back):
    form = form_with(stranger.get("/login", {"back": back}), "username")
    form["username"], form["password"] = "registrar.a1", "Xueji-demo-2026"
    assert form.submit().location == "/"


def test_the_door_says_the_same_of_a_wrong_password_and_an_unknown_name(stranger):
    answers = [stranger.fill_in("/login", username=name, password="Wrong-wrong-1", status=422) for name in ("registrar.a1", "nobody.a1")]
    assert [summary(answer) for answer in answers] == [["账号或密码不对，请核对后再试。"]] * 2
    form = form_with(answers[0], "username")
    assert (form["username"].value, form["password"].value) == ("registrar.a1", "")
    assert errors(stranger.fill_in("/login", username="", status=422)) == {"username": "请填写账号", "password": "请填写密码"}


def test_who_guesses_is_told_how_long_to_wait(stranger):
    for _ in range(5):
        stranger.fill_in("/login", username="registrar.a1", password="Wrong-wrong-1", status=422)
    answer = stranger.fill_in("/login", username="registrar.a1", password="Xueji-demo-2026", status=429)
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "试错的次数太多，请等" in summary(answer)[0]


def test_a_new_token_at_every_door_and_none_for_who_plants_one(app, stranger):
    stranger.get("/login")
    planted = stranger.cookies["xueji"]
    stranger.fill_in("/login", username="registrar.a1", password="Xueji-demo-2026")
    first = stranger.cookies["xueji"]
    assert planted != first

    thief = Person(app)
    thief.set_cookie("xueji", planted.strip('"'))
    assert thief.get("/sessions").status_int == 303

    stranger.fill_in("/password", current="Xueji-demo-2026", password=OWN, again=OWN)
    assert stranger.cookies["xueji"] != first
    thief.set_cookie("xueji", first.strip('"'))
    assert thief.get("/sessions").status_int == 303
    assert stranger.get("/sessions").status_int == 200


def test_who_is_in_needs_no_door_and_who_goes_out_is_out(app, sign_in):
    wang = sign_in("registrar.a1")
    kept = wang.cookies["xueji"].strip('"')
    assert wang.get("/login", status=303).location == "/"
    answer = button(wang.get("/sessions"), "/logout").submit()
    assert (answer.status_int, flashed(answer.follow())) == (303, ["办成：您已退出登录。"])

    wang.set_cookie("xueji", kept)
    assert wang.get("/sessions").status_int == 303
    assert row(SignIn).ended_why == "signed out"


def test_after_half_an_hour_the_door_says_why(sign_in):
    wang = sign_in("registrar.a1")
    age(seen_at=clock.now() - timedelta(minutes=31))
    assert "您离开较久，系统已自动退出。已存的草稿还在，请重新登录。" in wang.get("/sessions").follow().text
    answer = wang.get("/sessions", headers={"HX-Request": "true"}, status=401)
    assert (answer.text, answer.headers["HX-Redirect"]) == ("", "/login?again=1")


def test_the_first_sign_in_changes_the_one_time_password_before_anything_else(app, county, now):
    _, password = accounts.create("ji.wei", "季薇", body_id=county.body("a1"), actor=county.actor("sysadmin"), now=now)
    ji = Person(app)
    ji.fill_in("/login", username="ji.wei", password=password)
    assert [ji.get(path).location for path in ("/", "/sessions", "/posts/switch")] == ["/password"] * 3
    assert "请先设定自己的密码" in ji.get("/password").text

    different = ji.fill_in("/password", current=password, password=OWN, again=OWN + "8", status=422)
    assert errors(different) == {"again": "两次填写的新密码不同，请重新填写"}
    weak = ji.fill_in("/password", current=password, password="Ji.Wei-2026", again="Ji.Wei-2026", status=422)
    assert errors(weak) == {"password": "密码里不能有账号名，请换一个别人猜不到的。"}
    assert errors(ji.fill_in("/password", current="wrong", password=OWN, again=OWN, status=422)) == {"current": "现在的密码不对，请重新填写。"}

    assert ji.fill_in("/password", current=password, password=OWN, again=OWN, status=303).location == "/"
    assert flashed(ji.get("/sessions")) == ["办成：密码已修改。别处的登录都已退出。"]
    assert row(Account, Account.username == "ji.wei").must_change is False


def test_another_post_is_chosen_among_ones_own(sign_in, county):
    ming = sign_in("registrar.a5")
    page = ming.get("/posts/switch")
    form = form_with(page, "post_id")
    assert form["post_id"].value == form["post_id"].options[0][0]  # the one in use
    choices = [label.get_text(" ", strip=True) for label in page.html.select("label.pick")]
    assert choices[:2] == ["竹山县柳垭镇枫树坪教学点 学籍管理员", "竹山县柳垭镇枫树坪教学点 班主任（一年级1班）"]

    form["post_id"] = form["post_id"].options[1][0]
    assert form.submit().location == "/"
    after = ming.get("/sessions")
    assert after.html.select_one(".who span").get_text(" ", strip=True) == "明世安 竹山县柳垭镇枫树坪教学点 班主任"
    assert flashed(after) == ["办成：现在的岗位是竹山县柳垭镇枫树坪教学点 班主任（一年级1班）。"]

    form = form_with(ming.get("/posts/switch"), "post_id")
    form["post_id"].force_value(str(county.actor("head.a1").post_id))
    assert errors(form.submit(status=422)) == {"post_id": "您没有这个岗位，或它刚被免去。请从下面的岗位中选择。"}


def test_one_who_has_no_post_is_told_whom_to_ask(app, county, now):
    _, password = accounts.create("ji.wei", "季薇", body_id=None, actor=county.actor("sysadmin"), now=now)
    put("ji.wei", must_change=False)
    ji = Person(app)
    ji.fill_in("/login", username="ji.wei", password=password)
    assert "您还没有任何岗位，不能办理业务。请联系本级安全管理员授予岗位。" in ji.get("/posts/switch").text


def test_a_session_elsewhere_is_seen_and_ended(app, sign_in):
    here, there = sign_in("registrar.a1"), sign_in("registrar.a1")
    table = here.get("/sessions").html.select("#sessions tbody tr")
    assert [line.select("td")[-1].get_text(" ", strip=True).split(" ")[0] for line in table] in (["在线", "本次登录"], ["本次登录", "在线"])

    kill = button(here.get("/sessions"), "/sessions/")
    assert flashed(kill.submit().follow()) == ["办成：已强制退出那一次登录。"]
    assert flashed(kill.submit().follow()) == ["留意：这次登录已经结束，不用再退出。"]
    assert "这次登录已被强制退出，请重新登录。" in there.get("/sessions").follow().text


def test_nobody_ends_the_session_of_another(sign_in):
    wang, chen = sign_in("registrar.a1"), sign_in("head.a1")
    sign_in("registrar.a1")
    theirs = button(wang.get("/sessions"), "/sessions/").action
    token = button(chen.get("/sessions"), "/logout")["csrf_token"].value
    assert flashed(chen.post(theirs, {"csrf_token": token}).follow()) == ["留意：这次登录已经结束，不用再退出。"]
    assert chen.post("/sessions/zz/end", {"csrf_token": token}, status=404)
    assert db.session.scalars(select(SignIn.ended_at)).all() == [None] * 3


def test_a_form_without_its_token_changes_nothing(sign_in):
    wang = sign_in("registrar.a1")
    answer = wang.post("/password", {"current": "Xueji-demo-2026", "password": OWN, "again": OWN}, status=422)
    assert summary(answer) == ["这一页放得太久或已换过登录，内容都还在，请再提交一次。"]
    wang.post("/logout", {}, status=303)
    assert wang.get("/sessions").status_int == 200
