"""审计: every act, newest first, for the 审计员, who sees no pupil's data; and whether the trace is whole."""

import json
from datetime import datetime, time, timedelta

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from .. import clock
from ..errors import Refusal
from ..extensions import db
from ..forms.base import Plain
from ..forms.fields import as_number
from ..identity.dates import parse_date
from ..identity.width import no_blanks
from ..models import Account, Body, Event, EventSubject, Student
from ..permissions import visible_accounts, visible_bodies, visible_events
from ..services import trace
from ..services.administration import audit
from ..services.events import EVENTS
from ..services.people import posts
from ..services.pupils import numbers, timelines
from .accounts import body_words
from .shared import needs, once, page

bp = Blueprint("audit", __name__, url_prefix="/audit")

PAGE = 50
COUNTED = 1000
AT_ONCE = 20_000  # events that are verified while the auditor waits; more are a job
SHOWN_PUPILS = 3


@bp.get("")
@needs("audit.see")
def index():
    return _index()


def _index(verdict=None):
    asked = {name: request.args.get(name, "").strip() for name in ("from", "until", "kind", "body", "actor", "pupil")}
    wrong, query = {}, visible_events(current_user)
    for name, condition in CONDITIONS.items():
        try:
            if asked[name] and (found := condition(asked[name])) is not None:
                query = query.where(found)
        except Refusal as refusal:
            wrong[name] = refusal.sentence
    total = db.session.execute(select(func.count()).select_from(query.with_only_columns(Event.id).limit(COUNTED + 1).subquery())).scalar()
    for after in _ids(request.args.get("after", "")):
        at = select(Event.at).where(Event.id == after).scalar_subquery()
        query = query.where(or_(Event.at < at, and_(Event.at == at, Event.id < after)))
    rows = db.session.execute(
        query.with_only_columns(
            Event.id, Event.chain_id, Event.seq, Event.at, Event.name, Event.actor_id, Event.actor_name, Event.actor_post, Event.facts, Event.subjects,
        ).order_by(Event.at.desc(), Event.id.desc()).limit(PAGE + 1)
    ).all()
    kept = {name: value for name, value in asked.items() if value}
    return page(
        "audit/index.html", fragment={"rows": "audit/_more.html"}, rows=_lines(rows[:PAGE]), asked=asked, wrong=wrong, chips=_chips(kept), form=Plain(),
        next=url_for(".index", **kept, after=rows[PAGE - 1].id) if len(rows) > PAGE else "",
        total=f"{total:,} 条" if total <= COUNTED else f"{COUNTED:,} 条以上", kinds={name: kind.title for name, kind in EVENTS.items()},
        bodies=body_words(), verified=verdict or _last_verdict(),
    )


def _since(text):
    return Event.at >= datetime.combine(_day(text), time())


def _until(text):
    return Event.at < datetime.combine(_day(text) + timedelta(days=1), time())


def _day(text):
    day = parse_date(text)
    if day is None:
        raise Refusal(f"“{text}”不是日期，请写成 2026-09-01 这样。")
    return day


def _body(text):
    return Event.body_id == posts.body_named(db.session, text)


def _ids(text):
    """Of an address: 7.9 are two; what is no id finds nothing."""
    return [one for one in map(as_number, text.split(".")[:20]) if one]


def _actor(text):
    return Event.actor_id.in_(_ids(text))


def _pupil(text):
    return Event.id.in_(select(EventSubject.event_id).where(EventSubject.student_id.in_(_ids(text))))


CONDITIONS = {
    "from": _since, "until": _until, "kind": lambda name: Event.name == name if name in EVENTS else None, "body": _body, "actor": _actor, "pupil": _pupil,
}


