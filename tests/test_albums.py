"""An archive of photos is judged by its directory; what no camera and no clerk makes is refused before anything is unpacked."""

import io
import struct
import zipfile

import pytest

from app import albums


def packed(files, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, data in files:
            package.writestr(name, data)
    return out.getvalue()


def changed(data, old, new):
    assert old in data
    return data.replace(old, new)


def linked():
    entry = zipfile.ZipInfo("1.jpg")
    entry.external_attr = 0o120777 << 16
    return packed([(entry, "/etc/passwd")])


def ending(**told):
    """An archive whose ending claims otherwise."""
    data = bytearray(packed([("1.jpg", b"x")]))
    fields = list(albums.ENDING.unpack(data[-22:]))
    for name, value in told.items():
        fields[{"disk": 1, "here": 3, "entries": 4, "length": 5}[name]] = value
    return bytes(data[:-22] + albums.ENDING.pack(*fields))


def declaring(size):
    """A member of 5,000 bytes that claims to have another size."""
    return changed(packed([("1.jpg", b"0" * 5000)]), struct.pack("<L", 5000), struct.pack("<L", size))


def gbk(name, data):
    """As the archiver of Chinese Windows writes a name: GBK, no flag."""
    raw = packed([("a" * len(name.encode("gb18030")), data)])
    return raw.replace(b"a" * len(name.encode("gb18030")), name.encode("gb18030"))


def test_the_files_in_order_without_folders_and_without_what_systems_leave_behind():
    data = packed([("三年级1班/", b""), ("三年级1班/23.jpg", b"abc"), ("__MACOSX/三年级1班/._23.jpg", b""), ("三年级1班\\王明.PNG", b"d"), (".DS_Store", b""), ("Thumbs.db", b"")])
    found = albums.opened(data)
    assert [(one.place, one.name, one.stem, one.extension, one.size) for one in found] == [(1, "23.jpg", "23", "jpg", 3), (2, "王明.PNG", "王明", "png", 1)]
    with albums.package(data) as unpacking:
        assert [albums.read(unpacking, one) for one in found] == [b"abc", b"d"]


def test_names_are_read_as_chinese_windows_and_as_everybody_else_writes_them():
    assert [albums.opened(data)[0].name for data in (gbk("王明.jpg", b"1"), packed([("王明.jpg", b"1")]))] == ["王明.jpg"] * 2


def test_pictures_chosen_one_by_one_are_an_archive_too():
    data = albums.packed([("C:\\照片\\1.jpg", b"1"), ("../../2.jpg", b"22"), ("1.jpg", b"333")])
    assert [(one.name, one.size) for one in albums.opened(data)] == [("1.jpg", 1), ("2.jpg", 2), ("1.jpg", 3)]


def test_as_many_as_there_may_be():
    assert len(albums.opened(packed([(f"{number}.jpg", b"") for number in range(albums.MOST_FILES)]))) == albums.MOST_FILES


@pytest.mark.parametrize(("data", "told"), [
    (b"", "这不是 .zip 压缩包"), (b"Rar!\x1a\x07\x01\x00" + b"0" * 100, "这不是 .zip 压缩包"), (b"PK\x03\x04" + b"0" * 500, "这不是 .zip 压缩包"),
    (packed([("1.jpg", b"x" * 900)])[:-30], "这不是 .zip 压缩包"), (packed([]), "压缩包里没有文件"), (packed([("空/", b"")]), "压缩包里没有文件"),
    (packed([(f"{number}.jpg", b"") for number in range(albums.MOST_FILES + 1)]), "压缩包里有 2,001 个文件，超过了 2,000 个的上限"),
    (ending(entries=60_000, here=60_000), "压缩包里有 60,000 个文件"), (ending(length=500 * albums.MB), "个文件，超过了"), (ending(entries=0xFFFF, here=0xFFFF), "分卷的，或者大得不像"),
    (ending(disk=1), "分卷的"), (ending(length=10), "压缩包已损坏"),
    (declaring(40 * albums.MB), "压缩了 20 倍以上"), (declaring(500 * albums.MB), "压缩包展开后有 500 MB，超过了 400 MB"),
    (packed([(f"{number}.jpg", b"0" * 900_000) for number in range(20)]), "压缩了 20 倍以上"),
    (packed([("../1.jpg", b"1")]), "指向文件夹以外的路径"), (packed([("/etc/1.jpg", b"1")]), "指向文件夹以外的路径"), (packed([("C:\\1.jpg", b"1")]), "指向文件夹以外的路径"),
    (packed([("a\\..\\..\\1.jpg", b"1")]), "指向文件夹以外的路径"), (linked(), "指向别处的链接"), (packed([("1.jpg", b"1")], zipfile.ZIP_LZMA), "不常见的压缩方式"),
    (changed(packed([("1.jpg", b"1")]), b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"), "设了密码"),
], ids=lambda one: one if isinstance(one, str) else "")
def test_what_is_no_album_is_refused_with_a_cure(data, told):
    with pytest.raises(albums.BadAlbum) as bad:
        albums.opened(data)
    assert told in str(bad.value)
    assert str(bad.value) == f"{bad.value.sentence}。{bad.value.cure}。"


def test_too_many_bytes():
    with pytest.raises(albums.BadAlbum, match="一共有 61 MB，超过了 60 MB 的上限"):
        albums.opened(b"\0" * 61 * albums.MB)


@pytest.mark.parametrize(("name", "data", "told"), [
    ("里面.zip", packed([("里面.zip", b"PK")]), "压缩包里还有压缩包"), ("说明.docm", packed([("说明.docm", b"x")]), "只收 JPEG 和 PNG 照片"), ("无后缀", packed([("无后缀", b"x")]), "只收 JPEG 和 PNG 照片"),
    ("1.jpg", packed([("1.jpg", b"x" * 3000)]), "照片不能超过 2 KB，这个文件有 3 KB"), ("1.jpg", declaring(100), "已经损坏"),
])
def test_one_file_that_is_not_taken_leaves_the_others_alone(name, data, told):
    found = albums.opened(data)
    with albums.package(data) as unpacking, pytest.raises(albums.BadAlbum, match=told):
        albums.judge(found[0], 2048)
        albums.read(unpacking, found[0])
    assert found[0].name == name
