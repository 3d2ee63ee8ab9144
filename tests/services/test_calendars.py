"""The house's working days, and what happens to running cases when a day is edited; a county's terms."""

from datetime import date

import pytest
from sqlalchemy import select

from app.errors import MovedOn
from app.extensions import db
from app.models import Account, Case, CaseStep, Event, new_id
from app.services.administration import calendars
from app.services.administration.calendars import DayEdit
from tests.bureau import LIU, NOW, bureau, last_facts, put, row, school, wrong

__all__ = ["bureau", "school"]
OCT_9 = date(2026, 10, 9)


@pytest.fixture
def case(bureau, school):
    """An enrolment that arrived at the county on 28 September 2026, due 10 working days on: the National Day holiday lies between."""
    clerk, made = new_id(), new_id()
    due = calendars.calendar(db.session).after(date(2026, 9, 28), 10)
    put(
        Account(id=clerk, username="clerk", name="庹明慧", password_hash="", password_set_at=NOW, created_at=NOW),
        Case(
            id=made, county_id=bureau["county"], kind="enrolment", number="竹教招〔2026〕第00001号", school_id=school, title="陆思远", state="open", step="county",
            seat_body_id=bureau["county"], seat_duty="county_officer", arrived_on=date(2026, 9, 28), due_on=due, starter_id=clerk, starter_name="庹明慧",
            started_at=NOW,
        ),
        CaseStep(id=new_id(), case_id=made, seq=1, step="applying", arrived_at=NOW, due_on=date(2026, 9, 20), ended_at=NOW),
        CaseStep(id=new_id(), case_id=made, seq=2, step="county", arrived_at=NOW, due_on=due),
    )
    return row(Case, Case.id == made)


def change(*edits, version=1, certain_until=None, expected=None):
    return calendars.change_days(list(edits), certain_until=certain_until, version=version, expected=expected, actor=LIU, now=NOW)


def steps(case):
    return db.session.execute(select(CaseStep.due_on).where(CaseStep.case_id == case.id).order_by(CaseStep.seq)).scalars().all()


def test_the_calendar_knows_what_was_announced_and_what_was_not(bureau):
    found = calendars.calendar(db.session)
    assert [found.is_working(date(2026, 10, day)) for day in (1, 7, 8, 10)] == [False, False, True, True]
    assert (found.is_provisional(date(2026, 12, 31)), found.is_provisional(date(2027, 1, 1))) == (False, True)


def test_a_new_holiday_moves_the_open_cases_that_hang_on_it_in_one_act(case, bureau):
    assert case.due_on == date(2026, 10, 16)
    edit = DayEdit(OCT_9, False, "县运动会")
    assert [(shift.old, shift.new, shift.number) for shift in calendars.shifts(db.session, [edit])] == [(date(2026, 10, 16), date(2026, 10, 19), 1)]
    listed = calendars.shifted_cases(db.session, calendars.shifts(db.session, [edit]))
    assert listed == [("竹教招〔2026〕第00001号", "新生登记", "主管教育行政部门核办", "竹山县堵河路小学", date(2026, 10, 16), date(2026, 10, 19))]

    assert change(edit) == 1

    moved = row(Case, Case.id == case.id)
    assert (moved.due_on, moved.calendar_version, moved.version) == (date(2026, 10, 19), 2, 1)
    assert steps(case) == [date(2026, 9, 20), date(2026, 10, 19)]  # what is done is done
    assert calendars.calendar(db.session).is_working(OCT_9) is False
    told = {"日期": [["2026-10-09", "按星期", "放假", "县运动会"]]}
    assert last_facts("calendar.changed", 0) == {"changes": told | {"受影响业务": 1}}
    assert last_facts("calendar.changed", bureau["county"]) == {
        "changes": told | {"到期日改变": [["新生登记", "主管教育行政部门核办", "2026-09-28", "2026-10-16", "2026-10-19", 1]]},
    }


def test_taking_the_day_back_brings_the_due_day_back(case):
    change(DayEdit(OCT_9, False, "县运动会"))
    change(DayEdit(OCT_9, None), version=2)
    assert row(Case, Case.id == case.id).due_on == date(2026, 10, 16)
    assert (calendars.calendar(db.session).is_working(OCT_9), calendars.version(db.session)) == (True, 3)


