"""转学 at the browser: found by two facts, applied for, decided by six people, read by the old school; without script."""

from datetime import date

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Case, Enrolment, Paper, Student, Task
from app.services.casework import cases
from app.services.pupils import records
from tests.cast import new_pupil
from tests.office import case, row
from tests.pages import errors, form_with, hooks, summary
from tests.transfer_office import set_rule
from tests.views.test_cases import picture, words
from tests.views.test_enrolments import typed

FAMILY = {"guardian": "庹建国", "guardian_relation": "51", "guardian_phone": "13871990815"}


def child(county, key="twin.1"):
    return row(Student, Student.id == county.pupil(key))


def find(person, pupil):
    """The two facts; the page of the form that follows."""
    answer = person.fill_in("/cases/new/transfer", name=pupil.name, birth_date=f"{pupil.birth_date:%Y-%m-%d}")
    assert answer.status_int == 303, summary(answer)
    return answer.follow()


def fill(page, **fields):
    form = form_with(page, "reason")
    for name, value in ({"reason": "02"} | FAMILY | fields).items():
        form[name] = value
    return form


def class_of(page):
    return next(value for value, _, _ in form_with(page, "to_class")["to_class"].options if value)


def apply(person, pupil, **fields):
    """From two facts to the accepted page; returns the case's id."""
    page = find(person, pupil)
    answer = fill(page, to_class=class_of(page), **fields).submit()
    assert answer.status_int == 303, (errors(answer), summary(answer))
    check = answer.follow()
    form = form_with(check, "truthful")
    form["truthful"] = True
    done = form.submit()
    assert done.status_int == 303, summary(done)
    assert "转学申请已受理" in done.follow().text
    return int(done.location.rsplit("/", 2)[1])


def decide(person, case_id, action="approve", **fields):
    answer = person.fill_in(f"/cases/{case_id}", action=action, **fields)
    assert answer.status_int == 303, (errors(answer), summary(answer))
    return answer.follow()


SIX = {"head.b1": "to_county", "officer.b": "from_registrar", "registrar.a1": "from_audit", "head.a1": "from_county", "officer.a": "effective"}


@pytest.fixture
def moving(sign_in, county):
    """庹家一 of a1 (county A) is applied for by b1 (county B)."""
    return apply(sign_in("registrar.b1"), child(county))


# ---------------------------------------------------------------- finding

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


# ---------------------------------------------------------------- the form and the check

def test_everything_missing_is_told_at_once(sign_in, county):
    page = find(sign_in("registrar.b1"), child(county))
    answer = form_with(page, "reason").submit(status=422)
    assert errors(answer) == {
        "reason": "请选择转学原因；整班转学由乡镇中心学校另行办理", "guardian": "请填写提出申请的监护人姓名", "guardian_relation": "请选择监护人与学生的关系",
        "guardian_phone": errors(answer)["guardian_phone"],
    }
    assert errors(fill(page, to_class="").submit(status=422)) == {"to_class": "请选择学生编入的班级"}
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
    again = form.submit()
    assert (again.status_int, again.location) == (303, done.location)
    assert db.session.execute(select(Case.id).where(Case.kind == "transfer")).scalars().all() == [int(done.location.rsplit("/", 2)[1])]


def test_the_application_is_printed_before_it_is_handed_in_with_no_more_than_the_asker_knows(sign_in, county):
    clerk, pupil = sign_in("registrar.b1"), child(county)
    page = find(clerk, pupil)
    check = fill(page, to_class=class_of(page)).submit().follow()
    pdf = clerk.get(next(one["href"] for one in check.html.select("a[download]")))
    assert pdf.content_type == "application/pdf" and pdf.body.startswith(b"%PDF-")


# ---------------------------------------------------------------- six people

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


# ---------------------------------------------------------------- return, refuse, withdraw, clear, reverse

def test_a_return_reopens_the_same_form_with_what_is_to_be_mended_marked(sign_in, county, moving):
    head = sign_in("head.b1")
    form = form_with(head.get(f"/cases/{moving}"), "action")
    form["action"], form["reason"], form["note"] = "return", "02", "情况说明写明迁入日期"
    for box in form.fields["mend"]:
        box.checked = box._value in ("explanation", "evidence")
    assert form.submit().status_int == 303
    clerk = sign_in("registrar.b1")
    page = clerk.get(f"/cases/{moving}").click("补正并重新提交")
    assert errors(page) == {"explanation": "退回时要求补正：情况说明"}
    assert "情况说明写明迁入日期" in page.html.select_one("#mend").get_text()
    form = form_with(page, "reason")
    assert (form["reason"].value, form["guardian"].value) == ("02", "庹建国")
    form["explanation"] = "2026年8月迁入房县城关镇"
    answer = form.submit()
    assert answer.status_int == 303, (errors(answer), summary(answer))
    assert case(moving).step == "to_audit" and "2026年8月迁入" in answer.follow().text


