import pytest

from app import codes


def test_a_table_reads_codes_names_and_known_other_words():
    country = codes.table("country")

    assert [country.code_of(typed) for typed in ("156", "CHN", "cn", "中国", " 中华人民共和国 ", "ＣＨＮ")] == ["156"] * 6
    assert country.label("344") == "中国香港"
    assert country.code_of("火星") is None
    assert country.label("000") == "000"
    assert "156" in country and "CHN" not in country
    assert codes.table("country") is country


def test_every_table_has_unique_codes_and_reads_back_its_own_names():
    for name in codes.names():
        table = codes.table(name)
        assert table.choices(), name
        for code, label in table.choices():
            assert table.code_of(code) == code, (name, code)
            assert table.label(table.code_of(label)) == label, (name, label)
    assert len(codes.names()) >= 56


def test_ethnicity_is_strict_and_says_what_was_meant():
    ethnicity = codes.table("ethnicity")

    assert [ethnicity.code_of(typed) for typed in ("汉", "土家", "蒙族")] == [None, None, None]
    assert [ethnicity.nearest(typed) for typed in ("汉", "土", "土家", "蒙族", "1", "", "Klingon")] == [
        "汉族",
        "土族",
        "土家族",
        "蒙古族",
        "汉族",
        None,
        None,
    ]


def test_names_that_the_standard_has_changed_are_still_understood():
    ethnicity = codes.table("ethnicity")

    assert {old: ethnicity.label(ethnicity.code_of(old)) for old in ("毛难族", "崩龙族", "穿青人", "81")} == {
        "毛难族": "毛南族",
        "崩龙族": "德昂族",
        "穿青人": "其他",
        "81": "其他",
    }


def test_retired_codes_leave_the_menu_and_stay_readable():
    table = codes.CodeTable(
        "household_nature", {"1": "农业户口", "2": "非农业户口", "3": "居民户口"}, retired=frozenset("12"), typed={"1": "1", "3": "3"}
    )

    assert table.choices() == [("3", "居民户口")]
    assert table.label("1") == "农业户口"
    assert table.code_of("1") == "1"
    assert table.nearest("农业") is None


def test_the_form_offers_less_than_the_standard_knows():
    assert codes.table("sex_form").choices() == [("1", "男"), ("2", "女")]
    assert [code for code, _ in codes.table("id_document_type_form").choices()] == ["1", "6", "7", "8", "9", "A", "Z"]
    assert codes.table("id_document_type").label("2") == "军官证"
    assert codes.table("id_document_type").code_of("z") == "Z"


def test_short_lists_agree_with_the_tables_they_are_cut_from():
    for short, whole in (
        ("sex_form", "sex"),
        ("id_document_type_form", "id_document_type"),
        ("guardian_relation", "family_relation"),
        ("death_cause", "status_change_reason"),
    ):
        for code, label in codes.table(short).choices():
            assert codes.table(whole).label(code) == label, (short, code)


def test_own_codes_are_marked_and_begin_at_91():
    assert {name: sorted(codes.table(name).own) for name in codes.names() if codes.table(name).own} == {
        "problem_resolution": ["91", "92"],
        "status_change_category": ["91", "92", "93", "94", "95", "96", "97"],
        "student_change": ["91", "92", "93", "95", "96", "97", "98", "99"],
        "student_current_status": ["91", "92", "93", "94", "95"],
    }


def test_an_unknown_table_is_an_error_at_once():
    with pytest.raises(LookupError):
        codes.table("../secrets")
