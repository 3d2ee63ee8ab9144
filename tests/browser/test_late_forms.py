"""A session that ends while one types an ordinary form, in the browser: by htmx, and without script."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import sign_in
from .test_enrolling import SENT_BACK, let_the_session_run_out

TOLD = re.compile("登录已过期，下面是您 .* 送来的内容，当时没有办理。请看一遍再提交。")


@pytest.mark.parametrize("script", [True, False])
def test_a_reason_for_a_full_number_is_still_there(script, app, at, county):
    page = at("registrar.a1", script=script)
    page.goto(f"/students/{county.pupil('common.1')}")
    page.fill("#reason", "核对户口簿第三页")
    let_the_session_run_out()
    page.get_by_role("button", name="查看完整号码").click()
    page.wait_for_url(re.compile("/login"))
    assert page.locator(".note").first.text_content() == SENT_BACK
    sign_in(page, "registrar.a1")

    assert page.input_value("#reason") == "核对户口簿第三页"
    assert TOLD.search(page.locator("#summary").text_content())
    page.get_by_role("button", name="查看完整号码").click()
    expect(page.locator("#numbers")).to_contain_text("只在这一次显示")


@pytest.mark.parametrize("script", [True, False])
def test_an_edit_of_a_record_is_still_there(script, app, at, county):
    page = at("registrar.a1", script=script)
    page.goto(f"/students/{county.pupil('common.1')}/edit")
    page.fill("[name=current_address]", "竹山县城关镇滨河路88号")
    let_the_session_run_out()
    page.get_by_role("button", name="保存修改").click()
    page.wait_for_url(re.compile("/login"))
    sign_in(page, "registrar.a1")

    assert page.input_value("[name=current_address]") == "竹山县城关镇滨河路88号"
    assert page.evaluate("document.activeElement.id") == "summary"
    page.get_by_role("button", name="保存修改").click()
    page.wait_for_url(re.compile(r"/students/\d+$"))
    assert "竹山县城关镇滨河路88号" in page.locator("main").text_content()
