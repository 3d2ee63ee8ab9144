"""The bench in small: that it runs and what its report says, not how fast anything is."""

import json

from bench import __main__ as bench
from bench import counties, report

FIELDS = ["name", "value", "unit", "baseline", "ratio", "goal", "holds"]


def test_a_brief_run_prints_its_figures_beside_their_baselines_and_writes_them_down(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(counties, "HOME", tmp_path / "houses")
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.json")

    bench.main(["--brief", "--small", "400", "--large", "500", "--only", "find_by_name/queries,find_by_name/growth,find_by_name/baseline,pupil/queries,import,desk/head,tick"])

    figures = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [list(figure) for figure in figures] == [FIELDS] * 12
    assert {figure["name"]: (figure["unit"], figure["goal"]) for figure in figures} == {
        "find_by_name/queries": ("queries", "ratio = 1, value <= 8"), "find_by_name/growth": ("ms", "ratio <= 1.3"), "find_by_name/baseline": ("ms", "ratio <= 3"),
        "pupil/queries": ("queries", "ratio = 1, value <= 8"), "import/dry_run": ("s", ""), "import/apply": ("s", ""), "import": ("s", "ratio <= 5"),
        "desk/head/queries": ("queries", "ratio = 1, value <= 10"), "desk/head/growth": ("ms", "ratio <= 1.3"),
        "tick/queries": ("queries", "ratio = 1, value <= 10"), "tick/seconds": ("s", "value <= 10"), "tick/clearing": ("acts/s", ""),
    }
    assert all(figure["ratio"] == round(figure["ratio"], 2) > 0 for figure in figures if figure["baseline"] is not None)
    assert [figure["holds"] for figure in figures if figure["unit"] == "queries"] == [True] * 4
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[1:-1]] == [figure["name"] for figure in figures]


def test_a_goal_holds_or_is_missed_by_the_ratio_that_is_told():
    assert report.at_most("page", 9.04, "ms", 3.0, 3) == report.Figure("page", 9.04, "ms", 3.0, 3.01, "ratio <= 3", False)
    assert report.at_least("page", 41, "answers/s", 100, 0.4) == report.Figure("page", 41, "answers/s", 100, 0.41, "ratio >= 0.4", True)
    assert report.within("start", 15.2, "s", 15) == report.Figure("start", 15.2, "s", None, None, "value <= 15", False)
    assert report.same_and_within("page", 4, "queries", 5, 8) == report.Figure("page", 4, "queries", 5, 0.8, "ratio = 1, value <= 8", False)
    assert report.line(report.at_most("page", 2.0, "ms", 1.0, 3)).split() == ["page", "2", "ms", "1", "2.00", "ratio", "<=", "3", "holds"]
