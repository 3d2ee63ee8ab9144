"""跳级, 留级 (workflows.md 14, 15; regulation.md 8)."""

from dataclasses import dataclass
from datetime import date

from ..identity.dates import chinese
from ..policies.sources import N13, ZHUSHAN
from ..policies.values import in_season
from .checks import Finding, limit_setting

IN_DISGUISE = f"{N13}第十一条；学校不得以转学、复学变相留级、跳级"
STAGES = {"1": "primary", "2": "junior", "3": "senior"}


@dataclass(frozen=True)
class Way:
    """What of her way so far counts here: she reads in a class of special education; how often she repeated; the junior certificate; when she last came by 转入 or 复学."""

    special: bool = False
    repeated: int = 0
    graduated: bool = False
    joined_on: date | None = None


def check_allowed(facts):
    """Each stage has its switch, classes of special education one of their own."""
    kind, title = facts.change.flow.kind.removeprefix("grade-"), facts.change.flow.title
    special = facts.more["way"].special
    stage = "special" if special else STAGES[facts.cohort.stage]
    setting = f"{kind}_{stage}"
    where = {"primary": "小学", "junior": "初中", "senior": "高中", "special": "特殊教育"}[stage]
    if facts.rules[setting]:
        return [Finding("allowed", title, "pass", f"本地规则：{where}可以{title}", facts.rules.article(setting))]
    return [Finding("allowed", title, "block", f"本地规则：{where}不办理{title}", facts.rules.article(setting), "student", "请在原年级就读；规则由主管教育行政部门设置")]


def check_season(facts):
    """They take effect at the start of a school year."""
    rules, title = facts.rules, facts.change.flow.title
    season = f"{rules.promotion_on}至{rules.grade_move_by}"
    if in_season(facts.today, rules.promotion_on, rules.grade_move_by):
        return [Finding("season", "办理时间", "pass", f"学年开始时办理（{season}）", rules.article("grade_move_by"))]
    return [Finding("season", "办理时间", "block", f"{title}在学年开始时办理（{season}）", rules.article("grade_move_by"), "student", f"请在{rules.promotion_on}以后申请")]


def check_disguise(facts):
    """Who has just come by transfer or resumption was put into her grade then."""
    joined = facts.more["way"].joined_on
    if joined is None or joined < school_year_from(facts):
        return []
    return [Finding("disguise", "转入、复学", "block", f"{chinese(joined)}转入或复学，本学年不能再{facts.change.flow.title}", IN_DISGUISE, "student", "请在编入的年级就读")]


def school_year_from(facts) -> date:
    """The day of the roll-over that began this school year."""
    this = facts.rules.promotion_on.in_year(facts.today.year)
    return this if facts.today >= this else facts.rules.promotion_on.in_year(facts.today.year - 1)


def check_repeated(facts):
    way, most = facts.more["way"], facts.rules.repeat_special_most
    if way.special and way.repeated >= most:
        return [Finding("repeated", "已留级", "block", f"已留级 {way.repeated} 次，特殊教育最多留级 {most} 个年级", facts.rules.article("repeat_special_most"), "student", "请随班升级")]
    return []


def check_certificate(facts):
    """读完九年、参加考试并取得初中毕业证书的不得复读."""
    if not facts.more["way"].graduated or facts.cohort.stage == "3":
        return []
    return [Finding("certificate", "毕业证书", "block", "已取得初中毕业证书的不得复读", ZHUSHAN, "student", "请办理升学")]


def check_class(facts):
    """One grade up or down, inside the stage; a full class takes nobody in: nobody has a right to this."""
    goal, title, article = facts.goal, facts.change.flow.title, facts.change.flow.article
    if goal is None:
        return [Finding("to_class", "编入班级", "block", "请选择编入的班级", article, "to_class", "从列表中选择")]
    step = facts.change.years[0]
    if goal.cohort.stage != facts.cohort.stage or goal.cohort.year != facts.cohort.year + step:
        sentence = f"现在在{facts.cohort.title}，{title}只能编入本学段{'高' if step > 0 else '低'}一个年级，不能编入{goal.cohort.title}"
        return [Finding("grade", "编入年级", "block", sentence, article, "to_class", "请改选班级；本学段没有的不能办理")]
    if goal.headcount >= goal.limit:
        sentence = f"{goal.title}已有 {goal.headcount} 人，班额 {goal.limit} 人，没有学位"
        return [Finding("class_limit", "班额", "block", sentence, facts.rules.article(limit_setting(goal.cohort.stage, goal.kind)), "to_class", "请改选同年级的其他班")]
    return [Finding("grade", "编入年级", "pass", f"从{facts.cohort.title}编入{goal.title}", article)]


def check_words(facts):
    if facts.answers.get("explanation"):
        return []
    return [Finding("explanation", "申请理由", "block", f"请写明{facts.change.flow.title}的理由", facts.change.flow.article, "explanation", "写明学业考核的情况和监护人的意见")]


SKIP = (check_allowed, check_season, check_disguise, check_class, check_words)
REPEAT = (check_allowed, check_season, check_disguise, check_repeated, check_certificate, check_class, check_words)
