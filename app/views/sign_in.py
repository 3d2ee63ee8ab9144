"""Signing in and out, and what is one's own: password, post in use, sessions."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_login import current_user

from .. import clock
from ..errors import NotFound, Refusal
from ..forms.accounts import ChangePassword, SignIn, Switch
from ..forms.base import Plain
from ..models import Post
from ..permissions import DUTIES, visible_posts
from ..services.casework import late_forms
from ..services.people import accounts, posts, sessions
from .shared import needs, page

bp = Blueprint("sign_in", __name__)

BROWSERS = {"Edg": "Edge", "QQBrowser": "QQ 浏览器", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "Mac OS": "macOS", "Linux": "Linux"}


@bp.route("/login", methods=["GET", "POST"])
@needs(None)
def sign_in():
    if request.method != "POST" and current_user.is_authenticated:
        return redirect(_inside(request.args.get("back")), 303)
    form = SignIn(back=request.args.get("back"))
    refused = None
    if form.validate_on_submit():
        try:
            token = accounts.sign_in(
                form.username.data, form.password.data, now=clock.now(), address=request.remote_addr or "", agent=request.user_agent.string,
            )
        except Refusal as refusal:
            refused = refusal
        else:
            carry(token)
            _tell_of_late(token, form.back.data)
            return redirect(_inside(form.back.data), 303)
    return _answer("sign_in/sign_in.html", form, refused, again=_again())


def _tell_of_late(token, back):
    """What was sent to a session that had run out, for who does not come from there."""
    person = sessions.find(token, now=clock.now())
    if not (back or "").startswith("/drafts/") and late_forms.of(person):
        flash("登录过期时没有办成的内容还留着，在“我的账号”里可以接着填。", "soon")


def _answer(template, form, refused=None, **values):
    """The form again, with the refusal beside its field."""
    status = form.refuse(refused) if refused else 422 if form.errors else 200
    return page(template, form=form, status=status, **values)


def carry(token):
    """The cookie from here on. Nothing of the session before it is kept, its form token neither (no fixation)."""
    session.clear()
    session["_user_id"] = token


def _again():
    """Why the person has to sign in, where that is so."""
    if not request.args.get("again") or request.method == "POST":
        return ""
    token = session.get("_user_id")
    why = sessions.why_ended(token, now=clock.now()) if token else "请先登录，登录后会回到您要去的那一页。"
    if request.args["again"] == "lost":
        return f"{why}刚才送来的内容没有办理，也没能留下，登录后请重新填写。"
    return f"{why}刚才送来的内容没有办理，但已留下，用同一账号登录后接着填。" if (request.args.get("back") or "").startswith("/drafts/") else why


def _inside(address):
    """A path of this site, else the desk: nobody is sent elsewhere by a link to the sign-in page."""
    parts = urlsplit(address or "")
    plain = address and address.startswith("/") and not parts.scheme and not parts.netloc and "\\" not in address and address.isprintable()
    return address if plain and not address.startswith("//") and parts.path not in ("/login", "/logout") else "/"


@bp.post("/logout")
@needs("password.change")
def sign_out():
    if not Plain().validate_on_submit():
        flash("没有退出：这一页放得太久，请再点一次“退出”。", "warning")
        return redirect("/", 303)
    sessions.end(current_user.sign_in, "signed out", actor=current_user, now=clock.now())
    session.clear()
    flash("您已退出登录。", "done")
    return redirect(url_for(".sign_in"), 303)


@bp.route("/password", methods=["GET", "POST"])
@needs("password.change")
def change_password():
    form = ChangePassword()
    refused = None
    if form.validate_on_submit():
        try:
            token = accounts.change_password(form.current.data, form.password.data, actor=current_user, now=clock.now())
        except Refusal as refusal:
            refused = refusal
        else:
            carry(token)
            flash("密码已修改。别处的登录都已退出。", "done")
            return redirect("/", 303)
    return _answer("sign_in/password.html", form, refused)


@bp.route("/posts/switch", methods=["GET", "POST"])
@needs("post.switch")
def switch():
    own = posts.lines(visible_posts(current_user).where(Post.account_id == current_user.account_id, Post.state == "active").order_by(Post.id))
    form = Switch(post_id=current_user.post_id)
    form.post_id.choices = [(line["id"], line["title"]) for line in own]
    refused = None
    if form.validate_on_submit():
        try:
            token = sessions.switch(form.post_id.data, actor=current_user, now=clock.now())
        except Refusal as refusal:
            refused = refusal
        else:
            carry(token)
            flash(f"现在的岗位是{dict(form.post_id.choices)[form.post_id.data]}。", "done")
            return redirect("/", 303)
    return _answer("sign_in/switch.html", form, refused)


@bp.get("/sessions")
@needs("password.change")
def own_sessions():
    lines = session_lines(current_user.account_id, lambda key: url_for(".kill_own", key=key))
    return page("sign_in/sessions.html", sessions=lines, button=Plain(), late=late_forms.of(current_user))


@bp.post("/sessions/<key>/end")
@needs("password.change")
def kill_own(key):
    end_session(key, current_user.account_id)
    return redirect(url_for(".own_sessions"), 303)


def end_session(key, account_id):
    """What both pages of sessions do with a press of 强制退出."""
    if not Plain().validate_on_submit():
        flash("没有退出：这一页放得太久，请再点一次。", "warning")
        return
    try:
        raw = bytes.fromhex(key)
    except ValueError:
        raise NotFound from None
    try:
        sessions.kill(raw, account_id, actor=current_user, now=clock.now())
    except NotFound as gone:
        flash(str(gone), "warning")
    else:
        flash("已强制退出那一次登录。", "done")


def session_lines(account_id, end):
    """Sessions of an account as a table shows them; `end(key)` is the address that ends one."""
    return [
        {
            "end": end(bytes(row.key).hex()), "here": bytes(row.key) == current_user.sign_in, "goes_on": row.goes_on, "started_at": row.started_at,
            "seen_at": row.seen_at, "address": row.address, "device": device(row.agent), "post": f"{row.body_name or ''} {DUTIES.get(row.duty, '')}".strip(),
            "ended": ENDED.get(row.ended_why, "已超时"),
        }
        for row in sessions.list_of(account_id, now=clock.now())
    ]


ENDED = {
    "signed out": "已退出", "idle": "已超时", "too long": "已满 10 小时", "killed": "被强制退出", "password": "改密码时退出", "reset": "重置密码时退出",
    "closed": "账号停用", "post ended": "岗位免去",
}


def device(agent):
    """Chrome，Windows: enough to know one's own desk by."""
    told = [next((name for mark, name in known.items() if mark in agent), "") for known in (BROWSERS, SYSTEMS)]
    return "，".join(word for word in told if word) or "未知设备"
