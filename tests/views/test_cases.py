"""学籍业务 at the browser: found, read, decided, withdrawn, with their scans and sheets; many at once."""

import io
import json
from datetime import date, datetime

import pytest
from PIL import Image
from reportlab.pdfgen import canvas
from sqlalchemy import select

from app.extensions import db
from app.models import Event, File, Printing
from app.services import files
from app.services.casework import case_lists, cases
from app.services.intake import enrolments
from tests.cast import new_pupil
from tests.office import a, case
from tests.pages import errors, form_with, hooks, summary

__all__ = ["a"]


@pytest.fixture
def waiting(a):
    """An application at the head's desk."""
    return a.apply(new_pupil(1))


def events(name):
    return [json.loads(facts) for facts in db.session.scalars(select(Event.facts).where(Event.name == name).order_by(Event.seq))]


def words(page, hook):
    return [" ".join(element.get_text(" ", strip=True).split()) for element in hooks(page, hook)]


def picture(kind="JPEG", **info):
    out = io.BytesIO()
    image = Image.effect_noise((900, 600), 60)
    exif = Image.Exif()
    exif[0x010E] = "taken at home, 32.2 N 110.2 E"
    image.save(out, kind, exif=exif, **info)
    return out.getvalue()


# ---------------------------------------------------------------- found and read


def test_the_list_is_asked_by_state_school_and_number(sign_in, a, waiting):
    other = a.apply(new_pupil(2))
    a.act(other, "withdraw", a.registrar)
    officer = sign_in("officer.a")
    ids = lambda page: {row["data-id"] for row in hooks(page, "case-row")}  # noqa: E731

    assert {str(waiting), str(other)} <= ids(officer.get("/cases"))
    assert ids(officer.get("/cases?state=withdrawn")) == {str(other)}
    assert str(waiting) in ids(officer.get(f"/cases?school={a.county.body('a1')}&state=open"))
    assert ids(officer.get(f"/cases?school={a.county.body('a2')}")) == set()
    assert ids(officer.get("/cases", {"number": case(waiting).number})) == {str(waiting)}
    assert ids(officer.get("/cases", {"number": str(int(case(waiting).number[-6:-1]))})) == {str(waiting)}
    assert "没有符合条件的业务" in officer.get("/cases?number=none").text
    assert ids(sign_in("officer.b").get("/cases")) == set()


def test_a_long_list_goes_on_from_the_last_one_shown(sign_in, a, monkeypatch):
    monkeypatch.setattr(case_lists, "PAGE", 3)
    monkeypatch.setattr(case_lists.listed, "__kwdefaults__", case_lists.listed.__kwdefaults__ | {"limit": 3})
    mine = [str(a.apply(new_pupil(place))) for place in (1, 2)]
    clerk = sign_in("registrar.a1")
    first = clerk.get("/cases")
    second = clerk.get(hooks(first, "next-page")[0]["href"])
    seen = [row["data-id"] for page in (first, second) for row in hooks(page, "case-row")]
    assert len(seen) == len(set(seen)) == 6 and seen[:2] == mine[::-1]
    assert not hooks(second, "next-page")


def test_a_case_is_told_with_its_way_its_findings_and_who_holds_it(sign_in, waiting):
    page = sign_in("head.a1").get(f"/cases/{waiting}")
    record = new_pupil(1)
    text = page.html.get_text(" ", strip=True)
    assert words(page, "state") == ["待学校审核"] and words(page, "due") == ["还剩 10 个工作日"]
    assert [" ".join(step.get_text(" ", strip=True).split()) for step in page.html.select(".steps li")] == [
        "登记信息 竹山县堵河路小学 庹明慧 提交，9月11日", "学校审核 堵河路小学 学校审核人 应于9月24日前", "主管教育行政部门核办 竹山县教育局 县学籍管理员 到达后 10 个工作日", "已生效",
    ]
    assert "全库无重复" in text and "2013年办法第六条（一人一籍）" in text
    assert words(page, "idno") == ["4203**********▪▪▪▪"] and record["id_doc_no"] not in page.text
    assert record["guardians"][0]["phone"] not in page.text
    item = hooks(page, "timeline-item")[0]
    assert (item["data-actor"], item["data-at"]) == ("庹明慧", "2026-09-11T15:20")


