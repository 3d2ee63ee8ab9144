"""flask audit verify"""

from sqlalchemy import text

from app.extensions import writer
from app.services import trace
from app.services.transactions import writes


@writes
def _signs_in(s, actor):
    trace.record(s, "signin.succeeded", actor=actor, address="10.0.0.8")


def _verify(app, *words):
    return app.test_cli_runner().invoke(args=["audit", "verify", *map(str, words)])


def test_a_whole_trace_ends_with_status_0_and_a_sentence(app):
    result = _verify(app)

    assert result.exit_code == 0
    assert result.output.startswith("留痕完好：")
    assert "与链外锚的" in result.output


def test_a_broken_one_ends_with_status_1_and_the_first_bad_position(app, county):
    _signs_in(county.actor("head.a1"))
    with writer().begin() as connection:
        connection.execute(text("DROP TRIGGER keep_events_update" + ("" if connection.dialect.name == "sqlite" else " ON events")))
        connection.execute(text("UPDATE events SET actor_name = '别人' WHERE chain_id = 0 AND seq = 1"))
        from app.models import guards

        guards.install(connection)

    result = _verify(app)

    assert (result.exit_code, result.output) == (1, "Error: 留痕不完整。系统链第 1 号事件：内容与当时的哈希不符，被改动过。\n")


def test_an_anchor_that_is_not_there_is_a_sentence(app, tmp_path):
    result = _verify(app, "--anchor", tmp_path / "none.log")

    assert (result.exit_code, result.output) == (1, f"Error: 留痕不完整。没有找到链外锚文件 {tmp_path / 'none.log'}。\n")
