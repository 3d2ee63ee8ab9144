"""学生类型变更 (regulation.md 10), 贫困生认定和取消 (workflows.md 22). `facts.more["record"]` is the record as it stands."""

from datetime import timedelta

from ..codes import table
from ..identity.dates import chinese
from ..policies.values import in_season
from .change_checks import check_day
from .checks import Finding

BORROWING = "借读生"
POOR = ("1", "2")  # hardship_level: 特别困难, 一般困难
OTHER_BASIS = "other"
BASES = {
    "registered": "脱贫户、监测户（原建档立卡）", "allowance": "低保", "destitute": "特困供养", "disabled": "残疾（本人或父母）", "orphan": "孤儿、事实无人抚养", OTHER_BASIS: "其他困难",
}


def check_kind(facts):
    kind, record, article = facts.answers.get("student_kind"), facts.more["record"], facts.change.flow.article
    if kind not in facts.change.choices["student_kind"]:
        return [Finding("kind", "学生类型", "block", "请选择变更后的学生类型", article, "student_kind", "普通、借读生、随班就读或残障生")]
    if kind == record["student_kind"]:
        return [Finding("kind", "学生类型", "block", f"学生类型现在就是“{kind}”，不用变更", article, "student_kind", "请核对学生和类型")]
    found = [Finding("kind", "学生类型", "pass", f"{record['student_kind']} → {kind}，学籍号和状态不变", article)]
    if kind == BORROWING:
        found.append(Finding("borrowing", "借读", "warn", "长期借读的应办理转学（籍随人走）", article, "student_kind", "确属短期借读的，由审核人核定"))
    if kind == "随班就读" and record["inclusive_class"] in ("", "0"):
        found.append(Finding("inclusive", "随班就读", "warn", "学籍里“随班就读”一项还是“非随班就读”", article, "student_kind", "请同时在学籍里填写随班就读和残疾类型"))
    return found


def check_level(facts):
    answers, record, article = facts.answers, facts.more["record"], facts.change.flow.article
    found = []
    if answers.get("poverty_status") not in POOR:
        found.append(Finding("level", "贫困等级", "block", "请选择贫困等级", article, "poverty_status", "特别困难或一般困难"))
    if answers.get("basis") not in BASES:
        found.append(Finding("basis", "认定依据", "block", "请选择认定依据", article, "basis", "从列表中选择"))
    if not answers.get("explanation"):
        found.append(Finding("explanation", "家庭经济情况", "block", "请写明家庭经济情况", article, "explanation", "收入来源、困难的原因"))
    if found or record["poverty_status"] not in POOR:
        return found
    level, since = table("hardship_level").label(record["poverty_status"]), record["poverty_from"]
    if answers["poverty_status"] == record["poverty_status"] and answers["basis"] == record["poverty_basis"] and since and since >= review_from(facts.rules, facts.today):
        return [Finding("level", "贫困等级", "block", f"{chinese(since)}起已认定为“{level}”，不用再认定", article, "poverty_status", "等级或依据有变的才重新认定；每学年九月复核")]
    return [Finding("level", "贫困等级", "pass", f"现在是“{level}”{f'，{chinese(since)}起' if since else ''}：生效以后以这一次为准", article)]


def review_from(rules, today):
    """The first day of this school year's review: who was certified before it is certified anew."""
    this = rules.poverty_review_from.in_year(today.year)
    return this if today >= this else rules.poverty_review_from.in_year(today.year - 1)


def in_review(rules, today) -> bool:
    return in_season(today, rules.poverty_review_from, rules.poverty_review_by)


def check_from(facts):
    return check_day(facts, "poverty_from", "认定起", earliest=facts.came_on, latest=facts.today + timedelta(days=31), article=facts.change.flow.article)


def not_poor(student):
    return "" if student.poverty_status in POOR else "没有认定为贫困生，不用取消"


def check_end(facts):
    record, article = facts.more["record"], facts.change.flow.article
    if record["poverty_status"] not in POOR:
        return [Finding("level", "贫困等级", "block", "学生没有认定为贫困生，不用取消", article, "student", "请核对学生")]
    found = check_day(facts, "poverty_until", "认定止", earliest=record["poverty_from"], latest=facts.today + timedelta(days=31), article=article)
    if not facts.answers.get("explanation"):
        found.append(Finding("explanation", "取消的原因", "block", "请写明取消认定的原因", article, "explanation", "如“家庭收入已超过标准，本人同意”"))
    return found


KIND_CHANGE = (check_kind,)
POVERTY = (check_level, check_from)
POVERTY_END = (check_end,)
