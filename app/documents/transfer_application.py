"""转学申请表, filled in as far as the record knows: one A4 for guardian, two schools and two offices to sign.

Facts
    title                       湖北省中小学生转学申请表
    number                      竹申字〔2026〕第00018号; a reprint begins 补 and a full-width space
    photo                       bytes of a JPEG, or None
    name sex ethnicity birth_date national_no id_doc_type id_doc_no hukou_nature phone entry_month attendance_mode hukou_place current_address
    from_school from_class to_school to_grade: texts; a school with its code in brackets
    scope                       县内, 省内跨县 or 跨省
    reason
    attached                    those of ATTACHMENTS that are handed in
    guardian                    {name, relation, phone, id_doc_type, id_doc_no}
    first                       receiving or releasing: whose opinions stand in the upper row
    receiving receiving_office releasing releasing_office: each {name, opinion, officer, decided_on}; None where the pen writes
    printed_on printed_by; case_no, code with check_page, and check_address where there are any
Dates are ISO texts; every other text is printed as it stands.
"""
from dataclasses import dataclass

from app.documents.fitting import CELL, TITLE, Box
from app.documents.paper import Facts, Side, print_papers
from app.documents.parts import Office, Outline, Part, Photo, Printed, Proof, Rows, Signature, Title, Written

ATTACHMENTS = ("户口簿", "居住证明（房产证、居住证）", "工作证明", "接收证明", "学籍卡", "其他")
PROMISE = "本人承诺：以上所填内容和所交材料真实有效。如有不实，愿承担由此产生的后果。"


@dataclass(frozen=True)
class Ticks(Part):
    """A box before each thing that can be handed in, filled where it was."""
    label: str
    field: str
    choices: tuple
    box: Box

    def frame(self, sheet):
        sheet.pen()
        sheet.rectangle(self.box._replace(w=21))
        sheet.rectangle(self.box)
        sheet.put(self.label, self.box._replace(w=21), pad=0.8)

    def fill(self, sheet, facts):
        shown = "　".join(("■" if choice in facts[self.field] else "□") + choice for choice in self.choices)
        sheet.put(shown, self.box._replace(x=self.box.x + 21, w=self.box.w - 21), CELL, "value", "left", name=self.label)


PUPIL = Rows(25, 44, (
    (8, ("姓　名", "name", 110)),
    (8, ("性　别", "sex", 34), ("民　族", "ethnicity", 55)),
    (8, ("出生日期", "birth_date", 34), ("学籍号", "national_no", 55)),
    (8, ("身份证件类型", "id_doc_type", 34), ("身份证件号", "id_doc_no", 55)),
    (8, ("户口性质", "hukou_nature", 34), ("联系电话", "phone", 55)),
    (8, ("户口所在地", "hukou_place", 144)),
    (8, ("现住址", "current_address", 144)),
    (8, ("转出学校", "from_school", 89), ("年级班级", "from_class", 34)),
    (8, ("转入学校", "to_school", 89), ("拟入年级", "to_grade", 34)),
    (8, ("入学年月", "entry_month", 34), ("就读方式", "attendance_mode", 34), ("转学范围", "scope", 34)),
    (10, ("转学原因", "reason", 144)),
), large="name")
FAMILY = Rows(25, 144, (
    (8, ("监护人", "guardian_name", 34), ("关　系", "guardian_relation", 34), ("联系电话", "guardian_phone", 34)),
    (8, ("身份证件类型", "guardian_id_doc_type", 34), ("身份证件号", "guardian_id_doc_no", 89)),
))
FORM = (
    Title("{title}", Box(25, 22, 165, 11), TITLE),
    Written("编号", "{number}", Box(60, 35.5, 95, 6), face="song", align="centre"),
    PUPIL,
    Photo(Box(160.5, 46.5, 25, 35)),
    Ticks("附　件", "attached", ATTACHMENTS, Box(25, 134, 165, 10)),
    FAMILY,
    Printed(PROMISE, Box(27.2, 161, 160, 6), CELL, "left"),
    Signature("监护人签字：", "", 82, 172, 130),
    Signature("日期：", "", 136, 172, 188),
    Outline(Box(25, 44, 165, 218)),
    Proof(Box(25, 264, 17, 17), 46, 267.5),
)
LABELS = {
    "receiving": "转入学校意见", "receiving_office": "转入主管教育行政部门意见", "releasing": "转出学校意见", "releasing_office": "转出主管教育行政部门意见",
}
ORDERS = {"receiving": ("receiving", "releasing"), "releasing": ("releasing", "receiving")}


def opinions(first):
    for y, side in zip((177, 219.5), ORDERS[first], strict=True):
        for x, body in ((25, side), (107.5, f"{side}_office")):
            yield Office(body, Box(x, y, 82.5, 42.5), LABELS[body])


PARTS = {first: FORM + tuple(opinions(first)) for first in ORDERS}


def sides(facts, _):
    guardian = {f"guardian_{name}": facts["guardian"][name] for name in ("name", "relation", "phone", "id_doc_type", "id_doc_no")}
    return [Side(f"transfer-application-{facts['first']}", PARTS[facts["first"]], Facts(facts, **guardian))]


def draw_all(papers, font_folder=None):
    return print_papers(papers, "转学申请表", sides, font_folder=font_folder)


def draw(facts, font_folder=None):
    return draw_all([facts], font_folder)
