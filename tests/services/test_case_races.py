"""Every kind of case that is no change of standing at one school, decided by two persons at the same moment: one wins, the other reads who and when.

20 rounds of each kind, in `make trust` 500. The changes of standing run in test_change_races.py.
"""

import pytest
from sqlalchemy import select

from app.errors import MovedOn
from app.extensions import db
from app.identity.dates import chinese
from app.models import Case, RecruitInstruction, Student
from app.services.casework import cases, reversals, tasks
from app.services.casework.cases import Words
from app.services.problem_records import merges
from app.services.schools import quota_cases, recruiting
from app.services.standing import changes
from app.services.standing.changes import Asked
from app.services.transfer import transfers
from app.services.transfer.transfers import Request
from app.workflow.changes import STATUS_CHANGES
from app.workflow.flows import FLOWS, SUPPLEMENTARY
from tests.answers import answers, evidence
from tests.cast import new_pupil
from tests.office import Office, at_once, case, row
from tests.services.test_drawing import Autumn
from tests.services.test_merges import WORDS, Two
from tests.services.test_register_agrees import agrees
from tests.services.test_supplementary import born
from tests.services.test_whole_classes import Village
from tests.transfer_office import ASKED, DEQING, Road

AGREE, REFUSE = Words(different=True), Words(reason="02", note="材料看不清")
KINDS = {}


def kind(name, *deciders):
    """How a case of this kind comes to the desk of two deciders: a function of (county, today, now) that returns one that makes a case."""
    def keep(prepare):
        KINDS[name] = prepare, deciders
        return prepare
    return keep


@kind("enrolment", "officer.a", "officer2.a")
def a_new_pupil(county, today, now):
    return new_record(Office(county, today, now), new_pupil(1))


@kind("supplementary", "officer.a", "officer2.a")
def a_late_pupil(county, today, now):
    return new_record(Office(county, today, now), born(2024), county.class_("a1", year=3), flow=SUPPLEMENTARY)


def new_record(a, record, class_id=None, **rest):
    def make():
        case_id = a.apply(dict(record), class_id, **rest)
        a.act(case_id, "approve", a.head)
        return case_id

    return make


@kind("transfer", "officer.a", "officer2.a")
def a_pupil_between_two_counties(county, today, now):
    road = Road(county, today, now)

    def make():
        case_id = road.apply("b1")
        road.go(case_id, until="from_county")
        return case_id

    return make


@kind("transfer-out", "officer.a", "officer2.a")
def a_pupil_who_goes_elsewhere(county, today, now):
    road = Road(county, today, now)
    request = Request(asked=ASKED, student_id=county.pupil("twin.1"), outside=DEQING)

    def make():
        case_id = transfers.apply(request, actor=county.actor("registrar.a1"), today=today, now=now)
        road.go(case_id, until="from_county")
        return case_id

    return make


@kind("whole-class-transfer", "officer.a", "officer2.a")
def whole_classes_of_a_village(county, today, now):
    village = Village(county, today, now)

    def make():
        case_id = village.apply()
        village.act(case_id, "approve", village.registrar)
        return case_id

    return make


@kind("quota", "officer.a", "officer2.a")
def a_larger_plan(county, today, now):
    asked = quota_cases.Asked("1", 2026, 15, "小区交付，学区内适龄儿童增加", "县教育局会议纪要〔2026〕12号")
    return lambda: quota_cases.apply(asked, actor=county.actor("registrar.a1"), today=today, now=now)


@kind("recruit-consent", "officer.b", "officer2.b")
def pupils_of_another_county(county, today, now):
    asked = recruiting.Asked("3", 2026, county.body("b"), 2, "县际协作招生", "竹教招〔2026〕5号")

    def make():
        case_id = recruiting.apply(asked, actor=county.actor("registrar.a4"), today=today, now=now)
        cases.act(case_id, "approve", actor=county.actor("officer.a"), version=case(case_id).version, today=today, now=now)
        return case_id

    return make


@kind("moving-up", "officer.a", "officer2.a")
def a_graduate_of_another_county(county, today, now):
    autumn = Autumn(county, today, now)
    autumn.instruct()

    def make():
        case_id = autumn.draw(row(RecruitInstruction, RecruitInstruction.state == "given").id)
        autumn.act(case_id, "approve", "head.a4")
        return case_id

    return make


