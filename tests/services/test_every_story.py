"""Every kind of change told from the application to the printed paper: sent back and mended, agreed to the end, undone; and refused, withdrawn, cleared."""

import pytest
from sqlalchemy import select

from app.codes.changes import change as row_of
from app.errors import NotAllowed, Refusal
from app.extensions import db
from app.identity.dates import chinese
from app.models import Body, Case, Grade, Movement, Paper, Student
from app.services.administration import policies
from app.services.casework import case_pages, reversals
from app.services.casework.cases import Words
from app.services.paperwork import paper_pages, papers
from app.services.pupils import timelines
from app.services.standing import balance, changes
from app.services.standing.changes import Asked
from app.workflow.changes import STATUS_CHANGES
from tests.answers import ANSWERS, answers, evidence
from tests.office import case, count
from tests.services.test_change_races import ALLOWED, DAY, ENDS, SEPTEMBER, Desk

TOLD = {  # kind → (status after, lines of the balance, the paper that it issues); workflows.md 8–22
    "suspension": ("02", [("23", -1)], "suspension_certificate"), "suspension-renewal": ("02", [], "suspension_certificate"), "resumption": ("01", [("12", 1)], "resumption_certificate"),
    "dropout": ("06", [("28", -1)], "dropout_report"), "back-to-school": ("01", [("12", 1)], ""),
    "abroad": ("91", [("91", -1)], "abroad_record"), "back-from-abroad": ("01", [("12", 1)], ""),
    "death": ("11", [("26", -1)], "cancellation"), "loss-of-ability": ("92", [("92", -1)], "cancellation"),
    "grade-skip": ("01", [("97", -1), ("96", 1)], ""), "grade-repeat": ("01", [("97", -1), ("96", 1)], ""),
    "key-change": ("01", [], ""), "kind-change": ("01", [], ""), "poverty": ("01", [], ""), "poverty-end": ("01", [], ""), "problem": ("01", [], ""),
    "withdrawal": ("03", [("24", -1)], "withdrawal_notice"), "expulsion": ("14", [("25", -1)], ""),
}
MEND = Words(reason="02", note="材料看不清，请重新扫描", mend=("evidence",))
NO = Words(reason="02", note="材料不真实")
KINDS = pytest.mark.parametrize("kind", sorted(TOLD))


class Story(Desk):
    def __init__(self, county, kind):
        super().__init__(county, SEPTEMBER if kind in ALLOWED else DAY, "a4" if STATUS_CHANGES[kind].stages == "3" else "a1")
        self.kind = kind
        if kind in ALLOWED:
            policies.set_policy(county.body("a"), "national2025", ALLOWED[kind], from_on=SEPTEMBER, actor=county.actor("officer.a"), today=SEPTEMBER, now=self.now)
        self.pupil = db.session.execute(select(Student.id).join(Grade, Grade.id == Student.grade_id).where(
            Student.school_id == county.body(self.school), Student.status == "01", Grade.advanced_to == 2).order_by(Student.id).limit(1)).scalar_one()
        self.bring_to(self.pupil, STATUS_CHANGES[kind].statuses)
        if kind == "poverty-end":
            self.to_the_end(self.apply("poverty", self.pupil))
        self.today = ENDS if kind == "suspension-renewal" else self.today
        self.before = self.standing()

    def begin(self):
        return self.apply(self.kind, self.pupil)

    def mend(self, case_id):
        told = answers(self.kind, self.pupil, today=self.today, registrar=self.registrar)
        return changes.resubmit(case_id, Asked(told, evidence(self.kind, told)), actor=self.registrar, version=case(case_id).version, today=self.today, now=self.now)

    def to_the_end(self, case_id):
        """By whoever holds the desk."""
        holders = {"school_audit": f"head.{self.school}", "county": "officer.a", "city": "officer.city1"}
        while case(case_id).state == "open":
            self.act(case_id, holders[case(case_id).step])
        return case_id

    def standing(self):
        columns = ("status", "lifecycle", "school_id", "grade_id", "class_id", "name", "student_kind", "poverty_status")
        db.session.expire_all()
        return tuple(db.session.execute(select(*(getattr(Student, name) for name in columns)).where(Student.id == self.pupil)).one())

    def last_authority(self, case_id):
        return "officer.city1" if "city" in (case(case_id).route or "") else "officer.a"


@pytest.fixture
def story(county, kind):
    return Story(county, kind)


def test_the_stories_know_every_kind():
    assert set(TOLD) == set(STATUS_CHANGES) == set(ANSWERS)
    for kind, (status, lines, _) in TOLD.items():
        row = row_of(kind)
        assert (row.status or status) == status and {code for code, _ in lines} <= {row.entering, row.leaving}


