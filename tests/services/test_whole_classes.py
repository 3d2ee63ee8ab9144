"""整班转学: the township of a village point sends its classes to a1: who cannot go stays behind, all others go in one act, with one event and one list; and come back."""

import pytest
from sqlalchemy import func, select

from app.errors import MovedOn, NotAllowed, NotFound, Refusal, Refusals
from app.extensions import db
from app.models import Body, Class, Enrolment, Event, EventSubject, Grade, Paper, Student, Tally
from app.services.casework import case_files, case_pages, reversals
from app.services.casework.cases import Words, act
from app.services.casework.telling import on_list
from app.services.paperwork import class_lists, paper_pages, papers
from app.services.pupils import pupil_history, records
from app.services.schools import class_moves, school_pages
from app.services.standing import balance, changes
from app.services.transfer import whole_classes
from app.services.transfer.whole_classes import Asked
from tests.answers import answers, evidence
from tests.office import case, row
from tests.transfer_office import change, limit, waiting

WHY = {"explanation": "教学点撤并到中心学校", "document": "竹政办函〔2026〕18号"}


@pytest.fixture
def village(county, today, now):
    return Village(county, today, now)


class Village:
    """a5 is the township's; a1 takes its pupils."""

    def __init__(self, county, today, now):
        self.county, self.today, self.now = county, today, now
        self.township, self.officer, self.registrar = (county.actor(name) for name in ("township.a.t1", "officer.a", "registrar.a1"))
        rows = db.session.execute(select(Class.id, Grade.advanced_to).join(Grade, Grade.id == Class.grade_id).where(
            Class.school_id == county.body("a5"), Class.state == "open").order_by(Grade.advanced_to, Class.number)).all()
        self.years = [year for _, year in rows][:2]
        self.old = [class_id for class_id, _ in rows][:2]
        self.new = [county.class_("a1", year=year) for year in self.years]

    def asked(self, **more):
        return Asked(**{"from_school_id": self.county.body("a5"), "to_school_id": self.county.body("a1"), "moves": tuple(zip(self.old, self.new, strict=True)), **WHY, **more})

    def apply(self, **more):
        return whole_classes.apply(self.asked(**more), actor=self.township, today=self.today, now=self.now)

    def act(self, case_id, action, actor, words=Words()):
        return act(case_id, action, actor=actor, version=case(case_id).version, today=self.today, now=self.now, words=words)

    def go(self, **more):
        case_id = self.apply(**more)
        self.act(case_id, "approve", self.registrar)
        self.act(case_id, "approve", self.officer)
        return case_id

    def undo(self, case_id):
        return reversals.reverse(case_id, "批准文件撤回", actor=self.officer, today=self.today, now=self.now)

    def pupils(self):
        """{pupil: (school, class, class_no)} of all whom the two classes hold."""
        ids = getattr(self, "ids", None)
        where = Student.id.in_(ids) if ids else Student.class_id.in_(self.old)
        found = {one.id: tuple(one)[1:] for one in db.session.execute(select(Student.id, Student.school_id, Student.class_id, Student.class_no).where(
            where, Student.lifecycle.in_(("live", "pending"))))}
        self.ids = list(found)
        return found

    def counted(self):
        heads = db.session.execute(select(Class.headcount).where(Class.id.in_([*self.old, *self.new])).order_by(Class.id)).scalars().all()
        tallies = db.session.execute(select(Tally.school_id, Tally.grade_id, Tally.status, func.sum(Tally.number)).where(
            Tally.school_id.in_((self.county.body("a1"), self.county.body("a5")))).group_by(Tally.school_id, Tally.grade_id, Tally.status).having(func.sum(Tally.number) != 0)).all()
        return heads, {tuple(one[:3]): int(one[3]) for one in tallies}

    def states(self):
        return [row(Class, Class.id == class_id).state for class_id in self.old]


