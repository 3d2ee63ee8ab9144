"""What the trace tells of an act on cases: on which chains, and on whose timelines. Whoever begins, decides or undoes a case tells it here."""

from sqlalchemy import bindparam, select

from ... import sealing
from ...models import Body, Case
from ...workflow.flows import FLOWS
from .. import trace

BODIES = Body.__table__.c
COUNTIES = select(BODIES.id, BODIES.county_id).where(BODIES.id.in_(bindparam("schools", expanding=True)))  # asked in every act, so made once


def tell(s, name, cases, actor, /, **facts):
    """One event on the chain of every county concerned, and of the house where a city or a province acts."""
    for chain, concerned in sorted(chains_of(s, cases).items()):
        _record(s, name, concerned, actor, chain, facts)
    if actor.tier in ("city", "province"):
        _record(s, name, cases, actor, trace.HOUSE, facts)


def subjects_of(s, case) -> list:
    """Whose timelines show what is done with a case; a reversal is of those whose case it undid."""
    if case.student_id:
        return [one for one in (case.student_id, case.into_student_id) if one]
    undone = s.get_one(Case, case.undoes_id) if case.kind == "reversal" else case
    return on_list(undone) if FLOWS[undone.kind].subject == "list" else []


def on_list(case):
    """Whom a list names: those who go with their class (整班转学)."""
    told = sealing.unseal_json(case.content, "cases", case.id, "content")
    return [pupil for one in told["classes"] for pupil in one["go"]]


def _record(s, name, cases, actor, chain, facts):
    many = {"number": len(cases), "cases": [case.number for case in cases]} if name == "cases.acted" else {}
    subjects = [pupil for case in cases for pupil in subjects_of(s, case)]
    trace.record(s, name, actor=actor, chain=chain, subjects=subjects, **facts, **many)


def chains_of(s, cases) -> dict:
    """{county: the cases that concern it}: where each was begun, and where its two schools lie."""
    schools = {school for case in cases for school in (case.from_school_id, case.to_school_id) if school}
    counties = dict(s.execute(COUNTIES, {"schools": sorted(schools)}).all()) if schools else {}
    chains = {}
    for case in cases:
        for county_id in {case.county_id, *(counties[school] for school in (case.from_school_id, case.to_school_id) if school)}:
            chains.setdefault(county_id, []).append(case)
    return chains