@KINDS
def test_sent_back_mended_agreed_and_undone(story, kind):
    status, lines, paper = TOLD[kind]
    case_id = story.begin()
    assert (case(case_id).state, case(case_id).step, case(case_id).seat_duty, story.standing()) == ("open", "school_audit", "school_head", story.before)
    story.act(case_id, f"head.{story.school}", "return", MEND)
    assert (case(case_id).step, case_pages.mend_of(case(case_id))["note"]) == ("applying", MEND.note)
    story.mend(case_id)
    assert case_pages.mend_of(case(case_id)) is None
    with pytest.raises(NotAllowed):
        story.act(case_id, f"registrar.{story.school}")  # who applied does not decide
    story.to_the_end(case_id)
    assert (case(case_id).state, case(case_id).effective_on, story.standing()[0]) == ("effective", story.today, status)
    assert [(code, number) for code, number, _ in balance.of_case(db.session, case_id)] == lines
    issued = db.session.scalars(select(Paper).where(Paper.case_id == case_id)).all()
    assert [one.kind for one in issued] == ([paper] if paper else [])
    for one in issued:
        assert papers.draw(one.id, actor=story.county.actor("officer.a"), now=story.now).startswith(b"%PDF-")
        code = papers.facts_of(one)["code"]
        assert paper_pages.verify(code, address="10.0.0.1", today=story.today, now=story.now).words == "有效"
    title = STATUS_CHANGES[kind].flow.title
    assert any(title in item.what for item in timelines.of_student(story.pupil))

    for stranger in ("officer.b", f"head.{story.school}", f"registrar.{story.school}"):
        with pytest.raises(Refusal):
            reversals.reverse(case_id, "误办", actor=story.county.actor(stranger), today=story.today, now=story.now)
    with pytest.raises(Refusal, match="请写明撤销的原因"):
        reversals.reverse(case_id, " ", actor=story.county.actor(story.last_authority(case_id)), today=story.today, now=story.now)
    made = reversals.reverse(case_id, "误办：同名学生", actor=story.county.actor(story.last_authority(case_id)), today=story.today, now=story.now)
    assert (case(case_id).state, case(made).kind, case(made).undoes_id, story.standing()) == ("voided", "reversal", case_id, story.before)
    assert sum(number for _, number, _ in balance.of_case(db.session, case_id)) == 0
    for one in issued:
        assert paper_pages.verify(papers.facts_of(one)["code"], address="10.0.0.1", today=story.today, now=story.now).words == "已作废"


@KINDS
@pytest.mark.parametrize(("at", "action", "who", "state"), [
    ("school_audit", "refuse", "head", "rejected"), ("county", "refuse", "officer", "rejected"), ("county", "withdraw", "registrar", "withdrawn"),
    ("school_audit", "clear", "officer", "cleared")])
def test_ended_otherwise_all_is_as_before(story, kind, at, action, who, state):
    case_id = story.begin()
    if at == "county":
        story.last_desk(case_id)
    person = {"head": f"head.{story.school}", "officer": "officer.a", "registrar": f"registrar.{story.school}"}[who]
    if action == "refuse":
        with pytest.raises(Refusal, match=r"须从列表中选择理由|请写明要补正的事项"):
            story.act(case_id, person, action, Words())
    story.act(case_id, person, action, NO)
    assert (case(case_id).state, story.standing(), count(Paper, Paper.case_id == case_id), count(Movement, Movement.case_id == case_id)) == (state, story.before, 0, 0)
    assert case(story.begin()).step == "school_audit"  # and it may be applied for again


@KINDS
def test_what_was_built_on_it_is_named_with_number_and_kind(story, kind):
    """Undoing waits for what came later: another case of hers, under way or in effect."""
    case_id = story.to_the_end(story.begin())
    later = {"01": "key-change", "02": "key-change", "06": "key-change", "91": "back-from-abroad"}.get(TOLD[kind][0])
    if later is None:  # a record that has ended: but a correction by the county nothing comes after it
        assert db.session.execute(select(Case.id).where(Case.student_id == story.pupil, Case.id > case_id)).first() is None
        return
    second = story.apply(later, story.pupil)
    with pytest.raises(Refusal) as told:
        reversals.reverse(case_id, "误办", actor=story.county.actor(story.last_authority(case_id)), today=story.today, now=story.now)
    assert [str(one) for one in getattr(told.value, "refusals", [told.value])] == [
        f"{STATUS_CHANGES[kind].flow.title}以后又有{school_of(second)}的{STATUS_CHANGES[later].flow.title}（{case(second).number}，{chinese(story.today)}申请，在办），请先撤销它"]
    assert case(case_id).state == "effective"


def school_of(case_id):
    """Of the school that began it."""
    return db.session.execute(select(Body.name).join(Case, Case.school_id == Body.id).where(Case.id == case_id)).scalar_one()
