"""学生信息核对表: one A4 for each pupil, for the guardian to check and sign; what is too long for its cell goes on to a second sheet (续).

Facts
    school_name school_code     青溪县城关镇第一小学, 2199003218
    class_title                 六年级（2）班
    print_no                    1, 2, … : 第 2 次打印
    one text for each pupil's item of the national form, by its field (`name`, `sex`, … `needs_school_bus`), as people read it:
                                codes as words, 是 / 否, and for `photo` 已采集 or 未采集. Empty ("" or None) is printed as 未填
    guardians                   at most two, each a text for each of the twelve items of a member (`name`, `relation`, …)
    unasked                     the fields that this grade does not fill, printed as 不填; may be left out
    printed_on printed_by; case_no, code with check_page, and check_address where there are any
"""
from dataclasses import dataclass

from app.documents.fitting import CELL, NOTE, PRINT, Box, fit
from app.documents.fonts import CannotPrint
from app.documents.paper import BLACK, HINT, Facts, Side, print_papers
from app.documents.parts import Outline, Part, Printed, Proof, Signature, Title, Written, reading, spoken
from app.identity.items import PUPIL_ITEMS

# Widths of 编号, 项目, 内容 and 更正, and how often they stand side by side; each grid is 159.5 wide.
PAIRS = (6.5, 22, 38.75, 12.5)
THREES = (6.5, 21.5, 17, 159.5 / 3 - 45)
WHOLE = (6.5, 22, 118.5, 12.5)
HEADS = ("编号", "项　目", "内　容", "更　正")
SIDE, HEAD, ROW, ADDRESS = 5.5, 5.4, 5.0, 7.6
PAD = 0.6
CONTINUED = "见续页"
KEY_ITEMS = {field for field, item in PUPIL_ITEMS.items() if item.key}  # 关键数据, in bold


def member(prefix, first):
    """The twelve items of a family member; the second member's numbers are twelve on."""
    def item(number, title, field):
        return first + number - 49, title, prefix + field
    return (
        (ROW, PAIRS, (item(49, "姓　名", "name"), item(50, "关　系", "relation"))),
        (ROW, PAIRS, (item(51, "关系说明", "relation_note"), item(52, "民　族", "ethnicity"))),
        (ROW, WHOLE, (item(53, "工作单位", "employer"),)),
        (ADDRESS, WHOLE, (item(54, "现住址", "current_address"),)),
        (ROW, PAIRS, (item(55, "户口所在地", "hukou_place_code"), item(56, "联系电话", "phone"))),
        (ROW, PAIRS, (item(57, "是否监护人", "is_guardian"), item(58, "身份证件类型", "id_doc_type"))),
        (ROW, PAIRS, (item(59, "身份证件号", "id_doc_no"), item(60, "职　务", "job_title"))),
    )


