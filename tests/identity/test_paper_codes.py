from hypothesis import given
from hypothesis import strategies as st

from app.identity.paper_codes import ALPHABET, check_character, clean, grouped, problem, short_of

LONGS = st.text(alphabet=ALPHABET, min_size=16, max_size=16)


@given(LONGS, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(code, place, other):
    short = short_of(code)
    wrong = short[:place] + other + short[place + 1 :]

    assert (problem(wrong) is None) == (wrong == short)


@given(LONGS, st.integers(0, 10))
def test_two_that_changed_places_never_pass(code, place):
    short = short_of(code)
    swapped = short[:place] + short[place + 1] + short[place] + short[place + 2 :]

    assert (problem(swapped) is None) == (swapped == short)


def test_the_check_character_of_a_known_code():
    assert check_character("7K4MQ2XD9HR") == short_of("7K4MQ2XD9HRTW6PB")[-1]
    assert grouped("7K4MQ2XD9HRT") == "7K4M-Q2XD-9HRT"


def test_a_code_is_understood_however_it_is_typed():
    typed = ["7k4m-q2xd-9hrt", "７Ｋ４Ｍ Ｑ２ＸＤ ９ＨＲＴ", " 7K4M—Q2XD—9HRT ", "https://xueji.example/verify/7K4MQ2XD9HRT/"]

    assert {clean(text) for text in typed} == {"7K4MQ2XD9HRT"}
    assert clean("oil") == "011"


def test_what_cannot_be_a_code_is_said_before_anybody_looks_it_up():
    right = short_of("7K4MQ2XD9HRTW6PB")

    assert problem(clean(right)) is None
    assert problem("7K4MQ2XD9HRTW6PB") is None
    assert problem("") == "请填写验证码：证明上“验证码”后面的 12 位字母和数字"
    assert problem("7K4M") == "验证码应为 12 位，现在是 4 位，请照证明上“验证码”后面的 12 位字母和数字填写"
    assert problem("7K4MQ2XD9H验T") == "验证码里没有“验”这个字符，请照证明上“验证码”后面的 12 位字母和数字填写"
    assert problem(right[1] + right[0] + right[2:]) == "验证码与校验位不符，有字符看错或前后颠倒，请对照证明再填一次"
