"""Lists of cases by what is asked. Reads only."""

from sqlalchemy import and_, or_, select, union

from ...extensions import db
from ...models import Body, Case, CaseParty
from ...permissions import visible_cases

PAGE = 50


def listed(person, *, kind="", state="", school=None, number="", holder=None, within=None, among=(), before=None, limit=PAGE):
    """Rows of visible cases, the newest first, one more than `limit` when there are more; `before` is the id of the last one shown.

    `holder` is the body that has them now; `within` a condition on when they are due (due_lists), and then the nearest day comes first; `among` the conditions of a
    number that leads here (case_figures, transfer_pages.moved).
    """
    seat, home = Body.__table__.alias(), Body.__table__.alias()
    query = visible_cases(person).with_only_columns(
        Case.id, Case.kind, Case.number, Case.title, Case.state, Case.step, Case.arrived_on, Case.due_on, Case.started_at, Case.starter_name, Case.seat_duty,
        home.c.short_name.label("school"), seat.c.short_name.label("holder"),
    ).join(home, home.c.id == Case.school_id).outerjoin(seat, seat.c.id == Case.seat_body_id).where(*among)
    if kind:
        query = query.where(Case.kind == kind)
    if state:
        query = query.where(Case.state == state)
    if school:
        query = query.where(Case.school_id == school)
    if number:
        serial = f"第{int(number):05}号" if number.isdecimal() and len(number) < 10 else number
        query = query.where(Case.id.in_(_numbered(person, or_(Case.number == number, Case.number.endswith(serial, autoescape=True)))))
    if holder:
        query = query.where(Case.state == "open", Case.seat_body_id == holder)
    if within is not None:
        query = query.where(Case.state == "open", within)
        if before:
            shown = Case.__table__.alias()
            day = select(shown.c.due_on).where(shown.c.id == before).scalar_subquery()
            query = query.where(or_(Case.due_on > day, and_(Case.due_on == day, Case.id > before)))
        return db.session.execute(query.order_by(Case.due_on, Case.id).limit(limit + 1)).all()
    if before:
        query = query.where(Case.id < before)
    if person.tier == "school":  # goes by the school's own cases, not by the county's
        party = CaseParty.__table__.alias()
        query = query.join(party, and_(party.c.case_id == Case.id, party.c.body_id == person.body_id))
        return db.session.execute(query.order_by(party.c.case_id.desc()).limit(limit + 1)).all()
    return db.session.execute(query.order_by(Case.id.desc()).limit(limit + 1)).all()


def _numbered(person, named):
    """Ids of cases of a number among those that name the body and those of its county, each found by its index; of a city or a province, whose desk may look below where a
    day has passed, among those that are open."""
    party = select(CaseParty.case_id).join(Case, Case.id == CaseParty.case_id).where(CaseParty.body_id == person.body_id, named)
    if person.tier == "school":
        return party
    return union(party, select(Case.id).where(Case.county_id == person.county_id if person.county_id else Case.state == "open", named))
