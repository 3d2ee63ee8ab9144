"""休学证明 and 复学证明 with their stubs: one A4 in two halves, the school's above the cut line, the guardian's below.

Facts
    variant                     leaving or returning
    number                      青休字〔2026〕第00007号; a reprint begins 补 and a full-width space
    name sex birth_date national_no class_title reason
    from_on until_on            as granted
    evidence                    the titles of what was handed in
    applied_on approved_on issued_on
    remark                      of 休学证明: what it renews; may be empty
    certificate_no effective_on of 复学证明: the 休学证明 with which the pupil comes back, the day of the return
    school office               each {name, opinion, officer, decided_on}
    printed_on printed_by; case_no, code with check_page, and check_address where there are any
Dates are ISO texts (2026-08-28); every other text is printed as it stands.
"""
from app.documents.fitting import LARGE, TITLE, Box
from app.documents.paper import Facts, Side, print_papers
from app.documents.parts import Cut, Letter, Outline, Printed, Proof, Rows, Seal, Signature, Title, Written, reading

LEAVING = (
    (9, ("姓　名", "name", 61.5), ("性　别", "sex", 61.5)),
    (9, ("学籍号", "national_no", 61.5), ("出生日期", "birth_date", 61.5)),
    (9, ("年级班级", "class_title", 61.5), ("休学原因", "reason", 61.5)),
    (9, ("休学起止", "period", 144)),
    (9, ("证明材料", "evidence", 144)),
    (9, ("申请日期", "applied_on", 61.5), ("批准日期", "approved_on", 61.5)),
    (9, ("备　注", "remark", 144)),
)
RETURNING = (
    *LEAVING[:2],
    (9, ("休学证明\n编　号", "certificate_no", 61.5), ("休学原因", "reason", 61.5)),
    (9, ("休学起止", "period", 144)),
    (9, ("康复证明", "evidence", 144)),
    LEAVING[5],
    (9, ("复学班级", "class_title", 144)),
)
VARIANTS = {
    "leaving": ("休学证明", LEAVING, (
        "　　学生 {name} ，性别 {sex} ，学籍号 {national_no} ，系我校 {class_title} 学生，因 {reason} ，经审核批准，自 {from_on} 至 {until_on} 休学，"
        "休学期间保留学籍。期满前一周凭本证明及县级以上医院康复证明办理复学手续。")),
    "returning": ("复学证明", RETURNING, (
        "　　学生 {name} ，性别 {sex} ，学籍号 {national_no} ，因 {reason} ，自 {from_on} 至 {until_on} 休学。经审核批准，"
        "准予自 {effective_on} 起在 {class_title} 复学。")),
}


def parts(title, rows, letter):
    return (
        Title(f"{title}（存根）", Box(60, 16, 95, 10)),
        Printed("第一联　学校存档", Box(145, 18, 45, 6)),
        Written("编号", "{number}", Box(60, 26, 95, 6), face="song", align="centre"),
        Rows(25, 36, rows),
        Outline(Box(25, 36, 165, 63)),
        Signature("领取人：", "", 82, 110, 128),
        Signature("日期：", "", 134, 110, 190),
        Signature("经办人：", "{school.officer}", 82, 121, 128),
        Signature("开具日期：", "{issued_on}", 134, 121, 190),
        Cut(148.5),
        Title("　".join(title), Box(60, 155.5, 95, 12), TITLE),
        Printed("第二联　交学生监护人", Box(145, 158.5, 45, 6)),
        Written("编号", "{number}", Box(60, 168, 95, 6), face="song", align="centre"),
        Letter(letter, Box(25, 178, 165, 48), LARGE),
        Seal("school", 85.5, 250),
        Seal("office", 164, 250),
        Proof(Box(25, 274, 17, 17), 46, 277),
    )


PARTS = {variant: parts(*told) for variant, told in VARIANTS.items()}


def sides(facts, _):
    period = "至".join(reading(name, facts[name]) for name in ("from_on", "until_on"))
    return [Side(f"suspension-{facts['variant']}", PARTS[facts["variant"]], Facts(facts, period=period))]


def draw_all(papers, font_folder=None):
    title = "、".join(dict.fromkeys(VARIANTS[facts["variant"]][0] for facts in papers))
    return print_papers(papers, title, sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
