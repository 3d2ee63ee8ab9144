"""What is checked before a case may go on: each check is a function of Facts that returns findings, each with its sentence and article.

Pure: services gather the facts. A form and a workbook meet the same checks; `field` is the item that a finding belongs beside, `cure` what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..codes.code_table import inclusive_pairs
from ..identity import dates, id_number, phones
from ..policies.values import in_season

LAW = "义务教育法第十一条"
STANDARD = "GB 11643"


@dataclass(frozen=True)
class Finding:
    check: str
    title: str
    level: str  # pass | warn | block
    sentence: str
    article: str = ""
    field: str = ""
    cure: str = ""


@dataclass(frozen=True)
class Twin:
    """Another record that may be the same child. `where` is empty for whoever may not see it: they read a neutral word."""

    how: str  # number | person | near
    where: str = ""
    name: str = ""
    living: bool = True


@dataclass(frozen=True)
class EnrolmentFacts:
    """`record` holds cleaned values by item; counts are those without this pupil."""

    record: Mapping
    guardians: list
    policy: object
    stage: str  # 1 小学, 2 初中, 3 高中
    year: int  # entry year
    today: date
    class_title: str = ""
    class_kind: str = "ordinary"
    headcount: int = 0
    limit: int = 0
    planned: int | None = None
    used: int = 0
    twins: list = field(default_factory=list)
    advanced_to: int = 1  # the grade's year in its stage
    final: bool = False  # it is the last of its stage


def enrolment(facts: EnrolmentFacts) -> list[Finding]:
    """Every check of a new record (workflows.md 1 and data-items.md 2), in their order."""
    findings = []
    for check in (check_number, check_birth, check_sex, check_age, check_documents, check_local_numbers, check_guardians, check_children, check_twins, check_class, check_quota):
        findings += check(facts)
    return findings


def supplementary(facts: EnrolmentFacts) -> list[Finding]:
    """Of a record made later (补录, workflows.md 2), into any grade: it takes no place of the plan of new pupils, who are registered as such (workflows.md 18).
    Whoever already reads in a higher grade is not sent home for a birthday that another place counted otherwise: the county is told of it."""
    found = []
    for check in (check_number, check_birth, check_sex, check_age, check_documents, check_local_numbers, check_guardians, check_children, check_twins, check_class, check_graduating):
        found += check(facts)
    if facts.advanced_to > 1 and facts.record.get("birth_date") and facts.record["birth_date"] <= facts.today:
        found = [replace(one, level="warn") if one.check == "age" and one.level == "block" else one for one in found]
    if facts.advanced_to == 1:
        found.append(Finding("quota", "招生计划", "warn", "起始年级的新生一般按“新生登记”办理，占招生计划；补录不占计划，请在说明中写明补录的原因",
                             facts.policy.article("quota_enforcement"), "class_code", "当年招收的新生请改按新生登记办理"))
    return found


def check_graduating(facts):
    """毕业年级 takes no new business from 1 July: what would be cleared on the 15th is not begun (workflows.md 0, 7a)."""
    rules = facts.policy
    if not facts.final or not in_season(facts.today, rules.graduating_stop, rules.promotion_on):
        return []
    return [Finding("graduating", "毕业年级", "block", f"毕业年级自{rules.graduating_stop}起停止受理新业务", rules.article("graduating_stop"), "class_code",
                    "请在毕业办理以后由升入的学校补录")]


def blocks(findings) -> list[Finding]:
    return [finding for finding in findings if finding.level == "block"]


def _number(facts):
    """The ID number, where it is a resident's and well formed."""
    number = facts.record.get("id_doc_no")
    return number if facts.record.get("id_doc_type") == "1" and number and not id_number.problem(number) else None


def check_number(facts):
    """The check character; the first six digits are never held against birth place or household (codes/README, rule 2)."""
    number = facts.record.get("id_doc_no")
    if facts.record.get("id_doc_type") != "1" or not number:
        return []
    problem = id_number.problem(number)
    if problem:
        return [Finding("id_number", "身份证件号", "block", problem, STANDARD, "id_doc_no", "对照户口簿核对；单元格须为文本格式")]
    return [Finding("id_number", "身份证件号", "pass", "校验位相符", STANDARD, "id_doc_no")]


