"""app.js and htmx in a real browser, under the policy of the pages: what one clerk does on one page, and what reaches the server."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string, request
from werkzeug.serving import make_server

from tools.lint_templates import TEMPLATES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PAGE = """{% extends "base.html" %}
{% from "components/forms.html" import csrf, draft_button, saved %}
{% from "components/tables.html" import pager %}
{% block title %}试页{% endblock %}
{% block main %}
<form method="get" action="/search" hx-get="/search" hx-trigger="input from:#q delay:20ms" hx-swap="none"><input id="q" name="q" data-search></form>
<form id="once" method="post" action="/once" hx-post="/once" hx-swap="outerHTML">{{ csrf() }}<input name="name"></form>
<form id="enrol" method="post" action="/enrol" data-draft="draft" data-unsaved>{{ csrf() }}
  <select name="id_doc_type"><option value="1">居民身份证</option></select>
  <div class="field"><input name="id_doc_no" data-idno></div>
  <div class="field"><input id="birth_date" name="birth_date"></div>
  <fieldset class="field" id="sex"><input type="radio" name="sex" value="1"><input type="radio" name="sex" value="2"></fieldset>
</form>
{{ draft_button("enrol", "/draft") }}{{ saved() }}
<table><tbody id="rows"><tr><th><a id="row1" href="/1">甲</a></th></tr><tr><th><a id="row2" href="/2">乙</a></th></tr></tbody></table>
{{ pager("/rows?after=2", "第 1—2 行") }}
<form method="post" action="/card" hx-post="/card" hx-swap="none">{{ csrf() }}<input id="card" name="card" data-card-reader><button>读卡</button></form>
<a id="break" href="/break" hx-get="/break">出错</a>
<section id="box"><a id="loses" href="/lost" hx-get="/lost" hx-target="#box" hx-swap="outerHTML">换掉</a></section>
<script src="/drive.js" defer></script>
{% endblock %}"""


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """What the browser told, and each request that reached the server."""
    if not CHROMIUM:
        (pytest.fail if os.environ.get("REQUIRE_ALL") else pytest.skip)("no Chromium here")
    app = Flask("app", root_path=str(TEMPLATES.parent), template_folder=str(TEMPLATES), static_folder=str(TEMPLATES.parent / "static"))
    app.jinja_env.globals["csrf_token"] = lambda: "令"
    told, asked, done = {}, [], threading.Event()

    @app.after_request
    def policy(response):
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.route("/")
    def page():
        return render_template_string(PAGE, may_find=True, me={"name": "王敏", "body_name": "堵河路小学", "duty_title": "学籍管理员"})

    @app.route("/drive.js")
    def drive():
        return (Path(__file__).parent / "drive.js").read_text("utf-8"), {"Content-Type": "text/javascript"}

    @app.route("/result", methods=["POST"])
    def result():
        told.update(request.get_json(force=True))
        done.set()
        return ""

    @app.route("/search")
    def search():
        asked.append(("search", request.args["q"]))
        return ""

    @app.route("/once", methods=["POST"])
    def once():
        asked.append(("once", request.form["csrf_token"]))
        form = '<form id="once" method="post" hx-post="/once" hx-swap="outerHTML"><input type="hidden" name="csrf_token" value="二">'
        return form + '<div class="summary" id="summary" tabindex="-1" autofocus></div></form>', 422

    @app.route("/draft", methods=["POST"])
    def draft():
        asked.append(("draft", request.form["save"], request.form["id_doc_no"]))
        return '<p class="hint" id="saved" hx-swap-oob="true">草稿已存，15:18</p>'

    @app.route("/rows")
    def rows():
        more = '{% from "components/tables.html" import pager %}<tbody id="rows"><tr><th><a href="/3">丙</a></th></tr></tbody>'
        return render_template_string(more + '{{ pager("", "到底了", oob=true) }}')

    @app.route("/card", methods=["POST"])
    def card():
        asked.append(("card", request.form["card"]))
        return ""

    @app.route("/break")
    def broken():
        refusal = render_template("errors/_refusal.html", error_id="E-1")
        return refusal, 500, {"HX-Retarget": "#flash", "HX-Reswap": "outerHTML"}

    @app.route("/lost")
    def lost():
        return '<section id="box"><h1 id="head" tabindex="-1">换成了这一页</h1></section>'

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser = subprocess.Popen(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
         "--remote-debugging-port=0", f"--user-data-dir={tmp_path_factory.mktemp('profile')}", f"http://127.0.0.1:{server.port}/"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert done.wait(60), f"the page did not play to its end; reached: {asked}"
    finally:
        browser.kill()
        browser.wait()
        server.shutdown()
    return told, asked


def test_nothing_breaks_the_policy(story):
    assert (story[0]["broken"], story[0].get("error")) == ([], None)


def test_a_composed_syllable_is_one_request(story):
    assert [asked for asked in story[1] if asked[0] == "search"] == [("search", "张")]


def test_a_second_click_in_flight_sends_nothing_and_the_next_try_does(story):
    assert [asked for asked in story[1] if asked[0] == "once"] == [("once", "令"), ("once", "二")]


def test_errors_take_focus(story):
    assert story[0]["focusAfterErrors"] == "summary"


def test_focus_never_falls_to_the_body(story):
    assert story[0]["focusAfterLoss"] == "head"


def test_a_whole_number_gives_birth_and_sex_until_it_is_broken(story):
    assert story[0]["derived"] == ["1949年12月31日", "2", True, "由身份证件号得出"]
    assert story[0]["released"] == ["1949年12月31日", False, None]


def test_what_the_clerk_typed_is_not_overwritten(story):
    assert story[0]["typedStays"] == "2020年1月1日"


def test_the_draft_keeps_itself_and_then_one_may_leave(story):
    assert story[0]["beforeDraft"] == [True, "有改动，还没有存"]
    assert story[0]["afterDraft"] == [False, "草稿已存，15:18"]
    assert [asked for asked in story[1] if asked[0] == "draft"] == [("draft", "draft", "11010519491231002X")]


def test_keys_reach_find_rows_and_the_next_page(story):
    assert (story[0]["slash"], story[0]["down"]) == ("find", "row2")
    assert (story[0]["rows"], story[0]["pager"]) == (["甲", "乙", "丙"], "到底了")


def test_a_card_is_handed_in_as_it_was_read(story):
    line = "叶清禾|女|汉|20200315|竹山县城关镇|420323202003150042|竹山县公安局|20250101-20300101"

    assert [asked for asked in story[1] if asked[0] == "card"] == [("card", line)]


def test_a_refusal_without_a_form_stands_in_the_flash_place(story):
    assert story[0]["flash"] == "出错：系统出了错，没有写入任何内容。请稍后再试；求助时请报错误编号 E-1。"
