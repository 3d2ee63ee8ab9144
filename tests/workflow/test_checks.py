"""What the rules say of a new pupil's record, each with its article."""

from datetime import date
from random import Random

import pytest

from app.demo.numbers import DocumentNumbers
from app.policies.profiles import make_policy
from app.workflow import checks
from app.workflow.checks import EnrolmentFacts, Twin, enrolment
from tests.cast import new_pupil

NATIONAL = make_policy()


def facts(record=None, **changes):
    record = record or new_pupil(1)
    given = {
        "record": record, "guardians": record["guardians"], "policy": NATIONAL, "stage": "1", "year": 2026, "today": date(2026, 9, 11),
        "class_title": "一年级2班", "headcount": 43, "limit": 45, "planned": 225, "used": 218,
    }
    return EnrolmentFacts(**given | changes)


def told(found, *levels):
    return [(one.field, one.sentence, one.article) for one in found if one.level in (levels or ("warn", "block"))]


def test_a_record_that_is_right_passes_with_what_was_looked_at():
    record = new_pupil(1)
    found = enrolment(facts(record))
    assert {one.level for one in found} == {"pass"}
    assert [one.title for one in found] == ["身份证件号", "出生日期", "性别", "入学年龄", "重复学籍", "班额", "招生计划"]
    assert found[-2].sentence == "编入后 44 人，班额 45 人"


@pytest.mark.parametrize(("born", "level"), [
    (date(2020, 8, 31), "pass"),  # six on the very day
    (date(2020, 9, 1), "block"),  # a day short waits a year
    (date(2018, 9, 1), "pass"),
    (date(2018, 8, 31), "warn"),
])
def test_six_years_by_the_end_of_august(born, level):
    record = new_pupil(1, birth_date=born, id_doc_type="Z", id_doc_no=None)
    assert [one.level for one in enrolment(facts(record)) if one.check == "age"] == [level]


def test_too_young_is_told_with_its_article():
    record = new_pupil(1, birth_date=date(2020, 9, 3), id_doc_type="Z", id_doc_no=None)
    assert told(enrolment(facts(record)), "block") == [
        ("birth_date", "出生日期 2020年9月3日 未满入学年龄：2026年8月31日前须满 6 周岁", "《义务教育法》第十一条"),
    ]


def test_the_number_must_agree_with_birth_and_sex():
    record = new_pupil(1)
    other = "2" if record["sex"] == "1" else "1"
    found = told(enrolment(facts(record | {"sex": other, "birth_date": date(2019, 10, 1)})), "block")
    assert [field for field, _, _ in found] == ["birth_date", "sex"]
    assert {article for _, _, article in found} == {"GB 11643"}


def test_the_first_six_digits_are_never_held_against_birth_place_or_household():
    record = new_pupil(1, birth_place_code="650102", hukou_place_code="110105", native_place="110105")
    assert told(enrolment(facts(record))) == []


def test_without_a_number_a_certificate_is_asked_for():
    found = enrolment(facts(new_pupil(1, id_doc_type="Z", id_doc_no=None)))
    assert told(found) == [("id_doc_no", "没有身份证件号：须附本人和监护人签字、学校盖章的在校就读证明", "学生基本信息表填报说明")]


def test_at_least_one_guardian_with_a_mobile():
    record = new_pupil(1)
    members = [member | {"is_guardian": False} for member in record["guardians"]]
    assert told(enrolment(facts(record, guardians=members))) == [("member1_is_guardian", "至少有一名家庭成员是监护人", NATIONAL.article("guardians_least"))]
    members = [member | {"phone": "0719-9300101"} for member in record["guardians"]]
    assert told(enrolment(facts(record, guardians=members))) == [("member1_phone", "至少一位监护人要有手机号", "学生基本信息表填报说明")]


def test_another_relative_says_which():
    record = new_pupil(1)
    members = [record["guardians"][0] | {"relation": "97", "relation_note": ""}]
    assert told(enrolment(facts(record, guardians=members)))[0][:2] == ("member1_relation_note", "请填写成员1关系说明：关系为其他亲属或非亲属的必填")


def test_a_full_class_and_a_used_up_plan_stop():
    found = told(enrolment(facts(headcount=45, used=225)))
    assert found == [
        ("class_code", "一年级2班已有 45 人，班额 45 人，没有学位", NATIONAL.article("class_limit_primary")),
        ("grade", "招生计划 225 人已用完（已登记 225 人）", NATIONAL.article("quota_enforcement")),
    ]


def test_a_county_may_let_the_plan_be_exceeded_with_a_warning():
    lenient = make_policy("national2025", {"quota_enforcement": "提醒，可以继续"})
    assert [one.level for one in enrolment(facts(used=225, policy=lenient)) if one.check == "quota"] == ["warn"]


def test_no_plan_no_registration():
    assert told(enrolment(facts(planned=None)))[0][1] == "2026年还没有核定本校的招生计划"


def test_who_may_not_see_the_other_record_reads_a_neutral_word():
    hidden = [Twin("number"), Twin("person"), Twin("near")]
    assert [(one.level, one.sentence) for one in checks.check_twins(facts(twins=hidden))] == [
        ("block", "系统中已有使用这个证件号的学籍"), ("warn", "系统中另有姓名、性别、出生日期都相同的学生"), ("warn", "系统中另有证件号只差一位的学生"),
    ]
    seen = [Twin("number", "堵河路小学的", "叶清禾")]
    assert checks.check_twins(facts(twins=seen))[0].sentence == "这个证件号已有学籍：堵河路小学的叶清禾"


def test_a_guardian_has_a_number_of_his_own():
    record = new_pupil(1)
    members = [record["guardians"][0] | {"id_doc_no": record["id_doc_no"], "relation": "97", "relation_note": "叔父"}]
    assert [field for field, _, _ in told(enrolment(facts(record, guardians=members)))] == ["member1_id_doc_no"]


def test_a_parent_hardly_older_than_the_child_is_a_warning():
    record = new_pupil(1)
    number = DocumentNumbers(Random(1)).identity("420323", date(2010, 1, 1), "1")
    members = [record["guardians"][0] | {"id_doc_type": "1", "id_doc_no": number, "relation": "51"}]
    assert [(one.level, one.check) for one in enrolment(facts(record, guardians=members)) if one.level != "pass"] == [("warn", "guardian_age")]


def test_left_behind_and_migrant_do_not_go_together():
    assert [field for field, _, _ in told(enrolment(facts(new_pupil(1, left_behind="1", is_migrant_child=True))))] == ["is_migrant_child"]


@pytest.mark.parametrize(("inclusive", "disability", "fields"), [
    ("1", "1", []), ("9", "4", []), ("0", "4", []),  # a disabled child need not be in 随班就读 (送教上门)
    ("1", "5", ["inclusive_class"]), ("9", "1", ["inclusive_class"]), ("1", "0", ["disability_type"]),
])
def test_inclusive_education_and_disability_go_in_pairs(inclusive, disability, fields):
    record = new_pupil(1, inclusive_class=inclusive, disability_type=disability, health_status="50")
    assert [(one.level, one.field) for one in enrolment(facts(record)) if one.level != "pass"] == [("warn", field) for field in fields]
