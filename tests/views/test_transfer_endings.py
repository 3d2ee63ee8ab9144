"""转学 at the browser: returned, refused, withdrawn, cleared, undone; decided together; decided for by the tier above."""



from app.models import Student
from tests.office import case, row
from tests.pages import errors, form_with, hooks, summary
from tests.transfer_hands import SIX, apply, child, decide, moving
from tests.views.test_cases import words

__all__ = ["moving"]


def test_a_return_reopens_the_same_form_with_what_is_to_be_mended_marked(sign_in, county, moving):
    head = sign_in("head.b1")
    form = form_with(head.get(f"/cases/{moving}"), "action")
    form["action"], form["reason"], form["note"] = "return", "02", "情况说明写明迁入日期"
    for box in form.fields["mend"]:
        box.checked = box._value in ("explanation", "evidence")
    assert form.submit().status_int == 303
    clerk = sign_in("registrar.b1")
    page = clerk.get(f"/cases/{moving}").click("补正并重新提交")
    assert errors(page) == {"explanation": "退回时要求补正：情况说明", "material": "退回时要求补正：佐证材料"}
    assert "情况说明写明迁入日期" in page.html.select_one("#mend").get_text()
    form = form_with(page, "reason")
    assert (form["reason"].value, form["guardian"].value) == ("02", "庹建国")
    form["explanation"] = "2026年8月迁入房县城关镇"
    answer = form.submit()
    assert answer.status_int == 303, (errors(answer), summary(answer))
    assert case(moving).step == "to_audit" and "2026年8月迁入" in answer.follow().text


def test_a_refusal_takes_a_listed_reason_and_ends_it(sign_in, county, moving):
    head = sign_in("head.b1")
    page = head.fill_in(f"/cases/{moving}", status=422, action="refuse")
    assert errors(page) == {"reason": "退回或不予办理须从列表中选择理由", "note": "请写明要补正的事项或不予办理的原因，一次写全"}
    page = head.fill_in(f"/cases/{moving}", status=422, action="refuse", note="学位已满")
    assert errors(page) == {"reason": "退回或不予办理须从列表中选择理由"}
    page = decide(head, moving, "refuse", reason="04", note="学位已满")
    assert words(page, "state") == ["不予办理"] and "学校学位已满或超班额" in page.text


def test_the_applicant_withdraws_while_it_is_open_anywhere(sign_in, county, moving):
    decide(sign_in("head.b1"), moving)
    clerk = sign_in("registrar.b1")
    page = clerk.get(f"/cases/{moving}").click("撤销这一件")
    assert form_with(page, "note").submit().status_int == 303
    assert case(moving).state == "withdrawn"


def test_either_county_clears_a_case_that_holds_a_child(sign_in, county, moving):
    officer = sign_in("officer.a")
    page = officer.get(f"/cases/{moving}").click("清理这一件")
    assert errors(form_with(page, "note").submit(status=422)) == {"note": "请写明为什么清理，例如“原学校来函，学生不再转学”"}
    assert officer.fill_in(f"/cases/{moving}/clear", note="家长来函，不再转学").status_int == 303
    assert case(moving).state == "cleared"


def test_the_home_school_asks_its_county_to_clear(sign_in, county, moving):
    pupil, clerk = child(county), sign_in("registrar.a1")
    page = clerk.get(f"/students/{pupil.id}")
    assert "转学由转入学校发起" in page.text and case(moving).number in page.html.select_one(".note.soon").get_text()
    page = clerk.get(f"/cases/{moving}").click("请主管部门清理")
    assert errors(form_with(page, "note").submit(status=422))["note"].startswith("请写明为什么请求清理")
    assert clerk.fill_in(f"/cases/{moving}/ask-to-clear", note="家长来校说明不再转学").status_int == 303
    assert summary(clerk.fill_in(f"/cases/{moving}/ask-to-clear", status=422, note="再请一次"))[0].startswith("已经请求过清理")
    officer = sign_in("officer.a")
    assert "家长来校说明不再转学" in officer.get("/").html.select_one("#clear").get_text()
    officer.fill_in(f"/cases/{moving}/clear", note="学校请求")
    assert not officer.get("/").html.select_one("#clear")
    assert sign_in("registrar.b1").get(f"/cases/{moving}/ask-to-clear", status=409).status_int == 409


