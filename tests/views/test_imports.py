"""导入: a registrar hands in a workbook, reads what is wrong, has it written and takes it back; others see it or do not know of it."""

import pytest
from sqlalchemy import select
from webtest import Upload

from app.extensions import db
from app.models import Case, Import, Job
from app.services import jobs
from tests import rosters
from tests.pages import form_with, hooks, set_field, summary
from tests.rosters import changed, children, line
from tests.spreadsheets import files

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def xia(sign_in):
    return sign_in("registrar.a1")


@pytest.fixture
def hand_in(xia):
    def hand_in(lines, name="2026新生.xlsx"):
        answer = xia.fill_in("/imports/new", file=Upload(name, rosters.xlsx(lines)))
        assert answer.status_int == 303, answer.text
        return answer.location

    return hand_in


def work_off(now):
    while jobs.run_next(now):
        pass


def cells(page, table="rows"):
    return [[cell.get_text(" ", strip=True) for cell in row.select("td, th")] for row in page.html.select(f"#{table} tr")]


def steps(page):
    return [(step.b.get_text(), step.span.get_text(), "now" in step.get("class", ())) for step in page.html.select("ol.steps li")]


def test_from_the_upload_to_the_cases_and_back(app, county, xia, hand_in, now):
    kids = children(3)
    lines = [line(kids[0]), changed(line(kids[1]), class_code="6", ethnicity="土家"), line(kids[2], number="2")]
    address = hand_in(lines)

    page = xia.get(address)
    progress = hooks(page, "job-progress")[0]
    assert (progress["data-done"], progress["hx-trigger"], progress["hx-get"]) == ("0", "every 2s", address)
    assert steps(page) == [("上传", "已完成", False), ("预检", "进行中", True), ("更正或确认", "未开始", False), ("写入", "未开始", False)]
    work_off(now)
    done = xia.get(address, headers={"HX-Request": "true", "HX-Target": "job"})
    assert done.headers["HX-Refresh"] == "true"
    progress = hooks(done, "job-progress")[0]
    assert (progress["data-done"], progress["data-total"], "hx-trigger" in progress.attrs, done.html.select_one("#job-result")["href"]) == ("3", "3", False, address)

    page = xia.get(address)
    assert cells(page) == [
        ["3", "I 民族", kids[1]["name"], "土家", "民族代码表没有“土家”", "填“土家族”或代码 15"],
        ["3", "W 班级号", kids[1]["name"], "6", "2026级没有 6 班", "填 1、2，或先建班"],
    ]
    assert [figure.get_text(" ", strip=True) for figure in page.html.select("dl.figures div")] == [
        "总行数 3", "可以导入 2", "其中要留意 0", "有错不能导入 1", "重复学籍 0", "计划余额 16",
    ]
    book = xia.get(f"{address}/errors.xlsx")
    assert "2026%E6%96%B0%E7%94%9F_%E5%B7%B2%E6%A0%87%E9%94%99.xlsx" in book.headers["Content-Disposition"]

    assert xia.fill_in(address, mode="good").location == address
    work_off(now)
    page = xia.get(address)
    assert [cell.get_text(" ", strip=True) for cell in page.html.select('[aria-labelledby="classes-h"] tbody td, [aria-labelledby="classes-h"] tbody th')] == [
        "一年级1班", "1", "学校审核 1 人", "一年级2班", "1", "学校审核 1 人",
    ]
    assert xia.fill_in(address, reason="").status_int == 422
    assert xia.fill_in(address, reason="班级填错").location == address
    page = xia.get(address)
    assert hooks(page, "flash")[0].get_text() == "办成：已整批撤销，学位和计划都已放回。"
    assert page.html.h1.get_text() == "新生名册已撤销"
    assert set(db.session.scalars(select(Case.state).where(Case.import_id.is_not(None)))) == {"withdrawn"}
    listed = cells(xia.get("/imports"))
    assert [row[1:] for row in listed] == [["2026新生.xlsx", "庹明慧", "3", "2", "已撤销"]]


