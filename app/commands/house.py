"""flask house settle"""

import click
import flask_migrate
from flask import current_app

from .. import clock
from ..errors import Refusal
from ..services.administration import house
from . import Group


@click.group("house", cls=Group, help="建立系统")
def group():
    pass


@group.command("settle", help="在空的数据库中建立正式系统：省、市、县机构，工作日历，规则，以及四名管理员（一次性密码只显示一次）。")
@click.option("--province", required=True, metavar="代码", help="省级行政区划代码，例如 420000")
@click.option("--county", required=True, metavar="代码", help="县级行政区划代码，例如 420323")
@click.option("--city", metavar="代码", help="市级行政区划代码；不给则由县级代码得出")
@click.option("--name", metavar="名称", help="县级教育行政部门的名称；不给则为“某某县教育局”")
@click.option("--sign", metavar="简称", help="文号简称，例如“竹”；不给则为县名的第一个字")
def settle(province, county, city, name, sign):
    if current_app.config["KEYS_DIR"] == current_app.config["DATA_DIR"] / "keys":
        raise Refusal("正式系统不能用自动生成的密钥。请先运行 flask keys create 目录，把 KEYS_DIR 设为该目录、APP_ENV 设为 production，再试一次。")
    flask_migrate.upgrade()
    people = house.settle(province, county, city=city, name=name, sign=sign, now=clock.now())
    click.echo("系统已建立。四名管理员的一次性密码只显示这一次，请分别密封交给本人，首次登录后须修改：")
    for username, duty, password in people:
        click.echo(f"  {username:<10}{password}  {duty}")
    click.echo("下一步：由系统管理员导入机构（flask organisations import 文件）、新建账号，由两名安全管理员授予岗位。")
