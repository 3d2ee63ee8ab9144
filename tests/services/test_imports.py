"""A grade by workbook: all or nothing, once, under the lock, taken back as a whole."""

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import func, select, update

from app.errors import MovedOn, NotAllowed, NotFound, Refusal
from app.extensions import db
from app.models import (
    Case,
    Class,
    Event,
    File,
    Import,
    ImportRow,
    Job,
    Student,
    Tally,
)
from app.services import jobs
from app.services.casework import cases
from app.services.intake import enrolments, import_jobs, imports
from app.services.transactions import writes
from tests import rosters as sheets
from tests.import_office import counts, faults, hand_in, limit, plan, register, registrar, room, row, work_off, write
from tests.rosters import changed, children, line
from tests.spreadsheets import files

__all__ = ["hand_in", "registrar", "write"]


def test_a_dry_run_touches_nothing_and_the_writing_is_one_act(app, county, hand_in, write, registrar, now):
    kids = children(3)
    before, places = register(), room(county)
    import_id = hand_in(sheets.xlsx([line(kid, number=str(place % 2 + 1)) for place, kid in enumerate(kids)]))

    assert counts(import_id) == ("checked", 3, 3, 0, 0, 0)
    assert register() == [*before[:6], before[6] + 1, before[7]]  # the upload itself is in the trace
    assert write(import_id) == "写入 3 人。"

    assert (row(import_id).state, row(import_id).written, room(county)) == ("applied", 3, (places[0] + 2, places[1] + 1, places[2] + 3))
    written = db.session.execute(
        select(Case.title, Case.state, Case.step, Case.starter_id, Class.number, Student.name, Student.lifecycle, Student.student_code, Student.political_status)
        .join(Student, Student.id == Case.student_id).join(Class, Class.id == Student.class_id).where(Case.import_id == import_id).order_by(Case.number)
    ).all()
    assert [tuple(one)[:7] for one in written] == [
        (kid["name"], "open", "school_audit", registrar.account_id, place % 2 + 1, kid["name"], "pending") for place, kid in enumerate(kids)
    ]
    codes = [one.student_code for one in written]
    assert len(set(codes)) == 3 and all(len(code) == 13 and code.startswith("420323") for code in codes)
    event = db.session.execute(select(Event).where(Event.name == "import.applied")).scalar_one()
    numbers = db.session.scalars(select(Case.number).where(Case.import_id == import_id).order_by(Case.number)).all()
    assert json.loads(event.facts) == {"filename": "新生.xlsx", "number": 3, "cases": [numbers[0], numbers[-1]]}
    assert len(json.loads(event.subjects)) == 3
    twin = db.session.execute(select(func.count()).where(Tally.school_id == county.body("a1"), Tally.status == "pending")).scalar()
    assert twin > 0


def test_all_or_nothing_unless_only_the_right_rows_are_asked_for(app, county, hand_in, write, registrar, now):
    kids = children(3)
    lines = [line(kid) for kid in kids]
    lines[1] = changed(lines[1], postcode="4422")
    import_id = hand_in(sheets.xlsx(lines))

    with pytest.raises(Refusal, match="有 1 行有错，没有写入"):
        imports.apply(import_id, "all", understood=True, actor=registrar, now=now)
    assert write(import_id, "good") == "写入 2 人。"
    assert db.session.scalars(select(Case.title).where(Case.import_id == import_id).order_by(Case.number)).all() == [kids[0]["name"], kids[2]["name"]]

    mended = hand_in(sheets.xlsx([line(kid) for kid in kids]), "新生（更正）.xlsx")  # handed in whole
    assert counts(mended) == ("checked", 3, 1, 0, 0, 2)
    assert write(mended) == "写入 1 人。"
    assert db.session.scalars(select(Student.name).where(Student.name.in_([kid["name"] for kid in kids]), Student.lifecycle == "pending")).all() != []
    assert len(db.session.scalars(select(Case.id).where(Case.import_id.in_((import_id, mended)))).all()) == 3


def test_warnings_have_to_be_seen(app, county, hand_in, write, registrar, now):
    kid = children(1)[0]
    import_id = hand_in(sheets.xlsx([changed(line(kid), id_doc_type="其他", id_doc_no="")]))

    assert counts(import_id) == ("checked", 1, 0, 1, 0, 0)
    with pytest.raises(Refusal, match="请先看过 1 行提示"):
        imports.apply(import_id, "all", understood=False, actor=registrar, now=now)
    assert write(import_id, understood=True) == "写入 1 人。"
    assert counts(hand_in(sheets.xlsx([changed(line(kid), id_doc_type="其他", id_doc_no="", class_code="2")])))[5] == 1  # no number, and yet known


