"""退学 and 开除 in general senior secondary, and that no child in compulsory schooling can come near either (workflows.md 11, regulation.md 8)."""

from datetime import date

import pytest
from sqlalchemy import select, update

from app.errors import Refusal
from app.extensions import db
from app.models import AbsenceNote, Body, Case, CaseStep, Enrolment, Paper, Student
from app.services.administration import policies
from app.services.casework import cases, reversals
from app.services.paperwork import papers
from app.services.pupils import former_pupils
from app.services.standing import absences, changes
from app.services.standing.changes import Asked
from tests.office import case, row
from tests.services.test_status_changes import NOW, School, lines, standing

LEAVES = {"ground": "application", "reason": "1", "guardian": "父亲", "explanation": ""}
EXPELLED = {"reason": "03", "document": "云高〔2026〕9号", "decided_on": date(2026, 9, 8), "notified_on": date(2026, 9, 9), "guardian": "父亲", "explanation": "考试作弊屡教不改"}
SEATS = {"school_audit": "head.a4", "county": "officer.a", "city": "officer.city1"}


class Senior(School):
    """School a4 of county A: general senior secondary."""

    def pupil(self, name=None):
        """The first of the first class."""
        return name or db.session.execute(select(Student.id).where(Student.class_id == self.county.class_("a4", stage="3")).order_by(Student.id).limit(1)).scalar_one()

    def ask(self, kind, answers, pupil=None, evidence=("ground", "notice", "decision", "facts"), today=None):
        return changes.apply(kind, self.pupil(pupil), Asked(dict(answers), evidence), actor=self.county.actor("registrar.a4"), today=today or self.today, now=NOW)

    def act(self, case_id, action="approve", who=None, words=None, today=None):
        return super().act(case_id, action, who or SEATS[case(case_id).step], words, today)

    def through(self, kind, answers, **rest):
        case_id = self.ask(kind, answers, **rest)
        while case(case_id).state == "open":
            self.act(case_id, today=rest.get("today"))
        return case_id


@pytest.fixture
def senior(county, today):
    return Senior(county, today)


def seats(case_id):
    return list(db.session.execute(select(CaseStep.step).where(CaseStep.case_id == case_id).order_by(CaseStep.seq)).scalars())


def finding(senior, answers, check="ground", today=None, kind="withdrawal"):
    plan = changes.preview(kind, senior.pupil(), Asked(LEAVES | answers if kind == "withdrawal" else answers), actor=senior.county.actor("registrar.a4"), today=today or senior.today)
    return {one.check: one for one in plan.findings}[check]


# ---------------------------------------------------------------- withdrawal

def test_a_senior_pupil_withdraws_by_school_county_and_city_and_it_is_undone_there(senior):
    pupil = senior.pupil()
    before = standing(pupil)
    case_id = senior.through("withdrawal", LEAVES)
    assert seats(case_id) == ["applying", "school_audit", "county", "city"]
    assert standing(pupil) == ("03", before[1] - 1, [])
    assert (row(Student, Student.id == pupil).lifecycle, lines(case_id)) == ("left", [("24", -1)])
    spell = row(Enrolment, Enrolment.student_id == pupil)
    assert (spell.state, spell.left_by, spell.until_on, spell.closing_case_id) == ("closed", "24", senior.today, case_id)
    copy = former_pupils.copy_of(senior.county.actor("registrar.a4"), spell.id)
    assert (copy.line.name, copy.line.went_to, copy.line.case) == (case(case_id).title, "退学", case(case_id).number)
    card = former_pupils.issue_card(spell.id, actor=senior.county.actor("registrar.a4"), today=senior.today, now=NOW)  # for the file, from the copy
    assert papers.facts_of(row(Paper, Paper.id == card))["name"] == case(case_id).title
    with pytest.raises(Refusal, match="只能由最后核办的主管教育行政部门撤销"):
        reversals.reverse(case_id, "误办", actor=senior.county.actor("officer.a"), today=senior.today, now=NOW)
    reversals.reverse(case_id, "误办", actor=senior.county.actor("officer.city1"), today=senior.today, now=NOW)
    assert standing(pupil) == before
    spell = row(Enrolment, Enrolment.student_id == pupil)
    assert (spell.state, spell.left_by, spell.until_on, spell.snapshot) == ("open", "", None, None)
    assert lines(case_id) == [("24", -1), ("98", 1)]


def test_where_the_county_says_so_the_city_is_not_asked(senior):
    policies.set_policy(senior.county.body("a"), "national2025", {"withdrawal_city": "否"}, from_on=senior.today, actor=senior.county.actor("officer.a"), today=senior.today, now=NOW)
    assert seats(senior.through("withdrawal", LEAVES)) == ["applying", "school_audit", "county"]


def test_the_answer_of_a_city_that_is_not_in_this_house_is_recorded_by_the_county(senior):
    db.session.execute(update(Body).where(Body.id == senior.county.body("city1")).values(here=False))
    db.session.commit()
    case_id = senior.ask("withdrawal", LEAVES)
    senior.act(case_id)
    senior.act(case_id)
    assert (case(case_id).step, case(case_id).seat_body_id) == ("outside", senior.county.body("a"))
    words = cases.Words(answered_on=senior.today, paper="十教函〔2026〕3号")
    senior.act(case_id, "agree", "officer.a", words)
    assert standing(senior.pupil())[0] == "03"


