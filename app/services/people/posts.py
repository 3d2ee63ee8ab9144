"""Posts (岗位): a duty at a body. One 安全管理员 proposes, another confirms or declines; nobody grants to himself."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from ...errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity.grades import class_title
from ...models import TIERS, Account, Body, Class, Grade, Post, new_id
from ...permissions import ADMINISTRATORS, DUTIES, TIER_OF_DUTY
from .. import trace
from ..casework import drafts
from ..transactions import writes
from . import sessions

STATES = {"proposed": "待复核", "active": "在任", "declined": "未同意", "ended": "已免去"}
ENOUGH = {"sysadmin": 1, "security_admin": 2, "auditor": 1}  # fewer could not run the house: a grant takes two 安全管理员
REASON_MOST = 200
CLASS_TITLE = (Grade.stage, Grade.advanced_to, Grade.length, Class.number, Class.name.label("class_name"))  # the arguments of class_title


@writes
def propose(s, username, duty, *, body_id=None, class_id=None, reason, actor, now):
    """Returns the id of the post, which grants nothing until another 安全管理员 confirms it."""
    account = s.execute(select(Account).where(Account.username == username.strip().lower()).with_for_update()).scalar_one_or_none()
    if account is None:
        raise Refusal("没有这个账号，请核对账号名，或先请系统管理员新建。", field="username")
    if account.id == actor.account_id:
        raise NotAllowed("岗位不能授予自己。您需要别的岗位时，请由另一名安全管理员提出、第三名复核。", field="username")
    wrong = [*unfit(s, account, duty, body_id, class_id), *_no_reason(reason)]
    if wrong:
        raise Refusals(wrong)
    post = Post(
        id=new_id(), account_id=account.id, duty=duty, body_id=body_id, class_id=class_id, state="proposed", from_on=now.date(), reason=reason.strip(),
        proposed_by_id=actor.account_id, proposed_at=now,
    )
    s.add(post)
    trace.record(s, "post.proposed", actor=actor, username=account.username, post=title(s, post), reason=post.reason)
    return post.id


@writes
def confirm(s, post_id, *, version, actor, now):
    post, account = _locked(s, post_id, version, "proposed")
    if post.account_id == actor.account_id:
        raise NotAllowed("这个岗位是授予您本人的，须由另一名安全管理员复核。")
    if post.proposed_by_id == actor.account_id:
        raise NotAllowed("这个岗位是您提出的，须由另一名安全管理员复核。")
    wrong = unfit(s, account, post.duty, post.body_id, post.class_id, but=post.id)
    if wrong:
        raise Refusals([Refusal(one.sentence) for one in wrong])  # the page that confirms has no such fields
    _decide(post, "active", actor, now)
    post.from_on = now.date()
    trace.record(s, "post.confirmed", actor=actor, username=account.username, post=title(s, post))


@writes
def decline(s, post_id, *, version, reason, actor, now):
    """Not granted: by another 安全管理员, or taken back by the one who proposed it."""
    post, account = _locked(s, post_id, version, "proposed")
    if post.account_id == actor.account_id:
        raise NotAllowed("这个岗位是授予您本人的，须由另一名安全管理员复核。")
    if wrong := _no_reason(reason):
        raise Refusals(wrong)
    _decide(post, "declined", actor, now)
    post.end_reason = reason.strip()
    trace.record(s, "post.declined", actor=actor, username=account.username, post=title(s, post), reason=reason.strip())


@writes
def end(s, post_id, *, version, reason, actor, now):
    """免去: whoever is signed in in this post is signed out."""
    post, account = _locked(s, post_id, version, "active")
    if wrong := _no_reason(reason):
        raise Refusals(wrong)
    keep_enough(s, post.duty, leaving=account.id)
    post.state, post.until_on, post.ended_by_id, post.ended_at, post.end_reason = "ended", now.date(), actor.account_id, now, reason.strip()
    post.version += 1
    sessions.end_all(s, account.id, "post ended", now=now, post_id=post.id)
    drafts.forget(s, post.id)
    trace.record(s, "post.ended", actor=actor, username=account.username, post=title(s, post), reason=reason.strip())


def enter(s, account_id, duty, *, body_id=None, class_id=None, now):
    """An active post of the first hour (the demo, a house that is settled), within that act."""
    post = Post(
        id=new_id(), account_id=account_id, duty=duty, body_id=body_id, class_id=class_id, state="active", from_on=now.date(), reason="建立系统",
        proposed_at=now, decided_at=now,
    )
    s.add(post)
    return post.id


# ---------------------------------------------------------------- the rules

def unfit(s, account, duty, body_id, class_id, but=None) -> list[Refusal]:
    """Why this person cannot hold this duty there; `but` is the proposed post itself when it is confirmed."""
    if duty not in DUTIES:
        return [Refusal("请选择岗位。", field="duty")]
    wrong = []
    if account.state != "open":
        wrong.append(Refusal(f"{account.name}的账号没有启用，不能授予岗位。请先由系统管理员启用。", field="username"))
    held = select(Post.duty, Post.body_id, Post.class_id).where(Post.account_id == account.id, Post.state.in_(("proposed", "active")), Post.id != (but or 0))
    posts = s.execute(held).all()
    if (duty, body_id, class_id) in [tuple(post) for post in posts]:
        wrong.append(Refusal(f"{account.name}已有这个岗位，或正在等待复核，不用再提。", field="duty"))
    elif others := {post.duty for post in posts} - {duty}:
        wrong += _apart(account, duty, others)
    return wrong + (_wrong_place(s, duty, body_id, class_id) if duty in TIER_OF_DUTY else _no_place(body_id, class_id))


def _apart(account, duty, others):
    """三员分立: 系统管理员, 安全管理员 and 审计员 are never one person, and none of them works with pupils' data."""
    clashing = [other for other in others if duty in ADMINISTRATORS or other in ADMINISTRATORS]
    if not clashing:
        return []
    names = "、".join(DUTIES[other] for other in sorted(clashing))
    rule = "系统管理员、安全管理员、审计员须由不同的人担任，也不能兼任办理学籍的岗位"
    return [Refusal(f"{account.name}已是{names}（或正待复核），不能再任{DUTIES[duty]}：{rule}。请先免去原岗位，或另选一人。", field="duty", article="三员分立")]


