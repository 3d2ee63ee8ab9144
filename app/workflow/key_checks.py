"""关键信息变更 (workflows.md 17, regulation.md 11). `facts.more` holds the record as it stands and the records that may be the same child once it is changed."""


from ..identity.dates import chinese
from ..identity.items import PUPIL_ITEMS
from . import checks
from .checks import Finding

ITEMS = ("name", "sex", "birth_date", "id_doc_type", "id_doc_no", "nationality", "overseas_status")
WHO = ("name", "sex", "birth_date", "id_doc_type", "id_doc_no")  # by these a child is told from another


def given(answers) -> dict:
    """The items that are to change; what was left empty stays."""
    return {name: answers[name] for name in ITEMS if answers.get(name)}


def check_given(facts):
    """Something is to change, and each item into something else."""
    asked, record, article = given(facts.answers), facts.more["record"], facts.change.flow.article
    if not asked:
        return [Finding("items", "变更项目", "block", "没有填写要变更的项目", article, "name", "只填要变更的，其余留空")]
    return [
        Finding("items", "变更项目", "block", f"{PUPIL_ITEMS[name].title}与现在的相同，不用变更", article, name, "请留空，只填要变更的")
        for name, value in asked.items() if value == record.get(name)
    ]


def check_together(facts):
    """The record as it would be: check digit, number against birth date and sex, document against number; only where one of them changes."""
    asked = given(facts.answers)
    if not set(asked) & {*WHO[1:], "overseas_status"}:
        return []
    record = facts.more["record"] | asked
    if record.get("birth_date") and record["birth_date"] > facts.today:
        return [Finding("birth", "出生日期", "block", f"出生日期 {chinese(record['birth_date'])} 晚于今天", "", "birth_date", "对照户口簿核对")]
    whole = checks.EnrolmentFacts(record=record, guardians=[], policy=facts.rules, stage="", year=0, today=facts.today)
    return [one for check in (checks.check_number, checks.check_birth, checks.check_sex, checks.check_documents) for one in check(whole)]


def check_twins(facts):
    asked = given(facts.answers)
    return twins_among(facts.more["record"] | asked, facts.more["twins"]) if set(asked) & set(WHO) else []


def twins_among(record, twins) -> list[Finding]:
    return checks.check_twins(checks.EnrolmentFacts(record, [], None, "", 0, None, twins=twins))


def check_new_pupil(facts):
    """A new pupil's name within the time of the rules, where they set one; the lock of new pupils' key items is told."""
    rules, came = facts.rules, facts.more["entered_on"]
    if facts.cohort.advanced_to != 1 or came is None or facts.office:
        return []
    found, locked = [], rules.lock_on.in_year(facts.cohort.entry_year)
    if "name" in given(facts.answers) and rules.name_change_within.number and facts.began_on > rules.name_change_within.after(came):
        until = rules.name_change_within.after(came)
        found.append(Finding("new_name", "新生更名", "block", f"新生更名在入学后 {rules.name_change_within}内办理，到{chinese(until)}为止", rules.article("name_change_within"), "name",
                             "确须更正的，请主管教育行政部门办理"))
    words = f"新生关键信息{'已' if facts.today > locked else '将'}于{chinese(locked)}锁定"
    return [*found, Finding("lock", "新生信息锁定", "pass", f"{words}{'，须主管教育行政部门核办' if facts.today > locked else ''}", rules.article("lock_on"))]


def check_words(facts):
    if facts.answers.get("explanation"):
        return []
    return [Finding("explanation", "变更理由", "block", "请写明变更的理由", facts.change.flow.article, "explanation", "如“户口簿已更名”“登记时号码录错”")]


def check_number_stays(facts):
    """学籍号 is never changed by a case."""
    return [Finding("national_no", "学籍号", "pass", "学籍号不变；已开具的证明照原样保留", facts.change.flow.article)] if set(given(facts.answers)) & set(WHO) else []


KEY_CHANGE = (check_given, check_together, check_twins, check_new_pupil, check_number_stays, check_words)
