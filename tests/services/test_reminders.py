"""The desk is reminded of what is to be done, each on its day: no row waits for it, and what has been done reminds nobody any more."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app.extensions import db
from app.models import Absence, Case, Task
from app.services.administration import policies
from app.services.casework import reminders, tasks
from app.services.problem_records import problems
from tests.bureau import statements
from tests.cast import new_pupil
from tests.office import a, case, row
from tests.services.test_status_changes import ILL, School
from tests.transfer_office import instructed, road

__all__ = ["a", "instructed", "road"]

UNTIL = date(2026, 12, 10)


@pytest.fixture
def school(county, today):
    school = School(county, today)
    school.through("suspension", ILL | {"until_on": UNTIL})
    return school


def told(school, today, who="registrar.a1"):
    rules = policies.policy_for(db.session, school.county.body("a"), today)
    rows = [row for row in tasks.waiting(school.county.actor(who), rules, today) if row.kind == "suspension" and row.due_on == UNTIL]
    return [(one.look, one.words, one.kind) for one in (reminders.read(row, rules, today) for row in rows)]


@pytest.mark.parametrize(("today", "reminder"), [
    (date(2026, 11, 9), None),
    (date(2026, 11, 10), ("", "2026年12月10日期满，还有 30 天：请通知监护人办理复学或续休", "resumption")),
    (date(2026, 12, 2), ("", "2026年12月10日期满，还有 8 天：请通知监护人办理复学或续休", "resumption")),
    (date(2026, 12, 3), ("soon", "2026年12月10日期满，还有 7 天：请通知监护人办理复学或续休", "resumption")),
    (UNTIL, ("soon", "2026年12月10日期满：请通知监护人复学", "resumption")),
    (date(2026, 12, 24), ("late", "2026年12月10日期满已过 14 天：请通知监护人复学", "resumption")),
    (date(2026, 12, 25), ("late", "2026年12月10日期满已过 15 天未复学：请劝返，劝返无效的报告辍学（《江苏省中小学生学籍管理规定》（2023年））", "dropout")),
])
def test_a_suspension_reminds_on_its_days(school, today, reminder):
    assert told(school, today) == ([reminder] if reminder else [])


def test_who_came_back_reminds_nobody(school):
    db.session.execute(update(Absence).values(state="ended", ended_on=date(2026, 11, 1)))
    assert told(school, date(2026, 12, 1)) == []


def test_another_school_reads_nothing(school):
    assert told(school, date(2026, 12, 1), "registrar.b1") == []


# ---------------------------------------------------------------- at the desk itself

@pytest.fixture
def desk(sign_in, monkeypatch):
    """What a part of somebody's desk says on a day; nothing where it is not there. No desk asks more than ten questions."""
    def read(who, day, part):
        monkeypatch.setenv("DEMO_TODAY", day)
        person = sign_in(who)
        person.get("/")
        with statements() as sent:
            page = person.get("/")
        assert len(sent) <= 10
        found = page.html.select_one(part)
        return found and " ".join(found.get_text(" ", strip=True).split())
    return read


@pytest.mark.parametrize(("day", "look", "words"), [
    ("2026-09-20", "", "还剩 4 个工作日"), ("2026-09-21", "soon", "还剩 3 个工作日"), ("2026-09-24", "soon", "今天到期"), ("2026-09-25", "late", "已超期"), ("2026-09-28", "late", "超期 1 个工作日"),
])
def test_a_seat_is_reminded_three_days_before_and_on_the_day(sign_in, a, monkeypatch, day, look, words):
    case_id = a.apply(new_pupil(1))
    monkeypatch.setenv("DEMO_TODAY", day)
    row = sign_in("head.a1").get("/").html.select_one(f'[data-hook="inbox-todo"] [data-id="{case_id}"] [data-hook="due"]')
    assert (" ".join(row["class"]), row.get_text()) == (f"due {look}".strip(), words)


@pytest.mark.parametrize(("day", "look", "words"), [
    ("2026-12-06", "", "还剩 4 天"), ("2026-12-07", "soon", "还剩 3 天"), ("2026-12-10", "soon", "今天到期"),
])
def test_an_instruction_that_nobody_drew_reminds_the_school_that_is_to_draw(sign_in, instructed, monkeypatch, day, look, words):
    monkeypatch.setenv("DEMO_TODAY", day)
    row = sign_in("registrar.b1").get("/").html.select_one(f'[data-hook="inbox-todo"] [data-id="{instructed}"] [data-hook="due"]')
    assert (" ".join(row["class"]), row.get_text()) == (f"due {look}".strip(), words)


