"""What a case changed in the register, kept sealed with it so that it can be undone (DECIDED 16): each row's values before and after, and the rows it made.

    step = Footprint(s, case, actor=actor, now=now)
    step.pupil(status="02")                    # class places and tallies follow
    step.make(Absence, student_id=…, …)
    step.keep()
"""

from base64 import b64decode, b64encode
from datetime import date, datetime

from sqlalchemy import Date, DateTime, LargeBinary, insert, or_, select, update

from ... import codes, sealing
from ...errors import MovedOn
from ...extensions import Base
from ...identity.dates import chinese
from ...models import AbsenceNote, Body, Case, Class, Enrolment, Grade, Student, new_id
from ...workflow.checks import Finding
from ...workflow.flows import FLOWS, REVERSAL
from ..pupils import records

COUNTED = ("county_id", "school_id", "grade_id", "class_id", "class_no", "lifecycle", "status", "sex")
PUPIL = (Student.id, Student.version, Student.name, Student.birth_date, *(getattr(Student, name) for name in COUNTED))
IN_CLASS = "01"  # student_current_status
CLASS_GONE = Finding("class", "班级", "warn", "原来的班已经不在用，请原学校给学生编班", REVERSAL.article, "class_id")
UNDONE = "99"  # student_change, own: 撤销更正（减）
TABLES = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


class Footprint:
    """The pupil of the case is locked and read as she stands now: `footprint.student`."""

    def __init__(self, s, case, *, actor, now):
        self.s, self.case, self.actor, self.now = s, case, actor, now
        self.student = s.execute(select(*PUPIL).where(Student.id == case.student_id).with_for_update()).one()
        self.place = {"id": self.student.id} | {name: getattr(self.student, name) for name in COUNTED}  # as she stands after what was done so far
        self.changed, self.made = {}, []

    def pupil(self, **values):
        """Change the pupil's own columns; what is counted of her is counted again."""
        if values.get("status", IN_CLASS) != IN_CLASS:
            self._end_absence()
        before, self.place = self.place, self.place | {name: value for name, value in values.items() if name in COUNTED}
        self.change(Student, self.student.id, **values)
        _recount(self.s, before, self.place)
        self.s.execute(update(Student).where(Student.id == self.student.id).values(
            version=Student.version + 1, updated_at=self.now, updated_by_id=self.actor.account_id))

    def _end_absence(self):
        """An absence without leave is over once a case says how she is away: suspended, dropped out, gone."""
        for row_id in self.s.scalars(select(AbsenceNote.id).where(AbsenceNote.student_id == self.student.id, AbsenceNote.state == "open")).all():
            self.change(AbsenceNote, row_id, state="gone", ended_on=self.now.date(), ended_at=self.now, ended_by_id=self.actor.account_id, ended_by=self.actor.name,
                        case_id=self.case.id)

    def change(self, model, row_id, **values):
        table = model.__table__
        before = self.s.execute(select(table.c.id, *(table.c[name] for name in values if name != "id")).where(table.c.id == row_id).with_for_update()).one()._mapping
        self.s.execute(update(table).where(table.c.id == row_id).values(values))
        kept = self.changed.setdefault((table.name, row_id), {})
        for name, value in values.items():
            kept[name] = [kept[name][0] if name in kept else _plain(before[name]), _plain(value)]

    def make(self, model, **values):
        row_id = values.setdefault("id", new_id())
        self.s.execute(insert(model).values(values))
        self.made.append((model.__tablename__, row_id))
        return row_id

    def close_spell(self, *, left_by, day):
        """The spell that is open, if one is, ends on that day. Returns its id."""
        spell = self.s.execute(select(Enrolment.id).where(Enrolment.student_id == self.student.id, Enrolment.state == "open").with_for_update()).scalar()
        if spell is not None:
            self.change(Enrolment, spell, state="closed", until_on=day, closed_at=self.now, left_by=left_by, closing_case_id=self.case.id)
        return spell

    def open_spell(self, *, school_id, county_id, grade_id, class_id, class_no, came_by, day):
        """A new one from that day, after the last one she had; the pupil is put there."""
        last = self.s.execute(select(Enrolment.id).where(Enrolment.student_id == self.student.id, Enrolment.state == "closed")
                              .order_by(Enrolment.from_on.desc(), Enrolment.id.desc()).limit(1)).scalar()
        self.make(Enrolment, county_id=county_id, student_id=self.student.id, school_id=school_id, grade_id=grade_id, class_id=class_id, class_no=class_no, state="open",
                  from_on=day, entered_at=self.now, came_by=came_by, left_by="", case_id=self.case.id, previous_id=last)
        self.pupil(grade_id=grade_id, class_id=class_id, class_no=class_no)

    def keep(self):
        """Write it down; once a case."""
        cohort = self.s.execute(select(Grade.id, Grade.advanced_to).where(Grade.id == self.place["grade_id"])).one_or_none()
        told = {"changed": [(*row, values) for row, values in self.changed.items()], "made": self.made, "cohort": list(cohort) if cohort else None}
        self.case.footprint = sealing.seal_json(told, "cases", self.case.id, "footprint")


