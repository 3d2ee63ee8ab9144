"""Whoever works by the rules reads them with their articles."""

from datetime import date

from app.services import policies


def lines(page, group):
    heading = next(title for title in page.html.select("h2") if title.get_text() == group)
    return {
        line.select_one("th").get_text(): [cell.get_text(" ", strip=True) for cell in line.select("td")]
        for line in heading.find_parent("section").select("tbody tr")
    }


def test_an_officer_reads_the_county_s_rules_with_where_they_come_from(sign_in, county, today, now):
    policies.set_policy(county.body("a"), "national2025", {"class_limit_primary": "40"}, from_on=date(2026, 9, 11), actor=county.actor("officer.a"), today=today, now=now)
    page = sign_in("officer.a").get("/policies")
    assert page.html.select_one(".lead").get_text() == "竹山县教育局：国家（2025年版），第 2 版，2026年9月11日起"
    assert lines(page, "学制与班额")["小学班额上限"] == ["40 人", "45", "本地规则（第 2 版）", "已读原文"]
    assert lines(page, "学制与班额")["特殊教育班额上限"] == ["12 人", "12", "本系统约定", "尚未核实"]
    assert len(page.html.select("tbody tr th[scope=row]")) > 80


def test_others_choose_the_bureau_and_a_school_does_not_look_here(sign_in, county):
    auditor = sign_in("auditor")
    page = auditor.get(f"/policies?body={county.body('c')}")
    assert page.html.select_one(".lead").get_text().startswith("远安县教育局：国家（2025年版）")
    assert auditor.get(f"/policies?body={10**30}").status_int == 200
    assert sign_in("registrar.a1").get("/policies", status=403).status_int == 403
