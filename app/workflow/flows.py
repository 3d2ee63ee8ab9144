"""The kinds of case (业务) as tables, beside `workflows.md` of the domain reference. Screens, deadlines, inboxes, help and tests read them;
no view and no template compares the name of a step.

A kind is added by an entry here or in changes.py, a form, an effect (app/services/casework/effects.py) and a template per event, nothing else. Most kinds go one way; a
transfer goes the way that its two schools make of it (`transfer_route`), and the case keeps that way from its first day.
"""

from collections.abc import Mapping
from dataclasses import replace

from ..codes import table
from . import merges, moving_up, school_cases
from .changes import CHANGES
from .flow import DAYS, ENDED, ENDINGS, NEXT, SEATS, STATES, Flow, Move, Step, days_of, elsewhere, examined, school_then_county

__all__ = ["DAYS", "ENDED", "ENDINGS", "ENROLMENT", "FLOWS", "NEW_RECORDS", "NEXT", "REVERSAL", "SEATS", "STATES", "SUPPLEMENTARY", "TRANSFER", "TRANSFERS", "TRANSFER_OUT", "Flow", "Move", "Step", "days_of", "reasons"]

ENROLMENT = Flow(
    kind="enrolment", title="新生登记", sign="招", start="applying", steps=school_then_county("登记信息"),
    article="中小学生学籍管理办法（教基〔2025〕1号）；2013年办法第四条", makes_record=True,
    evidence={
        "signed_sheet": "信息核对表（监护人签字）", "household": "户口簿", "birth_certificate": "出生医学证明", "attending": "在校就读证明",
        "passport": "护照或居留证件", "other": "其他材料",
    },
    spared={"birth_certificate": "有身份证件号的免交", "attending": "有身份证件号的免交", "passport": "中国籍学生免交", "other": "有的才附"},
)
SUPPLEMENTARY = replace(
    ENROLMENT, kind="supplementary", title="补录（新建）", sign="补", article="中小学生学籍管理办法（教基〔2025〕1号）；2013年办法第四条、第六条（一人一籍）",
    evidence=ENROLMENT.evidence | {"old_school": "旧学校学籍证明", "certificate": "转学证明"},
    spared=ENROLMENT.spared | dict.fromkeys(("old_school", "certificate"), "没有在别处就读过的免交"),
)
NEW_RECORDS = {flow.kind: flow for flow in (ENROLMENT, SUPPLEMENTARY)}


# ---------------------------------------------------------------- transfer (workflows.md 3, 4, 5, 6, 21)

TRANSFER = Flow(
    kind="transfer", title="转学", sign="转", start="applying", one_by_one=True,
    article="中小学生学籍管理办法（教基〔2025〕1号）第十五条",
    steps={
        "applying": Step("转学申请", "applicant", "mend_days", {"submit": Move(NEXT, "提交"), **ENDED}),
        "to_registrar": examined("转入学校接收", "registrar", "step_days_school", "同意接收"),
        "to_audit": examined("转入学校审核", "audit", "step_days_school"),
        "to_county": examined("转入主管部门核办", "county", "step_days_county", second="second_person_county"),
        "to_city": examined("转入地市级核办", "city", "step_days_city"),
        "to_province": examined("转入地省级核办", "province", "step_days_province"),
        "to_outside": elsewhere("等待转入地（系统外）核办"),
        "from_registrar": examined("转出学校核对", "registrar", "step_days_school", "情况属实，同意转出"),
        "from_audit": examined("转出学校审核", "audit", "step_days_school"),
        "from_county": examined("转出主管部门核办", "county", "step_days_county", second="second_person_county"),
        "from_city": examined("转出地市级核办", "city", "step_days_city"),
        "from_province": examined("转出地省级核办", "province", "step_days_province"),
        "from_outside": elsewhere("等待转出地（系统外）核办"),
        "far": elsewhere("等待外省核办"),
        "county": examined("主管教育行政部门核办", "county", "step_days_county", second="second_person_county"),
        "city": examined("市级教育行政部门核办", "city", "step_days_city"),
        "draw": Step("转入学校调档", "registrar", "instruction_days", {
            "draw": Move(NEXT, "转入（调档），立即生效"), "take_back": Move("rejected", "收回允许转学指令，本件终结", blame=True, by="released"),
            "lapse": Move("lapsed", "逾期未调档，指令失效", by="clock"), **ENDED,
        }),
        **ENDINGS, "lapsed": Step("已失效", outcome="lapsed"),
    },
    ordinary=("applying", "to_audit", "to_county", "from_registrar", "from_audit", "from_county", "effective"),
    evidence={
        "application": "转学申请表（监护人签字）", "household": "户口簿", "residence": "居住证明（房产证、居住证）", "work": "工作证明", "entitled": "优待对象证明",
        "abroad": "父母出国（境）或支边证明", "expert": "专家委员会意见或家校协议", "acceptance": "接收证明", "record_card": "原学校学籍卡",
        "certificate": "原学校转学证明", "answer": "外地主管部门的答复", "other": "其他材料",
    },
    spared={
        "record_card": "原学校在本系统的免交，学籍随转学自动转来", "certificate": "原学校在本系统的免交，由系统开具", "acceptance": "转入学校在本系统的免交，在系统里同意接收",
        "answer": "两地主管部门都在本系统的免交",
    },
)

