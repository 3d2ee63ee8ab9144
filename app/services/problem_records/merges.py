"""合并重复学籍 (workflows.md 19): one of two records survives; the other is closed and points to it. Awards, papers, spells and guardians stay with the record that has
them, and are shown under the one that survives; every number leads there, since one person has them all.

    case_id = merges.apply(kept_id, other_id, "两校核对户口簿，是同一名学生", actor=shan, today=today, now=now)
"""

from sqlalchemy import delete, insert, or_, select, update

from ... import codes
from ...errors import MovedOn, NotAllowed, NotFound, Refusal
from ...models import Absence, Case, NearNumber, PersonNumber, ProblemRecord, Student
from ...permissions import require, student_scope
from ...workflow import merges
from ...workflow.flows import FLOWS
from ...workflow.merges import MERGE, Side
from ..administration import organisations, policies
from ..casework import case_files, footprints
from ..casework.footprints import Footprint
from ..intake import enrolments
from ..pupils import records
from ..standing import balance, suspensions
from ..transactions import writes
from . import problems

MERGED = "93"  # student_current_status and student_change, own: 重复学籍已合并
NUMBERS = {"id_doc_no": ("id_doc_type", "id_doc_no", "main_number"), "national_no": ("national_no", "national_no_local")}  # what comes over where the survivor has none
WORDS = 200


@writes
def apply(s, kept_id, other_id, explanation, *, actor, today, now, note=""):
    """Hand it in to the other county, or to another person of this one. Returns the case's id."""
    require(actor, "problem.write")
    if kept_id == other_id:
        raise Refusal("两份学籍是同一份，没有要合并的", field="survivor")
    rows = _locked(s, kept_id, other_id)
    offices = organisations.deciding_offices(s, {row.school_id for row in rows.values()})
    ours = _ours(s, actor, rows, offices)
    findings = check(s, rows[kept_id], rows[other_id], explanation)
    enrolments.refuse_blocks(findings)
    kept, other = rows[kept_id], rows[other_id]
    same = offices[kept.school_id] == offices[other.school_id]
    if same and not organisations.another(s, actor.duty, actor.body_id, actor.account_id):
        raise Refusal("合并由两人办理：申请以后须由本局另一位县学籍管理员核办，本局现在只有您一位。请安全管理员再授予一人岗位")
    opening = case_files.Opening(
        title=other.name, student_id=other.id, into_student_id=kept.id, grade_id=other.grade_id, findings=findings, content=case_files.answered({"explanation": explanation}),
        route=merges.merge_route(began="to" if kept.id in ours else "from", same_office=same), from_school_id=other.school_id, to_school_id=kept.school_id,
        from_policy_id=policies.version_id(s, other.county_id, today), to_policy_id=policies.version_id(s, kept.county_id, today),
    )
    return case_files.begin_one(s, MERGE, opening, school_id=(kept if kept.id in ours else other).school_id, actor=actor, today=today, now=now, note=note)


COLUMNS = (
    Student.id, Student.name, Student.sex, Student.birth_date, Student.lifecycle, Student.status, Student.school_id, Student.county_id, Student.grade_id, Student.id_doc_no_sealed,
    Student.national_no_sealed, Student.main_number_sealed, Student.phone_sealed,
)


def _locked(s, *ids):
    """{id: row}, locked in their order."""
    rows = {row.id: row for row in s.execute(select(*COLUMNS).where(Student.id.in_(ids)).order_by(Student.id).with_for_update())}
    if len(rows) != len(ids):
        raise NotFound
    return rows


def _ours(s, actor, rows, offices):
    """Which of the two this office decides for; the officer sees at least one of them."""
    seen = set(s.scalars(select(Student.id).where(Student.id.in_(rows), student_scope(actor))))
    if not seen:
        raise NotFound
    ours = {one for one in seen if offices[rows[one].school_id] == actor.body_id}
    if not ours:
        raise NotAllowed("这所学校的学籍不由本局核办，请其主管教育行政部门合并。")
    return ours


def check(s, kept, other, explanation, *, apart_from=None):
    """Findings for two rows of COLUMNS."""
    open_cases = {}
    for row in s.execute(select(Case.student_id, Case.into_student_id, Case.kind, Case.number).where(
            or_(Case.student_id.in_((kept.id, other.id)), Case.into_student_id.in_((kept.id, other.id))), Case.state == "open", Case.id != (apart_from or 0)).order_by(Case.id)):
        open_cases |= dict.fromkeys((row.student_id, row.into_student_id), f"{FLOWS[row.kind].title}（{row.number}）")
    found = merges.check(_side(kept, open_cases), _side(other, open_cases), explanation)
    if len(explanation) > WORDS:
        raise Refusal(f"核实情况最多 {WORDS} 个字，请写短一些", field="explanation")
    return found


def _side(row, open_cases):
    standing = codes.table("student_current_status").label(row.status) if row.status else "正在登记"
    return Side(row.name, row.sex, row.birth_date, row.lifecycle, row.status or "", standing, records.open_student(row)["id_doc_no"] or "", open_cases.get(row.id, ""))


# ---------------------------------------------------------------- the effect

def take_effect(s, cases, *, actor, today, now):
    for case in cases:
        rows = _locked(s, case.student_id, case.into_student_id)
        kept = rows[case.into_student_id]
        changed = [one for one in check(s, kept, rows[case.student_id], "已核实", apart_from=case.id) if one.level == "block"]
        if changed or rows[case.student_id].school_id != case.from_school_id or kept.school_id != case.to_school_id:
            why = changed[0].sentence if changed else "学生已到另一所学校"
            raise MovedOn(f"{case.title}的两份学籍在申请以后变了：{why}。这次没有写入，请核对后清理或不予办理本件。")
        step = Footprint(s, case, actor=actor, now=now)
        _close(s, case, step, today=today, now=now)
        _give_numbers(s, case, step, kept)
        _settle_problems(s, case, step)
        step.keep()
    return {}


