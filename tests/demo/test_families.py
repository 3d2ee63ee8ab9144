import time
from collections import Counter
from datetime import date

import pytest

from app.codes import divisions, table
from app.demo.cast import COUNTIES
from app.demo.families import DISABILITIES, FROM_OUTSIDE, Generator
from app.identity import id_number

A = COUNTIES["a"]
CODED = {
    "sex": "sex", "ethnicity": "ethnicity", "nationality": "country", "id_doc_type": "id_document_type", "overseas_status": "overseas_status",
    "political_status": "political_status_form", "health_status": "health_status", "hukou_nature": "household_nature",
    "admission_mode": "admission_mode_form", "attendance_mode": "attendance_mode", "student_source": "student_source",
    "student_category": "student_category", "left_behind": "left_behind_child", "inclusive_class": "inclusive_class",
    "disability_type": "disability_type", "commute_mode": "commute_mode",
}  # fmt: skip


@pytest.fixture(scope="module")
def many():
    generator = Generator(11)
    return [generator.pupil(2020 + number % 6, "1", A, rural=0.5, boarding=0.2) for number in range(8000)]


def some(seed, number=300):
    generator = Generator(seed)
    return [generator.pupil(2024, "1", A) for _ in range(number)]


def test_the_same_seed_tells_the_same_county_and_another_seed_another():
    assert repr(some(3)) == repr(some(3))
    assert {pupil["name"] + pupil["current_address"] for pupil in some(3)}.isdisjoint(pupil["name"] + pupil["current_address"] for pupil in some(4))


def test_numbers_are_right_and_no_two_people_share_one(many):
    people = {}
    for pupil in many:
        for person in (pupil, *pupil["guardians"]):
            if person["id_doc_type"] == "1":
                number = person["id_doc_no"]
                assert id_number.problem(number) is None
                assert id_number.birth_date(number) == person["birth_date"]
                assert people.setdefault(number, person["name"]) == person["name"]
        if pupil["id_doc_type"] == "1":
            assert int(pupil["id_doc_no"][16]) % 2 == int(pupil["sex"]) % 2
    own = [pupil["id_doc_no"] for pupil in many if pupil["id_doc_no"]]
    assert len(set(own)) == len(own)


def test_a_telephone_belongs_to_one_person(many):
    owners = {}
    for pupil in many:
        for guardian in pupil["guardians"]:
            assert owners.setdefault(guardian["phone"], guardian["id_doc_no"]) == guardian["id_doc_no"]
        assert pupil["phone"] in {guardian["phone"] for guardian in pupil["guardians"]} or pupil["phone"].startswith("0719-9")
    assert all(len(phone) == 11 and phone.isdigit() and phone[:2] == "16" for phone in owners)


def test_every_pupil_is_six_by_31_august_of_the_entry_year_and_hardly_older(many):
    late = Counter()
    for pupil in many:
        entry_year = int(pupil["entry_month"][:4])
        born = pupil["birth_date"]
        assert born <= date(entry_year - 6, 8, 31)
        late[born < date(entry_year - 7, 9, 1)] += 1
    assert 0.03 < late[True] / len(many) < 0.07


@pytest.mark.parametrize(("stage", "entry_age", "oldest", "youngest"), [("2", None, 2012, 2014), ("3", None, 2009, 2011), ("2", 11, 2013, 2015)])
def test_later_stages_begin_at_their_own_age(stage, entry_age, oldest, youngest):
    generator = Generator(5)
    born = [generator.pupil(2026, stage, A, entry_age=entry_age)["birth_date"] for _ in range(400)]
    assert (min(born).year, max(born).year) == (oldest, youngest)
    assert max(born) <= date(2026 - (entry_age or {"2": 12, "3": 15}[stage]), 8, 31)


def test_codes_are_those_of_the_tables_and_places_are_counties(many):
    for pupil in many:
        assert [item for item, name in CODED.items() if pupil[item] not in table(name)] == []
        for item in ("birth_place_code", "native_place", "hukou_place_code"):
            assert divisions.is_county(pupil[item])
        for guardian in pupil["guardians"]:
            assert guardian["relation"] in table("guardian_relation")
            assert guardian["education_level"] in table("education_level")
            assert divisions.is_county(guardian["hukou_place_code"])
            assert bool(guardian["relation_note"]) == (guardian["relation"] == "97")


def test_documents_other_than_the_identity_card_agree_with_the_rest(many):
    others = [pupil for pupil in many if pupil["id_doc_type"] != "1"]
    for pupil in others:
        if pupil["id_doc_type"] == "Z":
            assert (pupil["id_doc_no"], pupil["id_valid_period"]) == ("", "")
        else:
            nationality, status, *_ = FROM_OUTSIDE[pupil["id_doc_type"]]
            assert (pupil["nationality"], pupil["overseas_status"]) == (nationality, status)
            assert len(pupil["id_doc_no"]) >= 8
    assert {"Z", "6", "7", "8", "A"} >= {pupil["id_doc_type"] for pupil in others} >= {"Z"}


