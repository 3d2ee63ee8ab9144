"""招生计划: how many new pupils a school may take in a stage and year. Transfers in do not count against it (workflows 18)."""

from sqlalchemy import insert, select, update

from ...errors import NotFound, Refusal
from ...identity.grades import STAGES
from ...models import Body, Quota, new_id
from .. import trace
from ..administration import policies
from ..transactions import writes
from ..versions import keep_order

MOST = 9999


def of(s, school_id, stage, year):
    """(planned, used, version, id) of a plan; None where none was set."""
    return s.execute(
        select(Quota.planned, Quota.used, Quota.version, Quota.id).where(Quota.school_id == school_id, Quota.stage == stage, Quota.year == year)
    ).one_or_none()


@writes
def plan(s, school_id, stage, year, planned, *, reason, version, actor):
    """核定: the county sets or changes a plan, with its grounds. `version` is 0 where none was seen."""
    school = s.execute(select(Body.county_id, Body.name, Body.short_name, Body.stages, Body.state, Body.tier).where(Body.id == school_id)).one_or_none()
    if school is None or school.tier != "school":
        raise NotFound
    if school.state != "open" or stage not in school.stages:
        raise Refusal(f"{school.short_name}没有{STAGES[stage]}学段，或已撤销，不能核定招生计划。")
    row = held(s, school_id, stage, year)
    told = {"school": school.name, "stage": STAGES[stage], "year": year}
    keep_order(s, row or _Unset, version, what=f"{school.short_name}的招生计划", chain=school.county_id, event="quota.set", facts=told)
    if not isinstance(planned, int) or not 0 <= planned <= MOST:
        raise Refusal(f"计划数请填写 0 至 {MOST} 之间的整数。", field="planned")
    if row and planned < row.used:
        raise Refusal(f"已登记 {row.used} 人，计划数不能少于 {row.used}。请先核对已登记的新生。", field="planned")
    if row and row.planned == planned:
        raise Refusal(f"计划数已经是 {planned}，没有改动。", field="planned")
    if not reason.strip():
        raise Refusal("请填写核定或调整的依据，例如文件的名称和文号。", field="reason")
    trace.record(s, "quota.set", actor=actor, chain=school.county_id, old=row.planned if row else None, new=planned, reason=reason.strip(), **told)
    if row:
        return put(row, planned)
    new = new_id()
    s.execute(insert(Quota).values(id=new, county_id=school.county_id, school_id=school_id, stage=stage, year=year, planned=planned, used=0, version=1))
    return new


def held(s, school_id, stage, year):
    """The plan, locked; None where none was set."""
    return s.scalars(select(Quota).where(Quota.school_id == school_id, Quota.stage == stage, Quota.year == year).with_for_update(key_share=True)).one_or_none()


def put(row, planned):
    """Within an act whose own event tells of it."""
    row.planned = planned
    row.version += 1
    return row.id


class _Unset:
    version = 0


def reserve(s, school_id, stage, year, number, *, today):
    """Count `number` new pupils in, inside the act that enrols them; refuses beyond the plan where the county's rules stop there."""
    row = of(s, school_id, stage, year)
    county_id = s.execute(select(Body.county_id).where(Body.id == school_id)).scalar_one()
    policy = policies.policy_for(s, county_id, today)
    article = policy.article("quota_enforcement")
    if row is None:
        raise Refusal(f"还没有核定本校{year}年{STAGES[stage]}的招生计划，不能登记新生。请教育局先核定。", field="grade", article=article)
    taken = update(Quota).where(Quota.id == row.id)
    if policy.quota_enforcement == "stop":
        taken = taken.where(Quota.used + number <= Quota.planned)  # asked in the same statement: two that come at once cannot both pass
    if s.execute(taken.values(used=Quota.used + number)).rowcount == 0:
        now = of(s, school_id, stage, year)
        left = max(now.planned - now.used, 0)
        raise Refusal(
            f"{year}年{STAGES[stage]}招生计划 {now.planned} 人，已登记 {now.used} 人，还剩 {left} 人，这次要登记 {number} 人。请减少人数，或由教育局调整招生计划。",
            field="grade", article=article,
        )


def release(s, school_id, stage, year, number):
    """Give places back: an application refused, withdrawn or cleared."""
    s.execute(
        update(Quota).where(Quota.school_id == school_id, Quota.stage == stage, Quota.year == year).values(used=Quota.used - number)
    )
