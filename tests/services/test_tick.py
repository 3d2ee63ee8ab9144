"""The standing job (flask cases tick): what the clock ends is ended once, whatever else it meets; it asks no more where more cases lie open."""

from datetime import date, datetime

import pytest

from app import serve
from app.errors import Refusal
from app.services.administration import nightly
from app.services.casework import cases
from tests.bureau import statements
from tests.office import case
from tests.transfer_office import final, instructed, road, set_rule

__all__ = ["instructed", "road"]
LAPSED = datetime(2026, 12, 11, 2, 30)  # the day after the ninetieth


def test_a_second_run_finds_nothing_to_do(app, road, instructed, monkeypatch):
    monkeypatch.setenv("DEMO_TODAY", "2026-12-11")
    tick = app.test_cli_runner()
    first, second = tick.invoke(args=["cases", "tick"]), tick.invoke(args=["cases", "tick"])
    assert [(run.exit_code, run.output[17:]) for run in (first, second)] == [
        (0, "指令失效 1 件，毕业年级在办业务清理 0 件\n"), (0, "指令失效 0 件，毕业年级在办业务清理 0 件\n"),
    ]
    assert (case(instructed).state, len(road.way(instructed))) == ("lapsed", 7)  # the applicant, five who agreed, the clock


def test_the_server_does_it_by_itself_once_a_day(app, road, instructed, tmp_path):
    assert serve.tick(tmp_path, LAPSED) is True and case(instructed).state == "lapsed"
    assert serve.tick(tmp_path, LAPSED) is False


def test_one_that_cannot_be_ended_is_named_and_stops_no_other(app, road, instructed, monkeypatch):
    other = road.apply("b1", "twin.2")
    road.go(other, until="draw")
    stuck, end = case(instructed), cases._end_by_clock

    def fails(case_id, *words, **rest):
        if case_id == instructed:
            raise RuntimeError("no")
        return end(case_id, *words, **rest)

    monkeypatch.setattr(cases, "_end_by_clock", fails)
    with pytest.raises(Refusal) as told:
        cases.tick(today=LAPSED.date(), now=LAPSED)
    assert str(told.value) == f"有 1 件到期的业务没有办成，原因见运行日志，明天再办：{stuck.number}"
    assert (case(instructed).state, case(other).state) == ("open", "lapsed")
    assert nightly.run(now=LAPSED) == ["办理到期的业务"]


def test_more_open_cases_are_no_more_questions(road):
    asked = []
    for pupil in ("twin.1", "twin.2"):
        road.apply("b1", pupil)
        with statements() as sent:
            assert cases.tick(today=date(2027, 7, 14), now=road.now) == (0, 0)
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_the_rules_of_graduating_grades_are_asked_once_a_version(road):
    set_rule(road.county.body("a"), '{"graduating_clear": "7月16日"}')
    for pupil in ("twin.1", "twin.2"):
        road.apply("b1", pupil)
    final(road)
    with statements() as sent:
        assert cases.clear_graduating(today=date(2027, 7, 15), now=road.now) == 0
    assert len([one for one in sent if "policy_versions" in one]) == 1
    assert cases.clear_graduating(today=date(2027, 7, 16), now=road.now) == 2
