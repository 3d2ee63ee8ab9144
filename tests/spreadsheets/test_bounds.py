import contextlib
import io
import random
import struct
import zipfile
import zlib
from dataclasses import replace

import pytest

from app.spreadsheets.bounds import BadWorkbook, column_letter, column_number
from app.spreadsheets.reader import LIMITS, read_bounded

from . import files

GOOD = files.xlsx([["姓名", "电子信箱"], ["方小雨", "mailto:fang@example.com"]])
SHEET = "xl/worksheets/sheet1.xml"


def sentence(data, name="新生.xlsx", limits=LIMITS):
    with pytest.raises(BadWorkbook) as caught:
        read_bounded(data, name, limits)
    assert caught.value.cure.startswith("请")
    return caught.value.sentence


def part_with(old, new):
    return files.repacked(GOOD, replace={SHEET: lambda xml: xml.replace(old, new, 1)})


def test_a_workbook_with_a_hyperlink_is_an_ordinary_workbook():
    assert b"hyperlink" in zipfile.ZipFile(io.BytesIO(GOOD)).read("xl/worksheets/_rels/sheet1.xml.rels")
    assert read_bounded(GOOD, "新生.xlsx").rows == [(2, ["方小雨", "fang@example.com"])]


def test_letters_and_numbers_of_columns():
    assert [column_letter(n) for n in (1, 26, 27, 71, 16384)] == ["A", "Z", "AA", "BS", "XFD"]
    assert [column_number(letters) for letters in ("A", "Z", "AA", "BS", "XFD")] == [1, 26, 27, 71, 16384]


def test_name_and_content_must_agree():
    assert sentence(GOOD, "新生.docx") == "只接收 .xlsx、.xls 和 .csv 三种文件"
    assert sentence(GOOD, "新生") == "只接收 .xlsx、.xls 和 .csv 三种文件"
    assert sentence(GOOD, "新生.xls") == "扩展名是 .xls，内容却是新版工作簿（.xlsx），不是这种文件"
    assert sentence(GOOD, "新生.csv") == "扩展名是 .csv，内容却是新版工作簿（.xlsx），不是这种文件"
    assert sentence(files.xls([["a"], ["b"]]), "新生.xlsx") == "扩展名是 .xlsx，内容却是旧版工作簿（.xls），不是这种文件"
    assert sentence(b"<html><table><tr><td>", "新生.xls") == "扩展名是 .xls，内容却是纯文本或网页，不是这种文件"
    assert sentence(b"\x89PNG\r\n\x1a\n\0\0", "新生.xlsx") == "扩展名是 .xlsx，内容却是无法识别的数据，不是这种文件"


def test_the_size_is_judged_first():
    assert sentence(b"PK\x03\x04" * 7_000_000) == "文件有 26.7 MB，超过了 24 MB 的上限"


def test_broken_packages():
    damaged = "文件已损坏，不是完整的工作簿"
    assert sentence(GOOD[:-40]) == damaged
    assert sentence(b"PK\x03\x04" + b"\x07" * 4000) == damaged
    flipped = bytearray(GOOD)
    flipped[60] ^= 0xFF
    assert sentence(bytes(flipped)) == damaged
    other = files.repacked(GOOD, drop={"xl/workbook.xml"}, add={"word/document.xml": b"<x/>"})
    assert sentence(other) == "文件不是工作簿，可能是 Word 文档或压缩包改了扩展名"
    binary = files.repacked(GOOD, drop={"xl/workbook.xml"}, add={"xl/workbook.bin": b"\1"})
    assert sentence(binary) == "这是二进制工作簿（.xlsb），本系统不接收"
    assert sentence(files.repacked(GOOD, replace={SHEET: lambda xml: xml[:-50]})) == "文件已损坏，读不出内容"
    assert sentence(files.xls([["a"], ["b"]])[:700], "新生.xls") == damaged
    assert sentence(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000, "新生.xls") == damaged
    assert sentence(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "新生.xls") == damaged


def test_bombs_are_told_by_their_declared_size():
    assert sentence(files.declaring(GOOD, SHEET, 0xF0000000)) == "文件展开后有 3,840 MB，超过了 400 MB 的上限"
    zeros = files.repacked(GOOD, add={"xl/media/x.xml": b" " * 5_000_000})
    assert sentence(zeros) == "文件里有部件压缩了 100 倍以上，不像正常的工作簿"
    many = files.repacked(GOOD, add={f"xl/media/{n}.xml": b" " * 900_000 for n in range(40)})
    assert sentence(many) == "文件的内部结构不正常，不是 Excel 或 WPS 存的工作簿"
    crowd = files.repacked(GOOD, add={f"xl/media/{n}.png": b"" for n in range(600)})
    assert sentence(crowd).startswith("文件里有 6") and sentence(crowd).endswith("个部件，超过了 500 个的上限")


