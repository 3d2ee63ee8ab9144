"""A school's classes: how full they are, who is in them; grades opened, classes made and changed."""

import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.models import Class, Grade
from app.services.schools import classes
from app.services.transactions import writes
from tests.bureau import TODAY, row
from tests.pages import errors, form_with, hooks, summary


@pytest.fixture
def tuo(sign_in):
    """庹明慧, who keeps the register of a1."""
    return sign_in("registrar.a1")


def flashed(page):
    return [element.get_text(strip=True) for element in hooks(page, "flash")]


def lines(page):
    return [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in page.html.select("tbody tr")]


@writes(traced=False)
def fill(s, class_id, headcount):
    s.execute(update(Class).where(Class.id == class_id).values(headcount=headcount))


def test_every_class_of_the_school_stands_under_its_grade_with_its_number_and_limit(tuo, county):
    fill(county.class_("a1", "1", 1, 2), 47)
    fill(county.class_("a1", "1", 2, 1), 45)
    found = lines(tuo.get("/classes"))
    assert [line[0] for line in found] == [
        "一年级（2026级） 51 人", "一年级1班", "一年级2班", "二年级（2025级） 45 人", "二年级1班", "三年级（2024级） 6 人", "三年级1班", "三年级2班",
        "四年级（2023级） 2 人", "四年级1班", "五年级（2022级） 2 人", "五年级1班", "六年级（2021级） 3 人", "六年级1班",
    ]
    assert found[1][1:] == ["", "4", "45", "柯文静", "普通班", "261100101001", "未核查", "在用"]
    assert [found[place][-1] for place in (2, 4)] == ["超班额 2 人", "已满"]


def test_ended_classes_are_shown_when_asked_for(tuo):
    titles = [line[0] for line in lines(tuo.get("/classes?ended=1"))]
    assert titles[-2] == "小学2020级（已毕业） 0 人"


def test_a_class_shows_its_pupils_and_who_teaches_it(tuo, county):
    page = tuo.get(f"/classes/{county.class_('a1')}")
    facts = {cell.select_one("dt").get_text(): cell.select_one("dd").get_text() for cell in page.html.select(".facts > div")}
    assert (facts["班主任"], facts["班额上限"], facts["年级"], facts["班级编码"]) == ("柯文静", "45（按本县规定）", "一年级（2026级）", "261100101001")
    pupils = [line.select_one("a").get_text() for line in hooks(page, "student-row")]
    assert {"余㛃宁", "吴𠮷安"} <= set(pupils)
    assert page.html.select_one("#pupils-h").get_text() == f"学生 {len(pupils)} 人"


def test_a_suspended_pupil_keeps_his_class_and_takes_no_place(tuo, county):
    page = tuo.get(f"/classes/{county.class_('a1', '1', 4)}")
    found = {line.select_one("a").get_text(): line.select_one('[data-hook="state"]').get_text() for line in hooks(page, "student-row")}
    assert found["覃思源"] == "休学"
    assert page.html.select_one(".lead").get_text(strip=True) == f"竹山县堵河路小学，{len(found) - 1} 人"


def test_a_class_teacher_sees_her_own_class_alone(sign_in, county):
    ke = sign_in("teacher.a1")
    assert [line[0] for line in lines(ke.get("/classes"))] == ["一年级（2026级） 4 人", "一年级1班"]
    assert ke.get(f"/classes/{county.class_('a1')}").status_int == 200
    other, missing = ke.get(f"/classes/{county.class_('a1', '1', 2)}", status=404), ke.get("/classes/1", status=404)
    assert other.html.main.get_text() == missing.html.main.get_text()
    assert ke.get("/classes/new", status=403).status_int == 403


def test_an_officer_chooses_among_the_schools_of_the_county(sign_in, county):
    officer = sign_in("officer.a")
    schools = [line.select_one("th").get_text() for line in officer.get("/classes").html.select("tbody tr")]
    assert schools == [
        "竹山县堵河路小学", "竹山县南门初级中学", "竹山县柳垭镇九年一贯制学校", "竹山县云台高级中学", "竹山县柳垭镇枫树坪教学点", "竹山县春晖特殊教育学校",
        "十堰市江北实验初级中学",
    ]
    assert lines(officer.get(f"/classes?school={county.body('b4')}")) == lines(officer.get("/classes"))  # not theirs: choose again
    assert officer.get(f"/classes/new?school={county.body('b4')}", status=404).status_int == 404
    five_four = sign_in("officer.b").get(f"/classes?school={county.body('b4')}")
    assert lines(five_four)[-1][0] == "五年级1班"