def test_the_same_workbook_is_written_once(app, county, hand_in, write, registrar, today, now):
    data = sheets.xlsx([line(kid) for kid in children(2)])
    first, second = hand_in(data), hand_in(data)
    write(first)
    pupils = register()[0]

    with pytest.raises(Refusal, match="这个工作簿已在 2026年9月11日 15:20 由庹明慧导入，写入了 2 人"):
        imports.upload(data, "新生.xlsx", actor=registrar, today=today, now=now)
    with pytest.raises(Refusal, match="这个工作簿已在"):
        imports.apply(second, "all", understood=True, actor=registrar, now=now)
    with pytest.raises(MovedOn, match="这份名册已在 2026年9月11日 15:20 写入 2 人，这次没有再写"):
        imports.apply(first, "all", understood=True, actor=registrar, now=now)
    assert register()[0] == pupils


def test_two_that_were_asked_for_at_once_and_a_job_that_is_done_twice_write_once(app, county, hand_in, registrar, now):
    data = sheets.xlsx([line(kid) for kid in children(2)])
    first, second = hand_in(data), hand_in(data)
    work_off(now)
    for import_id in (first, second):
        imports.apply(import_id, "all", understood=True, actor=registrar, now=now)
    pupils = register()[0]
    work_off(now)

    assert (register()[0], row(first).state, row(second).state) == (pupils + 2, "applied", "checked")
    assert row(second).problem.startswith("预检以后情况变了，没有写入任何一行。第 2 行")
    _again(row(first).job_id, now)
    assert jobs.run_next(now)
    assert register()[0] == pupils + 2


@writes(traced=False)
def _again(s, job_id, now):
    """As when the process died after the act and before it could say so."""
    s.execute(update(Job).where(Job.id == job_id).values(state="running", beat_at=now - timedelta(minutes=5)))


def test_a_class_that_others_filled_in_between(app, county, hand_in, write, today, now):
    kids = children(3)
    import_id = hand_in(sheets.xlsx([line(kid) for kid in kids[:2]]))
    class_id = county.class_("a1")
    limit(class_id, room(county)[0] + 2)
    enrolments.apply(kids[2], class_id, actor=county.actor("registrar.a1"), today=today, now=now)
    before = register()

    said = write(import_id)
    assert said == f"预检以后情况变了，没有写入任何一行。第 3 行{kids[1]['name']}：一年级1班已有 {room(county)[0] + 1} 人，班额 {room(county)[0] + 1} 人，没有学位。请重新预检后再导入。"
    assert (register(), row(import_id).state, row(import_id).problem) == (before, "checked", said)

    imports.check_again(import_id, actor=county.actor("registrar.a1"), now=now)
    jobs.run_next(now)
    assert counts(import_id)[:5] == ("checked", 2, 1, 0, 1)
    assert list(faults(import_id)) == [(3, "W")]


def test_what_changes_after_the_last_look_is_seen_under_the_lock(app, county, hand_in, write, today, now, monkeypatch):
    kids = children(3)
    class_id = county.class_("a1")
    prepare, done = enrolments.prepare, []

    def meanwhile(change):
        def prepared(many, **rest):
            rows = prepare(many, **rest)
            if not done:
                done.append(change)
                change()
            return rows

        monkeypatch.setattr(import_jobs.enrolments, "prepare", prepared)

    import_id = hand_in(sheets.xlsx([line(kid) for kid in kids[:2]]))
    meanwhile(lambda: _take(class_id, 45))
    before = register()
    assert write(import_id) == f"预检以后一年级1班的学位被占用，没有写入任何一行。第 2 行{kids[0]['name']}起没有学位。请重新预检后再导入。"
    assert register() == before
    _take(class_id, 5)

    done.clear()
    monkeypatch.setattr(import_jobs.enrolments, "prepare", prepare)
    meanwhile(lambda: _enrol_elsewhere(kids[1], county, today, now, monkeypatch, prepare))
    assert write(import_id) == f"预检以后情况变了，没有写入任何一行。第 3 行{kids[1]['name']}：系统中已有使用这个证件号的学籍。请重新预检后再导入。"


def _enrol_elsewhere(kid, county, today, now, monkeypatch, prepare):
    monkeypatch.setattr(import_jobs.enrolments, "prepare", prepare)
    enrolments.apply(kid, county.class_("a1", number=2), actor=county.actor("registrar.a1"), today=today, now=now)


