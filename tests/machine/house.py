"""The house that the machine works in: one app, whose database is for each example as it was at first; people by their account, each read once."""

from sqlalchemy import select

from app.extensions import db
from app.models import Body, Class, Grade
from tests.cast import Cast


class House:
    def __init__(self, standing):
        self.standing = standing
        standing.renew()
        self.context = standing.app.app_context()
        self.context.push()
        self.county, self.people = Cast(), {}
        self.bodies = dict(db.session.execute(select(Body.key, Body.id)).all())
        self.keys = {body_id: key for key, body_id in self.bodies.items()}
        self.rooms = {row.id: (self.keys[row.school_id], row.stage, row.advanced_to, row.length) for row in db.session.execute(
            select(Class.id, Class.school_id, Grade.stage, Grade.advanced_to, Grade.length).join(Grade, Grade.id == Class.grade_id).where(Class.state == "open").order_by(Class.id))}

    def actor(self, account):
        if account not in self.people:
            self.people[account] = self.county.actor(account)
        return self.people[account]

    def rooms_like(self, room, school, years=0):
        """The classes of a school in her stage and year, or so many years up."""
        _, stage, year, _ = self.rooms[room]
        return [one for one, (where, *rest) in self.rooms.items() if where == school and rest[:2] == [stage, year + years]]

    def afresh(self):
        """The database as it was at first, under the same address."""
        db.session.remove()
        self.standing.renew()

    def close(self):
        db.session.remove()
        self.context.pop()
