"""The papers that a school issues from the record of a pupil: 学籍证明, 学籍卡, 转学申请表. What each says is gathered here, services.paperwork.papers keeps it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from ... import codes
from ...errors import NotFound, Refusal, Refusals
from ...extensions import db
from ...identity import grades
from ...identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, show
from ...models import Body, Class, Grade, Student, new_id
from ...permissions import require, visible_students
from ...policies.values import Length
from .. import trace
from ..administration import organisations
from ..pupils import conduct, pupil_history, records
from ..transactions import writes
from . import papers

CERTIFICATE_HOLDS = Length(30, "日")
STANDING = {"01": "在籍在读", "02": "在籍休学"}  # whom a 学籍证明 may be issued for
CARD = (
    "name", "sex", "ethnicity", "birth_date", "national_no", "former_name", "aux_number", "student_code", "id_doc_type", "id_doc_no", "birth_place", "native_place",
    "nationality", "overseas_status", "political_status", "health_status", "hukou_nature", "phone", "hukou_place", "postcode", "current_address", "entry_month",
    "admission_mode", "student_source", "class_no", "attendance_mode", "is_only_child", "had_preschool", "left_behind", "is_migrant_child", "is_orphan",
    "is_martyr_child", "inclusive_class", "disability_type", "remark", "photo",
)
APPLICATION = (
    "name", "sex", "ethnicity", "birth_date", "national_no", "id_doc_type", "id_doc_no", "hukou_nature", "phone", "entry_month", "attendance_mode", "hukou_place",
    "current_address", "photo",
)
MEMBER = ("name", "relation", "employer", "job_title", "phone", "is_guardian", "id_doc_type", "id_doc_no")


@dataclass(frozen=True)
class Entry:
    """A kind of paper that is issued by hand: what it says, and how long it holds."""

    facts: Any  # (s, record, place, asked, *, actor, today) -> facts
    holds: Length | None = None


@dataclass(frozen=True)
class Draft:
    student_id: int
    school_id: int
    facts: dict


# ---------------------------------------------------------------- issuing

def drafts(s, kind, student_ids, asked, *, actor, today) -> list[Draft]:
    """What the papers will say, for pupils that this registrar may see; every pupil who cannot have one is told at once."""
    require(actor, "document.issue")
    seen = dict(s.execute(visible_students(actor).with_only_columns(Student.id, Student.name).where(Student.id.in_(student_ids))).all())
    if not student_ids or set(student_ids) - set(seen):
        raise NotFound
    if len(student_ids) > papers.BATCH_MOST:
        raise Refusal(f"一次最多开具 {papers.BATCH_MOST} 份，现在选了 {len(student_ids)} 人，请分几次办理。")
    made, wrong, places = [], [], {}
    for student_id in student_ids:
        record = records.load(s, student_id)
        here = record["school_id"], record["grade_id"], record["class_id"]
        if here not in places:  # a whole class stands at one
            places[here] = place_of(s, record)
        try:
            made.append(Draft(student_id, record["school_id"], ENTRIES[kind].facts(s, record, places[here], asked, actor=actor, today=today)))
        except Refusal as refusal:
            wrong.append(refusal if len(student_ids) == 1 else Refusal(f"{seen[student_id]}：{refusal.sentence}"))
    if wrong:
        raise Refusals(wrong)
    return made


def check(kind, student_ids, asked, *, actor, today) -> list[Draft]:
    """The drafts, each known to fit its paper. Nothing is written."""
    made = drafts(db.session, kind, student_ids, asked, actor=actor, today=today)
    papers.try_drawing(kind, [draft.facts for draft in made])
    return made


@writes
def issue(s, kind, student_ids, asked, *, actor, today, now):
    """One paper for each pupil, under numbers that follow each other. Returns (paper's id, None), or (None, batch's id) for several."""
    made = drafts(s, kind, student_ids, asked, actor=actor, today=today)
    holds = ENTRIES[kind].holds
    batch_id = new_id() if len(made) > 1 else None
    issued = papers.issue_many(
        s, kind, [(draft.student_id, draft.facts) for draft in made], school_id=made[0].school_id, actor=actor, today=today, now=now,
        expires_on=holds.after(today) if holds else None, batch_id=batch_id,
    )
    told = {"paper": papers.KINDS[kind].title, "purpose": asked.get("purpose", "")}
    subjects = [draft.student_id for draft in made]
    if batch_id is None:
        trace.record(s, "document.issued", actor=actor, chain=actor.county_id, subjects=subjects, number=issued[0].number, **told)
        return issued[0].id, None
    trace.record(s, "documents.issued", actor=actor, chain=actor.county_id, subjects=subjects, count=len(issued), first=issued[0].number, last=issued[-1].number, **told)
    return None, batch_id


# ---------------------------------------------------------------- what they say

BODIES, COUNTY, GRADES, CLASSES = Body.__table__, Body.__table__.alias(), Grade.__table__, Class.__table__
SCHOOL = (
    select(BODIES.c.id, BODIES.c.name, BODIES.c.school_code, BODIES.c.phone, BODIES.c.division_code, COUNTY.c.division_code.label("county_code"))
    .outerjoin(COUNTY, COUNTY.c.id == BODIES.c.county_id).where(BODIES.c.id == bindparam("school"))
)
GROUP = (
    select(GRADES.c.stage, GRADES.c.advanced_to, GRADES.c.length, CLASSES.c.number, CLASSES.c.name)
    .join_from(GRADES, CLASSES, CLASSES.c.id == bindparam("class"), isouter=True).where(GRADES.c.id == bindparam("grade"))
)


def place_of(s, record):
    """School, its bureau and province, class and grade of a pupil, as papers name them."""
    school = s.execute(SCHOOL, {"school": record["school_id"]}).one()
    group = s.execute(GROUP, {"class": record["class_id"], "grade": record["grade_id"]}).one_or_none()
    office = organisations.bureau(s, school.id)
    grade = grades.grade_title(group.stage, group.advanced_to, group.length) if group else ""
    class_name = (group.name or f"{group.number}班") if group and group.number else ""
    return {
        "school": school.name, "school_code": school.school_code or "", "school_phone": school.phone, "office": office.name if office else "",
        "province": codes.divisions.full_name((school.county_code or school.division_code)[:2] + "0000"), "grade": grade, "class_name": class_name,
    }


def words_of(record) -> dict:
    """The items of a pupil as papers print them, dates in ISO form."""
    told = {field: show(item, record.get(field)) for field, item in PUPIL_ITEMS.items() if field in record and item.kind not in ("date", "month")}
    month = record["entry_month"]
    hukou = show(PUPIL_ITEMS["hukou_place_code"], record["hukou_place_code"])
    address = record["hukou_address"]
    told |= {
        "birth_date": record["birth_date"].isoformat(), "entry_month": f"{month[:4]}-{month[4:]}" if month else "",
        "birth_place": told["birth_place_code"], "hukou_place": address if address.startswith(hukou) else hukou + address, "photo": record["photo_id"],
    }
    if record["is_young_pioneer"] and record["political_status"] in ("", "13"):  # 群众
        told["political_status"] = "少先队员"
    return told


def family_of(record) -> list[dict]:
    """Papers have two places for the family; the guardians among them come first."""
    members = sorted(record["guardians"], key=lambda one: not one["is_guardian"])[:2]
    return [{field: show(GUARDIAN_ITEMS[field], one.get(field)) for field in MEMBER} for one in members]


def enrolment_certificate(s, record, place, asked, *, actor, today) -> dict:
    if record["lifecycle"] == "pending":
        raise Refusal("新生登记还没有办结，不能开具学籍证明，请在生效以后再开。")
    if record["lifecycle"] != "live" or record["status"] not in STANDING:
        state = codes.table("student_current_status").label(record["status"])
        raise Refusal(f"现在的状态是“{state}”，不能开具学籍证明。只有在读和休学的学生可以开。")
    told = words_of(record)
    return {name: told[name] for name in ("name", "sex", "birth_date", "entry_month", "id_doc_no", "national_no")} | {
        "id_doc_title": "身份证号" if record["id_doc_type"] == "1" else f"{told['id_doc_type']}号", "class_title": place["grade"] + place["class_name"],
        "standing": STANDING[record["status"]], "purpose": asked["purpose"], "valid_for": "30天", "school_phone": place["school_phone"],
        "school": {"name": place["school"], "officer": actor.name, "decided_on": today.isoformat()},
    }


def record_card(s, record, place, asked, *, actor, today) -> dict:
    if record["lifecycle"] == "pending":
        raise Refusal("新生登记还没有办结，不能打印学籍卡，请在生效以后再打印。")
    return card_words(record, place, pupil_history.of(s, record), conduct.of_student(s, record["id"]), actor=actor, today=today)


def card_words(record, place, history, entries, *, actor, today) -> dict:
    """The facts of 学籍卡, from the record as it stands or as it was on the day that she left."""
    told = words_of(record)
    return {name: told[name] for name in CARD} | history | {
        "province": place["province"], "school_code": place["school_code"], "grade": place["grade"], "class_name": place["class_name"],
        "guardians": family_of(record), "awards": conduct.for_card(entries), "fitness": [],
        "school": {"name": place["school"], "opinion": "", "officer": actor.name, "decided_on": today.isoformat()},
        "office": {"name": place["office"], "opinion": "", "officer": "", "decided_on": None},
    }


def transfer_application(s, record, place, asked, *, actor, today) -> dict:
    """By the releasing school, for a family that asks it first. `asked`: to_school, to_grade, scope, reason (a code), explanation, and what a case adds."""
    if record["lifecycle"] != "live" or record["status"] != "01":
        raise Refusal("只有在读学生可以申请转学。休学的请先办理复学。")
    told, family = words_of(record), family_of(record)
    if not family:
        raise Refusal("学籍上没有登记监护人，请先补录监护人再打印申请表。")
    return {**application_words(told, family[0], place, asked), "first": asked.get("first", "releasing")}


def application_words(told, guardian, place, asked) -> dict:
    """The facts of 转学申请表 from plain values: the pupil's words, her guardian, her place at the releasing school, what is asked for."""
    def unsigned(name):
        return {"name": name, "opinion": None, "officer": None, "decided_on": None}

    reason = codes.table("transfer_reason").label(asked["reason"])
    return {name: told[name] for name in APPLICATION} | {
        "title": f"{place['province']}中小学生转学申请表", "guardian": guardian, "from_school": f"{place['school']}（{place['school_code']}）",
        "from_class": place["grade"] + place["class_name"], "to_school": asked["to_school"], "to_grade": asked["to_grade"], "scope": asked["scope"],
        "reason": f"{reason}：{asked['explanation']}" if asked.get("explanation") else reason, "attached": asked.get("attached", []),
        "releasing": unsigned(place["school"]), "releasing_office": unsigned(place["office"]), "receiving": unsigned(asked["to_school"]),
        "receiving_office": unsigned(asked.get("to_office", "")),
    }


