"""转学证明 with stub and receipt: one A4 in three parts, two cut lines.

Facts
    number                      青转字〔2026〕第00018号; a reprint begins 补 and a full-width space
    name sex birth_date national_no from_class to_grade to_school_full reason remark
    valid_for                   三个月
    issued_on
    first                       receiving or releasing: whose opinions stand in the upper row
    from_school from_office to_school to_office: each {name, opinion, officer, decided_on}; who has not yet acted has None in
                                all but the name, and the paper has a blank for the pen
    printed_on printed_by; case_no, code with check_page, and check_address where there are any
Dates are ISO texts (2026-08-28); every other text is printed as it stands.
"""
from app.documents.fitting import LETTER, PRINT, TITLE, Box
from app.documents.paper import Facts, Side, print_papers
from app.documents.parts import Cut, Letter, Office, Outline, Printed, Proof, Rows, Seal, Signature, Title, Written

STUB = (
    Title("转学证明（存根）", Box(60, 10, 95, 10)),
    Printed("第一联　转出学校存档", Box(145, 12, 45, 6)),
    Written("编号", "{number}", Box(60, 19.5, 95, 6), face="song", align="centre"),
    Rows(25, 26.5, (
        (7, ("姓　名", "name", 61.5), ("性　别", "sex", 61.5)),
        (7, ("学籍号", "national_no", 61.5), ("出生日期", "birth_date", 61.5)),
        (7, ("转往学校", "to_school_full", 61.5), ("年级班级", "from_class", 61.5)),
        (7, ("备　注", "remark", 61.5), ("转学原因", "reason", 61.5)))),
    Outline(Box(25, 26.5, 165, 28)),
    Signature("经办人：", "{from_school.officer}", 82, 61, 128),
    Signature("开具日期：", "{issued_on}", 134, 61, 190),
    Cut(68),
)

CERTIFICATE = (
    Title("转　学　证　明", Box(60, 74, 95, 12), TITLE),
    Printed("第二联　交转入学校", Box(145, 77, 45, 6)),
    Written("编号", "{number}", Box(60, 86, 95, 6), face="song", align="centre"),
    Written("转入学校", "{to_school.name}：", Box(25, 94, 165, 7), LETTER),
    Letter("　　兹有我校 {from_class} 学生 {name} ，性别 {sex} ， {birth_date} 生，学籍号 {national_no} ，"
           "因 {reason} ，申请转入你校 {to_grade} 就读，请予接洽。本证明自开具之日起 {valid_for} 内有效。",
           Box(25, 102, 165, 24.5)),
    Outline(Box(25, 128, 165, 85)),
    Printed("一、本证明涂改无效，未盖转出学校和主管教育行政部门公章无效。\n二、学生到校就读后，请转入学校填写回执，盖章寄回转出学校。",
            Box(76, 213.6, 92, 7.6), PRINT, "left"),
    Proof(Box(173, 214.5, 17, 17), 76, 221),
    Cut(234),
)

RECEIPT = (
    Title("转学证明回执", Box(60, 239, 95, 10)),
    Printed("第三联　寄回转出学校", Box(145, 241, 45, 6)),
    Written("编号", "{number}", Box(60, 248.5, 95, 6), face="song", align="centre"),
    Written("转出学校", "{from_school.name}：", Box(25, 257, 112, 7), LETTER),
    Letter("　　你校学生 {name} （学籍号 {national_no} ）已于 {:3} 年 {:2} 月 {:2} 日到我校 {:7} 就读，学籍已转入。",
           Box(25, 264, 112, 26)),
    Seal("receipt", 167, 271),
)


LABELS = {"from_school": "转出学校意见", "from_office": "转出主管教育行政部门意见", "to_school": "转入学校意见", "to_office": "转入主管教育行政部门意见"}
ORDERS = {"receiving": ("to", "from"), "releasing": ("from", "to")}


def opinions(first):
    for y, side in zip((128, 170.5), ORDERS[first], strict=True):
        for x, body in ((25, f"{side}_school"), (107.5, f"{side}_office")):
            yield Office(body, Box(x, y, 82.5, 42.5), LABELS[body])


PARTS = {first: STUB + CERTIFICATE + tuple(opinions(first)) + RECEIPT for first in ORDERS}


def sides(facts, _):
    receipt = Facts(name=facts["to_school"]["name"], decided_on=None)
    return [Side(f"transfer-certificate-{facts['first']}", PARTS[facts["first"]], Facts(facts, receipt=receipt))]


def draw_all(papers, font_folder=None):
    return print_papers(papers, "转学证明", sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