def test_a_refusal_takes_a_listed_reason_and_ends_it(sign_in, county, moving):
    head = sign_in("head.b1")
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
    assert "家长来校说明不再转学" in officer.get("/").html.select_one("#tasks").get_text()
    officer.fill_in(f"/cases/{moving}/clear", note="学校请求")
    assert not officer.get("/").html.select_one("#tasks")
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


# ---------------------------------------------------------------- many at once, outside

def test_like_transfers_are_decided_at_once_with_a_result_for_each(sign_in, county):
    clerk = sign_in("registrar.b1")
    mine = [apply(clerk, child(county, key)) for key in ("twin.1", "twin.2")]
    head = sign_in("head.b1")
    page = head.get("/").click("转学，转入学校审核")
    form = form_with(page, "action")
    form["action"] = "approve"
    done = form.submit().follow()
    assert {int(item["data-id"]): item["data-state"] for item in hooks(done, "case-row")} == dict.fromkeys(mine, "done")
    assert {case(one).step for one in mine} == {"to_county"}


def leave(clerk, pupil):
    """Her own school applies for her to go to 德清 in Zhejiang; returns the case's id."""
    page = clerk.get(f"/cases/new/transfer-out?student={pupil.id}").follow()
    answer = fill(page, outside_school="德清县舞阳小学", outside_county="330521", outside_office="德清县教育局").submit()
    assert answer.status_int == 303, (errors(answer), summary(answer))
    form = form_with(answer.follow(), "truthful")
    form["truthful"] = True
    return int(form.submit().location.rsplit("/", 2)[1])


AGREED = {"answered_on": "2026年9月11日", "paper": "德清县教育局复函 德教函〔2026〕12号"}


def test_the_answer_of_an_office_elsewhere_is_recorded_with_its_day_and_paper(sign_in, county):
    clerk, pupil = sign_in("registrar.a1"), child(county)
    case_id = leave(clerk, pupil)
    assert case(case_id).step == "to_outside" and words(clerk.get(f"/cases/{case_id}"), "state") == ["等待转入地（系统外）核办"]
    page = clerk.fill_in(f"/cases/{case_id}", status=422, action="agree")
    assert errors(page) == {
        "answered_on": "请填写对方答复的日期，在2026年9月11日（申请日）和今天之间", "paper": "请填写答复的文书名称和文号，例如“衢州市龙游县教育局复函 龙教函〔2026〕12号”"}
    page = decide(clerk, case_id, "agree", **AGREED)
    item = hooks(page, "timeline-item")[0].get_text(" ", strip=True)
    assert "等待转入地（系统外）核办：对方同意" in item and "2026年9月11日答复：德清县教育局复函 德教函〔2026〕12号" in item
    for who in ("head.a1", "officer.a"):
        decide(sign_in(who), case_id)
    gone = row(Student, Student.id == pupil.id)
    assert (case(case_id).state, gone.lifecycle, gone.status) == ("effective", "left", "10")


def test_an_office_elsewhere_that_does_not_agree_ends_it_with_its_reason(sign_in, county):
    clerk, pupil = sign_in("registrar.a1"), child(county)
    case_id = leave(clerk, pupil)
    assert set(errors(clerk.fill_in(f"/cases/{case_id}", status=422, action="disagree", **AGREED))) == {"reason"}
    page = decide(clerk, case_id, "disagree", reason="04", note="对方学校二年级没有学位", **AGREED)
    assert words(page, "state") == ["不予办理"]
    assert row(Student, Student.id == pupil.id).lifecycle == "live"


