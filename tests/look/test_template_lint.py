"""The lint catches each thing it names, and the product's own templates are clean."""

import pytest

from tools.lint_templates import TEMPLATES, faults

BAD = {
    "safe": ("page.html", "<p>{{ name|safe }}</p>", "|safe turns escaping off"),
    "markup": ("page.html", "<p>{{ Markup(name) }}</p>", "Markup( turns escaping off"),
    "autoescape": ("page.html", "{% autoescape false %}{% endautoescape %}", "autoescape false turns escaping off"),
    "style attribute": ("page.html", '<p style="color: red">', "style= is refused by the content policy; use a class of app.css"),
    "style handed to a macro": ("page.html", '{{ form.name(style="x") }}', "style= is refused by the content policy; use a class of app.css"),
    "style element": ("page.html", "<style>p {}</style>", "<style is refused by the content policy; use app.css"),
    "inline script": ("page.html", "<script>alert(1)</script>", "inline script; put it in app.js"),
    "handler": ("page.html", '<p onclick="go()">', "inline handler; put it in app.js"),
    "handler handed to a macro": ("page.html", '{{ form.name(onchange="go()") }}', "inline handler; put it in app.js"),
    "hx-on": ("page.html", '<a href="/x" hx-on:click="go()">走</a>', "hx-on is an inline script"),
    "js:": ("page.html", "<a href=\"/x\" hx-vals='js:{a: 1}'>走</a>", "js: is an inline script"),
    "javascript:": ("page.html", '<a href="javascript:go()">走</a>', "javascript: is an inline script"),
    "trigger filter": ("page.html", '<a href="/x" hx-get="/x" hx-trigger="click[ctrlKey]">走</a>', "a trigger filter needs eval"),
    "htmx on a span": (
        "page.html",
        '<span hx-get="/x">走</span>',
        "hx-* on <span>: it belongs on a link, a form, a button, or on what has an id and polls",
    ),
    "htmx on what has an id and does not poll": (
        "page.html",
        '<div id="list" hx-get="/x">走</div>',
        "hx-* on <div>: it belongs on a link, a form, a button, or on what has an id and polls",
    ),
    "htmx link to nowhere": ("page.html", '<a hx-get="/x">走</a>', "a link with hx-* needs an href to work without script"),
    "htmx button without a form": ("page.html", '<button hx-post="/x">走</button>', "a button with hx-* needs a form to work without script"),
    "fragment without an id": ("_rows.html", "<tbody><tr><td></td></tr></tbody>", "the outer <tbody> of a fragment needs an id"),
    "fragment's second element": (
        "_rows.html",
        '<tbody id="rows"></tbody><nav class="bar"></nav>',
        "the outer <nav> of a fragment needs an id",
    ),
    "macro not imported": ("_rows.html", '<p id="p">{{ tag("草稿") }}</p>', "calls the macro tag without importing it"),
    "image without size": ("page.html", '<img src="/x" alt="照片">', "<img> needs width and height"),
    "drawing without size": ("page.html", '<svg width="10"></svg>', "<svg> needs width and height"),
    "post without token": (
        "page.html",
        '<form method="post" action="/x"><button>办</button></form>',
        "a form that posts needs csrf() or hidden(form)",
    ),
    "token in the form before": (
        "page.html",
        '{% from "components/words.html" import csrf %}<form method="post">{{ csrf() }}</form>\n<form method="post"></form>',
        "a form that posts needs csrf() or hidden(form)",
    ),
    "link to nowhere": ("page.html", '<a href="#">上一页</a>', 'href="#" leads nowhere; use a button'),
    "broken Jinja": ("page.html", "{% if %}", "Jinja cannot read it: Expected an expression, got 'end of statement block'"),
}


@pytest.fixture
def written(tmp_path):
    def write(name, source):
        (tmp_path / "components").mkdir(exist_ok=True)
        (tmp_path / "components" / "words.html").write_text("{% macro tag(words) %}{% endmacro %}{% macro csrf() %}{% endmacro %}", "utf-8")
        (tmp_path / name).write_text(source, "utf-8")
        return [(path.name, sentence) for path, _, sentence in faults(tmp_path)]

    return write


@pytest.mark.parametrize("case", BAD)
def test_catches(written, case):
    name, source, sentence = BAD[case]

    assert written(name, source) == [(name, sentence)]


def test_names_the_line(tmp_path):
    (tmp_path / "page.html").write_text('<p>\n{{ name\n}}\n<a href="#">走</a></p>', "utf-8")

    assert faults(tmp_path) == [(tmp_path / "page.html", 4, 'href="#" leads nowhere; use a button')]


def test_leaves_good_pages_alone(written):
    good = """{# style= and |safe in a remark are nobody's business #}
    {% from "components/words.html" import tag, csrf %}
    {% set only = one == 1 %}
    <section id="job" hx-get="/jobs/1" hx-trigger="every 2s"><img src="/x" width="1" height="2" alt="{{ "照片" if only else '' }}"></section>
    <form id="f" method="post" action="/x">{{ csrf() }}<button hx-post="/y">{{ tag("草稿") }}</button></form>
    <form id="g" method="get" action="/x"></form>
    <p id="saved" hx-swap-oob="true"><a href="/x" hx-get="/x" hx-trigger="click">走</a></p>"""

    assert written("_good.html", good) == []


def test_the_templates_of_the_product_are_clean():
    assert faults(TEMPLATES) == []
