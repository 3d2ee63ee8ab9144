"""照片: what comes in is judged by its content, drawn anew without metadata, and kept sealed. The pupil's last photo counts; earlier ones stay on file."""

from ... import pictures
from ...errors import NotFound, Refusal
from ...extensions import db
from ...identity import masks
from ...models import File, Student
from ...permissions import require, visible_students
from .. import files, trace
from ..administration import policies
from ..transactions import writes

MOST_PIXELS = 25_000_000  # beyond it nothing is unpacked: a small file can declare a picture of gigabytes
AGAIN = "请重新拍摄或用图片工具另存为 JPEG 后再传。"


def put(student_id, data, filename, *, actor, today, now, once=None):
    """Judge and keep a photo. Reading and drawing happen before the write lock is asked for."""
    require(actor, "student.write")
    student = db.session.execute(visible_students(actor).with_only_columns(Student.county_id).where(Student.id == student_id)).one_or_none()
    if student is None:
        raise NotFound
    policy = policies.policy_for(db.session, student.county_id, today)
    jpeg = redrawn(data, policy)
    with files.stored(jpeg, kind="photo", name=masks.within(filename), media_type="image/jpeg", county_id=student.county_id, actor=actor, now=now) as row:
        return hang(student_id, row, actor=actor, once=once)


@writes
def hang(s, student_id, row, *, actor):
    """A stored photo becomes the pupil's."""
    require(actor, "student.write")
    student = s.scalars(visible_students(actor).where(Student.id == student_id).with_for_update(of=Student)).one_or_none()
    if student is None:
        raise NotFound
    if student.lifecycle not in ("pending", "live"):
        raise Refusal("这名学生的学籍已经不在本校，照片不再更换。", field="photo")
    student.photo_id = files.add(s, row)
    trace.record(s, "student.photo", actor=actor, chain=student.county_id, subjects=[student_id], size=row["size"])
    return student_id


def of_student(person, student_id) -> bytes:
    row = db.session.execute(
        visible_students(person).with_only_columns(File.id, File.path).select_from(Student).join(File, File.id == Student.photo_id).where(Student.id == student_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return files.read(row)


def redrawn(data: bytes, policy) -> bytes:
    """A JPEG of the same picture and nothing else, within the county's bounds; a sentence for whatever else comes."""
    if not data:
        raise Refusal("请选择照片文件。", field="photo")
    if not data.startswith(pictures.STARTS):
        raise Refusal(f"照片{pictures.OTHER}。{AGAIN}", field="photo")
    if len(data) > policy.photo_most_kb * 1024:
        raise Refusal(f"照片不能超过 {policy.photo_most_kb} KB，现在是 {len(data) // 1024 + 1} KB，请压缩后再传。", field="photo")
    if len(data) < policy.photo_least_kb * 1024:
        raise Refusal(f"照片不能小于 {policy.photo_least_kb} KB，现在是 {len(data)} 字节，看不清人像。请换一张。", field="photo")
    try:
        width, height, jpeg = pictures.ask("portrait", data, pixels=MOST_PIXELS, most=policy.photo_most_kb * 1024)
    except pictures.BadPicture as bad:
        raise Refusal(f"照片{bad.sentence.removeprefix('图片')}。{AGAIN}", field="photo") from None
    _check_measures(width, height, policy)
    return jpeg


def _check_measures(width, height, policy):
    if width < policy.photo_least_width or height < policy.photo_least_height:
        raise Refusal(
            f"照片至少 {policy.photo_least_width}×{policy.photo_least_height} 像素，现在是 {width}×{height} 像素。请用更清晰的一张。", field="photo",
        )
    ratio = width * 100 / height
    if not policy.photo_ratio_least <= ratio <= policy.photo_ratio_most:
        raise Refusal(
            f"照片宽与高之比应在 {policy.photo_ratio_least}% 到 {policy.photo_ratio_most}% 之间（3∶4 为 75%），现在是 {width}×{height}，{ratio:.0f}%。请裁剪后再传。",
            field="photo",
        )
