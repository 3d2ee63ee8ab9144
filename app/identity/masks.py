"""What is shown of a number to those who may not, or need not, see it all (DECIDED 21: one mask)."""

import re

from .width import half_width

HIDDEN = "▪"


def number(no):
    """420323201803210011 → 4203**********▪▪▪▪, and a 学籍号 alike: the first four shown, the rest hidden.

    The last four are drawn otherwise than the middle, so that no one takes the stars for digits that he could fill in.
    """
    no = no or ""
    if len(no) <= 4:
        return HIDDEN * len(no)
    shown = no[: min(4, len(no) - 4)]
    return shown + "*" * (len(no) - len(shown) - 4) + HIDDEN * 4


def phone(no):
    """13800002046 → 138****2046; 0719-1234567 → 0719-***4567."""
    no = no or ""
    if "-" in no:
        area, line = no.split("-", 1)
        return f"{area}-{'*' * (len(line) - 4)}{line[-4:]}" if len(line) > 4 else f"{area}-{'*' * len(line)}"
    if len(no) < 8:
        return "*" * len(no)
    return no[:3] + "*" * (len(no) - 7) + no[-4:]


def name(text):
    """陆思远 → 陆*远, 陆远 → 陆*: enough for one who knows the pupil, too little for one who does not."""
    text = text or ""
    if len(text) <= 1:
        return "*" * len(text)
    if len(text) == 2:
        return text[0] + "*"
    return text[0] + "*" * (len(text) - 2) + text[-1]


LONG = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]\d{7,}[Xx]?|\d(?:[ \-]?\d){10,}[ \-]?[Xx]?")


def within(text):
    """A text in which someone may have written numbers, as files of photos are named: every number of a document, of a register or of a phone masked."""
    return LONG.sub(lambda found: number(found[0]), half_width(text))
