"""The line that an ID-card reader types: 姓名|性别|民族|出生|住址|号码|签发机关|有效期, between bars, commas or tabs."""

import re

from ..codes import divisions, table
from . import dates, id_number
from .width import half_width, no_blanks

PARTS = 8


def read_line(line):
    """{field: text} for the record's form; None when it is no such line. What is wrong with the values is said by the form."""
    parts = [part.strip() for part in re.split(r"[|｜,，\t]", half_width(line).strip())]
    if len(parts) < PARTS - 1 or not re.fullmatch(r"\d{17}[\dX]", id_number.clean(parts[5])):
        return None
    name, sex, ethnicity, born, address, number = parts[:6]
    period = "" if len(parts) < PARTS else parts[7]
    typed = {"name": name, "sex": table("sex_form").code_of(sex) or "", "ethnicity": _ethnicity(ethnicity), "hukou_address": address,
             "id_doc_type": "1", "id_doc_no": id_number.clean(number), "id_valid_period": no_blanks(period)}
    if born := dates.parse_date(born):
        typed["birth_date"] = dates.chinese(born)
    if place := division_of(address):
        typed["hukou_place_code"] = f"{place} {divisions.label(place)}"
    return {field: text for field, text in typed.items() if text}


def _ethnicity(text):
    """A card says 汉 where the register says 汉族."""
    return text if not text or table("ethnicity").code_of(text) or not table("ethnicity").code_of(text + "族") else text + "族"


def division_of(address):
    """The county that an address begins with: 湖北省竹山县城关镇… → 420323."""
    for end in range(min(len(address), 20), 2, -1):
        code = divisions.code_of(address[:end])
        if code and divisions.is_county(code):
            return code
    return None
