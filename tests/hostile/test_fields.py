"""Ids of county A in every field that holds an id, of every form that county B has, and fields that no form of ours has: nothing of county A changes, and nothing is made there."""

import re

import pytest
from sqlalchemy import func, or_, select

from app.extensions import db
from app.models import Body as School
from app.models import Case, Event, Post, Student

from .house import ids, token

FIELDS = ("id", "school_id", "county_id", "body_id", "class_id", "student_id", "grade_id", "to_school", "to_class", "account_id", "post_id", "owner_id", "seat_body_id", "case_id", "version")
OWN = {  # pages with b1's own things in them
    "registrar.b1": (
        "/classes/{class}/move", "/documents/new/record_card?class={class}", "/documents/new/enrolment_certificate?student={student}", "/absences/new?class={class}",
        "/cases/new/suspension/{student}", "/cases/new/key-change/{student}", "/students/{student}/edit", "/students/{student}/conduct/award", "/enrolments/new", "/cases/new/quota",
        "/photos/new", "/imports/new", "/cases/{case}", "/students/{student}", "/cases/new/transfer/out.{student}", "/students/export?class={class}", "/posts/switch",
    ),
    "head.b1": ("/cases/{case}", "/documents", "/posts/switch"),
    "officer.b": (
        "/classes/new?school={school}", "/classes/groups/new?school={school}", "/classes/{class}/edit", "/classes/grades/new?school={school}", "/problems/new?student={student}",
        "/cases/new/merge?student={student}", "/quotas/{school}/1/2026", "/policies/edit", "/calendar/terms/2026/1", "/cases/new/key-change/{student}", "/cases/{case}",
    ),
    "teacher.b1": ("/students/{student}/suggestions/new", "/absences/new", "/posts/switch"),
}


@pytest.mark.parametrize("username", OWN)
def test_an_id_of_others_in_a_field_reaches_nothing(username, app, county, sign_in, furnished):
    theirs = sorted({str(one) for some in ids(county).values() for one in some if re.fullmatch(r"\d{15,}", str(one))})
    person, before, sent, broken = sign_in(username), _county_a(county), 0, {}
    here = _own(county, username)
    for path in OWN[username]:
        page = person.get(path.format(**here), status="*")
        assert page.status_int in (200, 403, 404), (path, page.status)
        for number in [key for key in page.forms if isinstance(key, int)] if page.status_int == 200 else ():
            form = page.forms[number]
            if form.method.upper() != "POST" or form.action.startswith(("/logout", "/students/search")) or form.action.endswith("/end"):
                continue
            fields = [(name, value or _likely(form, name)) for name, value in form.submit_fields() if isinstance(value, str)]
            names = [name for name, value in fields if re.fullmatch(r"\d{15,}", str(value))] + [name for name, many in form.fields.items() if name and _offers_ids(many)]
            for name in {*names, ""}:
                for one in theirs if name else theirs[:1]:
                    kept = [pair for pair in fields if pair[0] not in (name, "csrf_token")]
                    extra = [(field, one) for field in FIELDS if field not in form.fields]
                    answer = person.post(form.action or path.format(**here), [*kept, ("csrf_token", token(person)), *([(name, one)] if name else []), *extra], status="*")
                    sent += 1
                    if answer.status_int >= 500:
                        broken[f"{path} {name}"] = answer.status_int
    assert broken == {} and sent > 0
    after = _county_a(county)
    assert {name: (before[name] ^ after[name]) for name in before if before[name] != after[name]} == {}


def _likely(form, name):
    """What a clerk might put where nothing stands: the first that is offered, a day, a number, a word."""
    options = [one[0] for one in getattr(form.fields[name][0], "options", ()) if one[0]]
    return options[0] if options else "2026-09-10" if name.endswith(("_on", "_from", "_until")) else "3" if name in ("number", "planned", "size_limit") else "核对户口簿"


def _offers_ids(fields):
    return any(re.fullmatch(r"\d{15,}", str(value)) for field in fields for value in [getattr(field, "_value", None), *(one[0] for one in getattr(field, "options", ()))] if value)


def _own(county, username):
    class_id = county.actor("teacher.b1").class_id if username == "teacher.b1" else county.class_("b1", year=2)
    student = select(Student.id).where(Student.class_id == class_id, Student.status == "01").order_by(Student.id).limit(1)
    case = select(Case.id).where(Case.school_id == county.body("b1")).order_by(Case.id.desc()).limit(1)
    return {"school": county.body("b1"), "class": class_id, "student": db.session.scalars(student).one(), "case": db.session.scalars(case).one()}


def _county_a(county):
    """Every row that is county A's or one of its schools', table by table; who holds which post, and how long the trace of county A is."""
    a, db_rows = county.body("a"), {}
    schools = select(School.id).where(School.county_id == a)
    for table in db.metadata.sorted_tables:
        mine = [table.c.county_id == a] if "county_id" in table.c else []
        mine += [table.c.school_id.in_(schools)] if "school_id" in table.c else []
        if mine and table.name not in ("drafts", "jobs"):
            db_rows[table.name] = {repr(tuple(row)) for row in db.session.execute(select(table).where(or_(*mine)))}
    db_rows["posts"] = {repr(tuple(row)) for row in db.session.execute(select(Post.id, Post.account_id, Post.duty, Post.body_id, Post.class_id, Post.state))}
    db_rows["trace"] = {str(db.session.scalars(select(func.count()).where(Event.chain_id == a)).one())}
    db.session.rollback()
    return db_rows
