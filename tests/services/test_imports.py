"""A grade by workbook: every mistake in its cell and none invented, all or nothing, once, taken back as a whole."""

import io
import json
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import func, select, update

from app.demo import cast
from app.demo.families import Generator
from app.errors import MovedOn, NotAllowed, NotFound, Refusal
from app.extensions import db
from app.identity.id_number import check_character
from app.models import (
    Case,
    CaseFinding,
    Class,
    Enrolment,
    Event,
    EventSubject,
    File,
    Guardian,
    Import,
    ImportRow,
    Job,
    PersonNumber,
    Quota,
    SearchKey,
    Student,
    Tally,
)
from app.services import jobs
from app.services.casework import cases
from app.services.intake import enrolments, import_jobs, imports
from app.services.schools import quotas
from app.services.transactions import writes
from tests import rosters as sheets
from tests.cast import new_pupil
from tests.rosters import LETTERS, changed, children, line
from tests.spreadsheets import files

REGISTER = (Student, Guardian, Enrolment, PersonNumber, SearchKey, Case, Event, EventSubject)


@pytest.fixture
def registrar(county):
    return county.actor("registrar.a1")


@pytest.fixture
def hand_in(registrar, today, now):
    """Upload a workbook and have it checked; returns the import's id."""

    def hand_in(data, name="新生.xlsx", actor=registrar):
        import_id = imports.upload(data, name, actor=actor, today=today, now=now)
        assert jobs.run_next(now)
        return import_id

    return hand_in


@pytest.fixture
def write(registrar, now):
    """Have the rows written; returns the job's message."""

    def write(import_id, mode="all", understood=False):
        imports.apply(import_id, mode, understood=understood, actor=registrar, now=now)
        return work_off(now)

    return write


def work_off(now):
    """Everything that waits, and what the writing said that was asked for last."""
    while jobs.run_next(now):
        pass
    return db.session.scalars(select(Job.message).where(Job.kind == "import.apply").order_by(Job.id.desc())).first()


def row(import_id):
    return db.session.execute(select(Import).where(Import.id == import_id).execution_options(populate_existing=True)).scalar_one()


def counts(import_id):
    one = row(import_id)
    return one.state, one.rows, one.good, one.warned, one.bad, one.known


def faults(import_id, states=("bad",), level="block"):
    """{(row, letter): sentence} of what is found."""
    found, _ = imports.findings(db.session, import_id, states, level=level, most=10_000)
    return {(one.row, one.letter): one.sentence for _, one in found}


def register():
    return [db.session.execute(select(func.count()).select_from(table)).scalar() for table in REGISTER]


def room(county):
    """(heads in class 1, heads in class 2, used places of the plan)"""
    classes = [county.class_("a1", number=number) for number in (1, 2)]
    heads = [db.session.execute(select(Class.headcount).where(Class.id == one)).scalar() for one in classes]
    return (*heads, db.session.execute(select(Quota.used).where(Quota.school_id == county.body("a1"), Quota.year == 2026)).scalar())


def plan(county, planned):
    old = quotas.of(db.session, county.body("a1"), "1", 2026)
    quotas.plan(county.body("a1"), "1", 2026, planned, reason="招生文件", version=old.version, actor=county.actor("officer.a"))


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


