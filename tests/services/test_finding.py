"""A pupil is found by any part of a name, by pinyin, by a number exactly, and only by those who may see her."""

import pytest

from app.errors import NotFound
from app.extensions import db
from app.models import SearchKey, Student
from app.services.pupils import finding, listing, records, students
from app.services.transactions import writes
from tests.cast import new_pupil

COLUMNS = ("school", "class", "id_doc_no")


def names(person, text):
    return {row.name for row in finding.find(person, text, COLUMNS).rows}


def sentence(person, text):
    found = finding.find(person, text, COLUMNS)
    assert found.rows == []
    return found.sentence


@pytest.fixture
def registrar(county):
    return county.actor("registrar.a1")


@pytest.fixture
def officer(county):
    return county.actor("officer.a")


def test_one_character_of_a_name_finds_everybody_who_has_it_once(app, registrar):
    found = finding.find(registrar, "思", COLUMNS)
    assert {"覃思源", "庹思远", "庹思齐"} <= {row.name for row in found.rows}
    assert len({row.id for row in found.rows}) == len(found.rows) == found.count
    assert all("思" in row.name for row in found.rows)


@pytest.mark.parametrize(("typed", "name"), [
    ("𠮷", "吴𠮷安"), ("𬭎泽", "柯𬭎泽"), ("䶮", "郑䶮"), ("㛃", "余㛃宁"), ("欧阳", "欧阳𬱖"),
    ("sxh", "单小荷"), ("shanxiaohe", "单小荷"), ("Dan Xiao He", "单小荷"), ("QYF", "仇一帆"), ("ｃｈｏｕｙｉ", "仇一帆"), ("qiu yifan", "仇一帆"),
])
def test_rare_characters_and_every_reading_of_a_surname(app, registrar, typed, name):
    assert name in names(registrar, typed)


def test_zeng_is_found_under_both_readings_and_a_name_with_dots_under_each_part(app, county, officer):
    elsewhere = county.actor("registrar.b1")
    assert names(elsewhere, "zlz") == names(elsewhere, "cengle") == {"曾乐之"}
    assert names(officer, "吐尔逊") == names(officer, "阿依努尔•吐尔逊") == {"阿依努尔·吐尔逊"}


def test_a_former_name_still_finds_her_after_an_edit_and_no_longer_when_taken_back(app, county, registrar, today, now):
    pupil = county.pupil("reading.shan")
    for former, found in (("单晓禾", {"单小荷"}), (None, set())):
        record = students.opened(registrar, pupil)
        students.edit(pupil, record | {"former_name": former}, actor=registrar, version=record["version"], today=today, now=now)
        db.session.rollback()
        assert names(registrar, "晓禾") == found
    assert "单小荷" in names(registrar, "单小")


def test_numbers_find_exactly_and_go_straight_to_the_pupil(app, county, registrar):
    pupil = county.pupil("twin.1")
    record = records.load(db.session, pupil)
    number = record["id_doc_no"]
    for typed in (number, number.lower(), f" {number[:6]} {number[6:]} ", record["national_no"], record["student_code"]):
        assert names(registrar, typed) == {"庹思远"}
        assert finding.only_one(registrar, typed) == pupil
    assert finding.only_one(registrar, "庹思远") is None


def test_a_guardians_phone_finds_both_twins(app, county, registrar):
    phone = records.load(db.session, county.pupil("twin.1"))["guardians"][0]["phone"]
    assert names(registrar, f"+86 {phone[:3]}-{phone[3:]}") == {"庹思远", "庹思齐"}
    assert finding.only_one(registrar, phone) is None


def test_a_wrong_id_number_is_told_and_nothing_else_is_tried(app, county, registrar):
    number = county.known("twin.1").item["id_doc_no"]
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    assert sentence(registrar, wrong) == "身份证件号第 18 位与前 17 位不符，请对照户口簿核对。"
    assert sentence(registrar, number[:17]) == "身份证件号应为 18 位，现在是 17 位，请对照户口簿核对。"
    assert sentence(registrar, "G" + number[:10]) == "学籍号应为 19 位，现在是 11 位，请按学籍卡填写。"
    assert sentence(registrar, "123") == "没有找到编号 123 的学生，也可能不在您的管理范围内。"
    assert sentence(registrar, "  ") == "请输入姓名、拼音、学籍号、身份证件号、学籍辅号或联系电话，再查找。"


