"""An archive (zip) of photos, judged on its bytes before anything in it is unpacked.

    for photo in opened(data): photo.name, photo.size    # the directory alone; BadAlbum for what no camera and no clerk makes
    judge(photo, most)                                   # called a picture, and declared no larger
    with package(data) as unpacking: read(unpacking, photo)

Nothing is ever written under a name of the archive. Whether a file is a picture, its own content says later (app/pictures.py).
"""

import io
import struct
import unicodedata
import zipfile
import zlib
from typing import NamedTuple

MB = 1024 * 1024
MOST_BYTES = 60 * MB
MOST_FILES = 2000
MOST_UNPACKED = 400 * MB
RATIO = 20  # pictures are compressed already; what shrinks further than this is none
DIRECTORY = 2 * MB
END = b"PK\x05\x06"
ENDING = struct.Struct("<4s4H2LH")  # of the archive: signature, disks, entries, size and place of the directory, length of the comment
LEAST_ENDING, LONGEST_COMMENT = ENDING.size, 65_535
ZIP64 = 0xFFFF
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, NotImplementedError, ValueError, EOFError, OSError)
ARCHIVES = ("zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "iso", "cab")
PICTURES = ("jpg", "jpeg", "png")

AGAIN = "请把照片直接放进一个新的文件夹，用系统自带的“压缩”做成 .zip 后再传"


class BadAlbum(Exception):
    """`sentence` says what is wrong, `cure` what to do."""

    def __init__(self, sentence, cure):
        super().__init__(f"{sentence}。{cure}。")
        self.sentence = sentence
        self.cure = cure


class Photo(NamedTuple):
    """A file of the archive, as its directory describes it."""

    place: int  # among the files, from 1
    name: str  # without folders
    size: int  # declared; more than that is never unpacked
    entry: int  # in the directory

    @property
    def is_picture(self):
        """By what it is called."""
        return self.extension in PICTURES

    @property
    def stem(self):
        return self.name.rpartition(".")[0] or self.name

    @property
    def extension(self):
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""


def opened(data) -> list[Photo]:
    size_within(data)
    _judge_ending(data)
    with package(data) as unpacking:
        entries = unpacking.infolist()
    _judge_directory(entries, len(data))
    found = []
    for number, entry in enumerate(entries):
        parts = _parts(entry)
        if not entry.is_dir() and not _made_by_the_system(parts):
            found.append(Photo(len(found) + 1, parts[-1], entry.file_size, number))
    if not found:
        raise BadAlbum("压缩包里没有文件", "请把照片放进去，做成 .zip 后再传")
    return found


def package(data):
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE:
        raise BadAlbum("压缩包已损坏，打不开", AGAIN) from None


def judge(photo, most):
    """Refuse one file by what its entry says."""
    if photo.extension in ARCHIVES:
        raise BadAlbum("压缩包里还有压缩包，里面的照片没有看", "请把照片直接放进压缩包再传")
    if not photo.is_picture:
        raise BadAlbum("只收 JPEG 和 PNG 照片，这个文件不是", "请另存为 .jpg 再传")
    if photo.size > most:
        raise BadAlbum(f"照片不能超过 {most // 1024} KB，这个文件有 {photo.size // 1024 + 1} KB", "请压缩后再传")


def read(unpacking, photo) -> bytes:
    """The bytes of one file that was judged."""
    try:
        return unpacking.read(unpacking.infolist()[photo.entry])  # zipfile stops at the declared size, and finds the sum wrong where there was more
    except DAMAGE:
        raise BadAlbum("文件在压缩包里已经损坏", "请用原来的照片重新压缩后再传") from None


def packed(files) -> bytes:
    """Pictures that were chosen one by one, (name, bytes) each, as one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for number, (name, data) in enumerate(files, 1):
            package.writestr(f"{number}/{name.replace(chr(92), '/').rpartition('/')[2] or '照片'}", data)
    return out.getvalue()


def size_within(data):
    if len(data) > MOST_BYTES:
        raise BadAlbum(f"一共有 {len(data) / MB:.0f} MB，超过了 {MOST_BYTES // MB} MB 的上限", "请按年级或班级分几次上传")


def _judge_ending(data):
    """How many entries there are and how long their directory is, before a library makes an object of each."""
    at = data.rfind(END, max(0, len(data) - LEAST_ENDING - LONGEST_COMMENT))
    if not data.startswith(b"PK") or at < 0 or len(data) - at < LEAST_ENDING:
        raise BadAlbum("这不是 .zip 压缩包", f"只收 .zip，以及 JPEG、PNG 照片；{AGAIN}")
    _, disk, _, here, entries, length, _, _ = ENDING.unpack_from(data, at)
    if disk or here != entries or ZIP64 in (entries, here) or length == 0xFFFFFFFF:
        raise BadAlbum("压缩包是分卷的，或者大得不像一批照片", AGAIN)
    if entries > MOST_FILES or length > DIRECTORY:
        raise BadAlbum(f"压缩包里有 {entries:,} 个文件，超过了 {MOST_FILES:,} 个的上限", "请按年级或班级分几次上传")


def _judge_directory(entries, packed_size):
    if len(entries) > MOST_FILES:
        raise BadAlbum(f"压缩包里有 {len(entries):,} 个文件，超过了 {MOST_FILES:,} 个的上限", "请按年级或班级分几次上传")
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadAlbum("压缩包设了密码，读不出照片", "请做成不设密码的 .zip 后再传")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise BadAlbum("压缩包用了不常见的压缩方式", AGAIN)
    declared = sum(entry.file_size for entry in entries)
    if declared > MOST_UNPACKED:
        raise BadAlbum(f"压缩包展开后有 {declared / MB:,.0f} MB，超过了 {MOST_UNPACKED // MB} MB 的上限", "请压缩照片，或者分几次上传")
    if declared > RATIO * packed_size + MB or any(entry.file_size > MB and entry.file_size > RATIO * max(1, entry.compress_size) for entry in entries):
        raise BadAlbum(f"压缩包里有压缩了 {RATIO} 倍以上的文件，不像照片", AGAIN)
    if any(entry.external_attr >> 16 & 0o170000 == 0o120000 for entry in entries):
        raise BadAlbum("压缩包里有指向别处的链接", AGAIN)
    if any(_leads_outside(entry) for entry in entries):
        raise BadAlbum("压缩包里有指向文件夹以外的路径，不是平常的压缩包", AGAIN)


def _leads_outside(entry):
    path = _path(entry)
    return path.startswith("/") or path[1:2] == ":" or ".." in path.split("/") or "\x00" in entry.orig_filename


def _parts(entry):
    return [part for part in _path(entry).split("/") if part] or ["?"]


def _path(entry):
    """The name as it was meant: UTF-8 where it says so or is so, else the GBK of Chinese Windows, which zipfile takes for cp437."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def _made_by_the_system(parts):
    return "__MACOSX" in parts or parts[-1].startswith(("._", ".DS_Store")) or parts[-1].lower() in ("thumbs.db", "desktop.ini")
