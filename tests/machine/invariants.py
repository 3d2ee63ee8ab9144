"""What holds after every step, asked of the register: a handful of questions about those whom the machine has touched. The whole register is counted once an example."""

from hypothesis.stateful import invariant
from sqlalchemy import and_, func, or_, select

from app.extensions import db
from app.models import Case, Chain, Class, Enrolment, Quota, Student
from app.services import trace
from tests.services.test_register_agrees import agrees

from .desks import OUTCOMES
from .matrix import LIVES

DUTIES = {"registrar": "school_registrar", "head": "school_head", "officer": "county_officer", "officer2": "county_officer", "township": "township_registrar"}
STUDENTS, CASES, SPELLS, CLASSES, QUOTAS, CHAINS = (model.__table__.c for model in (Student, Case, Enrolment, Class, Quota, Chain))
TAKES_A_PLACE = or_(STUDENTS.lifecycle == "pending", and_(STUDENTS.lifecycle == "live", STUDENTS.status == "01"))


class Invariants:
    @invariant()
    def all_agrees(self):
        if not hasattr(self, "world"):
            return
        self.sound = False
        OUTCOMES["step", "done"] += 1
        world, connection = self.world, db.session.connection()
        pupils, bodies = {pupil.id: pupil for pupil in world.pupils}, self.house.bodies
        self.records(connection, pupils, bodies)
        self.desks(connection, world, pupils, bodies)
        found = dict(connection.execute(select(CHAINS.id, CHAINS.length)).all())  # one event an act, on each chain that it touches
        assert {key: found.get(trace.HOUSE if key == "house" else bodies[key], 0) for key in world.chains} == world.chains
        used, planned = connection.execute(select(QUOTAS.used, QUOTAS.planned).where(QUOTAS.school_id == bodies["a1"], QUOTAS.stage == "1", QUOTAS.year == 2026)).one()
        assert used <= planned and (used, planned) == (world.used, world.planned)
        db.session.rollback()
        self.sound = True

    def records(self, connection, pupils, bodies):
        """Status, school, class and spell of each are one story; her version grows; no person has two live records."""
        rows = connection.execute(select(STUDENTS.id, STUDENTS.status, STUDENTS.lifecycle, STUDENTS.school_id, STUDENTS.county_id, STUDENTS.class_id, STUDENTS.version,
                                         STUDENTS.id_doc_no_index).where(STUDENTS.id.in_(pupils))).all()
        spells = {row.student_id: row for row in connection.execute(select(SPELLS.student_id, SPELLS.school_id, SPELLS.class_id, SPELLS.state).where(
            SPELLS.student_id.in_(pupils), SPELLS.state.in_(("open", "applied")))).all()}
        assert len(rows) == len(pupils)
        for row in rows:
            pupil, spell = pupils[row.id], spells.get(row.id)
            assert (row.status, row.lifecycle) == (pupil.status, LIVES[pupil.status]), (row, pupil)
            assert (spell is not None) == (pupil.here or pupil.status is None), (row, pupil)
            if spell is not None:
                place = bodies[pupil.school], pupil.room
                assert place == (row.school_id, row.class_id) == (spell.school_id, spell.class_id), (row, pupil)
                assert (spell.state, row.county_id) == ("applied" if pupil.status is None else "open", bodies[pupil.county])
            before, pupil.version = pupil.version, row.version
            assert row.version > before if pupil.status != pupil.stood else row.version >= before
            pupil.stood = pupil.status
        numbers = [row.id_doc_no_index for row in rows if row.id_doc_no_index]
        assert connection.execute(select(STUDENTS.id_doc_no_index).where(STUDENTS.id_doc_no_index.in_(numbers), STUDENTS.lifecycle.in_(("live", "pending")))
                                  .group_by(STUDENTS.id_doc_no_index).having(func.count() > 1)).first() is None
        rooms = {pupil.room for pupil in pupils.values() if pupil.room}
        heads = dict(connection.execute(select(CLASSES.id, CLASSES.headcount).where(CLASSES.id.in_(rooms))).all())
        counted = dict(connection.execute(select(STUDENTS.class_id, func.count()).where(STUDENTS.class_id.in_(rooms), TAKES_A_PLACE).group_by(STUDENTS.class_id)).all())
        assert heads == {room: counted.get(room, 0) for room in heads}

    def desks(self, connection, world, pupils, bodies):
        """Each case lies where the model has it, or has ended as it did; no pupil has another."""
        known = connection.execute(select(CASES.id, CASES.state, CASES.version, CASES.seat_body_id, CASES.seat_duty).where(CASES.id.in_(world.cases))).all()
        assert len(known) == len(world.cases)
        for row in known:
            case = world.cases[row.id]
            assert row.state == case.state, (case.name, row.state, case.state)
            if case.state == "open":
                role, _, body = case.holders()[0].partition(".")
                duty = "city_officer" if body.startswith("city") else DUTIES[role]
                assert (row.version, row.seat_body_id, row.seat_duty) == (case.version, bodies[body], duty), (case.name, case.seat(), row)
        held = connection.execute(select(CASES.id, CASES.student_id, CASES.into_student_id, CASES.beside).where(
            or_(CASES.student_id.in_(pupils), CASES.into_student_id.in_(pupils)), CASES.state == "open")).all()
        assert {row.id for row in held} == {case_id for pupil in pupils.values() for case_id in pupil.cases}
        holds = [(pupil, row.beside) for row in held for pupil in (row.student_id, row.into_student_id) if pupil in pupils]
        assert len(set(holds)) == len(holds), "two open cases of one pupil"

    def teardown(self):
        """After a whole example that held: every count that is kept, against the count that it stands for."""
        if getattr(self, "sound", False):
            told, gone = agrees(), any(pupil.status in ("93", "95") for pupil in self.world.pupils)  # the numbers of such a record lead elsewhere
            for what in ("classes", "tallies", "spells", "desks", *(() if gone else ("numbers",))):
                assert told[what][0] == told[what][1], what
