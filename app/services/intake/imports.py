"""Workbooks of new pupils (新生名册): handed in, tried without writing, written as one act, taken back as one act.

One batch row and n cases (DECIDED 7). The long pieces of work stand in services.intake.import_jobs; how a row is judged in services.intake.rosters.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select

from ... import sealing
from ...errors import MovedOn, NotAllowed, NotFound, Refusal
from ...extensions import db
from ...identity import masks
from ...identity.dates import chinese
from ...models import Body, Case, Class, File, Grade, Import, ImportRow, Quota
from ...permissions import require, visible_imports
from ...spreadsheets import columns, reader
from ...spreadsheets.bounds import BadWorkbook, kind_of, size_within
from ...spreadsheets.check import Finding
from ...spreadsheets.template import template
from ...workflow.flows import ENROLMENT
from .. import files, jobs, trace
from ..administration import policies
from ..casework import case_files
from ..transactions import writes
from . import enrolments, rosters

UNDO = timedelta(hours=24)
KEPT = timedelta(days=7)
PART = 2000  # cases moved with one statement
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xls": "application/vnd.ms-excel", "csv": "text/csv",
}
STATES = {
    "checking": ("正在预检", "run"), "checked": ("待确认", "soon"), "unreadable": ("没有读出", "bad"), "applying": ("正在写入", "run"), "applied": ("已写入", "done"),
    "withdrawn": ("已撤销", ""), "cancelled": ("已停止", ""), "expired": ("已过期", ""),
}


# ---------------------------------------------------------------- handed in

def upload(data, filename, *, actor, today, now, once=None):
    """Keep the workbook and put its dry run into the queue. Returns the import's id. Size and kind are judged before anything else."""
    require(actor, "import.write")
    filename = masks.within(filename.replace("\\", "/").rpartition("/")[2])[-120:]
    try:
        size_within(data, reader.LIMITS)
        kind = kind_of(data, filename)
    except BadWorkbook as bad:
        raise Refusal(str(bad), field="file") from None
    with files.stored(data, kind="workbook", name=filename, media_type=MEDIA[kind], county_id=actor.county_id, actor=actor, now=now) as row:
        return _take_in(row, actor=actor, today=today, now=now, once=once)


@writes
def _take_in(s, row, *, actor, today, now):
    school = s.execute(select(Body.id, Body.short_name, Body.county_id).where(Body.id == actor.school_id, Body.state == "open")).one_or_none()
    if school is None:
        raise NotFound
    content = sealing.blind_index("workbook", row["sha256"].hex())
    refuse_second(s, school.id, content)
    goals = rosters.first_classes(s, school.id, policies.policy_for(s, school.county_id, today))
    if not goals:
        raise Refusal(f"{school.short_name}还没有建新生的年级和班级，不能导入。请先在“班级”中建好。", field="file")
    one = Import(
        county_id=school.county_id, school_id=school.id, kind="new", state="checking", file_id=files.add(s, row), filename=row["name"], content_hash=content,
        year=goals[0][0].entry_year, uploaded_by_id=actor.account_id, uploaded_by_name=actor.name, uploaded_at=now,
    )
    s.add(one)
    s.flush()
    one.job_id = jobs.start(s, "import.check", one.id, actor=actor, title=f"预检 {one.filename}", now=now)
    trace.record(s, "import.uploaded", actor=actor, chain=one.county_id, filename=one.filename, school=school.short_name)
    return one.id


def refuse_second(s, school_id, content, but=0):
    """The same workbook for the same school is written once."""
    before = s.execute(
        select(Import.applied_at, Import.uploaded_by_name, Import.written)
        .where(Import.school_id == school_id, Import.content_hash == content, Import.state == "applied", Import.id != but).limit(1)
    ).one_or_none()
    if before:
        when = f"{chinese(before.applied_at.date())} {before.applied_at:%H:%M}"
        raise Refusal(f"这个工作簿已在 {when} 由{before.uploaded_by_name}导入，写入了 {before.written} 人，不再重复导入。名册有改动的，请改好后上传。", field="file")


def _own(s, import_id, actor):
    """The import, locked, among those of this registrar's own school."""
    one = s.scalars(visible_imports(actor).where(Import.id == import_id).with_for_update()).one_or_none()
    if one is None:
        raise NotFound
    require(actor, "import.write")
    if one.school_id != actor.school_id:
        raise NotAllowed("名册只能由上传学校的学籍管理员办理。")
    return one


