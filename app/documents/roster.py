"""学生花名册 of a class, the same to be put up in public, and 新生花名册 for the county: landscape lists, thirty steps of 4.7 a page.

Facts
    variant                     "class", "public" (no ID number, address or phone) or "new"
    school_name class_title term
    class_teacher               may be empty
    expected                    应到; how many are there, boys and girls, are counted from the rows
    rows                        for each pupil class_no national_no name sex ethnicity birth_date id_doc_no hukou_place
                                current_address guardian phone attendance_mode remark; a new pupil has class_name for class_no.
                                Only what the variant prints is asked for. Numbers are printed as given: masked by the caller,
                                in full only on the list of new pupils for the county
    seal                        {name, decided_on} of the school that seals the list, or None
    filled_by                   填表人, or "" for the pen
    printed_on printed_by
"""
from dataclasses import dataclass

from app.documents.fitting import NOTE, PRINT, Box, fit
from app.documents.fonts import CannotPrint
from app.documents.paper import A4_LANDSCAPE, FIFTH, INNER, OUTER, Facts, Side, print_papers, too_long
from app.documents.parts import Part, Seal, Signature, Title, Written, reading, spoken

LEFT, TOP, WIDTH = 15, 40, 267
HEAD, STEP = 8, 4.7
STEPS, STEPS_ABOVE_SEAL = 30, 21  # on a page; on the last page of a list that is sealed
PAD = 0.6

# (title, field, width, type size); 序号 has no field. The widths of a variant make 267.
CLASS = (
    ("序号", None, 8, NOTE), ("班内学号", "class_no", 13, PRINT), ("学籍号", "national_no", 30, PRINT), ("姓　名", "name", 22, NOTE),
    ("性别", "sex", 8, NOTE), ("民　族", "ethnicity", 14, NOTE), ("出生日期", "birth_date", 17, PRINT), ("身份证号", "id_doc_no", 29, PRINT),
    ("户口所在地", "hukou_place", 27, PRINT), ("现住址", "current_address", 40, PRINT), ("监护人", "guardian", 17, NOTE),
    ("联系电话", "phone", 21, PRINT), ("就读\n方式", "attendance_mode", 10, NOTE), ("备　注", "remark", 11, PRINT),
)
NUMBERS = {"national_no", "id_doc_no", "phone"}  # on one line, however high another value makes the row
PRIVATE = {"id_doc_no", "current_address", "phone"}
WIDER = {"name": 20, "hukou_place": 30, "remark": 40}  # what the private columns leave free
PUBLIC = tuple((title, field, width + WIDER.get(field, 0), size) for title, field, width, size in CLASS if field not in PRIVATE)
NEW = tuple(("班　级", "class_name", *column[2:]) if column[1] == "class_no" else column for column in CLASS)

VARIANTS = {
    "class": ("学　生　花　名　册", CLASS),
    "public": ("学生花名册（公示）", PUBLIC),
    "new": ("新　生　花　名　册", NEW),
}


def boxes(columns, y, height):
    x = LEFT
    for title, field, width, size in columns:
        yield title, field, size, Box(x, y, width, height)
        x += width


@dataclass(frozen=True)
class Table(Part):
    columns: tuple
    closed: bool = False  # a list that is sealed says where its rows end

    def frame(self, sheet):
        sheet.pen()
        for title, _, _, box in boxes(self.columns, TOP, HEAD):
            sheet.put(title, box, NOTE, pad=PAD, above=0)

    def fill(self, sheet, facts):
        y = TOP + HEAD
        for number, row, steps in facts["on_page"]:
            for title, field, size, box in boxes(self.columns, y, steps * STEP):
                text = text_of(number, row, field)
                line = box._replace(y=box.y + (box.h - STEP) / 2, h=STEP)
                whole = field in NUMBERS and fit(text, line._replace(w=box.w - 2 * PAD), size, sheet.ems_in("value"))
                sheet.put(text, line if whole else box, size, "value", pad=PAD, above=0, name=f"第 {number} 行·{spoken(title)}")
            y += steps * STEP
            sheet.pen(INNER if number % 5 else FIFTH)  # leads the eye over 267 mm
            sheet.line(LEFT, y, LEFT + WIDTH)
        sheet.pen()
        sheet.line(LEFT, TOP + HEAD, LEFT + WIDTH)
        for *_, box in list(boxes(self.columns, TOP, HEAD))[1:]:
            sheet.line(box.x, TOP, box.x, y)
        sheet.pen(OUTER)
        sheet.rectangle(Box(LEFT, TOP, WIDTH, y - TOP))
        if self.closed and y + STEP < TOP + HEAD + STEPS_ABOVE_SEAL * STEP:
            sheet.put("（以下空白）", Box(LEFT, y, WIDTH, STEP), NOTE, above=0)


