"""The record of a pupil is edited item by item with every old and new value in the trace; full numbers are shown for a reason; photos are judged."""

import io
import json

import pytest
from PIL import Image
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, NotFound, Refusal
from app.extensions import db
from app.models import Event, File, Guardian, SealedValue, Student
from app.policies.profiles import make_policy
from app.services import files
from app.services.pupils import photos, records, students
from app.services.trace import Secret
from tests.bureau import wrong


@pytest.fixture
def registrar(county):
    return county.actor("registrar.a1")


@pytest.fixture
def pupil(county):
    return county.pupil("twin.1")


@pytest.fixture
def edit(registrar, pupil, today, now):
    def carry_out(version=None, actor=registrar, **changes):
        record = students.opened(registrar, pupil)
        return students.edit(pupil, record | changes, actor=actor, version=version or record["version"], today=today, now=now)

    return carry_out


def family(pupil):
    db.session.rollback()
    return records.load(db.session, pupil)["guardians"]


def last(name):
    db.session.rollback()
    return json.loads(db.session.scalars(select(Event.facts).where(Event.name == name).order_by(Event.seq.desc())).first())


def test_only_what_changed_is_told_in_words_and_numbers_as_secrets():
    old = {"ethnicity": "01", "birth_date": None, "phone": "13800002046", "is_orphan": None, "email": "", "guardians": [{"id": 7, "name": "王秀", "phone": "0719-1234567"}]}
    new = {"ethnicity": "15", "phone": "13900002046", "is_orphan": False, "email": None, "guardians": [{"name": "李安", "phone": None}, {"id": 7, "name": "王秀", "phone": "13700000001"}]}
    assert students.compare(old, new) == [
        {"item": "民族", "old": "汉族", "new": "土家族"},
        {"item": "联系电话", "old": Secret("联系电话", "13800002046"), "new": Secret("联系电话", "13900002046")},
        {"item": "是否孤儿", "old": "", "new": "否"},
        {"item": "成员1联系电话", "old": Secret("成员1联系电话", "0719-1234567"), "new": Secret("成员1联系电话", "13700000001")},
        {"item": "成员2姓名", "old": "", "new": "李安"},
    ]
    assert students.compare(old, {"ethnicity": "01", "guardians": old["guardians"]}) == []


def test_each_old_and_new_value_stands_in_the_trace_numbers_masked(edit, pupil):
    before = records.load(db.session, pupil)["phone"]
    edit(current_address="湖北省十堰市竹山县城关镇滨河路18号", phone="13812345678", talent=None)
    facts = last("student.edited")["changes"]
    assert facts["现住址"][1] == "湖北省十堰市竹山县城关镇滨河路18号"
    assert [value["masked"] for value in facts["联系电话"]] == [f"{before[:3]}****{before[-4:]}", "138****5678"]
    assert "13812345678" not in json.dumps(facts)
    assert db.session.scalars(select(SealedValue.label)).all() == ["联系电话", "联系电话"]
    row = db.session.get(Student, pupil)
    assert (records.open_student(row)["phone"], row.talent, row.version) == ("13812345678", "", 2)


def test_key_items_and_given_numbers_do_not_change_here(edit, pupil):
    with pytest.raises(Refusal, match="没有改动"):
        edit(name="庹改名", birth_date=None, id_doc_no="420323201803210011", national_no="G420323201803210011", sex="2", student_kind="借读生")
    assert db.session.get(Student, pupil).name == "庹思远"


def test_whoever_opened_it_earlier_reads_who_saved_and_when(edit, pupil):
    edit(email="a@example.com")
    with pytest.raises(MovedOn, match="庹明慧在 2026年9月11日 15:20 保存了修改"):
        edit(version=1, email="b@example.com")
    db.session.rollback()
    assert db.session.get(Student, pupil).email == "a@example.com"


def test_a_guardian_is_changed_another_comes_a_third_goes_and_is_kept(edit, pupil):
    father, mother = family(pupil)[:2]
    gone = [one["id"] for one in family(pupil)[1:]]
    aunt = dict(father) | {"id": None, "name": "何桂香", "relation": "97", "relation_note": "姑母", "phone": "13900001111", "id_doc_no": None, "id_doc_type": None}
    edit(guardians=[aunt, father | {"employer": "竹山县自来水公司", "job_title": None}])
    assert [(one["name"], one["position"], one["employer"], one["job_title"]) for one in family(pupil)] == [
        ("何桂香", 1, aunt["employer"], aunt["job_title"]), (father["name"], 2, "竹山县自来水公司", ""),
    ]
    assert db.session.scalars(select(Guardian.name).where(Guardian.id.in_(gone), Guardian.state == "removed")).first() == mother["name"]
    assert last("student.edited")["changes"]["成员2姓名"] == [mother["name"], ""]


def test_a_family_without_guardian_or_mobile_is_refused_beside_its_field(edit, pupil):
    father = family(pupil)[0]
    assert set(wrong(edit, guardians=[])) == {"member1_is_guardian"}
    assert set(wrong(edit, guardians=[father | {"phone": "0719-1234567"}])) == {"member1_phone"}


def test_a_guardian_of_another_pupil_cannot_be_taken_over(edit, county, registrar):
    stranger = records.load(db.session, county.pupil("suspended"))["guardians"][0]
    with pytest.raises(MovedOn):
        edit(guardians=[stranger])


def test_one_seat_has_one_pupil(edit, county, registrar, today, now):
    edit(class_no="7")
    other = students.opened(registrar, county.pupil("twin.2"))
    told = wrong(students.edit, other["id"], other | {"class_no": "7"}, actor=registrar, version=other["version"], today=today, now=now)
    assert told == {"class_no": "班内学号“7”已经是本班庹思远的，请换一个"}


