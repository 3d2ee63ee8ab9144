"""学生 on the screen: finding, lists, the page of a pupil, editing beside another, reveals, the photo."""

import json
import re

import pytest
from sqlalchemy import select

from app import codes
from app.extensions import db
from app.models import Event, Student
from app.services.pupils import records
from tests.bureau import statements
from tests.pages import errors, form_with, hooks, summary
from tests.services.test_finding import enrol
from tests.services.test_students import picture


@pytest.fixture
def clerk(sign_in):
    return sign_in("registrar.a1")


@pytest.fixture
def pupil(county):
    return county.pupil("twin.1")


def queries(person, path):
    person.get(path)  # what is read once a process is read now
    with statements() as asked:
        assert person.get(path).status_int == 200
    return len(asked)


def search(person, text):
    form = form_with(person.get("/students"), "q")
    form["q"] = text
    return form.submit()


def shown(page):
    return [row.select_one("th").get_text(strip=True) for row in hooks(page, "student-row")]


def nobody(person, path):
    """The body of a 404, which is the same for what is not there and what is not theirs."""
    answer = person.get(path, status=404)
    return re.sub(r'value="[^"]+"|datetime="[^"]+"|\d{2}:\d{2}', "", answer.text)


def events(name):
    db.session.rollback()
    return [json.loads(facts) for facts in db.session.scalars(select(Event.facts).where(Event.name == name).order_by(Event.seq))]


# ---------------------------------------------------------------- finding

def test_a_name_is_searched_by_post_and_stands_in_no_address(clerk):
    answer = search(clerk, "庹思")
    assert answer.status_int == 303
    assert re.fullmatch(r"/students\?found=[\w-]+", answer.location)
    assert sorted(shown(answer.follow())) == ["庹思远", "庹思齐"]


def test_a_number_goes_straight_to_its_pupil(clerk, county, pupil):
    answer = search(clerk, county.known("twin.1").item["id_doc_no"])
    assert (answer.status_int, answer.location) == (303, f"/students/{pupil}")


def test_a_wrong_number_is_told_and_not_shown_again(clerk, county):
    number = county.known("twin.1").item["id_doc_no"][:17] + "0"
    page = search(clerk, number if number != county.known("twin.1").item["id_doc_no"] else number[:17] + "1").follow()
    assert "身份证件号第 18 位与前 17 位不符" in page.text
    assert number not in page.text
    assert shown(page) == []


def test_a_search_from_a_page_that_stood_too_long_comes_back_with_what_was_sought(clerk):
    answer = clerk.post("/students/search", {"csrf_token": "old", "q": "张梓涵"}, status=422)

    assert "请再提交一次" in summary(answer)[0]
    assert answer.html.select_one("#find")["value"] == "张梓涵"


def test_another_persons_search_and_a_broken_one_are_not_there(clerk, sign_in):
    word = search(clerk, "庹思").location
    sign_in("officer.a").get(word, status=404)
    clerk.get("/students?found=AAAA", status=404)


def test_many_hits_come_fifty_a_page(clerk, county):
    enrol(county.body("a1"), county.class_("a1"), 120)
    page = search(clerk, "汪").follow()
    assert "找到 120 人" in page.text
    seen = []
    while True:
        seen += [row["data-id"] for row in hooks(page, "student-row")]
        following = hooks(page, "next-page")
        if not following:
            break
        assert "汪" not in following[0]["href"] and "%E6" not in following[0]["href"]
        page = clerk.get(following[0]["href"])
    assert len(seen) == len(set(seen)) == 120


# ---------------------------------------------------------------- lists

def test_a_class_on_one_page_by_seat_and_by_name_both_ways(clerk, county):
    class_id = county.class_("a1")
    here = db.session.scalars(select(Student).where(Student.class_id == class_id, Student.lifecycle == "live").order_by(Student.id)).all()
    with db.engine.begin() as connection:
        for seat, one in enumerate(here, 9):  # 9, 10, 11 …: numbers, not texts
            connection.execute(Student.__table__.update().where(Student.id == one.id).values(class_no=str(seat)))
    by_seat = [one.name for one in here]
    by_name = [one.name for one in sorted(here, key=lambda one: (one.name_sort, one.id))]
    path = f"/students?class={class_id}"
    assert shown(clerk.get(path)) == by_seat
    assert shown(clerk.get(f"{path}&sort=-seat")) == by_seat[::-1]
    assert shown(clerk.get(f"{path}&sort=name")) == by_name
    assert shown(clerk.get(f"{path}&sort=-name")) == by_name[::-1]
    assert f"一年级1班 {len(here)} 人" in clerk.get(path).text
    boys = sum(one.sex == "1" for one in here)
    assert f"男 {boys}，女 {len(here) - boys}；住校" in clerk.get(path).text
    assert "班主任 柯文静" in clerk.get(path).text


