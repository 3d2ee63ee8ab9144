"""The data dictionary: the 72 items of 学生基本信息表 and those that the record has beyond it, one description for form, workbook, page and paper.

`required` is the form's own mark: R required (★), C required on a condition, O optional, R* required but collected later by the school.
`key` items (关键数据) change only by a case; `basic` ones are 基础学籍信息, the others 非基础 (regulation 1; the official split was not seen);
`sealed` ones are encrypted where they rest.
"""

from dataclasses import dataclass, replace
from functools import cache

from .values import BadValue, clean, show

__all__ = ["GUARDIAN_ITEMS", "PUPIL_ITEMS", "SECTIONS", "BadValue", "Item", "clean", "item", "member", "show"]

BASE, AUXILIARY, STATUS, CONTACT, EXTENDED, COMMUTE, FAMILY, BEYOND = SECTIONS = (
    "学生个人基础信息",
    "学生个人辅助信息",
    "学生学籍基本信息",
    "学生个人联系信息",
    "学生个人扩展信息",
    "学生上下学交通方式",
    "学生家庭成员或监护人信息",
    "表外信息",
)
KEY = {"name", "sex", "birth_date", "id_doc_type", "id_doc_no", "nationality", "overseas_status"}
BASIC_NUMBERS = {*range(1, 11), 12, 17, 18, *range(20, 28)}
BASIC_FIELDS = {"national_no", "status"}
SEALED = {"id_doc_no", "phone", "national_no", "main_number"}


@dataclass(frozen=True)
class Item:
    no: int | None  # on the form; of a guardian's item, that of the first member
    title: str
    field: str
    section: str
    kind: str  # which way of cleaning and showing in values.py
    required: str
    table: str | None = None
    length: int | None = None
    key: bool = False
    basic: bool = False
    sealed: bool = False
    aliases: tuple[str, ...] = ()
    hint: str = ""

    @property
    def must(self):
        """Whether an empty field is refused at once."""
        return self.required == "R"


def pupil(no, title, field, section, kind, required, table=None, length=None, aliases=(), hint=""):
    basic = no in BASIC_NUMBERS or field in BASIC_FIELDS
    return Item(no, title, field, section, kind, required, table, length, field in KEY, basic, field in SEALED, aliases, hint)


def guardian(no, title, field, kind, required, table=None, length=None, aliases=(), hint=""):
    return Item(no, title, field, FAMILY, kind, required, table, length, sealed=field in SEALED, aliases=aliases, hint=hint)


def by_field(*items):
    return {item.field: item for item in items}


