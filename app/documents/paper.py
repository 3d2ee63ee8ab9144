"""A paper is sides; a side is parts; a part has a frame, the same on every copy and drawn once per file, and is filled for each pupil.

Measures are millimetres from the top left corner, type sizes are points.
"""
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

import segno
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from app.documents.fitting import CELL, LEADING, NOTE, PRINT, Box, balanced, fit
from app.documents.fonts import CannotPrint, cannot_print_characters, fonts_in

A4 = (210, 297)
A4_LANDSCAPE = (297, 210)
BINDING = 5  # the back of a sheet stands this much further left, so that the punched edge keeps its 25 mm
OUTER, FIFTH, INNER, HAIR = 1, 0.75, 0.5, 0.3  # points
BLACK, HINT, RING = 0, 0.55, 0.72  # greys
SEAL = 21  # radius of an office's round seal
MIDDLE = 0.38  # a Chinese character's middle stands this far above its baseline, in ems
PAD, PAD_ABOVE = 1.2, 0.4  # inner margins of a cell
DARK = re.compile(b"\x01+")  # in a row of a QR code


class Facts(dict):
    """What a paper says; a fact that it needs and was not given stops the printing."""

    def __missing__(self, name):
        raise CannotPrint(f"打印资料不全：没有给出“{name}”一项。请把这句话告诉系统管理员。")


def as_facts(given):
    if isinstance(given, Mapping):
        return Facts({name: as_facts(fact) for name, fact in given.items()})
    if isinstance(given, list | tuple):
        return [as_facts(fact) for fact in given]
    return given


def texts(given):
    """Every text among the facts, however deep."""
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        for fact in given.values():
            yield from texts(fact)
    elif isinstance(given, list | tuple):
        for fact in given:
            yield from texts(fact)


class Sheet:
    """One side of paper on a canvas, measured as the designer of a form measures it."""

    def __init__(self, canvas, fonts, height):
        self.canvas = canvas
        self.fonts = fonts
        self.height = height

    def pen(self, weight=INNER, grey=BLACK, dash=()):
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeGray(grey)
        self.canvas.setDash([part * mm for part in dash])

    def line(self, x, y, to_x, to_y=None):
        to_y = y if to_y is None else to_y
        self.canvas.line(x * mm, (self.height - y) * mm, to_x * mm, (self.height - to_y) * mm)

    def rectangle(self, box):
        self.canvas.rect(box.x * mm, (self.height - box.y - box.h) * mm, box.w * mm, box.h * mm)

    def ring(self, x, y):
        """Where a seal goes, so faint that it vanishes under the red."""
        self.pen(HAIR, RING, (0.6, 0.9))
        self.canvas.circle(x * mm, (self.height - y) * mm, SEAL * mm)

    def write(self, text, x, y, size, *, face="song", spacing=0):
        """One line that begins at x; y is its characters' middle; spacing follows each character."""
        left, base = x * mm, (self.height - y) * mm - MIDDLE * size
        for place, (font, run) in enumerate(runs := self.fonts.runs(text, face), 1):
            self.canvas.setFont(font, size)
            line = self.canvas.beginText(left, base)  # canvas.drawString would measure the text first
            if spacing:
                line.setCharSpace(spacing)
            line.textLine(run)
            if spacing:
                line.setCharSpace(0)
            self.canvas.drawText(line)
            if place < len(runs):
                left += self.fonts.ems(run, face) * size + len(run) * spacing

    def ems_in(self, face):
        return lambda text: self.fonts.ems(text, face)

    def put(self, text, box, size=CELL, face="song", align="centre", *, pad=PAD, above=PAD_ABOVE, grey=BLACK, top=False, name=""):
        """A text in a box, in the middle of its height or at its top; when it is long, smaller or on more lines.

        Every label and value of every paper comes this way; `name` is what people call the box.
        """
        ems, room = self.ems_in(face), box.w - 2 * pad
        fitting = fit(text, box._replace(w=room, h=box.h - 2 * above), size, ems)
        if fitting is None:
            raise too_long(text, box, name)
        size, lines = fitting
        if len(lines) > 1:
            lines = list(balanced(text, room * mm / size, ems))
        widths = [ems(line) * size / mm for line in lines]
        if align == "centre" and len(lines) > 2 and "\n" not in text:  # a short paragraph: its lines begin together
            widths = [max(widths)] * len(lines)
        pitch = size * LEADING / mm
        y = box.y + (pitch / 2 if top else (box.h - pitch * (len(lines) - 1)) / 2)
        self.canvas.setFillGray(grey)
        for line, width in zip(lines, widths, strict=True):
            x = box.x + pad + (room - width) * {"left": 0, "centre": 0.5, "right": 1}[align]
            self.write(line, x, y, size, face=face)
            y += pitch

    def title(self, text, box, size):
        """A title on one line, its characters a little apart where there is room."""
        ems = self.ems_in("title")
        fitting = fit(text, box._replace(h=0), size, ems)
        if fitting is None:
            raise too_long(text, box, "标题")
        size, (line,) = fitting
        spare = box.w * mm - ems(line) * size
        spacing = min(0.08 * size, spare / len(line))
        self.canvas.setFillGray(BLACK)
        x = box.x + (spare - spacing * (len(line) - 1)) / 2 / mm
        self.write(line, x, box.y + box.h / 2, size, face="title", spacing=spacing)

    def qr(self, address, box):
        matrix = segno.make(address, error="m", micro=False, mask=2).matrix  # trying all masks takes 6 ms
        self.canvas.saveState()
        self.canvas.translate(box.x * mm, (self.height - box.y) * mm)
        self.canvas.scale(box.w * mm / len(matrix), -box.h * mm / len(matrix))
        dark = [f"{run.start()} {row} {run.end() - run.start()} 1 re" for row, modules in enumerate(matrix) for run in DARK.finditer(modules)]
        self.canvas.setFillGray(BLACK)
        self.canvas.drawPath(PDFPathObject(["n", *dark]), stroke=0, fill=1)
        self.canvas.restoreState()

    def photo(self, jpeg, box):
        """A photo cut to the box's shape, never stretched."""
        try:
            image = ImageReader(io.BytesIO(jpeg))
        except OSError as problem:
            raise CannotPrint("学生照片打不开，请重新采集照片后再打印。") from problem
        across, down = image.getSize()
        scale = max(box.w / across, box.h / down) * mm
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.rect(box.x * mm, (self.height - box.y - box.h) * mm, box.w * mm, box.h * mm)
        self.canvas.clipPath(path, stroke=0)
        self.canvas.drawImage(image, (box.x + box.w / 2) * mm - across * scale / 2,
                              (self.height - box.y - box.h / 2) * mm - down * scale / 2, across * scale, down * scale)
        self.canvas.restoreState()


