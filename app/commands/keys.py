"""flask keys create"""

from pathlib import Path

import click

from .. import sealing
from ..errors import Refusal
from . import Group


@click.group("keys", cls=Group, help="密钥")
def group():
    pass


@group.command("create", help="在一个目录中生成密钥：字段、索引、签名和会话密钥。丢了密钥，密封的号码和文件谁也打不开。")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def create(directory):
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        path = sealing.make_keys(directory)
    except FileExistsError:
        raise Refusal(f"{directory} 中已有密钥，没有改动：换掉密钥，原来密封的内容就打不开了。") from None
    except OSError as error:
        raise Refusal(f"不能写入 {directory}：{error.strerror}。") from None
    click.echo(f"密钥已写入 {path}。请立即另存一份，与数据备份分开保管；再设置 KEYS_DIR={directory.resolve()}。")