def test_twenty_kinds_of_mistake_each_in_its_cell_and_none_invented(app, county, hand_in):
    plan(county, 900)
    known = county.known("common.1").item
    kids = children(40)
    young = children_born(date(2020, 9, 3))
    lines = [line(kid, number=str(place % 2 + 1)) for place, kid in enumerate(kids)]
    planted = {}

    def plant(place, *names, **values):
        lines[place] = changed(lines[place], **values)
        planted.update(((place + 2, LETTERS[name]), True) for name in names or values)

    plant(0, name="")
    plant(1, sex="未知")
    plant(2, birth_date="20201301")
    plant(3, id_doc_no=wrong_check(kids[3]["id_doc_no"]))
    plant(4, id_doc_no=int(kids[4]["id_doc_no"][:17]) * 10)
    plant(5, birth_date=f"{kids[5]['birth_date'] - timedelta(days=1):%Y%m%d}")
    plant(6, sex="女" if kids[6]["sex"] == "1" else "男")
    lines[7] = line(young)
    planted[9, LETTERS["birth_date"]] = True
    plant(8, ethnicity="土家")
    plant(9, class_code="6")
    plant(10, grade="七年级")
    plant(11, phone="1590728")
    plant(12, member1_phone="12345")
    plant(13, "member1_is_guardian", member1_is_guardian="否", **({"member2_is_guardian": "否"} if len(kids[13]["guardians"]) > 1 else {}))
    plant(14, "id_doc_no", id_doc_no=known["id_doc_no"], birth_date=f"{known['birth_date']:%Y%m%d}", sex="男" if known["sex"] == "1" else "女")
    plant(16, "id_doc_no", id_doc_no=kids[15]["id_doc_no"], birth_date=f"{kids[15]['birth_date']:%Y%m%d}", sex=lines[15][sheets.PLACES["sex"]])
    planted[17, LETTERS["id_doc_no"]] = True  # the other of the two
    plant(17, school_code="2142900201")
    plant(18, birth_place_code="什么县")
    plant(19, postcode="4422")
    plant(20, "member1_relation_note", member1_relation="其他亲属")
    plant(21, entry_month="2026年")
    plant(22, current_address="")
    plant(23, "overseas_status", overseas_status="否", id_doc_type="台湾居民来往大陆通行证", id_doc_no="08123456")
    import_id = hand_in(sheets.xlsx(lines))

    found = faults(import_id)
    assert {place: sentence for place, sentence in found.items() if place not in planted} == {}
    assert sorted(set(planted) - set(found)) == []
    assert counts(import_id)[:5] == ("checked", 40, 16, 0, 24)
    assert found[9, "E"] == "出生日期 2020年9月3日 未满入学年龄：2026年8月31日前须满 6 周岁"
    assert found[11, "W"] == "2026级没有 6 班"
    assert found[12, "V"] == "本校没有“七年级”的新生"
    assert found[16, "G"] == "这个证件号已有学籍：竹山县堵河路小学的张梓涵"
    assert found[17, "G"] == "身份证件号与第 18 行相同"
    assert found[19, "B"] == "学校标识码 2142900201 不是堵河路小学的"


def children_born(day):
    child = children(1, first=500)[0]
    from random import Random

    from app.demo.numbers import DocumentNumbers

    return child | {"birth_date": day, "id_doc_no": DocumentNumbers(Random(5)).identity("420323", day, child["sex"])}


def wrong_check(number):
    return number[:17] + ("1" if number[17] != "1" else "2")


def test_a_finding_shows_no_number(app, county, hand_in):
    kid = children(1)[0]
    import_id = hand_in(sheets.xlsx([changed(line(kid), id_doc_no=wrong_check(kid["id_doc_no"]), phone="1590728")]))

    shown = {one.letter: one.shown for _, one in imports.findings(db.session, import_id, ("bad",))[0]}
    assert shown == {"G": f"{kid['id_doc_no'][:4]}**********▪▪▪▪", "AC": "*******"}
    raw = db.session.execute(select(ImportRow.id, ImportRow.findings, ImportRow.record)).one()
    assert kid["id_doc_no"][:6].encode() not in bytes(raw.findings) and raw.record is None


def test_columns_in_any_order_old_and_plain_kinds_of_file_and_blank_rows(app, county, hand_in, registrar, now):
    plan(county, 900)
    kids = children(9)
    lines = [line(kid) for kid in kids]
    order = list(range(len(sheets.TITLES)))[::-1]

    def turned(cells):
        return [cells[place] for place in order]

    titles = turned(sheets.TITLES)
    shuffled = files.xlsx([titles, turned(lines[0]), [""] * 71, turned(lines[1]), [], turned(lines[2])])
    old = files.xls([sheets.TITLES, *lines[3:6]])
    plain = files.csv([sheets.TITLES, *lines[6:9]], encoding="gb18030")

    for data, name in ((shuffled, "新生.xlsx"), (old, "新生.xls"), (plain, "新生.csv")):
        import_id = hand_in(data, name)
        assert (counts(import_id), faults(import_id)) == (("checked", 3, 3, 0, 0, 0), {}), name
        imports.apply(import_id, "all", understood=False, actor=registrar, now=now)
        work_off(now)
    written = db.session.scalars(select(Case.title).where(Case.import_id.is_not(None)).order_by(Case.number)).all()
    assert written == [kid["name"] for kid in kids]


