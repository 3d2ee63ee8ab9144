"""The pieces that pages are made of, written out whole."""

import json
import re
from datetime import date, datetime

import pytest
from flask import Flask, flash, render_template, render_template_string
from wtforms import BooleanField, Form, FormField, HiddenField, PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms import FieldList as Several
from wtforms.validators import DataRequired, InputRequired

from app.errors import Refusal
from tools.lint_templates import TEMPLATES

STATIC = TEMPLATES.parent / "static"


@pytest.fixture
def show():
    app = Flask("app", root_path=str(TEMPLATES.parent), template_folder=str(TEMPLATES), static_folder=str(STATIC))
    app.secret_key = "look"
    app.jinja_env.globals |= {"csrf_token": lambda: "令", "this_year": lambda: 2026}

    def show(source, template="", flashes=(), **facts):
        with app.test_request_context():
            for category, message in flashes:
                flash(message, category)
            html = render_template(template, **facts) if template else render_template_string(source, **facts)
        return html if template else re.sub(r"\s*\n\s*", "", html).strip()

    return show


class Parent(Form):
    name = StringField("成员姓名", [DataRequired("请填写成员姓名")])


class Enrolment(Form):
    idempotency_key = HiddenField(default="一")
    version = HiddenField(default="4")
    name = StringField("姓名", [DataRequired("请填写姓名")], description="与户口簿一致", render_kw={"class": "num"})
    sex = StringField("性别", default="女", render_kw={"readonly": True, "says": "由身份证件号得出"})
    mode = RadioField("就读方式", [InputRequired("请选择就读方式")], choices=[SelectChoice("1", "走读"), SelectChoice("2", "住校")])
    grade = SelectField("年级", choices=[SelectChoice("", "请选择"), SelectChoice("1", "一年级")], default="1")
    secret = PasswordField("密码")
    true = BooleanField("已与原件核对", [DataRequired("请确认已与原件核对")])
    parents = Several(FormField(Parent), min_entries=1)


FIELD = '{% from "components/forms.html" import field %}{{ field(form[name], dress, **more) }}'


def test_a_field_is_label_hint_control_in_that_order(show):
    assert show(FIELD, form=Enrolment(name="叶清禾"), name="name", dress="two", more={"autocomplete": "off"}) == (
        '<div class="field must two"><label for="name">姓名</label>'
        '<p class="hint" id="name-hint">与户口簿一致</p>'
        '<input aria-describedby="name-hint" autocomplete="off" class="num" id="name" name="name" required type="text" value="叶清禾"></div>'
    )


def test_an_error_stands_after_the_control_and_is_read_first(show):
    form = Enrolment()
    form.validate()

    assert show(FIELD, form=form, name="name", dress="", more={}) == (
        '<div class="field must bad"><label for="name">姓名</label>'
        '<p class="hint" id="name-hint">与户口簿一致</p>'
        '<input aria-describedby="name-error name-hint" aria-invalid="true" class="num" id="name" name="name" required type="text" value="">'
        '<p class="error" id="name-error" data-hook="field-error" data-field="name"><span class="sr">错误：</span>请填写姓名</p></div>'
    )


def test_a_derived_value_says_where_it_comes_from(show):
    assert show(FIELD, form=Enrolment(), name="sex", dress="", more={}) == (
        '<div class="field"><label for="sex">性别</label>'
        '<input aria-describedby="sex-says" id="sex" name="sex" readonly type="text" value="女">'
        '<p class="hint done" id="sex-says">由身份证件号得出</p></div>'
    )


