"""The one thing that every field forgives: full-width (全角) letters, digits and signs, and blanks that cannot be seen."""

import re

HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥"}
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")


def half_width(text):
    """Full-width ASCII made narrow; signs that cannot be seen dropped. Nothing else is touched, Han characters least of all."""
    if not text or text.isascii():
        return text or ""
    return INVISIBLE.sub("", text.translate(HALF))


def no_blanks(text):
    return "".join(half_width(text).split())
