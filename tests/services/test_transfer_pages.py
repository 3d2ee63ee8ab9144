"""What the page of a transfer tells, and to whom."""



from app.extensions import db
from app.identity import masks
from app.services.casework import case_pages, inbox
from app.services.pupils import records
from tests.office import case
from tests.transfer_office import road

__all__ = ["road"]


def test_the_page_of_a_case_shows_its_own_way(road):
    case_id = road.apply("a3")
    road.act(case_id)
    officer = road.county.actor("officer.a")
    told = case_pages.told(case_pages.find(officer, case_id), person=officer, today=road.today)
    assert [(title, look) for title, _, look in told["way"]] == [
        ("转学申请", "done"), ("转入学校审核", "done"), ("转出学校核对", "now"), ("转出学校审核", ""), ("主管教育行政部门核办", ""), ("已生效", "")]
    assert [one.what for one in told["timeline"]] == ["转入学校审核：同意", "转学：提交申请"]


def test_before_the_effect_the_receiving_side_reads_what_was_applied_with_and_no_more(road):
    case_id = road.apply("b1")
    record = records.load(db.session, case(case_id).student_id)
    road.go(case_id, until="from_county")
    assert road.county.actor("officer.b").county_id == road.county.body("b")
    for key in ("registrar.b1", "head.b1", "officer.b"):
        person = road.county.actor(key)
        row = case_pages.find(person, case_id)
        told = case_pages.told(row, person=person, today=road.today)
        assert {title: value for title, value, _ in told["facts"] if value} == {
            "姓名": "庹思远", "性别": "男", "出生日期": "2018年10月13日", "学籍号": masks.number(record["national_no"]), "转出学校": "竹山县堵河路小学", "转入学校": "房县北城小学",
            "原年级": "二年级", "拟入班级": "二年级1班，现有 3 人", "转学范围": "省内跨县", "转学原因": "02 家庭住址迁移", "申请的监护人": "庹建国",
            "申请学校": "北城小学 饶静娴"}
        assert (told["guardians"], told["alike"], told["papers"], row.record_seen) == ([], [], [], False)
    assert case_pages.find(road.county.actor("registrar.a1"), case_id).record_seen
    road.go(case_id)
    assert [bool(case_pages.find(road.county.actor(key), case_id).record_seen) for key in ("registrar.b1", "officer.b", "registrar.a1")] == [True, True, False]


def test_who_has_the_case_finds_it_at_the_desk_and_the_other_side_sees_it(road):
    case_id = road.apply("b1")
    for person in ("registrar.b1", "head.b1", "officer.b", "registrar.a1", "head.a1", "officer.a"):
        assert case_pages.find(road.county.actor(person), case_id) is not None
    for stranger in ("registrar.b4", "officer.c", "registrar.a3"):
        assert case_pages.find(road.county.actor(stranger), case_id) is None
    assert case_id in [one.id for one in inbox.todo(road.county.actor("head.b1"))]
    road.go(case_id, until="from_registrar")
    assert case_id in [one.id for one in inbox.todo(road.county.actor("registrar.a1"))]
