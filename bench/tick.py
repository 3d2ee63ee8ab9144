"""The standing job (flask cases tick, and all else that is done once a day) over the large county with thousands of open cases: one pass, and its questions."""

from contextlib import ExitStack
from datetime import datetime, timedelta
from time import perf_counter

from sqlalchemy import func, insert, select

from app import sealing
from app.extensions import db
from app.models import Account, Body, Case, CaseParty, CaseStep, Student, new_id
from app.services.administration import nightly
from app.services.casework import cases
from tests.cast import Cast

from . import report
from .counties import TODAY, forked
from .desk import listening
from .suspensions import ILL

FEW, MANY = 50, 5_000
SECONDS, QUERIES = 10, 10  # at most
NIGHT = datetime.combine(TODAY + timedelta(days=1), datetime.min.time()) + timedelta(hours=2)
CLEARING = datetime(2027, 7, 15, 2)  # 毕业年级在办业务清理


def measure(_, large, wanted, *, few=FEW, many=MANY):
    """Yields the questions of an ordinary night with few and with many open cases, its seconds, and what the night of the clearing ends in a second."""
    if not any(map(wanted, ("tick/queries", "tick/seconds", "tick/clearing"))):
        return
    with ExitStack() as open_:
        quiet, busy = (open_.enter_context(forked(large)) for _ in range(2))
        _lay_down(quiet, few)
        _lay_down(busy, many)
        yield report.same_and_within("tick/queries", _questions(busy), "queries", _questions(quiet), QUERIES)
        with busy.app.app_context():
            begun = perf_counter()
            failed = nightly.run(now=NIGHT)
            taken = perf_counter() - begun
            if failed:
                raise RuntimeError(f"chores that failed: {failed}")
            yield report.within("tick/seconds", taken, "s", SECONDS)
            begun = perf_counter()
            _, cleared = cases.tick(today=CLEARING.date(), now=CLEARING)
            yield report.told("tick/clearing", cleared / (perf_counter() - begun), "acts/s")
            db.session.remove()


def _questions(house):
    with listening(house.app) as sent, house.app.app_context():
        if cases.tick(today=NIGHT.date(), now=NIGHT) != (0, 0):
            raise RuntimeError("an ordinary night ends nothing")
        db.session.remove()
    return len(sent)


def _lay_down(house, number):
    """So many applications for a suspension on the county's desk, of pupils of every school and grade of county A that has any."""
    with house.app.app_context():
        county = Cast()
        clerk = db.session.execute(select(Account.id, Account.name).where(Account.username == "registrar.a1")).one()
        busy = select(Case.student_id).where(Case.state == "open", Case.student_id.is_not(None))
        pupils = db.session.execute(
            select(Student.id, Student.name, Student.school_id, Student.grade_id, Student.class_id).join(Body, Body.id == Student.school_id)
            .where(Student.county_id == county.body("a"), Student.lifecycle == "live", Student.status == "01", Student.id.not_in(busy))
            .order_by(func.length(Student.name), Student.birth_date, Student.id).limit(number)
        ).all()
        if len(pupils) < number:
            raise RuntimeError(f"{len(pupils)} pupils where {number} cases are to lie open")
        rows = [_case(place, pupil, county.body("a"), clerk) for place, pupil in enumerate(pupils)]
        with db.engine.begin() as connection:
            for model, many in zip((Case, CaseStep, CaseParty), ([one for some in part for one in some] for part in zip(*rows, strict=True)), strict=True):
                connection.execute(insert(model.__table__), many)
            connection.exec_driver_sql("ANALYZE")
        db.session.remove()


def _case(place, pupil, office, clerk):
    """(cases, steps, parties) of one that came to the county's desk today."""
    case_id, came = new_id(), datetime.combine(TODAY, datetime.min.time()) + timedelta(hours=9)
    answers = {"answers": {name: f"{value}" for name, value in ILL.items()}}
    case = {
        "id": case_id, "county_id": office, "kind": "suspension", "number": f"竹教休〔2026〕第{place:05}号", "subject": "student", "student_id": pupil.id, "school_id": pupil.school_id,
        "class_id": pupil.class_id, "grade_id": pupil.grade_id, "route": "", "title": pupil.name, "state": "open", "step": "county", "seat_body_id": office,
        "seat_duty": "county_officer", "arrived_on": TODAY, "due_on": TODAY + timedelta(days=14), "calendar_version": 1, "starter_id": clerk.id, "starter_name": clerk.name,
        "started_at": came, "version": 3, "content": sealing.seal_json(answers, "cases", case_id, "content"),
    }
    step = {"case_id": case_id, "arrived_at": came, "in_place_of": False, "reason": "", "note": "", "paper": "", "address": "", "actor_body": ""}
    done = {"ended_at": came, "actor_id": clerk.id, "actor_name": clerk.name}
    steps = [
        step | done | {"id": new_id(), "seq": 1, "step": "applying", "seat_body_id": pupil.school_id, "seat_duty": "school_registrar", "action": "submit"},
        step | done | {"id": new_id(), "seq": 2, "step": "school_audit", "seat_body_id": pupil.school_id, "seat_duty": "school_head", "action": "approve"},
        step | {"id": new_id(), "seq": 3, "step": "county", "seat_body_id": office, "seat_duty": "county_officer", "action": "", "ended_at": None, "actor_id": None, "actor_name": ""},
    ]
    return [case], steps, [{"case_id": case_id, "body_id": body} for body in (pupil.school_id, office)]