def test_choices_are_a_fieldset_that_can_take_focus(show):
    form = Enrolment()
    form.validate()

    assert show(FIELD, form=form, name="mode", dress="", more={"down": True}) == (
        '<fieldset class="field must bad" id="mode" tabindex="-1" aria-describedby="mode-error"><legend>就读方式</legend><div class="picks down">'
        '<label class="pick"><input id="mode-0" name="mode" required type="radio" value="1"> 走读</label>'
        '<label class="pick"><input id="mode-1" name="mode" required type="radio" value="2"> 住校</label></div>'
        '<p class="error" id="mode-error" data-hook="field-error" data-field="mode"><span class="sr">错误：</span>请选择就读方式</p></fieldset>'
    )


def test_a_single_tick_has_its_words_beside_it(show):
    assert show(FIELD, form=Enrolment(), name="true", dress="", more={}) == (
        '<div class="field must"><label class="pick"><input id="true" name="true" required type="checkbox" value="y"> 已与原件核对</label></div>'
    )


def test_the_summary_says_every_error_word_for_word_and_leads_to_its_control(show):
    form, other = Enrolment(), Enrolment(prefix="b")
    form.validate()
    form.version.errors = ["请刷新后重新提交。"]

    html = show('{% from "components/forms.html" import error_summary %}{{ error_summary(form, other) }}', form=form, other=other)

    assert html.startswith('<div class="summary" id="summary" data-hook="error-summary" tabindex="-1" autofocus role="group"')
    assert "有 5 处需要更正" in html
    assert re.findall(r'<li>(?:<a href="#([\w-]+)">)?([^<]+)', html) == [
        ("", "请刷新后重新提交。"),
        ("name", "请填写姓名"),
        ("mode", "请选择就读方式"),
        ("true", "请确认已与原件核对"),
        ("parents-0-name", "请填写成员姓名"),
    ]


def test_a_form_without_errors_has_no_summary(show):
    assert show('{% from "components/forms.html" import error_summary %}{{ error_summary(form, none) }}', form=Enrolment()) == ""


def test_hidden_fields_come_without_ids_since_a_page_holds_several_forms(show):
    html = show('{% from "components/forms.html" import csrf, hidden %}{{ csrf() }}{{ hidden(form) }}', form=Enrolment())

    assert html == (
        '<input type="hidden" name="csrf_token" value="令">'
        '<input name="idempotency_key" type="hidden" value="一"><input name="version" type="hidden" value="4">'
    )


def test_what_people_typed_is_escaped_everywhere(show):
    nasty = "<b>'\"&"
    form = Enrolment(name=nasty)
    form.name.errors = [nasty]
    source = """{% from "components/forms.html" import field, error_summary %}{% from "components/words.html" import tag, note %}
    {% from "components/timeline.html" import timeline %}{% from "components/facts.html" import cell %}{% from "components/tables.html" import tick %}
    {{ field(form.name) }}{{ error_summary(form) }}{{ tag(nasty) }}{{ note(nasty) }}{{ cell(nasty, nasty) }}{{ tick(nasty, nasty) }}
    {{ timeline([{"what": nasty, "actor": nasty, "body": "x", "at": day, "words": nasty}]) }}"""

    html = show(source, form=form, nasty=nasty, day=date(2026, 9, 1))

    assert (html.count("<b>"), html.count("<b>&lt;b&gt;"), html.count("&lt;b&gt;&#39;&#34;&amp;")) == (1, 1, 13)


def test_the_timeline_names_actor_and_moment(show):
    items = [
        {"what": "退回补正", "actor": "陈国栋", "body": "堵河路小学", "at": datetime(2026, 9, 2, 17, 20), "words": "缺签字页", "look": "bad"},
        {"what": "升入三年级", "actor": "竹山县教育局", "body": "竹山县教育局", "at": date(2026, 9, 1)},
    ]

    assert show('{% from "components/timeline.html" import timeline %}{{ timeline(items) }}', items=items) == (
        '<ol class="timeline" id="timeline">'
        '<li class="bad" data-hook="timeline-item" data-actor="陈国栋" data-at="2026-09-02T17:20"><b>退回补正</b>'
        '<time datetime="2026-09-02T17:20">2026年9月2日 17:20</time><span class="by">陈国栋，堵河路小学</span><q>缺签字页</q></li>'
        '<li data-hook="timeline-item" data-actor="竹山县教育局" data-at="2026-09-01"><b>升入三年级</b>'
        '<time datetime="2026-09-01">2026年9月1日</time><span class="by">竹山县教育局</span></li></ol>'
    )


