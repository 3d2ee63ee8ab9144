"""Photos of a class or a school handed in at once (批量上传照片): each file finds its pupil by its name, is judged like a photo handed in alone, and is put
by an act of its own. The work is a job; a file that is not put says why.

A file is named by 学籍号 or ID number (data item 13), within a chosen class also by 班内学号 or by a name that one pupil alone has there. Only the pupils of the
own school are looked at, so nothing is told of others. No number leaves the name of its file: what is kept and shown is masked (DECIDED 21).
"""

import hashlib
from collections import Counter
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ... import albums, sealing
from ...errors import NotFound, Refusal
from ...extensions import db, insert_many
from ...identity import masks, names, student_numbers
from ...identity.width import no_blanks
from ...models import Body, Class, File, Grade, PhotoFile, PhotoUpload, Student, new_id
from ...permissions import require, visible_classes, visible_photo_uploads, visible_students
from ...spreadsheets import writer
from .. import files, jobs, trace
from ..administration import policies
from ..transactions import writes
from . import listing, photos

KEPT = timedelta(days=7)
STATES = {"working": ("正在处理", "run"), "done": ("已处理", "done"), "cancelled": ("已停止", ""), "failed": ("没有办成", "bad")}
OUTCOMES = {"put": "已换上", "same": "与原照片相同，没有变动", "bad": "没有换", "waiting": "没有处理"}
TITLES = ("序号", "文件", "结果", "学生", "班级", "班内学号", "原因和办法")


# ---------------------------------------------------------------- handed in

def upload(sent, class_id, *, actor, now, once=None):
    """`sent` is [(name, bytes)]: one zip, or pictures. Keeps them and puts the work into the queue. Returns the upload's id."""
    require(actor, "photo.write")
    if not sent:
        raise Refusal("请选择照片，或者装有照片的 .zip 压缩包。", field="photo")
    archives = [name for name, data in sent if name.rpartition(".")[2].lower() in albums.ARCHIVES or data.startswith(b"PK\x03\x04")]
    if archives and len(sent) > 1:
        raise Refusal("压缩包请单独上传，不要和别的文件一起选。", field="photo")
    try:
        data = sent[0][1] if archives else albums.packed(sent)
        found = albums.opened(data)
    except albums.BadAlbum as bad:
        raise Refusal(str(bad), field="photo") from None
    title = masks.within(sent[0][0].replace("\\", "/").rpartition("/")[2])[-100:] + (f" 等 {len(sent)} 个文件" if len(sent) > 1 else "")
    with files.stored(data, kind="album", name=title, media_type="application/zip", county_id=actor.county_id, actor=actor, now=now) as row:
        return _take_in(row, found, class_id, actor=actor, now=now, once=once)


@writes
def _take_in(s, row, found, class_id, *, actor, now):
    school = s.execute(select(Body.id, Body.county_id).where(Body.id == actor.school_id, Body.state == "open")).one_or_none()
    if school is None:
        raise NotFound
    where = "全校"
    if class_id is not None:
        place = s.execute(
            visible_classes(actor).join(Grade, Grade.id == Class.grade_id).where(Class.id == class_id, Class.state == "open").with_only_columns(*listing.PLACE)
        ).one_or_none()
        if place is None:
            raise Refusal("请选择本校在用的班级，选过的班已不在列表中。", field="class_id")
        where = listing.class_of(place)
    one = PhotoUpload(
        county_id=school.county_id, school_id=school.id, class_id=class_id, state="working", file_id=files.add(s, row), filename=row["name"], files=len(found),
        uploaded_by_id=actor.account_id, uploaded_by_name=actor.name, uploaded_at=now,
    )
    s.add(one)
    s.flush()
    insert_many(s, PhotoFile, [
        {"id": new_id(), "upload_id": one.id, "place": photo.place, "name": masks.within(photo.name)[-100:], "state": "waiting", "student_id": None, "sentence": ""}
        for photo in found
    ])
    one.job_id = jobs.start(s, "photos.put", one.id, actor=actor, title=f"换照片 {one.filename}"[:120], now=now, total=len(found))
    trace.record(s, "photos.uploaded", actor=actor, chain=one.county_id, filename=one.filename, count=len(found), **{"class": where})
    return one.id


# ---------------------------------------------------------------- the work

