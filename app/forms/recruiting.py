"""跨区域招生: what a school asks for; 允许外招指令: for whom, and why one is taken back."""

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from .base import Form
from .cases import NOTE
from .fields import OFF, WORDS, Needed, Whole, menu


class Recruit(Form):
    stage = SelectField("学段", [Needed()], validate_choice=False)
    year = SelectField("招生年份", [Needed()], validate_choice=False)
    from_county = SelectField("生源地", [Needed()], validate_choice=False, description="学生现在就读的县（市、区）")
    number = Whole("招生人数", [Needed()], render_kw={"inputmode": "numeric", "maxlength": "4", "autocomplete": "off"})
    reason = TextAreaField("招生理由", [Needed(), WORDS])
    document = StringField("招生计划文件", [Needed(), WORDS], description="名称和文号；扫描件在提交以后上传", render_kw=OFF)
    note = TextAreaField("给核办单位的说明", [NOTE], description="可以不填")
    version = HiddenField()

    def offer(self, stages, years, counties):
        self.stage.choices, self.year.choices, self.from_county.choices = menu(stages), menu(years), menu(counties)
        return self

    def same_area(self):
        """A case that came back keeps its stage, year and area."""
        del self.stage, self.year, self.from_county
        return self


class Instruct(Form):
    number = StringField("学籍号或身份证件号", [Needed()], description="一份指令只给一名学生，招生学校凭它调取学籍", render_kw={"class": "num", "autocomplete": "off"})


class Draw(Form):
    to_class = SelectField("编入班级", [DataRequired("请选择编入的班级")], validate_choice=False, description="起始年级的班级；括号内是现有人数和班额")
    note = TextAreaField("给核办单位的说明", [NOTE], description="可以不填")
    truthful = BooleanField("学生已到校报到，录取名册两地已确认", [DataRequired("请先核对录取名册，再勾选")])
    version = HiddenField()

    def offer(self, classes):
        self.to_class.choices = menu(classes)
        return self


class TakeBack(Form):
    reason = TextAreaField("收回的原因", [Needed(), WORDS], description="记入两地的办理轨迹")
