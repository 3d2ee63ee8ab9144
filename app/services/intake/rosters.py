"""A workbook of new pupils (新生名册), judged without writing anything: its cells, its classes, the rules of enrolment in bulk, the register.

`judge` is asked twice: by the dry run, and again before the rows are written, for the register may have changed in between.
"""

import contextlib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select

from ... import sealing
from ...codes import table
from ...errors import Refusal
from ...extensions import db
from ...identity import grades, student_numbers
from ...models import Class, Grade, Import, ImportRow, PersonNumber, Student
from ...permissions import Actor
from ...spreadsheets import check, columns, reader, writer
from ...spreadsheets.bounds import BadWorkbook, column_letter
from ...workflow import checks
from ...workflow.checks import Finding
from ..administration import policies
from ..pupils import twins
from ..schools import quotas
from .enrolments import Target

CHUNK = 500  # rows judged with one question to the register
MARKABLE = 5000  # rows of an .xlsx that come back in the very workbook (DECIDED 23)
DEFAULTS = {"political_status": "13", "student_source": "1"}  # data-items.md 11, 27
CATEGORY = {"1": "21100", "2": "31100", "3": "32100"}  # 学生类别 of ordinary schools, by stage
ONE_RECORD = "2013年办法第六条（一人一籍）"
PROBLEMS = {  # check → the kind of fault, for the totals
    "birth": "与证件号不符", "sex": "与证件号不符", "age": "入学年龄", "guardian": "监护人", "twin_number": "重复学籍", "twin_person": "疑似重复",
    "twin_near": "疑似重复", "class_limit": "没有学位", "quota": "招生计划", "place": "年级班级", "school_code": "学校不符", "seat": "班内学号重复",
}


@dataclass
class Judged:
    """A row of the workbook with all that is to be said of it. `goal` is the class it is for, where that is known."""

    row: int
    name: str
    record: dict
    goal: Target | None = None
    found: list = field(default_factory=list)  # of workflow.checks.Finding: what a case opened for it would say
    cells: list = field(default_factory=list)  # of spreadsheets.check.Finding: what is wrong, where it stands
    known: bool = False  # written by an earlier workbook of this school

    @property
    def state(self):
        if self.known:
            return "known"
        if any(cell.level == "block" for cell in self.cells):
            return "bad"
        return "warned" if self.cells else "good"


# ---------------------------------------------------------------- the workbook

def opened(data, filename):
    """(book, mapping). What cannot be read, or lacks a column, is refused with what to do."""
    try:
        book = reader.read_bounded(data, filename)
    except BadWorkbook as bad:
        raise Refusal(str(bad), field="file") from None
    mapping = columns.match_titles(book.header, columns.NEW_PUPILS)
    if not mapping.usable:
        wrong = [problem for problem in mapping.problems if problem.level == "block"]
        told = "；".join(problem.sentence for problem in wrong[:8]) + (f"；等 {len(wrong)} 处" if len(wrong) > 8 else "")
        raise Refusal(f"第 {book.header_row} 行的列名对不上新生信息导入模板：{told}。请改正列名，或用本系统的模板填写后重新上传。", field="file")
    return book, mapping


def examine(s, book, mapping, school, *, actor, policy, today):
    """Yields the judged rows of a workbook, some hundreds at a time."""
    rows = check.check_rows(book.rows, mapping)
    cells = dict(book.rows)
    known = _known(s, rows, school.id)
    fields = {column_letter(place + 1): column.field for place, column in mapping.columns.items()}
    many = [(row.row, row.record, {"known"} if row.row in known else _spoilt(row, fields)) for row in rows]
    start = 0
    for part in judge(s, many, school, actor=actor, policy=policy, today=today):
        judged = []
        for place, (goal, found) in enumerate(part):
            row = rows[start + place]
            one = Judged(row.row, _name(row, cells[row.row], mapping), row.record, goal, found, known=row.row in known)
            if not one.known:
                one.cells = sorted(row.findings + [_in_its_cell(row.row, finding, cells[row.row], mapping) for finding in found if finding.level != "pass"],
                                   key=lambda cell: (len(cell.letter) or 9, cell.letter))
            judged.append(one)
        start += len(part)
        yield judged


def rehearse(data, filename, school, *, today):
    """(judged rows, book) with nothing kept at all, seen with the eyes of the school."""
    actor = Actor(account_id=None, name="系统", duty="school_registrar", body_id=school.id, body_name=school.name, tier="school", school_id=school.id,
                  county_id=school.county_id)
    book, mapping = opened(data, filename)
    policy = policies.policy_for(db.session, school.county_id, today)
    parts = examine(db.session, book, mapping, school, actor=actor, policy=policy, today=today)
    return [row for part in parts for row in part], book