def test_an_edit_far_from_every_case_moves_none(case):
    assert change(DayEdit(date(2027, 2, 5), False, "春节"), certain_until=date(2027, 12, 31)) == 0
    assert row(Case, Case.id == case.id).calendar_version == 1
    assert calendars.calendar(db.session).is_provisional(date(2027, 12, 31)) is False


def test_two_administrators_do_not_edit_past_each_other(case):
    with pytest.raises(MovedOn, match="又有变化"):
        change(DayEdit(OCT_9, False, "县运动会"), expected=0)
    change(DayEdit(OCT_9, False, "县运动会"), expected=1)
    with pytest.raises(MovedOn, match="刚被"):
        change(DayEdit(date(2026, 10, 12), False), version=1)
    assert wrong(change, DayEdit(OCT_9, False, "县运动会"), version=2) == {None: "没有改动任何一天。"}
    assert len(db.session.scalars(select(Event.id).where(Event.name == "calendar.changed", Event.chain_id == 0)).all()) == 1


def test_a_refused_edit_leaves_the_calendar_of_every_process_as_it_was(case):
    before = calendars.calendar(db.session)
    wrong(change, DayEdit(date(2026, 10, 1), False, "国庆节"))
    assert calendars.calendar(db.session) is before


def test_a_list_of_days_reads_as_an_office_receives_it():
    days = calendars.read_days("日期,性质,名称\n2027-02-05至2027-02-07 放假 春节\n2027/2/14,上班,春节调休\n２０２７年１０月１日 休\n2027-5-4 取消")
    assert days == [
        DayEdit(date(2027, 2, 5), False, "春节"), DayEdit(date(2027, 2, 6), False, "春节"), DayEdit(date(2027, 2, 7), False, "春节"),
        DayEdit(date(2027, 2, 14), True, "春节调休"), DayEdit(date(2027, 5, 4), None), DayEdit(date(2027, 10, 1), False),
    ]


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "请填写要设置的日期，一行一天或一段，例如“2027-10-01至2027-10-07 放假 国庆节”。"),
    ("春节放七天", "第 1 行“春节放七天”没有看懂，请写成“2027-02-05至2027-02-11 放假 春节”这样。"),
    ("2027-02-30 放假", "第 1 行“2027-02-30 放假”没有看懂，请写成“2027-02-05至2027-02-11 放假 春节”这样。"),
    ("2027-02-11至2027-02-05 放假", "第 1 行“2027-02-11至2027-02-05 放假”的起止日期不对：止日应在起日之后，相差不超过一个月。"),
    ("2027-02-05 放假\n2027-02-05 上班", "第 2 行：2027年2月5日在前面已经写过一次，请只留一行。"),
])
def test_a_line_that_cannot_be_read_is_told_with_its_number(text, sentence):
    assert wrong(calendars.read_days, text) == {"days": sentence}


def test_a_county_sets_its_terms_and_they_do_not_overlap(bureau):
    place = bureau["county"]
    calendars.set_term(place, 2026, 1, date(2026, 9, 1), date(2027, 1, 22), actor=LIU)
    assert wrong(calendars.set_term, place, 2026, 2, date(2027, 2, 22), date(2027, 2, 10), actor=LIU) == {
        "ends_on": "放假日期应在开学日期之后，一个学期不超过 200 天，请改正。",
    }
    assert wrong(calendars.set_term, place, 2026, 2, date(2027, 1, 20), date(2027, 7, 9), actor=LIU) == {
        "starts_on": "与 2026—2027 学年第一学期的日期重叠，请改正。",
    }
    assert wrong(calendars.set_term, place, 2026, 2, date(2027, 9, 1), date(2028, 1, 22), actor=LIU) == {
        "starts_on": "2026—2027 学年第二学期的开学日期应在2027年1月1日至2027年8月31日之间，请改正。",
    }
    calendars.set_term(place, 2026, 2, date(2027, 2, 22), date(2027, 7, 9), actor=LIU)
    with pytest.raises(MovedOn):
        calendars.set_term(place, 2026, 2, date(2027, 2, 23), date(2027, 7, 9), actor=LIU)
    calendars.set_term(place, 2026, 2, date(2027, 2, 23), date(2027, 7, 9), seen=(date(2027, 2, 22), date(2027, 7, 9)), actor=LIU)
    assert calendars.terms(db.session, place) == [(date(2026, 9, 1), date(2027, 1, 22)), (date(2027, 2, 23), date(2027, 7, 9))]
    assert last_facts("term.set", place) == {"year": 2026, "number": 2, "from": "2027-02-23", "until": "2027-07-09"}
