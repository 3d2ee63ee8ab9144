"""The same pages on the shipped server, `python -m app.serve`, with 16 connections that stay open: answers a second, beside those of the empty page."""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from . import report
from .counties import ROOT, TODAY
from .desk import EMPTY
from .pages import PAGES, Desks

CONNECTIONS = 16
SHARE = 0.4  # of the empty page's rate, at least
NAMES = ("find_by_name", "find_by_number", "class_list", "pupil")
HOOK = Path(__file__).with_name("hook")


def measure(small, large, wanted, *, rounds=4, seconds=1.5):
    """Yields the figures of the wanted pages; in each round every page takes its turn just before the empty one of the same person."""
    names = [name for name in NAMES if wanted(f"{name}/served")]
    if not names:
        return
    desks = Desks(large)
    with serving(large.folder, large.url, large.app.config["KEYS_DIR"]) as port:
        asked = {name: (_request(port, desks, *desks.address(name)), _request(port, desks, PAGES[name][0], EMPTY)) for name in names}
        for page, empty in asked.values():
            rate(port, page, 0.5)
            rate(port, empty, 0.5)
        rates = {name: ([], []) for name in names}
        for _ in range(rounds):
            for name, requests in asked.items():
                for taken, request in zip(rates[name], requests, strict=True):
                    taken.append(rate(port, request, seconds))
    for name, (page, empty) in rates.items():
        yield report.at_least(f"{name}/served", median(page), "answers/s", median(empty), SHARE)


def _request(port, desks, username, address):
    return f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {desks.of[username].cookie}\r\n\r\n".encode()


@contextlib.contextmanager
def serving(data_dir, url="", keys_dir="", patience=120):
    """The shipped server on a free port, with the bench's empty page; ended as a person ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATA_DIR": str(data_dir), "KEYS_DIR": str(keys_dir), "DATABASE_URL": url, "APP_ENV": "demo", "HOST": "127.0.0.1", "PORT": str(port),
        "DEMO_TODAY": TODAY.isoformat(), "PYTHONPATH": f"{HOOK}{os.pathsep}{ROOT}",
    }
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen([sys.executable, "-m", "app.serve"], cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            wait_for(f"http://127.0.0.1:{port}/login", server, patience)
            yield port
        except RuntimeError:
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace"))
            raise
        finally:
            server.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
            server.wait(30)


def wait_for(address, server, patience):
    """Until the address answers with a page."""
    over = time.monotonic() + patience
    while time.monotonic() < over and server.poll() is None:
        with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=patience) as answer:
            if answer.status == 200:
                return
        time.sleep(0.02)
    raise RuntimeError(f"{address} did not answer")


class Connection:
    """One that stays open: a request out, the whole answer in, the next request out."""

    def __init__(self, port, request):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request, self.answer, self.missing = request, b"", None
        self.socket.sendall(request)

    def read(self):
        """Whether an answer became whole."""
        part = self.socket.recv(1 << 17)
        if not part:
            raise RuntimeError("the server closed a connection")
        self.answer += part
        if self.missing is None and (end := self.answer.find(b"\r\n\r\n")) >= 0:
            head = self.answer[:end].lower()
            if b" 200 " not in head[:13]:
                raise RuntimeError(head[:200].decode())
            self.missing = end + 4 + int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        if self.missing is None or len(self.answer) < self.missing:
            return False
        self.answer, self.missing = b"", None
        self.socket.sendall(self.request)
        return True


def rate(port, request, seconds):
    """Answers a second over 16 connections, from one thread that does next to nothing else."""
    with selectors.DefaultSelector() as ready, contextlib.ExitStack() as opened:
        for _ in range(CONNECTIONS):
            connection = Connection(port, request)
            opened.callback(connection.socket.close)
            ready.register(connection.socket, selectors.EVENT_READ, connection.read)
        begun, answers = time.perf_counter(), 0
        while (passed := time.perf_counter() - begun) < seconds or answers < CONNECTIONS:
            for key, _ in ready.select(1):
                answers += key.data()
    return answers / passed