def _spoilt(row, fields):
    """The fields whose cells were refused: what they would have said is not judged a second time."""
    return {fields.get(finding.letter, "") for finding in row.findings if finding.level == "block"}


def _name(row, cells, mapping):
    place = next((place for place, column in mapping.columns.items() if column.field == "name"), None)
    typed = writer.text_of(cells[place]) if place is not None and place < len(cells) else ""
    return row.record.get("name") or " ".join(typed.split())[:20]


def _in_its_cell(row, finding, cells, mapping):
    place, column = next(((place, column) for place, column in mapping.columns.items() if column.field == finding.field), (None, None))
    problem = PROBLEMS.get(finding.check, finding.title)
    cure = finding.cure or "核对后改正"
    if column is None:
        return check.Finding(row, "", finding.title, "", finding.sentence, cure, problem, finding.level)
    shown = check.as_shown(column, cells[place] if place < len(cells) else "")
    return check.Finding(row, column_letter(place + 1), column.title, shown, finding.sentence, cure, problem, finding.level)


def marked(data, filename, book, findings):
    """(bytes, name) of the workbook that tells what to mend: the uploaded one marked, or one of the bad rows (DECIDED 23)."""
    totals = check.totals(findings)
    stem, _, kind = filename.rpartition(".")
    if kind.lower() == "xlsx" and len(book.rows) <= MARKABLE:
        with contextlib.suppress(writer.CannotBeMarked):
            return writer.marked(data, book.sheet, book.header_row, findings, totals), f"{stem}_已标错.xlsx"
    return writer.bad_rows(book.header, book.rows, findings, totals), f"{stem}_出错的行.xlsx"


# ---------------------------------------------------------------- the rules, in bulk

def judge(s, many, school, *, actor, policy, today):
    """`many` is [(row, record, fields already refused)] in the order of the workbook. Yields [(target or None, findings)], some hundreds at a time.

    A row that is right takes a place in its class and one of the plan, so that the rows after it are told when there is none left.
    """
    places = Places(first_classes(s, school.id, policy))
    rooms, plans = Counter(), Counter()
    new = [(row, record if spoilt != {"known"} else {}) for row, record, spoilt in many]
    within, seats = twins.among(new), _seats(s, new, places)
    for start in range(0, len(many), CHUNK):
        chunk = many[start : start + CHUNK]
        alike = twins.find_many(s, [(place, record) for place, (_, record, _) in enumerate(chunk)], actor=actor)
        brought = _taken_numbers(s, [record for _, record, _ in chunk])
        part = []
        for place, (row, record, spoilt) in enumerate(chunk):
            goal, grade, found = places.of(record, spoilt)
            found += _of_columns(record, school, brought, spoilt)
            found += _of_seat(row, record, goal, seats)
            found += _of_rules(record, spoilt, goal, grade, policy, today, alike.get(place, []) + within.get(start + place, []), rooms, plans)
            if goal and not spoilt and not checks.blocks(found):
                rooms[goal.class_id] += 1
                plans[goal.stage, goal.year] += 1
            part.append((goal, found))
        yield part


def _seats(s, many, places):
    """{(class, 班内学号): who has it}: the names of pupils there, the rows of the workbook."""
    seats, wanted = {}, set()
    for row, record in many:
        if (number := record.get("class_no")) and (goal := places.of(record, ())[0]):
            seats.setdefault((goal.class_id, number), []).append(row)
            wanted.add(goal.class_id)
    for class_id, number, name in sitting(s, wanted):
        if (class_id, number) in seats:
            seats[class_id, number].insert(0, name)
    return seats


def sitting(s, class_ids):
    """(class, 班内学号, name) of the pupils there."""
    there = Student.class_id.in_(class_ids), Student.class_no != "", Student.lifecycle.in_(("pending", "live"))
    return s.execute(select(Student.class_id, Student.class_no, Student.name).where(*there).order_by(Student.id)).all() if class_ids else []


def _of_seat(row, record, goal, seats):
    """班内学号 is unique in its class (data items 21), as by form: `row` is the row's own number."""
    number = record.get("class_no")
    others = [one for one in seats.get((goal.class_id, number), ()) if one != row] if goal and number else []
    if not others:
        return []
    if isinstance(others[0], str):
        return [checks.seat_taken(number, f"本班{others[0]}的")]
    return [checks.seat_taken(number, f"本名册第 {'、'.join(map(str, others[:5]))}{'…' if len(others) > 5 else ''} 行的")]


