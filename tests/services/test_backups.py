"""The county is backed up at noon, while clerks work, and stands up again on another machine."""

import io
import json
import os
import tarfile
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import current_app
from sqlalchemy import func, select

from app.errors import Refusal
from app.extensions import db
from app.models import Event, Student, guards
from app.permissions import SYSTEM
from app.services import files, trace
from app.services.administration import audit, backups
from app.services.transactions import writes
from tests import conftest


@writes
def _keep(s, row):
    files.add(s, row)
    trace.record(s, "student.photo", actor=SYSTEM, size=row["size"])


@writes
def _signs_in(s, actor):
    trace.record(s, "signin.succeeded", actor=actor, address="10.0.0.8")


@pytest.fixture
def photo(app, now):
    """A sealed file of the register; returns its row."""
    with files.stored(b"a face", kind="photo", name="face.jpg", media_type="image/jpeg", county_id=None, actor=SYSTEM, now=now) as row:
        _keep(row)
    return row


@pytest.fixture
def backup(app, photo, tmp_path, now):
    path = tmp_path / "noon.tar"
    backups.create(path, now=now)
    return path


@pytest.fixture
def another_house(app, tmp_path, keys_dir, database_server):
    """An empty machine with an empty database: a function that makes the app on it."""
    made, names = [], []

    def make(keys=keys_dir):
        folder = tmp_path / f"house{len(made)}"
        folder.mkdir()
        url = f"sqlite:///{folder / 'xueji.db'}"
        if database_server:
            names.append(f"xueji_{os.getpid()}_restored_{len(made)}_{tmp_path.name[-20:]}")
            url = conftest._create(database_server, names[-1])
        made.append(conftest.make_app(folder, url, keys))
        return made[-1]

    yield make
    for other in made:
        with other.app_context():
            db.session.remove()
            db.engine.dispose()
        other.extensions["node"][1].close()
    for name in names:
        conftest._drop(database_server, name)


def _members(path):
    with tarfile.open(path) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}


def _write(path, members):
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def _refusal(verb, *args, **kwargs):
    with pytest.raises(Refusal) as told:
        verb(*args, **kwargs)
    return str(told.value)


def test_an_archive_holds_database_files_anchor_and_key_ids_but_no_key(app, backup, photo, keys_dir):
    members = _members(backup)
    manifest = json.loads(members["manifest.json"])

    assert sorted(members) == sorted(["anchor.log", backups.DATABASE[db.engine.dialect.name], f"files/{photo['path']}", "manifest.json"])
    assert sorted(manifest["keys"]) == ["field 1", "index", "signing"]
    for key in json.loads((keys_dir / "keys.json").read_text()).values():
        for secret in key.values() if isinstance(key, dict) else [key]:
            assert not isinstance(secret, str) or not any(secret.encode() in content for content in members.values())
    assert backup.stat().st_mode & 0o777 == 0o600
    assert list(backup.parent.glob("noon.tar.*")) == []


def test_nobody_else_on_the_machine_reads_the_copy_while_it_is_packed(app, tmp_path, now, monkeypatch):
    modes, add = {}, backups._add
    monkeypatch.setattr(backups, "_add", lambda archive, name, place: modes.update({name: place.stat().st_mode & 0o777}) or add(archive, name, place))
    backups.create(tmp_path / "noon.tar", now=now)
    assert modes[backups.DATABASE[db.engine.dialect.name]] == 0o600


def test_a_good_backup_is_verified_whole(app, backup):
    assert backups.verify(backup).startswith("备份完好（竹山县教育局，2026-09-11 15:20:00）。留痕完好：")


def test_a_county_is_restored_on_another_machine_and_its_trace_goes_on(app, county, backup, photo, another_house):
    """What was done after the backup is lost; the trace says so and still holds, against the old anchor too."""
    pupils = db.session.execute(select(func.count()).select_from(Student)).scalar()
    registrar = county.actor("registrar.a1")
    _signs_in(registrar)
    old_anchor = Path(app.config["DATA_DIR"]) / "anchor.log"

    with another_house().app_context():
        manifest = backups.restore(backup)
        backups.note_restored("noon.tar", manifest)
        _signs_in(registrar)

        assert db.session.execute(select(func.count()).select_from(Student)).scalar() == pupils
        assert files.read(type("Row", (), photo)) == b"a face"
        names = db.session.execute(select(Event.name).where(Event.chain_id == trace.HOUSE).order_by(Event.seq.desc()).limit(3)).scalars().all()
        assert names == ["signin.succeeded", "house.restored", "house.backed_up"]
        assert audit.verify(audit.own_anchor()).holds
        verdict = audit.verify(old_anchor)
        assert verdict.holds and "其中 1 行是恢复备份以前的" in verdict.said


def test_nothing_is_restored_over_what_is_there(app, backup):
    assert _refusal(backups.restore, backup).endswith("请用 DATA_DIR（和 DATABASE_URL）指明一个新的。")


