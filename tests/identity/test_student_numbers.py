from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity import id_number, student_numbers
from app.identity.student_numbers import class_code, local_number, national_problem, render, school_code_problem, template_problem
from app.policies.settings import SETTINGS

BORN = date(2018, 3, 21)


def test_a_local_number_is_built_as_the_regulation_proposes():
    boy, second_boy, girl = (local_number("420323", BORN, serial, sex) for serial, sex in ((1, "1"), (2, "1"), (1, "2")))

    assert [no[:18] for no in (boy, second_boy, girl)] == ["L42032320180321001", "L42032320180321003", "L42032320180321002"]
    assert all(id_number.problem(no[1:]) is None and national_problem(no) is None for no in (boy, second_boy, girl))


def test_the_sequence_of_a_day_ends_with_a_sentence():
    assert local_number("420323", BORN, 500, "1")[15:18] == "999"
    assert local_number("420323", BORN, 499, "2")[15:18] == "998"
    for serial, sex in ((501, "1"), (500, "2"), (0, "1")):
        with pytest.raises(ValueError, match="2018年3月21日出生的学生本地临时学籍号已经用完"):
            local_number("420323", BORN, serial, sex)


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(1, 499), st.sampled_from("12"))
def test_local_numbers_carry_birth_date_and_sex(born, serial, sex):
    no = local_number("420323", born, serial, sex)

    assert student_numbers.NATIONAL_NO.fullmatch(no)
    assert (id_number.birth_date(no[1:]), id_number.sex(no[1:])) == (born, sex)


def test_an_l_number_is_judged_by_its_shape_alone():
    assert national_problem("L420323201803219999") is None
    assert national_problem(" l42032320180321000x ") is None


@pytest.mark.parametrize(
    ("no", "judged"),
    [
        ("G11010519491231002X", None),
        ("G110105194912310021", ("warn", "G 开头的学籍号最后一位校验不符，请对照学籍卡核对；确实如此可以保留")),
        ("J110105194912310021", ("warn", "J 开头的学籍号最后一位校验不符，请对照学籍卡核对；确实如此可以保留")),
        ("G11010519491231002", ("block", "学籍号应为 19 位，现在是 18 位，请按学籍卡填写")),
        ("11010519491231002X", ("block", "学籍号以字母 G、L 或 J 开头，这里填的像是身份证件号，请按学籍卡填写")),
        ("K11010519491231002X", ("block", "学籍号应为字母 G、L 或 J 加 18 位数字（最后一位可以是 X），请按学籍卡填写")),
        ("", ("block", "学籍号应为字母 G、L 或 J 加 18 位数字（最后一位可以是 X），请按学籍卡填写")),
    ],
)
def test_shape_blocks_and_a_check_character_warns(no, judged):
    assert national_problem(no) == judged


def test_an_auxiliary_number_follows_the_template_of_the_province():
    fujian_primary = "{stage1}{entry_year2}{county2}{town2}{school2}{serial:4}"
    parts = {"stage1": 1, "entry_year2": "26", "county2": "03", "town2": "07", "school2": "12", "serial": 44}

    assert render(fujian_primary, **parts) == "1260307120044"
    assert render("{county}{year}{serial:6}", county="420323", year=2026, serial=244) == "4203232026000244"


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{stage1}{pupil}", "模板中没有“pupil”这一项，可用的有：stage1、entry_year2、entry_year4、"),
        ("{stage1", "模板中的花括号没有成对"),
        ("{serial:x}", "模板中“serial”的位数应为 1 至 9 的一位数字"),
        ("{serial!r}", "模板中“serial”的位数应为 1 至 9 的一位数字"),
        ("{serial.__class__}", "模板中没有“serial.__class__”这一项"),
        ("{}", "模板中没有“”这一项"),
    ],
)
def test_a_template_that_cannot_be_rendered_is_told_why(template, sentence):
    assert template_problem(template).startswith(sentence)
    with pytest.raises(ValueError, match=sentence.split("，", maxsplit=1)[0]):
        render(template, stage1=1, serial=1)


def test_a_part_that_is_missing_or_too_long_is_no_number():
    with pytest.raises(ValueError, match="编号缺少“乡镇代码"):
        render("{town2}{serial:4}", serial=1)
    with pytest.raises(ValueError, match="“流水号”是 12345，超过模板规定的 4 位"):
        render("{serial:4}", serial=12345)
    assert render("竹教新〔2026〕第{serial:5}号", grows=True, serial=100_000) == "竹教新〔2026〕第100000号"


def test_a_class_code_has_three_parts_and_keeps_for_life():
    code = class_code(entry_year=2024, stage=1, school="100440", serial=2)

    assert code == ("241", "100440", "002")
    assert str(code) == "241100440002"
    assert str(class_code("{entry_year2}0{school6}1{serial:2}", entry_year=2011, stage=1, school="100440", serial=1)) == "110100440101"


def test_the_template_of_the_rules_makes_a_class_code():
    template = SETTINGS["class_code_template"].default
    assert class_code(template, entry_year=2026, stage="2", school="100102", serial=12) == ("262", "100102", "012")
    with pytest.raises(ValueError, match="班级编码应为 3 位、6 位、3 位数字"):
        class_code("{entry_year2}{school6}{serial:3}", entry_year=2026, stage="2", school="100102", serial=1)


def test_a_class_code_of_another_length_is_refused():
    for school, serial in (("10044", 1), ("1004400", 1), ("10O440", 1), ("100440", 1000)):
        with pytest.raises(ValueError, match=r"班级编码应为|超过模板规定的"):
            class_code("{entry_year2}{stage1}{school6}{serial:3}", entry_year=2024, stage=1, school=school, serial=serial)


def test_school_codes_have_a_kind_and_a_province():
    assert {code: school_code_problem(code) for code in ("2142001636", "3142001636", "214200163", "2042001636", "2199001636", "")} == {
        "2142001636": None,
        "3142001636": None,
        "214200163": "学校标识码应为 10 位数字",
        "2042001636": "学校标识码前两位“20”不是学校类别代码",
        "2199001636": "学校标识码第 3、4 位“99”不是省级代码",
        "": "学校标识码应为 10 位数字",
    }
