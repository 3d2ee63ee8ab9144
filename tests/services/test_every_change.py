"""Every kind of change, in any order, by anybody, on any day: a small model of what may happen beside the register that it happens in.

Chance chooses (some 5,000 steps, in `make trust` 100,000). The model knows the matrix of workflows.md as it is written there, and nothing of how it is kept.
"""

import contextlib
import os
from collections import Counter as Count
from datetime import date, datetime, time, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.errors import Refusal
from app.extensions import db
from app.models import Absence, Case, CaseStep, Chain, Class, Enrolment, Movement, Student, Tally
from app.services.casework import cases, reversals
from app.services.casework.cases import Words
from app.services.standing import changes
from app.services.standing.changes import Asked
from app.workflow.changes import STATUS_CHANGES
from tests.answers import answers, evidence
from tests.cast import Cast
from tests.conftest import TODAY, app_on

HEAVY = os.environ.get("PROOFS") == "whole"
EXAMPLES, STEPS = (2000, 100) if HEAVY else (200, 50)

# kind → (statuses that it is taken for, the status after): workflows.md, the matrix at its end and sections 8–17; senior only where it says so
MATRIX = {
    "suspension": ({"01"}, "02"), "suspension-renewal": ({"02"}, "02"), "resumption": ({"02"}, "01"), "dropout": ({"01", "02"}, "06"), "back-to-school": ({"06"}, "01"),
    "abroad": ({"01", "02"}, "91"), "back-from-abroad": ({"91"}, "01"), "death": ({"01", "02", "06", "07", "08", "09", "91"}, "11"),
    "loss-of-ability": ({"01", "02", "06"}, "92"), "withdrawal": ({"01", "02", "06"}, "03"),
    "key-change": ({"01", "02", "06"}, None), "kind-change": ({"01", "02"}, None), "poverty": ({"01", "02"}, None), "poverty-end": ({"01", "02", "06"}, None),
    "expulsion": ({"01", "02", "06"}, "14"),
}
SENIOR = {"withdrawal", "expulsion"}
BESIDE = {"death"}
FINAL = {"11", "92", "03", "14"}  # nothing but an undoing leads out
BLAME = Words(reason="02", note="材料看不清")
OFTEN = {"dropout": 4, "back-to-school": 4, "resumption": 2, "suspension-renewal": 2, "expulsion": 2}  # what is rarely in season is tried more often
OUTCOMES = Count()
LAST_DAY = date(2027, 6, 25)
PUPIL = st.integers(0, 2)


