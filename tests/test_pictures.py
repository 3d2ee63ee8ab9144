"""What people hand in is decoded in a child process that has its bounds."""

import io
import os

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app import pictures


def picture(kind="JPEG", size=(300, 400), **how):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **how)
    return out.getvalue()


def test_a_picture_comes_back_as_a_picture():
    width, height, data = pictures.ask("redraw", picture(), title="JPEG", pixels=10**6)
    assert (width, height, Image.open(io.BytesIO(data)).size) == (300, 400, (300, 400))


@pytest.mark.parametrize(("kind", "extra"), [("JPEG", {"comment": b"taken at home"}), ("PNG", {"pnginfo": "text"})])
def test_nothing_but_the_picture_is_kept(kind, extra):
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    if "pnginfo" in extra:
        extra = {"pnginfo": PngInfo()}
        extra["pnginfo"].add_text("Comment", "taken at home")
    told = Image.open(io.BytesIO(pictures.ask("redraw", picture(kind, exif=exif, icc_profile=b"a profile " * 20, **extra), title=kind, pixels=10**6).data)).info
    assert set(told) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_it_lies_down_as_it_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert pictures.ask("redraw", picture(exif=exif), title="JPEG", pixels=10**6)[:2] == (400, 300)


@pytest.mark.parametrize(("task", "data", "asked", "said"), [
    ("redraw", b"GIF89a", {"title": "JPEG", "pixels": 10**6}, pictures.OTHER), ("redraw", picture()[:200], {"title": "JPEG", "pixels": 10**6}, pictures.BROKEN),
    ("preview", picture(), {"pixels": 1000}, "图片有 300×400 像素，太大了"), ("pages", b"%PDF-1.7 nothing", {}, pictures.NO_PDF),
])
def test_what_cannot_be_decoded_is_a_sentence(task, data, asked, said):
    with pytest.raises(pictures.BadPicture) as refused:
        pictures.ask(task, data, **asked)
    assert refused.value.sentence == said


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(pictures, "SECONDS", 0.01)
    with pytest.raises(pictures.BadPicture, match=pictures.BROKEN):
        pictures.ask("redraw", picture(size=(5000, 5000)), title="PNG", pixels=10**8)


@pytest.mark.skipif(os.name == "nt", reason="no limit of memory on Windows")
def test_a_child_that_wants_too_much_memory_is_told_as_broken():
    grey = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(grey, "PNG")
    with pytest.raises(pictures.BadPicture, match=pictures.BROKEN):
        pictures.ask("preview", grey.getvalue(), pixels=10**10)


def test_a_child_inherits_no_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("SESSION_SECRET", "s")
    seen = {}

    class Watched(pictures.subprocess.Popen):
        def __init__(self, *args, env, **rest):
            seen.update(env)
            super().__init__(*args, env=env, **rest)

    monkeypatch.setattr(pictures.subprocess, "Popen", Watched)
    pictures.ask("redraw", picture(), title="JPEG", pixels=10**6)
    assert seen == {}
