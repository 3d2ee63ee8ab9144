"""Two people at the same time, of each pair of acts: one wins, the other reads who and when. 20 rounds of each, in `make trust` 200."""

from datetime import date, timedelta

import pytest

from app.errors import MovedOn, Refusal
from app.models import Case, CaseStep, Class, Paper, Student, Task
from app.services.casework import cases, reversals
from app.services.casework.cases import Words
from app.services.transfer.transfers import Request
from tests.cast import new_pupil
from tests.office import a, at_once, case, count, row
from tests.services.test_enrolments import held, plan
from tests.transfer_office import ASKED, DEQING, counts_agree, from_elsewhere, heads, limit, road, set_rule

__all__ = ["a", "road"]



@pytest.fixture
def rounds(counted):
    return counted("rounds", 20, whole=200)


def both(app, road, case_id, *acts):
    """What two people read who act on the case as it stands now: (action, actor, words) each."""
    version = case(case_id).version
    return at_once(app, [lambda one=one: road.act(case_id, one[0], one[1], one[2], version=version) for one in acts])


def told(answers):
    """The one refusal among two answers."""
    lost = [one for one in answers if isinstance(one, Refusal)]
    assert len(lost) == 1 and len([one for one in answers if isinstance(one, int)]) == 1, answers
    return str(lost[0])


def test_two_schools_ask_for_one_child(app, road, rounds):
    requests = {school: road.request(school, year=2) for school in ("b1", "b4")}
    for _ in rounds():
        answers = at_once(app, [lambda school=school: road.hand_in(school, requests[school]) for school in requests])
        winner = next(one for one in answers if isinstance(one, int))
        who = {"b1": "房县北城小学的饶静娴", "b4": "房县南潭实验小学的褚月华"}["b1" if answers[0] == winner else "b4"]
        assert f"{case(winner).number}（转学），{who}在 2026年9月11日 15:20 提交" in told(answers)
        road.act(winner, "withdraw", road.county.actor("registrar.b1" if answers[0] == winner else "registrar.b4"))
    assert count(Case, Case.student_id == road.county.pupil("twin.1"), Case.state == "open") == 0


def test_the_last_agreement_against_the_withdrawal(app, road, rounds):
    for _ in rounds():
        case_id = road.apply("b1")
        child = case(case_id).student_id
        road.go(case_id, until="from_county")
        officer = road.holder(case_id)
        answers = both(app, road, case_id, ("approve", officer, None), ("withdraw", road.county.actor("registrar.b1"), None))
        agreed = answers[0] == case_id
        assert ("单维桢（竹山县教育局）" if agreed else "饶静娴（房县北城小学）") in told(answers) and "2026年9月11日 15:20" in told(answers)
        assert case(case_id).state == ("effective" if agreed else "withdrawn")
        assert row(Student, Student.id == child).school_id == road.county.body("b1" if agreed else "a1")
        assert count(Task, Task.case_id == case_id) == int(agreed)
        if agreed:
            reversals.reverse(case_id, "两人同时办理的演练", actor=officer, today=road.today, now=road.now)
    counts_agree()


def test_two_who_decide_at_once(app, road, rounds):
    for _ in rounds():
        case_id = road.apply("b1")
        road.go(case_id, until="from_county")
        officer = road.holder(case_id)
        answers = both(app, road, case_id, ("approve", officer, None), ("refuse", road.holder(case_id, second=True), Words(reason="04", note="不符合条件")))
        agreed = answers[0] == case_id
        assert ("单维桢" if agreed else "瞿安澜") in told(answers)
        assert isinstance(next(one for one in answers if isinstance(one, Refusal)), MovedOn)
        assert case(case_id).state == ("effective" if agreed else "rejected")
        if agreed:
            reversals.reverse(case_id, "两人同时办理的演练", actor=officer, today=road.today, now=road.now)
    counts_agree()


def test_two_children_and_the_last_place_of_a_class(app, road, rounds):
    class_id = road.county.class_("b1", year=2)
    size = heads(class_id)[0]
    for _ in rounds():
        limit(class_id, size + 1)
        ids = [road.apply("b1", key) for key in ("twin.1", "twin.2")]
        for case_id in ids:
            road.go(case_id, until="from_county")
        deciders = [road.county.actor("officer.a"), road.county.actor("officer2.a")]
        answers = at_once(app, [lambda pair=pair: road.act(pair[0], "approve", pair[1]) for pair in zip(ids, deciders, strict=True)])
        winner = 0 if answers[0] == ids[0] else 1
        assert f"没有学位：最后一个由{deciders[winner].name}（竹山县教育局）在 2026年9月11日 15:20 办给了另一名学生" in told(answers)
        assert (heads(class_id), case(ids[1 - winner]).step) == ([size + 1], "from_county")
        road.act(ids[1 - winner], "withdraw", road.county.actor("registrar.b1"))
        reversals.reverse(ids[winner], "两人同时办理的演练", actor=deciders[winner], today=road.today, now=road.now)
    assert row(Class, Class.id == class_id).headcount == size
    counts_agree()


