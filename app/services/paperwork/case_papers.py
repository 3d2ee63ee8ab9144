"""What the papers say that a change of standing issues as it takes effect: the pupil, her guardian, who has agreed."""

from dataclasses import dataclass

from sqlalchemy import select

from ...models import CaseAttachment, CaseStep
from ...permissions import OFFICERS
from ...workflow.flows import FLOWS
from ..pupils import records
from . import pupil_papers


@dataclass(frozen=True)
class Pupil:
    record: dict
    place: dict


def pupil(s, case) -> Pupil:
    """As of the day of issue; to be asked for before she leaves."""
    record = records.load(s, case.student_id)
    return Pupil(record, pupil_papers.place_of(s, record))


def pupil_words(pupil, *more) -> dict:
    """Names and place, and what `more` of her items the paper asks."""
    told, place = pupil_papers.words_of(pupil.record), pupil.place
    return {name: told[name] for name in ("name", "sex", "birth_date", "national_no", "current_address", *more)} | {
        "class_title": place["grade"] + place["class_name"], "school_code": place["school_code"], "school_phone": place["school_phone"],
    }


def guardian_words(pupil) -> dict:
    """The first guardian; of a child without one there is nothing."""
    family = pupil_papers.family_of(pupil.record)
    return {name: family[0][name] if family else "" for name in ("name", "relation", "phone")}


def dates(case, today) -> dict:
    """The days on which it was applied for and agreed to, and the number of the case."""
    return {"applied_on": case.started_at.date().isoformat(), "approved_on": today.isoformat(), "issued_on": today.isoformat(), "case_no": case.number}


def evidence(s, case) -> str:
    """休学申请书（监护人签字）、病历: what was handed in with it, in the order of its kind."""
    kinds = set(s.execute(select(CaseAttachment.kind).where(CaseAttachment.case_id == case.id, CaseAttachment.removed_at.is_(None))).scalars())
    return "、".join(title for kind, title in FLOWS[case.kind].evidence.items() if kind in kinds)


def signed(s, case, pupil, actor, today) -> dict:
    """{school, office}: each {name, opinion, officer, decided_on} of the last there who agreed, this act among them."""
    rows = s.execute(
        select(CaseStep.seat_body_id, CaseStep.seat_duty, CaseStep.actor_name, CaseStep.actor_body, CaseStep.ended_at)
        .where(CaseStep.case_id == case.id, CaseStep.action.in_(("submit", "approve"))).order_by(CaseStep.seq)
    ).all()
    told = {"school": {"name": pupil.place["school"]}, "office": {"name": pupil.place["office"]}}
    for row in rows:
        side = "office" if row.seat_duty in OFFICERS else "school"
        told[side] |= {"opinion": "同意" if side == "office" else "情况属实", "officer": row.actor_name, "decided_on": row.ended_at.date().isoformat()}
    told["office"] |= {"name": actor.body_name, "opinion": "同意", "officer": actor.name, "decided_on": today.isoformat()}
    return told
