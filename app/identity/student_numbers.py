"""The numbers of a pupil's record: 学籍号, 学籍辅号, class code and 学校标识码 (regulation 3)."""

import re
from string import Formatter
from typing import NamedTuple

from app import codes

from .dates import chinese
from .id_number import birth_date, check_character
from .width import no_blanks

NATIONAL_NO = re.compile(r"[GLJ]\d{17}[\dX]", re.ASCII)
TEMPLATE_PARTS = {  # the blanks of a numbering rule, as the settings name them
    "stage1": "学段（1 小学，2 初中，3 高中）",
    "entry_year2": "入学年份后两位",
    "entry_year4": "入学年份（4 位）",
    "grade1": "年级序号",
    "province2": "省级代码（2 位）",
    "city2": "市级代码（2 位）",
    "county2": "县级代码（2 位）",
    "county6": "县级代码（6 位）",
    "town2": "乡镇代码（2 位）",
    "school2": "学校代码（2 位）",
    "school4": "学校代码（4 位）",
    "school6": "学校代码（6 位）",
    "sex1": "性别代码",
    "serial": "流水号",
    "county": "县（市、区）简称",
    "kind": "业务或证明简称",
    "year": "年份",
}
CLASS_TEMPLATE = "{entry_year2}{stage1}{school6}{serial:3}"


class ClassCode(NamedTuple):
    """班级编码, kept as the three parts that are its meaning; written, they are twelve digits."""

    grade: str
    school: str
    serial: str

    def __str__(self):
        return "".join(self)


def clean_national(text):
    return no_blanks(text).upper()


def national_problem(no):
    """("block" or "warn", sentence), or None. The shape blocks; a failing check character warns, and for L says nothing,
    because the last four of a temporary number may be random."""
    no = clean_national(no)
    if not NATIONAL_NO.fullmatch(no):
        if re.fullmatch(r"\d{17}[\dX]", no):
            return "block", "学籍号以字母 G、L 或 J 开头，这里填的像是身份证件号，请按学籍卡填写"
        if re.match("[GLJ]", no) and len(no) != 19:
            return "block", f"学籍号应为 19 位，现在是 {len(no)} 位，请按学籍卡填写"
        return "block", "学籍号应为字母 G、L 或 J 加 18 位数字（最后一位可以是 X），请按学籍卡填写"
    if no[0] != "L" and check_character(no[1:18]) != no[18]:
        return "warn", f"{no[0]} 开头的学籍号最后一位校验不符，请对照学籍卡核对；确实如此可以保留"
    if no[0] != "L" and birth_date(no[1:]) is None:
        return "warn", "学籍号中的出生日期不是一个日期，请对照学籍卡核对；确实如此可以保留"
    return None


def local_number(county_code, birth_date, serial, sex):
    """A temporary number of our own: L + county 6 + birth date 8 + sequence 3 (odd boy, even girl) + check character.

    `serial` counts from 1 among the boys, or the girls, of that county and that day.
    """
    sequence = 2 * serial - (1 if sex == "1" else 0)
    if serial < 1 or sequence > 999:
        raise ValueError(f"{chinese(birth_date)}出生的学生本地临时学籍号已经用完，请联系县教育局由全国系统给号")
    if not re.fullmatch(r"\d{6}", county_code, re.ASCII) or sex not in ("1", "2"):
        raise ValueError("县级行政区划代码应为 6 位数字，性别应为男或女")
    first17 = f"{county_code}{birth_date:%Y%m%d}{sequence:03}"
    return "L" + first17 + check_character(first17)


def template_problem(template):
    """What is wrong with a template for 学籍辅号 or class codes, as a sentence; None when it can be rendered."""
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        return "模板中的花括号没有成对，请写成 {stage1}{entry_year2}{county6}{school4}{serial:4} 的样子"
    for _, part, width, conversion in pieces:
        if part is not None and part not in TEMPLATE_PARTS:
            return f"模板中没有“{part}”这一项，可用的有：{'、'.join(TEMPLATE_PARTS)}"
        if conversion or (width and not re.fullmatch(r"[1-9]", width)):
            return f"模板中“{part}”的位数应为 1 至 9 的一位数字"
    return None


def render(template, *, grows=False, **parts):
    """A number by its rule (学籍辅号, class code, case, paper): `{serial:4}` is the serial in four digits. Unknown parts and overflow are ValueErrors; a number that
    `grows` is that of an office's own files: after 99999 comes 100000."""
    if sentence := template_problem(template):
        raise ValueError(sentence)
    rendered = []
    for text, part, width, _ in Formatter().parse(template):
        rendered.append(text)
        if part is None:
            continue
        if parts.get(part) in (None, ""):
            raise ValueError(f"编号缺少“{TEMPLATE_PARTS[part]}”，请先在机构资料或规则中补齐")
        value = str(parts[part])
        if width:
            value = value.zfill(int(width))
            if len(value) > int(width) and not grows:
                raise ValueError(f"“{TEMPLATE_PARTS[part]}”是 {value}，超过模板规定的 {width} 位")
        rendered.append(value)
    return "".join(rendered)


def class_code(template=CLASS_TEMPLATE, *, entry_year, stage, school, serial):
    """班级编码 of 3 + 6 + 3 digits: grade part, the school's local six-digit code, the class's number in its cohort.

    The first part holds the entry year, not the present grade (DECIDED 6), so that a class keeps its code for life.
    """
    written = render(template, entry_year2=f"{entry_year % 100:02}", stage1=stage, school6=school, serial=serial)
    parts = written[:3], written[3:9], written[9:]
    if len(written) != 12 or not written.isdecimal():
        raise ValueError(f"班级编码应为 3 位、6 位、3 位数字，现在是“{written}”，请检查班级编码规则和学校的 6 位代码")
    return ClassCode(*parts)


def school_code_problem(code):
    """What is wrong with a 学校标识码 (kind 2 + province 2 + serial 6), as a sentence; None when nothing is."""
    code = no_blanks(code)
    if not re.fullmatch(r"\d{10}", code, re.ASCII):
        return "学校标识码应为 10 位数字"
    if code[:2] not in codes.table("school_code_kind"):
        return f"学校标识码前两位“{code[:2]}”不是学校类别代码"
    if codes.divisions.label(code[2:4] + "0000") == code[2:4] + "0000":
        return f"学校标识码第 3、4 位“{code[2:4]}”不是省级代码"
    return None
