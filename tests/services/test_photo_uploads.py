"""批量上传照片: each file finds its pupil by its name, is judged like a photo alone and put by an act of its own; the others say why they were not."""

import io
import json
import logging
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.models import Event, File, Job, PhotoFile, PhotoUpload, SealedValue, Student
from app.services import jobs
from app.services.pupils import photo_uploads, photos, records
from app.services.transactions import writes
from tests.bureau import wrong
from tests.services.test_students import POLICY, picture
from tests.test_albums import packed


@pytest.fixture
def registrar(county):
    return county.actor("registrar.a1")


@pytest.fixture
def home(county):
    """The class of the twins."""
    return county.class_("a1", year=2)


@pytest.fixture
def hand_in(registrar, now):
    """Hand in and have the work done. Returns (id, [(name, state, pupil, what was said)])."""
    def hand_in(files, class_id=None, actor=registrar):
        upload = photo_uploads.upload([("照片.zip", packed(files))] if isinstance(files, list) else files, class_id, actor=actor, now=now)
        while jobs.run_next(now):
            pass
        return upload, told(upload)

    return hand_in


def told(upload):
    db.session.rollback()
    return db.session.execute(
        select(PhotoFile.name, PhotoFile.state, PhotoFile.student_id, PhotoFile.sentence).where(PhotoFile.upload_id == upload).order_by(PhotoFile.place)
    ).all()


def pupils(class_id):
    return db.session.scalars(select(Student).where(Student.class_id == class_id, Student.lifecycle == "live").order_by(Student.id)).all()


def number(pupil, name="id_doc_no"):
    return records.load(db.session, pupil)[name]


def events(name):
    db.session.rollback()
    return [json.loads(facts) for facts in db.session.scalars(select(Event.facts).where(Event.name == name).order_by(Event.seq))]


def test_by_id_number_record_number_seat_and_name(app, hand_in, county, home, registrar):
    twin, other = county.pupil("twin.1"), county.pupil("twin.2")
    third = next(one for one in pupils(home) if one.id not in (twin, other))
    _seat(other, "07")
    shots = [picture(300 + step, 400) for step in range(4)]
    upload, rows = hand_in([(f"二年级/{number(twin)}.jpg", shots[0]), ("7.PNG", picture(150, 200, "PNG")), (f"{third.name}.jpeg", shots[2])], home)
    assert [row[1:] for row in rows] == [("put", twin, ""), ("put", other, ""), ("put", third.id, "")]
    assert rows[0].name == f"{number(twin)[:4]}**********▪▪▪▪.jpg"
    _, rows = hand_in([(f"{number(twin, 'national_no').lower()}.jpg", shots[3])])
    assert rows == [(f"{number(twin, 'national_no')[0].lower()}{number(twin, 'national_no')[1:4]}***********▪▪▪▪.jpg", "put", twin, "")]
    assert photos.of_student(registrar, twin) == photos.redrawn(shots[3], POLICY)
    assert len(events("student.photo")) == 4
    assert events("photos.uploaded") == [{"filename": "照片.zip", "count": 3, "class": "二年级1班"}, {"filename": "照片.zip", "count": 1, "class": "全校"}]
    one = db.session.get(PhotoUpload, upload)
    assert (one.state, one.files, one.put, one.same, one.bad, one.file_id) == ("done", 3, 3, 0, 0, None)
    assert db.session.get(Job, one.job_id).message == "共 3 个文件：换上 3 张，与原照片相同 0 张，没有换 0 个。"
    assert set(db.session.scalars(select(File.kind))) == {"photo"}  # the archives are gone, from the table and from the disk
    assert len([path for path in (app.config["DATA_DIR"] / "files").rglob("*") if path.is_file()]) == 4


@writes(traced=False)
def _seat(s, pupil, class_no):
    s.execute(update(Student).where(Student.id == pupil).values(class_no=class_no))


def test_the_same_photo_again_is_no_second_change(hand_in, county):
    shot, name = picture(), f"{number(county.pupil('twin.1'))}.jpg"
    assert [hand_in([(name, shot)])[1][0].state for _ in range(2)] == ["put", "same"]
    assert len(events("student.photo")) == 1
    assert hand_in([(name, picture())])[1][0].state == "put"


