"""问题学籍处理 (workflows.md 19): which way is open to which kind of problem."""

from ..codes import table
from ..policies.sources import NATIONAL_SYSTEM
from .checks import Finding

PROOF, CORRECTION, REMOVAL = "1", "2", "3"  # 佐证, 变更, 删除
WAYS = {  # the table of workflows.md 19; what no table names may be proved, corrected or removed
    "01": (PROOF, CORRECTION, REMOVAL), "02": (CORRECTION, REMOVAL), "03": (PROOF, CORRECTION), "04": (PROOF, CORRECTION), "05": (PROOF, CORRECTION, REMOVAL),
    "06": (CORRECTION,), "11": (CORRECTION, REMOVAL), "12": (CORRECTION, REMOVAL), "14": (CORRECTION,), "99": (PROOF, CORRECTION, REMOVAL),
}
KINDS = {code: label for code, label in table("problem_status").choices() if code in WAYS}
RESOLUTIONS = {code: table("problem_resolution").label(code) for code in (PROOF, CORRECTION, REMOVAL)}


def not_listed(student):
    return "" if student.in_question else "没有列为问题学籍，不用处理；确有问题的，请主管教育行政部门先列入"


def check_listed(facts):
    """`more` tells the kinds under which her record stands open."""
    kind, listed = facts.answers.get("problem_kind"), facts.more["listed"]
    if kind in listed:
        return [Finding("listed", "问题学籍", "pass", f"列为“{KINDS[kind]}”，还没有处理", NATIONAL_SYSTEM)]
    cure = f"请选择列入的类型：{'、'.join(KINDS[code] for code in listed)}" if listed else "没有列入的不用处理；确有问题的，请主管教育行政部门先列为问题学籍"
    said = f"这份学籍没有列为“{KINDS[kind]}”" if kind in KINDS else "请选择问题类型"
    return [Finding("listed", "问题学籍", "block", said, NATIONAL_SYSTEM, "problem_kind", cure)]


def check_way(facts):
    kind, way = facts.answers.get("problem_kind"), facts.answers.get("resolution")
    if way not in RESOLUTIONS:
        return [Finding("way", "处理方式", "block", "请选择处理方式", NATIONAL_SYSTEM, "resolution", "佐证、变更或者删除")]
    if kind in WAYS and way not in WAYS[kind]:
        ways = "、".join(RESOLUTIONS[one] for one in WAYS[kind])
        return [Finding("way", "处理方式", "block", f"“{KINDS[kind]}”不能用{RESOLUTIONS[way]}处理", NATIONAL_SYSTEM, "resolution", f"可以用：{ways}")]
    return []


def check_correction(facts):
    if facts.answers.get("resolution") != CORRECTION or facts.more["corrected"]:
        return []
    return [Finding("corrected", "变更", "warn", "列入问题学籍以后，这份学籍还没有修改过", NATIONAL_SYSTEM, "resolution", "请先更正信息；审核人核对后再同意")]


def check_removal(facts):
    if facts.answers.get("resolution") != REMOVAL:
        return []
    return [Finding("removal", "删除", "warn", "生效以后这份学籍注销，学校和主管教育行政部门仍可查看，证件号和学籍号可由另一份学籍使用", NATIONAL_SYSTEM, "resolution",
                    "请核对学生不在本校就读，或者这份学籍是重复的")]


def check_words(facts):
    if facts.answers.get("explanation"):
        return []
    return [Finding("explanation", "核实情况", "block", "请写明核实的情况", NATIONAL_SYSTEM, "explanation", "如“已核对户口簿，证件号无误”")]


PROBLEM = (check_listed, check_way, check_correction, check_removal, check_words)
