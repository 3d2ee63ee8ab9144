"""Section 13: secrecy and liability."""

from datetime import date

import pytest

from tests.regulation.facts import NATIONAL


@pytest.mark.parametrize(("today", "sealed"), [(date(2026, 9, 10), False), (date(2026, 9, 11), False), (date(2026, 9, 12), True)])
def test_article_24_an_account_unused_for_half_a_year_is_sealed(today, sealed):
    """As the nightly job asks it: last used on 15 March, the hundred and eightieth day is 11 September."""
    assert (NATIONAL.unused_account.after(date(2026, 3, 15)) < today) is sealed
    assert NATIONAL.article("unused_account") == "《中小学生学籍管理办法》（教基〔2025〕1号）第二十四条"
