import datetime
import io
import subprocess
import sys
from dataclasses import replace

import pytest
import xlsxwriter

from app.spreadsheets import reader
from app.spreadsheets.bounds import BadWorkbook
from app.spreadsheets.reader import LIMITS, Typed, Workbook, read_bounded, read_rows

from . import files

ROWS = [["姓名", "性别", "班内学号"], ["方小雨", "2", "01"], ["", "", ""], ["古𠮷·买买提", "男", ""]]
READ = [(2, ["方小雨", "2", "01"]), (4, ["古𠮷·买买提", "男"])]


@pytest.mark.parametrize(
    ("name", "data", "sheet"),
    [
        ("新生.xlsx", files.xlsx(ROWS), "Sheet1"),
        ("新生.XLS", files.xls(ROWS), "Sheet1"),
        ("新生.csv", files.csv(ROWS), ""),
        ("新生.csv", files.csv(ROWS, "utf-8-sig"), ""),
        ("新生.csv", files.csv(ROWS, "utf-8", "\t"), ""),
    ],
)
def test_the_same_rows_come_out_of_every_kind_of_file(name, data, sheet):
    expected = Workbook(sheet, 1, ROWS[0], READ)

    assert read_rows(data, name) == expected
    assert read_bounded(data, name) == expected


def test_cells_remember_what_they_were():
    head = ["身份证件号", "班级号", "上下学距离", "出生日期", "是否孤儿", "班内学号"]
    day, moment = datetime.date(2020, 9, 3), datetime.datetime(2020, 9, 3, 8, 30)
    rows = [head, [110101202009030000, 2, 2.5, day, True, "07"], [moment, -1, 1e300]]
    first = [
        Typed("number", "110101202009030000"),
        Typed("number", "2"),
        Typed("number", "2.5"),
        Typed("date", "20200903"),
        Typed("bool", "TRUE"),
        "07",
    ]
    second = [Typed("date", "2020-09-03 08:30:00"), Typed("number", "-1"), Typed("number", "1e+300")]

    assert read_bounded(files.xlsx(rows), "a.xlsx").rows == [(2, first), (3, second)]
    assert read_bounded(files.xls(rows), "a.xls").rows[0] == (2, first)


def test_a_formula_gives_its_value_and_an_error_is_no_empty_cell():
    def formulas(xml):
        failing, fine = b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', b'<c r="D2" t="str"><f>B2</f><v>7</v></c>'
        return xml.replace(b'<c r="C2" t="s"><v>5</v></c>', failing).replace(b'<c r="D2" t="s"><v>6</v></c>', fine)

    data = files.xlsx([["空", "姓名", "班级号", "合计"], ["", "方小雨", "x", "y"]])
    data = files.repacked(data, replace={"xl/worksheets/sheet1.xml": formulas})

    assert read_bounded(data, "a.xlsx").rows == [(2, ["", "方小雨", Typed("error", "公式错误"), "7"])]


def test_an_old_workbook_also_shows_its_errors():
    data = bytearray(files.xls([["姓名", "班级号"], ["方小雨", True]]))
    at = data.index(b"\x05\x02\x08\x00\x01\x00\x01\x00")  # BOOLERR in B2
    data[at + 10 : at + 12] = b"\x2a\x01"  # #N/A

    assert read_bounded(bytes(data), "a.xls").rows == [(2, ["方小雨", Typed("error", "公式错误")])]


def test_the_first_visible_sheet_with_something_on_it_is_read():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("空表")
    hidden = book.add_worksheet("代码")
    hidden.hide()
    hidden.write_row(0, 0, ["不要读", "这里"])
    wanted = book.add_worksheet("一年级")
    wanted.write_row(2, 1, ["姓名", "性别"])
    wanted.write_row(4, 1, ["方小雨", "女"])
    wanted.activate()
    book.close()

    assert read_bounded(out.getvalue(), "a.xlsx") == Workbook("一年级", 3, ["", "姓名", "性别"], [(5, ["", "方小雨", "女"])])


def test_text_that_an_exporter_wrapped_as_formula_is_unwrapped():
    assert read_rows('学号,电话\r\n="0719",="0719-3221"\r\n'.encode(), "a.csv").rows == [(2, ["0719", "0719-3221"])]


