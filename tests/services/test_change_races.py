"""Every kind of change, decided by two officers at the same moment: one wins, the other reads who and when. 20 rounds of each kind, in `make trust` 500."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import select

from app.errors import MovedOn
from app.extensions import db
from app.identity.dates import chinese
from app.models import Case, Grade, Student
from app.services.administration import policies
from app.services.casework import cases, reversals
from app.services.casework.cases import Words
from app.services.standing import changes
from app.services.standing.changes import Asked
from app.workflow.changes import STATUS_CHANGES
from tests.answers import ANSWERS, answers, evidence
from tests.office import at_once, case

DAY, ENDS, SEPTEMBER = date(2026, 11, 13), date(2027, 4, 1), date(2026, 9, 11)  # twenty school days are over; the suspension ends; the school year begins
ALLOWED = {"grade-skip": {"skip_primary": "是"}, "grade-repeat": {"repeat_primary": "是"}}
BEFORE = {"02": "suspension", "06": "dropout", "91": "abroad"}  # by which kind a pupil comes to the status that another is taken for


class Desk:
    """A school of county A whose registrar applies, its head and the two officers of the county."""

    def __init__(self, county, today, school):
        self.county, self.school, self.today = county, school, today
        self.registrar = county.actor(f"registrar.{school}")

    @property
    def now(self):
        return datetime.combine(self.today, time(15, 20))

    def apply(self, kind, pupil):
        told = answers(kind, pupil, today=self.today, registrar=self.registrar)
        return changes.apply(kind, pupil, Asked(told, evidence(kind, told)), actor=self.registrar, today=self.today, now=self.now)

    def act(self, case_id, who, action="approve", words=Words(different=True), version=None):
        return cases.act(case_id, action, actor=self.county.actor(who), version=version or case(case_id).version, today=self.today, now=self.now, words=words)

    def last_desk(self, case_id):
        """Agreed to by everybody before the county."""
        self.act(case_id, f"head.{self.school}")
        assert case(case_id).step == "county"

    def bring_to(self, pupil, statuses):
        """By another kind, where she does not stand so already."""
        if db.session.execute(select(Student.status).where(Student.id == pupil)).scalar_one() not in statuses:
            case_id = self.apply(BEFORE[next(status for status in statuses if status in BEFORE)], pupil)
            self.last_desk(case_id)
            self.act(case_id, "officer.a")


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_two_officers_decide_one_case(app, county, kind, counted):
    change = STATUS_CHANGES[kind]
    desk = Desk(county, SEPTEMBER if kind in ALLOWED else DAY, "a4" if change.stages == "3" else "a1")
    if kind in ALLOWED:
        policies.set_policy(county.body("a"), "national2025", ALLOWED[kind], from_on=SEPTEMBER, actor=county.actor("officer.a"), today=SEPTEMBER, now=desk.now)
    pupil = db.session.execute(select(Student.id).join(Grade, Grade.id == Student.grade_id).where(Student.school_id == county.body(desk.school), Student.status == "01", Grade.advanced_to == 2)
                               .order_by(Student.id).limit(1)).scalar_one()
    desk.bring_to(pupil, change.statuses)
    if kind == "poverty-end":
        poor = desk.apply("poverty", pupil)
        desk.last_desk(poor)
        desk.act(poor, "officer.a")
    desk.today = ENDS if kind == "suspension-renewal" else desk.today
    for _ in counted("rounds", 20, whole=500)():
        case_id = desk.apply(kind, pupil)
        desk.last_desk(case_id)
        version, before = case(case_id).version, db.session.execute(select(Student.status).where(Student.id == pupil)).scalar_one()
        found = at_once(app, [
            lambda: desk.act(case_id, "officer.a", version=version), lambda: desk.act(case_id, "officer2.a", "refuse", Words(reason="02", note="材料看不清"), version=version)])  # noqa: B023
        lost = [one for one in found if isinstance(one, MovedOn)]
        agreed = found[0] == case_id
        assert len(lost) == 1 and ("单维桢" if agreed else "瞿安澜") in str(lost[0]) and f"{chinese(desk.today)} 15:20" in str(lost[0]), found
        if case(case_id).state == "open":  # the city comes after
            desk.act(case_id, f"registrar.{desk.school}", "withdraw")
        else:
            assert case(case_id).state == ("effective" if agreed else "rejected")
        db.session.expire_all()
        if case(case_id).state == "effective":
            reversals.reverse(case_id, "两人同时办理的演练", actor=county.actor("officer.a"), today=desk.today, now=desk.now)
        assert db.session.execute(select(Student.status).where(Student.id == pupil)).scalar_one() == before
    assert db.session.execute(select(Case.id).where(Case.student_id == pupil, Case.state == "open")).first() is None


def test_every_kind_has_answers():
    assert set(ANSWERS) == set(STATUS_CHANGES)
