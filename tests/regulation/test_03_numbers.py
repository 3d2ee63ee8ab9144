"""Section 3: numbers. Their shapes are told in tests/identity."""

import pytest

from app.identity import student_numbers
from tests.regulation.facts import NATIONAL, article, enrolment, level, profile

FUJIAN_PRIMARY = "{stage1}{entry_year2}{county2}{town2}{school2}{serial:4}"


@pytest.mark.parametrize(("number", "told"), [("6" * 18, None), ("6" * 17, "block"), ("6" * 19, "block"), ("", None)])
def test_the_auxiliary_number_of_shaanxi_has_eighteen_digits(number, told):
    found = enrolment(profile("shaanxi"), record={"aux_number": number})
    assert level(found, "aux_number") == told
    assert told is None or article(found, "aux_number") == "陕西省学籍辅号编制规则"
    assert level(enrolment(record={"aux_number": number}), "aux_number") is None


def test_the_auxiliary_number_is_made_by_the_template_of_the_province():
    parts = {"stage1": "1", "entry_year2": "26", "county2": "23", "town2": "07", "school2": "01", "serial": 9}
    assert student_numbers.render(FUJIAN_PRIMARY, **parts) == "1262307010009"


def test_zhejiang_keeps_a_card_number_for_pupils_of_compulsory_stages():
    zhejiang = profile("zhejiang")
    assert level(enrolment(zhejiang), "compulsory_card") == "warn"
    assert level(enrolment(zhejiang, record={"compulsory_card_no": "Y20260001"}), "compulsory_card") is None
    assert level(enrolment(zhejiang, stage="3"), "compulsory_card") is None
    assert level(enrolment(NATIONAL), "compulsory_card") is None


def test_a_class_code_is_grade_three_school_six_serial_three():
    assert str(student_numbers.class_code(NATIONAL.class_code_template, entry_year=2011, stage="0", school="100440", serial=101)) == "110100440101"