def test_yes_no_items_do_not_contradict_each_other(many):
    for pupil in many:
        assert not (pupil["left_behind"] != "0" and pupil["is_migrant_child"])
        assert not (pupil["is_orphan"] and {guardian["relation"] for guardian in pupil["guardians"]} & {"51", "52"})
        assert (pupil["disability_type"] != "0") == (pupil["health_status"] == "50")
        assert pupil["inclusive_class"] == (DISABILITIES[pupil["disability_type"]][1] if pupil["disability_type"] != "0" else "0")
        assert not pupil["has_boarding_subsidy"] or (pupil["wants_aid"] and pupil["attendance_mode"] == "2")
        if pupil["is_migrant_child"]:
            assert (pupil["hukou_place_code"] != A.code, pupil["hukou_nature"]) == (True, "1")
        if pupil["left_behind"] == "2":
            assert not any(guardian["relation"] in {"51", "52"} and guardian["current_address"] == pupil["current_address"] for guardian in pupil["guardians"])


def test_parents_are_grown_up_and_grandparents_older(many):
    for pupil in many:
        for guardian in pupil["guardians"]:
            years = pupil["birth_date"].year - guardian["birth_date"].year
            low, high = (36, 90) if guardian["relation"] in {"61", "62"} else (15, 60)
            assert low <= years <= high
        assert 1 <= len(pupil["guardians"]) <= 2


def test_the_county_looks_like_one(many):
    def share(true):
        return sum(1 for pupil in many if true(pupil)) / len(many)

    assert 0.49 < share(lambda pupil: pupil["sex"] == "1") < 0.57
    assert 0.15 < share(lambda pupil: pupil["left_behind"] != "0") < 0.35
    assert 0.02 < share(lambda pupil: pupil["is_migrant_child"]) < 0.1
    assert 0 < share(lambda pupil: pupil["is_orphan"]) < 0.005
    assert 0 < share(lambda pupil: pupil["disability_type"] != "0") < 0.012
    assert 0.15 < share(lambda pupil: pupil["attendance_mode"] == "2") < 0.25
    assert 0.9 < share(lambda pupil: pupil["ethnicity"] == "01") < 0.97
    assert 0.3 < share(lambda pupil: pupil["is_only_child"]) < 0.45
    assert 0.2 < share(lambda pupil: pupil["name"][0] in "王李张") < 0.3
    assert 0.0005 < share(lambda pupil: any(ord(char) > 0xFFFF for char in pupil["name"])) < 0.01
    assert 0 < share(lambda pupil: "·" in pupil["name"]) < 0.02
    siblings = Counter(tuple(guardian["id_doc_no"] for guardian in pupil["guardians"]) for pupil in many)
    assert set(siblings.values()) == {1, 2}


def test_brothers_and_sisters_share_the_family_and_are_no_only_children(many):
    families = {}
    for pupil in many:
        families.setdefault(pupil["guardians"][0]["id_doc_no"], []).append(pupil)
    pairs = [pair for pair in families.values() if len(pair) == 2]
    assert pairs
    for one, two in pairs:
        assert (one["current_address"], one["guardians"]) == (two["current_address"], two["guardians"])
        assert not (one["is_only_child"] or two["is_only_child"])
        assert abs((one["birth_date"] - two["birth_date"]).days) > 330


def test_names_are_han_characters_and_the_middle_dot_up_to_25(many):
    for pupil in many:
        assert all(char == "·" or "\u3400" <= char <= "\u9fff" or ord(char) >= 0x20000 for char in pupil["name"])
        assert 2 <= len(pupil["name"]) <= 25


def test_twins_share_birthday_and_home_but_no_number():
    one, two = Generator(8).twins(2024, "1", A, called=("庹思远", "庹思齐"), sexes=("1", "2"))
    shared = ("birth_date", "current_address", "phone", "guardians", "hukou_address")
    assert [one[item] for item in shared] == [two[item] for item in shared]
    assert (one["name"], two["name"], one["sex"], two["sex"]) == ("庹思远", "庹思齐", "1", "2")
    assert one["id_doc_no"][:14] == two["id_doc_no"][:14]
    assert one["id_doc_no"] != two["id_doc_no"]
    assert one["guardians"][0]["name"].startswith("庹")


def test_in_a_special_school_every_pupil_is_disabled_and_of_its_category():
    generator = Generator(9)
    pupils = [generator.pupil(2024, "1", A, special=True) for _ in range(100)]
    assert {pupil["student_category"] for pupil in pupils} == {"51100", "51200", "51300", "51400"}
    assert {(pupil["health_status"], pupil["inclusive_class"], pupil["student_kind"]) for pupil in pupils} == {("50", "0", "残障生")}


def test_a_hundred_thousand_take_seconds():
    generator = Generator(1)
    start = time.process_time()
    for _ in range(5000):
        generator.pupil(2024, "1", A)
    assert (time.process_time() - start) * 20 < 25
