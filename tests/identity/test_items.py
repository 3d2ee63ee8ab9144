from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import codes
from app.identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS, SECTIONS, BadValue, clean, item, member, show

BOY = "110105201803210014"


def refused(field, text, **rest):
    with pytest.raises(BadValue) as caught:
        clean(item(field), text, **rest)
    return caught.value.sentence, caught.value.cure


def test_the_form_has_its_seventy_two_items_each_in_its_place():
    pupils = [one.no for one in PUPIL_ITEMS.values() if one.no]
    members = [member(number, field).no for number in (1, 2) for field in GUARDIAN_ITEMS if GUARDIAN_ITEMS[field].no]

    assert pupils + members == list(range(1, 73))


def test_the_stars_are_those_of_the_form():
    required = [one.no for one in (*PUPIL_ITEMS.values(), *GUARDIAN_ITEMS.values()) if one.required == "R"]

    assert required == [*range(1, 9), 10, 12, 17, 18, *range(22, 27), *range(28, 33), *range(35, 41), 44, 45, 49, 50, 54, 55, 56, 57]
    assert [one.field for one in PUPIL_ITEMS.values() if one.required in ("C", "R*")] == ["id_doc_no", "photo"]
    assert item("name").must and not item("photo").must and not item("id_doc_no").must


def test_key_basic_and_sealed_items_are_marked():
    marked = {mark: [one.field for one in PUPIL_ITEMS.values() if getattr(one, mark)] for mark in ("key", "sealed")}

    assert marked == {
        "key": ["name", "sex", "birth_date", "nationality", "id_doc_type", "id_doc_no", "overseas_status"],
        "sealed": ["id_doc_no", "phone", "national_no", "main_number"],
    }
    assert [one.no or one.field for one in PUPIL_ITEMS.values() if one.basic] == [*range(1, 11), 12, 17, 18, *range(20, 28), "national_no", "status"]
    assert [one.field for one in GUARDIAN_ITEMS.values() if one.sealed] == ["phone", "id_doc_no"]


def test_every_item_stands_in_a_section_and_every_table_exists():
    for one in (*PUPIL_ITEMS.values(), *GUARDIAN_ITEMS.values()):
        assert one.section in SECTIONS
        assert one.table in (None, "admin_division") or codes.table(one.table).choices()
        assert (one.kind in ("code", "yes_no")) <= (one.table is not None), one.field


def test_guardians_items_are_named_by_member():
    first, second = item("member1_phone"), item("member2_phone")

    assert (first.no, first.title, first.field) == (56, "成员1联系电话", "member1_phone")
    assert (second.no, second.title, second.field) == (68, "成员2联系电话", "member2_phone")
    assert "家庭成员或监护人姓名一" in item("member1_name").aliases
    assert (item("member1_education_level").no, item("member3_name").no) == (None, None)
    for unknown in ("member0_name", "memberx_name", "member1_photo", "shoe_size"):
        with pytest.raises(LookupError):
            item(unknown)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("name", " 买买提•艾力 ", "买买提·艾力"),
        ("sex", "男", "1"),
        ("birth_date", "２０２０年９月３日", date(2020, 9, 3)),
        ("birth_place_code", "420323000000", "420323"),
        ("hukou_place_code", "420323 竹山县城关镇", "420323"),
        ("native_place", "湖北省竹山县", "420323"),
        ("native_place", "湖北郧县", "湖北郧县"),
        ("ethnicity", "土家族", "15"),
        ("nationality", "CHN", "156"),
        ("id_doc_type", "身份证", "1"),
        ("id_doc_no", " 110105 20180321 0014 ", BOY),
        ("id_doc_no", "e12345678", "E12345678"),
        ("id_doc_no", "", None),
        ("overseas_status", "否", "00"),
        ("political_status", "团员", "03"),
        ("health_status", "健康", "10"),
        ("name_pinyin", "Lu  Si Yuan", "lu si yuan"),
        ("id_valid_period", "20200903-20250903", "2020.09.03-2025.09.03"),
        ("id_valid_period", "2020.9.3至长期", "2020.09.03-长期"),
        ("aux_number", "420323 2026 0244", "42032320260244"),
        ("entry_month", "2026年9月", "202609"),
        ("attendance_mode", "寄宿", "2"),
        ("current_address", "  城关镇\n滨河路  18 号 ", "城关镇 滨河路 18 号"),
        ("phone", "+86 138-0000-2046", "13800002046"),
        ("postcode", "４４２２００", "442200"),
        ("email", "lu@example.com", "lu@example.com"),
        ("homepage", "https://www.example.com/a", "https://www.example.com/a"),
        ("is_only_child", "是", True),
        ("is_orphan", "0", False),
        ("left_behind", "否", "0"),
        ("disability_type", "无", "0"),
        ("commute_km", "1.50公里", "1.5"),
        ("commute_km", "0", "0"),
        ("commute_km", "200", "200"),
        ("national_no", "l42032320180321000x", "L42032320180321000X"),
        ("talent", " ", None),
        ("photo", "", None),
        ("student_kind", "借读生", "借读生"),
        ("member1_relation", "爷爷", "61"),
        ("member1_name", "NGUYEN THI HOA", "NGUYEN THI HOA"),
        ("member2_is_guardian", "√", True),
        ("member1_education_level", "初中", "70"),
    ],
)
def test_what_clerks_type_becomes_the_value_of_the_record(field, typed, value):
    assert clean(item(field), typed) == value


