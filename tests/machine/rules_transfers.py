"""Transfers: inside the county, between two, with an instruction, to and from elsewhere, whole classes; and two records that become one."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.services.casework import tasks
from app.services.problem_records import merges
from app.services.transfer import pupil_lookup, transfers, whole_classes
from app.services.transfer.transfers import Request
from tests.services.test_merges import WORDS
from tests.services.test_transfers_elsewhere import from_elsewhere
from tests.transfer_office import ASKED, DEQING

from .desks import ANY, LAST_DAY
from .matrix import HERE, OTHERS, TRANSFERS
from .model import Pupil, county_of

FIRST_TERM = (date(2026, 9, 1), date(2027, 1, 31))
WHY = {"explanation": "教学点撤并到中心学校", "document": "竹政办函〔2026〕18号"}
SCHOOLS = {"1": ("a1", "a3", "b1"), "3": ("a4", "b3"), "2": ()}


class Transfers:
    @rule(which=ANY, school=ANY, years=st.sampled_from((0, 0, 0, 0, 1)), carried=st.booleans())
    def ask_for_a_pupil(self, which, school, years, carried):
        """A school of this county or the other asks for her; into another year it may not."""
        pupil = self.pupil(which)
        school = self.one_of(school, SCHOOLS[pupil.stage])
        rooms = self.house.rooms_like(pupil.room, school, years) if pupil.room in self.house.rooms else []
        if not rooms or pupil.status not in HERE | {"11", "91"}:
            return
        kind = TRANSFERS["in the county" if pupil.county == county_of(school) else "by instruction" if pupil.county == "b" else "between counties"]
        allowed = pupil.takes(kind) and not (years or pupil.school == school or pupil.in_question or pupil.punished or self.shut(pupil))
        case = self.hand_in(pupil, kind, f"registrar.{school}", {"to": school, "from": pupil.school, "": school}, allowed, class_id=rooms[0])
        if case:
            case.effect = lambda case: self.goes_away(case, school=school, room=rooms[0])
            if carried:
                self.carry(case)

    def goes_away(self, case, **place):
        """Whatever came meanwhile: nobody leaves under punishment, or with a record in question."""
        assert not any(pupil.punished or pupil.in_question for pupil in case.pupils)
        self.takes_effect(case, **place)

    @rule(which=ANY)
    def ask_to_clear(self, which):
        """The school of a child whom another school's case holds asks its bureau; the case lies where it lay."""
        case = self.one_of(which, [case for case in self.world.open_cases() if case.sides.get("from", "a") not in ("a", "b", case.sides.get(""))])
        if case and self.tried("ask to clear", lambda: tasks.ask_to_clear(case.id, "家长来校说明不再转学", actor=self.actor(f"registrar.{case.sides['from']}"), now=self.now())):
            assert not case.asked, f"asked to clear {case.name} twice"
            case.asked = True
            self.world.told({county_of(case.sides["from"])}, "")

    @rule(which=ANY, taken_back=st.booleans())
    def leave_it_undrawn(self, which, taken_back):
        """County B has given its instruction, and nobody draws: it is taken back, or its time runs out."""
        pupil = self.one_of(which, [pupil for pupil in self.world.pupils if pupil.county == "b" and pupil.takes(TRANSFERS["by instruction"])])
        if pupil is None:
            return
        self.ask_for_a_pupil(self.world.pupils.index(pupil), 0, 0, False)
        for case in list(pupil.cases.values()):
            while case.seat() != "draw" and self.act(case, "approve", self.who(case, "approve")):
                pass
            if case.seat() == "draw":
                if taken_back:
                    self.act(case, "take_back", self.who(case, "take_back"))
                else:
                    self.world.today = min(self.world.today + timedelta(days=91), LAST_DAY)
                    self.the_clock()

    def shut(self, pupil):
        """暂停期 from 15 July to 14 August; the first term of the first year; the last year of the stage."""
        today, (_, _, year, last) = self.world.today, self.house.rooms[pupil.room]
        return date(2027, 7, 15) <= today <= date(2027, 8, 14) or (year == 1 and today <= FIRST_TERM[1] and today < date(2027, 1, 1)) or year == last

    def hand_in(self, pupil, kind, by, sides, allowed, name="transfer", **rest):
        actor = self.actor(by)

        def request():
            whom = {"student_id": pupil.id} if name == "transfer-out" else {"token": pupil_lookup.token(pupil.id, actor)}
            return Request(asked=ASKED, **whom, **rest)

        case = self.begin(name, kind, [pupil], lambda: transfers.apply(request(), actor=actor, **self.when()), by=by, allowed=allowed, sides=sides)
        if case:
            case.again = lambda version: transfers.resubmit(case.id, request(), actor=actor, version=version, **self.when())
        return case

    @rule(which=ANY, carried=st.booleans())
    def send_elsewhere(self, which, carried):
        """系统外转出: to a school of another province that is not in this house."""
        pupil, kind = self.pupil(which), TRANSFERS["to elsewhere"]
        if pupil.stage != "1" or pupil.room not in self.house.rooms or pupil.status not in HERE:
            return
        allowed = pupil.takes(kind) and not (pupil.in_question or pupil.punished or self.shut(pupil))
        case = self.hand_in(pupil, kind, f"registrar.{pupil.school}", {"from": pupil.school, "": pupil.school}, allowed, "transfer-out", outside=DEQING)
        if case:
            case.effect = self.goes_away
            if carried:
                self.carry(case)

    @rule(which=ANY, carried=st.booleans())
    def come_back_from_elsewhere(self, which, carried):
        """Who went to a school elsewhere, by her own record; into her year of then."""
        pupil, kind = self.pupil(which), TRANSFERS["from elsewhere"]
        if pupil.status != "10" or pupil.room not in self.house.rooms or self.house.rooms[pupil.room][2] != DEQING.advanced_to:
            return
        room = self.house.rooms_like(pupil.room, "a1")[0]
        shut = date(2027, 7, 15) <= self.world.today
        case = self.hand_in(pupil, kind, "registrar.a1", {"to": "a1", "": "a1"}, pupil.takes(kind) and not shut, class_id=room, outside=DEQING)
        if case:
            case.effect = lambda case: self.takes_effect(case, school="a1", room=room)
            if carried:
                self.carry(case)

    @rule(number=st.integers(20, 22), carried=st.booleans())
    def a_child_from_elsewhere(self, number, carried):
        """No record here: she is pending until the other side has answered. One person is one pupil."""
        person, record = ("elsewhere", number), from_elsewhere(number)
        room = self.house.rooms_like(self.world.pupils[0].room, "a1")[0] if self.world.pupils[0].room in self.house.rooms else self.house.county.class_("a1", year=2)
        known = [pupil for pupil in self.world.pupils if pupil.person == person and pupil.status not in ("94", "95")]
        by = "registrar.a1"
        if self.house.rooms[room][2] != DEQING.advanced_to:
            return
        request = Request(asked=ASKED, record=record, class_id=room, outside=DEQING)
        case = self.begin("transfer", TRANSFERS["from elsewhere"], [], lambda: transfers.apply(request, actor=self.actor(by), **self.when()), by=by,
                          allowed=not known and self.world.today < date(2027, 7, 15), sides={"to": "a1", "": "a1"})
        if case:
            self.new_pupil(case, person, "a1", room, "1")
            case.again = lambda version: transfers.resubmit(case.id, request, actor=self.actor(by), version=version, **self.when())
            if carried:
                self.carry(case)

    @rule(number=st.integers(20, 22))
    def turned_down_elsewhere(self, number):
        """Ours have agreed, the other side has not."""
        self.a_child_from_elsewhere(number, False)
        for case in [case for case in self.world.open_cases() if case.kind is TRANSFERS["from elsewhere"]]:
            while case.seat() in ("to.audit", "to.county") and self.act(case, "approve", self.who(case, "approve")):
                pass
            if case.seat() == "elsewhere":
                self.act(case, "disagree", self.who(case, "disagree"))

    def new_pupil(self, case, person, school, room, stage):
        """She is there from the application on, and gone when it comes to nothing."""
        pupil = Pupil(self.student_of(case.id), person, school, room, stage, status=None, stood=None)
        self.world.pupils.append(pupil)
        case.pupils.append(pupil)
        pupil.cases[case.id] = case
        case.effect = self.takes_effect
        case.undo = lambda how: setattr(pupil, "status", "94")

    @rule(which=ANY, carried=st.booleans())
    def the_village_moves(self, which, carried):
        """整班转学: the class of the village point goes to a1; whoever cannot stays behind."""
        old = self.world.pupils[4].first_room
        new = self.house.county.class_("a1", year=self.house.rooms[old][2])
        asked = whole_classes.Asked(self.house.bodies["a5"], self.house.bodies["a1"], ((old, new),), **WHY)
        by = "township.a.t1"
        going = [pupil for pupil in self.world.pupils if self.goes(pupil, old)]
        open_one = any(case.name == "whole-class-transfer" for case in self.world.open_cases())
        case = self.begin("whole-class-transfer", OTHERS["whole-class-transfer"], [], lambda: whole_classes.apply(asked, actor=self.actor(by), **self.when()), by=by,
                          allowed=bool(going) and not open_one and self.world.today < date(2027, 7, 15), sides={"from": "a5", "to": "a1"})
        if case is None:
            return
        case.listed = going

        def again(version):
            done = whole_classes.resubmit(case.id, asked, actor=self.actor(by), version=version, **self.when())
            case.listed = [pupil for pupil in self.world.pupils if self.goes(pupil, old)]
            return done

        def effect(case):
            going = [pupil for pupil in case.listed if self.goes(pupil, old)]
            assert going, "a whole class moved without a pupil"
            self.world.takes_effect(case, going, school="a1", room=new)
            if not any(pupil.room == old and pupil.here for pupil in self.world.pupils):
                self.world.closed.add(old)
                case.opens = old

        case.again, case.effect = again, effect
        if carried:
            self.carry(case)

    def goes(self, pupil, room):
        return pupil.room == room and pupil.status == "01" and not pupil.cases and not pupil.in_question

    # ------------------------------------------------------------ two records of one child

    @rule(turned=st.booleans(), carried=st.booleans())
    def merge(self, turned, carried):
        """The bureau of either record asks, another person, or the other's bureau, agrees."""
        kept, other = self.alike(turned)
        by = f"officer.{kept.county}"
        same = kept.county == other.county
        allowed = not kept.cases and not other.cases and other.status not in ("93", "95", "11", "92", "94") and kept.status not in ("93", "95", "11", "92", "94")
        case = self.begin("merge", OTHERS["merge" if same else "merge between counties"], [other, kept], lambda: merges.apply(
            kept.id, other.id, WORDS, actor=self.actor(by), **self.when()), by=by, allowed=allowed, sides={"from": other.school, "to": kept.school, "": kept.school, "other": other.school})
        if case:
            case.effect = self.merged
            if carried:
                self.carry(case)

    def alike(self, turned):
        pair = [pupil for pupil in self.world.pupils if pupil.person == self.world.pupils[0].person]
        return pair[::-1] if turned else pair

    def merged(self, case):
        other, kept = case.pupils
        self.takes_effect(case)
        kept.status = case.before[kept][0]
        other.in_question = False