def test_who_does_not_hold_it_is_offered_nothing(sign_in, waiting):
    assert form_with(sign_in("head.a1").get(f"/cases/{waiting}"), "action")
    for who in ("registrar.a1", "officer.a"):
        assert not sign_in(who).get(f"/cases/{waiting}").html.select_one("#decision")
    for who in ("head.b1", "officer.b", "officer.city1"):
        assert sign_in(who).get(f"/cases/{waiting}", status=404).status_int == 404
    assert sign_in("auditor").get(f"/cases/{waiting}", status=403).status_int == 403


def test_a_school_of_the_city_is_decided_by_its_officer_who_sees_the_child_in_the_case_only(sign_in, county, today, now):
    clerk = county.actor("registrar.m1")
    case_id = enrolments.apply(new_pupil(1), county.class_("m1", stage="2"), actor=clerk, today=today, now=now)
    cases.act(case_id, "approve", actor=county.actor("head.m1"), version=1, today=today, now=now)
    page = sign_in("officer.city1").get(f"/cases/{case_id}")
    assert new_pupil(1)["name"] in page.text and "/students/" not in page.html.main.decode()
    assert form_with(page, "action").submit(status=422)


# ---------------------------------------------------------------- decided


def test_head_and_county_agree_and_it_takes_effect(sign_in, waiting):
    answer = sign_in("head.a1").fill_in(f"/cases/{waiting}", action="approve")
    assert (answer.status_int, case(waiting).step) == (303, "county")
    page = sign_in("officer.a").fill_in(f"/cases/{waiting}", action="approve").follow()
    assert words(page, "state") == ["已生效"]
    assert [item["data-actor"] for item in hooks(page, "timeline-item")] == ["单维桢", "余正德", "庹明慧"]
    assert "学籍号" in page.html.select_one(".facts").get_text() and "L420323" not in page.text


def test_a_return_without_reason_comes_back_with_what_was_typed(sign_in, waiting):
    page = sign_in("head.a1").fill_in(f"/cases/{waiting}", status=422, action="return", note="户口簿看不清")
    assert errors(page) == {"reason": "退回或不予办理须从列表中选择理由"}
    assert form_with(page, "action")["note"].value == "户口簿看不清"
    page = sign_in("head.a1").fill_in(f"/cases/{waiting}", status=422, note="")
    assert errors(page) == {"action": "请选择意见"}


def test_a_return_names_what_to_mend(sign_in, waiting):
    head = sign_in("head.a1")
    form = form_with(head.get(f"/cases/{waiting}"), "action")
    form["action"], form["reason"], form["note"] = "return", "02", "现住址写到门牌号，户口簿看不清"
    for box in form.fields["mend"]:
        box.checked = box._value in ("current_address", "evidence")
    form.submit()
    page = sign_in("registrar.a1").get(f"/cases/{waiting}")
    assert words(page, "state") == ["待补正"]
    assert "退回补正：现住址、佐证材料" in page.html.get_text()
    assert page.html.select_one(f'a[href="/enrolments/{waiting}/edit"]')


def test_the_second_of_two_reads_who_was_first_and_when(sign_in, a, waiting):
    page = sign_in("head.a1").get(f"/cases/{waiting}")
    a.act(waiting, "approve", a.head)
    form = form_with(page, "action")
    form["action"], form["reason"], form["note"] = "refuse", "03", "不在片区"
    late = form.submit(status=409)
    assert "余正德（竹山县堵河路小学）在 2026年9月11日 15:20 办理了“学校审核”：同意" in late.text
    assert f'href="/cases/{waiting}"' in late.text


