"""The long work of imports, in the job process: the dry run (预检), the writing (写入), the workbook that tells what to mend.

Rows are judged and sealed before the write lock is asked for; the register changes in one transaction.
"""

from collections import Counter
from datetime import date
from sys import intern

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from ... import sealing
from ...errors import Refusal
from ...extensions import db
from ...identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS
from ...models import Body, Case, Class, File, Import, ImportRow, PersonNumber, new_id
from ...spreadsheets import check as cells
from ...workflow import checks
from .. import files, jobs, trace
from ..administration import policies
from ..casework import case_files
from ..pupils import twins
from ..transactions import writes
from . import enrolments, imports, rosters

DATES = {item.field for item in (*PUPIL_ITEMS.values(), *GUARDIAN_ITEMS.values()) if item.kind == "date"}
SCHOOL = (Body.id, Body.name, Body.short_name, Body.school_code, Body.county_id)


def _reading():
    """Reads in autocommit, apart from any request."""
    return Session(db.engine, autoflush=False)


def _case_of(s, job):
    """What a job about an import needs: (import, school, policy, the person)."""
    one = s.execute(select(Import).where(Import.id == job.subject_id)).scalar_one()
    school = s.execute(select(*SCHOOL).where(Body.id == one.school_id)).one()
    policy = policies.policy_for(s, school.county_id, job.now().date())
    return one, school, policy, jobs.person(s, job.owner_id, job.post_id, today=job.now().date(), address=job.arguments.get("address", ""))


def _uploaded(s, one):
    return files.read(s.execute(select(File.id, File.path).where(File.id == one.file_id)).one())


# ---------------------------------------------------------------- the dry run

def check(job):
    """Every row judged and staged, sealed; nothing of the register is touched."""
    with _reading() as s:
        one, school, policy, actor = _case_of(s, job)
        if one.state != "checking":
            return "这份名册已不在预检。"
        try:
            book, mapping = rosters.opened(_uploaded(s, one), one.filename)
        except Refusal as refusal:
            for path in _unreadable(one.id, str(refusal)):
                files.remove(path)
            raise
        total, done = len(book.rows), 0
        _clear(job, one.id, total)
        counts, taken, found = Counter(), 0, []
        for part in rosters.examine(s, book, mapping, school, actor=actor, policy=policy, today=job.now().date()):
            done += len(part)
            twins.ask([row.record for row in part if any(one.sentence in checks.HIDDEN for one in row.found)], "导入", actor=actor, now=job.now())
            _stage(job, [_staged(one.id, row) for row in part], done, total)
            counts.update(row.state for row in part)
            taken += sum(any(cell.problem == "重复学籍" for cell in row.cells) for row in part)
            found += [cell for row in part for cell in row.cells]
    unseen = total - done  # a hopeless file is not looked at to its end
    summary = {
        "titles": [list(problem[:4]) for problem in _titles(mapping)], "taken": taken, "unseen": unseen, "totals": [list(one) for one in cells.totals(found)[:50]],
    }
    _checked(job, one.id, counts, summary, mark=bool(found), actor=actor)
    return f"共 {total:,} 行，可以导入 {counts['good'] + counts['warned']:,} 行，有错 {counts['bad'] + unseen:,} 行。"


def _titles(mapping):
    return [(problem.letter, problem.title, problem.sentence, problem.cure) for problem in mapping.problems]


def _staged(import_id, row):
    row_id = new_id()
    keep = row.state in ("good", "warned")
    return {
        "id": row_id, "import_id": import_id, "row": row.row, "state": row.state, "name": row.name,
        "record": sealing.seal_json(row.record, "import_rows", row_id, "record") if keep else None,
        "findings": sealing.seal_json([list(cell[1:]) for cell in row.cells], "import_rows", row_id, "findings") if row.cells else None,
    }


@writes(traced=False)
def _clear(s, job, import_id, total):
    job.keep(s, 0, total)
    s.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    s.execute(update(Import).where(Import.id == import_id).values(rows=total))


@writes(traced=False)
def _stage(s, job, rows, done, total):
    job.keep(s, done, total)
    s.execute(insert(ImportRow.__table__), rows)


