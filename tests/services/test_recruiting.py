"""跨区域招生: a senior school of county A asks to take pupils of county B; both agree, the city is told, B gives its instructions pupil by pupil."""

import pytest
from sqlalchemy import func, select

from app.errors import MovedOn, NotAllowed, Refusal
from app.extensions import db
from app.models import Event, Grade, RecruitInstruction, Student
from app.services.casework import case_pages, reversals
from app.services.casework.cases import Words, act
from app.services.pupils import records
from app.services.schools import instructions, recruiting
from app.services.schools.recruiting import Asked
from tests.office import case, row

WHY = {"reason": "县际协作招生", "document": "竹教招〔2026〕5号"}


@pytest.fixture
def region(county, today, now):
    return Region(county, today, now)


class Region:
    def __init__(self, county, today, now):
        self.county, self.today, self.now = county, today, now
        self.clerk = county.actor("registrar.a4")

    def apply(self, source="b", clerk=None, **more):
        asked = {"stage": "3", "year": 2027, "from_county": self.county.body(source), "number": 2, **WHY, **more}
        return recruiting.apply(Asked(**asked), actor=clerk or self.clerk, today=self.today, now=self.now)

    def act(self, case_id, action, who, words=Words()):
        return act(case_id, action, actor=self.county.actor(who), version=case(case_id).version, today=self.today, now=self.now, words=words)

    def agreed(self):
        case_id = self.apply()
        for who in ("officer.a", "officer.b", "officer.city1"):
            self.act(case_id, "approve", who)
        return case_id

    def graduates(self, school="b2"):
        """[(id, 学籍号)] of the final grade."""
        rows = db.session.scalars(select(Student).join(Grade, Grade.id == Student.grade_id).where(
            Student.school_id == self.county.body(school), Grade.advanced_to == Grade.length, Student.status == "01", Student.national_no_index.is_not(None)).order_by(Student.id)).all()
        return [(one.id, records.open_student(one)["national_no"]) for one in rows]

    def give(self, case_id, number, who="officer.b"):
        return instructions.give(case_id, number, actor=self.county.actor(who), now=self.now)


def wrong(work, *args, **more):
    with pytest.raises(Refusal) as told:
        work(*args, **more)
    return {one.field: one.sentence for one in getattr(told.value, "refusals", [told.value])}


def steps(case_id):
    return case(case_id).route.split()


def test_within_a_city_both_counties_agree_and_the_city_is_told(region):
    case_id = region.apply()
    assert (case(case_id).number, case(case_id).title, steps(case_id)) == (
        "竹教外〔2026〕第00001号", "云台高级中学2027年高中招房县", ["applying", "to_county", "from_county", "city", "effective"])
    region.act(case_id, "approve", "officer.a")
    assert (case(case_id).step, case(case_id).seat_body_id, case(case_id).seat_duty) == ("from_county", region.county.body("b"), "county_officer")
    region.act(case_id, "approve", "officer.b")
    assert set(case_pages.offered(region.county.actor("officer.city1"), case_pages.find(region.county.actor("officer.city1"), case_id), region.today)) == {"approve"}
    region.act(case_id, "approve", "officer.city1")
    assert (case(case_id).state, db.session.execute(select(func.count()).select_from(RecruitInstruction)).scalar_one()) == ("effective", 0)


def test_between_cities_both_cities_agree_and_the_province_is_told(region):
    case_id = region.apply("c")
    assert steps(case_id) == ["applying", "to_city", "from_city", "province", "effective"]
    for who in ("officer.city1", "officer.city2", "officer.province"):
        region.act(case_id, "approve", who)
    assert case(case_id).state == "effective"
    assert instructions.office_of(db.session, case(case_id)) == (region.county.body("city2"), "city_officer")


def test_what_is_missing_or_needs_no_consent_is_told_at_once(region):
    assert wrong(region.apply, "a", stage="1", year=2030, number=0, reason="", document="") == {
        "stage": "请选择本校招生的学段；小学新生没有可以调取的学籍，不用办理", "year": "招生年份请选 2026 年或 2027 年", "from_county": "生源地就是本县，不用办理跨区域招生",
        "number": "请填写招生人数，在 1 和 9999 之间", "reason": "请写明为什么跨区域招生", "document": "请填写招生计划文件的名称和文号"}
    assert wrong(region.apply, "d") == {"from_county": "生源地在外省，不属于跨区域招生备案的范围。请向省级教育行政部门请示"}
    first = region.apply()
    assert case(first).number in wrong(region.apply)["from_county"]


