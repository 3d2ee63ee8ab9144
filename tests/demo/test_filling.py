from collections import Counter

from app.codes import table
from app.demo import cast, filling
from app.demo.families import Generator


def filled(students, seed=7):
    generator = Generator(seed)
    small = cast.pupils(2026, per_class=3, generator=generator)
    return small, [(school, classes, list(pupils)) for school, classes, pupils in filling.more(students, 2026, seed, generator)]


def test_it_fills_up_to_the_very_number_and_the_same_seed_fills_alike():
    _, schools = filled(3000)
    assert sum(len(pupils) for _, _, pupils in schools) == 3000
    assert repr(schools) == repr(filled(3000)[1])


def test_schools_are_new_and_their_codes_unique():
    _, schools = filled(6000)
    bodies = [school for school, _, _ in schools] + list(cast.SCHOOLS.values())
    for column in ("key", "name", "school_code", "local_code"):
        assert [value for value, times in Counter(getattr(body, column) for body in bodies).items() if times > 1] == []
    assert all(len(body.school_code) == 10 and len(body.local_code) == 6 and body.school_type in table("school_type") for body in bodies)


def test_classes_keep_within_the_limits_and_hold_who_they_say():
    _, schools = filled(6000)
    for _, classes, pupils in schools:
        assert all(group.size <= {"1": 45, "2": 50, "3": 50}[group.stage] for group in classes)
        assert Counter((pupil.entry_year, pupil.number) for pupil in pupils) == {(group.entry_year, group.number): group.size for group in classes}


def test_no_number_of_the_small_county_is_given_again():
    small, schools = filled(4000)
    everybody = small + [pupil for _, _, pupils in schools for pupil in pupils]
    numbers = [pupil.item["id_doc_no"] for pupil in everybody if pupil.item["id_doc_no"]]
    assert len(set(numbers)) == len(numbers)
