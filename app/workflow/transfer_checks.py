"""What is asked before a child is transferred (转学): regulation.md 5 line by line, each finding with its article and its cure.

Pure, like checks.py: services gather the facts of the child, of the class that she is to join and of the day. `rules` are the receiving county's, for time,
grade and class; `own` are the releasing county's, for the child's standing (DECIDED 3).
"""

from dataclasses import dataclass
from datetime import date

from ..identity import grades
from ..identity.dates import chinese
from ..policies.sources import BARS, N13, N25, NATIONAL_SYSTEM, ZHUSHAN
from ..policies.values import in_season, is_open
from .checks import Finding, limit_setting
from .standings import what_first

RESUME = {  # what comes before a transfer of who does not read here
    "02": "休学的请先办理复学，再转学", "06": "流失的请先办理返校，再转学", "91": "回国的不办转学，请由接收学校办理回国", "07": "已经毕业的由升入的学校办理调档，不办转学",
    "03": "学籍已因退学终结，不能转学", "14": "学籍已因开除终结，不能转学",
}
SPECIAL_KINDS = ("special",)


def why_not(status) -> str:
    """What comes before a transfer for a pupil who stands so; nothing for one who may."""
    if status == "01":
        return ""
    return what_first(status, RESUME)


@dataclass(frozen=True)
class Cohort:
    """A grade: stage, year in the stage, length of the stage, the year in which it entered."""

    stage: str
    advanced_to: int
    length: int
    entry_year: int = 0

    @property
    def year(self):
        return grades.year_of_schooling(self.stage, self.advanced_to, self.length)

    @property
    def title(self):
        return grades.grade_title(self.stage, self.advanced_to, self.length)

    @property
    def final(self):
        return grades.is_final(self.advanced_to, self.length)


@dataclass(frozen=True)
class Goal:
    """The class that she is to join."""

    title: str
    cohort: Cohort
    headcount: int
    limit: int
    kind: str = "ordinary"


@dataclass(frozen=True)
class TransferFacts:
    """`goal` is nothing while the receiving school has yet to name a class; `status` is nothing of a child who has no record here."""

    today: date
    rules: object
    own: object
    calendar: object
    terms: tuple  # (first day, last day) of the receiving county's terms
    cohort: Cohort
    goal: Goal | None = None
    status: str | None = "01"
    status_title: str = "在读"
    open_case: str = ""  # what is under way, who began it and when
    punished: bool = False
    problem: bool = False
    first_term_ends: date | None = None  # of the year in which her cohort entered
    same_school: bool = False
    vocational: tuple = (False, False)  # the old and the new school are vocational
    special: bool = False  # applied for as a special case
    missing: tuple = ()  # evidence that is still to be attached


def transfer(facts: TransferFacts) -> list[Finding]:
    findings = []
    for check in (check_status, check_open_case, check_punishment, check_problem, check_same_school, check_first_term, check_graduating, check_pause, check_window,
                  check_grade, check_vocational, check_class, check_evidence):
        findings += check(facts)
    return findings


def check_status(facts):
    if facts.status in (None, "01"):
        return [Finding("status", "学籍状态", "pass", "在读", f"{N25}第十五条")] if facts.status else []
    cure = what_first(facts.status, RESUME)
    return [Finding("status", "学籍状态", "block", f"学籍状态是“{facts.status_title}”，只有在读学生可以转学", f"{N25}第十五条", "student", cure)]


def check_open_case(facts):
    if not facts.open_case:
        return [Finding("open_case", "在办业务", "pass", "没有未办结的业务", NATIONAL_SYSTEM)]
    cure = "请等它办结，或由申请学校撤销；原学校也可以请主管部门清理"
    return [Finding("open_case", "在办业务", "block", f"已有未办结的业务：{facts.open_case}", NATIONAL_SYSTEM, "student", cure)]


def check_punishment(facts):
    if not facts.own.punished_bar or facts.status is None:
        return []
    article = facts.own.article("punished_bar")
    if facts.punished:
        return [Finding("punishment", "处分", "block", "学生在受处分期间，不能转学", article, "student", "请在原学校撤销处分以后申请")]
    return [Finding("punishment", "处分", "pass", "没有未撤销的处分", article)]


def check_problem(facts):
    """问题学籍: workflows 19 and its matrix."""
    if facts.problem:
        return [Finding("problem", "问题学籍", "block", "学籍列为问题学籍，还没有处理", NATIONAL_SYSTEM, "student", "请原学校及其主管教育行政部门先处理问题学籍")]
    return [Finding("problem", "问题学籍", "pass", "没有未处理的问题学籍", NATIONAL_SYSTEM)] if facts.status else []


def check_same_school(facts):
    if not facts.same_school:
        return []
    return [Finding("same_school", "转入学校", "block", "学生现在就在这所学校，不用转学", f"{N25}第十五条", "to_school", "校内换班请办理调班")]


def check_first_term(facts):
    """起始年级第一学期, to its last day."""
    if not facts.own.first_term_bar:
        return []
    article = facts.own.article("first_term_bar")
    if facts.cohort.advanced_to != 1:
        return [Finding("first_term", "起始年级", "pass", f"{facts.cohort.title}不是起始年级", article)]
    if facts.first_term_ends is None:
        return [Finding("first_term", "起始年级", "block", f"{facts.cohort.entry_year} 学年第一学期的起止日期还没有设置，不能判断是否在起始年级第一学期", article, "student",
                        "请教育局先设置学期")]
    if facts.today <= facts.first_term_ends:
        sentence = f"{facts.cohort.title}第一学期（到{chinese(facts.first_term_ends)}）不能转学"
        return [Finding("first_term", "起始年级", "block", sentence, article, "student", "请在第一学期结束以后申请")]
    return [Finding("first_term", "起始年级", "pass", "第一学期已经结束", article)]


