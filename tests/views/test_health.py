"""/healthz and /readyz answer the machine room on this machine, and nobody else."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.extensions import writer

HERE, THERE = {"REMOTE_ADDR": "127.0.0.1"}, {"REMOTE_ADDR": "10.0.0.8"}


def _ready(app):
    answer = app.test_client().get("/readyz", environ_overrides=HERE)
    return answer.status_code, answer.json


def test_a_house_in_order_is_alive_and_ready(app):
    assert app.test_client().get("/healthz", environ_overrides=HERE).json == {"alive": True}
    assert _ready(app) == (200, {"ready": True, "database": True, "migrations": True, "triggers": True, "disk": True})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nobody_else_learns_that_it_is_there(app, path):
    client = app.test_client()
    nothing = client.get("/no-such-page", environ_overrides=THERE)

    for environ, headers in ((THERE, {}), (HERE, {"X-Forwarded-For": "10.0.0.8"}), (HERE, {"Forwarded": "for=10.0.0.8"}), ({"REMOTE_ADDR": ""}, {})):
        answer = client.get(path, environ_overrides=environ, headers=headers)
        assert (answer.status_code, answer.data) == (nothing.status_code, nothing.data)


def test_a_missing_trigger_and_an_old_schema_are_not_ready(app):
    with writer().begin() as connection:
        connection.execute(text("DROP TRIGGER keep_events_delete" + ("" if connection.dialect.name == "sqlite" else " ON events")))
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    assert _ready(app) == (503, {"ready": False, "database": True, "migrations": False, "triggers": False, "disk": True})


def test_a_disk_that_cannot_be_written_is_not_ready(app, tmp_path):
    app.config["DATA_DIR"] = Path(tmp_path / "gone")

    assert _ready(app) == (503, {"ready": False, "database": True, "migrations": True, "triggers": True, "disk": False})
