"""What a clerk typed, made into the value that the record keeps, or refused with what is wrong and how to mend it; and the value shown again."""

import re
import unicodedata

from app import codes

from . import dates, id_number, names, phones, student_numbers
from .width import half_width, no_blanks

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
ID_CURE = "对照户口簿核对；单元格须为文本格式"
FEW = 12  # as many choices as a cure can name


class BadValue(ValueError):
    """A value that the record cannot keep: `sentence` says what is wrong, `cure` what to do."""

    def __init__(self, sentence, cure):
        super().__init__(sentence)
        self.sentence, self.cure = sentence, cure


def clean(item, text, doc_type=None):
    """The value of `item` that `text` means: a code, a date, a bool, "202609" or cleaned text; None when empty and not required.

    `doc_type` is the code of 身份证件类型 where it is known: the number of a 居民身份证 is judged by GB 11643, others by their characters alone.
    """
    text = "" if text is None else str(text)
    if UNSEEN.search(text):
        raise BadValue(f"{item.title}中有看不见的控制字符", "删去后重新输入，不要从网页或文档中整段粘贴")
    if not no_blanks(text):
        if item.must:
            raise BadValue(f"请{'选择' if item.kind in ('code', 'yes_no') else '填写'}{item.title}", f"{item.title}必填")
        return None
    if item.kind == "id_no":
        return clean_id_no(item, text, doc_type)
    return CLEANERS[item.kind](item, text)


def show(item, value):
    """The value as people read it on pages and papers; "" for none."""
    if value is None or value == "":
        return ""
    if item.kind == "code" or (item.kind == "ref" and item.table):
        return codes.table(item.table).label(value)
    if item.kind in ("division", "native_place"):
        return codes.divisions.full_name(value)
    if item.kind == "yes_no":
        return "是" if value else "否"
    if item.kind == "date":
        return dates.chinese(value)
    if item.kind == "month":
        return dates.chinese_month(value)
    if item.kind == "km":
        return f"{value} 公里"
    return str(value)


def quoted(text):
    text = " ".join(text.split())
    return f"“{text[:20]}…”" if len(text) > 20 else f"“{text}”"


def within(item, text):
    if item.length and len(text) > item.length:
        raise BadValue(f"{item.title}不能超过 {item.length} 个字，现在是 {len(text)} 个字", f"缩短到 {item.length} 个字以内")
    return text


def clean_text(item, text):
    return within(item, " ".join(unicodedata.normalize("NFC", text).split()))


def clean_number(item, text):
    """Numbers that others give: digits, letters and hyphens, without judging them."""
    no = no_blanks(text).upper()
    if SCIENTIFIC.fullmatch(no):
        raise BadValue(f"{item.title}被电子表格改成了数字，后几位已经丢失", "把单元格设为文本格式后重新录入")
    if not re.fullmatch(r"[0-9A-Z-]+", no):
        raise BadValue(f"{item.title}只能用数字、字母和短横", "删去其他字符")
    return within(item, no)


def clean_id_no(item, text, doc_type):
    no = id_number.clean(text)
    if (doc_type == "1" or SCIENTIFIC.fullmatch(no)) and (problem := id_number.problem(no)):
        raise BadValue(problem.replace("身份证件号", item.title, 1), ID_CURE)
    if not re.fullmatch(r"[0-9A-Z()/-]+", no):
        raise BadValue(f"{item.title}只能用数字、字母、括号和短横", "按证件原样填写")
    return within(item, no)


def clean_name(item, text, foreign=False):
    if problem := names.problem(text, foreign=foreign):
        raise BadValue(problem.replace("姓名", item.title, 1), "按证件填写" if foreign else "按户口簿填写，间隔号用“·”")
    return within(item, names.clean(text))


def clean_any_name(item, text):
    """A guardian may come from abroad and have no Chinese name."""
    return clean_name(item, text, foreign=True)


def clean_pinyin(item, text):
    spelled = " ".join(half_width(text).lower().split())
    if re.search(r"[\d_]", spelled) or not re.fullmatch(rf"[\w{names.HAN} '’-]+", spelled):
        raise BadValue(f"{item.title}只能用字母和空格，如 lu si yuan", "删去其他字符")
    return within(item, spelled)


def clean_code(item, text):
    table = codes.table(item.table)
    if code := table.code_of(text):
        return code
    if item.table == "political_status_form" and "少先队" in text:
        raise BadValue("少先队员不是政治面貌代码", "填“群众”，少先队员另行勾选")
    raise BadValue(f"{item.title}代码表没有{quoted(text)}", code_cure(table, text))


def code_cure(table, text):
    if label := table.nearest(text):
        code = table.code_of(label)
        return f"填“{label}”" if code == label else f"填“{label}”或代码 {code}"
    choices = table.choices()
    if len(choices) <= FEW:
        return "填" + "、".join(f"“{label}”" for _, label in choices[:-1]) + f"或“{choices[-1][1]}”"
    code = "156" if table.name == "country" else choices[0][0]
    return f"从代码表中选填，如“{table.label(code)}”或代码 {code}"


