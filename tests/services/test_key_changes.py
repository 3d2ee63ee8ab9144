"""关键信息变更 told from the application to the effect and back: registry, search keys, sealed values, former name; by the school and by the county."""

import json
from datetime import date, datetime

import pytest
from sqlalchemy import select

from app import sealing
from app.errors import NotAllowed, Refusal, Refusals
from app.extensions import db
from app.identity import id_number, names
from app.models import CaseStep, Enrolment, Event, EventSubject, FormerName, Grade, NearNumber, Paper, PersonNumber, SealedValue, SearchKey, Student
from app.services.administration import policies
from app.services.casework import cases, drafts, reversals
from app.services.paperwork import papers, pupil_papers
from app.services.pupils import records, timelines
from app.services.standing import changes, key_changes
from app.services.standing.changes import Asked
from tests.office import case, row
from tests.services.test_status_changes import School
from tests.transfer_office import change

NOW = datetime(2026, 9, 11, 15, 20)
PAPERS = ("application", "household", "police")
BLANK = dict.fromkeys(("name", "sex", "birth_date", "id_doc_type", "id_doc_no", "nationality", "overseas_status"), "")


@pytest.fixture
def school(county, today):
    return School(county, today)


def wanted(**asked):
    return BLANK | {"explanation": "户口簿已更正", "guardian": "父亲"} | asked


def ask(school, pupil="twin.1", who="registrar.a1", evidence=PAPERS, today=None, **asked):
    return changes.apply("key-change", school.pupil(pupil), Asked(wanted(**asked), evidence), actor=school.county.actor(who), today=today or school.today, now=NOW)


def found(name):
    return set(db.session.scalars(select(SearchKey.student_id).where(SearchKey.key == name)))


def registered(pupil):
    """Whatever the pupil is found by, and every item that a key change may touch."""
    student = row(Student, Student.id == pupil)
    record = records.load(db.session, pupil)
    return {
        "items": {name: record[name] for name in (*key_changes.WHO, "nationality", "overseas_status", "former_name", "national_no", "main_number", "name_sort")},
        "index": bytes(student.id_doc_no_index or b""), "standing": (student.status, student.class_id, student.lifecycle),
        "numbers": sorted((one.kind, bytes(one.index)) for one in db.session.scalars(select(PersonNumber).where(PersonNumber.student_id == pupil))),
        "near": sorted(bytes(one) for one in db.session.scalars(select(NearNumber.key).where(NearNumber.student_id == pupil))),
        "keys": sorted(db.session.scalars(select(SearchKey.key).where(SearchKey.student_id == pupil))),
    }


