"""The papers of 休学, 续休, 复学, 出国（境）, 死亡, 丧失学习能力, from the act that issues them to the undoing that ends them."""

from datetime import date

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Event, Paper, Student
from app.services.casework import cases, evidence, reversals
from app.services.paperwork import paper_pages, papers
from app.services.standing import change_forms
from app.services.standing.changes import Asked
from app.workflow.changes import STATUS_CHANGES
from tests.office import case, row
from tests.services.test_status_changes import ILL, NOW, School
from tests.test_pictures import picture

NOVEMBER = date(2026, 11, 20)


@pytest.fixture
def school(county, today):
    return School(county, today)


def issued(pupil):
    return [tuple(one) for one in db.session.execute(select(Paper.kind, Paper.number, Paper.state).where(Paper.student_id == pupil).order_by(Paper.id))]


def told(case_id):
    return papers.facts_of(row(Paper, Paper.case_id == case_id))


def undo(school, case_id, today=None):
    reversals.reverse(case_id, "录错学生", actor=school.county.actor("officer.a"), today=today or school.today, now=NOW)


def renew(school, today=date(2027, 3, 1), until=date(2027, 6, 7)):
    return school.through("suspension-renewal", ILL | {"until_on": until}, evidence=("application", "diagnosis"), today=today)


def back(school, today=NOVEMBER):
    class_id = row(Student, Student.id == school.pupil()).class_id
    return school.through("resumption", {"to_class": class_id, "effective_on": today, "hospital": "竹山县人民医院"}, evidence=("application", "recovery"), today=today)


def test_a_suspension_is_certified_from_what_was_asked_and_agreed(school):
    case_id = school.through("suspension", ILL)

    facts = told(case_id)
    assert {name: facts[name] for name in ("variant", "number", "name", "class_title", "reason", "from_on", "until_on", "applied_on", "approved_on", "remark", "case_no")} == {
        "variant": "leaving", "number": "竹休字〔2026〕第00001号", "name": "庹思远", "class_title": "二年级1班", "reason": "疾病", "from_on": "2026-09-07",
        "until_on": "2027-03-07", "applied_on": "2026-09-11", "approved_on": "2026-09-11", "remark": "", "case_no": case(case_id).number}
    assert {side: (facts[side]["name"], facts[side]["opinion"], facts[side]["decided_on"]) for side in ("school", "office")} == {
        "school": ("竹山县堵河路小学", "情况属实", "2026-09-11"), "office": ("竹山县教育局", "同意", "2026-09-11")}
    assert papers.draw(row(Paper, Paper.case_id == case_id).id, actor=school.county.actor("registrar.a1"), now=NOW).startswith(b"%PDF")


def test_other_reasons_stand_on_the_certificate_in_their_own_words_where_they_are_short(school):
    case_id = school.through("suspension", ILL | {"reason": "99", "explanation": "家庭变故"}, evidence=("application", "other"))
    assert told(case_id)["reason"] == "家庭变故"


def test_a_renewal_has_a_certificate_of_its_own_that_names_the_one_before(school):
    pupil, first = school.pupil(), school.through("suspension", ILL)
    again = renew(school)

    facts = told(again)
    assert (facts["from_on"], facts["until_on"], facts["remark"]) == ("2026-09-07", "2027-06-07", "续休第 1 次，原休学证明 竹休字〔2026〕第00001号")
    assert issued(pupil) == [("suspension_certificate", "竹休字〔2026〕第00001号", "valid"), ("suspension_certificate", "竹休字〔2027〕第00001号", "valid")]
    undo(school, again, date(2027, 3, 2))
    assert issued(pupil) == [("suspension_certificate", "竹休字〔2026〕第00001号", "valid"), ("suspension_certificate", "竹休字〔2027〕第00001号", "voided")]
    assert row(Paper, Paper.case_id == first).state == "valid"


def test_a_return_is_certified_with_the_certificate_it_ends_and_undone_with_it(school):
    pupil, first = school.pupil(), school.through("suspension", ILL)
    again = back(school)

    facts = told(again)
    assert {name: facts[name] for name in ("variant", "number", "certificate_no", "class_title", "reason", "from_on", "until_on", "effective_on")} == {
        "variant": "returning", "number": "竹复字〔2026〕第00001号", "certificate_no": "竹休字〔2026〕第00001号", "class_title": "二年级1班", "reason": "疾病",
        "from_on": "2026-09-07", "until_on": "2027-03-07", "effective_on": "2026-11-20"}
    assert facts["evidence"] == "竹山县人民医院"  # no scan was brought: nothing is announced by a colon
    undo(school, again, NOVEMBER)
    undo(school, first, NOVEMBER)
    assert issued(pupil) == [("suspension_certificate", "竹休字〔2026〕第00001号", "voided"), ("resumption_certificate", "竹复字〔2026〕第00001号", "voided")]
    undone = db.session.execute(select(Paper.end_reason).where(Paper.case_id == first)).scalar_one()
    assert undone == "撤销休学：录错学生"


