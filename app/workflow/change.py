"""How a change of a pupil's standing (异动) is written as a table entry, beside workflows.md 8–17 and the matrix at its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..codes import table
from .flow import Flow

OFFICE = "county_officer"  # who corrects by himself (DECIDED 5)


@dataclass(frozen=True)
class StatusChange:
    """`statuses` is this kind's column of the matrix: the student_current_status of whom it may be applied for. `stages`: 1 小学, 2 初中, 3 高中.

    `years` are the grades of the classes that are offered, counted from her own year of schooling: 0 her year-mates', -1 the next lower one; none for a kind
    that moves nobody. `checks` are functions of ChangeFacts; `needed` says which evidence a reason asks for, under "" for every reason. `instead` says what to do first for a
    pupil whose status bars it. `any_time` is taken for graduating grades after 1 July too; `beside` goes beside an open case and clears it.

    `anywhere`: it is applied for by the school that receives her, whichever had her last.

    `items` are items of the record that the form changes: what is left empty stays. `evidence_by` is the answer that decides which evidence is needed.
    `office_line` is the way of a case that the deciding office begins by itself, where it may: beside an open case, and for `office_statuses` too (DECIDED 15).
    """

    flow: Flow
    asks: Mapping[str, str]  # what the form asks, in its order: field → title
    statuses: tuple
    checks: tuple
    needed: Mapping[str, tuple] = field(default_factory=dict)
    warned: Mapping[str, str] = field(default_factory=dict)  # the evidence that a warning asks for: check → kind
    reasons: str = ""  # a code table; none where no reason is asked
    stages: str = "123"
    instead: Mapping[str, str] = field(default_factory=dict)
    years: tuple = ()
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # what a field of the form is chosen from, beside the reason: {field: {code: words}}
    set_by: Mapping[str, str] = field(default_factory=dict)  # steps that are on the way where a setting says so: {step: setting}
    any_time: bool = False
    beside: bool = False
    anywhere: bool = False
    items: tuple = ()
    evidence_by: str = "reason"
    office_line: tuple = ()
    office_statuses: tuple = ()
    bars: Callable = lambda student: ""  # what else stands in the way before a form is opened, as a sentence

    def evidence_for(self, reason) -> tuple:
        return (*self.needed.get("", ()), *(self.needed.get(reason, ()) if reason else ()))

    def evidence_lists(self) -> list:
        """[(answers, titles of the evidence)]: first, without words, what every answer asks for; then what some ask for besides, alike answers in one line."""
        lists = {}
        for code, words in self.evidence_choices():
            lists.setdefault(self.needed.get(code, ()), []).append(words)
        lines = [("", self.needed.get("", ())), *(("、".join(words), evidence) for evidence, words in lists.items())]
        if len(lists) == 1:  # all answers alike
            lines = [("", lines[0][1] + lines[1][1])]
        return [(words, [self.flow.evidence[kind] for kind in evidence]) for words, evidence in lines if evidence]

    def sparing(self) -> list:
        """[(title, when)] of the evidence that may be left off: what the table says so of, and what no answer asks for."""
        asked = {*(kind for kinds in self.needed.values() for kind in kinds), *self.warned.values(), *self.flow.spared}
        return self.flow.sparing() + [(title, "有的才附") for kind, title in self.flow.evidence.items() if kind not in asked]

    def of_office(self, case) -> bool:
        """Whether the office began this case."""
        return bool(self.office_line) and case.beside

    def evidence_choices(self):
        """[(code, words)] of the answer that decides the evidence."""
        return list(self.choices[self.evidence_by].items()) if self.evidence_by in self.choices else self.reason_choices()

    def begun_by(self, duty) -> bool:
        return duty == self.flow.begun_by or (bool(self.office_line) and duty == OFFICE)

    def reason_choices(self):
        return table(self.reasons).choices() if self.reasons else []

    def word(self, field, value) -> str:
        """What a chosen code is called."""
        if field == "reason" and self.reasons:
            return f"{value} {table(self.reasons).label(value)}"
        return self.choices[field].get(value, value) if field in self.choices else value