def clean_division(item, text):
    divisions = codes.divisions
    code = divisions.code_of(text)
    if code and divisions.is_county(code):
        return code
    if code:
        # A province or city was given; the first county below it shows what is wanted.
        child, full = divisions.find(code[:4] if code[2:4] != "00" else code[:2], limit=1)[0]
        raise BadValue(f"{item.title}要填到县级，{quoted(text)}不是县（市、区）", f"填县级名称或代码，如“{full}”或 {child}")
    if same := divisions.named(text):
        raise BadValue(f"{item.title}{quoted(text)}不止一处", f"填全称或代码，如“{same[0][1]}”或 {same[0][0]}")
    cure = "填 6 位县级行政区划代码，或省、市、县全称"
    if near := divisions.find(text, limit=1):
        cure = f"填“{near[0][1]}”或代码 {near[0][0]}"
    raise BadValue(f"行政区划代码表没有{quoted(text)}", cure)


def clean_native_place(item, text):
    """籍贯 is a county of today where it can be, else what the household register says of one long renamed."""
    if code := codes.divisions.code_of(text):
        return code
    if not re.search(f"[{names.HAN}]{{2}}", text):
        raise BadValue(f"{item.title}{quoted(text)}不是地名，也不是行政区划代码", "填省、市、县名称，如“湖北省十堰市竹山县”，或 6 位代码")
    return clean_text(item, text)


def clean_date(item, text):
    if found := dates.parse_date(text):
        return found
    raise BadValue(f"{item.title}{quoted(text)}不是一个日期", "按年月日填写，如 20200903 或 2020年9月3日")


def clean_month(item, text):
    if found := dates.parse_month(text):
        return found
    raise BadValue(f"{item.title}{quoted(text)}不是一个年月", "按年月填写，如 202609 或 2026年9月")


def clean_yes_no(item, text):
    code = codes.table("yes_no").code_of(text)
    if code is None:
        raise BadValue(f"{item.title}只能是“是”或“否”，不能是{quoted(text)}", "填“是”或“否”")
    return code == "1"


def clean_phone(item, text):
    if phones.problem(text):
        raise BadValue(f"{item.title}应为 11 位手机号或带区号的座机号", "填手机号，或区号加座机号")
    return within(item, phones.clean(text))


def clean_postcode(item, text):
    code = no_blanks(text)
    if not re.fullmatch(r"\d{6}", code, re.ASCII):
        raise BadValue(f"{item.title}应为 6 位数字", "填 6 位数字，如 442200")
    return code


def clean_email(item, text):
    address = no_blanks(text)
    if not re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", address):
        raise BadValue(f"{item.title}应为“名称@网站”的样子", "如 name@example.com；没有就留空")
    return within(item, address)


def clean_url(item, text):
    address = no_blanks(text)
    if not re.fullmatch(r"(https?://)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?(/[^\s<>\"']*)?", address):
        raise BadValue(f"{item.title}应为网址", "如 www.example.com；没有就留空")
    return within(item, address)


def clean_km(item, text):
    """Kilometres as a decimal text, without idle zeros: "1.5"."""
    typed = re.sub(r"(公里|千米|KM)$", "", no_blanks(text).upper())
    if not re.fullmatch(r"\d{1,4}(\.\d+)?", typed, re.ASCII) or float(typed) > 200:
        raise BadValue(f"{item.title}应为 0 至 200 的公里数", "填公里数，如 1.5")
    return f"{round(float(typed), 1):g}"


def clean_period(item, text):
    """2020.09.03-2025.09.03, 2020.09.03-长期 or 长期; a card reader writes 20200903-20250903."""
    typed = re.sub(r"[—–~至]+", "-", no_blanks(text))
    if typed == "长期":
        return typed
    start, _, end = typed.partition("-") if typed.count("-") == 1 else ("", "", "")
    first, last = dates.parse_date(start), dates.parse_date(end)
    if first is None or (last is None and end != "长期"):
        raise BadValue(f"{item.title}应为起止两个日期或“长期”", "如 2020.09.03-2025.09.03 或 长期")
    if last and last < first:
        raise BadValue(f"{item.title}的止期早于起期", "对照证件改正起止日期")
    return f"{first:%Y.%m.%d}-{f'{last:%Y.%m.%d}' if last else end}"


def clean_national_no(item, text):
    no = student_numbers.clean_national(text)
    if (problem := student_numbers.national_problem(no)) and problem[0] == "block":
        raise BadValue(problem[1], "按学籍卡填写 19 位学籍号；单元格须为文本格式")
    return no


CLEANERS = {
    "text": clean_text,
    "ref": clean_text,
    "number": clean_number,
    "name": clean_name,
    "any_name": clean_any_name,
    "pinyin": clean_pinyin,
    "code": clean_code,
    "division": clean_division,
    "native_place": clean_native_place,
    "date": clean_date,
    "month": clean_month,
    "yes_no": clean_yes_no,
    "phone": clean_phone,
    "postcode": clean_postcode,
    "email": clean_email,
    "url": clean_url,
    "km": clean_km,
    "period": clean_period,
    "national_no": clean_national_no,
}