def test_only_the_schools_registrar_edits_and_only_who_is_here(edit, county, registrar, today, now):
    for account in ("head.a1", "teacher.a1", "officer.a"):
        with pytest.raises(NotAllowed):
            edit(actor=county.actor(account), email="a@example.com")
    with pytest.raises(NotFound):
        edit(actor=county.actor("registrar.b1"), email="a@example.com")
    gone = students.opened(registrar, county.pupil("left"))
    with pytest.raises(Refusal, match="已经不在本校"):
        students.edit(gone["id"], gone | {"email": "a@example.com"}, actor=registrar, version=gone["version"], today=today, now=now)


def test_a_full_number_costs_a_reason_and_leaves_one_row_each(registrar, county, pupil):
    record = records.load(db.session, pupil)
    father = record["guardians"][0]
    assert students.reveal(pupil, "id_doc_no", " 核对户口簿 ", actor=registrar) == ("身份证件号", record["id_doc_no"])
    assert last("student.revealed") == {"what": "身份证件号", "reason": "核对户口簿"}
    assert students.reveal(pupil, f"{father['id']}.phone", "联系家长", actor=registrar) == (f"{father['name']}的联系电话", father["phone"])
    assert wrong(students.reveal, pupil, "id_doc_no", "  ", actor=registrar) == {"reason": "请写明查看完整号码的原因，如“核对户口簿”。"}
    assert set(wrong(students.reveal, pupil, "name", "看看", actor=registrar)) == {"what"}
    with pytest.raises(NotAllowed):
        students.reveal(county.pupil("reading.shan"), "id_doc_no", "看看", actor=county.actor("teacher.a1"))
    for stranger in (county.actor("registrar.b1"), county.actor("officer.b")):
        with pytest.raises(NotFound):
            students.reveal(pupil, "id_doc_no", "看看", actor=stranger)
    assert len(db.session.scalars(select(Event.id).where(Event.name == "student.revealed")).all()) == 2


# ---------------------------------------------------------------- photos

def picture(width=300, height=400, kind="JPEG", **extra):
    noise = Image.effect_noise((width, height), 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, kind, **extra)
    return out.getvalue()


POLICY = make_policy("national2025", {}, 1)


@pytest.mark.parametrize("data", [picture(), picture(150, 200, "PNG"), picture(150, 200)])
def test_a_photo_is_drawn_anew_without_what_it_carried(data):
    exif = Image.Exif()
    exif[0x010E] = "拍摄地点"
    drawn = Image.open(io.BytesIO(photos.redrawn(data, POLICY)))
    told = Image.open(io.BytesIO(photos.redrawn(picture(exif=exif, comment=b"secret"), POLICY)))
    assert (drawn.format, drawn.mode) == ("JPEG", "RGB")
    assert (dict(told.getexif()), told.info.get("comment")) == ({}, None)


def bomb():
    """A PNG of a few hundred bytes that declares 30,000 × 40,000 pixels."""
    small = bytearray(picture(150, 200, "PNG"))
    small[16:24] = (30000).to_bytes(4, "big") + (40000).to_bytes(4, "big")
    import zlib

    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4, "big")
    return bytes(small)


@pytest.mark.parametrize(("data", "told"), [
    (b"", "请选择照片文件"), (b"\xff\xd8\xff" + b"0" * 100, "照片不能小于 2 KB"), (picture(3000, 4000, quality=95), "照片不能超过 200 KB，现在是"),
    (picture(100, 140), "照片至少 150×200 像素，现在是 100×140 像素"), (picture(400, 300), "照片宽与高之比应在 74% 到 83% 之间"),
    (b"%PDF-1.7 " + b"x" * 4000, "照片只收 JPEG 和 PNG 图片"), (b"MZ" * 50, "照片只收 JPEG 和 PNG 图片"), (b"GIF89a" + b"0" * 300_000, "照片只收 JPEG 和 PNG 图片"), (picture()[:4000], "照片打不开，可能已经损坏"), (bomb(), "照片"), (picture(kind="GIF"), "照片只收 JPEG 和 PNG 图片"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'>" + b" " * 4000, "照片只收 JPEG 和 PNG 图片"),
])
def test_whatever_is_no_such_photo_is_told_why(data, told):
    with pytest.raises(Refusal, match="照片") as refused:
        photos.redrawn(data, POLICY)
    assert (refused.value.field, told in str(refused.value)) == ("photo", True)


def test_a_photo_lies_sealed_on_the_disk_and_only_the_last_counts(app, registrar, county, pupil, today, now):
    for width in (300, 310):
        photos.put(pupil, picture(width, 400), "1.jpg", actor=registrar, today=today, now=now)
    db.session.rollback()
    kept = db.session.scalars(select(File).order_by(File.id)).all()
    drawn = photos.of_student(county.actor("head.a1"), pupil)
    assert Image.open(io.BytesIO(drawn)).size == (310, 400)
    assert files.read(kept[1]) == drawn
    assert b"JFIF" not in (app.config["DATA_DIR"] / "files" / kept[1].path).read_bytes()
    assert last("student.photo") == {"size": len(drawn)}
    for stranger in ("registrar.b1", "officer.b", "auditor"):
        with pytest.raises(NotFound):
            photos.of_student(county.actor(stranger), pupil)


def test_a_file_of_an_act_that_came_to_nothing_is_gone(app, registrar, county, today, now):
    with pytest.raises(Refusal, match="已经不在本校"):
        photos.put(county.pupil("left"), picture(), "1.jpg", actor=registrar, today=today, now=now)
    assert [path for path in (app.config["DATA_DIR"] / "files").rglob("*") if path.is_file()] == []