# Blocks of (name, rows); a row is (height, grid, items); an item is (number, title, field), in the order of the national form.
BLOCKS = (
    ("基础信息", (
        (ROW, WHOLE, ((1, "姓　名", "name"),)),
        (ROW, PAIRS, ((2, "性　别", "sex"), (3, "出生日期", "birth_date"))),
        (ROW, PAIRS, ((4, "出生地", "birth_place_code"), (5, "籍　贯", "native_place"))),
        (ROW, PAIRS, ((6, "民　族", "ethnicity"), (7, "国籍/地区", "nationality"))),
        (ROW, PAIRS, ((8, "身份证件类型", "id_doc_type"), (9, "身份证件号", "id_doc_no"))),
        (ROW, PAIRS, ((10, "港澳台侨外", "overseas_status"), (11, "政治面貌", "political_status"))),
        (ROW, PAIRS, ((12, "健康状况", "health_status"), (13, "照　片", "photo"))))),
    ("辅助信息", (
        (ROW, PAIRS, ((14, "姓名拼音", "name_pinyin"), (15, "曾用名", "former_name"))),
        (ROW, PAIRS, ((16, "证件有效期", "id_valid_period"), (18, "户口性质", "hukou_nature"))),
        (ADDRESS, WHOLE, ((17, "户口所在地", "hukou_place_code"),)),
        (ROW, WHOLE, ((19, "特　长", "talent"),)))),
    ("学籍", (
        (ROW, PAIRS, ((20, "学籍辅号", "aux_number"), (21, "班内学号", "class_no"))),
        (ROW, THREES, ((22, "年　级", "grade"), (23, "班　级", "class_code"), (24, "入学年月", "entry_month"))),
        (ROW, THREES, ((25, "入学方式", "admission_mode"), (26, "就读方式", "attendance_mode"), (27, "学生来源", "student_source"))))),
    ("联系信息", (
        (ADDRESS, WHOLE, ((28, "现住址", "current_address"),)),
        (ADDRESS, WHOLE, ((29, "通信地址", "mail_address"),)),
        (ADDRESS, WHOLE, ((30, "家庭地址", "home_address"),)),
        (ROW, PAIRS, ((31, "联系电话", "phone"), (32, "邮政编码", "postcode"))),
        (ROW, PAIRS, ((33, "电子信箱", "email"), (34, "主页地址", "homepage"))))),
    ("扩展交通", (
        (ROW, THREES, ((35, "独生子女", "is_only_child"), (36, "受过学前教育", "had_preschool"), (37, "留守儿童", "left_behind"))),
        (ROW, THREES, ((38, "随迁子女", "is_migrant_child"), (39, "孤　儿", "is_orphan"), (40, "烈士或优抚", "is_martyr_child"))),
        (ROW, THREES, ((41, "随班就读", "inclusive_class"), (42, "残疾类型", "disability_type"), (43, "政府购买学位", "gov_bought_place"))),
        (ROW, THREES, ((44, "需要申请资助", "wants_aid"), (45, "享受一补", "has_boarding_subsidy"), (46, "上下学距离", "commute_km"))),
        (ROW, THREES, ((47, "上下学方式", "commute_mode"), (48, "需乘坐校车", "needs_school_bus"), None)))),
    ("成员一", member("member1_", 49)),
    ("成员二", member("member2_", 61)),
)
ITEMS = tuple(item for _, rows in BLOCKS for _, _, items in rows for item in items if item)


def cells(x, y, grid, height, items):
    """Four boxes for each item of a row."""
    for item in items:
        boxes = []
        for width in grid:
            boxes.append(Box(x, y, width, height))
            x += width
        yield item, boxes


@dataclass(frozen=True)
class Items(Part):
    """The table of the 72 items."""
    x: float
    y: float

    def cells(self):
        y = self.y + HEAD
        for _, rows in BLOCKS:
            for height, grid, items in rows:
                yield from cells(self.x + SIDE, y, grid, height, items)
                y += height

    def frame(self, sheet):
        sheet.pen()
        sheet.rectangle(Box(self.x, self.y, SIDE, HEAD))
        for _, boxes in cells(self.x + SIDE, self.y, PAIRS, HEAD, (None, None)):
            for title, box in zip(HEADS, boxes, strict=True):
                sheet.rectangle(box)
                sheet.put(title, box, NOTE, pad=PAD, above=0)
        y = self.y + HEAD
        for name, rows in BLOCKS:
            side = Box(self.x, y, SIDE, sum(height for height, *_ in rows))
            sheet.rectangle(side)
            sheet.put("\n".join(name), side, NOTE, pad=PAD)
            y += side.h
        for item, boxes in self.cells():
            for box in boxes:
                sheet.rectangle(box)
            if item:
                put_item(sheet, item, boxes)

    def fill(self, sheet, facts):
        for item, boxes in self.cells():
            if item:
                number, title, field = item
                text, grey = facts["shown"][field]
                text = CONTINUED if number in facts["continued"] else text
                sheet.put(text, boxes[2], NOTE, face_of(field), pad=PAD, above=0, grey=grey, name=spoken(title))