def _plain(value):
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(column, value):
    if value is None:
        return None
    match column.type:
        case LargeBinary():
            return b64decode(value)
        case DateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
    return value


def _holds_place(pupil):
    return pupil["class_id"] is not None and (pupil["lifecycle"] == "pending" or (pupil["lifecycle"] == "live" and pupil["status"] == "01"))


def _recount(s, before, after):
    """Heads of classes and tallies of grades, as the register tests count them."""
    for pupil, number in sorted(((before, -1), (after, 1)), key=lambda one: one[0]["class_id"] or 0):
        if _holds_place(pupil):
            s.execute(update(Class).where(Class.id == pupil["class_id"]).values(headcount=Class.headcount + number))
    places = [(pupil["school_id"], pupil["grade_id"], pupil["status"] or "pending", pupil["sex"], pupil["county_id"]) for pupil in (before, after)]
    if places[0] != places[1]:
        records.tally(s, dict(zip(places, (-1, 1), strict=True)))


# ---------------------------------------------------------------- undoing

def standing(s, case) -> list[str]:
    """What is no longer as the case left it, each named: it stands on the case, and the case cannot be undone."""
    told = sealing.unseal_json(case.footprint, "cases", case.id, "footprint")
    found = []
    pupils = Student.__table__
    for row_id, values in ((row_id, values) for name, row_id, values in told["changed"] if name == pupils.name):
        now = s.execute(select(pupils.c.id, *(pupils.c[column] for column in values)).where(pupils.c.id == row_id)).one()._mapping
        if any(_plain(now[column]) != after for column, (_, after) in values.items()):
            found.append(f"以后{class_move(s, case, row_id) or '学生的状态、班级或关键信息又有变动'}")
    if told["cohort"]:
        grade_id, advanced_to = told["cohort"]
        grade = s.execute(select(Grade.state, Grade.advanced_to).where(Grade.id == grade_id)).one()
        if tuple(grade) != ("open", advanced_to):
            found.append("以后年级已经升级或毕业")
    return list(dict.fromkeys(found))


def later_cases(s, case, student_id=None) -> list[str]:
    """What of the same pupil (or of another that it concerns) was begun after it and still stands, each named: school, act, number and day. A whole class's transfer names
    none of its pupils, but opened their spells."""
    student = student_id or case.student_id
    moved = select(Enrolment.case_id).where(Enrolment.student_id == student)
    rows = s.execute(
        select(Case.number, Case.kind, Case.state, Case.effective_on, Case.started_at, Body.name).join(Body, Body.id == Case.school_id)
        .where(or_(Case.holds(student), Case.id.in_(moved)), Case.state.in_(("open", "effective")), Case.id > case.id, Case.kind != REVERSAL.kind).order_by(Case.id)
    ).all()
    return [f"{row.name}的{FLOWS[row.kind].title}（{row.number}，{_when(row)}）" for row in rows]


