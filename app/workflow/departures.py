"""出国（境）, 回国, 死亡, 丧失学习能力 as table entries (workflows.md 12, 13)."""

from ..codes import table
from ..policies.sources import N13, N25, ZHUSHAN
from . import departure_checks
from .change import StatusChange
from .flow import Flow, school_then_county

ABROAD = StatusChange(
    Flow(
        kind="abroad", title="出国（境）", sign="出", start="applying", steps=school_then_county("出国（境）申请"), article=f"{N13}第二十条；{N25}",
        evidence={"application": "出国（境）申请书（监护人签字）", "passport": "护照、签证", "settlement": "定居证明或境外学校录取文件", "other": "其他材料"},
    ),
    asks={"effective_on": "离校日期", "country": "去往的国家或地区", "abroad_kind": "类别", "explanation": "情况说明", "guardian": "申请的监护人"},
    choices={"country": {code: name for code, name in table("country").choices() if code != "156"}, "abroad_kind": departure_checks.KINDS},
    statuses=("01", "02"), checks=departure_checks.ABROAD, needed={"": ("application", "passport", "settlement")},
    instead={"06": "流失的请先办理返校", "91": "学生已经出国（境）"},
)
BACK = StatusChange(
    Flow(
        kind="back-from-abroad", title="回国", sign="回", start="applying", steps=school_then_county("回国复学申请"), article=f"{N13}第二十条；{N25}",
        evidence={"application": "回国复学申请书（监护人签字）", "passport": "护照、入境记录", "learning": "境外就读证明、成绩单", "other": "其他材料"},
    ),
    asks={"effective_on": "到校日期", "to_class": "编入班级", "explanation": "境外就读经历", "guardian": "申请的监护人"},
    statuses=("91",), checks=departure_checks.BACK, years=("any",), needed={"": ("application", "learning")}, anywhere=True,
    instead={"01": "学生在读，不用办理回国", "02": "短期出国（境）按休学办理的，请办理复学"},
)
DEATH = StatusChange(
    Flow(
        kind="death", title="死亡", sign="亡", start="applying", steps=school_then_county("死亡报告"), article=f"{N13}第二十一条",
        evidence={"proof": "派出所证明或死亡证明", "other": "其他材料"},
    ),
    asks={"effective_on": "死亡日期", "reason": "死亡原因", "explanation": "情况说明"},
    statuses=("01", "02", "06", "07", "08", "09", "91"), checks=departure_checks.DEATH, reasons="death_cause", needed={"": ("proof",)}, any_time=True, beside=True,
    instead={"10": "学生已经转出，由现在的学校报告", "11": "已经办理"},
)
LOSS = StatusChange(
    Flow(
        kind="loss-of-ability", title="丧失学习能力", sign="丧", start="applying", steps=school_then_county("丧失学习能力报告"), article=f"{ZHUSHAN}三",
        evidence={"application": "申请书（监护人签字）", "diagnosis": "县级以上医院证明", "disability": "残疾人证", "other": "其他材料"},
    ),
    asks={"effective_on": "离校日期", "hospital": "出具证明的医院", "diagnosis": "诊断", "explanation": "情况说明", "guardian": "申请的监护人"},
    statuses=("01", "02", "06"), checks=departure_checks.LOSS, needed={"": ("application", "diagnosis", "disability")},
)

ENTRIES = (ABROAD, BACK, DEATH, LOSS)
