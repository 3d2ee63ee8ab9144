"""A county bureau is set up: its tree of bodies, and whose desk a school's business goes to."""

from datetime import date

import pytest

from app.errors import MovedOn, NotFound, Refusals
from app.extensions import db
from app.models import Student, new_id
from app.services.administration import organisations
from tests.bureau import CITY, COUNTY, LIU, NOW, SCHOOL, body, bureau, hires, last_facts, put, school, under, wrong

__all__ = ["bureau", "school"]


def test_a_school_in_a_township_knows_all_its_ancestors(bureau):
    made = body(organisations.create(SCHOOL | under(bureau["county"], bureau["township"]), actor=LIU))

    assert [made.province_id, made.city_id, made.county_id, made.township_id] == list(bureau.values())
    assert (made.key, made.division_code, made.short_name) == ("school.2142900101", "420323", "竹山县堵河路小学")
    assert last_facts("body.created", bureau["county"]) == {"name": "竹山县堵河路小学", "tier": "学校"}


def test_a_school_that_a_city_runs_is_decided_by_the_city_and_found_by_its_county(bureau):
    school = organisations.create(SCHOOL | under(bureau["city"], bureau["county"]), actor=LIU)

    assert body(school).county_id == bureau["county"]
    with db.session() as s:
        assert organisations.deciding_office(s, school) == bureau["city"]
        assert organisations.deciding_office(s, bureau["township"]) == bureau["county"]
        assert organisations.deciding_office(s, bureau["county"]) == bureau["city"]
        assert organisations.deciding_office(s, bureau["province"]) is None


def test_the_head_checks_then_the_township_then_the_county(bureau):
    school = organisations.create(SCHOOL | under(bureau["county"], bureau["township"]), actor=LIU)
    with db.session() as s:
        assert organisations.checker_seat(s, school) == (bureau["county"], "county_officer")
    hires(bureau["township"], "township_registrar", "查守信")
    with db.session() as s:
        assert organisations.checker_seat(s, school) == (bureau["township"], "township_registrar")
    head = hires(school, "school_head", "余正德")
    with db.session() as s:
        assert organisations.checker_seat(s, school) == (school, "school_head")
        assert organisations.checker_seat(s, school, maker_id=head) == (bureau["township"], "township_registrar")


def test_everything_wrong_with_a_school_is_told_at_once(bureau):
    facts = {"tier": "school", "school_code": "21429001", "local_code": "1001", "school_type": "999", "stages": "13", "postcode": "44220"}
    assert set(wrong(organisations.create, facts, actor=LIU)) == {
        "name", "postcode", "located_in_id", "managed_by_id", "school_code", "local_code", "school_type", "stages",
    }


def test_a_school_code_and_a_local_code_are_given_once(bureau):
    organisations.create(SCHOOL | under(bureau["county"]), actor=LIU)
    twin = SCHOOL | under(bureau["county"]) | {"name": "竹山县城西小学"}

    assert wrong(organisations.create, twin, actor=LIU) == {
        "school_code": "学校标识码“2142900101”已经属于竹山县堵河路小学，一个学校标识码只能用于一所学校，撤销后也不再使用。请核对。",
        "local_code": "本地学校代码“100101”已经属于竹山县堵河路小学，本县内不能重复，请换一个。",
    }


def test_a_county_may_use_the_local_codes_of_another(bureau):
    other = {"tier": "county", "name": "房县教育局", "division_code": "420325", "abbreviation": "房"} | under(bureau["city"])
    fang = organisations.create(other, actor=LIU)
    organisations.create(SCHOOL | under(bureau["county"]), actor=LIU)
    school = organisations.create(SCHOOL | {"name": "房县北城小学", "school_code": "2142900201"} | under(fang), actor=LIU)

    assert body(school).local_code == "100101"


def test_two_counties_may_not_head_their_papers_alike(bureau):
    other = {"tier": "county", "name": "竹溪县教育局", "division_code": "420324", "abbreviation": "竹"} | under(bureau["city"])
    assert wrong(organisations.create, other, actor=LIU) == {"abbreviation": "文号简称“竹”已经用于竹山县教育局，编号会重复，请换一个。"}


