"""招生入学 by form: typed, kept, checked, handed in, mended."""

import re

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.forms.record import record_form
from app.models import Case, Class, Draft, Student
from app.services import transactions
from app.services.administration import policies
from app.services.casework.cases import Words
from app.services.pupils import records
from tests.cast import new_pupil
from tests.office import a, case
from tests.pages import errors, form_with, hooks, summary
from tests.services.test_enrolments import held, limit

__all__ = ["a"]

NEW = "/enrolments/new"


def typed(app, record):
    """What a clerk types for a record: {field: text}."""
    with app.test_request_context():
        form = record_form(members=len(record["guardians"]))(formdata=None).fill(record)
        values = {field.name: field.data for field in form if field.data and field.name not in ("csrf_token", "idempotency_key", "version")}
    for name in ("id_doc_no", "phone", "national_no"):
        if record.get(name):
            values[name] = record[name]
    for number, one in enumerate(record["guardians"], 1):
        values |= {f"member{number}_{name}": one[name] for name in ("phone", "id_doc_no") if one.get(name)}
    return values


def filled(app, page, record, class_number=2, **changes):
    """The form of the page, with a record in it."""
    form = form_with(page, "id_doc_no", "name")
    values = typed(app, record) | changes
    options = [value for value, *_ in form["class_code"].options if value]
    values.setdefault("class_code", options[class_number - 1])
    for name, value in values.items():
        if name in form.fields:
            form[name] = value
    return form


def register(app, clerk, record, save=None, **changes):
    """From the form through the check page; returns the answer of handing in."""
    one = {**record, "guardians": record["guardians"][:1]}
    page = filled(app, clerk.get(f"{NEW}?fresh=1"), one, **changes).submit()
    assert page.status_int == 303, summary(page)
    check = page.follow()
    form = form_with(check, "truthful")
    form["truthful"].checked = True
    return form.submit("save", value="next") if save else form.submit()


def pupils(name):
    return db.session.execute(select(func.count()).select_from(Student).where(Student.name == name)).scalar_one()


def test_a_child_is_typed_checked_and_handed_in(app, sign_in, county):
    clerk, record = sign_in("registrar.a1"), new_pupil(1)
    page = clerk.get(NEW)
    assert "2026级小学，计划" in page.text
    form = filled(app, page, {**record, "guardians": record["guardians"][:1]})
    check = form.submit().follow()
    text = check.html.get_text(" ", strip=True)
    assert f"姓名 {record['name']}" in text and record["id_doc_no"] in text and "编入后" in text and "10 个工作日" in text

    form = form_with(check, "truthful")
    assert "请先与原件核对" in summary(form.submit(status=422))[0]
    form["truthful"].checked = True
    accepted = form.submit().follow()
    made = db.session.execute(select(Case).where(Case.title == record["name"])).scalar_one()
    assert made.number in accepted.text and "9月24日前核办" in accepted.html.get_text()
    assert db.session.execute(select(func.count()).select_from(Draft)).scalar_one() == 0
    row = hooks(clerk.get("/"), "inbox-mine")[0].select_one('[data-hook="case-row"]')
    assert (row["data-id"], row["data-state"], row.select_one('[data-hook="state"]').get_text()) == (str(made.id), "open", "待学校审核")


def test_every_mistake_stands_beside_its_field_and_in_the_summary(app, sign_in):
    clerk, record = sign_in("registrar.a1"), new_pupil(1)
    one = {**record, "guardians": record["guardians"][:1]}
    page = filled(app, clerk.get(NEW), one, id_doc_no="420323202009030018", birth_date="2020年9月3日", phone="1387280046", ethnicity="",
                  member1_is_guardian="0").submit(status=422)
    told = {
        "id_doc_no": "身份证件号第 18 位与前 17 位不符，请对照户口簿核对",
        "birth_date": "出生日期 2020年9月3日 未满入学年龄：2026年8月31日前须满 6 周岁（《义务教育法》第十一条）",
        "ethnicity": "请选择民族",
        "phone": "联系电话应为 11 位手机号或带区号的座机号",
    }
    assert told.items() <= errors(page).items()
    assert errors(page)["member1_is_guardian"].startswith("至少有一名家庭成员是监护人")
    assert sorted(summary(page)) == sorted(errors(page).values())
    assert page.html.title.get_text().startswith("错误：")
    form = form_with(page, "id_doc_no")
    assert (form["phone"].value, form["birth_date"].value, form["name"].value) == ("1387280046", "2020年9月3日", record["name"])


