"""flask students import FILE: the path of the upload page, from a terminal."""

from collections import Counter
from pathlib import Path

import click
from sqlalchemy import or_, select

from .. import clock
from ..errors import Refusal
from ..extensions import db
from ..models import Account, Body, Import, Post
from ..services import jobs
from ..services.intake import import_jobs, imports, rosters
from . import Group


@click.group("students", cls=Group)
def group():
    """学生。"""


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--school", "code", required=True, metavar="CODE", help="学校标识码（10 位）或机构代码。")
@click.option("--as", "username", metavar="USERNAME", help="以谁的名义办理：该校学籍管理员的账号。除 --dry-run 外必填，因为每一次写入都要有经办人。")
@click.option("--dry-run", is_flag=True, help="只预检，什么也不写入。")
@click.option("--good-rows", is_flag=True, help="有错的行不写入，只导入没有错的行。")
@click.option("--understood", is_flag=True, help="已看过提示：有要留意的行时也写入。")
def take_in(file, code, username, dry_run, good_rows, understood):
    """从工作簿（.xlsx、.xls、.csv）导入新生：先预检，没有错才写入；有错的写一份标好错的工作簿，放在 FILE 旁边。"""
    school = db.session.execute(
        select(Body.id, Body.name, Body.short_name, Body.school_code, Body.county_id).where(
            Body.tier == "school", Body.state == "open", or_(Body.school_code == code, Body.key == code))
    ).one_or_none()
    if school is None:
        raise Refusal(f"没有学校标识码或机构代码是 {code} 的学校。")
    if dry_run:
        _rehearse(file, school)
    elif not username:
        raise Refusal("请用 --as 写明经办人的账号，或用 --dry-run 只做预检。")
    else:
        _write(file, _registrar(school, username), "good" if good_rows else "all", understood)


def _rehearse(file, school):
    rows, book = rosters.rehearse(file.read_bytes(), file.name, school, today=clock.today())
    states = Counter(row.state for row in rows)
    found = [cell for row in rows for cell in row.cells]
    bad = states["bad"] + len(book.rows) - len(rows)
    click.echo(f"共 {len(book.rows):,} 行，可以导入 {states['good'] + states['warned']:,} 行，其中要留意 {states['warned']:,} 行，有错 {bad:,} 行。没有写入。")
    if found:
        _beside(file, *rosters.marked(file.read_bytes(), file.name, book, found))
    if bad:
        raise Refusal(f"有 {bad:,} 行有错，需要更正。")


def _write(file, actor, mode, understood):
    import_id = imports.upload(file.read_bytes(), file.name, actor=actor, today=clock.today(), now=clock.now())
    one = _finished(import_id, "checked")
    click.echo(f"共 {one.rows:,} 行，可以导入 {one.good + one.warned:,} 行，其中要留意 {one.warned:,} 行，有错 {one.bad:,} 行。")
    if one.bad or one.warned:
        _beside(file, *import_jobs.marked(db.session, db.session.get_one(Import, import_id, populate_existing=True)))
    imports.apply(import_id, mode, understood=understood, actor=actor, now=clock.now())
    click.echo(f"写入了 {_finished(import_id, 'applied').written:,} 人，等待学校审核。")


def _finished(import_id, state):
    """The import once its present piece of work is over; what stopped it is the refusal."""
    job_id = db.session.execute(select(Import.job_id).where(Import.id == import_id)).scalar_one()
    _, message = jobs.finish(job_id, clock.now())
    one = db.session.execute(
        select(Import.state, Import.rows, Import.good, Import.warned, Import.bad, Import.written).where(Import.id == import_id)
    ).one()
    if one.state != state:
        raise Refusal(message)
    return one


def _registrar(school, username):
    row = db.session.execute(
        select(Account.id, Post.id.label("post_id")).join(Post, Post.account_id == Account.id).where(
            Account.username == username, Post.duty == "school_registrar", Post.body_id == school.id, Post.state == "active")
    ).first()
    if row is None:
        raise Refusal(f"账号 {username} 不是{school.short_name}的学籍管理员，不能为它导入。")
    return jobs.person(db.session, row.id, row.post_id, today=clock.today(), address="命令行")


def _beside(file, data, name):
    target = file.with_name(name)
    target.write_bytes(data)
    click.echo(f"标好错的工作簿：{target}", err=True)