@dataclass(frozen=True)
class Continued(Part):
    """What was too long for its cell, each in a row of three lines or more."""
    x: float
    y: float
    height: float = 17
    count: int = 12  # rows on one sheet

    def fill(self, sheet, facts):
        grid = (6.5, 22, 124, 12.5)
        rows = [(HEAD, None), *((self.height, item) for item in facts["rest"][:self.count])]
        y = self.y
        sheet.pen()
        for height, item in rows:
            _, boxes = next(cells(self.x, y, grid, height, (item,)))
            for box in boxes:
                sheet.rectangle(box)
            if item:
                put_item(sheet, item, boxes)
                _, title, field = item
                sheet.put(facts["shown"][field][0], boxes[2], NOTE, face_of(field), pad=PAD, name=spoken(title))
            else:
                for title, box in zip(HEADS, boxes, strict=True):
                    sheet.put(title, box, NOTE, pad=PAD, above=0)
            y += height
        Outline(Box(self.x, self.y, 165, y - self.y)).frame(sheet)


def put_item(sheet, item, boxes):
    number, title, field = item
    sheet.put(str(number), boxes[0], PRINT, pad=PAD, above=0)
    sheet.put(title, boxes[1], NOTE, "bold" if field in KEY_ITEMS else "song", pad=PAD, above=0)


def face_of(field):
    return "bold" if field in KEY_ITEMS else "value"


HEAD_LINE = (
    Written("学校（标识码）", "{school_name}（{school_code}）", Box(25, 25.4, 95, 5.2), NOTE, above=0),
    Written("年级班级", "{class_title}　第 {print_no} 次打印", Box(122, 25.4, 68, 5.2), NOTE, align="right", above=0),
)
FOOT = (
    Printed("本人已核对以上信息，确认无误；需要更正的，已填写在“更正”栏。", Box(25, 247, 165, 5), CELL, "left"),
    Signature("监护人签字：", "", 25, 257, 80),
    Signature("与学生关系：", "", 84, 257, 130),
    Signature("日期：", "", 134, 257, 190),
    Signature("班主任签字：", "", 25, 265.5, 80),
    Signature("录入人：", "", 84, 265.5, 130),
    Signature("录入日期：", "", 134, 265.5, 190),
)
FIRST = (
    Title("学生信息核对表", Box(60, 14, 95, 8)),
    *HEAD_LINE,
    Items(25, 34),
    Outline(Box(25, 34, 165, 211)),
    *FOOT,
    Proof(Box(25, 271, 16, 16), 44, 274.5),
)
SECOND = (
    Title("学生信息核对表（续）", Box(60, 14, 95, 8)),
    *HEAD_LINE,
    Written("姓名", "姓　名：{name}", Box(25, 30.6, 165, 5), NOTE),
    Continued(25, 37),
    *FOOT,
)


def shown(facts):
    """Each item's text and its grey; an empty item says 未填, so that the guardian sees it."""
    members = facts["guardians"]
    if len(members) > 2:
        raise CannotPrint("核对表只有两位家庭成员的位置，请先选定两位再打印。")
    unasked = facts.get("unasked", ())
    for _, _, field in ITEMS:
        whose, _, name = field.partition("_") if field.startswith("member") else ("", "", field)
        if field in unasked:
            yield field, ("不填", HINT)
        elif whose and int(whose[-1]) > len(members):
            yield field, ("未填", HINT)
        else:
            text = reading(name, (members[int(whose[-1]) - 1] if whose else facts)[name])
            yield field, (text, BLACK) if text else ("未填", HINT)


def too_long_for_their_cells(texts, fonts):
    for item, boxes in Items(25, 34).cells():
        if item:
            room = boxes[2]._replace(w=boxes[2].w - 2 * PAD)
            if fit(texts[item[2]][0], room, NOTE, lambda text, face=face_of(item[2]): fonts.ems(text, face)) is None:
                yield item


def sides(facts, fonts):
    texts = dict(shown(facts))
    rest = list(too_long_for_their_cells(texts, fonts))
    facts = Facts(facts, shown=texts, continued={number for number, *_ in rest})
    pages = [Side("check-sheet", FIRST, facts, Box(150, 280, 40, 5))]
    count = Continued.count
    for start in range(0, len(rest), count):
        pages.append(Side("check-sheet-continued", SECOND, Facts(facts, rest=rest[start:start + count])))
    return pages


def draw_all(papers, font_folder=None):
    return print_papers(papers, "学生信息核对表", sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
