"""缺课与劝返 as a class teacher and a registrar meet it, the desk that reminds them, the monthly list; and that 退学, 开除 are nowhere in compulsory schooling."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.models import AbsenceNote, Event, Student
from app.services.standing import absence_pages, absences
from app.views import desk
from tests.bureau import statements
from tests.pages import errors, form_with, hooks
from tests.services.test_dropouts import GONE, PAPERS, TWENTIETH, note, visit
from tests.services.test_status_changes import NOW, School


@pytest.fixture
def school(county, today):
    return School(county, today)


@pytest.fixture
def on(monkeypatch):
    """Go to a day."""
    return lambda day: monkeypatch.setenv("DEMO_TODAY", day.isoformat())


def words_of(page):
    return page.html.get_text(" ", strip=True)


def todo(page):
    return [(row.th.get_text(strip=True), row["data-kind"]) for row in page.html.select("#absences tbody tr")]


# ---------------------------------------------------------------- noting and asking back

def test_the_list_goes_on_where_a_page_ends_and_tells_each_pupil_once(sign_in, county, monkeypatch):
    theirs = select(Student.id).where(Student.school_id == county.body("a1"), Student.status == "01").order_by(Student.id.desc()).limit(5)
    days = [date(2026, 9, day) for day in (7, 4, 7, 3, 7)]
    clerk = county.actor("registrar.a1")
    ids = [absences.note(pupil, day, "", actor=clerk, today=TWENTIETH, now=NOW) for pupil, day in zip(db.session.scalars(theirs).all(), days, strict=True)]
    monkeypatch.setattr(absence_pages, "PAGE", 2)
    reader, address, seen = sign_in("registrar.a1"), "/absences", []
    while address:
        page = reader.get(address)
        seen.append([int(row["data-id"]) for row in hooks(page, "absence-row")])
        address = next((link["href"] for link in hooks(page, "next-page")), "")
    assert seen == [[ids[3], ids[1]], [ids[0], ids[2]], [ids[4]]]


def test_the_desk_counts_all_that_is_to_be_done_and_lists_the_longest_away(sign_in, school, monkeypatch):
    """Five have missed five school days by this Friday, 7 September's just so; the sixth stays away since yesterday, and nothing is due of her yet."""
    theirs = select(Student.id).where(Student.school_id == school.county.body("a1"), Student.status == "01").order_by(Student.id.desc()).limit(6)
    days = [date(2026, 9, day) for day in (1, 2, 3, 4, 7, 10)]
    clerk = school.county.actor("registrar.a1")
    ids = [absences.note(pupil, day, "", actor=clerk, today=school.today, now=NOW) for pupil, day in zip(db.session.scalars(theirs).all(), days, strict=True)]
    monkeypatch.setattr(desk, "SHOWN", 2)
    monkeypatch.setattr(absence_pages, "PAGE", 2)

    panel = sign_in("registrar.a1").get("/").html.select_one("#absences")
    assert panel.h2.get_text() == "缺课待办 5 人"
    assert [int(row["data-id"]) for row in panel.select("tbody tr")] == ids[:2]
    assert panel.select_one(".bar").get_text() == "这里列出缺课最久的 2 人，看全部缺课" and panel.select_one(".bar a")["href"] == "/absences"


def test_a_class_teacher_notes_an_absence_a_visit_and_the_report_and_the_return_ends_it(sign_in, county):
    pupil = db.session.execute(select(Student.id).where(Student.class_id == county.actor("teacher.a1").class_id, Student.status == "01").order_by(Student.id)).scalars().first()
    teacher = sign_in("teacher.a1")
    page = teacher.get(f"/students/{pupil}").click("登记缺课")
    assert form_with(page, "student")["student"].value == str(pupil)
    form = form_with(page, "student", "from_on")
    form["from_on"] = "2026年9月4日"
    shown = form.submit().follow()
    assert "从 2026年9月4日 起缺课 6 个上课日，劝返 0 次" in words_of(shown)
    assert "缺课满 5 个上课日：请填写辍学学生情况报告（粤教基〔2009〕3号）" in words_of(shown)
    address = shown.request.path
    assert teacher.fill_in(f"{address}/visit", visited_on="2026-09-10", visitors="柯文静", manner="phone", result="无人接听").follow().status_int == 200
    report = teacher.fill_in(f"{address}/report", reason="01", whereabouts="在家").follow()
    assert "厌学" in words_of(report) and "无人接听" in words_of(report) and "登记返校" in words_of(report)
    shown = teacher.fill_in(f"{address}/back", back_on="2026-09-11").follow()
    told = [item.get_text(" ", strip=True) for item in hooks(teacher.get(f"/students/{pupil}/history"), "timeline-item")]
    assert [line.split(" ")[0] for line in told[:4]] == ["缺课结束：2026年9月11日", "辍学学生情况报告：厌学，在家", "劝返：2026年9月10日，电话，无人接听", "登记缺课：从"], told
    assert hooks(shown, "state")[0].get_text() == "已返校"
    assert teacher.fill_in(f"{address}/visit", visited_on="2026-09-10", visitors="x", manner="phone", result="x").status_int == 409


