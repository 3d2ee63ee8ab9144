"""辍学名单, monthly, for township and county: who was reported since the last list, who is still away, who came back (regulation.md 7)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select

from ... import codes, sealing
from ...extensions import db
from ...identity.dates import chinese
from ...models import Absence, AbsenceNote, Body, Case, Class, Enrolment, Grade, Student, Visit
from ...permissions import require, schools_of
from ...spreadsheets import writer
from .. import trace
from ..administration import policies
from ..pupils.listing import PLACE, class_of
from ..transactions import writes

MOST = 2000
TITLES = ("学校", "班级", "姓名", "性别", "情况", "辍学原因", "去向", "缺课起日", "生效日期", "返校日期", "劝返次数", "最近一次劝返", "登记人", "已采取的措施", "受理编号")


@dataclass(frozen=True)
class Period:
    """From the day after one list to the day of the next."""

    first: date  # not in it: the day of the list before
    last: date

    @property
    def title(self):
        return f"{self.last.year}年{self.last.month}月"


def period(policy, today, month="") -> Period:
    """The list that a day belongs to, or the one of a month (2026-09)."""
    day = policy.dropout_list_day
    try:
        last = date.fromisoformat(f"{month}-01").replace(day=day) if month else None
    except ValueError:
        last = None
    if last is None:
        last = today.replace(day=day) if today.day <= day else _month_after(today, 1).replace(day=day)
    return Period(_month_after(last, -1).replace(day=day), last)


def _month_after(day, number):
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, 1)


def months(policy, today, number=12) -> list:
    """[(2026-09, 2026年9月)], the present one first."""
    last = period(policy, today).last
    days = [_month_after(last, -back) for back in range(number)]
    return [(f"{day:%Y-%m}", f"{day.year}年{day.month}月") for day in days]


def listed(person, when: Period) -> list[dict]:
    """By school and class. One query, whatever the scope holds; what a report says is opened row by row."""
    visits = select(func.count(Visit.id)).where(Visit.note_id == AbsenceNote.id).scalar_subquery().label("visits")
    latest = select(func.max(Visit.visited_on)).where(Visit.note_id == AbsenceNote.id).scalar_subquery().label("latest")
    rows = db.session.execute(
        select(Absence.student_id, Absence.from_on, Absence.ended_on, Absence.state, Absence.reason, Absence.county_id, Case.id.label("case_id"), Case.number.label("case_number"),
               Case.content, Case.effective_on, Student.name, Student.sex, Body.short_name.label("school"), *PLACE, AbsenceNote.noted_by, visits, latest)
        .join(Case, Case.id == Absence.case_id).join(Student, Student.id == Absence.student_id).join(Body, Body.id == Absence.school_id)
        .outerjoin(Grade, Grade.id == Case.grade_id).outerjoin(Class, Class.id == Case.class_id).outerjoin(AbsenceNote, AbsenceNote.case_id == Absence.case_id)
        .where(Absence.school_id.in_(schools_of(person)), Absence.kind == "dropout", Absence.state != "void", Case.effective_on <= when.last,
               or_(Absence.state == "open", Absence.ended_on > when.first))
        .order_by(Body.key, Grade.stage, Grade.advanced_to, Class.number, Student.name_sort, Absence.id).limit(MOST)
    ).all()
    return [_told(row, when) for row in rows]


def _told(row, when):
    answers = (sealing.unseal_json(row.content, "cases", row.case_id, "content") or {}).get("answers", {})
    back = row.ended_on if row.state == "ended" and row.ended_on <= when.last else None
    state = "已返校" if back else "本月新增" if row.effective_on > when.first else "尚未返校"
    return {
        "student_id": row.student_id, "case_id": row.case_id, "county_id": row.county_id, "school": row.school, "class_title": class_of(row), "name": row.name,
        "sex": "男" if row.sex == "1" else "女", "state": state, "look": {"已返校": "done", "本月新增": "bad"}.get(state, "soon"),
        "reason": codes.table("dropout_reason").label(row.reason), "whereabouts": answers.get("whereabouts", ""), "from_on": row.from_on, "effective_on": row.effective_on,
        "back_on": back, "visits": row.visits or 0, "latest": row.latest, "noted_by": row.noted_by or "", "measures": answers.get("measures", ""), "number": row.case_number,
    }


def left_elsewhere(person, when: Period, policy) -> list[dict]:
    """“转至市外”, a line of the list where the rules keep it: who left by transfer for a school outside the system; a transfer, counted nowhere as lost (regulation.md 15, 4)."""
    if not policy.leaving_as_loss_line:
        return []
    rows = db.session.execute(
        select(Case.id, Case.number.label("case_number"), Case.content, Case.effective_on, Case.student_id, Student.name, Student.sex, Body.short_name.label("school"), *PLACE)
        .join(Student, Student.id == Case.student_id).join(Body, Body.id == Case.from_school_id).join(Enrolment, and_(Enrolment.student_id == Case.student_id, Enrolment.closing_case_id == Case.id))
        .outerjoin(Grade, Grade.id == Enrolment.grade_id).outerjoin(Class, Class.id == Enrolment.class_id)
        .where(Case.county_id == person.county_id, Case.from_school_id.in_(schools_of(person)), Case.kind.in_(("transfer", "transfer-out")), Case.to_school_id.is_(None), Case.state == "effective",
               Case.effective_on > when.first, Case.effective_on <= when.last)
        .order_by(Body.key, Case.effective_on, Case.id).limit(MOST)
    ).all()
    return [
        {"student_id": row.student_id, "case_id": row.id, "school": row.school, "class_title": class_of(row), "name": row.name, "sex": "男" if row.sex == "1" else "女",
         "state": "转至市外", "effective_on": row.effective_on, "remark": f"转出至{(sealing.unseal_json(row.content, 'cases', row.id, 'content') or {})['outside']['school']}",
         "number": row.case_number}
        for row in rows
    ]


def export(person, month, *, today):
    """(Period, bytes) of the list as a workbook; the export is traced before the first byte is there."""
    require(person, "absence.list")
    policy = policies.policy_for(db.session, person.county_id, today)
    when = period(policy, today, month)
    rows, gone = listed(person, when), left_elsewhere(person, when, policy)
    _exported([row["student_id"] for row in (*rows, *gone)], f"{when.title}辍学名单", actor=person)
    lines = [
        [row["school"], row["class_title"], row["name"], row["sex"], row["state"], row["reason"], row["whereabouts"], chinese(row["from_on"]), chinese(row["effective_on"]),
         chinese(row["back_on"]) if row["back_on"] else "", row["visits"], chinese(row["latest"]) if row["latest"] else "", row["noted_by"], row["measures"], row["number"]]
        for row in rows
    ]
    lines += [
        [row["school"], row["class_title"], row["name"], row["sex"], f"{row['state']}（不计入辍学）", "", row["remark"], "", chinese(row["effective_on"]), "", "", "", "", "", row["number"]]
        for row in gone
    ]
    return when, writer.table(TITLES, lines, f"{when.title}辍学名单")


@writes
def _exported(s, student_ids, purpose, *, actor):
    trace.record(s, "students.exported", actor=actor, chain=actor.county_id, subjects=student_ids, number=len(student_ids), columns=list(TITLES), purpose=purpose)
