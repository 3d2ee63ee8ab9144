"""合并重复学籍 told from the application to the effect and back: within one county, and between two."""

from datetime import date

import pytest
from sqlalchemy import select

from app.errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from app.extensions import db
from app.identity.dates import chinese
from app.models import AbsenceNote, Body, Case, CaseParty, Enrolment, Event, EventSubject, Movement, NearNumber, PersonNumber, ProblemRecord, Student
from app.services import transactions
from app.services.administration import nightly
from app.services.casework import cases, reversals
from app.services.casework.cases import Words
from app.services.intake import enrolments
from app.services.paperwork import paper_pages, pupil_papers
from app.services.problem_records import merges, problems
from app.services.problem_records.problems import Found
from app.services.pupils import conduct, finding, records, student_pages, timelines
from app.services.schools import class_moves
from app.services.standing import absences, changes
from app.services.standing.changes import Asked
from app.services.transfer import pupil_lookup, transfers, whole_classes
from app.services.transfer.transfers import Request
from tests.answers import answers
from tests.cast import new_pupil
from tests.office import case, row
from tests.services.test_conduct import MARK, PRIZE
from tests.services.test_status_changes import NOW
from tests.transfer_office import ASKED, change

WORDS = "两校核对户口簿，是同一名学生，2025年随父母到县城就读"
WHO = ("name", "sex", "birth_date", "name_sort", "name_pinyin")


@pytest.fixture
def two(county, today):
    return Two(county, today)


class Two:
    """A child of a1 who has another record: at a2, or at the school that is named. The other one has neither number nor document."""

    def __init__(self, county, today):
        self.county, self.today = county, today
        self.kept = county.pupil("common.1")
        self.other = None

    def at(self, school="a3", numbered=False):
        self.other = db.session.scalars(
            select(Student.id).where(Student.school_id == self.county.body(school), Student.status == "01", Student.id_doc_no_index.is_not(None)).order_by(Student.id)).first()
        kept = row(Student, Student.id == self.kept)
        change(Student, self.other, **{name: getattr(kept, name) for name in WHO})
        if not numbered:
            bare(self.other)
        return self

    def apply(self, kept=None, other=None, by="officer.a", words=WORDS):
        return merges.apply(kept or self.kept, other or self.other, words, actor=self.county.actor(by), today=self.today, now=NOW)

    def decide(self, case_id, by="officer2.a", action="approve", words=Words()):
        return cases.act(case_id, action, actor=self.county.actor(by), version=case(case_id).version, today=self.today, now=NOW, words=words)

    def through(self, **rest):
        second = rest.pop("second", "officer2.a")
        case_id = self.apply(**rest)
        self.decide(case_id, second)
        return case_id

    def undo(self, case_id, by="officer2.a"):
        return reversals.reverse(case_id, "不是同一人，是堂兄弟", actor=self.county.actor(by), today=self.today, now=NOW)


@transactions.writes(traced=False)
def bare(s, student_id):
    from sqlalchemy import delete, update

    s.execute(update(Student).where(Student.id == student_id).values(id_doc_no_sealed=None, id_doc_no_index=None, main_number_sealed=None))
    s.execute(delete(PersonNumber).where(PersonNumber.student_id == student_id, PersonNumber.kind == "id_doc"))
    s.execute(delete(NearNumber).where(NearNumber.student_id == student_id))


def standing(student_id):
    student = row(Student, Student.id == student_id)
    spell = db.session.execute(select(Enrolment.state, Enrolment.left_by).where(Enrolment.student_id == student_id).order_by(Enrolment.from_on.desc(), Enrolment.id.desc())).first()
    return student.lifecycle, student.status, student.merged_into_id, tuple(spell)


def registry():
    return {(one.kind, bytes(one.index)): one.student_id for one in db.session.execute(select(PersonNumber.kind, PersonNumber.index, PersonNumber.student_id))}


def near():
    return {(bytes(one.key), one.student_id) for one in db.session.execute(select(NearNumber.key, NearNumber.student_id))}


def lines(case_id):
    return [tuple(one) for one in db.session.execute(select(Movement.code, Movement.number).where(Movement.case_id == case_id).order_by(Movement.id))]


def parties(case_id):
    return set(db.session.scalars(select(Body.key).join(CaseParty, CaseParty.body_id == Body.id).where(CaseParty.case_id == case_id)))


def mended(county):
    """How many tallies do not agree with the register."""
    return nightly.recount(county.body("a"))


