"""How a text is set into its box: smaller, then on more lines, never out of it. `ems` measures a text at a type size of one."""
import re
from collections import namedtuple

from reportlab.lib.units import mm

Box = namedtuple("Box", "x y w h")  # millimetres from the top left corner of the sheet

TITLE, SMALL_TITLE, LARGE, LETTER, CELL, NOTE, PRINT = 22, 16, 14, 12, 10.5, 9, 7.5  # 二号 三号 四号 小四 五号 小五 六号
LADDER = (TITLE, SMALL_TITLE, LARGE, LETTER, CELL, NOTE, PRINT, 6.5, 5.5)  # text too long for its box steps down, to 七号
LEADING = 1.22  # from one line to the next in a cell, in ems

# Stays on one line: a number and its unit, a short bracket, a blank and its unit, what opens, a stop that closes.
PIECE = re.compile(
    r"[ （〔《“]*"
    r"(?:[0-9A-Za-z.]+[年月日号室]?|(?<=（)[^（）]{1,6}(?=）)|　+ ?[年月日]|.)"
    r"[ ，。、；：）〕》”·—]*", re.DOTALL)


def wrap(text, width, ems):
    """The lines of a text, each at most `width` ems; together they are the text without its new-line marks."""
    lines = []
    for paragraph in text.split("\n"):
        lines.append("")
        used = 0
        for piece in PIECE.findall(paragraph):
            whole = ems(piece)
            for part, wide in [(piece, whole)] if whole <= width else [(char, ems(char)) for char in piece]:  # a word longer than the line breaks anywhere
                used += wide
                if lines[-1] and used > width + 1e-6:
                    lines.append("")
                    used = wide
                lines[-1] += part
    return lines


def fit(text, box, size, ems, leading=LEADING):
    """The largest size of the ladder at which a text fits its box, and its lines; None where it fits at none."""
    if "\n" not in text and ems(text) * size <= box.w * mm:
        return size, [text]
    for step in (step for step in LADDER if step <= size):
        lines = wrap(text, box.w * mm / step, ems)
        if len(lines) <= max(1, int(box.h * mm / (step * leading) + 0.01)) and max(map(ems, lines)) * step <= box.w * mm + 0.01:
            return step, lines
    return None


def balanced(text, width, ems):
    """As many lines as wrap gives, none much longer than another: no last line of a single character."""
    for paragraph in text.split("\n"):
        count, whole = len(wrap(paragraph, width, ems)), [ems(piece) for piece in PIECE.findall(paragraph)]
        narrow = max([sum(whole) / count, *(wide for wide in whole if wide <= width)])
        while narrow < width and len(wrap(paragraph, narrow, ems)) > count:
            narrow += 0.5
        yield from wrap(paragraph, min(narrow, width), ems)