def test_every_file_that_is_not_put_says_why_and_nothing_of_other_schools(hand_in, county, home):
    twin, stranger = county.pupil("twin.1"), county.pupil("twin.2")
    elsewhere = db.session.scalars(select(Student.id).where(Student.school_id == county.body("a2"), Student.lifecycle == "live").order_by(Student.id)).first()
    left = county.pupil("left")
    in_first = pupils(county.class_("a1"))[0]
    nobody = "本校没有这个号码的在籍学生。请核对文件名中的学籍号或身份证件号，改正后再传。"
    files = [
        (f"{number(elsewhere)}.jpg", picture()), (f"{number(left)}.jpg", picture()), ("420323201803210019.jpg", picture()), (f"{number(in_first.id)}.jpg", picture()),
        ("99.jpg", picture()), ("某人.jpg", picture()), (f"{number(twin)}.jpg", picture(100, 140)), (f"{number(stranger)}.jpg", b"%PDF-1.7 " + b"x" * 4000),
        ("内层.zip", packed([("1.jpg", b"1")])), ("名单.docm", b"PK"), ("大.jpg", b"\xff\xd8\xff" + b"0" * 300_000),
    ]
    _, rows = hand_in(files, home)
    assert [(row.state, row.sentence) for row in rows] == [("bad", sentence) for sentence in (
        nobody, nobody, nobody, f"{in_first.name}不在所选的班。请核对照片，或者选对班级（或全校）后再传。", "本班没有班内学号是 99 的学生。请核对文件名，改正后再传。",
        "文件名不是本班学生的学籍号、身份证件号、班内学号或姓名。请改文件名后再传。", "照片至少 150×200 像素，现在是 100×140 像素。请用更清晰的一张。",
        "照片只收 JPEG 和 PNG 图片，这个文件不是。请重新拍摄或用图片工具另存为 JPEG 后再传。",
        "压缩包里还有压缩包，里面的照片没有看。请把照片直接放进压缩包再传。", "只收 JPEG 和 PNG 照片，这个文件不是。请另存为 .jpg 再传。",
        "照片不能超过 200 KB，这个文件有 293 KB。请压缩后再传。",
    )]
    assert hand_in([("某人.jpg", picture())])[1][0].sentence == "文件名不是本校在籍学生的学籍号或身份证件号。请改文件名；用班内学号或姓名命名的，请按班上传。"
    assert events("student.photo") == []


def test_two_files_for_one_pupil_and_two_pupils_of_one_name(hand_in, county, home):
    twin = county.pupil("twin.1")
    name = db.session.get(Student, twin).name
    _, rows = hand_in([(f"{number(twin)}.jpg", picture()), (f"{name}.jpg", picture(310, 400)), (f"{name}.txt", b"x")], home)
    assert [row.sentence for row in rows] == [f"第 {place} 个文件也是{name}的照片，不知道用哪一张，都没有换。请只留一张再传。" for place in (2, 1)] + ["只收 JPEG 和 PNG 照片，这个文件不是。请另存为 .jpg 再传。"]
    _rename(county.pupil("twin.2"), name)
    _, rows = hand_in([(f"{name}.jpg", picture())], home)
    assert [row.sentence for row in rows] == ["本班有 2 名学生叫这个名字。请改用学籍号、身份证件号或班内学号作文件名。"]


@writes(traced=False)
def _rename(s, pupil, name):
    s.execute(update(Student).where(Student.id == pupil).values(name=name))


def test_no_number_leaves_the_name_of_its_file(app, hand_in, county, caplog, registrar):
    caplog.set_level(logging.DEBUG)
    whole = [number(county.pupil("twin.1")), number(county.pupil("twin.2"), "national_no"), "420323201803210019"]
    hand_in([(f"{one}.jpg", picture()) for one in whole])
    upload, rows = hand_in((("420323201803210011.zip", packed([(f"{whole[0]}.jpg", picture())])),))
    assert {row.state for row in rows} == {"put"}
    kept = json.dumps([list(map(str, row)) for table in (PhotoFile, PhotoUpload, Job, Event, File) for row in db.session.execute(select(*_told(table)))], ensure_ascii=False)
    name, book = photo_uploads.report(upload, actor=registrar)
    sheet = "".join(zipfile.ZipFile(io.BytesIO(book)).read(one).decode() for one in zipfile.ZipFile(io.BytesIO(book)).namelist())
    for one in (*whole, "420323201803210011"):
        assert one not in kept + caplog.text + name + sheet
    assert db.session.scalars(select(SealedValue.id)).all() == []


def _told(table):
    return [column for column in table.__table__.columns if column.name in ("name", "filename", "title", "message", "arguments", "facts", "sentence", "problem", "path")]


