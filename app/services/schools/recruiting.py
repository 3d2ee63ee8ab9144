"""跨区域招生 (workflows.md 20): a school asks to take new pupils from another county; both areas agree, the office above is told. What it consents to are instructions (instructions.py)."""

from dataclasses import dataclass

from sqlalchemy import select

from ...errors import Refusal, Refusals
from ...extensions import db
from ...identity.grades import STAGES
from ...models import Body, Case
from ...permissions import require
from ...workflow.school_cases import RECRUIT, RECRUIT_ASKS, recruit_route, unsaid
from ..administration import policies
from ..casework import case_files
from ..transactions import writes
from . import instructions, quotas


@dataclass(frozen=True)
class Asked:
    stage: str
    year: int
    from_county: int | None
    number: int | None
    reason: str
    document: str


@writes
def apply(s, asked: Asked, *, actor, today, now, note=""):
    """Returns the case's id."""
    require(actor, "case.start")
    school, source = _checked(s, asked, actor.school_id, today)
    _refuse_second(s, actor.school_id, asked, source)
    theirs, ours = (policies.in_force(s, county, today) for county in (school.county_id, source.id))
    opening = case_files.Opening(
        title=_title(school, source, asked), content=_content(asked, source), to_school_id=school.id, from_school_id=source.id,
        route=recruit_route(same_city=school.city_id == source.city_id, source_here=source.here), to_policy_id=theirs and theirs.id, from_policy_id=ours and ours.id)
    return case_files.begin_one(s, RECRUIT, opening, school_id=school.id, actor=actor, today=today, now=now, note=note)


@writes
def resubmit(s, case_id, asked: Asked, *, actor, version, today, now, note=""):
    """After a return (退回补正); stage, year and area make the case, and stay. It goes the whole way again. Returns the case's id."""
    case = case_files.to_mend(s, case_id, [RECRUIT.kind], actor=actor, version=version)
    before = case_files.answers_of(case)
    asked = Asked(before["stage"], before["year"], before["from_county"], asked.number, asked.reason, asked.document)
    _, source = _checked(s, asked, case.school_id, case.started_at.date())
    changes = case_files.changed(RECRUIT_ASKS, before, vars(asked))
    return case_files.submit_again(s, case, _content(asked, source), changes=changes, actor=actor, today=today, now=now, note=note)


def _content(asked, source):
    return case_files.answered(vars(asked)) | {"source": source.name}


def _title(school, source, asked):
    return f"{school.short_name}{asked.year}年{STAGES[asked.stage]}招{source.short_name}"


def _checked(s, asked, school_id, today):
    """(school, source county), the school locked, so that of two applications the second finds the first; everything that is wrong is told at once."""
    wrong = []
    columns = (Body.id, Body.name, Body.short_name, Body.county_id, Body.city_id, Body.province_id, Body.stages, Body.here)
    school = s.execute(select(*columns).where(Body.id == school_id).with_for_update(key_share=True)).one()
    source = asked.from_county and s.execute(select(*columns).where(Body.id == asked.from_county, Body.tier == "county")).one_or_none()
    if asked.stage not in STAGES or asked.stage not in school.stages or asked.stage == "1":
        wrong.append(Refusal("请选择本校招生的学段；小学新生没有可以调取的学籍，不用办理", field="stage"))
    if asked.year not in (today.year, today.year + 1):
        wrong.append(Refusal(f"招生年份请选 {today.year} 年或 {today.year + 1} 年", field="year"))
    if not source:
        wrong.append(Refusal("请选择生源地", field="from_county"))
    elif source.id == school.county_id:
        wrong.append(Refusal("生源地就是本县，不用办理跨区域招生", field="from_county"))
    elif source.province_id != school.province_id:
        wrong.append(Refusal("生源地在外省，不属于跨区域招生备案的范围。请向省级教育行政部门请示", field="from_county"))
    if not isinstance(asked.number, int) or not 1 <= asked.number <= quotas.MOST:
        wrong.append(Refusal(f"请填写招生人数，在 1 和 {quotas.MOST} 之间", field="number"))
    wrong += unsaid(asked, RECRUIT_ASKS, {"reason": "请写明为什么跨区域招生", "document": "请填写招生计划文件的名称和文号"})
    if wrong:
        raise Refusals(wrong)
    return school, source


def _refuse_second(s, school_id, asked, source):
    title = _title(s.execute(select(Body.short_name).where(Body.id == school_id)).one(), source, asked)
    other = s.execute(select(Case.number).where(Case.school_id == school_id, Case.kind == RECRUIT.kind, Case.state.in_(("open", "effective")), Case.title == title)).scalar()
    if other:
        raise Refusal(f"{title}已经申请过（{other}）。要改人数的，请先由核办单位退回或撤销那一件", field="from_county")


def counties_on_offer(person) -> list:
    """[(id, name)] of the other counties of the school's province."""
    rows = db.session.execute(select(Body.id, Body.name).where(Body.tier == "county", Body.province_id == person.province_id, Body.id != person.county_id, Body.state == "open")
                              .order_by(Body.division_code))
    return [tuple(row) for row in rows]


def stages_of(person) -> str:
    """The stages of one's own school into which pupils move up: 初中, 高中."""
    return (db.session.execute(select(Body.stages).where(Body.id == person.school_id)).scalar() or "").replace("1", "")


def facts(case) -> list:
    asked = case_files.answers_of(case)
    return [
        ("学段", STAGES[asked["stage"]], ""), ("招生年份", f"{asked['year']}年", ""), ("生源地", source_of(case), ""), ("招生人数", f"{asked['number']} 人", ""),
        ("招生理由", asked["reason"], "all"), ("招生计划文件", asked["document"], "all"), ("申请学校", f"{case.school} {case.starter_name}", "all"),
    ]


def source_of(case) -> str:
    return case_files.content_of(case)["source"]


def take_effect(s, cases, *, actor, today, now):
    """Nothing of the register changes: instructions may be given from now on."""
    return {}


def undo(s, case, *, actor, today, now):
    """The consent is void, as long as no instruction rests on it."""
    if given := instructions.held(s, case.id):
        raise Refusal(f"已签发 {given} 份允许外招指令，不能撤销。请生源地主管部门先收回")
    return []
