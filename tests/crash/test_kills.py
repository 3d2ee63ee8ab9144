"""A server killed in the middle of its work loses nothing that it acknowledged, and leaves nothing half-done."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from app.extensions import db, writer
from app.models import Case, CaseStep, Class, Enrolment, Quota, Student, Tally
from app.services.administration import audit

ROOT = Path(__file__).resolve().parents[2]
KILLS, PARTS = (10, 6) if os.environ.get("PROOFS") == "whole" else (3, 1)


def enrol_until_killed(app, first, seconds):
    """Case numbers that the worker was told are in."""
    house = {
        "DATA_DIR": str(app.config["DATA_DIR"]), "KEYS_DIR": str(app.config["KEYS_DIR"]), "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "APP_ENV": "demo",
    }
    environment = os.environ | {"HOUSE": json.dumps(house), "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen([sys.executable, "-m", "tests.crash.worker", str(first)], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    told = [worker.stdout.readline()]  # it is at work now
    time.sleep(seconds)
    worker.kill()
    told += worker.stdout.read().splitlines(keepends=True)
    worker.wait()
    return [int(line) for line in told if line.endswith("\n")]


@pytest.mark.parametrize("part", range(PARTS))
def test_what_was_acknowledged_is_there_and_whole(app, county, part, counted):
    with writer().begin() as connection:  # room enough for all of them
        connection.execute(update(Class).where(Class.id == county.class_("a1")).values(size_limit=5000))
        connection.execute(update(Quota).values(planned=5000))
    rng = random.Random(20260911 + part)
    told = []
    for kill in counted("kills", KILLS)():
        told += enrol_until_killed(app, 100 + kill * 1000, rng.uniform(0.05, 0.6))
        db.session.remove()
        there = set(db.session.execute(select(Case.id)).scalars())
        assert set(told) <= there

        verdict = audit.verify(audit.own_anchor() if db.engine.dialect.name == "sqlite" else None)
        assert verdict.holds, verdict.said
        if db.engine.dialect.name == "sqlite":
            assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        class_id, school = county.class_("a1"), county.body("a1")
        pupils = select(func.count()).select_from(Student).where(Student.class_id == class_id, Student.lifecycle.in_(("pending", "live")), Student.status.is_distinct_from("02"))
        assert db.session.execute(pupils).scalar() == db.session.execute(select(Class.headcount).where(Class.id == class_id)).scalar()
        pending = db.session.execute(select(func.count()).select_from(Student).where(Student.school_id == school, Student.lifecycle == "pending")).scalar()
        assert pending == db.session.execute(select(func.sum(Tally.number)).where(Tally.school_id == school, Tally.status == "pending")).scalar()
        assert pending == db.session.execute(select(func.count()).select_from(Enrolment).where(Enrolment.school_id == school, Enrolment.state == "applied")).scalar()
        open_steps = db.session.execute(select(func.count()).select_from(CaseStep).where(CaseStep.ended_at.is_(None))).scalar()
        assert open_steps == db.session.execute(select(func.count()).select_from(Case).where(Case.state == "open")).scalar()
    assert len(told) > KILLS