def wrong(work, *args, **more):
    with pytest.raises(Refusal) as told:
        work(*args, **more)
    return {one.field: one.sentence for one in getattr(told.value, "refusals", [told.value])}


def test_all_go_in_one_act_and_the_empty_classes_are_closed(village):
    before = village.pupils()
    case_id = village.apply()
    assert (case(case_id).number, case(case_id).step, case(case_id).subject, village.pupils()) == ("竹教整〔2026〕第00001号", "to_registrar", "list", before)
    village.act(case_id, "approve", village.registrar)
    events = db.session.execute(select(func.count()).select_from(Event)).scalar_one()
    village.act(case_id, "approve", village.officer)
    joins = dict(zip(village.old, village.new, strict=True))
    after = village.pupils()
    assert {pupil: (school, class_id) for pupil, (school, class_id, _) in after.items()} == {
        pupil: (village.county.body("a1"), joins[class_id]) for pupil, (_, class_id, _) in before.items()}
    assert (case(case_id).state, village.states()) == ("effective", ["dissolved", "dissolved"])
    assert db.session.execute(select(func.count()).select_from(Event)).scalar_one() == events + 1
    last = db.session.execute(select(Event.id).order_by(Event.id.desc()).limit(1)).scalar_one()
    assert set(db.session.execute(select(EventSubject.student_id).where(EventSubject.event_id == last)).scalars()) == set(before)
    lines = balance.of_case(db.session, case_id)
    assert [sum(one.number for one in lines if one.code == code) for code in ("27", "13")] == [-len(before), len(before)]
    spells = db.session.execute(select(Enrolment.state, Enrolment.left_by, Enrolment.came_by).where(Enrolment.student_id == next(iter(before))).order_by(Enrolment.id)).all()
    assert [tuple(one) for one in spells][-2:] == [("closed", "27", "11"), ("open", "", "13")]


def test_who_cannot_go_stays_behind_with_the_reason(village):
    first = next(iter(village.pupils()))
    change(Student, first, status="02")
    case_id = village.apply()
    listed = school_pages.listed(case_pages.find(village.registrar, case_id))
    assert [why for *_, why in listed if why] == ["学籍状态是“休学”"]
    second = on_list(case(case_id))[0]
    change(Student, second, status="06")  # meanwhile
    village.act(case_id, "approve", village.registrar)
    village.act(case_id, "approve", village.officer)
    stayed = [why for *_, why in school_pages.listed(case_pages.find(village.registrar, case_id)) if why]
    assert sorted(stayed) == ["学籍状态是“休学”", "学籍状态是“流失”"]
    assert village.states()[0] == "open"
    assert [village.pupils()[pupil][0] for pupil in (first, second)] == [village.county.body("a5")] * 2


def test_what_is_wrong_is_told_at_once(village):
    assert wrong(village.apply, moves=(), explanation="", document=" ") == {
        "moves": "请至少为一个班选择转入班级", "explanation": "请写明为什么整班转学，例如“学校撤并，三年级并入城关小学”", "document": "请填写批准文件的名称和文号"}
    assert wrong(village.apply, to_school_id=village.county.body("a5")) == {"to_school": "请选择转入学校，不能与转出学校相同"}
    assert wrong(village.apply, to_school_id=village.county.body("b1")) == {"to_school": "两所学校不归同一个教育局管，不能整班转学。请逐人办理转学"}
    with pytest.raises(NotFound):  # a school of the county that is not the township's
        village.apply(from_school_id=village.county.body("a2"))


def test_another_grade_and_a_full_class_are_refused_and_two_into_one_are_counted_together(village):
    one, _ = village.old
    crossed = tuple(zip(village.old, reversed(village.new), strict=True))
    if village.years[0] != village.years[1]:
        assert "转学不得改变年级" in wrong(village.apply, moves=crossed)[f"class_{one}"]
    heads = row(Class, Class.id == village.new[0]).headcount
    limit(village.new[0], heads)
    assert "超过班额" in wrong(village.apply)[f"class_{one}"]
    limit(village.new[0], None)
    case_id = village.apply()
    limit(village.new[0], heads)
    village.act(case_id, "approve", village.registrar)
    with pytest.raises(Refusals, match="请退回补正，或由教育局调整班额"):
        village.act(case_id, "approve", village.officer)


