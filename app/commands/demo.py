"""flask demo load, reset, roster"""

import shutil
from pathlib import Path

import click
import flask_migrate
from flask import current_app
from sqlalchemy import inspect, select, text

from .. import clock, locks
from ..demo import cast, county, roster
from ..errors import Refusal
from ..extensions import db
from ..models import House
from ..services import anchor
from . import Group


@click.group("demo", cls=Group, help="演示县")
def group():
    pass


@group.command("load", help="在空的数据库中建立演示县；--students 按种子生成到这么多学生。同一个种子，同一个县。")
@click.option("--students", type=click.IntRange(0, 1_000_000), default=0, metavar="人数", help="全部演示学生的人数，例如 100000")
@click.option("--seed", type=int, default=cast.SEED, metavar="种子", help="生成用的种子", show_default=True)
def load(students, seed):
    _refuse_production()
    flask_migrate.upgrade()
    _settle(students, seed)


@group.command("reset", help="清空演示县，重新建立。请先停掉服务。正式系统的数据库一概拒绝。")
def reset():
    _refuse_production()
    if not inspect(db.engine).has_table(House.__tablename__) or db.session.execute(select(House.kind)).scalar() != "demo":
        raise Refusal("数据库里不是演示县，没有清空任何内容。")
    data, mine = Path(current_app.config["DATA_DIR"]), current_app.extensions["node"]
    if mine is None or locks.others(data / "slots", mine[0]):
        raise Refusal("服务还在运行，没有清空任何内容。请先停掉服务（和别的命令），再试一次。")
    db.session.remove()
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # tables point at each other in circles
        db.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        connection.commit()
    db.engine.dispose()
    shutil.rmtree(data / "files", ignore_errors=True)
    anchor.path().unlink(missing_ok=True)
    flask_migrate.upgrade()
    _settle(0, cast.SEED)


@group.command("roster", help="写出一本供练习导入的新生名册：竹山县堵河路小学一年级，12 行中有 5 行故意填错。")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default="新生名册示例.xlsx")
def write_roster(file):
    if file.exists():
        raise Refusal(f"{file} 已经存在，没有写。请换一个文件名。")
    file.write_bytes(roster.workbook(clock.today()))
    click.echo(f"已写出 {file}。")


def _refuse_production():
    if current_app.config["APP_ENV"] == "production":
        raise Refusal("正式系统里没有演示县。")


def _settle(students, seed):
    number = county.settle(today=clock.today(), now=clock.now(), students=students, seed=seed)
    click.echo(f"演示县已建立，{number:,} 名学生。账号的密码都是 {cast.PASSWORD}。")
