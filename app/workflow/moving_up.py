"""升学调档 (workflows.md 20): a school draws the record of a graduate whom it recruited in another region, by the 允许外招指令 that the source authority gave for her."""

from dataclasses import dataclass
from datetime import date

from ..identity.dates import chinese
from ..policies.sources import NATIONAL_SYSTEM, ZHEJIANG
from . import checks
from .checks import Finding
from .flow import ENDED, ENDINGS, NEXT, Flow, Move, Step, examined
from .transfer_checks import Goal

GRADUATED = "07"
MOVING_UP = Flow(
    kind="moving-up", title="升学调档", sign="升", start="applying", one_by_one=True, article=f"{ZHEJIANG}：凭允许外招指令调档",
    steps={
        "applying": Step("升学调档申请", "applicant", "mend_days", {"submit": Move(NEXT, "提交"), **ENDED}),
        "to_audit": examined("学校审核", "audit", "step_days_school", "同意，送主管教育行政部门核办"),
        "to_county": examined("主管教育行政部门核办", "county", "step_days_county", "同意，立即生效", second="second_person_county"),
        **ENDINGS,
    },
    ordinary=("applying", "to_audit", "to_county", "effective"),
    evidence={"list": "两地确认的录取名册", "notice": "录取通知书", "other": "其他材料"},
)
REASONS = {"01": "学生没有到校", "02": "材料不全或看不清", "03": "班级有误", "04": "超过招生计划", "99": "其他"}


@dataclass(frozen=True)
class Facts:
    today: date
    policy: object
    stage: str  # to which she moves up
    year: int  # of the instruction
    last: date  # the day until which it may be drawn
    status: str
    status_title: str
    open_case: str = ""
    problem: bool = False
    goal: Goal | None = None
    planned: int | None = None
    used: int = 0


def check(facts: Facts) -> list[Finding]:
    return [*_check_time(facts), *_check_graduated(facts), *_check_free(facts), *_check_place(facts)]


def _check_time(facts):
    article = facts.policy.article("undrawn_by")
    if facts.today > facts.last:
        return [Finding("instruction", "允许外招指令", "block", f"允许外招指令到{chinese(facts.last)}为止，已经失效", article, "instruction", "请生源地主管教育行政部门重新签发")]
    return [Finding("instruction", "允许外招指令", "pass", f"{facts.year}年的指令，{chinese(facts.last)}以前可以调档", article)]


def _check_graduated(facts):
    if facts.status == GRADUATED:
        return [Finding("status", "学籍状态", "pass", facts.status_title, MOVING_UP.article)]
    return [Finding("status", "学籍状态", "block", f"学籍状态是“{facts.status_title}”，还没有毕业，不能升学调档", MOVING_UP.article, "instruction", "请原学校先办理毕业，再调档")]


def _check_free(facts):
    found = []
    if facts.open_case:
        found.append(Finding("open_case", "在办业务", "block", f"已有未办结的业务：{facts.open_case}", NATIONAL_SYSTEM, "instruction", "请等它办结"))
    if facts.problem:
        found.append(Finding("problem", "问题学籍", "block", "学籍列为问题学籍，还没有处理", NATIONAL_SYSTEM, "instruction", "请原学校及其主管教育行政部门先处理问题学籍"))
    return found


def _check_place(facts):
    """A class of the first grade that begins in the year of the instruction; she counts against the plan of new pupils."""
    goal = facts.goal
    if goal is None or (goal.cohort.stage, goal.cohort.advanced_to, goal.cohort.entry_year) != (facts.stage, 1, facts.year):
        return [Finding("to_class", "编入班级", "block", f"请选择本校{facts.year}年入学的起始年级的班级", MOVING_UP.article, "to_class", "从列表中选择")]
    new = checks.EnrolmentFacts({}, [], facts.policy, facts.stage, facts.year, facts.today, goal.title, goal.kind, goal.headcount, goal.limit, facts.planned, facts.used)
    return [*checks.check_class(new), *checks.check_quota(new)]