def test_one_record_survives_and_the_other_points_to_it(two):
    two.at()
    before = standing(two.other)
    case_id = two.apply()
    assert (case(case_id).state, case(case_id).step, standing(two.other)) == ("open", "county", before)
    two.decide(case_id)
    assert case(case_id).state == "effective"
    assert standing(two.other) == ("merged", "93", two.kept, ("closed", "93"))
    assert standing(two.kept)[:3] == ("live", "01", None)
    assert lines(case_id) == [("93", -1)] and mended(two.county) == 0
    assert parties(case_id) == {"a1", "a3", "a"}


def test_an_absence_of_the_closed_record_is_over_with_it_and_goes_on_when_undone(two):
    two.at()
    day = date(2026, 9, 7)
    note_id = absences.note(two.other, day, "家长称外出", actor=two.county.actor("registrar.a3"), today=two.today, now=NOW)
    case_id = two.through()
    note = row(AbsenceNote, AbsenceNote.id == note_id)
    assert (note.state, note.ended_on, note.case_id) == ("gone", NOW.date(), case_id)
    two.undo(case_id)
    note = row(AbsenceNote, AbsenceNote.id == note_id)
    assert (note.state, note.ended_on, note.case_id) == ("open", None, None)


def test_undone_there_are_two_records_as_before(two):
    two.at(numbered=True)
    before, numbers, close, kept = standing(two.other), registry(), near(), records.load(db.session, two.kept)
    case_id = two.through()
    two.undo(case_id)
    assert (case(case_id).state, standing(two.other), registry(), near()) == ("voided", before, numbers, close)
    assert lines(case_id) == [("93", -1), ("98", 1)] and mended(two.county) == 0
    after = records.load(db.session, two.kept)
    assert {name for name in kept if kept[name] != after[name]} == {"version", "updated_at", "updated_by_id"}


def test_every_number_of_the_closed_record_leads_to_the_one_that_survives(two):
    two.at(numbered=True)
    old = records.load(db.session, two.other)
    two.through()
    for name in ("officer.a", "registrar.a1"):
        for number in (old["national_no"], old["id_doc_no"]):
            assert finding.only_one(two.county.actor(name), number) == two.kept
    assert finding.only_one(two.county.actor("registrar.a3"), old["national_no"]) == two.other  # who sees her old record alone finds that, with its pointer
    with pytest.raises(Refusals, match="已有学籍"):
        enrolments.apply(new_pupil(3, id_doc_no=old["id_doc_no"]) | {name: old[name] for name in ("name", "sex", "birth_date")}, two.county.class_("a1", number=2),
                         actor=two.county.actor("registrar.a1"), today=two.today, now=NOW)


def test_a_number_that_the_survivor_lacks_comes_over_and_goes_back(two):
    two.at()
    numbers = records.load(db.session, two.kept)
    case_id = two.through(kept=two.other, other=two.kept)
    got = records.load(db.session, two.other)
    assert {name: got[name] for name in ("id_doc_type", "id_doc_no", "main_number")} == {name: numbers[name] for name in ("id_doc_type", "id_doc_no", "main_number")}
    assert {holder for (kind, _), holder in registry().items() if kind == "id_doc" and holder in (two.kept, two.other)} == {two.other}
    assert {holder for _, holder in near() if holder in (two.kept, two.other)} == {two.other}
    two.undo(case_id)
    assert records.load(db.session, two.other)["id_doc_no"] is None
    assert {holder for _, holder in near() if holder in (two.kept, two.other)} == {two.kept}


def test_awards_papers_and_spells_are_shown_under_the_survivor(two):
    two.at()
    theirs, ours = two.county.actor("registrar.a3"), two.county.actor("registrar.a1")
    conduct.give(two.other, PRIZE, actor=theirs, today=two.today, now=NOW)
    conduct.give(two.other, MARK, actor=theirs, today=two.today, now=NOW)
    paper_id, _ = pupil_papers.issue("enrolment_certificate", [two.other], {"purpose": "办理医保"}, actor=theirs, today=two.today, now=NOW)
    case_id = two.through()
    shown = student_pages.page_of(ours, two.kept, today=two.today)
    assert [(one["what"], one["student_id"]) for one in shown.conduct] == [("记过", two.other), ("三好学生", two.other)]
    assert [one.id for one in shown.papers] == [paper_id]
    assert {one["student_id"] for one in shown.spells} == {two.kept, two.other}
    assert case_id in [one.id for one in shown.cases]
    assert paper_pages.shown(ours, paper_id, today=two.today)[0].student_id == two.other
    assert conduct.punished(db.session, two.kept)
    mark = shown.conduct[0]["id"]
    assert conduct.lift(mark, two.today, "堵小〔2026〕9号", actor=ours, today=two.today, now=NOW) == two.kept
    assert not conduct.punished(db.session, two.kept)
    closed = student_pages.page_of(theirs, two.other, today=two.today)
    assert (closed.kept.school, closed.kept.seen) == ("竹山县堵河路小学", False)
    assert student_pages.page_of(two.county.actor("officer.a"), two.other, today=two.today).kept.seen


