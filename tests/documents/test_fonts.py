import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
import reportlab

import app
from app.documents import check_sheet
from app.documents.fonts import FOLDER, CannotPrint, fonts_in

from . import cast

GB_18030_LEVEL_3 = (
    (0x3400, 0x4DB5), (0x4E00, 0x9FEF), (0x20000, 0x2A6D6), (0x2A700, 0x2B734), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0))


def test_every_han_character_of_the_standards_can_be_printed():
    level_3 = "".join(chr(code) for first, last in GB_18030_LEVEL_3 for code in range(first, last + 1))
    common = "".join(json.loads((FOLDER / "made" / "tg8105.json").read_text("utf-8")))  # 通用规范汉字表

    assert fonts_in().missing(level_3 + common) == []


@pytest.mark.parametrize(("char", "font"), [("卢", "song"), ("㛃", "song"), ("䶮", "song"), ("𠮷", "rare-20B"), ("𫖯", "song"), ("·", "song")])
def test_a_character_takes_the_first_font_that_has_it(char, font):
    assert fonts_in().runs(char, "value") == [(font, char)]


def test_an_office_puts_its_own_face_into_a_folder(tmp_path, run, read):
    shutil.copy(FOLDER / "song-bold.ttf", tmp_path / "fangsong.ttf")
    ordinary = cast.check_sheet(former_name="吕㛃𠮷")
    pdf = check_sheet.draw(ordinary, tmp_path)

    assert pdf != check_sheet.draw(ordinary)
    assert check_sheet.draw(ordinary, tmp_path) == pdf
    assert "吕㛃𠮷" in read(pdf)
    assert {tuple(line.split()[-5:-2]) for line in run("pdffonts", "PDF", pdf=pdf).splitlines()[2:]} == {("yes", "yes", "yes")}


def test_a_font_of_the_office_serves_the_characters_that_ours_lack(tmp_path, read):
    foreign = cast.check_sheet(name="Nowak Wacław · Şahin")
    with pytest.raises(CannotPrint, match=r"“ł”（U\+0142）、“Ş”（U\+015E）"):
        check_sheet.draw(foreign)

    shutil.copy(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf", tmp_path)
    assert "NowakWacław·Şahin" in read(check_sheet.draw(foreign, tmp_path))


def test_pinyin_with_tones_can_be_printed():
    assert fonts_in().missing("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü") == []


def test_a_folder_that_is_not_there_is_an_empty_one(tmp_path):
    assert check_sheet.draw(cast.check_sheet(), tmp_path / "none") == check_sheet.draw(cast.check_sheet())


def test_a_file_that_is_no_font_is_named(tmp_path):
    (tmp_path / "fangsong.ttf").write_bytes(b"no font")

    with pytest.raises(CannotPrint, match=r"字库文件夹里的“fangsong.ttf”不是能用的 TrueType 字体"):
        check_sheet.draw(cast.check_sheet(), tmp_path)


def test_the_screen_has_the_same_rare_characters_as_the_papers():
    static = Path(app.__file__).parent / "static" / "fonts"
    rules = re.findall(r'unicode-range: U\+(\w+)-(\w+);\s+src: url\("rare/(\w+)\.woff2"\)', (static / "rare.css").read_text("utf-8"))

    with zipfile.ZipFile(FOLDER / "rare.zip") as slices:
        members = sorted(name.removesuffix(".ttf") for name in slices.namelist())
    assert rules == [(f"{member}00", f"{member}FF", member.lower()) for member in members]
    assert sorted(path.name for path in (static / "rare").iterdir()) == sorted(f"{member.lower()}.woff2" for member in members)
    assert all(path.read_bytes()[:4] == b"wOF2" for path in (static / "rare").iterdir())
