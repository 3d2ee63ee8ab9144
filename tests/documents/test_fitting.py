from hypothesis import given
from hypothesis import strategies as st

from app.documents.fitting import LADDER, Box, balanced, fit, wrap

TEXTS = st.text(alphabet="学籍卡（）《》“”，。、·—　 0123456789abAB.年月日号室", max_size=120)


def ems(text):
    return sum(0.5 if char.isascii() else 1 for char in text)


@given(TEXTS, st.integers(2, 40))
def test_lines_hold_every_character_and_keep_to_their_width(text, width):
    for lines in (wrap(text, width, ems), list(balanced(text, width, ems))):
        assert "".join(lines) == text
        assert all(ems(line) <= width + 1e-6 for line in lines)


@given(TEXTS)
def test_what_fits_is_inside_the_box(text):
    box = Box(0, 0, 34, 9)
    fitting = fit(text, box, 10.5, ems)

    if fitting:
        size, lines = fitting
        assert size in LADDER
        assert max(map(ems, lines)) * size <= box.w * 72 / 25.4 + 0.01
        assert len(lines) == 1 or (len(lines) - 0.01) * size * 1.22 <= box.h * 72 / 25.4


def test_a_number_stays_with_its_unit_and_a_bracket_is_not_torn():
    assert wrap("住在文昌路1102室", 6, ems) == ["住在文昌路", "1102室"]
    assert wrap("六年级双语（13）班", 6, ems) == ["六年级双语", "（13）班"]
    assert wrap("云山，临江。", 2, ems) == ["云", "山，", "临", "江。"]
