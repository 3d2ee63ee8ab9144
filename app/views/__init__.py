"""One blueprint per area of the menu. A view finds, asks, hands over, answers."""

from importlib import import_module
from pkgutil import iter_modules

from werkzeug.routing import IntegerConverter


class Id(IntegerConverter):
    """Ids have 63 bits: a longer number in an address is nobody's, and no question for the database."""

    def __init__(self, url_map, *args, max=2**63 - 1, **kwargs):
        super().__init__(url_map, *args, max=max, **kwargs)


def register(app) -> None:
    """Every module of this package that has a `bp`."""
    app.url_map.converters["int"] = Id
    for module in sorted(name for _, name, _ in iter_modules(__path__)):
        blueprint = getattr(import_module(f"{__name__}.{module}"), "bp", None)
        if blueprint is not None:
            app.register_blueprint(blueprint)