def test_the_draw_against_the_taking_back(app, road, rounds):
    set_rule(road.county.body("a"), '{"release_instruction": "是"}')
    for _ in rounds():
        case_id = road.apply("b1")
        road.go(case_id, until="draw")
        officer = road.county.actor("officer.a")
        answers = both(app, road, case_id, ("draw", road.holder(case_id), None), ("take_back", officer, Words(reason="01", note="学生已不转学")))
        drawn = answers[0] == case_id
        assert ("饶静娴" if drawn else "单维桢") in told(answers)
        if drawn:
            reversals.reverse(case_id, "两人同时办理的演练", actor=officer, today=road.today, now=road.now)
    counts_agree()


def test_the_draw_on_the_last_day_against_the_clock_of_the_next(app, road, rounds):
    set_rule(road.county.body("a"), '{"release_instruction": "是"}')
    last = date(2026, 12, 10)
    for _ in rounds():
        case_id = road.apply("b1")
        road.go(case_id, until="draw")
        child, clerk = case(case_id).student_id, road.holder(case_id)
        version = case(case_id).version
        answers = at_once(app, [lambda case_id=case_id, clerk=clerk, version=version: road.act(case_id, "draw", clerk, version=version, today=last),
                                lambda: cases.lapse_due(today=last + timedelta(days=1), now=road.now)])
        drawn = answers[0] == case_id
        assert answers[1] == (0 if drawn else 1)
        assert drawn or "系统" in str(answers[0])
        assert case(case_id).state == ("effective" if drawn else "lapsed")
        assert row(Student, Student.id == child).school_id == road.county.body("b1" if drawn else "a1")
        assert count(Paper, Paper.case_id == case_id, Paper.state == "valid") == int(drawn)
        if drawn:
            reversals.reverse(case_id, "两人同时办理的演练", actor=road.county.actor("officer.a"), today=road.today, now=road.now)
    counts_agree()


def test_the_last_agreement_against_the_clearing(app, road, rounds):
    for _ in rounds():
        case_id = road.apply("b1")
        road.go(case_id, until="from_county")
        child, officer = case(case_id).student_id, road.holder(case_id)
        answers = both(app, road, case_id, ("approve", officer, None), ("clear", road.county.actor("officer.b"), Words(note="家长来函，不再转学")))
        agreed = answers[0] == case_id
        assert ("单维桢" if agreed else "苗春霖") in told(answers)
        assert row(Student, Student.id == child).school_id == road.county.body("b1" if agreed else "a1")
        if agreed:
            reversals.reverse(case_id, "两人同时办理的演练", actor=officer, today=road.today, now=road.now)
    counts_agree()


def test_a_reversal_against_a_later_act(app, road, rounds):
    """The bureau undoes a transfer while the new county's other school applies for the child: either nothing stands on it yet, or she is home again."""
    for _ in rounds():
        case_id = road.apply("b1")
        road.go(case_id)
        child = case(case_id).student_id
        request, officer = road.request("b4", child), road.county.actor("officer.a")
        answers = at_once(app, [lambda case_id=case_id, officer=officer: reversals.reverse(case_id, "转错学生", actor=officer, today=road.today, now=road.now),
                                lambda request=request: road.hand_in("b4", request)])
        reversed_first = case(case_id).state == "voided"
        assert isinstance(answers[1], int), answers  # whichever school she is at by then, she may be asked for
        later = case(answers[1])
        if reversed_first:
            assert (isinstance(answers[0], int), later.from_school_id) == (True, road.county.body("a1"))
        else:
            assert f"的转学（{later.number}，2026年9月11日申请，在办），请先撤销它" in str(answers[0]) and later.from_school_id == road.county.body("b1")
        road.act(answers[1], "withdraw", road.county.actor("registrar.b4"))
        if not reversed_first:
            reversals.reverse(case_id, "转错学生", actor=officer, today=road.today, now=road.now)
        assert row(Student, Student.id == child).school_id == road.county.body("a1")
    counts_agree()


