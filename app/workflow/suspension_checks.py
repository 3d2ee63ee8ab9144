"""休学, 续休, 复学 (workflows.md 8–10, regulation.md 6)."""

from datetime import timedelta

from ..identity.dates import chinese
from ..policies.sources import N13
from .change_checks import check_day, check_goal
from .checks import Finding

COMPULSORY = ("1", "2")
ILL = ("10", "11", "12", "13", "19", "26")  # suspend_reason: proved by a hospital


def check_time(facts):
    """From the first lesson missed to the end that is asked for: both there, in their order, no longer than the rules let one suspension be."""
    rules, answers = facts.rules, facts.answers
    wrong = check_day(facts, "from_on", "休学开始日期", earliest=facts.came_on, latest=facts.today + timedelta(days=31))
    wrong += check_day(facts, "until_on", "休学结束日期")
    if wrong:
        return wrong
    first, last = answers["from_on"], answers["until_on"]
    if last <= first:
        return [Finding("until_on", "休学结束日期", "block", f"结束日期 {chinese(last)} 不在开始日期 {chinese(first)} 之后", "", "until_on", "请核对起止日期")]
    longest = rules.suspension_longest.after(first)
    if last > longest:
        sentence = f"从{chinese(first)}起一次休学最长 {rules.suspension_longest}，到{chinese(longest)}为止"
        return [Finding("until_on", "休学期限", "block", sentence, rules.article("suspension_longest"), "until_on", f"结束日期请不晚于 {chinese(longest)}，期满前可以办理续休")]
    if last < rules.suspension_absence.after(first):
        sentence = f"预计缺课不足 {rules.suspension_absence}，一般请假，不办休学"
        return [Finding("until_on", "休学期限", "warn", sentence, rules.article("suspension_absence"), "until_on", "确需休学的，由审核人核定")]
    return [Finding("until_on", "休学期限", "pass", f"{chinese(first)}至{chinese(last)}，不超过 {rules.suspension_longest}", rules.article("suspension_longest"))]


def check_hospital(facts):
    """县级以上医院: which one, and what it found."""
    if facts.answers.get("reason") not in ILL:
        return []
    found = []
    for name, title, remedy in (("hospital", "诊断医院", "照诊断证明填写，须是县级以上医院"), ("diagnosis", "诊断", "照诊断证明填写")):
        if not facts.answers.get(name):
            found.append(Finding(name, title, "block", f"因病的请填写{title}", f"{N13}第十九条", name, remedy))
    return found


def check_total(facts):
    """累计: all suspensions together; beyond it a child in compulsory schooling is an exception of the county's, a senior pupil has to leave."""
    last = facts.answers.get("until_on")
    first = facts.away.from_on if facts.away else facts.answers.get("from_on")
    if first is None or last is None or last <= first:
        return []
    before = sum((span.ended_on - span.from_on).days for span in facts.spans if span.kind == "suspension" and span.ended_on)
    rules = facts.rules
    most = (rules.suspension_total.after(first) - first).days
    if before + (last - first).days <= most:
        return [Finding("total", "累计休学", "pass", f"累计不超过 {rules.suspension_total}", rules.article("suspension_total"))]
    sentence = f"累计休学 {before + (last - first).days} 天，超过 {rules.suspension_total}"
    if facts.cohort.stage in COMPULSORY:
        return [Finding("total", "累计休学", "warn", sentence, rules.article("suspension_total"), "until_on", "须主管教育行政部门核定为特殊情况")]
    return [Finding("total", "累计休学", "block", sentence, rules.article("suspension_total"), "until_on", "请缩短期限；不能复学的按退学办理")]