def text_of(number, row, field):
    return reading(field, row[field], short=True) if field else str(number)


def steps_of(number, row, columns, fonts):
    """How many steps of 4.7 a row needs for its longest value."""
    need = 1
    for title, field, size, box in boxes(columns, 0, 0):
        text = text_of(number, row, field)
        while fit(text, box._replace(w=box.w - 2 * PAD, h=need * STEP), size, lambda part: fonts.ems(part, "value")) is None:
            need += 1
            if need > STEPS_ABOVE_SEAL:
                raise too_long(text, box._replace(h=STEPS_ABOVE_SEAL * STEP), f"第 {number} 行·{spoken(title)}")
    return need


def pages_of(rows, sealed):
    """A page ends where the next row does not fit; a list that is sealed leaves room for that below its last rows."""
    pages = [[]]
    for row in rows:
        if steps_on(pages[-1]) + row[2] > STEPS:
            pages.append([])
        pages[-1].append(row)
    if sealed and steps_on(pages[-1]) > STEPS_ABOVE_SEAL:
        full, last = pages[-1], []
        while steps_on(full) > STEPS_ABOVE_SEAL:
            last.insert(0, full.pop())
        pages.append(last)
    return pages


def steps_on(page):
    return sum(steps for _, _, steps in page)


def parts_of(variant, sealed_here, sealed):
    title, columns = VARIANTS[variant]
    yield Title(title, Box(60, 24, 177, 8))
    yield Written("表头", "{head}", Box(LEFT, 33.6, 185, 5.2), above=0)
    yield Written("人数", "{figures}", Box(LEFT + 187, 33.6, 80, 5.2), align="right", above=0)
    yield Table(columns, sealed_here)
    if sealed_here:
        yield Written("合计", "合计　{figures}", Box(LEFT, 149.4, 180, 5.2))
        yield Signature("填表人：", "{filled_by}", 15, 162, 75)
        yield Signature("审核人：", "", 15, 172, 75)
        yield Seal("seal", 242, 172)
    elif not sealed:
        yield Signature("填表人：", "{filled_by}", 15, 193.8, 60)
        yield Signature("审核人：", "", 65, 193.8, 110)
    foot = 193.4 if sealed_here else 191.3  # clear of the seal's lower edge at 193
    yield Written("打印人", "打印 {printed_on}　{printed_by}", Box(LEFT + 147, foot, 120, 5), NOTE, "song", align="right")


def sides(facts, fonts):
    variant, rows = facts["variant"], facts["rows"]
    if not rows:
        raise CannotPrint("名册里还没有学生，请先选定学生再打印。")
    columns = VARIANTS[variant][1]
    teacher = f"班主任 {facts['class_teacher']}" if facts["class_teacher"] else ""
    boys, girls = (sum(row["sex"] == sex for row in rows) for sex in "男女")
    facts = Facts(
        facts, head="　".join(filter(None, (facts["school_name"], facts["class_title"], teacher, facts["term"]))),
        figures=f"应到 {facts['expected']} 人　实有 {len(rows)} 人　男 {boys}　女 {girls}")
    sealed = facts["seal"] is not None
    pages = pages_of([(number, row, steps_of(number, row, columns, fonts)) for number, row in enumerate(rows, 1)], sealed)
    return [
        Side(f"roster-{variant}-{sealed}-{page is pages[-1]}", tuple(parts_of(variant, sealed and page is pages[-1], sealed)),
             Facts(facts, on_page=page))
        for page in pages]


def draw_all(papers, font_folder=None):
    titles = dict.fromkeys(spoken(VARIANTS[facts["variant"]][0]) for facts in papers)
    return print_papers(papers, "、".join(titles), sides, size=A4_LANDSCAPE, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
