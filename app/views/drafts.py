"""Drafts (草稿) as pages handle them: saved by the button or of themselves, deleted."""

from flask import flash, redirect, request
from flask_login import current_user

from .. import clock
from ..errors import MovedOn, Refusal
from ..forms.base import Plain
from ..services.casework import drafts
from .shared import page, wants_fragment


def gone(act, door, address):
    return MovedOn(f"这份草稿已经提交或删除。要{act}的，请重新打开“{door}”；已经提交的，在工作台“我发起的”里。", title="草稿已经提交或删除",
                   ways=[("/#mine", "看我发起的"), (address, f"打开“{door}”")])


def begun(kind):
    """[(subject, content, saved_at)] of one's own drafts; those of returned cases are opened at the case."""
    return [draft for draft in drafts.of_kind(kind, actor=current_user) if not draft[0].startswith("case.")]


def keep(kind, subject, **more):
    """What was sent, as the draft."""
    drafts.keep(kind, subject, drafts.typed(request.form) | more, actor=current_user, now=clock.now())


def save(kind, subject, again, *, fragment="components/_saved.html", **values):
    """存草稿, by the button or of itself: htmx is told when, and by `fragment` what is still missing; without script the form comes back."""
    try:
        if not Plain().validate_on_submit():
            raise Refusal("这一页放得太久或已换过登录，草稿没有存下，内容都还在，请再存一次。")
        keep(kind, subject)
    except Refusal as refusal:
        if wants_fragment():
            return page("components/_saved.html", words=str(refusal), at=None, status=422)
        flash(str(refusal), "warning")
        return redirect(again, 303)
    if wants_fragment():
        return page(fragment, words="", at=clock.now(), **values)
    flash(f"草稿已存，{clock.now():%H:%M}", "done")
    return redirect(again, 303)


def delete(act, back):
    """The button 删除; `act` is what it does."""
    if Plain().validate_on_submit():
        act()
        flash("草稿已删除", "done")
    else:
        flash("草稿没有删除：这一页放得太久，请再点一次。", "warning")
    return redirect(back, 303)
