"""A seal covers the office that stamps and the date on purpose, and no number, no pupil's name, no code, no square (GB/T 9704, 7.3.5)."""
import re

import pytest

from app.documents import record_card, roster, transfer_certificate

from . import cast

RADIUS = 21
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
SEAL = {"name": "青溪县城关镇第一小学", "decided_on": "2026-09-01"}
CERTIFICATE_SEALS = [(85.8, 149.25), (168.3, 149.25), (85.8, 191.75), (168.3, 191.75), (167, 271)]


def under(run, pdf, page, x, y):
    """The words that a round seal at x, y would touch."""
    text = run("pdftotext", "-bbox", "-f", str(page), "-l", str(page), "PDF", "-", pdf=pdf)
    for *sides, word in WORD.findall(text):
        left, top, right, bottom = (float(side) * 25.4 / 72 for side in sides)
        middle, half = (top + bottom) / 2, (bottom - top) * 0.34  # a font's box is taller than its characters
        across = max(left - x, 0, x - right)
        down = max(middle - half - y, 0, y - middle - half)
        if across ** 2 + down ** 2 < RADIUS ** 2:
            yield word


def only_office_and_date(words, facts):
    names = "".join(body["name"] for body in facts.values() if isinstance(body, dict)) + "（公章）"
    return [word for word in words if word not in names and not re.fullmatch(r"\d+年\d+月\d+日|[年月日]", word)]


@pytest.mark.parametrize("facts", [cast.certificate(), cast.hard_certificate()], ids=["ordinary", "longest"])
def test_seals_of_a_certificate_cover_only_office_and_date(facts, run):
    pdf = transfer_certificate.draw(facts)

    for x, y in CERTIFICATE_SEALS:
        assert only_office_and_date(under(run, pdf, 1, x, y), facts) == [], (x, y)


@pytest.mark.parametrize("y", [68, 234])
def test_a_riding_seal_lies_over_the_cut_line_and_an_empty_cell(y, run):
    words = set(under(run, transfer_certificate.draw(cast.certificate()), 1, 50, y))

    assert words <= {"（骑缝章）", "备", "注", "✂"}


@pytest.mark.parametrize("facts", [cast.card(), cast.hard_card()], ids=["ordinary", "longest"])
def test_seals_of_a_card_cover_only_office_and_date(facts, run):
    pdf = record_card.draw(facts)

    for page, x, y in ((1, 168.3, 234), (2, 80.8, 251.7), (2, 163.3, 251.7)):
        assert only_office_and_date(under(run, pdf, page, x, y), facts) == [], (page, x, y)


def test_the_seal_of_a_full_list_covers_only_office_and_date(run):
    facts = cast.roster(21, seal=SEAL, filled_by="何静")
    words = list(under(run, roster.draw(facts), 1, 242, 172))

    assert only_office_and_date(words, facts) == []
    assert words == ["（公章）", "青溪县城关镇第一小学", "2026年9月1日"]
