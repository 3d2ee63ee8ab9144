"""Layouts of workbooks as data, and the finding of columns by their titles.

`NEW_PUPILS` is the national template 新生信息导入模板, 71 columns A to BS; `CONTINUING` the short list for entry to junior and
senior school from existing records. The order has changed over the years, so columns are found by title, never by place.
"""

import difflib
import unicodedata
from dataclasses import dataclass, replace

from app.identity.items import BEYOND, Item, item

from .bounds import column_letter
from .reader import Typed


@dataclass(frozen=True)
class Column:
    letter: str
    title: str
    field: str  # of the record; a guardian's with member1_ or member2_ before it
    item: Item
    required: bool  # whether the column must be there; whether a cell may be empty is the item's `must`
    width: int
    aliases: tuple[str, ...]
    member: int  # 1 or 2 for a column about a guardian, else 0
    name: str  # the field without member1_


@dataclass(frozen=True)
class TitleProblem:
    letter: str  # "" for a title that is not there
    title: str
    sentence: str
    cure: str
    level: str = "block"


@dataclass(frozen=True)
class Mapping:
    columns: dict[int, Column]  # place in the row, from 0
    passed_over: frozenset[int]  # places whose title is told as unknown, or is our own
    problems: tuple[TitleProblem, ...] = ()

    @property
    def usable(self):
        return not any(problem.level == "block" for problem in self.problems)


PUPIL_TITLES = """
学籍接续标识 continuation_mark 22
学校标识码 school_code 14
姓名 name 12
性别 sex 6
出生日期 birth_date 12
身份证件类型 id_doc_type 16
身份证件号 id_doc_no 22
出生地行政区划代码 birth_place_code 22
民族 ethnicity 10
国籍/地区 nationality 12
港澳台侨外 overseas_status 12
户口性质 hukou_nature 12
户口所在地行政区划 hukou_place_code 22
现住址 current_address 32
是否独生子女 is_only_child 14
是否留守儿童 left_behind 16
是否进城务工人员随迁子女 is_migrant_child 26
是否孤儿 is_orphan 10
籍贯 native_place 22
健康状况 health_status 12
政治面貌 political_status 12
年级 grade 12
班级号 class_code 10
入学年月 entry_month 12
入学方式 admission_mode 16
就读方式 attendance_mode 10
通信地址 mail_address 32
家庭地址 home_address 32
联系电话 phone 16
邮政编码 postcode 10
是否受过学前教育 had_preschool 18
残疾人类型 disability_type 12
是否由政府购买学位 gov_bought_place 20
是否需要申请资助 wants_aid 18
是否享受一补 has_boarding_subsidy 14
是否烈士或优抚子女 is_martyr_child 20
上下学距离 commute_km 12
上下学交通方式 commute_mode 16
是否乘坐校车 needs_school_bus 14
曾用名 former_name 12
身份证件有效期 id_valid_period 26
特长 talent 16
学籍辅号 aux_number 16
班内学号 class_no 10
学生来源 student_source 12
电子信箱 email 22
主页地址 homepage 22
"""

MEMBER_TITLES = """
姓名 name 14
关系 relation 12
关系说明 relation_note 16
现住址 current_address 32
户口所在地行政区划 hukou_place_code 26
联系电话 phone 16
是否监护人 is_guardian 16
身份证件类型 id_doc_type 18
身份证件号 id_doc_no 22
民族 ethnicity 12
工作单位 employer 24
职务 job_title 12
"""

CONTINUING_TITLES = """
个人标识码(学籍号) national_no 24
学生姓名 name 12
身份证号 id_doc_no 22
毕业学校标识码 from_school_code 16
录取学校标识码 to_school_code 16
教育阶段 stage 10
"""

