"""The demo county from the command line: filled from a seed, settled anew, with a workbook to practise on."""

import pytest
from sqlalchemy import func, select

from app import locks
from app.demo import roster
from app.extensions import db
from app.models import Event, Import, Student
from app.services import jobs
from app.services.intake import imports


@pytest.fixture
def app(own_app):
    return own_app


@pytest.fixture
def flask(app):
    def run(*words):
        result = app.test_cli_runner().invoke(args=["demo", *words])
        return result.exit_code, result.output

    return run


def pupils():
    return db.session.execute(select(func.count()).select_from(Student).where(Student.lifecycle != "pending")).scalar_one()


def test_load_refuses_a_database_that_holds_anything(flask, app):
    assert flask("load") == (1, "Error: 数据库不是空的，没有写入演示数据。请换一个空的数据目录，或用 demo reset。\n")


def test_reset_settles_the_county_anew(flask, app, county):
    assert pupils() < 500  # the tests' smaller one
    code, told = flask("reset")

    assert code == 0, told
    assert told == f"演示县已建立，{pupils():,} 名学生。账号的密码都是 Xueji-demo-2026。\n"
    assert pupils() > 1500
    assert [event.name for event in db.session.scalars(select(Event).order_by(Event.id))][-1] == "demo.settled"


def test_reset_touches_nothing_but_a_demo_county(empty_app):
    result = empty_app.test_cli_runner().invoke(args=["demo", "reset"])

    assert (result.exit_code, result.output) == (1, "Error: 数据库里不是演示县，没有清空任何内容。\n")


def test_reset_touches_nothing_while_the_house_is_open(flask, app, tmp_path):
    before = pupils()
    server = locks.take_slot(app.config["DATA_DIR"] / "slots", 4)
    assert flask("reset") == (1, "Error: 服务还在运行，没有清空任何内容。请先停掉服务（和别的命令），再试一次。\n")
    assert pupils() == before

    server[1].close()
    assert flask("reset")[0] == 0


def test_the_roster_has_five_rows_to_mend_and_the_rest_can_be_written(flask, app, county, tmp_path, today, now):
    file = tmp_path / "名册.xlsx"
    assert flask("roster", str(file)) == (0, f"已写出 {file}。\n")
    assert flask("roster", str(file)) == (1, f"Error: {file} 已经存在，没有写。请换一个文件名。\n")
    assert file.read_bytes() == roster.workbook(today)

    import_id = imports.upload(file.read_bytes(), file.name, actor=county.actor("registrar.a1"), today=today, now=now)
    while jobs.run_next(now):
        pass

    one = db.session.get_one(Import, import_id)
    found, _ = imports.findings(db.session, import_id, ("bad",))
    assert (one.state, one.rows, one.good + one.warned, one.bad) == ("checked", 12, 7, 5)
    assert [(cell.row, cell.title, cell.sentence) for _, cell in found] == [
        (4, "身份证件号", "身份证件号第 18 位与前 17 位不符，请对照户口簿核对"), (6, "联系电话", "联系电话应为 11 位手机号或带区号的座机号"),
        (8, "班级号", "2026级没有 6 班"), (10, "身份证件号", "这个证件号已有学籍：竹山县堵河路小学的张梓涵"), (12, "民族", "民族代码表没有“土家”"),
    ]