def test_a_class_is_made_in_a_grade_and_another_after_it(tuo, county):
    grade = db.session.scalars(select(Grade.id).where(Grade.school_id == county.body("a1"), Grade.entry_year == 2025)).one()
    page = tuo.get(f"/classes/new?grade={grade}")
    form = form_with(page, "grade", "number")
    form["size_limit"] = "40"
    answer = form.submit("again", value="1")
    assert (answer.status_int, answer.location) == (303, f"/classes/new?school={county.body('a1')}&grade={grade}")
    assert flashed(answer.follow()) == ["办成：已新建二年级2班。"]

    form = form_with(answer.follow(), "grade", "number")
    form["number"], form["size_limit"], form["established_on"] = "2", "60", "去年"
    page = form.submit(status=422)
    assert errors(page) == {"established_on": "建班日期没有看懂，请写成 2026-09-01 这样"}
    form = form_with(page, "grade", "number")
    form["established_on"] = "2026.9.1"
    page = form.submit(status=422)
    assert errors(page) == {
        "number": "本年级已有2班（在用），请用 3。",
        "size_limit": "班额上限请填写 1 至 45 之间的整数（确需增加的，请教育局调整），留空则按本县规定。（《河北省义务教育阶段学生学籍管理办法实施细则（试行）》）",
    }
    assert row(Class, Class.grade_id == grade, Class.number == 2).size_limit == 40


def test_the_coming_year_s_grade_is_opened(tuo, county):
    page = tuo.get("/classes/grades/new")
    offered = [option.get_text() for option in page.html.select("#cohort option")]
    assert offered == ["请选择", "小学 一年级（2027级），下学年新生"]
    answer = tuo.fill_in("/classes/grades/new", cohort="1-2027")
    assert flashed(answer.follow()) == ["办成：已开设小学 一年级（2027级），下学年新生，可以在其中新建班级。"]
    assert "一年级（2027级） 还没有班级 新建班级，一年级（2027级）" in [line[0].replace(" ，", "，") for line in lines(answer.follow())]
    assert errors(tuo.post("/classes/grades/new", dict(form_with(page, "cohort").submit_fields()) | {"cohort": "1-2027"}, status=422)) == {
        "cohort": "一年级（2027级）已经建立，请直接在其中新建班级。",
    }


def test_who_comes_second_sees_both_sides(tuo, county):
    first = county.class_("a1")
    form = form_with(tuo.get(f"/classes/{first}/edit"), "name")
    classes.change(first, name="启明班", kind="ordinary", own_limit=None, version=1, actor=county.actor("officer.a"), today=TODAY)
    form["name"] = "晨光班"
    page = form.submit(status=409)
    assert "一年级启明班刚被单维桢在" in summary(page)[0]
    assert lines(page) == [["班级名称", "启明班", "晨光班"]]
    assert form_with(page, "name").submit().status_int == 303
    assert row(Class, Class.id == first).name == "晨光班"


def test_a_class_with_pupils_is_not_dissolved(tuo, county):
    page = form_with(tuo.get(f"/classes/{county.class_('a1')}"), "state").submit(status=422)
    assert summary(page)[0].startswith("一年级1班还有 ")
    made = classes.create(row(Class, Class.id == county.class_("a1")).grade_id, established_on=TODAY, actor=county.actor("registrar.a1"), today=TODAY)
    page = form_with(tuo.get(f"/classes/{made}"), "state").submit().follow()
    assert (flashed(page), page.html.select_one(".lead .tag").get_text()) == (["办成：一年级3班已解散。"], "已解散")
    assert flashed(form_with(page, "state").submit().follow()) == ["办成：一年级3班已恢复使用。"]


def test_the_teaching_point_joins_its_grades(sign_in, county):
    ming = sign_in("registrar.a5")
    page = ming.get("/classes")
    assert [line for line in lines(page) if "复式班" in line[0]] == [["一、二年级复式班", "一年级1班 二年级1班"], ["三、四年级复式班", "三年级1班 四年级1班"]]
    address = next(link["href"] for link in page.html.select("a") if link.get_text() == "一、二年级复式班")
    form = form_with(ming.get(address), "class_ids")
    boxes = form.fields["class_ids"]
    boxes[0].checked = False
    page = form.submit(status=422)
    assert errors(page) == {"class_ids": "复式班由不同年级的班组成，请至少勾选两个年级的在用班级。"}
    form = form_with(ming.get(address), "class_ids")
    form["ends"].checked = True
    page = form.submit().follow()
    assert (flashed(page), len([line for line in lines(page) if "复式班" in line[0]])) == (["办成：已解散复式班。"], 1)
    assert sign_in("registrar.a1").get(address, status=404).status_int == 404