def _no_place(body_id, class_id):
    return [Refusal("系统管理员、安全管理员、审计员管理全系统，不属于某个机构。请清空机构和班级。", field="body")] if body_id or class_id else []


def _wrong_place(s, duty, body_id, class_id):
    body = s.get(Body, body_id) if body_id else None
    tier = TIER_OF_DUTY[duty]
    if body is None:
        return [Refusal(f"请填写任职机构：{DUTIES[duty]}在{TIERS[tier]}级机构任职。", field="body")]
    if body.tier != tier:
        return [Refusal(f"{DUTIES[duty]}在{TIERS[tier]}级机构任职，{body.short_name}是{TIERS[body.tier]}级机构。请另选机构或岗位。", field="body")]
    if body.state != "open" or not body.here:
        return [Refusal(f"{body.short_name}{'已经撤销' if body.state != 'open' else '不在本系统办理'}，不能任职。请另选机构。", field="body")]
    if duty != "class_teacher":
        return [Refusal("只有班主任要选班级，请清空班级。", field="class_id")] if class_id else []
    class_ = s.get(Class, class_id) if class_id else None
    if class_ is None or class_.school_id != body.id:
        return [Refusal(f"请选择{body.short_name}的一个班级：班主任只能看到本班学生。", field="class_id")]
    return [] if class_.state == "open" else [Refusal("这个班已经毕业或撤销，请另选班级。", field="class_id")]


def keep_enough(s, duty, *, leaving):
    """Refuse to take away the last who can run the house. Locks their posts, so that two who leave at once are seen."""
    if duty not in ENOUGH:
        return
    s.execute(select(Post.id).where(Post.duty == duty, Post.state == "active").order_by(Post.id).with_for_update())
    others = select(func.count(func.distinct(Post.account_id))).join(Account, Account.id == Post.account_id).where(
        Post.duty == duty, Post.state == "active", Account.state == "open", Post.account_id != leaving,
    )
    left = s.execute(others).scalar()
    if left < ENOUGH[duty]:
        raise Refusal(f"全系统至少要有 {ENOUGH[duty]} 名{DUTIES[duty]}，这样一来只剩 {left} 名，没有人能接着办。请先另授一人。")


def title(s, post) -> str:
    """堵河路小学 班主任（三年级2班）"""
    body = s.execute(select(Body.name).where(Body.id == post.body_id)).scalar() if post.body_id else ""
    words = f"{body} {DUTIES[post.duty]}".strip()
    return f"{words}（{name_of_class(s, post.class_id)}）" if post.class_id else words


