import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity import names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  陆思远\t", "陆思远"),
        ("李　明", "李明"),
        ("李 明", "李明"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提 ． 艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提。艾力", "买买提·艾力"),
        ("买买提‧艾力", "买买提·艾力"),
        ("⽅⽂⼭", "方文山"),
        ("马\ue863", "马䶮"),
        ("葛\U000e0100云", "葛云"),
        ("\ufeff陆\u200b远", "陆远"),
        ("凜\uf9d1", "凜\uf9d1"),
        ("𠮷田", "𠮷田"),
        ("ＮＧＵＹＥＮ　ＴＨＩ", "NGUYEN THI"),
        (None, ""),
    ],
)
def test_cleaning_loses_no_character_of_the_name(typed, name):
    assert names.clean(typed) == name


@pytest.mark.parametrize(
    "name",
    [
        "陆思远",
        "周𬱖",
        "𠮷田一",
        "李〇",
        "马䶮",
        "凜\uf9d1",
        "买买提·艾力",
        "阿布都热西提·买买提·艾力江",
        "丁",
        "王\U0002ebf5",
        "王\U000313a0",
        "王\U000323b5",
    ],
)
def test_rare_characters_and_middle_dots_are_names(name):
    assert names.problem(name) is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "请填写姓名"),
        (" 　", "请填写姓名"),
        ("陆思远2", "姓名中不能有数字“2”，请按户口簿填写"),
        ("陆" * 37, "姓名不能超过 36 个字，现在是 37 个字"),
        ("张·", "姓名中的间隔号“·”只能放在两个汉字之间，而且一次一个"),
        ("买买提··艾力", "姓名中的间隔号“·”只能放在两个汉字之间，而且一次一个"),
        ("李A", "姓名只能用汉字和间隔号“·”，不能有“A”；外籍学生请填写证件上的中文姓名"),
        ("张,三", "姓名只能用汉字和间隔号“·”，不能有“,”；外籍学生请填写证件上的中文姓名"),
        ("李\x07明", "姓名只能用汉字和间隔号“·”，不能有“U+0007”；外籍学生请填写证件上的中文姓名"),
        ("李\ue000", "姓名中有一个别处显示不出来的字（编码 U+E000），请用生僻字输入法重新录入"),
    ],
)
def test_what_is_no_name_is_told_why(name, sentence):
    assert names.problem(name) == sentence


def test_a_guardian_from_abroad_keeps_the_letters_of_the_passport():
    assert names.problem("NGUYEN THI HOA", foreign=True) is None
    assert names.problem("J. Smith-O'Neill", foreign=True) is None
    assert names.problem("何秀芳", foreign=True) is None
    assert names.problem("Smith😀", foreign=True) == "姓名中不能有“😀”，请按证件填写"


def test_surnames_are_read_as_families_read_them():
    read = {
        "陆思远": "lu si yuan",
        "单小山": "shan xiao shan",
        "仇英子": "qiu ying zi",
        "曾可": "zeng ke",
        "解语": "xie yu",
        "查清": "zha qing",
        "区明": "ou ming",
        "朴真": "piao zhen",
        "盖云": "ge yun",
        "任重": "ren zhong",
        "华安": "hua an",
        "燕飞": "yan fei",
        "翟禾": "zhai he",
        "乐长青": "yue chang qing",
        "尉迟敬": "yu chi jing",
        "万俟云": "mo qi yun",
        "长孙明": "zhang sun ming",
        "澹台月": "tan tai yue",
        "欧阳清禾": "ou yang qing he",
        "单于": "shan yu",
        "吕绿": "lyu lyu",
        "买买提·艾力": "mai mai ti ai li",
        "周𬱖": "zhou di",
        "": "",
    }

    assert {name: names.pinyin(name) for name in read} == read


def test_a_name_is_found_by_any_part_of_it_by_pinyin_and_by_initials():
    assert names.search_keys("陆思远") == {"陆思远", "思远", "远", "lusiyuan", "lsy"}


def test_all_readings_of_a_surname_lead_to_the_pupil():
    assert names.search_keys("单乐") == {
        *("单乐", "乐"),
        *("shanle", "shanyue", "danle", "danyue", "chanle", "chanyue"),
        *("sl", "sy", "dl", "dy", "cl", "cy"),
    }
    assert {"lvping", "lyuping", "lp"} <= names.search_keys("吕萍")
    assert {"yuchijing", "ycj", "weichijing"} <= names.search_keys("尉迟敬")


def test_dots_and_compatibility_forms_do_not_hide_a_name():
    keys = names.search_keys("买买提·艾力")

    for typed in ("买买提•艾力", "买买提艾力", "提·艾", "艾力", "Mai Mai Ti", "mmt", "MMTAL"):
        assert any(key.startswith(names.clean_query(typed)) for key in keys), typed
    assert names.clean_query("凜\uf9d1") in names.search_keys("凜六")


def test_a_rare_character_alone_finds_its_name():
    assert "𬱖" in names.search_keys("周𬱖")
    assert names.search_keys("\U000323b5\U000323b6") == {"\U000323b5\U000323b6", "\U000323b6"}  # nobody has written down how to read it
    assert names.search_keys("") == set()


def test_the_number_of_keys_is_bounded():
    assert len(names.search_keys("单" + "乐长朝行重" * 7)) <= 36 + 3 * names.AT_MOST


def test_queries_are_taken_as_typed():
    assert [names.clean_query(typed) for typed in (" 陆 思远", "LSY", "Lü Ping", "xi'an", "ｌｕ", "·", None)] == [
        "陆思远",
        "lsy",
        "lvping",
        "xian",
        "lu",
        "",
        "",
    ]


@given(st.text(max_size=40) | st.text("陆思远·•.。 　,A1\ue863⽅\ufe00凜\uf9d1", max_size=40))
def test_cleaning_is_idempotent(text):
    once = names.clean(text)

    assert names.clean(once) == once
    assert names.problem(once) == names.problem(text)
    assert isinstance(names.pinyin(text), str)


@given(st.text("陆思远单乐欧阳尉迟吕𬱖𠮷·", min_size=1, max_size=12))
def test_every_suffix_typed_finds_the_name(text):
    keys = names.search_keys(text)

    assert all(names.clean_query(key) == key for key in keys)
    for start in range(len(text)):
        query = names.clean_query(text[start:])
        assert query == "" or query in keys