class Register(RuleBasedStateMachine):
    """Pupils of a primary and of a senior school of county A."""

    house = None  # (template, folder, keys): set by the test

    @initialize()
    def open_house(self):
        template, folders, keys = self.house
        self.open = contextlib.contextmanager(app_on)(template, folders.mktemp("register"), keys)
        self.open.__enter__()
        self.county, self.today = Cast(), TODAY
        self.pupils = []
        for school, number in (("a1", 2), ("a4", 1)):
            rows = db.session.execute(select(Student.id).where(Student.school_id == self.county.body(school), Student.status == "01", Student.class_id.is_not(None))
                                      .order_by(Student.birth_date.desc(), Student.id).limit(number)).scalars().all()
            self.pupils += [(pupil, school) for pupil in rows]
        self.status = {pupil: "01" for pupil, _ in self.pupils}
        self.under_way = {pupil: {} for pupil, _ in self.pupils}  # case → (kind, step, who has agreed)
        self.effective = {pupil: [] for pupil, _ in self.pupils}  # (case, kind, status before)
        self.ended, self.acts = {}, 0
        self.length = self.events()

    def teardown(self):
        if hasattr(self, "open"):
            self.open.__exit__(None, None, None)

    # ------------------------------------------------------------ what people do

    @rule(which=PUPIL, kind=st.sampled_from(sorted(MATRIX)))
    def begin_anything(self, which, kind):
        """Whatever comes to mind: what the matrix does not have is refused."""
        self.begin(which, kind)

    @rule(which=PUPIL, pick=st.integers(0, 39), carried=st.booleans())
    def begin_what_is_taken(self, which, pick, carried):
        """One of the kinds that the matrix has for her, the final ones now and then; carried to its end as often as not."""
        pupil, school = self.pupils[which]
        kinds = [kind for kind in sorted(MATRIX) for _ in range(OFTEN.get(kind, 1)) if self.taken(pupil, school, kind) and (pick > 35 or MATRIX[kind][1] not in ("11", "92"))]
        if kinds:
            self.begin(which, kinds[pick % len(kinds)])
            if carried:
                self.carry_through(which)

    def taken(self, pupil, school, kind):
        free = not self.under_way[pupil] or (kind in BESIDE and all(one not in BESIDE for one, *_ in self.under_way[pupil].values()))
        return free and self.status[pupil] in MATRIX[kind][0] and (school == "a4" or kind not in SENIOR)

    def begin(self, which, kind):
        pupil, school = self.pupils[which]
        registrar, allowed = self.county.actor(f"registrar.{school}"), self.taken(pupil, school, kind)
        asked = self.answered(kind, pupil, registrar) if allowed else Asked({"reason": "99"}, ())
        if asked is None:
            return
        case_id = self.tried(kind, lambda: changes.apply(kind, pupil, asked, actor=registrar, today=self.today, now=self.now()))
        assert case_id is None or allowed, f"{kind} of {self.status[pupil]}"
        if case_id:
            self.under_way[pupil][case_id] = (kind, "school_audit", set())

    @rule(which=PUPIL)
    def carry_through(self, which):
        """Whoever holds the desk agrees, to the end."""
        for _ in range(4):
            self.act(which, "approve", "holder")

    @rule(which=PUPIL, action=st.sampled_from(("approve", "return", "refuse", "withdraw", "clear")), who=st.sampled_from(("head", "officer", "holder", "registrar", "other")))
    def act_somehow(self, which, action, who):
        self.act(which, action, who)

    @rule(which=PUPIL, action=st.sampled_from(("approve", "approve", "return", "return", "refuse", "withdraw", "clear")))
    def act_in_order(self, which, action):
        self.act(which, action, {"withdraw": "registrar", "clear": "officer"}.get(action, "holder"))

    def act(self, which, action, who):
        pupil, school = self.pupils[which]
        if not self.under_way[pupil]:
            return
        case_id = max(self.under_way[pupil])
        kind, step, agreed = self.under_way[pupil][case_id]
        holder = {"school_audit": f"head.{school}", "county": "officer.a", "city": "officer.city1", "applying": f"registrar.{school}"}[step]
        name = {"head": f"head.{school}", "officer": "officer.a", "holder": holder, "registrar": f"registrar.{school}", "other": "officer.b"}[who]
        person = self.county.actor(name)
        may = {"withdraw": f"registrar.{school}", "clear": "officer.a"}.get(action, holder)
        version, due_on = db.session.execute(select(Case.version, Case.due_on).where(Case.id == case_id)).one()
        above = {"school_audit": "officer.a", "county": "officer.city1"}.get(step) if due_on and self.today > due_on else None  # 代办, from the first overdue day on
        done = self.tried(action, lambda: cases.act(case_id, action, actor=person, version=version, today=self.today, now=self.now(),
                                                    words=Words(different=True) if action in ("approve", "withdraw", "clear") else BLAME))
        if done is None:
            return
        assert name in {may, above if action in ("approve", "return", "refuse") else may} and name not in agreed, f"{name} took {action} at {step}"
        now = db.session.execute(select(Case.state, Case.step).where(Case.id == case_id)).one()
        order = ["applying", "school_audit", "county", "city", "effective"]
        if action == "approve":
            assert order.index(now.step) > order.index(step)
        if now.state == "open":
            self.under_way[pupil][case_id] = (kind, now.step, agreed | {name} if action == "approve" else set())
            return
        del self.under_way[pupil][case_id]
        self.ended[case_id] = now.state
        if now.state == "effective":
            self.effective[pupil].append((case_id, kind, self.status[pupil]))
            self.status[pupil] = MATRIX[kind][1] or self.status[pupil]
            for other in list(self.under_way[pupil]) if kind in BESIDE else ():
                del self.under_way[pupil][other]
                self.ended[other] = "cleared"

    def hand_in_again(self, which):
        pupil, school = self.pupils[which]
        for case_id, (kind, step, _) in list(self.under_way[pupil].items()):
            registrar = self.county.actor(f"registrar.{school}")
            if step == "applying" and (asked := self.answered(kind, pupil, registrar)):
                version = db.session.execute(select(Case.version).where(Case.id == case_id)).scalar_one()
                if self.tried("again", lambda: changes.resubmit(case_id, asked, actor=registrar, version=version, today=self.today, now=self.now())):  # noqa: B023
                    self.under_way[pupil][case_id] = (kind, "school_audit", set())

    @rule(which=PUPIL, back=st.sampled_from((0, 0, 0, 1)))
    def undo(self, which, back):
        pupil, _ = self.pupils[which]
        if len(self.effective[pupil]) <= back:
            return
        case_id, _, before = self.effective[pupil][-1 - back]
        decided = db.session.execute(select(CaseStep.seat_duty).where(CaseStep.case_id == case_id, CaseStep.action == "approve").order_by(CaseStep.seq.desc()).limit(1)).scalar_one()
        person = self.county.actor("officer.city1" if decided == "city_officer" else "officer.a")
        if self.tried("undo", lambda: reversals.reverse(case_id, "误办", actor=person, today=self.today, now=self.now())):
            assert back == 0 and not self.under_way[pupil], "what something stands on was undone"
            self.effective[pupil].pop()
            self.status[pupil] = before
            self.ended[case_id] = "voided"

    @rule(days=st.integers(1, 20))
    def later(self, days):
        self.today = min(self.today + timedelta(days=days), LAST_DAY)

    @rule(which=PUPIL)
    def shortly_before_the_end(self, which):
        """Of a suspension: when it may be renewed, and is asked for."""
        pupil, _ = self.pupils[which]
        until = db.session.execute(select(Absence.until_on).where(Absence.student_id == pupil, Absence.state == "open", Absence.kind == "suspension")).scalar()
        if until:
            self.today = min(max(self.today, until - timedelta(days=20)), LAST_DAY)
            self.begin(which, "suspension-renewal")
            self.carry_through(which)

    @rule(which=PUPIL)
    def poor_for_a_while(self, which):
        pupil, school = self.pupils[which]
        for kind in ("poverty", "poverty-end"):
            if self.taken(pupil, school, kind):
                self.begin(which, kind)
                self.carry_through(which)

    @rule(which=PUPIL)
    def sent_back_and_mended(self, which):
        self.act(which, "return", "holder")
        self.hand_in_again(which)

    # ------------------------------------------------------------ what always holds

    @invariant()
    def the_register_agrees(self):
        if not hasattr(self, "status"):
            return
        db.session.expire_all()
        ids = list(self.status)
        assert dict(db.session.execute(select(Student.id, Student.status).where(Student.id.in_(ids))).all()) == self.status
        open_cases = db.session.execute(select(Case.student_id, Case.beside, Case.id).where(Case.student_id.in_(ids), Case.state == "open")).all()
        assert len({row[:2] for row in open_cases}) == len(open_cases)
        assert {row.id for row in open_cases} == {one for cases_of in self.under_way.values() for one in cases_of}
        if self.ended:
            states = db.session.execute(select(Case.id, Case.state).where(Case.id.in_(self.ended))).all()
            assert {row.id: row.state for row in states} == self.ended  # terminals are final
        assert self.events() == self.length + self.acts  # one event an act on this chain
        gone = {pupil for pupil, status in self.status.items() if status in FINAL | {"91"}}
        spells = db.session.execute(select(Enrolment.student_id, Enrolment.class_id).where(Enrolment.student_id.in_(ids), Enrolment.state == "open")).all()
        assert {row.student_id for row in spells} == set(ids) - gone
        classes = dict(db.session.execute(select(Student.id, Student.class_id).where(Student.id.in_(ids))).all())
        assert all(classes[row.student_id] == row.class_id for row in spells)
        heads = dict(db.session.execute(select(Class.id, Class.headcount).where(Class.id.in_(set(classes.values())))).all())
        counted = dict(db.session.execute(select(Student.class_id, func.count()).where(Student.class_id.in_(set(classes.values())), Student.lifecycle.in_(("live", "pending")),
                                                                                      (Student.lifecycle == "pending") | (Student.status == "01")).group_by(Student.class_id)).all())
        assert {one: heads[one] for one in heads} == {one: counted.get(one, 0) for one in heads}
        reading = db.session.execute(select(func.sum(Tally.number)).where(Tally.status == "01", Tally.school_id == self.county.body("a1"))).scalar()
        assert reading == db.session.execute(select(func.count()).where(Student.status == "01", Student.school_id == self.county.body("a1"))).scalar()
        moved = dict(db.session.execute(select(Movement.student_id, func.sum(Movement.number)).where(Movement.student_id.in_(ids)).group_by(Movement.student_id)).all())
        assert {pupil: 1 + int(moved.get(pupil) or 0) for pupil in ids} == {pupil: int(status == "01") for pupil, status in self.status.items()}

    # ------------------------------------------------------------ helpers of this page

    def answered(self, kind, pupil, registrar):
        """Good answers; None where what has to be on record before is refused. Notes of absence are acts of their own."""
        before, told = self.events(), None
        with contextlib.suppress(Refusal):
            told = answers(kind, pupil, today=self.today, registrar=registrar)
        self.acts += self.events() - before
        return told and Asked(told, evidence(kind, told))

    def tried(self, name, act):
        try:
            result = act()
        except Refusal:
            OUTCOMES[name, "refused"] += 1
            return None
        OUTCOMES[name, "done"] += 1
        self.acts += 1
        return result

    def events(self):
        return db.session.execute(select(Chain.length).where(Chain.id == self.county.body("a"))).scalar() or 0

    def now(self):
        return datetime.combine(self.today, time(15, 20))


def test_whatever_is_done_in_whatever_order(small_county, tmp_path_factory, keys_dir):
    Register.house = (small_county, tmp_path_factory, keys_dir)
    OUTCOMES.clear()
    run_state_machine_as_test(Register, settings=settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=not HEAVY, database=None, suppress_health_check=list(HealthCheck),
        phases=list(Phase) if HEAVY else [Phase.generate]))  # what fails is told as it was found: making it shorter takes longer than finding it
    done = {name for name, how in OUTCOMES if how == "done"}
    assert done >= {"approve", "return", "refuse", "withdraw", "clear", "again", "undo"} and len(done & set(MATRIX)) >= len(MATRIX) - 3, OUTCOMES  # else chance chose too little


def test_the_matrix_knows_every_kind():
    """But those that have a machine of their own: 问题学籍 needs a mark first, 跳级 and 留级 other rules than the country's."""
    assert set(MATRIX) == set(STATUS_CHANGES) - {"problem", "grade-skip", "grade-repeat"}
