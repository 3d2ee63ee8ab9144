from random import Random

from app.demo import names


def drawn(sex, birth_year, ethnicity="01", number=4000, **rest):
    rng = Random(1)
    return [names.person(rng, sex, birth_year, ethnicity, **rest) for _ in range(number)]


def test_each_decade_has_its_own_names():
    grandmothers, girls = set(drawn("2", 1958)), set(drawn("2", 2018))
    assert {"王秀英", "李桂英"} & grandmothers
    assert {"王梓涵", "李诗涵"} & girls
    assert len(grandmothers & girls) < 0.02 * len(girls)


def test_names_that_would_read_as_a_well_known_person_are_not_drawn():
    people = [name for year in (1958, 1978, 1990, 2018) for sex in "12" for name in drawn(sex, year)]
    avoided = {family + own for family, given in names._AVOIDED.items() for own in given}
    assert avoided.isdisjoint(people)


def test_the_mix_holds_compound_surnames_one_and_two_character_names_and_rare_characters_on_demand():
    boys = drawn("1", 2018)
    compound = [name for name in boys if name[:2] in {"欧阳", "上官", "诸葛", "司马", "皇甫", "令狐"}]
    assert 0 < len(compound) < 40
    assert 0.05 < sum(len(name) == 2 for name in boys) / len(boys) < 0.2
    assert all(set(name) & set(names.RARE_CHARACTERS) for name in drawn("1", 2018, number=50, rare=True))


def test_what_children_inherit_differs_by_people():
    rng = Random(2)
    assert names.inherited("欧阳明", "01") == "欧阳"
    assert names.inherited("单小荷", "01") == "单"
    assert names.passed_on("吐尔逊·艾尔肯", "05") == "吐尔逊"
    assert names.person(rng, "2", 2018, "05", family="吐尔逊").endswith("·吐尔逊")
    assert names.person(rng, "2", 2018, "07", family="沙马").startswith("沙马·")
    assert names.passed_on("扎西多吉", "04") == ""
    assert names.father(rng, 1990, "05", "吐尔逊").startswith("吐尔逊·")


def test_a_name_with_forefathers_ends_at_25_characters():
    long = "阿卜杜热合曼·麦麦提图尔荪·努尔艾合买提"
    assert {len(name) <= names.LONGEST for name in drawn("1", 2018, "05", family=long)} == {True}
