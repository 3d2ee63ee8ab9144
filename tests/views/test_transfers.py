"""转学 at the browser: found by two facts, applied for, decided by six people, read by the old school; without script."""

from sqlalchemy import select

from app.extensions import db
from app.models import Case, Enrolment, Paper, Student, Task
from app.services.pupils import records
from tests.office import case, row
from tests.pages import errors, form_with, hooks
from tests.transfer_hands import SIX, apply, child, class_of, decide, fill, find, moving
from tests.views.test_cases import picture, words

__all__ = ["moving"]


def test_a_child_is_found_by_two_facts_and_told_as_name_school_and_grade(sign_in, county):
    pupil, clerk = child(county), sign_in("registrar.b1")
    page = find(clerk, pupil)
    text = page.html.main.get_text(" ", strip=True)
    assert pupil.name in text and "竹山县堵河路小学" in text and "二年级" in text
    assert str(pupil.id) not in page.text and pupil.student_code not in page.text and "4203" not in page.html.main.get_text()


def test_who_is_not_found_is_told_neither_why_nor_how_near(sign_in, county):
    pupil, clerk = child(county), sign_in("registrar.b1")
    wrong_day = clerk.fill_in("/cases/new/transfer", name=pupil.name, birth_date="2018-01-01")
    nobody = clerk.fill_in("/cases/new/transfer", name="无此人", birth_date="2018-01-01")
    assert wrong_day.html.select_one(".note").get_text() == nobody.html.select_one(".note").get_text()
    assert "没有找到符合的学生" in nobody.text
    page = clerk.fill_in("/cases/new/transfer", status=422, name=pupil.name)
    assert errors(page) == {"number": "请填写学籍号或身份证件号；没有号码的，填写姓名和出生日期"}
    page = clerk.fill_in("/cases/new/transfer", status=422, name=pupil.name, birth_date="去年")
    assert errors(page) == {"birth_date": "日期认不出，请照“2018年3月21日”填写"}


def test_guessing_is_made_slow(sign_in):
    clerk = sign_in("registrar.b1")
    answers = [clerk.fill_in("/cases/new/transfer", name="无此人", birth_date="2018-01-01").status_int for _ in range(10)]
    late = clerk.fill_in("/cases/new/transfer", status=429, name="无此人", birth_date="2018-01-01")
    assert set(answers) == {200} and "试错的次数太多" in late.text and late.headers["Retry-After"]


def test_everything_missing_is_told_at_once(sign_in, county):
    page = find(sign_in("registrar.b1"), child(county))
    answer = form_with(page, "reason").submit(status=422)
    assert errors(answer) == {
        "to_class": "请选择学生编入的班级", "reason": "请选择转学原因；整班转学由乡镇中心学校另行办理", "guardian": "请填写提出申请的监护人姓名",
        "guardian_relation": "请选择监护人与学生的关系", "guardian_phone": "请填写监护人的联系电话",
    }
    wrong_phone = fill(page, to_class=class_of(page), guardian_phone="1387199").submit(status=422)
    assert set(errors(wrong_phone)) == {"guardian_phone"} and "，请" in errors(wrong_phone)["guardian_phone"]
    page = fill(page, to_class=class_of(page), explanation="详" * 61).submit(status=422)
    assert errors(page)["explanation"].startswith("情况说明最多 60 个字")


def test_the_check_page_names_every_rule_with_its_article(sign_in, county):
    clerk = sign_in("registrar.b1")
    page = find(clerk, child(county))
    check = fill(page, to_class=class_of(page)).submit().follow()
    rows = [" ".join(item.get_text(" ", strip=True).split()) for item in check.html.select(".rows li")]
    told = [row.split("：")[0] for row in rows if row[:2] in ("通过", "留意", "不符")]
    assert {"通过 学籍状态", "通过 在办业务", "通过 就读年级", "通过 班额", "留意 材料"} <= set(told)
    assert any("教基〔2025〕1号" in row for row in rows)
    assert [row.split(" ", 1)[1] for row in rows if row[:2] in ("1 ", "2 ", "3 ", "4 ", "5 ")] == [
        f"{title} 10 个工作日" for title in ("转入学校审核", "转入主管部门核办", "转出学校核对", "转出学校审核", "转出主管部门核办")]


def test_who_cannot_be_transferred_is_told_why_and_what_to_do_and_nothing_is_handed_in(sign_in, county, moving):
    clerk = sign_in("registrar.b4")
    page = find(clerk, child(county))
    check = fill(page, to_class=class_of(page)).submit().follow()
    blocked = check.html.select_one(".note.bad").get_text(" ", strip=True)
    assert case(moving).number in blocked and "也可以请主管部门清理" in blocked
    assert not [form for form in check.forms.values() if "truthful" in form.fields]


