"""What is asked before any change of a pupil's standing (异动), each finding with its article and its cure. Pure: services gather the facts.

What one kind asks beyond this stands beside it: suspension_checks and its like.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..identity.dates import chinese
from ..policies.sources import NATIONAL_SYSTEM
from ..policies.values import in_season
from .checks import Finding
from .standings import what_first
from .transfer_checks import Cohort, Goal

OTHER = "其他"
COMPULSORY_LAW, INSTEAD = "《义务教育法》第二十七条", "请按辍学报告、劝返办理"


@dataclass(frozen=True)
class Span:
    """A time away (离校时段): suspended, dropped out or abroad. `until_on` is what was granted, `ended_on` the day of return."""

    kind: str
    from_on: date
    until_on: date | None
    ended_on: date | None = None
    renewals: int = 0
    reason: str = ""


@dataclass(frozen=True)
class ChangeFacts:
    """`answers` are the form's, by field, cleaned: dates are dates, codes are codes. `goal` is the class that was chosen, where the kind asks for one.

    `asked_on` is the day of the first application, where this one was sent back: time once kept stays kept.
    """

    change: object  # the StatusChange
    answers: Mapping
    today: date
    rules: object
    calendar: object
    terms: tuple  # (first day, last day) of the county's terms
    cohort: Cohort
    status: str
    status_title: str
    birth_date: date | None = None
    open_case: str = ""
    open_beside: bool = False  # that one stands beside another already
    problem: bool = False
    punished: bool = False
    away: Span | None = None  # the one that is open
    spans: tuple = ()  # all that were, the open one among them
    goal: Goal | None = None
    came_on: date | None = None  # to this school
    missing: tuple = ()  # evidence that is still to be attached
    more: Mapping = field(default_factory=dict)  # what one kind alone asks
    office: bool = False  # begun by the office that decides
    asked_on: date | None = None

    @property
    def began_on(self):
        return self.asked_on or self.today


def check(facts: ChangeFacts) -> list[Finding]:
    findings = []
    for one in (check_status, check_stage, check_open_case, check_graduating_stop, check_reason, check_guardian, *facts.change.checks, check_evidence):
        findings += one(facts)
    return findings


def article_of(facts):
    return facts.change.flow.article


def check_status(facts):
    """The matrix at the end of workflows.md."""
    title = facts.change.flow.title
    if facts.status in facts.change.statuses or (facts.office and facts.status in facts.change.office_statuses):
        return [Finding("status", "学籍状态", "pass", facts.status_title, article_of(facts))]
    cure = what_first(facts.status, facts.change.instead)
    return [Finding("status", "学籍状态", "block", f"学籍状态是“{facts.status_title}”，不能办理{title}", article_of(facts), "student", cure)]


def check_stage(facts):
    if facts.cohort.stage in facts.change.stages:
        return []
    return [Finding("stage", "学段", "block", not_in_compulsory(facts.change), COMPULSORY_LAW, "student", INSTEAD)]


def not_in_compulsory(change) -> str:
    return f"义务教育阶段不办理{change.flow.title}"


def check_open_case(facts):
    if not facts.open_case:
        return [Finding("open_case", "在办业务", "pass", "没有未办结的业务", NATIONAL_SYSTEM)]
    if facts.office and not facts.open_beside:
        return [Finding("open_case", "在办业务", "warn", f"未办结的业务：{facts.open_case}，更正以后照常办理", NATIONAL_SYSTEM)]
    if facts.change.beside and not facts.open_beside:
        return [Finding("open_case", "在办业务", "warn", f"未办结的业务：{facts.open_case}，生效时一并清理", NATIONAL_SYSTEM)]
    return [Finding("open_case", "在办业务", "block", f"已有未办结的业务：{facts.open_case}", NATIONAL_SYSTEM, "student", "请等它办结，或由申请学校撤销后再申请")]


def check_graduating_stop(facts):
    """毕业年级自7月1日起停止受理新业务, but death."""
    rules = facts.rules
    cohort = facts.goal.cohort if facts.goal and facts.change.anywhere else facts.cohort
    if facts.change.any_time or facts.office or not cohort.final or not in_season(facts.began_on, rules.graduating_stop, rules.promotion_on):
        return []
    return [Finding("graduating", "毕业年级", "block", f"毕业年级自{rules.graduating_stop}起停止受理新业务", rules.article("graduating_stop"), "student",
                    "请在毕业办理以后由升入的学校办理")]


def check_reason(facts):
    """A reason from the list; 其他 in words."""
    change, reason = facts.change, facts.answers.get("reason")
    if not change.reasons:
        return []
    if reason not in dict(change.reason_choices()):
        return [Finding("reason", "原因", "block", f"请选择{change.flow.title}的原因", article_of(facts), "reason", "从列表中选择")]
    if dict(change.reason_choices())[reason] == OTHER and not facts.answers.get("explanation"):
        return [Finding("reason", "原因", "block", "原因是“其他”的，请写明情况", article_of(facts), "explanation", "在情况说明中写明")]
    return []


def check_guardian(facts):
    if "guardian" not in facts.answers or facts.answers["guardian"]:
        return []
    return [Finding("guardian", "监护人", "block", "请写明申请的监护人", article_of(facts), "guardian", "学籍里没有监护人的，请先在学籍里登记")]


def check_evidence(facts):
    if not facts.missing:
        return []
    return [Finding("evidence", "材料", "warn", f"还须附：{'、'.join(facts.missing)}", article_of(facts), "evidence", "请扫描上传，审核人核对后再同意")]


# ---------------------------------------------------------------- what several kinds ask

def check_day(facts, name, title, *, earliest=None, latest=None, article=""):
    """A day of the form that has to be there and lie between two others."""
    day = facts.answers.get(name)
    if day is None:
        return [Finding(name, title, "block", f"请填写{title}", article, name, "照材料填写，如 2026年9月1日")]
    if earliest and day < earliest:
        return [Finding(name, title, "block", f"{title} {chinese(day)} 早于 {chinese(earliest)}", article, name, f"请核对日期，不能早于 {chinese(earliest)}")]
    if latest and day > latest:
        return [Finding(name, title, "block", f"{title} {chinese(day)} 晚于 {chinese(latest)}", article, name, f"请核对日期，不能晚于 {chinese(latest)}")]
    return []


def check_goal(facts, allowed, why, article):
    """The class chosen lies in one of the `allowed` years of schooling, and in her own stage but where she comes from anywhere; a full one is a warning: she has a right to come
    back."""
    goal = facts.goal
    if goal is None:
        return [Finding("to_class", "编入班级", "block", "请选择编入的班级", article, "to_class", "从列表中选择")]
    if goal.cohort.year not in allowed or (goal.cohort.stage != facts.cohort.stage and not facts.change.anywhere):
        return [Finding("grade", "就读年级", "block", f"拟入{goal.cohort.title}：{why}", article, "to_class", "请改选班级")]
    found = [Finding("grade", "就读年级", "pass", f"编入{goal.title}", article)]
    if goal.headcount >= goal.limit:
        found.append(Finding("class_limit", "班额", "warn", f"{goal.title}已有 {goal.headcount} 人，班额 {goal.limit} 人，编入后超过班额", article, "to_class", "可以改选同年级的其他班"))
    return found
