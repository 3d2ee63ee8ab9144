"""整班转学名册 with stub and receipt: the list on A4 sheets, sealed on the last one; then one sheet with the stub for the old school and the receipt that goes back to it.

Facts
    number from_school to_school office: each body {name, decided_on}
    classes                     三年级1班→三年级2班（28人）
    reason document issued_on   why, by which document, the day it took effect
    officer filled_by           who decided, who made the list
    rows                        for each pupil name sex birth_date national_no from_class to_class remark
    printed_on printed_by; case_no, code with check_page, and check_address where there are any
Dates are ISO texts; every other text is printed as it stands.
"""
from app.documents.fitting import LETTER, PRINT, Box
from app.documents.fonts import CannotPrint
from app.documents.paper import Facts, Side, print_papers
from app.documents.parts import Columns, Cut, Letter, Outline, Printed, Proof, Rows, Seal, Signature, Title, Written

ROWS = 25  # on a page
HEADS = (("序号", "place", 10), ("学　籍　号", "national_no", 40), ("姓　名", "name", 26), ("性别", "sex", 11), ("出生日期", "birth_date", 22), ("原班级", "from_class", 28),
         ("转入班级", "to_class", 28))


LIST = (
    Title("整　班　转　学　名　册", Box(45, 12, 120, 10)),
    Written("编号", "{number}", Box(45, 22, 120, 6), face="song", align="centre"),
    Written("转出学校", "转出学校：{from_school.name}", Box(20, 29, 85, 6)),
    Written("转入学校", "转入学校：{to_school.name}", Box(105, 29, 86, 6)),
    Written("批准文件", "批准文件：{document}", Box(20, 35, 171, 6)),
    Columns("名册", "on_page", 18.5, 42, ROWS, 7, HEADS, PRINT),
    Proof(Box(174, 8, 17, 17), 20, 286),
)
LAST = (
    Written("合计", "合计 {count} 人", Box(20, 225, 60, 5)),
    Seal("from_school", 45, 253), Seal("to_school", 105, 253), Seal("office", 165, 253),
)
SLIPS = (
    Title("整班转学（存根）", Box(60, 14, 95, 10)),
    Printed("转出学校存档", Box(145, 16, 45, 6)),
    Written("编号", "{number}", Box(60, 24, 95, 6), face="song", align="centre"),
    Rows(25, 34, (
        (9, ("转往学校", "to", 61.5), ("人　数", "count", 61.5)),
        (9, ("转学原因", "reason", 61.5), ("生效日期", "issued_on", 61.5)),
        (18, ("班　级", "classes", 144),),
        (12, ("批准文件", "document", 144),))),
    Outline(Box(25, 34, 165, 48)),
    Signature("造册人：", "{filled_by}", 25, 92, 75),
    Signature("核办人：", "{officer}", 82, 92, 132),
    Signature("开具日期：", "{issued_on}", 138, 92, 190),
    Cut(125),
    Title("整班转学回执", Box(60, 150, 95, 10)),
    Printed("寄回转出学校", Box(145, 152, 45, 6)),
    Written("编号", "{number}", Box(60, 160, 95, 6), face="song", align="centre"),
    Written("转出学校", "{from_school.name}：", Box(25, 172, 165, 7), LETTER),
    Letter("　　你校整班转来学生 {count} 人（名册编号 {number} ），已于 {:3} 年 {:2} 月 {:2} 日到我校就读 {:4} 人，未到校 {:4} 人，学籍已全部转入。",
           Box(25, 182, 165, 30)),
    Signature("未到校学生：", "", 25, 222, 130),
    Signature("经办人：", "", 25, 234, 75),
    Seal("receipt", 167, 240),
)


def sides(facts, _):
    rows = [row | {"place": str(place)} for place, row in enumerate(facts["rows"], 1)]
    if not rows:
        raise CannotPrint("名册里没有转出的学生。")
    parts = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    told = Facts(facts, count=str(len(rows)), to=facts["to_school"]["name"], receipt=Facts(name=facts["to_school"]["name"], decided_on=None))
    pages = [Side(f"class-transfer-list-{part is parts[-1]}", LIST + LAST if part is parts[-1] else LIST, Facts(told, on_page=part)) for part in parts]
    return [*pages, Side("class-transfer-slips", SLIPS, told)]


def draw_all(papers, font_folder=None):
    return print_papers(papers, "整班转学名册", sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
