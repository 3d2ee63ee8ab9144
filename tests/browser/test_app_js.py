"""app.js and htmx on a page of their own, under the policy of the house: what one clerk does on one page, and what reaches the server."""

import pytest
from flask import Flask, render_template, render_template_string, request
from playwright.sync_api import expect

from app import CSP
from tools.lint_templates import TEMPLATES

from .conftest import serve

PAGE = """{% extends "base.html" %}
{% from "components/forms.html" import csrf, draft_button, saved %}
{% from "components/tables.html" import pager %}
{% block title %}试页{% endblock %}
{% block main %}
<form method="get" action="/search" hx-get="/search" hx-trigger="input from:#q delay:20ms" hx-swap="none"><input id="q" name="q" data-search></form>
<form id="once" method="post" action="/once" hx-post="/once" hx-swap="outerHTML">{{ csrf() }}<input name="name"><button>提交</button></form>
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
{% endblock %}"""


@pytest.fixture(scope="module")
def bench():
    """A house of one page, and each request that reached it."""
    app = Flask("app", root_path=str(TEMPLATES.parent), template_folder=str(TEMPLATES), static_folder=str(TEMPLATES.parent / "static"))
    app.jinja_env.globals["csrf_token"] = lambda: "令"
    asked = []

    @app.after_request
    def policy(response):
        response.headers["Content-Security-Policy"] = CSP
        return response

    @app.route("/")
    def page():
        return render_template_string(PAGE, may_find=True, me={"name": "王敏", "body_name": "堵河路小学", "duty_title": "学籍管理员"})

    @app.route("/search")
    def search():
        asked.append(("search", request.args["q"]))
        return ""

    @app.route("/once", methods=["POST"])
    def once():
        asked.append(("once", request.form["csrf_token"]))
        form = '<form id="once" method="post" hx-post="/once" hx-swap="outerHTML"><input type="hidden" name="csrf_token" value="二"><button>提交</button>'
        return form + '<div class="summary" id="summary" tabindex="-1" autofocus></div></form>', 422

    @app.route("/draft", methods=["POST"])
    def draft():
        asked.append(("draft", request.form["save"], request.form["id_doc_no"]))
        return '<p class="hint" id="saved" hx-swap-oob="true">草稿已存，15:18</p>'

    @app.route("/rows")
    def rows():
        """The second page as a fragment, the third as the whole page, which a list without a fragment answers with."""
        third = request.args["after"] == "3"
        row = '<a href="/4">丁</a>' if third else '<a href="/3">丙</a>'
        more = '{% from "components/tables.html" import pager %}<tbody id="rows"><tr><th>' + row + "</th></tr></tbody>"
        if third:
            return render_template_string("<!doctype html><html><head><title>全页</title></head><body><table>" + more + '</table>{{ pager("", "到底了") }}</body></html>')
        return render_template_string(more + '{{ pager("/rows?after=3", "还有一行", oob=true) }}')

    @app.route("/card", methods=["POST"])
    def card():
        asked.append(("card", request.form["card"]))
        return ""

    @app.route("/break")
    def broken():
        return render_template("errors/_refusal.html", error_id="E-1"), 429, {"HX-Retarget": "#flash", "HX-Reswap": "outerHTML"}

    @app.route("/lost")
    def lost():
        return '<section id="box"><h1 id="head" tabindex="-1">换成了这一页</h1></section>'

    server, address = serve(app)
    yield address, asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked(bench):
    bench[1].clear()
    return bench[1]


@pytest.fixture
def page(bench, window):
    page = window(bench[0])
    page.goto("/")
    return page


def compose(page, *steps, word):
    """An input method at work: what stands underlined, step by step, then the word that is chosen."""
    keys = page.context.new_cdp_session(page)
    for text in steps:
        keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    keys.send("Input.insertText", {"text": word})


def leaving_asks(page):
    return page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))")


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_a_composed_syllable_is_one_request(page, asked):
    page.focus("#q")
    with page.expect_response("**/search*"):
        compose(page, "z", "zh", "zha", "zhan", "zhang", "张", word="张")
    page.wait_for_timeout(200)

    assert asked == [("search", "张")]


def test_a_second_click_in_flight_sends_nothing_and_the_next_try_does(page, asked):
    page.evaluate("() => { const form = document.getElementById('once'); form.requestSubmit(); form.requestSubmit(); }")
    expect(page.locator("#summary")).to_be_focused()
    assert asked == [("once", "令")]

    with page.expect_response("**/once"):
        page.click("#once button")
    assert asked == [("once", "令"), ("once", "二")]


def test_focus_never_falls_to_the_body(page):
    page.focus("#loses")
    page.keyboard.press("Enter")

    expect(page.locator("#head")).to_be_focused()


def test_a_whole_number_gives_birth_and_sex_until_it_is_broken(page):
    page.focus("[name=id_doc_no]")
    page.keyboard.type("11010519491231002x")
    birth = page.locator("#birth_date")
    assert (birth.input_value(), birth.get_attribute("readonly"), page.locator("#birth_date-says").text_content()) == ("1949年12月31日", "", "由身份证件号得出")
    assert page.locator("[name=sex]:checked").get_attribute("value") == "2"

    page.keyboard.type("1")
    assert (birth.input_value(), birth.get_attribute("readonly"), page.locator("#birth_date-says").count()) == ("1949年12月31日", None, 0)


def test_what_the_clerk_typed_is_not_overwritten(page):
    page.fill("#birth_date", "2020年1月1日")
    page.fill("[name=id_doc_no]", "11010519491231002X")

    assert page.input_value("#birth_date") == "2020年1月1日"


def test_the_draft_keeps_itself_and_then_one_may_leave(page, asked):
    page.fill("[name=id_doc_no]", "11010519491231002X")
    assert (leaving_asks(page), page.locator("#saved").text_content()) == (True, "有改动，还没有存")

    expect(page.locator("#saved")).to_have_text("草稿已存，15:18")
    assert leaving_asks(page) is False
    assert asked == [("draft", "draft", "11010519491231002X")]


def test_keys_reach_find_rows_and_the_next_page(page):
    page.keyboard.press("/")
    assert focused(page) == "find"

    page.focus("#row1")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "row2"

    page.keyboard.press("Alt+n")
    expect(page.locator("#pager")).to_have_text("下一页还有一行")
    assert page.locator("#rows a").all_text_contents() == ["甲", "乙", "丙"]


def test_where_a_whole_page_answers_the_bar_of_the_list_goes_on_with_it(page):
    for words in ("下一页还有一行", "到底了"):
        page.click("#pager a")
        expect(page.locator("#pager")).to_have_text(words)

    assert page.locator("#rows a").all_text_contents() == ["甲", "乙", "丙", "丁"]
    assert page.locator("nav").filter(has_text="到底了").count() == 1


def test_a_card_is_handed_in_as_it_was_read(page, asked):
    line = "叶清禾|女|汉|20200315|竹山县城关镇|420323202003150042|竹山县公安局|20250101-20300101"
    page.focus("#card")
    with page.expect_response("**/card"):
        page.keyboard.type(line + "\n")

    assert asked == [("card", line)]


def test_a_refusal_without_a_form_stands_in_the_flash_place(page):
    page.click("#break")

    expect(page.locator("#flash")).to_have_text("出错：系统出了错，没有写入任何内容。请稍后再试；求助时请报错误编号 E-1。")