def check_birth(facts):
    number, typed = _number(facts), facts.record.get("birth_date")
    if number is None or typed is None:
        return []
    told = id_number.birth_date(number)
    if told == typed:
        return [Finding("birth", "出生日期", "pass", "与身份证件号一致", STANDARD, "birth_date")]
    sentence = f"出生日期 {dates.chinese(typed)} 与身份证件号中的 {dates.chinese(told)} 不一致"
    return [Finding("birth", "出生日期", "block", sentence, STANDARD, "birth_date", "对照户口簿，改正出生日期或身份证件号")]


def check_sex(facts):
    number, typed = _number(facts), facts.record.get("sex")
    if number is None or not typed:
        return []
    if id_number.sex(number) == typed:
        return [Finding("sex", "性别", "pass", "与身份证件号一致", STANDARD, "sex")]
    told = "男" if id_number.sex(number) == "1" else "女"
    sentence = f"性别与身份证件号不一致：号码第 17 位表示{told}"
    return [Finding("sex", "性别", "block", sentence, STANDARD, "sex", "对照户口簿，改正性别或身份证件号")]


def check_age(facts):
    """六周岁: born on or before 31 August, six years earlier; a child even one day short waits a year (regulation.md 2)."""
    born = facts.record.get("birth_date")
    if born is None:
        return []
    if born > facts.today:
        return [Finding("age", "入学年龄", "block", f"出生日期 {dates.chinese(born)} 晚于今天", "", "birth_date", "对照户口簿，改正出生日期")]
    if facts.stage != "1":
        return []
    policy = facts.policy
    cutoff = policy.entry_cutoff.in_year(facts.year)
    latest = policy.entry_cutoff.in_year(facts.year - policy.entry_age)
    if born > latest:
        sentence = f"出生日期 {dates.chinese(born)} 未满入学年龄：{dates.chinese(cutoff)}前须满 {policy.entry_age} 周岁"
        return [Finding("age", "入学年龄", "block", sentence, policy.article("entry_age"), "birth_date", f"不能招收（{LAW}）；日期有误则改正")]
    late = policy.entry_cutoff.in_year(facts.year - policy.entry_delay_age - 1)
    if born <= late:
        sentence = f"{dates.chinese(cutoff)}已超过 {policy.entry_delay_age + 1} 周岁，请核对出生日期；推迟入学的须经批准"
        return [Finding("age", "入学年龄", "warn", sentence, policy.article("entry_delay_age"), "birth_date", "核对出生日期和推迟入学的批准")]
    return [Finding("age", "入学年龄", "pass", f"{dates.chinese(cutoff)}前满 {policy.entry_age} 周岁", policy.article("entry_age"), "birth_date")]


def check_documents(facts):
    """A number unless the type is Z; types 6, 7, 8 need 港澳台侨外 01–06 (data-items.md 9, 10)."""
    record, found = facts.record, []
    kind, number = record.get("id_doc_type"), record.get("id_doc_no")
    if kind and kind != "Z" and not number:
        found.append(Finding("document", "身份证件", "block", "请填写身份证件号；没有证件号的，证件类型选“其他”", "学生基本信息表填报说明", "id_doc_no",
                             "填写证件号；确无证件的，证件类型填“其他”并附在校就读证明"))
    if kind == "Z" and not number:
        found.append(Finding("document", "身份证件", "warn", "没有身份证件号：须附本人和监护人签字、学校盖章的在校就读证明", "学生基本信息表填报说明", "id_doc_no",
                             "附在校就读证明；取得证件后办理关键信息变更"))
    if kind in {"6", "7", "8"} and record.get("overseas_status") == "00":
        found.append(Finding("document", "港澳台侨外", "block", "持港澳台证件的，港澳台侨外不能为“否”", "学生基本信息表填报说明", "overseas_status",
                             "按证件填写香港、澳门或台湾同胞"))
    return found


