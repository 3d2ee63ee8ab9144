from collections import Counter
from datetime import date

import pytest

from app.codes import divisions, table
from app.demo import cast
from app.demo.cast import BODIES, PEOPLE, SCHOOLS

# As SURFACE names them.
OFFICES = {
    "province": ["province", "province2"], "city": ["city1", "city2", "city3"], "county": ["a", "b", "c", "d"], "township": ["a.t1"],
}  # fmt: skip
SCHOOL_KEYS = "a1 a2 a3 a4 a5 a6 m1 b1 b2 b3 b4 c1 c2 c3 d1 d2".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def pupils():
    return cast.pupils(2026)


def test_the_bodies_are_those_that_the_surface_names():
    tiers = {}
    for body in BODIES.values():
        tiers.setdefault(body.tier, []).append(body.key)
    assert tiers == OFFICES | {"school": SCHOOL_KEYS}


def test_each_body_stands_after_those_it_leans_on_and_in_a_real_division():
    seen = set()
    for body in BODIES.values():
        assert {body.managed_by, body.located_in, body.belongs_to} - {None} <= seen
        assert body.division_code in divisions.divisions()
        seen.add(body.key)


def test_the_city_runs_a_school_in_county_a_and_the_township_has_two():
    assert (BODIES["m1"].managed_by, BODIES["m1"].located_in, BODIES["m1"].division_code) == ("city1", "a", "420323")
    assert [key for key, school in SCHOOLS.items() if school.located_in == "a.t1"] == ["a3", "a5"]
    assert (BODIES["a5"].managed_by, BODIES["a5"].belongs_to) == ("a", "a3")


def test_school_codes_are_unique_and_say_kind_and_province():
    kinds = {"211": "21", "218": "21", "311": "31", "312": "31", "342": "34", "514": "51"}
    for school in SCHOOLS.values():
        assert school.school_type in table("school_type")
        assert (len(school.school_code), school.school_code[:4]) == (10, kinds[school.school_type] + school.division_code[:2])
        assert len(school.local_code) == 6
    assert len({school.school_code for school in SCHOOLS.values()}) == len({school.local_code for school in SCHOOLS.values()}) == len(SCHOOLS)
    assert len({body.name for body in BODIES.values()}) == len(BODIES)


def test_everybody_whom_the_surface_names_has_an_account():
    staff = {f"{role}.{school}" for school in SCHOOL_KEYS if school != "a5" for role in ("registrar", "head", "teacher")} | {"registrar.a5"}
    offices = {f"officer.{body}" for body in ("province", "province2", "city1", "city2", "city3", "a", "b", "c", "d")}
    offices |= {f"officer2.{county}" for county in "abcd"} | {"township.a.t1"}
    assert set(PEOPLE) == staff | offices | {"sysadmin", "security", "security2", "auditor"}
    assert len({person.name for person in PEOPLE.values()}) == len(PEOPLE)


def test_one_person_is_the_whole_teaching_point_and_administrators_stand_apart():
    assert [(post.duty, post.body) for post in PEOPLE["registrar.a5"].posts] == [("school_registrar", "a5"), ("class_teacher", "a5")]
    assert [person.account for person in PEOPLE.values() if any(post.body is None for post in person.posts)] == [
        "sysadmin", "security", "security2", "auditor",
    ]  # fmt: skip


