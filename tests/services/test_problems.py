"""问题学籍: marked by the county, each side for itself, closed with its reason; while it is open nobody transfers."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from app.extensions import db
from app.models import Event, ProblemRecord, Student
from app.services.problem_records import problems
from app.services.problem_records.problems import UNSEEN, Found
from app.services.pupils import records, timelines
from tests.office import row
from tests.transfer_office import change, road

__all__ = ["road"]

TWICE = Found("05", date(2026, 9, 10), "check", "与北城小学一名学生姓名、出生日期相同", other_side="浙江省德清县舞阳小学")


@pytest.fixture
def bureau(county, today, now):
    return Bureau(county, today, now)


class Bureau:
    """The officer of county A and whoever sits elsewhere."""

    def __init__(self, county, today, now):
        self.county, self.today, self.now, self.officer = county, today, now, county.actor("officer.a")

    def mark(self, found=TWICE, pupil="twin.1", actor=None, today=None):
        pupil = self.county.pupil(pupil) if isinstance(pupil, str) else pupil
        return problems.mark(pupil, found, actor=actor or self.officer, today=today or self.today, now=self.now)

    def close(self, problem_id, resolution="1", outcome="已核对户口簿，两人住址、父母都不同", actor=None, version=1):
        return problems.close(problem_id, resolution, outcome, version=version, actor=actor or self.officer, now=self.now)

    def number(self, student_id):
        return records.load(db.session, student_id)["national_no"]

    def pupil_of(self, school):
        return db.session.execute(select(Student.id).where(Student.school_id == self.county.body(school), Student.lifecycle == "live", Student.status == "01",
                                                           Student.national_no_index.is_not(None)).order_by(Student.id).limit(1)).scalar_one()


def sides(pair):
    return db.session.execute(select(ProblemRecord.student_id, ProblemRecord.state).where(ProblemRecord.pair_id == pair).order_by(ProblemRecord.id)).all()


def test_a_record_is_put_in_question_and_settled_with_a_reason(bureau):
    one = bureau.mark()
    pupil = bureau.county.pupil("twin.1")
    assert problems.is_open(db.session, pupil)
    shown = problems.page_of(bureau.officer, one)
    assert (shown.row.name, shown.row.kind, shown.row.other_side, shown.row.due_on, shown.others) == ("庹思远", "05", "浙江省德清县舞阳小学", None, [])
    assert bureau.close(one) == pupil
    closed = row(ProblemRecord, ProblemRecord.id == one)
    assert (closed.state, closed.resolution, closed.outcome, closed.closed_by, closed.closed_at) == (
        "closed", "1", "已核对户口簿，两人住址、父母都不同", bureau.officer.name, bureau.now)
    assert [(item.what, item.words) for item in timelines.of_student(pupil, 2)] == [
        ("问题学籍办结：姓名性别出生日期重复（无身份证件号），佐证", "说明：已核对户口簿，两人住址、父母都不同"),
        ("列为问题学籍：姓名性别出生日期重复（无身份证件号）", "说明：与北城小学一名学生姓名、出生日期相同"),
    ]
    assert not problems.is_open(db.session, pupil)
    with pytest.raises(MovedOn, match=f"这件问题学籍已由{bureau.officer.name}在 2026年9月11日 15:20 办结，这次没有写入"):
        bureau.close(one, version=2)


@pytest.mark.parametrize(("today", "due"), [(date(2026, 9, 11), date(2026, 10, 30)), (date(2026, 10, 30), date(2026, 10, 30)), (date(2026, 10, 31), None)])
def test_the_years_new_pupils_by_30_october(bureau, today, due):
    new = db.session.execute(select(Student.id).where(Student.class_id == bureau.county.class_("a1"), Student.lifecycle == "live").limit(1)).scalar_one()
    assert row(ProblemRecord, ProblemRecord.id == bureau.mark(pupil=new, today=today)).due_on == due


def test_both_records_of_this_house_are_marked_and_each_county_settles_its_own(bureau):
    other, officer_b = bureau.pupil_of("b1"), bureau.county.actor("officer.b")
    one = bureau.mark(replace(TWICE, other_no=f" {bureau.number(other)} ", other_side=""))
    pair = row(ProblemRecord, ProblemRecord.id == one).pair_id
    assert sides(pair) == [(bureau.county.pupil("twin.1"), "open"), (other, "open")]
    (theirs,) = [line.id for line in problems.listed(officer_b)[0]]
    assert problems.page_of(bureau.officer, one).others == [(UNSEEN, None, "open")]
    assert problems.page_of(officer_b, theirs).others == [(UNSEEN, None, "open")]
    for officer, foreign in ((bureau.officer, theirs), (officer_b, one)):
        with pytest.raises(NotFound):
            bureau.close(foreign, actor=officer)
    bureau.close(one)
    assert sides(pair) == [(bureau.county.pupil("twin.1"), "closed"), (other, "open")]
    assert problems.is_open(db.session, other)
    events = db.session.execute(select(Event.chain_id, Event.name, Event.subjects).order_by(Event.id.desc()).limit(3)).all()
    assert sorted(events[1:]) == sorted([
        (bureau.county.body("a"), "problem.marked", f"[{bureau.county.pupil('twin.1')}]"), (bureau.county.body("b"), "problem.marked", f"[{other}]"),
    ])


def test_inside_one_county_the_other_side_is_named(bureau):
    other = bureau.pupil_of("a3")
    one = bureau.mark(replace(TWICE, other_no=bureau.number(other), other_side=""))
    child = row(Student, Student.id == other)
    assert problems.page_of(bureau.officer, one).others == [(f"{child.name}，竹山县柳垭镇九年一贯制学校", other, "open")]
    assert problems.page_of(bureau.county.actor("registrar.a1"), one).others == [(UNSEEN, None, "open")]


def test_what_is_wrong_is_told_at_once(bureau):
    with pytest.raises(Refusals) as refused:
        bureau.mark(Found("13", date(2026, 9, 12), "听说"))
    assert {one.field: one.sentence for one in refused.value.refusals} == {
        "kind": "请选择问题类型；有人无籍的，由学校办理补录", "found_by": "请选择怎样发现的", "found_on": "请填写发现的日期，不能晚于今天",
        "explanation": "请写明查到的情况，学校照此处理",
    }


@pytest.mark.parametrize(("changes", "told"), [
    ({"other_side": ""}, "请填写另一方：在本系统的填学籍号或身份证件号，不在本系统的写明学校"),
    ({"other_no": "G420323201803210017"}, "另一方在本系统的只填号码，不在本系统的只写学校，请留其中一项；系统中没有这个号码的学籍；另一方不在本系统的，请留空，在下一项写明学校"),
])
def test_the_other_side_is_a_record_here_or_a_school_elsewhere(bureau, changes, told):
    with pytest.raises(Refusal) as refused:
        bureau.mark(replace(TWICE, **changes))
    assert str(refused.value) == told


def test_her_own_number_is_no_other_side_and_no_kind_is_marked_twice(bureau):
    number = bureau.number(bureau.county.pupil("twin.1"))
    with pytest.raises(Refusal, match="这是学生自己的号码，请填写另一方的"):
        bureau.mark(replace(TWICE, other_no=number, other_side=""))
    bureau.mark()
    with pytest.raises(Refusal, match="庹思远的学籍已经列为“姓名性别出生日期重复（无身份证件号）”，还没有处理完"):
        bureau.mark()
    bureau.mark(replace(TWICE, kind="04"))
    with pytest.raises(Refusal, match="另一方的学籍已经列为这类问题学籍"):
        bureau.mark(replace(TWICE, other_no=number, other_side=""), pupil=bureau.pupil_of("a3"))


def test_it_is_settled_with_a_way_and_a_reason(bureau):
    with pytest.raises(Refusals) as refused:
        bureau.close(bureau.mark(), "3", "")
    assert {one.field: one.sentence for one in refused.value.refusals} == {
        "resolution": "请选择处理方式；删除学籍由学校申请问题学籍处理", "outcome": "请写明处理的结果和依据"}


@pytest.mark.parametrize(("username", "why"), [("registrar.a1", NotAllowed), ("head.a1", NotAllowed), ("officer.city1", NotAllowed), ("officer.b", NotFound)])
def test_only_the_countys_own_officer_marks_and_settles(bureau, username, why):
    with pytest.raises(why):
        bureau.mark(actor=bureau.county.actor(username))
    one = bureau.mark()
    with pytest.raises(why):
        bureau.close(one, actor=bureau.county.actor(username))


def test_each_sees_those_of_its_schools(bureau):
    one = bureau.mark()
    people = ("officer.a", "registrar.a1", "head.a1", "registrar.a3", "officer.b", "officer.city1", "teacher.a1", "township.a.t1")
    assert {name: [line.id for line in problems.listed(bureau.county.actor(name))[0]] for name in people} == {
        "officer.a": [one], "registrar.a1": [one], "head.a1": [one], "registrar.a3": [], "officer.b": [], "officer.city1": [], "teacher.a1": [], "township.a.t1": []}


def test_a_long_list_goes_on_from_the_last_one_shown(bureau):
    made = [bureau.mark(replace(TWICE, kind=kind)) for kind in ("04", "05", "11")]
    shown = lambda *state, **more: ([line.id for line in problems.listed(bureau.officer, *state, **more)[0]], problems.listed(bureau.officer, *state, **more)[1])  # noqa: E731
    assert (shown(limit=2), shown(limit=2, after=made[1]), shown(limit=2, after=7)) == ((made[:2], True), (made[2:], False), (made[:2], True))
    for one in made:
        bureau.close(one)
    assert (shown("closed", limit=2), shown("closed", limit=2, after=made[1])) == ((made[:0:-1], True), (made[:1], False))


def test_while_it_is_open_nobody_transfers(bureau, road):
    one = bureau.mark()
    with pytest.raises(Refusals) as refused:
        road.apply("b1")
    assert [(each.sentence, each.article) for each in refused.value.refusals] == [
        ("学籍列为问题学籍，还没有处理。请原学校及其主管教育行政部门先处理问题学籍", "全国中小学生学籍信息管理系统操作手册")]
    bureau.close(one, "91", "名单有误")
    assert road.go(road.apply("b1")).state == "effective"


def test_in_question_since_the_application_the_last_act_refuses(bureau, road):
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    one = bureau.mark()
    with pytest.raises(MovedOn, match="庹思远的学籍在申请以后列为问题学籍，还没有处理"):
        road.act(case_id)
    bureau.close(one)
    assert road.go(case_id).state == "effective"


def test_who_is_not_here_any_more_is_not_put_in_question(bureau):
    change(Student, bureau.county.pupil("twin.1"), lifecycle="left")
    with pytest.raises(Refusal, match="只有在籍学生的学籍可以列为问题学籍"):
        bureau.mark()
