"""The kinds of case (业务) as tables, beside `workflows.md` of the domain reference. Screens, deadlines, inboxes, help and tests read them;
no view and no template compares the name of a step.

A kind is added by an entry here, a form, an effect (app/services/effects.py) and a template per event, nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Move:
    """What can be done at a step. `blame` moves need a reason from a list and say what is to be mended."""

    to: str
    title: str
    blame: bool = False


@dataclass(frozen=True)
class Step:
    """`seat` says whose desk (see SEATS); `days` names the setting that holds its time; a step without moves ends the case."""

    title: str
    seat: str = ""
    days: str = ""
    moves: Mapping[str, Move] = field(default_factory=dict)
    outcome: str = ""  # of a step that ends the case: how the case is called then

    @property
    def terminal(self):
        return not self.moves


@dataclass(frozen=True)
class Flow:
    """`sign` stands in the case's number (竹教招〔2026〕第00001号); `start` is the first step, `first` where a submitted case goes."""

    kind: str
    title: str
    sign: str
    start: str
    steps: Mapping[str, Step]
    article: str
    begun_by: str = "school_registrar"
    subject: str = "student"
    evidence: Mapping[str, str] = field(default_factory=dict)  # what may be attached: key → title

    def step(self, name) -> Step:
        return self.steps[name]

    def offered(self, name) -> dict:
        """The moves that a form offers at a step to whoever holds its seat."""
        return {action: move for action, move in self.steps[name].moves.items() if action not in ("submit", "withdraw", "clear", "lapse")}

    @property
    def line(self):
        """The steps in the order of the ordinary way, for progress bars."""
        names, name = [], self.start
        while name not in names:
            names.append(name)
            moves = self.steps[name].moves
            name = next((moves[action].to for action in ("submit", "approve") if action in moves), name)
        return names


# Whose desk a step stands on: (title, whose duty). services.seats finds the body.
SEATS = {
    "applicant": "申请学校学籍管理员",
    "audit": "学校审核人",  # where the school has none: its township, else the county
    "county": "主管教育行政部门",
}

# Each office has its own clock (办法第十五条: 应当分别在10个工作日内): the setting that holds a step's days where another duty than the school's sits.
DAYS = {
    "township_registrar": "step_days_township", "county_officer": "step_days_county", "city_officer": "step_days_city",
    "province_officer": "step_days_province",
}


def days_of(step: Step, duty: str) -> str:
    """The setting that says how long this duty has for a step; mending has its own."""
    return DAYS.get(duty, step.days) if step.days.startswith("step_days") else step.days


# How a case stands, as a list says it: (words, the look's class)
STATES = {
    "open": ("办理中", "run"), "effective": ("已生效", "done"), "rejected": ("不予办理", "bad"), "withdrawn": ("已撤销", ""), "lapsed": ("已失效", ""),
    "cleared": ("已清理", ""), "voided": ("已作废", "bad"),
}

ENDINGS = {
    "effective": Step("已生效", outcome="effective"), "rejected": Step("不予办理", outcome="rejected"), "withdrawn": Step("已撤销", outcome="withdrawn"),
    "cleared": Step("已清理", outcome="cleared"),
}


def _school_then_county(first_title):
    """registrar → school audit → county: the road of most kinds (workflows.md 1, 2, 8 …)."""
    return {
        "applying": Step(first_title, "applicant", "mend_days", {
            "submit": Move("school_audit", "提交"), "withdraw": Move("withdrawn", "撤销"), "clear": Move("cleared", "清理"),
        }),
        "school_audit": Step("学校审核", "audit", "step_days_school", {
            "approve": Move("county", "同意，送主管教育行政部门核办"), "return": Move("applying", "退回补正", blame=True),
            "refuse": Move("rejected", "不予办理，本件终结", blame=True), "withdraw": Move("withdrawn", "撤销"), "clear": Move("cleared", "清理"),
        }),
        "county": Step("主管教育行政部门核办", "county", "step_days_county", {
            "approve": Move("effective", "同意，立即生效"), "return": Move("applying", "退回补正", blame=True),
            "refuse": Move("rejected", "不予办理，本件终结", blame=True), "withdraw": Move("withdrawn", "撤销"), "clear": Move("cleared", "清理"),
        }),
        **ENDINGS,
    }


ENROLMENT = Flow(
    kind="enrolment", title="新生登记", sign="招", start="applying", steps=_school_then_county("登记信息"),
    article="中小学生学籍管理办法（教基〔2025〕1号）；2013年办法第四条",
    evidence={
        "signed_sheet": "信息核对表（监护人签字）", "household": "户口簿", "birth_certificate": "出生医学证明", "attending": "在校就读证明",
        "passport": "护照或居留证件", "other": "其他材料",
    },
)

FLOWS = {flow.kind: flow for flow in (ENROLMENT,)}

# Why a case is returned or refused; the codes of transfer_reject_reason serve every kind until a kind has its own.
REASONS = "transfer_reject_reason"
ENROLMENT_REASONS = {
    "01": "信息与证件不一致", "02": "材料不全或看不清", "03": "不符合入学条件", "04": "疑似重复学籍", "05": "班级或年级有误", "06": "超过招生计划", "99": "其他",
}


def reasons(kind: str) -> dict[str, str]:
    return ENROLMENT_REASONS