@writes(traced=False)
def _take(s, class_id, heads):
    s.execute(update(Class).where(Class.id == class_id).values(headcount=heads))


def test_a_batch_is_taken_back_as_a_whole_and_can_be_handed_in_again(app, county, hand_in, write, registrar, today, now):
    data = sheets.xlsx([line(kid) for kid in children(3)])
    before, places = register(), room(county)
    import_id = hand_in(data)
    write(import_id)
    with pytest.raises(Refusal, match="请写明撤销的原因"):
        imports.withdraw(import_id, reason=" ", actor=registrar, today=today, now=now)
    imports.withdraw(import_id, reason="班级填错", actor=registrar, today=today, now=now + timedelta(hours=23))

    assert (row(import_id).state, room(county)) == ("withdrawn", places)
    assert set(db.session.execute(select(Case.state, Student.lifecycle, Student.status).join(Student, Student.id == Case.student_id)
                                  .where(Case.import_id == import_id)).all()) == {("withdrawn", "cleared", "94")}
    assert register()[3:5] == before[3:5]  # numbers and names are free again
    event = db.session.execute(select(Event.facts, Event.subjects).where(Event.name == "import.withdrawn")).one()
    assert json.loads(event.facts) == {"filename": "新生.xlsx", "number": 3, "reason": "班级填错"}
    with pytest.raises(MovedOn, match="已撤销，没有可以撤销的"):
        imports.withdraw(import_id, reason="再来", actor=registrar, today=today, now=now)
    again = hand_in(data)
    assert (counts(again), write(again)) == (("checked", 3, 3, 0, 0, 0), "写入 3 人。")


def test_not_taken_back_after_a_day_nor_once_a_case_was_decided(app, county, hand_in, write, registrar, today, now):
    kids = children(2)
    import_id = hand_in(sheets.xlsx([line(kid) for kid in kids]))
    write(import_id)

    with pytest.raises(Refusal, match="写入已超过 24 小时，不能整批撤销"):
        imports.withdraw(import_id, reason="班级填错", actor=registrar, today=today, now=now + timedelta(hours=25))
    case_id = db.session.execute(select(Case.id).where(Case.import_id == import_id, Case.title == kids[1]["name"])).scalar_one()
    cases.act(case_id, "approve", actor=county.actor("head.a1"), version=1, today=today, now=now)
    with pytest.raises(Refusal, match=f"{kids[1]['name']}等 1 人的登记已经办理过，不能整批撤销"):
        imports.withdraw(import_id, reason="班级填错", actor=registrar, today=today, now=now)
    assert row(import_id).state == "applied"


def test_a_dry_run_or_a_writing_that_is_stopped_leaves_nothing(app, county, registrar, hand_in, today, now, monkeypatch):
    plan(county, 2000)
    import_id = imports.upload(sheets.xlsx([line(kid) for kid in children(3)]), "新生.xlsx", actor=registrar, today=today, now=now)
    stage = import_jobs._stage

    def stopped(job, *rest):
        jobs.cancel(job.id, actor=registrar, now=now)
        stage(job, *rest)

    monkeypatch.setattr(import_jobs, "_stage", stopped)
    jobs.run_next(now)
    assert (row(import_id).state, row(import_id).problem, db.session.scalars(select(ImportRow.id)).all()) == ("cancelled", "已按要求停止。", [])

    monkeypatch.setattr(import_jobs, "_stage", stage)
    imports.check_again(import_id, actor=registrar, now=now)
    jobs.run_next(now)
    imports.apply(import_id, "all", understood=True, actor=registrar, now=now)
    jobs.cancel(row(import_id).job_id, actor=registrar, now=now)
    assert (row(import_id).state, row(import_id).problem) == ("checked", "排队时停止，没有开始。")
    imports.apply(import_id, "all", understood=True, actor=registrar, now=now)
    assert work_off(now) == "写入 3 人。"


def test_hostile_text_is_kept_as_text_and_comes_back_as_text(app, county, hand_in, write, registrar, now):
    plan(county, 900)
    hostile = ["=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", "'; DROP TABLE students;--", "{{ 7*7 }}", "@SUM(A1)"]
    lines = [changed(line(kid), current_address=text, talent=text) for kid, text in zip(children(5), hostile, strict=True)]
    lines.append(changed(line(children(6)[5]), talent="特长\x07", postcode="=1+1"))
    import_id = hand_in(sheets.xlsx(lines))
    work_off(now)

    assert list(faults(import_id)) == [(7, "AD"), (7, "AP")]
    data, name = imports.download(import_id, actor=registrar)
    assert name == "新生_已标错.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [page.cell(number, 14).value for number in range(2, 7)] == hostile
    assert {page.cell(number, 14).data_type for number in range(2, 7)} == {"s"}
    write(import_id, "good")
    assert db.session.scalars(select(Student.talent).join(Case, Case.student_id == Student.id).where(Case.import_id == import_id).order_by(Case.number)).all() == hostile


