"""The file of a migrant workers' child who has dropped out goes to the county of her household when the term is over (办法第二十二条)."""

from datetime import date

import pytest
from sqlalchemy import update

from app import codes
from app.errors import MovedOn, NotFound, Refusals
from app.extensions import db
from app.models import Event, Student, Task
from app.services.administration import policies
from app.services.casework import tasks
from app.services.standing import home_files
from tests.office import count, row
from tests.pages import errors, form_with
from tests.services.test_dropouts import reported
from tests.services.test_status_changes import NOW, School, standing

HOME = "411324"  # 河南省南阳市镇平县
LAST_DAY, ARTICLE = date(2027, 1, 20), "《中小学生学籍管理办法》（教基一〔2013〕7号）第二十二条"
PLACE = codes.divisions.full_name(HOME)


@pytest.fixture
def school(county, today):
    school = School(county, today)
    change_child(school)
    return school


def change_child(school, **values):
    db.session.execute(update(Student).where(Student.id == school.pupil()).values({"is_migrant_child": True, "hukou_place_code": HOME} | values))
    db.session.commit()


def told(school, today, who="officer.a"):
    person = school.county.actor(who)
    rules = policies.policy_for(db.session, person.county_id, today)
    return [(one.title, one.number, *home_files.told(one, rules, today)) for one in tasks.waiting(person, rules, today) if one.kind == home_files.KIND]


def send(school, case_id, sent_on=date(2027, 1, 25), receipt="镇平县教育体育局签收，挂号信 0317 号", who="officer.a", today=date(2027, 1, 26)):
    return home_files.send(case_id, sent_on, receipt, actor=school.county.actor(who), today=today, now=NOW)


def test_the_county_is_reminded_from_the_last_day_of_the_term_until_the_file_is_sent(school):
    case_id = reported(school)
    words = f"随迁子女，学期已于2027年1月20日结束：请将档案转交{PLACE}教育行政部门（{ARTICLE}）"
    name = row(Student, Student.id == school.pupil()).name
    assert told(school, date(2027, 1, 19)) == []
    assert told(school, LAST_DAY) == told(school, date(2027, 2, 20)) == [(name, "堵河路小学", "soon", words)]
    assert told(school, date(2027, 2, 21)) == [(name, "堵河路小学", "late", words)]
    assert told(school, LAST_DAY, "officer.b") == told(school, LAST_DAY, "registrar.a1") == []

    send(school, case_id)

    assert told(school, date(2027, 2, 21)) == []
    kept = row(Task, Task.kind == home_files.KIND)
    assert (kept.title, kept.happened_on, kept.note, kept.state) == (f"{name}的档案转交户籍所在地（{PLACE}）", date(2027, 1, 25), "镇平县教育体育局签收，挂号信 0317 号", "done")
    assert count(Event, Event.name == "task.done") == 1
    with pytest.raises(MovedOn, match="的档案转交已由单维桢在"):
        send(school, case_id)


@pytest.mark.parametrize("values", [{"is_migrant_child": False}, {"is_migrant_child": None}])
def test_a_child_at_home_here_stays_here(school, values):
    reported(school)
    change_child(school, **values)
    assert told(school, LAST_DAY) == []


def test_who_came_back_reminds_nobody(school):
    case_id = reported(school)
    class_id = row(Student, Student.id == school.pupil()).class_id
    school.through("back-to-school", {"effective_on": date(2026, 11, 9), "to_class": class_id}, evidence=("application",), today=date(2026, 11, 9))
    assert standing(school.pupil())[0] == "01"
    assert told(school, LAST_DAY) == []
    with pytest.raises(NotFound):
        send(school, case_id)


def test_what_is_missing_is_told_at_once_and_only_the_county_sends(school):
    case_id = reported(school)
    with pytest.raises(Refusals) as wrong:
        send(school, case_id, sent_on=date(2027, 1, 27), receipt=" ")
    assert {one.field: one.sentence for one in wrong.value.refusals} == {
        "sent_on": "请填写转交的日期，在2026年9月7日（缺课起日）和今天之间",
        "receipt": "请写明收到档案的单位和凭据，最多 200 个字，例如“镇平县教育体育局签收，挂号信收据 0317 号”",
    }
    for who in ("registrar.a1", "officer.b"):
        with pytest.raises(NotFound):
            send(school, case_id, who=who)


def test_the_officer_registers_it_from_the_desk(school, sign_in, monkeypatch):
    case_id = reported(school)
    monkeypatch.setattr("app.clock.today", lambda: date(2027, 1, 26))
    officer = sign_in("officer.a")
    desk = officer.get("/").html.select_one("#home")
    assert desk.h2.get_text() == "待转户籍地的档案 1 人" and PLACE in desk.get_text()
    address = desk.select_one('a[href*="home-files"]')["href"]
    bad = form_with(officer.get(address), "sent_on").submit(status=422)
    assert set(errors(bad)) == {"sent_on", "receipt"}
    form = form_with(officer.get(address), "sent_on")
    form["sent_on"], form["receipt"] = "2027年1月25日", "镇平县教育体育局签收"
    shown = form.submit().follow()
    told = shown.html.select_one('section[aria-label="档案转交"]').get_text(strip=True)
    assert told == f"庹思远的档案转交户籍所在地（{PLACE}）：1月25日转交，镇平县教育体育局签收，单维桢登记"
    assert officer.get("/").html.select_one("#home") is None
    officer.get(address, status=404)
    sign_in("officer.b").get(f"/tasks/home-files/{case_id}", status=404)
