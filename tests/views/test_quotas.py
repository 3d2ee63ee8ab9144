"""The county sets each school's plan; the school reads its own."""

import pytest

from app.extensions import db
from app.services.schools import quotas
from tests.pages import errors, form_with, hooks, summary


@pytest.fixture
def shan(sign_in):
    return sign_in("officer.a")


def lines(page):
    return [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in page.html.select("tbody tr")]


def test_the_county_sees_every_school_and_a_school_its_own(shan, sign_in, county):
    plan = quotas.of(db.session, county.body("a1"), "1", 2026)
    found = lines(shan.get("/quotas"))
    assert [line[:2] for line in found] == [
        ["堵河路小学", "小学"], ["柳垭镇枫树坪教学点", "小学"], ["柳垭镇九年一贯制学校", "小学"], ["柳垭镇九年一贯制学校", "初中"],
        ["春晖特殊教育学校", "小学"], ["春晖特殊教育学校", "初中"], ["南门初级中学", "初中"], ["江北实验初级中学", "初中"], ["云台高级中学", "高中"],
    ]
    assert found[0][3:] == [str(plan.used), str(plan.planned), str(plan.planned - plan.used), "调整 堵河路小学小学"]
    assert lines(sign_in("registrar.a1").get("/quotas")) == [["堵河路小学", "小学", "", str(plan.used), str(plan.planned), str(plan.planned - plan.used)]]
    assert [line[0] for line in lines(sign_in("township.a.t1").get("/quotas"))] == ["柳垭镇枫树坪教学点", "柳垭镇九年一贯制学校", "柳垭镇九年一贯制学校"]
    city = sign_in("officer.city1")
    assert [line[0] for line in lines(city.get(f"/quotas?county={county.body('b')}"))] == ["北城小学", "南潭实验小学", "筑水初级中学", "凤凰山高级中学"]


def test_a_plan_is_changed_with_its_grounds(shan, county):
    used = quotas.of(db.session, county.body("a1"), "1", 2026).used
    address = f"/quotas/{county.body('a1')}/1/2026"
    assert errors(shan.fill_in(address, planned="很多", reason="", status=422)) == {"planned": "计划数请填写整数", "reason": "请填写依据，例如文件的名称和文号"}
    assert errors(shan.fill_in(address, planned=str(used - 1), reason="竹教发〔2026〕3号", status=422)) == {
        "planned": f"已登记 {used} 人，计划数不能少于 {used}。请先核对已登记的新生。",
    }
    page = shan.fill_in(address, planned="120", reason="竹教发〔2026〕3号").follow()
    assert [element.get_text(strip=True) for element in hooks(page, "flash")] == ["办成：堵河路小学2026年小学招生计划为 120 人。"]
    assert quotas.of(db.session, county.body("a1"), "1", 2026).planned == 120


def test_a_plan_is_set_where_there_was_none(shan, county):
    assert lines(shan.get("/quotas?year=2027"))[0][2:] == ["还没有核定", "核定 堵河路小学小学"]
    shan.fill_in(f"/quotas/{county.body('a1')}/1/2027", planned="0", reason="停招")
    assert tuple(quotas.of(db.session, county.body("a1"), "1", 2027)[:2]) == (0, 0)


def test_who_comes_second_sees_both_sides(shan, county):
    address = f"/quotas/{county.body('a1')}/1/2026"
    form = form_with(shan.get(address), "planned")
    quotas.plan(county.body("a1"), "1", 2026, 150, reason="补报", version=1, actor=county.actor("officer2.a"))
    form["planned"], form["reason"] = "130", "竹教发〔2026〕3号"
    page = form.submit(status=409)
    assert summary(page)[0].startswith("堵河路小学的招生计划刚被瞿安澜在")
    assert lines(page) == [["计划数", "150", "130"]]
    assert form_with(page, "planned").submit().status_int == 303


def test_nobody_else_sets_it_and_no_other_county_s(shan, sign_in, county):
    assert sign_in("registrar.a1").get(f"/quotas/{county.body('a1')}/1/2026", status=403).status_int == 403
    for address in (f"/quotas/{county.body('b1')}/1/2026", f"/quotas/{county.body('a1')}/2/2026", f"/quotas/{county.body('a1')}/1/1999"):
        assert shan.get(address, status=404).status_int == 404
