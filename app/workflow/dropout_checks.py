"""What a 辍学报告 and a 返校 ask beyond every change (workflows.md 11, regulation.md 7). `facts.more["note"]` is the absence as it is noted, a Missed."""

from dataclasses import dataclass
from datetime import date

from ..identity.dates import chinese
from ..policies.sources import N13
from . import school_days
from .change_checks import check_day, check_goal
from .checks import Finding

ELSEWHERE = "10"  # dropout_reason 转至市外（系统外转出）: a transfer, not a loss
SENIOR = "3"


@dataclass(frozen=True)
class Missed:
    """An absence without leave: since when, how often she was asked back."""

    from_on: date
    visits: int


def missed_since(facts, note) -> int:
    return school_days.missed(note.from_on, facts.today, facts.calendar, facts.terms)


def check_reason(facts):
    if facts.answers.get("reason") != ELSEWHERE:
        return []
    return [Finding("elsewhere", "辍学原因", "block", "转到外地就读的是转学，不按流失报告", f"{N13}第十三条、第二十二条", "reason", "请办理转学")]


def check_whereabouts(facts):
    if facts.answers.get("whereabouts"):
        return []
    return [Finding("whereabouts", "去向", "block", "请写明学生现在的去向", f"{N13}第二十二条", "whereabouts", "不知道的写明下落不明、最后一次联系的日期")]


def check_absence(facts):
    """20 school days and a visit, or two weeks past the end of a suspension: else what lacks, and when it will be there."""
    note, rules = facts.more.get("note"), facts.rules
    if facts.status == "02":
        return _check_not_back(facts) + _check_visits(facts, note)
    if note is None:
        return [Finding("absence", "缺课", "block", "没有这名学生的缺课登记", rules.article("absence_dropout"), "student", "请班主任先登记缺课，并登记劝返记录")]
    days, least = missed_since(facts, note), rules.absence_dropout
    if days < least:
        full = school_days.day_of(note.from_on, least, facts.calendar, facts.terms)
        cure = f"{chinese(full)}满 {least} 个上课日，仍未返校的再报告" if full else "下学期的校历公布后再计算"
        sentence = f"从{chinese(note.from_on)}起缺课 {days} 个上课日，不足 {least} 个上课日"
        return [Finding("absence", "缺课", "block", sentence, rules.article("absence_dropout"), "student", cure), *_check_visits(facts, note)]
    told = Finding("absence", "缺课", "pass", f"从{chinese(note.from_on)}起缺课 {days} 个上课日", rules.article("absence_dropout"))
    return [told, *_check_visits(facts, note), *_check_senior(facts)]


def _check_visits(facts, note):
    rules, visits = facts.rules, note.visits if note else 0
    if visits >= rules.dropout_visits:
        return [Finding("visits", "劝返", "pass", f"劝返 {visits} 次", rules.article("dropout_visits"))]
    sentence = f"劝返 {visits} 次，报告前至少劝返 {rules.dropout_visits} 次"
    return [Finding("visits", "劝返", "block", sentence, rules.article("dropout_visits"), "student", "请先登记缺课和劝返记录，写明日期、劝返人、方式和结果")]


def _check_not_back(facts):
    """逾期未复学."""
    away, rules = facts.away, facts.rules
    if facts.cohort.stage == SENIOR:
        return [Finding("not_back", "逾期未复学", "block", "普通高中休学逾期未复学的，不按辍学报告", rules.article("not_back_senior"), "student", "请办理退学")]
    if away is None or away.until_on is None:
        return [Finding("not_back", "逾期未复学", "block", "没有找到在休的休学记录", N13, "student", "请核对学籍状态")]
    last = rules.not_back_compulsory.after(away.until_on)
    if facts.today > last:
        return [Finding("not_back", "逾期未复学", "pass", f"休学到{chinese(away.until_on)}期满，逾期超过 {rules.not_back_compulsory}", rules.article("not_back_compulsory"))]
    sentence = f"休学到{chinese(away.until_on)}期满，逾期超过 {rules.not_back_compulsory}仍未复学才按辍学报告"
    return [Finding("not_back", "逾期未复学", "block", sentence, rules.article("not_back_compulsory"), "student", f"请继续通知复学，{chinese(last)}以后仍未复学的再报告")]


def _check_senior(facts):
    if facts.cohort.stage != SENIOR:
        return []
    return [Finding("senior", "普通高中", "warn", "普通高中学生旷课达到规定天数的，可以办理退学", facts.rules.article("senior_absence_on_end"), "", "确认不办退学的，可以继续")]


def kept_until(birth_date, rules) -> date:
    """保留学籍: to the end of the school year (31 August) in which the pupil comes to that age."""
    year = birth_date.year + rules.record_kept_until_age
    return date(year if (birth_date.month, birth_date.day) < (9, 1) else year + 1, 8, 31)


def check_record_kept(facts):
    if facts.cohort.stage == SENIOR:
        return []
    until = kept_until(facts.birth_date, facts.rules)
    return [Finding("kept", "保留学籍", "pass", f"学籍保留到{chinese(until)}，不得注销", facts.rules.article("record_kept_until_age"))]


def check_back(facts):
    """As after a suspension (workflows 10): up to three months away, her old grade; longer, that of her year-mates or the next lower one."""
    rules, away = facts.rules, facts.away
    if away is None:
        return [Finding("away", "流失", "block", "没有找到流失的记录", N13, "student", "请核对学籍状态")]
    found = check_day(facts, "effective_on", "返校日期", earliest=away.from_on, article=rules.article("resume_same_grade"))
    back, mates, article = facts.answers.get("effective_on") or facts.today, facts.cohort.year, rules.article("resume_same_grade")
    if back <= rules.resume_same_grade.after(away.from_on):
        return found + check_goal(facts, {mates}, f"离校不超过 {rules.resume_same_grade}的回原年级", article)
    return found + check_goal(facts, {mates, mates - 1}, "返校编入同届学生的年级或低一年级，不得高于同届学生", article)


DROPOUT = (check_reason, check_whereabouts, check_absence, check_record_kept)
BACK = (check_back,)
