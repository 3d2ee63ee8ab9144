"""flask backup create, verify, restore"""

from pathlib import Path

import click
import flask_migrate
from flask import current_app

from .. import clock, locks
from ..errors import Refusal
from ..services.administration import backups
from . import Group

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group("backup", cls=Group, help="备份与恢复")
def group():
    pass


@group.command("create", help="把数据库、文件和链外锚备份成一个文件；可以在办公时间进行。备份中没有密钥。")
@FILE
def create(file):
    click.echo(backups.create(file, now=clock.now()))


@group.command("verify", help="核对一份备份：清单、校验和、数据库、留痕、文件。")
@FILE
def verify(file):
    click.echo(backups.verify(file))


@group.command("restore", help="把备份恢复到空的数据目录（和空的数据库），并写入一条恢复的留痕。")
@FILE
def restore(file):
    try:
        manifest = backups.restore(file)
    except Refusal:
        locks.leave_slot(current_app.config["DATA_DIR"] / "slots", current_app.extensions["node"])
        raise
    flask_migrate.upgrade()  # an older backup is brought up to this version
    backups.note_restored(file.name, manifest)
    click.echo(f"已从 {file} 恢复（{manifest['made_at'].replace('T', ' ')} 的备份）。备份以后办理的业务不在其中，请对照纸质材料补办。")
