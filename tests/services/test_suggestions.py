"""修改建议: a class teacher proposes for her own class what she is shown of it; the registrar takes it over into the record or declines it."""

import json

import pytest
from sqlalchemy import select, update

from app.errors import MovedOn, NotAllowed, NotFound, Refusal
from app.extensions import db
from app.models import Event, EventSubject, Guardian, Student, Suggestion
from app.services.pupils import records, students, suggestions
from app.services.transactions import writes
from tests.bureau import wrong

ADDRESS = "湖北省十堰市竹山县城关镇滨河路18号"


@pytest.fixture
def teacher(county):
    return county.actor("teacher.a1")


@pytest.fixture
def registrar(county):
    return county.actor("registrar.a1")


@pytest.fixture
def pupil(teacher):
    """One of the teacher's own class."""
    return db.session.scalars(select(Student.id).where(Student.class_id == teacher.class_id, Student.lifecycle == "live").order_by(Student.id)).first()


@pytest.fixture
def suggest(teacher, pupil, today, now):
    def suggest(student_id=None, reason="家长来电，已搬家", actor=teacher, version=None, **wanted):
        student_id = student_id or pupil
        version = version or db.session.execute(select(Student.version).where(Student.id == student_id)).scalar_one()
        return suggestions.suggest(student_id, {name.replace("__", "."): value for name, value in wanted.items()}, reason, actor=actor, version=version, today=today, now=now)

    return suggest


def rows(pupil):
    db.session.rollback()
    return db.session.scalars(select(Suggestion).where(Suggestion.student_id == pupil).order_by(Suggestion.id)).all()


def waiting(person):
    return db.session.execute(select(suggestions.waiting(person))).scalar_one()


def events(pupil):
    db.session.rollback()
    found = db.session.execute(select(Event.name, Event.facts).join(EventSubject, EventSubject.event_id == Event.id).where(EventSubject.student_id == pupil).order_by(Event.seq))
    return [(name, json.loads(facts)) for name, facts in found if name.startswith(("suggestion", "student.edited"))]


def test_what_she_proposes_is_a_row_each_sealed_with_one_event_and_changes_nothing(suggest, pupil, teacher, now):
    before = records.load(db.session, pupil)
    father = before["guardians"][0]
    suggest(current_address=ADDRESS, talent="书法", **{f"{father['id']}.employer": "竹山县自来水公司"})
    made = rows(pupil)
    assert {row.item: suggestions.content(row) for row in made} == {
        "current_address": [before["current_address"], ADDRESS], "talent": [before["talent"], "书法"],
        f"{father['id']}.employer": [father["employer"], "竹山县自来水公司"],
    }
    assert {(row.state, row.by_name, row.reason, row.made_at, row.class_id) for row in made} == {("open", teacher.name, "家长来电，已搬家", now, teacher.class_id)}
    assert not any("滨河路".encode() in bytes(row.content) for row in made)
    assert events(pupil) == [("suggestion.made", {"reason": "家长来电，已搬家", "changes": {
        "现住址": [before["current_address"], ADDRESS], "特长": [before["talent"], "书法"], "成员1工作单位": [father["employer"], "竹山县自来水公司"],
    }})]
    db.session.expire_all()
    assert records.load(db.session, pupil) == before


def test_the_registrar_takes_it_over_and_every_field_is_traced(suggest, pupil, registrar, teacher, today, now):
    before = records.load(db.session, pupil)
    suggest(current_address=ADDRESS, talent="书法", email="x@example.com")
    address, talent, _ = rows(pupil)
    assert waiting(registrar) == 3
    suggestions.accept(pupil, {address.id, talent.id}, actor=registrar, today=today, now=now)
    after = rows(pupil) and records.load(db.session, pupil)
    assert (after["current_address"], after["talent"], after["email"], after["version"]) == (ADDRESS, "书法", before["email"], before["version"] + 1)
    assert events(pupil)[1] == ("suggestion.accepted", {
        "suggested_by": teacher.name, "changes": {"现住址": [before["current_address"], ADDRESS], "特长": [before["talent"], "书法"]},
    })
    assert [(row.state, row.ended_by) for row in rows(pupil)] == [("accepted", registrar.name), ("accepted", registrar.name), ("open", "")]
    with pytest.raises(MovedOn, match="现住址的建议已由庹明慧在 2026年9月11日 15:20 办理：已采纳"):
        suggestions.accept(pupil, {address.id}, actor=registrar, today=today, now=now)
    assert (waiting(registrar), len(events(pupil))) == (1, 2)


