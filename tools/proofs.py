"""Writes docs/proofs.md from the reports of `make trust`: which proof, on which engine, what was really done (counted while it ran), how long, and whether it held.

A proof that did less than it is meant to do does not hold.
"""

import os
import platform
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Proof:
    title: str
    unit: str  # what is counted, as the tests name it
    least: int  # so many of it make the proof whole
    words: str
    least_there: int = 0  # on PostgreSQL, where that is another number

    def whole(self, engine):
        return self.least_there or self.least if engine == "postgresql" else self.least


PROOFS = {
    "machine.test_machine": Proof("状态机：全部业务种类，任意顺序、任意人、任意日子；每一步以后一人一籍、一人一件在办、班级学校与学籍经历一致、申请人不审核、环节按序、招生计划不超、终结不变、每办一次留痕一条、版本递增、停办期拒办",
                                  "steps", 100_000, "步", 25_000),
    "services.test_register_agrees": Proof("随机登记、导入、核办之后，各处人数、编号、名额、检索都与逐条清点相符", "acts", 2_000, "次办理", 800),
    "services.test_change_races": Proof("每一种异动，两名核办人同时决定（每种 500 轮）：只有一人成功，另一人读到是谁、何时", "rounds", 9_000, "轮"),
    "services.test_case_races": Proof("其余每一种业务（登记、补录、转学、整班、计划、外招、调档、合并、清理、撤销），两人同时（每种 500 轮）：只有一人成功", "rounds", 5_500, "轮"),
    "services.test_races": Proof("两种不同的办理同时发生（每对 200 轮）：只有一人成功，另一人读到是谁、何时", "rounds", 3_000, "轮"),
    "crash.test_kills": Proof("服务进程被杀：已答复的不丢，没做完的不留", "kills", 60, "次"),
    "hostile": Proof("恶意和损坏的输入，每种岗位的每个页面、每张表单、每个地址、每处上传，另随机抽取字段、文字、字节和文件：不出 500，不泄露，不半途", "inputs", 9_900, "份随机输入"),
}


@dataclass
class Found:
    cases: int = 0
    failed: int = 0
    seconds: float = 0
    counted: Counter = field(default_factory=Counter)

    def add(self, case):
        self.cases += 1
        self.failed += any(case.find(how) is not None for how in ("failure", "error", "skipped"))
        self.seconds += float(case.get("time"))
        for one in case.iter("property"):
            if one.get("value").isdigit():
                self.counted[one.get("name")] += int(one.get("value"))


def read(path) -> tuple[dict, float]:
    """({proof: what was found}, seconds of the whole run) of one engine."""
    suite = ElementTree.parse(path).getroot().find("testsuite")  # noqa: S314 - our own report
    found = {name: Found() for name in PROOFS}
    for case in suite.iter("testcase"):
        name = next((name for name in PROOFS if case.get("classname").startswith(f"tests.{name}")), None)
        if name:
            found[name].add(case)
    return found, float(suite.get("time"))


def line(proof, engine, found) -> tuple[str, bool]:
    done = found.counted[proof.unit]
    what = f"{done:,} {proof.words}" + (f"（{found.counted['acts']:,} 次办理）" if proof.unit == "steps" else "")
    holds = bool(found.cases) and not found.failed and done >= proof.whole(engine)
    said = "成立" if holds else f"不成立（{found.failed} 个失败）" if found.failed else f"不足（应有 {proof.whole(engine):,}）"
    return f"| {proof.title} | {engine} | {what} | {found.seconds:,.0f} 秒 | {said} |", holds


def main(folder, target) -> int:
    rows, times, all_hold = [], [], True
    for path in sorted(Path(folder).glob("*.xml"), reverse=True):
        found, seconds = read(path)
        times.append(f"{path.stem} {seconds / 60:.0f} 分钟")
        for name, proof in PROOFS.items():
            row, holds = line(proof, path.stem, found[name])
            rows.append(row)
            all_hold = all_hold and holds
    head = [
        "# 证明记录", "", "`make trust` 以完整规模运行后写下；平时的测试（`make test`）按小规模运行同样的证明。“实际执行”是运行时数出来的，不足的不算成立。", "",
        f"{datetime.now():%Y-%m-%d}，{os.cpu_count()} 核，Python {platform.python_version()}；{'，'.join(times)}。", "",
        "| 证明 | 数据库 | 实际执行 | 用时（各进程相加） | 结果 |", "| --- | --- | --- | --- | --- |",
    ]
    Path(target).write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
    return 0 if rows and all_hold else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
