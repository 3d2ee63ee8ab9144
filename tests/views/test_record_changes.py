"""关键信息变更 and its like as people meet them: what is changed beside what the record says, the form to be signed, the county's own way."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.identity import masks
from app.models import Event, Student
from app.services.pupils import records
from tests.pages import errors, form_with
from tests.views.test_changes import fill
from tests.views.test_documents import tool, words  # noqa: F401 - a fixture


@pytest.fixture
def pupil(county):
    return county.pupil("twin.1")


def hand_in(check):
    form = form_with(check, "truthful")
    form["truthful"] = True
    return form.submit().follow()


def facts(page):
    return {term.text.strip(): term.find_next_sibling("dd").text.strip() for term in page.html.select("dl.facts dt")}


def test_old_stands_beside_new_and_only_what_changes_is_asked(sign_in, pupil, county):
    clerk, known = sign_in("registrar.a1"), county.known("twin.1").item
    page = clerk.get(f"/cases/new/key-change/{pupil}")
    says = {name: page.html.select_one(f"#{name}-says").text.strip() for name in ("name", "sex", "id_doc_no")}
    assert says == {"name": f"现在：{known['name']}", "sex": "现在：男", "id_doc_no": f"现在：{masks.number(known['id_doc_no'])}"}
    check = fill(clerk, "key-change", pupil, name="欧阳 知远", explanation="户口簿已更名").follow()
    assert f"{known['name']} → 欧阳知远" in check.text and "学籍号不变" in check.text and "国籍/地区" not in check.text
    shown = hand_in(check)
    assert "还缺：学籍信息变更申请表（监护人签字）、户口簿（变更页）、户籍管理部门的证明" in shown.text and facts(shown)["姓名变更"] == f"{known['name']} → 欧阳知远"
    for who in ("head.a1", "officer.a"):
        form = form_with(sign_in(who).get(shown.request.path), "action")
        form["action"] = "approve"
        shown = form.submit().follow()
    assert "已生效" in shown.html.select_one('[data-hook="state"]').text
    clerk = sign_in("registrar.a1")
    page = clerk.get(f"/students/{pupil}")
    assert "欧阳知远" in page.html.select_one("h1").text and known["name"] in page.text
    found = form_with(clerk.get("/students"), "q")
    found["q"] = known["name"]
    assert str(pupil) in [one["data-id"] for one in found.submit().follow().html.select('[data-hook="student-row"]')]


def test_what_cannot_be_kept_is_told_beside_its_item_and_a_number_is_shown_masked(sign_in, pupil):
    clerk = sign_in("registrar.a1")
    page = fill(clerk, "key-change", pupil, name="王2", birth_date="九月三日", explanation="更正")
    assert page.status_code == 422
    assert set(errors(page)) == {"name", "birth_date"}
    assert page.forms["change"]["name"].value == "王2"
    number = records.load(db.session, pupil)["id_doc_no"]
    check = fill(clerk, "key-change", pupil, name="", birth_date="", id_doc_no=number[:17] + ("0" if number[17] != "0" else "1"), explanation="更正").follow()
    assert "不符合条件" in check.text and number[4:14] not in check.text


def test_the_form_to_be_signed_comes_from_the_draft_and_from_the_case_and_each_printing_is_told(sign_in, pupil, tool):  # noqa: F811
    clerk = sign_in("registrar.a1")
    check = fill(clerk, "key-change", pupil, name="欧阳知远", explanation="户口簿已更名").follow()
    pdf = clerk.get(f"/cases/new/key-change/{pupil}/form.pdf")
    name = records.load(db.session, pupil)["name"]
    assert pdf.content_type == "application/pdf" and "打印学籍信息变更申请表" in check.text
    assert f"姓名{name}欧阳知远户口簿已更名" in words(pdf.body, tool)
    shown = hand_in(check)
    assert "打印学籍信息变更申请表" in shown.text
    assert f"姓名{name}欧阳知远" in words(clerk.get(f"{shown.request.path}/form.pdf").body, tool)
    assert db.session.scalars(select(Event.name).where(Event.name == "student.printed")).all() == ["student.printed"] * 2
    sign_in("registrar.b1").get(f"{shown.request.path}/form.pdf", status=404)
    clerk = sign_in("registrar.a1")
    clerk.get(f"/cases/new/death/{pupil}/form.pdf", status=404)


def test_the_county_corrects_from_the_page_of_the_pupil_and_another_person_agrees(sign_in, pupil):
    officer = sign_in("officer.a")
    begun = officer.get(officer.get(f"/students/{pupil}").html.find("a", string="办理业务")["href"])
    link = officer.get(begun.html.find("a", string="关键信息变更")["href"]).location
    assert link == f"/cases/new/key-change/{pupil}"
    check = fill(officer, "key-change", pupil, nationality="702", explanation="登记时录错").follow()
    assert "主管教育行政部门复核" in check.text and "学校审核" not in check.text
    shown = hand_in(check)
    assert shown.html.find("form", id=None) is not None and "申请人不能审核" not in shown.text
    form = form_with(sign_in("officer2.a").get(shown.request.path), "action")
    form["action"] = "approve"
    assert "已生效" in form.submit().follow().html.select_one('[data-hook="state"]').text
    db.session.expire_all()
    assert db.session.get_one(Student, pupil).nationality == "702"
    officer = sign_in("officer.a")
    officer.get(f"/cases/new/suspension/{pupil}", status=403)
    assert officer.get("/cases/new/key-change").location.endswith("/students")


def test_poverty_is_certified_and_shown_on_the_record_but_on_no_class_list(sign_in, pupil, tool):  # noqa: F811
    clerk = sign_in("registrar.a1")
    check = fill(clerk, "poverty", pupil, poverty_status="2", basis="allowance", poverty_from="2026-09-01", explanation="父亲患病").follow()
    assert "一般困难2026年9月1日低保父亲患病" in words(clerk.get(f"/cases/new/poverty/{pupil}/form.pdf").body, tool)
    shown = hand_in(check)
    for who in ("head.a1", "officer.a"):
        form = form_with(sign_in(who).get(shown.request.path), "action")
        form["action"] = "approve"
        form.submit().follow()
    clerk = sign_in("registrar.a1")
    page = clerk.get(f"/students/{pupil}")
    assert "一般困难" in page.text and "2026年9月1日" in page.text
    class_id = db.session.get_one(Student, pupil).class_id
    listed = clerk.get(f"/classes/{class_id}")
    assert "困难" not in listed.text and str(pupil) in [one["data-id"] for one in listed.html.select('[data-hook="student-row"]')]
