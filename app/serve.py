"""python -m app.serve (make run): prepares the house, then keeps its processes alive until it is told to stop.

Two children, each a process of its own: `web`, granian with a worker a core (waitress where granian has no wheel), and `jobs`, the long pieces of work and the
daily tick. A child that dies is started again. A child ends when its standard input does, so that none outlives this process, however that ends.
"""

import contextlib
import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import flask_migrate
from dotenv import load_dotenv
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from . import clock, create_app, locks
from .config import CannotStart
from .extensions import db
from .models import House
from .services import jobs
from .services.administration import nightly
from .services.paperwork import papers
from .services.people import passwords

PAUSE = 0.5  # seconds between two looks at the queue, or at the children
HEARD_BYTES, HEARD_SECONDS, PIECE = 64 * 1024 * 1024, 10, 256 * 1024  # of an upload that nobody wants
FIRST_REQUESTS = 20  # after so many a worker has made what it keeps
TICK_HOUR = 2
PATIENCE = 8  # seconds that a child may take to end
HASTY, CRASHES = 5, 5  # a child that ends within so many seconds, so often in a row, cannot run here
APART = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {"start_new_session": True}  # Ctrl+C reaches the parent alone
log = logging.getLogger("xueji.serve")


def main(arguments=()):
    load_dotenv()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for name in ("alembic", "flask_wtf.csrf"):  # a form made from a draft has no token, and is not answered as one
        logging.getLogger(name).setLevel(logging.WARNING)
    child = {"web": web, "jobs": work}.get(next(iter(arguments), ""))
    if child:
        child()
    else:
        supervise()


def place():
    """HOST and PORT; a port that is none is told."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT 应是 1 至 65535 的数字，现在是“{port}”。")
    return os.environ.get("HOST") or "127.0.0.1", int(port)


# ---------------------------------------------------------------- the parent

def supervise():
    stop = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    host, port = place()
    _refuse_taken(host, port)
    demo = prepare()
    children = [Child("web"), Child("jobs")]
    said = False
    try:
        while not stop.wait(PAUSE):
            for child in children:
                child.look_after()
            if not said and _answers(host, port):
                _say(host, port, demo)
                said = True
    finally:
        for child in children:
            child.ask_to_end()
        for child in children:
            child.end()


class Child:
    """One of our processes; `look_after` starts it again when it is dead, slower each time."""

    def __init__(self, name):
        self.name, self.crashes, self.again_at = name, 0, 0.0
        self.start()

    def start(self):
        self.since = time.monotonic()
        self.process = subprocess.Popen([sys.executable, "-m", "app.serve", self.name], stdin=subprocess.PIPE, **APART)

    def look_after(self):
        if self.process is not None:
            if self.process.poll() is None:
                return
            self.crashes = self.crashes + 1 if time.monotonic() - self.since < HASTY else 1
            if self.crashes >= CRASHES:
                raise CannotStart(f"进程 {self.name} 连续 {CRASHES} 次一启动就退出，系统已停止。请看上面的出错信息。")
            log.warning("%s ended with status %s, starting it again", self.name, self.process.returncode)
            self.process, self.again_at = None, time.monotonic() + 2 ** (self.crashes - 1) - 1
        if time.monotonic() >= self.again_at:
            self.start()

    def ask_to_end(self):
        if self.process is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()

    def end(self):
        if self.process is not None:
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:  # a job in the midst of its work: another process takes it up again
                self.process.kill()
                self.process.wait()


def prepare() -> bool:
    """Bring the database up to date; settle the demo county in an empty one. Returns whether this is a demo house."""
    app = create_app()
    with app.app_context():
        flask_migrate.upgrade()
        kind = db.session.execute(select(House.kind)).scalar()
        if kind is None and app.config["APP_ENV"] == "production":
            raise CannotStart("数据库是空的。请先建立系统：flask --app wsgi house settle --province 代码 --county 代码。")
        if kind is None:
            from .demo import county

            print("正在建立演示县……", flush=True)
            county.settle(today=clock.today(), now=clock.now())
            kind = "demo"
        db.session.remove()
        db.engine.dispose()
    if app.extensions["node"]:
        app.extensions["node"][1].close()
    return kind == "demo"


def _refuse_taken(host, port):
    """Granian shares a port with whoever holds it; two houses on one would answer in turn."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE):
            with socket.socket(family, kind, protocol) as probe:
                if os.name != "nt":
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        raise CannotStart(f"不能在 {host} 的 {port} 端口上服务（{error.strerror}）。请停掉占用它的程序，或用 PORT=端口 换一个。") from None


def _address(host, port):
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - where to look, not where to listen
    return f"http://{shown}:{port}"


def _answers(host, port):
    try:
        with urllib.request.urlopen(f"{_address(host, port)}/healthz", timeout=2) as answer:  # noqa: S310 - our own address
            return answer.status == 200
    except urllib.error.HTTPError:
        return True  # not from here: it answers all the same
    except OSError:
        return False


