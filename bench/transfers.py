"""The four-seat transfer, from application to effect: a story of bench/acts.py."""

import sys
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models import Case, Class, Grade, Student
from app.services.casework import cases
from app.services.casework.cases import Words
from app.services.transfer import pupil_lookup, transfers
from app.services.transfer.transfers import Asked, Request
from tests.cast import Cast

from . import acts
from .counties import TODAY

SEATS = (None, "head.b1", "officer.b", "registrar.a1", "head.a1", "officer.a")  # who acts after the applicant, registrar.b1
ACTS = len(SEATS)
SHARE = 0.5  # of the bare transactions' rate, at least
NOW = datetime(2026, 9, 11, 15, 20)
ASKED = Asked(reason="02", guardian="庹建国", evidence=("application", "household", "residence"))


def measure(small, _, wanted):
    if wanted("transfer/acts"):
        yield from acts.measure(sys.modules[__name__], "transfer", small, SHARE)


def children(house, number):
    """Pupils of a1 who may go to b1: (child, class there)."""
    with house.app.app_context():
        county = Cast()
        there = dict(db.session.execute(
            select(Grade.advanced_to, Class.id).join(Class, Class.grade_id == Grade.id)
            .where(Class.school_id == county.body("b1"), Grade.stage == "1", Class.state == "open", Class.kind == "ordinary").order_by(Class.number.desc())).all())
        busy = select(Case.student_id).where(Case.state == "open", Case.student_id.is_not(None))
        rows = db.session.execute(
            select(Student.id, Grade.advanced_to).join(Grade, Grade.id == Student.grade_id)
            .where(Student.school_id == county.body("a1"), Student.lifecycle == "live", Student.status == "01", Grade.stage == "1", Grade.advanced_to.between(2, 5), Student.id.not_in(busy))
            .order_by(Student.id).limit(number)
        ).all()
        db.session.remove()
    if len(rows) < number:
        raise RuntimeError(f"{len(rows)} children where {number} are to move")
    return [(student_id, there[year]) for student_id, year in rows]


def act(child, case_id, seat):
    """A function that takes the step of this seat, its person found before the clock runs."""
    student_id, class_id = child
    if seat == 0:
        clerk = Cast().actor("registrar.b1")
        request = Request(asked=ASKED, token=pupil_lookup.token(student_id, clerk), class_id=class_id)
        return lambda: transfers.apply(request, actor=clerk, today=TODAY, now=NOW)
    person = Cast().actor(SEATS[seat])
    version = db.session.execute(select(Case.version).where(Case.id == case_id)).scalar_one()
    return lambda: cases.act(case_id, "approve", actor=person, version=version, today=TODAY, now=NOW, words=Words())
