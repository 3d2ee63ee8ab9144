"""The year as the office works it: holidays, make-up days, terms; changed by an act that shows first what it moves."""

import io
from datetime import date, datetime

import pytest
import xlsxwriter
from sqlalchemy import select

from app.extensions import db
from app.models import Case, CaseStep
from app.services.administration import calendars
from tests.pages import errors, form_with, hooks, summary


@pytest.fixture
def wen(sign_in):
    return sign_in("sysadmin")


def flashed(page):
    return [element.get_text(strip=True) for element in hooks(page, "flash")]


def table(page, heading):
    return [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in page.html.select(f'[aria-labelledby="{heading}"] tbody tr')]


def test_the_year_shows_its_holidays_and_make_up_days(sign_in):
    page = sign_in("registrar.a1").get("/calendar")
    october = table(page, "year-h")[9]
    assert (october[:12], october[-1]) == (["10月", *["休"] * 7, "", "", "班", "日"], "18")
    assert ["10月1日 — 10月7日", "放假", "国庆节"] in table(page, "spans-h")
    assert "暂定" not in page.text


def test_a_year_not_announced_is_called_provisional(sign_in):
    page = sign_in("registrar.a1").get("/calendar?year=2027")
    assert page.html.select_one(".note.soon").get_text().startswith("2026年12月31日以后的放假安排还没有公布")
    assert table(page, "spans-h") == [["这一年还没有录入放假安排。"]]


def test_an_edit_shows_the_cases_it_moves_and_then_moves_them(wen):
    waiting = db.session.execute(select(Case.id, Case.number, Case.due_on).where(Case.state == "open").order_by(Case.id)).all()
    first = min(row.due_on for row in waiting)
    holiday = calendars.calendar(db.session).after(date(2026, 9, 11), 1)

    page = wen.fill_in("/calendar/edit", days=f"{holiday} 放假 县运动会")

    assert table(page, "preview-h")[0][1:] == ["按星期", "放假", "县运动会"]
    assert page.html.select_one("#cases-h").get_text() == f"受影响的在办业务 {len(waiting)} 件"
    assert {line[0] for line in table(page, "cases-h")} == {row.number for row in waiting}
    assert not any(name in page.text for name in db.session.scalars(select(Case.title)))  # no pupil's name for an administrator
    assert calendars.calendar(db.session).is_working(holiday)  # nothing has happened yet

    done = form_with(page, "expected").submit("confirm", value="1").follow()

    assert flashed(done) == [f"办成：工作日历已修改，{len(waiting)} 件在办业务的到期日随之改变。"]
    after = db.session.execute(select(Case.due_on, CaseStep.due_on).join(CaseStep, CaseStep.case_id == Case.id).where(CaseStep.ended_at.is_(None))).all()
    assert {now for now, step in after if now == step} == {due for due, _ in after}
    assert min(due for due, _ in after) > first


def test_a_second_press_of_confirm_changes_once(wen):
    page = wen.fill_in("/calendar/edit", days="2027-10-01至2027-10-03 放假 国庆节", certain_until="2027-12-31")
    form = form_with(page, "expected")
    first, second = form.submit("confirm", value="1"), form.submit("confirm", value="1")
    assert (first.status_int, first.location) == (second.status_int, second.location) == (303, "/calendar?year=2027")
    assert calendars.version(db.session) == 2
    assert "暂定" not in wen.get("/calendar?year=2027").text


def test_a_list_may_be_uploaded(wen):
    form = form_with(wen.get("/calendar/edit"), "days")
    form["file"] = ("2027.csv", "日期,性质,名称\n2027-02-05至2027-02-11,放假,春节\n2027-02-20,上班,春节调休\n".encode("gb18030"))
    assert [line[1:] for line in table(form.submit(), "preview-h")][-2:] == [["按星期", "放假", "春节"], ["按星期", "上班", "春节调休"]]
    form["file"] = ("2027.txt", b"\xff\xff\xff\xff")
    assert errors(form.submit(status=422)) == {"file": "上传的不是文本文件，也不是工作簿。请另存为 .xlsx、.csv 或文本文件后再传。"}


