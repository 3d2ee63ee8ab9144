"""Drafts lie on the desk of one post: who goes to another school reads nothing there of what was typed at the first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.models import Draft
from app.services.casework import drafts, late_forms
from app.services.people import posts, sessions
from app.services.transactions import writes
from tests.pages import form_with

KIND = "enrolment"


@writes(traced=False)
def second_post(s, account_id, body_id, *, now):
    return posts.enter(s, account_id, "school_registrar", body_id=body_id, now=now)


@pytest.fixture
def two_desks(county, now):
    """The registrar of a1 as she sits there, and as she sits at b1."""
    here = county.actor("registrar.a1")
    return here, replace(here, post_id=second_post(here.account_id, county.body("b1"), now=now), school_id=county.body("b1"))


def of(actor):
    return [(subject, content) for subject, content, _ in drafts.of_kind(KIND, actor=actor)]


def test_a_draft_is_seen_in_the_post_that_it_was_typed_in(two_desks, now):
    here, there = two_desks
    drafts.keep(KIND, "one", {"name": "叶清禾"}, actor=here, now=now)
    assert (of(here), of(there), drafts.find(KIND, "one", actor=there)) == ([("one", {"name": "叶清禾"})], [], None)

    drafts.keep(KIND, "one", {"name": "陆思远"}, actor=there, now=now)  # of the same name, on another desk
    drafts.discard(KIND, "one", actor=there)
    assert (of(here), of(there)) == ([("one", {"name": "叶清禾"})], [])


def test_what_comes_late_lies_in_the_post_of_the_session(county, two_desks, now):
    here, there = two_desks
    token = sessions.open_session(here.account_id, now=now, address="", agent="")
    signed_in = sessions.find(token, now=now)
    token = sessions.switch(there.post_id, actor=signed_in, now=now)
    kept = late_forms.keep(token, {"path": "/enrolments/new", "fields": [["name", "叶清禾"]], "files": False, "key": "k"}, now=now + timedelta(hours=1))
    assert (late_forms.find(kept, actor=here), late_forms.find(kept, actor=there)[0]["fields"]) == (None, [["name", "叶清禾"]])


def test_with_a_post_its_drafts_end(county, two_desks, now):
    here, there = two_desks
    for actor in two_desks:
        drafts.keep(KIND, "one", {"name": "叶清禾"}, actor=actor, now=now)
    posts.end(there.post_id, reason="调离", actor=county.actor("security"), version=1, now=now)
    assert db.session.execute(select(Draft.post_id, func.count()).group_by(Draft.post_id)).all() == [(here.post_id, 1)]


def test_the_page_of_the_second_school_opens_without_what_was_typed_at_the_first(sign_in, two_desks):
    here, there = two_desks
    clerk = sign_in("registrar.a1")
    form = form_with(clerk.get("/enrolments/new"), "id_doc_no")
    form["name"] = "叶清禾"
    form.submit("save", value="draft")

    def sit_at(post_id):
        choice = form_with(clerk.get("/posts/switch"), "post_id")
        choice["post_id"] = str(post_id)
        assert choice.submit().status_int == 303
        return form_with(clerk.get("/enrolments/new"), "id_doc_no")["name"].value

    assert (sit_at(there.post_id), sit_at(here.post_id)) == ("", "叶清禾")
