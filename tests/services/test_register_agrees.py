"""Whatever clerks do, and in whatever order: what is counted on the way agrees with a count of the register itself.

Heads of classes, plans, tallies, spells, open cases, the registry of numbers, the keys that names are found by, serial numbers, the trace: each is written by
the acts and read by pages without counting again. Here chance chooses the acts (some 300 of them, in `make trust` 5,000, on PostgreSQL 2,000), and after each one everything is counted anew.
"""

import os
from collections import Counter as Count
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.errors import Refusal
from app.extensions import db
from app.identity import names
from app.models import Case, CaseStep, Class, Counter, Enrolment, Grade, Import, NearNumber, PersonNumber, Quota, SearchKey, Student, Tally
from app.services import jobs
from app.services.administration import audit, nightly
from app.services.casework import cases
from app.services.casework.cases import Words
from app.services.intake import enrolments, imports
from app.services.pupils import records
from app.services.schools import quotas
from tests import rosters as sheets
from tests.cast import Cast, new_pupil
from tests.conftest import ENGINE, TODAY
from tests.office import Office

NOW = datetime(2026, 9, 11, 15, 20)
HERE = ("pending", "live")
HEAVY = os.environ.get("PROOFS") == "whole"
EXAMPLES, ACTS, RUNS = (25, 40, {"sqlite": 5, "postgresql": 2}[ENGINE]) if HEAVY else (10, 30, 1)
CHILDREN = st.integers(1, 14)  # few, so that the same child comes again and again
BLAME = {"return": Words(reason="01", note="请补正", mend=("name",)), "refuse": Words(reason="03", note="户籍不在片区内")}
OUTCOMES = Count()
STATUS = func.coalesce(Student.status, "pending")


def agrees():
    """Every count that is kept, against the count that it stands for."""
    return {
        "classes": (_dict(select(Class.id, Class.headcount).where(Class.headcount != 0)), _dict(
            select(Student.class_id, func.count()).where(Student.class_id.is_not(None), (Student.lifecycle == "pending") | (Student.status == "01"),
                                                         Student.lifecycle.in_(HERE)).group_by(Student.class_id))),
        "plans": (_dict(select(Quota.school_id, Quota.stage, Quota.year, Quota.used).where(Quota.used != 0)), _dict(
            select(Enrolment.school_id, Grade.stage, Grade.entry_year, func.count()).join(Grade, Grade.id == Enrolment.grade_id)
            .join(Quota, (Quota.school_id == Enrolment.school_id) & (Quota.stage == Grade.stage) & (Quota.year == Grade.entry_year))
            .where(Enrolment.state != "cleared", Enrolment.came_by == "11").group_by(Enrolment.school_id, Grade.stage, Grade.entry_year))),
        "tallies": (_dict(select(Tally.school_id, Tally.grade_id, Tally.status, Tally.sex, Tally.county_id, Tally.number).where(Tally.number != 0)), _dict(
            select(Student.school_id, Student.grade_id, STATUS, Student.sex, Student.county_id, func.count())
            .where(Student.lifecycle != "cleared").group_by(Student.school_id, Student.grade_id, STATUS, Student.sex, Student.county_id))),
        "spells": (_set(select(Student.id, Student.school_id, Student.grade_id, Student.class_id, Student.class_no, Student.lifecycle).where(Student.lifecycle.in_(HERE))), {
            (*row[:-1], {"applied": "pending", "open": "live"}[row[-1]]) for row in _set(
                select(Enrolment.student_id, Enrolment.school_id, Enrolment.grade_id, Enrolment.class_id, Enrolment.class_no, Enrolment.state)
                .where(Enrolment.state.in_(("applied", "open"))))}),
        "open cases": (_set(select(Case.student_id, Case.class_id, Case.title).where(Case.state == "open").distinct()),
                       _set(select(Student.id, Student.class_id, Student.name).where(Student.lifecycle == "pending"))),
        "desks": (_set(select(Case.id, Case.step, Case.seat_body_id, Case.seat_duty, Case.due_on).where(Case.state == "open")), _set(
            select(CaseStep.case_id, CaseStep.step, CaseStep.seat_body_id, CaseStep.seat_duty, CaseStep.due_on).where(CaseStep.ended_at.is_(None)))),
        "numbers": (_set(select(PersonNumber.kind, PersonNumber.index, PersonNumber.student_id)),
                    {(kind, index, student) for kind, column in (("id_doc", Student.id_doc_no_index), ("national_no", Student.national_no_index))
                     for index, student in _set(select(column, Student.id).where(column.is_not(None), Student.lifecycle != "cleared"))}),
        "serials": (_dict(select(Counter.key, Counter.last).where(Counter.key.startswith("case/"))), {
            (f"case/{county_id}/{kind}/2026",): many for (county_id, kind), many in _dict(
                select(Case.county_id, Case.kind, func.count()).group_by(Case.county_id, Case.kind)).items()}),
    }


def _dict(query):
    return {tuple(_plain(row[:-1])): int(row[-1]) for row in db.session.execute(query)}


def _set(query):
    rows = [tuple(_plain(row)) for row in db.session.execute(query)]
    assert len(rows) == len(set(rows))
    return set(rows)


def _plain(row):
    return [bytes(value) if isinstance(value, memoryview) else value for value in row]


