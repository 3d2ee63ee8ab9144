"""跨区域招生 and 允许外招指令 as clerks and officers do them."""

import pytest

from tests.pages import errors, form_with, hooks
from tests.services.test_drawing import Autumn
from tests.services.test_recruiting import Region
from tests.views.test_quota_cases import decide


@pytest.fixture
def region(county, today, now):
    return Region(county, today, now)


@pytest.fixture
def autumn(county, today, now):
    return Autumn(county, today, now)


def test_asked_for_sent_back_agreed_and_instructions_given_and_taken_back(region, sign_in):
    clerk = sign_in("registrar.a4")
    assert "跨区域招生" in clerk.get("/cases/new").text
    fields = {"year": "2027", "from_county": str(region.county.body("b")), "number": "1", "reason": "县际协作招生", "document": "竹教招〔2026〕5号"}
    shown = clerk.fill_in("/cases/new/recruit-consent", **fields).follow()
    address = shown.request.path
    decide(sign_in("officer.a"), address, action="return", reason="03", note="请补计划", mend=["document"])
    page = clerk.get(clerk.get(address).html.select_one("a.btn.main")["href"])
    form = form_with(page, "document")
    form["document"] = "竹教招〔2026〕6号"
    assert "待招生学校主管部门同意" in form.submit().follow().text
    for who in ("officer.a", "officer.b", "officer.city1"):
        shown = decide(sign_in(who), address, action="approve")
    assert "已生效" in hooks(shown, "state")[0].text
    source = sign_in("officer.b")
    page = source.get(source.get(address).html.select_one('#instructions a')["href"])
    name, number = region.graduates()[0]
    assert errors(source.fill_in(f"{address}/instructions", number="G123")) == {"number": "生源地没有这个号码的在籍学生和毕业生，请核对号码"}
    given = source.fill_in(f"{address}/instructions", number=number).follow()
    assert "已签发" in given.text and number not in given.text
    assert "允许外招指令 1 份" in clerk.get(address).text
    back = given.html.select_one("#instructions tbody a")["href"]
    assert errors(source.fill_in(back, reason=" ")) == {"reason": "请写明为什么收回"}
    assert "已收回" in source.fill_in(back, reason="家长放弃").follow().text
    assert "家长放弃" in clerk.get(address).text
    assert name


def test_the_instructions_are_the_source_authoritys_alone(region, sign_in):
    case_id = region.agreed()
    assert {who: sign_in(who).get(f"/cases/{case_id}/instructions", status="*").status_int for who in ("officer.a", "registrar.a4", "officer.c", "officer.b")} == {
        "officer.a": 403, "registrar.a4": 403, "officer.c": 404, "officer.b": 200}


def test_a_primary_school_is_told_that_it_needs_none(sign_in):
    assert "不用办理跨区域招生" in sign_in("registrar.a1").get("/cases/new/recruit-consent").text


def test_the_record_is_drawn_from_the_desk_and_the_case_says_where_she_comes_from(autumn, sign_in):
    instruction, clerk = autumn.instruct(), sign_in("registrar.a4")
    assert clerk.get("/").html.select_one("#to-draw li").get_text().split() == ["1", "份外招学生的学籍待调档", "最近的到2026年9月30日为止，还剩", "19", "天"]
    listed = clerk.get("/cases/new/moving-up")
    assert [one["data-id"] for one in hooks(listed, "student-row")] == [str(instruction)]
    address = listed.html.select_one('[data-hook="student-row"] a')["href"]
    assert set(errors(clerk.fill_in(address, status=422, note=""))) == {"to_class", "truthful"}
    page = clerk.fill_in(address, to_class=str(autumn.class_id), truthful=True).follow()
    shown = page.request.path
    assert [one.get_text() for one in hooks(page, "state")] == ["待学校审核"] and "房县筑水初级中学" in page.html.select_one(".facts").get_text()
    decide(sign_in("head.a4"), shown, action="return", reason="03", note="请改编高一2班", mend=["to_class"])
    page = clerk.get(clerk.get(shown).html.select_one("a.btn.main")["href"])
    assert errors(page) == {"to_class": "退回时要求补正：编入班级"}
    form = form_with(page, "to_class")
    form["to_class"], form["truthful"] = str(autumn.county.class_("a4", stage="3", number=2)), True
    assert "待学校审核" in form.submit().follow().text
    decide(sign_in("head.a4"), shown, action="approve")
    done = decide(sign_in("officer.a"), shown, action="approve")
    assert [one.get_text() for one in hooks(done, "state")] == ["已生效"]
    assert "没有待调档的指令" in clerk.get("/cases/new/moving-up").text and clerk.get("/").html.select_one("#to-draw") is None
    assert "已调档" in sign_in("officer.b").get(f"/cases/{autumn.case_id}").text


def test_another_schools_instruction_is_not_there(autumn, sign_in):
    instruction = autumn.instruct()
    assert {who: sign_in(who).get(f"/cases/new/moving-up/{instruction}", status="*").status_int for who in ("registrar.a2", "registrar.b3", "head.a4", "officer.b")} == {
        "registrar.a2": 404, "registrar.b3": 404, "head.a4": 403, "officer.b": 403}


def test_until_she_has_graduated_the_list_says_what_is_waited_for(region, sign_in):
    case_id = region.agreed()
    region.give(case_id, region.graduates()[0][1])
    page = sign_in("registrar.a4").get("/cases/new/moving-up")
    assert "在读，等原学校办理毕业" in page.text and not page.html.select('[data-hook="student-row"] a')
