"""The trace is verified: whoever alters it, even with the database in hand, is found at the very place."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.extensions import db, writer
from app.models import Event, guards
from app.permissions import Actor
from app.services import trace
from app.services.administration import audit
from app.services.transactions import writes

COUNTY = 77
QIN = Actor(account_id=1, name="秦岚", duty="school_registrar", body_name="堵河路小学")


@writes
def _edits(s, pupil, phone):
    trace.record(s, "student.edited", actor=QIN, chain=COUNTY, subjects=[pupil], changes={"联系电话": ["", trace.Secret("联系电话", phone)]})


@writes
def _signs_in(s):
    trace.record(s, "signin.succeeded", actor=QIN, address="10.0.0.8")


@writes
def _restored(s, heads):
    trace.record(s, "house.restored", actor=QIN, backup="昨夜.tar", made_at="2026-09-10T23:00:00", heads=heads)


@pytest.fixture
def house(empty_app):
    """Two chains, three events each."""
    for number in range(3):
        _signs_in()
        _edits(100 + number, f"1380000204{number}")
    return empty_app


@pytest.fixture
def anchor(house):
    return Path(house.config["DATA_DIR"]) / "anchor.log"


def _behind_our_back(*statements):
    """As one with the database in hand would: the triggers dropped, the deed done, the triggers back."""
    with writer().begin() as connection:
        for name in guards.names():
            table = next(table for table in (*guards.NEVER, "chains") if name.startswith(f"keep_{table}_"))
            connection.execute(text(f"DROP TRIGGER {name}" + ("" if connection.dialect.name == "sqlite" else f" ON {table}")))
        for statement in statements:
            connection.execute(text(statement))
        guards.install(connection)


def _bad(anchor_path=None):
    verdict = audit.verify(anchor_path)
    assert verdict.holds is False
    return verdict.chain, verdict.seq, verdict.what


def test_an_untouched_trace_holds_and_agrees_with_its_anchor(house, anchor):
    verdict = audit.verify(anchor)

    assert verdict == audit.Verdict(True, "留痕完好：2 条链、6 个事件，哈希相连，编号不断，所涉学生和密封的号码都相符，与链外锚的 6 行一致。", 6)


def test_a_chain_is_read_in_pieces(house, anchor, monkeypatch):
    monkeypatch.setattr(audit, "AT_ONCE", 2)
    assert audit.verify(anchor).events == 6
    _behind_our_back("UPDATE events SET actor_name = '别人' WHERE chain_id = 77 AND seq = 3")
    assert _bad() == (COUNTY, 3, "内容与当时的哈希不符，被改动过")


@pytest.mark.parametrize(("statement", "seq", "what"), [
    ("UPDATE events SET facts = replace(facts, '138', '139') WHERE chain_id = 77 AND seq = 2", 2, "内容与当时的哈希不符，被改动过"),
    ("UPDATE events SET at = '2020-01-01 00:00:00' WHERE chain_id = 77 AND seq = 1", 1, "内容与当时的哈希不符，被改动过"),
    ("UPDATE events SET hash = before WHERE chain_id = 77 AND seq = 3", 3, "内容与当时的哈希不符，被改动过"),
    ("UPDATE events SET seq = seq + 10 WHERE chain_id = 77 AND seq = 2", 2, "这一号事件不见了"),
    ("UPDATE chains SET head = (SELECT before FROM events WHERE chain_id = 77 AND seq = 3) WHERE id = 77", 3, "与链头不符"),
    ("UPDATE chains SET length = 2, head = (SELECT before FROM events WHERE chain_id = 77 AND seq = 3) WHERE id = 77", 3, "链头只记到第 2 号，后面还有事件"),
    ("UPDATE chains SET length = 4 WHERE id = 77", 4, "这一号事件不见了"),
    ("UPDATE event_subjects SET student_id = 999 WHERE student_id = 101", 2, "所涉学生的登记被改动过"),
    ("DELETE FROM event_subjects WHERE student_id = 102", 3, "所涉学生的登记被改动过"),
    ("DELETE FROM sealed_values WHERE event_id = (SELECT id FROM events WHERE chain_id = 77 AND seq = 1)", 1, "密封保存的号码与事件不符"),
    ("UPDATE sealed_values SET label = '身份证件号' WHERE event_id = (SELECT id FROM events WHERE chain_id = 77 AND seq = 2)", 2, "密封保存的号码与事件不符"),
    ("UPDATE sealed_values SET value = (SELECT value FROM sealed_values ORDER BY id LIMIT 1) "
     "WHERE event_id = (SELECT id FROM events WHERE chain_id = 77 AND seq = 2)", 2, "密封保存的号码被改动过，或密钥不是原来的"),
])
def test_whatever_is_altered_is_named_where_it_stands(house, statement, seq, what):
    _behind_our_back(statement)

    assert _bad() == (COUNTY, seq, what)


def test_an_event_altered_with_its_hash_and_the_next_ones_link_is_found_at_the_next(house):
    """The hash is over the event before too: whoever alters one has to rewrite all that follow, and the anchor has seen those."""
    with db.engine.connect() as connection:
        row = dict(connection.execute(select(*audit.COLUMNS).where(Event.chain_id == COUNTY, Event.seq == 2)).mappings().one())
    forged = trace.digest(row | {"actor_name": "别人"}).hex()
    value = f"X'{forged}'" if db.engine.dialect.name == "sqlite" else f"decode('{forged}', 'hex')"
    _behind_our_back(
        f"UPDATE events SET actor_name = '别人', hash = {value} WHERE chain_id = 77 AND seq = 2",
        f"UPDATE events SET before = {value} WHERE chain_id = 77 AND seq = 3",
    )

    assert _bad() == (COUNTY, 3, "内容与当时的哈希不符，被改动过")


def test_an_event_taken_out_with_all_that_hangs_on_it_leaves_a_gap(house):
    of = "(SELECT id FROM events WHERE chain_id = 77 AND seq = 2)"
    _behind_our_back(f"DELETE FROM event_subjects WHERE event_id = {of}", f"DELETE FROM sealed_values WHERE event_id = {of}",
                     "DELETE FROM events WHERE chain_id = 77 AND seq = 2")

    verdict = audit.verify()

    assert verdict.said == "留痕不完整。77的链第 2 号事件：这一号事件不见了。"


def test_the_end_of_a_chain_cut_off_whole_is_seen_by_the_anchor_alone(house, anchor):
    of = "(SELECT id FROM events WHERE chain_id = 77 AND seq = 3)"
    _behind_our_back(
        f"DELETE FROM event_subjects WHERE event_id = {of}", f"DELETE FROM sealed_values WHERE event_id = {of}",
        "UPDATE chains SET length = 2, head = (SELECT before FROM events WHERE chain_id = 77 AND seq = 3) WHERE id = 77",
        "DELETE FROM events WHERE chain_id = 77 AND seq = 3",
    )

    assert audit.verify().holds
    assert _bad(anchor) == (COUNTY, 3, "链外锚记着这一号，链却只到第 2 号，后面的被截去了")


def test_a_chain_rewritten_throughout_is_seen_by_a_copy_of_the_anchor(house, anchor, tmp_path):
    kept = shutil.copy(anchor, tmp_path / "kept.log")
    lines = Path(kept).read_text().splitlines()
    moment, chain, seq, digest = lines[2].split()
    Path(kept).write_text("\n".join([*lines[:2], f"{moment} {chain} {seq} {'0' * len(digest)}", *lines[3:]]) + "\n")

    assert _bad(kept) == (0, 2, "与链外锚不符，被改写过")
    assert _bad(tmp_path / "gone.log")[2].startswith("没有找到链外锚文件")


def test_the_missing_trigger_is_told_before_anything_else(house):
    on = "" if db.engine.dialect.name == "sqlite" else " ON events"
    with writer().begin() as connection:
        connection.execute(text(f"DROP TRIGGER keep_events_update{on}"))

    assert _bad() == (None, None, "数据库中保护留痕的触发器不见了：keep_events_update")


def test_a_line_of_the_anchor_cut_off_by_a_power_cut_is_no_break_but_a_muddled_one_is(house, anchor):
    with open(anchor, "a") as file:
        file.write("2026-09-11T15:2")
    assert audit.verify(anchor).holds
    with open(anchor, "a") as file:
        file.write("\n")
    assert _bad(anchor) == (None, None, "链外锚中有看不懂的一行：2026-09-11T15:2")


def test_what_a_restored_backup_left_behind_is_forgiven_and_told(house, anchor):
    """The anchor saw a seventh event that the backup did not hold; the restored event says how long the chains were."""
    with open(anchor, "a") as file:
        file.write(f"2026-09-11T00:00:00 77 4 {'a' * 64}\n")
    assert _bad(anchor)[:2] == (COUNTY, 4)

    _restored({"0": 3, "77": 3})
    _edits(200, "13900000000")

    verdict = audit.verify(anchor)
    assert verdict.holds
    assert "其中 1 行是恢复备份以前的" in verdict.said


def test_a_restored_event_forgives_nothing_that_the_backup_held(house, anchor):
    with open(anchor, "a") as file:
        file.write(f"2026-09-11T00:00:00 77 3 {'a' * 64}\n")
    _restored({"0": 3, "77": 3})

    assert _bad(anchor) == (COUNTY, 3, "与链外锚不符，被改写过")


def test_values_sealed_with_a_key_that_is_gone_are_told_and_their_commitments_still_checked(house, monkeypatch):
    from app import sealing

    ring = sealing.ring()
    monkeypatch.setattr(ring, "field_keys", {9: b"x" * 32})

    assert "有 3 个密封值的旧密钥不在手边" in audit.verify().said