def test_a_value_that_was_changed_since_is_not_written_over(suggest, pupil, registrar, today, now):
    suggest(current_address=ADDRESS, talent="书法")
    record = students.opened(registrar, pupil)
    students.edit(pupil, record | {"current_address": "湖北省十堰市竹山县城关镇人民路1号"}, actor=registrar, version=record["version"], today=today, now=now)
    with pytest.raises(MovedOn, match=r"现住址在提出建议以后已由庹明慧在 2026年9月11日 .* 改为“湖北省十堰市竹山县城关镇人民路1号”，没有采纳"):
        suggestions.accept(pupil, {row.id for row in rows(pupil)}, actor=registrar, today=today, now=now)
    assert [row.state for row in rows(pupil)] == ["open", "open"]
    assert [(line.title, line.moved) for line in suggestions.of_pupil(registrar, pupil)] == [("特长", False), ("现住址", True)]
    assert records.load(db.session, pupil)["talent"] != "书法"


def test_declined_with_a_word_or_withdrawn_nothing_is_written(suggest, pupil, registrar, teacher, now):
    before = records.load(db.session, pupil)
    suggest(current_address=ADDRESS, talent="书法")
    address, talent = rows(pupil)
    assert wrong(suggestions.decline, pupil, {address.id}, " ", actor=registrar, now=now) == {"note": "请给班主任写明不采纳的原因，如“与户口簿不一致”。"}
    suggestions.decline(pupil, {address.id}, "与户口簿不一致", actor=registrar, now=now)
    suggestions.withdraw(pupil, {talent.id}, actor=teacher, now=now)
    assert [(row.state, row.ended_by, row.note) for row in rows(pupil)] == [("declined", registrar.name, "与户口簿不一致"), ("withdrawn", teacher.name, "")]
    assert events(pupil)[1:] == [
        ("suggestion.declined", {"items": ["现住址"], "suggested_by": teacher.name, "note": "与户口簿不一致"}), ("suggestion.withdrawn", {"items": ["特长"]}),
    ]
    db.session.expire_all()
    assert records.load(db.session, pupil) == before
    assert [(row.name, row.state) for row in suggestions.latest(teacher)] == [(before["name"], "withdrawn"), (before["name"], "declined")]


@pytest.mark.parametrize("item", ["name", "id_doc_no", "phone", "national_no", "aux_number", "status", "student_kind", "version"])
def test_what_she_is_not_shown_or_what_changes_otherwise_she_cannot_propose(suggest, pupil, item):
    with pytest.raises(MovedOn):
        suggest(**{item: "别的"})
    with pytest.raises(MovedOn):
        suggest(**{f"{records.load(db.session, pupil)['guardians'][0]['id']}.phone": "13900001111"})
    assert rows(pupil) == []


def test_the_record_she_proposes_from_holds_no_number(teacher, pupil):
    opened = suggestions.opened(teacher, pupil)
    assert not {"id_doc_no", "phone", "national_no", "main_number", "name"} & opened.keys()
    assert {"id", *suggestions.OF_MEMBER} == opened["guardians"][0].keys()


