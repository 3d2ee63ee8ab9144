"""The slices of rare.zip once more for the screen: FOLDER/rare/<slice>.woff2 and FOLDER/rare.css. Needs fonttools and brotli.

usage: python web_slices.py rare.zip FOLDER

A browser fetches a slice only when a page shows one of its characters.
"""
import io
import sys
import zipfile
from pathlib import Path

from fontTools.ttLib import TTFont

RULE = """@font-face {{
  font-family: "Xueji Rare"; font-display: swap; unicode-range: U+{name}00-{name}FF;
  src: url("rare/{file}") format("woff2");
}}
"""


def write(slices, folder):
    rules = ["/* Rare characters (Ext B to F), a slice of 256 each: HanaMinB, see HANAZONO-COPYRIGHT.txt. Made by web_slices.py. */\n"]
    (folder / "rare").mkdir(parents=True, exist_ok=True)
    for member in sorted(slices.namelist()):
        name = member.removesuffix(".ttf")
        font = TTFont(io.BytesIO(slices.read(member)), recalcTimestamp=False)
        font.flavor = "woff2"
        font.save(folder / "rare" / f"{name.lower()}.woff2")
        rules.append(RULE.format(name=name, file=f"{name.lower()}.woff2"))
    (folder / "rare.css").write_text("".join(rules), "utf-8")


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as opened:
        write(opened, Path(sys.argv[2]))
