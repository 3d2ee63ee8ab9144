"""账号: who can sign in, what each is doing, and what the 系统管理员 does about it."""

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_login import current_user
from sqlalchemy import func, or_, select

from .. import clock
from ..errors import NotFound, Refusal
from ..extensions import db
from ..forms.accounts import EditAccount, NewAccount, Versioned, WithReason
from ..forms.base import Plain
from ..models import Account, Body, Post
from ..permissions import DUTIES, may, visible_accounts, visible_bodies, visible_posts
from ..services.events import EVENTS
from ..services.people import accounts, passwords, posts
from .shared import needs, once, page
from .sign_in import end_session, session_lines

bp = Blueprint("accounts", __name__, url_prefix="/accounts")

PAGE = 100
COUNTED = 1000
MOST_BODIES = 500


# ---------------------------------------------------------------- the list

@bp.get("")
@needs("account.see")
def index():
    asked = {name: request.args.get(name, "").strip() for name in ("body", "duty", "state", "found")}
    wrong = ""
    query = visible_accounts(current_user).outerjoin(Body, Body.id == Account.body_id)
    try:
        query = query.where(*_conditions(asked))
    except Refusal as refusal:
        wrong = refusal.sentence
    total = db.session.execute(select(func.count()).select_from(query.with_only_columns(Account.id).limit(COUNTED + 1).subquery())).scalar()
    rows = db.session.execute(
        query.where(Account.username > request.args.get("after", ""))
        .with_only_columns(Account.id, Account.username, Account.name, Body.name, Account.state, Account.last_sign_in_at, Account.must_change)
        .order_by(Account.username).limit(PAGE + 1)
    ).all()
    following = url_for(".index", **_kept(asked), after=rows[PAGE - 1].username) if len(rows) > PAGE else ""
    rows = rows[:PAGE]
    return page(
        "accounts/index.html", fragment={"rows": "accounts/_more.html"}, rows=rows, posts=_titles([row.id for row in rows]), next=following,
        total=f"{total:,} 个账号" if total <= COUNTED else f"{COUNTED:,} 个以上账号", asked=asked, wrong=wrong, chips=_chips(asked), form=Plain(),
        duties=DUTIES, states=accounts.STATES, bodies=body_words(),
    )


def _conditions(asked):
    if body_id := posts.body_named(db.session, asked["body"]):
        yield or_(*(column == body_id for column in (Body.id, Body.township_id, Body.county_id, Body.city_id, Body.province_id)))
    if asked["duty"] in DUTIES:
        yield Account.id.in_(select(Post.account_id).where(Post.duty == asked["duty"], Post.state == "active"))
    if asked["state"] in accounts.STATES:
        yield Account.state == asked["state"]
    if asked["found"] and (words := session.get("accounts_asked")):
        yield or_(Account.name.contains(words, autoescape=True), Account.username.contains(words.lower(), autoescape=True))


def _kept(asked, without=""):
    return {name: value for name, value in asked.items() if value and name != without}


def _chips(asked):
    words = {"body": asked["body"], "duty": DUTIES.get(asked["duty"]), "state": accounts.STATES.get(asked["state"])}
    words["found"] = f"“{session.get('accounts_asked', '')}”" if asked["found"] else ""
    return [(label, url_for(".index", **_kept(asked, name))) for name, label in words.items() if label]


def _titles(account_ids):
    """The active posts of some accounts: id → titles."""
    titles = {}
    for line in posts.lines(visible_posts(current_user).where(Post.account_id.in_(account_ids), Post.state == "active").order_by(Post.id)):
        titles.setdefault(line["account_id"], []).append(line["title"])
    return titles


@bp.post("/search")
@needs("account.see")
def search():
    """A person's name does not stand in an address: what was asked is kept in the session."""
    if not Plain().validate_on_submit():
        flash("没有查找：这一页放得太久，请再查一次。", "warning")
        return redirect(url_for(".index"), 303)
    session["accounts_asked"] = request.form.get("q", "").strip()[:60]
    return redirect(url_for(".index", found=1 if session["accounts_asked"] else None), 303)


def body_words():
    """Bodies to choose from while typing: 竹山县堵河路小学 a1. Further ones are found by typing them whole."""
    rows = db.session.execute(
        visible_bodies(current_user).where(Body.state == "open", Body.here).with_only_columns(Body.name, Body.key).order_by(Body.key).limit(MOST_BODIES)
    )
    return [f"{name} {key}" for name, key in rows]


# ---------------------------------------------------------------- one account