@pytest.mark.parametrize(
    ("field", "typed", "sentence", "cure"),
    [
        ("ethnicity", "", "请选择民族", "民族必填"),
        ("current_address", " 　", "请填写现住址", "现住址必填"),
        ("is_orphan", None, "请选择是否孤儿", "是否孤儿必填"),
        ("ethnicity", "土家", "民族代码表没有“土家”", "填“土家族”或代码 15"),
        ("attendance_mode", "徒步", "就读方式代码表没有“徒步”", "填“走读”、“住校”、“借宿”或“其他”"),
        ("hukou_nature", "居民户口", "户口性质代码表没有“居民户口”", "填“农业户口”或“非农业户口”"),
        ("nationality", "火星", "国籍/地区代码表没有“火星”", "从代码表中选填，如“中国”或代码 156"),
        ("sex", "9", "性别代码表没有“9”", "填“男”或“女”"),
        ("political_status", "少先队员", "少先队员不是政治面貌代码", "填“群众”，少先队员另行勾选"),
        ("name", "陆思远2", "姓名中不能有数字“2”，请按户口簿填写", "按户口簿填写，间隔号用“·”"),
        ("member2_name", "", "请填写成员2姓名", "成员2姓名必填"),
        ("birth_date", "2020-13-1", "出生日期“2020-13-1”不是一个日期", "按年月日填写，如 20200903 或 2020年9月3日"),
        ("entry_month", "9月", "入学年月“9月”不是一个年月", "按年月填写，如 202609 或 2026年9月"),
        ("birth_place_code", "竹山", "行政区划代码表没有“竹山”", "填“湖北省十堰市竹山县”或代码 420323"),
        ("birth_place_code", "朝阳区", "出生地“朝阳区”不止一处", "填全称或代码，如“北京市朝阳区”或 110105"),
        ("hukou_place_code", "十堰市", "行政区划代码表没有“十堰市”", "填“湖北省十堰市茅箭区”或代码 420302"),
        ("hukou_place_code", "420300", "户口所在地要填到县级，“420300”不是县（市、区）", "填县级名称或代码，如“湖北省十堰市茅箭区”或 420302"),
        ("hukou_place_code", "火星", "行政区划代码表没有“火星”", "填 6 位县级行政区划代码，或省、市、县全称"),
        ("native_place", "999999", "籍贯“999999”不是地名，也不是行政区划代码", "填省、市、县名称，如“湖北省十堰市竹山县”，或 6 位代码"),
        ("phone", "1387280046", "联系电话应为 11 位手机号或带区号的座机号", "填手机号，或区号加座机号"),
        ("member1_phone", "1", "成员1联系电话应为 11 位手机号或带区号的座机号", "填手机号，或区号加座机号"),
        ("postcode", "4422", "邮政编码应为 6 位数字", "填 6 位数字，如 442200"),
        ("email", "lu@", "电子信箱应为“名称@网站”的样子", "如 name@example.com；没有就留空"),
        ("homepage", "javascript:alert(1)", "主页地址应为网址", "如 www.example.com；没有就留空"),
        ("is_orphan", "可能", "是否孤儿只能是“是”或“否”，不能是“可能”", "填“是”或“否”"),
        ("commute_km", "201", "上下学距离应为 0 至 200 的公里数", "填公里数，如 1.5"),
        ("id_valid_period", "2025.09.03-2020.09.03", "身份证件有效期的止期早于起期", "对照证件改正起止日期"),
        ("talent", "长" * 129, "特长不能超过 128 个字，现在是 129 个字", "缩短到 128 个字以内"),
        ("remark", "好\x00", "备注中有看不见的控制字符", "删去后重新输入，不要从网页或文档中整段粘贴"),
        ("remark", "好\u202e", "备注中有看不见的控制字符", "删去后重新输入，不要从网页或文档中整段粘贴"),
        ("aux_number", "4.2E+17", "学籍辅号被电子表格改成了数字，后几位已经丢失", "把单元格设为文本格式后重新录入"),
        ("national_no", BOY, "学籍号以字母 G、L 或 J 开头，这里填的像是身份证件号，请按学籍卡填写", "按学籍卡填写 19 位学籍号；单元格须为文本格式"),
    ],
)
def test_what_the_record_cannot_keep_is_refused_with_a_cure(field, typed, sentence, cure):
    assert refused(field, typed) == (sentence, cure)


