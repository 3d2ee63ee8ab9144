"""招生计划调整 (workflows.md 18): a school asks for more new pupils than its plan has; its bureau agrees, the city's too where the rules say so, and the plan is changed."""

from dataclasses import dataclass

from sqlalchemy import select

from ...errors import MovedOn, Refusal, Refusals
from ...extensions import db
from ...identity.grades import STAGES
from ...models import Body, Case, Quota
from ...permissions import require
from ...workflow.school_cases import QUOTA, QUOTA_ASKS, quota_route, unsaid
from ..administration import organisations, policies
from ..casework import case_files
from ..transactions import writes
from . import quotas


@dataclass(frozen=True)
class Asked:
    """`number` more than the plan has; `document` is the paper that this rests on."""

    stage: str
    year: int
    number: int
    reason: str
    document: str


@writes
def apply(s, asked: Asked, *, actor, today, now, note=""):
    """Returns the case's id."""
    require(actor, "case.start")
    plan = _checked(s, asked, actor.school_id)
    title = title_of(s, actor.school_id, asked)
    _refuse_second(s, actor.school_id, title)
    opening = case_files.Opening(title=title, content=_content(asked, plan), route=_route(s, actor.school_id, today))
    return case_files.begin_one(s, QUOTA, opening, school_id=actor.school_id, actor=actor, today=today, now=now, note=note)


@writes
def resubmit(s, case_id, asked: Asked, *, actor, version, today, now, note=""):
    """After a return (退回补正); stage and year make the case, and stay. Returns the case's id."""
    case = case_files.to_mend(s, case_id, [QUOTA.kind], actor=actor, version=version)
    before = case_files.answers_of(case)
    asked = Asked(before["stage"], before["year"], asked.number, asked.reason, asked.document)
    plan = _checked(s, asked, case.school_id)
    changes = case_files.changed(QUOTA_ASKS, before, vars(asked))
    return case_files.submit_again(s, case, _content(asked, plan), changes=changes, actor=actor, today=today, now=now, note=note)


def _content(asked, plan):
    return case_files.answered(vars(asked)) | {"planned": plan.planned}


def title_of(s, school_id, asked):
    school = s.execute(select(Body.short_name).where(Body.id == school_id)).scalar_one()
    return f"{school}{asked.year}年{STAGES[asked.stage]}"


def _route(s, school_id, today):
    office = organisations.bureau(s, school_id)
    policy = policies.policy_for(s, s.execute(select(Body.county_id).where(Body.id == school_id)).scalar_one(), today)
    return quota_route(policy.quota_city and office.tier == "county")


def _checked(s, asked, school_id):
    """The plan that is to grow, locked, so that of two applications the second finds the first; everything that is wrong is told at once."""
    wrong = []
    plan = quotas.held(s, school_id, asked.stage, asked.year) if asked.stage in STAGES and asked.year else None
    if plan is None:
        wrong.append(Refusal("这个学段和年份还没有核定招生计划，没有可以调整的。请教育局先核定", field="stage"))
    if not isinstance(asked.number, int) or asked.number < 1:
        wrong.append(Refusal("请填写要增加的人数，至少 1 人", field="number"))
    elif plan and plan.planned + asked.number > quotas.MOST:
        wrong.append(Refusal(f"计划数最多 {quotas.MOST} 人，请核对增加人数", field="number"))
    wrong += unsaid(asked, QUOTA_ASKS, {"reason": "请写明为什么要增加，例如“小区交付，学区内适龄儿童增加”", "document": "请填写依据文件的名称和文号"})
    if wrong:
        raise Refusals(wrong)
    return plan


def _refuse_second(s, school_id, title):
    """One application at a time for one plan."""
    other = s.execute(select(Case.number).where(Case.school_id == school_id, Case.state == "open", Case.kind == QUOTA.kind, Case.title == title)).scalar()
    if other:
        raise Refusal(f"{title}的招生计划已有在办的调整（{other}），请等它办结，或撤销以后再申请", field="stage")


def offered(person) -> list:
    """The plans of one's own school that can be asked to grow: (stage, year, planned, used), the newest first."""
    return db.session.execute(
        select(Quota.stage, Quota.year, Quota.planned, Quota.used).where(Quota.school_id == person.school_id).order_by(Quota.year.desc(), Quota.stage).limit(12)
    ).all()


def facts(case) -> list:
    """[(title, value, look)] of a case."""
    asked, planned = case_files.answers_of(case), planned_of(case)
    now = quotas.of(db.session, case.school_id, asked["stage"], asked["year"])
    return [
        ("学段", STAGES[asked["stage"]], ""), ("招生年份", f"{asked['year']}年", ""), ("申请时的计划", f"{planned} 人", ""), ("增加人数", f"{asked['number']} 人", ""),
        ("调整后的计划", f"{planned + asked['number']} 人", ""), ("现在的计划", f"{now.planned} 人，已登记 {now.used} 人", ""),
        ("调整理由", asked["reason"], "all"), ("依据文件", asked["document"], "all"), ("申请学校", f"{case.school} {case.starter_name}", "all"),
    ]


def planned_of(case) -> int:
    """The plan as it was when the application was handed in."""
    return case_files.content_of(case)["planned"]


# ---------------------------------------------------------------- the effect, and its undoing

def take_effect(s, cases, *, actor, today, now):
    """Refuses where the plan was changed meanwhile: who agreed has looked at another figure."""
    for case in cases:
        asked, planned = case_files.answers_of(case), planned_of(case)
        row = quotas.held(s, case.school_id, asked["stage"], asked["year"])
        if row.planned != planned:
            raise MovedOn(f"{case.title}的招生计划在申请以后已由 {planned} 人改为 {row.planned} 人。这次没有写入，请退回申请学校核对。")
        quotas.put(row, planned + asked["number"])
    return {"plan": [planned, row.planned]}


def undo(s, case, *, actor, today, now):
    """The plan as before, as long as nobody was enrolled on what it gained, and nobody changed it since."""
    asked, planned = case_files.answers_of(case), planned_of(case)
    row = quotas.held(s, case.school_id, asked["stage"], asked["year"])
    if row.planned != planned + asked["number"]:
        raise Refusal(f"{case.title}的招生计划以后又改为 {row.planned} 人，不能撤销这次调整。要改的，请直接核定招生计划")
    if row.used > planned:
        raise Refusal(f"{case.title}已登记 {row.used} 人，增加的名额已经用了 {row.used - planned} 个，不能撤销调整。请先核对已登记的新生")
    quotas.put(row, planned)
    return []
