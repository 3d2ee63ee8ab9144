"""工作台 of every duty: what waits, what goes on, at most ten queries."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Account, Case
from tests.bureau import statements
from tests.cast import new_pupil
from tests.office import a
from tests.pages import Person, hooks
from tests.transfer_office import change, limit, road

__all__ = ["a", "road"]

WHO = ("registrar.a1", "head.a1", "teacher.a1", "township.a.t1", "officer.a", "officer.city1", "officer.province", "sysadmin", "security", "auditor",
       "registrar.a5")


@pytest.mark.parametrize("who", WHO)
def test_a_desk_opens_for_every_duty_with_at_most_ten_queries(sign_in, a, who):
    for place in (1, 2, 3):
        a.act(a.apply(new_pupil(place)), "approve", a.head)
    person = sign_in(who)
    person.get("/")
    with statements() as asked:
        page = person.get("/")
    assert "工作台" in page.html.h1.get_text()
    assert len(asked) <= 10, "\n".join(asked)


def test_what_waits_stands_on_the_desk_nearest_day_first(sign_in, a):
    first, second = a.apply(new_pupil(1)), a.apply(new_pupil(2))
    page = sign_in("head.a1").get("/")
    rows = [int(row["data-id"]) for row in hooks(page, "inbox-todo")[0].select('[data-hook="case-row"]')]
    assert rows[-2:] == [first, second]
    assert page.html.select_one("#todo").get_text() == f"待办 {len(rows)} 件"
    assert page.html.select_one(".nav .count").get_text().startswith(str(len(rows)))


def test_what_was_done_and_what_was_begun(sign_in, a):
    case_id = a.apply(new_pupil(1))
    a.act(case_id, "approve", a.head)
    done = hooks(sign_in("head.a1").get("/"), "inbox-done")[0]
    assert [row["data-id"] for row in done.select('[data-hook="case-row"]')] == [str(case_id)] and "同意，9月11日" in done.get_text()
    mine = hooks(sign_in("registrar.a1").get("/"), "inbox-mine")[0]
    assert mine.select_one('[data-hook="case-row"]')["data-id"] == str(case_id)
    assert mine.select_one('[data-hook="state"]').get_text() == "待主管教育行政部门核办"
    a.act(case_id, "approve", a.officer)
    desk = sign_in("registrar.a1").get("/")
    assert [str(case_id) in {row["data-id"] for row in hooks(desk, name)[0].select('[data-hook="case-row"]')} for name in ("inbox-mine", "inbox-done")] == [False, True]
    assert "提交，9月11日" in hooks(desk, "inbox-done")[0].get_text()


def test_figures_count_who_reads_and_who_is_applied_for(sign_in, a):
    before = figures(sign_in("registrar.a1").get("/"))
    a.approve(a.apply(new_pupil(1)))
    a.apply(new_pupil(2))
    after = figures(sign_in("registrar.a1").get("/"))
    assert {name: after[name] - before[name] for name in before} == {"在读学生": 1, "休学": 0, "登记中": 1, "新生计划": 2, "本学期转入": 0, "本学期转出": 0}


def test_the_counties_desk_shows_how_many_cases_ended_in_each_of_the_last_eight_weeks(sign_in, a):
    """Weeks begin on Monday, the present one is the last; the other county's are its own, and a school's desk has no such picture."""
    assert hooks(sign_in("officer.b").get("/"), "weeks")[0].select_one(".empty").get_text() == "近八周没有办结的业务"
    ends = [datetime(2026, 7, 19, 23, 59, 59), datetime(2026, 7, 20), datetime(2026, 9, 6, 23, 59, 59), datetime(2026, 9, 7), datetime(2026, 9, 11, 15, 20)]
    for place, end in enumerate(ends, 1):
        case_id = a.apply(new_pupil(place))
        a.act(case_id, *(("approve", a.head) if place % 2 else ("withdraw", a.registrar)))
        change(Case, case_id, ended_at=end)
    card = hooks(sign_in("officer.a").get("/"), "weeks")[0]
    told = [1, 0, 0, 0, 0, 0, 1, 2]
    mondays = [(7, 20), (7, 27), (8, 3), (8, 10), (8, 17), (8, 24), (8, 31), (9, 7)]
    assert card.caption.get_text() == "近八周办结的业务，每周件数"
    assert [[cell.get_text() for cell in line.select("th, td")] for line in card.select("tr")] == [
        ["一周的第一天", "件"], *([f"{month}月{day}日", str(number)] for (month, day), number in zip(mondays, told, strict=True))]
    assert [text.get_text() for text in card.select("svg text")] == [word for (month, day), number in zip(mondays, told, strict=True) for word in (str(number), f"{month}-{day}")]
    assert [bar["height"] for bar in card.select("svg .f1")] == ["43.0", *["0.0"] * 5, "43.0", "86.0"]
    assert card.svg["aria-hidden"] == "true"
    assert hooks(sign_in("officer.b").get("/"), "weeks")[0].select_one("svg") is None
    assert not hooks(sign_in("registrar.a1").get("/"), "weeks")


def test_a_bureau_reads_how_many_lie_past_their_day_at_its_own_desk(sign_in, a):
    before = figures(sign_in("officer.a").get("/"))
    for place in (1, 2):
        case_id = a.apply(new_pupil(place))
        a.act(case_id, "approve", a.head)
        change(Case, case_id, due_on=date(2026, 9, 9 + place))
    after = sign_in("officer.a").get("/")
    assert (before["本局超期"], figures(after)["本局超期"]) == (0, 1)  # who is due today is not late
    listed = sign_in("officer.a").get(after.html.find("dt", string="本局超期").parent.a["href"])
    assert len(hooks(listed, "case-row")) == 1
    assert "本局超期" not in figures(sign_in("head.a1").get("/"))


def figures(page):
    return {one.dt.get_text(): int(one.dd.get_text().split("/")[0].replace(",", "")) for one in page.html.select(".figures > div")}


def test_the_transfers_behind_the_numbers_of_the_term_are_those_that_are_counted(sign_in, road):
    """One of the term before stands with them in the list of all transfers, and is not counted."""
    now, before = road.apply("b1"), road.apply("b1", pupil="twin.2")
    for case_id in (now, before):
        road.go(case_id)
    change(Case, before, effective_on=date(2026, 5, 6))
    for who, title in (("registrar.b1", "本学期转入"), ("registrar.a1", "本学期转出"), ("officer.b", "本学期转入")):
        desk = sign_in(who).get("/")
        link = next(one.dd.a or one.a for one in desk.html.select(".figures > div") if one.dt.get_text() == title)
        listed = sign_in(who).get(link["href"])
        rows = [int(row["data-id"]) for row in hooks(listed, "case-row")]
        assert now in rows and before not in rows and len(rows) == figures(desk)[title], who
        assert title in listed.html.select_one(".chips").get_text()
        assert before in [int(row["data-id"]) for row in hooks(sign_in(who).get("/cases?kind=transfer&state=effective"), "case-row")]


def test_classes_over_their_limit_are_counted_and_named_the_fullest_first(sign_in, county):
    limit(county.class_("a1"), 1)
    limit(county.class_("a3", year=2), 2)
    for who, told in (("registrar.a1", ["一年级1班 4 人，超 3"]), ("officer.a", ["堵河路小学 一年级1班 4 人，超 3", "柳垭镇九年一贯制学校 二年级1班 3 人，超 1"]), ("officer.b", [])):
        page = sign_in(who).get("/")
        rows = [" ".join(row.get_text(" ", strip=True).split()) for row in page.html.select("#crowded tr")]
        assert rows == told, who
        assert f"超班额班级 {len(told)} 个" in page.text if told else "超班额班级" not in page.text


def test_the_yearly_days_are_told_with_their_source(sign_in):
    text = sign_in("registrar.a1").get("/").html.get_text(" ", strip=True)
    assert "9月30日 新生学籍学校审核截止 还剩 13 个工作日" in text


def test_a_class_teacher_finds_the_class_and_no_cases(sign_in, county):
    page = sign_in("teacher.a1").get("/")
    assert page.html.select_one(f'a[href="/classes/{county.class_("a1")}"]').get_text() == "一年级1班"
    assert not hooks(page, "inbox-todo")


def test_administrators_see_no_pupil(sign_in, county):
    for who in ("sysadmin", "security", "auditor"):
        page = sign_in(who).get("/")
        assert "不接触学生信息" in page.text and "张梓涵" not in page.text


def test_the_sysadmin_reads_how_the_accounts_stand(sign_in, county):
    sealed, closed = (db.session.get_one(Account, county.account(name)) for name in ("teacher.b1", "teacher.b2"))
    sealed.state, closed.state = "sealed", "closed"
    db.session.commit()
    everybody = db.session.scalar(select(func.count()).select_from(Account))

    told = figures(sign_in("sysadmin").get("/"))

    assert told == {"启用的账号": everybody - 2, "其中没有登录过": everybody - 3, "半年未用、已封存": 1}


def test_without_a_session_one_is_asked_to_sign_in(app):
    assert Person(app).get("/").status_int == 303