def check_local_numbers(facts):
    """学籍辅号, of as many places as the province's rule says; 义务教育卡号, where the rules keep one (regulation.md 3)."""
    found, rules = [], facts.policy
    aux, digits = facts.record.get("aux_number") or "", rules.aux_number_digits
    if aux and digits and len(aux) != digits:
        found.append(Finding("aux_number", "学籍辅号", "block", f"学籍辅号“{aux}”是 {len(aux)} 位，规则是 {digits} 位", rules.article("aux_number_digits"), "aux_number",
                             "照原学籍填写；还没有辅号的留空"))
    if rules.compulsory_card and facts.stage in ("1", "2") and not facts.record.get("compulsory_card_no"):
        found.append(Finding("compulsory_card", "义务教育卡号", "warn", "还没有填写义务教育卡号", rules.article("compulsory_card"), "compulsory_card_no", "照义务教育卡填写；未发卡的，发卡后补填"))
    return found


def check_guardians(facts):
    least = facts.policy.guardians_least
    guardians = [member for member in facts.guardians if member.get("is_guardian")]
    found = []
    if len(guardians) < least:
        found.append(Finding("guardian", "监护人", "block", f"至少有{'一' if least == 1 else f' {least} '}名家庭成员是监护人", facts.policy.article("guardians_least"),
                             "member1_is_guardian", "请写出监护人的姓名，“是否监护人”选“是”"))
    elif not any(phones.is_mobile(member.get("phone")) for member in guardians):
        found.append(Finding("guardian", "监护人", "block", "至少一位监护人要有手机号", "学生基本信息表填报说明", "member1_phone", "填写一位监护人的 11 位手机号"))
    for position, member in enumerate(facts.guardians, 1):
        found += _check_member(facts, position, member)
    return found


def _check_member(facts, position, member):
    prefix, found = f"member{position}_", []
    number = member.get("id_doc_no")
    if member.get("id_doc_type") == "1" and number:
        problem = id_number.problem(number)
        if problem:
            found.append(Finding("guardian_number", f"成员{position}身份证件号", "block", problem, STANDARD, f"{prefix}id_doc_no", "对照证件核对；单元格须为文本格式"))
        elif member.get("relation") in {"51", "52"} and facts.record.get("birth_date"):
            years = facts.record["birth_date"].year - id_number.birth_date(number).year
            if years < 15:
                found.append(Finding("guardian_age", f"成员{position}年龄", "warn", f"成员{position}只比学生年长 {years} 岁，请核对关系和证件号", "学生基本信息表填报说明",
                                     f"{prefix}id_doc_no", "核对关系和证件号"))
    if member.get("relation") in {"97", "99"} and not member.get("relation_note"):
        found.append(Finding("guardian_relation", f"成员{position}关系说明", "block", f"请填写成员{position}关系说明：关系为其他亲属或非亲属的必填",
                             "学生基本信息表填报说明", f"{prefix}relation_note", "写明与学生是什么关系，如叔父、社区指定的监护人"))
    if number and number == facts.record.get("id_doc_no"):
        found.append(Finding("guardian_number", f"成员{position}身份证件号", "block", f"成员{position}的证件号与学生本人相同", "", f"{prefix}id_doc_no", "填写成员本人的证件号"))
    return found


def check_children(facts):
    """Items that do not go together: warnings (data-items.md 38, 41, 42; the pairs of inclusive_vs_disability)."""
    record, found = facts.record, []
    if record.get("left_behind") not in (None, "", "0") and record.get("is_migrant_child"):
        found.append(Finding("children", "留守与随迁", "warn", "留守儿童与随迁子女不应同时为“是”", "学生基本信息表填报说明", "is_migrant_child", "核对两项"))
    disabled = record.get("disability_type") not in (None, "", "0")
    if disabled and record.get("health_status") != "50":
        found.append(Finding("disability", "残疾与健康状况", "warn", "填了残疾类型的，健康状况一般为“残疾”", "学生基本信息表填报说明", "health_status", "核对两项"))
    inclusive = record.get("inclusive_class") not in (None, "", "0")
    if inclusive and disabled and (record["inclusive_class"], record["disability_type"]) not in inclusive_pairs():
        found.append(Finding("disability", "残疾与随班就读", "warn", "随班就读的类别与残疾类型不一致", "学生基本信息表填报说明", "inclusive_class", "核对两项"))
    elif inclusive and not disabled:
        found.append(Finding("disability", "随班就读", "warn", "随班就读的学生应填残疾类型", "学生基本信息表填报说明", "disability_type", "核对两项"))
    return found