def check_graduating(facts):
    if not facts.cohort.final:
        return []
    rules = facts.rules
    article = rules.article("suspension_graduating")
    match rules.suspension_graduating:
        case "stop":
            return [Finding("graduating", "毕业年级", "block", f"{facts.cohort.title}是毕业年级，不办理休学", article, "student", "请与监护人另作安排")]
        case "last_term" if _in_last_term(facts):
            return [Finding("graduating", "毕业年级", "block", "毕业年级最后一学期不办理休学", article, "student", "请与监护人另作安排")]
        case "warn":
            return [Finding("graduating", "毕业年级", "warn", "毕业年级一般不休学，须校长、班主任签字并经县级主管部门同意", article, "student", "请附签字的意见")]
    return [Finding("graduating", "毕业年级", "pass", "本地规则允许毕业年级休学", article)]


def _in_last_term(facts):
    """The second term of the school year, from its first day on."""
    begun = [first for first, _ in facts.terms if first <= facts.today]
    return bool(begun) and max(begun).month < 8


def check_renewal(facts):
    """In the last 30 days before the end up to 30 days after; longer, no longer than once more; no more often than the rules let it be."""
    rules, away = facts.rules, facts.away
    if away is None or away.until_on is None:
        return [Finding("away", "休学", "block", "没有找到在休的休学记录", N13, "student", "请核对学籍状态")]
    found, end = [], away.until_on
    opens, closes = rules.renewal_before.before(end), rules.renewal_after.after(end)
    if not opens <= facts.began_on <= closes:
        found.append(Finding("renewal", "续休时间", "block", f"休学到{chinese(end)}期满，{chinese(opens)}至{chinese(closes)}之间可以续休", rules.article("renewal_before"), "student",
                             "逾期的请按辍学报告或退学办理" if facts.began_on > closes else f"请在{chinese(opens)}以后申请"))
    if away.renewals >= rules.suspension_renewals:
        level = "warn" if facts.cohort.stage in COMPULSORY else "block"
        found.append(Finding("renewals", "续休次数", level, f"已续休 {away.renewals} 次，规则为 {rules.suspension_renewals} 次", rules.article("suspension_renewals"), "student",
                             "须主管教育行政部门核定为特殊情况" if level == "warn" else "请办理复学或退学"))
    found += check_day(facts, "until_on", "续休至", earliest=end + timedelta(days=1), latest=rules.suspension_longest.after(end), article=rules.article("suspension_longest"))
    return found or [Finding("renewal", "续休时间", "pass", f"原休学到{chinese(end)}期满，在可以续休的时间内", rules.article("renewal_before"))]


def check_return(facts):
    """Up to three months away: her old grade; longer: that of her year-mates now, or the next lower one; never higher (workflows 10)."""
    rules, away = facts.rules, facts.away
    if away is None:
        return [Finding("away", "休学", "block", "没有找到在休的休学记录", N13, "student", "请核对学籍状态")]
    article = rules.article("resume_same_grade")
    back = facts.answers.get("effective_on") or facts.today
    mates = facts.cohort.year
    found = []
    if facts.answers.get("effective_on") and back < away.from_on:
        found.append(Finding("effective_on", "复学日期", "block", f"复学日期早于休学开始的 {chinese(away.from_on)}", article, "effective_on", "请核对日期"))
    if away.until_on and facts.began_on > rules.resume_ahead.before(away.until_on):
        found.append(Finding("ahead", "申请时间", "warn", f"休学到{chinese(away.until_on)}期满，应在期满 {rules.resume_ahead}前申请", rules.article("resume_ahead"), "",
                             "不影响受理，请告知监护人"))
    if back <= rules.resume_same_grade.after(away.from_on):
        return found + check_goal(facts, {mates}, f"休学不超过 {rules.resume_same_grade}的回原年级", article)
    return found + check_goal(facts, {mates, mates - 1}, "复学编入同届学生的年级或低一年级，不得高于同届学生", article)


SUSPENSION = (check_hospital, check_time, check_total, check_graduating)
RENEWAL = (check_hospital, check_renewal, check_total)
RESUMPTION = (check_return,)
