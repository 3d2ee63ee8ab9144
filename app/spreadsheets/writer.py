"""Workbooks out: lists, and what was wrong with an uploaded one. The same facts give the same bytes.

Whatever people typed is written as text, never as a formula, even when it begins with = + - or @.
"""

import datetime
import io
import re
import zipfile
from collections import defaultdict

import openpyxl
import xlsxwriter
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from .bounds import column_number
from .reader import Typed

REASON, ROW_NUMBER, TOTALS_SHEET = "错误原因", "原行号", "汇总"
TOTALS_TITLES = ("项目", "问题", "级别", "处数", "所在行")
AUTHOR, OURS = "学籍系统", "【核对】"  # OURS begins what we add to a comment, so that it can be taken away again
COLORS = {"block": "FBD5D0", "warn": "FDF0C8"}
HEAD = "DCE6F2"
MADE = datetime.datetime(2020, 1, 1)  # one date for every workbook, so that its bytes depend on its facts alone
CELL_CHARS = 32_767  # what Excel takes
OUTWARD = re.compile(r"[|\[]|://|\b(?:HYPERLINK|WEBSERVICE|FILTERXML|IMAGE|RTD|DDE|CALL|REGISTER|EXEC)\b", re.IGNORECASE)  # of a formula: it reaches beyond the workbook
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def table(titles, rows, sheet="数据"):
    """A list as people download it: numbers as numbers, everything else as text."""
    out, book, text, head = new_book()
    page = book.add_worksheet(sheet_name(sheet))
    widths = write_table(page, titles, rows, head, text)
    for place, width in enumerate(widths):
        page.set_column(place, place, min(width, 48) + 2, text)
    page.freeze_panes(1, 0)
    return closed(book, out)


def bad_rows(header, rows, findings, totals):
    """The rows with findings alone, each with its number in the uploaded file; fit to be uploaded again once mended."""
    out, book, text, head = new_book()
    page = book.add_worksheet("有问题的行")
    faults = by_row(findings)
    styles = {"": {"": text, "date": book.add_format({"num_format": "yyyy-mm-dd"})}}
    for level, color in COLORS.items():
        formats = {"": "@", "number": "General", "date": "yyyy-mm-dd"}
        styles[level] = {kind: book.add_format({"num_format": shape, "bg_color": f"#{color}"}) for kind, shape in formats.items()}
    wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for place, title in enumerate([ROW_NUMBER, REASON, *(str(text_of(cell)).strip() for cell in header)]):
        page.write_string(0, place, title, head)
    bad = [(row, cells) for row, cells in rows if row in faults]
    for number, (row, cells) in enumerate(bad, 1):
        page.write_number(number, 0, row)
        page.write_string(number, 1, reason(faults[row])[:CELL_CHARS], wrapped)
        for place in range(max(len(cells), 1 + max(faults[row]))):
            here = faults[row].get(place, ())
            cell = cells[place] if place < len(cells) else ""
            _write_as_it_was(page, number, place + 2, cell, styles[worst(here) if here else ""])
            if here:
                page.write_comment(number, place + 2, told(here), {"author": AUTHOR, "x_scale": 2})
    page.set_column(0, 0, 8)
    page.set_column(1, 1, 60)
    page.set_column(2, len(header) + 1, 16, text)
    page.freeze_panes(1, 2)
    totals_page = book.add_worksheet(TOTALS_SHEET)
    write_table(totals_page, TOTALS_TITLES, totals, head, text)
    totals_page.set_column(0, 4, 24)
    return closed(book, out)


def _write_as_it_was(page, row, column, cell, style):
    """A number stays a number and a date a date: made into text they would look as if nothing had been lost."""
    if type(cell) is not Typed:
        page.write_string(row, column, cell, style[""]) if cell else page.write_blank(row, column, None, style[""])
    elif cell.kind == "number":
        page.write_number(row, column, float(cell.text), style.get("number"))
    elif cell.kind == "bool":
        page.write_boolean(row, column, cell.text == "TRUE", style.get("number"))
    elif cell.kind == "error":
        page.write_formula(row, column, "=NA()", style.get("number"), "#N/A")
    elif re.fullmatch(r"\d{8}", cell.text) and cell.text >= "1900":
        page.write_datetime(row, column, datetime.datetime.strptime(cell.text, "%Y%m%d"), style["date"])
    else:
        page.write_string(row, column, cell.text, style[""])


class CannotBeMarked(Exception):
    pass


