"""招生计划调整 as clerks do it: asked for on the page, sent back, mended, agreed, undone."""

from app.extensions import db
from app.services.schools import quotas
from tests.pages import errors, form_with, summary

WORDS = {"number": "15", "reason": "小区交付，学区内适龄儿童增加", "document": "县教育局会议纪要〔2026〕12号"}


def decide(person, address, **fields):
    form = form_with(person.get(address), "action")
    for name, value in fields.items():
        form[name] = value
    return form.submit().follow()


def test_a_plan_is_asked_for_returned_mended_agreed_and_undone(sign_in, county):
    clerk, officer = sign_in("registrar.a1"), sign_in("officer.a")
    assert "招生计划调整" in clerk.get("/cases/new").text
    planned = quotas.of(db.session, county.body("a1"), "1", 2026).planned
    shown = clerk.fill_in("/cases/new/quota", **WORDS).follow()
    address = shown.request.path
    assert "堵河路小学2026年小学 招生计划调整" in shown.html.select_one("h1").text
    assert f"{planned + 15} 人" in shown.text
    decide(officer, address, action="return", reason="02", note="请附会议纪要", mend=["document"])
    page = clerk.get(clerk.get(address).html.select_one("a.btn.main")["href"])
    assert "请附会议纪要" in page.text
    assert errors(page) == {"document": "退回时要求补正：依据文件"}
    form = form_with(page, "document")
    assert form["number"].value == "15"
    form["number"], form["document"] = "12", "竹教会〔2026〕3号"
    assert "待主管教育行政部门核定" in form.submit().follow().html.select_one('[data-hook="state"]').text
    shown = decide(officer, address, action="approve")
    assert "已生效" in shown.html.select_one('[data-hook="state"]').text
    db.session.rollback()
    assert quotas.of(db.session, county.body("a1"), "1", 2026).planned == planned + 12
    assert "回到调整以前" in officer.get(f"{address}/reverse").text
    officer.fill_in(f"{address}/reverse", reason="批复撤回").follow()
    db.session.rollback()
    assert quotas.of(db.session, county.body("a1"), "1", 2026).planned == planned
    assert "招生计划调整" in officer.get("/cases?kind=quota").text


def test_what_is_missing_is_told_beside_its_field_and_what_was_typed_stays(sign_in):
    clerk = sign_in("registrar.a1")
    page = clerk.fill_in("/cases/new/quota", number="很多", reason="", document="文", note="见附件")
    assert page.status_code == 422
    assert errors(page) == {"number": "增加人数请填写整数"}
    page = clerk.fill_in("/cases/new/quota", number="", reason="", document="文", note="见附件")
    assert (errors(page), form_with(page, "number")["note"].value) == (
        {"number": "请填写要增加的人数，至少 1 人", "reason": "请写明为什么要增加，例如“小区交付，学区内适龄儿童增加”"}, "见附件")
    assert len(summary(page)) == 2


def test_others_cannot_ask(sign_in):
    for who in ("teacher.a1", "township.a.t1", "auditor"):
        assert sign_in(who).get("/cases/new/quota", status="*").status_int == 403
