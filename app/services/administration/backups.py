"""备份与恢复: one archive (tar) of the database, the sealed files and the anchor, with a manifest of SHA-256s. Keys are never in it (DECIDED 27).

Made while clerks work: SQLite by VACUUM INTO (never a copy of the file, which lacks the last acts and looks healthy), PostgreSQL by pg_dump. The anchor
is copied before the database, so that it never knows more than the copy; the files after it, so that none is missing.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import select

from ... import sealing
from ...errors import Refusal
from ...extensions import db, sqlite, writer
from ...models import Chain, File, House
from ...permissions import SYSTEM
from .. import trace
from ..transactions import writes
from . import audit

FORMAT = 1
DATABASE = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
ANCHOR, MANIFEST = "anchor.log", "manifest.json"
NAMES = re.compile(r"database\.(sqlite|pgdump)|anchor\.log|files/\d{6}/[0-9a-f]+")  # nothing else is ever written to a disk
PIECE = 1 << 20


# ---------------------------------------------------------------- make

def create(path, *, now) -> str:
    """Write the archive and return what to say. It stands under its name only when it is whole."""
    path, data = Path(path), _data_dir()
    if path.exists():
        raise Refusal(f"{path} 已经存在，没有备份。请换一个文件名，备份不会覆盖原有的文件。")
    if not path.parent.is_dir():
        raise Refusal(f"没有目录 {path.parent}，请先建立。")
    _note_backup(path.name)
    part, copy = path.with_name(path.name + ".part"), path.with_name(path.name + ".database")
    try:
        with _private(part) as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            anchor, known = _whole_lines(data / ANCHOR), db.session.execute(select(File.path)).scalars().all()
            _copy_database(copy)
            members = [_add(archive, DATABASE[_engine()], copy), _add_bytes(archive, ANCHOR, anchor)]
            members += [_add(archive, name, place) for name, place in _stored(data)]
            manifest = {
                "format": FORMAT, "made_at": now.isoformat(timespec="seconds"), "house": db.session.execute(select(House.title)).scalar() or "",
                "engine": _engine(), "keys": sealing.ring().ids, "members": members,
            }
            manifest["seal"] = _seal(manifest)
            _add_bytes(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        if gone := {f"files/{path}" for path in known} - {member["name"] for member in members}:
            raise Refusal(f"登记过的文件 {min(gone)} 等 {len(gone)} 个不在磁盘上：刚好被清理，或者丢失了。没有备份，请再试一次；仍然如此的，请检查磁盘。")
        os.replace(part, path)
    finally:
        for leftover in (part, copy):
            leftover.unlink(missing_ok=True)
    return f"已备份到 {path}（{path.stat().st_size / 1e6:,.1f} MB，{len(members) - 2:,} 个文件）。备份中没有密钥，请另行妥善保管密钥目录。"


@writes
def _note_backup(s, name):
    """A backup is the largest export there is: noted before its first byte (DECIDED 13)."""
    trace.record(s, "house.backed_up", actor=SYSTEM, file=name)


@contextlib.contextmanager
def _private(path):
    """A new file for its owner alone, on the disk when the block ends."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _copy_database(copy):
    """Both tools write into the empty file that stands there for its owner alone."""
    with _private(copy):
        pass
    if _engine() == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
        return
    _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")


def _whole_lines(path):
    text = path.read_bytes() if path.exists() else b""
    return text[: text.rfind(b"\n") + 1]


def _stored(data):
    """(name in the archive, place) of every sealed file, in order."""
    for place in sorted((data / "files").glob("*/*")):
        name = place.relative_to(data).as_posix()
        if NAMES.fullmatch(name):
            yield name, place


def _add(archive, name, place):
    with open(place, "rb") as file:
        return _write(archive, name, os.fstat(file.fileno()).st_size, file)


def _add_bytes(archive, name, content):
    return _write(archive, name, len(content), io.BytesIO(content))


def _write(archive, name, size, file):
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    hashing = _Hashing(file)
    archive.addfile(member, hashing)
    return {"name": name, "size": size, "sha256": hashing.digest.hexdigest()}


class _Hashing:
    """What is read through it is hashed on the way."""

    def __init__(self, file):
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size=-1):
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


# ---------------------------------------------------------------- verify

def verify(path) -> str:
    """Manifest, every checksum, the database's own check, its trace against the anchor, every file that the register knows. A sentence, or a Refusal."""
    manifest = _read_manifest(path)
    _same_keys(manifest)
    with tempfile.TemporaryDirectory(dir=_data_dir(), prefix="verify-") as folder:
        _unpack(path, manifest, Path(folder))
        return f"备份完好（{manifest['house']}，{manifest['made_at'].replace('T', ' ')}）。{_examine(manifest, Path(folder))}"


