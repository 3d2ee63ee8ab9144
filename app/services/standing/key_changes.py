"""关键信息变更 as it takes effect (workflows.md 17): the record, the registry of numbers, the names it is found by and the former name (曾用名) in one act.

The 学籍号 stays, and so does every paper that was issued: it was printed from its own facts.
"""

from sqlalchemy import func, select

from ... import sealing
from ...errors import MovedOn, Refusal
from ...identity.dates import chinese
from ...identity.items import PUPIL_ITEMS
from ...models import Enrolment, FormerName, PersonNumber, Student
from ...workflow.flows import FLOWS
from ...workflow.key_checks import WHO, given, twins_among
from ..casework import case_files
from ..casework.footprints import Footprint, refuse_changed
from ..pupils import records, students, twins

STATUSES = ("01", "02", "06", "07", "08", "09", "10")
NUMBERS, PERSON = {"id_doc_type", "id_doc_no"}, {*WHO}


def more(s, student, asked, actor, today):
    """The record as it stands, who may be the same child once it is changed, and when she came to this school."""
    record = records.load(s, student.id)
    came = s.execute(select(func.min(Enrolment.from_on)).where(Enrolment.student_id == student.id, Enrolment.school_id == student.school_id,
                                                              Enrolment.state.in_(("open", "closed")))).scalar()
    return {"record": record, "twins": _twins(s, record, given(asked.answers), actor), "entered_on": came}


def _twins(s, record, asked, actor):
    return twins.find(s, record | asked, actor=actor, apart_from=record["id"]) if set(asked) & PERSON else []


def alike(s, case, actor) -> list:
    """What the office settles before it agrees: sentences of the records that look like the child as she would be."""
    record, asked = records.load(s, case.student_id), given(case_files.answers_of(case))
    return [one for one in twins_among(record | asked, _twins(s, record, asked, actor)) if one.level != "pass"]


def pass_on(s, cases, action, words, *, actor, today, now):
    """查重 again at every step that agrees, and with the tick at the last: the register has gone on since."""
    if action not in ("approve", "agree"):
        return {}
    for case in cases:
        flow = FLOWS[case.kind]
        ends = flow.steps[flow.target(flow.line_of(case), case.step, action)].terminal
        for one in alike(s, case, actor):
            if one.level == "block":
                raise Refusal(f"{one.sentence}。这次没有写入，{one.cure}")
            if ends and not words.different:
                raise Refusal(f"{one.sentence}。核对后确认不是同一人的，请勾选“已核对，不是同一人”再同意", field="different")
    return {}


def correct(s, cases, *, actor, today, now):
    told = {}
    for case in cases:
        step, asked, before = Footprint(s, case, actor=actor, now=now), given(case_files.answers_of(case)), case_files.before_of(case)
        refuse_changed(s, case, step.student, STATUSES)
        record = records.load(s, case.student_id)
        if any(record[name] != value for name, value in before.items()):
            raise MovedOn(f"{case.title}的关键信息在申请以后又变了，这次没有写入。请退回后照现在的学籍重新填写。")
        columns = records.student_columns(case.student_id, asked)
        if "name" in asked:
            columns |= _former(step, case, record, today)
        step.pupil(**columns)
        if NUMBERS & set(asked):
            records.number_anew(s, case.student_id, record["county_id"], record | asked)
        if "name" in asked:
            _found_by(s, case.student_id)
        if step.student.lifecycle != "live":
            _note(s, step, case, asked, today)
        step.keep()
        told[case.title] = students.told(students.compare(record, asked))
    return {"changes": told[case.title]} if len(cases) == 1 else {"corrected": told}


def _former(step, case, record, today) -> dict:
    """The old name goes to 曾用名; one that stood there is kept beside it, since the item holds one."""
    for name in filter(None, (record["name"], record["former_name"])):
        step.make(FormerName, county_id=record["county_id"], student_id=case.student_id, name=name, until_on=today, case_id=case.id, state="live")
    return {"former_name": record["name"]}


def _found_by(s, student_id, *, apart_from=None, name=None, former=None):
    """By every name that she has or had."""
    student = s.execute(select(Student.id, Student.county_id, Student.school_id, Student.name, Student.former_name).where(Student.id == student_id)).one()
    kept = s.scalars(select(FormerName.name).where(FormerName.student_id == student_id, FormerName.state == "live",
                                                     *([FormerName.case_id.is_distinct_from(apart_from)] if apart_from else [])))
    records.find_by(s, student, {student.name if name is None else name, student.former_name if former is None else former, *kept})


def _note(s, step, case, asked, today):
    """After she left or graduated: a word at the row of that."""
    spell = s.execute(select(Enrolment.id, Enrolment.note).where(Enrolment.student_id == case.student_id, Enrolment.state == "closed")
                      .order_by(Enrolment.from_on.desc(), Enrolment.id.desc()).limit(1)).one_or_none()
    if spell:
        titles = "、".join(PUPIL_ITEMS[name].title for name in asked)
        step.change(Enrolment, spell.id, note="；".join(filter(None, (spell.note, f"{chinese(today)}更正{titles}（{case.number}）"))))


def restore(s, case) -> list[str]:
    """Before it is undone: registry and search keys as before, unless the old number is another's by now."""
    asked, before = given(case_files.answers_of(case)), case_files.before_of(case)
    record = records.load(s, case.student_id)
    old = record | before
    if NUMBERS & set(asked):
        if old["id_doc_no"] and s.execute(select(PersonNumber.student_id).where(
                PersonNumber.kind == "id_doc", PersonNumber.index == sealing.blind_index("id_doc", old["id_doc_no"]), PersonNumber.student_id != case.student_id)).first():
            return ["以后原来的证件号已由另一份学籍使用"]
        records.number_anew(s, case.student_id, record["county_id"], old)
    if "name" in asked:
        former = s.scalars(select(FormerName.name).where(FormerName.case_id == case.id, FormerName.state == "live", FormerName.name != old["name"]).limit(1)).first()
        _found_by(s, case.student_id, apart_from=case.id, name=old["name"], former=former or "")
    return []
