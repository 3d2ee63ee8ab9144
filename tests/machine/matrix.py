"""What may be done with whom, and who decides it in which order: workflows.md 1–22 and the matrix at its end, as data. The machine knows nothing else of a kind.

A seat is a desk of the pupil's school (`audit`), of the bureau above it (`county`, `city`); where two schools have part in it, of one side: `to.audit`, `from.county`.
`elsewhere` is an office that is not in this house: the seat before it records the answer.
"""

from dataclasses import dataclass

HERE = frozenset({"01", "02", "06"})  # 在读, 休学, 流失: on the books of a school
LIVES = {"01": "live", "02": "live", "06": "live", "07": "left", "10": "left", "91": "left", "03": "left", "14": "left", "11": "cancelled", "92": "cancelled", "95": "cancelled",
         "93": "merged", "94": "cleared", None: "pending"}  # how a record stands by its status; none yet while it is applied for


@dataclass(frozen=True)
class Kind:
    """`taken` for these statuses; `after` it takes effect she stands so, or as before. `beside`: it may be open beside another (DECIDED 15). `places`: it puts her into a class."""

    seats: str
    taken: str = ""
    after: str = ""
    stages: str = "123"
    beside: bool = False
    places: bool = False
    noted: bool = False  # its last seat is told, and can neither return nor refuse
    alone: bool = False  # the bureau that decides has begun it: who agrees there is the second of its two

    def takes(self, status, stage) -> bool:
        return status in self.taken.split() and stage in self.stages


CHANGES = {  # of one pupil, at her school: sections 8–19 and 22
    "suspension": Kind("audit county", "01", "02"),
    "suspension-renewal": Kind("audit county", "02", "02"),
    "resumption": Kind("audit county", "02", "01", places=True),
    "dropout": Kind("audit county", "01 02", "06"),
    "back-to-school": Kind("audit county", "06", "01", places=True),
    "abroad": Kind("audit county", "01 02", "91"),
    "back-from-abroad": Kind("audit county", "91", "01", places=True),
    "death": Kind("audit county", "01 02 06 07 08 09 91", "11", beside=True),
    "loss-of-ability": Kind("audit county", "01 02 06", "92"),
    "grade-skip": Kind("audit county", "01", "01", places=True),
    "grade-repeat": Kind("audit county", "01", "01", places=True),
    "withdrawal": Kind("audit county city", "01 02 06", "03", stages="3"),  # 退学: senior secondary alone
    "expulsion": Kind("audit county", "01 02 06", "14", stages="3"),
    "key-change": Kind("audit county", "01 02 06"),
    "kind-change": Kind("audit county", "01 02"),
    "poverty": Kind("audit county", "01 02"),
    "poverty-end": Kind("audit county", "01 02 06"),
    "problem": Kind("audit county", "01 02 06"),
}
BY_OFFICE = {  # begun by the bureau itself, agreed to by another person there, beside what is under way
    "key-change": Kind("county", "01 02 06 07 08 09 10", beside=True, alone=True),
    "problem": Kind("county", "01 02 06", beside=True, alone=True),
}
NEW_RECORDS = {"enrolment": Kind("audit county", after="01", places=True), "supplementary": Kind("audit county", after="01", places=True)}
TRANSFERS = {  # by where the two schools lie: sections 3–6
    "in the county": Kind("to.audit from.registrar from.audit county", "01", "01", places=True),
    "between counties": Kind("to.audit to.county from.registrar from.audit from.county", "01", "01", places=True),
    "by instruction": Kind("to.audit to.county from.registrar from.audit from.county draw", "01", "01", places=True),
    "from elsewhere": Kind("to.audit to.county elsewhere", "10", "01", places=True),
    "to elsewhere": Kind("from.audit from.county", "01", "10"),
}
OTHERS = {
    "whole-class-transfer": Kind("to.registrar county", "01", "01", places=True),
    "quota": Kind("county city"),  # the machine's county asks its city
    "recruit-consent": Kind("to.county from.county city", noted=True),
    "moving-up": Kind("audit county", "07", "01", stages="2", places=True),  # 升学调档, by an instruction of the county that she comes from
    "merge": Kind("county", "01 02 06", "93", alone=True), "merge between counties": Kind("other.county", "01 02 06", "93"),
}
RECORD_ONLY = {"key-change", "kind-change", "poverty", "poverty-end"}  # they change what is written of her, not how she stands
RARE = {"death", "loss-of-ability"}  # else few would live to see the others
OFTEN = {"dropout": 3, "back-to-school": 3, "resumption": 2, "suspension-renewal": 2, "expulsion": 2, "grade-skip": 2, "grade-repeat": 2}  # what is rarely in season is tried more often
KINDS = {*CHANGES, *NEW_RECORDS, "transfer", "transfer-out", *OTHERS, "reversal"} - {"merge between counties"}  # 请求清理 is no case of its own: `clear` is an act
