"""What a slow network spares: a static file is fetched once, and again when it is another."""

import re
from pathlib import Path

from flask import url_for

from app import _marked


def test_every_page_asks_for_its_files_by_what_is_in_them_and_browsers_keep_them(app):
    browser = app.test_client()
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.get("/login").text)
    assert [address.split("?")[0] for address in addresses] == [
        "/static/favicon.svg", "/static/app.css", "/static/fonts/rare.css", "/static/app.js", "/static/vendor/htmx-2.0.11/htmx.min.js",
    ]
    for address in addresses:
        assert re.search(r"\?v=[0-9a-f]{12}$", address)
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable"), address
    assert browser.get("/static/app.css").headers["Cache-Control"] == "public, max-age=3600"
    assert browser.get("/static/gone.css?v=1").headers["Cache-Control"] == "public, max-age=3600"
    with app.test_request_context():
        assert url_for("static", filename="gone.css") == "/static/gone.css" and "?" not in url_for("help.keys")


def test_a_file_that_was_changed_has_another_address(tmp_path: Path):
    def mark(text, changing):
        (tmp_path / "app.css").write_text(text, encoding="utf-8")
        add, values = _marked(tmp_path, changing), {"filename": "app.css"}
        add("static", values)
        return values["v"]

    assert mark("一", changing=False) == mark("一", changing=True) != mark("二", changing=False)
