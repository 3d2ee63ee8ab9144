"""Whoever works by the rules reads them with their articles."""

from datetime import date

from app.extensions import db
from app.services.administration import policies
from tests.pages import errors, form_with


def lines(page, group):
    heading = next(title for title in page.html.select("h2") if title.get_text() == group)
    return {
        line.select_one("th").get_text(): [cell.get_text(" ", strip=True) for cell in line.select("td")]
        for line in heading.find_parent("section").select("tbody tr")
    }


def test_an_officer_reads_the_county_s_rules_with_where_they_come_from(sign_in, county, today, now):
    policies.set_policy(county.body("a"), "national2025", {"class_limit_primary": "40"}, from_on=date(2026, 9, 11), actor=county.actor("officer.a"), today=today, now=now)
    page = sign_in("officer.a").get("/policies")
    assert page.html.select_one(".lead").get_text() == "竹山县教育局：国家（2025年版），第 2 版，2026年9月11日起，1 项与国家默认不同"
    assert lines(page, "学制与班额")["小学班额上限"] == ["40 人", "45 人", "本地规则（第 2 版） 默认依据：《河北省义务教育阶段学生学籍管理办法实施细则（试行）》", "本地规定"]
    assert lines(page, "学制与班额")["特殊教育班额上限"] == ["12 人", "12 人", "本系统约定", "尚未核实"]
    assert len(page.html.select("tbody tr th[scope=row]")) > 80
    short = sign_in("officer.a").get("/policies?differs=1")
    assert [heading.get_text() for heading in short.html.select("main section h2")] == ["学制与班额", "历次版本"]
    assert list(lines(short, "学制与班额")) == ["小学班额上限"]


def test_others_choose_the_bureau_and_a_school_does_not_look_here(sign_in, county):
    auditor = sign_in("auditor")
    page = auditor.get(f"/policies?body={county.body('c')}")
    assert page.html.select_one(".lead").get_text().startswith("远安县教育局：国家（2025年版）")
    assert auditor.get(f"/policies?body={10**30}").status_int == 200
    assert sign_in("registrar.a1").get("/policies", status=403).status_int == 403


def edit(person, **values):
    form = form_with(person.get("/policies/edit"), "class_limit_primary")
    for name, value in values.items():
        form[name] = value
    return form.submit(status="*")


def test_a_county_changes_a_rule_from_a_day_on_after_reading_the_difference(sign_in, county, today):
    officer = sign_in("officer.a")
    check = edit(officer, class_limit_primary="40", from_on="2026年10月1日")
    assert lines(check, "改动 1 项") == {
        "小学班额上限": ["45 人", "40 人", "45 人", "本地规则（第 2 版） 默认依据：《河北省义务教育阶段学生学籍管理办法实施细则（试行）》", "本地规定"]}
    shown = form_with(check, "class_limit_primary").submit().follow()
    assert "已定下第 2 版规则，2026年10月1日起用" in shown.text
    assert policies.policy_for(db.session, county.body("a"), today).class_limit_primary == 45
    assert policies.policy_for(db.session, county.body("a"), date(2026, 10, 1)).class_limit_primary == 40
    history = [line.get_text(" ", strip=True) for line in shown.html.select_one("#versions-h").find_parent("section").select("tbody tr")]
    assert history[0] == f"第 2 版 未起用 国家（2025年版） 2026年10月1日 2026年9月11日 {county.actor('officer.a').name} 小学班额上限：45 → 40"
    assert history[1].startswith("第 1 版 现行")
    assert "第 2 版已定于 2026年10月1日 起用" in officer.get("/policies/edit").html.select_one(".note.soon").get_text(" ", strip=True)


def test_a_rule_of_a_business_that_is_not_there_yet_says_so(sign_in):
    told = lines(sign_in("officer.a").get("/policies"), "毕业与升级")
    waits = "由“毕业”业务使用；这项业务还没有启用，现在改动不起作用。"
    assert [title for title, cells in told.items() if waits in cells[2]] == ["义务教育毕业须经县级核准", "高中毕业须经主管部门核准", "毕业证书须经验印", "问题学籍未处理的毕业"]


def test_another_profile_is_taken_whole(sign_in, county):
    officer = sign_in("officer.a")
    form = form_with(officer.get("/policies/edit"), "class_limit_primary")
    form["profile"] = "zhushan"
    page = form.submit("take", value="profile")
    assert form_with(page, "class_limit_primary")["suspension_longest"].value == "3 个月"
    check = form_with(page, "class_limit_primary").submit()
    assert lines(check, check.html.select_one("#changes-h").get_text())["一次休学最长"][:2] == ["12 个月", "3 个月"]


def test_what_is_wrong_stands_beside_its_rule_and_nothing_is_lost(sign_in):
    officer = sign_in("officer.a")
    page = edit(officer, class_limit_primary="很多", suspension_longest="40 个月", from_on="2026-09-01")
    assert page.status_int == 422
    assert errors(page) == {"from_on": "规则不能从过去的日期起改变，请填写今天或以后的日期。"}
    page = edit(officer, class_limit_primary="很多")
    assert errors(page) == {"class_limit_primary": "“小学班额上限”请填写 1 至 200 之间的整数（人）。"}
    assert form_with(page, "class_limit_primary")["class_limit_primary"].value == "很多"
    assert "没有改动任何规则" in edit(officer).text


def test_a_school_and_an_administrator_do_not_change_rules(sign_in):
    for who in ("registrar.a1", "sysadmin"):
        sign_in(who).get("/policies/edit", status=403)
