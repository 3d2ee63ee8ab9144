"""The small county's people and things by their keys (app/demo/cast.py), for tests: `county.actor("head.a1")`, `county.body("a1")`, `county.pupil("twin.1")`."""

from functools import cached_property

from sqlalchemy import select

from app import clock
from app.demo import cast
from app.extensions import db
from app.models import Account, Body, Class, Grade, Post, Student
from app.permissions import SEATED, Actor, seated


class Cast:
    """Ids and actors, read when they are asked for."""

    @cached_property
    def bodies(self):
        return dict(db.session.execute(select(Body.key, Body.id)).all())

    def body(self, key):
        return self.bodies[key]

    def account(self, username):
        return db.session.execute(select(Account.id).where(Account.username == username)).scalar_one()

    def actor(self, username, duty=None) -> Actor:
        """The person as services take her, in her (first, or this) post."""
        row = db.session.execute(
            select(*SEATED).join(Post, Post.account_id == Account.id).outerjoin(Body, Body.id == Post.body_id)
            .where(Account.username == username, *([Post.duty == duty] if duty else [])).order_by(Post.id).limit(1)
        ).one()
        return seated(row, today=clock.today())

    def class_(self, school, stage="1", year=1, number=1):
        """The id of a class: its school's key, stage, year in the stage, number."""
        return db.session.execute(
            select(Class.id).join(Grade, Grade.id == Class.grade_id).where(
                Class.school_id == self.body(school), Grade.stage == stage, Grade.advanced_to == year, Class.number == number, Class.state == "open")
        ).scalar_one()

    def pupil(self, key, school_year=2026):
        """The id of a pupil that stories are told of."""
        known = cast.known_pupils(school_year)[key]
        return db.session.execute(
            select(Student.id).join(Class, Class.id == Student.class_id).join(Grade, Grade.id == Student.grade_id).where(
                Student.name == known.item["name"], Student.birth_date == known.item["birth_date"], Student.school_id == self.body(known.school),
                Grade.entry_year == known.entry_year, Class.number == known.number)
        ).scalar_one()

    def known(self, key, school_year=2026):
        """Her record as it was drawn."""
        return cast.known_pupils(school_year)[key]


def new_pupil(number=1, **changes):
    """A record that could be enrolled in grade one of a1 in 2026 today; `number` makes another child."""
    from app.demo.families import Generator

    generator = Generator(9000 + number)
    return generator.pupil(2026, "1", cast.COUNTIES["a"]) | changes
