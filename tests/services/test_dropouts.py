"""缺课, 劝返, 辍学报告, 返校 told from the first day missed to the paper, and undone again (workflows.md 11)."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from app.extensions import db
from app.models import AbsenceNote, Event, Paper, Student
from app.policies.profiles import make_policy
from app.services.casework import reversals
from app.services.paperwork import papers
from app.services.standing import absences, changes
from app.services.standing.absences import Report, Visited
from app.services.standing.changes import Asked
from app.workflow.dropout_checks import kept_until
from tests.office import row
from tests.services.test_status_changes import NOW, School, lines, standing

FIRST = date(2026, 9, 7)  # a Monday; with a Sunday made up for, 中秋 (25 Sept) and 国庆 (1–7 Oct) the twentieth school day missed is 9 October
TWENTIETH = date(2026, 10, 9)
GONE = {"reason": "04", "whereabouts": "随父母在广东务工", "measures": "继续联系家长", "explanation": ""}
PAPERS = ("report", "visits")


@pytest.fixture
def school(county, today):
    return School(county, today)


def note(school, pupil="twin.1", first=FIRST, who="registrar.a1", today=TWENTIETH):
    return absences.note(school.pupil(pupil), first, "家长称外出", actor=school.county.actor(who), today=today, now=NOW)


def visit(school, note_id, day=date(2026, 9, 14), who="registrar.a1"):
    visited = Visited(day, "班主任柯文静、副校长余正德", "home", "家长答应国庆后送回")
    return absences.visit(note_id, visited, actor=school.county.actor(who), today=TWENTIETH, now=NOW)


def reported(school, today=TWENTIETH, answers=GONE):
    visit(school, note(school))
    return school.through("dropout", answers, evidence=PAPERS, today=today)


def refused(act):
    with pytest.raises(Refusal) as told:
        act()
    return str(told.value)


# ---------------------------------------------------------------- from the absence to the report and back

def test_a_child_who_stays_away_is_visited_reported_and_comes_back_to_the_same_record(school):
    pupil = school.pupil()
    before = standing(pupil)
    case_id = reported(school)
    assert standing(pupil) == ("06", before[1] - 1, [("dropout", "open", FIRST, None, None)])
    assert lines(case_id) == [("28", -1)]
    assert row(Student, Student.id == pupil).lifecycle == "live"
    noted = row(AbsenceNote, AbsenceNote.student_id == pupil)
    assert (noted.state, noted.ended_by, noted.case_id) == ("gone", school.county.actor("officer.a").name, case_id)
    class_id = row(Student, Student.id == pupil).class_id
    back = school.through("back-to-school", {"effective_on": date(2026, 11, 2), "to_class": class_id, "guardian": "庹建国（父亲）"}, evidence=("application",), today=date(2026, 11, 2))
    assert standing(pupil) == ("01", before[1], [("dropout", "ended", FIRST, None, date(2026, 11, 2))])
    assert lines(back) == [("12", 1)]


def test_the_report_is_undone_and_the_absence_goes_on(school):
    pupil = school.pupil()
    before = standing(pupil)
    case_id = reported(school)
    paper = row(Paper, Paper.case_id == case_id)
    reversals.reverse(case_id, "报错学生：姐妹同班", actor=school.county.actor("officer.a"), today=TWENTIETH, now=NOW)
    assert standing(pupil) == (before[0], before[1], [("dropout", "void", FIRST, None, TWENTIETH)])
    assert row(AbsenceNote, AbsenceNote.student_id == pupil).state == "open"
    assert lines(case_id) == [("28", -1), ("98", 1)]
    assert row(Paper, Paper.id == paper.id).state == "voided"


def test_the_paper_tells_the_absence_the_visits_and_who_agreed(school):
    case_id = reported(school)
    paper = row(Paper, Paper.case_id == case_id)
    told = papers.facts_of(paper)
    assert (paper.kind, paper.number) == ("dropout_report", "竹辍字〔2026〕第00001号")
    assert {name: told[name] for name in ("name", "absent_from", "days", "reason", "whereabouts", "measures", "noted_by")} == {
        "name": "庹思远", "absent_from": "2026-09-07", "days": "20", "reason": "外出务工（含随父母外出）", "whereabouts": "随父母在广东务工", "measures": "继续联系家长", "noted_by": "庹明慧"}
    assert told["visits"] == [{"on": "2026-09-14", "who": "班主任柯文静、副校长余正德", "how": "入户家访", "result": "家长答应国庆后送回"}]
    assert {side: (told[side]["name"], told[side]["opinion"]) for side in ("school", "office")} == {
        "school": ("竹山县堵河路小学", "情况属实"), "office": ("竹山县教育局", "同意")}
    pdf = papers.draw(paper.id, actor=school.county.actor("registrar.a1"), now=datetime(2026, 10, 9, 9))
    assert pdf.startswith(b"%PDF")


# ---------------------------------------------------------------- what a report has to wait for

@pytest.mark.parametrize(("today", "sentence"), [
    (date(2026, 10, 8), "从2026年9月7日起缺课 19 个上课日，不足 20 个上课日"), (TWENTIETH, None),
])
def test_a_child_is_reported_on_the_twentieth_school_day_missed_not_before(school, today, sentence):
    visit(school, note(school))
    plan = changes.preview("dropout", school.pupil(), Asked(GONE, PAPERS), actor=school.county.actor("registrar.a1"), today=today)
    found = {one.check: one for one in plan.findings}["absence"]
    assert (found.level, found.sentence) == (("block", sentence) if sentence else ("pass", "从2026年9月7日起缺课 20 个上课日"))
    assert found.cure == ("2026年10月9日满 20 个上课日，仍未返校的再报告" if sentence else "")


def test_a_report_without_absence_visit_or_whereabouts_says_all_of_it_at_once(school):
    assert "没有这名学生的缺课登记" in refused(lambda: school.ask("dropout", GONE, evidence=PAPERS))
    note(school)
    told = refused(lambda: school.ask("dropout", GONE | {"whereabouts": ""}, evidence=PAPERS, today=TWENTIETH))
    assert "劝返 0 次，报告前至少劝返 1 次" in told and "请写明学生现在的去向" in told


def test_who_goes_to_school_elsewhere_is_no_dropout(school):
    visit(school, note(school))
    assert "转到外地就读的是转学，不按流失报告" in refused(lambda: school.ask("dropout", GONE | {"reason": "10"}, evidence=PAPERS, today=TWENTIETH))


def test_a_child_who_came_back_meanwhile_is_not_reported_by_an_old_application(school):
    note_id = visit(school, note(school))
    case_id = school.ask("dropout", GONE, evidence=PAPERS, today=TWENTIETH)
    school.act(case_id, today=TWENTIETH)
    absences.come_back(note_id, date(2026, 10, 8), "家长送回", actor=school.county.actor("registrar.a1"), today=TWENTIETH, now=NOW)
    with pytest.raises(MovedOn, match="缺课在报告以后已经结束"):
        school.act(case_id, today=TWENTIETH)


@pytest.mark.parametrize(("today", "level"), [(date(2027, 1, 21), "block"), (date(2027, 1, 22), "pass")])
def test_two_weeks_after_the_end_of_a_suspension_a_child_who_is_not_back_is_reported(school, today, level):
    suspended = {"reason": "99", "explanation": "家庭变故", "from_on": date(2026, 9, 7), "until_on": date(2027, 1, 7), "guardian": "庹建国（父亲）"}
    school.through("suspension", suspended, evidence=("application", "other"))
    visit_on = date(2027, 1, 12)
    actor = school.county.actor("registrar.a1")
    note_id = absences.note(school.pupil(), date(2027, 1, 8), "", actor=actor, today=visit_on, now=NOW)
    absences.visit(note_id, Visited(visit_on, "柯文静", "phone", "无人接听"), actor=actor, today=visit_on, now=NOW)
    plan = changes.preview("dropout", school.pupil(), Asked(GONE, PAPERS), actor=actor, today=today)
    found = {one.check: one for one in plan.findings}
    assert (found["not_back"].level, found["not_back"].article, found["visits"].level) == (level, "《江苏省中小学生学籍管理规定》（2023年）", "pass")
    if level == "pass":
        school.through("dropout", GONE, evidence=PAPERS, today=today)
        assert standing(school.pupil())[2] == [("suspension", "ended", date(2026, 9, 7), date(2027, 1, 7), today), ("dropout", "open", date(2027, 1, 8), None, None)]


def test_an_absence_ends_with_a_suspension_and_goes_on_when_that_is_undone(school):
    note_id = note(school)
    suspended = {"reason": "99", "explanation": "家庭变故", "from_on": date(2026, 9, 7), "until_on": date(2027, 1, 7), "guardian": "庹建国（父亲）"}
    case_id = school.through("suspension", suspended, evidence=("application", "other"))
    assert row(AbsenceNote, AbsenceNote.id == note_id).state == "gone"
    assert refused(lambda: note(school, first=date(2026, 9, 8))) == "庹思远在休学，到2027年1月7日期满，期满没有复学的才登记缺课"
    reversals.reverse(case_id, "录错学生", actor=school.county.actor("officer.a"), today=school.today, now=NOW)
    told = row(AbsenceNote, AbsenceNote.id == note_id)
    assert (told.state, told.ended_on, told.case_id) == ("open", None, None)


@pytest.mark.parametrize(("born", "until"), [(date(2010, 8, 31), date(2026, 8, 31)), (date(2010, 9, 1), date(2027, 8, 31)), (date(2011, 1, 1), date(2027, 8, 31))])
def test_the_record_is_kept_to_the_end_of_the_school_year_in_which_the_child_turns_sixteen(born, until):
    assert kept_until(born, make_policy()) == until


@pytest.mark.parametrize(("day", "years"), [(date(2026, 12, 7), {0}), (date(2026, 12, 8), {0, -1})])
def test_after_three_months_away_the_next_lower_grade_is_open_too(school, day, years):
    pupil = school.pupil("rare.ext-e")
    visit(school, note(school, "rare.ext-e"))
    school.through("dropout", GONE, pupil="rare.ext-e", evidence=PAPERS, today=TWENTIETH)
    levels = {}
    for change, year in ((0, 3), (-1, 2), (1, 4)):
        asked = Asked({"effective_on": day, "to_class": school.county.class_("a1", year=year), "guardian": "家长"}, ("application",))
        plan = changes.preview("back-to-school", pupil, asked, actor=school.county.actor("registrar.a1"), today=day)
        levels[change] = {one.check: one.level for one in plan.findings}["grade"]
    assert {change for change, level in levels.items() if level == "pass"} == years


# ---------------------------------------------------------------- noting

def test_a_class_teacher_notes_visits_and_reports_for_her_own_class_alone(school):
    pupil = db.session.execute(select(Student.id).where(Student.class_id == school.county.actor("teacher.a1").class_id, Student.status == "01").order_by(Student.id)).scalars().first()
    teacher = school.county.actor("teacher.a1")
    note_id = absences.note(pupil, FIRST, "", actor=teacher, today=school.today, now=NOW)
    absences.visit(note_id, Visited(date(2026, 9, 10), "柯文静", "phone", "家长未接"), actor=teacher, today=school.today, now=NOW)
    absences.report(note_id, Report("01", "在家", "不愿上学"), actor=teacher, now=NOW)
    events = db.session.execute(select(Event.name).where(Event.name.like("absence.%")).order_by(Event.seq)).scalars().all()
    assert events == ["absence.noted", "absence.visited", "absence.reported"]
    assert row(AbsenceNote, AbsenceNote.id == note_id).reported_by == teacher.name
    other = db.session.execute(select(Student.id).where(Student.class_id == school.county.class_("a1", year=3), Student.status == "01").order_by(Student.id)).scalars().first()
    with pytest.raises(NotFound):
        absences.note(other, FIRST, "", actor=teacher, today=school.today, now=NOW)
    with pytest.raises(NotFound):
        absences.come_back(note_id, date(2026, 9, 11), "", actor=school.county.actor("registrar.b1"), today=school.today, now=NOW)
    with pytest.raises(NotAllowed):
        absences.visit(note_id, Visited(FIRST, "x", "phone", "x"), actor=school.county.actor("officer.a"), today=school.today, now=NOW)


@pytest.mark.parametrize(("first", "sentence"), [
    (None, "请填写第一个没有到校的上课日，如 2026年9月1日"), (date(2026, 9, 12), "缺课日期不能晚于今天"),
    (date(2026, 9, 6), "2026年9月6日不是上课日（休息日、节假日，或不在学期内），请填写第一个没有到校的上课日"),
])
def test_the_first_day_missed_is_a_school_day_that_has_been(school, first, sentence):
    assert refused(lambda: note(school, first=first, today=school.today)) == sentence


def test_a_pupil_has_one_absence_at_a_time_and_a_new_one_after_it_ended(school):
    note_id = note(school)
    assert refused(lambda: note(school)) == "庹思远的缺课已由庹明慧登记（从2026年9月7日起），请在那里登记劝返"
    actor = school.county.actor("registrar.a1")
    absences.come_back(note_id, date(2026, 9, 16), "", actor=actor, today=TWENTIETH, now=NOW)
    assert refused(lambda: note(school, first=date(2026, 9, 15))) == "庹思远上一次缺课在2026年9月16日返校，缺课日期不能早于这一天"
    with pytest.raises(MovedOn, match="这次缺课已返校"):
        visit(school, note_id)
    assert note(school, first=date(2026, 9, 17)) != note_id


def test_a_visit_says_when_who_how_and_what_came_of_it(school):
    note_id = note(school)
    with pytest.raises(Refusals) as told:
        absences.visit(note_id, Visited(date(2026, 9, 6), "", "", ""), actor=school.county.actor("registrar.a1"), today=TWENTIETH, now=NOW)
    assert [one.field for one in told.value.refusals] == ["visited_on", "visitors", "manner", "result"]