def test_only_the_fields_of_the_surface_decide_too(app, sign_in, waiting):
    head = sign_in("head.a1")
    token = form_with(head.get(f"/cases/{waiting}"), "action")["csrf_token"].value
    answer = head.post(f"/cases/{waiting}/decision", {"csrf_token": token, "action": "approve", "reason": "", "note": "", "seen_at": "school_audit"})
    assert (answer.status_int, case(waiting).step) == (303, "county")
    again = head.post(f"/cases/{waiting}/decision", {"csrf_token": token, "action": "approve", "seen_at": "school_audit"}, status=409)
    assert "这件业务已经变了" in again.text


def test_pressing_twice_decides_once(sign_in, waiting):
    form = form_with(sign_in("head.a1").get(f"/cases/{waiting}"), "action")
    form["action"] = "approve"
    first, second = form.submit(), form.submit()
    assert (first.status_int, second.status_int, first.location) == (303, 303, second.location)
    assert len(events("case.acted")) == 1


def test_whose_turn_it_is_not_reads_whose_it_is(sign_in, waiting):
    officer = sign_in("officer.a")
    token = officer.get("/cases").html.select_one("[name=csrf_token]")["value"]
    page = officer.post(f"/cases/{waiting}/decision", {"csrf_token": token, "action": "approve", "seen_at": "school_audit"}, status=403)
    assert "这件业务现在由竹山县堵河路小学的学校审核人办理" in page.text
    clerk = sign_in("registrar.a1")
    token = clerk.get("/cases").html.select_one("[name=csrf_token]")["value"]
    page = clerk.post(f"/cases/{waiting}/decision", {"csrf_token": token, "action": "approve", "seen_at": "school_audit"}, status=403)
    assert "这件业务现在由竹山县堵河路小学的学校审核人办理" in page.text


def test_an_old_token_keeps_the_words(sign_in, waiting):
    form = form_with(sign_in("head.a1").get(f"/cases/{waiting}"), "action")
    form["csrf_token"], form["action"], form["note"] = "old", "approve", "材料齐全"
    page = form.submit(status=422)
    assert "请再提交一次" in summary(page)[0] and form_with(page, "action")["note"].value == "材料齐全"


def test_look_alikes_are_shown_and_settled(sign_in, a):
    first = new_pupil(1)
    a.apply(first)
    case_id = a.apply(new_pupil(2, name=first["name"], birth_date=first["birth_date"], sex=first["sex"], id_doc_type="Z", id_doc_no=None))
    a.act(case_id, "approve", a.head)
    officer = sign_in("officer.a")
    page = officer.get(f"/cases/{case_id}")
    assert f"与竹山县堵河路小学的{first['name']}姓名、性别、出生日期相同" in page.html.select_one("#decision").get_text()
    assert "请勾选“已核对，不是同一人”" in errors(officer.fill_in(f"/cases/{case_id}", status=422, action="approve"))["different"]
    assert officer.fill_in(f"/cases/{case_id}", action="approve", different=True).status_int == 303


def test_the_tier_above_acts_when_the_time_is_over(sign_in, a):
    a.today, a.now = date(2026, 8, 3), datetime(2026, 8, 3, 9, 0)
    late = a.apply(new_pupil(1))
    officer = sign_in("officer.a")
    section = officer.get("/").html.select_one("#late")
    assert "超期" in section.get_text() and f"/cases/{late}" in section.decode()
    page = officer.fill_in(f"/cases/{late}", status=422, action="approve")
    assert errors(page)["note"].startswith("代办须说明理由")
    page = officer.fill_in(f"/cases/{late}", action="approve", note="学校逾期未办").follow()
    assert "由上级代办" in page.text


def test_the_applicant_withdraws_after_being_asked(sign_in, waiting):
    clerk = sign_in("registrar.a1")
    page = clerk.get(f"/cases/{waiting}").click("撤销这一件")
    assert "不能恢复" in page.text
    answer = form_with(page, "note").submit()
    assert (answer.status_int, case(waiting).state) == (303, "withdrawn")
    assert clerk.get(f"/cases/{waiting}/withdraw", status=409).status_int == 409
    assert sign_in("head.a1").get(f"/cases/{waiting}/withdraw", status=403).status_int == 403


