"""Locks between processes, as files: the one writer of SQLite, the slots of workers, the two places at the password hash."""

import contextlib
import os
from pathlib import Path

if os.name == "nt":
    import msvcrt
    import time

    def _lock(handle, *, wait):
        while True:
            try:
                handle.seek(0)
                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                if not wait:
                    return False
                time.sleep(0.002)

    def _unlock(handle):
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(handle, *, wait):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def _unlock(handle):
        fcntl.flock(handle, fcntl.LOCK_UN)


@contextlib.contextmanager
def held(path):
    """Hold the lock of this file for the block; wait for whoever has it."""
    with open(path, "ab") as handle:
        _lock(handle, wait=True)
        try:
            yield
        finally:
            _unlock(handle)


def busy(path) -> bool:
    """Whether somebody holds the lock of this file just now."""
    with open(path, "ab") as handle:
        if not _lock(handle, wait=False):
            return True
        _unlock(handle)
    return False


def take_slot(folder: Path, slots: int):
    """The first free place of `slots` as (number, handle): held as long as the handle lives. None when all are taken."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(slots):
        handle = open(folder / f"{number}.lock", "ab")  # noqa: SIM115 - the open handle is the lock
        if _lock(handle, wait=False):
            return number, handle
        handle.close()
    return None


def leave_slot(folder: Path, slot) -> None:
    """Give back what `take_slot` took, with the folder where nobody else has a place."""
    if slot:
        slot[1].close()
        (folder / f"{slot[0]}.lock").unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def others(folder: Path, mine: int) -> bool:
    """Whether another living process has a place there."""
    for path in folder.glob("*.lock"):
        if path.stem == str(mine):
            continue
        with open(path, "ab") as handle:
            if not _lock(handle, wait=False):
                return True
            _unlock(handle)
    return False


@contextlib.contextmanager
def one_of(folder: Path, slots: int):
    """Hold any one of `slots` places for the block; wait at one of them when all are taken."""
    folder.mkdir(parents=True, exist_ok=True)
    slot = take_slot(folder, slots)
    if slot is None:
        with held(folder / f"{os.getpid() % slots}.lock"):
            yield
    else:
        try:
            yield
        finally:
            _unlock(slot[1])
            slot[1].close()
