"""升学调档: a4 (county A) draws the record of a graduate of b2 (county B) by the 允许外招指令 that B gave; the instruction counts once, lapses, comes back."""

from datetime import date

import pytest
from sqlalchemy import select, update

from app.errors import MovedOn, NotFound
from app.extensions import db
from app.models import Case, Class, Enrolment, Grade, Quota, RecruitInstruction, SearchKey, Student, Tally
from app.services import transactions
from app.services.administration import calendars, nightly, policies
from app.services.casework import case_pages, desk, reversals
from app.services.casework.cases import Words
from app.services.schools import drawing, instructions
from app.services.standing import balance
from tests.bureau import last_facts, wrong
from tests.office import case, count, row
from tests.services.test_recruiting import Region
from tests.transfer_office import change, counts_agree, heads, limit, spells

BLAME = Words(reason="01", note="学生没有到校报到", mend=("to_class",))


@transactions.writes(traced=False)
def graduate(s, grade_id, year):
    """A whole grade leaves, as the closing of a school year will have it."""
    pupils = s.scalars(select(Student.id).where(Student.grade_id == grade_id, Student.lifecycle == "live")).all()
    s.execute(update(Grade).where(Grade.id == grade_id).values(state="graduated", entry_year=year - Grade.length))
    s.execute(update(Student).where(Student.id.in_(pupils)).values(lifecycle="left", status="07"))
    s.execute(update(Enrolment).where(Enrolment.student_id.in_(pupils), Enrolment.state == "open").values(state="closed", left_by="21", until_on=date(year, 6, 30)))
    s.execute(update(Class).where(Class.grade_id == grade_id).values(state="graduated", headcount=0))


class Autumn(Region):
    """b2's final grade has graduated in 2026; B has agreed that a4 takes two of them."""

    def __init__(self, county, today, now):
        super().__init__(county, today, now)
        self.pupils = self.graduates()
        graduate(row(Student, Student.id == self.pupils[0][0]).grade_id, 2026)
        nightly.recount(county.body("b"))
        self.case_id = self.apply(year=2026)
        for who in ("officer.a", "officer.b", "officer.city1"):
            self.act(self.case_id, "approve", who)
        self.class_id = county.class_("a4", stage="3")

    def instruct(self, place=0):
        self.give(self.case_id, self.pupils[place][1])
        return row(RecruitInstruction, RecruitInstruction.student_id == self.pupils[place][0], RecruitInstruction.state == "given").id

    def draw(self, instruction, class_id=None, clerk=None, **rest):
        return drawing.apply(instruction, class_id or self.class_id, actor=clerk or self.clerk, today=rest.get("today", self.today), now=self.now)

    def through(self, instruction):
        drawn = self.draw(instruction)
        self.act(drawn, "approve", "head.a4")
        self.act(drawn, "approve", "officer.a")
        return drawn

    def used(self):
        return row(Quota, Quota.school_id == self.county.body("a4"), Quota.stage == "3", Quota.year == 2026).used

    def state(self, instruction):
        return row(RecruitInstruction, RecruitInstruction.id == instruction).state


@pytest.fixture
def autumn(county, today, now):
    return Autumn(county, today, now)


@transactions.writes(traced=False)
def empty(s, school_id):
    """The school has nobody on its roll, as before its first day."""
    s.execute(update(Tally).where(Tally.school_id == school_id).values(number=0))


def test_a_school_with_nobody_on_its_roll_yet_sees_on_its_desk_what_it_may_draw(autumn):
    autumn.instruct()
    empty(autumn.clerk.school_id)
    figures = desk.figures(autumn.clerk, policies.policy_for(db.session, autumn.clerk.county_id, autumn.today), autumn.today)
    assert (figures.reading, figures.by_grade, figures.to_draw) == (0, {}, 1)


@pytest.mark.parametrize(("today", "told"), [
    (date(2026, 9, 11), ("", "还剩 19 天")), (date(2026, 9, 24), ("soon", "还剩 6 天")), (date(2026, 9, 30), ("soon", "今天到期")), (date(2026, 10, 1), ("late", "超期 1 天")),
])
def test_its_desk_tells_by_when_and_minds_it_three_working_days_before(autumn, today, told):
    """中秋 is a rest day, Sunday 27 September a make-up day: the third working day before the 30th is the 24th, or the Sunday's eve."""
    autumn.instruct()
    assert drawing.draw_by(autumn.clerk, calendars.calendar(db.session), today) == (date(2026, 9, 30), *told)
    assert drawing.draw_by(autumn.county.actor("registrar.b3"), calendars.calendar(db.session), today) is None


