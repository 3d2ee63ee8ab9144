"""The suspension (休学), from application to effect, of those changes of standing that go the road of most: a story of bench/acts.py."""

import sys
from datetime import date, datetime

from sqlalchemy import select

from app.extensions import db
from app.models import Case, Grade, Student
from app.services.casework import cases
from app.services.casework.cases import Words
from app.services.standing import changes
from app.services.standing.changes import Asked
from tests.cast import Cast

from . import acts
from .counties import TODAY

SEATS = (None, "head.a1", "officer.a")  # who acts after the applicant, registrar.a1
ACTS = len(SEATS)
NOW = datetime(2026, 9, 11, 15, 20)
ILL = {"reason": "10", "from_on": date(2026, 9, 7), "until_on": date(2027, 3, 7), "hospital": "竹山县人民医院", "diagnosis": "肺炎", "guardian": "庹建国"}
ASKED = Asked(ILL, ("application", "diagnosis", "history", "receipts"))


def measure(small, _, wanted):
    if wanted("suspension/acts"):
        yield from acts.measure(sys.modules[__name__], "suspension", small)


def children(house, number):
    """Pupils of a1 who may be suspended."""
    with house.app.app_context():
        busy = select(Case.student_id).where(Case.state == "open", Case.student_id.is_not(None))
        found = db.session.scalars(
            select(Student.id).join(Grade, Grade.id == Student.grade_id)
            .where(Student.school_id == Cast().body("a1"), Student.lifecycle == "live", Student.status == "01", Grade.advanced_to < Grade.length, Student.id.not_in(busy))
            .order_by(Student.id).limit(number)
        ).all()
        db.session.remove()
    if len(found) < number:
        raise RuntimeError(f"{len(found)} pupils where {number} are to be suspended")
    return list(found)


def act(student_id, case_id, seat):
    """A function that takes the step of this seat, its person found before the clock runs."""
    if seat == 0:
        clerk = Cast().actor("registrar.a1")
        return lambda: changes.apply("suspension", student_id, ASKED, actor=clerk, today=TODAY, now=NOW)
    person = Cast().actor(SEATS[seat])
    version = db.session.execute(select(Case.version).where(Case.id == case_id)).scalar_one()
    return lambda: cases.act(case_id, "approve", actor=person, version=version, today=TODAY, now=NOW, words=Words())
