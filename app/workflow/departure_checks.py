"""出国（境）, 回国, 死亡, 丧失学习能力 (workflows.md 12, 13; regulation.md 7)."""

from datetime import timedelta

from ..identity.dates import chinese
from ..policies.sources import N13, N25
from .change_checks import check_day, check_goal
from .checks import Finding

KINDS = {"settle": "定居", "study": "就读境外学校"}  # a short stay is a suspension with reason 36


def check_abroad(facts):
    found = check_day(facts, "effective_on", "离校日期", earliest=facts.came_on, latest=facts.today + timedelta(days=31))
    if facts.answers.get("country") not in facts.change.choices["country"]:
        found.append(Finding("country", "去往的国家或地区", "block", "请选择去往的国家或地区", f"{N13}第二十条", "country", "填写名称或代码"))
    if facts.answers.get("abroad_kind") not in KINDS:
        found.append(Finding("abroad_kind", "类别", "block", "请选择定居还是就读境外", f"{N25}", "abroad_kind", "短期出国（境）还回来的，请办理休学（原因选出国）"))
    return found


def check_back(facts):
    """The grade fitting the learning record; the time abroad is marked on the file (N25)."""
    left = facts.away.from_on if facts.away else None
    found = check_day(facts, "effective_on", "到校日期", earliest=left, latest=facts.today + timedelta(days=31))
    if facts.goal is None:
        return found + check_goal(facts, set(), "", N25)
    return found + check_goal(facts, {facts.goal.cohort.year}, "", f"{N25}（按学习经历编入相应年级）")


def check_death(facts):
    found = check_day(facts, "effective_on", "死亡日期", earliest=facts.birth_date, latest=facts.today)
    died = facts.answers.get("effective_on")
    if found or died is None:
        return found
    article, until = facts.rules.article("death_report"), facts.rules.death_report.after(died, facts.calendar)
    if facts.began_on > until:
        return [Finding("death", "报告期限", "warn", f"应在 {facts.rules.death_report}内（{chinese(until)}前）报告，现在已经超过", article, "effective_on", "不影响受理，请在情况说明中写明原因")]
    return [Finding("death", "报告期限", "pass", f"在 {facts.rules.death_report}内（{chinese(until)}前）报告", article)]


def check_loss(facts):
    """Cancelled as after a death; a child in compulsory schooling is first offered teaching at home."""
    found = check_day(facts, "effective_on", "离校日期", earliest=facts.came_on, latest=facts.today)
    for name, title in (("hospital", "出具证明的医院"), ("diagnosis", "诊断")):
        if not facts.answers.get(name):
            found.append(Finding(name, title, "block", f"请填写{title}", facts.change.flow.article, name, "照医院证明填写"))
    if facts.cohort.stage in ("1", "2"):
        found.append(Finding("home", "送教上门", "warn", "义务教育阶段的，应先安排送教上门或特殊教育", "义务教育法第十九条；残疾人教育条例第十七条", "", "确实不能学习的，由主管教育行政部门核定"))
    return found


ABROAD = (check_abroad,)
BACK = (check_back,)
DEATH = (check_death,)
LOSS = (check_loss,)