def _read_manifest(path):
    try:
        with tarfile.open(path, "r:") as archive:
            manifest = json.load(archive.extractfile(MANIFEST))
        if manifest["format"] != FORMAT:
            raise Refusal(f"这份备份的格式是 {manifest['format']}，本版本只认 {FORMAT}。请用制作它的版本恢复。")
        if not all(NAMES.fullmatch(member["name"]) for member in manifest["members"]) or manifest["engine"] not in DATABASE:
            raise Refusal(f"{path} 的清单里有不属于备份的内容，不能使用。")
    except FileNotFoundError:
        raise Refusal(f"没有找到文件 {path}。") from None
    except (tarfile.TarError, KeyError, TypeError, ValueError, OSError, EOFError):
        raise Refusal(f"{path} 不是本系统的备份，或者没有写完整（缺清单）。") from None
    return manifest


def _same_keys(manifest):
    """Every key that sealed something in the archive is at hand, and is the same one."""
    ours, theirs = sealing.ring().ids, manifest["keys"]
    if any(ours.get(name) != number for name, number in theirs.items()):
        raise Refusal("手边的密钥不是这份备份的密钥，恢复后谁也打不开其中的号码和文件。请把当时的密钥目录放好，用 KEYS_DIR 指明，再试一次。")
    if manifest.get("seal") != _seal(manifest):
        raise Refusal("备份的清单被改动过，不能使用。请换一份备份。")


def _seal(manifest):
    content = {key: value for key, value in manifest.items() if key != "seal"}
    return sealing.ring().index("backup", trace.canonical(content)).hex()


def _unpack(path, manifest, folder):
    """Write the members under `folder`, each with the checksum that the manifest says."""
    wanted = {member["name"]: member for member in manifest["members"]}
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                if member.name == MANIFEST:
                    continue
                said = wanted.pop(member.name, None)
                if said is None or not member.isfile() or member.size != said["size"]:
                    raise Refusal(f"备份中的 {member.name} 与清单不符，不能使用。请换一份备份。")
                place = folder / member.name
                place.parent.mkdir(parents=True, exist_ok=True)
                source = _Hashing(archive.extractfile(member))
                with _private(place) as target:
                    shutil.copyfileobj(source, target, PIECE)
                if source.digest.hexdigest() != said["sha256"]:
                    raise Refusal(f"备份中的 {member.name} 校验和不符，已经损坏。请换一份备份。")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Refusal(f"{path} 读不下去（{error}），备份已经损坏或者磁盘已满。") from None
    if wanted:
        raise Refusal(f"备份中缺少 {next(iter(wanted))}，不能使用。请换一份备份。")


def _examine(manifest, folder) -> str:
    """The unpacked database, looked at in a place of its own."""
    if manifest["engine"] == "sqlite":
        engine = sa.create_engine(f"sqlite:///{folder / DATABASE['sqlite']}", module=sqlite)
        try:
            with engine.connect() as connection:
                faults = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() + connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if faults != ["ok"]:
                    raise Refusal(f"备份中的数据库已经损坏（{faults[0]}），不能使用。请换一份备份。")
                return _trace_and_files(connection, manifest, folder)
        finally:
            engine.dispose()
    with _scratch_database() as url:
        if url is None:
            return "数据库账号不能建临时库，留痕没有核验；恢复后请运行 flask audit verify。"
        _postgres("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={url.database}", str(folder / DATABASE["postgresql"]))
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return _trace_and_files(connection, manifest, folder)


def _trace_and_files(connection, manifest, folder):
    verdict = audit.examine(connection, folder / ANCHOR)
    if not verdict.holds:
        raise Refusal(f"备份中的{verdict.said}不能使用，请换一份备份。")
    names = {member["name"] for member in manifest["members"]}
    for path in connection.execute(select(File.path).order_by(File.id)).scalars():
        if f"files/{path}" not in names:
            raise Refusal(f"备份中缺少登记过的文件 files/{path}，不能使用。请换一份备份。")
    return verdict.said


# ---------------------------------------------------------------- restore

