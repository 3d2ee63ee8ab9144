"""Files kept sealed on disk under DATA_DIR/files: photos, evidence, workbooks. What lies there tells nothing without the keys.

    with files.stored(data, kind="photo", …) as row:   # on the disk before the act begins, so that no lock waits for it
        put_on(student_id, row, …)                      # an act; within it `files.add(s, row)`
"""

import contextlib
import hashlib
import os
from pathlib import Path

from flask import current_app
from sqlalchemy import insert

from .. import sealing
from ..errors import NotFound
from ..models import File, new_id


@contextlib.contextmanager
def stored(data: bytes, *, kind, name, media_type, county_id, actor, now):
    """Yields the row for `add`. When the act that wanted it comes to nothing, the file goes again."""
    file_id = new_id()
    row = {
        "id": file_id, "county_id": county_id, "kind": kind, "name": name[:200], "media_type": media_type, "size": len(data),
        "sha256": hashlib.sha256(data).digest(), "path": f"{now:%Y%m}/{file_id:x}", "added_by_id": actor.account_id, "added_at": now,
    }
    place = _place(row["path"])
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(place, "xb") as file:
        file.write(sealing.ring().seal_bytes(data, "files", file_id, "content"))
        file.flush()
        os.fsync(file.fileno())
    try:
        yield row
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def add(s, row) -> int:
    """Within an act: the file belongs to the register from now on."""
    s.execute(insert(File).values(row))
    return row["id"]


def read(row) -> bytes:
    """The bytes of a row with `id` and `path`. The caller has asked whether this person may see it."""
    try:
        sealed = _place(row.path).read_bytes()
    except FileNotFoundError:
        raise NotFound("这个文件不在存储中，请联系系统管理员从备份恢复。") from None
    return sealing.ring().unseal_bytes(sealed, "files", row.id, "content")


def remove(path) -> None:
    """After the act that deleted its row: what nobody can ask for any more goes from the disk."""
    _place(path).unlink(missing_ok=True)


def _place(path):
    return Path(current_app.config["DATA_DIR"]) / "files" / path