def test_a_missing_number_is_asked_for_with_everything_else(app, sign_in):
    record = new_pupil(1)
    page = filled(app, sign_in("registrar.a1").get(NEW), {**record, "guardians": record["guardians"][:1]}, id_doc_no="").submit(status=422)
    assert errors(page)["id_doc_no"].startswith("请填写身份证件号；没有证件号的，证件类型选“其他”")


def test_a_number_of_another_county_answers_with_a_neutral_word(app, sign_in, county):
    other = county.known("one-word").item
    record = new_pupil(1, id_doc_no=other["id_doc_no"], birth_date=other["birth_date"], sex=other["sex"])
    page = filled(app, sign_in("registrar.a1").get(NEW), {**record, "guardians": record["guardians"][:1]}).submit(status=422)
    assert errors(page)["id_doc_no"].startswith("系统中已有使用这个证件号的学籍")
    assert other["name"] not in page.text and "远安" not in page.html.main.get_text()


def test_a_draft_is_kept_and_taken_up_again(app, sign_in):
    clerk = sign_in("registrar.a1")
    form = form_with(clerk.get(NEW), "id_doc_no")
    form["name"], form["phone"] = "叶清禾", "138"  # half a number may be kept
    back = form.submit("save", value="draft").follow()
    assert "草稿已存" in back.text

    form = form_with(clerk.get(NEW), "id_doc_no")
    assert (form["name"].value, form["phone"].value) == ("叶清禾", "138")
    assert b"\xe5\x8f\xb6" not in db.session.execute(select(Draft.id, Draft.content)).one().content  # sealed
    assert "叶清禾" not in sign_in("registrar.b1").get(NEW).text


def test_of_several_drafts_one_is_chosen(app, sign_in):
    clerk = sign_in("registrar.a1")
    for name in ("叶清禾", "陆思远"):
        form = form_with(clerk.get(f"{NEW}?fresh=1"), "id_doc_no")
        form["name"] = name
        form.submit("save", value="draft")
    page = clerk.get(NEW)
    assert [row.get_text() for row in page.html.select("#rows th a")] == ["陆思远", "叶清禾"]
    assert form_with(page.click("叶清禾"), "id_doc_no")["name"].value == "叶清禾"
    next(form for form in page.forms.values() if "discard" in form.action).submit()
    assert form_with(clerk.get(NEW), "id_doc_no")["name"].value == "叶清禾"


def test_htmx_keeps_the_draft_without_leaving_the_page(app, sign_in):
    clerk = sign_in("registrar.a1")
    form = form_with(clerk.get(NEW), "id_doc_no")
    form["name"] = "叶清禾"
    answer = clerk.post(NEW, dict(form.submit_fields()) | {"save": "draft"}, headers={"HX-Request": "true"})
    assert re.search(r'id="saved" hx-swap-oob="true">草稿已存，\d\d:\d\d', answer.text)


