"""休学, 续休, 复学 told from the application to the effect, with what is counted on the way and what undoes it."""

from datetime import date, datetime

import pytest
from sqlalchemy import select, update

from app.errors import MovedOn, Refusals
from app.extensions import db
from app.identity.dates import chinese
from app.models import Absence, Case, CaseFinding, Class, Enrolment, Movement, Student
from app.services.administration import audit, policies
from app.services.casework import cases, reversals
from app.services.pupils import pupil_history, records
from app.services.standing import changes
from app.services.standing.changes import Asked
from tests.answers import answers
from tests.bureau import last_facts
from tests.office import case, row
from tests.transfer_office import change, waiting

NOW = datetime(2026, 9, 11, 15, 20)
ILL = {"reason": "10", "from_on": date(2026, 9, 7), "until_on": date(2027, 3, 7), "hospital": "竹山县人民医院", "diagnosis": "肺炎", "guardian": "庹建国"}
PAPERS = ("application", "diagnosis", "history", "receipts")


@pytest.fixture
def school(county, today):
    return School(county, today)


class School:
    """School a1 of county A, its head, and the county's officer."""

    def __init__(self, county, today):
        self.county, self.today = county, today

    def pupil(self, name="twin.1"):
        return self.county.pupil(name) if isinstance(name, str) else name

    def ask(self, kind, answers, pupil="twin.1", evidence=PAPERS, today=None):
        return changes.apply(kind, self.pupil(pupil), Asked(dict(answers), evidence), actor=self.county.actor("registrar.a1"), today=today or self.today, now=NOW)

    def act(self, case_id, action="approve", who=None, words=None, today=None):
        here = case(case_id)
        person = self.county.actor(who or {"school_audit": "head.a1", "county": "officer.a"}[here.step])
        return cases.act(case_id, action, actor=person, version=here.version, today=today or self.today, now=NOW, words=words or cases.Words())

    def through(self, kind, answers, **rest):
        case_id = self.ask(kind, answers, **rest)
        today = rest.get("today")
        self.act(case_id, today=today)
        self.act(case_id, today=today)
        return case_id


def standing(pupil):
    student = row(Student, Student.id == pupil)
    away = db.session.execute(select(Absence.kind, Absence.state, Absence.from_on, Absence.until_on, Absence.ended_on).where(Absence.student_id == pupil)).all()
    place = db.session.execute(select(Class.headcount).where(Class.id == student.class_id)).scalar()
    return student.status, place, [tuple(one) for one in away]


def lines(case_id):
    return [tuple(one) for one in db.session.execute(select(Movement.code, Movement.number).where(Movement.case_id == case_id).order_by(Movement.id))]


def test_a_suspended_pupil_leaves_the_count_of_her_class_and_comes_back_to_it(school):
    pupil = school.pupil()
    status, heads, _ = standing(pupil)
    case_id = school.through("suspension", ILL)
    assert standing(pupil) == ("02", heads - 1, [("suspension", "open", date(2026, 9, 7), date(2027, 3, 7), None)])
    assert lines(case_id) == [("23", -1)]
    class_id = row(Student, Student.id == pupil).class_id
    back = school.through("resumption", {"to_class": class_id, "effective_on": date(2026, 11, 20)}, evidence=("application", "recovery"), today=date(2026, 11, 20))
    assert standing(pupil) == (status, heads, [("suspension", "ended", date(2026, 9, 7), date(2027, 3, 7), date(2026, 11, 20))])
    assert lines(back) == [("12", 1)]


def test_what_stands_on_a_suspension_has_to_be_undone_first(school):
    pupil = school.pupil()
    before = standing(pupil)
    case_id = school.through("suspension", ILL)
    back = school.through("resumption", {"to_class": row(Student, Student.id == pupil).class_id}, evidence=("application", "recovery"))
    officer = school.county.actor("officer.a")
    with pytest.raises(Refusals) as told:
        reversals.reverse(case_id, "录错学生", actor=officer, today=school.today, now=NOW)
    assert str(told.value) == f"休学以后又有竹山县堵河路小学的复学（{case(back).number}，{chinese(school.today)}生效），请先撤销它"
    reversals.reverse(back, "录错学生", actor=officer, today=school.today, now=NOW)
    assert standing(pupil)[0] == "02" and standing(pupil)[2][0][1] == "open"
    reversals.reverse(case_id, "录错学生", actor=officer, today=school.today, now=NOW)
    assert standing(pupil)[:2] == before[:2] and standing(pupil)[2][0][1] == "void"
    assert lines(case_id) == [("23", -1), ("98", 1)] and lines(back) == [("12", 1), ("99", -1)]
    assert [one.state for one in db.session.scalars(select(Case).where(Case.student_id == pupil).order_by(Case.id))] == ["voided", "voided", "effective", "effective"]


