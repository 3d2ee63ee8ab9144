"""Every seat of every way of every kind can be filled: it comes down to a body and a duty that somebody holds who may decide there."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Post
from app.permissions import DUTIES, OFFICERS
from app.services.casework import case_files
from app.workflow.flows import FLOWS, SEATS, side_of
from tests.workflow.test_flows import ways

DECIDES = {"applicant": {"school_registrar", "township_registrar", "county_officer"}, "registrar": {"school_registrar"}, "audit": {"school_head", "township_registrar", *OFFICERS},
           "county": set(OFFICERS), "source": {"county_officer"}, "city": {"city_officer"}, "province": {"province_officer"}}
PLACES = [("b1", "a1"), ("a3", "a1"), ("c1", "a1"), ("b3", "a4"), ("m1", "a2"), ("a1", "a5")]  # (to, from): two counties, one county, two cities, senior, a city's own school, a village point


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
@pytest.mark.parametrize(("to", "old"), PLACES, ids="-".join)
def test_every_seat_of_every_way_is_somebodys(county, flow, to, old):
    held = set(db.session.execute(select(Post.body_id, Post.duty).where(Post.state == "active")).all())
    asked = set()
    for route in ways(flow):
        two = flow.kind in ("transfer", "transfer-out", "merge", "moving-up", "whole-class-transfer")
        begins = county.body("a.t1") if flow.begun_by == "township_registrar" else county.body("a") if flow.begun_by == "county_officer" else county.body(to)
        case = SimpleNamespace(route=" ".join(route), school_id=begins, kind=flow.kind, to_school_id=county.body(to) if two and flow.kind != "transfer-out" else None,
                               from_school_id=county.body(old) if two else county.body("b") if flow.kind == "recruit-consent" else None)
        if flow.kind == "recruit-consent":
            case.to_school_id = county.body(to)
        if flow.kind == "transfer-out":
            case.school_id = county.body(old)
        for name in route:
            step = flow.steps[name]
            if step.terminal:
                continue
            body, duty = case_files.seat_of(db.session, flow, case, name, maker_id=None)
            assert duty in DUTIES and (step.seat == "before" or duty in DECIDES[step.seat]), name
            if step.seat != "applicant" or side_of(name):
                assert (body, duty) in held, (route, name)
            asked.add(step.seat)
    assert asked <= set(SEATS) and asked == {step.seat for step in flow.steps.values() if not step.terminal}