def test_kinds_to_choose_from(sign_in):
    page = sign_in("registrar.a1").get("/cases/new").click("新生登记")
    assert page.status_int == 303 and page.location.endswith("/enrolments/new")
    assert sign_in("registrar.a1").get("/cases/new/nonsense", status=404).status_int == 404


# ---------------------------------------------------------------- scans


def upload(person, case_id, data, name="户口簿.jpg", material="household", status=303):
    form = form_with(person.get(f"/cases/{case_id}"), "material")
    form["material"] = material
    form["file"] = (name, data)
    return form.submit(status=status)


def test_a_scan_is_drawn_anew_kept_sealed_and_given_to_who_may_see_the_case(app, sign_in, waiting):
    clerk, data = sign_in("registrar.a1"), picture(quality=95)
    page = upload(clerk, waiting, data).follow()
    link = next(one["href"] for one in page.html.select("#evidence td a") if one.has_attr("download"))
    row = db.session.execute(select(File)).scalar_one()
    on_disk = files._place(row.path).read_bytes()

    got = sign_in("officer.a").get(link)
    assert (got.content_type, got.content_disposition.split(";")[0]) == ("image/jpeg", "attachment")
    assert b"taken at home" in data and b"taken at home" not in got.body and not on_disk.startswith(b"\xff\xd8")
    assert Image.open(io.BytesIO(got.body)).size == (900, 600)
    looked = clerk.get(f"{link}?view=1")
    assert (looked.content_type, looked.content_disposition) == ("image/jpeg", "inline")
    assert [facts["action"] for facts in events("case.evidence")] == ["增加", "下载", "查看"]
    assert sign_in("officer.b").get(link, status=404).status_int == 404


