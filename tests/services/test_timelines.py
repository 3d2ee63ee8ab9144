"""What happened to a pupil, told from the trace."""

from dataclasses import replace
from datetime import datetime

from app.permissions import Actor
from app.services import trace
from app.services.events import EVENTS, LABELS, label
from app.services.pupils import timelines
from app.services.transactions import writes

PUPIL, OTHER, COUNTY = 5, 6, 77
QIN = Actor(account_id=1, name="秦岚", duty="school_registrar", body_name="堵河路小学")


@writes
def _happens(s, name, *, chains=(COUNTY,), subjects=(PUPIL,), **facts):
    for chain in chains:
        trace.record(s, name, actor=QIN, chain=chain, subjects=subjects, **facts)


def _lines(**place):
    return [(told.what, told.words, told.look) for told in timelines.of_student(PUPIL, **place)]


def test_a_timeline_tells_each_act_about_a_pupil_once_newest_first(empty_app):
    _happens("case.started", kind="enrolment", number="竹教招〔2026〕第00001号")
    _happens("case.started", subjects=(OTHER,), kind="enrolment", number="竹教招〔2026〕第00002号")
    _happens("case.acted", kind="enrolment", number="竹教招〔2026〕第00001号", step="school_audit", action="return", reason="02", note="户口簿看不清",
             in_place_of=False, effects={})
    _happens("student.edited", changes={
        "现住址": ["", "堵河路 8 号"], "联系电话": [trace.Secret("联系电话", "13800002046"), trace.Secret("联系电话", "13900001111")], "寄宿": [False, True]})
    _happens("cases.acted", chains=(trace.HOUSE, COUNTY), subjects=(PUPIL, OTHER), kind="enrolment", step="county", action="approve", number=2,
             cases=["竹教招〔2026〕第00001号", "竹教招〔2026〕第00002号"], effects={"students": 2, "numbers": 2})

    assert _lines() == [
        ("新生登记，主管教育行政部门核办：同意，立即生效（批量）", "", "done"),
        ("修改信息", "寄宿：否 → 是；现住址：空 → 堵河路 8 号；联系电话：138****2046 → 139****1111", ""),
        ("新生登记，学校审核：退回补正", "理由：材料不全或看不清；说明：户口簿看不清", "bad"),
        ("新生登记：提交申请", "", ""),
    ]
    first = timelines.of_student(PUPIL, limit=2)
    assert _lines(after=first[-1].id) == _lines()[2:]
    assert replace(first[1], id=0, at=datetime(2026, 9, 11)) == timelines.Told(
        0, "修改信息", "秦岚", "堵河路小学 学籍管理员", datetime(2026, 9, 11), first[1].words, "")


def test_every_fact_that_an_event_can_carry_has_a_name_in_words():
    assert {fact for kind in EVENTS.values() for fact in kind.facts} <= set(LABELS)
    assert [label(name, "number") for name in ("case.acted", "cases.acted", "import.applied", "bodies.imported", "term.set")] == ["编号", "件数", "人数", "机构数", "学期"]


def test_titles_are_built_from_facts_that_the_event_declares():
    for name, kind in EVENTS.items():
        told = timelines.title(name, dict.fromkeys(kind.facts, "1"))
        assert told and "{" not in told


def test_what_came_of_a_change_is_told_in_words():
    facts = {"kind": "suspension", "step": "county", "action": "approve", "effects": {"status": "02", "paper": "竹休字〔2026〕第00001号"}}
    assert timelines.value_in_words("effects", facts["effects"], facts) == "学籍状态：休学；文书：竹休字〔2026〕第00001号"
