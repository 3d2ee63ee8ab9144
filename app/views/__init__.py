"""One blueprint per area of the menu. A view finds, asks, hands over, answers."""

from importlib import import_module
from pkgutil import iter_modules


def register(app) -> None:
    """Every module of this package that has a `bp`."""
    for module in sorted(name for _, name, _ in iter_modules(__path__)):
        blueprint = getattr(import_module(f"{__name__}.{module}"), "bp", None)
        if blueprint is not None:
            app.register_blueprint(blueprint)