def too_long(text, box, name):
    seen = f"“{text}”" if len(text) <= 40 else f"“{text[:40]}……”（共 {len(text)} 字）"
    where = f"“{name}”一栏（{box.w:g}×{box.h:g} 毫米）" if name else f"{box.w:g}×{box.h:g} 毫米的格子"
    return CannotPrint(f"{where}用最小的字号也放不下{seen}，请缩短后再打印。")


@dataclass(frozen=True)
class Side:
    frame: str  # sides of the same frame share one drawing of it
    parts: tuple
    facts: Facts
    page_number: Box | None = None  # where the middle of the foot is taken


def print_papers(papers, title, sides_of, *, size=A4, duplex=False, font_folder=None):
    """Papers in one file: `sides_of(facts, fonts)` tells what each of them holds.

    On duplex paper each begins on a front, and what stands on a back keeps clear of the punched edge.
    """
    if not papers:
        raise CannotPrint("没有要打印的内容，请先选定学生再打印。")
    fonts = fonts_in(font_folder)
    file = io.BytesIO()
    width, height = size
    canvas = Canvas(file, (width * mm, height * mm), invariant=1, initialFontName="song", lang="zh-CN")
    canvas.setTitle(title)
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("Duplex", "DuplexFlipLongEdge" if duplex else "Simplex")
    sheet = Sheet(canvas, fonts, height)
    for order, given in enumerate(papers, 1):
        try:
            draw_sides(sheet, width, sides_of(printable(given, fonts), fonts), duplex, last=order == len(papers))
        except CannotPrint as problem:
            if len(papers) == 1:
                raise
            raise CannotPrint(f"第 {order} 份（{given.get('name') or given.get('class_title') or '未写姓名'}）：{problem}") from problem
    canvas.save()
    return file.getvalue()


def printable(given, fonts):
    """The facts, once every character of them is known to have a font: all that lack one are told at once."""
    missing = dict.fromkeys(char for text in texts(given) for char in fonts.missing(text))
    if missing:
        raise CannotPrint(cannot_print_characters(missing))
    return as_facts(given)


def draw_sides(sheet, width, sides, duplex, last):
    canvas = sheet.canvas
    for number, side in enumerate(sides, 1):
        if not canvas.hasForm(side.frame):
            canvas.beginForm(side.frame)
            for part in side.parts:
                part.frame(sheet)
            canvas.endForm()
        if duplex and number % 2 == 0:
            canvas.translate(-BINDING * mm, 0)
        canvas.doForm(side.frame)
        for part in side.parts:
            part.fill(sheet, side.facts)
        if len(sides) > 1:
            number_page(sheet, width, side, number, len(sides))
        canvas.showPage()
    if duplex and len(sides) % 2 and not last:
        canvas.showPage()


def number_page(sheet, width, side, number, count):
    """`第 1 页　共 2 页` in the middle of the text; a page after the first repeats the code, so that it is known when loose."""
    left, right, y = (25, 190, 282.5) if width == A4[0] else (15, 282, 200.5)
    sheet.put(f"第 {number} 页　共 {count} 页", side.page_number or Box(left, y - 2.5, right - left, 5), NOTE)
    if number > 1 and side.facts.get("code"):
        sheet.put(f"验证码　{side.facts['code']}", Box(right - 60, y - 2.5, 60, 5), PRINT, align="right", pad=0, name="验证码")
