"""What a county types into a setting, judged; and how a value reads on the page."""

import re
import string
import unicodedata

from .values import Length, Window, YearDay

YES = ("是", "有", "开", "yes", "true", "on", "1")
NO = ("否", "无", "关", "no", "false", "off", "0")
DAYS = {"日": 1, "工作日": 1.4, "月": 31, "年": 366}  # at most, to bound a length
TEN_YEARS = 3660


def check_edit(setting, text):
    """The value that `text` means, or a ValueError whose sentence says what to write instead."""
    return _READERS[setting.kind](setting, text.strip())


def as_text(setting, value):
    """The value as a page shows it and as `check_edit` reads it back."""
    match setting.kind:
        case "yes_no":
            return "是" if value else "否"
        case "choice":
            return dict(setting.choices)[value]
        case "list":
            return "、".join(value)
        case "windows":
            return "；".join(map(str, value))
    return str(value)


def _plain(text):
    return unicodedata.normalize("NFKC", text).strip().lower()


def _yes_no(setting, text):
    if _plain(text) not in YES + NO:
        raise ValueError(f"“{setting.title}”请选择是或否。")
    return _plain(text) in YES


def _number(setting, text):
    unit = setting.unit or ""
    found = re.fullmatch(r"([0-9]{1,6})\s*" + f"(?:{re.escape(unit)})?", unicodedata.normalize("NFKC", text))
    if not found or not setting.least <= int(found[1]) <= setting.most:
        raise ValueError(f"“{setting.title}”请填写 {setting.least} 至 {setting.most} 之间的整数{f'（{unit}）' if unit else ''}。")
    return int(found[1])


def _length(setting, text):
    units = setting.choices or ("日", "月", "年")
    try:
        length = Length.read(text)
    except ValueError as wrong:
        raise ValueError(f"“{setting.title}”没有看懂：{wrong}。") from None
    if length.unit not in units:
        raise ValueError(f"“{setting.title}”请用{'、'.join(units)}计算。")
    if length.number < setting.least or length.number * DAYS[length.unit] > TEN_YEARS:
        raise ValueError(f"“{setting.title}”请填写不少于 {Length(setting.least, length.unit)}、不超过 10 年的时间，例如 {setting.default}。")
    return length


def _day(setting, text):
    try:
        return YearDay.read(text)
    except ValueError as wrong:
        raise ValueError(f"“{setting.title}”没有看懂：{wrong}。") from None


def _choice(setting, text):
    for value, label in setting.choices:
        if text in (value, label):
            return value
    raise ValueError(f"“{setting.title}”请从这几项中选择：{'、'.join(label for _, label in setting.choices)}。")


def _list(setting, text):
    items = tuple(item.strip() for item in re.split(r"[、,，;；\n]", text) if item.strip())
    if not 1 <= len(items) <= 20 or len(set(items)) < len(items):
        raise ValueError(f"“{setting.title}”请用顿号分开各项，一至二十项，不要重复。")
    return items


def _windows(setting, text):
    try:
        return tuple(Window.read(part) for part in re.split(r"[；;\n]", text) if part.strip())
    except ValueError as wrong:
        raise ValueError(f"“{setting.title}”没有看懂：{wrong}。几段时间用分号隔开。") from None


def _template(setting, text):
    """Words with blanks in braces: `{serial:5}` is the running number, padded with zeros to five digits."""
    if not text and not setting.default:
        return ""
    try:
        blanks = [(name, width, turn) for _, name, width, turn in string.Formatter().parse(text) if name is not None]
    except ValueError:
        raise ValueError(f"“{setting.title}”的花括号不成对，请写成 {{serial:5}} 这样。") from None
    for name, width, turn in blanks:
        if name not in setting.choices or turn or not re.fullmatch(r"[1-9]?", width):
            raise ValueError(f"“{setting.title}”不认识“{{{name}}}”这一项，可以用的有：{'、'.join(setting.choices)}，后面可加冒号和位数。")
    if "serial" not in [name for name, _, _ in blanks]:
        raise ValueError(f"“{setting.title}”要有流水号，请加上 {{serial:5}}，否则编号会重复。")
    return text


_READERS = {
    "yes_no": _yes_no,
    "number": _number,
    "length": _length,
    "day": _day,
    "choice": _choice,
    "list": _list,
    "windows": _windows,
    "template": _template,
}