@kind("merge", "officer.b", "officer2.b")
def two_records_of_one_child(county, today, now):
    two = Two(county, today).at("b1")
    return lambda: merges.apply(two.kept, two.other, WORDS, actor=county.actor("officer.a"), today=today, now=now)


@pytest.fixture
def rounds(counted):
    return counted("rounds", 20, whole=500)


@pytest.mark.parametrize("name", KINDS)
def test_two_decide_one_case(app, county, today, now, name, rounds):
    prepare, deciders = KINDS[name]
    make, (first, second) = prepare(county, today, now), map(county.actor, deciders)
    for _ in rounds():
        case_id = make()
        version = case(case_id).version
        found = at_once(app, [
            lambda: cases.act(case_id, "approve", actor=first, version=version, today=today, now=now, words=AGREE),  # noqa: B023
            lambda: cases.act(case_id, "refuse", actor=second, version=version, today=today, now=now, words=REFUSE)])  # noqa: B023
        agreed = found[0] == case_id
        winner = first if agreed else second
        lost = [one for one in found if isinstance(one, MovedOn)]
        assert len(lost) == 1 and winner.name in str(lost[0]) and f"{chinese(today)} 15:20" in str(lost[0]), found
        made = case(case_id)
        assert made.kind == name
        if made.state == "open":  # the city is told after
            cases.act(case_id, "withdraw", actor=county.actor("registrar.a4"), version=made.version, today=today, now=now)
        else:
            assert made.state == ("effective" if agreed else "rejected")
        if made.state == "effective":
            reversals.reverse(case_id, "两人同时办理的演练", actor=first, today=today, now=now)
    as_before()


def test_two_officers_clear_one_case_on_request(app, county, today, now, rounds):
    """The home school asks its bureau to clear the case that holds its child: two officers do at once."""
    road, officers = Road(county, today, now), [county.actor("officer.a"), county.actor("officer2.a")]
    for _ in rounds():
        case_id = road.apply("b1")
        tasks.ask_to_clear(case_id, "家长不再转学", actor=county.actor("registrar.a1"), now=now)
        version = case(case_id).version
        found = at_once(app, [lambda one=one: cases.act(case_id, "clear", actor=one, version=version, today=today, now=now, words=Words(note="学校请求")) for one in officers])  # noqa: B023
        lost = [one for one in found if isinstance(one, MovedOn)]
        assert len(lost) == 1 and officers[found.index(case_id)].name in str(lost[0]), found
        assert case(case_id).state == "cleared"
    as_before()


def test_two_officers_undo_one_change(app, county, today, now, rounds):
    pupil, officers = county.pupil("common.1"), [county.actor("officer.a"), county.actor("officer2.a")]
    registrar, head = county.actor("registrar.a1"), county.actor("head.a1")
    for _ in rounds():
        told = answers("suspension", pupil, today=today, registrar=registrar)
        case_id = changes.apply("suspension", pupil, Asked(told, evidence("suspension", told)), actor=registrar, today=today, now=now)
        for who in (head, officers[0]):
            cases.act(case_id, "approve", actor=who, version=case(case_id).version, today=today, now=now)
        found = at_once(app, [lambda one=one: reversals.reverse(case_id, "误办", actor=one, today=today, now=now) for one in officers])  # noqa: B023
        assert len([one for one in found if isinstance(one, MovedOn)]) == len([one for one in found if isinstance(one, int)]) == 1, found
        assert (case(case_id).state, row(Student, Student.id == pupil).status) == ("voided", "01")
        assert len(db.session.execute(select(Case.id).where(Case.undoes_id == case_id)).all()) == 1
    as_before()


def as_before():
    told = agrees()
    for what in ("classes", "tallies", "spells", "desks", "numbers"):
        assert told[what][0] == told[what][1], what


def test_every_kind_has_its_race():
    """But 撤销, which is raced by two who undo."""
    assert set(FLOWS) == set(STATUS_CHANGES) | set(KINDS) | {"reversal"}