def test_who_went_elsewhere_comes_back_to_her_own_record(sign_in, county):
    clerk, pupil = sign_in("registrar.a1"), child(county)
    case_id = leave(clerk, pupil)
    decide(clerk, case_id, "agree", **AGREED)
    for who in ("head.a1", "officer.a"):
        decide(sign_in(who), case_id)
    new = sign_in("registrar.b1")
    page = find(new, pupil)
    assert {"outside_school", "to_class"} <= set(form_with(page, "reason").fields) and "to_school" not in form_with(page, "reason").fields
    answer = fill(page, to_class=str(county.class_("b1", year=2)), outside_school="德清县舞阳小学", outside_county="330521", outside_office="德清县教育局", from_grade="1.2.6").submit()
    assert answer.status_int == 303, (errors(answer), summary(answer))
    form = form_with(answer.follow(), "truthful")
    form["truthful"] = True
    back = int(form.submit().location.rsplit("/", 2)[1])
    for who in ("head.b1", "officer.b"):
        decide(sign_in(who), back)
    assert case(back).step == "from_outside"
    decide(sign_in("officer.b"), back, "agree", **AGREED)
    again = row(Student, Student.id == pupil.id)
    assert (again.lifecycle, again.status, again.school_id, again.student_code) == ("live", "01", county.body("b1"), pupil.student_code)


# ---------------------------------------------------------------- rules of the place: instruction, special cases, releasing school first

def test_an_instruction_waits_to_be_drawn_and_the_draw_finishes(sign_in, county):
    set_rule(county.body("a"), '{"release_instruction": "是"}')
    pupil, clerk = child(county), sign_in("registrar.b1")
    case_id = apply(clerk, pupil)
    for who in SIX:
        decide(sign_in(who), case_id)
    page = clerk.get(f"/cases/{case_id}")
    assert case(case_id).step == "draw" and words(page, "state") == ["待转入学校调档"]
    lead = page.html.select_one(".lead").get_text(" ", strip=True)
    assert "12月10日" in lead and words(page, "due") == ["还剩 90 天"]
    assert [one["value"] for one in page.html.select("#decision [name=action]")] == ["draw"] and page.html.select_one("#decision [name=action]").has_attr("checked")
    assert words(page, "certificate-no") == [row(Paper, Paper.case_id == case_id).number]  # the new school prints it before the draw
    assert "收回" not in page.html.select_one(".head .actions").get_text()
    assert "转入学校调档" in {cell.get_text() for cell in clerk.get("/").html.select('[data-hook="inbox-todo"] td')}
    page = decide(clerk, case_id, "draw")
    assert words(page, "state") == ["已生效"] and row(Student, Student.id == pupil.id).school_id == county.body("b1")


def test_an_instruction_is_taken_back_by_who_gave_it(sign_in, county):
    set_rule(county.body("a"), '{"release_instruction": "是"}')
    pupil = child(county)
    case_id = apply(sign_in("registrar.b1"), pupil)
    for who in SIX:
        decide(sign_in(who), case_id)
    assert "收回允许转学指令" not in sign_in("officer.b").get(f"/cases/{case_id}").text
    assert sign_in("officer.b").get(f"/cases/{case_id}/take-back", status=409).status_int == 409
    officer = sign_in("officer.a")
    page = officer.get(f"/cases/{case_id}").click("收回允许转学指令")
    assert set(errors(form_with(page, "note").submit(status=422))) == {"reason"}
    done = officer.fill_in(f"/cases/{case_id}/take-back", reason="01", note="家长来函，不再转学")
    assert done.status_int == 303
    page = done.follow()
    assert words(page, "state") == ["不予办理"] and "家长来函，不再转学" in page.text
    assert (row(Paper, Paper.case_id == case_id).state, row(Student, Student.id == pupil.id).school_id) == ("voided", county.body("a1"))
    assert sign_in("registrar.b1").get(f"/cases/{case_id}").html.select_one("#decision") is None


def test_an_instruction_that_nobody_drew_is_told_at_the_desk_until_it_was_read(app, sign_in, county, now):
    set_rule(county.body("a"), '{"release_instruction": "是"}')
    clerk = sign_in("registrar.b1")
    case_id = apply(clerk, child(county))
    for who in SIX:
        decide(sign_in(who), case_id)
    cases.lapse_due(today=date(2026, 12, 11), now=now)
    assert words(clerk.get(f"/cases/{case_id}"), "state") == ["已失效"]
    desk = clerk.get("/")
    news = desk.html.select_one("#news")
    assert "庹思远的转学已失效：期限到2026年12月10日为止，没有办理" in news.get_text()
    form = next(form for form in desk.forms.values() if form.action.endswith("/seen"))
    assert form.submit().status_int == 303
    assert clerk.get("/").html.select_one("#news") is None
    assert form.submit().status_int == 303 and sign_in("registrar.b4").get("/").html.select_one("#news") is None