def booklet(pages):
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    for _ in range(pages):
        sheet.rect(100, 100, 300, 300, fill=1)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def test_a_pdf_is_taken_with_a_warning_and_looked_at_as_a_picture_of_its_first_pages(sign_in, waiting):
    clerk = sign_in("registrar.a1")
    page = upload(clerk, waiting, booklet(9), "户口簿.pdf").follow()
    assert any("上报前须另存为图片" in sentence for sentence in words(page, "flash"))
    looked = page.click("看前 8 页")
    picture = Image.open(io.BytesIO(looked.body))
    assert (looked.content_type, picture.width, picture.height // 1414) == ("image/jpeg", 1000, 8)
    assert page.click("户口簿.pdf", index=0).content_type == "application/pdf"


@pytest.mark.parametrize(("data", "said"), [
    (b"", "请选择要上传的文件"), (b"MZ not a picture", "文件不是 JPG、PNG 图片或 PDF"), (b"\xff\xd8\xff broken", "图片打不开"),
    (b"\x89PNG\r\n\x1a\n" + bytes(60), "图片打不开"), (b"%PDF-1.4 1 0 obj", "PDF 打不开，可能已经损坏或设了密码"), (b"%PDF-" + bytes(11 * 1024 * 1024), "单份材料最大 10 MB"),
])
def test_what_is_no_scan_is_refused(sign_in, waiting, data, said):
    page = upload(sign_in("registrar.a1"), waiting, data, status=422)
    assert said in errors(page)["file"]
    assert db.session.execute(select(File)).first() is None


def test_a_picture_too_large_to_open_is_refused(sign_in, waiting):
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert errors(upload(sign_in("registrar.a1"), waiting, out.getvalue(), status=422)) == {"file": "图片有 9000×9000 像素，太大了，请按 300 DPI 重新扫描后再传"}


def test_what_it_is_has_to_be_said(sign_in, waiting):
    assert errors(upload(sign_in("registrar.a1"), waiting, picture(), material="", status=422)) == {"material": "请选择这份材料是什么"}


def test_a_scan_is_taken_off_while_the_case_is_open(sign_in, a, waiting):
    clerk = sign_in("registrar.a1")
    page = upload(clerk, waiting, picture()).follow()
    next(form for form in page.forms.values() if form.action.endswith("/remove")).submit()
    assert "还没有上传材料" in clerk.get(f"/cases/{waiting}").text
    assert [facts["action"] for facts in events("case.evidence")] == ["增加", "移去"]

    page = upload(clerk, waiting, picture()).follow()
    gone = next(form for form in page.forms.values() if form.action.endswith("/remove"))
    a.approve(waiting)
    assert "已经办结" in gone.submit(status=422).text
    assert not [form for form in clerk.get(f"/cases/{waiting}").forms.values() if "material" in form.fields]


def test_the_head_looks_and_only_who_holds_it_adds(sign_in, a, waiting):
    a.act(waiting, "approve", a.head)
    page = sign_in("head.a1").get(f"/cases/{waiting}")
    assert not [form for form in page.forms.values() if "material" in form.fields]


# ---------------------------------------------------------------- the sheet


def test_the_check_sheet_prints_counts_and_leaves_a_trace(sign_in, waiting):
    clerk = sign_in("registrar.a1")
    for times in (1, 2):
        pdf = clerk.get(f"/cases/{waiting}/check-sheet.pdf")
        assert pdf.content_type == "application/pdf" and pdf.body.startswith(b"%PDF-")
        assert events("student.printed")[-1] == {"paper": "信息核对表", "times": times}
    assert db.session.execute(select(Printing.times)).scalar_one() == 2
    assert sign_in("registrar.b1").get(f"/cases/{waiting}/check-sheet.pdf", status=404).status_int == 404
    assert sign_in("officer.city1").get(f"/cases/{waiting}/check-sheet.pdf", status=403).status_int == 403


# ---------------------------------------------------------------- many at once


def test_a_class_is_decided_at_once_but_for_look_alikes(sign_in, a):
    first = new_pupil(1)
    mine = [a.apply(new_pupil(place)) for place in (1, 2)]
    alike = a.apply(new_pupil(3, name=first["name"], birth_date=first["birth_date"], sex=first["sex"], id_doc_type="Z", id_doc_no=None))
    head = sign_in("head.a1")
    page = head.get("/").click("堵河路小学 一年级2班")
    assert page.html.h1.get_text() == "堵河路小学 一年级2班 新生登记"
    form = form_with(page, "action")
    ticked = {int(box._value) for box in form.fields["id"] if box.checked}
    assert set(mine) <= ticked and alike not in ticked
    assert "疑似重复" in page.text

    form["action"] = "approve"
    done = form.submit()
    assert done.status_int == 303
    rows = hooks(done.follow(), "case-row")
    assert {int(row["data-id"]) for row in rows} == ticked and all("已办理" in row.get_text() for row in rows)
    assert {case(case_id).step for case_id in mine} == {"county"} and case(alike).step == "school_audit"
    assert form.submit().location == done.location  # pressed again: once


def test_many_need_ticks_and_reasons(sign_in, a, waiting):
    second = a.apply(new_pupil(2))
    page = sign_in("head.a1").get("/").click("堵河路小学 一年级2班")
    form = form_with(page, "action")
    form["action"], form["note"] = "return", "材料不全"
    told = form.submit(status=422)
    assert "须从列表中选择理由" in " ".join(summary(told))
    form = form_with(told, "action")
    form["reason"] = "02"
    for box in form.fields["id"]:
        box.checked = False
    assert summary(form.submit(status=422)) == ["请先勾选要办理的学生"]
    assert case(second).step == "school_audit"


def test_a_group_of_nobody_is_not_there(sign_in, a):
    assert sign_in("head.a1").get("/cases/batch?kind=enrolment&step=county&class_id=1", status=404).status_int == 404
    assert sign_in("head.a1").get("/cases/batch?kind=nonsense&step=county", status=404).status_int == 404
    assert sign_in("registrar.a1").get("/cases/batch?kind=enrolment&step=county&class_id=1", status=404).status_int == 404
