"""退回补正: what was handed in in time is mended in time, by the day and the rules of the first application (DECIDED 3): a season, a window or a pause that came meanwhile
stops nothing that is under way."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import select

from app.errors import Refusal, Refusals
from app.extensions import db
from app.models import Student
from app.services.administration import policies
from app.services.casework.cases import Words
from app.services.intake import enrolments
from app.services.schools import recruiting
from app.services.standing import changes
from app.services.standing.changes import Asked
from app.services.transfer import whole_classes
from app.workflow.flows import SUPPLEMENTARY
from tests.answers import answers, evidence
from tests.office import a, case
from tests.services.test_change_races import Desk
from tests.services.test_recruiting import WHY, region
from tests.services.test_supplementary import born
from tests.services.test_whole_classes import village

__all__ = ["a", "region", "village"]
MEND = Words(reason="02", note="材料看不清，请重新扫描", mend=("evidence",))
STOP = "毕业年级自7月1日起停止受理新业务"


def at(day):
    return {"today": day, "now": datetime.combine(day, time(15, 20))}


def pupil_of(county, year, school="a1", stage="1"):
    return db.session.execute(select(Student.id).where(Student.class_id == county.class_(school, stage=stage, year=year), Student.status == "01").order_by(Student.id).limit(1)).scalar_one()


class Returned(Desk):
    """A change that the school's audit sent back, to be mended by the registrar of a1."""

    def __init__(self, county, day, kind, year=2, **more):
        super().__init__(county, day, "a1")
        self.kind, self.pupil = kind, pupil_of(county, year)
        self.more = more

    def told(self):
        return answers(self.kind, self.pupil, today=self.today, registrar=self.registrar) | self.more

    def begin(self):
        told = self.told()
        self.case = changes.apply(self.kind, self.pupil, Asked(told, evidence(self.kind, told)), actor=self.registrar, **at(self.today))
        self.act(self.case, "head.a1", "return", MEND)
        return told

    def mend(self, told, day):
        changes.resubmit(self.case, Asked(told, evidence(self.kind, told)), actor=self.registrar, version=case(self.case).version, **at(day))
        return case(self.case).step


def test_of_a_graduating_grade_what_began_in_june_is_mended_in_july(county):
    june, july = date(2027, 6, 30), date(2027, 7, 2)
    desk = Returned(county, june, "kind-change", year=6)
    told = desk.begin()
    with pytest.raises(Refusals, match=STOP):
        changes.apply("kind-change", pupil_of(county, 6, "a3"), Asked(told), actor=county.actor("registrar.a3"), **at(july))
    assert desk.mend(told, july) == "school_audit"


def test_a_renewal_asked_in_its_time_is_mended_after_it(county):
    desk = Returned(county, date(2026, 9, 11), "suspension-renewal")
    told = answers("suspension", desk.pupil, today=desk.today, registrar=desk.registrar)
    first = changes.apply("suspension", desk.pupil, Asked(told | {"until_on": date(2027, 3, 11)}, ("application",)), actor=desk.registrar, **at(desk.today))
    desk.act(first, "head.a1")
    desk.act(first, "officer.a")
    desk.today = date(2027, 4, 10)  # the thirtieth day after the end
    renewed = desk.begin()
    assert desk.mend(renewed, date(2027, 4, 12)) == "school_audit"
    desk.act(desk.case, "registrar.a1", "withdraw")
    with pytest.raises(Refusals, match="休学到2027年3月11日期满，2027年2月9日至2027年4月10日之间可以续休"):
        changes.apply("suspension-renewal", desk.pupil, Asked(renewed), actor=desk.registrar, **at(date(2027, 4, 12)))


def test_a_new_pupil_renamed_within_the_month_is_renamed_though_it_is_mended_later(county):
    september = date(2026, 9, 11)
    policies.set_policy(county.body("a"), "zhushan", {}, from_on=september, actor=county.actor("officer.a"), **at(september))
    desk = Returned(county, date(2026, 9, 30), "key-change", year=1)
    told = desk.begin()
    assert desk.mend(told, date(2026, 10, 9)) == "school_audit"
    desk.act(desk.case, "registrar.a1", "withdraw")
    with pytest.raises(Refusals, match="新生更名在入学后 1 个月内办理"):
        changes.apply("key-change", desk.pupil, Asked(told), actor=desk.registrar, **at(date(2026, 10, 9)))


def test_a_death_reported_in_time_stays_so(county):
    desk = Returned(county, date(2026, 10, 15), "death", effective_on=date(2026, 9, 24))
    told = desk.begin()
    assert desk.mend(told, date(2026, 10, 20)) == "school_audit"
    levels = [one.level for one in changes.draw_up(db.session, "death", desk.pupil, Asked(told), actor=desk.registrar, today=date(2026, 10, 20), apart_from=desk.case,
                                                    asked_on=desk.today).findings if one.check == "death"]
    assert levels == ["pass"]


def test_whole_classes_are_mended_in_the_pause_and_by_the_rules_of_their_day(village):
    village.today = date(2027, 7, 14)
    case_id = village.apply()
    village.act(case_id, "return", village.registrar, MEND)
    after = date(2027, 7, 16)
    policies.set_policy(village.county.body("a"), "national2025", {"class_limit_primary": "1"}, from_on=after, actor=village.officer, **at(village.today))
    with pytest.raises(Refusal) as told:
        whole_classes.apply(village.asked(), actor=village.township, **at(after))
    sentences = [str(one) for one in told.value.refusals]
    assert any("7月15日至8月14日全国暂停受理转学" in one for one in sentences) and any("超过班额 1 人" in one for one in sentences)
    whole_classes.resubmit(case_id, village.asked(), actor=village.township, version=case(case_id).version, **at(after))
    assert case(case_id).step == "to_registrar"


def test_recruiting_is_mended_in_the_new_year_for_the_year_that_was_asked_for(region):
    asked = {"stage": "3", "from_county": region.county.body("b"), "number": 2, **WHY}
    region.today = date(2026, 12, 28)
    case_id = region.apply(year=2026)
    region.act(case_id, "return", "officer.a", MEND)
    january = date(2027, 1, 4)
    with pytest.raises(Refusal, match="招生年份请选 2027 年或 2028 年"):
        recruiting.apply(recruiting.Asked(**asked, year=2026), actor=region.clerk, **at(january))
    recruiting.resubmit(case_id, recruiting.Asked(**asked, year=2026), actor=region.clerk, version=case(case_id).version, **at(january))
    assert case(case_id).step == "to_county"


def test_a_record_for_a_graduating_grade_is_not_begun_from_july_on_and_one_begun_before_is_mended(a):
    sixth, record = a.county.class_("a1", year=6, number=1), born(2021)
    a.today = date(2027, 6, 30)
    a.now = datetime.combine(a.today, time(15, 20))
    case_id = a.apply(record, sixth, flow=SUPPLEMENTARY)
    a.act(case_id, "return", a.head, MEND)
    july = date(2027, 7, 1)
    with pytest.raises(Refusals, match=STOP):
        enrolments.apply(born(2021, 2), sixth, actor=a.registrar, flow=SUPPLEMENTARY, **at(july))
    assert case(enrolments.apply(born(2022, 3), a.county.class_("a1", year=5, number=1), actor=a.registrar, flow=SUPPLEMENTARY, **at(july))).state == "open"
    enrolments.resubmit(case_id, record, sixth, actor=a.registrar, version=case(case_id).version, **at(july))
    assert case(case_id).step == "school_audit"
