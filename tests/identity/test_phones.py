import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity import phones


@pytest.mark.parametrize(
    ("typed", "no"),
    [
        ("13800002046", "13800002046"),
        ("138 0000 2046", "13800002046"),
        ("138-0000-2046", "13800002046"),
        ("+86 13800002046", "13800002046"),
        ("008613800002046", "13800002046"),
        ("１３８００００２０４６", "13800002046"),
        ("0719-1234567", "0719-1234567"),
        ("07191234567", "0719-1234567"),
        ("(0719)1234567", "0719-1234567"),
        ("（０７１９）１２３４５６７", "0719-1234567"),
        ("010—12345678", "010-12345678"),
        ("02712345678", "027-12345678"),
        ("0719-1234567-801", "0719-1234567-801"),
        ("0719-1234567转801", "0719-1234567-801"),
    ],
)
def test_one_number_has_one_form(typed, no):
    assert phones.clean(typed) == no
    assert phones.problem(typed) is None


@pytest.mark.parametrize("typed", ["1387280046", "138000020461", "12800002046", "1234567", "0719", "无", "13800002046转1", "0719-123456", "1380000204a"])
def test_what_cannot_be_called_is_refused(typed):
    assert phones.problem(typed) == "联系电话应为 11 位手机号或带区号的座机号"


def test_nothing_is_asked_for():
    assert phones.problem(" ") == phones.problem(None) == "请填写联系电话"


def test_mobiles_are_told_from_landlines():
    assert [phones.is_mobile(no) for no in ("13800002046", "0719-1234567", "", None)] == [True, False, False, False]


@given(st.text("0123456789-+()转 １x86", max_size=24) | st.text(max_size=20))
def test_cleaning_is_idempotent(text):
    once = phones.clean(text)

    assert phones.clean(once) == once