def test_nobody_moves_in_the_national_pause(village):
    from datetime import date

    village.today = date(2027, 7, 20)
    assert "全国暂停受理转学" in str(wrong(village.apply))


def test_a_class_is_on_one_list_at_a_time(village):
    first = village.apply()
    told = wrong(village.apply)
    assert all(case(first).number in sentence for sentence in told.values()) and len(told) == 2
    village.act(first, "withdraw", village.township)
    assert case(village.apply()).state == "open"


def test_only_the_receiving_school_accepts_and_only_the_township_begins(village):
    case_id = village.apply()
    with pytest.raises(NotAllowed):
        village.act(case_id, "approve", village.officer)
    with pytest.raises(NotAllowed):
        whole_classes.apply(village.asked(), actor=village.registrar, today=village.today, now=village.now)
    village.act(case_id, "return", village.registrar, Words(reason="03", note="二年级请编入2班", mend=("to_class",)))
    assert case(case_id).seat_duty == "township_registrar"
    moves = ((village.old[0], village.new[0]),)
    whole_classes.resubmit(case_id, village.asked(moves=moves), actor=village.township, version=case(case_id).version, today=village.today, now=village.now)
    assert (case(case_id).step, len(case_files.content_of(case(case_id))["classes"])) == ("to_registrar", 1)
    village.act(case_id, "refuse", village.registrar, Words(reason="01", note="没有学位"))
    assert (case(case_id).state, village.states()) == ("rejected", ["open", "open"])


def test_undone_in_bulk_everything_is_as_before(village):
    pupils, counted = village.pupils(), village.counted()
    case_id = village.go()
    assert village.counted() != counted
    done = village.undo(case_id)
    assert (village.pupils(), village.counted(), village.states(), case(case_id).state, case(done).kind) == (pupils, counted, ["open", "open"], "voided", "reversal")
    lines = balance.of_case(db.session, case_id)
    assert sum(one.number for one in lines) == 0
    told = f"{case(case_id).title}的整班转学（{case(case_id).number}）已撤销：批准文件撤回"
    for clerk in (village.township, village.registrar):  # who asked for it, and the school that loses them again
        assert [one.title for one in waiting(clerk) if one.case_id == done] == [told]
    with pytest.raises(Refusal, match="已经撤销的不能再打印"):
        class_lists.draw(case_id, actor=village.registrar, now=village.now)


def test_one_pupil_who_has_moved_on_holds_all_up_and_is_named(village):
    village.pupils()
    case_id = village.go()
    pupil = next(pupil for pupil, (_, class_id, _) in village.pupils().items() if class_id == village.new[0])
    other = db.session.execute(select(Class.id).where(Class.grade_id == row(Class, Class.id == village.new[0]).grade_id, Class.id != village.new[0], Class.state == "open").limit(1)).scalar_one()
    class_moves.move(village.new[0], [pupil], other, actor=village.registrar, today=village.today, now=village.now)
    with pytest.raises(Refusals) as told:
        village.undo(case_id)
    assert [one.sentence for one in told.value.refusals] == [f"{row(Student, Student.id == pupil).name}：转学以后竹山县堵河路小学在 2026年9月11日 给学生调过班，不能撤销转学；需要回原学校的，请办理转学"]