# 系统外转出 (workflows.md 6): to a school of another province that is not in this house. Proved by its 接收证明; only where the rules let the releasing side go first, the
# answer of the other province is waited for.
TRANSFER_OUT = Flow(
    kind="transfer-out", title="系统外转出", sign="离", start="applying", one_by_one=True, article=TRANSFER.article,
    evidence={kind: title for kind, title in TRANSFER.evidence.items() if kind not in ("record_card", "certificate")}, spared={"answer": "不等外省答复的免交"},
    steps={
        "applying": Step("转出申请", "applicant", "mend_days", {"submit": Move(NEXT, "提交"), **ENDED}),
        **{name: TRANSFER.steps[name] for name in ("from_audit", "from_county", "from_city", "from_province", "far")},
        "from_outside": elsewhere("等待上级（系统外）核办"), **ENDINGS,
    },
    ordinary=("applying", "from_audit", "from_county", "effective"),
)
TRANSFERS = {flow.kind: flow for flow in (TRANSFER, TRANSFER_OUT)}  # one machine, two kinds: by where the other school lies
SIDES = ("to", "from")
RELEASING = ("from_county", "from_city", "from_province", "county", "city")  # the last of them on a case's way lets the pupil go


def transfer_route(*, first="to", starter="to", same_office=False, cities=(), provinces=False, instruction=False, away=frozenset(), audited=("to", "from"), far=False) -> tuple:
    """The way of a transfer: the side that is `first` in the rules decides before the other, an office common to both comes last, once.

    `starter` is the side whose registrar applies: the first, or the one that is here. `cities` are those of the seats to_city, from_city, city that
    are asked for, `audited` the sides whose school agrees by two persons. A run of seats `away`, at bodies not in this house, is one step, at which ours before it records the answer (DECIDED 1);
    `far` where the other side's lie in another province.
    """
    sides = {side: [f"{side}_registrar", *([f"{side}_audit"] if side in audited else [])] for side in SIDES}
    for side in SIDES:
        if not same_office:
            sides[side].append(f"{side}_county")
        if f"{side}_city" in cities:
            sides[side].append(f"{side}_city")
        if provinces:
            sides[side].append(f"{side}_province")
    common = (["county"] if same_office else []) + (["city"] if "city" in cities else [])
    second = "from" if first == "to" else "to"
    names = []
    for name in [*sides[first], *sides[second], *common]:
        side = side_of(name) or starter
        here = name if name not in away else "far" if far and side != starter else f"{side}_outside"
        if name != f"{starter}_registrar" and here not in names:
            names.append(here)
    return (TRANSFER.start, *names, *(["draw"] if instruction else []), "effective")


def leaving_route(*, first, **facts) -> tuple:
    """The way of 系统外转出, which the releasing school begins. Where the receiving side goes first, its 接收证明 says that it has."""
    route = transfer_route(first=first, starter="from", far=True, **facts)
    return route if first == "from" else tuple(name for name in route if name != "far")


def side_of(name) -> str:
    """Whose rules a step of a transfer goes by: `to`, `from`, or nothing for an office common to both."""
    side = "to" if name == "draw" else name.partition("_")[0]
    return side if side in SIDES else ""


def first_side(route) -> str:
    """The side that decides before the other on this way: `to` or `from`."""
    return next(side for side in map(side_of, route[1:]) if side)


def releasing_step(route) -> str:
    """The step at which the releasing side lets the pupil go; nothing where that side is elsewhere."""
    return next((name for name in reversed(route) if name in RELEASING), "")


REVERSAL = Flow(
    kind="reversal", title="撤销已生效业务", sign="撤", start="applying", begun_by="county_officer", article="本系统约定：由最后核办的主管部门撤销",
    steps={
        "applying": Step("撤销已生效业务", "applicant", "mend_days", {"submit": Move("effective", "撤销，立即生效")}),
        "effective": ENDINGS["effective"],
    },
)

FLOWS = {flow.kind: flow for flow in (ENROLMENT, SUPPLEMENTARY, *TRANSFERS.values(), *CHANGES, *school_cases.SCHOOL_CASES, moving_up.MOVING_UP, merges.MERGE, REVERSAL)}

# Why a case is returned or refused; the codes of transfer_reject_reason serve every kind that has no list of its own, but for the words that only fit a transfer.
REASONS = "transfer_reject_reason"
OF_TRANSFERS_ALONE = {"03": "不符合规定的办理条件", "07": "", "08": ""}  # what else is said instead, if anything
ENROLMENT_REASONS = {
    "01": "信息与证件不一致", "02": "材料不全或看不清", "03": "不符合入学条件", "04": "疑似重复学籍", "05": "班级或年级有误", "06": "超过招生计划", "99": "其他",
}


def reasons(kind: str) -> Mapping[str, str]:
    own = dict.fromkeys(NEW_RECORDS, ENROLMENT_REASONS) | school_cases.REASONS | {merges.MERGE.kind: merges.REASONS, moving_up.MOVING_UP.kind: moving_up.REASONS}
    if kind in own:
        return own[kind]
    instead = {} if kind in TRANSFERS else OF_TRANSFERS_ALONE
    return {code: words for code, label in table(REASONS).labels.items() if (words := instead.get(code, label))}