def test_without_a_file_with_a_bad_one_and_with_one_too_large(app, xia):
    for file, told in (
        (None, "请选择要上传的工作簿"), (Upload("新生.docx", b"PK\x03\x04"), "只接收 .xlsx、.xls 和 .csv 三种文件"),
        (Upload("新生.csv", b"x" * (24 * 1024 * 1024 + 5)), "文件有 24.0 MB，超过了 24 MB 的上限"),
    ):
        form = form_with(xia.get("/imports/new"), "file")
        if file:
            form["file"] = file
        answer = form.submit(status="*")
        assert answer.status_int == 422
        assert summary(answer)[0].startswith(told), summary(answer)
    assert xia.fill_in("/imports/new", file=Upload("新生.csv", b"x" * 27_500_000)).status_int == 413
    assert db.session.scalars(select(Import.id)).all() == []


@pytest.mark.parametrize(("name", "made", "told"), [
    ("新生.xlsm", lambda good: good, ".xlsm 文件可以带宏，本系统不接收。请用 Excel 或 WPS 打开文件，另存为"),
    ("新生.xlsx", lambda good: files.repacked(good, add={"xl/vbaProject.bin": b"\1"}), "工作簿里带有宏，本系统不接收。请用 Excel 或 WPS 打开文件，另存为"),
    ("新生.xlsx", lambda good: files.declaring(good, SHEET, 0xF0000000), "文件展开后有 3,840 MB，超过了 400 MB 的上限。"),
    ("新生.xlsx", lambda good: files.repacked(good, add={"xl/media/x.xml": b" " * 5_000_000}), "文件里有部件压缩了 100 倍以上，不像正常的工作簿。"),
    ("新生.xlsx", lambda good: files.repacked(good, replace={SHEET: lambda xml: xml.replace(b'<row r="2"', b'<row r="999999"')}), "工作表用到了第 999,999 行，数据最多 50,000 行。"),
    ("新生.xlsx", lambda good: good[:-600], "文件已损坏，不是完整的工作簿。"),
])
def test_macros_and_bombs_are_told_on_the_page_and_not_kept(name, made, told, app, xia, now):
    form = form_with(xia.get("/imports/new"), "file")
    form["file"] = Upload(name, made(rosters.xlsx([line(children(1)[0])])))
    answer = form.submit(status="*")
    if answer.status_int == 422:
        said = summary(answer)[0]
    else:
        work_off(now)
        page = answer.follow()
        assert page.html.h1.get_text(strip=True) == "名册没有读出" and form_with(page, "file")
        said = " ".join(note.get_text(" ", strip=True) for note in page.html.select(".note.bad"))
    assert said.startswith(told)
    assert [path for path in (app.config["DATA_DIR"] / "files").rglob("*") if path.is_file()] == []


def test_another_workbook_under_the_key_of_the_first_is_not_taken_for_it(app, xia):
    form = form_with(xia.get("/imports/new"), "file")
    form["file"] = Upload("新生.csv", "姓名\n叶清禾".encode())
    assert form.submit().status_int == 303
    form["file"] = Upload("新生.csv", "姓名\n陆思远".encode())
    assert summary(form.submit(status=422)) == ["这张表单已经提交过，内容与现在的不同。请核对后再提交一次。"]


def test_warnings_ask_for_a_tick_and_a_second_press_gets_the_same_answer(app, xia, hand_in, now):
    address = hand_in([changed(line(children(1)[0]), id_doc_type="其他", id_doc_no="")])
    work_off(now)
    page = xia.get(address)
    form = form_with(page, "understood")
    refused = form.submit(status="*")
    assert (refused.status_int, summary(refused)) == (422, ["请先看过 1 行提示，再勾选“我已看过”。"])

    form = form_with(page, "understood")
    set_field(form, "understood", True)
    answers = [form.submit(status="*"), form.submit(status="*")]
    assert [(answer.status_int, answer.location) for answer in answers] == [(303, address)] * 2
    work_off(now)
    late = form_with(page, "understood")
    late["idempotency_key"] = "another"
    set_field(late, "understood", True)
    answer = late.submit(status="*")
    assert answer.status_int == 409 and summary(answer)[0].startswith("这份名册已在 2026年9月11日")
    assert len(db.session.scalars(select(Case.id).where(Case.import_id.is_not(None))).all()) == 1