def marked(original, sheet, header_row, findings, totals):
    """The uploaded .xlsx with its faults shown where they are: a column 错误原因, filled cells with comments, a sheet 汇总.

    Values, formats, widths and the other sheets stay; charts and shapes are lost, which openpyxl cannot carry. What an
    earlier round of ours marked is taken away first. Raises `CannotBeMarked`: then `bad_rows` is the answer.

    Township and county open it too: a formula that would start a program, ask an address or read another file comes back as its text.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(original), keep_links=False)
        page = book[sheet]
    except Exception as error:  # calamine reads many a file on whose styles or drawings openpyxl stumbles in any way
        raise CannotBeMarked from error
    fills = {level: PatternFill("solid", fgColor=f"FF{color}") for level, color in COLORS.items()}
    titles = {str(cell.value).strip(): cell.column for cell in page[header_row] if cell.value is not None}
    reason_column = titles.get(REASON) or page.max_column + 1
    _wipe(page, reason_column, header_row)
    _keep_in(book)

    head = page.cell(header_row, reason_column, REASON)
    head.font, head.fill = Font(bold=True), fills["block"]
    page.column_dimensions[head.column_letter].width = 60
    for row, places in by_row(findings).items():
        cell = page.cell(row, reason_column)
        _write_text(cell, reason(places)[:CELL_CHARS])
        cell.number_format, cell.alignment = "@", Alignment(wrap_text=True, vertical="top")
        for place, here in places.items():
            if place >= 0:
                cell = page.cell(row, place + 1)
                cell.fill = fills[worst(here)]
                if isinstance(cell, MergedCell):
                    continue  # has no comment of its own; the reason column tells
                before = f"{cell.comment.text}\n" if cell.comment else ""
                cell.comment = Comment(f"{before}{OURS}{told(here)}", AUTHOR, height=110, width=320)
    _add_totals(book, totals)
    book.active = book.index(page)

    out = io.BytesIO()
    book.save(out)
    return undated(out.getvalue())


def _write_text(cell, text):
    cell.value = text
    cell.data_type = "s"  # openpyxl would take =1+1 for a formula


def _keep_in(book):
    for page in book.worksheets:
        for cells in page.iter_rows():
            for cell in cells:
                if cell.data_type == "f" and OUTWARD.search(formula := str(getattr(cell.value, "text", cell.value))):
                    _write_text(cell, formula)


def _wipe(page, reason_column, header_row):
    ours = {f"FF{color}" for color in COLORS.values()}
    for cells in page.iter_rows(min_row=header_row):
        for cell in cells:
            if cell.column == reason_column and not isinstance(cell, MergedCell):
                cell.value = None
            if cell.comment and OURS in cell.comment.text:
                theirs = cell.comment.text.partition(OURS)[0].rstrip()
                cell.comment = Comment(theirs, cell.comment.author) if theirs else None
            if cell.has_style and cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in ours:
                cell.fill = PatternFill()


def _add_totals(book, totals):
    name, number = TOTALS_SHEET, 1
    while name in book.sheetnames and book[name]["A1"].value != TOTALS_TITLES[0]:
        number += 1
        name = f"{TOTALS_SHEET}{number}"
    if name in book.sheetnames:
        book.remove(book[name])
    page = book.create_sheet(name)
    for number, row in enumerate([TOTALS_TITLES, *totals], 1):
        for place, value in enumerate(row, 1):
            cell = page.cell(number, place)
            if isinstance(value, int):
                cell.value = value
            else:
                _write_text(cell, UNPRINTABLE.sub("", value))
            if number == 1:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=f"FF{HEAD}")
    for letter in "ABCDE":
        page.column_dimensions[letter].width = 24
    page.freeze_panes = "A2"


# --- what the findings of a row say -----------------------------------------------------------------------------------


def by_row(findings):
    """Row → place of the column from 0, or -1 when a finding is about the row as a whole → findings."""
    rows = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        rows[finding.row][column_number(finding.letter) - 1].append(finding)
    return rows


def worst(findings):
    return "block" if any(finding.level == "block" for finding in findings) else "warn"


def reason(places):
    every = [finding for place in sorted(places) for finding in places[place]]
    return UNPRINTABLE.sub("", "\n".join(f"{'' if f.level == 'block' else '（请核实）'}【{f.title}】{f.sentence}。{f.cure}。" for f in every))


def told(findings):
    return UNPRINTABLE.sub("", "\n".join(f"{finding.sentence}。{finding.cure}。" for finding in findings))


def text_of(cell):
    return cell.text if type(cell) is Typed else cell


# --- the plumbing of a workbook ---------------------------------------------------------------------------------------


def new_book():
    """(bytes to be, workbook, text format, head format). In memory: no readable copy on the disk."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": MADE})
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "num_format": "@", "bg_color": f"#{HEAD}", "border": 1, "border_color": "#B8C4D0"})
    return out, book, text, head


def closed(book, out):
    book.close()
    return out.getvalue()


def write_table(page, titles, rows, head, text):
    """Head and rows; gives back how wide each column shows."""
    widths = [_shown_width(title) for title in titles]
    for place, title in enumerate(titles):
        page.write_string(0, place, title, head)
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if type(value) in (int, float):
                page.write_number(number, place, value)
            elif value not in (None, ""):
                page.write_string(number, place, str(value)[:CELL_CHARS], text)
                if number <= 200:
                    widths[place] = max(widths[place], _shown_width(str(value)))
    return widths


def _shown_width(text):
    """A Han character is as wide as two letters."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def sheet_name(text):
    """Excel takes 31 characters and not all of them."""
    return re.sub(r"[\[\]:*?/\\']", " ", text).strip()[:31] or "数据"


def undated(package):
    """openpyxl stamps the hour of saving into the package; the same facts shall give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), content)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
