"""Applications for a change of a pupil's standing or record, one A4 each for guardian, school and office to sign: filled in as far as the record and the
application know, blanks for the pen. What a kind of form asks stands in FORMS: a row there is a form.

Facts
    form                        a key of FORMS
    title                       湖北省中小学生学籍信息变更申请表
    number                      empty, or that of the paper
    photo                       bytes of a JPEG, or None
    name sex ethnicity birth_date national_no id_doc_type id_doc_no hukou_nature phone school class_title current_address: texts
    the fields of the form's own rows; of a form with `listed`, `changes`: rows of {item, old, new}
    attached                    ■户口簿　□其他材料
    guardian                    {name, relation, phone}
    school_opinion office_opinion: each {name, opinion, officer, decided_on}; None where the pen writes
    printed_on printed_by; case_no where there is one
Dates are ISO texts; every other text is printed as it stands.
"""
from dataclasses import dataclass

from app.documents.fitting import CELL, TITLE, Box
from app.documents.paper import Facts, Side, print_papers
from app.documents.parts import Columns, Office, Outline, Photo, Printed, Proof, Rows, Signature, Title, Written

TOP, ATTACHED, HEIGHT = 100, 183.5, 83.5  # where the form's own rows begin and end, and what they fill
LIST_ROW = 7


@dataclass(frozen=True)
class Form:
    """`rows` are those of Rows: (height, (label, field, width of the value), …); the last, in words, takes what is left. `listed` is the number of rows of a list of
    changes that stands above them."""
    title: str
    words: tuple  # (label, field) of the last row
    rows: tuple = ()
    promise: str = "本人承诺：以上所填内容和所交材料真实有效。如有不实，愿承担由此产生的后果。"
    listed: int = 0
    opinions: tuple = ("学校意见", "主管教育行政部门意见")


CLASSES = (10, ("编入班级", "to_class", 144))
FORMS = {
    "key-change": Form("学籍信息变更申请表", ("变更理由", "explanation"), listed=7),
    "kind-change": Form("学生类型变更申请表", ("情况说明", "explanation"), ((12, ("现在类型", "now", 61.5), ("变更为", "new", 61.5)),)),
    "grade-skip": Form("跳级审批表", ("申请理由\n（学业考核\n情况）", "explanation"), (CLASSES,)),
    "grade-repeat": Form("留级审批表", ("申请理由\n（学业考核\n情况）", "explanation"), (CLASSES,)),
    "poverty": Form("贫困生认定申请表", ("家庭经济\n情况", "explanation"), (
        (12, ("申请等级", "level", 61.5), ("认定起", "from", 61.5)), (12, ("认定依据", "basis", 144)))),
}
PUPIL = (
    (8, ("姓　名", "name", 110)),
    (8, ("性　别", "sex", 34), ("民　族", "ethnicity", 55)),
    (8, ("出生日期", "birth_date", 34), ("学籍号", "national_no", 55)),
    (8, ("身份证件类型", "id_doc_type", 34), ("身份证件号", "id_doc_no", 55)),
    (8, ("户口性质", "hukou_nature", 34), ("联系电话", "phone", 55)),
    (8, ("学　校", "school", 89), ("年级班级", "class_title", 34)),
    (8, ("现住址", "current_address", 144)),
)


def own_rows(form):
    top, rows = TOP, form.rows
    if form.listed:
        yield Columns("变更内容", "changes", 25, TOP, form.listed, LIST_ROW, (("项　目", "item", 31), ("原登记内容", "old", 63), ("变更为", "new", 63)), CELL)
        top += 7 + form.listed * LIST_ROW
    left = ATTACHED - top - sum(row[0] for row in rows)
    yield Rows(25, top, (*rows, (left, (*form.words, 144))))


def parts(form):
    return (
        Title("{title}", Box(25, 22, 165, 11), TITLE),
        Written("编号", "{number}", Box(60, 35.5, 95, 6), face="song", align="centre"),
        Rows(25, 44, PUPIL, large="name"),
        Photo(Box(160.5, 46.5, 25, 35)),
        *own_rows(form),
        Rows(25, ATTACHED, ((10, ("附　件", "attached", 144)), (8, ("监护人", "guardian_name", 34), ("关　系", "guardian_relation", 34), ("联系电话", "guardian_phone", 34)))),
        Printed(form.promise, Box(27.2, 202.5, 160, 6), CELL, "left"),
        Signature("监护人签字：", "", 82, 213.5, 130),
        Signature("日期：", "", 136, 213.5, 188),
        Office("school_opinion", Box(25, 218.5, 82.5, 42.5), form.opinions[0]),
        Office("office_opinion", Box(107.5, 218.5, 82.5, 42.5), form.opinions[1]),
        Outline(Box(25, 44, 165, 217)),
        Proof(Box(25, 263, 17, 17), 46, 266.5),
    )


PARTS = {name: parts(form) for name, form in FORMS.items()}


def sides(facts, _):
    guardian = {f"guardian_{name}": facts["guardian"][name] for name in ("name", "relation", "phone")}
    return [Side(f"application-{facts['form']}", PARTS[facts["form"]], Facts(facts, **guardian))]


def draw_all(papers, font_folder=None):
    title = "、".join(dict.fromkeys(FORMS[facts["form"]].title for facts in papers))
    return print_papers(papers, title, sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
