"""跳级, 留级 told from the application to the effect and back, under rules that allow them and rules that do not."""

from datetime import date, datetime

import pytest
from sqlalchemy import select, update

from app.errors import MovedOn, Refusal, Refusals
from app.extensions import db
from app.models import Class, Enrolment, Grade, Movement, Student, new_id
from app.services.administration import policies
from app.services.casework import reversals
from app.services.standing import changes
from app.services.standing.changes import Asked
from tests.office import case, row
from tests.services.test_status_changes import School, lines

NOW = datetime(2026, 9, 11, 15, 20)
PAPERS = ("application", "exam", "opinion")


@pytest.fixture
def school(county, today):
    return School(county, today)


def allow(school, **settings):
    policies.set_policy(school.county.body("a"), "national2025", settings, from_on=school.today, actor=school.county.actor("officer.a"), today=school.today, now=NOW)


def ask(school, kind, class_id, pupil="twin.1", today=None, who="registrar.a1"):
    asked = Asked({"to_class": class_id, "explanation": "学业考核优秀", "guardian": "父亲"}, PAPERS)
    return changes.apply(kind, school.pupil(pupil), asked, actor=school.county.actor(who), today=today or school.today, now=NOW)


def place(pupil):
    student = row(Student, Student.id == pupil)
    spells = db.session.execute(select(Enrolment.class_id, Enrolment.state, Enrolment.came_by, Enrolment.left_by).where(Enrolment.student_id == pupil)
                                .order_by(Enrolment.from_on, Enrolment.id)).all()
    return student.class_id, student.status, student.entry_month, [tuple(one) for one in spells]


def heads(*classes):
    return [row(Class, Class.id == one).headcount for one in classes]