def test_an_auxiliary_number_of_eighteen_digits_is_no_wrong_id_number(app, county, registrar, today, now):
    pupil = county.pupil("twin.1")
    record = students.opened(registrar, pupil)
    students.edit(pupil, record | {"aux_number": "420323202409030223"}, actor=registrar, version=record["version"], today=today, now=now)
    assert names(registrar, "420323202409030223") == {"庹思远"}


def test_a_foreign_pupil_is_not_found_by_anything_and_the_sentence_is_that_of_nobody(app, county, registrar, officer):
    stranger = county.pupil("reading.zeng")
    record = records.load(db.session, stranger)
    for typed in ("曾乐之", record["id_doc_no"], record["national_no"], record["guardians"][0]["phone"], record["student_code"]):
        told = sentence(registrar, typed)
        assert "没有找到" in told and "也可能不在您的管理范围内" in told
        assert sentence(officer, typed) == told
    assert names(county.actor("registrar.b1"), record["id_doc_no"]) == {"曾乐之"}


def test_a_class_teacher_finds_her_own_class_a_township_its_schools_administrators_nobody(app, county):
    assert names(county.actor("teacher.a1"), "吴𠮷安") == {"吴𠮷安"}
    assert names(county.actor("teacher.a1"), "单小荷") == {"单小荷"}
    assert names(county.actor("teacher.a1"), "覃思源") == set()
    village = {row.name[:1] for row in listing.list_students(county.actor("township.a.t1"), listing.Filters(status="01", by="name"), ())[0]}
    everybody = set().union(*(names(county.actor("township.a.t1"), character) for character in village))
    assert everybody and not everybody & {"庹思远", "覃思源"}
    for account in ("sysadmin", "auditor", "officer.city1"):
        assert names(county.actor(account), "思") == set()


def test_who_left_stays_findable(app, registrar):
    assert names(registrar, "昝雨禾") == {"昝雨禾"}


def test_pages_of_fifty_in_one_order_hold_everybody_once(app, county, registrar):
    enrol(registrar.school_id, county.class_("a1"), 120)
    first = finding.find(registrar, "汪", COLUMNS)
    assert (len(first.rows), first.more, first.count) == (50, True, 120)
    seen, found = [row.id for row in first.rows], first
    while found.more:
        found = finding.find(registrar, "汪", COLUMNS, after=found.rows[-1].id)
        seen += [row.id for row in found.rows]
    assert len(seen) == len(set(seen)) == 120


def test_more_than_a_thousand_are_counted_as_so_many(app, county, registrar, monkeypatch):
    enrol(registrar.school_id, county.class_("a1"), 12)
    monkeypatch.setattr(finding, "MOST", 10)
    assert finding.find(registrar, "汪", COLUMNS).count is None


def test_what_was_typed_opens_for_nobody_else(app, county, registrar, officer):
    word = finding.keep("庹思远", registrar)
    assert "庹" not in word
    assert finding.kept(word, registrar) == "庹思远"
    for stranger, broken in ((officer, word), (registrar, word[:-3]), (registrar, "不是"), (registrar, ""), (registrar, "AAAA")):
        with pytest.raises(NotFound):
            finding.kept(broken, stranger)


@writes(traced=False)
def enrol(s, school_id, class_id, many):
    """So many pupils of the surname 汪 in this class."""
    at = s.get(Student, s.query(Student.id).filter(Student.class_id == class_id).first()[0])
    place = records.Place(at.county_id, school_id, at.grade_id, class_id, at.created_at.date())
    drawn = [new_pupil(number, name=f"汪{'安宁康泰'[number % 4]}{chr(0x4E00 + number)}") for number in range(100, 100 + many)]
    rows = [records.rows(record, place, lifecycle="live", status="01", spell="open", student_code=f"x{number}", now=at.created_at, actor_id=None)
            for number, record in enumerate(drawn)]
    records.write(s, rows)
    assert s.query(SearchKey).filter(SearchKey.key == "汪").count() == 0
