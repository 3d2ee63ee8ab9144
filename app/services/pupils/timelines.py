"""What the trace says, in words: a pupil's timeline (办理经过), and each event's facts as the auditor's page lists them."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from ...codes import table
from ...extensions import ask
from ...models import Event, EventSubject
from ...workflow.flows import FLOWS, reasons
from ..events import EVENTS, LABELS, label

NOTED = ("in_place_of", "reason", "purpose", "note", "changes", "filename")  # what a pupil's timeline says below the title
WHY = {
    "signed out": "本人退出", "idle": "离开较久", "too long": "登录已满最长时间", "killed": "被强制退出", "replaced": "换岗位或密码", "password": "修改密码",
    "reset": "密码被重置", "closed": "账号停用", "post ended": "岗位被免去",
}
ACTIONS = {"submit": "提交", "withdraw": "撤销", "clear": "清理", "lapse": "失效", "add": "增加", "remove": "移去"}


@dataclass(frozen=True)
class Told:
    """One item for components/timeline.html; `id` is the place to go on from."""

    id: int
    what: str
    actor: str
    body: str  # the post that the actor was in
    at: datetime
    words: str
    look: str = ""


TWIN, ABOUT = aliased(Event), aliased(EventSubject)
PUPIL = bindparam("pupil")
OF_STUDENT = (
    select(Event.id, Event.name, Event.actor_name, Event.actor_post, Event.at, Event.facts).join(EventSubject, EventSubject.event_id == Event.id)
    .where(EventSubject.student_id == PUPIL, ~exists().where(
        TWIN.act_id == Event.act_id, TWIN.id < Event.id, ABOUT.event_id == TWIN.id, ABOUT.student_id == PUPIL,
    )).order_by(EventSubject.event_id.desc()).limit(bindparam("most"))
)


def of_student(student_id, limit=50, after=None) -> list[Told]:
    """The acts that were about a pupil, newest first; `after` is the id of the last one shown. An act that touched two chains is told once."""
    query = OF_STUDENT
    if after is not None:
        query = query.where(EventSubject.event_id < after)
    items = []
    for number, name, actor, post, at, text in ask(query, pupil=student_id, most=limit):
        facts = json.loads(text)
        if isinstance(changed := (facts.get("effects") or {}).get("changes"), dict):  # of many cases decided together it is a list: not everybody's to read
            facts = {"changes": changed} | facts
        items.append(Told(number, title(name, facts), actor, post, at, words(name, {key: facts[key] for key in NOTED if key in facts}, facts), look(facts)))
    return items


def title(name, facts) -> str:
    """新生登记，学校审核：同意，送主管教育行政部门核办"""
    kind = EVENTS.get(name)
    if kind is None:
        return name  # of a later version than this one
    return kind.words.format_map({key: value_in_words(key, value, facts) for key, value in facts.items()}) if kind.words else kind.title


def look(facts) -> str:
    """The dot of a timeline: green for what took effect, red for what was sent back or refused."""
    flow = FLOWS.get(facts.get("kind"))
    step = facts.get("step") if flow and facts.get("step") in flow.steps else flow and flow.start
    move = flow and flow.steps[step].moves.get(facts.get("action"))
    if not move:
        return ""
    if move.blame:
        return "bad"
    return "done" if flow.outcome(step, facts["action"]) == "effective" or (facts.get("effects") or {}).keys() & {"to", "changes"} else ""


def words(name, shown, facts=None) -> str:
    """Facts as a line: 理由：材料不全；住址：旧 → 新. What the title says already is not said again."""
    facts = facts or shown
    title_says = EVENTS[name].words if name in EVENTS else ""
    parts = []
    for key, value in shown.items():
        if value in (None, "", [], {}, False) or f"{{{key}}}" in title_says:
            continue
        said = value_in_words(key, value, facts)
        parts.append(said if key in ("changes", "in_place_of") else f"{label(name, key)}：{said}")
    return "；".join(parts)


def discreet(facts) -> dict:
    """The facts of an event about pupils as the auditor may read them: that something was changed, not into what; masked numbers stay."""
    shown = {key: value for key, value in facts.items() if key != "note"}
    if isinstance(facts.get("changes"), dict):
        shown["changes"] = {item: _veiled(change) for item, change in facts["changes"].items()}
    if isinstance(facts.get("effects"), dict):
        shown["effects"] = {key: "（略）" if key in ("changes", "corrected") else value for key, value in facts["effects"].items()}
    return shown


def _veiled(value):
    match value:
        case None | "" | {"masked": _}:
            return value
        case list() if any(isinstance(one, dict) for one in value):
            return [_veiled(one) for one in value]
    return "（略）"


def value_in_words(key, value, facts) -> str:
    """A fact as people say it: names for kinds, steps, moves and reasons; old → new for changes."""
    flow = FLOWS.get(facts.get("kind"))
    match key, value:
        case "kind", str() if value in FLOWS:
            return FLOWS[value].title
        case "step", str() if flow and value in flow.steps:
            return flow.steps[value].title
        case "action", str():
            move = flow and facts.get("step") in flow.steps and flow.steps[facts["step"]].moves.get(value)
            return move.title if move else ACTIONS.get(value, value)
        case "reason", str() if flow:
            return reasons(facts["kind"]).get(value, value)
        case "why", str():
            return WHY.get(value, value)
        case "in_place_of", _:
            return "原办理单位超期，由上级代办" if value else "否"
        case "changes" | "effects", dict():
            return "；".join(f"{LABELS.get(item, item)}：{_status(change) if item == 'status' else _change(change)}" for item, change in value.items())
    return _plain(value)


def _status(code):
    return table("student_current_status").label(code)


def _change(value):
    pair = isinstance(value, list) and len(value) == 2 and not any(isinstance(one, list) for one in value)
    return f"{_plain(value[0])} → {_plain(value[1])}" if pair else _plain(value)


def _plain(value) -> str:
    match value:
        case None | "" | []:
            return "空"
        case bool():
            return "是" if value else "否"
        case {"masked": str(masked)}:
            return masked
        case dict():
            return "，".join(f"{LABELS.get(key, key)} {_plain(item)}" for key, item in value.items())
        case list():
            return "、".join(" ".join(_plain(part) for part in one) if isinstance(one, list) else _plain(one) for one in value)
    return str(value)
