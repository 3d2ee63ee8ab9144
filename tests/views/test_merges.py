"""合并重复学籍 at the browser: from a record in question, and from a pupil's page by the number of the other record."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Student
from app.services.problem_records import problems
from app.services.problem_records.problems import Found
from app.services.pupils import records
from tests.office import case, row
from tests.pages import errors, hooks
from tests.services.test_merges import WORDS, Two
from tests.services.test_status_changes import NOW


@pytest.fixture
def two(county, today):
    return Two(county, today).at()


def number(student_id):
    return records.load(db.session, student_id)["national_no"]


def test_from_a_record_in_question_to_the_pointer_on_the_closed_one(two, sign_in):
    officer, second = sign_in("officer.a"), sign_in("officer2.a")
    problem = problems.mark(two.kept, Found("05", two.today, "check", "相同", other_no=number(two.other)), actor=two.county.actor("officer.a"), today=two.today, now=NOW)
    address = officer.get(f"/problems/{problem}").html.find("a", string="合并重复学籍")["href"]
    assert [one["href"] for one in officer.get("/cases/new/merge").html.select("#main ul.rows a")] == [address]
    shown = officer.get(address)
    table = [[cell.get_text() for cell in line.find_all(["th", "td"])] for line in shown.html.select("table tr")]
    assert table[0] == ["项目", "第一份", "第二份", "比对"] and table[7] == ["学校", "竹山县堵河路小学", row_school(two.other), "不同"]
    assert [line[3] for line in table[1:4]] == ["相同"] * 3 and table[5] == ["身份证件号", table[5][1], "没有登记", "不同"] and (table[6][0], table[6][3]) == ("学籍号", "不同")
    answer = officer.fill_in(address, survivor=str(two.kept), explanation="")
    assert answer.status_int == 422 and errors(answer) == {"explanation": "请写明怎样核实是同一名学生（全国中小学生学籍信息管理系统操作手册）"}
    case_page = officer.fill_in(address, survivor=str(two.kept), explanation=WORDS).follow()
    case_id = int(case_page.request.path.rsplit("/", 1)[1])
    assert "核办意见" not in case_page.text and WORDS in case_page.text
    assert second.fill_in(f"/cases/{case_id}", action="approve").status_int == 303
    assert case(case_id).state == "effective"
    closed, kept = officer.get(f"/students/{two.other}"), officer.get(f"/students/{two.kept}")
    assert hooks(closed, "merged")[0].find("a")["href"] == f"/students/{two.kept}"
    assert "并入的学籍" in kept.text
    theirs = sign_in("registrar.a3").get(f"/students/{two.other}")
    assert "由那里的学校和主管教育行政部门管理" in hooks(theirs, "merged")[0].get_text()
    assert officer.get(f"/problems/{problem}").text.count("合并") >= 1


def test_from_a_pupils_page_by_the_number_of_the_other_record(two, sign_in):
    two.at("b1")
    officer = sign_in("officer.a")
    address = officer.get(f"/students/{two.kept}").html.find("a", string="合并重复学籍")["href"]
    for typed, sentence in (("", "请填写另一份学籍的学籍号或身份证件号"), ("L42032320180101999X", "系统中没有这个号码的另一份学籍，请核对号码"), (number(two.kept), "这是这份学籍自己的号码，请填写另一份的")):
        answer = officer.fill_in(address, other_no=typed)
        assert (answer.status_int, errors(answer)) == (422, {"other_no": sentence})
    found = officer.fill_in(address, other_no=number(two.other))
    assert str(two.other) not in found.location and number(two.other) not in found.location
    shown = found.follow()
    assert "由其主管教育行政部门核对" in shown.text
    made = officer.fill_in(found.location, survivor=str(two.kept), explanation=WORDS)
    assert case(int(made.location.rsplit("/", 1)[1])).step == "from_county"
    asked = sign_in("registrar.b1").get(f"/students/{two.other}/history")
    assert "查找学生（合并重复学籍），按号码" in asked.text


def test_nobody_else_begins_it(two, sign_in):
    for name in ("registrar.a1", "head.a1", "teacher.a1"):
        assert sign_in(name).get(f"/cases/new/merge?student={two.kept}", expect_errors=True).status_int == 403
    assert sign_in("officer.b").get(f"/cases/new/merge?student={two.kept}", expect_errors=True).status_int == 404


def row_school(student_id):
    from app.models import Body

    return row(Body, Body.id == row(Student, Student.id == student_id).school_id).name


def test_what_may_be_begun_names_it(two, sign_in):
    officer = sign_in("officer.a")
    assert [one.get_text() for one in officer.get(f"/cases/new?student={two.kept}").html.select("ul.rows b")] == ["关键信息变更", "问题学籍处理", "合并重复学籍"]
    assert "合并重复学籍" in officer.get("/cases/new").text
    assert db.session.scalars(select(Student.id).where(Student.merged_into_id.is_not(None))).all() == []