def test_the_last_bureau_undoes_a_wrong_transfer(sign_in, county, moving):
    pupil = child(county)
    for who in SIX:
        decide(sign_in(who), moving)
    officer = sign_in("officer.a")
    assert "撤销已生效" not in sign_in("officer.b").get(f"/cases/{moving}").text
    page = officer.get(f"/cases/{moving}").click("撤销已生效的转学")
    assert errors(form_with(page, "reason").submit(status=422))["reason"].startswith("请写明撤销的原因")
    done = officer.fill_in(f"/cases/{moving}/reverse", reason="转错学生：两名学生同名")
    assert done.status_int == 303 and "转错学生" in done.follow().text
    page = sign_in("registrar.a1").get(f"/cases/{moving}")
    assert words(page, "state") == ["已作废"] and "已由" in page.html.select_one(".note.bad").get_text()
    assert row(Student, Student.id == pupil.id).school_id == county.body("a1")


def test_like_transfers_are_decided_at_once_with_a_result_for_each(sign_in, county):
    clerk = sign_in("registrar.b1")
    mine = [apply(clerk, child(county, key)) for key in ("twin.1", "twin.2")]
    head = sign_in("head.b1")
    page = head.get("/").click("<span class=\"sr\">转学<")
    form = form_with(page, "action")
    form["action"] = "approve"
    done = form.submit().follow()
    assert {int(item["data-id"]): item["data-state"] for item in hooks(done, "case-row")} == dict.fromkeys(mine, "done")
    assert {case(one).step for one in mine} == {"to_county"}


def test_from_the_eleventh_working_day_the_tier_above_decides_in_place(sign_in, county, monkeypatch):
    """Arrived on 28 September: 国庆 does not count, the make-up Saturday 10 October does."""
    monkeypatch.setenv("DEMO_TODAY", "2026-09-28")
    case_id = apply(sign_in("registrar.b1"), child(county))
    monkeypatch.setenv("DEMO_TODAY", "2026-10-16")
    officer = sign_in("officer.b")
    page = officer.get(f"/cases/{case_id}")
    assert words(page, "due") == ["今天到期"] and page.html.select_one("#decision") is None and officer.get("/").html.select_one("#late") is None
    monkeypatch.setenv("DEMO_TODAY", "2026-10-19")
    officer = sign_in("officer.b")
    assert "超期 1 个工作日" in officer.get("/").html.select_one("#late").get_text()
    page = officer.get(f"/cases/{case_id}")
    assert page.html.select_one("#decision-h").get_text() == "代办意见" and "本单位可以代办" in page.html.select_one(".note.soon").get_text()
    page = officer.fill_in(f"/cases/{case_id}", status=422, action="approve")
    assert errors(page) == {"note": "代办须说明理由：原办理单位已超期"}
    page = decide(officer, case_id, note="学校逾期未办，家长来访")
    item = hooks(page, "timeline-item")[0].get_text(" ", strip=True)
    assert "转入学校审核：同意" in item and "原办理单位超期，由上级代办" in item
    assert (case(case_id).step, page.html.select_one("#decision") is None or "代办" not in page.html.select_one("#decision-h").get_text()) == ("to_county", True)


def test_an_overdue_county_is_decided_for_by_its_city_which_saw_nothing_before(sign_in, county, moving, monkeypatch):
    for who in list(SIX)[:-1]:
        decide(sign_in(who), moving)
    assert sign_in("officer.city1").get(f"/cases/{moving}", status=404).status_int == 404
    monkeypatch.setenv("DEMO_TODAY", "2026-09-28")
    city = sign_in("officer.city1")
    assert str(moving) in {item["data-id"] for item in city.get("/").html.select('#late [data-hook="case-row"]')}
    page = decide(city, moving, note="县局逾期未办")
    assert words(page, "state") == ["已生效"]


# ---------------------------------------------------------------- on every page

def test_who_holds_it_since_when_and_until_when_is_on_every_page_about_it(sign_in, county, moving):
    lies = "到达北城小学，由学校审核人办理，应于9月24日前办结，还剩 10 个工作日"
    for who, path in (("registrar.b1", ""), ("registrar.b1", "/accepted"), ("registrar.b1", "/withdraw"), ("officer.a", "/clear"), ("registrar.a1", "/ask-to-clear")):
        page = sign_in(who).get(f"/cases/{moving}{path}")
        assert f"受理编号 {case(moving).number}，9月11日{lies}" in page.html.main.get_text(), path
        assert words(page, "due") == ["还剩 10 个工作日"]
    decide(sign_in("head.b1"), moving, "return", reason="02", note="居住证明看不清")
    mend = sign_in("registrar.b1").get(f"/cases/{moving}/edit")
    assert "9月11日到达北城小学，由学籍管理员办理，应于9月24日前办结，还剩 10 个工作日" in mend.html.select_one("#mend").get_text()
