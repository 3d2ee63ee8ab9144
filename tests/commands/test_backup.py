"""flask backup create, verify, restore: from one house to an empty one."""

import pytest
from sqlalchemy import select

from app import config, sealing
from app.extensions import db
from app.models import Event
from tests.services.test_backups import another_house  # noqa: F401 - a fixture


def _run(app, *words):
    with app.app_context():
        result = app.test_cli_runner().invoke(args=[*map(str, words)])
        return result.exit_code, result.output


def test_a_house_moves_by_three_commands(app, another_house, tmp_path):  # noqa: F811
    file = tmp_path / "night.tar"

    code, said = _run(app, "backup", "create", file)
    assert (code, said.endswith("备份中没有密钥，请另行妥善保管密钥目录。\n")) == (0, True)
    code, said = _run(app, "backup", "verify", file)
    assert (code, said.startswith("备份完好（竹山县教育局，")) == (0, True)

    other = another_house()
    code, said = _run(other, "backup", "restore", file)
    assert (code, "已从" in said) == (0, True), said
    with other.app_context():
        last = db.session.execute(select(Event.name, Event.facts).where(Event.chain_id == 0).order_by(Event.seq.desc()).limit(1)).one()
        assert last.name == "house.restored" and '"backup":"night.tar"' in last.facts
    assert _run(other, "audit", "verify")[0] == 0


def test_with_other_keys_nothing_is_written_and_the_directory_stays_empty(app, another_house, tmp_path):  # noqa: F811
    file = tmp_path / "night.tar"
    _run(app, "backup", "create", file)
    sealing.make_keys(tmp_path / "others")
    other = another_house(tmp_path / "others")
    code, said = _run(other, "backup", "restore", file)
    assert (code, said.startswith("Error: 手边的密钥不是这份备份的密钥")) == (1, True)
    assert list(other.config["DATA_DIR"].iterdir()) == []


def test_without_keys_none_are_made_to_restore_with(tmp_path):
    with pytest.raises(config.CannotStart, match="请把备份时所用的密钥目录放好，用 KEYS_DIR 指明"):
        config.read({"DATA_DIR": str(tmp_path / "new")}, ["flask", "backup", "restore", "night.tar"])
    assert not (tmp_path / "new").exists()


def test_a_refusal_is_a_sentence_and_status_1(app, tmp_path):
    assert _run(app, "backup", "restore", tmp_path / "none.tar") == (1, f"Error: 没有找到文件 {tmp_path / 'none.tar'}。\n")
