"""Numbers of pupils: whose one is; and the local 学籍号 (L …) that is given when a pupil comes in, until the national system's arrives."""

from sqlalchemy import insert, or_, select

from ... import sealing
from ...errors import Refusal
from ...identity import student_numbers
from ...models import Body, Grade, PersonNumber, Student
from ..casework import case_files


def owner(s, number):
    """The id of the pupil whose 学籍号, ID number or 学生编码 it is; None for nobody's."""
    if not number:
        return None
    indexes = [PersonNumber.index == sealing.blind_index(kind, number) for kind in ("national_no", "id_doc")]
    numbered = select(PersonNumber.student_id).where(PersonNumber.kind.in_(("national_no", "id_doc")), or_(*indexes)).limit(1)
    return s.execute(numbered).scalar() or s.execute(select(Student.id).where(Student.student_code == number)).scalar()


def give_local(s, students) -> dict[int, str]:
    """{pupil: L + county + birth date + serial (odd male, even female) + check character}, registered like any other number."""
    given, rows, groups = {}, [], {}
    for student in students:
        groups.setdefault((student.county_id, student.birth_date, student.sex), []).append(student)
    divisions = dict(s.execute(select(Body.id, Body.division_code).where(Body.id.in_({student.county_id for student in students}))).all())
    for (county_id, born, sex), group in sorted(groups.items()):
        waiting = list(group)
        while waiting:
            first = case_files.take_numbers(s, f"local_number/{county_id}/{born:%Y%m%d}/{sex}", len(waiting))
            numbers = [_local(divisions[county_id], born, first + place, sex) for place in range(len(waiting))]
            indexes = [sealing.blind_index("national_no", number) for number in numbers]
            taken = {bytes(index) for index in s.execute(  # a number that a pupil brought along
                select(PersonNumber.index).where(PersonNumber.kind == "national_no", PersonNumber.index.in_(indexes))).scalars()}
            for number, index in zip(numbers, indexes, strict=True):
                if index not in taken:
                    student = waiting.pop(0)
                    given[student.id] = number
                    rows.append({"kind": "national_no", "index": index, "county_id": county_id, "student_id": student.id})
    if rows:
        s.execute(insert(PersonNumber), rows)
    return given


def _local(*parts):
    try:
        return student_numbers.local_number(*parts)
    except ValueError as sentence:
        raise Refusal(f"{sentence}。") from None


def give_aux(s, students, template) -> dict[int, str]:
    """{pupil: 学籍辅号}; the serial counts among the numbers that are otherwise alike."""
    if not students:
        return {}
    schools = {row.id: row for row in s.execute(select(Body.id, Body.division_code, Body.local_code).where(Body.id.in_({one.school_id for one in students})))}
    cohorts = {row.id: row for row in s.execute(select(Grade.id, Grade.stage, Grade.entry_year, Grade.advanced_to).where(
        Grade.id.in_({one.grade_id for one in students})))}
    groups = {}
    for student in students:
        school, cohort = schools[student.school_id], cohorts[student.grade_id]
        division, local = school.division_code, school.local_code or ""
        parts = {
            "stage1": cohort.stage, "entry_year2": f"{cohort.entry_year % 100:02}", "entry_year4": cohort.entry_year, "grade1": cohort.advanced_to,
            "province2": division[:2], "city2": division[2:4], "county2": division[4:6], "county6": division, "school2": local[-2:], "school4": local[-4:],
            "school6": local, "sex1": student.sex,
        }
        groups.setdefault(_render(template, parts, 1), []).append((student, parts))
    given = {}
    for alike, group in sorted(groups.items()):
        first = case_files.take_numbers(s, f"aux_number/{group[0][0].county_id}/{alike}", len(group))
        given |= {student.id: _render(template, parts, serial) for serial, (student, parts) in enumerate(group, first)}
    return given


def _render(template, parts, serial):
    try:
        return student_numbers.render(template, serial=serial, **parts)
    except ValueError as sentence:
        raise Refusal(f"编不出学籍辅号：{sentence}。请教育局改正学籍辅号编制规则。") from None