def test_grades_and_classes_as_clerks_write_them(app, county, hand_in):
    ways = [("一年级", "1"), ("2026级", "2班"), ("小学一年级", "（1）班"), ("11", "02"), ("一年级（2026级）", "一年级2班"), ("１", "１")]
    lines = [line(kid, grade=grade, number=number) for kid, (grade, number) in zip(children(len(ways)), ways, strict=True)]
    import_id = hand_in(sheets.xlsx(lines))

    assert faults(import_id) == {}
    code = db.session.execute(select(Class.code).where(Class.id == county.class_("a1", number=2))).scalar_one()
    assert counts(hand_in(sheets.xlsx([line(children(1)[0], number=code)])))[:3] == ("checked", 1, 1)


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


def test_a_special_class_is_full_at_its_own_limit(app, county, hand_in):
    """特教班: not 45 but the limit of special classes, by workbook as by form."""
    _special(county.class_("a1"), headcount=11)
    import_id = hand_in(sheets.xlsx([line(kid) for kid in children(2)]))
    assert faults(import_id) == {(3, LETTERS["class_code"]): "一年级1班已有 12 人，班额 12 人，没有学位"}


@writes(traced=False)
def _special(s, class_id, headcount):
    s.execute(update(Class).where(Class.id == class_id).values(kind="special", headcount=headcount))


def test_a_class_that_others_filled_in_between(app, county, hand_in, write, today, now):
    kids = children(3)
    import_id = hand_in(sheets.xlsx([line(kid) for kid in kids[:2]]))
    class_id = county.class_("a1")
    _limit(class_id, room(county)[0] + 2)
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
def _limit(s, class_id, limit):
    s.execute(update(Class).where(Class.id == class_id).values(size_limit=limit))


@writes(traced=False)
def _take(s, class_id, heads):
    s.execute(update(Class).where(Class.id == class_id).values(headcount=heads))


def test_room_and_plan_are_counted_row_by_row(app, county, hand_in):
    used = room(county)[2]
    plan(county, used + 3)
    _limit(county.class_("a1"), room(county)[0] + 2)
    kids = children(5)
    lines = [line(kid, number=number) for kid, number in zip(kids, "11122", strict=True)]
    lines[0] = changed(lines[0], postcode="4422")  # takes no place
    import_id = hand_in(sheets.xlsx(lines))

    assert faults(import_id) == {
        (2, "AD"): "邮政编码应为 6 位数字",
        (6, "V"): f"招生计划 {used + 3} 人已用完（已登记 {used + 3} 人）",
    }


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


def test_a_twin_of_ones_own_school_is_named_and_another_countys_is_not(app, county, hand_in):
    here, there = county.known("common.1").item, county.known("one-word").item  # the second is a pupil of another county
    same = ("name", "id_doc_no", "birth_date", "sex")
    lines = [line(kid | {name: known[name] for name in same}) for kid, known in zip(children(2), (here, there), strict=True)]
    import_id = hand_in(sheets.xlsx(lines))

    number = LETTERS["id_doc_no"]
    told = {place: sentence for place, sentence in faults(import_id).items() if place[1] == number}
    assert told == {(2, number): f"这个证件号已有学籍：竹山县堵河路小学的{here['name']}", (3, number): "系统中已有使用这个证件号的学籍"}


def test_a_seat_in_class_is_given_once_in_the_register_and_in_the_file(app, county, hand_in, write):
    seat = LETTERS["class_no"]
    first = children(1)
    write(hand_in(sheets.xlsx([changed(line(first[0]), class_no="40")])))

    kids = children(6, first=40)
    lines = [line(kid, number=number) for kid, number in zip(kids, "111211", strict=True)]
    lines = [changed(cells, class_no=number) for cells, number in zip(lines, ("40", "41", "41", "41", "42", ""), strict=True)]
    import_id = hand_in(sheets.xlsx(lines), "第二本.xlsx")

    assert faults(import_id) == {
        (2, seat): f"班内学号“40”已经是本班{first[0]['name']}的", (3, seat): "班内学号“41”已经是本名册第 4 行的", (4, seat): "班内学号“41”已经是本名册第 3 行的",
    }
    assert counts(import_id) == ("checked", 6, 3, 0, 3, 0)


