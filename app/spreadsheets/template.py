"""The workbook that schools fill in: a layout's titles on text columns, with drop-downs, hints and the code tables behind."""

from app import codes

from .bounds import column_letter
from .reader import LIMITS
from .writer import AUTHOR, closed, new_book, write_table

CODES, DIVISIONS, CLASSES, GUIDE = "代码表", "行政区划", "班级", "填表说明"
REQUIRED, CONDITIONAL = "#FCE4D6", "#FFF7DB"
HOW = {
    "code": "填名称或代码，见工作表“代码表”",
    "division": "填县级全称或 6 位代码，见工作表“行政区划”",
    "native_place": "填到县级，见工作表“行政区划”；户口簿上的旧地名照填",
    "yes_no": "填“是”或“否”",
    "date": "年月日 8 位数字，如 20200903",
    "id_no": "单元格保持文本格式",
    "national_no": "19 位，单元格保持文本格式",
    "km": "公里数，如 1.5",
    "postcode": "6 位数字",
}
# Where the item's own hint speaks of the form on the screen, or would say the same twice.
HINTS = {
    "id_doc_no": "居民身份证 18 位；证件类型为“其他”的可以不填",
    "birth_date": "与身份证件号一致",
    "birth_place_code": "不必与身份证件号前 6 位相同",
    "native_place": "",
    "commute_km": "",
    "grade": "如 一年级",
    "class_code": "班号，如 2",
    "aux_number": "不填时按本省规则生成",
    "email": "没有就留空",
    "homepage": "没有就留空",
}


def template(layout, school=None, classes=(), sheet="新生信息"):
    """`school` is (学校标识码, name), `classes` are (grade, class number, name) as they may be filled in."""
    out, book, text, head = new_book()
    page, guide = book.add_worksheet(sheet), book.add_worksheet(GUIDE)
    sources = _code_sheets(book, layout, head, text)
    sources |= _class_sheet(book, classes, head, text)
    if school:
        sources["school_code"] = [school[0]]
    heads = {
        "必填": book.add_format({"bold": True, "num_format": "@", "border": 1, "bg_color": REQUIRED}),
        "按条件必填": book.add_format({"bold": True, "num_format": "@", "border": 1, "bg_color": CONDITIONAL}),
        "选填": book.add_format({"num_format": "@", "border": 1}),
    }
    for place, column in enumerate(layout):
        page.set_column(place, place, column.width, text)
        page.write_string(0, place, column.title, heads[demand(column)])
        page.write_comment(0, place, f"{demand(column)}。{how_to_fill(column)}", {"author": AUTHOR, "x_scale": 1.6, "y_scale": 0.9})
        if source := sources.get(column.field) or sources.get(column.item.table):
            # Offered, not forced: a cell may hold the name as well as the code, and the upload judges better than Excel.
            page.data_validation(1, place, LIMITS.rows, place, {"validate": "list", "source": source, "show_error": False})
    page.freeze_panes(1, 3 if len(layout) > 10 else 0)
    _guide(guide, layout, school, heads, head, text)
    return closed(book, out)


def demand(column):
    if column.item.must and column.member != 2:
        return "必填"
    return "按条件必填" if column.item.must or column.item.required == "C" else "选填"


def how_to_fill(column):
    item = column.item
    parts = [HOW.get(item.kind, ""), HINTS.get(item.field, item.hint)]
    if column.member == 2 and item.must:
        parts.append("填了成员2就必填")
    if item.length and item.kind in ("text", "name", "any_name", "number"):
        parts.append(f"不超过 {item.length} 个字符")
    return "；".join(part for part in parts if part) + "。"


def _code_sheets(book, layout, head, text):
    """Table → range of its names, for drop-downs. Each table stands once, under the titles that use it."""
    page, sources, column = book.add_worksheet(CODES), {}, 0
    used = {}
    for entry in layout:
        if entry.item.table and entry.item.table != "admin_division":
            used.setdefault(entry.item.table, []).append(entry.title)
    for table, titles in used.items():
        rows = codes.table(table).choices()
        told = titles[0] if len(titles) == 1 else f"{titles[0]}等 {len(titles)} 列"
        page.write_string(0, column, "代码", head)
        page.write_string(0, column + 1, told, head)
        for number, (code, label) in enumerate(rows, 1):
            page.write_string(number, column, code, text)
            page.write_string(number, column + 1, label, text)
        page.set_column(column, column, 6, text)
        page.set_column(column + 1, column + 1, 22, text)
        sources[table] = _range(CODES, column + 1, len(rows))
        column += 3
    page.freeze_panes(1, 0)
    if any(entry.item.table == "admin_division" for entry in layout):
        places = [(d.code, d.full_name) for d in codes.divisions.live() if d.lowest]
        page = book.add_worksheet(DIVISIONS)
        write_table(page, ["代码", "名称"], places, head, text)
        page.set_column(0, 0, 10, text)
        page.set_column(1, 1, 44, text)
        page.freeze_panes(1, 0)
        sources["admin_division"] = _range(DIVISIONS, 1, len(places))
    return sources


def _class_sheet(book, classes, head, text):
    if not classes:
        return {}
    page = book.add_worksheet(CLASSES)
    grades, numbers = (list(dict.fromkeys(str(entry[part]) for entry in classes)) for part in (0, 1))
    write_table(page, ["年级", "班级号", "班级名称", "", "可选年级", "可选班级号"], [map(str, entry) for entry in classes], head, text)
    for column, options in ((4, grades), (5, numbers)):
        for number, option in enumerate(options, 1):
            page.write_string(number, column, option, text)
    page.set_column(0, 5, 16, text)
    return {"grade": _range(CLASSES, 4, len(grades)), "class_code": _range(CLASSES, 5, len(numbers))}


def _range(sheet, column, rows):
    letter = column_letter(column + 1)
    return f"='{sheet}'!${letter}$2:${letter}${rows + 1}"


def _guide(page, layout, school, heads, head, text):
    lines = [
        "1. 从第 2 行起填写，一名学生一行；不要改动第 1 行的标题，列的先后可以调换，不用的选填列可以删去。",
        "2. 所有单元格都是文本格式。从别处复制时请“粘贴为数值”；身份证件号一旦变成数字，末几位就丢失了，须重新填写。",
        "3. 标题底色：橙色必填，黄色按条件必填，白色选填。鼠标停在标题上可以看到怎么填。",
        "4. 一个文件最多 50,000 名学生、24 MB。上传后先核对，有错的单元格会在原文件里标出。",
    ]
    if school:
        lines.insert(0, f"学校：{school[1]}（学校标识码 {school[0]}）")
    for number, line in enumerate(lines):
        page.write_string(number, 0, line)
    start = len(lines) + 1
    for place, title in enumerate(("列", "标题", "要求", "怎么填", "其他叫法")):
        page.write_string(start, place, title, head)
    for number, column in enumerate(layout, start + 1):
        others = dict.fromkeys(name for name in column.aliases if name != column.title)
        for place, value in enumerate((column.letter, column.title, demand(column), how_to_fill(column), "、".join(others))):
            page.write_string(number, place, value, heads[demand(column)] if place == 1 else text)
    for place, width in enumerate((6, 28, 12, 60, 60)):
        page.set_column(place, place, width)