def test_what_is_no_honest_workbook_is_refused_and_not_kept(app, county, registrar, hand_in, today, now):
    good = sheets.xlsx([line(children(1)[0])])
    for data, name, told in (
        (good, "新生.xlsm", "可以带宏"), (b"", "新生.xlsx", "文件是空的"), (b"MZ" + bytes(100), "新生.xlsx", "不是这种文件"), (b"x" * 26_000_000, "新生.csv", "超过了 24 MB"),
    ):
        with pytest.raises(Refusal, match=told):
            imports.upload(data, name, actor=registrar, today=today, now=now)
    assert (db.session.scalars(select(Import.id)).all(), db.session.scalars(select(File.id).where(File.kind == "workbook")).all()) == ([], [])

    sheet = "xl/worksheets/sheet1.xml"
    for data, told in (
        (files.repacked(good, add={"xl/vbaProject.bin": b"x"}), "工作簿里带有宏，本系统不接收"),
        (files.declaring(good, sheet, 0xF0000000), "文件展开后有 3,840 MB，超过了 400 MB 的上限"),
        (files.xlsx([["姓名", "电话"], ["方小雨", "13800000000"]]), "第 1 行的列名对不上新生信息导入模板"),
    ):
        import_id = hand_in(data)
        one = row(import_id)
        assert (one.state, one.file_id, one.rows) == ("unreadable", None, 0) and one.problem.startswith(told)
    assert [path for path in (app.config["DATA_DIR"] / "files").rglob("*") if path.is_file()] == []


def test_the_errors_come_back_in_the_workbook_and_the_download_is_in_the_trace(app, county, hand_in, registrar, now):
    kids = children(2)
    lines = [line(kids[0]), changed(line(kids[1]), ethnicity="土家", class_code="9")]
    import_id = hand_in(sheets.xlsx(lines))
    with pytest.raises(NotFound):
        imports.download(import_id, actor=registrar)  # not made yet
    work_off(now)
    data, _ = imports.download(import_id, actor=registrar)

    page, totals = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    assert page.cell(1, 72).value == "错误原因"
    assert page.cell(3, 72).value == "【民族】民族代码表没有“土家”。填“土家族”或代码 15。\n【班级号】2026级没有 9 班。填 1、2，或先建班。"
    assert page["I3"].comment.text == "【核对】民族代码表没有“土家”。填“土家族”或代码 15。"
    assert [[cell.value for cell in one][:4] for one in totals.iter_rows(min_row=2)] == [["民族", "不在代码表中", "须改正", 1], ["班级号", "年级班级", "须改正", 1]]
    assert json.loads(db.session.scalars(select(Event.facts).where(Event.name == "import.downloaded")).one()) == {"filename": "新生_已标错.xlsx"}
    with pytest.raises(NotAllowed):
        imports.download(import_id, actor=county.actor("head.a1"))

    old = hand_in(files.xls([sheets.TITLES, *lines]), "新生.xls")
    work_off(now)
    data, name = imports.download(old, actor=registrar)
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert (name, page["A1"].value, page["A2"].value, page.max_row) == ("新生_出错的行.xlsx", "原行号", 3, 2)


def test_only_the_own_school_and_what_was_staged_is_forgotten_after_a_week(app, county, hand_in, registrar, now):
    import_id = hand_in(sheets.xlsx([line(kid) for kid in children(2)]))
    for username in ("registrar.b1", "registrar.a2"):
        with pytest.raises(NotFound):
            imports.apply(import_id, "all", understood=True, actor=county.actor(username), now=now)
    with pytest.raises(NotAllowed):
        imports.apply(import_id, "all", understood=True, actor=county.actor("head.a1"), now=now)

    imports.sweep(now=now + timedelta(days=6))
    assert len(db.session.scalars(select(ImportRow.id)).all()) == 2
    imports.sweep(now=now + timedelta(days=8))
    assert (row(import_id).state, row(import_id).file_id, db.session.scalars(select(ImportRow.id)).all()) == ("expired", None, [])
    assert [path for path in (app.config["DATA_DIR"] / "files").rglob("*") if path.is_file()] == []