def test_outside_the_window_the_county_finds_that_a_case_is_special(sign_in, county):
    set_rule(county.body("b"), '{"transfer_windows": "3月1日—3月15日"}')
    clerk = sign_in("registrar.b1")
    page = find(clerk, child(county))
    check = fill(page, to_class=class_of(page)).submit().follow()
    assert "现在不在受理时间内：3月1日—3月15日" in check.html.select_one(".note.bad").get_text()
    case_id = apply(clerk, child(county), special=True, explanation="父亲调往房县，急需就学")
    decide(sign_in("head.b1"), case_id)
    officer = sign_in("officer.b")
    page = officer.get(f"/cases/{case_id}")
    assert "不在受理时间内（3月1日—3月15日），按特殊情况申请" in page.html.select_one("#decision").get_text()
    page = officer.fill_in(f"/cases/{case_id}", status=422, action="approve")
    assert errors(page)["special"].startswith("不在受理时间内") and "请勾选“特殊情况，准予受理”" in errors(page)["special"]
    decide(officer, case_id, special=True)
    assert case(case_id).step == "from_registrar"
    assert "special" not in form_with(sign_in("registrar.a1").get(f"/cases/{case_id}"), "action").fields


def test_where_the_releasing_school_begins_the_receiving_one_names_the_class(sign_in, county):
    set_rule(county.body("a"), '{"start_by": "转出学校"}')
    pupil, clerk = child(county), sign_in("registrar.a1")
    page = clerk.get(f"/cases/new/transfer-out?student={pupil.id}").follow()
    answer = fill(page, to_school="竹山县柳垭镇九年一贯制学校").submit()
    assert answer.status_int == 303, (errors(answer), summary(answer))
    form = form_with(answer.follow(), "truthful")
    form["truthful"] = True
    case_id = int(form.submit().location.rsplit("/", 2)[1])
    decide(sign_in("head.a1"), case_id)
    new = sign_in("registrar.a3")
    page = new.fill_in(f"/cases/{case_id}", status=422, action="approve")
    assert errors(page) == {"to_class": "请选择学生编入的班级"}
    assert "由转入学校确定" in page.html.select_one(".facts").get_text()
    offered = [text for value, _, text in form_with(page, "to_class")["to_class"].options if value]
    assert offered and all(text.startswith("二年级") for text in offered)
    decide(new, case_id, to_class=class_of(page))
    for who in ("head.a3", "officer.a"):
        decide(sign_in(who), case_id)
    assert row(Student, Student.id == pupil.id).school_id == county.body("a3")


# ---------------------------------------------------------------- a silent office

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


# ---------------------------------------------------------------- who sees what

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


def test_a_child_from_a_school_elsewhere_comes_with_the_number_she_has(app, sign_in, county):
    clerk, record = sign_in("registrar.a1"), new_pupil(1, national_no="G330521201903150245")
    form = form_with(clerk.get("/cases/new/transfer/outside").follow(), "outside_school", "id_doc_no")
    asked = {"outside_school": "德清县舞阳小学", "outside_county": "330521", "outside_office": "德清县教育局", "from_grade": "1.2.6", "reason": "02",
             "to_class": str(county.class_("a1", year=2))}
    for name, value in (typed(app, record) | FAMILY | asked).items():
        if name in form.fields:
            form[name] = value
    answer = form.submit()
    assert answer.status_int == 303, (errors(answer), summary(answer))
    check = answer.follow()
    assert clerk.get(next(one["href"] for one in check.html.select("a[download]"))).body.startswith(b"%PDF-")
    form = form_with(check, "truthful")
    form["truthful"] = True
    case_id = int(form.submit().location.rsplit("/", 2)[1])
    head = form_with(sign_in("head.a1").get(f"/cases/{case_id}"), "action")
    head["action"], head["reason"], head["note"] = "return", "02", "请核对原学校名称"
    assert head.submit().status_int == 303
    again = form_with(clerk.get(f"/cases/{case_id}/edit"), "outside_school").submit()
    assert again.status_int == 303, (errors(again), summary(again))
    assert (case(case_id).step, "德清县舞阳小学" in again.follow().text) == ("to_audit", True)
