"""The small model: pupils with their places, cases with their desks. It is told what was done, and says what may be done next; it never looks at the register."""

from dataclasses import dataclass, field
from datetime import date

from .matrix import HERE, RECORD_ONLY, Kind

ONE_PERSON = {"a5": "township.a.t1"}  # a teaching point whose township checks (DECIDED 4)
CITY = {"a": "city1", "b": "city1"}


def county_of(school):
    return school[0]


@dataclass(eq=False)
class Pupil:
    id: int
    person: object  # who she is: two records of one person are a duplicate
    school: str
    room: int | None  # her class
    stage: str
    status: str = "01"
    in_question: bool = False
    punished: bool = False
    mark: int | None = None  # the 处分 that stands
    cases: dict = field(default_factory=dict)  # open: id → Case
    version: int = 0
    stood: str | None = "01"  # when she was looked at last
    past: list = field(default_factory=list)  # what took effect, in order: Case, or "class-change"

    @property
    def here(self):
        return self.status in HERE

    @property
    def county(self):
        return county_of(self.school)

    def __post_init__(self):
        self.first_room = self.room

    def takes(self, kind: Kind) -> bool:
        free = not any(case.kind.beside for case in self.cases.values()) if kind.beside else not self.cases
        return free and kind.takes(self.status, self.stage)


@dataclass(eq=False)
class Case:
    """`at` is the seat that it lies at, counted from 0; -1 is the applicant's desk. `sides` are the schools: {"": where it began, "to": …, "from": …}."""

    id: int
    name: str
    kind: Kind
    sides: dict
    began: str
    pupils: list
    began_on: date | None = None
    two: frozenset = frozenset()  # counties whose rules ask for two persons at their desks
    asked: bool = False  # to be cleared, by the school whose child it holds
    first: str = ""  # who of two has agreed where it lies
    opens: int | None = None  # the room that its undoing opens again
    again: object = None  # hand it in again: version → None
    effect: object = None  # what it does to the pupils of the model when it takes effect
    undo: object = None
    at: int = 0
    agreed: dict = field(default_factory=dict)  # account → the seat at which it agreed
    state: str = "open"
    before: dict = field(default_factory=dict)  # pupil → how she stood
    version: int = 1

    @property
    def seats(self):
        return self.kind.seats.split()

    @property
    def counties(self):
        return {county_of(school) for school in self.sides.values() if school}

    def seat(self, at=None):
        return self.seats[self.at if at is None else at] if self.at >= 0 else "applicant"

    def holders(self, at=None) -> tuple:
        """Who sits at the desk where it lies."""
        at = self.at if at is None else at
        if at < 0:
            return (self.began,)
        seat = self.seats[at]
        if seat == "elsewhere":
            return self.holders(at - 1)
        side, _, duty = ("to.registrar" if seat == "draw" else seat).rpartition(".")
        school = self.sides.get(side) or self.sides.get("from") or self.sides.get("to") or self.sides[""]
        match duty:
            case "registrar":
                return (f"registrar.{school}",)
            case "audit":
                return (ONE_PERSON.get(school, f"head.{school}"),)
            case "county":
                return (f"officer.{county_of(school)}", f"officer2.{county_of(school)}")
            case "city":
                return (f"officer.{CITY[county_of(school)]}",)

    def above(self) -> tuple:
        """Who may act in place of an overdue desk (代办)."""
        name, _, body = self.holders()[0].partition(".")
        if name.startswith("officer"):
            return (f"officer.{CITY[body]}",) if body in CITY else ("officer.province",)
        return (f"officer.{county_of(body)}", f"officer2.{county_of(body)}")

    def may(self, who, action, *, overdue=False) -> bool:
        seat = self.seat()
        if action == "withdraw":
            return who == self.began
        if action == "clear":
            return who in {f"{name}.{county}" for name in ("officer", "officer2") for county in self.counties}
        if action == "take_back":
            return seat == "draw" and who in self.holders(self.at - 1)
        if self.at < 0 or (action in ("agree", "disagree")) != (seat == "elsewhere") or (action == "draw") != (seat == "draw"):
            return False
        if self.kind.noted and self.at == len(self.seats) - 1 and action != "approve":
            return False
        sits = who in self.holders() or (overdue and action != "draw" and who in self.above())
        return sits and (action in ("agree", "disagree", "draw") or (who not in (self.began, self.first) and self.agreed.get(who, self.at) == self.at))

    def must(self, who, action) -> bool:
        """What nothing may stand in the way of: to take back, to clear, to refuse."""
        return action in ("withdraw", "clear", "refuse") and self.may(who, action)

    def asks_another(self, who) -> bool:
        """He is the first of two persons of a bureau (workflows 0, 7b); who stands in for a silent one is none of them."""
        return self.seat().rpartition(".")[2] == "county" and who in self.holders() and not (self.first or self.kind.alone) and who[-1] in self.two

    def next(self, who, action):
        """Somebody acted. Returns how the case ended, if it did."""
        first, self.first = self.asks_another(who) if action == "approve" else False, ""
        if first:
            self.first, self.agreed[who] = who, self.at
            return ""
        match action:
            case "approve" | "agree" | "draw":
                if action == "approve":
                    self.agreed[who] = self.at
                self.at += 1
                return "effective" if self.at == len(self.seats) else ""
            case "return":
                self.at = -1
                return ""
        return {"refuse": "rejected", "disagree": "rejected", "take_back": "rejected", "withdraw": "withdrawn", "clear": "cleared", "lapse": "lapsed"}[action]

    def decided_last(self) -> tuple:
        """Who may undo it: the bureau that agreed last (DECIDED 16)."""
        return self.holders(max(at for at, seat in enumerate(self.seats) if seat.rpartition(".")[2] in ("county", "city")))

    def stands_under(self) -> list:
        """What was built on it since, pupil by pupil: it cannot be undone before that is."""
        found = []
        for pupil in self.before:
            found += [case for case in pupil.cases.values() if case.id > self.id]
            found += [later for later in pupil.past[pupil.past.index(self) + 1:] if self._bears(later)]
        return found

    def _bears(self, later) -> bool:
        if later == "class-change":
            return self.kind.places
        if later.state != "effective":
            return False
        return (self.name in RECORD_ONLY) == (later.name in RECORD_ONLY) and not (self.name == later.name == "problem") and later.id > self.id


