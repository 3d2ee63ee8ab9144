"""A face with CFF outlines to TrueType outlines, which are all that reportlab embeds. Needs fonttools.

usage: python otf2ttf.py in.otf out.ttf "Family name" [--face N] [--only characters.json]

--face is the place of the face in a collection (.ttc). --only keeps the characters of that list, GB 2312 and Latin: a title face.
Layout features and vertical metrics go, since no paper uses them. The family is renamed, as the OFL asks for a changed font.
"""
import argparse
import json
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

HAN_AND_KIN = (
    (0x20, 0x2E7F), (0x2E80, 0x303F), (0x3040, 0x30FF), (0x3100, 0x312F), (0x3200, 0x33FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF),
    (0xFE10, 0xFE6F), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF))
TITLE_LATIN = ((0x20, 0x24F), (0x2000, 0x206F), (0x2460, 0x247F))
UNUSED = ["GPOS", "GSUB", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]


def gb2312():
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            yield from map(ord, bytes([high, low]).decode("gb2312", "ignore"))


def wanted(only):
    ranges = TITLE_LATIN if only else HAN_AND_KIN
    characters = {char for first, last in ranges for char in range(first, last + 1)}
    return characters | set(map(ord, json.loads(only.read_text("utf-8")))) | set(gb2312()) if only else characters


def cut(font, characters):
    options = subset.Options(layout_features=[], hinting=False, glyph_names=False, notdef_outline=True, name_IDs=["*"])
    options.drop_tables += UNUSED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters & set(font.getBestCmap()))
    cutter.subset(font)


def to_truetype(font):
    glyph_set, order, glyphs = font.getGlyphSet(), font.getGlyphOrder(), {}
    for name in order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))  # at most one unit of a thousand off the curve
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    table = font["glyf"] = newTable("glyf")
    table.glyphOrder, table.glyphs = order, glyphs
    del font["CFF "]
    table.compile(font)
    for name in order:
        width, _ = font["hmtx"][name]
        font["hmtx"][name] = width, getattr(glyphs[name], "xMin", 0) if glyphs[name].numberOfContours else 0
    limits = font["maxp"]
    limits.tableVersion, limits.maxZones = 0x00010000, 1
    for name in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements", "SizeOfInstructions", "ComponentElements"):
        setattr(limits, f"max{name}", 0)
    limits.compile(font)
    post = font["post"]
    post.formatType, post.extraNames, post.mapping = 3.0, [], {}
    font.sfntVersion = "\000\001\000\000"


def rename(font, family):
    for name in font["name"].names:
        if name.nameID in (1, 3, 4, 16):
            name.string = family
        elif name.nameID == 6:
            name.string = family.replace(" ", "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("family")
    parser.add_argument("--face", type=int, default=0)
    parser.add_argument("--only", type=Path)
    given = parser.parse_args()
    opened = TTFont(given.source, fontNumber=given.face, recalcTimestamp=False)
    cut(opened, wanted(given.only))
    to_truetype(opened)
    rename(opened, given.family)
    opened.save(given.target)
