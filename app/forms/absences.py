"""缺课登记, 劝返记录, 辍学学生情况报告, 返校 (workflows.md 11)."""

from wtforms import SelectField, StringField, TextAreaField

from .base import Form
from .fields import OFF, Day, Id, Needed, menu


class Note(Form):
    student = Id("学生", [Needed()], validate_choice=False)
    from_on = Day("缺课起日", [Needed()], description="第一个没有到校的上课日，如 2026年9月1日", render_kw=OFF)
    note = TextAreaField("说明", description="家长怎么说、已经联系过谁；可以不填")

    def offer(self, pupils):
        self.student.choices = menu(pupils)
        return self


class Visit(Form):
    visited_on = Day("劝返日期", [Needed()], render_kw=OFF)
    visitors = StringField("劝返人", [Needed()], description="如“班主任李文静、副校长王强”", render_kw=OFF)
    manner = SelectField("方式", [Needed()], validate_choice=False)
    result = TextAreaField("结果", [Needed()], description="见到了谁，家长和学生怎么说，约定什么时候返校")

    def offer(self, manners):
        self.manner.choices = menu(manners.items())
        return self


class Report(Form):
    reason = SelectField("缺课原因", [Needed()], validate_choice=False)
    whereabouts = StringField("去向", [Needed()], description="学生现在在哪里、和谁在一起；不知道的写明下落不明和最后一次联系的日期", render_kw=OFF)
    situation = TextAreaField("情况说明", description="家庭情况、缺课经过、学校做了什么；可以不填")

    def offer(self, reasons):
        self.reason.choices = menu(reasons)
        return self


class Back(Form):
    back_on = Day("返校日期", [Needed()], description="回校上课的第一天", render_kw=OFF)
    note = TextAreaField("说明", description="可以不填")


class Void(Form):
    reason = TextAreaField("作废的原因", [Needed()], description="如“家长已经请假”“登记到了同名的学生”")
