"""Transfers: the child that is looked for, what is asked of one who comes or goes, the check before it is handed in."""

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from .. import codes
from ..codes import divisions
from ..identity import grades
from ..identity.items import GUARDIAN_ITEMS, BadValue, clean
from ..identity.width import no_blanks
from .base import Form
from .cases import NOTE
from .fields import OFF, WORDS, Day, Needed, menu
from .record import RecordForm

EXPLANATION_MOST = 60  # as many as the box of 转学申请表 holds
YEARS = {"63": {"1": 6, "2": 3, "3": 3}, "54": {"1": 5, "2": 4, "3": 3}}


class Find(Form):
    number = StringField("学籍号或身份证件号", description="填了号码，就不用填下面两项", render_kw={"class": "num", "autocomplete": "off"})
    name = StringField("姓名", [Length(max=36, message="姓名最多 36 个字，请核对")], render_kw=OFF)
    birth_date = Day("出生日期", example="2018年3月21日", description="如 2018年3月21日", render_kw=OFF)

    def asked(self):
        """The facts to look for."""
        return {"number": self.number.data or "", "name": self.name.data or "", "birth_date": self.birth_date.value}


class Asked(Form):
    """What every transfer asks, whoever the child is."""

    reason = SelectField("转学原因", [Needed()], validate_choice=False)
    explanation = TextAreaField("情况说明", [Length(max=EXPLANATION_MOST, message=f"情况说明最多 {EXPLANATION_MOST} 个字（申请表上只有这么大的格子），请写短一些")],
                                description=f"最多 {EXPLANATION_MOST} 个字，印在申请表上；选“其他特殊原因”或勾选特殊情况的必须写")
    special = BooleanField("按特殊情况申请", description="不在受理时间内的才勾选，由主管教育行政部门核定")
    effective_on = Day("希望生效日期", description="可以不填；以最后一个单位核办的日期为准", render_kw=OFF)
    guardian = StringField("申请的监护人", [Needed(), Length(max=36, message="姓名最多 36 个字，请核对")])
    guardian_relation = SelectField("与学生关系", [Needed()], validate_choice=False)
    guardian_phone = StringField("联系电话", [Needed()], render_kw={"inputmode": "tel", "autocomplete": "off"})
    note = TextAreaField("给核办单位的说明", [NOTE], description="可以不填")
    material = SelectField("材料", validate_choice=False)
    file = FileField("文件", description="JPG、PNG 扫描件；PDF 也可以，上报全国系统前须另存为图片")
    draft = HiddenField()
    version = HiddenField()
    phone_read, wished_on = "", None

    def offer(self, reasons, materials):
        self.reason.choices = menu([(code, f"{code} {label}") for code, label in reasons])
        self.guardian_relation.choices = menu(codes.table("guardian_relation").choices())
        self.material.choices = menu(materials.items())
        return self

    def read(self):
        """Judge what the service does not: relation, telephone; and the class, so that it is asked for along with the rest. Tells whether all is well."""
        if "to_class" in self and not self.to_class.data:
            self.to_class.errors = ["请选择学生编入的班级"]
        if self.guardian_relation.data not in codes.table("guardian_relation"):
            self.guardian_relation.errors = ["请选择监护人与学生的关系"]
        try:
            self.phone_read = clean(GUARDIAN_ITEMS["phone"], self.guardian_phone.data or "")
        except BadValue as bad:
            self.guardian_phone.errors = [f"{bad.sentence}，请{bad.cure}" if no_blanks(self.guardian_phone.data) else "请填写监护人的联系电话"]
        self.wished_on = self.effective_on.value
        return not self.errors


class ClassMixin:
    to_class = SelectField("拟入班级", [Needed()], validate_choice=False, description="同年级的班级；括号内是现有人数和班额")

    def offer_classes(self, classes):
        self.to_class.choices = menu(classes)
        return self


class SchoolMixin:
    """The other school, where it is not in this house."""

    outside_school = StringField("学校全称", [Needed(), Length(max=57, message="最多 57 个字，请写短一些")])
    outside_code = StringField("学校标识码", description="10 位数字，没有可以不填", render_kw={"class": "num", "autocomplete": "off"})
    outside_county = StringField("所在县（市、区）", [Needed()], description="行政区划代码或县名",
                                 render_kw={"list": "divisions", "data-suggest": "/enrolments/divisions", "data-search": "1", "autocomplete": "off"})
    outside_office = StringField("主管教育行政部门", [Needed(), Length(max=57, message="最多 57 个字，请写短一些")])

    def read_school(self):
        """(name, office, division, code); what is wrong is told beside its field."""
        code, division = no_blanks(self.outside_code.data), divisions.code_of(self.outside_county.data or "")
        if code and (len(code) != 10 or not code.isascii() or not code.isdecimal()):
            self.outside_code.errors = ["学校标识码是 10 位数字，请照学籍卡核对；不知道的留空"]
        if division is None or not divisions.is_county(division):
            same = divisions.named(self.outside_county.data or "")
            told = "、".join(f"{name}（{number}）" for number, name in same[:4])
            self.outside_county.errors = [f"有 {len(same)} 处同名：{told}，请填全称或代码" if len(same) > 1 else "请填写学校所在县（市、区）的名称或行政区划代码"]
        return (self.outside_school.data or "").strip(), (self.outside_office.data or "").strip(), division or "", code


class GradeMixin:
    from_grade = SelectField("在原学校就读的年级", [Needed()], validate_choice=False)

    def offer_grades(self):
        """Grades of both systems: six years and three, five and four."""
        self.from_grade.choices = menu([
            (f"{stage}.{year}.{length}", grades.grade_title(stage, year, length) + ("" if stage == "3" else "（六三制）" if system == "63" else "（五四制）"))
            for system, lengths in YEARS.items() for stage, length in lengths.items() for year in range(1, length + 1) if system == "63" or stage != "3"
        ])
        return self

    def read_grade(self):
        if self.from_grade.data not in {choice.value for choice in self.from_grade.choices if choice.value}:
            self.from_grade.errors = ["请选择学生在原学校就读的年级"]
            return "", 0, 0
        stage, year, length = self.from_grade.data.split(".")
        return stage, int(year), int(length)


class Coming(ClassMixin, Asked):
    """A child who is found in this house."""


class ComingBack(GradeMixin, SchoolMixin, ClassMixin, Asked):
    """A child who left from here to a school elsewhere, and comes back to her record."""


class Going(SchoolMixin, Asked):
    """A pupil of ours who goes to a school elsewhere, or to one here where the releasing school begins."""

    to_school = StringField("转入学校（在本系统的）", description="填学校名称；不在本系统的学校留空，填下面几项",
                            render_kw={"list": "schools", "autocomplete": "off"})


class Arriving(GradeMixin, SchoolMixin, ClassMixin, Asked, RecordForm):
    """A child who has no record here: made into a class by `record_form`."""


class HandIn(Form):
    truthful = BooleanField("已与原件核对，材料真实，监护人已在申请表上签字", [DataRequired("请先与原件核对，再勾选“已与原件核对”")])


class Slip(Form):
    """回执: when the pupil arrived."""

    arrived_on = Day("到校就读日期", description="照回执填写，如 2026年9月14日", render_kw=OFF)
    instead = TextAreaField("代替回执的证明", [WORDS],
                            description="收不到回执的才填：写明以什么证明学生已在转入学校就读，如“村民委员会和派出所证明”")


__all__ = ["Arriving", "Asked", "Coming", "ComingBack", "Find", "Going", "HandIn", "Slip"]
