"""The codes on a paper (DECIDED 20): sixteen base-32 characters in the address of its square; for typing the first eleven and a check character.

Without I, L, O and U nobody has to tell them from 1, 0 and V; whoever types them all the same is understood.
"""

from .width import no_blanks

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONG, SHORT = 16, 12
MISREAD = str.maketrans("OIL", "011", "-—–－·")
WORDS = f"证明上“验证码”后面的 {SHORT} 位字母和数字"


def short_of(code):
    return code[: SHORT - 1] + check_character(code[: SHORT - 1])


def check_character(characters):
    """Sum of character times power of x in the field of 32 elements (x⁵ + x² + 1): one wrong character, or two that changed places, never pass."""
    total = 0
    for character in characters:
        total = _times_x(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def _times_x(value):
    return (value << 1) ^ (0b100101 if value & 0b10000 else 0)


def clean(text):
    """What was typed, scanned or pasted (the whole address too), as it was given out."""
    return no_blanks(text).rstrip("/").rsplit("/", 1)[-1].upper().translate(MISREAD)


def problem(code):
    """What is wrong with a cleaned code before anybody looks it up, as a sentence; None when it may have been given out."""
    if not code:
        return f"请填写验证码：{WORDS}"
    if stranger := next((character for character in code if character not in ALPHABET), None):
        return f"验证码里没有“{stranger}”这个字符，请照{WORDS}填写"
    if len(code) not in (SHORT, LONG):
        return f"验证码应为 {SHORT} 位，现在是 {len(code)} 位，请照{WORDS}填写"
    if len(code) == SHORT and check_character(code[:-1]) != code[-1]:
        return "验证码与校验位不符，有字符看错或前后颠倒，请对照证明再填一次"
    return None


def grouped(code):
    """7K4M-Q2XD-9HRT"""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