def test_both_problem_records_are_closed_and_open_again_when_it_is_undone(two):
    two.at()
    found = Found("05", date(2026, 9, 10), "check", "姓名、性别、出生日期相同", other_no=records.load(db.session, two.other)["national_no"])
    problems.mark(two.kept, found, actor=two.county.actor("officer.a"), today=two.today, now=NOW)
    problems.mark(two.kept, Found("03", date(2026, 9, 10), explanation="比对不符"), actor=two.county.actor("officer.a"), today=two.today, now=NOW)

    def states():
        return [(one.student_id == two.kept, one.kind, one.state, one.resolution, one.case_id) for one in db.session.scalars(
            select(ProblemRecord).order_by(ProblemRecord.kind, ProblemRecord.id).execution_options(populate_existing=True))]

    before = states()
    case_id = two.through()
    assert states() == [(True, "03", "open", "", None), (True, "05", "closed", "92", case_id), (False, "05", "closed", "92", case_id)]
    two.undo(case_id)
    assert states() == before


def test_between_two_counties_the_other_one_agrees(two):
    two.at("b1")
    case_id = two.apply()
    here = case(case_id)
    assert (here.step, here.seat_body_id, here.seat_duty) == ("from_county", two.county.body("b"), "county_officer")
    assert parties(case_id) == {"a1", "b1", "a", "b"}
    with pytest.raises(NotAllowed, match="现在由"):
        two.decide(case_id, "officer2.a")
    two.decide(case_id, "officer.b")
    assert standing(two.other)[:3] == ("merged", "93", two.kept)
    told = db.session.execute(select(Event.chain_id, Event.name).where(Event.name.in_(("case.started", "case.acted"))).order_by(Event.id.desc()).limit(4)).all()
    assert {tuple(one) for one in told} == {(two.county.body(key), name) for key in ("a", "b") for name in ("case.started", "case.acted")}
    subjects = set(db.session.scalars(select(EventSubject.student_id).join(Event, Event.id == EventSubject.event_id).where(Event.name == "case.acted")))
    assert {two.kept, two.other} <= subjects
    assert timelines.of_student(two.kept, 1)[0].what == timelines.of_student(two.other, 1)[0].what == "合并重复学籍，并入学籍的主管部门核办：同意合并，立即生效"
    with pytest.raises(NotAllowed, match="只能由最后核办"):
        two.undo(case_id, "officer.a")
    two.undo(case_id, "officer.b")
    assert standing(two.other)[0] == "live"
    assert finding.only_one(two.county.actor("officer.b"), records.load(db.session, two.other)["national_no"]) == two.other


def test_the_county_that_gives_its_record_up_begins_and_the_other_agrees(two):
    two.at("b1")
    case_id = two.apply(by="officer.b")
    assert (case(case_id).step, case(case_id).school_id, case(case_id).seat_body_id) == ("to_county", two.county.body("b1"), two.county.body("a"))


def test_a_third_record_is_merged_into_the_survivor_of_two(two):
    two.at()
    second, third = two.kept, two.other
    two.at("a1")
    first = two.other
    old = records.load(db.session, third)["national_no"]
    two.through(kept=second, other=third)
    later = two.through(kept=first, other=second)
    assert [standing(one)[2] for one in (second, third)] == [first, first]
    assert finding.only_one(two.county.actor("officer.a"), old) == first
    two.undo(later)
    assert [standing(one)[2] for one in (second, third)] == [None, second]
    assert finding.only_one(two.county.actor("officer.a"), old) == second


@pytest.mark.parametrize(("what", "sentence"), [
    (lambda two: two.apply(words=""), "请写明怎样核实是同一名学生"),
    (lambda two: two.apply(words="核" * 201), "核实情况最多 200 个字，请写短一些"),
    (lambda two: two.apply(other=two.kept), "两份学籍是同一份，没有要合并的"),
    (lambda two: (change(Student, two.kept, lifecycle="left", status="10"), two.apply()), "要保留的学籍是“转学（转出）”，另一份在校。请保留在校的一份，另一份的经历会一并显示"),
    (lambda two: (change(Student, two.other, lifecycle="cancelled", status="11"), two.apply()), "并入的学籍已注销，不能合并。请核对两份学籍"),
    (lambda two: (change(Student, two.other, name="张三", sex="1", birth_date=date(2018, 1, 1)), two.apply()), "姓名、性别、出生日期都不同。请核对是不是同一名学生；信息有误的先办理关键信息变更"),
    (lambda two: (two.apply(), two.apply()), "保留的学籍有未办结的业务：合并重复学籍"),
    (lambda two: two.decide(two.apply(), "officer.a"), "申请人不能审核自己的申请"),
])
def test_what_bars_it_is_told_with_its_cure(two, what, sentence):
    two.at()
    with pytest.raises(Refusal) as told:
        what(two)
    assert str(told.value).startswith(sentence)