def test_the_list_of_sections_follows_what_is_typed(app, sign_in):
    clerk = sign_in("registrar.a1")
    page = clerk.get(NEW)
    form = form_with(page, "id_doc_no")

    def sections(answer):
        return [link.get_text(" ", strip=True) for link in answer.html.select("nav#sections a")]

    def saved():
        answer = clerk.post(NEW, dict(form.submit_fields()) | {"save": "draft"}, headers={"HX-Request": "true"})
        assert answer.html.select_one("nav#sections")["hx-swap-oob"] == "true"
        return sections(answer)

    assert saved() == sections(page)
    record = new_pupil(1)
    a_class = next(value for value, *_ in form["class_code"].options if value)
    for name, value in (typed(app, {**record, "guardians": []}) | {"class_code": a_class}).items():
        if name in form.fields:
            form[name] = value
    assert [one for one in saved() if "缺" in one] == [one for one in sections(page) if "五、" in one]
    assert sections(clerk.get(NEW)) == saved()  # as it reads without script


def test_another_member_is_added_and_nothing_typed_is_lost(app, sign_in):
    form = form_with(sign_in("registrar.a1").get(NEW), "id_doc_no")
    form["name"], form["member1_name"] = "叶清禾", "叶志成"
    page = form.submit("add", value="member")
    form = form_with(page, "member3_name")
    assert (page.status_int, form["name"].value, form["member1_name"].value, form["member3_current_address"].value) == (200, "叶清禾", "叶志成", "同学生")
    assert page.html.select_one("[name=member3_name]").has_attr("autofocus")
    assert not hooks(page, "error-summary")


NEEDED = {  # what is left to type for a child: the rest stands there
    "name": "叶清禾", "ethnicity": "01", "birth_place_code": "竹山县", "native_place": "竹山县", "hukou_place_code": "420323", "hukou_nature": "1",
    "current_address": "竹山县城关镇明清路8号", "phone": "13871990815", "postcode": "442200", "is_only_child": "1", "had_preschool": "1",
    "member1_name": "叶志成", "member1_relation": "51",
}


def test_what_nearly_every_child_has_is_there_and_the_rest_is_thirteen_answers(app, sign_in, county):
    clerk, record = sign_in("registrar.a1"), new_pupil(1)
    form = form_with(clerk.get(NEW), "id_doc_no")
    for name, value in (NEEDED | {"id_doc_no": record["id_doc_no"]}).items():
        form[name] = value
    form["class_code"] = next(value for value, *_ in form["class_code"].options if value)
    page = form.submit("add", value="no")
    form = form_with(page, "id_doc_no")
    special = ("left_behind", "is_migrant_child", "is_orphan", "is_martyr_child", "wants_aid", "has_boarding_subsidy")
    assert [form[name].value for name in special] == ["0"] * 6
    check = form.submit().follow()
    form = form_with(check, "truthful")
    form["truthful"].checked = True
    form.submit()
    made = records.load(db.session, db.session.execute(select(Student.id).where(Student.name == "叶清禾")).scalar_one())
    there = made["guardians"][0]
    address = "竹山县城关镇明清路8号"
    assert {name: made[name] for name in (
        "health_status", "political_status", "overseas_status", "attendance_mode", "student_source", "inclusive_class", "disability_type", "nationality",
        "mail_address", "home_address", "class_no",
    )} == {
        "health_status": "10", "political_status": "13", "overseas_status": "00", "attendance_mode": "1", "student_source": "1", "inclusive_class": "0",
        "disability_type": "0", "nationality": "156", "mail_address": address, "home_address": address, "class_no": "5",
    }
    assert (there["current_address"], there["phone"], there["hukou_place_code"], there["is_guardian"], there["id_doc_type"]) == (
        address, "13871990815", "420323", True, "")
    assert len(made["guardians"]) == 1


def test_a_seat_that_is_taken_is_told_and_left_blank_it_goes_on(app, sign_in):
    clerk, record = sign_in("registrar.a1"), new_pupil(1)
    one = {**record, "guardians": record["guardians"][:1]}
    page = filled(app, clerk.get(NEW), one, class_no="2").submit(status=422)
    assert re.fullmatch("班内学号“2”已经是本班.{2,4}的。请换一个，留空则接着编", errors(page)["class_no"])
    assert register(app, clerk, record, class_no="").status_int == 303
    assert form_with(clerk.get(f"{NEW}?after={db.session.execute(select(Case.id).where(Case.title == record['name'])).scalar_one()}"), "id_doc_no")["class_no"].value == "5"


