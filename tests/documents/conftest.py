import os
import shutil
import subprocess

import pytest


@pytest.fixture
def needs_tool():
    """A test that reads a paper with a tool is skipped by name where the tool is missing; with REQUIRE_ALL=1 it fails."""
    def need(name):
        if shutil.which(name):
            return
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"{name} is not installed and REQUIRE_ALL=1")
        pytest.skip(f"{name} is not installed")
    return need


@pytest.fixture
def run(needs_tool, tmp_path):
    """What a tool says about a paper."""
    def run_tool(*command, pdf, check=True):
        needs_tool(command[0])
        path = tmp_path / "paper.pdf"
        path.write_bytes(pdf)
        words = [str(path) if word == "PDF" else word for word in command]
        return subprocess.run(words, check=check, capture_output=True, text=True, timeout=60, cwd=tmp_path).stdout
    return run_tool


@pytest.fixture
def read(run):
    """The text that can be copied from a paper, in the order in which it was written, without white space."""
    def read_text(pdf):
        return "".join(run("pdftotext", "-raw", "PDF", "-", pdf=pdf).split())
    return read_text
