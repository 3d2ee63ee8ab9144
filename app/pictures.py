"""Pictures and PDF pages that people hand in, decoded in a child process that may not use more than its share (DECIDED 22).

    picture = ask("redraw", data, title="JPEG", pixels=40_000_000)     # Answer(width, height, data)

The file goes in and the picture comes out by pipe, so no readable copy touches the disk. The child is this very file, run alone: it imports nothing of
ours and inherits no secret. Raises `BadPicture` with a sentence, nothing else.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
import warnings
from typing import NamedTuple

SECONDS = 20
MEMORY = 1024 * 1024 * 1024
LARGEST = 64 * 1024 * 1024  # of an answer
PREVIEW = 1400  # pixels of the longer side
PAGES, PAGE_WIDTH, GAP = 8, 1000, 12  # of a PDF's preview
QUALITY = (92, 85, 75, 60)

BROKEN = "图片打不开，可能已经损坏，或者尺寸过大"
OTHER = "只收 JPEG 和 PNG 图片，这个文件不是"
STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
NO_PDF = "PDF 打不开，可能已经损坏或设了密码"


class BadPicture(Exception):
    """`sentence` says what is wrong, without what to do: that is the caller's."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


class Answer(NamedTuple):
    width: int
    height: int
    data: bytes


def ask(task, data, **asked) -> Answer:
    command = [sys.executable, "-I", __file__, task, json.dumps(asked)]
    keep = {key: os.environ[key] for key in ("SYSTEMROOT", "TEMP", "TMP") if key in os.environ}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=keep) as child:
        watch = threading.Timer(SECONDS, child.kill)
        watch.start()
        try:
            with contextlib.suppress(OSError):  # the child died early; what it answered, or did not, tells
                child.stdin.write(data)
                child.stdin.close()
            output = child.stdout.read(LARGEST + 1)
        finally:
            watch.cancel()
            child.kill()
    return _understood(output, task)


def _understood(output, task):
    head, _, picture = output.partition(b"\n")
    try:
        told = json.loads(head)
        if "sentence" in told:
            raise BadPicture(str(told["sentence"]))
        if len(picture) != told["size"]:
            raise ValueError
        return Answer(told["width"], told["height"], picture)
    except (ValueError, KeyError, TypeError):  # it was ended: too long, too much memory, or a fault of a decoder
        raise BadPicture(NO_PDF if task == "pages" else BROKEN) from None


# ---------------------------------------------------------------- in the child

def redraw(data, *, title, pixels):
    """Decoded and written again in its own format: no metadata, no place, nothing hidden behind the picture."""
    picture = _opened(data, pixels)
    picture = picture.convert("L" if picture.mode in ("1", "L", "I;16", "LA") else "RGB")
    return picture, _written(picture, title, **({"quality": 88} if title == "JPEG" else {"optimize": False}))


def portrait(data, *, pixels, most):
    """A JPEG on white within `most` bytes where its quality allows."""
    from PIL import Image

    picture = _opened(data, pixels)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    bare = Image.new("RGB", picture.size)
    bare.paste(picture.convert("RGB"))  # pixels alone: no EXIF, no profile, no comment comes along
    for quality in QUALITY:
        jpeg = _written(bare, "JPEG", quality=quality, optimize=True)
        if len(jpeg) <= most:
            break
    return bare, jpeg


def preview(data, *, pixels):
    """As wide and high as a screen shows."""
    picture = _opened(data, pixels).convert("RGB")
    picture.thumbnail((PREVIEW, PREVIEW))
    return picture, _written(picture, "JPEG", quality=80)


def pages(data):
    """The first pages of a PDF, one below the other."""
    import pypdfium2
    from PIL import Image

    try:
        book = pypdfium2.PdfDocument(data)
        drawn = []
        for number in range(min(len(book), PAGES)):
            page = book[number]
            width, height = page.get_size()
            if not 0 < width < 20_000 or not 0 < height < 20_000 or height > 6 * width:
                raise ValueError
            drawn.append(page.render(scale=PAGE_WIDTH / width).to_pil().convert("RGB"))
    except (pypdfium2.PdfiumError, ValueError):
        raise BadPicture(NO_PDF) from None
    if not drawn:
        raise BadPicture(NO_PDF)
    sheet = Image.new("RGB", (PAGE_WIDTH, sum(page.height + GAP for page in drawn) - GAP), "#b4c2c9")
    top = 0
    for page in drawn:
        sheet.paste(page, (0, top))
        top += page.height + GAP
    return sheet, _written(sheet, "JPEG", quality=80)


TASKS = {task.__name__: task for task in (redraw, portrait, preview, pages)}


def _opened(data, pixels):
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > pixels:
            raise BadPicture(f"图片有 {picture.width}×{picture.height} 像素，太大了")
        picture.load()
        return ImageOps.exif_transpose(picture)
    except UnidentifiedImageError:
        raise BadPicture(BROKEN if data.startswith(STARTS) else OTHER) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPicture(BROKEN) from None


def _written(picture, title, **how):
    picture.info = {}  # else Pillow writes the comment and the colour profile of the old file into the new one
    out = io.BytesIO()
    picture.save(out, title, **how)
    return out.getvalue()


def _limit_this_process():
    try:
        import resource
    except ImportError:
        return  # Windows: the clock of the parent remains
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS knows the name and refuses the value
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def answer(task, asked):
    _limit_this_process()
    try:
        picture, data = TASKS[task](sys.stdin.buffer.read(), **json.loads(asked))
        told = {"width": picture.width, "height": picture.height, "size": len(data)}
    except BadPicture as bad:
        told, data = {"sentence": bad.sentence}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    answer(*sys.argv[1:3])