@pytest.mark.parametrize(("school", "expected"), [
    ("a1", [(1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (4, 1), (5, 1), (6, 1)]),
    ("a4", [(1, 1), (1, 2), (2, 1), (3, 1), (3, 2)]),
    ("b4", [(1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (4, 1), (5, 1)]),
    ("a5", [(1, 1), (2, 1), (3, 1), (4, 1)]),
])  # fmt: skip
def test_one_class_for_each_grade_and_two_in_grades_one_and_three(school, expected):
    classes = [group for group in cast.classes(school, 2026) if group.state == "open"]
    assert [(group.year, group.number) for group in classes] == expected
    assert {group.entry_year + group.year for group in classes} == {2027}


def test_a_nine_year_school_has_both_stages_and_a_class_keeps_its_teacher():
    assert Counter(group.stage for group in cast.classes("a3", 2026)) == {"1": 8, "2": 5}
    this = {(group.entry_year, group.number): group.teacher for group in cast.classes("b1", 2026)}
    last = {(group.entry_year, group.number): group.teacher for group in cast.classes("b1", 2025)}
    kept = [cohort for cohort in this.keys() & last.keys() if this[cohort] not in {"牟小曼"} and last[cohort] not in {"牟小曼"}]
    assert kept
    assert [cohort for cohort in kept if this[cohort] != last[cohort]] == []


def test_the_first_class_is_that_of_the_teacher_with_an_account():
    for school in SCHOOL_KEYS:
        first = cast.classes(school, 2026)[0]
        assert PEOPLE[first.account].name == first.teacher


def test_the_teaching_point_teaches_two_groups_of_8_to_15():
    for school_year in range(2024, 2034):
        sizes = Counter()
        for group in cast.classes("a5", school_year):
            sizes[group.group] += group.size
        assert len(sizes) == 2
        assert all(8 <= size <= 15 for size in sizes.values())


def test_classes_have_about_thirty_pupils_and_nobody_shares_a_number(pupils):
    numbers = [pupil.item["id_doc_no"] for pupil in pupils if pupil.item["id_doc_no"]]
    assert len(set(numbers)) == len(numbers)
    sizes = Counter((pupil.school, pupil.stage, pupil.entry_year, pupil.number) for pupil in pupils)
    for school in SCHOOL_KEYS:
        for group in cast.classes(school, 2026):
            assert sizes.pop((school, group.stage, group.entry_year, group.number)) == group.size
            assert group.state == "graduated" or school in {"a5", "a6"} or 28 <= group.size <= 33
    assert sizes == {}


def test_the_pupils_of_a_village_point_live_in_the_villages_of_its_town(pupils):
    homes = {pupil.item["current_address"][:12] for pupil in pupils if pupil.school == "a5"}
    assert homes == {"湖北省十堰市竹山县柳垭镇"}


def test_the_known_pupils_are_there(pupils):
    known = {pupil.key: pupil for pupil in pupils if pupil.key}
    assert known == cast.known_pupils(2026)
    assert known["unnumbered"].item["id_doc_type"] == "Z"
    assert (known["suspended"].status, known["suspended"].since, known["suspended"].until) == ("02", date(2026, 9, 1), date(2027, 8, 31))
    assert (known["left"].status, known["graduated"].status) == ("10", "07")
    assert known["twin.1"].item["birth_date"] == known["twin.2"].item["birth_date"]
    assert known["twin.1"].item["guardians"] == known["twin.2"].item["guardians"]
    assert [known[key].item["name"] for key in ("rare.ext-a", "rare.ext-b", "rare.ext-e")] == ["余㛃宁", "吴𠮷安", "柯𬭎泽"]
    assert len(known["longest"].item["name"]) == 25
    assert (known["dot"].item["ethnicity"], known["dot"].item["guardians"][0]["name"].split("·")[0]) == ("05", "吐尔逊")


@pytest.mark.parametrize("school_year", range(2024, 2034))
def test_the_known_pupils_fit_their_grade_in_every_year(school_year):
    for key, pupil in cast.known_pupils(school_year).items():
        assert pupil.item["id_doc_type"] == ("Z" if key == "unnumbered" else "1")
        assert pupil.item["birth_date"] <= date(pupil.entry_year - 6 * int(pupil.stage), 8, 31)
        assert pupil.item["entry_month"] == f"{pupil.entry_year}09"
        assert pupil.item["disability_type"] == "0"


def test_a_smaller_county_keeps_the_known_pupils():
    small = cast.pupils(2026, schools=["a1", "a2"], per_class=2)
    assert {pupil.key: pupil for pupil in small if pupil.key} == {key: pupil for key, pupil in cast.known_pupils(2026).items() if pupil.school in {"a1", "a2"}}
    assert {pupil.school for pupil in small} == {"a1", "a2"}
    assert len(small) < 50


def test_the_same_year_is_the_same_county():
    assert repr(cast.pupils(2027, schools=["c1"])) == repr(cast.pupils(2027, schools=["c1"]))