def put(job):
    """One file after another, each an act of its own: taken up again after an interruption, it goes on where it was."""
    with Session(db.engine, autoflush=False) as s:
        one = s.execute(select(PhotoUpload).where(PhotoUpload.id == job.subject_id)).scalar_one()
        if one.state != "working" or one.file_id is None:
            return "这批照片已经处理过。"
        today = job.now().date()
        actor = jobs.person(s, job.owner_id, job.post_id, today=today, address=job.arguments.get("address", ""))
        policy = policies.policy_for(s, one.county_id, today)
        data = files.read(s.execute(select(File.id, File.path).where(File.id == one.file_id)).one())
        waiting = {place: row for row, place in s.execute(select(PhotoFile.id, PhotoFile.place).where(PhotoFile.upload_id == one.id, PhotoFile.state == "waiting"))}
        register = Register(s, actor, one.class_id)
    album = albums.opened(data)
    meant = Meant(album, register)
    with albums.package(data) as unpacking:
        for photo in album:
            if photo.place in waiting:
                _put_one(job, waiting[photo.place], photo, unpacking, meant, actor=actor, policy=policy, total=len(album))
    path, counts = _finish(job, one.id)
    files.remove(path)
    return f"共 {len(album):,} 个文件：换上 {counts['put']:,} 张，与原照片相同 {counts['same']:,} 张，没有换 {counts['bad']:,} 个。"


def _put_one(job, row_id, photo, unpacking, meant, *, actor, policy, total):
    progress = (job, row_id, photo.place, total)
    try:
        albums.judge(photo, policy.photo_most_kb * 1024)
        pupil = meant.of(photo)
        jpeg = photos.redrawn(albums.read(unpacking, photo), policy)
        if pupil.sha256 is not None and hashlib.sha256(jpeg).digest() == bytes(pupil.sha256):
            _said(*progress, "same", student_id=pupil.id)
            return
        with files.stored(jpeg, kind="photo", name="照片.jpg", media_type="image/jpeg", county_id=pupil.county_id, actor=actor, now=job.now()) as row:
            _hang(*progress, pupil.id, row, actor=actor)
    except (Refusal, albums.BadAlbum) as wrong:
        _said(*progress, "bad", str(wrong))


@writes
def _hang(s, job, row_id, done, total, student_id, row, *, actor):
    job.keep(s, done, total)
    photos.hang.inside(s, student_id, row, actor=actor)
    s.execute(update(PhotoFile).where(PhotoFile.id == row_id).values(state="put", student_id=student_id))


@writes(traced=False)
def _said(s, job, row_id, done, total, state, sentence="", student_id=None):
    job.keep(s, done, total)
    s.execute(update(PhotoFile).where(PhotoFile.id == row_id).values(state=state, sentence=sentence, student_id=student_id))


@writes(traced=False)
def _finish(s, job, upload_id):
    """The pictures as they came, with whatever else was in them, are not kept. Returns (path to remove, how many of each outcome)."""
    one = s.get_one(PhotoUpload, upload_id, with_for_update=True)
    job.keep(s, one.files, one.files)
    one.state = "done"
    counts = _count(s, one)
    return _forget_album(s, one), counts


def put_ended(s, upload_id, state, message):
    """Stopped or failed: what was put stays; the daily tick forgets the archive."""
    one = s.get_one(PhotoUpload, upload_id, with_for_update=True)
    one.state, one.problem = state, message
    _count(s, one)


def _count(s, one):
    counts = Counter(dict(s.execute(select(PhotoFile.state, func.count()).where(PhotoFile.upload_id == one.id).group_by(PhotoFile.state)).all()))
    one.put, one.same, one.bad = counts["put"], counts["same"], counts["bad"]
    return counts


def _forget_album(s, one):
    file_id, one.file_id = one.file_id, None
    s.flush()
    path = s.execute(select(File.path).where(File.id == file_id)).scalar_one()
    s.execute(delete(File).where(File.id == file_id))
    return path


# ---------------------------------------------------------------- whose photo it is

class Register:
    """The pupils of the school who are here, by what a file may be called."""

    def __init__(self, s, actor, class_id):
        rows = s.execute(
            visible_students(actor).with_only_columns(
                Student.id, Student.county_id, Student.name, Student.class_id, Student.class_no, Student.id_doc_no_index, Student.national_no_index, File.sha256)
            .select_from(Student).outerjoin(File, File.id == Student.photo_id).where(Student.school_id == actor.school_id, Student.lifecycle.in_(listing.HERE))
        ).all()
        self.class_id = class_id
        self.by_number = {bytes(index): row for row in rows for index in (row.id_doc_no_index, row.national_no_index) if index}
        self.by_seat, self.by_name = {}, {}
        for row in rows:
            if class_id is not None and row.class_id == class_id:
                self.by_name.setdefault(names.clean(row.name), []).append(row)
                if row.class_no:
                    self.by_seat[row.class_no.lstrip("0")] = row

    def find(self, stem):
        """The pupil that a file of this name shows; a sentence for what names nobody."""
        word = no_blanks(stem).upper()
        pupil = next((self.by_number[index] for kind in ("national_no", "id_doc") if (index := sealing.blind_index(kind, word)) in self.by_number), None)
        if pupil is not None:
            if self.class_id is not None and pupil.class_id != self.class_id:
                raise Refusal(f"{pupil.name}不在所选的班。请核对照片，或者选对班级（或全校）后再传。")
            return pupil
        if student_numbers.NATIONAL_NO.fullmatch(word) or (len(word) >= 15 and word[:-1].isdecimal()):
            raise Refusal("本校没有这个号码的在籍学生。请核对文件名中的学籍号或身份证件号，改正后再传。")
        if self.class_id is None:
            raise Refusal("文件名不是本校在籍学生的学籍号或身份证件号。请改文件名；用班内学号或姓名命名的，请按班上传。")
        if word.isdecimal() and (seat := word.lstrip("0")):
            if seat in self.by_seat:
                return self.by_seat[seat]
            raise Refusal(f"本班没有班内学号是 {masks.within(word)} 的学生。请核对文件名，改正后再传。")
        namesakes = self.by_name.get(names.clean(stem), [])
        if len(namesakes) == 1:
            return namesakes[0]
        if namesakes:
            raise Refusal(f"本班有 {len(namesakes)} 名学生叫这个名字。请改用学籍号、身份证件号或班内学号作文件名。")
        raise Refusal("文件名不是本班学生的学籍号、身份证件号、班内学号或姓名。请改文件名后再传。")


