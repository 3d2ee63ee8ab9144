"""A production house from nothing: keys, first administrators with one-time passwords, and what it refuses to start with."""

import os
import re

import flask_migrate
import pytest
from sqlalchemy import func, select

from app import config, create_app
from app.extensions import db
from app.models import Account, Body, CalendarDay, Event, House, PolicyVersion, Post
from app.sealing import make_keys
from tests.pages import Person, form_with


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """The environment of an empty production machine; `app` is made on it by `start`."""
    monkeypatch.delenv("DEMO_TODAY", raising=False)
    return {"DATA_DIR": str(tmp_path / "data"), "KEYS_DIR": str(tmp_path / "keys"), "APP_ENV": "production", "PUBLIC_URL": "https://xueji.example.cn"}


def _start(environment, *words):
    return create_app(config.read(environment, ["flask", *words]) | {"TESTING": True, "SESSION_COOKIE_SECURE": False, "SESSION_COOKIE_NAME": "xueji"})


def _run(environment, *words):
    app = _start(environment, *words)
    with app.app_context():
        result = app.test_cli_runner().invoke(args=list(words))
        db.session.remove()
        db.engine.dispose()
    return result.exit_code, result.output


def _settled(machine, *words):
    make_keys(config.Path(machine["KEYS_DIR"]))
    return _run(machine, "house", "settle", *(words or ("--province", "420000", "--county", "420323")))


def test_keys_are_made_before_there_are_any_and_never_over_others(machine, tmp_path):
    code, said = _run(machine, "keys", "create", machine["KEYS_DIR"])
    assert (code, said.startswith(f"密钥已写入 {tmp_path / 'keys' / 'keys.json'}。")) == (0, True)
    kept = (tmp_path / "keys" / "keys.json").read_bytes()
    assert (tmp_path / "keys" / "keys.json").stat().st_mode & 0o777 == 0o600

    assert _run(machine, "keys", "create", machine["KEYS_DIR"]) == (
        1, f"Error: {machine['KEYS_DIR']} 中已有密钥，没有改动：换掉密钥，原来密封的内容就打不开了。\n")
    assert (tmp_path / "keys" / "keys.json").read_bytes() == kept


def test_a_county_is_settled_once_with_its_bureaus_calendar_rules_and_four_administrators(machine):
    code, said = _settled(machine)
    assert code == 0, said

    with _start(machine).app_context():
        assert db.session.execute(select(Body.tier, Body.key, Body.name, Body.here, Body.abbreviation).order_by(Body.id)).all() == [
            ("province", "province.420000", "湖北省教育厅", False, ""), ("city", "city.420300", "十堰市教育局", False, ""),
            ("county", "county.420323", "竹山县教育局", True, "竹"),
        ]
        assert db.session.execute(select(House.kind, House.title)).one() == ("production", "竹山县教育局")
        held = select(Account.username, Post.duty, Account.must_change, Account.demo).join(Post, Post.account_id == Account.id).order_by(Account.id)
        assert db.session.execute(held).all() == [
            ("sysadmin", "sysadmin", True, False), ("security", "security_admin", True, False), ("security2", "security_admin", True, False),
            ("auditor", "auditor", True, False),
        ]
        assert db.session.execute(select(func.count()).select_from(CalendarDay)).scalar() > 50
        assert db.session.execute(select(func.count()).select_from(PolicyVersion)).scalar() == 1
        assert db.session.execute(select(Event.name, Event.facts)).all() == [("house.settled", '{"kind":"production"}')]
        db.session.remove()
        db.engine.dispose()

    code, said = _run(machine, "house", "settle", "--province", "420000", "--county", "420323")
    assert (code, "已经建立过系统" in said) == (1, True)


def test_a_one_time_password_opens_the_house_and_has_to_be_changed_first(machine):
    _, said = _settled(machine)
    password = re.search(r"^  sysadmin +(\S+)", said, re.M)[1]

    person = Person(_start(machine))
    form = form_with(person.get("/login"), "username")
    form["username"], form["password"] = "sysadmin", password
    assert form.submit().status_int == 303
    assert person.get("/organisations").location.endswith("/password")


