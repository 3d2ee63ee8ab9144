"""flask students import: the path of the upload page, from a terminal."""

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Case, Import, ImportRow
from tests import rosters
from tests.rosters import changed, children, line


@pytest.fixture
def take_in(app):
    return lambda *words: app.test_cli_runner().invoke(args=["students", "import", *map(str, words)])


@pytest.fixture
def roster(tmp_path):
    def roster(lines, name="新生.xlsx"):
        path = tmp_path / name
        path.write_bytes(rosters.xlsx(lines))
        return path

    return roster


def cases():
    return db.session.execute(select(func.count()).where(Case.import_id.is_not(None))).scalar()


def test_a_right_workbook_is_written_in_the_registrars_name(county, take_in, roster):
    result = take_in(roster([line(kid) for kid in children(2)]), "--school", "2142900101", "--as", "registrar.a1")

    assert (result.exit_code, result.output) == (0, "共 2 行，可以导入 2 行，其中要留意 0 行，有错 0 行。\n写入了 2 人，等待学校审核。\n")
    assert cases() == 2


def test_a_dry_run_needs_nobody_and_keeps_nothing(county, take_in, roster):
    kids = children(2)
    result = take_in(roster([line(kid) for kid in kids]), "--school", "a1", "--dry-run")
    assert (result.exit_code, result.output) == (0, "共 2 行，可以导入 2 行，其中要留意 0 行，有错 0 行。没有写入。\n")

    path = roster([line(kids[0]), changed(line(kids[1]), postcode="1")])
    result = take_in(path, "--school", "a1", "--dry-run")
    assert result.exit_code == 1
    assert "有 1 行有错，需要更正。" in result.output
    assert path.with_name("新生_已标错.xlsx").exists()
    assert (cases(), db.session.scalars(select(Import.id)).all(), db.session.scalars(select(ImportRow.id)).all()) == (0, [], [])


def test_errors_stop_it_unless_only_the_right_rows_are_wanted(county, take_in, roster):
    kids = children(2)
    path = roster([line(kids[0]), changed(line(kids[1]), postcode="1")])
    result = take_in(path, "--school", "a1", "--as", "registrar.a1")
    assert (result.exit_code, cases(), path.with_name("新生_已标错.xlsx").exists()) == (1, 0, True)
    assert "有 1 行有错，没有写入。" in result.output

    result = take_in(path, "--school", "a1", "--as", "registrar.a1", "--good-rows")
    assert (result.exit_code, cases()) == (0, 1)


def test_what_cannot_be_is_said_in_a_sentence(county, take_in, roster, tmp_path):
    path = roster([line(children(1)[0])])
    note = tmp_path / "新生.txt"
    note.write_text("x", encoding="utf-8")
    for words, told in (
        ((path, "--school", "9999"), "没有学校标识码或机构代码是 9999 的学校。"), ((path, "--school", "a1"), "请用 --as 写明经办人的账号，或用 --dry-run 只做预检。"),
        ((path, "--school", "a1", "--as", "registrar.b1"), "账号 registrar.b1 不是堵河路小学的学籍管理员，不能为它导入。"),
        ((note, "--school", "a1", "--as", "registrar.a1"), "只接收 .xlsx、.xls 和 .csv 三种文件"), ((note, "--school", "a1", "--dry-run"), "只接收 .xlsx、.xls 和 .csv 三种文件"),
    ):
        result = take_in(*words)
        assert (result.exit_code, told in result.output) == (1, True), result.output
