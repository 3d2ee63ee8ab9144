"""What 退学 and 开除 ask beyond every change (workflows.md 11, regulation.md 7, 8): general senior secondary alone; in compulsory stages there is neither."""

from datetime import timedelta

from ..identity.dates import chinese
from ..policies.sources import SHANDONG
from . import school_days
from .change_checks import check_day
from .checks import Finding
from .dropout_checks import missed_since

GROUNDS = {"application": "监护人申请", "absence": "旷课达到规定天数", "not_back": "休学期满逾期未复学", "no_show": "新生逾期未报到"}
EXPELS = f"{SHANDONG}第二十二条、第二十三条"
DAY = timedelta(days=1)


def check_ground(facts):
    ground = facts.answers.get("ground")
    if ground not in GROUNDS:
        return [Finding("ground", "退学依据", "block", "请选择退学的依据", facts.change.flow.article, "ground", "从列表中选择")]
    return {"application": _applied, "absence": _absent, "not_back": _not_back, "no_show": _no_show}[ground](facts)


def _applied(facts):
    return [Finding("ground", "退学依据", "pass", GROUNDS["application"], facts.change.flow.article)]


def _absent(facts):
    """连续旷课 15 天, or 45 school days of one term in all."""
    note, rules = facts.more.get("note"), facts.rules
    on_end, article = rules.senior_absence_on_end, rules.article("senior_absence_on_end")
    full = on_end.after(note.from_on - DAY, facts.calendar) if note else None  # the first day is one of them
    in_term = facts.more.get("in_term", 0)
    if note and facts.today >= full:
        return [Finding("ground", "退学依据", "pass", f"从{chinese(note.from_on)}起连续旷课已满 {on_end}（{missed_since(facts, note)} 个上课日）", article)]
    if in_term >= rules.senior_absence_term:
        return [Finding("ground", "退学依据", "pass", f"本学期累计旷课 {in_term} 天", rules.article("senior_absence_term"))]
    since = f"从{chinese(note.from_on)}起连续旷课不足 {on_end}" if note else "没有这名学生现在缺课的登记"
    sentence = f"{since}，本学期累计旷课 {in_term} 天，不足 {rules.senior_absence_term} 天"
    return [Finding("ground", "退学依据", "block", sentence, article, "ground", f"{chinese(full)}满 {on_end}" if note else "请班主任先登记缺课；监护人自愿退学的，由监护人申请")]


def _not_back(facts):
    away, rules = facts.away, facts.rules
    article = rules.article("not_back_senior")
    if facts.status != "02" or away is None or away.until_on is None:
        return [Finding("ground", "退学依据", "block", "学生没有在休的休学记录", article, "ground", "请改选退学的依据")]
    last = rules.not_back_senior.after(away.until_on)
    if facts.today > last:
        return [Finding("ground", "退学依据", "pass", f"休学到{chinese(away.until_on)}期满，逾期超过 {rules.not_back_senior}", article)]
    sentence = f"休学到{chinese(away.until_on)}期满，逾期超过 {rules.not_back_senior}仍未复学才按退学处理"
    return [Finding("ground", "退学依据", "block", sentence, article, "ground", f"请继续通知复学，{chinese(last)}以后仍未复学的再办理")]


def _no_show(facts):
    """取消入学资格: a new pupil who was there on no day of her first term, without leave, two weeks after it began."""
    note, rules = facts.more.get("note"), facts.rules
    length, article = rules.senior_no_show, rules.article("senior_no_show")
    term = school_days.term_of(note.from_on, facts.terms) if note else None
    came = term is None or school_days.missed(term[0], note.from_on - DAY, facts.calendar, facts.terms)
    if facts.cohort.advanced_to != 1 or came or term[0].year != facts.cohort.entry_year:
        return [Finding("ground", "退学依据", "block", "没有从高一第一学期开学起未到校的缺课登记", article, "ground", "请班主任从开学日登记缺课；到过校又旷课的，依据选“旷课达到规定天数”")]
    last = length.after(term[0], facts.calendar)
    if facts.today > last:
        return [Finding("ground", "退学依据", "pass", f"{chinese(term[0])}开学，超过 {length}未报到", article)]
    return [Finding("ground", "退学依据", "block", f"{chinese(term[0])}开学，超过 {length}未报到的才取消入学资格", article, "ground", f"请继续通知报到，{chinese(last)}以后仍未报到的再办理")]


def check_document(facts):
    if facts.answers.get("document"):
        return []
    return [Finding("document", "处分文号", "block", "请填写开除学籍处分决定的文号", EXPELS, "document", "没有文号的，写明决定的名称")]


def check_decision(facts):
    """Decided, then told to the guardian: both days there, in their order, not to come."""
    told = check_day(facts, "decided_on", "处分决定日期", earliest=facts.came_on, latest=facts.today, article=EXPELS)
    return told + check_day(facts, "notified_on", "告知监护人日期", earliest=facts.answers.get("decided_on"), latest=facts.today, article=EXPELS)


def check_facts_told(facts):
    if facts.answers.get("explanation"):
        return []
    return [Finding("explanation", "事实和依据", "block", "请写明开除所依据的事实", EXPELS, "explanation", "照处分决定简要写明")]


def check_rare(facts):
    return [Finding("rare", "开除学籍", "warn", "普通高中一般不开除学生；确需开除的，须告知监护人并报主管教育行政部门", EXPELS)]


def in_term(spans, today, calendar, terms) -> int:
    """School days of this term that lie in any of the absences, [(first day, day of return or None)]."""
    term = school_days.term_of(today, terms)
    if term is None:
        return 0
    counted = 0
    for first, back in spans:
        last = min(back - DAY if back else today, today)
        if last >= max(first, term[0]):
            counted += school_days.missed(max(first, term[0]), last, calendar, terms)
    return counted


WITHDRAWAL = (check_ground,)
EXPULSION = (check_document, check_decision, check_facts_told, check_rare)
