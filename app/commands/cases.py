"""flask cases tick"""

import click

from .. import clock
from ..services.casework import cases
from ..services.schools import drawing
from . import Group


@click.group("cases", cls=Group, help="学籍业务")
def group():
    pass


@group.command("tick", help="办理到期的事：逾期未调档的指令失效（转学、外招），毕业年级的在办业务清理。可以重复运行，服务每天也会自己运行一次。")
def tick():
    now = clock.now()
    lapsed, cleared = cases.tick(today=now.date(), now=now)
    lapsed += drawing.lapse_due(today=now.date(), now=now)
    click.echo(f"{now:%Y-%m-%d %H:%M} 指令失效 {lapsed} 件，毕业年级在办业务清理 {cleared} 件")