def test_what_was_decided_of_a_pupil_before_cannot_be_undone_under_the_move(village):
    pupil, registrar = min(village.pupils()), village.county.actor("registrar.a5")
    told = answers("problem", pupil, today=village.today, registrar=registrar)
    before = changes.apply("problem", pupil, changes.Asked(told, evidence("problem", told)), actor=registrar, today=village.today, now=village.now)
    for actor in (village.township, village.officer):
        village.act(before, "approve", actor)
    moved = village.go()
    with pytest.raises(Refusals) as refused:
        reversals.reverse(before, "误办", actor=village.officer, today=village.today, now=village.now)
    assert [one.sentence for one in refused.value.refusals] == [
        f"问题学籍处理以后又有竹山县柳垭镇中心学校的整班转学（{case(moved).number}，2026年9月11日生效），请先撤销它"]
    village.undo(moved)
    reversals.reverse(before, "误办", actor=village.officer, today=village.today, now=village.now)
    assert case(before).state == "voided"


def test_the_list_is_printed_with_stub_and_receipt_and_told_to_the_trace(village):
    case_id = village.apply()
    with pytest.raises(Refusal, match="生效以后才能打印名册"):
        class_lists.draw(case_id, actor=village.registrar, now=village.now)
    village.act(case_id, "approve", village.registrar)
    village.act(case_id, "approve", village.officer)
    number, pdf = class_lists.draw(case_id, actor=village.registrar, now=village.now)
    assert (number, pdf[:5]) == (case(case_id).number, b"%PDF-")
    assert db.session.execute(select(Event.name).order_by(Event.id.desc()).limit(1)).scalar_one() == "document.printed"
    assert db.session.execute(select(EventSubject.student_id).join(Event, Event.id == EventSubject.event_id).where(Event.name == "document.printed")).scalars().all() == sorted(
        papers.facts_of(row(Paper, Paper.case_id == case_id))["pupils"])
    with pytest.raises(NotFound):
        class_lists.draw(case_id, actor=village.county.actor("registrar.b1"), now=village.now)


def test_whoever_holds_the_list_may_check_it_and_undone_it_says_so(village):
    moved = village.pupils()
    case_id = village.go()
    paper = row(Paper, Paper.case_id == case_id)
    facts = papers.facts_of(paper)
    code = facts["check_address"].rpartition("/")[2]
    verdict = paper_pages.verify(code, address="10.0.0.1", today=village.today, now=village.now)
    assert (paper.student_id, len(facts["rows"]), facts["case_no"]) == (None, len(moved), case(case_id).number)
    assert (verdict.title, verdict.number, verdict.name, verdict.school, verdict.words) == (
        "整班转学名册", "竹册字〔2026〕第00001号", f"{len(moved)} 人", "竹山县柳垭镇枫树坪教学点", "有效")
    assert [line.number for line in paper_pages.of_case(village.registrar, case_id, today=village.today)] == [paper.number]
    village.undo(case_id)
    assert paper_pages.verify(facts["code"], address="10.0.0.1", today=village.today, now=village.now).words == "已作废"
    assert row(Paper, Paper.id == paper.id).end_reason == "撤销整班转学：批准文件撤回"


def test_a_school_that_closed_meanwhile_stops_it(village):
    case_id = village.apply()
    village.act(case_id, "approve", village.registrar)
    change(Class, village.new[0], state="dissolved")
    with pytest.raises(MovedOn, match="在申请以后已经不在用"):
        village.act(case_id, "approve", village.officer)
    assert db.session.execute(select(Body.state).where(Body.key == "a5")).scalar_one() == "open"


def test_the_card_of_who_went_with_the_class_tells_of_it(village):
    case_id = village.go()
    pupil = on_list(case(case_id))[0]

    told = pupil_history.of(db.session, records.load(db.session, pupil))["changes"][-1]
    assert (told["on"], told["kind"], told["reason"], told["approval"]) == ("2026-09-11", "整班转学", "学校撤并、布局调整（整班转学）", f"竹山县教育局\n{case(case_id).number}")
    assert [told[side].split("\n")[0] for side in ("origin", "destination")] == [row(Body, Body.key == key).name for key in ("a5", "a1")]
