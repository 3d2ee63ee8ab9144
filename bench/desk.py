"""A person at work in a house, asked for through WSGI: `app.wsgi_app` with an environ, no test client in the way."""

import contextlib
import html
import io
import re
from collections import Counter
from urllib.parse import urlencode

from sqlalchemy import event, select
from werkzeug.test import EnvironBuilder

from app.demo.cast import PASSWORD
from app.extensions import db
from app.models import Account
from app.views.shared import needs, page

EMPTY = "/bench/empty"
BLANK = '{% extends "base.html" %}{% block title %}空白页{% endblock %}{% block main %}<h1 tabindex="-1">空白页</h1>{% endblock %}'


def add_empty_page(app):
    """The baseline's page (DECIDED 30): session, post, base layout and form token, and nothing of its own."""
    template = app.jinja_env.from_string(BLANK)

    @app.get(EMPTY, endpoint="bench_empty")
    @needs("desk.see")
    def empty():
        return page(template)


class Desk:
    """Signed in by the sign-in page; `cookie` and `token` are good for the house on any server."""

    def __init__(self, house, username):
        self.app = house.app
        with self.app.app_context():
            self.account_id = db.session.execute(select(Account.id).where(Account.username == username)).scalar_one()
        browser = self.app.test_client()
        token = _token(browser.get("/login").text)
        answer = browser.post("/login", data={"csrf_token": token, "username": username, "password": PASSWORD})
        if answer.status_code != 303:
            raise RuntimeError(f"{username} could not sign in: {answer.status}")
        self.token = _token(browser.get("/help/keys").text)
        cookie = browser.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        self.cookie = f"{cookie.key}={cookie.value}"

    def ask(self, path, form=None, *, status=200, has="", times=1):
        """A function that asks for this page and returns its body; it fails where the answer is another, or has not `times` times what it should have."""
        body = urlencode({"csrf_token": self.token} | form).encode() if form is not None else b""
        method, kind = ("POST", "application/x-www-form-urlencoded") if form is not None else ("GET", None)
        builder = EnvironBuilder(path=path.partition("?")[0], query_string=path.partition("?")[2], method=method, content_type=kind, input_stream=io.BytesIO(body),
                                 headers={"Cookie": self.cookie, "Host": "127.0.0.1:8000", "Accept-Encoding": "gzip"})
        blank = builder.get_environ() | {"CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "127.0.0.1"}
        answered = []

        def once():
            answered.clear()
            parts = self.app.wsgi_app(blank | {"wsgi.input": io.BytesIO(body)}, lambda line, headers, error=None: answered.append((line, headers)))
            try:
                text = b"".join(parts)
            finally:
                if hasattr(parts, "close"):
                    parts.close()
            if not answered[0][0].startswith(str(status)):
                raise RuntimeError(f"{method} {path}: {answered[0][0]}")
            return text

        found = once().decode()
        if has and found.count(has) != times:
            raise RuntimeError(f"{method} {path} has {has} {found.count(has)} times")
        return once


def _token(page):
    return html.unescape(re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)[1])


@contextlib.contextmanager
def listening(app):
    """The statements that the app sends while the block runs: [(sql, parameters, whether to many)]."""
    sent = []

    def note(connection, cursor, statement, parameters, context, many):
        sent.append((statement, parameters, many))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def statements(app, once):
    with listening(app) as sent:
        once()
    return sent


def bare(app, asked, less=()):
    """A function that sends the statements of `asked`, without those of `less`, by the bare driver and takes all rows."""
    spared = Counter(sql for sql, *_ in less)
    rest = []
    for sql, parameters, _ in asked:
        if spared[sql]:
            spared[sql] -= 1
        else:
            rest.append((sql, parameters))
    with app.app_context():
        connection = db.engine.raw_connection()
    cursor = connection.cursor()

    def run():
        for sql, parameters in rest:
            cursor.execute(sql, parameters)
            cursor.fetchall()

    return run
