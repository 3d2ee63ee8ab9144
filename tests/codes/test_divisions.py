from app.codes import divisions


def test_every_way_of_writing_a_county_gives_its_code():
    for typed in (
        "420323",
        "420323000000",
        "４２０３２３",
        "420323 竹山县",
        "420323 竹山县城关镇",
        "竹山县",
        "湖北省竹山县",
        "湖北省十堰市竹山县",
        "湖北省 十堰市 竹山县",
        "湖北省/十堰市/竹山县",
        "十堰市竹山县",
    ):
        assert divisions.code_of(typed) == "420323", typed


def test_what_is_unknown_contradictory_or_shared_gives_no_code():
    for typed in ("", "竹山", "999999", "420323 竹溪县", "420323100000", "42032", "朝阳区"):
        assert divisions.code_of(typed) is None, typed
    assert divisions.named("朝阳区") == [("110105", "北京市朝阳区"), ("220104", "吉林省长春市朝阳区")]


def test_full_names_do_not_double_a_municipality():
    assert [divisions.full_name(code) for code in ("420323", "110105", "500101", "429006", "441900", "810000")] == [
        "湖北省十堰市竹山县",
        "北京市朝阳区",
        "重庆市万州区",
        "湖北省天门市",
        "广东省东莞市",
        "香港特别行政区",
    ]
    assert (divisions.label("420323"), divisions.label("000000"), divisions.full_name("000000")) == ("竹山县", "000000", "000000")


def test_the_lowest_place_is_a_county_or_one_that_has_none():
    lowest = {code: divisions.is_county(code) for code in ("420323", "441900", "710000", "420300", "420000", "110000", "123456")}

    assert lowest == {"420323": True, "441900": True, "710000": True, "420300": False, "420000": False, "110000": False, "123456": False}


def test_finding_puts_counties_first_and_is_bounded():
    assert divisions.find("竹山") == [("420323", "湖北省十堰市竹山县")]
    assert divisions.find("十堰 竹") == [("420323", "湖北省十堰市竹山县"), ("420324", "湖北省十堰市竹溪县")]
    assert divisions.find("420323 竹山县") == [("420323", "湖北省十堰市竹山县")]
    assert divisions.find("4203")[0] == ("420302", "湖北省十堰市茅箭区")
    assert divisions.find("4203")[-1] == ("420300", "湖北省十堰市")
    assert len(divisions.find("县")) == 20
    assert len(divisions.find("县", limit=5)) == 5
    assert divisions.find("  ") == divisions.find("没有这个地方") == []


def test_a_retired_code_is_read_but_not_offered():
    assert divisions.code_of("420321") == divisions.code_of("420321 郧县") == "420321"
    assert (divisions.full_name("420321"), divisions.is_county("420321")) == ("湖北省十堰市郧县", True)
    assert divisions.code_of("湖北省十堰市郧县") is None
    assert "420321" not in dict(divisions.find("4203"))
