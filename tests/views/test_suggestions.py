"""修改建议 on the screen: the teacher fills the form of her own class's pupil, the registrar reads old beside new, both see what became of it."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Student, Suggestion
from app.services.pupils import records, students
from tests.pages import errors, form_with, hooks, set_field, summary

ADDRESS = "湖北省十堰市竹山县城关镇滨河路18号"


@pytest.fixture
def pupil(county):
    own = county.actor("teacher.a1").class_id
    return db.session.scalars(select(Student.id).where(Student.class_id == own, Student.lifecycle == "live").order_by(Student.id)).first()


@pytest.fixture
def ke(sign_in):
    return sign_in("teacher.a1")


@pytest.fixture
def xia(sign_in):
    return sign_in("registrar.a1")


def record(pupil):
    db.session.rollback()
    return records.load(db.session, pupil)


def cells(page, table="rows"):
    return [[cell.get_text(" ", strip=True) for cell in row.select("td, th")] for row in page.html.select(f"#{table} tr")]


def flash(page):
    return hooks(page, "flash")[0].get_text(strip=True)


def test_from_the_teachers_word_to_the_record(ke, xia, pupil):
    old = record(pupil)
    page = ke.get(f"/students/{pupil}").click("建议修改")
    form = form_with(page, "current_address", "reason")
    named = {name for name in form.fields if name}
    assert {"talent", "class_no", "member1_employer", "version"} <= named
    assert not {"phone", "name", "id_doc_no", "member1_phone", "member1_id_doc_no", "member1_birth_date", "aux_number"} & named
    answer = ke.fill_in(f"/students/{pupil}/suggestions/new", current_address=ADDRESS, talent="书法", reason="家长来电，已搬家")
    assert answer.location == f"/students/{pupil}/suggestions"
    page = answer.follow()
    assert flash(page) == f"办成：已把对{old['name']}的修改建议交给学籍管理员。"
    assert [row[1:5] for row in cells(page)] == [["特长", old["talent"] or "空", "书法", "家长来电，已搬家"], ["现住址", old["current_address"], ADDRESS, "家长来电，已搬家"]]
    assert record(pupil)["current_address"] == old["current_address"]

    assert "2 项 班主任提出的修改建议待处理" in xia.get("/").html.select_one('[aria-labelledby="suggested-h"]').get_text(" ", strip=True)
    assert [row[0] for row in cells(xia.get("/suggestions"))] == [old["name"]] * 2
    page = xia.get(f"/students/{pupil}/suggestions")
    form = form_with(page, "note")
    assert [tick.checked for tick in form.fields["id"]] == [True, True]
    form.fields["id"][0].checked = False  # 特长
    answer = form.submit("action", value="accept")
    assert flash(answer.follow()) == "办成：已采纳 1 项建议，写入学籍。"
    assert (record(pupil)["current_address"], record(pupil)["talent"]) == (ADDRESS, old["talent"])
    answer = xia.fill_in(f"/students/{pupil}/suggestions", button=("action", "decline"), note="特长由家长在期末填报")
    assert flash(answer.follow()) == "办成：已告知班主任不采纳 1 项建议。"
    assert xia.get("/").html.select_one('[aria-labelledby="suggested-h"]') is None

    said = ke.get("/").html.select_one('[aria-labelledby="suggested-h"]').get_text(" ", strip=True)
    assert f"未采纳 {old['name']}，特长" in said and f"已采纳 {old['name']}，现住址" in said and "特长由家长在期末填报" in said
    assert [row[-1] for row in cells(ke.get("/suggestions?state=ended"))] == ["未采纳 特长由家长在期末填报", "已采纳"]


def test_what_was_typed_stays_beside_what_is_wrong_and_other_gaps_are_not_hers(ke, pupil):
    answer = ke.fill_in(f"/students/{pupil}/suggestions/new", email="没有", birth_place_code="", reason="")
    assert (answer.status_int, set(errors(answer))) == (422, {"email", "birth_place_code"})
    assert form_with(answer, "email")["email"].value == "没有"
    answer = ke.fill_in(f"/students/{pupil}/suggestions/new", reason="")
    assert (answer.status_int, summary(answer)[0]) == (422, "没有改动任何内容。请把要改的项目改成建议的内容再提交。")


def test_she_sees_both_sides_where_the_registrar_saved_first(ke, county, pupil, today, now):
    form = form_with(ke.get(f"/students/{pupil}/suggestions/new"), "talent")
    clerk, old = county.actor("registrar.a1"), students.opened(county.actor("registrar.a1"), pupil)
    students.edit(pupil, old | {"email": "a@example.com"}, actor=clerk, version=old["version"], today=today, now=now)
    set_field(form, "talent", "书法")
    set_field(form, "reason", "比赛获奖")
    page = form.submit(status=409)
    assert [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in page.html.select("tbody tr")] == [
        ["特长", old["talent"] or "空", old["talent"] or "空", "书法"], ["电子信箱", old["email"] or "空", "a@example.com", old["email"] or "空"],
    ]
    again = form_with(page, "again").submit("again", value="1")
    form = form_with(again, "talent", "reason")
    assert (form["email"].value, form["reason"].value) == ("a@example.com", "比赛获奖")
    assert form.submit().status_int == 303
    db.session.rollback()
    assert db.session.scalars(select(Suggestion.item)).all() == ["talent"]


def test_the_value_has_changed_since_and_the_page_says_who(ke, xia, county, pupil, today, now):
    ke.fill_in(f"/students/{pupil}/suggestions/new", talent="书法", reason="比赛获奖")
    clerk, old = county.actor("registrar.a1"), students.opened(county.actor("registrar.a1"), pupil)
    students.edit(pupil, old | {"talent": "绘画"}, actor=clerk, version=old["version"], today=today, now=now)
    answer = xia.fill_in(f"/students/{pupil}/suggestions", button=("action", "accept"), note="")
    assert answer.status_int == 409
    assert "特长在提出建议以后已由庹明慧在 2026年9月11日" in summary(answer)[0]
    assert "提出后已改" in cells(answer)[0][2]
    assert record(pupil)["talent"] == "绘画"


def test_withdrawn_by_her_and_a_second_click_changes_nothing(ke, pupil):
    ke.fill_in(f"/students/{pupil}/suggestions/new", talent="书法", reason="比赛获奖")
    page = ke.get(f"/students/{pupil}/suggestions")
    form = next(form for form in page.forms.values() if "id" in form.fields)
    form.fields["id"][0].checked = True
    assert [form.submit("action", value="withdraw").location for _ in range(2)] == [f"/students/{pupil}/suggestions"] * 2
    assert ke.fill_in(f"/students/{pupil}/suggestions/new", talent="书法", reason="比赛获奖").status_int == 303


def test_nothing_ticked_nothing_chosen_strange_ids(ke, xia, pupil):
    ke.fill_in(f"/students/{pupil}/suggestions/new", talent="书法", reason="比赛获奖")
    form = form_with(xia.get(f"/students/{pupil}/suggestions"), "note")
    form.fields["id"][0].checked = False
    assert summary(form.submit("action", value="accept", status=422)) == ["请先勾选要办理的建议。"]
    fields = {name: form[name].value for name in ("csrf_token", "idempotency_key")}
    own = str(db.session.scalars(select(Suggestion.id)).one())
    told = {(number, action): xia.post(f"/students/{pupil}/suggestions", fields | {"id": number, "action": action}, status="*").status_int
            for number, action in ((own, "burn"), (own, "withdraw"), ("9" * 18, "accept"), ("9" * 99, "accept"))}
    assert list(told.values()) == [422, 403, 404, 422]


def test_whose_it_is_not_finds_nothing(sign_in, ke, county, pupil):
    ke.fill_in(f"/students/{pupil}/suggestions/new", talent="书法", reason="比赛获奖")
    answers = {name: [sign_in(name).get(path, status="*").status_int for path in (f"/students/{pupil}/suggestions", f"/students/{pupil}/suggestions/new", "/suggestions")]
               for name in ("registrar.a1", "registrar.a2", "teacher.b1", "head.a1", "auditor")}
    assert answers == {"registrar.a1": [200, 403, 200], "registrar.a2": [404, 403, 200], "teacher.b1": [404, 404, 200], "head.a1": [403] * 3, "auditor": [403] * 3}
    assert cells(sign_in("registrar.a2").get("/suggestions")) == [["没有待处理的修改建议"]]
    other = county.pupil("twin.1")
    assert ke.get(f"/students/{other}/suggestions/new", status=404).status_int == 404