def test_a_name_is_changed_the_old_one_still_finds_her_and_undoing_leaves_no_mark(school):
    pupil = school.pupil()
    before, old = registered(pupil), school.county.known("twin.1").item["name"]
    case_id = ask(school, name="欧阳知远")
    school.act(case_id)
    school.act(case_id)
    after = registered(pupil)
    assert (after["items"]["name"], after["items"]["former_name"]) == ("欧阳知远", old)
    assert after["items"] | {"name": old, "former_name": "", "name_sort": before["items"]["name_sort"]} == before["items"]
    assert pupil in found(old) and pupil in found("欧阳知远") and set(after["keys"]) == set(before["keys"]) | names.search_keys("欧阳知远")
    assert [(one.name, one.until_on, one.case_id, one.state) for one in db.session.scalars(select(FormerName))] == [(old, school.today, case_id, "live")]
    reversals.reverse(case_id, "更错学生", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    assert registered(pupil) == before
    assert [one.state for one in db.session.scalars(select(FormerName))] == ["void"] and case(case_id).state == "voided"


def test_a_number_with_sex_and_birth_moves_the_registry_and_the_trace_shows_it_masked(school):
    pupil = school.pupil()
    before, record = registered(pupil), records.load(db.session, pupil)
    sex = {"1": "2", "2": "1"}[record["sex"]]
    number = number_of(date(2019, 6, 12), sex)
    case_id = ask(school, id_doc_no=number, birth_date=date(2019, 6, 12), sex=sex)
    school.act(case_id)
    school.act(case_id)
    after = registered(pupil)
    assert after["items"] == before["items"] | {"id_doc_no": number, "birth_date": date(2019, 6, 12), "sex": sex}
    assert after["index"] == sealing.blind_index("id_doc", number) and ("id_doc", after["index"]) in after["numbers"]
    assert ("id_doc", before["index"]) not in after["numbers"] and not set(after["near"]) & set(before["near"])
    [told] = [one for one in timelines.of_student(pupil) if "身份证件号" in one.words]
    assert "性别：" in told.words and "出生日期：" in told.words and number not in told.words and record["id_doc_no"] not in told.words
    facts = [json.loads(text) for text in db.session.scalars(select(Event.facts).join(EventSubject, EventSubject.event_id == Event.id).where(EventSubject.student_id == pupil))]
    assert number not in json.dumps(facts)
    kept = [sealing.unseal(one.value, "sealed_values", one.id, "value") for one in db.session.scalars(select(SealedValue).where(SealedValue.label == "身份证件号"))]
    assert {record["id_doc_no"], number} <= set(kept)
    reversals.reverse(case_id, "号码未变", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    assert registered(pupil) == before


def test_what_does_not_go_together_is_told_at_once_beside_its_item(school):
    number = records.load(db.session, school.pupil())["id_doc_no"]
    bad = number[:17] + ("X" if number[17] != "X" else "0")
    with pytest.raises(Refusals) as told:
        ask(school, id_doc_no=bad, name=school.county.known("twin.1").item["name"], explanation="")
    assert {one.field for one in told.value.refusals} == {"name", "id_doc_no", "explanation"}
    with pytest.raises(Refusals, match=r"与身份证件号中的 .* 不一致"):
        ask(school, birth_date=date(2018, 1, 1))
    with pytest.raises(Refusals, match="性别与身份证件号不一致"):
        ask(school, sex={"1": "2", "2": "1"}[school.county.known("twin.1").item["sex"]])
    with pytest.raises(Refusals, match="没有填写要变更的项目"):
        ask(school)


def number_of(birth, sex, area="420323"):
    """A number for whoever was born that day."""
    first = f"{area}{birth:%Y%m%d}31{sex}"
    return first + id_number.check_character(first)


def test_a_number_that_is_another_childs_is_refused_and_one_taken_meanwhile_at_the_last_step(school):
    other, mine = school.county.known("common.1").item, school.county.known("twin.1").item
    with pytest.raises(Refusals, match="这个证件号已有学籍"):
        ask(school, id_doc_no=other["id_doc_no"], birth_date=other["birth_date"], sex=other["sex"])
    number = number_of(mine["birth_date"], mine["sex"])
    unnumbered = school.county.known("unnumbered").item
    same = {"sex": mine["sex"]} if mine["sex"] != unnumbered["sex"] else {}
    first, second = ask(school, id_doc_no=number), ask(school, "unnumbered", id_doc_type="1", id_doc_no=number, birth_date=mine["birth_date"], **same)
    for one in (first, second):
        school.act(one)
    school.act(first)
    with pytest.raises(Refusal, match=r"这个证件号已有学籍.*这次没有写入"):
        school.act(second)
    assert records.load(db.session, school.pupil("unnumbered"))["id_doc_no"] is None


def test_a_look_alike_is_settled_with_a_tick_before_the_county_agrees(school):
    """Two girls called 张梓涵: one is to be born on the other's birthday."""
    born, sex = (school.county.known("common.1").item[name] for name in ("birth_date", "sex"))
    case_id = ask(school, "common.2", birth_date=born, id_doc_no=number_of(born, sex))
    school.act(case_id)
    with pytest.raises(Refusal, match="请勾选“已核对，不是同一人”再同意"):
        school.act(case_id)
    school.act(case_id, words=cases.Words(different=True))
    assert case(case_id).state == "effective"


def test_papers_that_were_issued_stay_as_printed(school):
    pupil, clerk = school.pupil(), school.county.actor("registrar.a1")
    old = school.county.known("twin.1").item["name"]
    pupil_papers.issue("enrolment_certificate", [pupil], {"purpose": "办理手续"}, actor=clerk, today=school.today, now=NOW)
    case_id = ask(school, name="王明远")
    school.act(case_id)
    school.act(case_id)
    pupil_papers.issue("enrolment_certificate", [pupil], {"purpose": "办理手续"}, actor=clerk, today=school.today, now=NOW)
    issued = db.session.scalars(select(Paper).where(Paper.student_id == pupil).order_by(Paper.id)).all()
    assert [papers.facts_of(one)["name"] for one in issued] == [old, "王明远"] and [one.state for one in issued] == ["valid", "valid"]


def steps(case_id):
    return [one.step for one in db.session.scalars(select(CaseStep).where(CaseStep.case_id == case_id).order_by(CaseStep.seq))]


def test_the_province_comes_last_where_the_rules_say_so(school):
    policies.set_policy(school.county.body("a"), "national2025", {"key_change_province": "是"}, from_on=school.today, actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    case_id = ask(school, nationality="702")
    for who in ("head.a1", "officer.a", "officer.province"):
        school.act(case_id, who=who)
    assert (steps(case_id), case(case_id).state) == (["applying", "school_audit", "county", "province"], "effective")
    assert row(Student, Student.id == school.pupil()).nationality == "702"


def test_the_county_corrects_beside_an_open_case_and_another_of_its_persons_agrees(school):
    pupil = school.pupil()
    going = school.ask("suspension", {"reason": "10", "from_on": date(2026, 9, 7), "until_on": date(2027, 3, 7), "hospital": "竹山县人民医院", "diagnosis": "肺炎", "guardian": "父亲"})
    with pytest.raises(Refusals, match="已有未办结的业务"):
        ask(school, name="王明远")
    case_id = ask(school, name="王明远", who="officer.a")
    with pytest.raises(NotAllowed, match="申请人不能审核自己的申请"):
        school.act(case_id, who="officer.a")
    school.act(case_id, who="officer2.a")
    assert (case(case_id).state, steps(case_id), row(Student, Student.id == pupil).name) == ("effective", ["applying", "county_check"], "王明远")
    assert case(going).state == "open"
    with pytest.raises(NotAllowed):
        changes.apply("suspension", pupil, Asked({}), actor=school.county.actor("officer.a"), today=school.today, now=NOW)


def test_a_correction_that_the_clock_clears_is_news_to_the_county_which_began_it_and_to_no_school(school, sign_in):
    case_id = ask(school, name="王明远", who="officer.a")
    change(Grade, row(Student, Student.id == school.pupil()).grade_id, advanced_to=6)
    assert cases.clear_graduating(today=date(2027, 7, 15), now=datetime(2027, 7, 15, 2)) == 1
    assert sign_in("registrar.a1").get("/").html.select("#news li") == []
    officer = sign_in("officer2.a")
    [news] = officer.get("/").html.select("#news li")
    assert news.span.get_text() == (
        f"庹思远的关键信息变更已清理：六年级是毕业年级，自7月15日起在办业务一律清理（教育部 教基司厅函〔2017〕23号）；毕业以后由升入的学校办理（{case(case_id).number}）")
    form = next(form for form in officer.get("/").forms.values() if form.action.endswith("/seen"))
    assert form.submit().follow().html.select("#news li") == []


def test_a_correction_that_the_county_begins_after_that_day_goes_on(school):
    """A graduate's name is put right before the certificate is printed: what is taken is not cleared the night after."""
    pupil = school.pupil()
    change(Grade, row(Student, Student.id == pupil).grade_id, advanced_to=6)
    july = datetime(2027, 7, 16, 9)
    asked = Asked({"name": "王明远", "explanation": "户口簿已更名", "guardian": "父亲"}, ())
    with pytest.raises(Refusals, match="毕业年级自7月1日起停止受理新业务"):
        changes.apply("key-change", pupil, asked, actor=school.county.actor("registrar.a1"), today=july.date(), now=july)
    case_id = changes.apply("key-change", pupil, asked, actor=school.county.actor("officer.a"), today=july.date(), now=july)
    assert cases.clear_graduating(today=date(2027, 7, 17), now=datetime(2027, 7, 17, 2)) == 0
    cases.act(case_id, "approve", actor=school.county.actor("officer2.a"), version=case(case_id).version, today=date(2027, 7, 17), now=datetime(2027, 7, 17, 9))
    assert row(Student, Student.id == pupil).name == "王明远"


def test_after_she_left_only_the_county_corrects_and_a_word_stays_at_the_row_of_her_going(school):
    gone = db.session.scalars(select(Student.id).join(Enrolment, Enrolment.student_id == Student.id).where(
        Student.school_id == school.county.body("a1"), Student.status.in_(("07", "10"))).order_by(Student.id).limit(1)).one()
    with pytest.raises(Refusals, match="只能由主管教育行政部门更正"):
        ask(school, gone, name="王明远")
    case_id = ask(school, gone, name="王明远", who="officer.a")
    school.act(case_id, who="officer2.a")
    spell = db.session.scalars(select(Enrolment).where(Enrolment.student_id == gone, Enrolment.state == "closed").order_by(Enrolment.from_on.desc()).limit(1)).one()
    assert spell.note == f"2026年9月11日更正姓名（{case(case_id).number}）"


@pytest.mark.parametrize(("day", "allowed"), [(date(2026, 10, 1), True), (date(2026, 10, 2), False)])
def test_a_new_pupil_is_renamed_within_the_month_of_the_rules(school, day, allowed):
    policies.set_policy(school.county.body("a"), "zhushan", {}, from_on=school.today, actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    pupil = _new_pupil(school)
    if allowed:
        assert ask(school, pupil, name="王明远", today=day)
    else:
        with pytest.raises(Refusals, match="新生更名在入学后 1 个月内办理，到2026年10月1日为止"):
            ask(school, pupil, name="王明远", today=day)
        assert ask(school, pupil, nationality="702", today=day)


def _new_pupil(school):
    """One who came on 1 September into grade one."""
    class_id = school.county.class_("a1", number=1)
    return db.session.scalars(select(Student.id).join(Enrolment, Enrolment.student_id == Student.id).where(
        Student.class_id == class_id, Student.status == "01", Enrolment.state == "open", Enrolment.from_on == date(2026, 9, 1)).order_by(Student.id).limit(1)).one()


def test_what_was_handed_in_again_keeps_numbers_out_of_the_trace(school):
    mine = school.county.known("twin.1").item
    number = number_of(mine["birth_date"], mine["sex"])
    case_id = ask(school, nationality="702")
    school.act(case_id, "return", words=cases.Words(reason="02", note="号码也要改"))
    again = Asked(wanted(id_doc_no=number), PAPERS)
    changes.resubmit(case_id, again, actor=school.county.actor("registrar.a1"), version=case(case_id).version, today=school.today, now=NOW)
    told = json.loads(db.session.scalars(select(Event.facts).where(Event.name == "case.resubmitted")).one())
    assert set(told["changes"]) == {"id_doc_no", "nationality"} and number not in json.dumps(told)


def test_a_draft_holds_no_number_in_clear(school):
    drafts.keep("key-change", str(school.pupil()), {"id_doc_no": "420323201906123121"}, actor=school.county.actor("registrar.a1"), now=NOW)
    assert drafts.find("key-change", str(school.pupil()), actor=school.county.actor("registrar.a1"))[0] == {"id_doc_no": "420323201906123121"}


def test_of_changes_agreed_to_together_each_timeline_tells_no_others(school):
    first, second = ask(school, name="王明远"), ask(school, "twin.2", name="李青禾")
    for who in ("head.a1", "officer.a"):
        done = cases.act_many([first, second], "approve", actor=school.county.actor(who), today=school.today, now=NOW)
        assert [sentence for _, _, sentence in done] == [None, None]
    told = "".join(one.words for one in timelines.of_student(case(first).student_id, limit=20))
    assert row(Student, Student.id == case(second).student_id).name == "李青禾" and "李青禾" not in told