def test_what_was_typed_wrong_stays_with_its_sentence(sign_in, school):
    note_id = note(school)
    page = sign_in("registrar.a1").fill_in(f"/absences/{note_id}/visit", visited_on="昨天", visitors="柯文静")
    assert page.status_int == 422
    assert errors(page) == {"visited_on": "日期认不出，请照“2026年9月1日”填写"}
    page = sign_in("registrar.a1").fill_in(f"/absences/{note_id}/visit", visitors="柯文静")
    assert errors(page) == {
        "visited_on": "请填写劝返的日期，在缺课的2026年9月7日和今天之间", "manner": "请选择劝返的方式", "result": "请写明劝返的结果，如“家长答应下周一送孩子返校”"}
    assert form_with(page, "visitors")["visitors"].value == "柯文静"


def test_who_only_reads_is_offered_nothing_and_other_schools_find_nothing(sign_in, school):
    note_id = note(school)
    for who, status in (("head.a1", 200), ("officer.a", 200), ("registrar.b1", 404), ("officer.b", 404)):
        page = sign_in(who).get(f"/absences/{note_id}", status="*")
        assert (page.status_int, "登记劝返" in page.text) == (status, False), who
    assert "登记劝返" in sign_in("registrar.a1").get(f"/absences/{note_id}").text
    sign_in("head.a1").get(f"/absences/{note_id}/visit", status=403)
    sign_in("officer.city1").get("/absences", status=403)


# ---------------------------------------------------------------- reminders

@pytest.mark.parametrize(("day", "visits", "reported", "kind"), [
    (date(2026, 9, 10), 0, False, ""), (date(2026, 9, 11), 0, False, "report"), (date(2026, 9, 14), 0, True, "visit"), (date(2026, 9, 15), 1, True, ""),
    (date(2026, 10, 8), 1, True, ""), (TWENTIETH, 0, True, "visit"), (TWENTIETH, 1, True, "dropout"),
])
def test_the_registrars_desk_tells_what_is_due_on_its_day(sign_in, school, on, day, visits, reported, kind):
    note_id = note(school)
    if visits:
        visit(school, note_id)
    if reported:
        absences.report(note_id, absences.Report("01", "在家"), actor=school.county.actor("registrar.a1"), now=NOW)
    on(day)
    clerk = sign_in("registrar.a1")
    clerk.get("/")
    with statements() as asked:
        page = clerk.get("/")
    assert todo(page) == ([("庹思远", kind)] if kind else [])
    assert len(asked) <= 12


def test_a_report_that_is_under_way_reminds_nobody(sign_in, school, on):
    visit(school, note(school))
    on(TWENTIETH)
    assert todo(sign_in("registrar.a1").get("/")) == [("庹思远", "dropout")]
    note_id = db.session.execute(select(AbsenceNote.id)).scalar_one()
    absences.report(note_id, absences.Report("04", "随父母在广东务工", "祖父照看"), actor=school.county.actor("registrar.a1"), now=NOW)
    form = sign_in("registrar.a1").get(f"/absences/{note_id}").click("报告辍学").forms["change"]
    assert (form["reason"].value, form["whereabouts"].value, form["explanation"].value) == ("04", "随父母在广东务工", "祖父照看")
    check = form.submit().follow()
    assert "已与原件核对，材料真实" in check.text and "监护人已在申请表上签字" not in check.text and "提交辍学报告</button>" in check.text
    school.ask("dropout", GONE, evidence=PAPERS, today=TWENTIETH)
    assert todo(sign_in("registrar.a1").get("/")) == []


def test_the_days_before_the_monthly_list_stand_on_the_desks_that_hand_it_up(sign_in, on):
    for day, told in ((date(2026, 9, 20), False), (date(2026, 9, 21), True), (date(2026, 9, 28), True), (date(2026, 9, 29), False)):
        on(day)
        assert [("报送本月辍学名单" in sign_in(who).get("/").text) for who in ("registrar.a1", "township.a.t1", "officer.a")] == [told] * 3, day


