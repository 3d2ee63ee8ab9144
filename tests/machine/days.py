"""Days on which an office does what it does all year, since chance forgets most rules in any one example; each deed is looked at as a step of its own."""

from hypothesis import note
from hypothesis.stateful import rule

from .desks import DECISIONS

DEEDS = {  # what, and how often of so many: chance says which pupil or case, which of some ways, and whether it is carried through
    "change": (24, lambda at, which, way, carried: at.begin_what_is_taken(which, way, carried)),
    "decide": (8, lambda at, which, way, carried: at.act_in_order(which, DECISIONS[way % len(DECISIONS)], carried)),
    "send back": (2, lambda at, which, way, carried: at.send_back_and_mend(which)),
    "undo": (8, lambda at, which, way, carried: at.undo(which, int(way > 80), False)),
    "transfer": (6, lambda at, which, way, carried: at.ask_for_a_pupil(which, way, 0, carried)),
    "undrawn": (2, lambda at, which, way, carried: at.leave_it_undrawn(which, carried)),
    "punish": (1, lambda at, which, way, carried: at.punish(which, not carried)),
    "ask": (2, lambda at, which, way, carried: at.ask_to_clear(which)),
    "home to another school": (2, lambda at, which, way, carried: at.home_to_another_school(which, way, carried)),
    "away": (2, lambda at, which, way, carried: at.send_elsewhere(which, carried)),
    "home": (2, lambda at, which, way, carried: at.come_back_from_elsewhere(which, carried)),
    "from elsewhere": (2, lambda at, which, way, carried: at.a_child_from_elsewhere(20 + way % 3, carried)),
    "turned down": (1, lambda at, which, way, carried: at.turned_down_elsewhere(20 + way % 3)),
    "village": (1, lambda at, which, way, carried: at.the_village_moves(which, carried)),
    "merge": (1, lambda at, which, way, carried: at.merge(way > 49, carried)),
    "enrol": (2, lambda at, which, way, carried: at.enrol(1 + way % 4, 1, carried)),
    "supplement": (2, lambda at, which, way, carried: at.supplement(1 + way % 4, carried)),
    "plan": (1, lambda at, which, way, carried: at.ask_for_a_larger_plan(1 + way % 3, carried)),
    "region": (1, lambda at, which, way, carried: at.ask_another_region(True)),
    "recruited": (2, lambda at, which, way, carried: at.draw_one_who_was_recruited(which, carried)),
    "question": (1, lambda at, which, way, carried: at.put_in_question(which, "03")),
    "remove": (1, lambda at, which, way, carried: at.remove_a_record(which)),
    "renew": (1, lambda at, which, way, carried: at.shortly_before_the_end(which)),
    "later": (6, lambda at, which, way, carried: at.later(1 + way % 20)),
}
ALL_YEAR = [name for name, (often, _) in DEEDS.items() for _ in range(often)]


class Days:
    @rule()
    def morning(self):
        self.some_deeds()

    @rule()
    def afternoon(self):
        self.some_deeds()

    @rule()
    def overtime(self):
        self.some_deeds()

    def some_deeds(self):
        for _ in range(6):
            name, which, way, carried = self.luck.choice(ALL_YEAR), self.luck.randrange(100), self.luck.randrange(100), self.luck.random() < 0.7
            note(f"    {name} {which} {way} {carried}")
            DEEDS[name][1](self, which, way, carried)
            self.all_agrees()
