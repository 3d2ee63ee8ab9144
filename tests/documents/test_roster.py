import pytest

from app.documents import roster
from app.documents.fonts import CannotPrint

from . import cast

SEAL = {"name": "青溪县城关镇第一小学", "decided_on": "2026-09-01"}


def pages(run, pdf):
    return ["".join(page.split()) for page in run("pdftotext", "-raw", "PDF", "-", pdf=pdf).split("\f")[:-1]]


def test_a_class_is_printed_row_by_row(read):
    facts = cast.roster(2, expected=3)
    facts["rows"][1] |= {"name": "吕㛃䶮𬭎𠮷", "remark": "住校"}

    assert read(roster.draw(facts)).endswith(
        "学生花名册青溪县城关镇第一小学六年级（2）班班主任张敏2026—2027学年第一学期应到3人实有2人男1女1"
        "11G990***************卢雨桐乙女汉族2014.05.169903**************云山省青溪县城关镇东门社区城关镇东门社区文昌路18号3栋谢春梅1380*******走读"
        "22G990***************吕㛃䶮𬭎𠮷男汉族2014.05.169903**************云山省青溪县城关镇东门社区城关镇东门社区文昌路18号3栋谢春梅1380*******走读住校"
        "打印2026年9月1日张敏")


def test_the_public_list_asks_for_nothing_private_and_prints_none(read):
    facts = cast.roster(2, variant="public")
    private = {"id_doc_no": "990321201405160327", "current_address": "文昌路18号", "phone": "13800000317"}
    facts["rows"] = [facts["rows"][0] | private, {name: fact for name, fact in facts["rows"][1].items() if name not in private}]

    text = read(roster.draw(facts))
    assert "学生花名册（公示）" in text
    assert "卢雨桐乙" in text
    assert "卢雨桐丙" in text
    assert [name for name in ("身份证号", "现住址", "联系电话", *private.values()) if name in text] == []


def test_the_list_of_new_pupils_has_classes_full_numbers_and_a_place_for_the_seal(read):
    facts = cast.roster(1, variant="new", class_title="2026级新生", class_teacher="", seal=SEAL, filled_by="何静")
    facts["rows"] = [cast.pupil(1, national_no="", id_doc_no="990321201405160327")]

    assert read(roster.draw(facts)).endswith(
        "新生花名册青溪县城关镇第一小学2026级新生2026—2027学年第一学期应到1人实有1人男0女1"
        "1（1）班卢雨桐乙女汉族2014.05.16990321201405160327云山省青溪县城关镇东门社区城关镇东门社区文昌路18号3栋谢春梅1380*******走读（以下空白）"
        "合计应到1人实有1人男0女1何静青溪县城关镇第一小学2026年9月1日打印2026年9月1日张敏")


@pytest.mark.parametrize(("count", "seal", "on_each_page"), [
    (1, None, [1]), (30, None, [30]), (31, None, [30, 1]), (61, None, [30, 30, 1]),
    (21, SEAL, [21]), (22, SEAL, [21, 1]), (30, SEAL, [21, 9]), (51, SEAL, [30, 21]), (52, SEAL, [30, 21, 1])])
def test_a_page_holds_thirty_rows_and_the_sealed_one_twenty_one(count, seal, on_each_page, run):
    assert [page.count("走读") for page in pages(run, roster.draw(cast.roster(count, seal=seal)))] == on_each_page


def test_each_page_repeats_the_head_and_only_the_last_is_sealed(run):
    first, last = pages(run, roster.draw(cast.roster(40, seal=SEAL)))

    for page in (first, last):
        assert "学生花名册青溪县城关镇第一小学" in page
        assert "学籍号姓名性别民族" in page
    assert first.endswith("第1页共2页")
    assert "公章" not in first
    assert "合计" not in first
    assert "公章" in last
    assert last.endswith("第2页共2页")


def test_a_row_with_long_values_takes_more_steps_and_never_breaks(run):
    facts = cast.hard_roster()
    first, second = pages(run, roster.draw(facts))

    assert (first.count("走读"), second.count("走读")) == (27, 3)
    assert cast.LONG_NAME in first
    assert cast.LONG_ADDRESS in first


def test_a_row_that_would_not_fit_any_page_is_refused():
    facts = cast.roster(3)
    facts["rows"][2]["current_address"] = "云" * 2000

    with pytest.raises(CannotPrint, match=r"^“第 3 行·现住址”一栏（40×98.7 毫米）用最小的字号也放不下“云+……”（共 2000 字）"):
        roster.draw(facts)


def test_a_list_without_pupils_is_not_printed():
    with pytest.raises(CannotPrint, match="名册里还没有学生"):
        roster.draw(cast.roster(0))


@pytest.mark.parametrize("variant", ["class", "public", "new"])
def test_every_variant_is_267_wide(variant):
    assert sum(width for _, _, width, _ in roster.VARIANTS[variant][1]) == 267


def test_a_number_stays_on_one_line_beside_an_address_of_two(run):
    masked = {"national_no": "G420***********▪▪▪▪", "id_doc_no": "4203**********▪▪▪▪", "phone": "168****1320"}
    facts = cast.roster(1)
    facts["rows"] = [facts["rows"][0] | masked | {"current_address": "湖北省十堰市竹山县城关镇翠屏路1号龙泉花园4栋2单元602室"}]

    lines = run("pdftotext", "-layout", "PDF", "-", pdf=roster.draw(facts))
    assert "路1号" in lines and "湖北省十堰市竹山县城关镇翠屏路1号龙泉花园4栋2单元602室" not in lines  # the address takes two
    assert [number for number in masked.values() if number not in lines] == []