def test_a_draft_waits_with_its_scans_and_goes_when_it_is_handed_in(sign_in, county):
    clerk, pupil = sign_in("registrar.b1"), child(county)
    page = find(clerk, pupil)
    form = fill(page, explanation="全家迁居房县", material="household")
    form["file"] = ("户口簿.jpg", picture())
    page = form.submit("add", value="scan").follow()
    assert "材料已上传" in words(page, "flash")[0] and "户口簿.jpg" in page.text
    looked = clerk.get(next(one["href"] for one in page.html.select("#evidence td a")))
    assert looked.content_type == "image/jpeg"
    assert sign_in("registrar.a1").get(looked.request.path, status=404).status_int == 404

    start = clerk.get("/cases/new/transfer")
    assert f"接着填{pupil.name}的转学申请" in start.html.get_text()
    page = clerk.get(next(one["href"] for one in start.html.select(".rows a") if "接着填" in one.get_text()))
    assert form_with(page, "reason")["explanation"].value == "全家迁居房县"
    check = fill(page, to_class=class_of(page)).submit().follow()
    form = form_with(check, "truthful")
    form["truthful"] = True
    done = form.submit()
    shown = clerk.get(done.location.replace("/accepted", ""))
    assert "户口簿.jpg" in shown.text and "全家迁居房县" in shown.text
    assert "没有提交的草稿" not in clerk.get("/cases/new/transfer").text
    decide(sign_in("head.b1"), int(done.location.rsplit("/", 2)[1]))
    for who, may in (("registrar.b1", True), ("officer.b", False)):  # who holds the case adds to it; what the school brought, the school takes off
        told = sign_in(who).get(shown.request.path).html.select_one("#evidence")
        assert ("移去" in told.get_text(), "上传材料" in told.get_text()) == (may, True)
    again = form.submit()
    assert (again.status_int, again.location) == (303, done.location)
    assert db.session.execute(select(Case.id).where(Case.kind == "transfer")).scalars().all() == [int(done.location.rsplit("/", 2)[1])]


def test_the_application_is_printed_before_it_is_handed_in_with_no_more_than_the_asker_knows(sign_in, county):
    clerk, pupil = sign_in("registrar.b1"), child(county)
    page = find(clerk, pupil)
    check = fill(page, to_class=class_of(page)).submit().follow()
    pdf = clerk.get(next(one["href"] for one in check.html.select("a[download]")))
    assert pdf.content_type == "application/pdf" and pdf.body.startswith(b"%PDF-")


def test_six_people_move_a_child_across_counties(sign_in, county, moving):
    pupil = child(county)
    for who, step in SIX.items():
        desk = sign_in(who).get("/")
        assert str(moving) in {item["data-id"] for item in desk.html.select('[data-hook="inbox-todo"] [data-hook="case-row"]')}, who
        decide(sign_in(who), moving)
        assert case(moving).step == step
    b1 = county.body("b1")
    assert row(Student, Student.id == pupil.id).school_id == b1

    new = sign_in("registrar.b1")
    assert pupil.name in new.get(f"/students/{pupil.id}").text
    old = sign_in("registrar.a1")
    assert words(old.get(f"/students/{pupil.id}").follow(), "state") == ["已转出"]
    assert sign_in("registrar.a2").get(f"/students/{pupil.id}", status=404).status_int == 404

    page = old.get(f"/cases/{moving}")
    number = words(page, "certificate-no")[0]
    assert number == row(Paper, Paper.case_id == moving).number
    assert old.get(next(one["href"] for one in page.html.select("#papers a[download]"))).body.startswith(b"%PDF-")
    copy = page.click("转出当日的副本")
    assert (words(copy, "state"), pupil.name in copy.text, "2026年9月11日" in copy.text) == (["已转出"], True, True)
    full = records.open_student(row(Student, Student.id == pupil.id))["id_doc_no"]
    assert full not in copy.text
    seen = old.fill_in(copy.request.path, what="id_doc_no", reason="核对纸质档案")
    assert words(seen, "idno") == [full]
    assert errors(old.fill_in(copy.request.path, status=422, what="id_doc_no", reason=""))["reason"].startswith("请写明查看完整号码的原因")
    card = next(form for form in copy.forms.values() if form.action.endswith("/card")).submit().follow()
    assert "学籍卡" in card.html.h1.get_text() and old.get(card.html.select_one("a[download]")["href"]).body.startswith(b"%PDF-")
    assert not [form for form in sign_in("officer.a").get(copy.request.path).forms.values() if form.action.endswith("/card")]
    assert pupil.name in old.get("/students/left").text
    assert sign_in("registrar.a2").get(copy.request.path, status=404).status_int == 404

    task = row(Task, Task.case_id == moving)
    desk = old.get("/")
    assert task.title in desk.html.select_one("#tasks").get_text()
    answer = old.fill_in(f"/tasks/{task.id}", arrived_on="2026-09-11")
    assert answer.status_int == 303 and "已登记" in answer.follow().html.select_one("#papers").get_text()
    assert not old.get("/").html.select_one("#tasks")