def check_graduating(facts):
    """毕业年级: not at all where the rules bar it; from 1 July until the year is rolled over nowhere."""
    rules = facts.own
    if not facts.cohort.final:
        return [Finding("graduating", "毕业年级", "pass", f"{facts.cohort.title}不是毕业年级", rules.article("graduating_bar"))]
    if in_season(facts.today, rules.graduating_stop, rules.promotion_on):
        sentence = f"毕业年级自{rules.graduating_stop}起停止受理新业务"
        return [Finding("graduating", "毕业年级", "block", sentence, rules.article("graduating_stop"), "student", "毕业以后由升入的学校办理调档")]
    if rules.graduating_bar:
        return [Finding("graduating", "毕业年级", "block", f"{facts.cohort.title}是毕业年级，不能转学", rules.article("graduating_bar"), "student",
                        "毕业以后由升入的学校办理调档")]
    return [Finding("graduating", "毕业年级", "pass", "本地规则允许毕业年级转学", rules.article("graduating_bar"))]


def check_pause(facts):
    rules = facts.rules
    if not in_season(facts.today, rules.pause_from, rules.pause_to):
        return [Finding("pause", "暂停期", "pass", f"不在全国暂停受理的时间（{rules.pause_from}至{rules.pause_to}）", rules.article("pause_from"))]
    sentence = f"{rules.pause_from}至{rules.pause_to}全国暂停受理转学"
    return [Finding("pause", "暂停期", "block", sentence, rules.article("pause_from"), "today", f"请在{rules.pause_to}以后申请；已经受理的继续办理")]


def check_window(facts):
    """受理时间. A special case goes on with the county's tick."""
    windows, article = facts.rules.transfer_windows, facts.rules.article("transfer_windows")
    if not windows:
        return []
    said = facts.rules.text("transfer_windows")
    if not facts.terms and any(isinstance(window.first.anchor, str) for window in windows):
        return [Finding("window", "受理时间", "block", f"受理时间是{said}，学期的起止日期还没有设置", article, "today", "请教育局先设置学期")]
    if is_open(windows, facts.today, facts.terms, facts.calendar):
        return [Finding("window", "受理时间", "pass", f"在受理时间内：{said}", article)]
    if facts.special:
        return [Finding("window", "受理时间", "warn", f"不在受理时间内（{said}），按特殊情况申请", article, "special", "须主管教育行政部门核定为特殊情况")]
    return [Finding("window", "受理时间", "block", f"现在不在受理时间内：{said}", article, "special", "请在受理时间内申请；情况特殊的，勾选“特殊情况”并写明，由教育局核定")]


def check_grade(facts):
    """No change of grade; 六三 and 五四 meet by the year of schooling. A special class may take a child into a lower one (办法第十四条)."""
    if facts.goal is None:
        return []
    old, new = facts.cohort, facts.goal.cohort
    article = f"{ZHUSHAN}；江苏、山东、河南等地规定"
    if old.year == new.year:
        return [Finding("grade", "就读年级", "pass", f"转学前后都是{new.title}", article)]
    if facts.goal.kind in SPECIAL_KINDS and new.year < old.year:
        return [Finding("grade", "就读年级", "warn", f"现读{old.title}，拟入{new.title}：特殊教育学生可以编入低年级", f"{N25}第十四条", "to_class", "请附专家委员会的意见")]
    return [Finding("grade", "就读年级", "block", f"现读{old.title}，拟入{new.title}：转学不得改变年级", article, "to_class", f"请选择{old.title}的班级")]


def check_vocational(facts):
    old, new = facts.vocational
    if old == new or facts.rules.vocational_transfer:
        return []
    return [Finding("vocational", "学校类别", "block", "普通高中与中等职业学校之间不办理普通转学", facts.rules.article("vocational_transfer"), "to_school",
                    "请按本省普职融通的规定办理")]


def check_class(facts):
    goal = facts.goal
    if goal is None:
        return []
    article = facts.rules.article(limit_setting(goal.cohort.stage, goal.kind))
    if goal.headcount >= goal.limit:
        return [Finding("class_limit", "班额", "block", f"{goal.title}已有 {goal.headcount} 人，班额 {goal.limit} 人，没有学位", article, "to_class",
                        "请改编入其他班，或由教育局调整班额")]
    return [Finding("class_limit", "班额", "pass", f"转入后 {goal.headcount + 1} 人，班额 {goal.limit} 人", article, "to_class")]


def check_evidence(facts):
    if not facts.missing:
        return []
    return [Finding("evidence", "材料", "warn", f"还须附：{'、'.join(facts.missing)}", f"{BARS}；{N13}第十四条", "evidence", "请扫描上传，审核人核对后再同意")]


# ---------------------------------------------------------------- evidence

NEEDED = {  # ground → what proves it (regulation 5: grounds and proofs)
    "01": ("household",), "02": ("household", "residence"), "03": ("household", "work"), "04": ("household", "residence", "work"), "05": ("household",),
    "06": ("household", "entitled"), "07": ("household", "abroad"), "09": ("household", "expert"), "10": ("household", "expert"), "99": ("household", "other"),
}
GROUNDS = tuple(NEEDED)  # 08 整班转学 is a business of its own


def evidence_for(reason, *, elsewhere="") -> tuple:
    """The kinds of evidence that a ground asks for. `elsewhere` is the side whose office is not in this house: `to` or `from`."""
    extra = {"to": ("acceptance",), "from": ("record_card", "certificate"), "": ()}[elsewhere]
    return ("application", *NEEDED.get(reason, ("household",)), *extra)
