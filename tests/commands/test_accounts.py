"""flask accounts reset: the way in for the three administrators, at the server."""

from sqlalchemy import select

from app.extensions import db
from app.models import Account, Event
from app.services.people import accounts


def test_an_administrator_gets_a_one_time_password_at_the_server(app, county, now):
    said = app.test_cli_runner().invoke(args=["accounts", "reset", "security"])

    assert said.exit_code == 0
    password = said.output.splitlines()[0].removeprefix("账号 security 的一次性密码：")
    assert accounts.sign_in("security", password, now=now, address="10.0.0.1", agent="")
    assert db.session.execute(select(Event.actor_name, Event.facts).where(Event.name == "account.reset")).all() == [("系统", '{"username":"security"}')]
    assert db.session.scalar(select(Account.must_change).where(Account.username == "security")) is True


def test_who_is_not_there_is_said_with_status_1(app):
    said = app.test_cli_runner().invoke(args=["accounts", "reset", "nobody"])
    assert (said.exit_code, said.output) == (1, "Error: 没有账号“nobody”，请核对账号名。\n")
