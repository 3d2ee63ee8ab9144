"""The pages that no link leads to: what is read over before it is handed in, what comes after, a form that came back, an act that came too late, work that goes on.

They are held to what every page is held to (`look`). The error summary takes the focus, with and without script.
"""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Student
from app.services.casework import cases
from app.services.casework.cases import Words
from tests.office import case
from tests.services.test_drawing import Autumn
from tests.services.test_recruiting import Region
from tests.services.test_whole_classes import Village

from .house import NOW, TODAY, lived_in
from .pages import look
from .test_enrolling import come_to_check, everything, fill
from .test_transfer import ASKED, class_choice

FOCUS = "() => document.activeElement.className"


@pytest.fixture
def sound():
    """`sound(page, "核对")` looks at the page as it stands and at its heading; what is wrong fails the story at its end."""
    wrong = {}

    def see(page, heading):
        found = look(page)
        told = page.locator("h1").text_content()
        if heading not in told:
            found.append(f"this is “{told}”")
        if found:
            wrong[page.url] = found

    yield see
    assert not wrong, "\n".join(f"{address}\n    " + "\n    ".join(found) for address, found in wrong.items())


def press(page, words):
    page.locator("main").get_by_role("button", name=words, exact=True).click()
    page.wait_for_load_state()


@pytest.mark.parametrize("script", [True, False])
def test_a_form_that_comes_back_is_announced_by_its_summary(script, app, at, sound):
    page = at("registrar.a1", script=script)
    page.goto("/enrolments/new")
    fill(page, {"name": "叶清禾", "phone": "138"})
    press(page, "核对并提交")
    page.wait_for_selector("[data-hook=error-summary]")

    assert page.title().startswith("错误：")
    assert page.input_value("[name=name]") == "叶清禾"
    if script:
        assert page.evaluate(FOCUS) == "summary"
        sound(page, "新生登记")
    else:
        assert page.locator("[data-hook=error-summary]").get_attribute("autofocus") is not None
    first = page.locator("[data-hook=error-summary] a").first
    first.click()
    assert page.locator(first.get_attribute("href")).count() == 1


def test_an_enrolment_from_the_search_to_the_receipt(app, at, sound):
    page = at("registrar.a1")
    page.fill("#find", "张")
    page.locator("form.find button").click()
    page.wait_for_url("**/students?found=*")
    sound(page, "查找")
    come_to_check(page)
    sound(page, "核对")
    press(page, "提交新生登记")
    page.wait_for_url("**/accepted")
    sound(page, "已受理")
    for name in ("叶清禾", "程小雨"):
        page.goto("/enrolments/new?fresh=1")
        fill(page, everything(page) | {"name": name})
        press(page, "存草稿")
        page.wait_for_selector("#saved:has-text('草稿已存')")
    page.goto("/enrolments/new")
    sound(page, "草稿")


def test_a_transfer_from_the_form_to_the_receipt(app, at, county, sound):
    child = db.session.execute(select(Student.name, Student.birth_date).where(Student.id == county.pupil("twin.1"))).one()
    page = at("registrar.b1")
    page.goto("/cases/new/transfer")
    fill(page, {"name": child.name, "birth_date": f"{child.birth_date:%Y-%m-%d}"})
    press(page, "查找学生")
    sound(page, "转学申请")
    fill(page, ASKED | {"to_class": class_choice(page)})
    press(page, "核对并提交")
    sound(page, "核对")
    page.locator("[name=truthful]").check()
    press(page, "提交转学申请")
    sound(page, "已受理")


def test_a_change_a_paper_and_whole_classes_are_read_over(app, at, county, sound, today, now):
    page = at("registrar.a1")
    pupil = county.pupil("twin.1")
    page.goto(f"/cases/new/suspension/{pupil}")
    press(page, "核对并提交")
    sound(page, "核对")
    page.goto(f"/cases/new/suspension/{pupil}")
    fill(page, {"reason": "10 疾病", "from_on": "2026-09-08", "until_on": "2027-02-08", "hospital": "竹山县人民医院", "diagnosis": "肺炎"})
    press(page, "核对并提交")
    sound(page, "核对")
    page.goto(f"/documents/new/enrolment_certificate?student={pupil}")
    fill(page, {"purpose": "办理户口迁移"})
    press(page, "核对")
    sound(page, "学籍证明")

    village = Village(county, today, now)
    page = at("township.a.t1")
    page.goto("/cases/new/whole-class-transfer")
    page.locator("[name=from_school]").select_option(str(county.body("a5")))
    page.locator("[name=to_school]").select_option(str(county.body("a1")))
    press(page, "选择班级")
    sound(page, "整班转学")
    for old, new in zip(village.old, village.new, strict=True):
        page.locator(f"[name=class_{old}]").select_option(str(new))
    fill(page, {"explanation": "教学点撤并", "document": "竹政办函〔2026〕18号"})
    press(page, "核对名册")
    sound(page, "核对")


def test_rules_instructions_and_work_that_goes_on(app, at, county, work, sound, today, now):
    region = Region(county, today, now)
    agreed = region.agreed()
    page = at("officer.b")
    page.goto(f"/cases/{agreed}/instructions")
    sound(page, "允许外招指令")
    fill(page, {"number": region.graduates()[0][1]})
    page.locator("main .btn.main").click()
    page.locator("#instructions tbody a").first.click()
    page.wait_for_load_state()
    sound(page, "收回")
    page.goto("/policies/edit")
    fill(page, {"skip_primary": "是"})
    press(page, "核对改动")
    sound(page, "核对")

    page = at("auditor")
    page.goto("/audit")
    press(page, "核验留痕")
    sound(page, "审计")

    page = at("registrar.a1")
    page.goto("/photos")
    page.locator("[name=photo]").set_input_files([{"name": "1.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}])
    press(page, "上传并换照片")
    sound(page, "正在处理")
    work()


def test_a_record_is_drawn_and_the_form_that_came_back_says_why(app, at, county, sound, today, now):
    Autumn(county, today, now).instruct()
    page = at("registrar.a4")
    page.goto("/cases/new/moving-up")
    sound(page, "升学调档")
    page.locator("[data-hook=student-row] a").click()
    page.wait_for_load_state()
    sound(page, "升学调档")
    press(page, "提交申请")
    page.wait_for_selector("[data-hook=error-summary]")
    assert page.evaluate(FOCUS) == "summary"
    sound(page, "升学调档")


def test_decided_together_and_decided_too_late(app, at, county, work, sound):
    lived_in(county, work)
    page = at("head.a1")
    page.goto("/")
    page.locator("section:has(h2:text('可以一次办理')) tbody a").first.click()
    page.wait_for_load_state()
    page.locator("[name=action]").first.check()
    press(page, "办理勾选的各件")
    sound(page, "已办理 3 件")

    page = at("officer.a")
    page.goto("/")
    page.locator("[data-hook=inbox-todo] tbody a").first.click()
    page.wait_for_url("**/cases/*")
    case_id = int(page.url.rsplit("/", 1)[1])
    page.locator("[name=action]").first.check()
    cases.act(case_id, "approve", actor=county.actor("officer2.a"), seen_at=case(case_id).step, words=Words(different=True), today=TODAY, now=NOW)
    press(page, "提交核办意见")
    sound(page, "刚被改过")
