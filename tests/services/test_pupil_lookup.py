"""A child of another school is found by two facts (转学), and whoever guesses is told nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.errors import NotFound, TooMany
from app.services.pupils import records
from app.services.transfer import pupil_lookup, transfers
from tests.bureau import last_facts, wrong
from tests.transfer_office import (
    pupil,
    road,
)

__all__ = ["road"]


def test_a_child_is_found_by_two_facts_and_told_as_name_school_and_grade(road):
    child, clerk = pupil(road), road.county.actor("registrar.b1")
    numbers = records.open_student(child)
    for facts in ({"number": numbers["national_no"]}, {"number": f" {numbers['id_doc_no']} "}, {"name": child.name, "birth_date": child.birth_date}):
        found = pupil_lookup.look_up(actor=clerk, now=road.now, **facts)
        assert (found.name, found.school, found.grade) == ("庹思远", "竹山县堵河路小学", "二年级")
        assert pupil_lookup.student_of(found.token, clerk) == child.id
    assert last_facts("student.looked_up", road.county.body("b")) == {"by": "姓名和出生日期"}


def test_whatever_was_wrong_the_answer_is_the_same(road):
    child, clerk = pupil(road), road.county.actor("registrar.b1")
    number, other = (records.open_student(pupil(road, key))["national_no"] for key in ("twin.1", "common.1"))
    for facts in ({"number": "G" + "1" * 18}, {"name": child.name, "birth_date": child.birth_date + timedelta(days=1)}, {"number": other, "name": child.name},
                  {"number": number, "birth_date": date(2001, 1, 1)}):
        assert pupil_lookup.look_up(actor=clerk, now=road.now, **facts) is None
    assert "请填写学籍号或身份证件号" in wrong(pupil_lookup.look_up, name=child.name, actor=clerk, now=road.now)["number"]


def test_guessing_is_made_slow(road):
    clerk, child = road.county.actor("registrar.b1"), pupil(road)
    for day in range(10):
        pupil_lookup.look_up(name=child.name, birth_date=date(2010, 1, 1 + day), actor=clerk, now=road.now)
    with pytest.raises(TooMany, match="试错的次数太多"):
        pupil_lookup.look_up(name=child.name, birth_date=child.birth_date, actor=clerk, now=road.now)
    assert pupil_lookup.look_up(name=child.name, birth_date=child.birth_date, actor=road.county.actor("registrar.b4"), now=road.now).name == child.name


def test_the_word_for_a_child_serves_nobody_else(road):
    request = road.request("b1")
    with pytest.raises(NotFound, match="请重新查找"):
        transfers.apply(request, actor=road.county.actor("registrar.b4"), today=road.today, now=road.now)
    with pytest.raises(NotFound):
        transfers.apply(replace(request, token="", student_id=pupil(road).id), actor=road.county.actor("registrar.b1"), today=road.today, now=road.now)
