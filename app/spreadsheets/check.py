"""What one can tell from the rows of a workbook alone, cell by cell: required → kind of cell → format and code → number
→ the same number twice in the file.

Age, ID ↔ birth ↔ sex, class, seat, quota, who may be the same child and the database are judged by the service, which adds `Finding`s of the same kind.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from app import codes
from app.identity import id_number, masks, student_numbers
from app.identity.items import BadValue, clean

from .bounds import column_letter
from .reader import Typed

AS_TEXT = "把整列设为文本格式后重新填写"
ID_FIELDS = ("id_doc_no", "national_no", "continuation_mark")
CITIZEN = "1"
NO_DOCUMENT = "Z"  # 其他: a 在校就读证明 goes to the authority instead of a number
OTHER_RELATIONS = ("97", "99")
STAGES = {"小学": "1", "初中": "2", "高中": "3", "普通高中": "3", "1": "1", "2": "2", "3": "3"}


class Finding(NamedTuple):
    """What is wrong in one cell. `letter` is the column in the uploaded file, "" for the row as a whole."""

    row: int
    letter: str
    title: str
    shown: str  # what stood there, masked where it is a number or a phone
    sentence: str
    cure: str
    problem: str  # the kind of fault, for the totals
    level: str = "block"  # or "warn"


class Fault(NamedTuple):
    """The last four parts of a Finding: what is wrong with a cell, wherever it stands."""

    sentence: str
    cure: str
    problem: str
    level: str = "block"


@dataclass
class CheckedRow:
    row: int
    record: dict  # field → value as `identity.items.clean` gives it; "guardians" → a list of such
    findings: list[Finding] = field(default_factory=list)

    @property
    def right(self):
        return not any(finding.level == "block" for finding in self.findings)


def check_rows(rows, mapping, most=200_000):
    """Every row of `Workbook.rows` with its values and what is wrong with them.

    A hopeless file would have a finding in every cell: after `most` findings the rest is not looked at, and the answer is
    shorter than `rows`.
    """
    # Document numbers last: the type of document, which may stand behind them, says how they are judged.
    columns = [(place, column, column.item.must, column.item.kind == "id_no") for place, column in mapping.columns.items()]
    columns.sort(key=lambda entry: (entry[3], entry[0]))
    titled = mapping.passed_over | set(mapping.columns)
    seen = {}  # (field, cell) → value or fault: sexes, codes and dates come back thousands of times
    checked, findings = [], 0
    for row, cells in rows:
        checked.append(_check_row(row, cells, columns, titled, seen))
        findings += len(checked[-1].findings)
        if findings >= most:
            break
    _find_twins(checked, mapping)
    return checked


def _check_row(row, cells, columns, titled, seen):
    pupil, first, second = values = ({}, {}, {})
    faults, unfinished, second_begun = [], [], False
    width = len(cells)
    for place, column, must, is_document in columns:
        cell = cells[place] if place < width else ""
        empty = type(cell) is str and (not cell or cell.isspace())
        if empty and not must and not is_document:
            continue
        if is_document:
            outcome = _document_number(column, cell, empty, values[column.member].get("id_doc_type"))
        elif (outcome := seen.get((column.field, cell), seen)) is seen:
            outcome = seen[column.field, cell] = _value(column, cell)
        if type(outcome) is not Fault:
            if outcome is not None:
                values[column.member][column.name] = outcome
        elif empty and column.member == 2:
            unfinished.append((place, column, outcome))
        else:
            faults.append((place, column, outcome))
        second_begun |= column.member == 2 and not empty
    if second_begun:
        faults += unfinished
    faults += _missing_notes(columns, values)
    findings = []
    for place, column, fault in faults:
        shown = as_shown(column, cells[place] if place < width else "")
        findings.append(Finding(row, column_letter(place + 1), column.title, shown, *fault))
    for place, cell in enumerate(cells):
        if place not in titled and (type(cell) is Typed or cell.strip()):
            shown = " ".join((cell.text if type(cell) is Typed else cell).split())[:40]
            fault = Fault("这一格上方没有标题，内容不会导入", "补上标题；不需要时删去", "没有标题", "warn")
            findings.append(Finding(row, column_letter(place + 1), "（无标题）", shown, *fault))
    findings.sort(key=lambda finding: (len(finding.letter), finding.letter))
    return CheckedRow(row, pupil | {"guardians": [guardian for guardian in (first, second) if guardian]}, findings)


def _missing_notes(columns, values):
    for which in (1, 2):
        if values[which].get("relation") not in OTHER_RELATIONS or values[which].get("relation_note"):
            continue
        names = ("relation_note", "relation")  # the note's cell; where the file has no such column, the relation's
        places = [(names.index(column.name), place, column) for place, column, *_ in columns if column.member == which and column.name in names]
        _, place, column = min(places, key=lambda found: found[0])
        yield place, column, Fault(f"成员{which}的关系是其他，没有填写关系说明", "写明是什么关系，如“姑姑”", "没有填写")


def _value(column, cell, doc_type=None):
    """The value that a cell means, or a Fault."""
    item = column.item
    text = cell
    if type(cell) is Typed:
        text = cell.text
        if fault := _spoilt(column, cell):
            return fault
        if cell.kind == "bool" and item.kind == "yes_no":
            text = "1" if text == "TRUE" else "0"
        if cell.kind == "number" and item.kind == "code":
            text = _leading_zeros(codes.table(item.table), text)
    try:
        value = clean(item, text, doc_type)
    except BadValue as bad:
        return Fault(bad.sentence, bad.cure, _kind_of_fault(item.kind) if text.strip() else "没有填写")
    if value and item.field.endswith("school_code") and (sentence := student_numbers.school_code_problem(value)):
        return Fault(sentence, "对照学校代码表核对", "号码有误")
    if value and item.field == "stage":
        return STAGES.get(value) or Fault(f"教育阶段没有“{value}”", "填“初中”或“高中”", "不在代码表中")
    return value


def _document_number(column, cell, empty, doc_type):
    """Judged by the type of document beside it; a citizen's number by GB 11643."""
    if empty and column.field == "id_doc_no" and doc_type != NO_DOCUMENT:
        return Fault("请填写身份证件号", "身份证件号必填；没有证件的，身份证件类型填“其他”", "没有填写")
    if doc_type is None and type(cell) is str and len(id_number.clean(cell)) == 18:
        doc_type = CITIZEN  # the short list does not ask for the type, and no other document has 18 characters
    return _value(column, cell, doc_type)


