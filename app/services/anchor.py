"""The anchor (链外锚): heads of the chains in a file outside the database. Who rewrites a chain would have to rewrite this file too, and whatever copies of it exist.

A line for each event, written once its act is committed: “moment chain seq hash”. It may lag behind the chains, when the disk was full or the power went
just then; an act is done all the same. What could not be written is written with the next act, or by the daily tick (services.administration.audit).
"""

import logging
import os
from pathlib import Path

from flask import current_app

from .. import clock

CUT_OFF = b" interrupted"  # closes a line that was not written to its end
log = logging.getLogger("xueji.anchor")


def path() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "anchor.log"


def write(heads) -> bool:
    """Append these heads, and those that could not be written before. False, and no error, where it cannot be done now."""
    moment = clock.now().isoformat(timespec="seconds")
    late = current_app.extensions
    lines = late.pop("anchor_late", "") + "".join(f"{moment} {chain} {seq} {digest}\n" for chain, seq, digest in heads)
    try:
        _append(lines.encode("ascii"))
    except OSError:
        late["anchor_late"] = lines + late.get("anchor_late", "")
        log.exception("the anchor lags behind: %s heads wait for the next act", late["anchor_late"].count("\n"))
        return False
    return True


def _append(lines):
    with open(path(), "ab+") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                lines = CUT_OFF + b"\n" + lines
        file.write(lines)
