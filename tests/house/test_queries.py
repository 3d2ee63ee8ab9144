"""A page asks the database as often in a county of four times as many pupils: nothing is asked once a row. A find, a list, a pupil at most eight times."""

import contextlib

from sqlalchemy import event, select

from app import clock
from app.demo import county as demo
from app.extensions import db
from app.models import Case, Student
from app.services.paperwork import pupil_papers
from app.services.problem_records import problems
from app.services.problem_records.problems import Found
from app.services.pupils import conduct, suggestions
from app.services.standing import changes
from tests.cast import Cast
from tests.conftest import TODAY, Standing, Template
from tests.pages import Person
from tests.services.test_conduct import MARK, PRIZE
from tests.services.test_merges import Two
from tests.services.test_status_changes import ILL, NOW

MOST, OF_PUPILS = 10, 8


def addresses(county):
    """{person: {name of the page: address}}: what those who sit at each desk open most."""
    pupil, class_id, full = county.pupil("common.1"), county.class_("a1"), who_has_everything(county)
    case_id = db.session.execute(select(Case.id).where(Case.school_id == county.body("a1"), Case.state == "open").order_by(Case.id).limit(1)).scalar_one()
    paper = "/documents/new/enrolment_certificate"
    school = {"desk": "/", "pupils": "/students", "pupils by name": "/students?sort=name", "a pupil": f"/students/{pupil}", "a pupil with everything": f"/students/{full}", "cases": "/cases", "a case": f"/cases/{case_id}"}
    return {
        "registrar.a1": school | {
            "pupils lacking something": "/students?gaps=phone", "pupils of a class": f"/students?class={class_id}", "a pupil edited": f"/students/{pupil}/edit",
            "a pupil's history": f"/students/{pupil}/history", "imports": "/imports", "photos": "/photos", "suggestions": "/suggestions", "problems": "/problems", "classes": "/classes", "a class": f"/classes/{class_id}", "papers": "/documents",
            "a paper": f"{paper}?student={pupil}", "papers of a class": f"{paper}?class={class_id}", "a new pupil": "/enrolments/new",
        },
        "head.a1": school,
        "officer.a": school | {
            "schools": "/students", "pupils of a school": f"/students?school={county.body('a1')}", "pupils reading": "/students?status=01", "classes": "/classes",
            "register of a term": "/registers", "balance of a month": "/balances", "balance of a year": "/balances?period=2026", "quotas": "/quotas", "rules": "/policies", "bodies": "/organisations", "a body": f"/organisations/{county.body('a1')}",
        },
        "township.a.t1": {"desk": "/", "register of a term": "/registers", "balance": "/balances", "schools": "/students", "cases": "/cases", "classes": "/classes"},
        "officer.city1": {"desk": "/", "quotas": "/quotas", "bodies": "/organisations"},
        "teacher.a1": {"desk": "/", "pupils": "/students", "suggestions": "/suggestions"},
        "sysadmin": {"desk": "/", "accounts": "/accounts", "bodies": "/organisations", "calendar": "/calendar"},
        "security": {"desk": "/", "posts": "/posts", "accounts": "/accounts"},
        "auditor": {"desk": "/", "audit": "/audit"},
    }


def who_has_everything(county):
    """A pupil of a1 with an award, a punishment, a problem record, an open case, a paper, a suggestion, and a duplicate that was merged into her record."""
    pupil = db.session.scalars(select(Student.id).where(Student.class_id == county.class_("a1"), Student.status == "01").order_by(Student.id.desc())).first()
    registrar, officer = county.actor("registrar.a1"), county.actor("officer.a")
    for given in (PRIZE, MARK):
        conduct.give(pupil, given, actor=registrar, today=TODAY, now=NOW)
    pupil_papers.issue("enrolment_certificate", [pupil], {"purpose": "办理医保"}, actor=registrar, today=TODAY, now=NOW)
    two = Two(county, TODAY)
    two.kept = pupil
    two.at().through()
    version = db.session.execute(select(Student.version).where(Student.id == pupil)).scalar_one()
    suggestions.suggest(pupil, {"talent": "书法"}, "家长来电", actor=county.actor("teacher.a1"), version=version, today=TODAY, now=NOW)
    problems.mark(pupil, Found("03", TODAY, explanation="比对不符"), actor=officer, today=TODAY, now=NOW)
    changes.apply("suspension", pupil, changes.Asked(ILL, ("application", "diagnosis")), actor=registrar, today=TODAY, now=NOW)
    return pupil


def asked(app):
    """{(person, page): how often it asks}, once it is warm."""
    counted, statements = {}, []
    event.listen(db.engine, "before_cursor_execute", lambda connection, cursor, statement, *rest: statements.append(statement))
    for username, pages in addresses(Cast()).items():
        person = Person(app, username)
        if "pupils" in pages and "a pupil" in pages:
            pages["found by name"] = person.fill_in("/students", q="li").location
        for name, address in pages.items():
            person.get(address)
            statements.clear()
            person.get(address)
            counted[username, name] = len(statements)
    return counted


def test_no_page_asks_more_often_where_there_are_more_pupils(small_county, tmp_path_factory, keys_dir):
    larger = Template("larger", tmp_path_factory.mktemp("larger"), small_county.server, keys_dir,
                      lambda: demo.settle(today=TODAY, now=clock.now(), per_class=12))
    found = []
    for county in (small_county, larger):
        with contextlib.closing(Standing(county, tmp_path_factory.mktemp("data"), keys_dir)) as house, house.afresh() as app:
            found.append(asked(app))
    few, many = found
    assert few == many
    assert {page: number for page, number in many.items() if number > MOST} == {}
    assert {page: number for page, number in many.items() if ("pupil" in page[1] or "found" in page[1]) and number > OF_PUPILS} == {}
    assert ("officer.a", "found by name") in many