def test_her_own_class_alone_and_the_registrar_decides_alone(suggest, county, pupil, registrar, teacher, today, now):
    other = county.pupil("twin.1")  # of the second grade
    with pytest.raises(NotFound):
        suggest(other, version=1, talent="书法")
    for account in ("registrar.a1", "head.a1", "officer.a"):
        with pytest.raises(NotAllowed):
            suggest(actor=county.actor(account), talent="书法")
    suggest(talent="书法")
    ids = {row.id for row in rows(pupil)}
    for act in (lambda who: suggestions.accept(pupil, ids, actor=who, today=today, now=now), lambda who: suggestions.decline(pupil, ids, "不对", actor=who, now=now)):
        for account, kind in (("teacher.a1", NotAllowed), ("head.a1", NotAllowed), ("registrar.a2", NotFound), ("registrar.b1", NotFound)):
            with pytest.raises(kind):
                act(county.actor(account))
    with pytest.raises(NotAllowed):
        suggestions.withdraw(pupil, ids, actor=registrar, now=now)
    assert [waiting(county.actor(name)) for name in ("registrar.a1", "teacher.a1", "head.a1", "registrar.a2", "auditor")] == [1, 0, 0, 0, 0]


def test_one_open_suggestion_an_item_and_twenty_a_pupil(suggest, pupil, teacher, now):
    suggest(talent="书法")
    assert wrong(suggest, talent="绘画") == {"talent": f"特长已有{teacher.name}提的建议，在等学籍管理员处理，不用再提"}
    _fill_up(pupil, 19)
    with pytest.raises(Refusal, match="最多同时有 20 项建议待处理，现在已有 20 项"):
        suggest(current_address=ADDRESS)
    suggestions.withdraw(pupil, {rows(pupil)[0].id}, actor=teacher, now=now)
    suggest(talent="绘画")
    assert [row.state for row in rows(pupil) if row.item == "talent"] == ["withdrawn", "open"]


@writes(traced=False)
def _fill_up(s, pupil, many):
    first = s.scalars(select(Suggestion).where(Suggestion.student_id == pupil)).first()
    kept = {column.name: getattr(first, column.name) for column in Suggestion.__table__.columns if column.name not in ("id", "item")}
    for number in range(many):
        s.add(Suggestion(item=f"{number}.employer", **kept))


def test_it_is_judged_as_an_edit_would_be_and_only_for_what_it_changes(suggest, county, pupil, teacher):
    classmate, seat = db.session.execute(
        select(Student.name, Student.class_no).where(Student.class_id == teacher.class_id, Student.id != pupil, Student.class_no != "").order_by(Student.id).limit(1)
    ).one()
    nobody = {f"{one['id']}.is_guardian": False for one in records.load(db.session, pupil)["guardians"]}
    assert wrong(suggest, class_no=seat) == {"class_no": f"班内学号“{seat}”已经是本班{classmate}的，请换一个"}
    assert set(wrong(suggest, **nobody)) == {"member1_is_guardian"}
    assert wrong(suggest, reason=" ", talent="书法") == {"reason": "请写明建议修改的理由，如“家长来电，已搬家”。"}
    with pytest.raises(Refusal, match="没有改动任何内容"):
        suggest()
    _without_guardian_phone(pupil)
    suggest(talent="书法")
    assert [row.item for row in rows(pupil)] == ["talent"]


@writes(traced=False)
def _without_guardian_phone(s, pupil):
    """As an old record may be: the registrar mends it; the teacher's word on something else is taken all the same."""
    s.execute(update(Guardian).where(Guardian.student_id == pupil).values(is_guardian=False))


def test_whoever_opened_the_record_earlier_reads_who_saved_since(suggest, pupil, registrar, today, now):
    record = students.opened(registrar, pupil)
    students.edit(pupil, record | {"email": "a@example.com"}, actor=registrar, version=record["version"], today=today, now=now)
    with pytest.raises(MovedOn, match="庹明慧在 2026年9月11日 15:20 保存了修改"):
        suggest(version=record["version"], talent="书法")
    assert rows(pupil) == []