def test_whats_handed_in_is_judged_before_it_is_kept(app, registrar, county, now, home):
    def hand_in(*sent, class_id=None, actor=registrar):
        return wrong(photo_uploads.upload, list(sent), class_id, actor=actor, now=now)

    zipped = packed([("1.jpg", picture())])
    assert hand_in() == {"photo": "请选择照片，或者装有照片的 .zip 压缩包。"}
    assert hand_in(("1.zip", zipped), ("2.jpg", picture())) == {"photo": "压缩包请单独上传，不要和别的文件一起选。"}
    assert hand_in(("1.rar", b"Rar!\x1a\x07" + b"0" * 99))["photo"].startswith("这不是 .zip 压缩包。")
    assert hand_in(("1.zip", packed([("../1.jpg", b"1")])))["photo"].startswith("压缩包里有指向文件夹以外的路径")
    assert hand_in(("1.zip", zipped), class_id=county.class_("a2", stage="2")) == {"class_id": "请选择本校在用的班级，选过的班已不在列表中。"}
    for account in ("head.a1", "teacher.a1", "officer.a", "township.a.t1"):
        with pytest.raises(NotAllowed):
            photo_uploads.upload([("1.zip", zipped)], None, actor=county.actor(account), now=now)
    assert db.session.scalars(select(PhotoUpload.id)).all() == []
    assert [path for path in (app.config["DATA_DIR"] / "files").rglob("*") if path.is_file()] == []


def test_pictures_chosen_one_by_one(hand_in, county, home):
    twin, other = county.pupil("twin.1"), county.pupil("twin.2")
    upload, rows = hand_in(((f"{number(twin)}.jpg", picture()), (f"{number(other)}.jpg", picture())), home)
    assert [row.student_id for row in rows] == [twin, other]
    assert db.session.get(PhotoUpload, upload).filename == f"{number(twin)[:4]}**********▪▪▪▪.jpg 等 2 个文件"


def test_stopped_in_the_middle_what_was_put_stays_and_the_archive_is_forgotten(app, county, registrar, now, monkeypatch):
    twin, other = county.pupil("twin.1"), county.pupil("twin.2")
    upload = photo_uploads.upload([("1.zip", packed([(f"{number(one)}.jpg", picture()) for one in (twin, other)]))], None, actor=registrar, now=now)
    job = db.session.get(PhotoUpload, upload).job_id
    drawn = photos.redrawn

    def stop_at_the_second(data, policy):
        if events("student.photo"):
            jobs.cancel(job, actor=registrar, now=now)
        return drawn(data, policy)

    monkeypatch.setattr(photos, "redrawn", stop_at_the_second)
    jobs.run_next(now)
    assert [row.state for row in told(upload)] == ["put", "waiting"]
    one = db.session.get(PhotoUpload, upload)
    assert (one.state, one.put, one.problem) == ("cancelled", 1, "已按要求停止。")
    photo_uploads.sweep(now=now)
    db.session.rollback()
    assert [row.kind for row in db.session.scalars(select(File))] == ["photo"]
    assert len([path for path in (app.config["DATA_DIR"] / "files").rglob("*") if path.is_file()]) == 1


def test_interrupted_it_goes_on_where_it_was(county, registrar, now, monkeypatch):
    twin, other = county.pupil("twin.1"), county.pupil("twin.2")
    upload = photo_uploads.upload([("1.zip", packed([(f"{number(one)}.jpg", picture()) for one in (twin, other)]))], None, actor=registrar, now=now)
    drawn = photos.redrawn

    class Died(BaseException):
        """The process is gone: nothing is caught, nothing told."""

    def die_at_the_second(data, policy):
        if events("student.photo"):
            raise Died
        return drawn(data, policy)

    monkeypatch.setattr(photos, "redrawn", die_at_the_second)
    with pytest.raises(Died):
        jobs.run_next(now)
    monkeypatch.setattr(photos, "redrawn", drawn)
    assert jobs.run_next(now + 2 * jobs.STALE)
    assert [row.state for row in told(upload)] == ["put", "put"]
    assert len(events("student.photo")) == 2


def test_after_a_week_nobody_reads_which_file_became_whose(hand_in, county, now):
    upload, _ = hand_in([(f"{number(county.pupil('twin.1'))}.jpg", picture())])
    photo_uploads.sweep(now=now + photo_uploads.KEPT)
    assert len(told(upload)) == 1
    photo_uploads.sweep(now=now + photo_uploads.KEPT + timedelta(minutes=1))
    assert (told(upload), db.session.get(PhotoUpload, upload).put) == ([], 1)


def test_the_report_is_the_schools_own(hand_in, county, registrar):
    upload, _ = hand_in([("1.jpg", picture())])
    photo_uploads.report(upload, actor=registrar)
    assert events("photos.downloaded") == [{"filename": "照片.zip"}]
    for account in ("registrar.a2", "registrar.b1", "head.a1", "auditor"):
        with pytest.raises(NotFound):
            photo_uploads.report(upload, actor=county.actor(account))