@writes(traced=False)
def check_again(s, import_id, *, actor, now):
    """The dry run once more: the register has changed since, or the first one was stopped."""
    one = _own(s, import_id, actor)
    if one.state not in ("checked", "cancelled", "unreadable") or one.file_id is None:
        raise MovedOn(f"这份名册{STATES[one.state][0]}，不能再预检。请看最新的情况。")
    one.state, one.problem, one.errors_file_id, one.version = "checking", "", None, one.version + 1
    one.job_id = jobs.start(s, "import.check", one.id, actor=actor, title=f"预检 {one.filename}", now=now)
    return one.id


@writes(traced=False)
def apply(s, import_id, mode, *, understood, actor, now):
    """Ask for the rows to be written: `all` of them, or the `good` ones only. The writing itself is a job, and the act."""
    one = _own(s, import_id, actor)
    if one.state == "applied":
        raise MovedOn(f"这份名册已在 {chinese(one.applied_at.date())} {one.applied_at:%H:%M} 写入 {one.written} 人，这次没有再写。")
    if one.state != "checked":
        raise MovedOn(f"这份名册{STATES[one.state][0]}，现在不能写入。请看最新的情况。")
    refuse_second(s, one.school_id, one.content_hash, but=one.id)
    number = one.good + one.warned
    if mode not in ("all", "good"):
        raise Refusal("请选择全部导入，或者只导入没有错的行。")
    if mode == "all" and one.bad:
        raise Refusal(f"有 {one.bad} 行有错，没有写入。请更正后重新上传，或者只导入没有错的行。")
    if not number:
        raise Refusal("没有可以写入的行。请更正后重新上传。")
    if one.warned and not understood:
        raise Refusal(f"请先看过 {one.warned} 行提示，再勾选“我已看过”。", field="understood")
    one.state, one.problem, one.version = "applying", "", one.version + 1
    one.job_id = jobs.start(s, "import.apply", one.id, actor=actor, title=f"写入 {one.filename}", now=now, total=number, mode=mode)
    return one.id


# ---------------------------------------------------------------- taken back

@writes
def withdraw(s, import_id, *, reason, actor, today, now):
    """Take the whole batch back (整批撤销): within a day, and as long as nobody has decided one of its cases."""
    one = _own(s, import_id, actor)
    if one.state != "applied":
        raise MovedOn(f"这份名册{STATES[one.state][0]}，没有可以撤销的。请看最新的情况。")
    if not reason.strip():
        raise Refusal("请写明撤销的原因", field="reason")
    cases = s.execute(  # locked before it is asked whether one of them was decided
        select(Case.id, Case.kind, Case.student_id, Case.school_id, Case.starter_id, Case.policy_id, Case.step, Case.route).where(Case.import_id == one.id).order_by(Case.id).with_for_update()
    ).all()
    if why := not_to_be_withdrawn(s, one, now):
        raise Refusal(why)
    for start in range(0, len(cases), PART):
        part = cases[start : start + PART]
        enrolments.release(s, part, actor=actor, today=today, now=now)
        case_files.move(s, part, ENROLMENT, "withdraw", actor=actor, today=today, now=now, said=case_files.Said(note=reason.strip()))
    one.state, one.version = "withdrawn", one.version + 1
    trace.record(s, "import.withdrawn", actor=actor, chain=one.county_id, subjects=[case.student_id for case in cases], filename=one.filename,
                 number=len(cases), reason=reason.strip())
    return one.id


def not_to_be_withdrawn(s, one, now) -> str:
    """Why an applied import can't be taken back as a whole; "" where it can."""
    if now - one.applied_at > UNDO:
        return "写入已超过 24 小时，不能整批撤销。请打开各件新生登记，逐件撤销。"
    first = ENROLMENT.steps[ENROLMENT.start].moves["submit"].to
    moved = s.execute(
        select(Case.title, func.count().over().label("many")).where(Case.import_id == one.id, (Case.state != "open") | (Case.step != first) | (Case.version != 1))
        .order_by(Case.id).limit(1)
    ).one_or_none()
    if moved:
        return f"{moved.title}等 {moved.many} 人的登记已经办理过，不能整批撤销。请打开各件新生登记，逐件撤销。"
    return ""


# ---------------------------------------------------------------- looked at

FIRST_PAGE = 200


