"""Fields that several areas use."""

import pytest

from app.forms.fields import as_number


@pytest.mark.parametrize(("text", "number"), [("7", 7), (str(2**63 - 1), 2**63 - 1), (str(2**63), None), ("9" * 5000, None), ("", None), (None, None), ("None", None),
                                              ("-1", None), ("七", None), ("²", None), ("٣", None), ("7 ", None)])
def test_a_number_of_an_address_is_one_that_an_id_can_be(text, number):
    """An id has 63 bits: those of 2032 will have nineteen digits."""
    assert as_number(text) == number
