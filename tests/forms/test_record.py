"""The record as a form: what is typed comes back as values, or with a sentence beside its field."""

import pytest
from werkzeug.datastructures import MultiDict

from app.forms.record import members_in, record_form
from app.identity.id_card import read_line
from tests.cast import new_pupil

CLASSES = {"一年级（2026级）": [("261100101001", "1班（3 人，班额 45 人）")]}


@pytest.fixture
def page(app):
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/enrolments/new", method="POST"):
        yield


def typed(record, **changes):
    form = record_form(members=2)(formdata=None, classes=CLASSES).fill(record)
    values = {field.name: field.data for field in form if field.data} | {"id_doc_no": record["id_doc_no"], "phone": record["phone"], "class_code": "261100101001"}
    for number, one in enumerate(record["guardians"], 1):
        values |= {f"member{number}_phone": one["phone"], f"member{number}_id_doc_no": one["id_doc_no"]}
    return MultiDict({name: value for name, value in (values | changes).items() if value is not None})


def sent(record, **changes):
    form = record_form(members=2)(typed(record, **changes), classes=CLASSES)
    form.validate()
    return form


def wrong(form):
    return {field.name: field.errors for field in form if field.errors}


def test_a_whole_record_comes_back_as_it_was(page):
    record = new_pupil(1)
    form = sent(record)

    assert wrong(form) == {}
    read = form.record()
    assert {name: value for name, value in read.items() if value is not None and name != "guardians"} == {
        name: value for name, value in record.items() if name in read and value not in (None, "") and name != "guardians"
    }
    assert [{name: value or "" for name, value in one.items()} for one in read["guardians"]] == [
        {name: one.get(name) or "" for name in read["guardians"][0]} for one in record["guardians"]
    ]


def test_the_id_number_gives_birth_date_and_sex(page):
    record = new_pupil(1)
    form = sent(record, sex=None, birth_date="")

    assert wrong(form) == {}
    assert (form.record()["sex"], form.record()["birth_date"]) == (record["sex"], record["birth_date"])


def test_codes_and_places_are_read_by_name_or_code(page):
    read = sent(new_pupil(1), ethnicity="15", nationality="中国", birth_place_code="竹山县", hukou_place_code="420325000000", health_status="健康",
                entry_month="2026-9").record()
    assert [read[name] for name in ("ethnicity", "nationality", "birth_place_code", "hukou_place_code", "health_status", "entry_month")] == [
        "15", "156", "420323", "420325", "10", "202609",
    ]


def test_a_place_that_may_be_either_of_two_is_told_with_both(page):
    form = sent(new_pupil(1), birth_place_code="朝阳区")
    assert wrong(form) == {"birth_place_code": ["出生地“朝阳区”有 2 处：北京市朝阳区（110105）、吉林省长春市朝阳区（220104），请填全称或代码"]}


def test_everything_that_is_wrong_is_told_at_once(page):
    form = sent(new_pupil(1), id_doc_no="420323202009030018", ethnicity="", phone="1387280046", class_code="999", member1_name="")
    assert wrong(form) == {
        "id_doc_no": ["身份证件号第 18 位与前 17 位不符，请对照户口簿核对"],
        "ethnicity": ["请选择民族"],
        "phone": ["联系电话应为 11 位手机号或带区号的座机号"],
        "class_code": ["请选择本校在用的班级，选过的班已不在列表中"],
        "member1_name": ["请填写成员1姓名"],
    }
    assert [words for _, _, words, _ in form.tasks()] == ["更正 2 处", "更正 1 处", "更正 1 处", "已填完", "更正 1 处"]


def test_the_same_address_need_not_be_typed_again(page):
    read = sent(new_pupil(1), current_address="湖北省竹山县城关镇滨河路 22 号", mail_address="同现住址", member1_current_address="同学生现住址").record()
    assert (read["mail_address"], read["guardians"][0]["current_address"]) == ("湖北省竹山县城关镇滨河路 22 号",) * 2


def test_the_same_address_as_one_not_given_is_one_mistake(page):
    assert wrong(sent(new_pupil(1), current_address="", mail_address="同现住址")) == {"current_address": ["请填写现住址"]}


def test_a_member_left_blank_is_nobody(page):
    record = new_pupil(1)
    values = typed(record)
    form = record_form(members=2)(MultiDict({name: value for name, value in values.items() if not name.startswith("member2_")}), classes=CLASSES)

    assert form.validate()
    assert [one["name"] for one in form.record()["guardians"]] == [record["guardians"][0]["name"]]


def test_a_number_shown_masked_stays_and_a_new_one_is_read(page):
    record = new_pupil(1)
    masked = record_form(members=2)(formdata=None, classes=CLASSES).fill(record)
    assert (masked.id_doc_no.data, masked.phone.data[:3] + masked.phone.data[-4:]) == ("4203**********▪▪▪▪", record["phone"][:3] + record["phone"][-4:])

    form = record_form(members=2)(typed(record, id_doc_no=masked.id_doc_no.data, member1_phone="13800000000"), classes=CLASSES).keep(record)
    assert form.validate()
    assert form.record()["id_doc_no"] == record["id_doc_no"]
    assert form.record()["guardians"][0]["phone"] == "13800000000"


def test_a_form_for_fewer_items_asks_nothing_else(page):
    form = record_form(members=1, leave_out=("class_code", "id_doc_no", "name"))(formdata=None)
    assert not {"class_code", "id_doc_no", "name"} & set(form.data)


def test_members_are_counted_from_what_was_sent():
    assert members_in(["name", "member3_name", "member12_name", "memberx_name"]) == 3


def test_a_reader_line_is_split():
    assert read_line("叶清禾|女|汉|20200315|湖北省竹山县城关镇滨河路22号|420323202003150042|竹山县公安局|20230903-20280903") == {
        "name": "叶清禾", "sex": "2", "ethnicity": "汉族", "hukou_address": "湖北省竹山县城关镇滨河路22号", "id_doc_type": "1",
        "id_doc_no": "420323202003150042", "id_valid_period": "20230903-20280903", "birth_date": "2020年3月15日", "hukou_place_code": "420323 竹山县",
    }
    assert read_line("叶清禾，女") is None
