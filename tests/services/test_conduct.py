"""奖惩: recorded, lifted, void; it goes with the pupil, stands on her card, and a standing punishment bars her transfer."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, NotFound, Refusals
from app.extensions import db
from app.models import Conduct, Event, Student
from app.services.paperwork import pupil_papers
from app.services.pupils import conduct, former_pupils, timelines
from app.services.pupils.conduct import Given
from tests.office import a, row
from tests.transfer_office import road, set_rule

__all__ = ["a", "road"]

PRIZE = Given("award", "4", date(2026, 6, 1), about="5", name="三好学生", given_by="竹山县教育局", document="竹教德〔2026〕8号")
MARK = Given("punishment", "3", date(2026, 9, 7), about="03", document="堵小〔2026〕5号", reason="多次旷课，经教育不改")


@pytest.fixture
def pupil(county):
    return county.pupil("twin.1")


@pytest.fixture
def give(a, pupil):
    def give(given, actor=a.registrar):
        conduct.give(pupil, given, actor=actor, today=a.today, now=a.now)
        return db.session.execute(select(Conduct.id).order_by(Conduct.id.desc()).limit(1)).scalar_one()

    return give


def told(student_id):
    return [(one["title"], one["what"], one["level"], one["given_on"], one["state"]) for one in conduct.of_student(db.session, student_id)]


def test_awards_and_punishments_stand_with_the_pupil_the_latest_first(give, pupil):
    give(PRIZE)
    give(MARK)
    assert told(pupil) == [("处分", "记过", "", date(2026, 9, 7), "standing"), ("奖励", "三好学生", "县（市、区）级", date(2026, 6, 1), "standing")]
    assert [item.words for item in timelines.of_student(pupil, 2)] == [
        "处分：记过，学业违纪（考试作弊、旷课），2026年9月7日，堵小〔2026〕5号，多次旷课，经教育不改",
        "奖励：三好学生，县（市、区）级，综合获奖，2026年6月1日，竹山县教育局，竹教德〔2026〕8号",
    ]


def test_what_is_wrong_is_told_at_once(give):
    with pytest.raises(Refusals) as refused:
        give(Given("punishment", "6", date(2026, 9, 12)))
    assert {one.field: one.sentence for one in refused.value.refusals} == {
        "code": "开除学籍不作为处分登记：义务教育阶段不得开除学生，普通高中须另办开除业务", "about": "请选择违纪类别",
        "given_on": "处分的日期应在学生出生以后、今天以前，请核对", "document": "请填写处分决定的文号；没有文号的，写明决定的名称", "reason": "请填写处分的原因",
    }
    with pytest.raises(Refusals) as refused:
        give(Given("award", "3", None))
    assert {one.field for one in refused.value.refusals} == {"about", "given_on", "name", "given_by"}


def test_the_day_itself_may_be_given_and_the_next_may_not(give, a):
    give(replace(MARK, given_on=a.today))
    with pytest.raises(Refusals):
        give(replace(MARK, given_on=date(2026, 9, 12)))


def test_a_punishment_is_lifted_by_an_act_of_its_own_and_once(give, pupil, a):
    one = give(MARK)
    assert conduct.punished(db.session, pupil)
    with pytest.raises(Refusals, match="撤销日期应在处分的日期（2026年9月7日）和今天之间；请填写撤销处分的文号"):
        conduct.lift(one, date(2026, 9, 6), "", actor=a.registrar, today=a.today, now=a.now)
    conduct.lift(one, date(2026, 9, 10), "堵小〔2026〕6号", actor=a.registrar, today=a.today, now=a.now)
    assert (conduct.punished(db.session, pupil), told(pupil)) == (False, [("处分", "记过", "", date(2026, 9, 7), "lifted")])
    assert timelines.of_student(pupil, 1)[0].what == "撤销处分"
    with pytest.raises(MovedOn, match=f"这条处分已由{a.registrar.name}在 2026年9月11日 15:20 撤销，这次没有写入"):
        conduct.lift(one, date(2026, 9, 10), "堵小〔2026〕6号", actor=a.registrar, today=a.today, now=a.now)


def test_an_award_is_not_lifted(give, a):
    with pytest.raises(NotFound):
        conduct.lift(give(PRIZE), a.today, "堵小〔2026〕6号", actor=a.registrar, today=a.today, now=a.now)


def test_a_wrong_entry_counts_no_longer_and_stays_to_be_read(give, pupil, a):
    one = give(MARK)
    conduct.void(one, "登记到了同名的学生", actor=a.registrar, now=a.now)
    assert (conduct.punished(db.session, pupil), told(pupil)[0][-1], conduct.for_card(conduct.of_student(db.session, pupil))) == (False, "void", [])
    facts = db.session.scalars(select(Event.facts).order_by(Event.id.desc()).limit(1)).one()
    assert facts == '{"changes":{"处分":"记过，2026年9月7日，登记到了同名的学生"}}'


@pytest.mark.parametrize(("username", "why"), [("head.a1", NotAllowed), ("teacher.a1", NotAllowed), ("officer.a", NotAllowed), ("registrar.b1", NotFound)])
def test_only_the_schools_own_registrar_records(give, county, username, why):
    with pytest.raises(why):
        give(MARK, actor=county.actor(username))
    one = give(MARK)
    with pytest.raises(why):
        conduct.void(one, "误", actor=county.actor(username), now=None)


def test_the_card_prints_them_in_the_order_of_their_days(give, pupil, a):
    give(PRIZE)
    conduct.lift(give(replace(MARK, code="4")), date(2026, 9, 10), "堵小〔2026〕6号", actor=a.registrar, today=a.today, now=a.now)
    (draft,) = pupil_papers.check("record_card", [pupil], {}, actor=a.registrar, today=a.today)
    assert draft.facts["awards"] == [
        {"on": "2026-06-01", "name": "三好学生", "level": "县（市、区）级"}, {"on": "2026-09-07", "name": "处分：留校察看（2026年9月10日撤销）", "level": ""},
    ]


def test_the_longest_award_fits_its_row(give, pupil, a):
    give(replace(PRIZE, name="第四十二届全国青少年科技创新大赛优秀创意作品小学组一等奖获得者", code="5"))
    pupil_papers.check("record_card", [pupil], {}, actor=a.registrar, today=a.today)  # draws it


def test_a_standing_punishment_bars_a_transfer_until_it_is_lifted(road, give, a):
    one = give(MARK)
    with pytest.raises(Refusals) as refused:
        road.apply("b1")
    assert [(each.sentence, each.article[:2]) for each in refused.value.refusals] == [("学生在受处分期间，不能转学。请在原学校撤销处分以后申请", "某省")]
    conduct.lift(one, a.today, "堵小〔2026〕6号", actor=a.registrar, today=a.today, now=a.now)
    assert road.go(road.apply("b1")).state == "effective"


def test_a_county_that_does_not_bar_it_lets_her_go(road, give, county):
    give(MARK)
    set_rule(county.body("a"), '{"punished_bar": "否"}')
    assert road.go(road.apply("b1")).state == "effective"


def test_punished_since_the_application_the_last_act_refuses(road, give, a):
    case_id = road.apply("b1")
    road.go(case_id, until="from_county")
    one = give(MARK)
    with pytest.raises(MovedOn, match="庹思远在申请以后受到处分，受处分期间不能转学。这次没有写入"):
        road.act(case_id)
    conduct.lift(one, a.today, "堵小〔2026〕6号", actor=a.registrar, today=a.today, now=a.now)
    assert road.go(case_id).state == "effective"


def test_they_go_with_her_and_the_old_school_keeps_its_copy(road, give, pupil, county, a):
    give(PRIZE)
    road.go(road.apply("b1"))
    assert row(Conduct, Conduct.student_id == pupil).county_id == row(Student, Student.id == pupil).county_id == county.body("b")
    conduct.give(pupil, replace(PRIZE, name="优秀少先队员", given_on=date(2026, 9, 11)), actor=county.actor("registrar.b1"), today=a.today, now=a.now)
    copy = former_pupils.copy_of(a.registrar, former_pupils.last_copy(a.registrar, pupil))
    assert [(one["what"], one["given_on"]) for one in copy.conduct] == [("三好学生", date(2026, 6, 1))]
    assert [one[1] for one in told(pupil)] == ["优秀少先队员", "三好学生"]
    with pytest.raises(NotFound):
        conduct.find(a.registrar, row(Conduct, Conduct.name == "三好学生").id)
