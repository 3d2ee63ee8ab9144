"""招生计划: one school, stage and year."""

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from .base import Form
from .cases import NOTE
from .fields import OFF, Needed, Version, Whole, menu


class Plan(Form):
    planned = Whole("计划数", [InputRequired("请填写计划数")], description="当年新生人数，转入学生不计")
    reason = TextAreaField("依据", [DataRequired("请填写依据，例如文件的名称和文号"), Length(max=200, message="依据最多 200 个字，请写短一些")])
    version = Version()


class MorePlaces(Form):
    """招生计划调整: what a school asks for. Whether it is enough, the service says."""

    stage = SelectField("学段", [Needed()], validate_choice=False)
    year = SelectField("招生年份", [Needed()], validate_choice=False)
    number = Whole("增加人数", [Needed()], description="在现有计划之外再增加多少人", render_kw={"inputmode": "numeric", "maxlength": "4", "autocomplete": "off"})
    reason = TextAreaField("调整理由", [Needed(), Length(max=200, message="调整理由最多 200 个字，请写短一些")])
    document = StringField("依据文件", [Needed(), Length(max=200, message="依据文件最多 200 个字，请写短一些")], description="名称和文号，例如“县教育局会议纪要〔2026〕12号”；扫描件在提交以后上传",
                           render_kw=OFF)
    note = TextAreaField("给核办单位的说明", [NOTE], description="可以不填")
    version = HiddenField()

    def offer(self, stages, years):
        self.stage.choices, self.year.choices = menu(stages), menu(years)
        return self

    def same_plan(self):
        """A case that came back keeps its stage and its year."""
        del self.stage, self.year
        return self