def test_filters_stand_in_the_address_and_each_can_be_taken_away(clerk, county):
    page = clerk.get(f"/students?grade=4&class={county.class_('a1', year=4)}&status=02")
    assert shown(page) == ["覃思源"]
    assert [chip.get_text(strip=True).removeprefix("去掉条件") for chip in page.html.select(".chips a")] == ["四年级", "四年级1班", "休学"]
    without = next(chip["href"] for chip in page.html.select(".chips a") if "休学" in chip.get_text())
    assert "status" not in without and "grade=4" in without
    assert "覃思源" in shown(clerk.get(without))
    assert shown(clerk.get("/students?status=10")) == ["昝雨禾"]
    assert "昝雨禾" not in shown(clerk.get("/students")) and "昝雨禾" in shown(clerk.get("/students?status=all"))
    unnumbered = db.session.scalars(select(Student.name).where(Student.school_id == county.body("a1"), Student.id_doc_no_index.is_(None), Student.lifecycle == "live")).all()
    assert sorted(shown(clerk.get("/students?gaps=number"))) == sorted(unnumbered) and "向晚舟" in unnumbered
    assert len(hooks(clerk.get("/students?status=pending"), "student-row")) == 4


def test_columns_are_chosen_and_numbers_come_masked(clerk, county):
    page = clerk.get(f"/students?class={county.class_('a1', year=2)}&col=national_no&col=sex")
    assert [head.get_text(strip=True) for head in page.html.select("#list thead th")] == ["班内学号", "姓名", "性别", "学籍号", "状态"]
    cells = [row.select("td")[2].get_text(strip=True) for row in hooks(page, "student-row")]
    assert all(re.fullmatch(r"[GL]\d{3}\*{11}▪{4}", cell) for cell in cells) and cells


def test_htmx_gets_the_list_with_the_classes_of_the_grade_or_the_next_rows(clerk, county, monkeypatch):
    answer = clerk.get("/students?grade=1", headers={"HX-Request": "true", "HX-Target": "list"})
    assert answer.text.lstrip().startswith('<div id="list"') and "<html" not in answer.text
    assert [option.get_text() for option in answer.html.select("#f-class option")] == ["全部", "一年级1班", "一年级2班"]
    assert "已筛选" in answer.html.select_one("#live").get_text()
    monkeypatch.setattr("app.services.pupils.listing.list_students.__kwdefaults__", {"most": 5})
    first = clerk.get("/students")
    following = hooks(first, "next-page")[0]["href"]
    more = clerk.get(following, headers={"HX-Request": "true", "HX-Target": "rows"})
    assert more.html.select_one("tbody#rows") and more.html.select_one("#pager[hx-swap-oob]") and "<html" not in more.text
    before, after = ({row["data-id"] for row in hooks(page, "student-row")} for page in (first, more))
    assert len(after) == 5 and not before & after


def test_beyond_the_page_every_order_goes_on_with_nobody_twice(clerk, monkeypatch):
    for sort in ("seat", "-seat", "name", "-name"):
        whole = [row["data-id"] for row in hooks(clerk.get(f"/students?sort={sort}"), "student-row")]
        with monkeypatch.context() as few:
            few.setattr("app.services.pupils.listing.list_students.__kwdefaults__", {"most": 7})
            page, seen = clerk.get(f"/students?sort={sort}"), []
            while True:
                seen += [row["data-id"] for row in hooks(page, "student-row")]
                following = hooks(page, "next-page")
                if not following:
                    break
                page = clerk.get(following[0]["href"])
        assert seen == whole


