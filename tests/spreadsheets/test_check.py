import random
import string
from datetime import date

from app.spreadsheets.check import Finding, Total, check_rows, totals
from app.spreadsheets.columns import CONTINUING, NEW_PUPILS, match_titles
from app.spreadsheets.reader import Typed, read_bounded
from app.spreadsheets.writer import bad_rows, marked

from . import files, pupils

LETTERS = [*string.ascii_uppercase, *(a + b for a in "ABC" for b in string.ascii_uppercase)]


def wrong_last(no):
    return no[:-1] + ("1" if no[-1] != "1" else "2")


# What is put where, the kind of fault, and the sentences by title of the cells where they are expected.
PLANTED = [
    ("姓名", "", "没有填写", {"姓名": "请填写姓名"}),
    ("姓名", "方雨2", "格式不对", {"姓名": "姓名中不能有数字“2”，请按户口簿填写"}),
    ("姓名", "方\u200e雨\x7f", "格式不对", {"姓名": "姓名中有看不见的控制字符"}),
    ("性别", "男女", "不在代码表中", {"性别": "性别代码表没有“男女”"}),
    ("出生日期", "2020-02-30", "格式不对", {"出生日期": "出生日期“2020-02-30”不是一个日期"}),
    ("身份证件号", "", "没有填写", {"身份证件号": "请填写身份证件号"}),
    ("身份证件号", 420323202001010000, "数字格式", {"身份证件号": "身份证件号的单元格是数字格式，末几位已丢失"}),
    ("身份证件号", "4.20323E+17", "号码有误", {"身份证件号": "身份证件号被电子表格改成了数字，后几位已经丢失，请把单元格设为文本格式后重新录入"}),
    ("身份证件号", wrong_last(pupils.id_number(17)), "号码有误", {"身份证件号": "身份证件号第 18 位与前 17 位不符，请对照户口簿核对"}),
    ("身份证件号", pupils.id_number(19)[:17], "号码有误", {"身份证件号": "身份证件号应为 18 位，现在是 17 位，请对照户口簿核对"}),
    ("民族", "汉", "不在代码表中", {"民族": "民族代码表没有“汉”"}),
    ("民族", 88, "不在代码表中", {"民族": "民族代码表没有“88”"}),
    ("出生地行政区划代码", "420300", "不在代码表中", {"出生地行政区划代码": "出生地要填到县级，“420300”不是县（市、区）"}),
    ("户口所在地行政区划", "竹小县", "不在代码表中", {"户口所在地行政区划": "行政区划代码表没有“竹小县”"}),
    ("是否孤儿", "可能", "不在代码表中", {"是否孤儿": "是否孤儿只能是“是”或“否”，不能是“可能”"}),
    ("班级号", date(2026, 2, 1), "日期格式", {"班级号": "班级号的单元格被电子表格改成了日期"}),
    ("入学年月", "202613", "格式不对", {"入学年月": "入学年月“202613”不是一个年月"}),
    ("联系电话", "1380000", "号码有误", {"联系电话": "联系电话应为 11 位手机号或带区号的座机号"}),
    ("邮政编码", 50000, "格式不对", {"邮政编码": "邮政编码应为 6 位数字"}),
    ("现住址", "长" * 201, "格式不对", {"现住址": "现住址不能超过 200 个字，现在是 201 个字"}),
    ("家庭地址", 1e20, "数字格式", {"家庭地址": "家庭地址的单元格是数字格式，末几位已丢失"}),
    ("电子信箱", "fang＠", "格式不对", {"电子信箱": "电子信箱应为“名称@网站”的样子"}),
    ("学校标识码", "2142", "号码有误", {"学校标识码": "学校标识码应为 10 位数字"}),
    ("上下学距离", "500", "格式不对", {"上下学距离": "上下学距离应为 0 至 200 的公里数"}),
    ("身份证件有效期", "2025.9.3-2020.9.3", "格式不对", {"身份证件有效期": "身份证件有效期的止期早于起期"}),
    ("学籍接续标识", 4203232020, "数字格式", {"学籍接续标识": "学籍接续标识的单元格是数字格式，开头的 0 或末几位可能已丢失"}),
    ("成员1关系", "其他亲属", "没有填写", {"成员1关系说明": "成员1的关系是其他，没有填写关系说明"}),
    ("成员1联系电话", "", "没有填写", {"成员1联系电话": "请填写成员1联系电话"}),
    ("成员1身份证件号", wrong_last(pupils.id_number(1)), "号码有误", {"成员1身份证件号": "成员1身份证件号第 18 位与前 17 位不符，请对照户口簿核对"}),
    (
        "成员2职务",
        "教师",
        "没有填写",
        {
            "成员2姓名": "请填写成员2姓名",
            "成员2关系": "请选择成员2关系",
            "成员2现住址": "请填写成员2现住址",
            "成员2户口所在地行政区划": "请填写成员2户口所在地",
            "成员2联系电话": "请填写成员2联系电话",
            "成员2是否监护人": "请选择成员2是否监护人",
        },
    ),
]