@pytest.mark.parametrize(("day", "words"), [
    ("2026-09-28", "档案应在2026年10月11日以前移交（《中小学生学籍管理办法》（教基一〔2013〕7号）第十五条）"),
    ("2026-10-08", "档案应在2026年10月11日以前移交，还剩 3 天"),
    ("2026-10-11", "档案应在2026年10月11日以前移交，今天到期"),
    ("2026-10-12", "档案应在2026年10月11日以前移交，超期 1 天"),
    ("2026-12-08", "证明还剩 3 天 ，"), ("2026-12-11", "证明今天到期 ，"), ("2026-12-12", "证明已过期 ，"),
])
def test_the_old_school_is_reminded_of_the_file_and_of_the_certificate_until_the_slip_is_back(road, desk, day, words):
    case_id = road.apply("b1")
    road.go(case_id)
    assert words in desk("registrar.a1", day, "#tasks")
    assert desk("registrar.b1", day, "#tasks") is None
    task = row(Task, Task.case_id == case_id)
    tasks.receive_slip(task.id, road.today, actor=road.county.actor("registrar.a1"), today=road.today, now=road.now)
    assert desk("registrar.a1", day, "#tasks") is None


@pytest.mark.parametrize(("day", "words"), [
    ("2026-10-10", None),
    ("2026-10-11", "2026年9月11日登记，应在2026年11月11日以前建立学籍，还有 31 天"),
    ("2026-11-11", "2026年9月11日登记，应在2026年11月11日以前建立学籍，今天到期"),
    ("2026-11-12", "应在2026年11月11日以前建立学籍，已超过 1 天，请催办"),
])
def test_a_school_is_reminded_after_a_month_of_records_that_are_still_to_be_made(a, desk, day, words):
    made, waits = a.apply(new_pupil(1)), a.apply(new_pupil(2))
    a.approve(made)
    told = desk("registrar.a1", day, "#unmade")
    assert desk("registrar.b1", day, "#unmade") is None
    if words is None:
        assert told is None
    else:
        assert words in told and case(waits).title in told and case(made).title not in told


@pytest.mark.parametrize(("day", "look", "words"), [
    ("2026-10-20", "soon", "新生的应在2026年10月30日以前处理完，还剩 10 天"), ("2026-10-30", "soon", "新生的应在2026年10月30日以前处理完，今天到期"),
    ("2026-10-31", "bad", "新生的应在2026年10月30日以前处理完，超期 1 天"),
])
def test_problem_records_of_new_pupils_remind_by_their_day(a, desk, sign_in, day, look, words):
    case_id = a.apply(new_pupil(1))
    a.approve(case_id)
    problems.mark(case(case_id).student_id, problems.Found("02", found_on=a.today, explanation="公安系统查无此号"), actor=a.officer, today=a.today, now=a.now)
    assert words in desk("registrar.a1", day, f".note.{look}[data-hook=problems]")
    assert (words in (desk("officer.a", day, "[data-hook=problems]") or "")) == (day != "2026-10-20")  # the county from three days before


def test_the_county_is_reminded_of_the_day_on_which_pupils_whom_nobody_drew_are_listed(desk):
    assert "9月30日 小升初未调档的列出名单 还剩 13 个工作日" in desk("officer.a", "2026-09-11", "main")
    assert "小升初未调档" not in desk("registrar.a1", "2026-09-11", "main")


def test_one_kind_takes_no_room_from_another_and_every_heading_counts_all(a, desk, sign_in):
    """More slips than the desk shows, all with their day, and beside them news and a record that is still to be made: both without one."""
    waits = a.apply(new_pupil(1))
    about = {"county_id": a.county.body("a"), "body_id": a.county.body("a1"), "duty": "school_registrar", "case_id": waits, "student_id": case(waits).student_id, "state": "open", "made_at": a.now}
    db.session.add_all(Task(kind="receipt", title=f"第{n}张回执", due_on=date(2026, 12, 1) + timedelta(days=n), **about) for n in range(tasks.EACH + tasks.PAGE + 1))
    db.session.add(Task(kind="news", title="没有办成", due_on=None, **about))
    db.session.commit()

    new = db.session.scalar(select(func.count()).where(Case.school_id == a.county.body("a1"), Case.state == "open", Case.kind == "enrolment"))
    assert f"登记已久未建学籍 {new} 人" in desk("registrar.a1", "2026-10-11", "#unmade")
    assert "系统或主管部门办结、撤销的业务 1 件" in desk("registrar.a1", "2026-10-11", "#news")
    assert "待收的回执 81 件" in desk("registrar.a1", "2026-10-11", "#tasks")

    page, shown = sign_in("registrar.a1").get("/"), []
    while True:
        shown += [link.get_text() for link in page.html.select("#tasks li > a")]
        if not (others := page.html.select_one("[data-hook=others]")):
            break
        page = sign_in("registrar.a1").get(others["href"])
        assert page.html.select("#news, #unmade") == []
    assert shown == [f"登记回执：第{n}张回执" for n in range(81)]
    assert "这里没有等着办的了" in sign_in("registrar.b1").get("/tasks?kind=receipt").text


def test_a_count_ends_at_a_thousand(a, monkeypatch):
    monkeypatch.setattr(tasks, "MOST", 1)
    for n in (1, 2, 3):
        a.apply(new_pupil(n))
    rules = policies.policy_for(db.session, a.county.body("a"), a.today)
    assert {row.many for row in tasks.waiting(a.registrar, rules, date(2026, 12, 1), kind="record")} == {2}
