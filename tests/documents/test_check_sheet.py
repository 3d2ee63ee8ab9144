import pytest

from app.documents import check_sheet
from app.documents.check_sheet import ITEMS
from app.documents.fonts import CannotPrint
from app.identity.items import GUARDIAN_ITEMS, PUPIL_ITEMS

from . import cast

MEMBER = tuple(field for field, item in GUARDIAN_ITEMS.items() if item.no)


def plain(*texts):
    return "".join("".join(texts).split())


def test_the_seventy_two_items_stand_in_the_order_of_the_national_form():
    numbers = [number for number, _, _ in ITEMS]

    assert sorted(numbers) == list(range(1, 73))
    assert numbers[:48] == [*range(1, 17), 18, 17, *range(19, 49)]  # 户口所在地 has a row of its own, after 户口性质
    assert {number: field for number, _, field in ITEMS if number < 49} == {item.no: item.field for item in PUPIL_ITEMS.values() if item.no}
    assert [field for number, _, field in ITEMS if number >= 49] == [f"member{who}_{name}" for who in "12" for name in MEMBER]


def test_each_item_is_printed_as_it_was_given(read):
    facts = cast.check_sheet(name="吕㛃䶮𬭎𠮷", former_name=cast.LONG_NAME, class_no="2026-01", commute_mode="公共交通（含班车）")

    pupil = [facts[field] or "未填" for number, _, field in ITEMS if number < 49]
    pupil[42] = "不填"  # 政府购买学位 is asked of private schools alone
    members = [member[field] or "未填" for member in facts["guardians"] for field in MEMBER]
    assert read(check_sheet.draw(facts)).endswith(plain(
        "学生信息核对表", "青溪县城关镇第一小学（2199003218）", "六年级（2）班　第 1 次打印", *pupil, *members,
        "验证码　M3FY-8TQA-2KWJ", "扫码或登录 xueji.example/verify 核验", "申请编号 RX20260824-00018　打印 2026年8月28日　张敏"))


def test_a_pupil_with_one_guardian_leaves_the_second_place_to_be_filled(read):
    one = cast.check_sheet(guardians=cast.check_sheet()["guardians"][:1], code="", check_address="")

    assert plain("技术员", "未填" * 12, "申请编号") in read(check_sheet.draw(one))


def test_three_guardians_do_not_fit_the_form():
    with pytest.raises(CannotPrint, match="请先选定两位"):
        check_sheet.draw(cast.check_sheet(guardians=cast.check_sheet()["guardians"] * 2))


def test_what_is_too_long_for_its_cell_stands_whole_on_a_second_sheet(read, run):
    facts = cast.check_sheet(current_address=cast.LONG_ADDRESS + "云" * 80, homepage="https://pages.example/" + "pupil/" * 13)
    pdf = check_sheet.draw(facts)

    first = plain(run("pdftotext", "-raw", "-l", "1", "PDF", "-", pdf=pdf))
    second = plain(run("pdftotext", "-raw", "-f", "2", "PDF", "-", pdf=pdf))
    assert first.count("见续页") == 2
    assert facts["current_address"] not in first
    assert plain("28现住址", facts["current_address"], "34主页地址", facts["homepage"]) in second
    assert plain("姓名：卢雨桐") in second
    assert second.endswith("第2页共2页验证码M3FY-8TQA-2KWJ")


def test_cells_take_as_many_characters_as_their_form_of_entry(run):
    full = cast.check_sheet(current_address="云" * 180, native_place="云" * 36, name="云" * 36)

    assert "Pages:           1\n" in run("pdfinfo", "PDF", pdf=check_sheet.draw(full))
    longer = full | {"native_place": "云" * 40}
    assert "Pages:           2\n" in run("pdfinfo", "PDF", pdf=check_sheet.draw(longer))


def test_a_sheet_on_which_everything_is_too_long_goes_on_as_far_as_needed(run):
    everything = {field: "云山" * 90 for _, _, field in ITEMS[:48] if field != "name"}
    pdf = check_sheet.draw(cast.check_sheet(**everything, unasked=[]))

    assert "Pages:           5\n" in run("pdfinfo", "PDF", pdf=pdf)


def test_a_class_in_one_file(read):
    names = ["卢雨桐", "吕㛃", cast.LONG_NAME]
    text = read(check_sheet.draw_all([cast.check_sheet(name=name) for name in names]))

    assert [name for name in names if plain("次打印", name, "女") in text] == names
    assert text.count("学生信息核对表") == 3