def _say(host, port, demo):
    print(f"\n电子学籍管理系统已经启动：{_address(host, port)}\n按 Ctrl+C 停止。", flush=True)
    if demo:
        print(
            f"\n演示账号（密码都是 {passwords.DEMO}）：\n"
            "  registrar.a1  学校学籍管理员    head.a1    学校审核人    teacher.a1  班主任\n"
            "  officer.a     县学籍管理员      township.a.t1  乡镇学籍管理员\n"
            "  officer.city1 市级管理员        officer.province  省级管理员\n"
            "  sysadmin      系统管理员        security、security2  安全管理员    auditor  审计员",
            flush=True,
        )


# ---------------------------------------------------------------- the children

def _when_input_ends(then):
    """The parent holds the other end of the standard input: it closes it to end us, and its death closes it too."""
    def listen():
        with contextlib.suppress(OSError):
            while os.read(0, 4096):  # not through sys.stdin, whose lock would be held when the interpreter ends
                pass
        then()

    threading.Thread(target=listen, daemon=True, name="parent").start()


def web():
    host, port = place()
    workers = int(os.environ.get("WORKERS") or 0) or _cores()
    try:
        from granian import Granian
        from granian.constants import HTTPModes, Interfaces
        from granian.log import LogLevels
    except ImportError:
        _waitress(host, port, workers)
        return
    server = Granian(
        "app.serve:worker", factory=True, address=host, port=port, interface=Interfaces.WSGI, workers=workers, blocking_threads=1, http=HTTPModes.http1,
        websockets=False, respawn_failed_workers=True, workers_kill_timeout=PATIENCE - 2, log_level=LogLevels.warning,
    )
    _when_input_ends(server.signal_handler_interrupt)
    server.serve()


def _waitress(host, port, threads):
    import waitress

    server = waitress.create_server(worker(), host=host, port=port, threads=threads)
    _when_input_ends(server.close)
    with contextlib.suppress(OSError):  # its socket is closed under it
        server.run()


def _cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def worker():
    """What each worker serves: made in the worker itself, so that no connection and no lock is shared."""
    _end_with_parent()
    return ready(create_app())


def ready(app):
    """Read beforehand what the first act would else wait for, and dress the app for its server."""
    with app.app_context():
        papers.read_fonts()
    return hear_out(freeze_after(believe(app, int(os.environ.get("PROXIES") or 0)), FIRST_REQUESTS))


def hear_out(app):
    """Read what was sent and not looked at before the answer goes out: a connection that is closed on a browser that still sends shows no answer at all."""
    answer = app.wsgi_app

    def heard(environ, start_response):
        body = answer(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            until, left = time.monotonic() + HEARD_SECONDS, HEARD_BYTES
            while left > 0 and time.monotonic() < until and (piece := environ["wsgi.input"].read(PIECE)):
                left -= len(piece)
        return body

    app.wsgi_app = heard
    return app


def believe(app, proxies):
    """How many proxies stand before us, whose word on the caller's address is taken: the throttle and the trace go by it."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)
    return app


def _end_with_parent():
    from multiprocessing import parent_process

    if parent := parent_process():
        def wait():
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=wait, daemon=True, name="parent").start()


def freeze_after(app, requests):
    """Once warm, what stays for good is no longer gone through by the collector: the slowest pages take 1 ms instead of 14 (DESIGN 4)."""
    left = [requests]

    @app.after_request
    def freeze(response):
        if left[0] > 0:
            left[0] -= 1
            if left[0] == 0:
                gc.collect()
                gc.freeze()
        return response

    return app


def work():
    """The job process: one piece of work after another, and once a day the chores, where this process holds the tick."""
    app, over = create_app(), threading.Event()
    gc.collect()
    gc.freeze()  # as the workers do: a workbook of thousands makes the collector go through all there is, time and again
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), lambda *_: over.set())
    _when_input_ends(over.set)
    while not over.is_set():
        with app.app_context():
            try:
                tick(app.config["DATA_DIR"], clock.now())
                busy = jobs.run_next(clock.now())
            except Exception:
                log.exception("the job process goes on")
                busy = False
                over.wait(5)
            finally:
                db.session.remove()
        if not busy:
            over.wait(PAUSE)


def tick(data_dir, now) -> bool:
    """Once a day from two in the morning on, or when the machine is next switched on; `tick` in the data directory says which day was done."""
    done = data_dir / "tick"
    if now.hour < TICK_HOUR or (done.exists() and done.read_text() == f"{now:%Y-%m-%d}"):
        return False
    slot = locks.take_slot(data_dir / "tick-lock", 1)
    if slot is None:
        return False
    with slot[1]:
        nightly.run(now=now)
        done.write_text(f"{now:%Y-%m-%d}")
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
