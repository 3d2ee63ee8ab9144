"""Grades, classes and multigrade groups of a school."""

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from ..identity.dates import parse_date
from ..identity.grades import CLASS_KINDS
from .base import Form
from .fields import WORDS, Version, Whole, as_number, menu


class NewGrade(Form):
    cohort = SelectField("年级", [DataRequired("请选择要开设的年级")], validate_choice=False)


class Items(Form):
    """What a class has beside its number."""

    name = StringField("班级名称", description="没有专名的不填，就叫“1班”")
    kind = SelectField("班型", choices=lambda: menu(CLASS_KINDS.items(), ask=""), validate_choice=False)
    size_limit = Whole("班额上限", [Optional()])


class NewClass(Items):
    grade = SelectField("年级", [InputRequired("请选择年级")], coerce=as_number, validate_choice=False)
    number = Whole("班号", [Optional()], description="不填时接着往下编")
    established_on = StringField("建班日期", [DataRequired("请填写建班日期")])

    def validate_grade(self, field):
        if field.data is None:
            raise ValidationError("请选择年级")

    def validate_established_on(self, field):
        if field.data and parse_date(field.data) is None:
            raise ValidationError("建班日期没有看懂，请写成 2026-09-01 这样")


class EditClass(Items):
    version = Version()


class ClassState(Form):
    state = HiddenField()
    version = Version()


class Group(Form):
    name = StringField("复式班名称", [DataRequired("请填写复式班的名称")], description="例如“一、二年级复式班”")
    class_ids = SelectMultipleField(
        "组成的班级", coerce=as_number, validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
        description="一个班只能在一个复式班里", render_kw={"down": True},
    )
    ends = BooleanField("不再复式教学，解散这个复式班")


class Check(Form):
    """学籍核查: what was counted in the room."""

    present = Whole("实到人数", [InputRequired("请填写在教室里数到的人数")], description="在教室里数到的人数，请假的算在内")
    note = TextAreaField("说明", [WORDS], description="与学籍一致的可以不写；不一致的写明是谁、去了哪里")