@pytest.mark.parametrize(("words", "sentence"), [
    (("--province", "420323", "--county", "420323"), "行政区划代码“420323”不是省级的代码（GB/T 2260，6 位数字），请核对 --province。"),
    (("--province", "420000", "--county", "123"), "行政区划代码“123”不是县级的代码（GB/T 2260，6 位数字），请核对 --county。"),
    (("--province", "330000", "--county", "420323"), "湖北省十堰市竹山县（420323）不在浙江省（330000），请核对代码。"),
])
def test_codes_that_do_not_fit_are_refused(machine, words, sentence):
    assert _settled(machine, *words) == (1, f"Error: {sentence}\n")


def test_a_municipality_has_no_city_between(machine):
    assert _settled(machine, "--province", "310000", "--county", "310101", "--sign", "黄浦", "--name", "上海市黄浦区教育局")[0] == 0

    with _start(machine).app_context():
        assert db.session.execute(select(Body.name, Body.abbreviation).order_by(Body.id)).all() == [("上海市教育委员会", ""), ("上海市黄浦区教育局", "黄浦")]
        db.session.remove()
        db.engine.dispose()


def test_generated_keys_are_none_for_a_house_that_stays(tmp_path):
    code, said = _run({"DATA_DIR": str(tmp_path / "data")}, "house", "settle", "--province", "420000", "--county", "420323")

    assert (code, said.startswith("Error: 正式系统不能用自动生成的密钥。")) == (1, True)


# ---------------------------------------------------------------- what production refuses to start with

@pytest.mark.parametrize(("changes", "words"), [
    ({"DEMO_TODAY": "2026-09-11"}, "DEMO_TODAY"), ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"), ({"KEYS_DIR": ""}, "没有密钥"), ({"APP_ENV": "prod"}, "APP_ENV"),
    ({"PUBLIC_URL": "https://xueji.a-very-long-name.example.edu.cn"}, "PUBLIC_URL"),
])
def test_it_does_not_start_with(machine, changes, words):
    make_keys(config.Path(machine["KEYS_DIR"]))

    with pytest.raises(config.CannotStart, match=words):
        config.read(machine | changes, ["serve"])


def test_it_does_not_start_without_keys_or_with_those_of_a_demo(machine, tmp_path):
    with pytest.raises(config.CannotStart, match="没有密钥"):
        config.read(machine, ["serve"])
    config.read({"DATA_DIR": machine["DATA_DIR"]}, ["serve"])  # a demo house makes its own
    with pytest.raises(config.CannotStart, match="KEYS_DIR"):
        config.read(machine | {"KEYS_DIR": ""}, ["serve"])


@pytest.mark.parametrize(("version", "starts"), [
    ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 4), True),
])
def test_it_does_not_start_on_a_library_that_can_corrupt(version, starts):
    if starts:
        config.refuse_unsafe_sqlite(version)
    else:
        with pytest.raises(config.CannotStart, match="可能损坏数据库"):
            config.refuse_unsafe_sqlite(version)


def test_it_does_not_start_on_a_database_with_a_demo_account(app, machine):
    make_keys(config.Path(machine["KEYS_DIR"]))
    url = app.config["SQLALCHEMY_DATABASE_URI"]

    with pytest.raises(config.CannotStart, match="数据库中有演示账号"):
        create_app(config.read(machine | {"DATABASE_URL": url}, ["serve"]))


def test_it_starts_on_an_empty_one(machine):
    make_keys(config.Path(machine["KEYS_DIR"]))

    app = create_app(config.read(machine, ["serve"]))

    assert app.config["APP_ENV"] == "production"
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


def test_what_the_house_makes_on_the_disk_is_its_owners_alone(tmp_path, machine):
    config.read({"DATA_DIR": str(tmp_path / "demo" / "data")}, ["serve"])
    make_keys(config.Path(machine["KEYS_DIR"]))
    config.read(machine | {"DATA_DIR": str(tmp_path / "production")}, ["serve"])
    folders = (tmp_path / "demo" / "data", tmp_path / "demo" / "data" / "keys", tmp_path / "production")
    assert os.name == "nt" or {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}
