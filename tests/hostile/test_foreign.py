"""What belongs to others answers as what is not there: every address that names a thing of school a1, asked by who has no business with it."""

import re

import pytest
from sqlalchemy import func, select, update

from app import clock
from app.extensions import db
from app.models import Event, Post, SignIn
from app.services.people import accounts, posts, sessions

from .house import NOBODY, bare, came_late, flashed, ids, places, token

STRANGERS = {  # who: the first words of the endpoints that a1's things may be seen at all the same
    "registrar.a2": ("organisations",), "head.b1": (), "officer.b": (), "officer.city1": ("organisations", "quotas"), "officer.city2": (), "officer.province2": (),
    "teacher.b1": (), "township.a.t1": ("organisations", "quotas"), "registrar.c1": (), "teacher.a1": ("absences", "class_checks", "classes", "sign_in", "suggestions", "verify"),
    "sysadmin": ("accounts", "organisations"), "security": ("accounts", "organisations", "posts"), "auditor": ("accounts", "organisations", "posts"),
    "no post": (),
}


@pytest.mark.parametrize("username", STRANGERS)
def test_a_strangers_question_is_answered_as_one_about_nothing(username, app, county, sign_in, furnished):
    came_late(county)
    sign_in("registrar.a1")  # a session to ask for
    if username == "no post":
        username, allowed = "head.a1", STRANGERS[username]
        db.session.execute(update(Post).where(Post.account_id == county.account(username)).values(state="ended"))
        db.session.commit()
    else:
        allowed = STRANGERS[username]
    stranger, told = sign_in(username), {}
    asked = {"csrf_token": token(stranger), "reason": "工作需要", "what": "id_doc_no", "version": "1", "seen_at": "audit", "action": "approve", "note": "同意"}

    for place in places(app, county):
        if place.path == place.nowhere or place.endpoint.split(".")[0] in allowed:
            continue
        if "GET" in place.methods:
            _compare(told, "GET", place, *(bare(stranger.get(path, status="*")) for path in (place.path, place.nowhere)))
        if "POST" in place.methods:
            for fields in (asked, {"csrf_token": "wrong"}):
                _compare(told, "POST", place, *(_answer(stranger, path, fields | {"idempotency_key": path}) for path in (place.path, place.nowhere)))

    assert told == {}


ENDS = {
    "post ended": lambda county, person: posts.end(person.post_id, version=1, reason="调离", actor=county.actor("security"), now=clock.now()),
    "killed": lambda county, person: sessions.kill(_key(person), person.account_id, actor=county.actor("sysadmin"), now=clock.now()),
    "closed": lambda county, person: accounts.close(person.account_id, version=1, reason="调离", actor=county.actor("sysadmin"), now=clock.now()),
}


def _key(person):
    return bytes(db.session.execute(select(SignIn.key).where(SignIn.account_id == person.account_id, SignIn.ended_at.is_(None))).scalar_one())


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_a_sign_in_ends_it_for_every_address_at_once(how, app, county, sign_in, furnished):
    clerk = sign_in("registrar.a1")
    sent = {"csrf_token": token(clerk), "reason": "工作需要", "what": "id_doc_no", "version": "1", "idempotency_key": "k"}
    ENDS[how](county, county.actor("registrar.a1"))
    before, answered = db.session.scalars(select(func.max(Event.id))).one(), {}
    for place in places(app, county):
        if place.endpoint.split(".")[0] in ("verify", "help") or place.endpoint == "sign_in.sign_in":
            continue
        for method in sorted(place.methods):
            answer = clerk.get(place.path, status="*") if method == "GET" else clerk.post(place.path, sent, status="*")
            if answer.status_int != 303 or not answer.location.startswith("/login"):
                answered[f"{method} {place.path}"] = answer.status_int
    assert answered == {} and db.session.scalars(select(func.max(Event.id))).one() == before


def _answer(person, path, fields):
    """A POST's answer and what the next page then says of it."""
    status, text = bare(person.post(path, fields, status="*"))
    return status, text + flashed(person)


def _compare(told, method, place, here, nowhere):
    (status, text), (status_of_nothing, text_of_nothing) = here, nowhere
    same = (status, text.replace(place.path, "…")) == (status_of_nothing, text_of_nothing.replace(place.nowhere, "…"))
    if not same or status not in (303, 403, 404, 409):
        told[f"{method} {place.path}"] = (status, status_of_nothing)


QUERIES = (
    "/students?school={body_id}", "/students?class={class_id}", "/students?after={student_id}", "/students?status=all&after={student_id}",
    "/documents/new/record_card?student={student_id}", "/documents/new/record_card?class={class_id}", "/documents?batch={batch_id}",
    "/classes?school={body_id}", "/classes/new?school={body_id}", "/classes/new?grade={body_id}", "/classes/groups/new?school={body_id}",
    "/enrolments/new?after={case_id}", "/enrolments/new?draft={subject}", "/enrolments/check?draft={subject}", "/cases?school={body_id}",
    "/cases/batch?kind=enrolment&step=school_audit&class_id={class_id}", "/cases/batch?kind=enrolment&step=county&class_id={class_id}", "/cases/batch?kind=suspension&step=county&school_id={body_id}", "/posts/new?account={account_id}",
    "/imports?after={import_id}", "/photos?after={upload_id}", "/photos?class={class_id}",
    "/problems/new?student={student_id}", "/problems?after={problem_id}", "/cases/new?student={student_id}",
    "/cases/new/suspension?student={student_id}", "/cases/new/suspension?class={class_id}", "/cases/new/merge?student={student_id}", "/cases/new/merge?problem={problem_id}",
    "/cases/new/transfer-out?student={student_id}", "/absences?state=ended&after={note_id}", "/absences/new?student={student_id}", "/absences/new?class={class_id}",
    "/students/left?before=2026-09-11.{spell_id}", "/registers?school={body_id}", "/registers.pdf?school={body_id}", "/registers.xlsx?school={body_id}", "/balances?school={body_id}",
    "/balances.xlsx?school={body_id}", "/students/export?class={class_id}", "/students/export?school={body_id}", "/quotas?county={body_id}", "/policies?body={body_id}",
    "/organisations?in={body_id}", "/suggestions?after={student_id}", "/audit?pupil={student_id}", "/audit?actor={account_id}",
    "/cases/figures?school={body_id}", "/cases/figures?period=2026&school={body_id}", "/cases?period=2026-09&school={body_id}", "/cases?moved=came&school={body_id}",
    "/cases/new/whole-class-transfer?from_school={body_id}", "/cases/new/whole-class-transfer?to_school={body_id}", "/tasks?kind=returned&start={student_id}",
)


@pytest.mark.parametrize("username", ["registrar.b1", "head.b1", "teacher.b1", "officer.b", "officer.city2", "registrar.c1"])
def test_a_thing_of_others_in_the_query_is_nothing(username, app, county, sign_in, furnished):
    stranger, told = sign_in(username), {}
    for query in QUERIES:
        name = re.search(r"{(\w+)}", query)[1]
        for one in ids(county)[name]:
            here, nowhere = str(one), "nobodys" if name == "subject" else NOBODY
            answers = [bare(stranger.get(query.replace(f"{{{name}}}", word), status="*")) for word in (here, nowhere)]
            if answers[0] != (answers[1][0], answers[1][1].replace(nowhere, here)):
                told[query] = (answers[0][0], answers[1][0])
    assert told == {}