@dataclass(eq=False)
class World:
    """All that the machine has touched."""

    today: date
    pupils: list = field(default_factory=list)
    cases: dict = field(default_factory=dict)  # all of them, by id
    chains: dict = field(default_factory=dict)  # county or house → how many events it holds
    closed: set = field(default_factory=set)  # rooms that were dissolved when the last had gone
    instructions: dict = field(default_factory=dict)  # 允许外招指令 that are given or drawn: pupil → (its id, the consent that it rests on)
    two: frozenset = frozenset()
    planned: int = 0
    used: int = 0  # of the plan of a1's new pupils

    def open_cases(self):
        return [case for case in self.cases.values() if case.state == "open"]

    def told(self, counties, who):
        """One event on each chain concerned: of the counties, and of the house where a city or a province acts."""
        for chain in {*counties, *(["house"] if who.partition(".")[2].startswith(("city", "province")) else [])}:
            self.chains[chain] += 1

    def began(self, case):
        self.cases[case.id] = case
        for pupil in case.pupils:
            pupil.cases[case.id] = case

    def ended(self, case, state):
        case.state = state
        for pupil in case.pupils:
            pupil.cases.pop(case.id, None)

    def takes_effect(self, case, pupils, **place):
        """For these pupils: each stands as the kind says, at this school and in this room; the others of the case were left out."""
        self.ended(case, "effective")
        for pupil in pupils:
            case.before[pupil] = pupil.status, pupil.school, pupil.room, pupil.stage
            pupil.status = case.kind.after or pupil.status
            pupil.school, pupil.room, pupil.stage = (place.get(name, getattr(pupil, name)) for name in ("school", "room", "stage"))
            pupil.past.append(case)

    def undone(self, case):
        case.state = "voided"
        self.closed.discard(case.opens)
        for pupil, before in case.before.items():
            pupil.past.remove(case)
            if case.name == "problem":
                pupil.in_question = True
            if case.name not in RECORD_ONLY:
                pupil.status, pupil.school, pupil.room, pupil.stage = before
                if pupil.room in self.closed:
                    pupil.room = None

