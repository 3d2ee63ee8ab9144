"""查重: other records that may be the same child. By number, by name + birth date + sex, by a number one digit off."""

from sqlalchemy import or_, select

from ... import sealing
from ...extensions import db
from ...models import Body, NearNumber, PersonNumber, Student
from ...permissions import student_scope
from ...workflow.checks import Twin
from ..people import throttle
from . import records

ENDED = ("cleared", "merged")
WHO = ("id_doc_no", "name", "birth_date", "sex")  # what is asked of the register


def ask(many, act, *, actor, now):
    """Before the answer is told: these children are counted, so that nobody searches the register by it. Raises TooMany."""
    throttle.ask(actor, act, ["|".join(str(record.get(name) or "") for name in WHO) for record in many if record.get("id_doc_no") or record.get("name")], now=now)


def find(s, record, *, actor, apart_from=None) -> list[Twin]:
    """At most three queries. What this person may not see is a Twin without a place."""
    number = record.get("id_doc_no")
    same, near = set(), set()
    if number:
        same = set(s.execute(select(PersonNumber.student_id).where(PersonNumber.kind == "id_doc", PersonNumber.index == sealing.blind_index("id_doc", number))).scalars())
        if record.get("id_doc_type") == "1" and len(number) == 18:
            near = set(s.execute(select(NearNumber.student_id).where(NearNumber.key.in_(records.near_keys(number))).distinct()).scalars())
    wanted = same | near
    person = (Student.birth_date == record.get("birth_date")) & (Student.name == record.get("name")) & (Student.sex == record.get("sex"))
    rows = s.execute(
        select(Student.id, Student.name, Student.lifecycle, Body.name.label("school"), student_scope(actor).label("mine"))
        .join(Body, Body.id == Student.school_id).where(or_(person, Student.id.in_(wanted)), Student.lifecycle.not_in(ENDED), Student.id != (apart_from or 0))
        .order_by(Student.id)
    ).all()
    twins = []
    for row in rows:
        how = "number" if row.id in same else "near" if row.id in near else "person"
        twins.append(Twin(how, f"{row.school}的" if row.mine else "", row.name if row.mine else "", row.lifecycle == "live"))
    return twins


def find_many(s, chunk, *, actor) -> dict[int, list[Twin]]:
    """The same for many rows of a workbook: {position: twins}, three queries for a chunk whatever its length."""
    numbers = {sealing.blind_index("id_doc", record["id_doc_no"]): place for place, record in chunk if record.get("id_doc_no")}
    near = {}
    for place, record in chunk:
        if record.get("id_doc_type") == "1" and len(record.get("id_doc_no") or "") == 18:
            for key in records.near_keys(record["id_doc_no"]):
                near.setdefault(key, []).append(place)
    persons = {}
    for place, record in chunk:
        if record.get("name") and record.get("birth_date"):
            persons.setdefault((record["name"], record["birth_date"], record.get("sex")), []).append(place)
    hits = {}  # student → {(place, how)}
    for index, student in _in(s, PersonNumber.index, PersonNumber.student_id, numbers, PersonNumber.kind == "id_doc"):
        hits.setdefault(student, {})[numbers[bytes(index)]] = "number"
    for key, student in _in(s, NearNumber.key, NearNumber.student_id, near):
        for place in near[bytes(key)]:
            hits.setdefault(student, {}).setdefault(place, "near")
    births = {birth for _, birth, _ in persons}
    for part in _parts(sorted(births)):
        names = {name for name, birth, _ in persons if birth in set(part)}
        for student, name, birth, sex in s.execute(select(Student.id, Student.name, Student.birth_date, Student.sex).where(
                Student.birth_date.in_(part), Student.name.in_(names) if len(names) < 900 else db.true(), Student.lifecycle.not_in(ENDED))):
            for place in persons.get((name, birth, sex), ()):
                hits.setdefault(student, {}).setdefault(place, "person")
    found = {}
    for part in _parts(sorted(hits)):
        for row in s.execute(select(Student.id, Student.name, Student.lifecycle, Body.name.label("school"), student_scope(actor).label("mine")).join(
                Body, Body.id == Student.school_id).where(Student.id.in_(part), Student.lifecycle.not_in(ENDED))):
            for place, how in hits[row.id].items():
                found.setdefault(place, []).append(Twin(how, f"{row.school}的" if row.mine else "", row.name if row.mine else "", row.lifecycle == "live"))
    return found


def among(many) -> dict[int, list[Twin]]:
    """The same among the rows of one workbook: `many` is [(row, record)], the answer {position: twins}. Two with one number are told elsewhere."""
    numbers = [record.get("id_doc_no") for _, record in many]
    near, person = {}, {}
    right = [place for place, (_, record) in enumerate(many) if record.get("id_doc_type") == "1" and numbers[place] and len(numbers[place]) == 18]
    for digit in range(17):  # one position left out at a time: all of them at once would hold seventeen numbers for each
        first = {}
        for place in right:
            number = numbers[place]
            _pair(near, first.setdefault(number[:digit] + number[digit + 1 : 17], place), place, numbers)
    first = {}
    for place, (_, record) in enumerate(many):
        if record.get("name") and record.get("birth_date") and record.get("sex"):
            _pair(person, first.setdefault((record["name"], record["birth_date"], record["sex"]), place), place, numbers)
    found = {}
    for how, others in (("near", near), ("person", person)):
        for place, there in others.items():
            rows = sorted(many[other][0] for other in there)
            told = "、".join(map(str, rows[:5])) + ("…" if len(rows) > 5 else "")
            found.setdefault(place, []).append(Twin(how, f"本名册第 {told} 行的", many[there[0]][1].get("name", "") if len(rows) == 1 else "学生"))
    return found


def _pair(found, one, other, numbers):
    if one != other and (numbers[one] is None or numbers[one] != numbers[other]):
        for place, twin in ((one, other), (other, one)):
            if twin not in (there := found.setdefault(place, [])):
                there.append(twin)


def _parts(values, size=800):
    return [values[start : start + size] for start in range(0, len(values), size)]


def _in(s, column, wanted_column, values, *conditions):
    for part in _parts(list(values)):
        yield from s.execute(select(column, wanted_column).where(column.in_(part), *conditions))
