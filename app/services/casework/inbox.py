"""待办, 已办, 我发起的: what waits at the desk of the post in use, nearest deadline first."""

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy import case as case_of

from ...extensions import db
from ...models import Body, Case, CaseFinding, CaseStep, Class, Grade
from ...permissions import OFFICERS, case_scope, may
from ...workflow.flows import FLOWS
from ..pupils.listing import PLACE
from .cases import TWINS

MOST = 1000  # exact up to here, then “1,000 件以上” (DECIDED 24)


def at_my_desk(person):
    """What lies there but for what this person has agreed to and a second is to look at."""
    return and_(Case.state == "open", Case.seat_body_id == person.body_id, Case.seat_duty == person.duty,
                or_(Case.agreed_by_id.is_(None), Case.agreed_by_id != person.account_id))


def overdue_below(person, today):
    """Cases that sit past their day at a body that this office manages: it may decide in its place (代办)."""
    below = select(Body.id).where(Body.managed_by_id == person.body_id)
    return and_(Case.state == "open", Case.due_on < today, Case.seat_body_id.in_(below))


def _many(condition):
    return select(func.count()).select_from(select(Case.id).where(condition).limit(MOST + 1).subquery())


def count(person) -> int:
    return db.session.execute(_many(at_my_desk(person))).scalar_one() if may(person, "case.see") else 0


EACH = [kind for kind, flow in FLOWS.items() if flow.one_by_one]
MENDING = [flow.start for flow in FLOWS.values()]
COLUMNS = (
    Case.id, Case.kind, Case.number, Case.title, Case.state, Case.step, Case.arrived_on, Case.due_on, Case.started_at, Case.starter_name, Case.version,
    Case.school_id, Case.class_id, Case.agreed_by_id,
)
ROOM = (Grade.stage, Grade.advanced_to, Grade.length, Class.number.label("class_number"), Class.name.label("class_name"))  # beside COLUMNS, whose number is the case's


def todo(person, *, limit=50, after=None):
    """Rows (COLUMNS, school, from_school: whose pupil a transfer is about, waiting: how many there are in all) for this desk; `after` is (due_on, id) of the last row shown."""
    left = Body.__table__.alias()
    query = (
        select(*COLUMNS, Body.short_name.label("school"), left.c.short_name.label("from_school"), _many(at_my_desk(person)).scalar_subquery().label("waiting"))
        .join(Body, Body.id == Case.school_id).outerjoin(left, left.c.id == Case.from_school_id).where(at_my_desk(person))
    )
    if after:
        query = query.where(or_(Case.due_on > after[0], and_(Case.due_on == after[0], Case.id > after[1])))
    return db.session.execute(query.order_by(Case.due_on, Case.id).limit(limit)).all()


def groups(person):
    """Like cases of one school that can be decided together: a row per kind, step and school, of enrolments per class as well, with how many among the thousand that are
    due first, and the nearest due date."""
    if not may(person, "case.decide"):
        return []
    near = (
        select(Case.kind, Case.step, Case.school_id, case_of((Case.kind.not_in(EACH), Case.class_id)).label("class_id"), Case.due_on)
        .where(at_my_desk(person), Case.step.not_in(MENDING)).order_by(Case.due_on, Case.id).limit(MOST).subquery()
    )
    like = (
        select(near.c.kind, near.c.step, near.c.school_id, near.c.class_id, func.count().label("many"), func.min(near.c.due_on).label("due_on"))
        .group_by(near.c.kind, near.c.step, near.c.school_id, near.c.class_id).having(func.count() > 1).subquery()
    )
    rows = db.session.execute(
        select(like, Body.short_name.label("school"), *PLACE).join(Body, Body.id == like.c.school_id).outerjoin(Class, Class.id == like.c.class_id)
        .outerjoin(Grade, Grade.id == Class.grade_id).order_by(like.c.due_on, Body.short_name, like.c.kind, Class.number).limit(50)
    ).all()
    return [row for row in rows if (row.class_id or row.kind in EACH) and FLOWS[row.kind].offered(row.step)]


def like(person, kind, step, *, school_id=None, class_id=None, limit=100):
    """The cases of one group at this desk, the longest there first, each with its class, `warned`, `alike` (an unsettled look-alike) and `many`: how many there are in all."""
    def said(*conditions):
        return exists().where(CaseFinding.case_id == Case.id, CaseFinding.level == "warn", *conditions)
    return db.session.execute(
        select(*COLUMNS, Body.short_name.label("school"), *ROOM, said().label("warned"), said(CaseFinding.check.in_(TWINS)).label("alike"), func.count().over().label("many"))
        .join(Body, Body.id == Case.school_id).outerjoin(Class, Class.id == Case.class_id).outerjoin(Grade, Grade.id == Class.grade_id)
        .where(at_my_desk(person), Case.kind == kind, Case.step == step, Case.class_id == class_id if class_id else Case.school_id == school_id).order_by(Case.id).limit(limit)
    ).all()


def overdue(person, today, *, limit=50):
    """Rows (COLUMNS, holder, many: how many there are in all) of overdue_below, the longest overdue first."""
    if person.duty not in (*OFFICERS, "township_registrar"):
        return []
    seat = Body.__table__.alias()
    return db.session.execute(
        select(*COLUMNS, seat.c.short_name.label("holder"), Case.seat_duty, _many(overdue_below(person, today)).scalar_subquery().label("many"))
        .join(seat, seat.c.id == Case.seat_body_id).where(overdue_below(person, today))
        .order_by(Case.due_on, Case.id).limit(limit)
    ).all()


def mine(person, *, limit=20):
    """What this person began and goes on, newest first, with who holds it now."""
    seat = Body.__table__.alias()
    return db.session.execute(
        select(*COLUMNS, seat.c.short_name.label("holder"), Case.seat_duty).outerjoin(seat, seat.c.id == Case.seat_body_id).where(Case.starter_id == person.account_id, Case.state == "open", case_scope(person))
        .order_by(Case.started_at.desc(), Case.id.desc()).limit(limit)
    ).all()


def done(person, *, limit=20):
    """What this person decided or handed in, newest first. What she began and goes on is left to `mine`, on a desk that has it."""
    began = CaseStep.seq == 1 if not may(person, "case.start") else and_(CaseStep.seq == 1, Case.state != "open")
    return db.session.execute(
        select(*COLUMNS, CaseStep.action, CaseStep.ended_at, CaseStep.step.label("done_step")).join(Case, Case.id == CaseStep.case_id)
        .where(CaseStep.actor_id == person.account_id, or_(CaseStep.action != "submit", began), case_scope(person)).order_by(CaseStep.ended_at.desc(), CaseStep.id.desc()).limit(limit)
    ).all()