NEUTRAL = "系统中已有使用这个证件号的学籍"
HIDDEN = {NEUTRAL, SAME_PERSON := "系统中另有姓名、性别、出生日期都相同的学生", ONE_DIGIT := "系统中另有证件号只差一位的学生", NUMBERED := "系统中已有使用这个学籍号的学籍"}


def check_twins(facts):
    """查重. Who may not see the other record reads that there is one, and no more (办法第六条: one person, one record)."""
    found = []
    for twin in facts.twins:
        place = f"{twin.where}{twin.name}" if twin.where else ""
        if twin.how == "number":
            sentence = f"这个证件号已有学籍：{place}" if place else NEUTRAL
            found.append(Finding("twin_number", "重复学籍", "block", sentence, "2013年办法第六条（一人一籍）", "id_doc_no",
                                 "号码有误则改正；确属本人的不能新建，请由转入学校申请转学"))
        elif twin.how == "person":
            sentence = f"与{place}姓名、性别、出生日期相同" if place else SAME_PERSON
            found.append(Finding("twin_person", "疑似重复", "warn", sentence, "2013年办法第六条（一人一籍）", "name", "核对是否同一人；主管部门核办时须注明不是同一人"))
        else:
            sentence = f"证件号与{place}只差一位" if place else ONE_DIGIT
            found.append(Finding("twin_near", "疑似重复", "warn", sentence, "2013年办法第六条（一人一籍）", "id_doc_no", "对照户口簿核对号码；主管部门核办时须注明不是同一人"))
    if not found and facts.record.get("id_doc_no"):
        found.append(Finding("twin_number", "重复学籍", "pass", "全库无重复", "2013年办法第六条（一人一籍）", "id_doc_no"))
    return found


def seat_taken(number, whose):
    """班内学号 is unique in its class (data items 21); `whose` it is, the services find."""
    return Finding("seat", "班内学号", "block", f"班内学号“{number}”已经是{whose}", "", "class_no", "请换一个，留空则接着编")


LIMITS = {"1": "class_limit_primary", "2": "class_limit_junior", "3": "class_limit_senior"}


def limit_setting(stage, kind="ordinary"):
    """The setting that holds the size limit of a class (班额)."""
    return "class_limit_special" if kind == "special" else LIMITS[stage]


def check_class(facts):
    if not facts.class_title:
        return []
    article = facts.policy.article(limit_setting(facts.stage, facts.class_kind))
    if facts.headcount >= facts.limit:
        sentence = f"{facts.class_title}已有 {facts.headcount} 人，班额 {facts.limit} 人，没有学位"
        return [Finding("class_limit", "班额", "block", sentence, article, "class_code", "改编入其他班，或由教育局调整班额")]
    return [Finding("class_limit", "班额", "pass", f"编入后 {facts.headcount + 1} 人，班额 {facts.limit} 人", article, "class_code")]


def check_quota(facts):
    article = facts.policy.article("quota_enforcement")
    if facts.planned is None:
        return [Finding("quota", "招生计划", "block", f"{facts.year}年还没有核定本校的招生计划", article, "grade", "请教育局核定招生计划")]
    if facts.used >= facts.planned:
        level = "block" if facts.policy.quota_enforcement == "stop" else "warn"
        sentence = f"招生计划 {facts.planned} 人已用完（已登记 {facts.used} 人）"
        return [Finding("quota", "招生计划", level, sentence, article, "grade", "请教育局调整招生计划")]
    return [Finding("quota", "招生计划", "pass", f"计划 {facts.planned} 人，登记后用 {facts.used + 1} 人", article, "grade")]