def _of_rules(record, spoilt, goal, grade, policy, today, alike, rooms, plans):
    """The checks of a form, without what the cells have told already and without what cannot be known."""
    if grade is None:
        return []
    found = checks.enrolment(checks.EnrolmentFacts(
        record=record, guardians=record["guardians"], policy=policy, stage=grade.stage, year=grade.entry_year, today=today,
        class_title=goal.title if goal else "", class_kind=goal.kind if goal else "ordinary", headcount=goal.headcount + rooms[goal.class_id] if goal else 0, limit=goal.limit if goal else 0,
        planned=goal.planned if goal else None, used=goal.used + plans[goal.stage, goal.year] if goal else 0, twins=alike,
    ))
    family_spoilt = any(name.startswith("member") for name in spoilt)
    return [
        finding for finding in found
        if finding.field not in spoilt and not (finding.check == "guardian" and family_spoilt) and not (finding.check == "quota" and goal is None)
    ]


def _of_columns(record, school, brought, spoilt):
    """The two columns of the template that are no items of the record: whose workbook it is, and the number a pupil brings along."""
    found = []
    code = record.get("school_code")
    if code and code != school.school_code and "school_code" not in spoilt:
        found.append(Finding("school_code", "学校标识码", "block", f"学校标识码 {code} 不是{school.short_name}的", "", "school_code",
                             f"填 {school.school_code}，或由那所学校导入"))
    mark = record.get("continuation_mark")
    if mark and "continuation_mark" not in spoilt:
        problem = student_numbers.national_problem(mark)
        if problem:
            sentence = "学籍接续标识不是学籍号，不会带入" if problem[0] == "block" else problem[1]
            found.append(Finding("continuation", "学籍接续标识", "warn", sentence, "", "continuation_mark", "有学籍号的填 19 位学籍号；没有就留空"))
        if sealing.blind_index("national_no", mark) in brought:
            found.append(Finding("twin_number", "学籍接续标识", "block", checks.NUMBERED, ONE_RECORD, "continuation_mark",
                                 "号码有误则改正；已有学籍的由转入学校申请转学"))
    return found


def _taken_numbers(s, records):
    wanted = [sealing.blind_index("national_no", record["continuation_mark"]) for record in records if record.get("continuation_mark")]
    if not wanted:
        return set()
    return {bytes(index) for index in s.execute(
        select(PersonNumber.index).where(PersonNumber.kind == "national_no", PersonNumber.index.in_(wanted))).scalars()}


def as_enrolled(record, goal):
    """The record as the register takes it: with the defaults of the form, and the 学籍号 that the pupil brings along."""
    own = {name: value for name, value in record.items() if name not in ("school_code", "continuation_mark", "grade", "class_code")}
    mark = record.get("continuation_mark")
    if mark and (student_numbers.national_problem(mark) or ("",))[0] != "block":
        own["national_no"] = mark
    return DEFAULTS | {"student_category": CATEGORY[goal.stage]} | own


def _known(s, rows, school_id):
    """The rows that an earlier workbook of this school has written, so that a mended workbook can be handed in whole."""
    written = (
        select(Student.id_doc_no_index, Student.name, Student.birth_date).join(ImportRow, ImportRow.student_id == Student.id)
        .join(Import, Import.id == ImportRow.import_id)
        .where(Import.school_id == school_id, Import.state == "applied", Student.school_id == school_id, Student.lifecycle.in_(("pending", "live")))
    )
    known = set()
    for start in range(0, len(rows), CHUNK):
        numbers, persons = {}, {}
        for row in rows[start : start + CHUNK]:
            record = row.record
            if record.get("id_doc_no"):
                numbers[sealing.blind_index("id_doc", record["id_doc_no"])] = row
            elif record.get("id_doc_type") == check.NO_DOCUMENT and record.get("name") and record.get("birth_date"):
                persons[record["name"], record["birth_date"]] = row
        if numbers:
            there = s.execute(written.where(Student.id_doc_no_index.in_(numbers)))
            known |= {numbers[bytes(index)].row for index, name, _ in there if numbers[bytes(index)].record.get("name") == name}
        if persons:
            there = s.execute(written.where(Student.id_doc_no_index.is_(None), Student.birth_date.in_({born for _, born in persons})))
            known |= {persons[name, born].row for _, name, born in there if (name, born) in persons}
    return known


# ---------------------------------------------------------------- grades and classes as clerks write them

