"""What waits at a desk beside its cases: the 回执 of a 转学证明, which the old school gets back and files (S4 篇10); a request to clear a case (清理); news of one
that was ended or undone over the head of the desk."""

from dataclasses import dataclass

from sqlalchemy import Integer, String, func, insert, literal, or_, select, union_all

from ...errors import MovedOn, NotAllowed, NotFound, Refusal
from ...extensions import db, insert_many
from ...identity.dates import chinese
from ...models import Body, Case, Task, new_id
from ...permissions import DUTIES, visible_cases
from ...workflow.flows import FLOWS, TRANSFERS
from .. import trace
from ..administration import organisations
from ..standing import home_files
from ..transactions import writes
from . import case_files, reminders, telling

RECEIPT = "receipt"
NEWS = "news"  # the clock, an office or a death has ended what was begun at this desk; an office has undone what concerns it
CLEAR = "clear"  # the home school asks its bureau to clear a case that holds its child (DECIDED 15)
EACH, PAGE = 30, 50  # of a kind on the desk; on the pages after it
MOST = 1000  # exact up to here (DECIDED 24)


@dataclass(frozen=True)
class Panel:
    """What of one kind waits: `many` in all, of which these `lines` are shown, the nearest first."""

    many: int
    lines: list


def panels(person, policy, calendar, today, **which) -> dict:
    """{kind: Panel} of what waits, each row beside what is said of it: (row, look, words) of most; of a slip [(look, words)]; of a suspension a Reminder."""
    said = {
        RECEIPT: lambda row: (row, reminders.of_receipt(row, policy, calendar, today)), reminders.ENDING: lambda row: reminders.read(row, policy, today),
        reminders.UNMADE: lambda row: (row, *reminders.late_record(row, policy, calendar, today)), home_files.KIND: lambda row: (row, *home_files.told(row, policy, today)),
    }
    found = {}
    for row in waiting(person, policy, today, **which):
        found.setdefault(row.kind, Panel(row.many, [])).lines.append(said[row.kind](row) if row.kind in said else row)
    return found


def waiting(person, policy, today, *, kind="", start=0, each=EACH):
    """The open ones at this desk, of each kind the nearest: (id, title, kind, due_on, case_id, made_at, student_id, number, …, since, many: of that kind in all).

    With what is owed stands, in one query, what a desk is reminded of: a school and a township of suspensions that end (reminders.read), a school of records that are still
    to be made (reminders.late_record), a county of files of dropouts that go to their household's county (home_files.told).
    """
    asked = {one: _owed(person).where(Task.kind == one) for one in (RECEIPT, CLEAR, NEWS)}
    if person.tier in ("school", "township"):
        asked[reminders.ENDING] = reminders.ending(person, policy, today)
    if person.tier == "school":
        asked[reminders.UNMADE] = reminders.unmade(person, policy, today)
    if person.duty == "county_officer":
        asked[home_files.KIND] = home_files.owed(person, today)
    near = [_nearest(rows, start, each) for one, rows in asked.items() if kind in ("", one)]
    if not near:
        return []
    found = (union_all(*near) if len(near) > 1 else near[0]).subquery()
    return db.session.execute(select(*found.c).order_by(found.c.due_on.is_(None), found.c.due_on, found.c.id)).all()


def _nearest(rows, start, each):
    found = rows.subquery()
    many = select(func.count()).select_from(rows.limit(MOST + 1).subquery()).scalar_subquery().label("many")
    return select(select(*found.c, many).order_by(found.c.due_on.is_(None), found.c.due_on, found.c.id).offset(start).limit(each).subquery())


def find(person, task_id, kind):
    """One of them; None where it is not at this desk, or not open."""
    return db.session.execute(_owed(person).where(Task.id == task_id, Task.kind == kind)).one_or_none()


