"""Schools and bureaus at work on transfers: whoever has the seat acts, each in turn."""

from datetime import date

import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.models import Account, Body, Case, CaseStep, Class, PolicyVersion, Student
from app.services import transactions
from app.services.casework import cases
from app.services.casework.cases import Words
from app.services.transfer import pupil_lookup, transfers
from app.services.transfer.transfers import Asked, Outside, Request
from tests.office import case, row

ASKED = Asked(reason="02", guardian="庹建国", evidence=("application", "household", "residence"))
DEQING = Outside("德清县舞阳小学", "德清县教育局", "330521", "2133000501", "1", 2, 6)
PEOPLE = {"school_registrar": "registrar", "school_head": "head", "county_officer": "officer", "city_officer": "officer", "province_officer": "officer"}
ANSWER = {"answered_on": date(2026, 9, 11), "paper": "德清县教育局复函 德教函〔2026〕12号"}


@pytest.fixture
def road(county, today, now):
    return Road(county, today, now)


class Road:
    def __init__(self, county, today, now):
        self.county, self.today, self.now = county, today, now

    def request(self, school, pupil="twin.1", year=2, number=1, asked=ASKED, stage="1", **rest):
        """What a registrar of `school` asks for, who has found the child by name and birth date."""
        clerk = self.county.actor(f"registrar.{school}")
        child = row(Student, Student.id == self.county.pupil(pupil)) if isinstance(pupil, str) else row(Student, Student.id == pupil)
        found = pupil_lookup.look_up(name=child.name, birth_date=child.birth_date, actor=clerk, now=self.now)
        return Request(asked=asked, token=found.token, class_id=self.county.class_(school, stage=stage, year=year, number=number), **rest)

    def apply(self, school="b1", pupil="twin.1", **rest):
        when = rest.pop("today", self.today)
        return self.hand_in(school, self.request(school, pupil, **rest), today=when)

    def hand_in(self, school, request, **rest):
        return transfers.apply(request, actor=self.county.actor(f"registrar.{school}"), today=rest.get("today", self.today), now=self.now)

    def holder(self, case_id, second=False):
        """Whoever sits where the case lies, in that post."""
        here = case(case_id)
        key = db.session.execute(select(Body.key).where(Body.id == here.seat_body_id)).scalar_one()
        return self.county.actor(f"{PEOPLE[here.seat_duty]}{2 if second else ''}.{key}", here.seat_duty)

    def act(self, case_id, action="approve", actor=None, words=None, **rest):
        when = rest.pop("today", self.today)
        answer = ANSWER if action in ("agree", "disagree") else {}
        words = words or Words(**answer)
        return cases.act(case_id, action, actor=actor or self.holder(case_id), version=rest.pop("version", None) or case(case_id).version, today=when, now=self.now, words=words)

    def go(self, case_id, until="effective", **rest):
        """Everybody agrees until the case comes to a step. Returns the case."""
        while case(case_id).step != until and case(case_id).state == "open":
            step = case(case_id).step
            self.act(case_id, "agree" if step.endswith("outside") else "draw" if step == "draw" else "approve", **rest)
        return case(case_id)

    def way(self, case_id):
        """The steps taken, with who took them."""
        return [tuple(one) for one in db.session.execute(
            select(CaseStep.step, CaseStep.actor_name, CaseStep.action).where(CaseStep.case_id == case_id, CaseStep.ended_at.is_not(None)).order_by(CaseStep.seq))]

    def names(self, *accounts):
        known = dict(db.session.execute(select(Account.username, Account.name)).all())
        return [known[account] for account in accounts]


@transactions.writes(traced=False)
def set_rule(s, county_id, edits):
    s.execute(update(PolicyVersion).where(PolicyVersion.body_id == county_id).values(edits=edits))


@transactions.writes(traced=False)
def change(s, model, row_id, **values):
    """What happened meanwhile, by whatever hand."""
    s.execute(update(model).where(model.id == row_id).values(values))


def limit(class_id, most):
    change(Class, class_id, size_limit=most)


def route(case_id):
    return db.session.execute(select(Case.route).where(Case.id == case_id)).scalar_one().split()[1:-1]