def test_two_who_undo_one_transfer(app, road, rounds):
    for _ in rounds():
        case_id = road.apply("b1")
        road.go(case_id)
        officers = [road.county.actor("officer.a"), road.county.actor("officer2.a")]
        answers = at_once(app, [lambda officer=officer, case_id=case_id: reversals.reverse(case_id, "转错学生", actor=officer, today=road.today, now=road.now) for officer in officers])
        assert "或者已经撤销，这次没有写入" in told(answers)
        assert count(Case, Case.undoes_id == case_id) == 1
    counts_agree()


def test_two_persons_of_a_county_agree_at_once(app, road, rounds):
    """Where the rules ask for two, neither agreement is lost and neither counts for both: one is the first, the other reads so and looks again."""
    set_rule(road.county.body("a"), '{"second_person_county": "是"}')
    officers = [road.county.actor("officer.a"), road.county.actor("officer2.a")]
    for _ in rounds():
        case_id = road.apply("b1")
        road.go(case_id, until="from_county")
        answers = both(app, road, case_id, *(("approve", officer, None) for officer in officers))
        first = 0 if answers[0] == case_id else 1
        assert officers[first].name in told(answers)
        assert (case(case_id).step, case(case_id).agreed_by_id) == ("from_county", officers[first].account_id)
        road.act(case_id, "approve", officers[1 - first])
        assert case(case_id).state == "effective"
        reversals.reverse(case_id, "两人同时办理的演练", actor=officers[0], today=road.today, now=road.now)
    counts_agree()


def test_a_child_from_elsewhere_entered_by_two_at_once_is_one_pupil(app, road, rounds):
    for number in rounds():
        record = from_elsewhere(number)
        schools = {"a1": road.county.class_("a1", year=2), "b1": road.county.class_("b1", year=2)}
        for class_id in schools.values():
            limit(class_id, 1000)
        asked = {school: Request(asked=ASKED, record=dict(record), class_id=class_id, outside=DEQING) for school, class_id in schools.items()}
        answers = at_once(app, [lambda school=school, one=one: road.hand_in(school, one) for school, one in asked.items()])
        assert "系统中已有" in told(answers)
        assert count(Student, Student.name == record["name"], Student.birth_date == record["birth_date"]) == 1
    counts_agree()


# ---------------------------------------------------------------- new pupils

def test_two_who_decide_on_a_new_pupil(app, a, rounds):
    limit(a.class_id, 1000)
    plan(a.county.body("a1"), 5000)
    people = {a.officer: "approve", a.county.actor("officer2.a"): "return"}
    words = {"approve": Words(different=True), "return": Words(reason="02", note="户口簿看不清，请重新扫描", mend=("evidence",))}
    for number in rounds():
        case_id = a.apply(new_pupil(number))
        a.act(case_id, "approve", a.head)
        answers = at_once(app, [lambda actor=actor, verb=verb, case_id=case_id: a.act(case_id, verb, actor, words[verb], version=2) for actor, verb in people.items()])
        first = "单维桢" if answers[0] == case_id else "瞿安澜"
        assert told(answers).startswith(f"这件业务已经变了：{first}（竹山县教育局）在 2026年9月11日 15:20 办理了“主管教育行政部门核办”：")
        assert (case(case_id).state, case(case_id).step) == (("effective", "effective") if answers[0] == case_id else ("open", "applying"))
        assert count(CaseStep, CaseStep.case_id == case_id, CaseStep.step == "county", CaseStep.action != "") == 1
    counts_agree()


@pytest.mark.parametrize("last", ["class", "plan"])
def test_two_new_pupils_and_the_last_place(app, a, last, rounds):
    headcount, used, _ = held(a)
    if last == "class":
        limit(a.class_id, headcount + 1)
    else:
        plan(a.county.body("a1"), used + 1)
    for number in rounds():
        answers = at_once(app, [lambda place=place: a.apply(new_pupil(place)) for place in (2 * number - 1, 2 * number)])
        assert told(answers) and held(a)[:2] == (headcount + 1, used + 1)
        a.act(next(one for one in answers if isinstance(one, int)), "withdraw", a.registrar)
    assert held(a)[:2] == (headcount, used)


def test_one_new_pupil_entered_by_two(app, a, rounds):
    limit(a.class_id, 1000)
    plan(a.county.body("a1"), 5000)
    for number in rounds():
        record = new_pupil(number)
        answers = at_once(app, [lambda record=record: a.apply(dict(record))] * 2)
        assert "已有" in told(answers)  # the number, or the name with the birth date
        assert count(Student, Student.name == record["name"], Student.birth_date == record["birth_date"]) == 1
    counts_agree()