def _owed(person):
    return select(
        Task.id, Task.title, Task.kind, Task.due_on, Task.case_id, Task.made_at, Task.student_id, Case.number, literal(None, String).label("stage"),
        literal(None, Integer).label("advanced_to"), literal(None, Integer).label("length"), Case.effective_on.label("since"),
    ).join(Case, Case.id == Task.case_id).where(
        Task.body_id == person.body_id, Task.duty == person.duty, Task.state == "open", or_(Task.kind != CLEAR, Case.state == "open"))


def of_case(case_id):
    """What a case left to do, and how it stands; for whoever may see the case."""
    return db.session.execute(
        select(Task.id, Task.title, Task.kind, Task.body_id, Task.duty, Task.due_on, Task.state, Task.ended_at, Task.ended_by, Task.happened_on, Task.note)
        .where(Task.case_id == case_id).order_by(Task.id)
    ).all()


@writes
def receive_slip(s, task_id, arrived_on, *, instead="", actor, today, now):
    """The receipt is back: the pupil arrived there on that day. Where none can be had, `instead` says which statement is filed. Returns the case's id."""
    task = s.scalars(select(Task).where(Task.id == task_id, Task.body_id == actor.body_id, Task.kind == RECEIPT).with_for_update()).one_or_none()
    if task is None or task.duty != actor.duty:
        raise NotFound
    if task.state != "open":
        how = f"已由{task.ended_by}在 {chinese(task.ended_at.date())} {task.ended_at:%H:%M} 办结" if task.state == "done" else "已随转学作废"
        raise MovedOn(f"{task.title}{how}，这次没有写入。")
    case = s.execute(select(Case.state, Case.effective_on).where(Case.id == task.case_id)).one()
    if case.state != "effective":
        raise Refusal("转学还没有生效，请在学生转入以后再登记回执")
    if arrived_on is None and not instead.strip():
        raise Refusal("请填写回执上学生到校就读的日期；没有回执的，写明以什么证明代替", field="arrived_on")
    if arrived_on is not None and not task.made_at.date() <= arrived_on <= today:
        raise Refusal(f"到校日期应在{chinese(task.made_at.date())}（开具证明）和今天之间", field="arrived_on")
    if len(instead) > 200:
        raise Refusal("代替回执的证明最多写 200 个字，请写短一些", field="instead")
    task.state, task.ended_at, task.ended_by_id, task.ended_by = "done", now, actor.account_id, actor.name
    task.happened_on, task.note = arrived_on, instead.strip()
    trace.record(s, "task.done", actor=actor, chain=task.county_id, subjects=[task.student_id], task=task.title, happened=arrived_on, note=instead.strip())
    return task.case_id


def holding(person, limit=50) -> list:
    """The open cases of other schools that hold a child of this one, the oldest first, with the day on which clearing was asked for (DECIDED 15)."""
    asked = select(Task.made_at).where(Task.case_id == Case.id, Task.kind == CLEAR, Task.state == "open").limit(1).correlate(Case).scalar_subquery()
    return db.session.execute(
        visible_cases(person).with_only_columns(Case.id, Case.kind, Case.number, Case.title, Case.state, Case.step, Case.started_at, Case.due_on, Body.short_name.label("school"), asked.label("asked"))
        .join(Body, Body.id == Case.school_id).where(Case.from_school_id == person.school_id, Case.school_id != person.school_id, Case.state == "open").order_by(Case.id).limit(limit)
    ).all()


