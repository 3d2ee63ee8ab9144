"""The workbook of bodies (机构) with which a house is filled: its columns, its template, and what a file of it says."""

from dataclasses import dataclass
from typing import NamedTuple

from app import codes

from .bounds import BadWorkbook, column_letter
from .columns import folded
from .reader import Typed
from .writer import AUTHOR, closed, new_book, write_table

TIERS = {"省": "province", "市": "city", "县": "county", "乡镇": "township", "学校": "school"}
YEARS = {"六三制": "63", "五四制": "54"}
STAGES = {"小学": "1", "初中": "2", "高中": "3"}
YES = {"是": True, "否": False, "": False}
SHEET, GUIDE = "机构", "填表说明"
MOST_ROWS = 5000


class Column(NamedTuple):
    title: str
    field: str
    width: int
    hint: str
    kind: str = "text"  # text, a name above, or the code table that the cell is read by
    aliases: tuple = ()


COLUMNS = (
    Column("机构层级", "tier", 10, "必填。省、市、县、乡镇或学校。", "tier", ("层级",)),
    Column("机构名称", "name", 34, "必填。全称，与印章一致。", aliases=("学校名称", "名称")),
    Column("机构简称", "short_name", 24, "不填时同全称。", aliases=("简称",)),
    Column("机构代码", "key", 18, "命令和文件里的叫法，小写字母和数字。不填时自动编。"),
    Column("所在地", "located_in_id", 24, "省不填。上级机构的名称、机构代码或学校标识码；可以是本表中的机构。学校填县或乡镇。", "above", ("所在地机构",)),
    Column("主管机构", "managed_by_id", 24, "不填时同所在地。市属学校填市教育局。", "above", ("主管部门",)),
    Column("隶属学校", "belongs_to_id", 24, "只有小学教学点填写。", "above"),
    Column("行政区划代码", "division_code", 14, "省、市、县必填，6 位；乡镇和学校随所在县。"),
    Column("文号简称", "abbreviation", 10, "县必填，一两个字，例如“竹”。"),
    Column("学校标识码", "school_code", 14, "学校必填，10 位。"),
    Column("本地学校代码", "local_code", 14, "学校必填，6 位，县内不重复，用于班级编码。", aliases=("学校代码",)),
    Column("办学类型", "school_type", 20, "学校必填。名称或代码。", "school_type"),
    Column("学段", "stages", 16, "学校必填。小学、初中、高中；几个学段用顿号隔开。", "stages"),
    Column("学制", "years_system", 10, "六三制或五四制；不填时为六三制。", "years"),
    Column("举办者", "sponsor", 20, "名称或代码。", "school_sponsor"),
    Column("办别", "running_type", 18, "名称或代码。", "school_running_type"),
    Column("城乡类型", "urban_rural", 14, "名称或代码。", "urban_rural_type"),
    Column("寄宿制", "boarding", 8, "是或否；不填时为否。", "yes_no", ("是否寄宿制",)),
    Column("校长", "principal", 12, ""),
    Column("联系电话", "phone", 16, "", aliases=("电话",)),
    Column("地址", "address", 34, ""),
    Column("邮政编码", "postcode", 10, "6 位。", aliases=("邮编",)),
)
TITLES = {column.field: column.title for column in COLUMNS}
NEEDED = ("tier", "name", "located_in_id")