def refused(data, name, limits=LIMITS):
    with pytest.raises(BadWorkbook) as here:
        read_rows(data, name, limits)
    with pytest.raises(BadWorkbook) as there:
        read_bounded(data, name, limits)
    assert str(here.value) == str(there.value)
    assert there.value.cure.startswith("请")
    return there.value.sentence


def test_files_with_nothing_to_take_are_refused():
    assert refused(b"", "a.csv") == "文件是空的，没有任何内容"
    assert refused(b"\r\n,,\r\n", "a.csv") == "工作簿里没有任何内容"
    assert refused(files.xlsx([]), "a.xlsx") == "工作簿里没有任何内容"
    assert refused(files.xls([["姓名"]]), "a.xls") == "工作簿里只有标题行，没有数据"


def test_rows_columns_and_cells_have_limits():
    small = replace(LIMITS, rows=3, columns=3, cell_chars=10)
    assert refused(files.csv([["姓名"]] * 5), "a.csv", small) == "工作表用到了第 5 行，数据最多 3 行"
    assert refused(files.csv([["姓名"] * 4] * 2), "a.csv", small) == "工作表用到了第 4 列，最多 3 列"
    assert refused(files.xlsx([["姓名"]] * 5), "a.xlsx", small) == "工作表用到了第 5 行，数据最多 3 行"
    assert refused(files.xls([["姓名"] * 4] * 2), "a.xls", small) == "工作表用到了第 4 列，最多 3 列"
    long = files.xlsx([["姓名", "住址"], ["方", "长" * 11]])
    assert refused(long, "a.xlsx", small) == "第 2 行 B 列的内容有 11 个字，超过了 10 个字的上限"
    assert len(read_rows(files.xlsx([["姓名"]] * 4), "a.xlsx", small).rows) == 3


def test_text_that_is_not_a_table_is_refused():
    assert refused('姓名,住址\r\n方小雨,"中山路\r\n袁亮,解放路'.encode(), "a.csv") == "第 2 行的双引号不成对，后面的内容无法分列"
    nested = '姓名\r\n"' + '"a' * 20_000
    assert refused(nested.encode(), "a.csv") == "第 2 行的双引号不成对，后面的内容无法分列"
    assert refused("姓名\r\n方小雨".encode("utf-16"), "a.csv") == "扩展名是 .csv，内容却是无法识别的数据，不是这种文件"
    assert refused(b"\xff\xff\xff,\x81", "a.csv") == "文件的文字编码既不是 UTF-8 也不是 GB18030"


def test_a_child_that_dies_hangs_or_babbles_is_a_refusal(monkeypatch):
    data = files.csv(ROWS)
    broken = "文件已损坏，读不出内容"
    for child, limits, sentence in (
        ("import os; os.abort()", LIMITS, broken),
        ("import sys; sys.stdin.read(); print('null'); print('\"end\"')", LIMITS, broken),
        ("import sys; sys.stdin.read(); print('{\"sheet\": 1}')", LIMITS, broken),
        ("while True: print('[' * 5000)", replace(LIMITS, answer_bytes=100_000), broken),
        ("import time; time.sleep(60)", replace(LIMITS, seconds=0.3), "读取这个文件超过了 0.3 秒，已经停止"),
    ):
        monkeypatch.setattr(reader, "CHILD", child)
        with pytest.raises(BadWorkbook) as caught:
            read_bounded(data, "a.csv", limits)
        assert caught.value.sentence == sentence


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's address space")
def test_a_workbook_that_needs_too_much_memory_ends_only_its_child():
    hungry = files.xlsx([["姓名", *range(290)]] + [["x" * 1500] * 290] * 1500)

    with pytest.raises(BadWorkbook) as caught:
        read_bounded(hungry, "a.xlsx", replace(LIMITS, memory_bytes=400 * 1024 * 1024))
    assert caught.value.sentence == "文件已损坏，读不出内容"


def test_the_child_loads_neither_flask_nor_the_settings():
    loaded = "print([name for name in ('flask', 'sqlalchemy', 'app.config') if name in sys.modules])"
    code = reader.CHILD.replace("answer(sys.argv[1], sys.argv[2])", loaded)
    assert subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