def test_a_certificate_lost_and_issued_again_is_the_one_that_the_return_names(school):
    first = row(Paper, Paper.case_id == school.through("suspension", ILL))
    papers.reissue(first.id, "原件遗失", actor=school.county.actor("registrar.a1"), now=NOW)
    assert told(back(school))["certificate_no"] == "补　竹休字〔2026〕第00001号"


def test_who_has_no_certificate_any_more_comes_back_with_the_reason_on_record(school):
    first = row(Paper, Paper.case_id == school.through("suspension", ILL))
    papers.void(first.id, "印错", actor=school.county.actor("head.a1"), now=NOW)
    facts = told(back(school))
    assert (facts["certificate_no"], facts["reason"]) == ("", "疾病")


def test_what_was_handed_in_stands_on_the_certificate_each_kind_once(school):
    case_id = school.ask("suspension", ILL)
    for kind in ("history", "diagnosis", "history"):
        evidence.attach(case_id, kind, "材料.jpg", picture(), actor=school.county.actor("registrar.a1"), today=school.today, now=NOW)
    school.act(case_id)
    school.act(case_id)
    assert told(case_id)["evidence"] == "县级以上医院诊断证明、病历"


def test_the_proof_of_recovery_stands_behind_the_hospital_that_gave_it(school):
    school.through("suspension", ILL)
    class_id = row(Student, Student.id == school.pupil()).class_id
    case_id = school.ask("resumption", {"to_class": class_id, "effective_on": school.today, "hospital": "竹山县人民医院"}, evidence=("application", "recovery"))
    evidence.attach(case_id, "recovery", "证明.jpg", picture(), actor=school.county.actor("registrar.a1"), today=school.today, now=NOW)
    school.act(case_id)
    school.act(case_id)
    assert told(case_id)["evidence"] == "竹山县人民医院：县级以上医院康复证明"


def test_each_certificate_takes_the_next_number_and_an_application_refused_takes_none(school):
    first, refused, third = (school.ask("suspension", ILL, pupil=pupil) for pupil in ("twin.1", "rare.ext-b", "rare.ext-e"))
    for case_id in (first, refused, third):
        school.act(case_id)
    school.act(first)
    school.act(refused, "refuse", words=cases.Words(reason="02", note="材料不全"))
    school.act(third)
    assert [told(one)["number"] for one in (first, third)] == ["竹休字〔2026〕第00001号", "竹休字〔2026〕第00002号"]
    assert db.session.execute(select(Paper.id).where(Paper.case_id == refused)).all() == []


def test_a_death_has_its_cancellation_and_the_undoing_voids_it(school):
    pupil = school.pupil()
    case_id = school.through("death", {"effective_on": date(2026, 9, 10), "reason": "41", "explanation": ""}, evidence=("proof",))

    facts = told(case_id)
    assert {name: facts[name] for name in ("variant", "number", "why", "name", "class_title", "effective_on", "approved_on")} == {
        "variant": "cancelled", "number": "竹销字〔2026〕第00001号", "why": "死亡", "name": "庹思远", "class_title": "二年级1班", "effective_on": "2026-09-10", "approved_on": "2026-09-11"}
    assert (facts["reason"], facts["guardian"]["relation"]) == ("溺水死亡", "父亲")
    assert papers.draw(row(Paper, Paper.case_id == case_id).id, actor=school.county.actor("registrar.a1"), now=NOW).startswith(b"%PDF")
    undo(school, case_id)
    assert issued(pupil) == [("cancellation", "竹销字〔2026〕第00001号", "voided")]


def test_a_loss_of_ability_has_its_cancellation_with_the_diagnosis(school):
    asked = {"effective_on": date(2026, 9, 10), "hospital": "竹山县人民医院", "diagnosis": "重度脑损伤", "explanation": "", "guardian": "庹建国"}
    facts = told(school.through("loss-of-ability", asked, evidence=("application", "diagnosis", "disability")))
    assert (facts["variant"], facts["why"], facts["reason"]) == ("cancelled", "丧失学习能力", "竹山县人民医院：重度脑损伤")


def test_who_goes_abroad_is_filed_with_country_and_kind(school):
    asked = {"effective_on": date(2026, 9, 11), "country": "392", "abroad_kind": "study", "explanation": "随父母", "guardian": "庹建国"}
    facts = told(school.through("abroad", asked, evidence=("application", "passport", "settlement")))
    assert (facts["number"], facts["variant"], facts["country"], facts["class_title"], facts["explanation"]) == (
        "竹境字〔2026〕第00001号", "abroad", "日本", "二年级1班", "随父母")


