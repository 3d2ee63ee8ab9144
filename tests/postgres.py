"""A PostgreSQL server of the tests' own, in a temporary folder, without fsync; stopped with the tests."""

import contextlib
import glob
import os
import shutil
import socket
import subprocess
import tempfile

ROOM = 2 * 1024**3  # bytes


def binaries():
    """The folder of initdb and pg_ctl, which Debian keeps out of the PATH; None where there is no server."""
    found = shutil.which("initdb")
    if found:
        return os.path.dirname(os.path.realpath(found))
    return max(glob.glob("/usr/lib/postgresql/*/bin"), default=None)


@contextlib.contextmanager
def server(in_memory=False):
    """Yields the URL of the maintenance database. initdb refuses root: it runs as the postgres user then (DECIDED 29)."""
    folder = tempfile.mkdtemp(prefix="xueji-pg-", dir=_memory() if in_memory else None)
    data = os.path.join(folder, "data")
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    port = _free_port()

    def run(program, *words):
        subprocess.run([*as_user, os.path.join(binaries(), program), *words], check=True, stdout=subprocess.DEVNULL, cwd=folder, timeout=120)

    run("initdb", "-D", data, "-U", "xueji", "--auth=trust", "-E", "UTF8", "--locale-provider=libc", "--lc-collate=C", "--lc-ctype=C.UTF-8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    run("pg_ctl", "-D", data, "-w", "-s", "-l", os.path.join(folder, "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://xueji@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-s", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _memory():
    """Where a database is copied for each test without touching a disk; None where the machine has no such room."""
    return "/dev/shm" if os.path.isdir("/dev/shm") and shutil.disk_usage("/dev/shm").free > ROOM else None


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
