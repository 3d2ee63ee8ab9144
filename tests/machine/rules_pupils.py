"""What happens to one pupil at her school: the kinds of change (异动), class moves, corrections by the bureau, records in question."""

import contextlib
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from app.errors import Refusal
from app.extensions import db
from app.models import Absence, Conduct
from app.services.problem_records import problems
from app.services.problem_records.problems import Found
from app.services.pupils import conduct
from app.services.schools import class_moves
from app.services.standing import changes
from app.services.standing.changes import Asked
from app.services.transfer import pupil_lookup
from tests.answers import answers, evidence
from tests.services.test_conduct import MARK

from .desks import ANY, LAST_DAY
from .matrix import BY_OFFICE, CHANGES, OFTEN, RARE
from .rules_transfers import SCHOOLS


class Pupils:
    @rule(which=ANY, kind=st.sampled_from(sorted(CHANGES)))
    def begin_anything(self, which, kind):
        """Whatever comes to mind: what the matrix does not have is refused."""
        pupil = self.pupil(which)
        if pupil.status is not None:
            self.change(pupil, kind)

    @rule(which=ANY, pick=ANY, carried=st.booleans())
    def begin_what_is_taken(self, which, pick, carried):
        """One of the kinds that the matrix has for her, the final ones now and then; carried to its end as often as not."""
        pupil = self.pupil(which)
        kinds = [kind for kind in sorted(CHANGES) for _ in range(OFTEN.get(kind, 1)) if pupil.takes(CHANGES[kind]) and (pick > 90 or kind not in RARE)]
        if kinds:
            case = self.change(pupil, kinds[pick % len(kinds)])
            if carried:
                self.carry(case)

    def change(self, pupil, kind, office=False, **more):
        """The school's registrar applies, or the bureau itself."""
        what = BY_OFFICE[kind] if office else CHANGES[kind]
        by = f"officer.{pupil.county}" if office else f"registrar.{pupil.school}"
        allowed = pupil.takes(what)
        told = self.answered(kind, pupil, more) if allowed else {"reason": "99"}
        if told is None:
            return None
        if told.get("resolution") == "3":
            what = replace(what, after="95")
        case = self.begin(kind, what, [pupil], lambda: changes.apply(kind, pupil.id, Asked(told, evidence(kind, told)), actor=self.actor(by), **self.when()),
                          by=by, allowed=allowed and (office or not self.locked(pupil, kind)), sides={"": pupil.school})
        if case:
            case.again = None if office else lambda version: self.hand_in_change(case, version, more)
            case.effect = lambda case: self.changed(case, told)
        return case

    def locked(self, pupil, kind):
        """毕业年级自7月1日起停止受理新业务, but for a death; 跳级 and 留级 at the start of a school year alone."""
        today = self.world.today
        if kind in ("grade-skip", "grade-repeat"):
            return (today.month, today.day) > (9, 30) or today.year > 2026
        return self.graduating(pupil) and kind != "death" and (today.year, today.month) >= (2027, 7)

    def hand_in_change(self, case, version, more):
        pupil = case.pupils[0]
        told = self.answered(case.name, pupil, more) or {}
        done = changes.resubmit(case.id, Asked(told, evidence(case.name, told)), actor=self.actor(case.began), version=version, **self.when())
        case.effect = lambda case: self.changed(case, told)
        return done

    def changed(self, case, told):
        pupil = case.pupils[0]
        self.takes_effect(case, **({"room": told["to_class"]} if case.kind.places else {}))
        if case.name == "problem":
            pupil.in_question = False

    def answered(self, kind, pupil, more=()):
        """Good answers; None where what has to be on record before is refused. Notes of absence and marks are acts of their own."""
        told = None
        with contextlib.suppress(Refusal):
            told = answers(kind, pupil.id, today=self.world.today, registrar=self.actor(f"registrar.{pupil.school}")) | dict(more)
            pupil.in_question = pupil.in_question or kind == "problem"
        self.by_the_way()
        return told

    @rule(which=ANY, kind=st.sampled_from(sorted(BY_OFFICE)), carried=st.booleans())
    def the_office_corrects(self, which, kind, carried):
        """By itself, beside what is under way."""
        pupil = self.pupil(which)
        if pupil.county == "a" and pupil.status is not None and (kind != "problem" or pupil.in_question):
            case = self.change(pupil, kind, office=True)
            if carried:
                self.carry(case)

    @rule(which=ANY, kind=st.sampled_from(("03", "12")))
    def put_in_question(self, which, kind):
        pupil = self.pupil(which)
        act = self.tried("mark", lambda: problems.mark(pupil.id, Found(kind, self.world.today, "list", "比对不符"), actor=self.actor(f"officer.{pupil.county}"), **self.when()))
        if act:
            pupil.in_question = True
            self.world.told({pupil.county}, "")

    @rule(which=ANY)
    def remove_a_record(self, which):
        """空挂学籍: nobody reads there."""
        pupil = self.pupil(which)
        if which > 60 and pupil.takes(CHANGES["problem"]):
            with contextlib.suppress(Refusal):
                problems.mark(pupil.id, Found("12", self.world.today, "list", "查无此人"), actor=self.actor(f"officer.{pupil.county}"), **self.when())
                pupil.in_question = True
            self.by_the_way()
            self.carry(self.change(pupil, "problem", problem_kind="12", resolution="3"))

    @rule(which=ANY)
    def move_to_the_next_class(self, which):
        """调班: no case, an act of the school."""
        pupil = self.pupil(which)
        rooms = [room for room in self.house.rooms_like(pupil.room, pupil.school) if room != pupil.room] if pupil.room in self.house.rooms else []
        if not rooms:
            return
        if self.tried("class-change", lambda: class_moves.move(pupil.room, [pupil.id], rooms[0], actor=self.actor(f"registrar.{pupil.school}"), **self.when())):
            assert pupil.here and not pupil.cases, f"moved to another class: {pupil}"
            pupil.room = rooms[0]
            pupil.past.append("class-change")
            self.world.told({pupil.county}, "")

    @rule(which=ANY)
    def shortly_before_the_end(self, which):
        """Of a suspension: when it may be renewed, and is asked for."""
        pupil = self.one_of(which, [pupil for pupil in self.world.pupils if pupil.takes(CHANGES["suspension-renewal"])])
        if pupil is None:
            return
        until = db.session.execute(select(Absence.until_on).where(Absence.student_id == pupil.id, Absence.state == "open", Absence.kind == "suspension")).scalar()
        if until:
            self.world.today = min(max(self.world.today, until - timedelta(days=20)), LAST_DAY)
            self.carry(self.change(pupil, "suspension-renewal"))

    @rule(which=ANY, lifted=st.booleans())
    def punish(self, which, lifted):
        """处分, and its lifting: while it stands she does not transfer. The duplicate's would be hers too."""
        pupil = self.pupil(which)
        if pupil.person == self.world.pupils[0].person or not pupil.here:
            return
        by, today = self.actor(f"registrar.{pupil.school}"), self.world.today
        if not pupil.punished:
            given = self.tried("punish", lambda: conduct.give(pupil.id, replace(MARK, given_on=today), actor=by, **self.when()))
            pupil.mark = given and db.session.execute(select(Conduct.id).where(Conduct.student_id == pupil.id, Conduct.state == "standing")).scalar_one()
        elif lifted:
            pupil.mark = None if self.tried("lift", lambda: conduct.lift(pupil.mark, today, "堵小〔2026〕6号", actor=by, **self.when())) else pupil.mark
        if pupil.punished != (pupil.mark is not None):
            pupil.punished = pupil.mark is not None
            self.world.told({pupil.county}, "")

    @rule(which=ANY, school=ANY, carried=st.booleans())
    def home_to_another_school(self, which, school, carried):
        """回国 to a school that had not had her: it applies, by its look-up; its county decides."""
        pupil = self.one_of(which, [pupil for pupil in self.world.pupils if pupil.status == "91"])
        schools = [one for one in SCHOOLS[pupil.stage] if one != pupil.school] if pupil else []
        if not schools or pupil.room not in self.house.rooms:
            return
        school, kind = self.one_of(school, schools), CHANGES["back-from-abroad"]
        room, actor = self.house.rooms_like(pupil.room, school)[0], self.actor(f"registrar.{school}")

        def asked():
            told = {"effective_on": self.world.today, "to_class": room, "explanation": "在大阪读小学", "guardian": "监护人（父亲）"}
            return Asked(told, ("application", "learning"), pupil_lookup.token(pupil.id, actor))

        stopped = self.graduating(pupil) and self.world.today >= date(2027, 7, 1)
        case = self.begin("back-from-abroad", kind, [pupil], lambda: changes.apply("back-from-abroad", pupil.id, asked(), actor=actor, **self.when()),
                          by=f"registrar.{school}", allowed=pupil.takes(kind) and not stopped, sides={"": school, "to": school, "from": pupil.school})
        if case:
            case.again = lambda version: changes.resubmit(case.id, asked(), actor=actor, version=version, **self.when())
            case.effect = lambda case: self.takes_effect(case, school=school, room=room)
            if carried:
                self.carry(case)

    @rule(which=ANY)
    def poor_for_a_while(self, which):
        pupil = self.pupil(which)
        for kind in ("poverty", "poverty-end"):
            if pupil.takes(CHANGES[kind]):
                self.carry(self.change(pupil, kind))
