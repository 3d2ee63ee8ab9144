"""Workbooks in: rows of cells that remember what they were.

A cell is "" when empty, a plain str when it was text, and a `Typed` for anything else: an ID number that Excel holds as a
number has lost its last digits and must be known as such. `read_bounded` is the door; what it calls runs in a child process.
"""

import contextlib
import csv
import datetime
import io
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import python_calamine as calamine
from defusedxml import ElementTree as SafeTree

from . import xls
from .bounds import SAVE_AS, BadWorkbook, Limits, column_letter, grid_within, inspect_xls, inspect_xlsx, kind_of, size_within

BROKEN = "文件已损坏，读不出内容"
LIMITS = Limits()


class Typed(NamedTuple):
    kind: str  # number, date, bool, error
    text: str


@dataclass(frozen=True)
class Workbook:
    sheet: str
    header_row: int
    header: list
    rows: list  # of (row number as Excel counts, cells); blank rows are left out


def read_rows(data, name, limits=LIMITS):
    """Judge and read an uploaded file in this very process; meant for the child and for tests."""
    size_within(data, limits)
    kind = kind_of(data, name)
    if kind == "csv":
        sheet, lines = "", _csv_lines(data, limits)
    else:
        (inspect_xlsx if kind == "xlsx" else inspect_xls)(data, limits)
        sheet, lines = _sheet_lines(data, kind)
    header, header_row, rows = None, 0, []
    for number, line in lines:
        grid_within(number, len(line), limits)
        cells = _trimmed([_cell(value) for value in line])
        if not cells:
            continue
        _cells_within(cells, number, limits)
        if header is None:
            header, header_row = cells, number
        else:
            rows.append((number, cells))
    if header is None:
        raise BadWorkbook("工作簿里没有任何内容", "请下载模板，填好后重新上传")
    if not rows:
        raise BadWorkbook("工作簿里只有标题行，没有数据", "请从标题的下一行起填写，保存后重新上传")
    return Workbook(sheet, header_row, header, rows)


def _sheet_lines(data, kind):
    """The first visible sheet that holds anything; the template's other sheets stand behind it."""
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for place, about in enumerate(book.sheets_metadata):
            if about.typ is not calamine.SheetTypeEnum.WorkSheet or about.visible is not calamine.SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_index(place)
            if sheet.start is not None:
                errors = _xlsx_errors(data, place) if kind == "xlsx" else _xls_errors(data, place)
                return about.name, _numbered(sheet, errors)
    except calamine.PasswordError:
        raise BadWorkbook("工作簿设了打开密码，读不出内容", "请在 Excel 中取消密码后重新上传") from None
    except (calamine.CalamineError, OSError, KeyError, IndexError, ValueError):
        raise BadWorkbook(BROKEN, SAVE_AS) from None
    raise BadWorkbook("工作簿里没有任何内容", "请下载模板，填好后重新上传")


def _numbered(sheet, errors):
    """calamine starts at the first used column and shows an error as an empty cell: put both right."""
    left = sheet.start[1]
    for row, line in enumerate(sheet.iter_rows()):
        cells = [""] * left + line
        for column in errors.get(row, ()):
            if column < len(cells):
                cells[column] = Typed("error", "公式错误")
        yield row + 1, cells


