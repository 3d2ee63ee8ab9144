"""A form that came after the session's end waits for whoever typed it: filled in, said so, and nothing done. tests/hostile/test_late_forms.py sends every form so."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock
from app.extensions import db
from app.models import Draft, Event, SignIn, Student
from app.services.administration import nightly
from app.services.casework import late_forms
from app.services.people import sessions
from tests.pages import Person, form_with, hooks, summary

TOLD = re.compile(r"^登录已过期，下面是您 9月11日 \d\d:\d\d 送来的内容，当时没有办理。请看一遍再提交。$")
KEPT = "您离开较久，系统已自动退出。已存的草稿还在，请重新登录。刚才送来的内容没有办理，但已留下，用同一账号登录后接着填。"
LOST = "刚才送来的内容没有办理，也没能留下，登录后请重新填写。"
MOVED = "湖北省十堰市竹山县城关镇滨河路 88 号"


def run_out(for_long=timedelta(minutes=31), **also):
    db.session.execute(update(SignIn).values(seen_at=clock.now() - for_long, **also))
    db.session.commit()


def drafts():
    return db.session.execute(select(Draft.id, Draft.content).where(Draft.kind == late_forms.KIND)).all()


def typed(person, county):
    """The form of a pupil's record with a new address in it."""
    form = form_with(person.get(f"/students/{county.pupil('common.1')}/edit"), "current_address")
    form["current_address"] = MOVED
    return form


def sign_in_again(door, username="registrar.a1"):
    form = form_with(door, "username", "password")
    form["username"], form["password"] = username, "Xueji-demo-2026"
    return form.submit()


def test_an_edit_that_came_late_is_there_again_and_is_handed_in_once(sign_in, county):
    wang = sign_in("registrar.a1")
    form = typed(wang, county)
    run_out()
    door = form.submit().follow()
    assert door.html.select_one(".note").get_text(strip=True) == KEPT
    back = sign_in_again(door).follow()

    assert [bool(TOLD.match(sentence)) for sentence in summary(back)] == [True]
    again = form_with(back, "current_address")
    assert (again["current_address"].value, again.action) == (MOVED, f"/students/{county.pupil('common.1')}/edit")
    assert "student.edited" not in db.session.scalars(select(Event.name)).all()

    assert again.submit().location == f"/students/{county.pupil('common.1')}"
    assert db.session.scalars(select(Event.name)).all().count("student.edited") == 1
    assert wang.get(f"/drafts/{drafts()[0].id}", status="*").status_int == 404  # handed in


def test_htmx_is_led_to_the_door_and_from_there_to_the_form(sign_in, county):
    wang = sign_in("registrar.a1")
    form = typed(wang, county)
    run_out()
    answer = wang.post(form.action, form.submit_fields(), headers={"HX-Request": "true", "HX-Current-URL": f"http://localhost{form.action}"}, status=401)
    assert (answer.text, answer.headers["HX-Redirect"]) == ("", f"/login?back=/drafts/{drafts()[0].id}&again=1")
    back = sign_in_again(wang.get(answer.headers["HX-Redirect"])).follow()
    assert form_with(back, "current_address")["current_address"].value == MOVED


def test_nobody_else_opens_it_and_the_database_does_not_tell_it(app, sign_in, county):
    form = typed(sign_in("registrar.a1"), county)
    run_out()
    door = form.submit().follow()
    one = drafts()[0]
    assert MOVED.encode() not in bytes(one.content)
    for stranger in ("head.a1", "registrar.b1", "officer.a", "auditor"):
        person = Person(app, stranger)
        other, nowhere = (person.get(f"/drafts/{number}", status="*") for number in (one.id, one.id + 1))
        assert (other.status_int, nowhere.status_int, MOVED in other.text, hooks(person.get("/sessions"), "late-form")) == (404, 404, False, [])
    assert sign_in_again(door, "head.a1").follow(status="*").status_int == 404
    assert Person(app, "registrar.a1").get(f"/drafts/{one.id}").status_int == 200


