"""The parts that papers are put together from. Places are those of the layout: x and y of the sheet, in millimetres."""
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, islice
from re import fullmatch
from string import Formatter

from reportlab.lib.units import mm

from app.documents.fitting import CELL, LETTER, NOTE, PRINT, SMALL_TITLE, Box, fit
from app.documents.paper import BLACK, HINT, INNER, OUTER, too_long

# The facts that are dates. Any other text is printed as it was typed, though it may look like one: a seat number 2026-01.
DATES = {
    "applied_on", "approved_on", "birth_date", "birth_month", "closed_on", "decided_on", "effective_on", "entry_month", "from_on", "graduated_on", "issued_on", "on", "opened_on",
    "printed_on", "until_on",
}
BLANK_DATE = "　　年　　月　　日"


def reading(field, fact, short=False):
    """A fact as people read it: 2026-09-01 is 2026年9月1日, in a narrow column 2026.09.01; 2020-09 is 2020年9月."""
    text = "" if fact is None else str(fact)
    if field not in DATES or not fullmatch(r"\d{4}-\d\d(-\d\d)?", text):
        return text
    return text.replace("-", ".") if short else "".join(
        f"{int(part)}{unit}" for part, unit in zip(text.split("-"), "年月日", strict=False))


def worded(template, facts):
    """The characters of a wording, each with True where it is a fact or a blank; {:3} is a blank of three ems."""
    for literal, field, blank, _ in Formatter().parse(template):
        yield from ((char, False) for char in literal)
        if field is not None:
            path = field.split(".")
            fact = reduce(lambda level, name: level[name], path, facts) if field else "　" * int(blank)
            yield from ((char, True) for char in reading(path[-1], fact).replace("\n", " "))


def said(template, facts):
    return "".join(char for char, _ in worded(template, facts))


def spoken(label):
    """A label without the spaces and marks that only its place on paper asks for."""
    return label.replace("　", "").replace("\n", "").rstrip("：")


class Part:
    def frame(self, sheet):
        """Draw what is the same on every copy."""

    def fill(self, sheet, facts):
        """Write what is so for one pupil."""


@dataclass(frozen=True)
class Title(Part):
    wording: str
    box: Box
    size: float = SMALL_TITLE

    def fill(self, sheet, facts):
        sheet.title(said(self.wording, facts), self.box, self.size)


@dataclass(frozen=True)
class Printed(Part):
    text: str
    box: Box
    size: float = NOTE
    align: str = "right"

    def frame(self, sheet):
        sheet.put(self.text, self.box, self.size, align=self.align, pad=0)


@dataclass(frozen=True)
class Written(Part):
    name: str
    wording: str
    box: Box
    size: float = CELL
    face: str = "value"
    align: str = "left"
    above: float = 0.4

    def fill(self, sheet, facts):
        sheet.put(said(self.wording, facts), self.box, self.size, self.face, self.align, pad=0, above=self.above, name=self.name)


@dataclass(frozen=True)
class Letter(Part):
    """A letter whose facts stand on rules, both edges straight, its lines spread over the box."""
    wording: str
    box: Box
    size: float = LETTER

    def fill(self, sheet, facts):
        text, ems = said(self.wording, facts), sheet.ems_in("value")
        fitting = fit(text, self.box, self.size, ems, 1.5)
        if fitting is None:
            raise too_long(text, self.box, "正文")
        size, lines = fitting
        pitch = min(1.85 * size, self.box.h * mm / len(lines))
        y, characters = self.box.y + pitch / 2 / mm, worded(self.wording, facts)
        sheet.canvas.setFillGray(BLACK)
        for line in lines:
            seen = line.rstrip(" ")
            spare = self.box.w * mm - ems(seen) * size
            spacing = spare / (len(seen) - 1) if line is not lines[-1] and spare < len(seen) * size / 10 else 0
            sheet.write(line, self.box.x, y, size, face="value", spacing=spacing)
            x = self.box.x
            for on_rule, run in groupby(islice(characters, len(line)), lambda character: character[1]):
                to_x = x + sum(ems(char) * size + spacing for char, _ in run) / mm
                if on_rule:
                    sheet.pen()
                    sheet.line(x, y + 0.64 * size / mm, to_x)
                x = to_x
            y += pitch / mm


@dataclass(frozen=True)
class Outline(Part):
    box: Box

    def frame(self, sheet):
        sheet.pen(OUTER)
        sheet.rectangle(self.box)


@dataclass(frozen=True)
class Rows(Part):
    """Labels and values side by side: rows of (height, (label, field, width of the value), …)."""
    x: float
    y: float
    rows: tuple
    large: str = ""  # the field that is written in 小四

    def cells(self):
        y = self.y
        for height, *pairs in self.rows:
            x = self.x
            for label, field, width in pairs:
                yield label, field, Box(x, y, 21, height), Box(x + 21, y, width, height)
                x += 21 + width
            y += height

    def frame(self, sheet):
        sheet.pen()
        for label, _, label_box, value_box in self.cells():
            sheet.rectangle(label_box)
            sheet.rectangle(value_box)
            sheet.put(label, label_box, pad=0.8)

    def fill(self, sheet, facts):
        for label, field, _, box in self.cells():
            sheet.put(reading(field, facts[field]), box, LETTER if field == self.large else CELL, "value", name=spoken(label))