def test_the_named_school_draws_the_record_and_she_is_in_with_her_own_number(autumn):
    before, used, instruction = heads(autumn.class_id)[0], autumn.used(), autumn.instruct()
    pupil = row(Student, Student.id == autumn.pupils[0][0])
    assert [told[1:2] + told[3:] for told in drawing.waiting(autumn.clerk, autumn.today)] == [(pupil.name, "房县筑水初级中学", "高中", 2026, date(2026, 9, 30), "")]
    drawn = autumn.draw(instruction)
    assert (case(drawn).kind, case(drawn).number, case(drawn).route.split(), autumn.state(instruction), autumn.used()) == (
        "moving-up", "竹教升〔2026〕第00001号", ["applying", "to_audit", "to_county", "effective"], "drawn", used + 1)
    autumn.act(drawn, "approve", "head.a4")
    autumn.act(drawn, "approve", "officer.a")
    now = row(Student, Student.id == pupil.id)
    assert (case(drawn).state, now.status, now.lifecycle, now.county_id, now.class_id, now.entry_month, now.national_no_index) == (
        "effective", "01", "live", autumn.county.body("a"), autumn.class_id, "202609", pupil.national_no_index)
    assert [spell[:4] for spell in spells(pupil.id)] == [("b2", "closed", "11", "21"), ("a4", "open", "11", "")]
    assert (heads(autumn.class_id), autumn.used(), balance.of_case(db.session, drawn)) == ([before + 1], used + 1, [("11", 1, autumn.county.body("a4"))])
    assert {(key.county_id, key.present) for key in db.session.scalars(select(SearchKey).where(SearchKey.student_id == pupil.id))} == {
        (autumn.county.body("a"), True), (autumn.county.body("b"), False)}
    for county in ("a", "b"):  # told on the chain of either county
        assert last_facts("case.acted", autumn.county.body(county))["effects"] == {"from": "房县筑水初级中学", "to": "竹山县云台高级中学 高一1班"}
    assert [told[5] for told in instructions.of_case(case_pages.find(autumn.clerk, autumn.case_id))] == [("已调档", "done")]
    counts_agree()


def test_nobody_else_draws_it_and_nobody_twice(autumn):
    instruction = autumn.instruct()
    for stranger in ("registrar.a2", "registrar.b3"):
        with pytest.raises(NotFound):
            autumn.draw(instruction, clerk=autumn.county.actor(stranger))
    autumn.draw(instruction)
    with pytest.raises(MovedOn, match="已经调档、收回或失效"):
        autumn.draw(instruction)
    with pytest.raises(MovedOn, match="已调档"):
        instructions.take_back(autumn.case_id, instruction, "家长放弃", actor=autumn.county.actor("officer.b"), now=autumn.now)
    assert drawing.waiting(autumn.clerk, autumn.today) == []


def test_drawn_ones_count_against_the_number_that_was_agreed(autumn):
    autumn.through(autumn.instruct(0))
    autumn.instruct(1)
    assert wrong(autumn.give, autumn.case_id, autumn.pupils[2][1]) == {"number": "同意招收 2 人，已签发 2 份，不能再签发。要多招的，请学校另行申请"}


def test_taken_back_before_it_is_drawn(autumn):
    instruction = autumn.instruct()
    instructions.take_back(autumn.case_id, instruction, "家长放弃", actor=autumn.county.actor("officer.b"), now=autumn.now)
    with pytest.raises(MovedOn):
        autumn.draw(instruction)
    assert drawing.waiting(autumn.clerk, autumn.today) == []


@pytest.mark.parametrize(("day", "state", "told"), [(date(2026, 9, 30), "drawn", None), (date(2026, 10, 1), "lapsed", "允许外招指令到2026年9月30日为止，已经失效")])
def test_on_30_september_it_may_be_drawn_and_on_the_next_day_not(autumn, day, state, told):
    instruction = autumn.instruct()
    if told:
        assert wrong(autumn.draw, instruction, today=day)["instruction"].startswith(told)
    else:
        autumn.draw(instruction, today=day)
    assert (drawing.lapse_due(today=day, now=autumn.now), drawing.lapse_due(today=day, now=autumn.now)) == (1 if told else 0, 0)
    assert autumn.state(instruction) == state
    if told:
        assert last_facts("instruction.lapsed", autumn.county.body("a")) == {"school": "竹山县云台高级中学", "year": 2026}
        assert autumn.state(autumn.instruct()) == "given"  # the source may give another


@pytest.mark.parametrize(("steps", "action", "who", "end"), [
    ((), "refuse", "head.a4", "rejected"), (("head.a4",), "refuse", "officer.a", "rejected"), ((), "withdraw", "registrar.a4", "withdrawn"), ((), "clear", "officer.b", "cleared")])
def test_what_ends_otherwise_gives_instruction_and_place_back(autumn, steps, action, who, end):
    used, instruction = autumn.used(), autumn.instruct()
    drawn = autumn.draw(instruction)
    for one in steps:
        autumn.act(drawn, "approve", one)
    autumn.act(drawn, action, who, BLAME)
    pupil = row(Student, Student.id == autumn.pupils[0][0])
    assert (case(drawn).state, autumn.state(instruction), autumn.used(), pupil.status, pupil.lifecycle) == (end, "given", used, "07", "left")
    autumn.through(instruction)  # and may be drawn again
    assert row(Student, Student.id == pupil.id).status == "01"