def _when(row):
    return f"{chinese(row.started_at.date())}申请，在办" if row.state == "open" else f"{chinese(row.effective_on)}生效"


def class_move(s, case, student_id) -> str:
    """Where and when she was moved to another class (调班) after the case, if that opened the spell she is in."""
    row = s.execute(
        select(Enrolment.from_on, Body.name).join(Body, Body.id == Enrolment.school_id)
        .where(Enrolment.student_id == student_id, Enrolment.state == "open", Enrolment.case_id.is_(None), Enrolment.id > case.id)
    ).one_or_none()
    return f"{row.name}在 {chinese(row.from_on)} 给学生调过班" if row else ""


def undo(s, case, *, actor, today, now):
    """Everything as before: what was made ends, what was changed has its old values. Nothing is deleted. Returns the pupil before and after, as mappings, and
    what is to be minded: that her class is gone meanwhile."""
    told = sealing.unseal_json(case.footprint, "cases", case.id, "footprint")
    for name, row_id in reversed(told["made"]):
        table = TABLES[name].__table__
        s.execute(update(table).where(table.c.id == row_id).values(_ended(name, case, today, now)))
    before = s.execute(select(*PUPIL).where(Student.id == case.student_id).with_for_update()).one()._mapping
    for name, row_id, values in reversed(told["changed"]):
        table = TABLES[name].__table__
        s.execute(update(table).where(table.c.id == row_id).values({column: _typed(table.c[column], old) for column, (old, _) in values.items()}))
    s.execute(update(Student).where(Student.id == case.student_id).values(version=Student.version + 1, updated_at=now, updated_by_id=actor.account_id))
    findings = _out_of_closed_class(s, case.student_id)
    after = s.execute(select(*PUPIL).where(Student.id == case.student_id)).one()._mapping
    _recount(s, before, after)
    return before, after, findings


def _out_of_closed_class(s, student_id):
    """Who is back where the class was dissolved since is in no class, and so is her spell."""
    student = s.execute(select(Student.lifecycle, Class.state).join(Class, Class.id == Student.class_id).where(Student.id == student_id)).one_or_none()
    if student is None or student.lifecycle != "live" or student.state == "open":
        return []
    s.execute(update(Student).where(Student.id == student_id).values(class_id=None, class_no=""))
    s.execute(update(Enrolment).where(Enrolment.student_id == student_id, Enrolment.state == "open").values(class_id=None, class_no=""))
    return [CLASS_GONE]


def _ended(name, case, today, now):
    match name:
        case "enrolments":
            return {"state": "cleared", "left_by": UNDONE, "until_on": today, "closed_at": now, "closing_case_id": case.id}
        case "absences":
            return {"state": "void", "ended_on": today, "ended_case_id": case.id}
    return {"state": "void"}


# ---------------------------------------------------------------- what happened since

def refuse_changed(s, case, student, statuses) -> None:
    """The child stands as the application found her: at that school, or the one that she comes from, with one of these statuses."""
    if student.lifecycle in ("live", "left", "cancelled") and student.status in statuses and student.school_id == (case.from_school_id or case.school_id):
        return
    status = codes.table("student_current_status").label(student.status) if student.status else "正在登记"
    last = s.execute(select(Case.number, Case.effective_on).where(Case.student_id == student.id, Case.state == "effective", Case.id != case.id)
                     .order_by(Case.ended_at.desc(), Case.id.desc()).limit(1)).one_or_none()
    school = s.execute(select(Body.name).where(Body.id == student.school_id)).scalar_one()
    by = f"（{last.number}，{chinese(last.effective_on)}生效）" if last else ""
    raise MovedOn(f"{case.title}的学籍在申请以后变了：现在是{school}的学生，状态“{status}”{by}。这次没有写入，请核对后清理或撤销本件。")
