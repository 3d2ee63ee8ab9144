"""Finding a child of another school (转学): by two facts, told as name, school and grade, with a word that stands for her in the asker's forms."""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from ... import sealing
from ...errors import NotFound, Refusal
from ...identity.width import no_blanks
from ...models import Body, PersonNumber, Student
from ...permissions import require
from .. import trace
from ..people import throttle
from ..transactions import writes
from . import moving

NOBODY = "没有找到符合的学生，或者不止一名。请核对；重名的请用学籍号或身份证件号查找。学生在系统外就读的，请按系统外转入申请。"


@dataclass(frozen=True)
class Found:
    name: str
    school: str
    grade: str
    token: str
    status: str = ""


def look_up(*, actor, now, number="", name="", birth_date=None) -> Found | None:
    """By 学籍号 or ID number, or by name and birth date; every fact that is given has to agree. None, whatever was wrong, and counted."""
    require(actor, "case.start")
    throttle.refuse_waiting("lookup", str(actor.account_id), "请核对学生的信息，或联系原学校。", now=now)
    number, name = no_blanks(number).upper(), " ".join(name.split())
    if not number and not (name and birth_date):
        raise Refusal("请填写学籍号或身份证件号；没有号码的，填写姓名和出生日期", field="number")
    throttle.ask(actor, "转学", [f"{number}|{name}|{birth_date}"], now=now)
    found = _look_up(number, name, birth_date, actor=actor)
    if found is None:
        throttle.fail("lookup", str(actor.account_id), now=now)
    return found


@writes(traced=False)
def _look_up(s, number, name, birth_date, *, actor):
    """Who was found is told to the trace: her school can see who asked."""
    query = (
        select(Student.id, Student.name, Student.status, Student.grade_id, Body.name.label("school")).join(Body, Body.id == Student.school_id)
        .where(Student.lifecycle.in_(("live", "left")))
    )
    if number:
        indexes = [sealing.blind_index(kind, number) for kind in ("id_doc", "national_no")]
        query = query.where(Student.id.in_(select(PersonNumber.student_id).where(PersonNumber.index.in_(indexes))))
    if name:
        query = query.where(Student.name == name)
    if birth_date:
        query = query.where(Student.birth_date == birth_date)
    rows = s.execute(query.limit(2)).all()
    if len(rows) != 1:
        return None
    (row,) = rows
    trace.record(s, "student.looked_up", actor=actor, chain=actor.county_id, subjects=[row.id], by="号码" if number else "姓名和出生日期")
    cohort = moving.cohort_of(s, row.grade_id)
    return Found(row.name, row.school, cohort.title if cohort else "", token(row.id, actor), row.status or "")


def token(student_id, actor) -> str:
    """The word that stands for a child in this person's forms."""
    return base64.urlsafe_b64encode(sealing.ring().seal_bytes(str(student_id).encode(), "transfer", actor.account_id, "student")).decode().rstrip("=")


def student_of(word, actor) -> int:
    try:
        return int(sealing.ring().unseal_bytes(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)), "transfer", actor.account_id, "student"))
    except (InvalidTag, KeyError, IndexError, ValueError, binascii.Error):
        raise NotFound("这次查找的结果已经不在，请重新查找学生。") from None