# Titles of the template's other years and of the form, beyond what the items themselves answer to.
ALIASES = {
    "id_doc_no": ("证件号码",),
    "birth_place_code": ("出生地行政区划",),
}
# Columns that no item of the record answers for.
OTHER_ITEMS = {
    "continuation_mark": Item(None, "学籍接续标识", "continuation_mark", BEYOND, "number", "O", length=30, hint="已有学籍的学生填写，不得重复"),
    "school_code": Item(None, "学校标识码", "school_code", BEYOND, "number", "O", length=10, hint="10 位；不填时为上传的学校"),
    "from_school_code": Item(None, "毕业学校标识码", "from_school_code", BEYOND, "number", "R", length=10, hint="10 位"),
    "to_school_code": Item(None, "录取学校标识码", "to_school_code", BEYOND, "number", "R", length=10, hint="10 位"),
    "stage": Item(None, "教育阶段", "stage", BEYOND, "text", "R", length=10, hint="初中或高中"),
}
# What our own error workbooks add; a mended one comes back with them.
OUR_OWN = ("错误原因", "原行号")


def _layout(pupil, member="", required=()):
    lines = [line.split() for line in pupil.split("\n")[1:-1]]
    for which in (1, 2) if member else ():
        lines += [(f"成员{which}{title}", f"member{which}_{name}", width) for title, name, width in map(str.split, member.split("\n")[1:-1])]
    columns = []
    for number, (title, name, width) in enumerate(lines, 1):
        about = OTHER_ITEMS[name] if name in OTHER_ITEMS else item(name)
        if name in required:
            about = replace(about, required="R")
        names = (about.title, *about.aliases, *ALIASES.get(name, ()))
        # The second member may be missing as a whole; a document number only with document type 其他.
        must_be_there = name == "id_doc_no" or (about.must and not name.startswith("member2"))
        which = int(name[6]) if name.startswith("member") else 0
        own_name = name[8:] if which else name
        columns.append(Column(column_letter(number), title, name, about, must_be_there, int(width), names, which, own_name))
    return tuple(columns)


NEW_PUPILS = _layout(PUPIL_TITLES, MEMBER_TITLES)
CONTINUING = _layout(CONTINUING_TITLES, required=("national_no", "id_doc_no"))


def folded(title):
    """Width, blanks, line breaks and the star of a required item do not tell one title from another."""
    text = unicodedata.normalize("NFKC", title.text if type(title) is Typed else title)
    return "".join(text.split()).strip("*★☆:：").replace("(必填)", "").replace("(选填)", "").upper()


def match_titles(header, layout):
    """Which column of the file is which of the layout, and what is wrong with the titles."""
    known = {folded(alias): column for column in layout for alias in column.aliases}
    known |= {folded(column.title): column for column in layout}  # a title is stronger than another's alias
    own = {folded(title) for title in OUR_OWN}
    columns, letters, passed_over, problems = {}, {}, set(), []
    for place, cell in enumerate(header):
        title, letter = folded(cell), column_letter(place + 1)
        if not title:
            continue
        column = known.get(title)
        if column is None:
            passed_over.add(place)
            if title not in own:
                problems.append(_unknown(letter, _shown(cell), known, layout))
        elif column.field in letters:
            passed_over.add(place)
            sentence = f"{letter} 列与 {letters[column.field]} 列的标题重复，都是“{column.title}”"
            problems.append(TitleProblem(letter, _shown(cell), sentence, "请删去其中一列，或者改正标题"))
        else:
            columns[place], letters[column.field] = column, letter
    second = any(column.member == 2 for column in columns.values())
    for column in layout:
        if column.field not in letters and (column.required or (second and column.member == 2 and column.item.must)):
            sentence = f"缺少必填的列“{column.title}”，模板中它在 {column.letter} 列"
            problems.append(TitleProblem("", column.title, sentence, "请补上这一列并填写，或者改用本系统的模板"))
    return Mapping(columns, frozenset(passed_over), tuple(problems))


def _unknown(letter, shown, known, layout):
    near = difflib.get_close_matches(folded(shown), [folded(column.title) for column in layout], n=1, cutoff=0.6)
    cure = f"请改为“{known[near[0]].title}”，如果是这一列的话；" if near else ""
    return TitleProblem(
        letter,
        shown,
        f"{letter} 列的标题“{shown}”不在模板中，这一列不会导入",
        cure + "不需要这一列时可以不管",
        level="warn",
    )


def _shown(cell):
    return " ".join((cell.text if type(cell) is Typed else cell).split())[:40]