def test_places_of_the_whole_country_are_suggested_while_they_are_typed(app, sign_in):
    clerk = sign_in("registrar.a1")
    assert clerk.get("/enrolments/divisions?q=%E7%AB%B9%E5%B1%B1").json == ["420323 湖北省十堰市竹山县"]
    assert clerk.get("/enrolments/divisions?q=320583").json == ["320583 江苏省苏州市昆山市"]
    assert clerk.get("/enrolments/divisions?q=").json == []


def test_a_reader_line_fills_the_form(app, sign_in):
    clerk = sign_in("registrar.a1")
    page = clerk.fill_in(NEW, card="叶清禾|女|汉|20200315|湖北省竹山县城关镇滨河路22号|420323202003150042|竹山县公安局|20230903-20280903")
    form = form_with(page, "id_doc_no")
    assert {name: form[name].value for name in ("name", "sex", "ethnicity", "birth_date", "hukou_address", "hukou_place_code", "id_doc_no", "nationality")} == {
        "name": "叶清禾", "sex": "2", "ethnicity": "汉族", "birth_date": "2020年3月15日", "hukou_address": "湖北省竹山县城关镇滨河路22号",
        "hukou_place_code": "420323 竹山县", "id_doc_no": "420323202003150042", "nationality": "中国",
    }
    assert "由证件读出，请核对" in page.text
    assert "由证件读出" not in clerk.get(f"{NEW}?fresh=1").text  # said of this card alone


def test_a_line_that_is_none_is_refused(sign_in):
    page = sign_in("registrar.a1").fill_in(NEW, status=422, card="叶清禾 女")
    assert summary(page) == ["没有读到一行完整的证件信息，请把证件重新放在阅读器上，或手工填写"]


def test_an_old_page_keeps_what_was_typed(app, sign_in):
    form = form_with(sign_in("registrar.a1").get(NEW), "id_doc_no")
    form["csrf_token"], form["name"] = "old", "叶清禾"
    page = form.submit(status=422)
    assert "这一页放得太久或已换过登录，内容都还在，请再提交一次。" in summary(page)
    assert form_with(page, "id_doc_no")["name"].value == "叶清禾"


def test_pressing_twice_makes_one_pupil(app, sign_in):
    clerk, record = sign_in("registrar.a1"), new_pupil(1)
    check = filled(app, clerk.get(NEW), {**record, "guardians": record["guardians"][:1]}).submit().follow()
    form = form_with(check, "truthful")
    form["truthful"].checked = True
    first, second = form.submit(), form.submit()
    assert (first.status_int, second.status_int, first.location) == (303, 303, second.location)
    assert pupils(record["name"]) == 1


def test_the_next_child_starts_with_the_class_of_the_one_before(app, sign_in):
    clerk, record = sign_in("registrar.a1"), new_pupil(1)
    page = register(app, clerk, record, save="next").follow()
    form = form_with(page, "id_doc_no")
    chosen = next(text for value, _, text in form["class_code"].options if value == form["class_code"].value)
    assert (chosen.startswith("2班"), form["entry_month"].value, form["name"].value, form["id_doc_no"].value) == (True, "2026年9月", "", "")
    assert f"{record['name']}已提交" in page.text


def test_a_class_filled_meanwhile_brings_the_form_back(app, sign_in, a):
    clerk, record = sign_in("registrar.a1"), new_pupil(1)
    check = filled(app, clerk.get(NEW), {**record, "guardians": record["guardians"][:1]}).submit().follow()
    limit(a.class_id, held(a)[0])
    form = form_with(check, "truthful")
    form["truthful"].checked = True
    page = form.submit(status=422)
    assert "没有学位" in errors(page)["class_code"]
    assert form_with(page, "id_doc_no")["name"].value == record["name"]