def test_a_declared_size_that_lies_is_found_while_unpacking():
    swollen = files.repacked(GOOD, replace={SHEET: lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 9_000_000)})
    xml = zipfile.ZipFile(io.BytesIO(swollen)).read(SHEET)
    lying = bytearray(files.declaring(swollen, SHEET, 200))
    # With the checksum of those 200 bytes a reader that trusts the claim would see nothing wrong.
    for signature, at in ((b"PK\x01\x02", 16), (b"PK\x03\x04", 14)):
        start = 0
        while (start := lying.find(signature, start)) >= 0:
            if SHEET.encode() in lying[start : start + 46 + len(SHEET)]:
                struct.pack_into("<I", lying, start + at, zlib.crc32(xml[:200]))
            start += 4
    assert sentence(bytes(lying)) == "文件展开后比它声明的大，不像正常的工作簿"


def test_a_name_that_stands_twice_in_the_package():
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as package, pytest.warns(UserWarning):
        package.writestr(SHEET, b"<other/>")
    assert sentence(out.getvalue()) == "文件的内部结构不正常，不是 Excel 或 WPS 存的工作簿"


def test_sheets_that_claim_or_place_cells_far_out():
    assert sentence(part_with(b'ref="A1:B2"', b'ref="A1:XFD2"')) == "工作表用到了第 16,384 列，最多 300 列"
    assert sentence(part_with(b'ref="A1:B2"', b'ref="A1:ABCDE2"')) == "工作表用到了第 494,265 列，最多 300 列"
    assert sentence(part_with(b'ref="A1:B2"', b'ref="A1:B1048576"')) == "工作表用到了第 1,048,576 行，数据最多 50,000 行"
    assert sentence(part_with(b'<c r="B2"', b'<c r="XFD2"')) == "工作表用到了第 16,384 列，最多 300 列"
    assert sentence(part_with(b'<row r="2"', b'<row r="999999"')) == "工作表用到了第 999,999 行，数据最多 50,000 行"
    assert sentence(part_with(b'<c r="B2"', b"<c\tr = 'B999999'")) == "工作表用到了第 999,999 行，数据最多 50,000 行"
    far = files.xls([["a"], ["b"], *[[]] * 60_000, ["c"]])
    assert sentence(far, "新生.xls") == "工作表用到了第 60,003 行，数据最多 50,000 行"


def test_document_types_entities_and_strange_encodings():
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
    told = "工作簿里有外来的文档定义（DTD），Excel 和 WPS 不会这样存"
    for name in (SHEET, "xl/sharedStrings.xml", "docProps/core.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        assert sentence(files.repacked(GOOD, replace={name: lambda _: laughs})) == told
    late = files.repacked(GOOD, add={"docProps/x.xml": bytes(range(32, 127)) * 44_150 + laughs})  # across the edge of a piece
    assert sentence(late, limits=replace(LIMITS, ratio=10_000)) == told
    wide = files.repacked(GOOD, replace={SHEET: lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")})
    assert sentence(wide) == "工作簿内部的文字编码不是 UTF-8，Excel 和 WPS 不会这样存"
    seven = files.repacked(GOOD, replace={SHEET: lambda xml: xml.replace(b"UTF-8", b"UTF-7", 1)})
    assert sentence(seven) == "工作簿内部的文字编码不是 UTF-8，Excel 和 WPS 不会这样存"


def test_macros_passwords_and_outside_links():
    macro, outside = "工作簿里带有宏，本系统不接收", "工作簿引用了别的文件或外部数据"
    assert sentence(GOOD, "新生.xlsm") == ".xlsm 文件可以带宏，本系统不接收"
    assert sentence(files.repacked(GOOD, add={"xl/vbaProject.bin": b"\1"})) == macro
    assert sentence(files.repacked(GOOD, add={"xl/macrosheets/sheet1.xml": b"<x/>"})) == macro
    assert sentence(files.repacked(GOOD, add={"xl/externalLinks/externalLink1.xml": b"<x/>"})) == outside
    link = b'<Relationship Id="a" Type="http://x/attachedTemplate" Target="file:///z" TargetMode="External"/>'
    template = b"<Relationships>" + link + b"</Relationships>"
    assert sentence(files.repacked(GOOD, add={"xl/worksheets/_rels/sheet2.xml.rels": template})) == outside

    locked = "工作簿设了打开密码，读不出内容"
    flagged = bytearray(GOOD)
    for signature, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        struct.pack_into("<H", flagged, flagged.index(signature) + at, 1)
    assert sentence(bytes(flagged)) == locked
    old = files.xls([["姓名"], ["方小雨"]])
    package = old.replace("Workbook".encode("utf-16-le").ljust(40, b"\0"), "EncryptedPackage".encode("utf-16-le").ljust(40, b"\0"))
    assert sentence(package) == sentence(package, "新生.xls") == locked
    # An interface header (0x00E1) turned into FILEPASS (0x002F), as BIFF encryption has it.
    assert sentence(old.replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00", 1), "新生.xls") == locked
    assert sentence(old.replace(b"\xe1\x00\x02\x00", b"\xd3\x00\x02\x00", 1), "新生.xls") == macro


def test_random_damage_is_always_a_sentence():
    dice = random.Random(7)
    for name, data in (("a.xlsx", GOOD), ("a.xls", files.xls([["姓名"], ["方小雨"]]))):
        for _ in range(40):
            spoiled = bytearray(data)
            for _ in range(dice.randrange(1, 30)):
                spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
            with contextlib.suppress(BadWorkbook):
                read_bounded(bytes(spoiled), name)
