"""岗位: proposed by one 安全管理员, confirmed by another; who holds what, and where."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import func, or_, select

from .. import clock
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms.accounts import Versioned, WithReason
from ..forms.posts import Propose
from ..models import Account, Body, Post
from ..permissions import DUTIES, visible_accounts, visible_posts
from ..services.people import posts
from .accounts import body_words
from .shared import asked_id, needs, once, page

bp = Blueprint("posts", __name__, url_prefix="/posts")

PAGE = 100
COUNTED = 1000
WAITING = 200


@bp.get("")
@needs("post.see")
def index():
    asked = {name: request.args.get(name, "").strip() for name in ("body", "duty", "state")}
    state = asked["state"] if asked["state"] in ("active", "ended", "declined") else "active"
    query, wrong = visible_posts(current_user).where(Post.state == state), ""
    if asked["duty"] in DUTIES:
        query = query.where(Post.duty == asked["duty"])
    try:
        if body_id := posts.body_named(db.session, asked["body"]):
            below = select(Body.id).where(or_(*(c == body_id for c in (Body.id, Body.township_id, Body.county_id, Body.city_id, Body.province_id))))
            query = query.where(Post.body_id.in_(below))
    except Refusal as refusal:
        wrong = refusal.sentence
    total = db.session.execute(select(func.count()).select_from(query.with_only_columns(Post.id).limit(COUNTED + 1).subquery())).scalar()
    after = asked_id("after")
    rows = posts.lines((query.where(Post.id < after) if after else query).order_by(Post.id.desc()).limit(PAGE + 1))
    kept = {name: value for name, value in asked.items() if value}
    following = url_for(".index", **kept, after=rows[PAGE - 1]["id"]) if len(rows) > PAGE else ""
    waiting = posts.lines(visible_posts(current_user).where(Post.state == "proposed").order_by(Post.id).limit(WAITING))
    labels = {"body": asked["body"], "duty": DUTIES.get(asked["duty"]), "state": posts.STATES[state] if asked["state"] else ""}
    return page(
        "posts/index.html", fragment={"rows": "posts/_more.html"}, rows=rows[:PAGE], next=following, waiting=waiting, asked=asked, wrong=wrong,
        total=f"{total:,} 个" if total <= COUNTED else f"{COUNTED:,} 个以上", state=state, states=posts.STATES, duties=DUTIES, bodies=body_words(),
        chips=[(label, url_for(".index", **{k: v for k, v in kept.items() if k != name})) for name, label in labels.items() if label],
    )


@bp.route("/new", methods=["GET", "POST"])
@needs("post.grant")
def new():
    """A class is asked for once a 班主任's school is known: at once with htmx, else when the form comes back."""
    form = Propose(formdata=request.form if request.method == "POST" else request.args, username=_username(asked_id("account")))
    form.duty.choices = [("", "请选择"), *DUTIES.items()]
    form.class_id.choices = [("", "请选择"), *_classes(form)]
    status = None
    if form.validate_on_submit():
        try:
            post_id = posts.propose(
                form.username.data, form.duty.data, body_id=posts.body_named(db.session, form.body.data), class_id=form.class_id.data,
                reason=form.reason.data, actor=current_user, now=clock.now(),
                once=once(form, "post.propose", lambda made: url_for(".show", post_id=made)),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash("已提出，等另一名安全管理员复核。复核前不起作用。", "done")
            return redirect(url_for(".show", post_id=post_id), 303)
    return page(
        "posts/new.html", fragment={"class-of-post": "posts/_class.html"}, form=form, bodies=body_words(), status=status or (422 if form.errors else 200),
    )


def _username(account_id):
    if account_id is None:
        return ""
    return db.session.execute(visible_accounts(current_user).where(Account.id == account_id).with_only_columns(Account.username)).scalar() or ""


def _classes(form):
    if form.duty.data != "class_teacher":
        return []
    try:
        body_id = posts.body_named(db.session, form.body.data)
    except Refusal:
        return []  # told when the form is handed in
    return posts.classes_of(db.session, body_id) if body_id else []


@bp.get("/<int:post_id>")
@needs("post.see")
def show(post_id):
    return _show(post_id)


def _show(post_id, form=None, status=200):
    line = next(iter(posts.lines(visible_posts(current_user).where(Post.id == post_id))), None)
    if line is None:
        raise NotFound
    others = posts.lines(
        visible_posts(current_user).where(Post.account_id == line["account_id"], Post.id != post_id, Post.state.in_(("active", "proposed"))).order_by(Post.id)
    )
    forms = {kind.__name__: kind(formdata=None, version=line["version"]) for kind in (Versioned, WithReason)}
    if form is not None:
        forms[type(form).__name__] = form.seen(line["version"])
    return page("posts/show.html", post=line, others=others, forms=forms, refused=form, bars=_bars(line), status=status)


def _bars(line):
    """Why this person may not confirm this post; empty when he may."""
    if line["account_id"] == current_user.account_id:
        return "这个岗位是授予您本人的，须由另一名安全管理员复核。"
    if line["proposed_by_id"] == current_user.account_id:
        return "这个岗位是您提出的，须由另一名安全管理员复核。"
    return ""


@bp.post("/<int:post_id>/confirm")
@needs("post.grant")
def confirm(post_id):
    return _act(post_id, Versioned(), posts.confirm, "post.confirm", "已同意，岗位即时生效。")


@bp.post("/<int:post_id>/decline")
@needs("post.grant")
def decline(post_id):
    return _act(post_id, WithReason(), posts.decline, "post.decline", "没有授予这个岗位。")


@bp.post("/<int:post_id>/end")
@needs("post.grant")
def end(post_id):
    return _act(post_id, WithReason(), posts.end, "post.end", "岗位已免去，用它的登录都已退出。")


def _act(post_id, form, verb, act, words):
    status = 422
    if form.validate_on_submit():
        reason = {"reason": form.reason.data} if isinstance(form, WithReason) else {}
        try:
            verb(
                post_id, version=form.version.data, **reason, actor=current_user, now=clock.now(),
                once=once(form, act, lambda _: url_for(".show", post_id=post_id)),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash(words, "done")
            return redirect(url_for(".show", post_id=post_id), 303)
    return _show(post_id, form, status)
