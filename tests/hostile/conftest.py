"""A furnished house is settled once a session and copied for each test that asks for it by name."""

import pytest

from app import clock
from app.demo import county as demo
from app.extensions import db
from tests import sealed
from tests.cast import Cast
from tests.conftest import TODAY, Template, app_on

from .house import furnish


@pytest.fixture(scope="session")
def furnished_county(tmp_path_factory, database_server, keys_dir, _the_day):
    def fill():
        sealed.watch(db.engine)
        demo.settle(today=TODAY, now=clock.now(), per_class=3)
        furnish(Cast())

    return Template("furnished", tmp_path_factory.mktemp("furnished"), database_server, keys_dir, fill)


@pytest.fixture
def furnished():
    """The county with things of every kind in school a1 (house.furnish)."""


@pytest.fixture
def app(request, tmp_path, keys_dir):
    template = request.getfixturevalue("furnished_county" if "furnished" in request.fixturenames else "small_county")
    yield from app_on(template, tmp_path, keys_dir)