def checked(rows, header=pupils.TITLES, layout=NEW_PUPILS):
    return check_rows(list(enumerate(rows, 2)), match_titles(header, layout))


def findings(rows, **more):
    return [finding for row in checked(rows, **more) for finding in row.findings]


def test_right_rows_have_no_findings_and_give_clean_values():
    found = checked(pupils.rows(map(pupils.pupil, range(240))))

    assert [finding for row in found for finding in row.findings] == []
    assert all(row.right for row in found)
    record = found[12].record
    fields = ("name", "sex", "birth_date", "ethnicity", "hukou_place_code", "is_only_child", "entry_month", "left_behind")
    assert [record[field] for field in fields] == ["方安一", "2", date(2020, 1, 1), "01", "420323", True, "202609", "0"]
    assert [(guardian["name"], guardian["relation"], guardian["is_guardian"]) for guardian in record["guardians"]] == [
        ("方山", "51", True),
        ("田水", "52", True),
    ]
    assert "talent" not in record
    assert [guardian["phone"] for guardian in found[1].record["guardians"]] == ["13900000001"]


def test_every_planted_error_is_found_in_its_very_cell_and_none_other():
    """Through real files, the columns as printed and shuffled; and the marked workbook shows them in the same cells."""
    for titles in (pupils.TITLES, random.Random(5).sample(pupils.TITLES, len(pupils.TITLES))):
        people = [pupils.pupil(4 * n + 1) for n in range(len(PLANTED) * 2)]
        expected = set()
        for place, (title, value, problem, cells) in enumerate(PLANTED):
            people[2 * place][title] = value
            expected |= {(2 * place + 2, LETTERS[titles.index(where)], where, problem, told) for where, told in cells.items()}
        data = files.xlsx([titles, *pupils.rows(people, titles)])

        book = read_bounded(data, "新生.xlsx")
        found = [finding for row in check_rows(book.rows, match_titles(book.header, NEW_PUPILS)) for finding in row.findings]

        assert {(f.row, f.letter, f.title, f.problem, f.sentence) for f in found} == expected
        assert len(found) == len(expected)
        assert all(f.level == "block" and f.cure for f in found)

        again = read_bounded(marked(data, "Sheet1", 1, found, totals(found)), "新生.xlsx")
        assert again.header == [*titles, "错误原因"]
        plain = [(row, (cells + [""] * 71)[:71]) for row, cells in book.rows]
        assert [(row, (cells + [""] * 71)[:71]) for row, cells in again.rows] == plain
        assert {row for row, cells in again.rows if len(cells) == 72} == {f.row for f in found}
        assert [f for row in check_rows(again.rows, match_titles(again.header, NEW_PUPILS)) for f in row.findings] == found

        alone = read_bounded(bad_rows(book.header, book.rows, found, totals(found)), "新生.xlsx")
        assert [int(cells[0].text) for _, cells in alone.rows] == sorted({f.row for f in found})
        kinds = [(f.title, f.problem, f.sentence) for row in check_rows(alone.rows, match_titles(alone.header, NEW_PUPILS)) for f in row.findings]
        assert kinds == [(f.title, f.problem, f.sentence) for f in found]


def test_numbers_dates_and_truths_in_cells_are_taken_sensibly():
    person = pupils.pupil(5) | {"班级号": 2, "性别": 1, "民族": 1, "港澳台侨外": 0, "国籍/地区": 156, "出生日期": 20200101, "邮政编码": 442200}
    person |= {"是否孤儿": True, "是否享受一补": False, "是否独生子女": 1, "入学年月": date(2026, 9, 1), "联系电话": 13800002046}
    person |= {"户口所在地行政区划": 420323000000, "上下学距离": 2.5, "学校标识码": 2142001636, "班内学号": 7}
    book = read_bounded(files.xlsx([pupils.TITLES, *pupils.rows([person])]), "a.xlsx")

    (row,) = check_rows(book.rows, match_titles(book.header, NEW_PUPILS))

    fields = ("class_code", "sex", "ethnicity", "overseas_status", "nationality", "birth_date", "postcode", "is_orphan", "has_boarding_subsidy")
    assert [row.record[name] for name in fields] == ["2", "1", "01", "00", "156", date(2020, 1, 1), "442200", True, False]
    fields = ("is_only_child", "entry_month", "phone", "hukou_place_code", "commute_km", "school_code", "class_no")
    assert [row.record[name] for name in fields] == [True, "202609", "13800002046", "420323", "2.5", "2142001636", "7"]
    assert row.findings == []


def test_an_error_cell_is_told_even_where_nothing_is_required():
    person = pupils.pupil(5) | {"特长": Typed("error", "公式错误")}
    (finding,) = findings(pupils.rows([person]))
    assert finding == Finding(2, "AP", "特长", "公式错误", "特长的单元格是公式错误（如 #N/A），没有值", "删去公式，直接填写内容", "公式错误")


