"""问题学籍处理 told from the application to the effect and back: proved, corrected, removed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, NotFound, Refusals
from app.extensions import db
from app.models import Event, Movement, PersonNumber, ProblemRecord, Student
from app.services.casework import reversals
from app.services.problem_records import problems
from app.services.problem_records.problems import Found
from app.services.pupils import records
from app.services.standing import changes
from app.services.standing.changes import Asked
from tests.office import case, row
from tests.services.test_register_agrees import agrees
from tests.services.test_status_changes import NOW, School
from tests.transfer_office import change

WORDS = "已核对户口簿，证件号无误"


@pytest.fixture
def school(county, today):
    return School(county, today)


@pytest.fixture
def listed(school):
    """Her record stands under 身份证件号与姓名不匹配."""
    def listed(kind="03", **found):
        return problems.mark(school.pupil(), Found(kind, date(2026, 9, 10), "list", "全国系统比对不符", **found), actor=school.county.actor("officer.a"), today=school.today,
                             now=NOW - timedelta(hours=1))

    return listed


def way(resolution="1", kind="03"):
    return {"problem_kind": kind, "resolution": resolution, "explanation": WORDS}


def found(school, answers, evidence=("statement",)):
    plan = changes.preview("problem", school.pupil(), Asked(answers, evidence), actor=school.county.actor("registrar.a1"), today=school.today)
    return {(one.check, one.level): one.sentence for one in plan.findings if one.level != "pass"}


def state(problem_id):
    one = row(ProblemRecord, ProblemRecord.id == problem_id)
    return one.state, one.resolution, one.outcome, one.case_id


def numbers(pupil):
    return len(db.session.scalars(select(PersonNumber.kind).where(PersonNumber.student_id == pupil)).all())


def lines(case_id):
    return [tuple(one) for one in db.session.execute(select(Movement.code, Movement.number).where(Movement.case_id == case_id).order_by(Movement.id))]


def test_proved_right_the_problem_is_closed_by_its_case(school, listed):
    one, pupil = listed(), school.pupil()
    case_id = school.through("problem", way(), evidence=("statement",))
    assert (case(case_id).state, state(one), row(Student, Student.id == pupil).status, lines(case_id)) == ("effective", ("closed", "1", WORDS, case_id), "01", [])
    assert problems.page_of(school.county.actor("registrar.a1"), one).row.case_number == case(case_id).number
    facts = db.session.scalars(select(Event.facts).where(Event.name == "case.acted").order_by(Event.id.desc()).limit(1)).one()
    assert '"effects":{"outcome":"佐证"}' in facts


def test_undone_it_stands_open_again(school, listed):
    one = listed()
    case_id = school.through("problem", way(), evidence=("statement",))
    reversals.reverse(case_id, "证明是假的", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    assert (case(case_id).state, state(one)) == ("voided", ("open", "", "", None))


def test_removed_the_record_is_cancelled_and_its_numbers_are_free(school, listed):
    first, second, pupil = listed("05", other_side="浙江省德清县舞阳小学"), listed("12"), school.pupil()
    heads = school_heads(pupil)
    case_id = school.through("problem", way("3", "05"), evidence=("statement",))
    student = row(Student, Student.id == pupil)
    assert (student.lifecycle, student.status, numbers(pupil), school_heads(pupil), lines(case_id)) == ("cancelled", "95", 0, heads - 1, [("95", -1)])
    assert [state(one)[:2] for one in (first, second)] == [("closed", "3")] * 2
    for name in ("registrar.a1", "officer.a"):  # stays to be seen by school and county
        assert problems.page_of(school.county.actor(name), first).row.lifecycle == "cancelled"
    agrees()
    reversals.reverse(case_id, "删错学生", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    student = row(Student, Student.id == pupil)
    assert (student.lifecycle, student.status, numbers(pupil), school_heads(pupil)) == ("live", "01", 2, heads)
    assert [state(one)[:2] for one in (first, second)] == [("open", "")] * 2
    agrees()


def school_heads(pupil):
    from app.models import Class

    return row(Class, Class.id == row(Student, Student.id == pupil).class_id).headcount


def test_a_removal_is_not_undone_once_her_number_is_anothers(school, listed):
    listed("12")
    record = records.load(db.session, school.pupil())
    case_id = school.through("problem", way("3", "12"), evidence=("statement",))
    give_number(school.county.pupil("common.1"), record)
    with pytest.raises(Refusals, match="以后她的证件号或学籍号已由另一份学籍使用，不能撤销问题学籍处理"):
        reversals.reverse(case_id, "删错学生", actor=school.county.actor("officer.a"), today=school.today, now=NOW)


def give_number(pupil, record):
    from app.services.transactions import writes

    @writes(traced=False)
    def give(s):
        row, = [one for one in records.number_rows(pupil, record["county_id"], record) if one["kind"] == "id_doc"]
        s.add(PersonNumber(**row))

    give()


def test_found_anew_the_old_settlement_stands(school, listed):
    listed()
    case_id = school.through("problem", way(), evidence=("statement",))
    listed()
    with pytest.raises(Refusals, match="以后这份学籍又列为同一类问题学籍，不能撤销问题学籍处理"):
        reversals.reverse(case_id, "证明是假的", actor=school.county.actor("officer.a"), today=school.today, now=NOW)


@pytest.mark.parametrize(("kind", "ways"), [("01", "123"), ("02", "23"), ("03", "12"), ("04", "12"), ("05", "123"), ("06", "2"), ("11", "23"), ("12", "23"), ("14", "2"), ("99", "123")])
def test_which_way_is_open_to_which_kind(school, listed, kind, ways):
    listed(kind, **({"other_side": "浙江省德清县舞阳小学"} if kind in problems.PAIRED else {}))
    assert "".join(one for one in "123" if ("way", "block") not in found(school, way(one, kind))) == ways


def test_what_stands_against_it_is_told_with_its_cure(school, listed):
    assert found(school, way())["listed", "block"] == "这份学籍没有列为“身份证件号与姓名不匹配”"
    listed()
    assert found(school, {"problem_kind": "02", "resolution": "1"}, ()) == {
        ("listed", "block"): "这份学籍没有列为“身份证件号错误（公安库中不存在）”", ("way", "block"): "“身份证件号错误（公安库中不存在）”不能用佐证处理",
        ("explanation", "block"): "请写明核实的情况", ("evidence", "warn"): "还须附：情况说明（学校盖章）",
    }


def test_a_correction_without_one_is_minded(school, listed):
    listed()
    assert found(school, way("2")) == {("corrected", "warn"): "列入问题学籍以后，这份学籍还没有修改过"}
    change(Student, school.pupil(), updated_at=NOW)
    assert found(school, way("2")) == {}


def test_closed_by_the_county_meanwhile_the_last_act_refuses(school, listed):
    one = listed()
    case_id = school.ask("problem", way(), evidence=("statement",))
    school.act(case_id)
    problems.close(one, "91", "名单有误", version=1, actor=school.county.actor("officer2.a"), now=NOW)
    with pytest.raises(MovedOn, match="庹思远的这件问题学籍已经办结，这次没有写入"):
        school.act(case_id)


def test_the_county_begins_it_where_no_school_does_and_another_person_agrees(school, listed):
    one, pupil = listed("12"), school.pupil()
    officer = school.county.actor("officer.a")
    case_id = changes.apply("problem", pupil, Asked(way("3", "12"), ("statement",)), actor=officer, today=school.today, now=NOW)
    assert (case(case_id).step, case(case_id).route) == ("county_check", "applying county_check effective")
    with pytest.raises(NotAllowed, match="申请人不能审核自己的申请"):
        school.act(case_id, who="officer.a")
    school.act(case_id, who="officer2.a")
    assert (case(case_id).state, state(one)[0], row(Student, Student.id == pupil).lifecycle) == ("effective", "closed", "cancelled")
    reversals.reverse(case_id, "学生回来了", actor=school.county.actor("officer2.a"), today=school.today, now=NOW)
    assert (state(one)[0], row(Student, Student.id == pupil).lifecycle) == ("open", "live")


def test_another_county_does_not_begin_it(school, listed):
    listed()
    with pytest.raises(NotFound):
        changes.apply("problem", school.pupil(), Asked(way(), ("statement",)), actor=school.county.actor("officer.b"), today=school.today, now=NOW)