def test_the_notice_says_why_and_who_agreed_to_it(senior):
    case_id = senior.through("withdrawal", LEAVES)
    paper = row(Paper, Paper.case_id == case_id)
    told = papers.facts_of(paper)
    assert (paper.kind, paper.number) == ("withdrawal_notice", "竹退字〔2026〕第00001号")
    assert {name: told[name] for name in ("guardian", "ground", "reason", "issued_on")} == {"guardian": "父亲", "ground": "监护人申请", "reason": "病患", "issued_on": "2026-09-11"}
    assert told["office"] == {"name": senior.county.actor("officer.city1").body_name, "opinion": "同意", "officer": senior.county.actor("officer.city1").name, "decided_on": "2026-09-11"}
    assert papers.draw(paper.id, actor=senior.county.actor("registrar.a4"), now=NOW).startswith(b"%PDF")


@pytest.mark.parametrize(("today", "level"), [(date(2026, 9, 20), "block"), (date(2026, 9, 21), "pass")])
def test_fifteen_days_on_end_without_leave_are_a_ground(senior, today, level):
    absences.note(senior.pupil(), date(2026, 9, 7), "", actor=senior.county.actor("registrar.a4"), today=senior.today, now=NOW)
    found = finding(senior, {"ground": "absence"}, today=today)
    assert (found.level, found.article) == (level, "《湖南省中小学生学籍管理实施细则》")


@pytest.mark.parametrize(("today", "level"), [(date(2026, 12, 4), "block"), (date(2026, 12, 7), "pass")])
def test_forty_five_days_of_one_term_in_all_are_a_ground(senior, today, level):
    """Forty-one from 7 September to 6 November, and four more from 2 December on; never fifteen days on end when it is asked."""
    actor = senior.county.actor("registrar.a4")
    first = absences.note(senior.pupil(), date(2026, 9, 7), "", actor=actor, today=date(2026, 11, 9), now=NOW)
    absences.come_back(first, date(2026, 11, 9), "", actor=actor, today=date(2026, 11, 9), now=NOW)
    absences.note(senior.pupil(), date(2026, 12, 2), "", actor=actor, today=date(2026, 12, 2), now=NOW)
    found = finding(senior, {"ground": "absence"}, today=today)
    assert found.level == level, found.sentence


@pytest.mark.parametrize(("today", "level"), [(date(2027, 2, 6), "block"), (date(2027, 2, 7), "pass")])
def test_thirty_days_after_the_end_of_a_suspension_are_a_ground(senior, today, level):
    suspended = {"reason": "99", "explanation": "家庭变故", "from_on": date(2026, 9, 7), "until_on": date(2027, 1, 7), "guardian": "父亲"}
    senior.through("suspension", suspended, evidence=("application", "other"))
    assert finding(senior, {"ground": "not_back"}, today=today).level == level
    told = changes.preview("dropout", senior.pupil(), Asked({"reason": "01", "whereabouts": "在家"}), actor=senior.county.actor("registrar.a4"), today=today)
    assert {one.check: one.sentence for one in told.findings}["not_back"] == "普通高中休学逾期未复学的，不按辍学报告"


def test_an_absence_that_led_to_withdrawal_is_over(senior):
    pupil = senior.pupil()
    absences.note(pupil, date(2026, 9, 7), "", actor=senior.county.actor("registrar.a4"), today=senior.today, now=NOW)
    case_id = senior.through("withdrawal", LEAVES | {"ground": "absence"}, today=date(2026, 9, 21))
    noted = row(AbsenceNote, AbsenceNote.student_id == pupil)
    assert (noted.state, noted.case_id) == ("gone", case_id)


# ---------------------------------------------------------------- expulsion

def test_a_senior_pupil_is_expelled_by_school_and_county_once_the_guardian_knows(senior):
    pupil = senior.pupil()
    before = standing(pupil)
    case_id = senior.through("expulsion", EXPELLED)
    assert seats(case_id) == ["applying", "school_audit", "county"]
    assert standing(pupil) == ("14", before[1] - 1, [])
    assert lines(case_id) == [("25", -1)]
    reversals.reverse(case_id, "申诉成立", actor=senior.county.actor("officer.a"), today=senior.today, now=NOW)
    assert standing(pupil) == before


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"notified_on": None}, "请填写告知监护人日期"), ({"notified_on": date(2026, 9, 7)}, "告知监护人日期 2026年9月7日 早于 2026年9月8日"),
    ({"document": ""}, "请填写开除学籍处分决定的文号"), ({"explanation": ""}, "请写明开除所依据的事实"), ({"guardian": ""}, "请写明申请的监护人"),
    ({"decided_on": date(2026, 9, 12)}, "处分决定日期 2026年9月12日 晚于 2026年9月11日"),
])
def test_an_expulsion_says_what_lacks(senior, changed, sentence):
    with pytest.raises(Refusal) as told:
        senior.ask("expulsion", EXPELLED | changed)
    assert sentence in str(told.value)


# ---------------------------------------------------------------- not in compulsory schooling

@pytest.mark.parametrize(("kind", "title", "answers"), [("withdrawal", "退学", LEAVES), ("expulsion", "开除", EXPELLED)])
def test_in_compulsory_schooling_the_service_itself_refuses(county, today, kind, title, answers):
    with pytest.raises(Refusal) as told:
        changes.apply(kind, county.pupil("twin.1"), Asked(dict(answers)), actor=county.actor("registrar.a1"), today=today, now=NOW)
    assert f"义务教育阶段不办理{title}" in str(told.value)
    assert db.session.execute(select(Case.id).where(Case.kind == kind)).first() is None