class Meant:
    """Which pupil each file of an album means. Two files for one pupil mean nobody: which of them is right the clerk has to say."""

    def __init__(self, album, register):
        self.found = {}
        for photo in album:
            if not photo.is_picture:
                continue
            try:
                self.found[photo.place] = register.find(photo.stem)
            except Refusal as wrong:
                self.found[photo.place] = wrong
        self.places = {}
        for place, one in self.found.items():
            if not isinstance(one, Refusal):
                self.places.setdefault(one.id, []).append(place)

    def of(self, photo):
        one = self.found[photo.place]
        if isinstance(one, Refusal):
            raise one
        others = [place for place in self.places[one.id] if place != photo.place]
        if others:
            raise Refusal(f"第 {'、'.join(map(str, others))} 个文件也是{one.name}的照片，不知道用哪一张，都没有换。请只留一张再传。")
        return one


# ---------------------------------------------------------------- looked at

ROW = (PhotoFile.place, PhotoFile.name, PhotoFile.state, PhotoFile.sentence, PhotoFile.student_id, Student.name.label("pupil"), Student.class_no, *listing.PLACE)


def results(person, upload_id, states, *, after=0, limit=None):
    """What became of the files of an upload, in the order of the archive; the caller has found the upload."""
    pupil = (Student.id == PhotoFile.student_id) & (Student.school_id == person.school_id)
    query = (
        select(*ROW).select_from(PhotoFile).outerjoin(Student, pupil).outerjoin(Grade, Grade.id == Student.grade_id).outerjoin(Class, Class.id == Student.class_id)
        .where(PhotoFile.upload_id == upload_id, PhotoFile.state.in_(states), PhotoFile.place > after).order_by(PhotoFile.place).limit(limit)
    )
    return db.session.execute(query).all()


def report(upload_id, *, actor):
    """(name, workbook): every file with its pupil, or why it was not put. Whoever takes it stands in the trace first (DECIDED 13)."""
    title = _downloaded(upload_id, actor=actor)
    rows = results(actor, upload_id, tuple(OUTCOMES))
    lines = [
        [row.place, row.name, OUTCOMES[row.state], row.pupil or "", listing.class_of(row) if row.pupil else "", row.class_no or "", row.sentence] for row in rows
    ]
    return f"照片处理结果 {title}.xlsx", writer.table(TITLES, lines, "照片处理结果")


@writes
def _downloaded(s, upload_id, *, actor):
    one = s.execute(visible_photo_uploads(actor).with_only_columns(PhotoUpload.filename, PhotoUpload.county_id).where(PhotoUpload.id == upload_id)).one_or_none()
    if one is None:
        raise NotFound
    trace.record(s, "photos.downloaded", actor=actor, chain=one.county_id, filename=one.filename)
    return one.filename.rpartition(".")[0] or one.filename


# ---------------------------------------------------------------- forgotten

def sweep(*, now):
    """For the daily tick: archives of work that came to nothing, and after a week which file became whose."""
    for path in _sweep(now=now):
        files.remove(path)


@writes(traced=False)
def _sweep(s, *, now):
    left = s.scalars(select(PhotoUpload).where(PhotoUpload.file_id.is_not(None), PhotoUpload.state != "working").order_by(PhotoUpload.id).limit(200)).all()
    paths = [_forget_album(s, one) for one in left]
    old = select(PhotoUpload.id).where(PhotoUpload.uploaded_at < now - KEPT, PhotoUpload.state != "working")
    s.execute(delete(PhotoFile).where(PhotoFile.upload_id.in_(old)))
    return paths
