"""The style sheet keeps its size, its colours and their contrast; what is vendored is what its VERSION says."""

import hashlib
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "app" / "static"
CSS = (STATIC / "app.css").read_text("utf-8")
ROOT = CSS[CSS.index(":root {") : CSS.index("}")]
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", ROOT))

# WCAG 2.2: 1.4.3 text 4.5 : 1; 1.4.11 borders of controls, marks and focus 3 : 1
TEXT = [(ink, ground) for ink in ("ink", "ink-2") for ground in ("sheet", "ground", "tint", "wash")]
TEXT += [(ink, ground) for ink in ("indigo", "cinnabar", "ochre", "pine") for ground in ("sheet", "ground", "wash", f"{ink}-t")]
TEXT += [("ink", f"{ground}-t") for ground in ("indigo", "cinnabar", "ochre", "pine")]
TEXT += [("sheet", ground) for ground in ("indigo", "cinnabar", "ochre", "pine", "ink")] + [("ink", "gamboge"), ("indigo", "tint")]
MARKS = [("edge", "sheet"), ("edge", "ground"), ("indigo", "sheet"), ("cinnabar", "sheet"), ("pine", "sheet"), ("ink", "gamboge")]


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_the_guideline_does():
    assert [round(luminance(colour), 4) for colour in ("#fff", "#000000", "#767676")] == [1.0, 0.0, 0.1812]


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_can_be_told_from_their_ground(mark, ground):
    assert contrast(mark, ground) >= 3


def test_bars_are_told_apart():
    fills = {"f2": re.search(r"\.f2 \{ fill: (#\w+)", CSS)[1]}
    TOKENS.update(fills)

    assert [contrast("indigo", "f2") >= 3, contrast("f2", "sheet") >= 3] == [True, True]


def test_stays_under_18_kilobytes():
    assert len(CSS.encode()) < 18 * 1024


def test_colours_stand_in_the_tokens():
    rest = CSS.replace(ROOT, "")
    paper = rest[rest.index("@media print") :]

    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rest.replace(paper, ""))) == {"#fff", "#7298bd", "#17232e2b"}


def test_fetches_nothing():
    assert [word for word in ("@import", "url(", "http") if word in CSS] == []


def test_print_hides_what_is_only_pressed():
    paper = CSS[CSS.index("@media print") :]

    hidden = re.search(r"\n  ([^\n{]+) \{ display: none !important; \}", paper)[1].split(", ")
    assert set(hidden) >= {".skip", ".nav", ".find", ".who", ".actions", ".toolbar", ".filters", ".no-print"}
    assert ".print-only { display: block; }" in paper


def test_htmx_is_the_file_its_version_names():
    folder = STATIC / "vendor" / "htmx-2.0.11"
    told = re.search(r"sha256: (\w{64})", (folder / "VERSION").read_text("utf-8"))[1]

    assert hashlib.sha256((folder / "htmx.min.js").read_bytes()).hexdigest() == told


def test_scripts_evaluate_nothing():
    script = (STATIC / "app.js").read_text("utf-8")

    assert re.findall(r"\beval\(|new Function|innerHTML|document\.write|setAttribute\(\"(?:on|style)|\.style\b", script) == []
