"""The anchor is written after the act: where it cannot be, the act is done all the same, the auditor reads how far the anchor is behind, and it catches up."""

import re

import pytest

from app import clock
from app.services import anchor
from app.services.administration import audit, nightly
from tests.office import a
from tests.services.test_audit import COUNTY, _behind_our_back, _edits, _signs_in, house

__all__ = ["a", "house"]

WELL = "留痕完好：2 条链、{} 个事件，哈希相连，编号不断，所涉学生和密封的号码都相符，与链外锚的 {} 行一致。"
BEHIND = "这份链外锚落后：{}还没有记进去，不是被改动。本机的锚在下次办理或夜间检查时补记，另存的锚只到另存的时候。"


@pytest.fixture
def no_room(house):
    """While it lasts, nothing can be written to the anchor. Call it to have it over."""
    path, kept = anchor.path(), anchor.path().with_name("kept.log")
    path.rename(kept)
    path.mkdir()

    def over():
        path.rmdir()
        kept.rename(path)

    return over


def said():
    verdict = audit.verify(anchor.path())
    return verdict.holds, re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "…", verdict.said)


def test_an_act_is_done_though_the_anchor_cannot_be_written_and_the_next_act_brings_it_up_to_date(no_room):
    _edits(200, "13800002049")
    _edits(201, "13800002050")
    no_room()
    assert said() == (True, WELL.format(8, 6) + BEHIND.format("77的链有 2 个事件（… 起）"))

    _signs_in()
    assert said() == (True, WELL.format(9, 9))


def test_what_a_process_took_with_it_when_it_died_is_written_by_the_daily_tick(house, no_room, caplog):
    _edits(200, "13800002049")
    _signs_in()
    no_room()
    house.extensions.pop("anchor_late")
    assert said() == (True, WELL.format(8, 6) + BEHIND.format("系统链有 1 个事件（… 起），77的链有 1 个事件（… 起）"))

    assert nightly.run(now=clock.now()) == []
    assert said() == (True, WELL.format(8, 8))
    assert "the anchor lagged behind" in caplog.text


def test_a_line_that_was_cut_off_spoils_no_other(house):
    whole = anchor.path().read_bytes()
    anchor.path().write_bytes(whole[:-30])
    assert said() == (True, WELL.format(6, 5) + BEHIND.format("77的链有 1 个事件（… 起）"))
    _signs_in()
    assert said() == (True, WELL.format(7, 6) + BEHIND.format("77的链有 1 个事件（… 起）"))
    nightly.run(now=clock.now())
    assert said() == (True, WELL.format(7, 7))


def test_an_anchor_that_has_seen_more_than_the_chain_holds_is_a_break_and_is_left_as_it_stands(house, caplog):
    of = f"(SELECT id FROM events WHERE chain_id = {COUNTY} AND seq = 3)"
    _behind_our_back(
        f"DELETE FROM event_subjects WHERE event_id = {of}", f"DELETE FROM sealed_values WHERE event_id = {of}",
        f"UPDATE chains SET length = 2, head = (SELECT before FROM events WHERE chain_id = {COUNTY} AND seq = 3) WHERE id = {COUNTY}",
        f"DELETE FROM events WHERE chain_id = {COUNTY} AND seq = 3",
    )
    before = anchor.path().read_bytes()
    nightly.run(now=clock.now())
    assert said() == (False, "留痕不完整。77的链第 3 号事件：链外锚记着这一号，链却只到第 2 号，后面的被截去了。")
    assert anchor.path().read_bytes() == before
    assert "run flask audit verify" in caplog.text


def test_a_clerk_is_answered_as_done(app, a, sign_in):
    path = anchor.path()
    path.unlink()
    path.mkdir()
    clerk = sign_in("registrar.a1")  # a sign-in is an act
    assert clerk.get("/").status_int == 200
