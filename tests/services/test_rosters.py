"""What is wrong with a grade's workbook: every mistake in its cell and none invented, against the file, the register, the classes and the plan."""

from datetime import date, timedelta

from sqlalchemy import select, update

from app.demo import cast
from app.demo.families import Generator
from app.extensions import db
from app.identity.id_number import check_character
from app.models import (
    Case,
    CaseFinding,
    Class,
    ImportRow,
    Student,
)
from app.services.intake import enrolments, imports
from app.services.transactions import writes
from tests import rosters as sheets
from tests.cast import new_pupil
from tests.import_office import counts, faults, hand_in, limit, plan, registrar, room, row, work_off, write
from tests.rosters import LETTERS, changed, children, line
from tests.spreadsheets import files

__all__ = ["hand_in", "registrar", "write"]


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


def test_a_special_class_is_full_at_its_ownlimit(app, county, hand_in):
    """特教班: not 45 but the limit of special classes, by workbook as by form."""
    _special(county.class_("a1"), headcount=11)
    import_id = hand_in(sheets.xlsx([line(kid) for kid in children(2)]))
    assert faults(import_id) == {(3, LETTERS["class_code"]): "一年级1班已有 12 人，班额 12 人，没有学位"}


@writes(traced=False)
def _special(s, class_id, headcount):
    s.execute(update(Class).where(Class.id == class_id).values(kind="special", headcount=headcount))


def test_room_and_plan_are_counted_row_by_row(app, county, hand_in):
    used = room(county)[2]
    plan(county, used + 3)
    limit(county.class_("a1"), room(county)[0] + 2)
    kids = children(5)
    lines = [line(kid, number=number) for kid, number in zip(kids, "11122", strict=True)]
    lines[0] = changed(lines[0], postcode="4422")  # takes no place
    import_id = hand_in(sheets.xlsx(lines))

    assert faults(import_id) == {
        (2, "AD"): "邮政编码应为 6 位数字",
        (6, "V"): f"招生计划 {used + 3} 人已用完（已登记 {used + 3} 人）",
    }


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


def test_more_rows_than_are_judged_at_once(app, county, hand_in, write):
    plan(county, 5000)
    limit(county.class_("a1"), 3000)
    generator = Generator(77)
    kids = [generator.pupil(2026, "1", cast.COUNTIES["a"]) for _ in range(1100)]
    import_id = hand_in(sheets.xlsx([line(kid) for kid in kids]))
    one = row(import_id)

    assert (one.state, one.rows, one.bad, one.good + one.warned) == ("checked", 1100, 0, 1100)
    assert write(import_id, understood=True) == "写入 1,100 人。"
    assert len(set(db.session.scalars(select(Case.number).where(Case.import_id == import_id)))) == 1100
