"""What each kind of business does to the record: the one table of DECIDED 8.

Read a row as: when a case of this kind ends so, the pupil's status becomes `status` (None: stays as it was); the change
is reported under `category` (at the school that the pupil leaves: `category_leaving`) with `reason`, or with a reason
chosen from the table `reasons`; and the month's balance (学生变动平衡表: 期初 + 增 - 减 = 期末) gains a line `entering`
at the school that receives, and a line `leaving` at the school that loses. `whence` says where the row comes from:
JY = JY/T 1001 as in domain codes, WF n = workflows section n, N25/N13/S4 = the regulation's sources, own = this product.

Whether a line is booked depends on where the pupil stood before: who was not counted cannot be taken off again. A pupil
who dies while suspended was taken off when the suspension began. `booked` answers that, so that every month balances.
"""

from dataclasses import dataclass

from .code_table import table

COUNTED = frozenset({"01"})  # who is on the roll of the month: 在读. Pending pupils have no status yet.
INCREASES = frozenset({"11", "12", "13", "96", "98"})  # 学生变动 codes that add to the roll
DECREASES = frozenset(table("student_change")) - INCREASES


@dataclass(frozen=True)
class Change:
    kind: str
    name: str
    whence: str
    status: str | None = None
    outcome: str = "effective"
    category: str | None = None
    category_leaving: str | None = None
    reason: str | None = None
    reasons: str | None = None
    entering: str | None = None
    leaving: str | None = None
    status_at_old_school: str | None = None

    def booked(self, before, *, restored=None, undone=None):
        """The balance lines (entering, leaving) for a pupil whose status was `before` (None: not yet a pupil).

        A reversal also needs the status that it restores and the Change that it undoes.
        """
        was, stays = before in COUNTED, (restored or self.status or before) in COUNTED
        if was and stays:
            moved = undone or self
            return (self.entering, self.leaving) if moved.entering and moved.leaving else (None, None)
        return (self.entering if stays else None, self.leaving if was else None)


CHANGES = (
    # Coming in
    Change("enrolment", "新生登记", "WF 1: 01, 招生", status="01", entering="11"),
    Change("enrolment", "新生登记", "DECIDED 7, 8: never counted", outcome="cleared", status="94", category="94"),
    Change("supplementary", "补录（新建）", "WF 2; JY has no other increase", status="01", category="99", entering="11"),
    Change("supplementary", "补录（新建）", "DECIDED 7, 8", outcome="cleared", status="94", category="94"),
    Change("moving-up", "升学", "WF 24: drawn by the next school, no new record; JY 招生", status="01", entering="11"),
    # Transfer
    Change(
        "transfer",
        "转学",
        "WF 3-5: 27 at the old school, 13 at the new one; JY 21, 22",
        status="01",
        category="22",
        category_leaving="21",
        reasons="transfer_reason",
        entering="13",
        leaving="27",
        status_at_old_school="10",
    ),
    Change(
        "whole-class-transfer",
        "整班转学",
        "WF 7: reason 08, one row per pupil",
        status="01",
        category="22",
        category_leaving="21",
        reasons="transfer_reason",
        reason="08",
        entering="13",
        leaving="27",
        status_at_old_school="10",
    ),
    Change(
        "transfer-out",
        "系统外转出",
        "WF 6: 10 and 27, never 流失; regulation 15, 4",
        status="10",
        category_leaving="21",
        reasons="transfer_reason",
        leaving="27",
        status_at_old_school="10",
    ),
    # Suspension and return
    Change("suspension", "休学", "WF 8: 02, 23", status="02", category="11", reasons="suspend_reason", leaving="23"),
    Change("suspension-renewal", "续休", "WF 9: as 8, status stays", category="11", reasons="suspend_reason"),
    Change("resumption", "复学", "WF 10: 01 (event 05 logged), 12", status="01", category="12", entering="12"),
    Change("dropout", "辍学报告", "WF 11: 06; JY 学生变动 28", status="06", category="96", reasons="dropout_reason", leaving="28"),
    Change("back-to-school", "返校", "WF 11: return = resumption, same record (S4 十四)", status="01", category="12", entering="12"),
    # Abroad: (a) of WF 12. A short stay, (b), is a suspension with reason 36.
    Change("abroad", "出国（境）", "WF 12 a: file to the county; own codes", status="91", category="91", leaving="91"),
    Change("back-from-abroad", "回国", "WF 12: reopened, span abroad marked (N25); JY 08, 12", status="01", category="08", entering="12"),
    # Ending
    Change("death", "死亡", "WF 13: 11, 26, cause 40-89", status="11", category="51", reasons="death_cause", leaving="26"),
    Change("loss-of-ability", "丧失学习能力", "WF 13, S4 篇10 三: path of a death, own codes", status="92", category="92", leaving="92"),
    Change("withdrawal", "退学", "WF 11, senior: 03, 31, 24", status="03", category="31", reasons="withdraw_reason", leaving="24"),
    Change("expulsion", "开除", "JY 14, 42, 25; senior only", status="14", category="42", reasons="offence_category", leaving="25"),
    Change("graduation", "毕业", "WF 23: 07, 21", status="07", reasons="graduate_destination", leaving="21"),
    Change("completion", "结业", "WF 23: 08, 22; JY 62", status="08", category="62", leaving="22"),
    Change("leaving-early", "肄业", "WF 23: 09; JY 63; left before the end: 24", status="09", category="63", leaving="24"),
    # Within the school: both lines at the same school, so that classes and grades balance and the school does too
    Change("grade-skip", "跳级", "WF 14: 04 with 01; lines own", category="04", reason="01", entering="96", leaving="97"),
    Change("grade-repeat", "留级", "WF 15: 02 with 22; lines own", category="02", reason="22", entering="96", leaving="97"),
    Change("class-change", "调班", "WF 26: 29, school only; lines own", category="29", entering="96", leaving="97"),
    # Cases that leave the status alone
    Change("key-change", "关键信息变更", "WF 17"),
    Change("kind-change", "学生类型变更", "regulation 10: 借读 is a kind, number and status stay"),
    Change("poverty", "贫困生认定", "WF 22"),
    Change("poverty-end", "贫困生认定取消", "WF 22"),
    Change("quota", "招生计划调整", "WF 18: no pupil"),
    Change("recruit-consent", "跨区域招生", "WF 20: consent, then an instruction per pupil; the record moves by moving-up"),
    Change("clear", "请求清理在办业务", "regulation 9, WF 7a: the pupil is again as before the business"),
    Change("problem", "问题学籍处理", "WF 19: 佐证, 变更"),
    # Records that should not be
    Change("problem", "问题学籍处理", "WF 19: 删除, stays visible", outcome="removed", status="95", category="95", leaving="95"),
    Change("merge", "合并重复学籍", "WF 19: the surviving record"),
    Change("merge", "合并重复学籍", "WF 19: the other, closed with a pointer", outcome="merged", status="93", category="93", leaving="93"),
    Change("reversal", "撤销已生效业务", "DECIDED 16: status of before; lines own", category="97", entering="98", leaving="99"),
)


def change(kind, outcome="effective"):
    return BY_KIND[kind, outcome]


BY_KIND = {(row.kind, row.outcome): row for row in CHANGES}
