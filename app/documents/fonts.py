"""The faces papers are printed in, and which of them holds a character.

For each character: the face asked for, then song, then a slice of rare ones, then what the office has put into its own
folder, then a refusal. In that folder `fangsong.ttf` takes over letters and values and `xiaobiaosong.ttf` the titles; any
other .ttf serves the characters that nothing else has. The folder is read once a process.
"""
import hashlib
import io
import unicodedata
import zipfile
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics, ttfonts

FOLDER = Path(__file__).resolve().parent / "fonts"
OUR_FACES = ("song", "song-bold")
NEVER_PRINTED = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}  # controls, invisible marks, and characters each font draws as it likes


class CannotPrint(Exception):
    """A character that no font has, text that overflows its box, a fact not given: better no paper than a wrong one."""


def to_unicode(font, subset):
    """What each code of a font means; reportlab itself writes U+20BB7 as <20BB7>, which no program can read."""
    rows = [f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>" for code, char in enumerate(subset) if char]
    blocks = [rows[start:start + 100] for start in range(0, len(rows), 100)]  # a block holds at most 100
    return "\n".join([
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        f"/CIDSystemInfo << /Registry ({font}) /Ordering ({font}) /Supplement 0 >> def",
        f"/CMapName /{font} def /CMapType 2 def",
        "1 begincodespacerange <00> <FF> endcodespacerange",
        *("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks),
        "endcmap CMapName currentdict /CMap defineresource pop end end",
    ])


@cache
def open_our_fonts():
    ttfonts.makeToUnicodeCMap = to_unicode
    rl_config.useA85 = 0
    for face in OUR_FACES:
        pdfmetrics.registerFont(ttfonts.TTFont(face, str(FOLDER / f"{face}.ttf")))


@cache
def rare_slice(number):
    """The font of the 256 rare characters that begin at U+{number}00, if there is one."""
    with zipfile.ZipFile(FOLDER / "rare.zip") as slices:
        if f"{number:03X}.ttf" not in slices.namelist():
            return None
        font = ttfonts.TTFont(f"rare-{number:03X}", io.BytesIO(slices.read(f"{number:03X}.ttf")))
    pdfmetrics.registerFont(font)
    return font.fontName


def open_office_fonts(folder):
    """The office's own fonts by the names of their files; named by what is in them, so that the bytes of a paper stay the same."""
    fonts = {}
    for path in sorted(folder.glob("*.[tT][tT][fF]")):
        try:
            content = path.read_bytes()
            font = ttfonts.TTFont(f"office-{hashlib.sha256(content).hexdigest()[:8]}", io.BytesIO(content))
        except (OSError, ttfonts.TTFError) as problem:
            raise CannotPrint(f"字库文件夹里的“{path.name}”不是能用的 TrueType 字体，请换一个文件或把它移走。") from problem
        pdfmetrics.registerFont(font)
        fonts[path.stem.lower()] = font.fontName
    return fonts


class Fonts:
    """The faces of one office by their use: `song` for labels, `bold` for headings, `title`, `value` for values and letters."""

    def __init__(self, folder=None):
        open_our_fonts()
        office = open_office_fonts(Path(folder)) if folder else {}
        self.faces = {"song": "song", "bold": "song-bold",
                      "title": office.pop("xiaobiaosong", "song-bold"), "value": office.pop("fangsong", "song")}
        self.spare = tuple(office.values())
        self.held = {face: Held(self, face) for face in self.faces}

    def look_for(self, char, face):
        if unicodedata.category(char) in NEVER_PRINTED:
            return None
        for font in self.chain(char, face):
            if font and ord(char) in pdfmetrics.getFont(font).face.charToGlyph:
                return font, pdfmetrics.stringWidth(char, font, 1)
        return None

    def chain(self, char, face):
        yield self.faces[face]
        yield "song"
        yield rare_slice(ord(char) >> 8)
        yield from self.spare

    def missing(self, text):
        """The characters of a text that nothing here can print; a new line is for the setter, not for a font."""
        held = self.held["song"]
        return [char for char in dict.fromkeys(text) if char != "\n" and held[char] is None]

    def runs(self, text, face):
        """The stretches of a text that one font holds each: (font, characters)."""
        held = self.held[face]
        if None in (found := [held[char] for char in text]):
            raise CannotPrint(cannot_print_characters([text[found.index(None)]]))
        fonts = [font for font, _ in found]
        if len(set(fonts)) == 1:
            return [(fonts[0], text)]
        return [(font, "".join(char for _, char in run)) for font, run in groupby(zip(fonts, text, strict=True), itemgetter(0))]

    def ems(self, text, face):
        """How wide a text is at a type size of one."""
        held, width = self.held[face], 0
        try:
            for char in text:
                width += held[char][1]
        except TypeError:
            raise CannotPrint(cannot_print_characters(self.missing(text) or [char])) from None
        return width


class Held(dict):
    """By character, for one face: the font that holds it and how far it moves the pen, in ems; None where no font has it. Looked up at its first asking."""

    def __init__(self, fonts, face):
        self.look_for = partial(fonts.look_for, face=face)

    def __missing__(self, char):
        self[char] = found = self.look_for(char)
        return found


def cannot_print_characters(characters):
    seen = "、".join(f"“{char}”（U+{ord(char):04X}）" if char.isprintable() else f"U+{ord(char):04X}" for char in characters)
    return f"没有字库能印出这些字符：{seen}。请核对是否录错；确有此字的，请把含有它的 TrueType 字体放进字库文件夹，重新启动后再打印。"


@cache
def fonts_in(folder=None):
    return Fonts(folder)
