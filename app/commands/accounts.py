"""Accounts from the server itself: for the three administrators, whom nobody resets from a page."""

import click
from flask.cli import with_appcontext

from .. import clock
from ..permissions import SYSTEM
from ..services.people import accounts
from . import Group


@click.group("accounts", cls=Group, help="账号")
def group():
    pass


@group.command("reset")
@click.argument("username")
@with_appcontext
def reset(username):
    """给账号发一个新的一次性密码；封存或停用的同时启用。"""
    password = accounts.reset_from_server(username, actor=SYSTEM, now=clock.now())
    click.echo(f"账号 {username} 的一次性密码：{password}\n只显示这一次，首次登录后须修改。")
