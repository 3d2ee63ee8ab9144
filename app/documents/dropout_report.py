"""辍学学生报告单 with its 劝返记录, to township and county: one A4, and as many further sheets (续) as the visits fill.

Facts
    number                      竹辍字〔2026〕第00003号; a reprint begins 补 and a full-width space
    name sex birth_date national_no current_address class_title school_code
    guardian                    {name, relation, phone}
    absent_from days            the first school day missed, and how many school days that makes
    reason whereabouts measures explanation noted_by
    visits                      [{on, who, how, result}] in the order of their days
    school office               each {name, opinion, officer, decided_on}
    printed_on printed_by; case_no, code with check_page, and check_address where there are any
Dates are ISO texts; every other text is printed as it stands.
"""
from app.documents.fitting import CELL, NOTE, TITLE, Box
from app.documents.paper import Facts, Side, print_papers
from app.documents.parts import Columns, Office, Outline, Printed, Proof, Rows, Title, Written

FIRST, MORE = 6, 15  # visits on the first sheet, on each further one
HEADS = (("日期", "on", 24), ("劝返人", "who", 36), ("方式", "how", 24), ("结果", "result", 73))
WHO = (
    Title("{heading}", Box(25, 22, 165, 11), TITLE),
    Written("编号", "{number}", Box(60, 35.5, 95, 6), face="song", align="centre"),
)
REPORT = (
    *WHO,
    Rows(25, 44, (
        (8, ("姓　名", "name", 34), ("性　别", "sex", 34), ("出生日期", "birth_date", 34)),
        (8, ("学籍号", "national_no", 61.5), ("年级班级", "class_title", 61.5)),
        (8, ("监护人", "guardian_name", 34), ("关　系", "guardian_relation", 34), ("联系电话", "guardian_phone", 34)),
        (9, ("现住址", "current_address", 144)),
        (8, ("缺课起日", "absent_on", 34), ("上课日数", "days", 34), ("登记人", "noted_by", 34)),
        (9, ("辍学原因", "reason", 61.5), ("去　向", "whereabouts", 61.5)),
        (16, ("已采取的\n措　施", "measures", 144)),
        (16, ("情况说明", "explanation", 144)),
    ), large="name"),
    Columns("劝返记录", "visits", 25, 126, FIRST, 11.6, HEADS),
    Office("school", Box(25, 203, 82.5, 42.5), "学校意见"),
    Office("office", Box(107.5, 203, 82.5, 42.5), "主管教育行政部门意见"),
    Outline(Box(25, 44, 165, 201.5)),
    Printed("一式三份：学校存档，报乡镇人民政府和主管教育行政部门。学籍在义务教育年限内保留，不得注销。", Box(25, 246.5, 165, 5), NOTE, "left"),
    Proof(Box(25, 253, 17, 17), 46, 257),
)
CONTINUED = (
    *WHO,
    Written("学生", "{name}　{class_title}", Box(25, 43, 165, 6), CELL),
    Columns("劝返记录", "visits", 25, 51, MORE, 12, HEADS),
    Outline(Box(25, 51, 165, 7 + MORE * 12)),
)


def sides(facts, _):
    guardian = {f"guardian_{name}": facts["guardian"][name] for name in ("name", "relation", "phone")}
    told = Facts(facts, heading="辍学学生报告单", absent_on=chinese(facts["absent_from"]), **guardian)
    visits = list(facts["visits"])
    pages = [Side("dropout-report", REPORT, told)]
    for start in range(FIRST, len(visits), MORE):
        pages.append(Side("dropout-report-continued", CONTINUED, Facts(told, heading="辍学学生报告单（续）", visits=visits[start : start + MORE])))
    return pages


def chinese(day):
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year}年{month}月{number}日"


def draw_all(papers, font_folder=None):
    return print_papers(papers, "辍学学生报告单", sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
