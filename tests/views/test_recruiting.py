"""跨区域招生 and 允许外招指令 as clerks and officers do them."""

import pytest

from tests.pages import errors, form_with, hooks
from tests.services.test_recruiting import Region
from tests.views.test_quota_cases import decide


@pytest.fixture
def region(county, today, now):
    return Region(county, today, now)


def test_asked_for_sent_back_agreed_and_instructions_given_and_taken_back(region, sign_in):
    clerk = sign_in("registrar.a4")
    assert "跨区域招生" in clerk.get("/cases/new").text
    fields = {"from_county": str(region.county.body("b")), "number": "1", "reason": "县际协作招生", "document": "竹教招〔2026〕5号"}
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
    assert errors(source.fill_in(f"{address}/instructions", number="G123")) == {"number": "生源地没有这个号码的在籍学生，请核对号码"}
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