@writes(traced=False)
def _checked(s, job, import_id, counts, summary, *, mark, actor):
    one = s.get_one(Import, import_id, with_for_update=True)
    job.keep(s, one.rows, one.rows)
    one.state, one.version = "checked", one.version + 1
    one.good, one.warned, one.known = counts["good"], counts["warned"], counts["known"]
    one.bad = counts["bad"] + summary["unseen"]
    one.summary = sealing.seal_json(summary, "imports", one.id, "summary")
    if mark:
        jobs.start(s, "import.mark", one.id, actor=actor, title=f"标注 {one.filename}", now=job.now(), total=1)


@writes(traced=False)
def _unreadable(s, import_id, sentence):
    """What is no honest workbook is not kept either."""
    one = s.get_one(Import, import_id, with_for_update=True)
    one.state, one.problem, one.version = "unreadable", sentence, one.version + 1
    return imports.forget_files(s, one)


def check_ended(s, import_id, state, message):
    """Stopped or failed: what was staged goes."""
    s.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    s.execute(update(Import).where(Import.id == import_id, Import.state == "checking").values(
        state="cancelled" if state == "cancelled" else "unreadable", problem=message, version=Import.version + 1))


# ---------------------------------------------------------------- the writing

def apply(job):
    """Judge again, seal, then write all of it in one transaction: pupils, cases, places, plan, one event."""
    with _reading() as s:
        one, school, policy, actor = _case_of(s, job)
        if one.state == "applied":
            return _told(one.written)
        ready = (ImportRow.import_id == one.id, ImportRow.state.in_(("good", "warned")))
        staged = s.execute(select(ImportRow.id, ImportRow.row, ImportRow.name).where(*ready).order_by(ImportRow.row)).all()
        total, records = len(staged), []
        for start in range(0, total, rosters.CHUNK):
            part = [row.id for row in staged[start : start + rosters.CHUNK]]
            sealed = dict(s.execute(select(ImportRow.id, ImportRow.record).where(ImportRow.id.in_(part))).all())
            records += [_thawed(sealing.unseal_json(sealed[row_id], "import_rows", row_id, "record")) for row_id in part]
        today, now, many = job.now().date(), job.now(), []
        for part in rosters.judge(s, [(row.row, record, ()) for row, record in zip(staged, records, strict=True)], school, actor=actor, policy=policy, today=today):
            for goal, found in part:
                row, record = staged[len(many)], records[len(many)]
                if blocked := checks.blocks(found):
                    raise Refusal(f"预检以后情况变了，没有写入任何一行。第 {row.row} 行{row.name}：{blocked[0].sentence}。请重新预检后再导入。")
                opening = case_files.Opening(title=record["name"], class_id=goal.class_id, grade_id=goal.grade_id, findings=found)
                many.append((rosters.as_enrolled(record, goal), goal, opening))
            job.progress(len(many) // 2, total)
    prepared = []
    records.clear()
    for start in range(0, total, rosters.CHUNK):
        part = many[start : start + rosters.CHUNK]
        prepared += enrolments.prepare(part, actor=actor, today=today, now=now)
        many[start : start + rosters.CHUNK] = [({"class_no": record.get("class_no")}, goal, opening) for record, goal, opening in part]  # the rest is sealed
        job.progress(total // 2 + len(prepared) // 2, total)
    _write(job, one.id, staged, many, prepared, actor=actor, today=today, now=now)
    return _told(total)


def _told(number):
    return f"写入 {number:,} 人。"


@writes
def _write(s, job, import_id, staged, many, prepared, *, actor, today, now):
    """The act. What others can have changed since the rows were judged is asked once more, now that nobody else writes."""
    job.keep(s, len(many), len(many))
    one = s.get_one(Import, import_id, with_for_update=True)
    if one.state != "applying":
        raise jobs.Stopped(lost=True)
    imports.refuse_second(s, one.school_id, one.content_hash, but=one.id)
    _refuse_full(s, many, staged)
    _refuse_seated(s, many, staged)
    _refuse_taken(s, prepared, staged)
    enrolments.admit(s, many, actor=actor, today=today, now=now, import_id=one.id, note=f"名册 {one.filename}", rows=prepared)
    table = ImportRow.__table__
    s.execute(
        update(table).where(table.c.id == bindparam("row_id")).values(state="written", student_id=bindparam("student"), case_id=bindparam("case")),
        [{"row_id": row.id, "student": opening.student_id, "case": opening.case_id} for row, (_, _, opening) in zip(staged, many, strict=True)],
    )
    one.state, one.applied_at, one.written, one.problem, one.version = "applied", now, len(many), "", one.version + 1
    openings = [opening for _, _, opening in many]
    numbers = [s.execute(select(Case.number).where(Case.id == opening.case_id)).scalar_one() for opening in (openings[0], openings[-1])]
    trace.record(s, "import.applied", actor=actor, chain=one.county_id, subjects=[opening.student_id for opening in openings], filename=one.filename,
                 number=len(many), cases=list(dict.fromkeys(numbers)))


def _refuse_full(s, many, staged):
    """A class that filled up in between: the first row that finds no place in it is named."""
    left, goals = {}, {goal.class_id: goal for _, goal, _ in many}
    for class_id in sorted(goals):
        row = s.execute(select(Class.headcount, Class.state).where(Class.id == class_id).with_for_update(key_share=True)).one()
        left[class_id] = goals[class_id].limit - row.headcount if row.state == "open" else 0
    for line, (_, goal, _) in zip(staged, many, strict=True):
        left[goal.class_id] -= 1
        if left[goal.class_id] < 0:
            raise Refusal(f"预检以后{goal.title}的学位被占用，没有写入任何一行。第 {line.row} 行{line.name}起没有学位。请重新预检后再导入。")


def _refuse_seated(s, many, staged):
    wanted = {(goal.class_id, record["class_no"]): line for line, (record, goal, _) in zip(staged, many, strict=True) if record.get("class_no")}
    for class_id, number, name in rosters.sitting(s, {class_id for class_id, _ in wanted}):
        if line := wanted.get((class_id, number)):
            raise Refusal(f"预检以后情况变了，没有写入任何一行。第 {line.row} 行{line.name}：{checks.seat_taken(number, f'本班{name}的').sentence}。请重新预检后再导入。")


def _refuse_taken(s, prepared, staged):
    places = {(number["kind"], number["index"]): place for place, rows in enumerate(prepared) for number in rows.numbers}
    wanted = list(places)
    taken = []
    for start in range(0, len(wanted), rosters.CHUNK):
        part = [index for _, index in wanted[start : start + rosters.CHUNK]]
        there = s.execute(select(PersonNumber.kind, PersonNumber.index).where(PersonNumber.index.in_(part)))
        taken += [places[kind, bytes(index)] for kind, index in there if (kind, bytes(index)) in places]
    if taken:
        line = staged[min(taken)]
        raise Refusal(f"预检以后情况变了，没有写入任何一行。第 {line.row} 行{line.name}：{checks.NEUTRAL}。请重新预检后再导入。")


def apply_ended(s, import_id, state, message):
    s.execute(update(Import).where(Import.id == import_id, Import.state == "applying").values(state="checked", problem=message, version=Import.version + 1))


def _thawed(record):
    """JSON has no dates; and of thousands of records the same names and codes come again and again: one of each is kept."""
    def of(values):
        return {intern(name): date.fromisoformat(value) if name in DATES and value else intern(value) if type(value) is str else value
                for name, value in values.items()}

    return of(record) | {"guardians": [of(member) for member in record["guardians"]]}


# ---------------------------------------------------------------- the workbook that tells what to mend

MARKED = ("checked", "applying", "applied")


def mark(job):
    with _reading() as s:
        one, _, _, actor = _case_of(s, job)
        if one.state not in MARKED or one.errors_file_id:
            return "不用再标注。"
        made, name = marked(s, one)
    with files.stored(made, kind="errors", name=name, media_type=imports.MEDIA["xlsx"], county_id=one.county_id, actor=actor, now=job.now()) as row:
        _marked(job, one.id, row)
    return "标好错的原表可以下载了。"


def marked(s, one):
    """(bytes, name) of the workbook of an import that tells what to mend."""
    data = _uploaded(s, one)
    book, _ = rosters.opened(data, one.filename)
    rows = s.execute(
        select(ImportRow.id, ImportRow.row, ImportRow.findings).where(ImportRow.import_id == one.id, ImportRow.findings.is_not(None)).order_by(ImportRow.row)
    ).all()
    return rosters.marked(data, one.filename, book, [finding for row in rows for finding in imports.opened(row)])


@writes(traced=False)
def _marked(s, job, import_id, row):
    job.keep(s, 1, 1)
    one = s.get_one(Import, import_id, with_for_update=True)
    if one.state not in MARKED or one.errors_file_id:
        raise jobs.Stopped(lost=True)  # tried again in between: that one brings its own
    one.errors_file_id = files.add(s, row)


def mark_ended(s, import_id, state, message):
    """Nothing to take back: the page shows the faults all the same."""