def test_only_the_bureau_of_one_of_the_two_begins_it(two):
    two.at("b1")
    for name, error in (("officer.c", NotFound), ("registrar.a1", NotAllowed)):
        with pytest.raises(error):
            two.apply(by=name)


def test_what_happened_meanwhile_stops_it(two):
    two.at()
    case_id = two.apply()
    change(Student, two.other, lifecycle="cancelled", status="11")
    with pytest.raises(MovedOn, match="两份学籍在申请以后变了：并入的学籍已注销，不能合并"):
        two.decide(case_id)


def test_refused_it_leaves_both_as_they_are(two):
    two.at()
    before = [standing(one) for one in (two.kept, two.other)]
    case_id = two.apply()
    two.decide(case_id, action="refuse", words=Words(reason="01", note="是堂兄弟"))
    assert (case(case_id).state, [standing(one) for one in (two.kept, two.other)]) == ("rejected", before)


def test_what_stands_on_the_survivor_has_to_be_undone_first(two):
    two.at()
    case_id = two.through()
    two.at("a1")
    later = two.apply(kept=two.other, other=two.kept)
    two.other = case(case_id).student_id
    with pytest.raises(Refusal) as told:
        two.undo(case_id)
    assert str(told.value) == f"保留的学籍以后又有竹山县堵河路小学的合并重复学籍（{case(later).number}，{chinese(two.today)}申请，在办），请先撤销它，不能撤销合并重复学籍"


def test_while_it_is_under_way_neither_record_takes_another(two):
    """一名学生同时只办一件业务: the record that survives is held by it as the other is."""
    two.at()
    number = case(two.apply()).number
    registrar, head = two.county.actor("registrar.a1"), two.county.actor("head.a1")
    told = answers("death", two.kept, today=two.today, registrar=registrar)
    for kind in ("suspension", "poverty"):
        asked = Asked(answers(kind, two.kept, today=two.today, registrar=registrar))
        with pytest.raises(Refusals, match=f"已有未办结的业务：合并重复学籍（{number}"):
            changes.apply(kind, two.kept, asked, actor=registrar, today=two.today, now=NOW)
    with pytest.raises(Refusals, match=f"张梓涵有在办业务（{number}），请办结后再调班"):
        class_moves.move(row(Student, Student.id == two.kept).class_id, [two.kept], two.county.class_("a1", number=2), actor=registrar, today=two.today, now=NOW)
    clerk = two.county.actor("registrar.b1")
    request = Request(asked=ASKED, token=pupil_lookup.token(two.kept, clerk), class_id=two.county.class_("b1"))
    with pytest.raises(Refusals, match=f"已有未办结的业务：{number}（合并重复学籍）"):
        transfers.apply(request, actor=clerk, today=two.today, now=NOW)
    assert [why for one, why in whole_classes.of_class(db.session, two.county.class_("a1"))[1] if one.id == two.kept] == [f"有在办业务 {number}"]
    dead = changes.apply("death", two.kept, Asked(told), actor=registrar, today=two.today, now=NOW)
    for who in (head, two.county.actor("officer.a")):
        cases.act(dead, "approve", actor=who, version=case(dead).version, today=two.today, now=NOW)
    assert row(Case, Case.number == number).state == "cleared"


def test_a_change_before_it_is_not_undone_under_it(two):
    """DECIDED 16: later cases block, on whichever of the two records they rest."""
    two.at()
    registrar = two.county.actor("registrar.a1")
    poor = changes.apply("poverty", two.kept, Asked(answers("poverty", two.kept, today=two.today, registrar=registrar)), actor=registrar, today=two.today, now=NOW)
    for who in ("head.a1", "officer.a"):
        cases.act(poor, "approve", actor=two.county.actor(who), version=case(poor).version, today=two.today, now=NOW)
    number = case(two.through()).number
    with pytest.raises(Refusals, match=f"以后又有竹山县堵河路小学的合并重复学籍（{number}，{chinese(two.today)}生效），请先撤销它"):
        reversals.reverse(poor, "误办", actor=two.county.actor("officer.a"), today=two.today, now=NOW)
