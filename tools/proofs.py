"""Writes docs/proofs.md from the reports of `make trust`: which proof, on which engine, how many stories, how long, and whether it held."""

import os
import platform
import sys
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

TITLES = {
    "crash": "服务进程被杀：已答复的不丢，没做完的不留（60 次）",
    "test_register_agrees": "随机办理之后，各处人数、编号、名额、检索都与逐条清点相符",
    "test_every_change": "异动状态机：任意顺序、任意人、任意日子办理，状态、班额、学籍经历、变动平衡与留痕始终相符",
    "test_change_races": "每一种异动，两名核办人同时决定（各 500 轮）：只有一人成功",
    "test_races": "两人同时：只有一人成功，另一人读到是谁、何时",
    "hostile": "恶意和损坏的输入：不出 500，不泄露，不半途",
}


def main(folder, target):
    rows = []
    for path in sorted(Path(folder).glob("*.xml")):
        engine, name = path.stem.split(".", 1)
        suite = ElementTree.parse(path).getroot().find("testsuite")  # noqa: S314 - our own report
        failed = int(suite.get("failures")) + int(suite.get("errors"))
        held = "成立" if not failed and not int(suite.get("skipped")) else f"不成立（{failed} 失败）"
        rows.append(f"| {TITLES.get(name, name)} | {engine} | {suite.get('tests')} | {float(suite.get('time')):.0f} 秒 | {held} |")
    head = [
        "# 证明记录", "", "`make trust` 以完整规模运行后写下；平时的测试（`make test`）按小规模运行同样的证明。", "",
        f"{datetime.now():%Y-%m-%d}，{os.cpu_count()} 核，Python {platform.python_version()}。", "",
        "| 证明 | 数据库 | 用例 | 用时 | 结果 |", "| --- | --- | --- | --- | --- |",
    ]
    Path(target).write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
