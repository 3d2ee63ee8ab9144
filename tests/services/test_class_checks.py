"""学籍核查: each term each class is counted in its room and held against the register (办法第二十五条)."""

from datetime import date

import pytest
from sqlalchemy import update

from app.errors import NotAllowed, NotFound, Refusal, Refusals
from app.extensions import db
from app.models import Class, ClassCheck, Event
from app.services.administration import calendars, policies
from app.services.casework import desk
from app.services.schools import class_checks
from tests.office import count, row
from tests.pages import errors, form_with
from tests.services.test_status_changes import ILL, NOW, School

HOLIDAY, SECOND_TERM = date(2027, 1, 25), date(2027, 3, 1)


@pytest.fixture
def school(county, today):
    return School(county, today)


def check(school, present=None, note="", who="teacher.a1", today=None, class_id=None):
    class_id = class_id or school.county.class_("a1")
    here = class_checks.registered(db.session, class_id)
    return class_checks.check(class_id, here if present is None else present, note, actor=school.county.actor(who), today=today or school.today, now=NOW)


def last(school, today=None, class_id=None):
    class_id = class_id or school.county.class_("a1")
    found = class_checks.latest([class_id], class_checks.term_of(db.session, school.county.body("a"), today or school.today)).get(class_id)
    return found and (found.registered, found.present, found.note, found.checked_by)


def unchecked(school, who, today=None):
    today, person = today or school.today, school.county.actor(who)
    return desk.figures(person, policies.policy_for(db.session, person.county_id, today), today).unchecked


def test_a_class_is_checked_once_a_term_and_again_in_the_next(school):
    here = class_checks.registered(db.session, school.county.class_("a1"))
    before = unchecked(school, "registrar.a1"), unchecked(school, "officer.a")
    check(school)
    assert last(school) == (here, here, "", school.county.actor("teacher.a1").name)
    assert (unchecked(school, "registrar.a1"), unchecked(school, "officer.a")) == (before[0] - 1, before[1] - 1)
    assert last(school, SECOND_TERM) is None
    assert (unchecked(school, "registrar.a1", SECOND_TERM), unchecked(school, "registrar.a1", HOLIDAY)) == (before[0], 0)
    assert count(Event, Event.name == "class.checked") == 1


def test_another_number_in_the_room_is_told_with_who_is_missing(school):
    here = class_checks.registered(db.session, school.county.class_("a1"))
    with pytest.raises(Refusals) as wrong:
        check(school, here - 1)
    assert {one.field: one.sentence for one in wrong.value.refusals} == {"note": f"学籍在读 {here} 人，实到 {here - 1} 人，不一致：请写明是哪些学生、去了哪里"}
    check(school, here - 1, "余㛃宁随父母外出，已登记缺课")
    check(school)  # she is back: the last one counts, the first stays
    assert (last(school)[1], count(ClassCheck)) == (here, 2)


def test_who_is_suspended_does_not_sit_there(school):
    class_id = school.county.class_("a1", year=2)
    here = class_checks.registered(db.session, class_id)
    school.through("suspension", ILL)
    assert class_checks.registered(db.session, class_id) == here - 1


def test_in_the_holidays_there_is_nobody_to_count(school):
    with pytest.raises(Refusal, match="今天不在学期内"):
        check(school, today=HOLIDAY)


def test_a_teacher_checks_her_own_class_a_registrar_every_class_of_the_school_others_none(school):
    other = school.county.class_("a1", year=2)
    with pytest.raises(NotFound):
        check(school, class_id=other)
    check(school, who="registrar.a1", class_id=other)
    for who, error in (("registrar.b1", NotFound), ("officer.a", NotAllowed), ("head.a1", NotAllowed)):
        with pytest.raises(error):
            check(school, who=who)


def test_what_is_no_number_and_a_class_that_is_gone_are_refused(school):
    with pytest.raises(Refusals, match="0 至 200 之间的整数"):
        check(school, 201)
    class_id = school.county.class_("a1")
    db.session.execute(update(Class).where(Class.id == class_id).values(state="dissolved"))
    db.session.commit()
    with pytest.raises(Refusal, match="已经不在用"):
        check(school, 0, class_id=class_id)


def test_the_reminder_stands_on_the_desk_in_the_last_weeks_of_the_term(school):
    person = school.county.actor("officer.a")
    for today, told in ((date(2026, 11, 5), 0), (date(2026, 11, 6), 1), (date(2027, 1, 20), 1), (date(2027, 1, 21), 0)):
        rules = policies.policy_for(db.session, person.county_id, today)
        found = desk.classes_to_check(desk.figures(person, rules, today), calendars.calendar(db.session), today)
        assert len(found) == told, today
    assert unchecked(school, "officer.city1") == 0


def test_a_teacher_checks_from_her_desk_and_school_and_county_see_it(school, sign_in):
    class_id = school.county.class_("a1")
    here = class_checks.registered(db.session, class_id)
    teacher = sign_in("teacher.a1")
    assert "本学期还没有核查学籍" in teacher.get("/").text
    page = form_with(teacher.get(f"/classes/{class_id}/check"), "present").submit(status=422)
    assert errors(page) == {"present": "请填写在教室里数到的人数"}
    form = form_with(teacher.get(f"/classes/{class_id}/check"), "present")
    form["present"], form["note"] = str(here + 1), "借读生一人<b>未办手续</b>"
    shown = form.submit().follow()
    facts = {cell.select_one("dt").get_text(): cell.select_one("dd").get_text() for cell in shown.html.select(".facts > div")}
    assert facts["本学期核查"] == f"2026年9月11日，{school.county.actor('teacher.a1').name}：学籍在读 {here} 人，实到 {here + 1} 人。借读生一人<b>未办手续</b>"
    assert f"学籍在读 {here} 人，实到 {here + 1} 人" in teacher.get("/").text
    rows = {line.th.get_text(strip=True): line for line in sign_in("registrar.a1").get("/classes").html.select("tbody tr")}
    assert f"在读 {here}，实到 {here + 1}" in rows["一年级1班"].get_text() and "未核查" in rows["一年级2班"].get_text()
    county = {line.th.get_text(): [cell.get_text() for cell in line.select("td")] for line in sign_in("officer.a").get("/classes").html.select("tbody tr")}
    assert county["竹山县堵河路小学"][-1] == "1 / 8"
    assert row(ClassCheck, ClassCheck.class_id == class_id).present == here + 1
    sign_in("registrar.b1").get(f"/classes/{class_id}/check", status=404)
    sign_in("officer.a").get(f"/classes/{class_id}/check", status=403)