def _xlsx_errors(data, place):
    """Row → columns (from 0) of the cells with an error such as #N/A."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        try:
            book = SafeTree.fromstring(package.read("xl/workbook.xml"))
            links = SafeTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
            sheet = [entry for entry in book.iter() if entry.tag.endswith("}sheet")][place]
            link_id = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
            target = next(link.get("Target") for link in links if link.get("Id") == link_id)
            part = package.read(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        except (SafeTree.ParseError, StopIteration, KeyError, IndexError):
            raise BadWorkbook(BROKEN, SAVE_AS) from None
    if b't="e"' not in part and b"t='e'" not in part:
        return {}
    errors = {}
    for attributes in re.findall(rb"<(?:\w+:)?c\s([^<>]*\bt=[\"']e[\"'][^<>]*)>", part):
        place = re.search(rb"\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']", attributes)
        if place is None:
            raise BadWorkbook("工作簿里有公式错误（如 #N/A），又没有注明在哪个单元格", SAVE_AS)
        column = 0
        for letter in place[1]:
            column = column * 26 + letter - 64
        errors.setdefault(int(place[2]) - 1, set()).add(column - 1)
    return errors


def _xls_errors(data, place):
    found = xls.survey(data)
    errors = {}
    for row, column in found.errors.get(found.sheet_places[place], ()):
        errors.setdefault(row, set()).add(column)
    return errors


def _csv_lines(data, limits):
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            yield number, line
    except csv.Error:
        cure = f"请改正这一行的双引号；如果看不出来，{SAVE_AS}"
        raise BadWorkbook(f"第 {number + 1} 行的双引号不成对，后面的内容无法分列", cure) from None


def _decoded(data):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadWorkbook("文件的文字编码既不是 UTF-8 也不是 GB18030", SAVE_AS)


WRAPPED = re.compile(r'="(.*)"')  # ="0719": how exporters keep Excel from turning text into a number


def _cell(value):
    if type(value) is str:
        if value.startswith('="') and (wrapped := WRAPPED.fullmatch(value)):
            return wrapped[1]
        return value
    if type(value) is Typed:
        return value
    if type(value) is bool:
        return Typed("bool", "TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        whole = abs(value) < 1e18 and value == int(value)  # false for NaN and infinity
        return Typed("number", str(int(value)) if whole else repr(value))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return Typed("date", value.strftime("%Y%m%d") if midnight else value.strftime("%Y-%m-%d %H:%M:%S"))
    if isinstance(value, datetime.date):
        return Typed("date", f"{value.year:04}{value.month:02}{value.day:02}")
    return Typed("date", str(value))  # a time of day or a span


def _trimmed(cells):
    """Without the blank cells at the end; a row of blanks alone comes out empty."""
    while cells and not (cells[-1] if type(cells[-1]) is Typed else cells[-1].strip()):
        cells.pop()
    return cells


def _cells_within(cells, row, limits):
    for column, cell in enumerate(cells, 1):
        if type(cell) is str and len(cell) > limits.cell_chars:
            raise BadWorkbook(
                f"第 {row} 行 {column_letter(column)} 列的内容有 {len(cell):,} 个字，超过了 {limits.cell_chars:,} 个字的上限",
                "请检查是否把多行内容粘进了一个单元格，改正后重新上传",
            )


# --- the child process -------------------------------------------------------------------------------------------------

HERE = Path(__file__).resolve().parent

# `app` itself would bring Flask and the settings along; the child has no use for either, so the package's door stays shut.
CHILD = f"""
import sys, types
for name, folder in (("app", {str(HERE.parent)!r}), ("app.spreadsheets", {str(HERE)!r})):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]
from app.spreadsheets.reader import answer
answer(sys.argv[1], sys.argv[2])
"""


def read_bounded(data, name, limits=LIMITS):
    """Read an uploaded file in a child process that may not use more than its share. Raises `BadWorkbook`, nothing else.

    The file goes in and the rows come out by pipe, so no readable copy touches the disk.
    """
    size_within(data, limits)
    kind_of(data, name)
    # -I: neither the environment nor the working directory decides what the child imports; it inherits no secret.
    command = [sys.executable, "-I", "-c", CHILD, name, json.dumps(asdict(limits))]
    keep = {key: os.environ[key] for key in ("SYSTEMROOT", "TEMP", "TMP") if key in os.environ}
    late = threading.Event()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=keep) as child:
        watch = threading.Timer(limits.seconds, lambda: (late.set(), child.kill()))
        watch.start()
        try:
            with contextlib.suppress(OSError):  # the child died early; what it answered, or did not, tells
                child.stdin.write(data)
                child.stdin.close()
            output = child.stdout.read(limits.answer_bytes + 1)
        finally:
            watch.cancel()
            child.kill()
    if late.is_set():
        raise BadWorkbook(f"读取这个文件超过了 {limits.seconds} 秒，已经停止", "请把数据分成几个文件，或者复制到新下载的模板里再上传")
    return _understood(output, limits)


def _understood(output, limits):
    """One JSON value a line: what it is, the rows, and `end` so that half an answer is not taken for a whole one."""
    try:
        if len(output) > limits.answer_bytes:
            raise ValueError
        first, *rows, last = output.splitlines()
        told = json.loads(first)
        if json.loads(last) != "end":
            raise ValueError
        if "sentence" in told:
            raise BadWorkbook(str(told["sentence"]), str(told["cure"]))
        rows = [(number, _restored(cells)) for number, cells in map(json.loads, rows)]
        return Workbook(told["sheet"], told["header_row"], _restored(told["header"]), rows)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadWorkbook(BROKEN, SAVE_AS) from None


def _restored(cells):
    return [cell if type(cell) is str else Typed(*cell) for cell in cells]


def answer(name, limits):
    """What the child does: read the file from its standard input, write what `_understood` takes."""
    limits = Limits(**json.loads(limits))
    _limit_this_process(limits)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")

    def line(value):
        # ASCII, so that no character inside a cell can be taken for the end of a line.
        out.write(json.dumps(value, separators=(",", ":")) + "\n")

    try:
        book = read_rows(sys.stdin.buffer.read(), name, limits)
    except BadWorkbook as bad:
        line({"sentence": bad.sentence, "cure": bad.cure})
    else:
        line({"sheet": book.sheet, "header_row": book.header_row, "header": book.header})
        for row in book.rows:
            line(row)
    line("end")
    out.flush()


def _limit_this_process(limits):
    try:
        import resource
    except ImportError:
        return  # Windows: the clock of the parent remains
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS knows the name and refuses the value
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
