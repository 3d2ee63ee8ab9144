"""What a registrar answers for each kind of change (异动), good on the day that is told: stories, races and the state machine ask here."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.extensions import db
from app.models import AbsenceNote, Class, Grade, Student
from app.services.problem_records import problems
from app.services.problem_records.problems import Found
from app.services.standing import absences
from app.services.standing.absences import Visited
from app.services.standing.change_pages import guardians_of
from app.workflow.changes import STATUS_CHANGES
from tests.cast import Cast

ILL = {"reason": "10", "hospital": "竹山县人民医院", "diagnosis": "肺炎", "explanation": ""}


def evidence(kind, answers) -> tuple:
    return STATUS_CHANGES[kind].evidence_for(answers.get("reason", ""))


def answers(kind, pupil, *, today, registrar) -> dict:
    """For this pupil; what has to be on record before (an absence noted, a visit paid) is put there."""
    if kind == "dropout":
        _stayed_away(pupil, today=today, registrar=registrar)
    if kind == "problem":
        _found(pupil, today=today)
    told = ANSWERS[kind](today) | _otherwise(kind, pupil)
    if "guardian" in STATUS_CHANGES[kind].asks:
        told["guardian"] = next((value for value, _ in guardians_of(pupil)), "")
    if "to_class" in STATUS_CHANGES[kind].asks:
        told["to_class"] = _class_for(kind, pupil)
    return told


ANSWERS = {
    "suspension": lambda today: ILL | {"from_on": today - timedelta(days=4), "until_on": today + timedelta(days=150)},
    "suspension-renewal": lambda today: ILL | {"until_on": today + timedelta(days=200)},
    "resumption": lambda today: {"effective_on": today, "hospital": "竹山县人民医院", "explanation": ""},
    "dropout": lambda today: {"reason": "04", "whereabouts": "随父母在广东务工", "measures": "继续联系家长", "explanation": ""},
    "back-to-school": lambda today: {"effective_on": today, "explanation": ""},
    "abroad": lambda today: {"effective_on": today, "country": "392", "abroad_kind": "study", "explanation": ""},
    "back-from-abroad": lambda today: {"effective_on": today, "explanation": "在大阪读小学二年级"},
    "death": lambda today: {"effective_on": today - timedelta(days=1), "reason": "41", "explanation": ""},
    "loss-of-ability": lambda today: {"effective_on": today, "hospital": "十堰市太和医院", "diagnosis": "重度脑瘫", "explanation": "已送教上门"},
    "problem": lambda today: {"problem_kind": "03", "resolution": "1", "explanation": "户口簿与系统一致"},
    "withdrawal": lambda today: {"ground": "application", "reason": "5", "explanation": "学生和监护人书面申请"},
    "expulsion": lambda today: {"reason": "02", "document": "校发〔2026〕3号", "decided_on": today - timedelta(days=2), "notified_on": today - timedelta(days=1),
                                "explanation": "多次违反治安管理条例，教育无效"},
    "key-change": lambda today: dict.fromkeys(("name", "sex", "birth_date", "id_doc_type", "id_doc_no", "nationality", "overseas_status"), "") | {"explanation": "户口簿已更正"},
    "kind-change": lambda today: {"student_kind": "借读生", "explanation": "随父母在本县务工"},
    "poverty": lambda today: {"poverty_status": "2", "basis": "allowance", "poverty_from": today, "explanation": "父亲患病，家庭收入低"},
    "poverty-end": lambda today: {"poverty_until": today, "explanation": "家庭收入已超过标准"},
    "grade-skip": lambda today: {"explanation": "学业考核优秀"},
    "grade-repeat": lambda today: {"explanation": "长期患病，学业落后"},
}


def _otherwise(kind, pupil):
    """What has to differ from what the record says."""
    student = db.session.execute(select(Student.name, Student.student_kind).where(Student.id == pupil)).one()
    if kind == "key-change":
        return {"name": student.name[:-1] if len(student.name) > 2 else f"{student.name}宁"}
    if kind == "kind-change" and student.student_kind == "借读生":
        return {"student_kind": "普通"}
    return {}


def _found(pupil, *, today):
    if not problems.is_open(db.session, pupil):
        problems.mark(pupil, Found("03", today, "list", "全国系统比对不符"), actor=Cast().actor("officer.a"), today=today, now=_at(today))


def _class_for(kind, pupil):
    """A class of her own year where the kind offers one, her own if it is in use; of the grade above or below for 跳级 and 留级."""
    student = db.session.execute(select(Student.class_id, Student.school_id, Student.grade_id).where(Student.id == pupil)).one()
    if kind in ("grade-skip", "grade-repeat"):
        grade = db.session.execute(select(Grade.stage, Grade.advanced_to).where(Grade.id == student.grade_id)).one()
        return db.session.execute(select(Class.id).join(Grade, Grade.id == Class.grade_id).where(
            Class.school_id == student.school_id, Class.state == "open", Class.kind == "ordinary", Grade.stage == grade.stage,
            Grade.advanced_to == grade.advanced_to + (1 if kind == "grade-skip" else -1)).order_by(Class.number).limit(1)).scalar()
    own = db.session.execute(select(Class.id).where(Class.id == student.class_id, Class.state == "open")).scalar()
    return own or db.session.execute(select(Class.id).join(Grade, Grade.id == Class.grade_id).where(
        Class.school_id == student.school_id, Class.state == "open", Grade.id == student.grade_id).limit(1)).scalar()


def _stayed_away(pupil, *, today, registrar):
    noted = db.session.execute(select(AbsenceNote.id).where(AbsenceNote.student_id == pupil, AbsenceNote.state == "open")).scalar()
    if noted is None:
        noted = absences.note(pupil, max(today - timedelta(days=60), date(2026, 9, 1)), "家长称外出", actor=registrar, today=today, now=_at(today))
    absences.visit(noted, Visited(today, "班主任", "home", "家长答应送回"), actor=registrar, today=today, now=_at(today))


def _at(today):
    return datetime.combine(today, time(9, 0))
