"""The flask commands of the surface, a module per group. Each is thin: it reads its arguments, calls a service, says a sentence.

A refusal is a sentence on standard error and exit status 1.
"""

from importlib import import_module
from pkgutil import iter_modules

import click

from ..errors import Refusal


class Group(click.Group):
    """A group whose refusals end with their sentence, not with a traceback."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal


def register(app) -> None:
    """Every `group` of a module here; its name is the first word of the command."""
    for module in sorted(name for _, name, _ in iter_modules(__path__)):
        app.cli.add_command(import_module(f"{__name__}.{module}").group)