def test_the_county_chooses_a_school_or_a_status(sign_in, county):
    officer = sign_in("officer.a")
    page = officer.get("/students")
    schools = [link.get_text(strip=True) for link in page.html.select("tbody th a")]
    assert "竹山县堵河路小学" in schools and len(schools) == len(set(schools)) == 7
    assert "覃思源" in shown(officer.get(f"/students?school={county.body('a1')}"))
    assert shown(officer.get("/students?status=02")) == ["覃思源"]
    assert hooks(officer.get(f"/students?school={county.body('b1')}"), "student-row") == []


def test_a_teacher_sees_the_class_and_an_administrator_none(sign_in, county):
    teacher = sign_in("teacher.a1")
    assert set(shown(teacher.get("/students"))) == set(shown(teacher.get(f"/students?class={county.class_('a1', year=4)}")))
    assert "单小荷" in shown(teacher.get("/students")) and "覃思源" not in shown(teacher.get("/students?status=02"))
    sign_in("sysadmin").get("/students", status=403)


def test_what_people_typed_stands_in_a_list_as_text(clerk, county):
    child = db.session.get(Student, county.pupil("common.1"))
    child.current_address, name = '<b>"东街"</b> & 5号', child.name
    db.session.commit()
    page = clerk.get(f"/students?class={child.class_id}&col=sex&col=current_address&col=guardian")
    [row] = [row for row in hooks(page, "student-row") if row["data-id"] == str(child.id)]
    assert row.find("b") is None and [cell.get_text() for cell in row.find_all(["td", "th"])][1:4] == [name, codes.table("sex_form").label(child.sex), '<b>"东街"</b> & 5号']
    assert all(len(row.find_all(["td", "th"])) == 6 for row in hooks(page, "student-row"))
    assert [tick["value"] for tick in page.html.select('[name="col"][checked]')] == ["sex", "current_address", "guardian"]


# ---------------------------------------------------------------- one pupil

def test_what_is_not_hers_to_see_answers_like_what_is_not_there(sign_in, county, pupil):
    stranger = sign_in("registrar.b1")
    for path in ("", "/history", "/edit", "/photo"):
        assert nobody(stranger, f"/students/{pupil}{path}") == nobody(stranger, f"/students/7{path}")
    form = form_with(stranger.get(f"/students/{county.pupil('reading.zeng')}"), "reason")
    form["reason"] = "核对"
    for target in (pupil, 7):
        form.action = f"/students/{target}/reveal"
        assert form.submit(status=404)
    assert events("student.revealed") == []


def test_the_page_tells_the_record_with_numbers_masked(clerk, pupil):
    page = clerk.get(f"/students/{pupil}")
    record = records.load(db.session, pupil)
    text = page.html.get_text(" ", strip=True)
    assert page.html.h1.get_text(" ", strip=True) == "庹思远 在读"
    for told in ("男，2018年10月13日出生，汉族；竹山县堵河路小学 二年级1班 1号，走读", "民族 汉族", record["guardians"][0]["name"], "学籍经历", "2025级1班", "招生"):
        assert told in text
    for field in ("id_doc_no", "national_no", "phone", "main_number"):
        assert record[field] not in page.text
    assert all(number not in page.text for one in record["guardians"] for number in (one["phone"], one["id_doc_no"]))


def test_a_pending_pupil_says_so_with_the_case_that_holds_her(clerk, sign_in):
    row = db.session.execute(select(Student.id, Student.name).where(Student.lifecycle == "pending").limit(1)).one()
    page = clerk.get(f"/students/{row.id}")
    assert [tag.get_text(strip=True) for tag in page.html.select("h1 [data-hook=state]")] == ["待审核"]
    assert "新生登记" in page.html.select_one(".note.soon").get_text() and hooks(page, "case-row")
    assert page.html.find("a", string="修改信息") is None


def test_a_teacher_sees_no_way_to_a_full_number_and_cannot_edit(sign_in, county):
    teacher = sign_in("teacher.a1")
    child = county.pupil("reading.shan")
    page = teacher.get(f"/students/{child}")
    assert hooks(page, "reveal-idno") == [] and page.html.find("a", string="修改信息") is None
    teacher.get(f"/students/{child}/edit", status=403)