@pytest.mark.parametrize(("kind", "year", "setting", "category", "reason"), [("grade-skip", 3, "skip_primary", "04", "01"), ("grade-repeat", 1, "repeat_primary", "02", "22")])
def test_a_pupil_goes_one_grade_up_or_down_and_back_when_it_is_undone(school, kind, year, setting, category, reason):
    pupil = school.pupil()
    old, new = row(Student, Student.id == pupil).class_id, school.county.class_("a1", year=year)
    before, counted = place(pupil), heads(old, new)
    with pytest.raises(Refusals) as told:
        ask(school, kind, new)
    assert f"本地规则：小学不办理{case_title(kind)}" in str(told.value) and "河北省义务教育阶段学生学籍管理办法实施细则" in told.value.refusals[0].article
    allow(school, **{setting: "是"})
    case_id = ask(school, kind, new)
    school.act(case_id)
    school.act(case_id)
    after = place(pupil)
    assert after[:3] == (new, "01", before[2]) and after[3] == [(*before[3][0][:1], "closed", before[3][0][2], "97"), (new, "open", "96", "")]
    assert heads(old, new) == [counted[0] - 1, counted[1] + 1] and lines(case_id) == [("97", -1), ("96", 1)]
    assert {tuple(one) for one in db.session.execute(select(Movement.category, Movement.reason).where(Movement.case_id == case_id))} == {(category, reason)}
    reversals.reverse(case_id, "家长改变主意", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    undone = place(pupil)
    assert undone[:3] == before[:3] and [one[:2] for one in undone[3]] == [(old, "open"), (new, "cleared")] and heads(old, new) == counted
    assert sum(number for _, number in lines(case_id)) == 0


def case_title(kind):
    return {"grade-skip": "跳级", "grade-repeat": "留级"}[kind]


@pytest.mark.parametrize(("day", "taken"), [(date(2026, 9, 30), True), (date(2026, 10, 1), False)])
def test_it_is_done_at_the_start_of_a_school_year(school, day, taken):
    allow(school, skip_primary="是")
    class_id = school.county.class_("a1", year=3)
    if not taken:
        with pytest.raises(Refusals, match="跳级在学年开始时办理（8月10日至9月30日）"):
            ask(school, "grade-skip", class_id, today=day)
        return
    case_id = ask(school, "grade-skip", class_id, today=day)
    school.act(case_id, today=day)
    with pytest.raises(MovedOn, match="现在不能同意"):
        school.act(case_id, today=date(2026, 10, 9))
    school.act(case_id, today=day)
    assert case(case_id).state == "effective"


def test_a_grade_that_is_not_the_next_and_a_full_class_are_refused(school):
    allow(school, skip_primary="是")
    with pytest.raises(Refusals, match="现在在二年级，跳级只能编入本学段高一个年级，不能编入四年级"):
        ask(school, "grade-skip", school.county.class_("a1", year=4))
    third, other = school.county.class_("a1", year=3), school.county.class_("a1", year=3, number=2)
    db.session.execute(update(Class).where(Class.id == third).values(size_limit=heads(third)[0]))
    db.session.commit()
    with pytest.raises(Refusals, match="没有学位"):
        ask(school, "grade-skip", third)
    case_id = ask(school, "grade-skip", other)
    school.act(case_id)
    db.session.execute(update(Class).where(Class.id == other).values(size_limit=heads(other)[0]))
    db.session.commit()
    with pytest.raises(Refusal, match="没有学位。请退回后改选同年级的其他班"):
        school.act(case_id)


def test_who_has_just_come_repeats_no_grade_in_disguise(school):
    allow(school, repeat_primary="是")
    pupil = school.pupil()
    db.session.execute(update(Enrolment).where(Enrolment.student_id == pupil).values(came_by="13", from_on=date(2026, 8, 25)))
    db.session.commit()
    with pytest.raises(Refusals) as told:
        ask(school, "grade-repeat", school.county.class_("a1", year=1))
    assert "2026年8月25日转入或复学，本学年不能再留级" in str(told.value) and "变相留级" in told.value.refusals[0].article


def test_in_special_education_one_grade_is_repeated_and_no_second(school):
    pupil, first, second = special_pupil(school)
    case_id = ask(school, "grade-repeat", second, pupil, who="registrar.a6")
    for who in ("head.a6", "officer.a"):
        school.act(case_id, who=who)
    assert row(Student, Student.id == pupil).class_id == second
    with pytest.raises(Refusals, match="已留级 1 次，特殊教育最多留级 1 个年级"):
        ask(school, "grade-repeat", first, pupil, who="registrar.a6")


def special_pupil(school):
    """(a pupil of grade three or above in school a6, the classes two and one grades below)"""
    rows = db.session.execute(select(Class.id, Grade.stage, Grade.advanced_to).join(Grade, Grade.id == Class.grade_id).where(
        Class.school_id == school.county.body("a6"), Class.state == "open", Class.kind == "special").order_by(Grade.stage, Grade.advanced_to)).all()
    classes = {(row.stage, row.advanced_to): row.id for row in rows}
    pupil = db.session.scalars(select(Student.id).where(Student.class_id == classes["1", 3], Student.status == "01").order_by(Student.id).limit(1)).one()
    return pupil, classes["1", 1], classes["1", 2]


def test_a_junior_certificate_bars_repeating(school):
    allow(school, repeat_junior="是")
    pupil = db.session.scalars(select(Student.id).where(Student.class_id == school.county.class_("a2", stage="2", year=2), Student.status == "01").order_by(Student.id).limit(1)).one()
    grade = db.session.scalars(select(Grade.id).where(Grade.stage == "2").order_by(Grade.id).limit(1)).one()
    spell = db.session.execute(select(Enrolment).where(Enrolment.student_id == pupil)).scalar_one()
    db.session.add(Enrolment(id=new_id(), county_id=spell.county_id, student_id=pupil, school_id=spell.school_id, grade_id=grade, state="closed", from_on=date(2022, 9, 1),
                             entered_at=NOW, until_on=date(2025, 7, 1), closed_at=NOW, came_by="11", left_by="21"))
    db.session.commit()
    with pytest.raises(Refusals, match="已取得初中毕业证书的不得复读"):
        ask(school, "grade-repeat", school.county.class_("a2", stage="2", year=1), pupil, who="registrar.a2")