def restore(path):
    """Put everything back, into an empty data directory and database. Returns the manifest; `note_restored` has to follow."""
    data, manifest = _data_dir(), _read_manifest(path)
    if manifest["engine"] != _engine():
        raise Refusal(f"这份备份来自 {manifest['engine']}，现在的 DATABASE_URL 是 {_engine()}。请改用同一种数据库。")
    _same_keys(manifest)
    if _has_tables() or (data / ANCHOR).exists() or any((data / "files").glob("*/*")):
        raise Refusal(f"数据目录 {data} 或数据库不是空的，没有恢复。恢复只写入空的数据目录和空的数据库，请用 DATA_DIR（和 DATABASE_URL）指明一个新的。")
    folder = Path(tempfile.mkdtemp(dir=data, prefix="restore-"))
    try:
        _unpack(path, manifest, folder)
        if _engine() == "sqlite":
            _examine(manifest, folder)
        else:
            _into_empty(manifest, folder)
        if (folder / "files").exists():
            shutil.rmtree(data / "files", ignore_errors=True)
            os.replace(folder / "files", data / "files")
        os.replace(folder / ANCHOR, data / ANCHOR)
        if _engine() == "sqlite":
            _place_sqlite(folder / DATABASE["sqlite"])
    except Refusal as refusal:
        raise Refusal(f"{refusal}什么也没有恢复，数据目录和数据库仍是空的。") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return manifest


def _has_tables():
    if _engine() == "sqlite" and not Path(db.engine.url.database).exists():
        return False  # asking would make it
    return bool(sa.inspect(db.engine).get_table_names())


def _into_empty(manifest, folder):
    """PostgreSQL can be examined only where it stands: what turns out not to hold is taken out again, so that the next backup finds the database empty."""
    before = _dropping()
    try:
        _postgres("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", f"--dbname={db.engine.url.database}",
                  str(folder / DATABASE["postgresql"]))
        with db.engine.connect() as connection:
            _trace_and_files(connection, manifest, folder)
    except BaseException:
        with writer().begin() as connection:
            for statement in sorted(_dropping() - before, reverse=True):  # tables, with the triggers that call the functions
                connection.exec_driver_sql(statement)
        raise


def _dropping() -> set[str]:
    """The statement that drops it, of every table and function that is not the server's own."""
    with db.engine.connect() as connection:
        return set(connection.execute(sa.text(
            "SELECT format('DROP TABLE %s CASCADE', oid::regclass) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)' "
            "UNION ALL SELECT format('DROP FUNCTION %s', oid::regprocedure) FROM pg_proc WHERE prokind = 'f' AND pronamespace::regnamespace::text !~ '^(pg_|information_schema)'"
        )).scalars())


def _place_sqlite(copy):
    db.session.remove()
    db.engine.dispose()
    place = Path(db.engine.url.database)
    for leftover in ("-wal", "-shm"):
        place.with_name(place.name + leftover).unlink(missing_ok=True)
    os.replace(copy, place)


@writes
def note_restored(s, name, manifest):
    """How long each chain is now: what the anchor saw beyond that was left behind, and `audit verify` says so instead of calling it a break."""
    heads = {str(chain): length for chain, length in s.execute(select(Chain.id, Chain.length).order_by(Chain.id))}
    trace.record(s, "house.restored", actor=SYSTEM, backup=name, made_at=manifest["made_at"], heads=heads)


# ---------------------------------------------------------------- where

def _data_dir():
    return Path(current_app.config["DATA_DIR"])


def _engine():
    return db.engine.dialect.name


def _postgres(program, *words):
    """A tool of PostgreSQL; what it connects with goes by its environment, where no other user reads a password."""
    if shutil.which(program) is None:
        raise Refusal(f"这台机器上没有 {program}。请安装与数据库服务器同版本的 PostgreSQL 客户端工具。")
    url = db.engine.url
    settings = {
        "PGHOST": url.host or url.query.get("host"), "PGPORT": url.port and str(url.port), "PGUSER": url.username, "PGPASSWORD": url.password,
        "PGDATABASE": url.database, "PGSSLMODE": url.query.get("sslmode"), "PGSSLROOTCERT": url.query.get("sslrootcert"),
    }
    done = subprocess.run([program, *words], env=os.environ | {key: value for key, value in settings.items() if value}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refusal(f"{program} 没有成功：{(done.stderr.strip().splitlines() or ['没有说明'])[-1]}")


@contextlib.contextmanager
def _scratch_database():
    """The URL of a database of its own that goes again; None where this user may not make one."""
    name = f"xueji_check_{os.urandom(4).hex()}"
    with db.engine.connect() as connection:
        try:
            connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
        except sa.exc.ProgrammingError:
            yield None
            return
        try:
            yield db.engine.url.set(database=name)
        finally:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
