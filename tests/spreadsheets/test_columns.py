import random

from app.spreadsheets.columns import CONTINUING, NEW_PUPILS, TitleProblem, folded, match_titles

TITLES = [column.title for column in NEW_PUPILS]
OF_THE_GUIDE = {
    "证件类型": "身份证件类型",
    "身份证号": "身份证件号",
    "出生地行政区划码": "出生地行政区划代码",
    "出生地": "出生地行政区划代码",
    "户口所在地": "户口所在地行政区划",
    "班级": "班级号",
    "电子邮箱": "电子信箱",
    "联系手机": "联系电话",
    "残疾类型": "残疾人类型",
    "残疾（人）类型": "残疾人类型",
    "是否需要乘坐校车": "是否乘坐校车",
    "家庭成员或监护人姓名一": "成员1姓名",
    "家庭成员或监护人身份证件号二": "成员2身份证件号",
    "港澳台外侨": "港澳台侨外",
}


def titled(mapping):
    return {place: column.title for place, column in mapping.columns.items()}


def test_the_national_template_is_seventy_one_columns_from_a_to_bs():
    assert len(NEW_PUPILS) == 71
    assert [(c.letter, c.title, c.field) for c in NEW_PUPILS if c.letter in ("A", "I", "W", "Z", "AA", "AR", "AV", "BH", "BS")] == [
        ("A", "学籍接续标识", "continuation_mark"),
        ("I", "民族", "ethnicity"),
        ("W", "班级号", "class_code"),
        ("Z", "就读方式", "attendance_mode"),
        ("AA", "通信地址", "mail_address"),
        ("AR", "班内学号", "class_no"),
        ("AV", "成员1姓名", "member1_name"),
        ("BH", "成员2姓名", "member2_name"),
        ("BS", "成员2职务", "member2_job_title"),
    ]
    assert titled(match_titles(TITLES, NEW_PUPILS)) == dict(enumerate(TITLES))
    assert match_titles(TITLES, NEW_PUPILS).problems == ()


def test_no_name_stands_for_two_columns():
    for layout in (NEW_PUPILS, CONTINUING):
        names = [(name, column.title) for column in layout for name in {folded(n) for n in (column.title, *column.aliases)}]
        assert len({name for name, _ in names}) == len(names)


def test_columns_are_found_in_any_order():
    shuffled = TITLES.copy()
    random.Random(3).shuffle(shuffled)

    mapping = match_titles(shuffled, NEW_PUPILS)
    assert (titled(mapping), mapping.usable) == (dict(enumerate(shuffled)), True)


def test_other_names_stars_blanks_and_wide_letters_are_understood():
    for other, title in OF_THE_GUIDE.items():
        assert titled(match_titles([other], NEW_PUPILS)) == {0: title}
    dressed = ["*姓  名", "性\n别★", "　出生日期 ", "国籍／地区", "成员１姓名", "民族（必填）"]
    assert list(titled(match_titles(dressed, NEW_PUPILS)).values()) == ["姓名", "性别", "出生日期", "国籍/地区", "成员1姓名", "民族"]


def test_the_short_list():
    header = ["个人标识码", "学生姓名", "身份证号", "毕业学校标识码", "录取学校标识码", "教育阶段"]
    mapping = match_titles(header, CONTINUING)
    fields = ["national_no", "name", "id_doc_no", "from_school_code", "to_school_code", "stage"]
    assert ([column.field for column in mapping.columns.values()], mapping.problems) == (fields, ())
    assert titled(match_titles(["学籍号", "姓名"], CONTINUING)) == {0: "个人标识码(学籍号)", 1: "学生姓名"}


def test_unknown_missing_and_doubled_titles_are_told_with_their_letters():
    header = ["" if title == "邮政编码" else title for title in TITLES]
    header[3] = "电子信箱地址"
    header += ["联系手机", "血型", "错误原因"]

    mapping = match_titles(header, NEW_PUPILS)

    assert mapping.problems == (
        TitleProblem("D", "电子信箱地址", "D 列的标题“电子信箱地址”不在模板中，这一列不会导入", "请改为“电子信箱”，如果是这一列的话；不需要这一列时可以不管", "warn"),
        TitleProblem("BT", "联系手机", "BT 列与 AC 列的标题重复，都是“联系电话”", "请删去其中一列，或者改正标题"),
        TitleProblem("BU", "血型", "BU 列的标题“血型”不在模板中，这一列不会导入", "不需要这一列时可以不管", "warn"),
        TitleProblem("", "性别", "缺少必填的列“性别”，模板中它在 D 列", "请补上这一列并填写，或者改用本系统的模板"),
        TitleProblem("", "邮政编码", "缺少必填的列“邮政编码”，模板中它在 AD 列", "请补上这一列并填写，或者改用本系统的模板"),
    )
    assert not mapping.usable
    assert mapping.passed_over == {3, 71, 72, 73}


def test_the_second_member_is_whole_or_missing():
    without = [title for title in TITLES if not title.startswith("成员2")]
    assert match_titles(without, NEW_PUPILS).problems == ()
    assert [p.title for p in match_titles([*without, "成员2姓名"], NEW_PUPILS).problems] == [
        "成员2关系",
        "成员2现住址",
        "成员2户口所在地行政区划",
        "成员2联系电话",
        "成员2是否监护人",
    ]
