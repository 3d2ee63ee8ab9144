"""转学 at the browser by the rules of the place: instruction, special cases, releasing school first."""

from datetime import date

from sqlalchemy import select

from app.extensions import db
from app.models import Body, Paper, Student
from app.services.casework import cases
from app.services.transfer import transfer_pages
from tests.office import case, row
from tests.pages import errors, form_with, summary
from tests.transfer_hands import SIX, apply, child, class_of, decide, fill, find
from tests.transfer_office import set_rule
from tests.views.test_cases import words


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
    offered = form_with(page, "to_class")["to_class"]
    assert offered.value == str(case(case_id).class_id)  # the class of the application; another of the grade where that one has filled up
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
    assert set(errors(form_with(page, "note").submit(status=422))) == {"reason", "note"}
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


def test_where_the_releasing_school_begins_the_receiving_one_names_the_class(sign_in, county, monkeypatch):
    set_rule(county.body("a"), '{"start_by": "转出学校"}')
    pupil, clerk = child(county), sign_in("registrar.a1")
    page = clerk.get(f"/cases/new/transfer-out?student={pupil.id}").follow()
    offered = [one["value"] for one in page.html.select("#schools option")]
    near = set(db.session.scalars(select(Body.name).where(Body.tier == "school", Body.county_id == county.body("a"), Body.state == "open", Body.here))) - {"竹山县堵河路小学"}
    assert near and set(offered[: len(near)]) == near and len(offered) > len(near)
    monkeypatch.setattr(transfer_pages, "NEAR", 1)
    assert len(clerk.get(page.request.url).html.select("#schools option")) == 1
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