@pytest.mark.parametrize("header", [True, False])
def test_a_workbook_as_an_office_keeps_it_may_be_uploaded(wen, header):
    """Dates as Excel's own and as text, the name before the word or after it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
    rows = [("日期", "性质", "名称")] if header else []
    rows += [(date(2027, 2, 5), "休", "春节"), ("2027-02-06至2027-02-07", "休", "春节"), ("2027年2月20日", "春节调休", "班")]
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write_datetime(line, column, datetime.combine(value, datetime.min.time()), day) if isinstance(value, date) else sheet.write(line, column, value)
    book.close()
    form = form_with(wen.get("/calendar/edit"), "days")
    form["file"] = ("2027年放假安排.xlsx", out.getvalue())
    page = form.submit()
    assert table(page, "preview-h") == [
        ["2027年2月5日 星期五", "按星期", "放假", "春节"], ["2027年2月6日 星期六", "按星期", "放假", "春节"], ["2027年2月7日 星期日", "按星期", "放假", "春节"],
        ["2027年2月20日 星期六", "按星期", "上班", "春节调休"],
    ]
    assert form_with(page, "expected").submit("confirm", value="1").status_int == 303
    found = calendars.calendar(db.session)
    assert [found.is_working(date(2027, 2, number)) for number in (5, 6, 20)] == [False, False, True]


def test_a_workbook_that_is_none_or_too_large_is_refused(wen):
    form = form_with(wen.get("/calendar/edit"), "days")
    form["file"] = ("2027.xlsx", b"PK\x03\x04\xff\xff\xff\xff")
    assert errors(form.submit(status=422)).keys() == {"file"}
    form["file"] = ("2027.csv", b"x" * 500_001)
    assert errors(form.submit(status=422)) == {"file": "上传的名单超过 500 KB，请只保留日期、性质、名称三列。"}


def test_a_day_counted_past_what_is_announced_is_said_to_be_provisional(sign_in):
    text = sign_in("registrar.a1").get("/calendar?year=2028").html.get_text()
    assert "2026年12月31日以后的放假安排还没有公布" in text and "是暂定的" in text


def test_what_cannot_be_read_is_told_and_kept(wen):
    page = wen.fill_in("/calendar/edit", days="国庆放七天", certain_until="年底", status=422)
    assert errors(page) == {"certain_until": "放假安排已公布到没有看懂，请写成 2026-09-01 这样"}
    page = wen.fill_in("/calendar/edit", days="国庆放七天", status=422)
    assert errors(page) == {"days": "第 1 行“国庆放七天”没有看懂，请写成“2027-02-05至2027-02-11 放假 春节”这样。"}
    assert form_with(page, "days")["days"].value == "国庆放七天"


def test_an_edit_prepared_on_an_older_calendar_is_shown_anew(wen, county, now):
    page = wen.fill_in("/calendar/edit", days="2027-10-01 放假 国庆节")
    calendars.change_days([calendars.DayEdit(date(2027, 5, 1), False, "劳动节")], version=1, actor=county.actor("sysadmin"), now=now)
    page = form_with(page, "expected").submit("confirm", value="1", status=409)
    assert summary(page) == ["工作日历刚被另一位管理员改过，这次没有改动。请重新核对受影响的业务，再提交一次。"]
    assert form_with(page, "expected").submit("confirm", value="1").status_int == 303
    assert calendars.version(db.session) == 3


def test_a_county_sets_its_terms_and_nobody_else_does(sign_in, county):
    officer = sign_in("officer.a")
    page = officer.get("/calendar")
    assert table(page, "terms-h")[:3] == [
        ["2027—2028 学年第一学期", "未设置", "未设置", "设置 2027学年第1学期"], ["2027—2028 学年第二学期", "未设置", "未设置", "设置 2027学年第2学期"],
        ["2026—2027 学年第一学期", "2026年9月1日", "2027年1月20日", "修改 2026学年第1学期"],
    ]
    assert errors(officer.fill_in("/calendar/terms/2027/1", starts_on="2027-07-05", ends_on="2028-1-20", status=422)) == {
        "starts_on": "2027—2028 学年第一学期的开学日期应在2027年8月1日至2028年2月28日之间，请改正。；与 2026—2027 学年第二学期的日期重叠，请改正。",
    }
    page = officer.fill_in("/calendar/terms/2027/1", starts_on="2027年9月1日", ends_on="2028-1-20").follow()
    assert flashed(page) == ["办成：已设置 2027—2028 学年第一学期。"]
    assert table(page, "terms-h")[0][1:3] == ["2027年9月1日", "2028年1月20日"]
    assert sign_in("registrar.a1").get("/calendar/terms/2026/1", status=403).status_int == 403
    assert sign_in("officer.a").get("/calendar/edit", status=403).status_int == 403
    assert officer.get("/calendar/terms/1999/1", status=404).status_int == 404


def test_two_officers_do_not_set_a_term_past_each_other(sign_in, county):
    form = form_with(sign_in("officer.a").get("/calendar/terms/2026/2"), "starts_on")
    seen = (date(2027, 2, 20), date(2027, 7, 5))
    calendars.set_term(county.body("a"), 2026, 2, date(2027, 2, 22), date(2027, 7, 9), seen=seen, actor=county.actor("officer2.a"))
    form["starts_on"] = "2027-02-23"
    page = form.submit(status=409)
    assert [[cell.get_text() for cell in line.select("th, td")] for line in page.html.select("form table tbody tr")] == [
        ["开学日期", "2027-02-22", "2027-02-23"], ["放假日期", "2027-07-09", "2027-07-05"],
    ]
    assert form_with(page, "starts_on").submit().status_int == 303
