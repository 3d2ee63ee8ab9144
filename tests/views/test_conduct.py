"""奖惩 and 问题学籍 on the screen, as the registrar, the class teacher and the officer use them."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Conduct, ProblemRecord, Student
from tests.pages import errors, form_with, hooks, summary
from tests.views.test_students import nobody

GIVEN = {"code": "1", "about": "03", "given_on": "2026年9月7日", "document": "堵小〔2026〕5号", "reason": "多次旷课"}
FOUND = {"kind": "03", "found_by": "list", "found_on": "2026-9-10", "explanation": "全国系统比对不符"}


@pytest.fixture
def pupil(county):
    return county.pupil("twin.1")


@pytest.fixture
def clerk(sign_in):
    return sign_in("registrar.a1")


def entries(page):
    return [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in page.html.select("#conduct tbody tr")]


def flashes(page):
    return [element.get_text(strip=True) for element in hooks(page, "flash")]


def newest(model):
    db.session.rollback()
    return db.session.execute(select(model.id).order_by(model.id.desc()).limit(1)).scalar_one()


def test_a_punishment_from_its_entry_to_its_lifting(clerk, pupil):
    assert entries(clerk.get(f"/students/{pupil}")) == [["没有奖惩记录。"]]
    page = clerk.fill_in(f"/students/{pupil}/conduct/punishment", **GIVEN, status=303).follow()
    assert flashes(page) == ["办成：已登记庹思远的处分。"]
    assert entries(page) == [["2026年9月7日", "处分", "警告", "学业违纪（考试作弊、旷课） 多次旷课", "堵小〔2026〕5号", "未撤销", "撤销处分 ：警告 · 登记有误 ：警告"]]
    page = clerk.fill_in(f"/conduct/{newest(Conduct)}/lift", lifted_on="2026.9.10", lift_document="堵小〔2026〕6号", status=303).follow()
    assert flashes(page) == ["办成：已撤销庹思远的处分。"]
    assert entries(page)[0][5:] == ["已撤销 2026年9月10日 ，堵小〔2026〕6号", ""]


def test_an_award_by_mistake_is_void_with_its_reason(clerk, pupil):
    clerk.fill_in(f"/students/{pupil}/conduct/award", name="三好学生", code="6", about="5", given_on="20260601", given_by="堵河路小学", status=303)
    address = f"/conduct/{newest(Conduct)}/void"
    assert errors(clerk.fill_in(address, reason=" ", status=422)) == {"reason": "请写明作废的原因，如“登记到了同名的学生”"}
    form = form_with(clerk.get(address), "reason")
    page = clerk.fill_in(address, reason="登记到了同名的学生", status=303).follow()
    assert entries(page)[0][2:6] == ["三好学生（校级）", "综合获奖", "堵河路小学", f"已作废 {clerk_name(page)}：登记到了同名的学生"]
    form["reason"] = "又作废一次"
    assert "这次没有写入" in form.submit(status=409).text


def clerk_name(page):
    return hooks(page, "timeline-item")[0]["data-actor"]


def test_what_was_typed_comes_back_with_what_is_wrong(clerk, pupil):
    page = clerk.fill_in(f"/students/{pupil}/conduct/punishment", code="2", given_on="昨天", document="", reason="多次旷课", status=422)
    assert errors(page) == {"given_on": "日期认不出，请照“2026年9月1日”填写"}
    form = form_with(page, "given_on")
    assert (form["given_on"].value, form["reason"].value, form["code"].value) == ("昨天", "多次旷课", "2")
    form["given_on"] = "2026年9月7日"
    assert errors(form.submit(status=422)) == {"about": "请选择违纪类别", "document": "请填写处分决定的文号；没有文号的，写明决定的名称"}
    assert [option[0] for option in form["code"].options] == ["", "1", "2", "3", "4", "9"]


def test_a_second_click_records_nothing_more(clerk, pupil):
    form = form_with(clerk.get(f"/students/{pupil}/conduct/punishment"), "document")
    for name, value in GIVEN.items():
        form[name] = value
    assert form.submit(status=303).location == form.submit(status=303).location
    assert len(entries(clerk.get(f"/students/{pupil}"))) == 1


def test_the_class_teacher_reads_and_others_find_nothing(clerk, sign_in, pupil, county):
    own = db.session.execute(select(Student.id).where(Student.class_id == county.class_("a1"), Student.lifecycle == "live").limit(1)).scalar_one()
    clerk.fill_in(f"/students/{own}/conduct/punishment", **GIVEN)
    one = newest(Conduct)
    teacher = sign_in("teacher.a1")
    assert entries(teacher.get(f"/students/{own}")) == [["2026年9月7日", "处分", "警告", "学业违纪（考试作弊、旷课） 多次旷课", "堵小〔2026〕5号", "未撤销"]]
    teacher.get(f"/students/{own}/conduct/award", status=403)
    foreign = sign_in("registrar.b1")
    assert nobody(foreign, f"/conduct/{one}/lift") == nobody(foreign, "/conduct/7/lift")
    foreign.get(f"/students/{own}/conduct/award", status=404)
    clerk.get(f"/students/{own}/conduct/grade", status=404)


# ---------------------------------------------------------------- 问题学籍

@pytest.fixture
def officer(sign_in):
    return sign_in("officer.a")


def rows(page):
    return [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in hooks(page, "problem-row")]


def test_the_officer_puts_a_record_in_question_and_the_school_is_reminded(officer, sign_in, pupil):
    assert "列为问题学籍" in [link.get_text() for link in officer.get(f"/students/{pupil}").html.select(".actions a")]
    page = officer.fill_in(f"/problems/new?student={pupil}", **FOUND, status=303).follow()
    assert flashes(page) == ["办成：已把庹思远的学籍列为问题学籍。"]
    clerk = sign_in("registrar.a1")
    desk = clerk.get("/")
    assert hooks(desk, "problems")[0].get_text(strip=True) == "本校有 1 份学籍列为问题学籍，处理以前不能转学，请尽快核对、送主管教育行政部门处理。看问题学籍"
    assert rows(desk.click("看问题学籍")) == [["庹思远", "堵河路小学", "二年级1班", "身份证件号与姓名不匹配", "", "2026年9月10日", "", "待处理"]]
    shown = clerk.get(f"/students/{pupil}")
    assert hooks(shown, "problem")[0].get_text(strip=True) == "这份学籍列为问题学籍，还没有处理，处理以前不能转学。看这件问题学籍"
    assert "办结" not in [button.get_text() for button in shown.click("看这件问题学籍").html.select("main button")]


def test_the_officer_settles_it(officer, sign_in, pupil):
    officer.fill_in(f"/problems/new?student={pupil}", **FOUND)
    address = f"/problems/{newest(ProblemRecord)}"
    form = form_with(officer.get(address), "resolution")
    assert summary(form.submit(status=422)) == ["请选择处理方式；删除学籍由学校申请问题学籍处理", "请写明处理的结果和依据"]
    page = officer.fill_in(address, resolution="2", outcome="已更正姓名", status=303).follow()
    assert (flashes(page), hooks(page, "state")[0].get_text()) == (["办成：庹思远的问题学籍已经办结。"], "已处理")
    form["resolution"], form["outcome"] = "1", "我也办一次"
    assert "这次没有写入" in form.submit(status=409).text
    assert (rows(officer.get("/problems")), len(rows(officer.get("/problems?state=closed")))) == ([], 1)
    assert hooks(officer.get(f"/students/{pupil}"), "problem") == []
    assert hooks(sign_in("registrar.a1").get("/"), "problems") == []


def test_whose_problems_they_are(officer, sign_in, pupil):
    officer.fill_in(f"/problems/new?student={pupil}", **FOUND)
    address = f"/problems/{newest(ProblemRecord)}"
    for who, status in {"registrar.a1": 200, "head.a1": 200, "registrar.a3": 404, "officer.b": 404, "teacher.a1": 403, "officer.city1": 403, "sysadmin": 403}.items():
        assert sign_in(who).get(address, status=status).status_int == status
    clerk = sign_in("registrar.a1")
    clerk.get(f"/problems/new?student={pupil}", status=403)
    form = form_with(officer.get(address), "resolution")
    assert clerk.post(address, {name: form[name].value for name in ("csrf_token", "idempotency_key", "version")} | {"resolution": "1", "outcome": "好"}, status=403).status_int == 403
    assert rows(officer.get("/problems"))[0][-1] == "待处理"


def test_desks_count_them(officer, pupil):
    figures = {one.dt.get_text(): one.dd.get_text(strip=True) for one in officer.get("/").html.select(".figures > div")}
    assert figures["问题学籍"] == "0"
    officer.fill_in(f"/problems/new?student={pupil}", **FOUND)
    figures = {one.dt.get_text(): one.dd.get_text(strip=True) for one in officer.get("/").html.select(".figures > div")}
    assert figures["问题学籍"] == "1"


def test_the_school_settles_it_by_a_case(officer, clerk, sign_in, pupil):
    officer.fill_in(f"/problems/new?student={pupil}", **FOUND)
    one = newest(ProblemRecord)
    form = form_with(clerk.get(f"/problems/{one}").click("申请问题学籍处理"), "problem_kind")
    form["problem_kind"], form["resolution"], form["explanation"] = "03", "1", "已核对户口簿"
    check = form_with(form.submit(status=303).follow(), "truthful")
    check["truthful"].checked = True
    case = check.submit(status=303).location
    for who in ("head.a1", "officer.a"):
        sign_in(who).fill_in(case, action="approve", status=303)
    page = officer.get(f"/problems/{one}")
    assert [cell.get_text(" ", strip=True) for cell in page.html.select("main .facts dd")][-5:-3] == ["佐证", page.html.select_one(f'main a[href="{case.removeprefix("http://localhost")}"]').get_text()]
