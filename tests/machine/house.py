"""The house that the machine works in: one app, whose database is for each example as it was at first; people by their account, each read once."""

import shutil

from sqlalchemy import event, select

from app.extensions import db
from app.models import Body, Class, Grade
from tests.cast import Cast
from tests.conftest import make_app


class House:
    def __init__(self, template, folder, keys):
        self.template, self.folder = template, folder
        folder.mkdir(exist_ok=True)
        url, self.drop = template.copy(folder)
        self.name = url.rsplit("/", 1)[1]
        self.app = make_app(folder, url, keys)
        self.context = self.app.app_context()
        self.context.push()
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _carelessly)  # nobody pulls the plug here: tests/crash does
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
        db.engine.dispose()
        self.template.again(self.folder, self.name)

    def close(self):
        db.session.remove()
        db.engine.dispose()
        self.context.pop()
        self.app.extensions["node"][1].close()
        self.drop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _carelessly(connection, record):
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()
