"""One command starts the house; what dies is started again; nothing outlives it."""

import contextlib
import gc
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import datetime
from pathlib import Path

import pytest
from flask import request
from sqlalchemy import select

from app import clock, config, serve
from app.documents import fonts
from app.extensions import db
from app.models import Job, Paper
from app.services import transactions
from app.services.administration import audit
from tests.office import row
from tests.transfer_office import road

__all__ = ["road"]

ROOT = Path(__file__).resolve().parents[2]
LONG = 40  # seconds; a busy machine takes its time


@pytest.fixture
def app(own_app):
    return own_app


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def house(app, port, tmp_path):
    """The demo county served by `python -m app.serve`; what it prints goes to `tmp_path/said`."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    environment = os.environ | {
        "DATA_DIR": str(app.config["DATA_DIR"]), "KEYS_DIR": str(app.config["KEYS_DIR"]), "DATABASE_URL": url, "PORT": str(port), "WORKERS": "1", "APP_ENV": "demo",
    }
    with open(tmp_path / "said", "w") as said:
        process = subprocess.Popen([sys.executable, "-m", "app.serve"], env=environment, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
    try:
        _until(lambda: _page(port), "the house does not answer")
        yield process
    finally:
        process.kill()
        process.wait()


def _page(port, path="/login"):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def _until(holds, what):
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError(what)


def _below(pid):
    """{pid: command line} of every process under this one."""
    found = {}
    with contextlib.suppress(OSError):
        for child in [one for thread in Path(f"/proc/{pid}/task").iterdir() for one in (thread / "children").read_text().split()]:
            found[int(child)] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
            found |= _below(int(child))
    return found


def _jobs(house):
    return next((pid for pid, command in _below(house.pid).items() if command.endswith("app.serve jobs ")), None)


def _worker(house):
    """What the web process has made of itself."""
    web = next((pid for pid, command in _below(house.pid).items() if command.endswith("app.serve web ")), None)
    return next(iter(_below(web)), None) if web else None


def _alive(pids):
    return [pid for pid in pids if Path(f"/proc/{pid}").exists() and "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")
def test_what_dies_is_started_again_and_all_ends_with_the_one_that_was_started(house, port, tmp_path):
    assert '"ready":true' in _page(port, "/readyz")
    _until(lambda: "已经启动" in (tmp_path / "said").read_text(), "the address is not said")
    assert f"http://127.0.0.1:{port}\n" in (tmp_path / "said").read_text() and "Xueji-demo-2026" in (tmp_path / "said").read_text()

    jobs, worker = _jobs(house), _worker(house)
    os.kill(jobs, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    _until(lambda: _jobs(house) not in (jobs, None), "the job process is not started again")
    _until(lambda: _worker(house) not in (worker, None) and _page(port), "the worker is not started again")

    everything = _below(house.pid)
    house.send_signal(signal.SIGTERM)
    assert house.wait(LONG) == 0
    assert _alive(everything) == []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes as Linux shows them")
def test_nothing_outlives_a_parent_that_was_killed(house, port):
    everything = _until(lambda: len(_below(house.pid)) >= 3 and _below(house.pid), "not everything is there")

    house.kill()
    house.wait()

    _until(lambda: not _alive(everything), "something outlives it")


def test_the_job_process_takes_up_what_waits(house, county):
    asked = audit.ask(actor=county.actor("auditor"), now=clock.now())

    ended = _until(lambda: db.session.execute(select(Job.state, Job.message).where(Job.id == asked, Job.ended_at.is_not(None))).one_or_none(), "nobody takes it up")

    assert (ended.state, ended.message[:5]) == ("done", "留痕完好：")


def test_a_port_that_is_taken_and_one_that_is_none_are_told(monkeypatch, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(config.CannotStart, match=f"不能在 127.0.0.1 的 {port} 端口上服务"):
            serve._refuse_taken("127.0.0.1", port)
    serve._refuse_taken("127.0.0.1", port)
    for wrong in ("http", "0", "70000"):
        monkeypatch.setenv("PORT", wrong)
        with pytest.raises(config.CannotStart, match="PORT 应是 1 至 65535 的数字"):
            serve.place()


def test_a_child_that_cannot_run_here_ends_the_house_with_a_sentence(monkeypatch):
    monkeypatch.setattr(serve, "PAUSE", 0)
    monkeypatch.setattr(serve.subprocess, "Popen", lambda *_, **__: _Dead())
    monkeypatch.setattr(serve.time, "monotonic", iter(range(0, 10_000)).__next__)
    child = serve.Child("web")

    with pytest.raises(config.CannotStart, match="进程 web 连续 5 次一启动就退出"):
        for _ in range(1000):
            child.look_after()


class _Dead:
    returncode = 1

    def poll(self):
        return 1


def test_the_chores_are_done_once_a_day_from_two_in_the_morning(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(serve.nightly, "run", lambda *, now: done.append(now.day))

    ticks = [serve.tick(tmp_path, datetime(2026, 9, day, hour)) for day, hour in ((11, 1), (11, 2), (11, 3), (12, 1), (12, 9), (12, 23), (20, 8))]

    assert ticks == [False, True, False, False, True, False, True]
    assert done == [11, 12, 20]


def test_of_two_processes_one_ticks(tmp_path, monkeypatch):
    monkeypatch.setattr(serve.nightly, "run", lambda *, now: pytest.fail("done twice"))
    held = serve.locks.take_slot(tmp_path / "tick-lock", 1)

    assert serve.tick(tmp_path, datetime(2026, 9, 11, 9)) is False
    held[1].close()


def test_a_warm_worker_keeps_what_it_has_from_the_collector(app):
    serve.freeze_after(app, 2)
    try:
        client = app.test_client()
        client.get("/login")
        assert gc.get_freeze_count() == 0
        client.get("/login")
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()


def test_no_writer_waits_at_the_lock_for_fonts(road, app, monkeypatch):
    """A fresh worker's first application, and the first certificate: what is printed is looked up in fonts that were read before the worker served."""
    for kept in (fonts.fonts_in, fonts.open_our_fonts, fonts.rare_slice):
        kept.cache_clear()
    locked, opened = [], {True: set(), False: set()}

    @contextlib.contextmanager
    def noted(lock=transactions.write_lock):
        with lock():
            locked.append(True)
            yield
            locked.pop()

    def note(event, arguments):  # it stays for the life of the process, and is still once the test is over
        if event == "open" and opened is not None and str(arguments[0]).startswith(str(fonts.FOLDER)):
            opened[bool(locked)].add(Path(arguments[0]).name)

    monkeypatch.setattr(transactions, "write_lock", noted)
    sys.addaudithook(note)
    serve.ready(app)
    before = set(opened[False])
    case_id = road.apply("b1")
    road.go(case_id)
    found = opened
    opened = None
    assert row(Paper, Paper.case_id == case_id).kind == "transfer_certificate"
    assert (found[True], before >= {"song.ttf", "song-bold.ttf"}) == (set(), True)


