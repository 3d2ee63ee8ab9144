"""学籍注销单 (a death, a loss of the ability to learn) and 出国（境）就读备案表: one A4 each, sealed by school and office, which keep a copy each.

Facts
    variant                     cancelled or abroad
    number                      青销字〔2026〕第00002号; a reprint begins 补 and a full-width space
    name sex birth_date id_doc_no national_no class_title entry_month current_address
    guardian                    {name, relation, phone}
    why                         of 学籍注销单: 死亡, 丧失学习能力
    reason                      溺水死亡; of a loss of ability what the hospital says
    country abroad_kind         of 出国（境）就读备案表
    effective_on evidence explanation applied_on approved_on
    school office               each {name, opinion, officer, decided_on}
    printed_on printed_by; case_no, code with check_page, and check_address where there are any
Dates are ISO texts (2026-08-28; 2020-09 for a month); every other text is printed as it stands.
"""
from app.documents.fitting import NOTE, TITLE, Box
from app.documents.paper import Facts, Side, print_papers
from app.documents.parts import Office, Outline, Printed, Proof, Rows, Signature, Title, Written

PUPIL = (
    (10, ("姓　名", "name", 34), ("性　别", "sex", 34), ("出生日期", "birth_date", 34)),
    (10, ("学籍号", "national_no", 61.5), ("身份证件号", "id_doc_no", 61.5)),
    (10, ("年级班级", "class_title", 61.5), ("入学年月", "entry_month", 61.5)),
    (10, ("监护人", "guardian_name", 34), ("关　系", "guardian_relation", 34), ("联系电话", "guardian_phone", 34)),
    (10, ("现住址", "current_address", 144)),
)
APPLIED = (10, ("申请日期", "applied_on", 61.5), ("批准日期", "approved_on", 61.5))
VARIANTS = {
    "cancelled": ("学籍注销单", (
        *PUPIL,
        (10, ("注销类别", "why", 61.5), ("发生日期", "effective_on", 61.5)),
        (14, ("注销原因", "reason", 144)),
        (12, ("证明材料", "evidence", 144)),
        (40, ("情况说明", "explanation", 144)),
        APPLIED,
    ), "一式两份：学校存入学生档案一份，报主管教育行政部门一份。注销以后学籍封存备查，不再办理其他业务。"),
    "abroad": ("出国（境）就读备案表", (
        *PUPIL,
        (10, ("去往国家\n或地区", "country", 61.5), ("离校日期", "effective_on", 61.5)),
        (14, ("类　别", "abroad_kind", 144)),
        (12, ("证明材料", "evidence", 144)),
        (40, ("情况说明", "explanation", 144)),
        APPLIED,
    ), "一式两份：学校存入学生档案一份，报主管教育行政部门备案一份。学生回国（境）后凭境外就读证明申请恢复学籍。"),
}


def parts(title, rows, note):
    return (
        Title(title, Box(25, 22, 165, 11), TITLE),
        Written("编号", "{number}", Box(60, 35.5, 95, 6), face="song", align="centre"),
        Rows(25, 44, rows, large="name"),
        Office("school", Box(25, 196, 82.5, 42.5), "学校意见"),
        Office("office", Box(107.5, 196, 82.5, 42.5), "主管教育行政部门意见"),
        Outline(Box(25, 44, 165, 194.5)),
        Signature("监护人签字：", "", 27.2, 188, 90),
        Signature("日期：", "", 134, 188, 187.8),
        Printed(note, Box(25, 240.5, 165, 5), NOTE, "left"),
        Proof(Box(25, 249, 17, 17), 46, 253),
    )


PARTS = {variant: parts(*told) for variant, told in VARIANTS.items()}


def sides(facts, _):
    guardian = {f"guardian_{name}": facts["guardian"][name] for name in ("name", "relation", "phone")}
    return [Side(f"departure-{facts['variant']}", PARTS[facts["variant"]], Facts(facts, **guardian))]


def draw_all(papers, font_folder=None):
    title = "、".join(dict.fromkeys(VARIANTS[facts["variant"]][0] for facts in papers))
    return print_papers(papers, title, sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