@bp.route("/new", methods=["GET", "POST"])
@needs("account.write")
def new():
    form = NewAccount()
    status = None
    if form.validate_on_submit():
        try:
            account_id, password = accounts.create(
                form.username.data, form.name.data, body_id=posts.body_named(db.session, form.body.data), actor=current_user, now=clock.now(),
                once=once(form, "account.create", lambda made: url_for(".show", account_id=made)),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            return _hand_over(account_id, password, "账号已建立。")
    return page("accounts/new.html", form=form, bodies=body_words(), status=status or (422 if form.errors else 200))


def _hand_over(account_id, password, words):
    """The one-time password goes to the next page, which shows it once."""
    session["one_time"] = passwords.wrap(password, account_id)
    flash(words, "done")
    return redirect(url_for(".show", account_id=account_id), 303)


@bp.get("/<int:account_id>")
@needs("account.see")
def show(account_id):
    return _show(account_id)


def _show(account_id, form=None, status=200):
    """The page of an account; `form` is the one that was refused, by its class."""
    account = _account(account_id)
    forms = {kind.__name__: kind(formdata=None, version=account.version) for kind in (Versioned, WithReason)}
    if form is not None:
        forms[type(form).__name__] = form.seen(account.version)
    one_time = passwords.unwrap(session.pop("one_time", ""), account_id) if session.get("one_time") else None
    return page(
        "accounts/show.html", account=account, state=accounts.STATES[account.state], forms=forms, refused=form, one_time=one_time,
        posts=posts.lines(visible_posts(current_user).where(Post.account_id == account_id).order_by(Post.id.desc()).limit(50)),
        sessions=session_lines(account_id, lambda key: url_for(".kill", account_id=account_id, key=key)),
        button=Plain() if may(current_user, "account.write") else None, about=accounts.acts_about(account.username), by=accounts.acts_by(account_id),
        events=EVENTS, mine=account_id == current_user.account_id, may_grant=may(current_user, "post.grant"), status=status,
    )


def _account(account_id):
    account = db.session.execute(
        visible_accounts(current_user).outerjoin(Body, Body.id == Account.body_id).where(Account.id == account_id).with_only_columns(
            Account.id, Account.username, Account.name, Account.state, Account.must_change, Account.password_set_at, Account.created_at,
            Account.last_sign_in_at, Account.version, Body.name.label("body"), Body.key.label("body_key"),
        )
    ).one_or_none()
    if account is None:
        raise NotFound
    return account


@bp.route("/<int:account_id>/edit", methods=["GET", "POST"])
@needs("account.write")
def edit(account_id):
    account = _account(account_id)
    form = EditAccount(name=account.name, body=f"{account.body} {account.body_key}" if account.body else "", version=account.version)
    status = None
    if form.validate_on_submit():
        try:
            accounts.change(
                account_id, name=form.name.data, body_id=posts.body_named(db.session, form.body.data), version=form.version.data, actor=current_user,
                once=once(form, "account.change", lambda _: url_for(".show", account_id=account_id)),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
            account = _account(account_id)
            form.seen(account.version)
        else:
            flash("账号已修改。", "done")
            return redirect(url_for(".show", account_id=account_id), 303)
    return page("accounts/edit.html", form=form, account=account, bodies=body_words(), status=status or (422 if form.errors else 200))


@bp.post("/<int:account_id>/reset")
@needs("account.write")
def reset(account_id):
    return _new_password(account_id, accounts.reset, "account.reset", "密码已重置，原来的登录都已退出。")


@bp.post("/<int:account_id>/open")
@needs("account.write")
def open_again(account_id):
    return _new_password(account_id, accounts.open_again, "account.open", "账号已启用。")


def _new_password(account_id, verb, act, words):
    _account(account_id)
    form = Versioned()
    status = 422
    if form.validate_on_submit():
        try:
            _, password = verb(
                account_id, version=form.version.data, actor=current_user, now=clock.now(), once=once(form, act, lambda _: url_for(".show", account_id=account_id)),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            return _hand_over(account_id, password, words)
    return _show(account_id, form, status)


@bp.post("/<int:account_id>/close")
@needs("account.write")
def close(account_id):
    _account(account_id)
    form = WithReason()
    status = 422
    if form.validate_on_submit():
        try:
            accounts.close(
                account_id, version=form.version.data, reason=form.reason.data, actor=current_user, now=clock.now(),
                once=once(form, "account.close", lambda _: url_for(".show", account_id=account_id)),
            )
        except Refusal as refusal:
            status = form.refuse(refusal)
        else:
            flash("账号已停用，正在使用的登录都已退出。", "done")
            return redirect(url_for(".show", account_id=account_id), 303)
    return _show(account_id, form, status)


@bp.post("/<int:account_id>/sessions/<key>/end")
@needs("account.write")
def kill(account_id, key):
    _account(account_id)
    end_session(key, account_id)
    return redirect(url_for(".show", account_id=account_id), 303)
