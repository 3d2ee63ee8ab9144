"""补录 by form, at its own door: into any grade; a child whose number is known goes on as a transfer; sent back, mended, agreed, undone."""

from sqlalchemy import select

from app.extensions import db
from app.models import Case, Student
from app.services.casework.cases import Words
from app.workflow.flows import SUPPLEMENTARY
from tests.office import a, case
from tests.pages import errors, form_with, hooks, summary
from tests.services.test_supplementary import born, third
from tests.views.test_enrolments import filled

__all__ = ["a"]

NEW = "/cases/new/supplementary"
SECOND_OF_GRADE_3 = {"entry_month": "2024年9月", "admission_mode": "11"}


def typed(app, a, clerk, record, **changes):
    one = {**record, "guardians": record["guardians"][:1]}
    page = clerk.get(f"{NEW}?fresh=1")
    code = next(value for value, _, label in form_with(page, "id_doc_no")["class_code"].options if label.startswith("三年级") or "1班" in label)
    return filled(app, page, one, **SECOND_OF_GRADE_3 | {"class_code": code} | changes)


def test_a_child_without_a_record_is_entered_audited_and_approved(app, a, sign_in):
    clerk = sign_in("registrar.a1")
    assert "补录（新建）" in clerk.get("/cases/new").text
    record = born(2024)
    page = clerk.get(f"{NEW}?fresh=1")
    assert "补录不占招生计划" in page.text
    check = typed(app, a, clerk, record).submit()
    assert check.status_int == 303, summary(check)
    check = check.follow()
    assert ("核对后提交 - 补录（新建）" in check.text, check.request.path) == (True, f"{NEW}/check")
    form = form_with(check, "truthful")
    form["truthful"].checked = True
    accepted = form.submit().follow()
    assert "补录（新建）已受理" in accepted.text
    made = db.session.scalars(select(Case).where(Case.kind == "supplementary")).one()
    shown = sign_in("head.a1").get(f"/cases/{made.id}")
    assert (record["name"] in shown.text, "旧学校学籍证明" in sign_in("registrar.a1").get(f"/cases/{made.id}").text) == (True, True)
    a.approve(made.id)
    db.session.expire_all()
    assert db.session.get_one(Student, made.student_id).status == "01"
    officer = sign_in("officer.a")
    officer.fill_in(f"/cases/{made.id}/reverse", reason="外省已有学籍").follow()
    assert "已作废" in officer.get(f"/cases/{made.id}").html.select_one('[data-hook="state"]').text


def test_a_number_that_is_known_goes_on_as_a_transfer_of_that_record(app, a, county, sign_in):
    clerk, other = sign_in("registrar.a1"), county.known("one-word").item
    record = born(2024, id_doc_no=other["id_doc_no"], birth_date=other["birth_date"], sex=other["sex"], name=other["name"])
    page = typed(app, a, clerk, record).submit(status=422)
    assert "系统中已有使用这个证件号的学籍" in errors(page)["id_doc_no"]
    form = next(one for one in page.forms.values() if one.action == "/cases/new/transfer")
    sheet = form.submit().follow()
    assert (sheet.request.path.startswith("/cases/new/transfer/"), other["name"] in sheet.text) == (True, True)


def test_sent_back_it_is_mended_on_the_same_sheet(a, sign_in):
    case_id = a.apply(born(2024), third(a), flow=SUPPLEMENTARY)
    a.act(case_id, "return", a.head, Words(reason="02", note="请补旧学校证明", mend=("phone",)))
    clerk = sign_in("registrar.a1")
    page = clerk.get(clerk.get(f"/cases/{case_id}").html.select_one("a.btn.main")["href"])
    assert "补正登记" in page.text and "请补旧学校证明" in page.text
    done = form_with(page, "id_doc_no").submit()
    assert done.status_int == 303, summary(done)
    assert case(case_id).step == "school_audit"
    assert hooks(clerk.get(f"/cases/{case_id}"), "state")[0].text == "待学校审核"


def test_only_registrars_open_the_door(sign_in):
    for who in ("head.a1", "officer.a", "teacher.a1"):
        assert sign_in(who).get(NEW, status="*").status_int == 403
