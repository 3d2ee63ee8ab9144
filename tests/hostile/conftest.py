"""A furnished house is settled once a session and copied for each test that asks for it by name."""

import contextlib

import pytest

from app import clock
from app.demo import county as demo
from app.extensions import db
from tests import sealed
from tests.cast import Cast
from tests.conftest import TODAY, Standing, Template

from .house import furnish


@pytest.fixture(scope="session")
def furnished_county(tmp_path_factory, database_server, keys_dir, _the_day):
    def fill():
        sealed.watch(db.engine)
        demo.settle(today=TODAY, now=clock.now(), per_class=3)
        furnish(Cast())

    template = Template("furnished", tmp_path_factory.mktemp("furnished"), database_server, keys_dir, fill)
    with contextlib.closing(Standing(template, tmp_path_factory.mktemp("standing_furnished"), keys_dir)) as house:
        yield house


@pytest.fixture
def furnished():
    """The county with things of every kind in school a1 (house.furnish)."""


@pytest.fixture
def app(request):
    with request.getfixturevalue("furnished_county" if "furnished" in request.fixturenames else "standing_county").afresh() as app:
        yield app
