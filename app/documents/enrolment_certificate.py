"""学籍证明 (在读证明): half a sheet, in the upper half of an A4 of which the lower half stays empty.

Facts
    number                      青读字〔2026〕第00112号; a reprint begins 补 and a full-width space
    name sex birth_date class_title entry_month
    id_doc_title id_doc_no      身份证号 and the number; the letter leaves out what is empty, 学籍号 alike
    national_no
    standing                    在籍在读 or 在籍休学
    purpose                     办理户口迁移
    valid_for                   30天
    school                      {name, officer, decided_on}
    school_phone
    printed_on printed_by; code with check_page, and check_address where there are any
Dates are ISO texts (2026-08-28, 2020-09 for a month); every other text is printed as it stands.
"""
from app.documents.fitting import LARGE, TITLE, Box
from app.documents.paper import Side, print_papers
from app.documents.parts import Letter, Proof, Seal, Signature, Title, Written

PARTS = (
    Title("学　籍　证　明", Box(60, 18, 95, 12), TITLE),
    Written("编号", "{number}", Box(60, 32, 95, 6), face="song", align="centre"),
    Signature("经办人：", "{school.officer}", 25, 103, 75),
    Signature("联系电话：", "{school_phone}", 25, 112, 75),
    Seal("school", 164, 117),
    Proof(Box(25, 123, 17, 17), 46, 126.5),
)


def wording(facts):
    title = facts["id_doc_title"].replace("{", "{{").replace("}", "}}")
    numbers = f"，{title} {{id_doc_no}} " if facts["id_doc_no"] else ""
    numbers += "，学籍号 {national_no} " if facts["national_no"] else ""
    return ("　　兹证明 {name} ，性别 {sex} ， {birth_date} 生" + numbers + "，系我校 {class_title} {standing}学生，入学年月 {entry_month} 。"
            "用途： {purpose} 。本证明自开具之日起 {valid_for} 内有效。")


def sides(facts, _):
    return [Side("enrolment-certificate", (*PARTS, Letter(wording(facts), Box(25, 43, 165, 48), LARGE)), facts)]


def draw_all(papers, font_folder=None):
    return print_papers(papers, "学籍证明", sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