def test_a_resident_number_is_judged_whole_and_another_document_by_its_characters():
    wrong = BOY[:-1] + "5"
    cure = "对照户口簿核对；单元格须为文本格式"

    assert refused("id_doc_no", wrong, doc_type="1") == ("身份证件号第 18 位与前 17 位不符，请对照户口簿核对", cure)
    assert refused("member1_id_doc_no", wrong, doc_type="1")[0] == "成员1身份证件号第 18 位与前 17 位不符，请对照户口簿核对"
    assert refused("id_doc_no", "1.10105E+17")[0] == "身份证件号被电子表格改成了数字，后几位已经丢失，请把单元格设为文本格式后重新录入"
    assert refused("id_doc_no", "护照E12")[0] == "身份证件号只能用数字、字母、括号和短横"
    assert refused("id_doc_no", "E" * 21)[0] == "身份证件号不能超过 20 个字，现在是 21 个字"
    assert clean(item("id_doc_no"), "h123456(7)", doc_type="6") == "H123456(7)"


def test_values_are_shown_as_people_read_them():
    shown = {
        "sex": ("1", "男"),
        "birth_date": (date(2018, 3, 21), "2018年3月21日"),
        "birth_place_code": ("420323", "湖北省十堰市竹山县"),
        "native_place": ("湖北郧县", "湖北郧县"),
        "nationality": ("156", "中国"),
        "entry_month": ("202609", "2026年9月"),
        "is_orphan": (False, "否"),
        "is_only_child": (True, "是"),
        "commute_km": ("1.5", "1.5 公里"),
        "grade": ("13", "小学三年级"),
        "class_code": ("241100440002", "241100440002"),
        "name": ("陆思远", "陆思远"),
        "ethnicity": ("ZZ", "ZZ"),
        "former_name": ("", ""),
        "wants_aid": (None, ""),
    }

    assert {field: show(item(field), value) for field, (value, _) in shown.items()} == {field: words for field, (_, words) in shown.items()}


ALL = [*PUPIL_ITEMS.values(), *(member(1, field) for field in GUARDIAN_ITEMS)]
TYPED = st.one_of(
    st.text(max_size=30),
    st.text("0123456789.-/年月日XEeG是否 １２·县区", max_size=24),
    st.sampled_from(["420323", "男", "1", "01", "13800002046", "20180321", "202609", "长期", "汉族", "北京市朝阳区", "陆思远", BOY, "a@b.cn"]),
)


@given(st.sampled_from(ALL), TYPED, st.sampled_from([None, "1", "A"]))
def test_cleaning_ends_in_a_value_or_a_sentence_and_is_idempotent(one, typed, doc_type):
    try:
        value = clean(one, typed, doc_type)
    except BadValue as bad:
        assert bad.sentence and bad.cure
        return
    assert clean(one, value, doc_type) == value
    assert isinstance(show(one, value), str)
