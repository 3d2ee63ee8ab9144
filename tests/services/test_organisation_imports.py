"""An empty house is filled from one workbook."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from app.errors import Refusal
from app.extensions import db
from app.models import Body, Event
from app.services.administration import organisation_imports
from app.spreadsheets import bodies
from tests.bureau import LIU, bureau, last_facts, row

__all__ = ["bureau"]
TITLES = ["机构层级", "机构名称", "所在地", "主管机构", "隶属学校", "行政区划代码", "文号简称", "学校标识码", "本地学校代码", "办学类型", "学段", "学制"]
TREE = [  # the lowest first: the order of the file does not matter
    ["学校", "枫树坪教学点", "柳垭镇中心学校", "", "竹山县堵河路小学", "", "", "2142900105", "100105", "小学教学点", "小学", ""],
    ["学校", "竹山县堵河路小学", "竹山县教育局", "", "", "", "", "2142900101", "100101", "211", "小学", "六三制"],
    ["学校", "十堰市江北实验初级中学", "竹山县教育局", "十堰市教育局", "", "", "", "3142900107", "100107", "初级中学", "初中", "五四制"],
    ["乡镇", "柳垭镇中心学校", "竹山县教育局", "", "", "", "", "", "", "", "", ""],
    ["县", "竹山县教育局", "十堰市教育局", "", "", "420323", "竹", "", "", "", "", ""],
    ["市", "十堰市教育局", "湖北省教育厅", "", "", "420300", "", "", "", "", "", ""],
    ["省", "湖北省教育厅", "", "", "", "420000", "", "", "", "", "", ""],
]


def workbook(rows, titles=TITLES):
    book = openpyxl.Workbook()
    for line in [titles, *rows]:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def load(rows, titles=TITLES):
    return organisation_imports.load(workbook(rows, titles), "机构.xlsx", actor=LIU)


def faults(rows):
    with pytest.raises(organisation_imports.NotImported) as told:
        load(rows)
    return [str(fault) for fault in told.value.faults]


def count():
    return db.session.execute(select(func.count()).select_from(Body)).scalar()


def test_a_whole_tree_comes_in_one_act_whatever_its_order(empty_app):
    assert load(TREE) == 7

    point, city_school = row(Body, Body.name == "枫树坪教学点"), row(Body, Body.name == "十堰市江北实验初级中学")
    names = dict(db.session.execute(select(Body.id, Body.name)).all())
    assert [names[found] for found in (point.township_id, point.county_id, point.managed_by_id, point.belongs_to_id)] == [
        "柳垭镇中心学校", "竹山县教育局", "柳垭镇中心学校", "竹山县堵河路小学",
    ]
    assert (names[city_school.managed_by_id], names[city_school.county_id], city_school.primary_years) == ("十堰市教育局", "竹山县教育局", 5)
    county = point.county_id
    events = db.session.execute(select(Event.chain_id, Event.name).order_by(Event.chain_id)).all()
    assert events == [(0, "bodies.imported"), (county, "bodies.imported")]
    assert (last_facts("bodies.imported", 0), last_facts("bodies.imported", county)) == ({"number": 2}, {"number": 5})


def test_one_fault_and_nothing_comes_in_and_every_fault_is_told_in_its_cell(bureau):
    before = count()
    assert faults([
        ["学校", "竹山县堵河路小学", "竹山县教育局", "", "", "", "", "21429001", "100101", "211", "小学", "六三制"],
        ["学校", "竹山县城西小学", "竹溪县教育局", "", "", "", "", "2142900102", "100101", "小学", "小学", "六三制"],
        ["学校", "竹山县城南小学", "竹山县教育局", "", "", "", "", "2142900103", "100103", "小学", "小学", "六三制"],
        ["学校", "竹山县城北小学", "竹山县教育局", "", "", "", "", "2142900103", "", "小学", "小学", "六三制"],
    ]) == [
        "第 2 行 H 列【学校标识码】“21429001”：学校标识码应为 10 位数字。",
        "第 3 行 C 列【所在地】“竹溪县教育局”：没有找到这个机构，请填写已有的或本表中的机构名称、机构代码或学校标识码。",
        "第 5 行 H 列【学校标识码】“2142900103”：学校标识码“2142900103”已经属于竹山县城南小学，一个学校标识码只能用于一所学校，撤销后也不再使用。请核对。",
        "第 5 行 I 列【本地学校代码】“”：请填写本地学校代码，6 位数字：它写在班级编码里，同一个县内不重复。",
    ]
    assert count() == before


def test_words_that_no_table_knows_are_told_with_what_was_perhaps_meant(bureau):
    assert faults([["学校", "竹山县堵河路小学", "竹山县教育局", "", "", "", "", "2142900101", "100101", "初级中等", "小学", "七二制"], ["学堂", *[""] * 11]]) == [
        "第 2 行 J 列【办学类型】“初级中等”：办学类型中没有这一项，是不是“初级中学”？请填写名称或代码。",
        "第 2 行 L 列【学制】“七二制”：请填写六三制或五四制。",
        "第 3 行 A 列【机构层级】“学堂”：请填写省、市、县、乡镇、学校之一。",
    ]


def test_what_hangs_under_a_faulty_row_is_not_told_as_well(empty_app):
    tree = [list(line) for line in TREE]
    tree[4][6] = ""
    assert faults(tree) == ["第 6 行 G 列【文号简称】“”：请填写文号简称，一两个字，例如“竹”：它写在受理编号和证明编号的开头。"]
    assert count() == 0


@pytest.mark.parametrize(("titles", "sentence"), [
    (["机构层级", "机构名称"], "缺少“所在地”这一列。请用本系统的机构模板填写。"),
    (["机构层级", "机构名称", "所在地", "学校性质"], "D 列的标题“学校性质”不在模板中。请用本系统的机构模板填写，不要改动标题。"),
    (["机构层级", "机构名称", "所在地", "名称"], "标题“机构名称”出现了两次。请删去其中一列。"),
])
def test_a_file_that_is_not_ours_is_refused_as_a_whole(titles, sentence):
    with pytest.raises(Refusal) as told:
        load([["省", "湖北省教育厅", "", "420000"]], titles)
    assert (told.value.sentence, told.value.field) == (sentence, "file")


def test_what_is_no_workbook_is_refused():
    with pytest.raises(Refusal):
        organisation_imports.load(b"MZ\x90\x00", "机构.xlsx", actor=LIU)


def test_the_template_is_read_back_by_its_own_titles(empty_app):
    book = openpyxl.load_workbook(io.BytesIO(bodies.template()))
    titles = [cell.value for cell in book["机构"][1]]
    assert titles == [column.title for column in bodies.COLUMNS]
    given = dict(zip(TITLES, TREE[6], strict=True))
    assert load([[given.get(title, "") for title in titles]], titles) == 1


def test_the_command_says_every_fault_and_ends_with_one(empty_app, tmp_path):
    run = empty_app.test_cli_runner()
    file = tmp_path / "tree.xlsx"
    file.write_bytes(workbook(TREE))
    assert run.invoke(args=["organisations", "import", str(file)]).output == "导入了 7 个机构。\n"

    again = run.invoke(args=["organisations", "import", str(file)])
    assert again.exit_code == 1
    assert "第 8 行 B 列【机构名称】“湖北省教育厅”：同一地方已有“湖北省教育厅”，请核对是否重复登记。" in again.stderr
    assert again.stderr.splitlines()[-1] == "Error: 有 17 处需要更正，没有导入任何机构。"  # every name, code and abbreviation is taken
