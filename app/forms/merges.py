"""合并重复学籍: which two records, and which of them survives."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from .base import Form
from .cases import NOTE
from .fields import OFF, Needed, as_number


class OtherRecord(Form):
    other_no = StringField("另一份学籍的学籍号或身份证件号", [Needed()], description="另一份在别的县的也可以；查找会记入那份学籍的办理轨迹", render_kw=OFF | {"class": "num"})


class Merge(Form):
    survivor = RadioField("保留哪一份", [Needed()], validate_choice=False, description="学生现在就读的一份；另一份注销，奖惩、证明和经历在保留的学籍上一并显示", render_kw={"down": True})
    explanation = TextAreaField("核实情况", [Needed(), Length(max=200, message="核实情况最多 200 个字，请写短一些")],
                                description="怎样核实是同一名学生，如“两校核对户口簿，是同一名学生”；两校和两地主管部门都看得到，不要写身份证件号")
    note = TextAreaField("给核办人的说明", [NOTE], description="可以不填")

    def offer(self, sides):
        """`sides`: (id, words) each."""
        self.survivor.choices = [SelectChoice(str(number), words) for number, words in sides]
        return self

    @property
    def kept_id(self):
        return as_number(self.survivor.data)