def test_it_waits_at_ones_account_until_it_is_deleted(app, sign_in, county):
    form = typed(sign_in("registrar.a1"), county)
    run_out()
    form.submit()
    wang = Person(app, "registrar.a1")  # on another machine
    assert "登录过期时没有办成的内容还留着，在“我的账号”里可以接着填。" in wang.get("/").text
    row = hooks(wang.get("/sessions"), "late-form")[0]
    assert row.select_one("a").get_text(strip=True) == "接着填：学生"
    assert form_with(wang.get(row.select_one("a")["href"]), "current_address")["current_address"].value == MOVED
    discard = next(form for form in wang.get("/sessions").forms.values() if form.action.endswith("/discard"))
    assert discard.submit().follow().status_int == 200
    assert (drafts(), hooks(wang.get("/sessions"), "late-form")) == ([], [])


@pytest.mark.parametrize(("long", "also", "kept"), [
    (timedelta(hours=64), {}, 1),  # over the week-end
    (timedelta(hours=64), {"ended_at": clock.now(), "ended_why": "idle"}, 1),  # marked by the night's work
    (timedelta(days=4), {}, 0),
    (timedelta(minutes=1), {"ended_at": clock.now(), "ended_why": "killed"}, 0),
    (timedelta(minutes=1), {"ended_at": clock.now(), "ended_why": "signed out"}, 0),
])
def test_it_is_kept_for_a_session_that_ran_out_of_itself(long, also, kept, sign_in, county):
    form = typed(sign_in("registrar.a1"), county)
    run_out(long, **also)
    door = form.submit().follow()
    assert (len(drafts()), LOST in door.text) == (kept, not kept)


def test_a_file_cannot_be_kept_and_that_is_said(app, sign_in):
    wang = sign_in("registrar.a1")
    page = wang.get("/photos")
    form = form_with(page, "photo")
    key, token = form["idempotency_key"].value, form["csrf_token"].value
    run_out()
    door = wang.post("/photos/new", {"idempotency_key": key, "csrf_token": token}, upload_files=[("photo", "23.jpg", b"\xff\xd8")]).follow()
    assert summary(sign_in_again(door).follow())[0].endswith("请看一遍再提交。当时选的文件没有留下，请重新选择。")


def test_a_button_that_asks_nothing_a_search_and_a_password_leave_nothing(sign_in, county):
    wang = sign_in("registrar.a1")
    password = form_with(wang.get("/password"), "current")
    password["current"] = password["password"] = password["again"] = "Xueji-demo-2027"
    search = wang.get("/").forms[0]
    search["q"] = "叶清禾"
    run_out()
    for form in (password, search):
        assert form.submit().follow().status_int == 200
    assert drafts() == []


def test_only_the_latest_ten_are_kept_and_none_for_more_than_a_week(county, now):
    account = county.account("registrar.a1")
    token = sessions.open_session(account, now=now, address="", agent="")
    for number in range(12):
        late_forms.keep(token, {"path": "/x", "fields": [], "files": False, "key": f"k{number}"}, now=now + timedelta(minutes=number))
    late_forms.keep(token, {"path": "/x", "fields": [], "files": False, "key": "k11"}, now=now + timedelta(minutes=20))
    actor = county.actor("registrar.a1")
    assert [at - now for _, _, at in late_forms.of(actor)] == [timedelta(minutes=minute) for minute in (20, *range(10, 1, -1))]
    assert late_forms.keep(token, {"path": "/x", "fields": [["note", "长" * 70_000]], "files": False, "key": "large"}, now=now) is None
    nightly.run(now=now + timedelta(days=7, minutes=15))
    assert [at - now for _, _, at in late_forms.of(actor)] == [timedelta(minutes=20)]


def test_a_record_that_was_changed_meanwhile_shows_both_sides(sign_in, county):
    form = typed(sign_in("registrar.a1"), county)
    run_out()
    door = form.submit().follow()
    db.session.execute(update(Student).where(Student.id == county.pupil("common.1")).values(version=Student.version + 1))
    db.session.commit()
    back = sign_in_again(door).follow(status="*")
    assert (back.status_int, MOVED in back.text) == (409, True)
