"""The 系统管理员 keeps the tree of bodies; everybody else reads it."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Body
from app.services.administration import organisations
from tests.bureau import row
from tests.pages import errors, form_with, hooks, set_field, summary

NEW = {
    "name": "竹山县城西小学", "school_code": "2142900109", "local_code": "100109", "school_type": "211", "stages": "1", "principal": "甘棠",
}


@pytest.fixture
def wen(sign_in):
    return sign_in("sysadmin")


def flashed(page):
    return [element.get_text(strip=True) for element in hooks(page, "flash")]


def listed(page):
    return [line.select_one("th").get_text(strip=True) for line in page.html.select("#rows tr") if line.select_one("th")]


def new_school(wen, county, **changes):
    return wen.fill_in("/organisations/new?tier=school", located_in_id=str(county.body("a")), managed_by_id=str(county.body("a")), **(NEW | changes))


def test_the_tree_stands_beside_the_schools_of_an_office(wen, sign_in, county):
    page = wen.get(f"/organisations?in={county.body('a')}")
    assert [line.get_text(" ", strip=True) for line in page.html.select("ol.tasks li")] == [
        "全部 16 所", "浙江 2 所", "衢州 2 所", "龙游县 2 所", "湖北 14 所", "十堰 11 所", "竹山县 7 所", "柳垭镇中心学校 2 所", "房县 4 所", "宜昌 3 所", "远安县 3 所",
    ]
    assert listed(page) == [
        "竹山县堵河路小学", "竹山县南门初级中学", "竹山县柳垭镇九年一贯制学校", "竹山县云台高级中学", "竹山县柳垭镇枫树坪教学点", "竹山县春晖特殊教育学校",
        "十堰市江北实验初级中学",
    ]
    assert listed(wen.get("/organisations", {"in": county.body("city1"), "q": "江北"})) == ["十堰市江北实验初级中学"]
    assert listed(wen.get(f"/organisations?in={county.body('a')}&q=3142900102")) == ["竹山县南门初级中学"]
    assert listed(sign_in("registrar.d1").get("/organisations")) == ["龙游县灵溪小学", "龙游县竹海初级中学"]
    everywhere = listed(wen.get("/organisations"))  # who sits at no office begins with the whole house
    assert len(everywhere) > len(listed(wen.get("/organisations", {"in": county.body("province")}))) > 10 and {"龙游县灵溪小学", "十堰市江北实验初级中学"} <= set(everywhere)
    assert listed(wen.get("/organisations", {"q": "灵溪"})) == ["龙游县灵溪小学"]


def test_a_school_is_made_and_stands_on_its_page(wen, county):
    answer = new_school(wen, county)
    assert answer.status_int == 303

    page = answer.follow()
    facts = {cell.select_one("dt").get_text(strip=True): cell.select_one("dd").get_text(strip=True) for cell in page.html.select(".facts > div")}
    assert flashed(page) == ["办成：已新建竹山县城西小学。"]
    assert {title: facts[title] for title in ("学校标识码", "本地学校代码", "办学类型", "学段", "学制", "所在地", "主管机构", "校长", "地址")} == {
        "学校标识码": "2142900109", "本地学校代码": "100109", "办学类型": "小学", "学段": "小学", "学制": "六三制", "所在地": "竹山县", "主管机构": "竹山县",
        "校长": "甘棠", "地址": "未填",
    }


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(wen, county):
    page = new_school(wen, county, school_code="2142900101", local_code="1001", school_type="218")
    assert page.status_int == 422
    assert errors(page) == {
        "school_code": "学校标识码“2142900101”已经属于竹山县堵河路小学，一个学校标识码只能用于一所学校，撤销后也不再使用。请核对。",
        "local_code": "请填写本地学校代码，6 位数字：它写在班级编码里，同一个县内不重复。",
        "belongs_to_id": "教学点须隶属一所学校，请选择隶属学校（不能是另一个教学点）。",
    }
    assert summary(page) == list(errors(page).values())
    form = form_with(page, "principal")
    assert (form["principal"].value, form["school_code"].value, form["located_in_id"].value) == ("甘棠", "2142900101", str(county.body("a")))
    assert page.html.title.get_text().startswith("错误：")


def test_a_teaching_point_names_its_school_by_code_or_name(wen, county):
    answer = new_school(wen, county, school_type="218", belongs_to_id="竹山县堵河路小学")
    made = row(Body, Body.school_code == "2142900109")
    assert (answer.status_int, made.belongs_to_id) == (303, county.body("a1"))
    assert "竹山县城西小学" in wen.get(f"/organisations/{county.body('a1')}").text


def test_an_empty_form_is_told_everything_at_once(wen):
    page = form_with(wen.get("/organisations/new?tier=county"), "name").submit(status=422)
    assert errors(page) == {
        "name": "请填写机构名称。", "located_in_id": "请选择所在地：县级机构的所在地应是市、省级机构。", "managed_by_id": "请选择主管机构：县级机构的主管机构应是市、省级机构。",
        "division_code": "请填写县级的行政区划代码，6 位数字，例如 420323。",
        "abbreviation": "请填写文号简称，一两个字，例如“竹”：它写在受理编号和证明编号的开头。",
    }


def test_a_second_press_makes_no_second_school(wen, county):
    page = wen.get("/organisations/new?tier=school")
    form = form_with(page, "school_code")
    for name, value in (NEW | {"located_in_id": str(county.body("a")), "managed_by_id": str(county.body("a"))}).items():
        set_field(form, name, value)
    first, second = form.submit(), form.submit()
    assert (first.status_int, first.location) == (second.status_int, second.location)
    assert len(db.session.scalars(select(Body.id).where(Body.school_code == "2142900109")).all()) == 1


def test_who_comes_second_reads_who_was_first_and_sees_both_sides(wen, county):
    a1 = county.body("a1")
    form = form_with(wen.get(f"/organisations/{a1}/edit"), "principal")
    now = row(Body, Body.id == a1)
    facts = {column: getattr(now, column) for column in organisations.TITLES if hasattr(now, column)} | {"years_system": "63", "principal": "昝光明"}
    organisations.change(a1, facts, version=1, actor=county.actor("sysadmin"))

    form["principal"] = "伍兴国"
    page = form.submit(status=409)

    assert "堵河路小学刚被闻启航在" in summary(page)[0]
    assert [[cell.get_text() for cell in line.select("th, td")] for line in page.html.select("form table tbody tr")] == [["校长", "昝光明", "伍兴国"]]
    assert form_with(page, "principal").submit().status_int == 303
    assert row(Body, Body.id == a1).principal == "伍兴国"


def test_a_body_with_pupils_does_not_close_and_an_empty_one_does(wen, county):
    page = wen.fill_in(f"/organisations/{county.body('a1')}", reason="竹政发〔2026〕5号", status=422)
    assert summary(page) == [
        "堵河路小学还有 28 名学生在籍或正在登记，不能撤销。请先为他们办理转学或毕业。", "堵河路小学还有 4 件业务没有办完，不能撤销。请先办结。",
        "堵河路小学还有 3 个在任岗位，不能撤销。请先由安全管理员免去。",
    ]

    made = new_school(wen, county).location
    assert errors(wen.fill_in(made, reason=" ", status=422)) == {"reason": "请填写依据，例如批准文件的名称和文号"}
    page = wen.fill_in(made, reason="竹政发〔2026〕5号").follow()
    assert (flashed(page), page.html.select_one(".lead .tag").get_text()) == (["办成：已撤销竹山县城西小学。"], "已撤销")
    assert "竹山县城西小学" not in listed(wen.get(f"/organisations?in={county.body('a')}"))
    assert "竹山县城西小学" in listed(wen.get(f"/organisations?in={county.body('a')}&closed=1"))
    assert flashed(wen.fill_in(made, reason="竹政发〔2026〕9号").follow()) == ["办成：已恢复竹山县城西小学。"]


def test_a_registrar_reads_and_may_not_change(sign_in, county):
    clerk = sign_in("registrar.a1")
    page = clerk.get(f"/organisations/{county.body('a1')}")
    assert "修改" not in [link.get_text() for link in page.html.select(".actions a")]
    for address in (f"/organisations/{county.body('a1')}/edit", "/organisations/new?tier=school", "/organisations/import", "/organisations/template.xlsx"):
        assert clerk.get(address, status=403).status_int == 403


def test_another_county_and_what_is_not_there_answer_alike(sign_in, county):
    clerk = sign_in("registrar.c1")
    foreign, missing, endless = (clerk.get(f"/organisations/{number}", status=404) for number in (county.body("a1"), 1, 10**30))
    assert foreign.html.main.get_text() == missing.html.main.get_text() == endless.html.main.get_text()
    assert sign_in("registrar.a1").get(f"/organisations/{county.body('a1')}").status_int == 200


def workbook(*rows):
    book = openpyxl.Workbook()
    for line in (["机构层级", "机构名称", "所在地", "学校标识码", "本地学校代码", "办学类型", "学段"], *rows):
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(wen, data, status="*"):
    form = form_with(wen.get("/organisations/import"), "file")
    form["file"] = ("机构.xlsx", data)
    return form.submit(status=status)


def test_a_workbook_comes_in_whole_or_not_at_all(wen, county):
    good = ["学校", "竹山县城西小学", "竹山县教育局", "2142900109", "100109", "小学", "小学"]
    page = upload(wen, workbook(good, ["学校", "竹山县城南小学", "竹山县教育局", "2142900110", "100109", "小学", "小学"]), 422)
    assert summary(page) == ["第 3 行 E 列【本地学校代码】“100109”：本地学校代码“100109”已经属于竹山县城西小学，本县内不能重复，请换一个。"]
    assert [[cell.get_text() for cell in line.select("th, td")] for line in page.html.select("section[aria-labelledby=faults-h] tbody tr")] == [
        ["3", "E", "本地学校代码", "100109", "本地学校代码“100109”已经属于竹山县城西小学，本县内不能重复，请换一个。"],
    ]
    assert db.session.scalars(select(Body.id).where(Body.school_code == "2142900109")).all() == []

    page = upload(wen, workbook(good), 303).follow()
    assert flashed(page) == ["办成：导入了 1 个机构。"]
    assert row(Body, Body.school_code == "2142900109").managed_by_id == county.body("a")


def test_what_is_no_workbook_is_told_beside_the_field(wen):
    assert set(errors(upload(wen, b"PK\x03\x04 broken", 422))) == {"file"}
    assert errors(form_with(wen.get("/organisations/import"), "file").submit(status=422)) == {"file": "请选择要导入的文件"}


def test_the_template_comes_as_a_workbook(wen):
    answer = wen.get("/organisations/template.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(answer.body)).sheetnames == ["机构", "填表说明", "代码表"]


def test_the_foot_of_a_page_says_whom_of_ones_own_county_to_call_and_when(app, county, sign_in):
    def foot(person):
        app.extensions.pop("sites", None)  # read anew
        office, call = person.get("/").html.select("footer span")[:2]
        return [office.get_text(strip=True), call.get_text(strip=True)]

    clerk, neighbour = sign_in("registrar.a1"), sign_in("registrar.b1")
    assert foot(clerk) == ["竹山县教育局", "业务咨询 0719-9300001（工作日 8:00—12:00，14:30—17:30）"]
    assert foot(neighbour) == ["房县教育局", "业务咨询 0719-9300002（工作日 8:00—12:00，14:30—17:30）"]

    path = f"/organisations/{county.body('a')}/edit"
    sign_in("sysadmin").fill_in(path, phone="0719-9300088", office_hours="", status=303)
    assert (foot(clerk), foot(neighbour)) == (["竹山县教育局", "业务咨询 0719-9300088"], ["房县教育局", "业务咨询 0719-9300002（工作日 8:00—12:00，14:30—17:30）"])
    sign_in("sysadmin").fill_in(path, phone="", status=303)
    assert foot(clerk) == ["竹山县教育局", "查看、修改、打印均留痕"]
