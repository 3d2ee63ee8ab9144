"""关键信息变更, 学生类型变更, 贫困生认定和取消 as table entries (workflows.md 17, 22; regulation.md 10, 11): what is changed is the record, the pupil stays where she is."""

from ..codes import table
from ..policies.sources import CITY, N13, ZHUSHAN
from . import key_checks, record_checks
from .change import StatusChange
from .flow import ENDED, NEXT, Flow, Move, Step, elsewhere, examined, school_then_county

_HERE = ("01", "02", "06")
_GONE = dict.fromkeys(("07", "08", "09", "10"), "毕业、离校以后只能由主管教育行政部门更正")

KEY_CHANGE = StatusChange(
    Flow(
        kind="key-change", title="关键信息变更", sign="变", start="applying", article=f"{N13}第十条",
        steps=school_then_county("变更申请") | {
            "applying": Step("变更申请", "applicant", "mend_days", {"submit": Move(NEXT, "提交"), **ENDED}),
            "county": examined("主管教育行政部门核办", "county", "step_days_county", second="second_person_county"),
            "county_check": Step("主管教育行政部门复核", "county", "step_days_county", {
                "approve": Move(NEXT, "同意"), "refuse": Move("rejected", "不予办理，本件终结", blame=True), **ENDED}),
            "province": examined("省级教育行政部门核办", "province", "step_days_province", "同意，立即生效"),
            "outside": elsewhere("等待省级（系统外）核办"),
        },
        ordinary=("applying", "school_audit", "county", "province", "effective"),
        evidence={"household": "户口簿（变更页）", "police": "户籍管理部门的证明", "application": "学籍信息变更申请表（监护人签字）", "passport": "护照、通行证或居留证件", "other": "其他材料"},
    ),
    asks={"name": "姓名", "sex": "性别", "birth_date": "出生日期", "id_doc_type": "身份证件类型", "id_doc_no": "身份证件号", "nationality": "国籍/地区",
          "overseas_status": "港澳台侨外", "explanation": "变更理由", "guardian": "申请的监护人"},
    choices={name: dict(table(code_table).choices()) for name, code_table in (
        ("sex", "sex_form"), ("id_doc_type", "id_document_type_form"), ("nationality", "country"), ("overseas_status", "overseas_status"))},
    items=key_checks.ITEMS, statuses=_HERE, office_statuses=tuple(_GONE), checks=key_checks.KEY_CHANGE, needed={"": ("application", "household", "police")},
    set_by={"province": "key_change_province"}, office_line=("applying", "county_check", "province", "effective"), instead=_GONE | {"11": "学籍已经注销，不再变更"},
)
KIND_CHANGE = StatusChange(
    Flow(
        kind="kind-change", title="学生类型变更", sign="类", start="applying", steps=school_then_county("类型变更申请"), article=ZHUSHAN,
        evidence={"application": "申请书（监护人签字）", "borrowing": "借读联系表或两校同意借读的证明", "disability": "残疾人证或医院证明",
                  "expert": "残疾人教育专家委员会意见", "other": "其他材料"},
    ),
    asks={"student_kind": "学生类型", "explanation": "情况说明", "guardian": "申请的监护人"}, choices={"student_kind": dict(table("student_kind").choices())},
    items=("student_kind",), evidence_by="student_kind", statuses=("01", "02"), checks=record_checks.KIND_CHANGE,
    needed={"": ("application",), record_checks.BORROWING: ("borrowing",), "随班就读": ("disability", "expert"), "残障生": ("disability",)},
    instead={"06": "流失的请先办理返校"},
)
_PAPERS = {"application": "贫困生认定申请表（监护人签字）", "proof": "民政、残联、乡村振兴等部门的证明", "visit": "家庭情况核实记录", "other": "其他材料"}
POVERTY = StatusChange(
    Flow(kind="poverty", title="贫困生认定", sign="贫", start="applying", steps=school_then_county("贫困生认定申请"), article=f"{CITY}五", evidence=_PAPERS),
    asks={"poverty_status": "贫困等级", "basis": "认定依据", "poverty_from": "认定起", "explanation": "家庭经济情况", "guardian": "申请的监护人"},
    choices={"poverty_status": {code: words for code, words in table("hardship_level").choices() if code in record_checks.POOR}, "basis": record_checks.BASES},
    items=("poverty_status",), evidence_by="basis", statuses=("01", "02"), checks=record_checks.POVERTY,
    needed={"": ("application",), **dict.fromkeys(record_checks.BASES, ("proof",)), record_checks.OTHER_BASIS: ("visit",)}, instead={"06": "流失的请先办理返校"},
)
POVERTY_END = StatusChange(
    Flow(kind="poverty-end", title="贫困生认定取消", sign="消", start="applying", steps=school_then_county("取消认定申请"), article=f"{CITY}五",
         evidence={"visit": "家庭情况核实记录", "application": "申请书（监护人签字）", "other": "其他材料"}),
    asks={"poverty_until": "认定止", "explanation": "取消的原因"}, statuses=_HERE, checks=record_checks.POVERTY_END, needed={"": ("visit",)}, bars=record_checks.not_poor,
)

ENTRIES = (KEY_CHANGE, KIND_CHANGE, POVERTY, POVERTY_END)
