"""Names of persons: cleaned without losing a stroke, judged without forbidding rare ones, and made findable."""

import re
import unicodedata
from itertools import islice, product

from .readings import AT_MOST, given_readings, surname_readings
from .width import half_width

# 〇, Extension A, the unified block, the compatibility ideographs, and the two planes (2, 3) kept for Han characters:
# every extension there is, and those to come.
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
DOT = "·"
LOOK_ALIKE_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･●᛫⸱⸳ꞏㆍ・·﹒․◦"), DOT)
VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # the shape of a glyph, not another character
RADICALS = re.compile("[\u2f00-\u2fdf]")  # ⽅ for 方: they come out of PDF files and look the same
# Characters that GBK fonts held in the private area before Unicode had them; the former ones are in names (䶮).
FORMERLY_PRIVATE = dict(
    zip(
        map(ord, "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864\ue816\ue817\ue818\ue831\ue83b\ue855\ue863"),
        "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb\U00020087\U00020089\U000200cc\U000215d7\U0002298f\U000241fe\u4dae",
        strict=True,
    )
)
BLANK_INSIDE = re.compile(rf"(?<=[{HAN}{DOT}.。])\s+(?=[{HAN}{DOT}.。])")
STOP_INSIDE = re.compile(rf"(?<=[{HAN}])[.。](?=[{HAN}])")
HAN_NAME = re.compile(rf"[{HAN}]+(?:{DOT}[{HAN}]+)*")
FOREIGN_NAME = re.compile(rf"[{HAN}{DOT}A-Za-z\u00c0-\u024f\u1e00-\u1eff '.,\-]+")
NOT_SEARCHED = re.compile(rf"[^\w{HAN}]|_")
LONGEST = 36


def clean(name):
    """Trim, narrow, drop blanks between Han characters, write every middle dot as U+00B7. The characters stay as they are:
    Unicode normalisation would exchange compatibility ideographs for others than the household register has."""
    text = VARIATION_SELECTORS.sub("", half_width(name)).translate(LOOK_ALIKE_DOTS).translate(FORMERLY_PRIVATE)
    text = RADICALS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = BLANK_INSIDE.sub("", " ".join(text.split()))
    return STOP_INSIDE.sub(DOT, text)


def problem(name, foreign=False):
    """What is wrong with a name, as a sentence; None when nothing is. `foreign` allows the letters of a guardian's passport."""
    text = clean(name)
    if not text:
        return "请填写姓名"
    if len(text) > LONGEST:
        return f"姓名不能超过 {LONGEST} 个字，现在是 {len(text)} 个字"
    if digit := re.search(r"\d", text):
        return f"姓名中不能有数字“{digit[0]}”，请按户口簿填写"
    if HAN_NAME.fullmatch(text):
        return None
    if private := next((char for char in text if unicodedata.category(char) in ("Co", "Cs")), None):
        return f"姓名中有一个别处显示不出来的字（编码 U+{ord(private):04X}），请用生僻字输入法重新录入"
    if DOT in text and re.fullmatch(rf"[{HAN}{DOT}]+", text):
        return f"姓名中的间隔号“{DOT}”只能放在两个汉字之间，而且一次一个"
    if foreign:
        if FOREIGN_NAME.fullmatch(text):
            return None
        wrong = next(char for char in text if not FOREIGN_NAME.fullmatch(char))
        return f"姓名中不能有“{shown(wrong)}”，请按证件填写"
    wrong = next(char for char in text if not re.match(f"[{HAN}{DOT}]", char))
    return f"姓名只能用汉字和间隔号“{DOT}”，不能有“{shown(wrong)}”；外籍学生请填写证件上的中文姓名"


def shown(char):
    return "空格" if char == " " else char if char.isprintable() else f"U+{ord(char):04X}"


def pinyin(name):
    """陆思远 → lu si yuan. ü is spelt yu (吕 lyu), as GB/T 28039 has it in passports; a character without reading stands as it is."""
    spoken = []
    for number, part in enumerate(clean(name).split(DOT)):
        surname = surname_readings(part)[:1] if number == 0 and DOT not in clean(name) else []
        length, syllables = surname[0] if surname else (0, ())
        spoken += [*syllables, *(next(iter(given_readings(char)), char) for char in part[length:])]
    return " ".join(" ".join(syllable.replace("v", "yu") for syllable in spoken).split())


def search_keys(name):
    """What a name is found by, each key by its beginning: every suffix, and full pinyin and initials under all readings."""
    text = clean_query(name)
    if not text:
        return set()
    keys = {text[i:] for i in range(len(text))}
    for syllables in all_readings(text, has_surname=DOT not in clean(name)):
        full = "".join(syllables)
        keys |= {full, full.replace("v", "yu"), "".join(syllable[0] for syllable in syllables)}
    return keys - {""}


def all_readings(text, has_surname=True):
    """At most eight readings of a whole name, the surname's first of all; characters that nobody has read are passed over."""
    starts = (surname_readings(text) if has_surname else []) or [(0, ())]
    found = []
    for length, syllables in starts:
        rest = [options for char in text[length:] if (options := given_readings(char))]
        found += [(*syllables, *given) for given in islice(product(*rest), max(1, AT_MOST // len(starts)))]
    return list(dict.fromkeys(found))


def clean_query(text):
    """A name or its pinyin as typed into a search, in the form of the keys: no dots, blanks or signs, lower case, ü as v."""
    folded = unicodedata.normalize("NFKC", clean(text)).lower().replace("ü", "v")
    return NOT_SEARCHED.sub("", folded)
