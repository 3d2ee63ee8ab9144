"""What belongs to others answers as what is not there: every address that names a thing of school a1, asked by who has no business with it."""

import re

import pytest

from tests.pages import hooks

from .house import NOBODY, bare, furnished, ids, places, token

STRANGERS = {  # who: the first words of the endpoints that a1's things may be seen at all the same
    "registrar.a2": ("organisations",), "head.b1": (), "officer.b": (), "officer.city1": ("organisations", "quotas"), "officer.city2": (), "officer.province2": (),
    "teacher.b1": (), "township.a.t1": ("organisations", "quotas"), "registrar.c1": (),
}


@pytest.mark.parametrize("username", STRANGERS)
def test_a_strangers_question_is_answered_as_one_about_nothing(username, app, county, sign_in):
    furnished(county)
    sign_in("registrar.a1")  # a session to ask for
    stranger, told = sign_in(username), {}
    asked = {"csrf_token": token(stranger), "reason": "工作需要", "what": "id_doc_no", "version": "1", "seen_at": "audit", "action": "approve", "note": "同意"}

    for place in places(app, county):
        if place.path == place.nowhere or place.endpoint.split(".")[0] in STRANGERS[username]:
            continue
        if "GET" in place.methods:
            _compare(told, "GET", place, *(bare(stranger.get(path, status="*")) for path in (place.path, place.nowhere)))
        if "POST" in place.methods:
            for fields in (asked, {"csrf_token": "wrong"}):
                _compare(told, "POST", place, *(_answer(stranger, path, fields | {"idempotency_key": path}) for path in (place.path, place.nowhere)))

    assert told == {}


def _answer(person, path, fields):
    """A POST's answer and what the next page then says of it."""
    status, text = bare(person.post(path, fields, status="*"))
    return status, text + "".join(hook.get_text() for hook in hooks(person.get("/sessions"), "flash"))


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
    "/cases/batch?kind=enrolment&step=audit&class={class_id}", "/cases/batch?kind=enrolment&step=county&class={class_id}", "/posts/new?account={account_id}",
    "/imports?after={import_id}", "/photos?after={upload_id}", "/photos?class={class_id}",
    "/problems/new?student={student_id}", "/problems?after={problem_id}",
)


@pytest.mark.parametrize("username", ["registrar.b1", "head.b1", "teacher.b1", "officer.b", "officer.city2", "registrar.c1"])
def test_a_thing_of_others_in_the_query_is_nothing(username, app, county, sign_in):
    furnished(county)
    stranger, told = sign_in(username), {}
    for query in QUERIES:
        name = re.search(r"{(\w+)}", query)[1]
        for one in ids(county)[name]:
            here, nowhere = str(one), "nobodys" if name == "subject" else NOBODY
            answers = [bare(stranger.get(query.replace(f"{{{name}}}", word), status="*")) for word in (here, nowhere)]
            if answers[0] != (answers[1][0], answers[1][1].replace(nowhere, here)):
                told[query] = (answers[0][0], answers[1][0])
    assert told == {}