def test_a_seat_that_was_taken_after_the_last_look_is_seen_under_the_lock(app, county, hand_in, write, registrar, today, now, monkeypatch):
    import_id = hand_in(sheets.xlsx([changed(line(children(1)[0]), class_no="40")]))
    prepare, other = enrolments.prepare, new_pupil(300)

    def somebody_sits_down(many, **rest):
        monkeypatch.setattr(enrolments, "prepare", prepare)
        enrolments.apply(other | {"class_no": "40"}, county.class_("a1"), actor=registrar, today=today, now=now)
        return prepare(many, **rest)

    monkeypatch.setattr(enrolments, "prepare", somebody_sits_down)
    said = write(import_id)
    assert said.startswith("预检以后情况变了，没有写入任何一行。第 2 行") and f"班内学号“40”已经是本班{other['name']}的。请重新预检后再导入。" in said


def test_who_may_be_one_child_with_another_row_is_told_in_both_cells_and_looked_at_before_the_case_is_decided(app, county, hand_in, write):
    kids = children(6)
    near = kids[1]["id_doc_no"][:16] + str((int(kids[1]["id_doc_no"][16]) + 2) % 10)  # of one sex with it
    kids[3] |= {"id_doc_no": near + check_character(near), "birth_date": kids[1]["birth_date"], "sex": kids[1]["sex"]}
    kids[5] |= {"name": kids[4]["name"], "birth_date": kids[4]["birth_date"], "sex": kids[4]["sex"], "id_doc_no": None, "id_doc_type": "Z"}
    import_id = hand_in(sheets.xlsx([line(kid) for kid in kids]))

    number, name = LETTERS["id_doc_no"], LETTERS["name"]
    told = faults(import_id, ("good", "warned", "bad"), level="warn")
    assert {place: sentence for place, sentence in told.items() if "本名册" in sentence} == {
        (3, number): f"证件号与本名册第 5 行的{kids[3]['name']}只差一位", (5, number): f"证件号与本名册第 3 行的{kids[1]['name']}只差一位",
        (6, name): f"与本名册第 7 行的{kids[4]['name']}姓名、性别、出生日期相同", (7, name): f"与本名册第 6 行的{kids[4]['name']}姓名、性别、出生日期相同",
    }
    assert write(import_id, understood=True) == "写入 6 人。"
    kept = select(Case.title, CaseFinding.check).join(CaseFinding).where(Case.import_id == import_id, CaseFinding.check.in_(("twin_near", "twin_person")))
    assert sorted(map(tuple, db.session.execute(kept))) == sorted(
        [(kids[1]["name"], "twin_near"), (kids[3]["name"], "twin_near"), (kids[4]["name"], "twin_person"), (kids[4]["name"], "twin_person")])


def test_a_number_brought_along_is_kept_and_must_be_free(app, county, hand_in, write):
    kids = children(2)
    taken = county.known("common.1").item["id_doc_no"]
    lines = [changed(line(kids[0]), continuation_mark="G" + kids[0]["id_doc_no"]), changed(line(kids[1]), continuation_mark="G" + taken)]
    import_id = hand_in(sheets.xlsx(lines))

    assert faults(import_id) == {(3, "A"): "系统中已有使用这个学籍号的学籍"}
    write(import_id, "good")
    student = db.session.execute(select(Student).join(Case, Case.student_id == Student.id).where(Case.import_id == import_id)).scalar_one()
    from app.services.pupils import records

    assert records.open_student(student)["national_no"] == "G" + kids[0]["id_doc_no"]


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


def test_more_rows_than_are_judged_at_once(app, county, hand_in, write):
    plan(county, 5000)
    _limit(county.class_("a1"), 3000)
    generator = Generator(77)
    kids = [generator.pupil(2026, "1", cast.COUNTIES["a"]) for _ in range(1100)]
    import_id = hand_in(sheets.xlsx([line(kid) for kid in kids]))
    one = row(import_id)

    assert (one.state, one.rows, one.bad, one.good + one.warned) == ("checked", 1100, 0, 1100)
    assert write(import_id, understood=True) == "写入 1,100 人。"
    assert len(set(db.session.scalars(select(Case.number).where(Case.import_id == import_id)))) == 1100
