"""新生名册 in the browser: a workbook with faults goes in, comes back marked, its right rows become pupils with numbers."""

import io
import re

import openpyxl
from playwright.sync_api import expect
from sqlalchemy import select

from app.demo import roster
from app.extensions import db
from app.models import Student

from .house import TODAY

STEPS = ("上传", "预检", "更正或确认", "写入")


def now_at(page):
    return page.locator("ol.steps li.now b").text_content()


def test_a_grade_is_enrolled_by_workbook(app, at, work, shot):
    workbook = roster.workbook(TODAY)
    page = at("registrar.a1")
    page.goto("/imports/new")
    page.locator("input[type=file]").set_input_files({"name": "一年级.xlsx", "mimeType": "application/octet-stream", "buffer": workbook})
    page.get_by_role("button", name="上传并预检").click()
    expect(page.locator("[data-hook=job-progress]")).to_be_visible()
    assert now_at(page) == STEPS[1]
    shot(page, "running")

    work()
    expect(page.locator("h1")).to_have_text("新生名册预检结果")  # the page that waited has turned into its result by itself
    assert now_at(page) == STEPS[2]
    assert page.locator("#bad").text_content() == "需要更正 5 行"
    shot(page, "result")

    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载标好错的原表").click()
    marked = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    sheet = marked.worksheets[0]
    assert [row for row in range(2, sheet.max_row + 1) if any(cell.comment for cell in sheet[row])] == [4, 6, 8, 10, 12]

    page.get_by_role("button", name=re.compile("^导入 7 人")).click()
    assert now_at(page) == STEPS[3]
    work()
    expect(page.locator("h1")).to_have_text("新生名册已写入")
    shot(page, "written")
    classes = [row.locator("th, td").all_text_contents() for row in page.locator("section[aria-labelledby=classes-h] tbody tr").all()]
    assert sum(int(many) for _, many, _ in classes) == 7

    for username, opinion in (("head.a1", "同意，送主管教育行政部门核办"), ("officer.a", "同意，立即生效")):
        person = at(username)
        for title, _, _ in classes:
            person.goto("/")
            person.get_by_role("link", name=f"堵河路小学 {title}").click()
            person.get_by_label(opinion).check()
            shot(person, username)
            person.get_by_role("button", name="办理勾选的各件").click()
            assert "没有办理" not in person.locator("h1").text_content()

    names = [row[2] for row in openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].iter_rows(min_row=2, values_only=True)]
    db.session.expire_all()
    right = [name for place, name in enumerate(names, 2) if place not in {4, 6, 8, 10, 12}]
    lives = db.session.execute(select(Student.name, Student.lifecycle, Student.national_no_index.is_not(None)).where(Student.name.in_(right)).order_by(Student.id)).all()
    assert {(name, "live", True) for name in right} <= set(map(tuple, lives))
