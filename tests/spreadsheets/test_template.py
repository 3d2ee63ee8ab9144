import io

import openpyxl
import pytest

from app import codes
from app.spreadsheets.check import check_rows
from app.spreadsheets.columns import CONTINUING, NEW_PUPILS, match_titles
from app.spreadsheets.reader import BadWorkbook, read_rows
from app.spreadsheets.template import template

from . import pupils

SCHOOL = ("2142001636", "竹山县城关镇明清小学")
CLASSES = [("一年级", "1", "一年级1班"), ("一年级", "2", "一年级2班"), ("二年级", "1", "二年级1班")]


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_template_is_the_national_one_with_text_columns_hints_and_marks():
    book = opened(template(NEW_PUPILS, SCHOOL, CLASSES))
    page = book.worksheets[0]

    assert book.sheetnames == ["新生信息", "填表说明", "代码表", "行政区划", "班级"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [pupils.TITLES]
    assert {page.column_dimensions[column.letter].number_format for column in NEW_PUPILS if column.letter in page.column_dimensions} == {"@"}
    assert page.freeze_panes == "D2"
    fills = {cell.value: cell.fill.fgColor.rgb if cell.fill.fill_type else None for cell in page[1]}
    assert [fills[title] for title in ("姓名", "身份证件号", "成员2姓名", "特长", "邮政编码")] == ["FFFCE4D6", "FFFFF7DB", "FFFFF7DB", None, "FFFCE4D6"]
    assert page["G1"].comment.text == "按条件必填。单元格保持文本格式；居民身份证 18 位；证件类型为“其他”的可以不填。"
    assert all(cell.comment for cell in page[1])


def test_drop_downs_offer_the_code_tables_divisions_classes_and_the_school():
    book = opened(template(NEW_PUPILS, SCHOOL, CLASSES))
    offered = {}
    for rule in book.worksheets[0].data_validations.dataValidation:
        assert (rule.type, rule.showErrorMessage) == ("list", False)
        for cells in str(rule.sqref).split():
            assert cells.endswith("50001")
            offered[book.worksheets[0][cells.split("2:")[0] + "1"].value] = rule.formula1

    def options(title):
        sheet, _, cells = offered[title].partition("!")
        return [cell.value for (cell,) in book[sheet.strip("'")][cells.replace("$", "")]]

    assert options("性别") == ["男", "女"]
    assert options("成员2关系") == options("成员1关系") == [label for _, label in codes.table("guardian_relation").choices()]
    assert (len(options("民族")), options("是否孤儿")) == (len(codes.table("ethnicity").choices()), ["否", "是"])
    assert "湖北省十堰市竹山县" in options("户口所在地行政区划") and "湖北省十堰市" not in options("籍贯")
    assert (options("年级"), options("班级号")) == (["一年级", "二年级"], ["1", "2"])
    assert offered["学校标识码"] == '"2142001636"'
    assert {column.title for column in NEW_PUPILS if column.item.table} <= set(offered)
    assert not {"姓名", "出生日期", "现住址"} & set(offered)


def test_every_choice_of_every_drop_down_is_taken_when_it_is_filled_in():
    for table, title in (("ethnicity", "民族"), ("country", "国籍/地区"), ("id_document_type", "成员1身份证件类型")):
        rows = [pupils.pupil(4 * n + 1) | {title: label} for n, (_, label) in enumerate(codes.table(table).choices())]
        found = check_rows(list(enumerate(pupils.rows(rows), 2)), match_titles(pupils.TITLES, NEW_PUPILS))
        assert [f for row in found for f in row.findings if f.title == title] == []


def test_the_guide_explains_every_column_and_names_no_pupil():
    book = opened(template(NEW_PUPILS, SCHOOL))
    lines = [[cell.value for cell in row] for row in book["填表说明"].iter_rows()]

    assert lines[0][0] == "学校：竹山县城关镇明清小学（学校标识码 2142001636）"
    assert [line[1] for line in lines if line[0] in {column.letter for column in NEW_PUPILS}] == pupils.TITLES
    assert book["新生信息"].max_row == 1


def test_an_unfilled_template_says_so_and_a_filled_one_is_read():
    data = template(NEW_PUPILS, SCHOOL, CLASSES)
    with pytest.raises(BadWorkbook) as caught:
        read_rows(data, "新生.xlsx")
    assert caught.value.sentence == "工作簿里只有标题行，没有数据"

    book = opened(data)
    book["新生信息"].append(pupils.rows([pupils.pupil(1)])[0])
    out = io.BytesIO()
    book.save(out)
    read = read_rows(out.getvalue(), "新生.xlsx")
    assert (read.sheet, read.header) == ("新生信息", pupils.TITLES)
    assert match_titles(read.header, NEW_PUPILS).problems == ()


def test_the_short_template_and_the_same_bytes_each_time():
    assert opened(template(CONTINUING, sheet="升学名单")).sheetnames == ["升学名单", "填表说明", "代码表"]
    assert template(NEW_PUPILS, SCHOOL, CLASSES) == template(NEW_PUPILS, SCHOOL, CLASSES)
