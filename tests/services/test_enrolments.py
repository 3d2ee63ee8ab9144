"""新生登记: applied for, numbered, let go; places, plans and numbers held for whoever came first."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app.errors import NotAllowed, Refusal
from app.extensions import db
from app.models import CaseFinding, Class, Counter, Draft, Enrolment, Guardian, PersonNumber, PolicyVersion, Quota, SearchKey, Student, Tally
from app.services import transactions
from app.services.casework import cases, drafts
from app.services.casework.cases import Words
from app.services.intake import enrolments
from app.services.pupils import records
from tests.bureau import last_facts, wrong
from tests.cast import new_pupil
from tests.office import a, case, count, row

__all__ = ["a"]


def held(office, class_id=None):
    """(pupils counted in the class, plan used, pending by the tally)"""
    class_id = class_id or office.class_id
    school = office.county.body("a1")
    place = row(Class, Class.id == class_id)
    pending = db.session.execute(select(func.coalesce(func.sum(Tally.number), 0)).where(Tally.school_id == school, Tally.status == "pending")).scalar_one()
    return place.headcount, row(Quota, Quota.school_id == school, Quota.stage == "1", Quota.year == 2026).used, int(pending)


def test_after_case_99999_of_a_year_comes_100000(a):
    first = case(a.apply(new_pupil(1))).number
    key = f"case/{a.registrar.county_id}/enrolment/2026"
    db.session.execute(update(Counter).where(Counter.key == key).values(last=99_999))
    db.session.commit()
    assert case(a.apply(new_pupil(2))).number == re.sub(r"第\d{5}号", "第100000号", first)


def test_an_application_makes_a_pending_pupil_and_holds_her_place(a):
    before = held(a)
    record = new_pupil(1)
    made = case(a.apply(record))
    pupil = row(Student, Student.id == made.student_id)

    assert held(a) == tuple(number + 1 for number in before)
    assert (pupil.lifecycle, pupil.status, pupil.name, pupil.class_id, pupil.national_no_index) == ("pending", None, record["name"], a.class_id, None)
    assert (made.state, made.step, made.seat_body_id, made.seat_duty) == ("open", "school_audit", a.county.body("a1"), "school_head")
    assert made.number.startswith("竹教招〔2026〕第0") and made.title == record["name"]
    assert made.due_on == date(2026, 9, 24)  # ten working days after Friday the 11th; Sunday the 20th is a make-up day
    assert row(Enrolment, Enrolment.student_id == pupil.id).state == "applied"
    assert last_facts("case.started") == {"kind": "enrolment", "number": made.number}


def test_approved_she_reads_here_with_a_number_of_the_county(a):
    record = new_pupil(1)
    case_id = a.apply(record)
    before = held(a)
    a.approve(case_id)
    pupil, ended = row(Student, Student.id == case(case_id).student_id), case(case_id)
    number = records.open_student(pupil)["national_no"]

    assert (pupil.lifecycle, pupil.status, pupil.national_no_local) == ("live", "01", True)
    assert number.startswith(f"L420323{record['birth_date']:%Y%m%d}") and (int(number[17]) % 2 == 1) == (record["sex"] == "1")
    assert (ended.state, ended.step, ended.effective_on, ended.seat_body_id) == ("effective", "effective", a.today, None)
    spell = row(Enrolment, Enrolment.student_id == pupil.id)
    assert (spell.state, spell.from_on, spell.came_by) == ("open", a.today, "11")
    assert held(a) == (before[0], before[1], before[2] - 1)


def test_a_number_that_was_brought_stays(a):
    record = new_pupil(1)
    record["national_no"] = "G" + record["id_doc_no"]
    case_id = a.apply(record)
    a.approve(case_id)
    pupil = row(Student, Student.id == case(case_id).student_id)
    assert (records.open_student(pupil)["national_no"], pupil.national_no_local) == (record["national_no"], False)


def test_aux_numbers_follow_the_countys_rule(a):
    county = a.county.body("a")
    set_rule(county, '{"aux_number_template": "{stage1}{entry_year2}{school6}{serial:4}"}')
    numbers = []
    for place in (1, 2):
        case_id = a.apply(new_pupil(place))
        a.approve(case_id)
        numbers.append(row(Student, Student.id == case(case_id).student_id).aux_number)
    assert numbers == ["1261001010001", "1261001010002"]


@transactions.writes(traced=False)
def set_rule(s, county_id, edits):
    s.execute(update(PolicyVersion).where(PolicyVersion.body_id == county_id).values(edits=edits))


@pytest.mark.parametrize(("action", "who", "state"), [("refuse", "head", "rejected"), ("withdraw", "registrar", "withdrawn"), ("clear", "officer", "cleared")])
def test_what_comes_to_nothing_lets_everything_go(a, action, who, state):
    before = held(a)
    record = new_pupil(1)
    case_id = a.apply(record)
    version = row(Student, Student.id == case(case_id).student_id).version
    a.act(case_id, action, getattr(a, who), Words(reason="03", note="户籍不在片区内"))
    pupil = row(Student, Student.id == case(case_id).student_id)

    assert (case(case_id).state, pupil.lifecycle, pupil.status, pupil.version) == (state, "cleared", "94", version + 1)
    assert held(a) == before
    assert (count(PersonNumber, PersonNumber.student_id == pupil.id), count(SearchKey, SearchKey.student_id == pupil.id)) == (0, 0)
    again = a.apply(record)  # her number is free again
    assert case(again).student_id != pupil.id


def test_the_same_number_is_refused_with_a_neutral_word(a):
    other = a.county.known("one-word").item  # a pupil of another county
    assert wrong(a.apply, new_pupil(1, id_doc_no=other["id_doc_no"], birth_date=other["birth_date"], sex=other["sex"])) == {
        "id_doc_no": "系统中已有使用这个证件号的学籍。号码有误则改正；确属本人的不能新建，请由转入学校申请转学",
    }


def test_the_same_number_in_ones_own_school_is_named(a):
    other = a.county.known("common.1").item
    assert "堵河路小学" in wrong(a.apply, new_pupil(1, id_doc_no=other["id_doc_no"], birth_date=other["birth_date"], sex=other["sex"]))["id_doc_no"]


def test_a_look_alike_is_a_warning_that_the_county_settles(a):
    first, second = new_pupil(1), new_pupil(2)
    a.apply(first)
    alike = second | {"name": first["name"], "birth_date": first["birth_date"], "sex": first["sex"], "id_doc_type": "Z", "id_doc_no": None}
    case_id = a.apply(alike)
    assert db.session.execute(select(CaseFinding.level).where(CaseFinding.case_id == case_id, CaseFinding.check == "twin_person")).scalar_one() == "warn"

    a.act(case_id, "approve", a.head)
    with pytest.raises(Refusal, match="请勾选“已核对，不是同一人”"):
        a.act(case_id, "approve", a.officer)
    a.act(case_id, "approve", a.officer, Words(different=True))
    assert case(case_id).state == "effective"


def test_everything_wrong_is_told_at_once_and_nothing_is_held(a):
    before = held(a)
    told = wrong(a.apply, new_pupil(1, birth_date=date(2021, 1, 1)) | {"guardians": []})
    assert set(told) == {"birth_date", "member1_is_guardian"}
    assert held(a) == before


def test_a_full_class_takes_nobody(a):
    limit(a.class_id, held(a)[0])
    assert wrong(a.apply, new_pupil(1))["class_code"].startswith("一年级2班已有")


@transactions.writes(traced=False)
def limit(s, class_id, most):
    s.execute(update(Class).where(Class.id == class_id).values(size_limit=most))


@transactions.writes(traced=False)
def plan(s, school_id, planned):
    s.execute(update(Quota).where(Quota.school_id == school_id, Quota.stage == "1", Quota.year == 2026).values(planned=planned))


def test_a_returned_application_is_mended_and_goes_on(a):
    record = new_pupil(1)
    case_id = a.apply(record)
    a.act(case_id, "return", a.head, Words(reason="01", note="现住址与户口簿不符", mend=("current_address",)))
    returned = case(case_id)
    assert (returned.step, returned.seat_duty, returned.version) == ("applying", "school_registrar", 2)

    mended = record | {"current_address": "湖北省十堰市竹山县城关镇滨河路22号", "talent": None, "guardians": record["guardians"][:1]}
    before = held(a)
    enrolments.resubmit(case_id, mended, a.class_id, actor=a.registrar, version=2, today=a.today, now=a.now)

    again = case(case_id)
    pupil = row(Student, Student.id == again.student_id)
    assert (again.step, again.mend, again.version) == ("school_audit", None, 3)
    assert (pupil.current_address, count(Guardian, Guardian.student_id == pupil.id, Guardian.state == "live")) == (mended["current_address"], 1)
    assert held(a) == before
    assert last_facts("case.resubmitted")["changes"]["现住址"] == [record["current_address"], mended["current_address"]]
    a.approve(case_id)
    assert case(case_id).state == "effective"


def test_mending_may_change_class_number_and_sex_and_the_counts_follow(a):
    record = new_pupil(1)
    case_id = a.apply(record)
    a.act(case_id, "return", a.head, Words(reason="05", note="应在1班"))
    other = a.county.class_("a1", number=1)
    here, there, used = held(a)[0], held(a, other)[0], held(a)[1]
    new = new_pupil(2)
    enrolments.resubmit(case_id, new, other, actor=a.registrar, version=2, today=a.today, now=a.now)

    assert (held(a)[0], held(a, other)[0], held(a)[1]) == (here - 1, there + 1, used)
    a.apply(record)  # the old number is nobody's now
    assert wrong(a.apply, new_pupil(3, id_doc_no=new["id_doc_no"], birth_date=new["birth_date"], sex=new["sex"])).keys() == {"id_doc_no"}


def test_a_mended_pupil_does_not_fill_a_class_that_she_is_not_in(a):
    """The last place of another class is free for her; in her own full class she still has hers."""
    record = new_pupil(1)
    case_id = a.apply(record)
    a.act(case_id, "return", a.head, Words(reason="05", note="请核对班级"))
    other = a.county.class_("a1", number=1)
    limit(other, held(a, other)[0])
    limit(a.class_id, held(a)[0])
    told = wrong(enrolments.resubmit, case_id, record, other, actor=a.registrar, version=2, today=a.today, now=a.now)
    assert set(told) == {"class_code"}
    enrolments.resubmit(case_id, record, a.class_id, actor=a.registrar, version=2, today=a.today, now=a.now)


def test_only_the_school_mends(a):
    case_id = a.apply(new_pupil(1))
    a.act(case_id, "return", a.head, Words(reason="02", note="缺户口簿"))
    with pytest.raises(NotAllowed, match="学籍管理员补正"):
        enrolments.resubmit(case_id, new_pupil(1), a.class_id, actor=a.officer, version=2, today=a.today, now=a.now)


def test_the_draft_goes_with_the_application(a):
    drafts.keep("enrolment", "k1", {"name": "叶清禾"}, actor=a.registrar, now=a.now)
    a.apply(new_pupil(1), draft="k1")
    assert count(Draft) == 0


def test_an_application_of_today_is_not_due_on_a_day_off(a):
    made = case(a.apply(new_pupil(1)))
    assert (made.arrived_on, made.due_on - made.arrived_on) == (a.today, timedelta(days=13))


def test_a_teaching_point_with_one_person_is_checked_by_its_township(county, today, now):
    clerk = county.actor("registrar.a5", "school_registrar")
    made = case(enrolments.apply(new_pupil(1), county.class_("a5"), actor=clerk, today=today, now=now))
    assert (made.seat_body_id, made.seat_duty) == (county.body("a.t1"), "township_registrar")


def test_a_school_of_the_city_goes_to_the_city(county, today, now):
    clerk, head = county.actor("registrar.m1"), county.actor("head.m1")
    case_id = enrolments.apply(new_pupil(1), county.class_("m1", stage="2"), actor=clerk, today=today, now=now)
    cases.act(case_id, "approve", actor=head, version=1, today=today, now=now)
    assert (case(case_id).seat_body_id, case(case_id).seat_duty) == (county.body("city1"), "city_officer")


def test_a_class_of_another_school_is_no_place(a):
    assert set(wrong(a.apply, new_pupil(1), a.county.class_("b1"))) == {"class_code"}
