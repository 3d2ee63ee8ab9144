"""Citizen identity numbers (公民身份号码, GB 11643): checked, and read for birth date and sex.

The first six digits say where the number was first issued. They may be a division long gone and are never held against
birth place or household, so nothing here looks at them.
"""

import re
from datetime import date
from functools import lru_cache

from .width import no_blanks

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_character(first17):
    """MOD 11-2 over the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first17, strict=True))
    return "10X98765432"[total % 11]


def clean(text):
    """Full width, blanks and a small x are ways of typing, not mistakes."""
    return no_blanks(text).upper()


@lru_cache(maxsize=1000)  # a form and a workbook ask it four times of the same number, one after another
def problem(text):
    """What is wrong with the number, as a sentence; None when nothing is."""
    no = clean(text)
    if not no:
        return "请填写身份证件号"
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", no):
        return "身份证件号被电子表格改成了数字，后几位已经丢失，请把单元格设为文本格式后重新录入"
    if not no.isascii() or not re.fullmatch(r"\d*X?", no):
        wrong = next((char for i, char in enumerate(no) if not ("0" <= char <= "9") and not (char == "X" and i == len(no) - 1)), "")
        if wrong == "X":
            return "身份证件号只有最后一位可以是 X，请对照户口簿核对"
        return f"身份证件号中不能有“{wrong}”，居民身份证号由 17 位数字和 1 位校验码组成"
    if len(no) == 15:
        return "身份证件号是 15 位的旧号，请填写户口簿上的 18 位号码"
    if len(no) != 18:
        return f"身份证件号应为 18 位，现在是 {len(no)} 位，请对照户口簿核对"
    if no[-1] == "X" and not no[:17].isdigit():
        return "身份证件号只有最后一位可以是 X，请对照户口簿核对"
    if birth_date(no) is None:
        return f"身份证件号第 7 至 14 位“{no[6:14]}”不是一个日期，请对照户口簿核对"
    if check_character(no[:17]) != no[17]:
        return "身份证件号第 18 位与前 17 位不符，请对照户口簿核对"
    return None


def birth_date(no):
    """The date in digits 7 to 14; None when they are none."""
    digits = no[6:14]
    if len(no) != 18 or not digits.isdigit() or not "1800" <= digits[:4] <= "2199":
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex(no):
    """The code of the sex, 1 男 or 2 女, by the parity of digit 17."""
    return "1" if int(no[16]) % 2 else "2"


def left_out(no):
    """The first 17 digits with each position in turn left out, the place marked: two numbers one digit apart share one of these.

    The check character stays out of it. It moves with any digit, so two right numbers never differ in one place of
    eighteen; and two that differ in the check character alone share them all.
    """
    return [no[:i] + "_" + no[i + 1 : 17] for i in range(17)]
