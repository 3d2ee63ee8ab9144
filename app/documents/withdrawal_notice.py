"""退学通知书 (senior secondary): handed to the guardian, who signs the slip below the cut line for the school.

Facts
    number                      竹退字〔2026〕第00001号; a reprint begins 补 and a full-width space
    guardian name sex birth_date national_no class_title school_phone
    ground reason               监护人申请, 病患
    issued_on                   the day on which it took effect
    school office               each {name, opinion, officer, decided_on}
    printed_on printed_by; case_no, code with check_page, and check_address where there are any
Dates are ISO texts; every other text is printed as it stands.
"""
from app.documents.fitting import CELL, LARGE, LETTER, TITLE, Box
from app.documents.paper import Side, print_papers
from app.documents.parts import Cut, Letter, Printed, Proof, Seal, Signature, Title, Written

PARTS = (
    Title("退　学　通　知　书", Box(60, 20, 95, 12), TITLE),
    Printed("第一联　交监护人", Box(145, 24, 45, 6)),
    Written("编号", "{number}", Box(60, 34, 95, 6), face="song", align="centre"),
    Written("监护人", "{guardian}：", Box(25, 46, 165, 8), LARGE),
    Letter("　　我校 {class_title} 学生 {name} ，性别 {sex} ， {birth_date} 生，学籍号 {national_no} ，退学依据： {ground} ，退学原因： {reason} 。"
           "经学校审核并报 {office.name} 核准，自 {issued_on} 起退学，学籍在我校终止。特此通知。如有异议，请向学校或主管教育行政部门反映。", Box(25, 56, 165, 62), LARGE),
    Signature("学校经办人：", "{school.officer}", 25, 172, 80),
    Signature("联系电话：", "{school_phone}", 100, 172, 160),
    Seal("school", 72, 143),
    Seal("office", 150, 143),
    Proof(Box(173, 182, 17, 17), 76, 186),
    Cut(208),
    Title("退学通知书送达回证", Box(60, 214, 95, 10)),
    Printed("第二联　学校存档", Box(145, 216, 45, 6)),
    Written("编号", "{number}", Box(60, 224, 95, 6), face="song", align="centre"),
    Letter("　　学生 {name} （学籍号 {national_no} ）的退学通知书已经收到。", Box(25, 234, 165, 14), LETTER),
    Signature("监护人签字：", "", 25, 258, 88),
    Signature("与学生关系：", "", 92, 258, 140),
    Signature("日期：", "", 145, 258, 190),
    Signature("送达人：", "", 25, 269, 88),
    Printed("监护人拒绝签收的，由两名送达人注明情况并签字。", Box(92, 266, 98, 6), CELL, "left"),
)


def sides(facts, _):
    return [Side("withdrawal-notice", PARTS, facts)]


def draw_all(papers, font_folder=None):
    return print_papers(papers, "退学通知书", sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