def test_a_sorted_column_says_so_and_turns_round(show):
    source = """{% from "components/tables.html" import sort_header %}
    {{ sort_header("学号", "no", "no", "/students?grade=3", "n") }}{{ sort_header("姓名", "name", "no", "/students") }}"""

    assert show(source) == (
        '<th scope="col" class="n" aria-sort="ascending"><a href="/students?grade=3&amp;sort=-no">学号</a></th>'
        '<th scope="col" aria-sort="none"><a href="/students?sort=name">姓名</a></th>'
    )


def test_the_finished_job_stops_asking(show):
    source = '{% from "components/progress.html" import job_progress %}{{ job_progress("已校验", done, 5000, "/jobs/1", running=running) }}'

    running, finished = show(source, done=1200, running=True), show(source, done=5000, running=False)

    assert ('hx-trigger="every 2s"' in running, 'data-done="1200" data-total="5000"' in running, "24%" in running) == (True, True, True)
    assert ("hx-" in finished, 'data-done="5000"' in finished) == (False, True)


def test_bars_fill_in_percent_and_stand_beside_their_numbers(show):
    source = '{% from "components/figures.html" import bars %}{{ bars("各班人数", [("1班", [23, 21], "44 人")], 50, 45) }}'

    assert show(source) == (
        '<table class="bars"><caption class="sr">各班人数</caption><tr><th scope="row">1班</th><td><svg width="100%" height="14" aria-hidden="true">'
        '<rect class="f1" width="46.0%" height="14"/><rect class="f2" x="46.0%" width="42.0%" height="14"/>'
        '<rect class="f3" x="90.0%" width="2" height="14"/></svg></td><td class="n">44 人</td></tr></table>'
    )


# --- the base page

ME = {"name": "王敏", "body_name": "堵河路小学", "duty_title": "学籍管理员", "posts_count": 2}
PAGE = '{% extends "base.html" %}{% block title %}学生{% endblock %}{% block main %}<h1>学生</h1>{% endblock %}'


def test_htmx_is_told_what_it_may_not_do(show):
    told = json.loads(re.search(r"htmx-config\" content='([^']+)'", show(PAGE))[1])

    answers = told.pop("responseHandling")
    assert told == {
        "historyCacheSize": 0,
        "historyRestoreAsHxRequest": False,
        "includeIndicatorStyles": False,
        "allowEval": False,
        "selfRequestsOnly": True,
    }
    swapped = {code: next(a for a in answers if re.fullmatch(a["code"], code))["swap"] for code in ("200", "204", "404", "409", "422", "429", "500")}
    assert swapped == {"200": True, "204": False, "404": True, "409": True, "422": True, "429": True, "500": True}


def test_the_gate_stands_before_htmx(show):
    assert re.findall(r'<script src="([^"]+)" defer>', show(PAGE)) == ["/static/app.js", "/static/vendor/htmx-2.0.11/htmx.min.js"]


def test_the_masthead_shows_who_sits_here_and_offers_what_he_may(show):
    html = show(PAGE, me=ME, may_find=True, menu=[("/", "工作台", False, 8), ("/students", "学生", True, 0)])

    assert "<b>王敏</b> 堵河路小学 学籍管理员" in html
    assert re.findall(r'action="([^"]+)"><input type="hidden" name="csrf_token" value="令">', html) == ["/students/search", "/logout"]
    assert re.findall(r'<li><a href="([^"]+)"( aria-current="page")?>(\w+)', html) == [("/", "", "工作台"), ("/students", ' aria-current="page"', "学生")]
    assert '<span class="count">8<span class="sr"> 件待办</span></span>' in html
    assert "/posts/switch" in html