# ---------------------------------------------------------------- the monthly list

def rows(page):
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in hooks(page, "student-row")]


def test_the_county_reads_and_downloads_who_is_gone_where_and_how_often_asked_back(sign_in, school, on):
    visit(school, note(school))
    school.through("dropout", GONE, evidence=PAPERS, today=TWENTIETH)
    on(TWENTIETH)
    officer = sign_in("officer.a")
    page = officer.get("/dropouts")
    (line,) = rows(page)
    assert line[2:] == ["庹思远", "本月新增", "外出务工（含随父母外出）", "随父母在广东务工", "2026年9月7日", "2026年10月9日", "1 9月14日", "庹明慧"]
    assert rows(officer.get("/dropouts?month=2026-09")) == [] and "零报告" in officer.get("/dropouts?month=2026-09").text
    assert rows(officer.get("/dropouts?month=2026-11"))[0][3] == "尚未返校"
    book = openpyxl.load_workbook(io.BytesIO(officer.get("/dropouts.xlsx?month=2026-10").body))
    assert [cell.value for cell in book.active[2]][2:8] == ["庹思远", "女", "本月新增", "外出务工（含随父母外出）", "随父母在广东务工", "2026年9月7日"] or book.active["D2"].value in ("男", "女")
    event = db.session.execute(select(Event.facts).where(Event.name == "students.exported").order_by(Event.id.desc())).scalars().first()
    assert "2026年10月辍学名单" in event
    assert rows(sign_in("officer.b").get("/dropouts")) == []
    sign_in("teacher.a1").get("/dropouts", status=403)


def test_who_came_back_stands_on_the_list_of_that_month_and_no_longer(sign_in, school, on):
    visit(school, note(school))
    school.through("dropout", GONE, evidence=PAPERS, today=TWENTIETH)
    class_id = db.session.execute(select(Student.class_id).where(Student.id == school.pupil())).scalar_one()
    back = {"effective_on": date(2026, 11, 2), "to_class": class_id, "guardian": "父亲"}
    school.through("back-to-school", back, evidence=("application",), today=date(2026, 11, 2))
    on(date(2026, 11, 3))
    officer = sign_in("officer.a")
    assert rows(officer.get("/dropouts?month=2026-11"))[0][3] == "已返校 11月2日"
    assert rows(officer.get("/dropouts?month=2026-12")) == []


# ---------------------------------------------------------------- not in compulsory schooling

@pytest.mark.parametrize(("kind", "title"), [("withdrawal", "退学"), ("expulsion", "开除")])
def test_in_compulsory_schooling_neither_is_offered_nor_opened_by_its_address(sign_in, county, kind, title):
    clerk, pupil = sign_in("registrar.a1"), county.pupil("twin.1")
    for address in ("/cases/new", f"/cases/new?student={pupil}"):
        assert title not in [item.get_text(strip=True) for item in clerk.get(address).html.select("ul.rows b")]
    for address in (f"/cases/new/{kind}", f"/cases/new/{kind}/{pupil}", f"/cases/new/{kind}/{pupil}/check"):
        page = clerk.get(address, status=403)
        assert f"义务教育阶段不办理{title}（《义务教育法》第二十七条），请按辍学报告、劝返办理。" in words_of(page)
    db.session.execute(update(Student).where(Student.id == pupil).values(grade_id=None))
    db.session.commit()
    clerk.get(f"/cases/new/{kind}/{pupil}", status=403)


def test_a_senior_school_is_offered_both_and_sees_the_city_on_the_way(sign_in, county):
    clerk = sign_in("registrar.a4")
    offered = [item.get_text(strip=True) for item in clerk.get("/cases/new").html.select("ul.rows b")]
    assert {"退学", "开除"} <= set(offered)
    pupil = db.session.execute(select(Student.id).where(Student.class_id == county.class_("a4", stage="3")).order_by(Student.id)).scalars().first()
    form = clerk.get(f"/cases/new/withdrawal/{pupil}").forms["change"]
    form["ground"], form["reason"] = "application", "1"
    check = form.submit().follow()
    assert "市级教育行政部门核办" in words_of(check) and "监护人申请" in words_of(check)
    form = form_with(check, "truthful")
    form["truthful"] = True
    assert "待学校审核" in words_of(form.submit().follow())
