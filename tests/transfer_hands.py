"""What people do with a transfer at the browser: find the child, fill the sheet, hand it in, decide."""

import pytest

from app.models import Student
from tests.office import row
from tests.pages import errors, form_with, summary

FAMILY = {"guardian": "庹建国", "guardian_relation": "51", "guardian_phone": "13871990815"}


def child(county, key="twin.1"):
    return row(Student, Student.id == county.pupil(key))


def find(person, pupil):
    """The two facts; the page of the form that follows."""
    answer = person.fill_in("/cases/new/transfer", name=pupil.name, birth_date=f"{pupil.birth_date:%Y-%m-%d}")
    assert answer.status_int == 303, summary(answer)
    return answer.follow()


def fill(page, **fields):
    form = form_with(page, "reason")
    for name, value in ({"reason": "02"} | FAMILY | fields).items():
        form[name] = value
    return form


def class_of(page):
    return next(value for value, _, _ in form_with(page, "to_class")["to_class"].options if value)


def apply(person, pupil, **fields):
    """From two facts to the accepted page; returns the case's id."""
    page = find(person, pupil)
    answer = fill(page, to_class=class_of(page), **fields).submit()
    assert answer.status_int == 303, (errors(answer), summary(answer))
    check = answer.follow()
    form = form_with(check, "truthful")
    form["truthful"] = True
    done = form.submit()
    assert done.status_int == 303, summary(done)
    assert "转学申请已受理" in done.follow().text
    return int(done.location.rsplit("/", 2)[1])


def decide(person, case_id, action="approve", **fields):
    answer = person.fill_in(f"/cases/{case_id}", action=action, **fields)
    assert answer.status_int == 303, (errors(answer), summary(answer))
    return answer.follow()


SIX = {"head.b1": "to_county", "officer.b": "from_registrar", "registrar.a1": "from_audit", "head.a1": "from_county", "officer.a": "effective"}


@pytest.fixture
def moving(sign_in, county):
    """庹家一 of a1 (county A) is applied for by b1 (county B)."""
    return apply(sign_in("registrar.b1"), child(county))
