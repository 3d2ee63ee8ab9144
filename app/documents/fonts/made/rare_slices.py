"""Cuts a big font of rare characters into slices of 256 code points, one small TrueType each, in one zip. Needs fonttools.

usage: python rare_slices.py HanaMinB.ttf rare.zip

At print time only the slice that holds the character is read: a millisecond instead of 30 MB.
"""
import io
import sys
import zipfile
from itertools import groupby

from fontTools import subset
from fontTools.ttLib import TTFont

UNUSED = ["GPOS", "GSUB", "GDEF", "BASE", "vhea", "vmtx", "FFTM", "gasp", "fpgm", "prep", "cvt "]


def options():
    chosen = subset.Options(
        layout_features=[], hinting=False, glyph_names=False, notdef_outline=False, name_IDs=[1, 2, 4, 6, 13], recalc_bounds=False,
        recalc_timestamp=False)
    chosen.drop_tables += UNUSED
    return chosen


def slice_of(source, number, characters):
    font = TTFont(source, lazy=True, recalcTimestamp=False)
    cutter = subset.Subsetter(options())
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    for name in font["name"].names:
        if name.nameID in (1, 4, 6):
            name.string = f"XJRare{number:03X}"
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def cut(source, target):
    rare = sorted(char for char in TTFont(source, lazy=True).getBestCmap() if 0x20000 <= char <= 0x3FFFF)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as slices:
        for number, characters in groupby(rare, lambda char: char >> 8):
            member = zipfile.ZipInfo(f"{number:03X}.ttf", (2020, 1, 1, 0, 0, 0))
            slices.writestr(member, slice_of(source, number, list(characters)), zipfile.ZIP_DEFLATED, 9)


if __name__ == "__main__":
    cut(*sys.argv[1:3])