def test_a_revealed_number_stands_once_and_leaves_its_trace(clerk, pupil):
    number = records.load(db.session, pupil)["id_doc_no"]
    answer = clerk.fill_in(f"/students/{pupil}", reason="核对户口簿")
    assert (answer.status_int, answer.headers["Cache-Control"]) == (200, "no-store")
    assert hooks(answer, "idno")[0].get_text() == number
    assert events("student.revealed") == [{"what": "身份证件号", "reason": "核对户口簿"}]
    again = clerk.get(f"/students/{pupil}")
    assert number not in again.text
    item = hooks(again, "timeline-item")[0]
    assert item["data-actor"] == "庹明慧" and "核对户口簿" in item.get_text()


def test_without_a_reason_nothing_is_shown(clerk, pupil):
    number = records.load(db.session, pupil)["id_doc_no"]
    answer = clerk.fill_in(f"/students/{pupil}", reason="")
    assert answer.status_int == 422
    assert errors(answer) == {"reason": "请写明查看完整号码的原因，如“核对户口簿”。"}
    assert number not in answer.text and events("student.revealed") == []


def test_htmx_gets_the_numbers_alone(clerk, pupil):
    page = clerk.get(f"/students/{pupil}")
    form = form_with(page, "reason")
    form["reason"] = "核对"
    answer = form.submit(headers={"HX-Request": "true", "HX-Target": "numbers"})
    assert answer.text.lstrip().startswith('<div id="numbers"') and "<html" not in answer.text


def test_the_history_goes_on_page_by_page(clerk, pupil, monkeypatch):
    for number in range(5):
        clerk.fill_in(f"/students/{pupil}", reason=f"第{number}次")
    monkeypatch.setattr("app.views.students.HISTORY", 2)
    page, told = clerk.get(f"/students/{pupil}/history"), []
    while True:
        told += [item.q.get_text() for item in hooks(page, "timeline-item")]
        following = hooks(page, "next-page")
        if not following:
            break
        page = clerk.get(following[0]["href"])
    assert told == [f"理由：第{number}次" for number in (4, 3, 2, 1, 0)]


# ---------------------------------------------------------------- editing

def test_an_item_is_edited_and_the_timeline_says_old_and_new(clerk, pupil):
    answer = clerk.fill_in(f"/students/{pupil}/edit", email="lu@example.com")
    assert (answer.status_int, answer.location) == (303, f"/students/{pupil}")
    assert "电子信箱：空 → lu@example.com" in answer.follow().text
    assert [list(facts["changes"]) for facts in events("student.edited")] == [["电子信箱"]]


def test_key_items_are_shown_and_not_asked(clerk, pupil):
    page = clerk.get(f"/students/{pupil}/edit")
    asked = set(form_with(page, "email").fields)
    assert not asked & {"name", "sex", "birth_date", "id_doc_type", "id_doc_no", "nationality", "overseas_status", "national_no", "class_code", "student_kind"}
    assert "须凭户口簿等材料申请关键信息变更" in page.text


def test_what_is_wrong_comes_back_beside_its_field_with_what_was_typed(clerk, pupil):
    answer = clerk.fill_in(f"/students/{pupil}/edit", phone="123", email="x@example.com", member1_is_guardian="0", member2_is_guardian="0")
    assert answer.status_int == 422
    assert errors(answer)["phone"].startswith("联系电话应为 11 位手机号")
    assert form_with(answer, "phone")["email"].value == "x@example.com"
    assert len(summary(answer)) == len(errors(answer)) and events("student.edited") == []


def test_a_second_click_saves_once(clerk, pupil):
    form = form_with(clerk.get(f"/students/{pupil}/edit"), "email")
    form["email"], form["phone"] = "once@example.com", "13812345678"
    assert [form.submit().location for _ in range(2)] == [f"/students/{pupil}"] * 2
    assert len(events("student.edited")) == 1


