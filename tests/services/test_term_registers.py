"""休（转、复）学登记表 by term: who stands on it at which school, under which number, and what leaves the house."""

import io
from datetime import date
from itertools import pairwise

import openpyxl
import pytest
from sqlalchemy import select

from app.errors import Refusal
from app.extensions import db
from app.models import Event, Student
from app.services.casework import reversals
from app.services.paperwork import term_registers
from tests.office import case, row
from tests.services.test_status_changes import ILL, NOW, School
from tests.transfer_office import Road

SHOWN = ("school", "name", "class_title", "what", "reason", "period", "other_school", "certificate_no")


@pytest.fixture
def school(county, today):
    return School(county, today)


def terms(county, today, who="officer.a"):
    return term_registers.periods(county.actor(who).county_id, today)


def shown(county, today, who="registrar.a1", school_id=None, period=None):
    return [tuple(one[name] for name in SHOWN) for one in term_registers.listed(county.actor(who), period or terms(county, today, who)[0], school_id)]


def test_a_term_begins_when_the_one_before_it_ended_so_that_no_day_is_in_two_or_in_none(county, today):
    found = terms(county, date(2030, 1, 1))[::-1]

    assert [(one.last, other.first) for one, other in pairwise(found) if (other.first - one.last).days != 1] == []
    assert terms(county, today)[0].title == "2026—2027学年第一学期"
    assert terms(county, today)[0].first < today <= terms(county, today)[0].last


def test_who_is_suspended_and_who_comes_and_goes_stand_on_the_list_of_each_school(county, today, now, school):
    suspended = school.through("suspension", ILL, pupil="rare.ext-e")
    road = Road(county, today, now)
    gone = road.apply("b1")  # twin.1
    road.go(gone)
    assert case(gone).state == "effective"

    name = row(Student, Student.id == case(gone).student_id).name
    own, county_wide, theirs = shown(county, today), shown(county, today, "officer.a"), shown(county, today, "registrar.b1")
    assert ("竹山县堵河路小学", "柯𬭎泽", "三年级1班", "休学", "疾病", "2026.09.07—2027.03.07", "", "竹休字〔2026〕第00001号") in own
    assert [one[1:4] for one in own if one[3] == "转出"] == [one[1:4] for one in county_wide if one[3] == "转出"]
    moved = {(one[3], one[1], one[5], one[7]) for one in own + theirs if one[3] in ("转出", "转入")}
    assert moved == {("转出", name, "2026.09.11", "竹转字〔2026〕第00001号"), ("转入", name, "2026.09.11", "竹转字〔2026〕第00001号")}
    assert {one[6] for one in own if one[3] == "转出"} == {row_school(theirs)} and {one[6] for one in theirs if one[3] == "转入"} == {"竹山县堵河路小学"}
    assert term_registers.sums(term_registers.listed(county.actor("registrar.a1"), terms(county, today)[0])) == "休学 1 人次　转出 1 人次"
    last = list(openpyxl.load_workbook(io.BytesIO(term_registers.export(terms(county, today)[0], actor=county.actor("registrar.a1")))).active.values)[-1]
    assert last[:4] == ("合计", "休学 1 人次", "转出 1 人次", None)
    reversals.reverse(suspended, "录错学生", actor=county.actor("officer.a"), today=today, now=NOW)
    assert [one[3] for one in shown(county, today)] == ["转出"]


def row_school(rows):
    return next(one[0] for one in rows if one[3] == "转入")


def test_a_renewal_and_a_return_say_until_and_from_when(county, today, school):
    school.through("suspension", ILL)
    school.through("suspension-renewal", ILL | {"until_on": date(2027, 6, 7)}, evidence=("application", "diagnosis"), today=date(2027, 3, 1))
    class_id = row(Student, Student.id == school.pupil()).class_id
    school.through("resumption", {"to_class": class_id, "effective_on": date(2027, 4, 1)}, evidence=("application", "recovery"), today=date(2027, 4, 1))

    second = next(one for one in terms(county, date(2027, 4, 1)) if one.key == "2026-2")
    assert [one[3:6] for one in shown(county, today, period=second)] == [("续休", "疾病", "续至 2027.06.07"), ("复学", "", "2027.04.01")]
    assert [one[3] for one in shown(county, today)] == ["休学"]


def test_nobody_sees_the_list_of_another_school(county, today, school):
    school.through("suspension", ILL)
    assert shown(county, today, "registrar.b1") == [] and shown(county, today, "officer.b") == []
    assert shown(county, today, "head.a1") == shown(county, today, "officer.a", school_id=county.body("a1")) != []


def test_the_list_on_paper_says_all_of_it_and_is_told_to_the_trace(county, today, now, school, tmp_path):
    school.through("suspension", ILL)
    period = terms(county, today)[0]
    pdf = term_registers.print_out(period, actor=county.actor("registrar.a1"), today=today, now=now)
    assert pdf.startswith(b"%PDF")
    event = db.session.execute(select(Event.name, Event.facts).order_by(Event.at.desc(), Event.seq.desc()).limit(1)).one()
    assert event.name == "students.printed" and "2026—2027学年第一学期休（转、复）学登记表" in str(event.facts)


def test_a_school_with_nothing_reports_nothing_and_a_county_with_nothing_is_told(county, today, now):
    period = terms(county, today)[0]
    assert term_registers.print_out(period, actor=county.actor("registrar.a1"), today=today, now=now).startswith(b"%PDF")
    with pytest.raises(Refusal, match="没有可打印的登记表"):
        term_registers.print_out(period, actor=county.actor("officer.a"), today=today, now=now)


def test_the_workbook_masks_numbers_and_ends_with_the_sums(county, today, school):
    school.through("suspension", ILL)
    book = openpyxl.load_workbook(io.BytesIO(term_registers.export(terms(county, today)[0], actor=county.actor("officer.a"))))
    lines = [list(line) for line in book.active.iter_rows(values_only=True)]
    assert lines[0] == list(term_registers.HEADS)
    assert lines[1][:8] == ["竹山县堵河路小学", "庹思远", "男", "2018-10", lines[1][4], "二年级1班", "休学", "疾病"] and lines[1][4].startswith("G420") and "*" in lines[1][4]
    assert lines[2][:2] == ["合计", "休学 1 人次"]
