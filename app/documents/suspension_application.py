"""休（复）学申请表: one A4 for both, the upper half for leaving, the lower for coming back, a tick for which; guardian, class teacher, school and office sign each.

Facts
    form                        suspension, suspension-renewal or resumption
    title                       湖北省中小学生休（复）学申请表
    name sex birth_date national_no id_doc_no school class_title current_address: texts
    guardian                    {name, relation, phone}
    leaving                     {reason, final_grade, from_on, until_on, hospital, diagnosis, explanation, attached}; an empty half has empty texts
    returning                   {certificate_no, effective_on, to_class, cohort, hospital, explanation, attached}
    school_opinion office_opinion: each {name, opinion, officer, decided_on}; None where the pen writes
    printed_on printed_by; case_no where there is one
Dates are ISO texts; every other text is printed as it stands.
"""
from dataclasses import dataclass

from app.documents.fitting import CELL, TITLE, Box
from app.documents.paper import Facts, Side, print_papers
from app.documents.parts import Office, Outline, Part, Proof, Rows, Signature, Title, Written, reading

NAME = "休（复）学申请表"
FORMS = {"suspension": "休学", "suspension-renewal": "续休", "resumption": "复学"}
LEAVING = ("reason", "final_grade", "from_on", "until_on", "hospital", "diagnosis", "explanation", "attached")
RETURNING = ("certificate_no", "effective_on", "to_class", "cohort", "hospital", "explanation", "attached")
UPPER, LOWER = 71.5, 172.5
PUPIL = (
    (7.5, ("姓　名", "name", 34), ("性　别", "sex", 34), ("出生日期", "birth_date", 34)),
    (7.5, ("学籍号", "national_no", 61.5), ("身份证件号", "id_doc_no", 61.5)),
    (7.5, ("学　校", "school", 89), ("年级班级", "class_title", 34)),
    (7.5, ("监护人", "guardian_name", 34), ("关　系", "guardian_relation", 34), ("联系电话", "guardian_phone", 34)),
    (7.5, ("现住址", "current_address", 144)),
)
UPPER_ROWS = (
    (8, ("休学原因", "leaving_reason", 57.5), ("毕业年级", "leaving_final_grade", 57.5)),
    (8, ("休学起止", "period", 136)),
    (8, ("诊断医院", "leaving_hospital", 57.5), ("诊　断", "leaving_diagnosis", 57.5)),
    (11, ("情况说明", "leaving_explanation", 136)),
    (8, ("附　件", "leaving_attached", 136)),
)
LOWER_ROWS = (
    (8, ("休学证明\n编　号", "returning_certificate_no", 57.5), ("休学起止", "returning_period", 57.5)),
    (8, ("康复证明\n医　院", "returning_hospital", 57.5), ("复学日期", "returning_on", 57.5)),
    (8, ("复学班级", "returning_to_class", 57.5), ("编　入", "returning_cohort", 57.5)),
    (11, ("情况说明", "returning_explanation", 136)),
    (8, ("附　件", "returning_attached", 136)),
)


@dataclass(frozen=True)
class Sideways(Part):
    """What a half is for, down its left side."""
    text: str
    box: Box

    def frame(self, sheet):
        sheet.pen()
        sheet.rectangle(self.box)
        sheet.put("\n".join(self.text), self.box)


def opinions(half, y):
    return (Office(f"{half}_school", Box(25, y, 82.5, 42.5), "学校意见"), Office(f"{half}_office", Box(107.5, y, 82.5, 42.5), "主管教育行政部门意见"))


PARTS = (
    Title("{title}", Box(25, 13, 165, 11), TITLE),
    Written("申请事项", "申请事项：{ticks}", Box(25, 26, 165, 6), CELL),
    Rows(25, 34, PUPIL),
    Sideways("休学", Box(25, UPPER, 8, 43)),
    Rows(33, UPPER, UPPER_ROWS),
    Signature("监护人签字：", "", 27.2, UPPER + 47, 75),
    Signature("班主任签字：", "", 79, UPPER + 47, 128),
    Signature("日期：", "", 134, UPPER + 47, 187.8),
    Signature("校长签字（毕业年级）：", "", 27.2, UPPER + 54.5, 92),
    *opinions("leaving", UPPER + 58.5),
    Sideways("复学", Box(25, LOWER, 8, 43)),
    Rows(33, LOWER, LOWER_ROWS),
    Signature("监护人签字：", "", 27.2, LOWER + 47, 75),
    Signature("班主任签字：", "", 79, LOWER + 47, 128),
    Signature("日期：", "", 134, LOWER + 47, 187.8),
    *opinions("returning", LOWER + 51),
    Outline(Box(25, 34, 165, 232)),
    Proof(Box(25, 269, 17, 17), 46, 271),
)


def sides(facts, _):
    """Each half says what is known of it; who has not acted has blanks for the pen."""
    halves = {f"leaving_{name}": facts["leaving"][name] for name in LEAVING} | {f"returning_{name}": facts["returning"][name] for name in RETURNING}
    guardian = {f"guardian_{name}": facts["guardian"][name] for name in ("name", "relation", "phone")}
    days = [reading("on", facts["leaving"][name]) for name in ("from_on", "until_on")]
    period = f"{days[0]}至{days[1]}" if any(days) else ""
    ticks = "　".join(("■" if form == facts["form"] else "□") + words for form, words in FORMS.items())
    bodies = {f"{half}_{body}": facts[f"{body}_opinion"] for half in ("leaving", "returning") for body in ("school", "office")}
    told = Facts(facts, **halves, **guardian, **bodies, period=period, ticks=ticks, returning_period=period if facts["form"] == "resumption" else "",
                 returning_on=reading("effective_on", facts["returning"]["effective_on"]))
    return [Side("suspension-application", PARTS, told)]


def draw_all(papers, font_folder=None):
    return print_papers(papers, NAME, sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