def _close(s, case, step, *, today, now):
    before = step.place
    step.close_spell(left_by=MERGED, day=today)
    if (away := suspensions.open_absence(s, case, needed=False)) is not None:
        step.change(Absence, away.id, state="ended", ended_on=today, ended_case_id=case.id)
    step.pupil(status=MERGED, lifecycle="merged", merged_into_id=case.into_student_id)
    for earlier in s.scalars(select(Student.id).where(Student.merged_into_id == case.student_id).order_by(Student.id)).all():
        step.change(Student, earlier, merged_into_id=case.into_student_id)
    balance.book(s, case, before, step.place, day=today, now=now, outcome="merged")


def _give_numbers(s, case, step, kept):
    """All numbers lead to the survivor; one that the survivor's record lacks is written there."""
    s.execute(delete(NearNumber).where(NearNumber.student_id == case.student_id))
    s.execute(update(PersonNumber).where(PersonNumber.student_id == case.student_id).values(student_id=kept.id, county_id=kept.county_id))
    record, given_up = records.load(s, kept.id), records.load(s, case.student_id)
    columns = {}
    for name, fields in NUMBERS.items():
        if given_up[name] and not record[name]:
            columns |= records.student_columns(kept.id, {field: given_up[field] for field in fields})
    if columns:
        step.change(Student, kept.id, **columns)
        if "id_doc_no_index" in columns and (near := records.near_rows(kept.id, records.near_of(given_up))):
            s.execute(insert(NearNumber), near)
    _touch(s, step, kept.id)


def _touch(s, step, student_id):
    s.execute(update(Student).where(Student.id == student_id).values(version=Student.version + 1, updated_at=step.now, updated_by_id=step.actor.account_id))


def _settle_problems(s, case, step):
    """Whatever the closed record was in question for, and on the other side what had these two for its sides."""
    theirs = s.execute(select(ProblemRecord.id, ProblemRecord.student_id, ProblemRecord.pair_id).where(
        ProblemRecord.student_id.in_((case.student_id, case.into_student_id)), ProblemRecord.state == "open").order_by(ProblemRecord.id).with_for_update()).all()
    pairs = {row.pair_id for row in theirs if row.student_id == case.student_id and row.pair_id}
    for row in theirs:
        if row.student_id == case.student_id or row.pair_id in pairs:
            step.change(ProblemRecord, row.id, state="closed", resolution=problems.MERGING, outcome=case_files.answers_of(case)["explanation"], case_id=case.id, closed_at=step.now,
                        closed_by_id=step.actor.account_id, closed_by=step.actor.name)


# ---------------------------------------------------------------- its undoing

def undo(s, case, *, actor, today, now):
    """Two records again, each with its numbers, as long as nothing stands on the one that survived."""
    _locked(s, case.student_id, case.into_student_id)
    if found := _standing(s, case):
        raise Refusal(f"{found}，不能撤销{MERGE.title}")
    before, after, findings = footprints.undo(s, case, actor=actor, today=today, now=now)
    _give_back(s, case)
    s.execute(update(Student).where(Student.id == case.into_student_id).values(version=Student.version + 1, updated_at=now, updated_by_id=actor.account_id))
    balance.book_reversal(s, case, MERGE.kind, before, after, day=today, now=now)
    return findings


def _standing(s, case) -> str:
    if later := footprints.later_cases(s, case, case.into_student_id):
        return f"保留的学籍以后又有{later[0]}，请先撤销它"
    if changed := footprints.standing(s, case):
        return changed[0]
    closed = set(s.execute(select(ProblemRecord.student_id, ProblemRecord.kind).where(ProblemRecord.case_id == case.id)).all())
    opened = set(s.execute(select(ProblemRecord.student_id, ProblemRecord.kind).where(
        ProblemRecord.student_id.in_((case.student_id, case.into_student_id)), ProblemRecord.state == "open")).all())
    if closed & opened:
        return "以后这两份学籍又列为同一类问题学籍"
    indexes = [row["index"] for row in _numbers(s, case.student_id, case.student_id)]
    taken = s.execute(select(PersonNumber.student_id).where(PersonNumber.index.in_(indexes), PersonNumber.student_id.not_in((case.student_id, case.into_student_id))).limit(1)).first()
    return "以后并入学籍的号码已由另一份学籍使用" if taken else ""


def _numbers(s, student_id, holder_id):
    """The registry's rows for the numbers of one record, that lead to the holder."""
    record = records.load(s, student_id)
    return records.number_rows(holder_id, record["county_id"], record)


def _give_back(s, case):
    """After the records are as before: the registry of each says its own numbers again."""
    ids = (case.student_id, case.into_student_id)
    for table in (PersonNumber, NearNumber):
        s.execute(delete(table).where(table.student_id.in_(ids)))
    for student_id in ids:
        merged = s.scalars(select(Student.id).where(Student.merged_into_id == student_id).order_by(Student.id)).all()
        if rows := [row for one in (student_id, *merged) for row in _numbers(s, one, student_id)]:
            s.execute(insert(PersonNumber), rows)
        if near := records.near_rows(student_id, records.near_of(records.load(s, student_id))):
            s.execute(insert(NearNumber), near)
