"""An act is one thing: it leaves a trace, it is carried out once, and of two at the same moment the second finds what the first has done."""

import pytest
from sqlalchemy import select

from app.errors import AlreadyDone, Refusal
from app.extensions import db
from app.models import Account, Answer, Event, Grade, Student, TeachingGroup
from app.permissions import SYSTEM
from app.services import trace
from app.services.administration import policies
from app.services.paperwork import check_sheets
from app.services.people import accounts
from app.services.schools import classes
from app.services.transactions import Once, writes
from tests.cast import new_pupil
from tests.office import a, at_once, count

__all__ = ["a"]


@writes
def forget_the_trace(s):
    s.execute(select(Account.id))


def test_an_act_without_a_trace_is_not_carried_out(app):
    with pytest.raises(RuntimeError, match="left no trace"):
        forget_the_trace()


@writes
def note(s, *events):
    for name, facts in events:
        trace.record(s, name, actor=SYSTEM, **facts)


@pytest.mark.parametrize(("events", "wrong"), [
    ([("account.created", {"username": "new.clerk"})], r"facts \['username'\] where \['name', 'username'\] are declared"),
    ([("account.reset", {"username": "new.clerk", "password": "x"})], "are declared"),
    ([("account.reset", {"username": "new.clerk"}), ("account.closed", {"username": "new.clerk", "why": "调离"})], "has its event on chain 0 already: account.reset"),
])
def test_an_event_carries_the_facts_it_is_declared_with_and_an_act_is_one_event_a_chain(app, events, wrong):
    before = count(Event)
    with pytest.raises(ValueError, match=wrong):
        note(*events)
    assert count(Event) == before


def form(a, fields=b"typed", key="a form"):
    return Once(a.registrar.account_id, key, "enrolment.apply", fields, lambda case_id: f"/cases/{case_id}")


def once(act, *args, **kwargs):
    """What a person sees: where the answer points, or what refuses."""
    def carried_out():
        try:
            return kwargs["once"].locate(act(*args, **kwargs))
        except AlreadyDone as done:
            return done.location

    return carried_out


def test_a_form_handed_in_again_gets_the_first_answer_and_other_words_under_its_key_are_refused(a):
    first = once(a.apply, new_pupil(1), once=form(a))()
    events = count(Event)
    assert once(a.apply, new_pupil(1), once=form(a))() == first
    with pytest.raises(Refusal, match="内容与现在的不同"):
        a.apply(new_pupil(2), once=form(a, fields=b"typed otherwise"))
    assert count(Event) == events


def test_what_was_refused_has_not_used_up_its_form(a):
    with pytest.raises(Refusal):
        a.apply(new_pupil(1) | {"guardians": []}, once=form(a))
    assert count(Answer) == 0
    assert a.apply(new_pupil(1), once=form(a, fields=b"mended"))


def test_both_of_a_double_click_get_the_same_answer(app, a):
    before = count(Student)
    answers = at_once(app, [once(a.apply, new_pupil(1), once=form(a)) for _ in range(3)])
    assert len(set(answers)) == 1 and answers[0].startswith("/cases/")
    assert count(Student) == before + 1


# ---------------------------------------------------------------- two at once: the second reads why, or counts on

def test_one_user_name_is_given_once(app, a):
    sysadmin = a.county.actor("sysadmin")
    answers = at_once(app, [lambda: accounts.create("new.clerk", "柳青青", body_id=None, actor=sysadmin, now=a.now)] * 2)
    assert sorted(str(one) for one in answers if isinstance(one, Refusal)) == ["账号名“new.clerk”已经有人使用，停用的账号名也不再用。请换一个。"]
    assert count(Account, Account.username == "new.clerk") == 1


def test_one_cohort_is_opened_once(app, a):
    school = a.county.body("a1")
    answers = at_once(app, [lambda: classes.open_grade(school, "1", 2027, school_year=2026, actor=a.registrar)] * 2)
    assert [str(one) for one in answers if isinstance(one, Refusal)] == ["一年级（2027级）已经建立，请直接在其中新建班级。"]
    assert count(Grade, Grade.school_id == school, Grade.entry_year == 2027) == 1


def test_a_class_comes_into_one_multigrade_group(app, a):
    school, members = a.county.body("a1"), [a.county.class_("a1", year=year) for year in (2, 3)]
    answers = at_once(app, [lambda name=name: classes.set_group(school, name, members, actor=a.registrar) for name in ("甲", "乙")])
    assert sorted(type(one).__name__ for one in answers) == ["Refusals", "int"]
    assert count(TeachingGroup, TeachingGroup.school_id == school, TeachingGroup.state == "open") == 1


def test_two_changes_of_the_rules_are_two_versions(app, a):
    def change(limit):
        return policies.set_policy(a.county.body("a"), "national2025", {"class_limit_primary": str(limit)}, from_on=a.today, actor=a.officer, today=a.today, now=a.now)

    before = len(policies.versions(db.session, a.county.body("a")))
    assert sorted(at_once(app, [lambda: change(40), lambda: change(41)])) == [before + 1, before + 2]


def test_two_printings_of_a_sheet_are_the_first_and_the_second(app, a):
    case_id = a.apply(new_pupil(1))
    assert sorted(one["print_no"] for one in at_once(app, [lambda: check_sheets.take(case_id, actor=a.registrar, now=a.now)] * 2)) == [1, 2]
