"""flask audit verify"""

from pathlib import Path

import click

from ..services.administration import audit
from . import Group


@click.group("audit", cls=Group, help="留痕")
def group():
    pass


@group.command("verify", help="核验留痕是否完整：完好时退出码 0，否则 1，并指出第一处不对的位置。")
@click.option("--anchor", type=click.Path(path_type=Path), help="另存他处的链外锚文件；不给则用数据目录中的 anchor.log。")
def verify(anchor):
    verdict = audit.verify(anchor or audit.own_anchor())
    if not verdict.holds:
        raise click.ClickException(verdict.said)
    click.echo(verdict.said)