def test_sent_back_it_is_mended_with_another_class(autumn):
    instruction = autumn.instruct()
    drawn = autumn.draw(instruction)
    autumn.act(drawn, "return", "head.a4", BLAME)
    other = autumn.county.class_("a4", stage="3", number=2)
    used = autumn.used()
    drawing.resubmit(drawn, other, actor=autumn.clerk, version=case(drawn).version, today=autumn.today, now=autumn.now)
    for who in ("head.a4", "officer.a"):
        autumn.act(drawn, "approve", who)
    assert (case(drawn).state, row(Student, Student.id == autumn.pupils[0][0]).class_id, autumn.used()) == ("effective", other, used)
    assert last_facts("case.resubmitted", autumn.county.body("a"))["changes"] == {"编入班级": ["高一1班", "高一2班"]}


def not_graduated(autumn):
    change(Student, autumn.pupils[0][0], status="01", lifecycle="live")


def full(autumn):
    limit(autumn.class_id, heads(autumn.class_id)[0])


def no_plan_left(autumn):
    plan = row(Quota, Quota.school_id == autumn.county.body("a4"), Quota.stage == "3", Quota.year == 2026)
    change(Quota, plan.id, planned=plan.used)


@pytest.mark.parametrize(("bar", "field", "told"), [
    (not_graduated, "instruction", "学籍状态是“在读”，还没有毕业，不能升学调档。请原学校先办理毕业，再调档"), (full, "class_code", "没有学位"), (no_plan_left, "grade", "已用完")])
def test_what_stands_against_it_is_told_with_its_cure(autumn, bar, field, told):
    instruction = autumn.instruct()
    bar(autumn)
    found = wrong(autumn.draw, instruction)
    assert set(found) == {field} and told in found[field]
    assert autumn.state(instruction) == "given"


def test_only_a_class_that_begins_in_that_year(autumn):
    instruction = autumn.instruct()
    assert wrong(autumn.draw, instruction, autumn.county.class_("a4", stage="3", year=2)) == {"to_class": "请选择本校2026年入学的起始年级的班级"}


def test_a_class_that_filled_up_meanwhile_is_told_at_the_last_step(autumn):
    drawn = autumn.draw(autumn.instruct())
    autumn.act(drawn, "approve", "head.a4")
    full(autumn)
    assert set(wrong(autumn.act, drawn, "approve", "officer.a")) == {"to_class"}


def test_an_instruction_goes_to_graduates_of_its_year(autumn):
    other = autumn.apply(year=2027, source="b")
    for who in ("officer.a", "officer.b", "officer.city1"):
        autumn.act(other, "approve", who)
    pupil = row(Student, Student.id == autumn.pupils[0][0])
    assert wrong(autumn.give, other, autumn.pupils[0][1]) == {"number": f"{pupil.name}2026年毕业，这是2027年的招生，不能签发"}


def test_undone_she_is_a_graduate_again_and_the_instruction_may_be_drawn_anew(autumn):
    used, before, instruction = autumn.used(), heads(autumn.class_id), autumn.instruct()
    drawn = autumn.through(instruction)
    pupil = autumn.pupils[0][0]
    with pytest.raises(NotFound):
        reversals.reverse(drawn, "误调", actor=autumn.county.actor("officer.c"), today=autumn.today, now=autumn.now)
    reversals.reverse(drawn, "误调：学生没有到校", actor=autumn.county.actor("officer.a"), today=autumn.today, now=autumn.now)
    back = row(Student, Student.id == pupil)
    assert (case(drawn).state, back.status, back.lifecycle, back.county_id, back.school_id) == ("voided", "07", "left", autumn.county.body("b"), autumn.county.body("b2"))
    assert (autumn.state(instruction), autumn.used(), heads(autumn.class_id)) == ("given", used, before)
    assert [spell[:4] for spell in spells(pupil)] == [("b2", "closed", "11", "21"), ("a4", "cleared", "11", "99")]
    assert {(key.county_id, key.present) for key in db.session.scalars(select(SearchKey).where(SearchKey.student_id == pupil))} == {(autumn.county.body("b"), True)}
    assert sum(number for _, number, _ in balance.of_case(db.session, drawn)) == 0
    counts_agree()
    autumn.through(instruction)


def test_what_stands_on_it_is_named(autumn):
    drawn = autumn.through(autumn.instruct())
    later = count(Case)
    change(Student, autumn.pupils[0][0], status="02")
    assert list(wrong(reversals.reverse, drawn, "误调", actor=autumn.county.actor("officer.a"), today=autumn.today, now=autumn.now).values()) == [
        "以后学生的状态、班级或关键信息又有变动，不能撤销升学调档"]
    assert count(Case) == later
