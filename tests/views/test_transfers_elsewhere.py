"""转学 at the browser where one of the two schools is not in this house."""

from urllib.parse import urlsplit

from app.models import Paper, Student
from app.services.paperwork import papers
from tests.cast import new_pupil
from tests.office import case, row
from tests.pages import Person, errors, form_with, hooks, summary
from tests.transfer_hands import FAMILY, child, decide, fill, find
from tests.views.test_cases import words
from tests.views.test_enrolments import typed

YUNXI = {"outside_school": "郧西县城关镇第一小学", "outside_county": "420322", "outside_office": "郧西县教育局"}
DEQING = {"outside_school": "德清县舞阳小学", "outside_county": "330521", "outside_office": "德清县教育局"}


def leave(clerk, pupil, school=YUNXI):
    """Her own school applies for her to go to 郧西, a county that is not in this house; returns the case's id."""
    page = clerk.get(f"/cases/new/transfer-out?student={pupil.id}").follow()
    answer = fill(page, **school).submit()
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
    assert set(errors(clerk.fill_in(f"/cases/{case_id}", status=422, action="disagree", **AGREED))) == {"reason", "note"}
    page = decide(clerk, case_id, "disagree", reason="04", note="对方学校二年级没有学位", **AGREED)
    assert words(page, "state") == ["不予办理"]
    assert row(Student, Student.id == pupil.id).lifecycle == "live"


def test_who_went_elsewhere_comes_back_to_her_own_record(sign_in, county):
    clerk, pupil = sign_in("registrar.a1"), child(county)
    case_id = leave(clerk, pupil, DEQING)
    for who in ("head.a1", "officer.a"):
        decide(sign_in(who), case_id)
    new = sign_in("registrar.b1")
    page = find(new, pupil)
    assert {"outside_school", "to_class"} <= set(form_with(page, "reason").fields) and "to_school" not in form_with(page, "reason").fields
    answer = fill(page, to_class=str(county.class_("b1", year=2)), **DEQING, from_grade="1.2.6").submit()
    assert answer.status_int == 303, (errors(answer), summary(answer))
    form = form_with(answer.follow(), "truthful")
    form["truthful"] = True
    back = int(form.submit().location.rsplit("/", 2)[1])
    for who in ("head.b1", "officer.b"):
        decide(sign_in(who), back)
    assert case(back).step == "far" and words(sign_in("officer.b").get(f"/cases/{back}"), "state") == ["等待外省核办"]
    decide(sign_in("officer.b"), back, "agree", **AGREED)
    again = row(Student, Student.id == pupil.id)
    assert (again.lifecycle, again.status, again.school_id, again.student_code) == ("live", "01", county.body("b1"), pupil.student_code)


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


def test_a_pupil_who_goes_to_another_province_from_her_page_to_the_void_certificate(app, sign_in, county):
    """系统外转出: chosen from the class, filled, decided by school and county, printed; undone by the county, and whoever checks the certificate reads so."""
    clerk, pupil = sign_in("registrar.a1"), child(county)
    assert "系统外转出" in [one.get_text() for one in clerk.get("/cases/new").html.select(".rows b a")]
    listed = clerk.get("/cases/new/transfer-out")  # no class chosen yet
    assert "请选择班级" in listed.text
    listed = clerk.get(f"/cases/new/transfer-out?class={pupil.class_id}")
    assert hooks(listed, "student-row") and f"/cases/new/transfer/out.{pupil.id}" in listed.text
    offered = {one.b.get_text(): one.span.get_text() for one in clerk.get(f"/cases/new?student={pupil.id}").html.select(".rows li") if one.b.get_text() in ("转学", "系统外转出")}
    assert offered == {"转学": "转往本省的学校。学校在本系统的，由转入学校发起", "系统外转出": "转往外省、不在本系统的学校"}
    case_id = leave(clerk, pupil, DEQING)
    page = clerk.get(f"/cases/{case_id}")
    assert (case(case_id).kind, words(page, "state"), "还须附：接收证明" in page.text) == ("transfer-out", ["待转出学校审核"], False)
    assert "接收证明" in page.text  # asked for, not there yet
    head = decide(sign_in("head.a1"), case_id)
    assert words(head, "state") == ["待转出主管部门核办"]
    decide(sign_in("officer.a"), case_id)
    page = clerk.get(f"/cases/{case_id}")
    assert words(page, "state") == ["已生效"] and words(page, "certificate-no") == ["竹转字〔2026〕第00001号"]
    paper = row(Paper, Paper.case_id == case_id)
    assert clerk.get(f"/documents/{paper.id}.pdf").body.startswith(b"%PDF-")
    check = urlsplit(papers.facts_of(paper)["check_address"]).path
    assert words(Person(app).get(check), "state") == ["有效"]
    assert [one.get_text(strip=True) for one in clerk.get("/cases?kind=transfer-out").html.select('[data-hook="case-row"] [data-hook="state"]')] == ["已生效"]
    answer = sign_in("officer.a").fill_in(f"/cases/{case_id}/reverse", reason="转错学生：两名学生同名")
    assert answer.status_int == 303, summary(answer)
    assert words(Person(app).get(check), "state") == ["已作废"]
    assert row(Student, Student.id == pupil.id).status == "01"


def test_who_is_not_in_class_reads_what_comes_first(sign_in, county):
    clerk, away = sign_in("registrar.a1"), child(county, "suspended")
    told = {one.b.get_text(): one.span.get_text() for one in clerk.get(f"/cases/new?student={away.id}").html.select(".rows li")}
    assert told["转学"] == told["系统外转出"] == "不能办理：休学的请先办理复学，再转学"