def test_members_come_and_go_by_the_form(clerk, pupil):
    form = form_with(clerk.get(f"/students/{pupil}/edit"), "member2_gone")
    newcomer = max(int(name[6]) for name in form.fields if name and name.startswith("member"))
    form["member2_gone"] = True
    for name, value in {"name": "何桂香", "relation": "62", "phone": "13900001111", "is_guardian": "1", "hukou_place_code": "420323", "current_address": "同学生"}.items():
        form[f"member{newcomer}_{name}"] = value
    assert not any("required" in element.attrs for element in form.html.select(f"[name=member{newcomer}_name]"))
    gone = form["member2_name"].value
    assert form.submit().status_int == 303
    family = [one["name"] for one in records.load(db.session, pupil)["guardians"]]
    assert "何桂香" in family and gone not in family


def test_two_who_edit_at_once_are_shown_both_sides_and_lose_nothing(clerk, sign_in, pupil):
    mine = form_with(clerk.get(f"/students/{pupil}/edit"), "email")
    clerk.fill_in(f"/students/{pupil}/edit", postcode="442299", talent="书法", phone="13812345678")
    mine["email"], mine["talent"] = "lu@example.com", "围棋"
    answer = mine.submit(status=409)
    assert "庹明慧在 2026年9月11日" in answer.html.get_text()
    rows = {row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in answer.html.select("tbody tr")}
    assert rows["特长"][1:] == ["书法", "围棋"] and rows["电子信箱"] == ["空", "空", "lu@example.com"]
    assert rows["邮政编码"][1:] == ["442299", rows["邮政编码"][0]] and rows["联系电话"][1] == "138****5678"
    assert set(rows) == {"特长", "电子信箱", "邮政编码", "联系电话"}
    again = form_with(answer, "version").submit("again")
    assert again.status_int == 200
    form = form_with(again, "email")
    assert (form["email"].value, form["talent"].value, form["postcode"].value, form["phone"].value) == ("lu@example.com", "围棋", "442299", "138****5678")
    assert form.submit().status_int == 303
    record = records.load(db.session, pupil)
    assert (record["email"], record["talent"], record["postcode"], record["phone"]) == ("lu@example.com", "围棋", "442299", "13812345678")


def test_a_choice_that_was_changed_meanwhile_is_told_in_words(clerk, pupil):
    mine = form_with(clerk.get(f"/students/{pupil}/edit"), "email")
    clerk.fill_in(f"/students/{pupil}/edit", talent="书法")
    mine["attendance_mode"] = "3"
    rows = {row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in mine.submit(status=409).html.select("tbody tr")}
    assert rows["就读方式"] == ["走读", "走读", codes.table("attendance_mode").label("3")]


# ---------------------------------------------------------------- photo

def test_a_photo_is_handed_in_and_shown(clerk, pupil):
    form = form_with(clerk.get(f"/students/{pupil}/edit"), "photo")
    form["photo"] = ("庹思远.jpg", picture(), "image/jpeg")
    assert form.submit().location == f"/students/{pupil}"
    image = clerk.get(clerk.get(f"/students/{pupil}").html.select_one("img.photo")["src"])
    assert (image.content_type, image.body[:3]) == ("image/jpeg", b"\xff\xd8\xff")


def test_what_is_no_photo_is_told_on_the_form(clerk, pupil):
    form = form_with(clerk.get(f"/students/{pupil}/edit"), "photo")
    form["photo"] = ("x.jpg", b"#!/bin/sh\n" * 400, "image/jpeg")
    answer = form.submit(status=422)
    assert "照片只收 JPEG 和 PNG 图片" in errors(answer)["photo"]
    clerk.get(f"/students/{pupil}/photo", status=404)


# ---------------------------------------------------------------- the same number of queries, however many pupils there are

def test_every_page_asks_at_most_eight_times_and_no_more_for_more(clerk, sign_in, county, pupil):
    officer = sign_in("officer.a")
    name = search(clerk, "汪").location
    number = search(officer, county.known("twin.1").item["guardians"][0]["phone"]).location
    pages = [(clerk, f"/students?class={county.class_('a1')}"), (clerk, "/students"), (clerk, name), (officer, number), (officer, "/students"),
             (officer, f"/students?school={county.body('a1')}&class={county.class_('a1')}"), (clerk, f"/students/{pupil}"), (clerk, f"/students/{pupil}/history")]
    few = [queries(*one) for one in pages]
    enrol(county.body("a1"), county.class_("a1"), 100)
    assert [queries(*one) for one in pages] == few
    assert max(few) <= 8