def test_one_post_leaves_nothing_to_switch_and_who_may_not_find_is_not_offered_it(show):
    html = show(PAGE, me=ME | {"posts_count": 1}, may_find=False)

    assert ("/posts/switch" in html, "/students/search" in html, "/logout" in html) == (False, False, True)


def test_flashes_are_told_in_words_once(show):
    html = show(PAGE, flashes=[("done", "已保存。"), ("warning", "正在办理变更。"), ("error", "没有写入。"), ("message", "明日升级。")])

    assert re.findall(r'<p class="([\w ]+)" data-hook="flash" role="(\w+)">([^<]+)</p>', html) == [
        ("note done", "status", "办成：已保存。"),
        ("note soon", "alert", "留意：正在办理变更。"),
        ("note bad", "alert", "出错：没有写入。"),
        ("note", "status", "说明：明日升级。"),
    ]


def test_without_flashes_the_place_is_empty_so_that_it_takes_no_room(show):
    assert '<div id="flash" class="stack"></div>' in show(PAGE)


# --- error pages


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 413, 422, 429, 500])
def test_an_error_page_needs_nothing_and_nobody(show, code):
    html = show("", template=f"errors/{code}.html")

    assert f'<p class="quiet">{code}</p>' in html
    assert ("page door" in html, "/logout" in html, html.count("<h1"), "btn main" in html) == (True, False, 1, True)


def test_the_error_page_names_the_number_to_ask_for(show):
    html = show("", template="errors/500.html", error_id="E-20260911-7K3M", at=datetime(2026, 9, 11, 15, 20))

    assert '<span class="num">E-20260911-7K3M</span>，时间 <time datetime="2026-09-11T15:20">2026年9月11日 15:20</time>' in html


def test_who_came_second_reads_who_was_first(show):
    rows = [("现住址", "滨河路 18 号", "滨河路 18 号 502 室", "滨河路 19 号")]
    html = show("", template="errors/409.html", what="这份学籍", who="李文静", when=datetime(2026, 9, 11, 15, 12), rows=rows)

    assert "<h1 tabindex=\"-1\">这份学籍刚被改过</h1>" in html
    assert "李文静在 " in html
    assert "<td>滨河路 18 号</td><td>滨河路 18 号 502 室</td><td>滨河路 19 号</td>" in html


@pytest.mark.parametrize("code", [403, 409, 422])
def test_a_refusal_is_told_with_its_article(show, code):
    html = show("", template=f"errors/{code}.html", refusal=Refusal("转学须在开学后七日内申请。", article="规程 三（二）"))

    assert "<p>转学须在开学后七日内申请。</p>" in html
    assert ("依据：规程 三（二）" in html) == (code != 409)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"refusal": Refusal("请先换岗位。")}, "出错：请先换岗位。"),
        ({"status": 404, "refusal": Refusal("没有这名学生")}, "出错：没有找到，可能已不在您的管理范围内。请从工作台进入。"),
        ({"status": 400}, "出错：这一步没有办成，没有写入任何内容。请刷新这一页后再试。"),
    ],
)
def test_htmx_is_told_in_the_flash_place(show, facts, sentence):
    html = show("", template="errors/_refusal.html", **facts)

    assert re.search(r'<div id="flash" class="stack"><p class="note bad" data-hook="flash" role="alert"[^>]*>(.+)</p></div>', html)[1] == sentence


def test_a_short_day_has_its_year_where_that_is_another(show):
    said = "{% from 'components/words.html' import short_day %}{{ short_day(value) }}"
    assert show(said, value=date(2026, 12, 4)) == '<time datetime="2026-12-04">12月4日</time>'
    assert show(said, value=date(2027, 2, 22)) == '<time datetime="2027-02-22">2027年<wbr>2月22日</time>'