def test_a_teaching_point_belongs_to_a_school_of_its_county(bureau):
    point = SCHOOL | {"name": "枫树坪教学点", "school_type": "218", "school_code": "2142900105", "local_code": "100105"} | under(bureau["county"])
    assert set(wrong(organisations.create, point, actor=LIU)) == {"belongs_to_id"}

    main = organisations.create(SCHOOL | under(bureau["county"]), actor=LIU)
    made = organisations.create(point | {"belongs_to_id": main}, actor=LIU)

    assert body(made).belongs_to_id == main
    second = point | {"name": "松树坪教学点", "school_code": "2142900106", "local_code": "100106", "belongs_to_id": made}
    assert wrong(organisations.create, second, actor=LIU) == {"belongs_to_id": "教学点须隶属一所学校，请选择隶属学校（不能是另一个教学点）。"}


def test_a_change_is_told_item_by_item_and_the_second_hand_reads_who_was_first(bureau):
    school = organisations.create(SCHOOL | under(bureau["county"]), actor=LIU)
    facts = SCHOOL | under(bureau["county"])
    organisations.change(school, facts | {"principal": "余正德", "years_system": "54"}, version=1, actor=LIU)

    assert last_facts("body.changed") == {
        "name": "竹山县堵河路小学", "changes": {"校长": ["", "余正德"], "小学年限": [6, 5], "初中年限": [3, 4]},
    }
    with pytest.raises(MovedOn, match=r"竹山县堵河路小学刚被柳青在.*改过"):
        organisations.change(school, facts | {"principal": "昝光明"}, version=1, actor=LIU)
    assert body(school).principal == "余正德"


def test_a_township_moves_to_another_county_only_while_it_is_empty(bureau):
    fang = organisations.create({"tier": "county", "name": "房县教育局", "division_code": "420325", "abbreviation": "房"} | under(bureau["city"]), actor=LIU)
    town = {"name": "柳垭镇中心学校"}
    organisations.change(bureau["township"], town | under(fang), version=1, actor=LIU)
    assert (body(bureau["township"]).county_id, body(bureau["township"]).division_code) == (fang, "420325")

    organisations.create(SCHOOL | under(fang, bureau["township"]), actor=LIU)
    told = wrong(organisations.change, bureau["township"], town | under(bureau["county"]), version=2, actor=LIU)
    assert told == {"located_in_id": "这里已有年级、学生或下级机构，不能改到别的县。请先办理学生转学，或在新的县另建机构。"}


def test_a_county_that_goes_to_another_city_takes_its_schools_along(bureau):
    other = organisations.create({"tier": "city", "name": "宜昌市教育局", "division_code": "420500"} | under(bureau["province"]), actor=LIU)
    school = organisations.create(SCHOOL | under(bureau["county"]), actor=LIU)

    organisations.change(bureau["county"], COUNTY | under(other), version=1, actor=LIU)

    assert (body(school).city_id, body(school).county_id) == (other, bureau["county"])


def test_a_school_closes_when_nobody_learns_or_works_there(bureau):
    school = organisations.create(SCHOOL | under(bureau["county"]), actor=LIU)
    hires(school, "school_registrar", "庹明慧")
    pupil = new_id()
    put(Student(
        id=pupil, county_id=bureau["county"], lifecycle="live", status="01", school_id=school, student_code="1", name="陆思远", sex="1",
        birth_date=date(2019, 3, 1), id_doc_type="1", created_at=NOW, updated_at=NOW,
    ))
    with pytest.raises(Refusals) as told:
        organisations.close(school, reason="竹政发〔2026〕5号", version=1, actor=LIU)
    assert [one.sentence for one in told.value.refusals] == [
        "竹山县堵河路小学还有 1 名学生在籍或正在登记，不能撤销。请先为他们办理转学或毕业。",
        "竹山县堵河路小学还有 1 个在任岗位，不能撤销。请先由安全管理员免去。",
    ]
    empty = organisations.create(SCHOOL | {"name": "竹山县城西小学", "school_code": "2142900108", "local_code": "100108"} | under(bureau["county"]), actor=LIU)
    organisations.close(empty, reason="竹政发〔2026〕5号", version=1, actor=LIU)
    assert body(empty).state == "closed"
    organisations.reopen(empty, reason="竹政发〔2026〕9号", version=2, actor=LIU)
    assert (body(empty).state, body(empty).version) == ("open", 3)


def test_a_county_with_schools_does_not_close(bureau):
    organisations.create(SCHOOL | under(bureau["county"]), actor=LIU)
    told = wrong(organisations.close, bureau["county"], reason="并县", version=1, actor=LIU)
    assert told == {None: "竹山县下面还有 2 个机构，不能撤销。请先撤销下级机构，或改变它们的主管机构。"}


def test_what_is_not_there_is_not_changed(bureau):
    with pytest.raises(NotFound):
        organisations.change(1, CITY, version=1, actor=LIU)