def lines(query):
    """A select of Post as rows of a list, each with the title that people know it by."""
    proposer, decider, ender = (aliased(Account) for _ in range(3))
    rows = db.session.execute(
        query.join(Account, Account.id == Post.account_id).outerjoin(Body, Body.id == Post.body_id).outerjoin(Class, Class.id == Post.class_id)
        .outerjoin(Grade, Grade.id == Class.grade_id).outerjoin(proposer, proposer.id == Post.proposed_by_id)
        .outerjoin(decider, decider.id == Post.decided_by_id).outerjoin(ender, ender.id == Post.ended_by_id)
        .with_only_columns(
            Post.id, Post.state, Post.duty, Post.version, Post.account_id, Account.username, Account.name, Account.state.label("account_state"),
            Post.from_on, Post.until_on, Post.reason, Post.end_reason, Post.proposed_by_id, Post.proposed_at, Post.decided_at, Post.ended_at,
            proposer.name.label("proposer"), decider.name.label("decider"), ender.name.label("ender"), Body.name.label("body"), Post.class_id,
            *CLASS_TITLE,
        )
    )
    return [_line(row) for row in rows]


def _line(row):
    class_ = f"（{class_title(*row[-len(CLASS_TITLE):])}）" if row.class_id else ""
    duty = DUTIES[row.duty]
    return dict(row._mapping) | {"duty_title": duty, "state_title": STATES[row.state], "title": f"{row.body or ''} {duty}".strip() + class_}


def name_of_class(s, class_id):
    row = s.execute(select(*CLASS_TITLE).select_from(Class).join(Grade, Grade.id == Class.grade_id).where(Class.id == class_id)).one()
    return class_title(*row)


def classes_of(s, school_id):
    """(id, name) of the classes of a school that can have a 班主任."""
    rows = s.execute(
        select(Class.id, *CLASS_TITLE).join(Grade, Grade.id == Class.grade_id).where(Class.school_id == school_id, Class.state == "open")
        .order_by(Grade.stage, Grade.advanced_to, Class.number, Class.id)
    )
    return [(row.id, class_title(*row[1:])) for row in rows]


def body_named(s, text):
    """The body that a person names in a form, 堵河路小学 or its code a1; None for an empty field."""
    text = (text or "").strip()
    if not text:
        return None
    last = text.split()[-1]
    found = s.execute(
        select(Body.id, Body.name, Body.key).where(or_(Body.key == last.lower(), Body.school_code == last, Body.name == text, Body.short_name == text)).limit(3)
    ).all()
    exact = [row for row in found if row.key == last.lower()] or found
    if not exact:
        raise Refusal(f"没有找到机构“{text}”。请填写机构全称、简称或代码。", field="body")
    if len(exact) > 1:
        raise Refusal(f"叫“{text}”的机构不止一个。请填写机构代码或学校标识码。", field="body")
    return exact[0].id


def _no_reason(reason):
    if not reason.strip():
        return [Refusal("请填写理由，例如任免文件的名称和文号。", field="reason")]
    return [Refusal(f"理由最多 {REASON_MOST} 个字，请写短一些。", field="reason")] if len(reason.strip()) > REASON_MOST else []


def _locked(s, post_id, version, state):
    """The post and its holder, the holder locked first; MovedOn when it is no longer in the state that was seen."""
    account_id = s.execute(select(Post.account_id).where(Post.id == post_id)).scalar()
    if account_id is None:
        raise NotFound
    account = s.get_one(Account, account_id, with_for_update=True)
    post = s.get_one(Post, post_id, with_for_update=True)
    if post.state != state or post.version != version:
        who, when = (post.ended_by_id, post.ended_at) if post.ended_at else (post.decided_by_id, post.decided_at)
        name = s.execute(select(Account.name).where(Account.id == who)).scalar() or "另一位安全管理员"
        moment = f"在{when.month}月{when.day}日 {when:%H:%M} " if when else ""
        raise MovedOn(f"这个岗位{name}{moment}已经办过，现在是“{STATES[post.state]}”。您的操作没有写入。")
    return post, account


def _decide(post, state, actor, now):
    post.state, post.decided_by_id, post.decided_at = state, actor.account_id, now
    post.version += 1