def first_classes(s, school_id, policy):
    """[(grade row, Target)] of the classes that new pupils join: those of the first grades."""
    rows = s.execute(
        select(Class.id, Class.code, Class.number, Class.name, Class.headcount, Class.size_limit, Class.kind, Class.county_id, Grade.id.label("grade_id"), Grade.stage,
               Grade.entry_year, Grade.advanced_to, Grade.length)
        .join(Grade, Grade.id == Class.grade_id)
        .where(Class.school_id == school_id, Class.state == "open", Grade.state == "open", Grade.advanced_to == 1)
        .order_by(Grade.entry_year.desc(), Grade.stage, Class.number)
    ).all()
    plans = {(row.stage, row.entry_year): quotas.of(s, school_id, row.stage, row.entry_year) for row in rows}
    goals = []
    for row in rows:
        plan = plans[row.stage, row.entry_year]
        title = grades.title_of(row)
        limit = row.size_limit or policy[checks.limit_setting(row.stage, row.kind)]
        goals.append((row, Target(row.id, row.grade_id, school_id, row.county_id, row.stage, row.entry_year, title, row.headcount, limit,
                                  plan.planned if plan else None, plan.used if plan else 0, row.kind)))
    return goals


class Places:
    """Finds the grade and the class that a row names: 一年级, 2026级, 11 and 1班, 01, a class code, a name of its own."""

    def __init__(self, goals):
        self.rows = {row.grade_id: row for row, _ in goals}
        self.grades, self.classes, self.seen = {}, {}, {}  # word → grade ids; grade id → {word: target}; what was asked → answer
        for row in self.rows.values():
            for word in _grade_words(row):
                self.grades.setdefault(word, []).append(row.grade_id)
        for row, goal in goals:
            self.classes.setdefault(row.grade_id, {}).update(dict.fromkeys(_class_words(row), goal))

    def of(self, record, spoilt):
        """(target or None, grade or None, findings)"""
        asked = (record.get("grade"), record.get("class_code"))
        if asked not in self.seen:
            self.seen[asked] = self._find(*asked)
        goal, grade, found = self.seen[asked]
        return goal, grade, [finding for finding in found if finding.field not in spoilt]

    def _find(self, grade_text, class_text):
        if not self.rows:
            return None, None, [_misplaced("grade", "本校还没有建新生的年级和班级", "请先在“班级”中建好")]
        only = next(iter(self.rows.values())) if len(self.rows) == 1 else None
        if not grade_text:
            return None, only, []
        ids = self.grades.get(fold(grade_text), [])
        newest = [grade_id for grade_id in ids if self.rows[grade_id].entry_year == max(self.rows[one].entry_year for one in ids)]
        titles = [grades.grade_title(row.stage, 1, row.length) for row in self.rows.values()]
        offered = "或".join(f"“{title}”" for title in dict.fromkeys(titles))
        if not newest:
            return None, only, [_misplaced("grade", f"本校没有“{grade_text[:20]}”的新生", f"填{offered}")]
        if len(newest) > 1:
            return None, None, [_misplaced("grade", f"本校的“{grade_text[:20]}”不止一个年级", f"填{offered}")]
        grade = self.rows[newest[0]]
        if not class_text:
            return None, grade, []
        goal = self.classes[grade.grade_id].get(fold(class_text))
        if goal:
            return goal, grade, []
        numbers = sorted({int(word) for word in self.classes[grade.grade_id] if word.isdigit() and len(word) < 4})
        run = numbers == list(range(numbers[0], numbers[-1] + 1)) and len(numbers) > 2
        told = f"{numbers[0]} 至 {numbers[-1]}" if run else "、".join(map(str, numbers))
        text = fold(class_text)
        number = f" {text} 班" if text.isdigit() and len(text) < 4 else f"“{class_text[:20]}”"
        return None, grade, [_misplaced("class_code", f"{grade.entry_year}级没有{number}", f"填 {told}，或先建班")]


def _misplaced(name, sentence, cure):
    return Finding("place", {"grade": "年级", "class_code": "班级号"}[name], "block", sentence, "", name, cure)


def _grade_words(row):
    title = grades.grade_title(row.stage, row.advanced_to, row.length)
    code = grades.level_code(row.stage, row.advanced_to)
    words = [title, code, table("grade_level").label(code), str(grades.year_of_schooling(row.stage, row.advanced_to, row.length)), f"{row.entry_year}级",
             str(row.entry_year), grades.cohort_title(row.stage, row.advanced_to, row.length, row.entry_year)]
    return {fold(word) for word in [*words, {"1": "小一", "2": "初一", "3": "高一"}[row.stage]]}


def _class_words(row):
    title = grades.grade_title(row.stage, row.advanced_to, row.length)
    ways = [str(row.number), f"{row.number}班", f"({row.number})班", f"({row.number})"]
    words = [*ways, *(f"{before}{way}" for before in (title, f"{row.entry_year}级") for way in ways[1:3]), row.code, row.name]
    return {fold(word) for word in words if word}


def fold(text):
    """Width, blanks and leading zeros do not tell one class from another."""
    text = "".join(unicodedata.normalize("NFKC", str(text)).split()).upper()
    return text.lstrip("0") or "0" if text.isdigit() and len(text) < 4 else text
