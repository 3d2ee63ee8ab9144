"""flask organisations import FILE: bodies from a workbook, all or nothing."""

from pathlib import Path

import click

from ..permissions import SYSTEM
from ..services.administration import organisation_imports
from . import Group


@click.group("organisations", cls=Group)
def group():
    """机构。"""


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_in(file):
    """从工作簿（.xlsx、.xls、.csv）导入机构：全部导入，或者一个也不导入。"""
    try:
        number = organisation_imports.load(file.read_bytes(), file.name, actor=SYSTEM)
    except organisation_imports.NotImported as refusal:
        for fault in refusal.faults:
            click.echo(str(fault), err=True)
        raise click.ClickException(f"有 {len(refusal.faults)} 处需要更正，没有导入任何机构。") from refusal
    click.echo(f"导入了 {number:,} 个机构。")


@group.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template(file):
    """写出一个空的机构模板。"""
    file.write_bytes(organisation_imports.blank())
    click.echo(f"模板已写入 {file}。")
