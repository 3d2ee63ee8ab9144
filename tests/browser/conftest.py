"""A real browser before a real server: Chromium, driven by Playwright, at the house of the `app` fixture.

    def test_story(at): page = at("registrar.a1"); page.goto("/students") …

`at(username)` is a person's own window, signed in by the sign-in page (script=False: without JavaScript; width=390: a phone). Whatever breaks in a window
(an error in the console, a refusal of the policy, an answer of 5xx) fails the story at its end. `work()` lets the job process do what waits.
"""

import os
import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app import clock
from app.demo.cast import PASSWORD
from app.services import jobs
from tests.conftest import missing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
DESK = {"width": 1366, "height": 768}
PATIENCE = 15_000  # milliseconds, on a slow machine


def pytest_collection_modifyitems(items):
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="package")
def chromium():
    if CHROMIUM is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Quiet(WSGIRequestHandler):
    def log_request(self, *args):
        pass


def serve(app):
    """The server and its address; it stops by `shutdown`."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.port}"


@pytest.fixture
def house(app):
    """The address of the served house."""
    server, address = serve(app)
    yield address
    server.shutdown()
    server.server_close()


@pytest.fixture
def window(chromium):
    """Opens windows at an address; what breaks in them is a failure."""
    contexts, broken = [], []

    def open_window(address, *, script=True, width=DESK["width"], height=DESK["height"]):
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=script, accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
        page.on("console", lambda line: broken.append(f"{page.url}: {line.text}") if _is_fault(line) else None)
        page.on("response", lambda answer: broken.append(f"{answer.url}: {answer.status}") if answer.status >= 500 else None)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert broken == []


def _is_fault(line):
    """Chromium and htmx write every answer of 4xx as an error of the console, though a form that comes back with 422 is as it should be."""
    return line.type == "error" and not any(words in line.text for words in ("the server responded with a status of 4", "Response Status Error Code 4"))


@pytest.fixture
def at(house, window):
    def open_at(username=None, **how):
        page = window(house, **how)
        if username:
            sign_in(page, username)
        return page

    return open_at


def sign_in(page, username):
    """By hand, wherever the sign-in page was come upon."""
    if "/login" not in page.url:
        page.goto("/login")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.fixture
def work(app):
    """The job process, one piece of work after another until nothing waits."""
    def until_idle():
        while jobs.run_next(clock.now()):
            pass

    return until_idle


@pytest.fixture
def shot(request):
    """Pictures for who looks at them: SHOTS=folder keeps them."""
    folder = os.environ.get("SHOTS")

    def take(page, name):
        if folder:
            page.screenshot(path=f"{folder}/{request.node.name}-{name}.png", full_page=True)

    return take
