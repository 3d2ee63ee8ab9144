"""休（转、复）学登记表 and 学生变动平衡表 at the desk: who opens them, what the pages and the files say."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Event, Term
from app.services.transactions import writes
from tests.services.test_status_changes import ILL, School

ROOMS = ("/registers", "/registers.pdf", "/registers.xlsx", "/balances", "/balances.xlsx")


@pytest.fixture
def suspended(county, today):
    return School(county, today).through("suspension", ILL)


def cells(page):
    return [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in page.html.select("tbody tr")]


def test_a_registrar_reads_prints_and_downloads_the_register_of_the_term(sign_in, suspended):
    registrar = sign_in("registrar.a1")
    page = registrar.get("/registers")

    assert [line[:2] + line[3:7] + line[8:9] for line in cells(page)] == [["庹思远", "男", "二年级1班", "休学", "疾病", "2026.09.07—2027.03.07", "竹休字〔2026〕第00001号"]]
    assert "2026—2027学年第一学期" in page.text and "合计：休学 1 人次" in page.text
    assert page.html.select_one("tbody a")["href"] == f"/cases/{suspended}"
    printed, book = registrar.get("/registers.pdf?term=2026-1"), registrar.get("/registers.xlsx?term=2026-1")
    assert (printed.content_type, printed.body[:5]) == ("application/pdf", b"%PDF-")
    assert list(openpyxl.load_workbook(io.BytesIO(book.body)).active.iter_rows(values_only=True))[1][1] == "庹思远"
    assert db.session.execute(select(Event.name).order_by(Event.at.desc(), Event.seq.desc()).limit(2)).scalars().all() == ["students.exported", "students.printed"]


def test_looking_at_either_page_writes_nothing(sign_in, suspended):
    officer = sign_in("officer.a")
    before = db.session.execute(select(Event.id)).all()
    officer.get("/registers"), officer.get("/balances?period=2026"), officer.get("/balances?period=nonsense")
    assert db.session.execute(select(Event.id)).all() == before


def test_a_county_picks_a_school_and_no_school_of_another_county(sign_in, county, suspended):
    officer = sign_in("officer.a")
    assert len(cells(officer.get(f"/registers?school={county.body('a1')}"))) == 1
    assert "零报告" in officer.get(f"/registers?school={county.body('a2')}").text
    assert {officer.get(f"{room}?school={county.body('b1')}", expect_errors=True).status_int for room in ROOMS} == {404}
    assert sign_in("registrar.a1").get(f"/registers?school={county.body('a2')}", expect_errors=True).status_int == 404


@pytest.mark.parametrize(("username", "status"), [("head.a1", 200), ("township.a.t1", 200), ("officer.b", 200), ("teacher.a1", 403), ("officer.city1", 403), ("auditor", 403)])
def test_the_rooms_are_open_to_schools_townships_and_counties(sign_in, suspended, username, status):
    person = sign_in(username)
    assert {person.get(room, expect_errors=True).status_int for room in ("/registers", "/balances")} == {status}


def test_a_month_is_read_by_grade_and_downloaded(sign_in, suspended):
    registrar = sign_in("registrar.a1")
    page = registrar.get("/balances")
    heads = [cell.get_text(strip=True) for cell in page.html.select("thead th")]
    foot = dict(zip(heads, [cell.get_text(strip=True) for cell in page.html.select("tfoot th, tfoot td")], strict=True))

    assert (foot["减：休学"], foot["减少"], int(foot["期初"]) - int(foot["期末"])) == ("1", "1", 1)
    assert [line[0] for line in cells(page)][:2] == ["一年级（2026级）", "二年级（2025级）"] and "辍学率" not in heads
    book = registrar.get("/balances.xlsx?period=2026")
    assert next(openpyxl.load_workbook(io.BytesIO(book.body)).active.iter_rows(values_only=True))[-2:] == ("辍学人数", "辍学率")


def test_a_county_without_terms_is_told_who_sets_them(sign_in, county):
    @writes(traced=False)
    def forget(s):
        for term in s.scalars(select(Term).where(Term.county_id == county.body("a"))):
            s.delete(term)

    forget()
    registrar = sign_in("registrar.a1")
    assert "请县学籍管理员在“校历”中设置学期" in registrar.get("/registers").text
    assert registrar.get("/registers.pdf", expect_errors=True).status_int == 404