def _chips(kept):
    """What is filtered by, each with the address of the list without it."""
    names = {"from": "自 {}", "until": "至 {}", "kind": "{}", "body": "{}", "actor": "{}", "pupil": "学生编码 {}"}
    words = dict(kept)
    if "kind" in kept:
        words["kind"] = EVENTS[kept["kind"]].title if kept["kind"] in EVENTS else kept["kind"]
    if "actor" in kept:
        people = visible_accounts(current_user).where(Account.id.in_(_ids(kept["actor"])))
        words["actor"] = "、".join(db.session.execute(people.with_only_columns(Account.name).distinct().order_by(Account.name)).scalars())
    if "pupil" in kept:
        words["pupil"] = "、".join(_codes(_ids(kept["pupil"])).values())
    return [(names[name].format(words[name]), url_for(".index", **{other: value for other, value in kept.items() if other != name})) for name in kept]


def _lines(rows):
    """The rows as the page shows them: pupils by their 学生编码 alone, no value of theirs but masked ones."""
    counties = {row.chain_id for row in rows} - {trace.HOUSE}
    bodies = dict(db.session.execute(visible_bodies(current_user).where(Body.id.in_(counties)).with_only_columns(Body.id, Body.short_name)).all())
    subjects = {row.id: json.loads(row.subjects) for row in rows}
    codes = _codes({pupil for about in subjects.values() for pupil in about[:SHOWN_PUPILS]})
    lines = []
    for row in rows:
        facts, about = json.loads(row.facts), subjects[row.id]
        pupils = "、".join(codes.get(pupil, "") for pupil in about[:SHOWN_PUPILS])
        lines.append({
            "seq": row.seq, "chain": bodies.get(row.chain_id, "系统"), "at": row.at, "what": timelines.title(row.name, facts), "who": row.actor_name,
            "post": row.actor_post, "words": timelines.words(row.name, timelines.discreet(facts) if about else facts, facts),
            "pupils": f"{pupils} 等 {len(about):,} 人" if len(about) > SHOWN_PUPILS else pupils,
        })
    return lines


def _codes(pupils):
    return dict(db.session.execute(select(Student.id, Student.student_code).where(Student.id.in_(pupils))).all())


@bp.post("/search")
@needs("audit.see")
def search():
    """Names and numbers do not stand in an address: what was typed becomes ids."""
    words = request.form.get("q", "").strip()[:60]
    if not Plain().validate_on_submit():
        flash("没有查找：这一页放得太久，请再查一次。", "warning")
    elif people := db.session.execute(
        visible_accounts(current_user).where(or_(Account.name == words, Account.username == words.lower())).with_only_columns(Account.id).limit(20)
    ).scalars().all():
        return redirect(url_for(".index", actor=".".join(map(str, people))), 303)
    elif pupil := numbers.owner(db.session, no_blanks(words).upper()):
        return redirect(url_for(".index", pupil=pupil), 303)
    else:
        flash("没有找到。请填写经办人的完整姓名或账号，或学生完整的学籍号、身份证件号或学生编码。", "warning")
    return redirect(url_for(".index"), 303)


# ---------------------------------------------------------------- is it whole?

@bp.post("/verify")
@needs("audit.see")
def verify():
    form = Plain()
    if not form.validate_on_submit():
        flash("没有核验：这一页放得太久，请再试一次。", "warning")
        return redirect(url_for(".index"), 303)
    if audit.size() >= AT_ONCE:
        job_id = audit.ask(actor=current_user, now=clock.now(), once=once(form, "audit.verify", lambda made: f"/jobs/{made}"))
        return redirect(f"/jobs/{job_id}", 303)
    verdict = audit.verify(audit.own_anchor())
    try:
        audit.note(verdict, actor=current_user, once=once(form, "audit.verify", lambda _: url_for(".index")))
    except SQLAlchemyError:  # so broken that not even this can be added: the answer is told all the same
        return _index({"holds": verdict.holds, "said": verdict.said, "at": None, "who": current_user.name})
    return redirect(url_for(".index"), 303)


def _last_verdict():
    row = db.session.execute(
        visible_events(current_user).where(Event.name == "audit.verified").with_only_columns(Event.at, Event.actor_name, Event.facts)
        .order_by(Event.at.desc(), Event.id.desc()).limit(1)
    ).one_or_none()
    return row and {"at": row.at, "who": row.actor_name} | json.loads(row.facts)
