"""Telephone numbers: mobiles of eleven digits, or landlines as area code, hyphen, number and, where there is one, extension."""

import re

from .width import no_blanks

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})")
EXTENSION = re.compile(r"(\(?0\d{2,3}\)?-?\d{7,8})(?:-|转|转分机|[xX]|ext\.?)(\d{1,6})")
COMPLETE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}(-\d{1,6})?")
PROBLEM = "联系电话应为 11 位手机号或带区号的座机号"


def clean(text):
    """One form for every way of typing, so that equal numbers are equal: 138 0000 2046, +86 138-0000-2046, (0719)1234567."""
    typed = re.sub(r"[‐‑‒–—―−/]", "-", no_blanks(text))
    extension = ""
    if match := EXTENSION.fullmatch(typed):
        typed, extension = match.groups()
    digits = re.sub(r"[-().]", "", typed)
    digits = re.sub(r"^(\+|00)86(?=\d{10,12}$)", "", digits)
    if MOBILE.fullmatch(digits) and not extension:
        return digits
    if match := LANDLINE.fullmatch(digits):
        return "-".join(filter(None, (*match.groups(), extension)))
    return typed + (f"-{extension}" if extension else "")


def is_mobile(no):
    return bool(MOBILE.fullmatch(no or ""))


def problem(text):
    no = clean(text)
    if not no:
        return "请填写联系电话"
    return None if COMPLETE.fullmatch(no) else PROBLEM
