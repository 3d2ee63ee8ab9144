"""随迁子女辍学的档案: at the end of each term the file of a migrant workers' child who has dropped out goes to the county of her household (办法第二十二条).

As every reminder a question asked of the register: who came back, or whose file has been sent, reminds nobody. What is written is that it was sent, with its receipt.
"""

from sqlalchemy import String, exists, func, insert, literal, select

from ...codes import divisions
from ...errors import MovedOn, NotFound, Refusal, Refusals
from ...extensions import db
from ...identity.dates import chinese
from ...models import Absence, Body, Case, Grade, Student, Task, Term, new_id
from ...policies.sources import N13
from ...workflow.suspension_checks import COMPULSORY
from .. import trace
from ..transactions import writes

KIND = "home_file"
ARTICLE = f"{N13}第二十二条"
MOST = 200  # characters of a receipt


def owed(person, today):
    """Select of those whose term has ended since, in the columns of tasks.waiting: `due_on` is the term's last day, `number` the school, `stage` the household's county."""
    ended = select(func.max(Term.ends_on)).where(Term.county_id == person.county_id, Term.ends_on <= today).scalar_subquery()
    return select(
        Absence.id, Student.name.label("title"), literal(KIND, String).label("kind"), ended.label("due_on"), Absence.case_id, Case.started_at.label("made_at"),
        Absence.student_id, Body.short_name.label("number"), Student.hukou_place_code.label("stage"), Grade.advanced_to, Grade.length, Case.effective_on.label("since"),
    ).join(Case, Case.id == Absence.case_id).join(Student, Student.id == Absence.student_id).join(Body, Body.id == Absence.school_id).join(
        Grade, Grade.id == Student.grade_id).where(
        Absence.county_id == person.county_id, Absence.kind == "dropout", Absence.state == "open", Absence.from_on <= ended, Student.is_migrant_child.is_(True),
        Grade.stage.in_(COMPULSORY), ~exists().where(Task.case_id == Absence.case_id, Task.kind == KIND))


def told(row, policy, today):
    """(look, words) of one of them on the county's desk."""
    due = policy.file_handover.after(row.due_on)
    place = divisions.full_name(row.stage) if row.stage else "户籍所在地"
    return "late" if today > due else "soon", f"随迁子女，学期已于{chinese(row.due_on)}结束：请将档案转交{place}教育行政部门（{ARTICLE}）"


def find(person, case_id, today):
    """One of them; None where it is not this county's, or not owed any more."""
    return db.session.execute(owed(person, today).where(Absence.case_id == case_id)).one_or_none() if person.tier == "county" else None


@writes
def send(s, case_id, sent_on, receipt, *, actor, today, now):
    """The file has gone to the county of the household: on that day, with that receipt. Returns the case's id."""
    row = s.execute(
        select(Absence.from_on, Absence.student_id, Student.name, Student.hukou_place_code).join(Student, Student.id == Absence.student_id)
        .where(Absence.case_id == case_id, Absence.county_id == actor.county_id, Absence.kind == "dropout", Absence.state == "open", Student.is_migrant_child.is_(True))
        .with_for_update()
    ).one_or_none()
    if row is None or actor.duty != "county_officer":
        raise NotFound
    if done := s.execute(select(Task.ended_by, Task.ended_at).where(Task.case_id == case_id, Task.kind == KIND)).first():
        raise MovedOn(f"{row.name}的档案转交已由{done.ended_by}在 {chinese(done.ended_at.date())} {done.ended_at:%H:%M} 登记，这次没有写入。")
    receipt, wrong = " ".join(receipt.split()), []
    if sent_on is None or not row.from_on <= sent_on <= today:
        wrong.append(Refusal(f"请填写转交的日期，在{chinese(row.from_on)}（缺课起日）和今天之间", field="sent_on"))
    if not 0 < len(receipt) <= MOST:
        wrong.append(Refusal(f"请写明收到档案的单位和凭据，最多 {MOST} 个字，例如“镇平县教育体育局签收，挂号信收据 0317 号”", field="receipt"))
    if wrong:
        raise Refusals(wrong)
    title = f"{row.name}的档案转交户籍所在地（{divisions.full_name(row.hukou_place_code) if row.hukou_place_code else '未登记'}）"
    s.execute(insert(Task).values(
        id=new_id(), county_id=actor.county_id, body_id=actor.body_id, duty=actor.duty, kind=KIND, case_id=case_id, student_id=row.student_id, title=title, due_on=None,
        state="done", made_at=now, ended_at=now, ended_by_id=actor.account_id, ended_by=actor.name, happened_on=sent_on, note=receipt,
    ))
    trace.record(s, "task.done", actor=actor, chain=actor.county_id, subjects=[row.student_id], task=title, happened=sent_on, note=receipt)
    return case_id
