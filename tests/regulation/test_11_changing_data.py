"""Section 11: changing data."""

from datetime import date

import pytest

from app.identity.items import KEY
from app.services.pupils import students
from app.workflow.changes import STATUS_CHANGES
from app.workflow.checks import Twin
from tests.cast import new_pupil
from tests.regulation.facts import FIRST, NATIONAL, THIRD, article, change, cure, level, profile


def ask(answers, rules=NATIONAL, today=date(2026, 10, 12), cohort=THIRD, twins=(), entered_on=date(2026, 9, 1)):
    return change("key-change", answers, rules, today, cohort, more={"record": new_pupil(1), "twins": list(twins), "entered_on": entered_on})


def test_key_items_are_name_sex_birth_document_and_by_prudence_nationality_and_overseas_status():
    assert {"name", "sex", "birth_date", "id_doc_type", "id_doc_no", "nationality", "overseas_status"} == KEY
    assert not KEY & students.EDITABLE


def test_they_go_by_application_school_and_authority_with_scans():
    flow = STATUS_CHANGES["key-change"].flow
    assert [name for name in flow.line if flow.steps[name].seat in ("audit", "county")] == ["school_audit", "county"]
    assert STATUS_CHANGES["key-change"].needed[""]
    assert NATIONAL.key_change_province is False


@pytest.mark.parametrize(("today", "told"), [(date(2026, 10, 1), None), (date(2026, 10, 2), "block")])
def test_in_zhushan_a_new_pupil_is_renamed_within_one_month_of_entry(today, told):
    zhushan = profile("zhushan")
    found = ask({"name": "庹明达"}, zhushan, today, FIRST)
    assert level(found, "new_name") == told
    assert told is None or article(found, "new_name") == "竹山县义务教育阶段电子学籍管理规定"
    assert level(ask({"name": "庹明达"}, zhushan, today, THIRD), "new_name") is None
    assert level(ask({"name": "庹明达"}, NATIONAL, today, FIRST), "new_name") is None


@pytest.mark.parametrize(("today", "word"), [(date(2026, 9, 30), "将于"), (date(2026, 10, 1), "已于")])
def test_new_pupils_data_are_locked_when_30_september_is_over(today, word):
    found = ask({"sex": "2"}, today=today, cohort=FIRST)
    told = next(one for one in found if one.check == "lock")
    assert (told.sentence[:10], told.article) == (f"新生关键信息{word}2026"[:10], "浙江省《关于全面实施中小学学生学籍电子化管理的意见》")
    assert ("须主管教育行政部门核办" in told.sentence) is (word == "已于")


def test_a_key_change_triggers_a_fresh_duplicate_check():
    assert level(ask({"name": "庹明达"}, twins=[Twin("person")]), "twin_person") == "warn"
    assert level(ask({"name": "庹明达"}, twins=[Twin("number")]), "twin_number") == "block"


def test_the_number_stays():
    found = ask({"name": "庹明达"})
    assert next(one.sentence for one in found if one.check == "national_no").startswith("学籍号不变")


def test_scans_are_pictures_and_beyond_two_megabytes_there_is_a_warning():
    assert (NATIONAL.evidence_warn_mb, NATIONAL.sure("evidence_warn_mb")) == (2, "full")


def test_nothing_changed_is_no_application():
    assert (level(ask({}), "items"), cure(ask({}), "items")) == ("block", "只填要变更的，其余留空")
