"""超期与到期: who holds how many, how their time stands, and the cases behind each number."""

from datetime import date

import pytest

from app.services.casework import case_lists
from tests.bureau import statements
from tests.cast import new_pupil
from tests.office import a, case
from tests.pages import hooks

__all__ = ["a"]


A1, COUNTY = "竹山县堵河路小学", "竹山县教育局"


@pytest.fixture
def on(monkeypatch):
    return lambda day: monkeypatch.setenv("DEMO_TODAY", f"2026-09-{day}")


def table(page):
    """{body: [open, due within three working days, overdue, since, due on, words]}; on the page the numbers stand the other way round"""
    lines = [[cell.get_text(" ", strip=True) for cell in line.select("th, td")] for line in page.html.select("#rows tr")]
    return {line[0]: [int(number.split()[0]) for number in line[3:0:-1]] + line[4:] for line in lines if line != ["没有在办的业务"]}


def ids(page):
    return [int(row["data-id"]) for row in hooks(page, "case-row")]


@pytest.fixture
def held(a):
    """Beside what lies there already, two at the head's desk of a1 since 11 September; a third has gone on to the county on the 14th."""
    held = [a.apply(new_pupil(number)) for number in (1, 2, 3)]
    a.act(held[2], "approve", a.head, today=date(2026, 9, 14))
    assert [case(one).due_on for one in held] == [date(2026, 9, 24), date(2026, 9, 24), date(2026, 9, 28)]  # the 20th is a make-up Sunday, the 25th a holiday
    return held


@pytest.mark.parametrize(("day", "school", "bureau"), [
    (20, [6, 0, 0, "9月11日", "9月24日", "还剩 4 个工作日"], [1, 0, 0, "9月14日", "9月28日", "还剩 5 个工作日"]),
    (21, [6, 6, 0, "9月11日", "9月24日", "还剩 3 个工作日"], [1, 0, 0, "9月14日", "9月28日", "还剩 4 个工作日"]),
    (24, [6, 6, 0, "9月11日", "9月24日", "今天到期"], [1, 1, 0, "9月14日", "9月28日", "还剩 1 个工作日"]),
    (25, [6, 0, 6, "9月11日", "9月24日", "已超期"], [1, 1, 0, "9月14日", "9月28日", "还剩 1 个工作日"]),
    (29, [6, 0, 6, "9月11日", "9月24日", "超期 2 个工作日"], [1, 0, 1, "9月14日", "9月28日", "超期 1 个工作日"]),
])
def test_by_body_how_many_are_due_and_overdue_and_since_when(sign_in, held, on, day, school, bureau):
    on(day)
    assert table(sign_in("officer.a").get("/cases/due")) == {A1: school, COUNTY: bureau}


def test_behind_each_number_stand_its_cases_with_who_holds_them_since_when(sign_in, a, held, on):
    on(25)
    officer = sign_in("officer.a")
    page = officer.get("/cases").click("超期与到期")
    behind = {link.get_text(" ", strip=True): link["href"] for link in page.html.select("#rows a")}
    late, near = (officer.get(behind[words]) for words in ("6 件，竹山县堵河路小学已超期", "1 件，竹山县教育局3 个工作日内到期"))
    assert (len(ids(late)), set(held[:2]) <= set(ids(late)), held[2] in ids(late), ids(near)) == (6, True, False, [held[2]])
    late_words, near_words = ("".join(one.html.get_text().split()) for one in (late, near))
    assert "堵河路小学学校审核人，9月11日起" in late_words and "竹山县县学籍管理员，9月14日起" in near_words
    assert [one.get_text() for one in late.html.select(".chips a")] == ["去掉条件现在堵河路小学", "去掉条件已超期"]
    assert ids(officer.get("/cases?due=overdue")) == ids(late) and ids(officer.get("/cases?due=soon")) == [held[2]]
    assert held[2] in ids(officer.get("/cases?due=sometime"))  # an unknown word asks nothing


def test_the_pages_of_a_due_list_go_on_where_the_last_one_ended(sign_in, a, held, on, monkeypatch):
    monkeypatch.setattr(case_lists, "PAGE", 4)
    monkeypatch.setitem(case_lists.listed.__kwdefaults__, "limit", 4)
    on(29)
    officer = sign_in("officer.a")
    first = officer.get("/cases?due=overdue")
    rest = officer.get(hooks(first, "next-page")[0]["href"])
    assert (len(ids(first)), len(ids(rest)), ids(rest)[-1]) == (4, 3, held[2]) and not set(ids(first)) & set(ids(rest))


def test_each_tier_reads_of_the_cases_in_its_sight(sign_in, held, on):
    on(25)
    read = {who: table(sign_in(who).get("/cases/due")) for who in ("registrar.a1", "registrar.b1", "officer.city1", "officer.province")}
    assert {who: {body: line[:3] for body, line in lines.items()} for who, lines in read.items()} == {
        "registrar.a1": {A1: [6, 0, 6], COUNTY: [1, 1, 0]}, "registrar.b1": {}, "officer.city1": {}, "officer.province": {},
    }
    on(29)  # what lies past its day at the county rises to the city, and no further
    read = {who: table(sign_in(who).get("/cases/due")) for who in ("officer.city1", "officer.province")}
    assert {who: {body: line[:3] for body, line in lines.items()} for who, lines in read.items()} == {"officer.city1": {COUNTY: [1, 0, 1]}, "officer.province": {}}
    assert sign_in("teacher.a1").get("/cases/due", status=403).status_int == 403


def test_the_page_asks_no_more_where_more_bodies_hold_cases(sign_in, a, held):
    officer, asked = sign_in("officer.a"), []
    for number in (4, 5):
        officer.get("/cases/due")
        with statements() as sent:
            officer.get("/cases/due")
        asked.append(len(sent))
        a.act(a.apply(new_pupil(number)), "approve", a.head)
    assert asked[0] == asked[1] <= 8