def test_the_callers_address_is_believed_from_a_proxy_only_where_one_is_set(app):
    def seen():
        with app.test_client() as client:
            client.get("/login", environ_overrides={"REMOTE_ADDR": "127.0.0.1"}, headers={"X-Forwarded-For": "10.9.9.9"})
            return request.remote_addr

    assert serve.believe(app, 0) is app and seen() == "127.0.0.1"
    assert serve.believe(app, 1) is app and seen() == "10.9.9.9"


def test_production_does_not_serve_an_empty_database(tmp_path, keys_dir, port):
    environment = os.environ | {"DATA_DIR": str(tmp_path), "KEYS_DIR": str(keys_dir), "APP_ENV": "production", "DATABASE_URL": ""}
    environment.pop("DEMO_TODAY", None)

    ended = subprocess.run([sys.executable, "-m", "app.serve"], env=environment | {"PORT": str(port)}, cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=False)

    assert (ended.returncode, ended.stderr) == (1, "数据库是空的。请先建立系统：flask --app wsgi house settle --province 代码 --county 代码。\n")


@pytest.mark.parametrize(("path", "megabytes", "status"), [("/login", 13, 413), ("/nowhere", 20, 404), ("/imports/new", 20, 303), ("/imports/new", 40, 303)])
def test_an_upload_that_nobody_wants_is_answered_and_not_cut_off(house, port, path, megabytes, status):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", path, b"x" * (megabytes * 1024 * 1024), {"Content-Type": "multipart/form-data; boundary=x"})
    assert connection.getresponse().status == status
