"""For the machine room, from this machine alone: does the process live, can it work? Anybody else is told that there is no such page."""

import ipaddress
import os

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, abort, current_app, request
from sqlalchemy import text

from ..extensions import db
from ..models import guards
from .shared import needs

bp = Blueprint("health", __name__)


@bp.before_request
def only_from_here():
    """Behind a proxy on this machine every request comes from here; the proxy's header says that it does not."""
    try:
        here = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        here = False
    if not here or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        abort(404)


@bp.get("/healthz")
@needs(None)
def alive():
    return {"alive": True}


@bp.get("/readyz")
@needs(None)
def ready():
    checks = {"database": _database, "migrations": _migrations, "triggers": _triggers, "disk": _disk}
    found = {}
    for name, check in checks.items():
        try:
            found[name] = check()
        except Exception as error:
            current_app.logger.warning("readyz: %s: %s", name, error)
            found[name] = False
    well = all(found.values())
    return {"ready": well, **found}, 200 if well else 503


def _database():
    return db.session.execute(text("SELECT 1")).scalar() == 1


def _migrations():
    wanted = ScriptDirectory(current_app.extensions["migrate"].directory).get_heads()
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(wanted)


def _triggers():
    with db.engine.connect() as connection:
        return not guards.missing(connection)


def _disk():
    place = current_app.config["DATA_DIR"] / f"writable-{os.getpid()}"
    place.write_bytes(b"1")
    place.unlink()
    return True