def test_the_document_decides_how_its_number_is_judged_wherever_its_column_stands():
    passport = pupils.pupil(5) | {"身份证件类型": "护照", "身份证件号": "ｅ1234 5678", "港澳台侨外": "00"}
    nothing = pupils.pupil(9) | {"身份证件类型": "其他", "身份证件号": ""}
    titles = pupils.TITLES[::-1]

    rows = checked(pupils.rows([passport, nothing], titles), header=titles)

    assert [row.findings for row in rows] == [[], []]
    assert [row.record.get("id_doc_no") for row in rows] == ["E12345678", None]


def test_numbers_and_phones_are_masked_and_names_are_not():
    person = pupils.pupil(1) | {"姓名": "方2", "身份证件号": "42032320200101123", "联系电话": "1380000"}
    shown = {finding.title: finding.shown for finding in findings(pupils.rows([person]))}
    assert shown == {"姓名": "方2", "身份证件号": "4203*********▪▪▪▪", "联系电话": "*******"}
    assert not any("20200101" in f.sentence + f.cure for f in findings(pupils.rows([person])))


def test_the_same_number_twice_in_the_file():
    people = [pupils.pupil(4 * n + 1) for n in range(9)]
    people[3]["身份证件号"] = people[0]["身份证件号"].lower() + " "
    people[4]["学籍接续标识"] = people[6]["学籍接续标识"] = "abc-1"

    masked = "4203**********▪▪▪▪"
    assert findings(pupils.rows(people)) == [
        Finding(2, "G", "身份证件号", masked, "身份证件号与第 5 行相同", "删去重复的行，或改正号码", "文件内重复"),
        Finding(5, "G", "身份证件号", masked, "身份证件号与第 2 行相同", "删去重复的行，或改正号码", "文件内重复"),
        Finding(6, "A", "学籍接续标识", "A▪▪▪▪", "学籍接续标识与第 8 行相同", "删去重复的行，或改正号码", "文件内重复"),
        Finding(8, "A", "学籍接续标识", "A▪▪▪▪", "学籍接续标识与第 6 行相同", "删去重复的行，或改正号码", "文件内重复"),
    ]
    assert [row.right for row in checked(pupils.rows(people))] == [False, True, True, False, False, True, False, True, True]


def test_many_copies_name_five_others():
    copies = findings(pupils.rows([pupils.pupil(1)] * 900))
    assert [copies[0].sentence, copies[3].sentence, copies[899].sentence] == [
        "身份证件号与第 3、4、5、6、7… 行相同",
        "身份证件号与第 2、3、4、6、7… 行相同",
        "身份证件号与第 2、3、4、5、6… 行相同",
    ]


def test_what_has_no_title_is_not_lost_in_silence():
    titles = [*pupils.TITLES, "", "血型"]
    row = [*pupils.rows([pupils.pupil(1)])[0], "重要", "A型", "旁注"]
    assert findings([row], header=titles) == [
        Finding(2, "BT", "（无标题）", "重要", "这一格上方没有标题，内容不会导入", "补上标题；不需要时删去", "没有标题", "warn"),
        Finding(2, "BV", "（无标题）", "旁注", "这一格上方没有标题，内容不会导入", "补上标题；不需要时删去", "没有标题", "warn"),
    ]


def test_a_hopeless_file_is_given_up():
    mapping = match_titles(pupils.TITLES, NEW_PUPILS)
    given_up = check_rows([(row, ["x"] * 71) for row in range(2, 5000)], mapping, most=1000)
    assert 10 < len(given_up) < 100


def test_the_short_list_of_those_who_go_on():
    header = ["学籍号", "姓名", "身份证号", "毕业学校标识码", "录取学校标识码", "教育阶段"]
    no = pupils.id_number(1)
    right = ["G" + no, "方小雨", no, "2142001636", "3142001637", "初中"]
    wrong = [no, "方小雨", wrong_last(no), "2142001636", "", "大学"]

    rows = checked([right, wrong], header=header, layout=CONTINUING)

    assert rows[0].record["stage"] == "2"
    assert rows[0].findings == []
    assert [(f.letter, f.sentence) for f in rows[1].findings] == [
        ("A", "学籍号以字母 G、L 或 J 开头，这里填的像是身份证件号，请按学籍卡填写"),
        ("C", "身份证件号第 18 位与前 17 位不符，请对照户口簿核对"),
        ("E", "请填写录取学校标识码"),
        ("F", "教育阶段没有“大学”"),
    ]


def test_totals_count_the_commonest_first_and_say_where():
    def fault(row, title, problem, level="block"):
        return Finding(row, "A", title, "", "", "", problem, level)

    many = [fault(row, "姓名", "疑似重复", "warn") for row in range(2, 40)]
    listed = totals([fault(9, "民族", "没有填写"), *many, fault(3, "民族", "不在代码表中"), fault(2, "民族", "不在代码表中")])

    assert listed == [
        Total("民族", "不在代码表中", "须改正", 2, "2、3"),
        Total("民族", "没有填写", "须改正", 1, "9"),
        Total("姓名", "疑似重复", "请核实", 38, "、".join(map(str, range(2, 22))) + "…"),
    ]
