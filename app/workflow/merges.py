"""合并重复学籍 (workflows.md 19): one child, two records; one survives, the other is closed and points to it. Begun by the county of either, agreed by the other's, or
within one county by another person there."""

from dataclasses import dataclass
from datetime import date

from ..policies.sources import NATIONAL_SYSTEM
from .checks import Finding
from .flow import ENDED, ENDINGS, NEXT, Flow, Move, Step

READING = ("01", "02", "06")  # 在读, 休学, 流失: still on the books of a school
ENDED_FOR_GOOD = {"cancelled": "已注销", "cleared": "登记没有办成", "merged": "已经合并", "pending": "还在登记"}


def _agreed(title, second=""):
    return Step(title, "county", "step_days_county", {
        "approve": Move(NEXT, "同意合并，立即生效"), "refuse": Move("rejected", "不予合并，本件终结", blame=True), **ENDED,
    }, second=second)


MERGE = Flow(
    kind="merge", title="合并重复学籍", sign="并", start="applying", begun_by="county_officer", article=NATIONAL_SYSTEM,
    steps={
        "applying": Step("合并申请", "applicant", "mend_days", {"submit": Move(NEXT, "提交"), **ENDED}),
        "county": _agreed("主管教育行政部门核办"),  # by another person than the one who began it there
        **{f"{side}_county": _agreed(f"{whose}学籍的主管部门核办", "second_person_county") for side, whose in (("to", "保留"), ("from", "并入"))},
        **ENDINGS,
    },
    ordinary=("applying", "county", "effective"),
    evidence={"statement": "两校情况说明（盖章）", "household": "户口簿", "attending": "在校就读证明", "other": "其他材料"},
)
REASONS = {"01": "不是同一名学生", "02": "应当保留另一份学籍", "03": "情况不清，请先核实", "99": "其他"}


def merge_route(*, began, same_office) -> tuple:
    """`began` is the side of the office that begins: `to` keeps its record, `from` gives it up."""
    if same_office:
        return ("applying", "county", "effective")
    return ("applying", "from_county" if began == "to" else "to_county", "effective")


@dataclass(frozen=True)
class Side:
    """One of the two records, as the checks look at it."""

    name: str
    sex: str
    birth_date: date
    lifecycle: str
    status: str
    standing: str  # the status in words
    id_doc_no: str = ""
    open_case: str = ""

    @property
    def here(self):
        return self.lifecycle == "live" and self.status in READING


def check(kept: Side, given_up: Side, explanation) -> list[Finding]:
    """`kept` survives, `given_up` is closed."""
    findings = []
    for title, one in (("保留的学籍", kept), ("并入的学籍", given_up)):
        if one.lifecycle in ENDED_FOR_GOOD:
            findings.append(_block("status", title, f"{title}{ENDED_FOR_GOOD[one.lifecycle]}，不能合并", "请核对两份学籍"))
        elif one.open_case:
            findings.append(_block("open_case", title, f"{title}有未办结的业务：{one.open_case}", "请等它办结，或先清理、撤销"))
        else:
            findings.append(Finding("status", title, "pass", one.standing, NATIONAL_SYSTEM))
    if given_up.here and not kept.here and kept.lifecycle not in ENDED_FOR_GOOD:
        findings.append(_block("kept", "保留哪一份", f"要保留的学籍是“{kept.standing}”，另一份在校", "请保留在校的一份，另一份的经历会一并显示"))
    return [*findings, *_person(kept, given_up), *_words(explanation)]


def _person(kept, given_up):
    differ = [title for title, same in (("姓名", kept.name == given_up.name), ("性别", kept.sex == given_up.sex), ("出生日期", kept.birth_date == given_up.birth_date)) if not same]
    if len(differ) == 3:
        return [_block("person", "是否同一人", "姓名、性别、出生日期都不同", "请核对是不是同一名学生；信息有误的先办理关键信息变更")]
    found = [Finding("person", "是否同一人", "warn", f"{'、'.join(differ)}不同", NATIONAL_SYSTEM, "", "请核对户口簿") if differ
             else Finding("person", "是否同一人", "pass", "姓名、性别、出生日期一致", NATIONAL_SYSTEM)]
    if kept.id_doc_no and given_up.id_doc_no and kept.id_doc_no != given_up.id_doc_no:
        found.append(Finding("numbers", "证件号", "warn", "两份学籍的证件号不同，双胞胎也会这样", NATIONAL_SYSTEM, "", "请核对户口簿，确认是同一名学生；合并以后以保留的为准"))
    return found


def _words(explanation):
    return [] if explanation else [_block("explanation", "核实情况", "请写明怎样核实是同一名学生", "如“两校核对户口簿，是同一名学生，2024年随父母回原籍就读”", field="explanation")]


def _block(check, title, sentence, cure, field=""):
    return Finding(check, title, "block", sentence, NATIONAL_SYSTEM, field or "survivor", cure)