def test_a_suspended_pupil_is_suspended_no_second_time(school):
    school.through("suspension", ILL)
    with pytest.raises(Refusals) as told:
        school.ask("suspension", ILL)
    assert "学籍状态是“休学”，不能办理休学" in str(told.value)


@pytest.mark.parametrize(("until", "sentence"), [
    (date(2027, 9, 7), None), (date(2027, 9, 8), "从2026年9月7日起一次休学最长 12 个月，到2027年9月7日为止"),
])
def test_one_suspension_lasts_twelve_months_to_the_day(school, until, sentence):
    if sentence is None:
        assert school.ask("suspension", ILL | {"until_on": until})
    else:
        with pytest.raises(Refusals, match=sentence):
            school.ask("suspension", ILL | {"until_on": until})


def test_a_pupil_who_moved_on_is_not_suspended_by_an_old_application(school):
    case_id = school.ask("suspension", ILL)
    school.act(case_id)
    with pytest.raises(MovedOn):
        cases.act(case_id, "approve", actor=school.county.actor("officer.a"), version=1, today=school.today, now=NOW)


# ---------------------------------------------------------------- abroad, death

def test_a_death_closes_the_record_and_clears_what_was_under_way(school):
    pupil = school.pupil()
    _, heads, _ = standing(pupil)
    suspending = school.ask("suspension", ILL)
    dead = school.through("death", {"effective_on": date(2026, 9, 10), "reason": "41"}, evidence=("proof",))
    student = row(Student, Student.id == pupil)
    assert (student.status, student.lifecycle, standing(pupil)[1]) == ("11", "cancelled", heads - 1)
    assert (case(suspending).state, case(dead).state) == ("cleared", "effective")
    assert lines(dead) == [("26", -1)]
    with pytest.raises(Refusals, match="学籍状态是“死亡”，不能办理休学"):
        school.ask("suspension", ILL)
    undone = reversals.reverse(dead, "误报", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    name = case(dead).title
    assert {one.case_id: one.title for one in waiting(school.county.actor("registrar.a1")) if one.kind == "news"} == {
        suspending: f"{name}的休学已清理：死亡（{case(dead).number}）生效，一并清理", undone: f"{name}的死亡（{case(dead).number}）已撤销：误报"}
    student = row(Student, Student.id == pupil)
    assert (student.status, student.lifecycle, standing(pupil)[1]) == ("01", "live", heads)


def test_deaths_that_are_decided_together_clear_what_was_under_way(school):
    suspending = school.ask("suspension", ILL)
    dead = [school.ask("death", {"effective_on": date(2026, 9, 10), "reason": "41"}, pupil=pupil, evidence=("proof",)) for pupil in ("twin.1", "twin.2")]
    for who in ("head.a1", "officer.a"):
        cases.act_many(dead, "approve", actor=school.county.actor(who), seen_at=case(dead[0]).step, today=school.today, now=NOW)
    assert [case(one).state for one in (*dead, suspending)] == ["effective", "effective", "cleared"]
    told = last_facts("cases.acted", school.county.body("a"))
    assert told["effects"]["cleared"] == [[case(suspending).number]]
    assert audit.verify(audit.own_anchor()).holds


def test_a_death_while_suspended_was_counted_off_before(school):
    pupil = school.pupil()
    school.through("suspension", ILL)
    dead = school.through("death", {"effective_on": date(2026, 9, 10), "reason": "41"}, evidence=("proof",))
    assert lines(dead) == [] and [one[1] for one in standing(pupil)[2]] == ["ended"]


@pytest.mark.parametrize(("today", "level"), [(date(2026, 10, 15), "pass"), (date(2026, 10, 16), "warn")])
def test_a_death_is_reported_within_ten_working_days_across_the_national_days(school, today, level):
    """中秋 and 国庆 are rest days, Saturday 10 October is a make-up day: the tenth working day after 24 September is 15 October."""
    plan = changes.preview("death", school.pupil(), Asked({"effective_on": date(2026, 9, 24), "reason": "41"}, ("proof",)), actor=school.county.actor("registrar.a1"), today=today)
    assert [one.level for one in plan.findings if one.check == "death"] == [level]


def test_a_pupil_who_went_abroad_comes_back_to_her_own_record(school):
    pupil = school.pupil()
    _, heads, _ = standing(pupil)
    gone = school.through("abroad", {"effective_on": date(2026, 9, 11), "country": "392", "abroad_kind": "study", "guardian": "庹建国"}, evidence=("application", "passport", "settlement"))
    assert standing(pupil) == ("91", heads - 1, [("abroad", "open", date(2026, 9, 11), None, None)])
    later = date(2027, 3, 1)
    back = school.through("back-from-abroad", {"effective_on": later, "to_class": row(Student, Student.id == pupil).class_id, "guardian": "庹建国"},
                          evidence=("application", "learning"), today=later)
    assert standing(pupil) == ("01", heads, [("abroad", "ended", date(2026, 9, 11), None, later)])
    assert (lines(gone), lines(back)) == ([("91", -1)], [("12", 1)])
    reversals.reverse(back, "误办", actor=school.county.actor("officer.a"), today=later, now=NOW)
    assert standing(pupil) == ("91", heads - 1, [("abroad", "open", date(2026, 9, 11), None, None)])


def test_many_decided_together_take_effect_each_by_itself(school):
    """One has died since: she is told by name, the other is suspended."""
    ids = [school.ask("suspension", ILL, pupil=key) for key in ("twin.1", "twin.2")]
    for case_id in ids:
        school.act(case_id)
    db.session.execute(update(Student).where(Student.id == school.pupil("twin.2")).values(status="06"))
    result = cases.act_many(ids, "approve", actor=school.county.actor("officer.a"), today=school.today, now=NOW, seen_at="county")
    told = {case_id: sentence for case_id, _, sentence in result}
    assert told[ids[0]] is None and "状态“流失”" in told[ids[1]]
    assert [case(case_id).state for case_id in ids] == ["effective", "open"]


def test_the_card_says_why_a_pupil_was_away(school):
    pupil = school.pupil()
    case_id = school.through("suspension", ILL)

    assert pupil_history.of(db.session, records.load(db.session, pupil))["changes"][-1] == {
        "on": "2026-09-11", "kind": "休学", "reason": "疾病", "origin": "竹山县堵河路小学\n2025级1班", "destination": "",
        "approval": f"竹山县教育局\n{case(case_id).number}",
    }


@pytest.mark.parametrize(("rule", "lacks"), [("", True), ("与其他年级相同", False)])
def test_of_a_graduating_pupil_the_signatures_of_principal_and_class_teacher_are_asked_for(school, sign_in, rule, lacks):
    if rule:
        policies.set_policy(school.county.body("a"), "national2025", {"suspension_graduating": rule}, from_on=school.today, actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    pupil = db.session.execute(select(Student.id).where(Student.class_id == school.county.class_("a1", year=6), Student.status == "01").limit(1)).scalar_one()
    case_id = school.ask("suspension", ILL, pupil=pupil, evidence=())
    page = sign_in("head.a1").get(f"/cases/{case_id}").text
    assert "还缺：休学申请书（监护人签字）、县级以上医院诊断证明、病历、收费票据" in page
    assert ("、校长、班主任签字的意见" in page) is lacks


def test_undone_after_her_class_is_gone_she_is_at_her_school_in_no_class(school):
    """A death reported by mistake: meanwhile the class was dissolved."""
    pupil = school.pupil()
    class_id, told = row(Student, Student.id == pupil).class_id, answers("death", pupil, today=school.today, registrar=school.county.actor("registrar.a1"))
    case_id = school.ask("death", told)
    for _ in range(2):
        school.act(case_id)
    change(Class, class_id, state="dissolved", headcount=0)
    undone = reversals.reverse(case_id, "误报", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    back, spell = row(Student, Student.id == pupil), row(Enrolment, Enrolment.student_id == pupil, Enrolment.state == "open")
    assert (back.status, back.class_id, spell.class_id, row(Class, Class.id == class_id).headcount) == ("01", None, None, 0)
    assert list(db.session.scalars(select(CaseFinding.sentence).where(CaseFinding.case_id == undone))) == ["原来的班已经不在用，请原学校给学生编班"]