@writes
def ask_to_clear(s, case_id, note, *, actor, now):
    """The school of a child whom another school's case holds, or of those on a list (整班转学), asks the bureau above it to clear that case. Returns the case's id."""
    case = s.scalars(visible_cases(actor).where(Case.id == case_id).with_for_update(of=Case, key_share=True)).one_or_none()
    if case is None:
        raise NotFound
    if case.state != "open":
        raise MovedOn(f"{case.number} 已经办结，不用再请求清理。")
    if actor.duty != "school_registrar" or case.from_school_id != actor.school_id or case.school_id == actor.school_id:
        raise NotAllowed("请求清理由学生现在的学校办理；申请学校自己可以撤销。")
    note = " ".join(note.split())
    if not 0 < len(note) <= 200:
        raise Refusal("请写明为什么请求清理，最多 200 个字，例如“家长来校说明不再转学”", field="note")
    if s.execute(select(Task.id).where(Task.case_id == case.id, Task.kind == CLEAR, Task.state == "open")).first():
        raise Refusal("已经请求过清理，请等主管教育行政部门办理")
    office = organisations.deciding_office(s, actor.school_id)
    tier = s.execute(select(Body.tier).where(Body.id == office)).scalar_one()
    s.execute(insert(Task).values(
        id=new_id(), county_id=actor.county_id, body_id=office, duty=organisations.OFFICER[tier], kind=CLEAR, case_id=case.id, student_id=case.student_id,
        title=f"{actor.body_name}请求清理{case.title}的在办业务：{note}", due_on=None, state="open", made_at=now,
    ))
    trace.record(s, "case.clear_asked", actor=actor, chain=actor.county_id, subjects=telling.subjects_of(s, case), number=case.number, note=note)
    return case.id


def tell_applicant(s, case, how, *, actor, now):
    """Within an act that ends a case that nobody there asked to end: who began it reads at the desk how it ended, until somebody there has seen it."""
    _tell(s, case, {case_files.desk_of_beginning(s, case): how}, actor, now)


def tell_school(s, case, school_id, how, *, actor, now):
    """Within an act that concerns a school which was not asked: its registrar reads it at the desk."""
    _tell(s, case, {(school_id, "school_registrar"): f"{how}（{FLOWS[case.kind].title}）"}, actor, now)


def tell_of_reversal(s, undone, made, reason, *, actor, now):
    """Within an act that undoes a case, `made` being the reversal's own: who began it and the schools concerned read it at their desks, of a transfer both of them."""
    how = f"{undone.title}的{FLOWS[undone.kind].title}（{undone.number}）已撤销"
    told = dict.fromkeys(_desks(s, {undone.from_school_id, undone.to_school_id} - {None} or {undone.school_id}), f"{how}：{reason}")
    told.setdefault(case_files.desk_of_beginning(s, undone), f"{how}：{reason}")
    if undone.kind in TRANSFERS:
        for school_id, then in ((undone.from_school_id, "学生回到本校"), (undone.to_school_id, "学生不再在本校")):
            told |= {(school_id, "school_registrar"): f"{how}，{then}：{reason}"} if school_id else {}
    _tell(s, made, told, actor, now)


def _desks(s, body_ids) -> list:
    """(body, duty) of who keeps the register there, or who decides where the body is no school."""
    duties = {"school": "school_registrar", "township": "township_registrar", **organisations.OFFICER}
    return [(body_id, duties[tier]) for body_id, tier in s.execute(select(Body.id, Body.tier).where(Body.id.in_(body_ids)).order_by(Body.id))]


def _tell(s, case, told, actor, now):
    """`told` is {(body, duty): sentence}; whoever acts needs no news of it."""
    rows = [
        {"id": new_id(), "county_id": case.county_id, "body_id": body_id, "duty": duty, "kind": NEWS, "case_id": case.id, "student_id": case.student_id, "title": how,
         "due_on": None, "state": "open", "made_at": now, "ended_by": "", "note": ""}
        for (body_id, duty), how in told.items() if (body_id, duty) != (actor.body_id, actor.duty)
    ]
    insert_many(s, Task, rows)


@writes
def seen(s, task_id, *, actor, now):
    """The news has been read. Returns the case's id."""
    task = s.scalars(select(Task).where(Task.id == task_id, Task.body_id == actor.body_id, Task.duty == actor.duty, Task.kind == NEWS).with_for_update()).one_or_none()
    if task is None:
        raise NotFound
    if task.state == "open":
        task.state, task.ended_at, task.ended_by_id, task.ended_by = "done", now, actor.account_id, actor.name
        trace.record(s, "task.done", actor=actor, chain=task.county_id, subjects=[task.student_id] if task.student_id else [], task=task.title, happened=None, note="已阅")
    return task.case_id


def holder(task) -> str:
    return DUTIES[task.duty]