def test_stopping_from_the_page(app, xia, hand_in, now):
    address = hand_in([line(children(1)[0])])
    job = db.session.scalars(select(Job.id)).one()
    answer = next(form for form in xia.get(address).forms.values() if form.action == f"/jobs/{job}/cancel").submit()

    assert answer.location == address
    page = answer.follow()
    assert (page.html.h1.get_text(), hooks(page, "flash")[0].get_text()) == ("预检已停止", "办成：已要求停止，做完手上的一步就停。")
    answer = next(form for form in page.forms.values() if form.action == f"{address}/check").submit()
    assert answer.location == address
    work_off(now)
    assert xia.get(address).html.h1.get_text() == "新生名册预检结果"
    assert hooks(xia.get(f"/jobs/{job}"), "job-progress")[0]["data-done"] == "0"


def test_others_see_it_or_do_not_know_of_it(app, county, xia, hand_in, sign_in, now):
    address = hand_in([changed(line(children(1)[0]), postcode="1")])
    work_off(now)
    job = db.session.scalars(select(Job.id)).first()
    head, officer = sign_in("head.a1"), sign_in("officer.a")

    assert len(cells(head.get(address))) == 1
    assert [form.action for form in head.get(address).forms.values() if form.action.startswith("/imports")] == []
    assert cells(officer.get("/imports"))[0][1:] == ["2026新生.xlsx", "堵河路小学", "庹明慧", "1", "0", "待更正"]
    for path in (f"{address}/errors.xlsx", "/imports/new", "/imports/template/new.xlsx"):
        assert head.get(path, status="*").status_int == 403, path
    for username in ("registrar.a2", "head.b1", "officer.b"):
        other = sign_in(username)
        assert cells(other.get("/imports")) == [["还没有导入过"]]
        for path in (address, f"{address}/errors.xlsx", f"/jobs/{job}", "/imports/1", "/jobs/1"):
            assert other.get(path, status="*").status_int == 404, (username, path)
    other = sign_in("registrar.a2")
    token = other.get("/imports/new").html.select_one('input[name="csrf_token"]')["value"]
    for path in (f"{address}/apply", f"{address}/withdraw", f"{address}/check", f"/jobs/{job}/cancel"):
        assert other.post(path, {"csrf_token": token, "reason": "x", "idempotency_key": path}, status="*").status_int == 404, path
    assert sign_in("auditor").get("/imports", status="*").status_int == 403


def test_many_findings_are_turned_page_by_page(app, xia, hand_in, now):
    lines = [changed(line(kid), postcode="1", ethnicity="土家") for kid in children(130)]
    address = hand_in(lines)
    work_off(now)
    first = xia.get(address)
    more = hooks(first, "next-page")[0]["href"]
    second = xia.get(more, headers={"HX-Request": "true", "HX-Target": "rows"})

    assert [row[0] for row in cells(first)] == [str(number) for number in range(2, 102) for _ in range(2)]
    assert [row[0] for row in cells(second)] == [str(number) for number in range(102, 132) for _ in range(2)]
    assert second.html.select_one("#pager")["hx-swap-oob"] == "true" and second.html.select("h1") == []


def test_the_template_is_this_schools_own(app, xia):
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(xia.get("/imports/template/new.xlsx").body))
    assert [cell.value for cell in book.worksheets[0][1]] == rosters.TITLES
    assert [[cell.value for cell in row][:2] for row in book["班级"].iter_rows(min_row=2, max_row=3)] == [["一年级", "1"], ["一年级", "2"]]