PUPIL_ITEMS = by_field(
    pupil(1, "姓名", "name", BASE, "name", "R", length=36, aliases=("学生姓名",), hint="与户口簿一致，间隔号用 ·"),
    pupil(2, "性别", "sex", BASE, "code", "R", "sex_form"),
    pupil(3, "出生日期", "birth_date", BASE, "date", "R", hint="如 20200903 或 2020年9月3日"),
    pupil(
        4,
        "出生地",
        "birth_place_code",
        BASE,
        "division",
        "R",
        "admin_division",
        6,
        ("出生地行政区划代码", "出生地行政区划码"),
        "行政区划代码或县名",
    ),
    pupil(5, "籍贯", "native_place", BASE, "native_place", "R", "admin_division", 60, hint="写到县级"),
    pupil(6, "民族", "ethnicity", BASE, "code", "R", "ethnicity"),
    pupil(7, "国籍/地区", "nationality", BASE, "code", "R", "country", aliases=("国籍", "国籍地区")),
    pupil(8, "身份证件类型", "id_doc_type", BASE, "code", "R", "id_document_type_form", aliases=("证件类型",)),
    pupil(9, "身份证件号", "id_doc_no", BASE, "id_no", "C", length=20, aliases=("身份证号", "身份证件号码"), hint="先填它，性别和出生日期由它得出"),
    pupil(10, "港澳台侨外", "overseas_status", BASE, "code", "R", "overseas_status", aliases=("港澳台外侨",)),
    pupil(11, "政治面貌", "political_status", BASE, "code", "O", "political_status_form"),
    pupil(12, "健康状况", "health_status", BASE, "code", "R", "health_status"),
    pupil(13, "照片", "photo", BASE, "ref", "R*", hint="近期免冠 JPEG，2—200 KB，宽高比 3∶4；可以以后在学生页上传"),
    pupil(14, "姓名拼音", "name_pinyin", AUXILIARY, "pinyin", "O", length=60, hint="由姓名得出，可改"),
    pupil(15, "曾用名", "former_name", AUXILIARY, "name", "O", length=36),
    pupil(16, "身份证件有效期", "id_valid_period", AUXILIARY, "period", "O", length=21, hint="如 2020.09.03-2025.09.03 或 长期"),
    pupil(
        17,
        "户口所在地",
        "hukou_place_code",
        AUXILIARY,
        "division",
        "R",
        "admin_division",
        6,
        ("户口所在地行政区划", "户口所在地行政区划代码"),
        "不必与身份证号前 6 位相同",
    ),
    pupil(18, "户口性质", "hukou_nature", AUXILIARY, "code", "R", "household_nature"),
    pupil(19, "特长", "talent", AUXILIARY, "text", "O", length=128),
    pupil(20, "学籍辅号", "aux_number", STATUS, "number", "O", length=30, hint="按模板生成"),
    pupil(21, "班内学号", "class_no", STATUS, "number", "O", length=20),
    pupil(22, "年级", "grade", STATUS, "ref", "R", "grade_level", 20),
    pupil(23, "班级", "class_code", STATUS, "ref", "R", length=40, aliases=("班级号",)),
    pupil(24, "入学年月", "entry_month", STATUS, "month", "R", hint="进入本学段的年月，如 202609"),
    pupil(25, "入学方式", "admission_mode", STATUS, "code", "R", "admission_mode_form"),
    pupil(26, "就读方式", "attendance_mode", STATUS, "code", "R", "attendance_mode"),
    pupil(27, "学生来源", "student_source", STATUS, "code", "O", "student_source"),
    pupil(28, "现住址", "current_address", CONTACT, "text", "R", length=200, hint="写到门牌号"),
    pupil(29, "通信地址", "mail_address", CONTACT, "text", "R", length=200),
    pupil(30, "家庭地址", "home_address", CONTACT, "text", "R", length=200),
    pupil(31, "联系电话", "phone", CONTACT, "phone", "R", length=30, aliases=("联系手机",), hint="11 位手机号，或区号加座机号"),
    pupil(32, "邮政编码", "postcode", CONTACT, "postcode", "R", length=6),
    pupil(33, "电子信箱", "email", CONTACT, "email", "O", length=60, aliases=("电子邮箱",)),
    pupil(34, "主页地址", "homepage", CONTACT, "url", "O", length=100),
    pupil(35, "是否独生子女", "is_only_child", EXTENDED, "yes_no", "R", "yes_no"),
    pupil(36, "是否受过学前教育", "had_preschool", EXTENDED, "yes_no", "R", "yes_no"),
    pupil(37, "是否留守儿童", "left_behind", EXTENDED, "code", "R", "left_behind_child"),
    pupil(
        38,
        "是否进城务工人员随迁子女",
        "is_migrant_child",
        EXTENDED,
        "yes_no",
        "R",
        "yes_no",
        hint="户籍在外省或本省外县的农村，随务工父母住在城镇",
    ),
    pupil(39, "是否孤儿", "is_orphan", EXTENDED, "yes_no", "R", "yes_no"),
    pupil(40, "是否烈士或优抚子女", "is_martyr_child", EXTENDED, "yes_no", "R", "yes_no"),
    pupil(41, "随班就读", "inclusive_class", EXTENDED, "code", "O", "inclusive_class"),
    pupil(42, "残疾人类型", "disability_type", EXTENDED, "code", "O", "disability_type", aliases=("残疾类型", "残疾(人)类型")),
    pupil(43, "是否由政府购买学位", "gov_bought_place", EXTENDED, "yes_no", "O", "yes_no", hint="只有民办学校填写"),
    pupil(44, "是否需要申请资助", "wants_aid", EXTENDED, "yes_no", "R", "yes_no"),
    pupil(45, "是否享受一补", "has_boarding_subsidy", EXTENDED, "yes_no", "R", "yes_no", hint="家庭经济困难寄宿生生活补助"),
    pupil(46, "上下学距离", "commute_km", COMMUTE, "km", "O", length=5, hint="公里"),
    pupil(47, "上下学交通方式", "commute_mode", COMMUTE, "code", "O", "commute_mode"),
    pupil(48, "是否需要乘坐校车", "needs_school_bus", COMMUTE, "yes_no", "O", "yes_no", aliases=("是否乘坐校车",)),
    # Beyond the form (data items 3; 少先队员 by DECIDED 9)
    pupil(None, "学籍号", "national_no", BEYOND, "national_no", "O", length=19, aliases=("个人标识码", "个人标识码(学籍号)")),
    pupil(None, "学生编码", "student_code", BEYOND, "number", "O", length=30),
    pupil(None, "学籍主号", "main_number", BEYOND, "number", "O", length=30),
    pupil(None, "义务教育卡号", "compulsory_card_no", BEYOND, "number", "O", length=30),
    pupil(None, "学生类别", "student_category", BEYOND, "code", "O", "student_category"),
    pupil(None, "学生类型", "student_kind", BEYOND, "code", "O", "student_kind"),
    pupil(None, "学生当前状态", "status", BEYOND, "code", "O", "student_current_status"),
    pupil(None, "是否在籍", "in_register", BEYOND, "yes_no", "O", "yes_no"),
    pupil(None, "是否在校", "in_school", BEYOND, "yes_no", "O", "yes_no"),
    pupil(None, "是否寄宿", "is_boarder", BEYOND, "yes_no", "O", "yes_no"),
    pupil(None, "是否少先队员", "is_young_pioneer", BEYOND, "yes_no", "O", "yes_no", aliases=("少先队员",)),
    pupil(None, "户口详细地址", "hukou_address", BEYOND, "text", "O", length=200, hint="县级以下，写到门牌号"),
    pupil(None, "贫困等级", "poverty_status", BEYOND, "code", "O", "hardship_level"),
    pupil(None, "贫困认定起", "poverty_from", BEYOND, "date", "O"),
    pupil(None, "贫困认定止", "poverty_until", BEYOND, "date", "O"),
    pupil(None, "家庭经济情况", "family_economy", BEYOND, "text", "O", length=500),
    pupil(None, "备注", "remark", BEYOND, "text", "O", length=500),
)

