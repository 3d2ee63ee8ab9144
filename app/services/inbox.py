"""待办, 已办, 我发起的: what waits at the desk of the post in use, nearest deadline first."""

from sqlalchemy import and_, func, or_, select

from ..extensions import db
from ..models import Body, Case, CaseStep, Class, Grade
from ..permissions import OFFICERS, may

MOST = 1000  # exact up to here, then “1,000 件以上” (DECIDED 24)


def at_my_desk(person):
    return and_(Case.state == "open", Case.seat_body_id == person.body_id, Case.seat_duty == person.duty)


def overdue_below(person, today):
    """Cases that sit past their day at a body that this office manages: it may decide in its place (代办)."""
    below = select(Body.id).where(Body.managed_by_id == person.body_id)
    return and_(Case.state == "open", Case.due_on < today, Case.seat_body_id.in_(below))


def count(person) -> int:
    if not may(person, "case.see"):
        return 0
    return db.session.execute(select(func.count()).select_from(select(Case.id).where(at_my_desk(person)).limit(MOST + 1).subquery())).scalar_one()


COLUMNS = (
    Case.id, Case.kind, Case.number, Case.title, Case.state, Case.step, Case.arrived_on, Case.due_on, Case.started_at, Case.starter_name, Case.version,
    Case.school_id, Case.class_id,
)


def todo(person, *, limit=50, after=None):
    """Rows (COLUMNS, school) for this desk; `after` is (due_on, id) of the last row shown."""
    query = select(*COLUMNS, Body.name.label("school")).join(Body, Body.id == Case.school_id).where(at_my_desk(person))
    if after:
        query = query.where(or_(Case.due_on > after[0], and_(Case.due_on == after[0], Case.id > after[1])))
    return db.session.execute(query.order_by(Case.due_on, Case.id).limit(limit)).all()


def groups(person):
    """Like cases that can be decided together: a row per kind, step, school and class with how many, the nearest due date."""
    return db.session.execute(
        select(Case.kind, Case.step, Case.school_id, Case.class_id, Body.name.label("school"), Grade.stage, Grade.entry_year, Grade.advanced_to, Class.number,
               Class.name.label("class_name"), func.count().label("many"), func.min(Case.due_on).label("due_on"))
        .join(Body, Body.id == Case.school_id).join(Class, Class.id == Case.class_id).join(Grade, Grade.id == Class.grade_id)
        .where(at_my_desk(person))
        .group_by(Case.kind, Case.step, Case.school_id, Case.class_id, Body.name, Grade.stage, Grade.entry_year, Grade.advanced_to, Class.number, Class.name)
        .having(func.count() > 1).order_by(func.min(Case.due_on), Body.name, Class.number).limit(50)
    ).all()


def overdue(person, today, *, limit=50):
    if person.duty not in (*OFFICERS, "township_registrar"):
        return []
    seat = Body.__table__.alias()
    return db.session.execute(
        select(*COLUMNS, seat.c.name.label("holder")).join(seat, seat.c.id == Case.seat_body_id).where(overdue_below(person, today))
        .order_by(Case.due_on, Case.id).limit(limit)
    ).all()


def mine(person, *, limit=20):
    """What this person began, newest first, with who holds it now."""
    seat = Body.__table__.alias()
    return db.session.execute(
        select(*COLUMNS, seat.c.name.label("holder")).outerjoin(seat, seat.c.id == Case.seat_body_id).where(Case.starter_id == person.account_id)
        .order_by(Case.started_at.desc(), Case.id.desc()).limit(limit)
    ).all()


def done(person, *, limit=20):
    """What this person decided, newest first."""
    return db.session.execute(
        select(*COLUMNS, CaseStep.action, CaseStep.ended_at, CaseStep.step.label("done_step")).join(Case, Case.id == CaseStep.case_id)
        .where(CaseStep.actor_id == person.account_id, CaseStep.action != "submit").order_by(CaseStep.ended_at.desc(), CaseStep.id.desc()).limit(limit)
    ).all()
