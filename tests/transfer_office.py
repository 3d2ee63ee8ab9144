"""Schools and bureaus at work on transfers: whoever has the seat acts, each in turn."""

from datetime import date

import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.models import Account, Body, Case, CaseStep, Class, Enrolment, Grade, PolicyVersion, Student
from app.services import transactions
from app.services.administration import policies
from app.services.casework import cases, tasks
from app.services.casework.cases import Words
from app.services.transfer import pupil_lookup, transfers
from app.services.transfer.transfers import Asked, Outside, Request
from tests.cast import new_pupil
from tests.office import case, row
from tests.services.test_register_agrees import agrees

ASKED = Asked(reason="02", guardian="庹建国", evidence=("application", "household", "residence"))
DEQING = Outside("德清县舞阳小学", "德清县教育局", "330521", "2133000501", "1", 2, 6)
YUNXI = Outside("郧西县城关镇第一小学", "郧西县教育局", "420322", "2142900322", "1", 2, 6)
PEOPLE = {"school_registrar": "registrar", "school_head": "head", "county_officer": "officer", "city_officer": "officer", "province_officer": "officer"}
RETURN = Words(reason="02", note="居住证明看不清，请重新扫描", mend=("evidence",))
REFUSE = Words(reason="04", note="本校二年级各班已满")
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
            self.act(case_id, "agree" if step.endswith("outside") or step == "far" else "draw" if step == "draw" else "approve", **rest)
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


# ---------------------------------------------------------------- what stories ask of it

def waiting(person):
    return tasks.waiting(person, policies.policy_for(db.session, person.county_id, date(2026, 9, 11)), date(2026, 9, 11))


def pupil(road, key="twin.1"):
    return row(Student, Student.id == road.county.pupil(key) if isinstance(key, str) else Student.id == key)


def spells(student_id):
    """[(school, state, came by, left by, from, until)] in the order of time."""
    return [tuple(one) for one in db.session.execute(
        select(Body.key, Enrolment.state, Enrolment.came_by, Enrolment.left_by, Enrolment.from_on, Enrolment.until_on).join(Body, Body.id == Enrolment.school_id)
        .where(Enrolment.student_id == student_id).order_by(Enrolment.from_on, Enrolment.id))]


def counts_agree():
    told = agrees()
    for name in ("classes", "tallies", "spells", "desks", "numbers"):
        assert told[name][0] == told[name][1], name


def heads(*class_ids):
    return [row(Class, Class.id == class_id).headcount for class_id in class_ids]


def junior(road, school="a2", year=2):
    """A junior pupil nobody tells stories of."""
    return db.session.execute(select(Student.id).where(Student.class_id == road.county.class_(school, stage="2", year=year), Student.status == "01").order_by(Student.id)).scalars().first()


def final(road, key="twin.1"):
    """Her grade is the last of her school from now on: the sixth in which she may still go, where the county lets her."""
    change(Grade, pupil(road, key).grade_id, advanced_to=6)


def from_elsewhere(number=1, **changes):
    """A child of grade two with a 学籍号 of elsewhere."""
    record = new_pupil(number)
    return record | {"national_no": "G" + record["id_doc_no"]} | changes


@pytest.fixture
def instructed(road):
    """A transfer whose instruction waits to be drawn."""
    set_rule(road.county.body("a"), '{"release_instruction": "是"}')
    case_id = road.apply("b1")
    road.go(case_id, until="draw")
    return case_id