GUARDIAN_ITEMS = by_field(
    guardian(49, "姓名", "name", "any_name", "R", length=36),
    guardian(50, "关系", "relation", "code", "R", "guardian_relation"),
    guardian(51, "关系说明", "relation_note", "text", "C", length=60, hint="关系为其他亲属或非亲属的必填"),
    guardian(52, "民族", "ethnicity", "code", "O", "ethnicity"),
    guardian(53, "工作单位", "employer", "text", "O", length=100),
    guardian(54, "现住址", "current_address", "text", "R", length=200),
    guardian(55, "户口所在地", "hukou_place_code", "division", "R", "admin_division", 6, ("户口所在地行政区划", "户口所在地行政区划代码")),
    guardian(56, "联系电话", "phone", "phone", "R", length=30, aliases=("联系手机",), hint="至少一位监护人有手机"),
    guardian(57, "是否监护人", "is_guardian", "yes_no", "R", "yes_no"),
    guardian(58, "身份证件类型", "id_doc_type", "code", "O", "id_document_type", aliases=("证件类型",)),
    guardian(59, "身份证件号", "id_doc_no", "id_no", "O", length=20, aliases=("身份证号", "身份证件号码")),
    guardian(60, "职务", "job_title", "text", "O", length=60),
    # DECIDED 9
    guardian(None, "文化程度", "education_level", "code", "O", "education_level"),
    guardian(None, "出生日期", "birth_date", "date", "O"),
)


@cache
def member(number, field):
    """A guardian's item as the form and the workbook name it: 1, "phone" → 成员1联系电话, `member1_phone`, no. 56; 2 → no. 68."""
    base = GUARDIAN_ITEMS[field]
    of_form = "一二三四五六七八九"[number - 1]
    return replace(
        base,
        no=base.no + 12 * (number - 1) if base.no and number <= 2 else None,
        title=f"成员{number}{base.title}",
        field=f"member{number}_{field}",
        aliases=(*(f"成员{number}{alias}" for alias in base.aliases), f"家庭成员或监护人{base.title}{of_form}"),
    )


def item(field):
    """The item of a field: a pupil's, or member1_… for a guardian's."""
    if field in PUPIL_ITEMS:
        return PUPIL_ITEMS[field]
    prefix, _, rest = field.partition("_")
    if prefix[:-1] == "member" and prefix[-1] in "123456789" and rest in GUARDIAN_ITEMS:
        return member(int(prefix[-1]), rest)
    raise LookupError(f"There is no item {field!r}.")