@pytest.mark.parametrize("who", ["head.a1", "officer.a", "teacher.a1", "auditor"])
def test_only_registrars_register(sign_in, who):
    assert sign_in(who).get(NEW, status=403).status_int == 403


def test_a_school_without_a_first_grade_is_told_so(sign_in, county, app):
    @transactions.writes(traced=False)
    def close(s):
        for one in s.scalars(select(Class).where(Class.school_id == county.body("b1"))):
            one.state = "dissolved"

    close()
    assert "还没有起始年级的班级" in sign_in("registrar.b1").get(NEW).text


# ---------------------------------------------------------------- what came back


@pytest.fixture
def returned(a):
    case_id = a.apply(new_pupil(1))
    a.act(case_id, "return", a.head, Words(reason="01", note="现住址写到门牌号", mend=("current_address", "phone")))
    return case_id


def test_what_is_to_be_mended_is_marked_and_numbers_stay_hidden(sign_in, returned):
    record = new_pupil(1)
    page = sign_in("registrar.a1").get(f"/enrolments/{returned}/edit")
    assert set(errors(page)) == {"current_address", "phone"}
    assert "信息与证件不一致" in page.text and "现住址写到门牌号" in page.text
    form = form_with(page, "id_doc_no")
    assert (form["name"].value, form["id_doc_no"].value) == (record["name"], "4203**********▪▪▪▪")
    assert record["id_doc_no"] not in page.text and record["guardians"][0]["phone"] not in page.text


def test_mended_and_handed_in_again_the_hidden_numbers_are_what_they_were(sign_in, returned):
    record, clerk = new_pupil(1), sign_in("registrar.a1")
    answer = clerk.fill_in(f"/enrolments/{returned}/edit", current_address="湖北省竹山县城关镇滨河路22号")
    assert (answer.status_int, case(returned).step) == (303, "school_audit")
    kept = records.load(db.session, case(returned).student_id)
    assert (kept["id_doc_no"], kept["phone"], kept["current_address"]) == (record["id_doc_no"], record["phone"], "湖北省竹山县城关镇滨河路22号")
    assert [one["phone"] for one in kept["guardians"]] == [one["phone"] for one in record["guardians"]]
    assert "补正后重新提交" in answer.follow().text


def test_what_came_back_is_mended_by_the_rules_of_the_day_it_began(sign_in, county, today, now, returned):
    """The county asks for six guardians from today on; this child was registered with fewer."""
    policies.set_policy(county.body("a"), "national2025", {"guardians_least": "6"}, from_on=today, actor=county.actor("officer.a"), today=today, now=now)
    answer = sign_in("registrar.a1").fill_in(f"/enrolments/{returned}/edit", current_address="湖北省竹山县城关镇滨河路22号")
    assert answer.location == f"/cases/{returned}"


def test_a_mistake_while_mending_comes_back_with_what_was_typed(sign_in, returned):
    page = sign_in("registrar.a1").fill_in(f"/enrolments/{returned}/edit", status=422, postcode="44", remark="核对过")
    assert errors(page)["postcode"] == "邮政编码应为 6 位数字"
    assert form_with(page, "postcode")["remark"].value == "核对过"


def test_mending_keeps_a_draft_of_its_own(sign_in, returned):
    clerk = sign_in("registrar.a1")
    form = form_with(clerk.get(f"/enrolments/{returned}/edit"), "postcode")
    form["remark"] = "等家长补材料"
    form.submit("save", value="draft")
    assert form_with(clerk.get(f"/enrolments/{returned}/edit"), "postcode")["remark"].value == "等家长补材料"
    assert "等家长补材料" not in clerk.get(NEW).text


def test_what_is_not_being_mended_is_not_edited(sign_in, a):
    case_id = a.apply(new_pupil(1))
    assert sign_in("registrar.a1").get(f"/enrolments/{case_id}/edit", status=409).status_int == 409
    assert sign_in("registrar.b1").get(f"/enrolments/{case_id}/edit", status=404).status_int == 404