def certificate_words(told, place, *, number_of_case, to_school, to_school_full, to_office, to_grade, reason, remark, valid_for, issued_on, first, signed):
    """The facts of 转学证明, for the act that lets the pupil go. `signed` is {releasing, releasing_office, receiving, receiving_office: (opinion, officer, day)}
    of those who have decided in the system; for the others the paper has blanks for the pen. `first` is the side whose opinions come first, `valid_for` a
    policies Length."""
    def body(name, side):
        opinion, officer, day = signed.get(side) or (None, None, None)
        return {"name": name, "opinion": opinion, "officer": officer, "decided_on": day and day.isoformat()}

    return {name: told[name] for name in ("name", "sex", "birth_date", "national_no")} | {
        "from_class": place["grade"] + place["class_name"], "to_grade": to_grade, "to_school_full": to_school_full, "reason": reason, "remark": remark,
        "valid_for": in_words(valid_for), "issued_on": issued_on.isoformat(), "case_no": number_of_case, "first": first,
        "from_school": body(place["school"], "releasing"), "from_office": body(place["office"], "releasing_office"),
        "to_school": body(to_school, "receiving"), "to_office": body(to_office, "receiving_office"),
    }


def in_words(length) -> str:
    """三个月, 90日: as a letter says it."""
    numeral = "零一两三四五六七八九十"[length.number] if length.number <= 10 and length.unit in ("月", "年") else str(length.number)
    return f"{numeral}{'个' if length.unit in ('月', '工作日') else ''}{length.unit}"


ENTRIES = {
    "enrolment_certificate": Entry(enrolment_certificate, CERTIFICATE_HOLDS),
    "record_card": Entry(record_card),
    "transfer_application": Entry(transfer_application),
}