@dataclass(frozen=True)
class Row:
    """One body of the file. `facts` as services.administration.organisations takes them, but names where ids will stand; `letters` is where each was read."""

    number: int
    facts: dict
    cells: dict
    letters: dict


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, and its cure."""

    row: int
    letter: str
    title: str
    value: str
    sentence: str

    def __str__(self):
        place = f"第 {self.row} 行" + (f" {self.letter} 列" if self.letter else "")
        return f"{place}【{self.title}】“{self.value}”：{self.sentence}"


def understand(book) -> tuple[list[Row], list[Fault]]:
    """The bodies of a workbook (spreadsheets.reader), and what could not be read. Titles that are not ours refuse the file as a whole."""
    places = _places(book.header)
    if len(book.rows) > MOST_ROWS:
        raise BadWorkbook(f"文件里有 {len(book.rows):,} 个机构，一次最多导入 {MOST_ROWS:,} 个", "请分成几个文件，先导入上级机构")
    letters = {column.field: column_letter(place + 1) for place, column in places.items()}
    rows, faults = [], []
    for number, cells in book.rows:
        said = {column.field: _text(cells[place]) if place < len(cells) else "" for place, column in places.items()}
        facts = {}
        for column in places.values():
            facts[column.field], sentence = _meant(column, said[column.field])
            if sentence:
                faults.append(Fault(number, letters[column.field], column.title, said[column.field], sentence))
        rows.append(Row(number, facts, said, letters))
    return rows, faults


def _places(header):
    known = {folded(name): column for column in COLUMNS for name in (column.title, *column.aliases)}
    places = {}
    for place, cell in enumerate(header):
        title = folded(cell)
        if not title:
            continue
        if title not in known:
            raise BadWorkbook(f"{column_letter(place + 1)} 列的标题“{_text(cell)[:20]}”不在模板中", "请用本系统的机构模板填写，不要改动标题")
        if known[title] in places.values():
            raise BadWorkbook(f"标题“{known[title].title}”出现了两次", "请删去其中一列")
        places[place] = known[title]
    missing = [TITLES[field] for field in NEEDED if field not in {column.field for column in places.values()}]
    if missing:
        raise BadWorkbook(f"缺少{'、'.join(f'“{title}”' for title in missing)}这{'一' if len(missing) == 1 else '几'}列", "请用本系统的机构模板填写")
    return places


def _text(cell):
    return " ".join((cell.text if type(cell) is Typed else cell).split())


def _meant(column, text):
    """(value, sentence): what the cell means, or why it means nothing."""
    match column.kind:
        case "tier" if text:
            return TIERS.get(text, ""), None if text in TIERS else f"请填写{'、'.join(TIERS)}之一。"
        case "years" if text:
            value = next((code for word, code in YEARS.items() if text in (word, word[:2], code)), "")
            return value, None if value else "请填写六三制或五四制。"
        case "stages":
            parts = [part for part in text.replace("，", "、").replace(",", "、").split("、") if part]
            return "".join(sorted({STAGES.get(part, part) for part in parts})), None
        case "yes_no":
            return YES.get(text, False), None if text in YES else "请填写是或否。"
        case "text" | "above" | "tier" | "years":
            return text, None
    if not text:
        return "", None
    table = codes.table(column.kind)
    code = table.code_of(text)
    near = None if code else table.nearest(text)
    hint = f"是不是“{near}”？" if near else "见工作表“代码表”。"
    return code or "", None if code else f"{column.title}中没有这一项，{hint}请填写名称或代码。"


def template():
    """An empty workbook with hints and drop-downs."""
    out, book, text, head = new_book()
    page, guide, lists = book.add_worksheet(SHEET), book.add_worksheet(GUIDE), book.add_worksheet("代码表")
    options = {"tier": list(TIERS), "years": list(YEARS), "yes_no": ["是", "否"]}
    offered = 0
    for place, column in enumerate(COLUMNS):
        page.set_column(place, place, column.width, text)
        page.write_string(0, place, column.title, head)
        if column.hint:
            page.write_comment(0, place, column.hint, {"author": AUTHOR, "x_scale": 1.6, "y_scale": 0.9})
        source = options.get(column.kind)
        if column.kind in codes.names():
            labels = [label for _, label in codes.table(column.kind).choices()]
            for number, label in enumerate([column.title, *labels]):
                lists.write_string(number, offered, label, head if number == 0 else text)
            lists.set_column(offered, offered, 26, text)
            letter = column_letter(offered + 1)
            source, offered = f"='代码表'!${letter}$2:${letter}${len(labels) + 1}", offered + 1
        if source:
            page.data_validation(1, place, MOST_ROWS, place, {"validate": "list", "source": source, "show_error": False})
    page.freeze_panes(1, 2)
    write_table(guide, ["列", "说明"], [(column.title, column.hint) for column in COLUMNS], head, text)
    guide.set_column(0, 0, 16, text)
    guide.set_column(1, 1, 80, text)
    return closed(book, out)
