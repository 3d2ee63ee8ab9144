"""docs/proofs.md says what was counted while the proofs ran, and nothing else."""

from tools import proofs

CASE = '<testcase classname="tests.{name}" name="test" time="1.5"><properties>{counted}</properties>{fault}</testcase>'


def written(tmp_path, **faults):
    cases = "".join(CASE.format(
        name=name + (".test_forms" if name == "hostile" else ""), fault=faults.get(name.replace(".", "_"), ""),
        counted=f'<property name="{proof.unit}" value="{proof.least}"/><property name="acts" value="7000"/>') for name, proof in proofs.PROOFS.items())
    (tmp_path / "sqlite.xml").write_text(f'<testsuites><testsuite time="600">{cases}</testsuite></testsuites>', encoding="utf-8")
    answer = proofs.main(tmp_path, tmp_path / "proofs.md")
    lines = (tmp_path / "proofs.md").read_text(encoding="utf-8").splitlines()
    return answer, {name: [cell.strip() for cell in row.split("|")[2:-1]] for name, row in zip(proofs.PROOFS, lines[-len(proofs.PROOFS):], strict=True)}


def test_each_proof_is_told_with_what_was_done_and_how_long(tmp_path):
    answer, told = written(tmp_path)
    assert answer == 0
    assert told["machine.test_machine"] == ["sqlite", "100,000 步（7,000 次办理）", "2 秒", "成立"]
    assert told["services.test_races"] == ["sqlite", "3,000 轮", "2 秒", "成立"]
    assert told["hostile"] == ["sqlite", "9,900 份随机输入", "2 秒", "成立"]
    assert "sqlite 10 分钟" in (tmp_path / "proofs.md").read_text(encoding="utf-8")


def test_what_failed_or_did_less_does_not_hold(tmp_path):
    answer, told = written(tmp_path, services_test_races="<failure/>")
    assert (answer, told["services.test_races"][-1]) == (1, "不成立（1 个失败）")
    (tmp_path / "sqlite.xml").write_text('<testsuites><testsuite time="1"></testsuite></testsuites>', encoding="utf-8")
    assert proofs.main(tmp_path, tmp_path / "proofs.md") == 1
    assert "不足（应有 100,000）" in (tmp_path / "proofs.md").read_text(encoding="utf-8")
