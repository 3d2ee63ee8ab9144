"""How the machine begins a case, acts at a desk and undoes one: the act is tried, and what comes of it is held against the model."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select

from app.errors import Refusal
from app.extensions import db
from app.models import Case as Kept
from app.models import Chain, Grade, Student
from app.services import trace
from app.services.administration import nightly, policies
from app.services.casework import cases, reversals
from app.services.casework.cases import Words
from app.services.schools import quotas
from tests.conftest import TODAY
from tests.services.test_drawing import graduate
from tests.services.test_merges import WHO, bare
from tests.transfer_office import ANSWER, change

from .model import Case, Pupil, World

OUTCOMES = Counter()  # (what, done or refused) → how often
LAST_DAY, CLEARED = date(2027, 8, 8), date(2027, 7, 15)  # what is open of graduating grades that day is cleared
ACTIONS = ("approve", "return", "refuse", "withdraw", "clear", "agree", "disagree", "draw", "take_back")
DECISIONS = ("approve", "approve", "approve", "return", "refuse", "withdraw", "clear", "take_back", "disagree")
AGREED, BLAMED = Words(different=True, note="代办：已超期"), Words(reason="02", note="材料看不清")
SAID = dict.fromkeys(("return", "refuse", "take_back", "disagree"), BLAMED)
PEOPLE = ("head.a1", "officer.a", "officer2.a", "officer.b", "registrar.a1", "registrar.b1", "head.b1", "township.a.t1", "officer.city1", "officer.province")
KEPT, STUDENTS = Kept.__table__.c, Student.__table__.c
AT = select(KEPT.state, KEPT.version, KEPT.due_on)
ANY = st.integers(0, 99)


class Desks(RuleBasedStateMachine):
    """Pupils of county A (a primary school, a senior school, a village point, a duplicate at a nine-year school) and of county B, whose rules ask for an instruction."""

    house = None  # set by the test

    @initialize(luck=st.integers(0, 2**32))
    def open_house(self, luck):
        self.house.afresh()
        self.luck = Random(luck)
        self.world, self.records_of = World(TODAY), {}
        world = self.world
        world.two = frozenset("a" if self.luck.random() < 0.4 else "")
        twice = {"second_person_county": "是"} if world.two else {}
        for county, edits in (("a", {"skip_primary": "是", "repeat_primary": "是", "quota_city": "是"} | twice), ("b", {"release_instruction": "是"})):
            policies.set_policy(self.house.bodies[county], "national2025", edits, from_on=TODAY, actor=self.house.actor(f"officer.{county}"), today=TODAY, now=self.now())
        for school, stage, year, many in (("a1", "1", 2, 1), ("a1", "1", 3, 1), ("a4", "3", 2, 1), ("b1", "1", 2, 1), ("a5", "1", 3, 3), ("a3", "1", 2, 1)):
            world.pupils += self._of(school, stage, year, many)
        self._make_alike(world.pupils[0], world.pupils[-1])
        world.pupils += self._of("a1", "1", 6, 1)  # who graduates in summer
        leaving = db.session.execute(select(Student.id, Student.grade_id).join(Grade, Grade.id == Student.grade_id).where(
            Student.school_id == self.house.bodies["b2"], Grade.advanced_to == Grade.length, Student.status == "01").order_by(Student.id).limit(2)).all()
        graduate(leaving[0].grade_id, 2026)
        nightly.recount(self.house.bodies["b"])
        world.pupils += [Pupil(row.id, row.id, "b2", None, "2", status="07", stood="07") for row in leaving]
        plan = quotas.of(db.session, self.house.bodies["a1"], "1", 2026)
        quotas.plan(self.house.bodies["a1"], "1", 2026, plan.used + 2, reason="竹教发〔2026〕9号", version=plan.version, actor=self.house.actor("officer.a"))
        world.used, world.planned = plan.used, plan.used + 2
        self.by_the_way()

    def _of(self, school, stage, year, many):
        rows = db.session.execute(select(Student.id, Student.class_id).join(Grade, Grade.id == Student.grade_id).where(
            Student.school_id == self.house.bodies[school], Student.status == "01", Grade.stage == stage, Grade.advanced_to == year).order_by(Student.id).limit(many)).all()
        return [Pupil(row.id, row.id, school, row.class_id, stage) for row in rows]

    def _make_alike(self, one, other):
        """Two records of one child: the second has neither number nor document."""
        row = db.session.execute(select(*(STUDENTS[name] for name in WHO)).where(STUDENTS.id == one.id)).one()
        change(Student, other.id, **row._mapping)
        bare(other.id)
        other.person = one.person

    # ------------------------------------------------------------ helpers

    def now(self):
        return datetime.combine(self.world.today if hasattr(self, "world") else TODAY, time(15, 20))

    def when(self):
        return {"today": self.world.today, "now": self.now()}

    def actor(self, account):
        return self.house.actor(account)

    def by_the_way(self):
        """What was done beside the machine's own acts is known from here on."""
        keys = {self.house.bodies["a"]: "a", self.house.bodies["b"]: "b", trace.HOUSE: "house"}
        found = dict(db.session.execute(select(Chain.id, Chain.length).where(Chain.id.in_(keys))).all())
        self.world.chains = {key: found.get(chain, 0) for chain, key in keys.items()}

    def tried(self, name, act):
        self.sound = False  # until everything was looked at again
        try:
            result = act()
        except Refusal:
            OUTCOMES[name, "refused"] += 1
            return None
        OUTCOMES[name, "done"] += 1
        return result

    def pupil(self, which) -> Pupil:
        return self.world.pupils[which % len(self.world.pupils)]

    def begin(self, name, kind, pupils, act, *, by, allowed, sides, **rest):
        """An application; the model says whether it may be taken. Returns the case, if it was."""
        case_id = self.tried(name, act)
        if case_id is None:
            return None
        assert allowed, f"{name} was taken of {[(pupil.school, pupil.status, len(pupil.cases), pupil.in_question) for pupil in pupils]} on {self.world.today}"
        case = Case(case_id, name, kind, sides, by, pupils, began_on=self.world.today, two=self.world.two, **rest)
        self.world.began(case)
        self.world.told(case.counties, by)
        return case

    # ------------------------------------------------------------ deciding

    def one_of(self, which, found):
        return found[which % len(found)] if found else None

    @rule(which=ANY, action=st.sampled_from(ACTIONS), who=st.sampled_from(("holder", *PEOPLE)))
    def act_somehow(self, which, action, who):
        if case := self.one_of(which, self.world.open_cases()):
            self.act(case, action, case.holders()[0] if who == "holder" else who)

    @rule(which=ANY, action=st.sampled_from(DECISIONS), second=st.booleans())
    def act_in_order(self, which, action, second):
        if case := self.one_of(which, self.world.open_cases()):
            if case.seat() == "elsewhere":
                action = {"approve": "agree", "return": "disagree", "refuse": "disagree"}.get(action, action)
            self.act(case, action, self.who(case, action, second))

    def who(self, case, action, second=False):
        if action == "withdraw":
            return case.began
        if action == "clear":
            return f"officer.{min(case.counties)}"
        desk = case.holders(case.at - 1) if action == "take_back" and case.at > 0 else case.holders()
        return next((one for one in desk[:: -1 if second else 1] if case.may(one, action)), desk[0])

    @rule(which=ANY)
    def carry_through(self, which):
        if case := self.one_of(which, self.world.open_cases()):
            self.carry(case)

    def carry(self, case):
        """Whoever holds the desk agrees, to the end."""
        for _ in range(10):
            if case is None or case.state != "open" or case.at < 0:
                return
            seat = case.seat()
            action = {"elsewhere": "agree", "draw": "draw"}.get(seat, "approve")
            if not self.act(case, action, self.who(case, action)):
                return

    @rule(which=ANY)
    def send_back_and_mend(self, which):
        if case := self.one_of(which, [case for case in self.world.open_cases() if case.again]):
            self.act(case, "return", self.who(case, "return"))
            self.hand_in_again(case)

    def hand_in_again(self, case):
        if case.state == "open" and case.at == -1 and self.tried("again", lambda: case.again(case.version)):
            self.moved(case)
            case.at = 0
            self.world.told(case.counties, case.began)

    def act(self, case, action, who) -> bool:
        due_on = db.session.execute(AT.where(KEPT.id == case.id)).one().due_on
        overdue = due_on is not None and self.world.today > due_on
        words = replace(SAID.get(action, AGREED), **(ANSWER | {"answered_on": self.world.today} if action in ("agree", "disagree") else {}))
        seen = f"{case.name} at {case.seat()}: {action} by {who}"
        done = self.tried(action, lambda: cases.act(case.id, action, actor=self.actor(who), version=case.version, words=words, **self.when()))
        if done is None:
            assert overdue or not case.must(who, action), f"refused: {seen}"
            return False
        assert case.may(who, action, overdue=overdue), f"done: {seen}"
        self.moved(case)
        how, others = case.next(who, action), []
        if how == "effective":
            OUTCOMES[case.name, "effective"] += 1
            others = [other for pupil in case.pupils for other in pupil.cases.values() if other is not case] if case.name == "death" else []
            case.effect(case)
        elif how:
            self.world.ended(case, how)
            if case.undo and case.name in ("enrolment", "supplementary", "transfer"):
                case.undo(how)
        for other in others:
            self.world.ended(other, "cleared")
        self.world.told(case.counties.union(*(other.counties for other in others)), who)
        return True

    def moved(self, case):
        version = db.session.execute(AT.where(KEPT.id == case.id)).one().version
        assert version > case.version, f"the version of {case.name} stood still"
        case.version = version

    def takes_effect(self, case, **place):
        self.world.takes_effect(case, case.pupils, **place)

    # ------------------------------------------------------------ undoing

    @rule(which=ANY, back=st.sampled_from((0, 0, 0, 1)), by_others=st.booleans())
    def undo(self, which, back, by_others):
        pupil = self.pupil(which)
        past = [case for case in pupil.past if case != "class-change"]
        if len(past) > back:
            self.reverse(past[-1 - back], "officer.b" if by_others and which > 70 else None)

    @rule(which=ANY)
    def undo_what_has_no_pupil(self, which):
        if case := self.one_of(which, [case for case in self.world.cases.values() if not case.pupils and case.state == "effective"]):
            self.reverse(case)

    def reverse(self, case, who=None):
        who, allowed = who or case.decided_last()[0], case.decided_last()
        under = case.stands_under()
        if self.tried("reversal", lambda: reversals.reverse(case.id, "误办", actor=self.actor(who), **self.when())):
            assert not under, f"{case.name} was undone under {[one if isinstance(one, str) else one.name for one in under]}"
            assert who in allowed, f"{case.name} was undone by {who}"
            self.world.undone(case)
            if case.undo:
                case.undo("voided")
            self.world.told(case.counties, who)

    # ------------------------------------------------------------ time

    @rule(days=st.integers(1, 20))
    def later(self, days):
        self.world.today = min(self.world.today + timedelta(days=days), LAST_DAY)

    @rule(day=st.sampled_from((date(2027, 6, 30), date(2027, 7, 1), date(2027, 7, 14), date(2027, 7, 15), date(2027, 8, 1))))
    def summer(self, day):
        """The end of the school year, late in an example: from 1 July the graduating grades are locked, from 15 July all transfers."""
        if len(self.world.cases) > 12:
            self.world.today = max(day, self.world.today)

    @rule()
    def the_clock(self):
        """Instructions that nobody drew lapse; what is open of a graduating grade in July is cleared."""
        drawn = [case for case in self.world.open_cases() if case.seat() == "draw"]
        due = dict(db.session.execute(select(KEPT.id, KEPT.due_on).where(KEPT.id.in_([case.id for case in drawn]))).all())
        over = [case for case in drawn if due[case.id] < self.world.today]
        assert cases.lapse_due(**self.when()) == len(over)
        self.ended_by_the_clock(over, "lapse")
        held = [case for case in self.world.open_cases() if case.pupils and case.name != "death" and case.began_on < CLEARED and self.graduating(case.pupils[0])]
        held = held if self.world.today >= CLEARED else []
        assert cases.clear_graduating(**self.when()) == len(held)
        self.ended_by_the_clock(held, "clear")

    def ended_by_the_clock(self, ended, how):
        for case in ended:
            OUTCOMES[how, "done"] += 1
            self.moved(case)
            self.world.ended(case, case.next("", how))
            self.world.told(case.counties, "")

    def graduating(self, pupil):
        _, _, year, last = self.house.rooms.get(pupil.room, (None, None, 0, 1))
        return year == last
