"""学生类型变更, 贫困生认定和取消 told from the application to the effect and back, and the yearly reminder of the 复核."""

from datetime import date, datetime

import pytest
from sqlalchemy import update

from app.errors import Refusals
from app.extensions import db
from app.models import Student
from app.services.administration import calendars, policies
from app.services.casework import desk, reversals
from app.services.standing import changes
from app.services.standing.changes import Asked
from tests.office import case, row
from tests.services.test_status_changes import School

NOW = datetime(2026, 9, 11, 15, 20)
POOR = {"poverty_status": "2", "basis": "allowance", "poverty_from": date(2026, 9, 1), "explanation": "父亲患病，家庭收入低", "guardian": "父亲"}


@pytest.fixture
def school(county, today):
    return School(county, today)


def through(school, kind, asked, evidence=()):
    return school.through(kind, asked, evidence=evidence)


def kind_of(pupil):
    student = row(Student, Student.id == pupil)
    return student.student_kind, student.student_source, student.status, student.class_id


def test_a_borrowing_pupil_keeps_number_and_status_and_the_source_follows(school):
    pupil = school.pupil()
    before = kind_of(pupil)
    numbers = bytes(row(Student, Student.id == pupil).national_no_index)
    case_id = through(school, "kind-change", {"student_kind": "借读生", "explanation": "随父母在本县务工", "guardian": "父亲"}, ("application", "borrowing"))
    assert kind_of(pupil) == ("借读生", "2", *before[2:]) and bytes(row(Student, Student.id == pupil).national_no_index) == numbers
    back = through(school, "kind-change", {"student_kind": "普通", "explanation": "借读结束", "guardian": "父亲"}, ("application",))
    assert kind_of(pupil)[:2] == ("普通", "1")
    for one in (back, case_id):
        reversals.reverse(one, "误办", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    assert kind_of(pupil) == before


def test_a_kind_that_is_hers_already_is_refused_and_each_kind_asks_its_own_evidence(school):
    with pytest.raises(Refusals, match="学生类型现在就是“普通”，不用变更"):
        school.ask("kind-change", {"student_kind": "普通"})
    with pytest.raises(Refusals, match="请选择变更后的学生类型"):
        school.ask("kind-change", {"student_kind": "旁听生"})
    missing = {
        kind: [one.sentence for one in changes.preview("kind-change", school.pupil(), Asked({"student_kind": kind}), actor=school.county.actor("registrar.a1"), today=school.today).findings
               if one.check == "evidence"] for kind in ("借读生", "随班就读", "残障生")}
    assert missing == {
        "借读生": ["还须附：申请书（监护人签字）、借读联系表或两校同意借读的证明"], "随班就读": ["还须附：申请书（监护人签字）、残疾人证或医院证明、残疾人教育专家委员会意见"],
        "残障生": ["还须附：申请书（监护人签字）、残疾人证或医院证明"],
    }


def poverty(pupil):
    student = row(Student, Student.id == pupil)
    return student.poverty_status, student.poverty_basis, student.poverty_from, student.poverty_until, student.status


def test_a_certified_pupil_is_certified_no_second_time_that_year_and_ends_by_a_case_of_its_own(school):
    pupil = school.pupil()
    before = poverty(pupil)
    case_id = through(school, "poverty", POOR, ("application", "proof"))
    assert poverty(pupil) == ("2", "allowance", date(2026, 9, 1), None, "01")
    with pytest.raises(Refusals, match="2026年9月1日起已认定为“一般困难”，不用再认定"):
        school.ask("poverty", POOR)
    worse = through(school, "poverty", POOR | {"poverty_status": "1", "basis": "destitute"}, ("application", "proof"))
    ended = through(school, "poverty-end", {"poverty_until": date(2026, 9, 11), "explanation": "家庭收入已超过标准"}, ("visit",))
    assert poverty(pupil) == ("3", "destitute", date(2026, 9, 1), date(2026, 9, 11), "01")
    for one in (ended, worse, case_id):
        reversals.reverse(one, "误办", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    assert poverty(pupil) == before and case(case_id).state == "voided"


def test_what_is_missing_is_told_at_once(school):
    with pytest.raises(Refusals) as told:
        school.ask("poverty", {})
    assert {one.field for one in told.value.refusals} == {"poverty_status", "basis", "explanation", "poverty_from"}
    with pytest.raises(Refusals, match="学生没有认定为贫困生，不用取消"):
        school.ask("poverty-end", {"poverty_until": date(2026, 9, 11), "explanation": "收入增加"})


@pytest.mark.parametrize(("day", "waiting"), [(date(2026, 8, 31), 0), (date(2026, 9, 1), 1), (date(2026, 9, 30), 1), (date(2026, 10, 1), 0)])
def test_in_september_the_school_is_reminded_of_whom_it_has_not_certified_anew(school, day, waiting):
    pupil, clerk = school.pupil(), school.county.actor("registrar.a1")
    db.session.execute(update(Student).where(Student.id == pupil).values(poverty_status="1", poverty_from=date(2025, 9, 10)))
    db.session.commit()
    rules = policies.policy_for(db.session, clerk.county_id, day)
    assert desk.figures(clerk, rules, day).to_review == waiting
    told = desk.poverty_review(rules, calendars.calendar(db.session), day, waiting)
    assert [(one[0], one[1]) for one in told] == [(date(2026, 9, 30), "复核 1 名贫困生的认定")] * waiting
    db.session.execute(update(Student).where(Student.id == pupil).values(poverty_from=date(2026, 9, 1)))
    db.session.commit()
    assert desk.figures(clerk, rules, day).to_review == 0
