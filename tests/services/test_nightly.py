"""Once a day: tallies are counted anew, what is old is forgotten, unused accounts are sealed; one chore that fails stops no other."""

from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update

from app import clock
from app.extensions import db
from app.models import Account, Answer, Tally
from app.services.administration import nightly
from app.services.transactions import writes


@writes(traced=False)
def _put(s, *statements):
    for statement in statements:
        s.execute(statement)


def _tallies():
    return sorted(tuple(row) for row in db.session.execute(select(Tally.school_id, Tally.grade_id, Tally.status, Tally.sex, Tally.number).where(Tally.number != 0)))


def test_tallies_that_went_wrong_are_mended(app, county):
    right = _tallies()
    one = right[0]
    a = county.body("a")
    _put(update(Tally).where(Tally.county_id == a).values(number=Tally.number + 3),
         delete(Tally).where(Tally.school_id == one[0], Tally.grade_id == one[1], Tally.status == one[2], Tally.sex == one[3]))
    assert _tallies() != right

    assert nightly.run(now=clock.now()) == []

    assert _tallies() == right
    assert nightly.recount(a) == 0


def test_old_answers_are_forgotten_and_new_ones_kept(app, county, now):
    account = county.account("registrar.a1")
    _put(*(insert(Answer).values(account_id=account, key=key, act="x", fields=b"", location=b"", at=at)
           for key, at in (("old", now - timedelta(days=8)), ("new", now - timedelta(days=6)))))

    nightly.run(now=now)

    assert db.session.execute(select(Answer.key)).scalars().all() == ["new"]


def test_an_account_unused_for_half_a_year_is_sealed(app, county, now):
    _put(update(Account).where(Account.username == "registrar.a2").values(demo=False, password_set_at=now - timedelta(days=200)))

    nightly.run(now=now)

    assert db.session.execute(select(Account.username).where(Account.state == "sealed")).scalars().all() == ["registrar.a2"]


def test_a_chore_that_fails_is_named_and_the_others_are_done(app, county, monkeypatch, now):
    def broken(now):
        raise RuntimeError("no")

    monkeypatch.setitem(nightly.CHORES, "结束过期的登录", broken)
    _put(update(Tally).where(Tally.county_id == county.body("a")).values(number=Tally.number + 3))
    total = db.session.execute(select(func.sum(Tally.number))).scalar()

    assert nightly.run(now=now) == ["结束过期的登录"]

    assert db.session.execute(select(func.sum(Tally.number))).scalar() < total