def findings(s, import_id, states, *, level=None, after=0, most=FIRST_PAGE):
    """([(name, Finding)], row to go on after or None): whole rows in the order of the workbook, some two hundred findings at a time."""
    rows = s.execute(
        select(ImportRow.id, ImportRow.row, ImportRow.name, ImportRow.findings)
        .where(ImportRow.import_id == import_id, ImportRow.state.in_(states), ImportRow.row > after).order_by(ImportRow.row).limit(most + 1)
    ).all()
    found = []
    for place, row in enumerate(rows):
        if len(found) >= most or place == most:
            return found, rows[place - 1].row
        found += [(row.name, finding) for finding in opened(row) if level in (None, finding.level)]
    return found, None


def opened(row) -> list[Finding]:
    return [Finding(row.row, *parts) for parts in sealing.unseal_json(row.findings, "import_rows", row.id, "findings") or ()]


def summary(row) -> dict:
    return sealing.unseal_json(row.summary, "imports", row.id, "summary") or {}


def by_class(s, import_id):
    """How far the cases of a batch are: a row per class."""
    return s.execute(
        select(Class.id, Grade.stage, Grade.advanced_to, Grade.length, Class.number, Class.name, Case.state, Case.step, func.count().label("many"))
        .join(Class, Class.id == Case.class_id).join(Grade, Grade.id == Class.grade_id).where(Case.import_id == import_id)
        .group_by(Class.id, Grade.stage, Grade.advanced_to, Grade.length, Class.number, Class.name, Case.state, Case.step)
        .order_by(Grade.stage, Class.number, Case.step)
    ).all()


def coming(s, school_id):
    """(entry year of the newest first grade, places left in its plan): (None, None) where there is no such grade, no plan."""
    year = s.execute(select(func.max(Grade.entry_year)).where(Grade.school_id == school_id, Grade.advanced_to == 1, Grade.state == "open")).scalar()
    return year, plan_left(s, school_id, year)


def plan_left(s, school_id, year):
    return s.execute(select(func.sum(Quota.planned - Quota.used)).where(Quota.school_id == school_id, Quota.year == year)).scalar()


def blank(s, school_id, policy) -> bytes:
    """The national template with this school's code and first classes."""
    school = s.execute(select(Body.school_code, Body.name).where(Body.id == school_id)).one()
    goals = rosters.first_classes(s, school_id, policy)
    classes = [(goal.title.removesuffix(row.name or f"{row.number}班"), str(row.number), row.name) for row, goal in goals]
    return template(columns.NEW_PUPILS, (school.school_code, school.name), classes)


def download(import_id, *, actor):
    """(bytes, name) of the workbook that tells what to mend; whoever takes it stands in the trace first."""
    data = _errors(import_id, actor=actor)
    return data, _downloaded(import_id, actor=actor)


def _errors(import_id, *, actor):
    row = db.session.execute(
        visible_imports(actor).with_only_columns(File.id, File.path, Import.school_id).join(File, File.id == Import.errors_file_id).where(Import.id == import_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    require(actor, "import.write")
    return files.read(row)


@writes
def _downloaded(s, import_id, *, actor):
    one = _own(s, import_id, actor)
    name = s.execute(select(File.name).where(File.id == one.errors_file_id)).scalar()
    if name is None:
        raise NotFound
    trace.record(s, "import.downloaded", actor=actor, chain=one.county_id, filename=name)
    return name


# ---------------------------------------------------------------- forgotten

def sweep(*, now):
    """For the daily tick: a week after the upload, what was staged is gone; an applied one keeps which row became which pupil."""
    for path in _sweep(now=now):
        files.remove(path)


@writes(traced=False)
def _sweep(s, *, now):
    old = s.scalars(select(Import).where(Import.uploaded_at < now - KEPT, Import.file_id.is_not(None), Import.state.not_in(("checking", "applying")))
                    .order_by(Import.id).limit(200)).all()
    paths = []
    for one in old:
        if one.state == "applied":
            s.execute(ImportRow.__table__.update().where(ImportRow.import_id == one.id).values(record=None, findings=None))
            s.execute(delete(ImportRow).where(ImportRow.import_id == one.id, ImportRow.student_id.is_(None)))
        else:
            s.execute(delete(ImportRow).where(ImportRow.import_id == one.id))
            one.state = "expired" if one.state == "checked" else one.state
        paths += forget_files(s, one)
    return paths


def forget_files(s, one) -> list[str]:
    """Within an act: the rows of an import's files go; returns the paths to be removed once it is committed."""
    ids = [file_id for file_id in (one.file_id, one.errors_file_id) if file_id]
    one.file_id = one.errors_file_id = None
    s.flush()
    paths = list(s.execute(select(File.path).where(File.id.in_(ids))).scalars())
    s.execute(delete(File).where(File.id.in_(ids)))
    return paths