def test_nothing_is_restored_without_the_keys(app, backup, another_house, tmp_path):
    from app.sealing import make_keys

    make_keys(tmp_path / "others")
    with another_house(tmp_path / "others").app_context():
        assert _refusal(backups.restore, backup).startswith("手边的密钥不是这份备份的密钥")
        assert sa.inspect(db.engine).get_table_names() == []
    with another_house().app_context():  # the keys of the other house are in this process now; its own again here
        assert backups.restore(backup)["house"] == "竹山县教育局"


@pytest.mark.parametrize(("harm", "sentence"), [
    (lambda members: members | {"anchor.log": members["anchor.log"][:-1] + b"0"}, "备份中的 anchor.log 校验和不符，已经损坏。请换一份备份。"),
    (lambda members: {name: content for name, content in members.items() if name != "anchor.log"}, "备份中缺少 anchor.log，不能使用。请换一份备份。"),
    (lambda members: {"../evil": b"x"} | members, "备份中的 ../evil 与清单不符，不能使用。请换一份备份。"),
    (lambda members: members | {"manifest.json": members["manifest.json"].replace("竹山县".encode(), "别的县".encode())}, "备份的清单被改动过，不能使用。请换一份备份。"),
    (lambda members: {name: content for name, content in members.items() if name != "manifest.json"}, "{path} 不是本系统的备份，或者没有写完整（缺清单）。"),
])
def test_a_harmed_backup_is_refused(app, backup, harm, sentence):
    _write(backup, harm(_members(backup)))

    assert _refusal(backups.verify, backup) == sentence.format(path=backup)


def test_a_house_whose_trace_was_altered_is_not_restored_and_leaves_nothing_behind(app, county, photo, tmp_path, now, another_house, backup):
    """Checksums and seal are right; what was done to the trace before the backup is found at the end, and the good backup then goes into the same place."""
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER keep_events_update" + ("" if sqlite else " ON events"))
        connection.exec_driver_sql("UPDATE events SET actor_name = 'x' WHERE seq = 1 AND chain_id = 0")
        guards.install(connection)
    backups.create(tmp_path / "altered.tar", now=now)
    with another_house().app_context():
        data = Path(current_app.config["DATA_DIR"])
        before = sorted(path for path in data.iterdir() if path.name != "slots")
        told = _refusal(backups.restore, tmp_path / "altered.tar")
        assert told == "备份中的留痕不完整。系统链第 1 号事件：内容与当时的哈希不符，被改动过。不能使用，请换一份备份。什么也没有恢复，数据目录和数据库仍是空的。"
        assert sorted(path for path in data.iterdir() if path.name != "slots") == before
        assert _left() == []
        backups.note_restored("noon.tar", backups.restore(backup))
        assert audit.verify(audit.own_anchor()).holds


def _left():
    """What the database holds of ours, functions too."""
    if db.engine.dialect.name == "sqlite":
        return sa.inspect(db.engine).get_table_names()
    with db.engine.connect() as connection:
        return connection.exec_driver_sql("SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace "
                                          "UNION SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace").scalars().all()


def test_a_backup_cut_short_is_refused(app, backup):
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])

    assert "没有写完整" in _refusal(backups.verify, backup)


def test_a_backup_never_overwrites_and_says_where_it_cannot_write(app, backup, tmp_path, now):
    before = backup.read_bytes()

    assert _refusal(backups.create, backup, now=now) == f"{backup} 已经存在，没有备份。请换一个文件名，备份不会覆盖原有的文件。"
    assert _refusal(backups.create, tmp_path / "no" / "x.tar", now=now) == f"没有目录 {tmp_path / 'no'}，请先建立。"
    assert _refusal(backups.verify, tmp_path / "none.tar") == f"没有找到文件 {tmp_path / 'none.tar'}。"
    assert backup.read_bytes() == before


def test_a_file_that_the_register_knows_and_the_disk_has_not_is_told(app, photo, tmp_path, now):
    (Path(app.config["DATA_DIR"]) / "files" / photo["path"]).unlink()

    assert _refusal(backups.create, tmp_path / "noon.tar", now=now).startswith(f"登记过的文件 files/{photo['path']} 等 1 个不在磁盘上")
    assert list(tmp_path.glob("noon*")) == []


def test_clerks_work_on_while_it_is_made(app, county, tmp_path, now):
    """Whatever moment the copy catches, its trace is whole and no anchor knows more than it."""
    registrar, over = county.actor("registrar.a1"), threading.Event()
    done = []

    def work():
        with app.app_context():
            while not over.is_set():
                _signs_in(registrar)
                done.append(1)
            db.session.remove()

    clerk = threading.Thread(target=work)
    clerk.start()
    try:
        for number in range(3):
            before = len(done)
            backups.create(tmp_path / f"{number}.tar", now=now)
            assert len(done) > before
    finally:
        over.set()
        clerk.join()

    for number in range(3):
        assert "留痕完好" in backups.verify(tmp_path / f"{number}.tar")