def test_the_source_sends_back_and_it_goes_the_whole_way_again(region):
    case_id = region.apply()
    region.act(case_id, "approve", "officer.a")
    region.act(case_id, "return", "officer.b", Words(reason="04", note="至多一人", mend=("number",)))
    recruiting.resubmit(case_id, Asked("", 0, None, 1, **WHY), actor=region.clerk, version=case(case_id).version, today=region.today, now=region.now)
    assert (case(case_id).step, recruiting.facts(case_pages.find(region.clerk, case_id))[3]) == ("to_county", ("招生人数", "1 人", ""))
    region.act(case_id, "refuse", "officer.a", Words(reason="02", note="就近入学"))
    assert case(case_id).state == "rejected"


def test_an_instruction_names_one_pupil_and_no_more_than_were_agreed(region):
    case_id = region.agreed()
    first, second, third = region.graduates()[:3]
    region.give(case_id, first[1])
    event = db.session.execute(select(Event.name, func.count()).where(Event.name == "instruction.given").group_by(Event.name)).one()
    assert tuple(event) == ("instruction.given", 2)  # on the chain of either county
    assert "已有一份允许外招指令" in wrong(region.give, case_id, first[1])["number"]
    region.give(case_id, second[1])
    assert wrong(region.give, case_id, third[1]) == {"number": "同意招收 2 人，已签发 2 份，不能再签发。要多招的，请学校另行申请"}
    one = instructions.of_case(case_pages.find(region.clerk, case_id))[0]
    instructions.take_back(case_id, one[0], "家长放弃", actor=region.county.actor("officer.b"), now=region.now)
    with pytest.raises(MovedOn, match="已收回"):
        instructions.take_back(case_id, one[0], "家长放弃", actor=region.county.actor("officer.b"), now=region.now)
    region.give(case_id, third[1])
    assert [told[4] for told in instructions.of_case(case_pages.find(region.clerk, case_id))] == ["taken_back", "given", "given"]


def test_only_graduates_of_the_stage_below_and_of_that_county_get_one(region):
    case_id = region.agreed()
    assert wrong(region.give, case_id, "") == {"number": "请填写学生的学籍号或身份证件号"}
    assert wrong(region.give, case_id, region.graduates("c2")[0][1]) == {"number": "生源地没有这个号码的在籍学生和毕业生，请核对号码"}
    younger = db.session.scalars(select(Student).join(Grade, Grade.id == Student.grade_id).where(
        Student.school_id == region.county.body("b2"), Grade.advanced_to == 1, Student.national_no_index.is_not(None)).limit(1)).one()
    assert wrong(region.give, case_id, records.open_student(younger)["national_no"]) == {"number": f"{younger.name}不是初中毕业年级的学生，不能升入高中"}
    with pytest.raises(NotAllowed):
        region.give(case_id, region.graduates()[0][1], "officer.a")


def test_before_it_is_done_nobody_gives_one_and_after_it_is_undone_neither(region):
    pupil = region.graduates()[0][1]
    open_case = region.apply(number=5)
    region.act(open_case, "approve", "officer.a")
    with pytest.raises(Refusal, match="办结以后才能签发"):
        region.give(open_case, pupil)
    region.act(open_case, "approve", "officer.b")
    region.act(open_case, "approve", "officer.city1")
    region.give(open_case, pupil)
    city = region.county.actor("officer.city1")
    with pytest.raises(Refusal, match="已签发 1 份允许外招指令，不能撤销"):
        reversals.reverse(open_case, "计划取消", actor=city, today=region.today, now=region.now)
    instructions.take_back(open_case, row(RecruitInstruction).id, "计划取消", actor=region.county.actor("officer.b"), now=region.now)
    reversals.reverse(open_case, "计划取消", actor=city, today=region.today, now=region.now)
    with pytest.raises(Refusal, match="已撤销的不能再签发"):
        region.give(open_case, pupil)