def _spoilt(column, cell):
    """A cell that the spreadsheet has already changed. It is refused, never mended."""
    title = column.title
    if cell.kind == "error":
        return Fault(f"{title}的单元格是公式错误（如 #N/A），没有值", "删去公式，直接填写内容", "公式错误")
    if cell.kind == "number":
        digits = len(re.sub(r"\D", "", cell.text))
        if digits > 15 or "e" in cell.text:
            return Fault(f"{title}的单元格是数字格式，末几位已丢失", AS_TEXT, "数字格式")
        if column.item.kind == "id_no" or column.field in ID_FIELDS:
            return Fault(f"{title}的单元格是数字格式，开头的 0 或末几位可能已丢失", AS_TEXT, "数字格式")
    if cell.kind == "date" and column.item.kind not in ("date", "month"):
        return Fault(f"{title}的单元格被电子表格改成了日期", AS_TEXT, "日期格式")
    return None


def _leading_zeros(table, text):
    """Excel makes 1 of 01: give a whole number back the zeros that the codes of this table have."""
    if table.code_of(text) or not text.isdigit():
        return text
    wider = (text.zfill(width) for width in sorted({len(code) for code in table}) if width > len(text))
    return next((code for code in wider if code in table), text)


def _kind_of_fault(kind):
    if kind in ("code", "division", "native_place", "yes_no"):
        return "不在代码表中"
    return "号码有误" if kind in ("id_no", "national_no", "phone") else "格式不对"


def as_shown(column, cell):
    text = " ".join((cell.text if type(cell) is Typed else cell).split())[:40]
    if column.item.kind == "phone":
        return masks.phone(text)
    return masks.number(text) if column.item.sealed or column.field in ID_FIELDS or column.item.kind == "id_no" else text


def _find_twins(checked, mapping):
    """One number twice in the file. Each row names the others, at most five of them."""
    places = {column.field: (place, column) for place, column in mapping.columns.items()}
    for name in ID_FIELDS:
        for rows in _groups(checked, lambda record, name=name: record.get(name)):
            for row in rows:
                others = [other.row for other in rows[:7] if other is not row]
                fault = Fault(f"{places[name][1].title}与第 {_listed(others, 5)} 行相同", "删去重复的行，或改正号码", "文件内重复")
                _add(row, places[name], fault)


def _groups(checked, key):
    groups = defaultdict(list)
    for row in checked:
        if value := key(row.record):
            groups[value].append(row)
    return [rows for rows in groups.values() if len(rows) > 1]


def _add(row, where, fault):
    place, column = where
    value = str(row.record.get(column.field, ""))
    row.findings.append(Finding(row.row, column_letter(place + 1), column.title, as_shown(column, value), *fault))


def _listed(numbers, most):
    return "、".join(map(str, numbers[:most])) + ("…" if len(numbers) > most else "")


class Total(NamedTuple):
    title: str
    problem: str
    level: str
    count: int
    rows: str


def totals(findings):
    """How often each kind of fault stands in each column, the commonest first; for the sheet 汇总 and the page."""
    counted, rows = Counter(), defaultdict(list)
    for finding in findings:
        key = (finding.title, finding.problem, {"block": "须改正", "warn": "请核实"}[finding.level])
        counted[key] += 1
        rows[key].append(finding.row)
    listed = sorted(counted, key=lambda key: (key[2] != "须改正", -counted[key], key))
    return [Total(*key, counted[key], _listed(sorted(set(rows[key])), 20)) for key in listed]
