"""tools/install.py: what is installed already is not installed again."""

import importlib.util
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([0-9][^;\s]*)")


@pytest.fixture
def install(tmp_path, monkeypatch):
    """The tool in a folder of its own, with a .venv that seems to be there; `calls` is what it would run."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "tools" / "install.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    tool.calls = []

    def run(words, **_):
        tool.calls.append([str(word) for word in words])
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(tool, "PYTHON", tmp_path / ".venv" / "python")
    monkeypatch.setattr(tool.subprocess, "run", run)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "python").touch()
    (tmp_path / "requirements.txt").write_text("flask==3.1.3\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\npytest==9.2.0\n")
    return tool


def test_a_second_start_installs_nothing(install):
    install.main("requirements.txt")
    assert install.calls[-1][-2:] == ["-r", str(install.ROOT / "requirements.txt")]
    install.calls.clear()

    install.main("requirements.txt")

    assert install.calls == []


def test_a_changed_pin_is_installed_also_where_another_file_takes_it_in(install):
    install.main("requirements-dev.txt")
    install.calls.clear()

    (install.ROOT / "requirements.txt").write_text("flask==3.1.4\n")
    install.main("requirements-dev.txt")

    assert len(install.calls) == 2  # is pip there; install


def test_a_first_start_makes_the_environment(install):
    install.PYTHON.unlink()

    install.main("requirements.txt")

    assert [words[1:3] for words in install.calls] == [["-m", "venv"], ["-m", "pip"]]


def test_every_pin_is_exact_and_is_what_these_tests_run_on():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r ")):
                pinned = PINNED.match(line)
                assert pinned, line
                if ";" not in line:
                    assert version(pinned[1]) == pinned[2]
