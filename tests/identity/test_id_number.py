from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity import id_number

digits17 = st.text("0123456789", min_size=17, max_size=17)
dates = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def made(area="420323", born="20180321", sequence="001"):
    first17 = area + born + sequence
    return first17 + id_number.check_character(first17)


def test_the_examples_of_the_standard_hold():
    assert id_number.check_character("11010519491231002") == "X"
    assert id_number.check_character("44052418800101001") == "4"
    assert id_number.problem("11010519491231002X") is None
    assert id_number.problem("440524188001010014") is None


def test_birth_date_and_sex_are_read_from_the_number():
    boy, girl = made(sequence="001"), made(sequence="002")

    assert (id_number.birth_date(boy), id_number.sex(boy), id_number.sex(girl)) == (date(2018, 3, 21), "1", "2")


def test_ways_of_typing_are_not_mistakes():
    no = "11010519491231002X"

    wide = "１１０１０５１９４９１２３１００２Ｘ"
    for typed in ("11010519491231002x", " 110105 19491231 002X\t", wide, "\u200b110105　19491231002X\ufeff"):
        assert id_number.clean(typed) == no
        assert id_number.problem(typed) is None
    assert id_number.clean(None) == ""


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写身份证件号"),
        ("42032320180321", "身份证件号应为 18 位，现在是 14 位，请对照户口簿核对"),
        ("4203232018032100112", "身份证件号应为 18 位，现在是 19 位，请对照户口簿核对"),
        ("420323180321001", "身份证件号是 15 位的旧号，请填写户口簿上的 18 位号码"),
        ("42032320180321O01X", "身份证件号中不能有“O”，居民身份证号由 17 位数字和 1 位校验码组成"),
        ("G42032320180321001", "身份证件号中不能有“G”，居民身份证号由 17 位数字和 1 位校验码组成"),
        ("4203232018032100²1", "身份证件号中不能有“²”，居民身份证号由 17 位数字和 1 位校验码组成"),
        ("42032320180321X01X", "身份证件号只有最后一位可以是 X，请对照户口簿核对"),
        ("420323201813450011", "身份证件号第 7 至 14 位“20181345”不是一个日期，请对照户口簿核对"),
        ("420323201902290011", "身份证件号第 7 至 14 位“20190229”不是一个日期，请对照户口簿核对"),
        ("110105194912310021", "身份证件号第 18 位与前 17 位不符，请对照户口簿核对"),
        ("4.20323E+17", "身份证件号被电子表格改成了数字，后几位已经丢失，请把单元格设为文本格式后重新录入"),
    ],
)
def test_each_fault_has_its_own_sentence(typed, sentence):
    assert id_number.problem(typed) == sentence


def test_the_first_six_digits_are_never_held_against_anyone():
    assert id_number.problem(made(area="429001")) is None  # a code given up in 1997
    assert id_number.problem(made(area="810000")) is None


@given(dates, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(born, sequence, place, off):
    no = made(born=f"{born:%Y%m%d}", sequence=f"{sequence:03}")
    wrong = no[:place] + str((int(no[place]) + off) % 10) + no[place + 1 :]

    assert id_number.problem(no) is None
    assert id_number.birth_date(no) == born
    assert id_number.problem(wrong) is not None


@given(digits17, st.integers(0, 15))
def test_two_neighbours_exchanged_never_keep_the_check_character(first17, place):
    swapped = first17[:place] + first17[place + 1] + first17[place] + first17[place + 2 :]

    assert (id_number.check_character(swapped) == id_number.check_character(first17)) == (swapped == first17)


@given(st.text(max_size=30))
def test_cleaning_is_idempotent_and_judging_never_fails(text):
    once = id_number.clean(text)

    assert id_number.clean(once) == once
    assert id_number.problem(text) is None or id_number.problem(text).startswith(("身份证件号", "请填写"))


@given(digits17, st.integers(0, 16), st.integers(1, 9))
def test_two_right_numbers_one_digit_apart_meet_in_one_left_out_form(first17, place, off):
    other = first17[:place] + str((int(first17[place]) + off) % 10) + first17[place + 1 :]
    one, two = (digits + id_number.check_character(digits) for digits in (first17, other))

    assert len(id_number.left_out(one)) == 17
    assert set(id_number.left_out(one)) & set(id_number.left_out(two)) == {first17[:place] + "_" + first17[place + 1 :]}


def test_two_digits_apart_do_not_meet():
    assert not set(id_number.left_out(made(sequence="001"))) & set(id_number.left_out(made(sequence="112")))
