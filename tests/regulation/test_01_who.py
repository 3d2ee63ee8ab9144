"""Section 1, and the articles of sections 0: who has a record, who manages it."""

import pytest

from app.services.paperwork import term_registers
from tests.office import case
from tests.regulation.facts import enrolment, level
from tests.transfer_office import junior, road

__all__ = ["road"]


@pytest.mark.parametrize(("kind", "overseas", "told"), [
    ("6", "01", None), ("6", "00", "block"), ("7", "02", None), ("7", "00", "block"), ("8", "03", None), ("8", "00", "block"), ("A", "11", None), ("9", "11", None),
])
def test_article_10_pupils_from_abroad_register_with_a_valid_document(kind, overseas, told):
    found = enrolment(record={"id_doc_type": kind, "id_doc_no": "H12345678", "overseas_status": overseas})
    assert level(found, "document") == told
    assert level(enrolment(record={"id_doc_type": kind, "id_doc_no": None, "overseas_status": "11"}), "document") == "block"


def test_article_18_the_county_reads_who_came_and_left_at_a_school_that_the_city_runs(road):
    """m1 lies in county A and is run by city 1: its register of the term is on the county's desk as well."""
    case_id = road.apply("m1", junior(road), stage="2", year=2)
    road.go(case_id)
    assert case(case_id).state == "effective"
    officer = road.county.actor("officer.a")
    term = term_registers.periods(officer.county_id, road.today)[0]
    told = {one["school"]: one["what"] for one in term_registers.listed(officer, term) if one["name"] == case(case_id).title}
    assert told == {"十堰市江北实验初级中学": "转入", "竹山县南门初级中学": "转出"}
    assert {one["school"] for one in term_registers.listed(road.county.actor("registrar.m1"), term)} == {"十堰市江北实验初级中学"}