def findable():
    """(keys and near numbers that stand there, those that the names and numbers of the register make)."""
    made_keys, made_near = set(), set()
    for row in db.session.execute(select(Student.id, Student.name, Student.former_name, Student.id_doc_type, Student.id_doc_no_sealed, Student.national_no_sealed,
                                         Student.main_number_sealed, Student.phone_sealed).where(Student.lifecycle != "cleared")):
        found = set(names.search_keys(row.name)) | (names.search_keys(row.former_name) if row.former_name else set())
        made_keys |= {(row.id, key) for key in found}
        number = records.open_student(row)["id_doc_no"]
        if row.id_doc_type == "1" and number:
            made_near |= {(row.id, bytes(key)) for key in records.near_keys(number)}
    return (_set(select(SearchKey.student_id, SearchKey.key)), _set(select(NearNumber.student_id, NearNumber.key))), (made_keys, made_near)


class Day:
    """Acts of school a1 and its county on one day. What an act refuses must leave all as it was; nobody asks here which it was."""

    def __init__(self):
        self.a = Office(Cast(), TODAY, NOW)
        self.classes = [self.a.county.class_("a1", number=number) for number in (1, 2)]
        self.a1, self.county_id = self.a.county.body("a1"), self.a.county.body("a")

    def tried(self, name, act, *args, **kwargs):
        try:
            result = act(*args, **kwargs)
        except Refusal:
            OUTCOMES[name, "refused"] += 1
            return None
        OUTCOMES[name, "done"] += 1
        return result

    def one_of(self, which, *conditions):
        """An open case of the school, or None."""
        query = select(Case.id, Case.step, Case.version).where(Case.state == "open", Case.school_id == self.a1, *conditions).order_by(Case.id.desc())
        waiting = db.session.execute(query).all()
        return waiting[which % len(waiting)] if waiting else None

    def apply(self, which, child, room):
        self.tried("apply", enrolments.apply, new_pupil(child, class_no=""), self.classes[room], actor=self.a.registrar, today=TODAY, now=NOW)

    def decide(self, action, which):
        if case := self.one_of(which):
            who = {"withdraw": self.a.registrar, "clear": self.a.officer}.get(action) or {"school_audit": self.a.head, "county": self.a.officer}.get(case.step, self.a.registrar)
            self.tried(action, cases.act, case.id, action, actor=who, version=case.version, today=TODAY, now=NOW, words=BLAME.get(action, Words(different=True, note="核对过")))

    def resubmit(self, which, child, room):
        """What came back, with another child's record and in another class as often as not."""
        if case := self.one_of(which, Case.step == "applying"):
            self.tried("resubmit", enrolments.resubmit, case.id, new_pupil(child, class_no=""), self.classes[room], actor=self.a.registrar, version=case.version,
                       today=TODAY, now=NOW)

    def many(self, which, child, room):
        if case := self.one_of(which, Case.step != "applying"):
            ids = db.session.execute(select(Case.id).where(Case.step == case.step, Case.state == "open", Case.school_id == self.a1).limit(4)).scalars().all()
            action = ("approve", "return", "refuse", "approve")[child % 4]
            self.tried("many", cases.act_many, ids, action, actor=self.a.head if case.step == "school_audit" else self.a.officer, seen_at=case.step,
                       today=TODAY, now=NOW, words=BLAME.get(action, Words(different=True, note="核对过")))

    def plan(self, which, child, room):
        """The county leaves so many places: soon there is none."""
        now = quotas.of(db.session, self.a1, "1", 2026)
        self.tried("plan", quotas.plan, self.a1, "1", 2026, now.used + child, reason="招生文件", version=now.version, actor=self.a.officer)

    def take_in(self, which, child, room):
        """A workbook of some children, of whom some are here already."""
        lines = [sheets.line(one, number=str(room + 1)) for one in sheets.children(which % 3 + 1, child)]
        import_id = self.tried("upload", imports.upload, sheets.xlsx(lines), "新生.xlsx", actor=self.a.registrar, today=TODAY, now=NOW)
        if import_id:
            self.work_off()
            self.tried("import", imports.apply, import_id, "good", understood=True, actor=self.a.registrar, now=NOW)
            self.work_off()

    def work_off(self):
        while jobs.run_next(NOW):
            pass

    def take_back(self, which, child, room):
        found = db.session.execute(select(Import.id).where(Import.state == "applied").order_by(Import.id.desc())).scalars().all()
        if found:
            self.tried("take back", imports.withdraw, found[which % len(found)], reason="传错了", actor=self.a.registrar, today=TODAY, now=NOW)

    def do(self, deed, which, child, room):
        act = getattr(self, deed, None)
        act(which, child, room) if act else self.decide(deed, which)

    def check(self):
        db.session.expire_all()
        for what, (kept, counted) in agrees().items():
            assert kept == counted, what
        assert findable()[0] == findable()[1]
        assert nightly.recount(self.county_id) == 0


DEEDS = ("apply", "apply", "approve", "approve", "approve", "return", "return", "refuse", "withdraw", "clear", "resubmit", "many", "plan", "take_in", "take_back")
DONE = {*DEEDS, "upload", "import", "take back"} - {"take_in", "take_back"}


@pytest.mark.parametrize("run", range(1, RUNS + 1))
def test_what_is_counted_agrees_with_the_register_after_any_acts(run, standing_county, record_property):
    @seed(run)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9), CHILDREN, st.integers(0, 1)), min_size=ACTS, max_size=ACTS))
    def days(deeds):
        with standing_county.afresh():
            day = Day()
            for deed in deeds:
                day.do(*deed)
                day.check()
            assert audit.verify(audit.own_anchor()).holds

    OUTCOMES.clear()
    days()
    record_property("acts", sum(many for (_, how), many in OUTCOMES.items() if how == "done"))
    assert {name for name, how in OUTCOMES if how == "done"} == DONE, OUTCOMES  # else chance chose too little