@dataclass(frozen=True)
class Columns(Part):
    """A list with its name down the left side and a head over each column."""
    name: str
    field: str
    x: float
    y: float
    count: int
    height: float
    heads: tuple
    size: float = NOTE

    def boxes(self, y, height):
        x = self.x + 8
        for title, field, width in self.heads:
            yield title, field, Box(x, y, width, height)
            x += width

    def frame(self, sheet):
        side = Box(self.x, self.y, 8, 7 + self.count * self.height)
        sheet.pen()
        sheet.rectangle(side)
        sheet.put("\n".join(self.name), side)
        for title, _, box in self.boxes(self.y, 7):
            sheet.rectangle(box)
            sheet.put(title, box, pad=0.8)
            for row in range(self.count):
                sheet.rectangle(box._replace(y=self.y + 7 + row * self.height, h=self.height))

    def fill(self, sheet, facts):
        for number, row in enumerate(facts[self.field][:self.count]):
            for title, field, box in self.boxes(self.y + 7 + number * self.height, self.height):
                sheet.put(reading(field, row[field], short=True), box, self.size, "value", name=f"{self.name}·{spoken(title)}")


@dataclass(frozen=True)
class Signature(Part):
    """经办人：＿＿＿＿"""
    label: str
    wording: str
    x: float
    y: float
    to_x: float

    def blank(self):
        x = self.x + len(self.label) * CELL / mm
        return Box(x, self.y - 3, self.to_x - x, 6)

    def frame(self, sheet):
        sheet.canvas.setFillGray(BLACK)
        sheet.write(self.label, self.x, self.y, CELL)
        sheet.pen()
        sheet.line(self.blank().x, self.y + 2.8, self.to_x)

    def fill(self, sheet, facts):
        sheet.put(said(self.wording, facts), self.blank(), face="value", name=spoken(self.label))


@dataclass(frozen=True)
class Seal(Part):
    """The place of a seal, with office and date a little below its middle (GB/T 9704, 7.3.5)."""
    body: str
    x: float
    y: float

    def frame(self, sheet):
        sheet.ring(self.x, self.y)
        sheet.put("（公章）", Box(self.x - 19, self.y - 12, 38, 6), NOTE, grey=HINT)

    def fill(self, sheet, facts):
        body = facts[self.body]
        sheet.put(body["name"], Box(self.x - 19.5, self.y + 1, 39, 9), face="value", pad=0.5, name="盖章单位")
        sheet.put(reading("decided_on", body["decided_on"]) or BLANK_DATE, Box(self.x - 18, self.y + 9.5, 36, 6), face="value", name="日期")


@dataclass(frozen=True)
class Office(Part):
    """What a body says, who signs for it, and where it stamps."""
    body: str
    box: Box
    label: str
    signers: tuple = ("经办人：", "负责人：")

    def parts(self):
        x, bottom = self.box.x + 2.2, self.box.y + self.box.h
        yield Signature(self.signers[0], f"{{{self.body}.officer}}", x, bottom - 15, x + 34)
        yield Signature(self.signers[1], "", x, bottom - 6.5, x + 34)
        yield Seal(self.body, self.box.x + self.box.w - 21.7, self.box.y + self.box.h / 2)

    def frame(self, sheet):
        sheet.pen()
        sheet.rectangle(self.box)
        heading = Box(self.box.x, self.box.y + 0.5, self.box.w, 6)  # so high that the seal's edge clears twelve characters
        sheet.put(self.label, heading, CELL, "bold", "left", pad=2.2)
        for part in self.parts():
            part.frame(sheet)

    def fill(self, sheet, facts):
        opinion = reading("opinion", facts[self.body]["opinion"])
        sheet.put(opinion, Box(self.box.x, self.box.y + 9.5, 40.4, 14), CELL, "value", "left", pad=2.2, top=True, name=self.label)
        for part in self.parts():
            part.fill(sheet, facts)


@dataclass(frozen=True)
class Cut(Part):
    """A cut line, the number across it, and half of a riding seal's place on each side."""
    y: float

    def frame(self, sheet):
        sheet.canvas.setFillGray(BLACK)
        sheet.write("✂", 7, self.y, LETTER)
        sheet.pen(INNER, BLACK, (2, 1.4))
        sheet.line(12, self.y, 75)
        sheet.line(140, self.y, 203)
        sheet.ring(50, self.y)
        sheet.put("（骑缝章）", Box(35, self.y - 8, 30, 6), NOTE, grey=HINT)

    def fill(self, sheet, facts):
        sheet.put(facts["number"], Box(76, self.y - 3, 63, 6), LETTER, name="编号")


@dataclass(frozen=True)
class Proof(Part):
    """How a stranger makes sure of the paper: the square, the code to type, who printed it.

    The square is drawn where the facts carry `check_address`, the code where they carry `code` and `check_page`. A paper that
    has no place for its number carries it here as `paper_no`.
    """
    square: Box
    x: float
    y: float

    def fill(self, sheet, facts):
        if facts.get("check_address"):
            sheet.qr(facts["check_address"], self.square)
        if facts.get("code"):
            Written("验证码", "验证码　{code}", Box(self.x, self.y, 96, 4.8), NOTE, "bold").fill(sheet, facts)
            Written("核验地址", "扫码或登录 {check_page} 核验", Box(self.x + 45, self.y, 51, 4.8), PRINT, "song").fill(sheet, facts)
        numbers = ("编号 {paper_no}　" if facts.get("paper_no") else "") + ("申请编号 {case_no}　" if facts.get("case_no") else "")
        x = self.x if facts.get("check_address") else min(self.x, self.square.x)  # without a square nothing stands before it
        printed = Written("打印人", numbers + "打印 {printed_on}　{printed_by}", Box(x, self.y + 4.6, 96, 4.8), PRINT, "song")
        printed.fill(sheet, facts)


@dataclass(frozen=True)
class Photo(Part):
    box: Box

    def frame(self, sheet):
        sheet.put("照　片\n25 × 35 mm", self.box, NOTE, grey=HINT)

    def fill(self, sheet, facts):
        if facts["photo"]:
            sheet.photo(facts["photo"], self.box)