def test_the_trace_of_the_act_names_the_paper_and_a_stranger_can_check_it(school, today):
    case_id = school.through("suspension", ILL)
    paper = row(Paper, Paper.case_id == case_id)
    verdict = paper_pages.verify(papers.facts_of(paper)["code"], address="203.0.113.9", today=today, now=NOW)
    assert (verdict.title, verdict.number, verdict.name, verdict.school, verdict.words) == ("休学证明", "竹休字〔2026〕第00001号", "庹*远", "竹山县堵河路小学", "有效")
    last = db.session.execute(select(Event.facts).where(Event.name == "case.acted").order_by(Event.at.desc(), Event.seq.desc()).limit(1)).scalar_one()
    assert "竹休字〔2026〕第00001号" in str(last)


# ---------------------------------------------------------------- 休（复）学申请表

def form_of(school, monkeypatch, act):
    """The facts that the form was drawn from."""
    drawn = []
    monkeypatch.setattr(change_forms, "_drawn", lambda facts: drawn.append(facts) or b"")
    act()
    return drawn[0]


def test_the_application_has_its_upper_half_filled_for_who_leaves(school, monkeypatch):
    asked = Asked(dict(ILL), ("diagnosis", "history"))
    facts = form_of(school, monkeypatch, lambda: change_forms.of_draft("suspension", school.pupil(), asked, actor=school.county.actor("registrar.a1"), now=NOW))

    assert (facts["form"], facts["title"], facts["name"], facts["school"], facts["class_title"], facts["number"]) == (
        "suspension", "湖北省中小学生休（复）学申请表", "庹思远", "竹山县堵河路小学", "二年级1班", "")
    assert facts["leaving"] == {
        "reason": "疾病", "final_grade": "否", "from_on": "2026-09-07", "until_on": "2027-03-07", "hospital": "竹山县人民医院", "diagnosis": "肺炎", "explanation": "",
        "attached": "■县级以上医院诊断证明　■病历　□收费票据　□公安、民政或劳动部门证明　□护照、签证　□校长、班主任签字的意见　□其他材料"}
    assert set(facts["returning"].values()) == {""}


@pytest.mark.parametrize(("year", "cohort", "title"), [(2, "■原年级　□下一届", "二年级1班"), (1, "□原年级　■下一届", "一年级1班")])
def test_the_application_has_its_lower_half_filled_for_who_comes_back(school, monkeypatch, year, cohort, title):
    school.through("suspension", ILL)
    asked = Asked({"effective_on": NOVEMBER, "to_class": school.county.class_("a1", year=year, number=1), "hospital": "竹山县人民医院", "explanation": ""}, ("recovery",))
    facts = form_of(school, monkeypatch, lambda: change_forms.of_draft("resumption", school.pupil(), asked, actor=school.county.actor("registrar.a1"), now=NOW))

    assert facts["returning"] == {
        "certificate_no": "竹休字〔2026〕第00001号", "effective_on": "2026-11-20", "to_class": title, "cohort": cohort, "hospital": "竹山县人民医院", "explanation": "",
        "attached": "■县级以上医院康复证明　□治疗材料　□其他材料"}
    assert (facts["leaving"]["reason"], facts["leaving"]["from_on"], facts["leaving"]["until_on"]) == ("疾病", "2026-09-07", "2027-03-07")


@pytest.mark.parametrize("kind", ["suspension", "suspension-renewal", "resumption"])
def test_an_application_hardly_begun_prints_with_blanks_for_the_pen_and_one_handed_in_with_its_number(school, kind):
    registrar = school.county.actor("registrar.a1")
    if kind != "suspension":
        school.through("suspension", ILL)
    empty = dict.fromkeys(STATUS_CHANGES[kind].asks)
    assert change_forms.of_draft(kind, school.pupil(), Asked(empty), actor=registrar, now=NOW).startswith(b"%PDF")
    case_id = {
        "suspension": lambda: school.ask("suspension", ILL),
        "suspension-renewal": lambda: school.ask(
            "suspension-renewal", ILL | {"until_on": date(2027, 6, 7)}, evidence=("application", "diagnosis"), today=date(2027, 3, 1)),
        "resumption": lambda: school.ask("resumption", {"effective_on": NOVEMBER, "to_class": row(Student, Student.id == school.pupil()).class_id}, evidence=("application", "recovery")),
    }[kind]()
    title, number, pdf = change_forms.of_case(case_id, actor=registrar, now=NOW)
    assert (title, number, pdf[:4]) == ("休（复）学申请表", case(case_id).number, b"%PDF")
