"""整班转学 as the township does it: two schools, where each class goes, the list read over, handed in; accepted, approved, printed, undone."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Student
from tests.pages import errors, form_with, hooks, set_field, summary
from tests.services.test_whole_classes import Village
from tests.transfer_office import change
from tests.views.test_quota_cases import decide


@pytest.fixture
def village(county, today, now):
    return Village(county, today, now)


def opened(village, clerk):
    page = clerk.get("/cases/new/whole-class-transfer")
    form = next(one for one in page.forms.values() if "from_school" in one.fields)
    form["from_school"], form["to_school"] = str(village.county.body("a5")), str(village.county.body("a1"))
    return form.submit()


def checked(village, clerk, **more):
    form = form_with(opened(village, clerk), "explanation")
    fields = {f"class_{old}": str(new) for old, new in zip(village.old, village.new, strict=True)} | {"explanation": "教学点撤并", "document": "竹政办函〔2026〕18号"} | more
    for name, value in fields.items():
        set_field(form, name, value)
    return form.submit("step", value="check", status="*")


def test_from_the_choice_of_schools_to_the_printed_list_and_back(village, sign_in):
    before = village.pupils()
    kept = next(iter(before))
    change(Student, kept, status="02")
    clerk = sign_in("township.a.t1")
    assert "整班转学" in clerk.get("/cases").text
    page = checked(village, clerk)
    assert ("留在原班" in page.text, "学籍状态是“休学”" in page.text) == (True, True)
    missing = form_with(page, "truthful").submit("step", value="submit", status=422)
    assert errors(missing) == {"truthful": "请先核对名册并告知监护人，再勾选"}
    form = form_with(missing, "truthful")
    form["truthful"].checked = True
    shown = form.submit("step", value="submit").follow()
    address = shown.request.path
    assert (hooks(shown, "state")[0].text, f"名册 {len(before)} 人" in shown.text) == ("待转入学校接收", True)
    desk = clerk.get("/")
    assert (desk.html.select_one(".head .btn.main").get_text(), "提交，9月11日" in hooks(desk, "inbox-done")[0].get_text()) == ("整班转学", True)
    decide(sign_in("registrar.a1"), address, action="return", reason="04", note="请核对名册", mend=["document"])
    page = clerk.get(clerk.get(address).html.select_one("a.btn.main")["href"])
    assert "请核对名册" in page.text
    form = form_with(page, "explanation")
    form["document"] = "竹政办函〔2026〕19号"
    form = form_with(form.submit("step", value="check"), "truthful")
    form["truthful"].checked = True
    assert "待转入学校接收" in form.submit("step", value="submit").follow().text
    decide(sign_in("registrar.a1"), address, action="approve")
    shown = decide(sign_in("officer.a"), address, action="approve")
    assert "已生效" in hooks(shown, "state")[0].text
    db.session.rollback()
    there = db.session.execute(select(Student.id).where(Student.school_id == village.county.body("a1"), Student.id.in_(before))).scalars().all()
    assert set(there) == set(before) - {kept}
    pdf = sign_in("registrar.a5").get(f"{address}/transfer-list.pdf")
    assert pdf.content_type == "application/pdf"
    officer = sign_in("officer.a")
    assert "全部回到原来的学校和班级" in officer.get(f"{address}/reverse").text
    officer.fill_in(f"{address}/reverse", reason="批准文件撤回").follow()
    db.session.rollback()
    assert village.pupils() == before
    assert officer.get(f"{address}/transfer-list.pdf", status="*").status_int == 422


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(village, sign_in):
    clerk = sign_in("township.a.t1")
    page = checked(village, clerk, document="", **{f"class_{old}": "" for old in village.old})
    assert page.status_int == 422
    assert errors(page) == {f"class_{village.old[0]}": "请至少为一个班选择转入班级", "document": "请填写批准文件的名称和文号"}
    assert (form_with(page, "explanation")["explanation"].value, len(summary(page))) == ("教学点撤并", 2)


def test_from_the_check_one_goes_back_with_all_that_was_chosen(village, sign_in):
    clerk = sign_in("township.a.t1")
    back = form_with(checked(village, clerk), "truthful").submit("step", value="edit")
    form = form_with(back, "explanation")
    assert (form[f"class_{village.old[0]}"].value, form["document"].value) == (str(village.new[0]), "竹政办函〔2026〕18号")


def test_the_township_withdraws_and_others_cannot_begin(village, sign_in):
    case_id = village.apply()
    clerk = sign_in("township.a.t1")
    clerk.fill_in(f"/cases/{case_id}/withdraw", note="暂缓撤并").follow()
    assert "已撤销" in clerk.get(f"/cases/{case_id}").text
    for who in ("registrar.a1", "officer.a", "head.a1"):
        assert sign_in(who).get("/cases/new/whole-class-transfer", status="*").status_int == 403
    assert clerk.get(f"/cases/new/whole-class-transfer?from_school={village.county.body('a2')}&to_school={village.county.body('a1')}").status_int == 200