def test_inside_a_county_three_seats(sign_in, county):
    pupil = child(county)
    clerk = sign_in("registrar.a3")
    case_id = apply(clerk, pupil)
    for who in ("head.a3", "registrar.a1", "head.a1", "officer.a"):
        decide(sign_in(who), case_id)
    page = clerk.get(f"/cases/{case_id}")
    assert words(page, "state") == ["已生效"]
    assert [item["data-actor"] for item in hooks(page, "timeline-item")][::-1][0] == db.session.execute(select(Case.starter_name).where(Case.id == case_id)).scalar()


def test_who_holds_it_since_when_and_until_when_is_on_every_page(sign_in, county, moving):
    for who in ("registrar.b1", "head.b1", "officer.b", "registrar.a1", "head.a1", "officer.a"):
        page = sign_in(who).get(f"/cases/{moving}")
        lead = page.html.select_one(".lead").get_text(" ", strip=True)
        assert "9月11日 到达北城小学，由学校审核人办理" in lead and "9月24日" in lead, (who, lead)
        assert [step.select_one("b").get_text() for step in page.html.select(".steps li")] == [
            "转学申请", "转入学校审核", "转入主管部门核办", "转出学校核对", "转出学校审核", "转出主管部门核办", "已生效"]


def test_foreign_eyes_see_nothing(sign_in, county, moving):
    for who in ("registrar.a2", "head.b2", "officer.c", "officer.city1"):
        assert sign_in(who).get(f"/cases/{moving}", status=404).status_int == 404, who
        assert sign_in(who).get(f"/cases/{moving}/application.pdf", status="*").status_int in (403, 404)


def test_the_receiving_side_reads_no_more_of_the_record_than_it_needs(sign_in, county, moving):
    pupil = child(county)
    page = sign_in("registrar.b1").get(f"/cases/{moving}")
    labels = [cell.get_text() for cell in page.html.select(".facts dt")]
    assert "身份证件号" not in labels and "现住址" not in labels and "户口所在地" not in labels
    assert f"/students/{pupil.id}" not in page.text
    assert f"/students/{pupil.id}" in sign_in("registrar.a1").get(f"/cases/{moving}").text


def test_a_countys_desk_names_the_school_that_she_leaves(sign_in, county, moving):
    decide(sign_in("head.b1"), moving)
    table = sign_in("officer.b").get("/").html.select_one('[data-hook="inbox-todo"] table')
    titles = [cell.get_text() for cell in table.select("th[scope=col]")]
    line = table.select_one(f'[data-id="{moving}"]').find_all(["th", "td"])
    assert dict(zip(titles, (cell.get_text(strip=True) for cell in line), strict=True)) == {
        "学生": "庹思远", "业务": "转学", "要做的事": "转入主管部门核办", "申请学校": "北城小学", "转出学校": "堵河路小学", "到达": "9月11日", "应办结": "9月24日", "时限": "还剩 10 个工作日"}


def test_a_class_teacher_sees_her_pupils_and_nothing_of_their_cases(sign_in, county, moving):
    pupil, teacher = child(county), sign_in("teacher.a1")
    for who in SIX:
        decide(sign_in(who), moving)
    spell = row(Enrolment, Enrolment.closing_case_id == moving).id
    paper = row(Paper, Paper.case_id == moving).id
    for path in (f"/cases/{moving}", "/cases", "/cases/new/transfer", f"/cases/{moving}/application.pdf", f"/documents/{paper}", f"/documents/{paper}.pdf",
                 f"/students/{pupil.id}", "/students/left", f"/students/left/{spell}", f"/tasks/{row(Task, Task.case_id == moving).id}"):
        answer = teacher.get(path, status="*")
        assert answer.status_int in (403, 404) or pupil.name not in answer.text, path
        assert answer.status_int in (200, 403, 404), path
    assert pupil.name not in teacher.get("/").text
