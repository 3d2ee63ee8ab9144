"""The papers that are printed every day, drawn from facts: each beside as many empty pages that carry the same fonts."""

import io
import re
from time import process_time

from PIL import Image

from app.demo.cast import COUNTIES
from app.demo.families import Generator
from app.documents import record_card, transfer_certificate
from app.documents.paper import Facts, Sheet, Side, print_papers
from app.documents.parts import Part
from tests.documents import cast

from . import report
from .timing import take_turns

CARDS = 50
CERTIFICATE, CARD = 20, 30  # ms, at most
RATE, WEIGHT = 250, 25  # pages a second, at least; KB a page, at most


def measure(_, wanted, *, rounds=9):
    """Yields how long one takes, and how fast and how heavy a class of them is."""
    names = ("certificate/draw", "card/draw", "cards/rate", "cards/weight")
    if not any(map(wanted, names)):
        return
    certificate, card, many = cast.certificate(), cast.card(), _cards()
    drawn = {
        "certificate": lambda: transfer_certificate.draw(certificate), "card": lambda: record_card.draw(card), "cards": lambda: record_card.draw_all(many),
    }
    empty = {f"empty {name}": _empty(draw) for name, draw in drawn.items()}
    one = [name for name in (*drawn, *empty) if "cards" not in name]
    taken = take_turns({name: (drawn | empty)[name] for name in one}, rounds=rounds, times=3, clock=process_time)
    taken |= take_turns({name: (drawn | empty)[name] for name in ("cards", "empty cards")}, rounds=rounds, times=1, clock=process_time)
    # limits in time, not beside a baseline: the processor's time, since a machine does other things too
    yield report.within("certificate/draw", taken["certificate"] * 1000, "ms", CERTIFICATE, taken["empty certificate"] * 1000)
    yield report.within("card/draw", taken["card"] * 1000, "ms", CARD, taken["empty card"] * 1000)
    file, bare = drawn["cards"](), empty["empty cards"]()
    pages = _pages(file)
    yield report.no_less("cards/rate", pages / taken["cards"], "pages/s", RATE, pages / taken["empty cards"])
    yield report.within("cards/weight", len(file) / pages / 1000, "KB/page", WEIGHT, len(bare) / pages / 1000)


def _cards():
    """A class: each pupil with a name, an address and a photo of her own."""
    generator, many = Generator("papers"), []
    with Image.open(io.BytesIO(cast.PHOTO)) as picture:
        for number in range(CARDS):
            file = io.BytesIO()
            picture.rotate((number - CARDS / 2) / 10, fillcolor="white").save(file, "JPEG", quality=85)
            many.append(cast.card(name=generator.pupil(2026, "1", COUNTIES["a"])["name"], class_no=str(number + 1), photo=file.getvalue()))
    return many


def _pages(file):
    return len(re.findall(rb"/Type /Page\b", file))


class _Fonts(Part):
    """Every character that a paper writes, once in each face: the file carries the same fonts."""

    def __init__(self, written):
        self.written = written

    def frame(self, sheet):
        for face, characters in self.written.items():
            sheet.write("".join(sorted(characters)), 20, 20, 5, face=face)


def _empty(draw):
    """A function that makes as many empty pages as `draw` does, with the same fonts."""
    written, write = {}, Sheet.write

    def note(sheet, text, *where, face="song", **how):
        written.setdefault(face, set()).update(text)
        return write(sheet, text, *where, face=face, **how)

    Sheet.write = note
    try:
        pages = _pages(draw())
    finally:
        Sheet.write = write
    sides = [Side("empty", (_Fonts(written),), Facts())]
    return lambda: print_papers([{}] * pages, "空白", lambda facts, fonts: sides)
