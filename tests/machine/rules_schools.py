"""New pupils against the plan, the plan itself, pupils of another region."""

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from app.extensions import db
from app.models import Case, RecruitInstruction
from app.services.intake import enrolments
from app.services.pupils import records
from app.services.schools import drawing, instructions, quota_cases, quotas, recruiting
from app.workflow.flows import ENROLMENT, SUPPLEMENTARY
from tests.cast import new_pupil
from tests.services.test_supplementary import born

from .desks import ANY
from .matrix import NEW_RECORDS, OTHERS

GONE = ("94", "95")  # whose number is free again
CHILD = st.integers(1, 4)


class Schools:
    @rule(number=CHILD, number_of_room=st.integers(1, 2), carried=st.booleans())
    def enrol(self, number, number_of_room, carried):
        """新生登记, as far as the plan goes. The same child comes again and again."""
        self.take_in("enrolment", ENROLMENT, ("new", number), new_pupil(number, class_no=""), self.house.county.class_("a1", number=number_of_room), carried,
                     room_left=self.world.used < self.world.planned)

    @rule(number=CHILD, carried=st.booleans())
    def supplement(self, number, carried):
        """补录, into the third year, outside the plan."""
        self.take_in("supplementary", SUPPLEMENTARY, ("late", number), born(2024, number, class_no=""), self.house.county.class_("a1", year=3, number=2), carried)

    @rule(which=ANY)
    def supplement_one_who_is_here(self, which):
        """A record that is there already, at whatever school: she is asked for by transfer instead."""
        pupil = self.pupil(which)
        record = self.records_of.get(pupil.person)
        if record:
            self.take_in("supplementary", SUPPLEMENTARY, pupil.person, record, self.house.county.class_("a1", year=3, number=2), False)

    def take_in(self, name, flow, person, record, room, carried, room_left=True):
        known = [pupil for pupil in self.world.pupils if pupil.person == person and pupil.status not in GONE]
        by = "registrar.a1"
        case = self.begin(name, NEW_RECORDS[name], [], lambda: enrolments.apply(record, room, actor=self.actor(by), flow=flow, **self.when()),
                          by=by, allowed=not known and room_left, sides={"": "a1"})
        if case is None:
            return
        self.records_of[person] = record
        self.new_pupil(case, person, "a1", room, "1")
        case.again = lambda version: enrolments.resubmit(case.id, record, room, actor=self.actor(by), version=version, **self.when())
        if flow is ENROLMENT:
            self.world.used += 1
            gone = case.undo

            def give_back(how):
                gone(how)
                self.world.used -= 1

            case.undo = give_back
        if carried:
            self.carry(case)

    def student_of(self, case_id):
        return db.session.execute(select(Case.student_id).where(Case.id == case_id)).scalar_one()

    # ------------------------------------------------------------ the plan

    @rule(more=st.integers(1, 3), carried=st.booleans())
    def ask_for_a_larger_plan(self, more, carried):
        by, planned = "registrar.a1", self.world.planned
        asked = quota_cases.Asked("1", 2026, more, "小区交付，学区内适龄儿童增加", "县教育局会议纪要〔2026〕12号")
        open_one = any(case.name == "quota" for case in self.world.open_cases())
        case = self.begin("quota", OTHERS["quota"], [], lambda: quota_cases.apply(asked, actor=self.actor(by), **self.when()), by=by, allowed=not open_one, sides={"": "a1"})
        if case is None:
            return
        case.planned = planned

        def again(version):
            done = quota_cases.resubmit(case.id, asked, actor=self.actor(by), version=version, **self.when())
            case.planned = self.world.planned
            return done

        def effect(case):
            assert self.world.planned == case.planned, "the plan grew from another figure than was asked for"
            self.world.planned += more
            self.world.ended(case, "effective")

        def undo(how):
            assert self.world.planned == case.planned + more and self.world.used <= case.planned, "a plan was taken back that was in use"
            self.world.planned -= more

        case.again, case.effect, case.undo = again, effect, undo
        if carried:
            self.carry(case)

    @rule(more=st.integers(-2, 2))
    def set_the_plan(self, more):
        """核定: the county itself, never below who is in."""
        number = self.world.planned + more
        plan = quotas.of(db.session, self.house.bodies["a1"], "1", 2026)
        if self.tried("plan", lambda: quotas.plan(self.house.bodies["a1"], "1", 2026, number, reason="招生文件", version=plan.version, actor=self.actor("officer.a"))):
            assert number >= self.world.used, "a plan below who is in"
            self.world.planned = number
            self.world.told({"a"}, "")

    # ------------------------------------------------------------ another region

    @rule(carried=st.booleans())
    def ask_another_region(self, carried):
        """跨区域招生: the senior school asks for pupils of county B; both counties agree, the city is told."""
        by = "registrar.a4"
        asked = recruiting.Asked("3", self.world.today.year, self.house.bodies["b"], 2, "县际协作招生", "竹教招〔2026〕5号")
        other = any(case.name == "recruit-consent" and case.state in ("open", "effective") and case.year == asked.year for case in self.world.cases.values())
        case = self.begin("recruit-consent", OTHERS["recruit-consent"], [], lambda: recruiting.apply(asked, actor=self.actor(by), **self.when()),
                          by=by, allowed=not other, sides={"": "a4", "to": "a4", "from": "b"})
        if case is None:
            return
        case.year = asked.year

        def undo(how):
            assert case not in [consent for _, consent in self.world.instructions.values()], "a consent was undone that an instruction rests on"

        case.undo = undo
        case.again = lambda version: recruiting.resubmit(case.id, asked, actor=self.actor(by), version=version, **self.when())
        case.effect = lambda case: self.world.ended(case, "effective")
        if carried:
            self.carry(case)

    @rule(which=ANY, carried=st.booleans())
    def draw_one_who_was_recruited(self, which, carried):
        """升学调档: county B gives its instruction for one of its graduates; the school that it names draws her record."""
        pupil = self.one_of(which, [pupil for pupil in self.world.pupils if pupil.status == "07"])
        consent = next((case for case in self.world.cases.values() if case.name == "recruit-consent" and case.state == "effective" and case.year == 2026), None)
        if pupil is None or consent is None:
            return
        if pupil not in self.world.instructions:
            number = records.load(db.session, pupil.id)["national_no"]
            if not self.tried("instruct", lambda: instructions.give(consent.id, number, actor=self.actor("officer.b"), now=self.now())):
                return
            self.world.told({"a", "b"}, "")
            self.world.instructions[pupil] = db.session.execute(select(RecruitInstruction.id).where(
                RecruitInstruction.student_id == pupil.id, RecruitInstruction.state == "given")).scalar_one(), consent
        by, kind, room = "registrar.a4", OTHERS["moving-up"], self.house.county.class_("a4", stage="3")
        instruction = self.world.instructions[pupil][0]
        case = self.begin("moving-up", kind, [pupil], lambda: drawing.apply(instruction, room, actor=self.actor(by), **self.when()), by=by, allowed=pupil.takes(kind),
                          sides={"": "a4", "to": "a4", "from": "b2"})
        if case:
            case.again = lambda version: drawing.resubmit(case.id, room, actor=self.actor(by), version=version, **self.when())
            case.effect = lambda case: self.takes_effect(case, school="a4", room=room, stage="3")
            if carried:
                self.carry(case)
